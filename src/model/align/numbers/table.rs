//! The words that are numbers, per language, from a table. No language is special.

use foldhash::HashMap;

use super::sum::Kind;
use crate::lang::Lang;

/// Languages (`*`: all), what a word does in a number, the word, its value.
const TABLE: &str = include_str!("../numbers.tsv");

/// The words that are numbers, in one language.
#[derive(Default)]
pub struct Numbers {
    pub(super) words: HashMap<&'static str, (Kind, f64)>,
    /// Those with a hyphen in them, the longest first.
    pub(super) hyphened: Vec<(&'static str, f64)>,
    /// Words that mean a number and are no part of one: months, ordinals, `half`.
    pub(super) also: HashMap<&'static str, f64>,
    pub(super) percent: Vec<&'static str>,
    /// Words that are numbers within a longer one alone.
    pub(super) parts: HashMap<&'static str, f64>,
    /// What stands between the words of a number that is one word; none where there are no such.
    pub(super) joints: Vec<&'static str>,
    /// Words that stand between those of a number: `and`.
    pub(super) gaps: Vec<&'static str>,
    /// What stands before a fraction: `point`.
    points: Vec<&'static str>,
    /// What makes a number before or behind it one of about that many: 几十, 五十多.
    vague: (Vec<&'static str>, Vec<&'static str>),
    /// Letters that stand for a power behind figures.
    letters: Vec<(&'static str, f64)>,
    /// What all these words begin with, sorted: most words begin otherwise.
    pub(super) firsts: Vec<char>,
    /// Whether a comma never stands before a fraction: `4,1` are two numbers.
    pub(super) is_comma_plain: bool,
}

impl Numbers {
    pub fn of(lang: &Lang) -> Numbers {
        let mut numbers = Numbers::default();
        for line in TABLE.lines().skip(1) {
            let mut cells = line.split('\t');
            let (Some(langs), Some(kind), Some(word), Some(value)) =
                (cells.next(), cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            if langs == "*" || langs.split(',').any(|own| own == lang.primary()) {
                numbers.take(kind, word, value.parse().unwrap_or(0.0));
            }
        }
        numbers.hyphened.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let all = numbers.words.keys().chain(numbers.also.keys()).chain(numbers.parts.keys());
        numbers.firsts = all.filter_map(|word| word.chars().next()).collect();
        numbers.firsts.sort_unstable();
        numbers.firsts.dedup();
        numbers
    }

    fn take(&mut self, kind: &str, word: &'static str, value: f64) {
        let kind = match kind {
            "percent" => return self.percent.push(word),
            "fraction" => return self.is_comma_plain = word != ",",
            "joint" => return self.joints.push(word),
            "gap" => return self.gaps.push(word),
            "point" => return self.points.push(word),
            "before" => return self.vague.0.push(word),
            "after" => return self.vague.1.push(word),
            "letter" => return self.letters.push((word, value)),
            "part" => return self.parts.extend([(word, value)]),
            "also" => return self.also.extend([(word, value)]),
            "plus" if word.contains('-') => return self.hyphened.push((word, value)),
            "digit" => Kind::Digit,
            "plus" => Kind::Plus,
            "power" => Kind::Power,
            _ => Kind::Times,
        };
        self.words.insert(word, (kind, value));
    }

    /// Whether a text is the word before a fraction.
    pub fn is_point(&self, text: &str) -> bool {
        self.points.iter().any(|word| word.eq_ignore_ascii_case(text))
    }

    /// Whether a text may stand between the words of a number.
    pub fn is_gap(&self, text: &str) -> bool {
        self.gaps.iter().any(|word| word.eq_ignore_ascii_case(text))
    }

    /// Whether a number behind one text and before another is one of about that many.
    pub fn is_vague(&self, before: &str, after: Option<&str>) -> bool {
        self.vague.0.iter().any(|word| before.ends_with(word))
            || after.is_some_and(|after| self.vague.1.iter().any(|word| after.starts_with(word)))
    }

    /// The power that letters behind figures stand for.
    pub fn letters(&self, letters: &str) -> Option<f64> {
        self.letters.iter().find(|(own, _)| *own == letters).map(|(_, power)| *power)
    }
}
