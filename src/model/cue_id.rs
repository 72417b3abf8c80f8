//! The name of a cue in addresses: made of its words alone, so that an edit elsewhere keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// A cue's id: six letters and digits from its words, and `-2`, `-3`… where they come again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct CueId {
    code: [u8; 6],
    ordinal: u32,
}

/// The ids' digits: no vowel but `a`, `e`, `i`, `u`, nothing that is mistaken for another.
const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

impl CueId {
    /// The id of a cue's texts, in the order of their language tags, said for the
    /// `ordinal`-th time, counting from 1.
    pub fn new(words: &WordsHash, ordinal: u32) -> CueId {
        let mut code = [0u8; 6];
        let mut rest = words.0;
        for (index, digit) in code.iter_mut().enumerate() {
            let range = if index == 0 { FIRST } else { REST };
            *digit = DIGITS[(rest % range) as usize];
            rest /= range;
        }
        CueId { code, ordinal }
    }

    /// As bytes of a page.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.code);
        if self.ordinal > 1 {
            out.push(b'-');
            out.extend_from_slice(self.ordinal.to_string().as_bytes());
        }
    }
}

impl fmt::Display for CueId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.code).expect("digits of an id are ASCII"))?;
        if self.ordinal > 1 {
            write!(f, "-{}", self.ordinal)?;
        }
        Ok(())
    }
}

/// What a cue's words come to: as many numbers as there are ids of six characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WordsHash(u32);

/// The first character is a letter, so that the id is a name in CSS too.
const FIRST: u32 = 24;
const REST: u32 = 32;

/// Hashes the words of a cue; case of ASCII letters, spaces and the usual punctuation of Latin and
/// Han text do not count. `buffer` is room to work in.
pub fn hash_words<'t>(texts: impl Iterator<Item = &'t str>, buffer: &mut Vec<u8>) -> WordsHash {
    buffer.clear();
    for text in texts {
        let before = buffer.len();
        push_words(text.as_bytes(), buffer);
        if buffer.len() == before {
            // Nothing but punctuation: then the punctuation is what was said.
            buffer.extend_from_slice(text.as_bytes());
        }
        buffer.push(0);
    }
    WordsHash((xxh3_64(buffer) % u64::from(FIRST * REST.pow(5))) as u32)
}

/// What an ASCII byte counts as in an id: itself, its small letter, or nothing.
const COUNTED: [u8; 128] = {
    let mut counted = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            counted[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    counted
};

/// Appends letters and digits; `text` is UTF-8.
fn push_words(text: &[u8], buffer: &mut Vec<u8>) {
    let start = buffer.len();
    // The bytes that stay are written over the front of room for all of them: no check per byte.
    buffer.resize(start + text.len(), 0);
    let kept = &mut buffer[start..];
    let (mut at, mut to) = (0, 0);
    while at < text.len() {
        let byte = text[at];
        if byte < 0x80 {
            let counted = COUNTED[usize::from(byte)];
            kept[to] = counted;
            to += usize::from(counted != 0);
            at += 1;
            continue;
        }
        let length = match byte {
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        };
        let end = (at + length).min(text.len());
        let character = &text[at..end];
        if !is_punctuation(character) {
            kept[to..to + character.len()].copy_from_slice(character);
            to += character.len();
        }
        at = end;
    }
    buffer.truncate(start + to);
}

/// General punctuation (U+2000–203F), CJK punctuation (U+3000–303F) and full-width forms of ASCII
/// punctuation, by their UTF-8 bytes.
fn is_punctuation(character: &[u8]) -> bool {
    match character {
        [0xe4..=0xe9, ..] => false,
        [0xe2, 0x80, _] | [0xe3, 0x80, _] => true,
        [0xef, 0xbc, last] => !matches!(last, 0x90..=0x99 | 0xa1..=0xba),
        [0xc2, _] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(texts: &[&str]) -> String {
        CueId::new(&hash_words(texts.iter().copied(), &mut Vec::new()), 1).to_string()
    }

    #[test]
    fn punctuation_and_case_do_not_change_an_id() {
        assert_eq!(id(&["对吧?", "Right?"]), id(&["对吧？", "right"]));
        assert_ne!(id(&["对吧?", "Right?"]), id(&["对的?", "Right?"]));
        assert_ne!(id(&["ab", "c"]), id(&["a", "bc"]));
        assert_ne!(id(&["…"]), id(&["?!"]));
    }

    #[test]
    fn an_id_is_a_name_and_stays_the_same_in_every_version() {
        let stable = id(&["Hello there."]);
        assert_eq!(stable.len(), 6);
        assert!(stable.starts_with(|c: char| c.is_ascii_lowercase()));
        assert_eq!(stable, "pkki69", "links to published lines would break");
    }
}
