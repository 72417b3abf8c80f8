//! Numbers in words and figures → their value, so that `three hundred`, `300` and 三百 are one word
//! on both sides. Which words are numbers is told by a table, per language.

mod figures;
mod sum;
mod table;

use figures::figures;
use sum::{Kind, Sum};
pub use table::Numbers;

/// Whatever number a text begins with, however small.
pub struct Seen {
    pub value: f64,
    /// In bytes.
    pub length: usize,
    pub is_figures: bool,
    /// What else it may mean: 一千四 is 1,400.
    pub other: Option<f64>,
    /// Whether it is surely this number: not a word that is usual as a word, nor words in a row
    /// that make no number together (两三百).
    pub is_sure: bool,
}

/// A number that a text begins with.
pub struct Number {
    pub value: String,
    /// In bytes.
    pub length: usize,
    /// How much of that is figures; the rest is words.
    pub figures: usize,
}

/// Spelled numbers below this are too usual as words to say anything.
const LEAST: f64 = 11.0;
/// No word of the table has more bytes; no word that is made of such ones.
const LONGEST_PART: usize = 24;
const LONGEST: usize = 80;
/// No number has more parts.
const PARTS_AT_MOST: usize = 16;

impl Numbers {
    /// How long the words for `%` are that a text begins with.
    pub fn percent(&self, text: &str) -> Option<usize> {
        let found = self.percent.iter().find(|word| text.starts_with(**word)).map(|word| word.len());
        found.or_else(|| ['%', '％'].iter().find(|mark| text.starts_with(**mark)).map(|mark| mark.len_utf8()))
    }

    /// Whether a text ends in a word for `%` that stands before its number.
    pub fn percent_before(&self, text: &str) -> bool {
        self.percent.iter().any(|word| text.ends_with(word))
    }

    /// The number that a text begins with, if it says anything.
    pub fn read(&self, text: &str) -> Option<Number> {
        let Parsed { sum, length, figures, spelled, parts, .. } = self.parse(text, false);
        let value = sum.value();
        let says = match spelled {
            0 => parts > 0,
            _ if sum.powers == 0 && sum.digits > 0 => sum.digits > 2,
            _ => value >= LEAST,
        };
        (says && value < 1e15).then(|| Number { value: shown(value), length, figures })
    }

    /// The number that a text begins with, whether or not it says anything.
    pub fn see(&self, text: &str) -> Option<Seen> {
        let first = text.chars().next()?;
        let is_figure = first.is_ascii_digit() || matches!(first, '０'..='９');
        let begins = |c: char| self.firsts.binary_search(&c).is_ok();
        if !is_figure && !begins(first) && !first.to_lowercase().any(begins) {
            return None;
        }
        let parsed = self.parse(text, true);
        if parsed.parts == 0 {
            let (length, value) = self.meant(text)?;
            return Some(Seen { value, length, is_figures: false, other: None, is_sure: false });
        }
        let Parsed { sum, length, figures, is_odd, short, .. } = parsed;
        let is_sure = figures > 0 || sum.value() >= LEAST && !is_odd;
        let value = sum.value();
        (value < 1e15).then_some(Seen { value, length, is_figures: figures > 0, other: short, is_sure })
    }

    /// A word that a text begins with and that means a number.
    fn meant(&self, text: &str) -> Option<(usize, f64)> {
        let first = text.chars().next().filter(|c| c.is_alphabetic())?;
        let own = &text[..first.len_utf8()];
        if let Some(value) = self.also.get(own) {
            return Some((own.len(), *value));
        }
        let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        let value = (end <= 24).then(|| self.also.get(text[..end].to_lowercase().as_str())).flatten()?;
        Some((end, *value))
    }

