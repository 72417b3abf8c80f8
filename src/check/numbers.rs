//! Numbers that a line has in one language and not in the other. What is written in figures, or
//! surely a number in words, must be in the other text in some form; small words count only as
//! that form. Never reads numbers by itself: the pairing's table does.

use std::ops::Range;

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::{is_cjk, is_word_char};
use crate::model::align::numbers::{Numbers, shown};

/// A number in a text.
struct Found {
    at: Range<usize>,
    /// All that it may mean, what it says first.
    values: Vec<f64>,
    /// Whether the other language must have it.
    is_sure: bool,
}

/// Reports numbers that one language has and another has not.
pub fn check_numbers(open: &Open, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    let texts = |lang: usize| -> Vec<Vec<Found>> {
        let numbers = Numbers::of(&transcript.langs[lang]);
        let text = |cue| transcript.text(cue, lang).unwrap_or_default();
        (0..transcript.cues.len()).map(|cue| read_all(text(cue), &numbers)).collect()
    };
    let all: Vec<_> = if transcript.langs.len() < 2 {
        return;
    } else {
        (0..transcript.langs.len()).map(texts).collect()
    };
    for lang in 1..all.len() {
        let (first, second) = (&all[0], &all[lang]);
        for cue in 0..transcript.cues.len() {
            if transcript.text(cue, 0).is_some() && transcript.text(cue, lang).is_some() {
                report(open, cue, [(0, first), (lang, second)], found);
            }
        }
    }
}

fn report(open: &Open, cue: usize, sides: [(usize, &Vec<Vec<Found>>); 2], found: &mut Vec<Diagnostic>) {
    let [(first, own), (second, other)] = sides;
    let here = |all: &'_ Vec<Vec<Found>>| near(all, cue, 0);
    let left = unmatched(&own[cue], &here(other), &near(other, cue, 1));
    let right = unmatched(&other[cue], &here(own), &near(own, cue, 1));
    let langs = &open.transcript().langs;
    let say = |lang: usize, one: &Found| {
        let text = open.transcript().text(cue, lang).unwrap_or_default();
        (shown_as(text, one), open.place(cue, lang, one.at.clone()))
    };
    let help = "see which of the two is what was said";
    match (left, right) {
        (Some(left), Some(right)) => {
            let ((said, place), (other, other_place)) = (say(first, left), say(second, right));
            let message = format!("{said} in `{}` is {other} in `{}`", langs[first], langs[second]);
            let finding = Diagnostic::warning("numbers-differ", message);
            found.push(finding.at(place).and(other_place, "this number differs").help(help));
        }
        (Some(one), None) => found.push(lone(say(first, one), &langs[first], &langs[second], help)),
        (None, Some(one)) => found.push(lone(say(second, one), &langs[second], &langs[first], help)),
        (None, None) => {}
    }
}

fn lone(
    (said, place): (String, crate::source::Place),
    own: &crate::lang::Lang,
    other: &crate::lang::Lang,
    help: &str,
) -> Diagnostic {
    let message = format!("{said} is in `{own}`, and no such number in `{other}`");
    Diagnostic::warning("numbers-differ", message).at(place).help(help)
}

/// As it is written, and what that comes to where figures do not say it.
fn shown_as(text: &str, one: &Found) -> String {
    let written = text[one.at.clone()].trim();
    let value = shown(one.values[0]);
    if written == value { format!("`{written}`") } else { format!("`{written}` ({value})") }
}

/// All that the numbers of a cue, and so many to either side of it, may mean.
fn near(all: &[Vec<Found>], cue: usize, reach: usize) -> Vec<f64> {
    let from = cue.saturating_sub(reach);
    let to = (cue + reach + 1).min(all.len());
    all[from..to].iter().flatten().flat_map(|one| one.values.iter().copied()).collect()
}

/// The first number that must be among the other text's and is not, nor in the lines beside it:
/// a sentence may be cut elsewhere in another language.
fn unmatched<'f>(own: &'f [Found], here: &[f64], beside: &[f64]) -> Option<&'f Found> {
    let is_in = |one: &Found, others: &[f64]| {
        one.values.iter().any(|value| others.iter().any(|other| is_equal(*value, *other)))
    };
    own.iter().find(|one| one.is_sure && !is_in(one, here) && !is_in(one, beside))
}

