//! A cue's text → the words that its pairing is told by. Words of spaced scripts in small letters;
//! characters and pairs of characters where words are not spaced; numbers by their value.
//! Never tells languages apart: a text has the tokens of the scripts it is written in.

use std::collections::HashMap;

use unicode_script::{Script, UnicodeScript};

use super::numbers::Numbers;

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
    pub fn number(&mut self, word: &str) -> Token {
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

/// Whether a character is a letter or figure of a word with spaces around it.
pub fn is_spaced(character: char) -> bool {
    matches!(kind_of(character), Kind::Letter | Kind::Digit)
}

/// The words of a text, in order.
pub fn tokens(text: &str, numbers: &Numbers, vocabulary: &mut Vocabulary) -> Vec<Token> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut characters = text.char_indices().peekable();
    // Numbers and figures are read up to here.
    let (mut read, mut figures) = (0, 0);
    while let Some((at, character)) = characters.next() {
        let kind = kind_of(character);
        if at >= read
            && word.is_empty()
            && matches!(kind, Kind::Letter | Kind::Digit | Kind::Unspaced | Kind::Other)
        {
            let rest = &text[at..];
            if let Some(length) = numbers.percent(rest) {
                found.push(vocabulary.number("%"));
                read = at + length;
            } else if let Some(number) = numbers.read(rest).filter(|number| !joins(rest, number.length)) {
                found.push(vocabulary.number(&number.value));
                (read, figures) = (at + number.length, at + number.figures);
            }
        }
        if at < figures {
            continue;
        }
        match kind {
            Kind::Letter | Kind::Digit => word.extend(character.to_lowercase()),
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
                let next = characters.peek().map(|next| next.1);
                if let Some(next) = next.filter(|next| kind_of(*next) == Kind::Unspaced) {
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

/// Whether a number is the beginning of a word, as in 3D.
fn joins(text: &str, length: usize) -> bool {
    let next = text[length..].chars().next();
    text.starts_with(|c: char| kind_of(c) == Kind::Digit) && next.is_some_and(|c| kind_of(c) == Kind::Letter)
}

/// So many letters tell a word; what comes after is mostly how it is bent.
const STEM: usize = 5;

fn push_word(word: &str, vocabulary: &mut Vocabulary, found: &mut Vec<Token>) {
    let end = word.char_indices().nth(STEM).map_or(word.len(), |(at, _)| at);
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    found.push(vocabulary.number(if is_number { word } else { &word[..end] }));
}
