//! SubRip by the rules of podcasts: cards of two lines of 32 columns at most, a new card where the
//! speaker changes, their name in front, or `>>` where nobody knows it. In several languages each has one line of a card, so that
//! a cue in three of them takes three. A cue that is too long takes several cards.

use std::ops::Range;

use super::names::Names;
use super::times::{Card, cards, push_clock, push_digits};
use super::width::{cut, width};
use super::{Captions, TURN, Unwritten, push_line};

/// How wide a line is.
const COLUMNS: usize = 32;
/// How many lines a card in one language has.
const LINES: usize = 2;

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let cues = cards(captions)?;
    let mut cards = Cards {
        out: String::with_capacity(captions.room(64) * 5 / 4),
        count: 0,
        texts: Vec::new(),
        lines: Vec::new(),
        is_bilingual: captions.is_bilingual(),
    };
    let mut names = Names::of(captions, &cues);
    let mut last = None;
    let mut free = 0;
    for (index, shown) in cues.iter().enumerate() {
        let name = captions.name(&captions.cues()[shown.cue]);
        let text = captions.shown(shown).next().map_or("", |(_, text)| text);
        let begins = match name {
            Some(name) if last != Some(name) || names.restate(name, text) => Some((name, ": ")),
            None if last.is_some() || captions.opens_turn(shown) => Some(("", TURN)),
            _ => None,
        };
        if cards.take(captions.shown(shown).map(|(_, text)| text), begins) {
            last = name;
            let start = shown.start.max(free);
            let end = if cards.needed() > 1 { own_end(captions, &cues[index..], start) } else { shown.end };
            let end = end.max(start.saturating_add(1));
            let next = cues[index + 1..].iter().map(|next| next.start).find(|next| *next > start);
            cards.write((start, end), next.unwrap_or(u64::MAX));
            // What begins at the same time is read after it.
            free = if end < shown.end { end } else { start };
        }
    }
    Ok(cards.out)
}

/// Until when the first of some cues is shown. Those that begin with it, as times without fractions
/// have it, share its time.
fn own_end(captions: &Captions, cues: &[Card], start: u64) -> u64 {
    let own = &cues[0];
    let size = |card: &Card| captions.shown(card).map(|(_, text)| width(text)).max().unwrap_or(0).max(1);
    let with_it: usize = cues[1..].iter().take_while(|card| card.start == own.start).map(size).sum();
    let left = u128::from(own.end.saturating_sub(start));
    let share = left * size(own) as u128 / (size(own) + with_it) as u128;
    start + share as u64
}

/// The cards of a file, and room to work in.
struct Cards {
    out: String,
    count: u64,
    /// The texts of a cue, each with the lines it is cut into at `lines` of the same place.
    texts: Vec<String>,
    lines: Vec<Vec<Range<usize>>>,
    is_bilingual: bool,
}

impl Cards {
    /// Takes the texts of a cue and cuts them into lines; false where there are none. `begins` is who
    /// begins to speak, and what comes after their name.
    fn take<'t>(&mut self, texts: impl Iterator<Item = &'t str>, begins: Option<(&str, &str)>) -> bool {
        let mut count = 0;
        for text in texts {
            if self.texts.len() == count {
                self.texts.push(String::new());
                self.lines.push(Vec::new());
            }
            let own = &mut self.texts[count];
            own.clear();
            if let Some((name, mark)) = begins.filter(|_| count == 0) {
                push_line(name, own);
                own.push_str(mark);
            }
            push_line(text, own);
            cut(own, COLUMNS, 1, &mut self.lines[count]);
            count += 1;
        }
        for unused in &mut self.lines[count..] {
            unused.clear();
        }
        let most = self.lines.iter().map(Vec::len).max().unwrap_or(0);
        if self.is_bilingual && most > 1 {
            for (text, lines) in self.texts.iter().zip(&mut self.lines).take(count) {
                cut(text, COLUMNS, most, lines);
            }
        }
        most > 0
    }

    /// How many cards the lines take.
    fn needed(&self) -> usize {
        self.lines.iter().map(Vec::len).max().unwrap_or(0).div_ceil(self.a_card())
    }

    /// How many lines of a text a card has.
    fn a_card(&self) -> usize {
        if self.is_bilingual { 1 } else { LINES }
    }

    /// Writes the cards of a cue. They begin before the `next` cue does, however long it lasts.
    fn write(&mut self, (start, end): (u64, u64), next: u64) {
        let last_start = if next > start { end.min(next) } else { end };
        let a_card = self.a_card();
        let lines = self.lines.iter().map(Vec::len).max().unwrap_or(0);
        let count = self.needed();
        let longest = self.lines.iter().position(|own| own.len() == lines).unwrap_or(0);
        let all: usize =
            self.lines[longest].iter().map(|line| width(&self.texts[longest][line.clone()])).sum();
        let (mut from, mut said) = (start, 0);
        for card in 0..count {
            let own = card * a_card..((card + 1) * a_card).min(lines);
            said += self.lines[longest][own.clone()]
                .iter()
                .map(|line| width(&self.texts[longest][line.clone()]))
                .sum::<usize>();
            // The time of a cue is shared by what its cards hold, and each has some of it.
            let share = u128::from(last_start - start) * said as u128 / all.max(1) as u128;
            let until =
                if card + 1 == count { end } else { start + share as u64 }.max(from.saturating_add(1));
            self.count += 1;
            self.open(from, until);
            for (text, lines) in self.texts.iter().zip(&self.lines) {
                for line in lines.iter().skip(own.start).take(a_card) {
                    self.out.push_str(&text[line.clone()]);
                    self.out.push('\n');
                }
            }
            from = until;
        }
    }

    fn open(&mut self, from: u64, until: u64) {
        if self.count > 1 {
            self.out.push('\n');
        }
        push_digits(self.count, 1, &mut self.out);
        self.out.push('\n');
        push_clock(from, ',', &mut self.out);
        self.out.push_str(" --> ");
        push_clock(until, ',', &mut self.out);
        self.out.push('\n');
    }
}
