//! When each cue of a transcript is on the screen, for formats in which every cue must have a time.
//! Never moves a time that a source gives.

use crate::model::Transcript;

use super::Unwritten;

/// How long the last cue stays where nothing says so, in milliseconds.
const LAST: u64 = 5_000;

/// The times of all cues, in milliseconds.
pub struct Times {
    /// Start and end per cue; an end is later than its start.
    pub spans: Vec<(u64, u64)>,
    /// The cues by their start, where they do not stand so.
    order: Option<Vec<usize>>,
}

impl Times {
    /// The times of a transcript most of which has times. A cue without a start is put where its
    /// length places it between its neighbours; one without an end lasts until the next begins.
    pub fn of(transcript: &Transcript) -> Result<Times, Unwritten> {
        if !transcript.is_timed() {
            return Err(Unwritten::NoTimes);
        }
        let starts = starts(transcript);
        let is_sorted = starts.is_sorted();
        let order = (!is_sorted).then(|| {
            let mut order: Vec<usize> = (0..starts.len()).collect();
            order.sort_by_key(|cue| starts[*cue]);
            order
        });
        let mut times = Times { spans: starts.into_iter().map(|start| (start, 0)).collect(), order };
        times.end(transcript);
        Ok(times)
    }

    /// The cues in the order of their starts.
    pub fn order(&self) -> impl Iterator<Item = usize> {
        (0..self.spans.len()).map(|place| self.at(place))
    }

    /// The cue at a place of that order.
    pub fn at(&self, place: usize) -> usize {
        self.order.as_ref().map_or(place, |order| order[place])
    }

    fn end(&mut self, transcript: &Transcript) {
        let mut begun: Option<u64> = None;
        let mut later: Option<u64> = None;
        for place in (0..self.spans.len()).rev() {
            let cue = self.at(place);
            let start = self.spans[cue].0;
            if begun.is_some_and(|begun| start < begun) {
                later = begun;
            }
            begun = Some(start);
            let own = transcript.cues[cue].end.map(|end| end.0).filter(|end| *end > start);
            self.spans[cue].1 = own.or(later).unwrap_or(start.saturating_add(LAST));
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

    fn check(cues: &[(Option<u64>, Option<u64>, &str)], expected: &[(u64, u64)]) {
        let cues: Vec<_> = cues.iter().map(|(start, end, text)| (*start, *end, None, vec![*text])).collect();
        let transcript = transcript(&["en"], &cues);
        assert_eq!(Times::of(&transcript).unwrap().spans, expected);
    }

    #[test]
    fn a_cue_without_an_end_lasts_until_a_later_one_begins() {
        check(
            &[(Some(0), None, "a"), (Some(0), None, "b"), (Some(1500), Some(1500), "c"), (Some(2000), None, "d")],
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
        let times = Times::of(&transcript).unwrap();
        assert_eq!(times.order().collect::<Vec<_>>(), [1, 0]);
        assert_eq!(times.spans, [(5000, 10000), (1000, 5000)]);
    }

    #[test]
    fn a_transcript_with_few_times_has_none() {
        let cues = [(Some(0), None, None, vec!["a"]), (None, None, None, vec!["b"]), (None, None, None, vec!["c"])];
        assert!(Times::of(&transcript(&["en"], &cues)).is_err());
    }

    #[test]
    fn the_greatest_times_are_no_overflow() {
        let most = u64::MAX;
        check(&[(Some(most - 1), Some(most), "a"), (Some(most), None, "b")], &[(most - 1, most), (most, most)]);
    }

    #[test]
    fn clocks_and_seconds() {
        let clock = |millis| {
            let mut out = String::new();
            push_clock(millis, ',', &mut out);
            out
        };
        assert_eq!((clock(0).as_str(), clock(360_000_000 + 61_001).as_str()), ("00:00:00,000", "100:01:01,001"));
        let seconds = |millis| {
            let mut out = String::new();
            push_seconds(millis, &mut out);
            out
        };
        assert_eq!([0, 4000, 4500, 4050, 4005].map(seconds), ["0.0", "4.0", "4.5", "4.05", "4.005"]);
    }
}