    /// With `strictly`, a word that cannot go on with the number begins the next one: `four forty`.
    fn parse(&self, text: &str, strictly: bool) -> Parsed {
        let mut sum = Sum::default();
        let mut last: Option<(Kind, f64)> = None;
        let (mut is_odd, mut short) = (false, None);
        let mut at = 0;
        let mut spelled = 0;
        let mut parts = 0;
        let mut in_figures = 0;
        if let Some((value, length)) = figures(text, self.is_comma_plain) {
            sum.current = value;
            (at, parts, in_figures) = (length, 1, length);
        }
        while parts < PARTS_AT_MOST {
            let rest = &text[at..];
            let gap = if at == 0 { 0 } else { self.gap(rest) };
            let Some((length, kind, value)) = self.word(&rest[gap..]) else { break };
            if kind == Kind::Power && (at == 0 || gap > 0) {
                break;
            }
            let kind = if kind == Kind::Power { Kind::Times } else { kind };
            // After figures only a power goes on: `3 two` are two numbers.
            if kind != Kind::Times && spelled == 0 && parts > 0 {
                break;
            }
            let begins = matches!(last, Some((Kind::Plus, before)) if kind == Kind::Plus
                && (!(20.0..100.0).contains(&before) || value >= 10.0));
            if strictly && begins {
                break;
            }
            is_odd |= match (last, kind) {
                // A power stands behind what it multiplies.
                (None, Kind::Times) => parts == 0,
                (Some((Kind::Digit, before)), Kind::Digit) => before != 0.0,
                _ => false,
            };
            let power = last.filter(|(kind, power)| *kind == Kind::Times && *power >= 100.0);
            last = Some((kind, value));
            sum.take(kind, value);
            short = power
                .filter(|_| kind == Kind::Digit && value > 0.0)
                .map(|(_, power)| sum.value() - value + value * power / 10.0);
            at += gap + length;
            spelled += 1;
            parts += 1;
        }
        Parsed { sum, length: at, figures: in_figures, spelled, parts, is_odd, short }
    }

    /// How long what stands between two words of a number is.
    fn gap(&self, text: &str) -> usize {
        let Some(mark) = text.chars().next().filter(|c| matches!(c, ' ' | '-')) else { return 0 };
        let within = |word: &str| {
            let rest = text[1..].strip_prefix(word)?.strip_prefix(mark)?;
            Some(text.len() - rest.len())
        };
        self.gaps.iter().find_map(|word| within(word)).unwrap_or(1)
    }

    /// A word of the table that a text begins with.
    fn word(&self, text: &str) -> Option<(usize, Kind, f64)> {
        if self.words.is_empty() {
            return None;
        }
        let first = text.chars().next()?;
        let own = &text[..first.len_utf8()];
        let is_whole = |word: &str| {
            let own = text.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
            own && !text[word.len()..].starts_with(char::is_alphabetic)
        };
        if let Some((word, value)) = self.hyphened.iter().find(|(word, _)| is_whole(word)) {
            return Some((word.len(), Kind::Plus, *value));
        }
        if let Some((kind, value)) = self.words.get(own) {
            return Some((own.len(), *kind, *value));
        }
        if !first.is_alphabetic() {
            return None;
        }
        let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        if end > LONGEST || (end > LONGEST_PART && self.joints.is_empty()) {
            return None;
        }
        let own = text[..end].to_lowercase();
        match self.words.get(own.as_str()) {
            Some((kind, value)) => Some((end, *kind, *value)),
            None => Some((end, Kind::Plus, self.compound(&own)?)),
        }
    }

    /// The value of a word that is a number in words, without spaces.
    fn compound(&self, word: &str) -> Option<f64> {
        if self.joints.is_empty() {
            return None;
        }
        let mut sum = Sum::default();
        let mut rest = word;
        while !rest.is_empty() {
            if let Some(after) = self.joints.iter().find_map(|joint| rest.strip_prefix(joint)) {
                rest = after;
                continue;
            }
            let (length, kind, value) = (1..=rest.len().min(LONGEST_PART)).rev().find_map(|length| {
                let part = rest.get(..length)?;
                let alone = || self.parts.get(part).map(|value| (Kind::Plus, *value));
                self.words.get(part).copied().or_else(alone).map(|(kind, value)| (length, kind, value))
            })?;
            sum.take(kind, value);
            rest = &rest[length..];
        }
        Some(sum.value())
    }
}

/// A number as it is written.
struct Parsed {
    sum: Sum,
    /// In bytes; how much of it is figures; how many words and how many parts it has.
    length: usize,
    figures: usize,
    spelled: usize,
    parts: usize,
    /// Whether its words make no number together.
    is_odd: bool,
    /// What it is where its last figure counts tenths of the power before it.
    short: Option<f64>,
}

