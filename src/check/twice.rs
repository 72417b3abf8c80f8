//! Words that a recogniser wrote twice: `the the`, a phrase again, a whole line again and again.
//! Never takes what is doubled on purpose for one: only words of a table are told alone.

use std::ops::Range;

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, is_cjk, is_cjk_letter};
use crate::text::shortened;

/// Per language the words that nobody says twice on purpose.
const TABLE: &str = include_str!("twice.tsv");

/// The longest phrase that is looked for again, in words; in characters where there are no spaces.
const WORDS: usize = 6;
const CHARACTERS: std::ops::RangeInclusive<usize> = 4..=12;
/// How many findings of an episode and language are told one by one.
const TOLD: usize = 8;
/// How often a line comes in a row until it is told of, and how long it must be, in letters.
const LINES: usize = 3;
const LETTERS: usize = 8;

/// Reports words said twice in a row, and lines said again and again.
pub fn check_twice(open: &Open, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    for lang in 0..transcript.langs.len() {
        let table = Table::of(&transcript.langs[lang]);
        let mut twice: Vec<(usize, Range<usize>)> = Vec::new();
        for cue in 0..transcript.cues.len() {
            let text = transcript.text(cue, lang).unwrap_or_default();
            twice.extend(spaced(text, &table).into_iter().map(|at| (cue, at)));
            twice.extend(unspaced(text, &table).into_iter().map(|at| (cue, at)));
        }
        // Who writes down every word writes these down too: then one finding is enough.
        let told = if twice.len() > TOLD { 1 } else { twice.len() };
        for (cue, at) in &twice[..told] {
            let words = shortened(half(&transcript.text(*cue, lang).unwrap_or_default()[at.clone()]), 40);
            let message = match twice.len() {
                count if count > TOLD => {
                    format!(
                        "words stand twice in a row at {count} places in `{}`; the first is `{words}`",
                        transcript.langs[lang]
                    )
                }
                _ => format!("`{words}` stands here twice"),
            };
            found.push(
                Diagnostic::note("said-twice", message)
                    .at(open.place(*cue, lang, at.clone()))
                    .help("take one of the two out, if it was said once"),
            );
        }
        report_lines(open, lang, found);
    }
}

fn half(text: &str) -> &str {
    text[..text.floor_char_boundary(text.len() / 2)].trim()
}

/// What is known of the words of a language.
#[derive(Default)]
struct Table {
    /// Nobody says these twice on purpose.
    never: Vec<&'static str>,
    /// These join the parts of a list: `here and here and there`.
    joints: Vec<&'static str>,
}

impl Table {
    fn of(lang: &Lang) -> Table {
        let primary = lang.primary();
        let row =
            TABLE.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|row| row[0] == primary);
        let words = |row: &[&'static str], column: usize| -> Vec<&'static str> {
            row.get(column).copied().unwrap_or_default().split(',').filter(|word| !word.is_empty()).collect()
        };
        row.map_or_else(Table::default, |row| Table { never: words(&row, 1), joints: words(&row, 2) })
    }
}

/// Words with spaces between them that come twice in a row, alone or as a phrase.
fn spaced(text: &str, table: &Table) -> Vec<Range<usize>> {
    let mut words: Vec<(Range<usize>, String)> = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        words.push((at..at + word.len(), word.to_lowercase()));
        at += word.len() + 1;
    }
    let is_plain = |word: &str| {
        !word.is_empty() && word.chars().all(|c| (c.is_alphabetic() && !is_cjk(c)) || matches!(c, '\'' | '’'))
    };
    let mut found = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let length = (1..=WORDS).rev().find(|length| {
            let Some(two) = words.get(from..from + 2 * length) else { return false };
            // Most words are others.
            if *length > 1 && two[0].1 != two[*length].1 {
                return false;
            }
            let (one, other) = two.split_at(*length);
            // The last word may have what ends the sentence behind it.
            let trimmed = |word: &str| word.trim_end_matches(['.', ',', '?', '!', ';', ':']).to_owned();
            let same = one.iter().zip(other).enumerate().all(|(index, (one, other))| {
                is_plain(&one.1)
                    && if index + 1 == *length { one.1 == trimmed(&other.1) } else { one.1 == other.1 }
            });
            let all_equal = one.iter().all(|word| word.1 == one[0].1);
            // `more and more and more` is meant.
            let goes_on = from > 0 && words[from - 1].1 == one[*length - 1].1;
            same && match length {
                1 => table.never.contains(&one[0].1.replace('’', "'").as_str()),
                _ => !all_equal && !goes_on && !table.joints.contains(&one[*length - 1].1.as_str()),
            }
        });
        match length {
            Some(length) => {
                found.push(words[from].0.start..words[from + 2 * length - 1].0.end);
                from += 2 * length;
            }
            None => from += 1,
        }
    }
    found
}

/// The same where words have no spaces between them.
fn unspaced(text: &str, table: &Table) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let end = |index: usize| letters.get(index).map_or(text.len(), |(at, _)| *at);
    let mut from = 0;
    while from < letters.len() {
        let longest =
            letters[from..].iter().take(2 * CHARACTERS.end()).take_while(|(_, c)| is_cjk_letter(*c)).count();
        let same =
            |length: usize| (0..length).all(|at| letters[from + at].1 == letters[from + length + at].1);
        let varied = |length: usize| (1..length).any(|at| letters[from + at].1 != letters[from].1);
        let period_of_two = |length: usize| {
            length.is_multiple_of(2)
                && (0..length - 2).all(|at| letters[from + at].1 == letters[from + at + 2].1)
        };
        let length = CHARACTERS
            .rev()
            .find(|length| {
                2 * length <= longest && same(*length) && varied(*length) && !period_of_two(*length)
            })
            .or_else(|| {
                (longest >= 4 && same(2) && table.never.contains(&&text[letters[from].0..end(from + 2)]))
                    .then_some(2)
            });
        match length {
            Some(length) => {
                found.push(letters[from].0..end(from + 2 * length));
                from += 2 * length;
            }
            None => from += 1,
        }
    }
    found
}

/// Lines that come several times in a row.
fn report_lines(open: &Open, lang: usize, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    let text = |cue: usize| transcript.text(cue, lang);
    let cues: Vec<usize> = (0..transcript.cues.len()).collect();
    for run in cues.chunk_by(|a, b| text(*a).is_some() && text(*a) == text(*b)) {
        let letters = text(run[0]).map_or(0, |text| text.chars().filter(|c| c.is_alphabetic()).count());
        if run.len() >= LINES && letters >= LETTERS {
            let message = format!("this line comes {} times in a row", run.len());
            let finding = Diagnostic::note("said-twice", message).at(open.place_of(run[0], lang));
            found.push(finding.help("recognisers say a line again where they hear nothing: listen there"));
        }
    }
}
