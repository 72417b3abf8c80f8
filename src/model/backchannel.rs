//! What a listener says to say that they listen: "Yeah.", "对。" Told by a table of words, a row a
//! language, and by length. Never tells who listens, nor what becomes of it.

use std::sync::LazyLock;

use crate::lang::{Lang, is_cjk};

use super::Transcript;

/// A language's primary subtag, and its words with commas between them.
const TABLE: &str = include_str!("backchannel.tsv");

/// What is longer says something of its own, in bytes and in words of the table.
const LONGEST: usize = 48;
const WORDS: usize = 4;
/// A language without a row is taken at the word of the others up to this length, in bytes.
const UNKNOWN: usize = 24;

/// The words of a transcript's languages.
pub struct Backchannel {
    /// Per language; none for one that has no row.
    rows: Vec<Option<&'static Row>>,
}

/// The words of a language.
struct Row {
    words: Vec<&'static str>,
    /// What they begin with, each once.
    firsts: Vec<char>,
}

impl Backchannel {
    pub fn new(langs: &[Lang]) -> Backchannel {
        Backchannel { rows: langs.iter().map(row).collect() }
    }

    /// Whether a cue is nothing but such words, in all its languages.
    pub fn is(&self, transcript: &Transcript, cue: usize) -> bool {
        // To look at the words takes longer than at how many they are.
        if transcript.texts(cue).any(|(_, text)| text.len() > LONGEST) {
            return false;
        }
        let mut told = false;
        for (lang, text) in transcript.texts(cue) {
            let fits = match &self.rows[lang] {
                Some(row) => {
                    told = true;
                    row.may_begin(text) && is_made_of(text, &row.words)
                }
                None => text.len() <= UNKNOWN,
            };
            if !fits {
                return false;
            }
        }
        told
    }
}

impl Row {
    fn new(words: Vec<&'static str>) -> Row {
        let mut firsts: Vec<char> = words.iter().filter_map(|word| word.chars().next()).collect();
        firsts.sort_unstable();
        firsts.dedup();
        Row { words, firsts }
    }

    /// Whether a text begins as one of the words does: most do not, and need not be looked at.
    fn may_begin(&self, text: &str) -> bool {
        let first = text.chars().find(|c| c.is_alphanumeric());
        first.and_then(|first| first.to_lowercase().next()).is_some_and(|first| self.firsts.contains(&first))
    }
}

fn row(lang: &Lang) -> Option<&'static Row> {
    /// Rows by the primary subtag of their language.
    static ROWS: LazyLock<Vec<(&str, Row)>> = LazyLock::new(|| {
        let row = |line: &'static str| {
            let (primary, words) = line.split_once('\t')?;
            Some((primary, Row::new(words.split(',').collect())))
        };
        TABLE.lines().filter_map(row).collect()
    });
    ROWS.iter().find(|(primary, _)| *primary == lang.primary()).map(|(_, row)| row)
}

/// Whether a text is a few of these words one after the other, whatever stands between them.
fn is_made_of(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase().replace('’', "'");
    let outside = |c: char| !c.is_alphanumeric();
    let mut rest = text.trim_matches(outside);
    let mut count = 0;
    while !rest.is_empty() {
        let longest = words.iter().filter(|word| begins_with(rest, word)).max_by_key(|word| word.len());
        let Some(word) = longest.filter(|_| count < WORDS) else { return false };
        rest = rest[word.len()..].trim_start_matches(outside);
        count += 1;
    }
    count > 0
}

/// Whether a text begins with a word, and the word ends there.
fn begins_with(text: &str, word: &str) -> bool {
    // Most words are told apart by their first byte.
    text.bytes().next() == word.bytes().next()
        && text.strip_prefix(word).is_some_and(|rest| {
            let runs_on = rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'');
            !runs_on || word.ends_with(is_cjk)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: &str, yes: &[&str], no: &[&str]) {
        let row = row(&Lang::parse(tag).unwrap()).expect("a row");
        for text in yes {
            assert!(row.may_begin(text) && is_made_of(text, &row.words), "{text}");
        }
        for text in no {
            assert!(!is_made_of(text, &row.words), "{text}");
        }
        assert!(!row.may_begin("…") && !row.may_begin("\u{1f600}"));
    }

    #[test]
    fn a_nod_is_told_from_a_word_that_says_something() {
        check(
            "en",
            &["Yeah.", "Oh, yeah.", "Right, right.", "I see.", "That’s right.", "Mm-hmm."],
            &["Every week.", "Yeahs.", "Right there.", "yeah yeah yeah yeah yeah", "...", "Six years?"],
        );
        check("zh-Hans", &["对。", "对对对。", "是的,没错。", "嗯……"], &["对不起。", "是我。", "库存。"]);
        check("zh-Hant-TW", &["對。", "沒錯,就是"], &["對不起"]);
        check("ja", &["はい。", "なるほどね"], &["はいります"]);
        check("fr-CA", &["Oui, d'accord."], &["Ouistiti"]);
    }

    #[test]
    fn a_row_is_found_by_the_whole_of_its_tag() {
        assert!(row(&Lang::parse("pl").unwrap()).is_some());
        assert!(row(&Lang::parse("e").unwrap_or(Lang::parse("eo").unwrap())).is_none());
    }

    #[test]
    fn every_word_of_the_table_is_found_as_it_is_written() {
        for line in TABLE.lines() {
            let (tag, words) = line.split_once('\t').expect("a tag and words");
            let row = Row::new(words.split(',').collect());
            for word in &row.words {
                assert!(row.may_begin(word) && is_made_of(word, &row.words), "{tag}: {word}");
            }
        }
    }
}
