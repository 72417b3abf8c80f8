//! A talk that is made up in any two of some languages, so that the true pairing is known by
//! construction: sentences of a table, with things, people, places, times and numbers put into
//! them.

use unicode_script::Script;

use crate::cases::{Case, Damage, Line, damaged_case, lang};
use crate::random::Random;
use diglot::lang::telling_script;

/// What a row is, and what it is in each language.
const TABLE: &str = include_str!("languages.tsv");

/// The pairs of languages that are looked at.
pub const PAIRS: [(&str, &str); 10] = [
    ("en", "de"),
    ("fr", "en"),
    ("es", "en"),
    ("en", "ja"),
    ("ko", "en"),
    ("en", "zh"),
    ("de", "ja"),
    ("zh", "ko"),
    ("es", "fr"),
    ("ja", "zh"),
];

/// What stands for what in a sentence.
const SLOTS: [(&str, &str); 6] = [
    ("{a}", "thing"),
    ("{b}", "thing"),
    ("{p}", "person"),
    ("{l}", "place"),
    ("{t}", "time"),
    ("{n}", "number"),
];

/// A talk of `count` lines in two languages, damaged.
pub fn invented_case(own: &str, other: &str, count: usize, damage: &Damage, seed: u64) -> Case {
    let mut rows = TABLE.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let heads = rows.next().unwrap_or_default();
    let rows: Vec<Vec<&str>> = rows.collect();
    let column =
        |lang: &str| heads.iter().position(|head| *head == lang).expect("the table has the language");
    let columns = [column(own), column(other)];
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).collect::<Vec<_>>();
    let sentences = of("line");
    let mut random = Random(seed);
    let mut at = 0;
    let lines: Vec<Line> = (0..count)
        .map(|_| {
            let sentence = sentences[random.below(sentences.len())];
            let mut texts = columns.map(|column| sentence[column].to_owned());
            for (slot, kind) in SLOTS {
                let words = of(kind);
                let word = words[random.below(words.len())];
                for (text, column) in texts.iter_mut().zip(columns) {
                    *text = text.replace(slot, word[column]);
                }
            }
            let start = at;
            at += 60 * texts[0].chars().count() as u64 + 600;
            Line { start, end: at - random.below(300) as u64, texts: texts.map(|text| capitalised(&text)) }
        })
        .collect();
    damaged_case(format!("{own}/{other}"), [lang(own), lang(other)], &lines, damage, random)
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

/// Whether words of a text have no spaces between them.
pub fn is_unspaced(text: &str) -> bool {
    matches!(telling_script(text), Some(Script::Han | Script::Hiragana | Script::Katakana))
}