fn is_equal(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

/// Every number of a text.
fn read_all(text: &str, numbers: &Numbers) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let in_word = before.is_some_and(|c| is_word(c) && is_word(first));
        let starts = first.is_ascii_digit() && !before.is_some_and(|c| c.is_ascii_digit())
            || is_word_char(first) && !in_word;
        let seen = if starts { numbers.see(&text[at..]) } else { None };
        match seen.filter(|seen| seen.length > 0) {
            Some(seen) => {
                let end = at + seen.length;
                let mut one = Found { at: at..end, values: vec![seen.value], is_sure: seen.is_sure };
                one.values.extend(seen.other);
                consider(&mut one, text, before, numbers);
                at = one.at.end;
                found.push(one);
            }
            None => at += first.len_utf8(),
        }
    }
    join(&mut found, text, numbers);
    found
}

/// Numbers that stand together may be one: `twenty twenty-five`, `twenty-first`, `two thousand, four
/// hundred`, `three point five`, `two and a half`; `four one` is 4.1, or 41.
fn join(found: &mut [Found], text: &str, numbers: &Numbers) {
    for index in 1..found.len() {
        let (one, other) = (&found[index - 1], &found[index]);
        let (first, second) = (one.values[0], other.values[0]);
        let between = text[one.at.end..other.at.start].trim();
        let is_gap = numbers.is_gap(between.trim_start_matches([',', ' ']));
        let tens = (20.0..100.0).contains(&first) && first % 10.0 == 0.0;
        let whole = match between {
            "" | "-" if tens && (1.0..10.0).contains(&second) => vec![first + second, first * 100.0 + second],
            "" | "-" if (10.0..100.0).contains(&first) && second < 100.0 => vec![first * 100.0 + second],
            "" | "-" if first < 10.0 && second < 10.0 => vec![first + second / 10.0, first * 10.0 + second],
            _ if numbers.is_point(between) && second < 10.0 => vec![first + second / 10.0],
            _ if second == 0.5 && first >= 1.0 && between.chars().count() <= HALF_AFTER => {
                vec![first + second]
            }
            _ if (between == "," || is_gap)
                && first >= 1000.0
                && first % 1000.0 == 0.0
                && second < 1000.0 =>
            {
                vec![first + second]
            }
            _ => continue,
        };
        found[index - 1].values.extend(&whole);
        found[index].values.extend(&whole);
    }
}

/// A half belongs to the number that stands so many characters before it: `and a`, 个.
const HALF_AFTER: usize = 5;

/// Whether a character is of a word with spaces around it.
fn is_word(character: char) -> bool {
    is_word_char(character) && !is_cjk(character)
}

/// Looks at what stands around a number: a percent mark, letters, what makes it vague.
fn consider(one: &mut Found, text: &str, before: Option<char>, numbers: &Numbers) {
    let rest = &text[one.at.end..];
    let value = one.values[0];
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).map_or(rest, |end| &rest[..end]);
    let is_figures = text[one.at.clone()].starts_with(|c: char| c.is_ascii_digit());
    if is_figures && !letters.is_empty() {
        let goes_on = rest[letters.len()..].starts_with(char::is_alphanumeric);
        match numbers.letters(letters).filter(|_| !goes_on) {
            Some(power) => {
                one.values.insert(0, value * power);
                one.at.end += letters.len();
            }
            // `1990s`, `3rd`; else a name such as 3D.
            None => one.is_sure = letters == "s",
        }
    }
    let percent =
        numbers.percent(rest.trim_start()).is_some() || numbers.percent_before(&text[..one.at.start]);
    // A hundredth that is whole would be every `one`.
    if percent && value % 100.0 != 0.0 {
        one.values.push(value / 100.0);
    }
    if (1800.0..2100.0).contains(&value) {
        one.values.push(value % 100.0);
    }
    // `1 / 2`, `9:30`; what a power is raised to is said in another way.
    let joins = |c: Option<char>| c.is_some_and(|c| matches!(c, '/' | ':' | '：'));
    let joined = rest.trim_start();
    let next_is_digit = joined.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == ' ');
    let last = text[..one.at.start].trim_end().chars().next_back();
    let is_part = joins(last) || joins(joined.chars().next()) && next_is_digit || last == Some('^');
    let vague = before.is_some_and(|c| c.is_ascii_alphabetic())
        || numbers.is_vague(&text[..one.at.start], (!is_figures).then_some(rest));
    // One is an article in many languages, and nothing is a word.
    one.is_sure &= !is_part && !vague && value > 1.0;
}
