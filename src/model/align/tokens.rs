//! A cue's text → the words that its pairing is told by. Words of spaced scripts in small letters;
//! characters and pairs of characters where words are not spaced; numbers by their value.
//! Never tells languages apart: a text has the tokens of the scripts it is written in.

use std::collections::HashMap;

use unicode_script::{Script, UnicodeScript};

/// A word of either side, by number. The same word has the same number on both sides.
pub type Token = u32;

/// All words of a pair.
#[derive(Default)]
pub struct Vocabulary {
    numbers: HashMap<String, Token>,
    /// Whether a word means the same in every language: a number, a name, a mark.
    pub words: Vec<String>,
}

impl Vocabulary {
    fn number(&mut self, word: &str) -> Token {
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        let token = self.words.len() as Token;
        self.numbers.insert(word.to_owned(), token);
        self.words.push(word.to_owned());
        token
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }
}

/// How a character takes part in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Of a word that ends at a space.
    Letter,
    /// Of a script without spaces.
    Unspaced,
    Digit,
    /// Joins letters: an apostrophe.
    Joint,
    Mark,
    Other,
}

fn kind_of(character: char) -> Kind {
    match character {
        'a'..='z' | 'A'..='Z' => Kind::Letter,
        '0'..='9' => Kind::Digit,
        '\'' | '’' => Kind::Joint,
        '?' | '？' | '!' | '！' | '؟' => Kind::Mark,
        '\0'..='\u{7f}' => Kind::Other,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => Kind::Unspaced,
        '０'..='９' => Kind::Digit,
        _ if !character.is_alphanumeric() => Kind::Other,
        _ => match character.script() {
            Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Thai
            | Script::Lao
            | Script::Khmer
            | Script::Myanmar => Kind::Unspaced,
            _ => Kind::Letter,
        },
    }
}

/// The words of a text, in order.
pub fn tokens(text: &str, vocabulary: &mut Vocabulary) -> Vec<Token> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let kind = kind_of(character);
        match kind {
            Kind::Letter => word.extend(character.to_lowercase()),
            Kind::Digit => word.push(plain_digit(character)),
            _ if !word.is_empty() => {
                push_word(&word, vocabulary, &mut found);
                word.clear();
            }
            _ => {}
        }
        match kind {
            Kind::Unspaced => {
                let mut pair = String::new();
                pair.push(character);
                // Both: a character tells much by itself, and more beside its neighbour.
                if let Some(next) = characters.peek().copied().filter(|next| kind_of(*next) == Kind::Unspaced)
                {
                    pair.push(next);
                    found.push(vocabulary.number(&pair));
                    pair.pop();
                }
                found.push(vocabulary.number(&pair));
            }
            Kind::Mark => {
                found.push(vocabulary.number(if matches!(character, '!' | '！') { "!" } else { "?" }));
            }
            _ => {}
        }
    }
    if !word.is_empty() {
        push_word(&word, vocabulary, &mut found);
    }
    found
}

fn plain_digit(digit: char) -> char {
    match digit {
        '０'..='９' => char::from(b'0' + (digit as u32 - '０' as u32) as u8),
        _ => digit,
    }
}

/// So many letters tell a word; what comes after is mostly how it is bent.
const STEM: usize = 5;

fn push_word(word: &str, vocabulary: &mut Vocabulary, found: &mut Vec<Token>) {
    let end = word.char_indices().nth(STEM).map_or(word.len(), |(at, _)| at);
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    found.push(vocabulary.number(if is_number { word } else { &word[..end] }));
}