pub fn shown(value: f64) -> String {
    if value.fract().abs() < 1e-6 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}").trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn read(lang: &str, text: &str) -> Option<(String, usize)> {
        let numbers = Numbers::of(&Lang::parse(lang).unwrap());
        numbers.read(text).map(|number| (number.value, number.length))
    }

    fn value(lang: &str, text: &str) -> String {
        read(lang, text).map_or_else(String::new, |number| number.0)
    }

    #[test]
    fn figures_and_words_have_one_value() {
        for (lang, text, meant) in [
            ("en", "three hundred and fifty people", "350"),
            ("zh-Hans", "三百五十人", "350"),
            ("en", "120 million", "120000000"),
            ("zh-Hans", "1.2亿", "120000000"),
            ("zh-Hans", "一亿两千万", "120000000"),
            ("zh-Hans", "一万亿", "1000000000000"),
            ("zh-Hans", "三万五千亿", "3500000000000"),
            ("zh-Hans", "三亿五千万", "350000000"),
            ("ja", "12万", "120000"),
            ("en", "one hundred twenty thousand", "120000"),
            ("en", "1,200 metres", "1200"),
            ("fr", "1\u{a0}200 mètres", "1200"),
            ("fr", "3,5 millions", "3500000"),
            ("en", "3.5 million", "3500000"),
            ("en", "Twenty-five", "25"),
            ("zh-Hans", "二十五", "25"),
            ("zh-Hans", "二〇一五年", "2015"),
            ("zh-Hans", "１２年", "12"),
            ("es", "dos mil", "2000"),
            ("de", "zwei Millionen", "2000000"),
            ("de", "einundzwanzig Boote", "21"),
            ("de", "Zweihundertfünfunddreißigtausend", "235000"),
            ("de", "zweihundert Millionen", "200000000"),
            ("fr", "quatre-vingt-dix-sept bateaux", "97"),
            ("fr", "Quatre-vingts ans", "80"),
            ("fr", "vingt et un", "21"),
            ("es", "veintidós barcos", "22"),
            ("es", "treinta y cinco", "35"),
            ("es", "quinientos mil", "500000"),
            ("ko", "3만 명", "30000"),
            ("ko", "서른 명", "30"),
        ] {
            assert_eq!(value(lang, text), meant, "{text}");
        }
    }

    #[test]
    fn a_number_is_seen_however_small_and_one_that_cannot_go_on_ends() {
        let seen = |lang: &str, text: &str| {
            let seen = Numbers::of(&Lang::parse(lang).unwrap()).see(text)?;
            Some((seen.value, seen.length, seen.is_sure, seen.other))
        };
        assert_eq!(seen("en", "three boats"), Some((3.0, 5, false, None)));
        assert_eq!(seen("en", "four-forty"), Some((4.0, 4, false, None)));
        assert_eq!(seen("en", "twenty twenty-five"), Some((20.0, 6, true, None)));
        assert_eq!(seen("en", "March"), Some((3.0, 5, false, None)));
        assert_eq!(seen("zh", "一千四"), Some((1004.0, 9, true, Some(1400.0))));
        assert_eq!(seen("zh", "两三百").map(|(.., is_sure, _)| is_sure), Some(false));
        assert_eq!(seen("zh", "千万"), Some((1e7, 6, false, None)));
        assert_eq!(seen("en", "word"), None);
    }

    #[test]
    fn percent_is_one_mark() {
        for (lang, text) in [("zh", "百分之三十"), ("en", "percent"), ("fr", "% de"), ("ja", "％")] {
            assert!(Numbers::of(&Lang::parse(lang).unwrap()).percent(text).is_some(), "{text}");
        }
    }

    #[test]
    fn usual_words_are_no_numbers() {
        for (lang, text) in [
            ("en", "one of us"),
            ("zh-Hans", "一些"),
            ("zh-Hans", "三四个"),
            ("en", "once"),
            ("en", ""),
            ("de", "ein Boot"),
            ("de", "und"),
            ("de", "Hundertschaft"),
            ("ko", "만나서"),
            ("ko", "천천히"),
        ] {
            assert_eq!(value(lang, text), "", "{text}");
        }
    }

    #[test]
    fn a_number_ends_where_it_does() {
        assert_eq!(read("en", "12, 13"), Some(("12".into(), 2)));
        assert_eq!(read("en", "fifteen. Two"), Some(("15".into(), 7)));
        assert_eq!(read("en", "1.2.3"), Some(("1.2".into(), 3)));
        assert_eq!(read("zh", "4,1"), Some(("4".into(), 1)));
        assert_eq!(read("de", "4,1"), Some(("4.1".into(), 3)));
    }
}
