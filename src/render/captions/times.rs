//! When each cue of a transcript is on the screen, for formats in which every cue must have a time.
//! Never moves a time that a source gives.

use std::ops::Range;

use super::{Captions, Unwritten};
use crate::model::Transcript;

/// How long the last cue stays where nothing says so, in milliseconds.
const LAST: u64 = 5_000;

/// A cue on the screen, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub cue: usize,
    /// Which part of its text in the only language that is written; nothing for all of it.
    pub part: Option<Range<usize>>,
    /// In milliseconds; the end is later.
    pub start: u64,
    pub end: u64,
    /// Whether the end is the source's.
    pub has_end: bool,
}

impl Card {
    /// Whether the words of its cue begin here.
    pub fn is_first(&self) -> bool {
        self.part.as_ref().is_none_or(|part| part.start == 0)
    }

    pub fn of(cue: usize, part: Option<Range<usize>>, start: u64, end: u64) -> Card {
        Card { cue, part, start, end, has_end: end > start }
    }
}

/// The cues of a transcript most of which has times, by their starts. A cue without a start is put
/// where its length places it between its neighbours; one without an end lasts until the next
/// begins. What is written in one language has the cues of its own track, where it had one.
pub fn cards(captions: &Captions) -> Result<Vec<Card>, Unwritten> {
    let transcript = captions.transcript;
    if !transcript.is_timed() {
        return Err(Unwritten::NoTimes);
    }
    let starts = starts(transcript);
    let mut cards = Vec::with_capacity(starts.len());
    for (cue, start) in starts.into_iter().enumerate() {
        let pieces = captions.only.map_or(&[][..], |only| transcript.pieces(cue, only));
        let mut from = start;
        for piece in pieces.iter().filter(|_| pieces.len() > 1) {
            let start = piece.start.map_or(from, |start| start.0);
            let end = piece.end.map_or(0, |end| end.0);
            from = start.max(end);
            cards.push(Card::of(cue, Some(piece.text.clone()), start, end));
        }
        if let [piece] = pieces {
            let start = piece.start.map_or(start, |start| start.0);
            cards.push(Card::of(cue, None, start, piece.end.map_or(0, |end| end.0)));
        } else if pieces.is_empty() {
            let end = transcript.cues[cue].end.map_or(0, |end| end.0);
            cards.push(Card::of(cue, None, start, end));
        }
    }
    if !cards.is_sorted_by_key(|card| card.start) {
        cards.sort_by_key(|card| card.start);
    }
    end(&mut cards);
    Ok(cards)
}

/// Gives an end to each card that has none after its start.
fn end(cards: &mut [Card]) {
    let mut begun: Option<u64> = None;
    let mut later: Option<u64> = None;
    for card in cards.iter_mut().rev() {
        if begun.is_some_and(|begun| card.start < begun) {
            later = begun;
        }
        begun = Some(card.start);
        if !card.has_end {
            card.end = later.unwrap_or(card.start.saturating_add(LAST));
        }
    }
}

/// The start of each cue: its own, or one by its length.
fn starts(transcript: &Transcript) -> Vec<u64> {
    let cues = &transcript.cues;
    let length = |cue: usize| transcript.texts(cue).map(|(_, text)| text.len() as u64).max().unwrap_or(0) + 1;
    let mut starts: Vec<u64> = Vec::with_capacity(cues.len());
    // Where the cues without a start follow on, and the length of what is said from there on.
    let (mut from, mut said) = (0, 0);
    while starts.len() < cues.len() {
        let cue = starts.len();
        if let Some(start) = cues[cue].start {
            starts.push(start.0);
            let end = cues[cue].end.filter(|end| *end > start);
            (from, said) = end.map_or((start.0, length(cue)), |end| (end.0, 0));
            continue;
        }
        let known = cues[cue..].iter().position(|cue| cue.start.is_some()).map(|count| cue + count);
        let missing = cue..known.unwrap_or(cues.len());
        let all = said + missing.clone().map(length).sum::<u64>();
        let until = match known {
            Some(known) => cues[known].start.map_or(from, |start| start.0).max(from),
            None => from.saturating_add(LAST.saturating_mul(missing.len() as u64 + u64::from(said > 0))),
        };
        for cue in missing {
            let share = u128::from(until - from) * u128::from(said) / u128::from(all.max(1));
            starts.push(from + share as u64);
            said += length(cue);
        }
    }
    starts
}

/// Appends `hh:mm:ss` and the milliseconds after `point`.
pub fn push_clock(millis: u64, point: char, out: &mut String) {
    let seconds = millis / 1000;
    push_digits(seconds / 3600, 2, out);
    out.push(':');
    push_digits(seconds / 60 % 60, 2, out);
    out.push(':');
    push_digits(seconds % 60, 2, out);
    out.push(point);
    push_digits(millis % 1000, 3, out);
}

