//! How words are read where the author says so. Never guesses.

use std::collections::BTreeMap;

use serde::Serialize;

/// Words and how each is read, a syllable per character.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Readings {
    /// By the first character; the longest word first.
    words: BTreeMap<char, Vec<(String, String)>>,
}

impl Readings {
    pub const fn none() -> Readings {
        Readings { words: BTreeMap::new() }
    }

    /// Takes the words that have a syllable per character.
    pub fn new(words: impl Iterator<Item = (String, String)>) -> Readings {
        let mut readings = Readings::none();
        for (word, read) in words.filter(|(word, read)| fits(word, read)) {
            let Some(first) = word.chars().next() else { continue };
            let read = read.split_whitespace().collect::<Vec<_>>().join(" ");
            readings.words.entry(first).or_default().push((word, read));
        }
        for words in readings.words.values_mut() {
            words.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then(one.cmp(other)));
        }
        readings
    }

    /// The word that a text begins with, and how it is read.
    pub fn at(&self, text: &str) -> Option<(&str, &str)> {
        let words = self.words.get(&text.chars().next()?)?;
        words.iter().find(|(word, _)| text.starts_with(word.as_str())).map(|(word, read)| (&**word, &**read))
    }
}

/// Whether a word has a syllable for each of its characters.
pub fn fits(word: &str, read: &str) -> bool {
    !word.is_empty() && word.chars().count() == read.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_is_found_and_what_does_not_fit_is_left_out() {
        let words = [("重", "zhòng"), ("重庆", "chóng  qìng"), ("长城", "cháng")];
        let readings =
            Readings::new(words.into_iter().map(|(word, read)| (word.to_owned(), read.to_owned())));
        assert_eq!(readings.at("重庆市"), Some(("重庆", "chóng qìng")));
        assert_eq!(readings.at("重点"), Some(("重", "zhòng")));
        assert_eq!((readings.at("长城"), readings.at("")), (None, None));
    }
}