/// Appends seconds with as many decimals as they need, and one at least.
pub fn push_seconds(millis: u64, out: &mut String) {
    push_digits(millis / 1000, 1, out);
    out.push('.');
    let fraction = millis % 1000;
    match fraction {
        0 => out.push('0'),
        _ if fraction.is_multiple_of(100) => push_digits(fraction / 100, 1, out),
        _ if fraction.is_multiple_of(10) => push_digits(fraction / 10, 2, out),
        _ => push_digits(fraction, 3, out),
    }
}

/// Appends a number of at least `width` digits.
pub fn push_digits(mut number: u64, width: usize, out: &mut String) {
    let mut digits = [b'0'; 20];
    let mut from = digits.len();
    while number > 0 || digits.len() - from < width {
        from -= 1;
        digits[from] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.push_str(std::str::from_utf8(&digits[from..]).expect("digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::super::tests::transcript;
    use super::*;

    fn cards_of(transcript: &Transcript) -> Result<Vec<Card>, Unwritten> {
        cards(&Captions {
            title: Vec::new(),
            transcript,
            only: None,
            names: Vec::new(),
            readings: &crate::render::captions::READ_AS_USUAL,
        })
    }

    fn check(cues: &[(Option<u64>, Option<u64>, &str)], expected: &[(u64, u64)]) {
        let cues: Vec<_> = cues.iter().map(|(start, end, text)| (*start, *end, None, vec![*text])).collect();
        let transcript = transcript(&["en"], &cues);
        let mut cards = cards_of(&transcript).unwrap();
        cards.sort_by_key(|card| card.cue);
        let spans: Vec<_> = cards.iter().map(|card| (card.start, card.end)).collect();
        assert_eq!(spans, expected);
    }

    #[test]
    fn a_cue_without_an_end_lasts_until_a_later_one_begins() {
        check(
            &[
                (Some(0), None, "a"),
                (Some(0), None, "b"),
                (Some(1500), Some(1500), "c"),
                (Some(2000), None, "d"),
            ],
            &[(0, 1500), (0, 1500), (1500, 2000), (2000, 7000)],
        );
    }

    #[test]
    fn a_cue_without_a_start_is_placed_by_its_length() {
        check(
            &[
                (Some(1000), None, "aaaa"),
                (None, None, "aaaa"),
                (None, None, "aaaaaaaaa"),
                (Some(3000), Some(3500), "b"),
                (Some(9000), None, "c"),
            ],
            &[(1000, 1500), (1500, 2000), (2000, 3000), (3000, 3500), (9000, 14000)],
        );
    }

    #[test]
    fn cues_at_the_ends_have_times_too() {
        check(
            &[(None, None, "a"), (Some(4000), None, "b"), (Some(5000), Some(6000), "c"), (None, None, "d")],
            &[(0, 4000), (4000, 5000), (5000, 6000), (6000, 11000)],
        );
    }

    #[test]
    fn times_that_run_backwards_are_put_in_order() {
        let cues = [(Some(5000), None, None, vec!["b"]), (Some(1000), None, None, vec!["a"])];
        let transcript = transcript(&["en"], &cues);
        let cards = cards_of(&transcript).unwrap();
        let found: Vec<_> = cards.iter().map(|card| (card.cue, card.start, card.end)).collect();
        assert_eq!(found, [(1, 1000, 5000), (0, 5000, 10000)]);
    }

    #[test]
    fn a_transcript_with_few_times_has_none() {
        let cues =
            [(Some(0), None, None, vec!["a"]), (None, None, None, vec!["b"]), (None, None, None, vec!["c"])];
        assert!(cards_of(&transcript(&["en"], &cues)).is_err());
    }

    #[test]
    fn the_greatest_times_are_no_overflow() {
        let most = u64::MAX;
        check(
            &[(Some(most - 1), Some(most), "a"), (Some(most), None, "b")],
            &[(most - 1, most), (most, most)],
        );
    }

    #[test]
    fn clocks_and_seconds() {
        let clock = |millis| {
            let mut out = String::new();
            push_clock(millis, ',', &mut out);
            out
        };
        assert_eq!(
            (clock(0).as_str(), clock(360_000_000 + 61_001).as_str()),
            ("00:00:00,000", "100:01:01,001")
        );
        let seconds = |millis| {
            let mut out = String::new();
            push_seconds(millis, &mut out);
            out
        };
        assert_eq!([0, 4000, 4500, 4050, 4005].map(seconds), ["0.0", "4.0", "4.5", "4.05", "4.005"]);
    }
}
