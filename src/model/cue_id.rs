//! The name of a cue in addresses: made of its words alone, so that an edit elsewhere keeps it.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// A cue's id: six letters and digits from its words, and `-2`, `-3`… where they come again.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
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

    /// What is written like an id: as a part of an address, or in a file.
    pub fn parse(text: &str) -> Option<CueId> {
        let (code, ordinal) = match text.split_once('-') {
            None => (text, 1),
            Some((code, ordinal)) => (code, ordinal.parse().ok().filter(|ordinal| *ordinal > 1)?),
        };
        let code: [u8; 6] = code.as_bytes().try_into().ok()?;
        let is_code = code.iter().all(|byte| DIGITS.contains(byte)) && code[0].is_ascii_lowercase();
        let id = CueId { code, ordinal };
        (is_code && id.to_string() == text).then_some(id)
    }

    /// As part of a text.
    pub fn push_to(&self, out: &mut String) {
        out.push_str(self.code());
        if self.ordinal > 1 {
            out.push('-');
            out.push_str(&self.ordinal.to_string());
        }
    }

    fn code(&self) -> &str {
        std::str::from_utf8(&self.code).expect("digits of an id are ASCII")
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
        f.write_str(self.code())?;
        if self.ordinal > 1 {
            write!(f, "-{}", self.ordinal)?;
        }
        Ok(())
    }
}

/// What a cue's words come to: as many numbers as there are ids of six characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordsHash(u32);

/// Counts how often words have been said. They are hashed already.
pub type Said = HashMap<WordsHash, u32, BuildHasherDefault<AsItIs>>;

/// Spreads a hash of 30 bits over the 64 that a map looks at.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, _: &[u8]) {
        unreachable!("what is hashed is one number");
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number) | u64::from(number) << 34;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The ids of cues, given the texts of each in the order of their language tags.
pub fn cue_ids<'t>(cues: impl Iterator<Item = Vec<&'t str>>) -> Vec<CueId> {
    let mut buffer = Vec::new();
    let mut said = Said::default();
    cues.map(|texts| {
        let hash = hash_words(texts.into_iter().filter(|text| !text.is_empty()), &mut buffer);
        let ordinal = said.entry(hash).or_default();
        *ordinal += 1;
        CueId::new(&hash, *ordinal)
    })
    .collect()
}

/// The first character is a letter, so that the id is a name in CSS too.
const FIRST: u32 = 24;
const REST: u32 = 32;

/// Hashes the words of a cue; case of ASCII letters, spaces and the usual punctuation of Latin and
/// Han text do not count. `buffer` is room to work in.
pub fn hash_words<'t>(texts: impl Iterator<Item = &'t str>, buffer: &mut Vec<u8>) -> WordsHash {
    let mut end = 0;
    for text in texts.map(str::as_bytes) {
        let room = end + text.len() + SPARE;
        if buffer.len() < room {
            buffer.resize(room.next_power_of_two(), 0);
        }
        let count = put_words(text, &mut buffer[end..]);
        if count == 0 {
            // Nothing but punctuation: then the punctuation is what was said.
            buffer[end..end + text.len()].copy_from_slice(text);
            end += text.len();
        }
        end += count;
        buffer[end] = 0;
        end += 1;
    }
    WordsHash((xxh3_64(&buffer[..end]) % u64::from(FIRST * REST.pow(5))) as u32)
}

/// What is written beyond the words: as much as is put in one step, and a mark where they end.
const SPARE: usize = 64 + size_of::<u64>();

/// Writes the letters and digits of a text to the front of `kept`, which has room for all of it and
/// `SPARE`; gives how many bytes they are. `text` is UTF-8.
fn put_words(text: &[u8], kept: &mut [u8]) -> usize {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vbmi2") {
            // SAFETY: the processor has just been asked for the features that are needed.
            return unsafe { sixty_four::put_words(text, kept) };
        }
        if is_x86_feature_detected!("ssse3") && is_x86_feature_detected!("popcnt") {
            // SAFETY: as above.
            return unsafe { sixteen::put_words(text, kept) };
        }
    }
    put_words_by_eight(text, kept)
}

/// The same on any processor.
fn put_words_by_eight(text: &[u8], kept: &mut [u8]) -> usize {
    let mut to = 0;
    let mut rest = text;
    while let Some(first) = rest.first() {
        if *first < 0x80 {
            let (word, count) = ascii_word(rest);
            to = push_ascii(word, kept, to);
            rest = &rest[count..];
            continue;
        }
        let mut run = 0;
        while let Some(0xe4..=0xe9) = rest.get(run) {
            run += 3;
        }
        let end = match first {
            0xe4..=0xe9 => run,
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        };
        let (characters, after) = rest.split_at(end.min(rest.len()));
        if !is_punctuation(characters) {
            kept[to..to + characters.len()].copy_from_slice(characters);
            to += characters.len();
        }
        rest = after;
    }
    to
}

/// The same for processors that put bytes in another order in one step.
#[cfg(target_arch = "x86_64")]
mod sixteen {
    use std::arch::x86_64::*;

    use super::put_marked;

    /// For each set of eight bytes, by its bits: where its members are, in order.
    static PLACES: [u64; 256] = places();

    const fn places() -> [u64; 256] {
        let mut places = [0; 256];
        let mut set = 0;
        while set < 256 {
            let (mut bit, mut count) = (0, 0);
            while bit < 8 {
                if set >> bit & 1 == 1 {
                    places[set] |= bit << (8 * count);
                    count += 1;
                }
                bit += 1;
            }
            set += 1;
        }
        places
    }

    /// Sixteen bytes of a text, looked at.
    struct Look {
        /// With large letters of ASCII made small.
        small: __m128i,
        /// A bit for each byte that is kept: letters and digits of ASCII, and all beyond it.
        kept: u32,
        /// A bit for each that begins a character of a row that holds punctuation.
        marks: u32,
    }

    #[target_feature(enable = "ssse3")]
    fn look(bytes: &[u8; 16]) -> Look {
        let halves = bytes.as_chunks().0;
        let half = |at: usize| i64::from_le_bytes(halves[at]);
        let all = _mm_set_epi64x(half(1), half(0));
        let each = |byte: u8| _mm_set1_epi8(byte as i8);
        let is_below = |bytes, count: u8| _mm_cmpeq_epi8(_mm_min_epu8(bytes, each(count - 1)), bytes);
        let letters = is_below(_mm_sub_epi8(_mm_or_si128(all, each(0x20)), each(b'a')), 26);
        let digits = is_below(_mm_sub_epi8(all, each(b'0')), 10);
        // 0xe2 and 0xe3 differ in their last bit.
        let in_rows = _mm_cmpeq_epi8(_mm_and_si128(all, each(0xfe)), each(0xe2));
        let others = _mm_or_si128(_mm_cmpeq_epi8(all, each(0xc2)), _mm_cmpeq_epi8(all, each(0xef)));
        Look {
            small: _mm_or_si128(all, _mm_and_si128(letters, each(0x20))),
            kept: (_mm_movemask_epi8(_mm_or_si128(letters, digits)) | _mm_movemask_epi8(all)) as u32,
            marks: _mm_movemask_epi8(_mm_or_si128(in_rows, others)) as u32,
        }
    }

    #[target_feature(enable = "ssse3")]
    fn lanes(bytes: __m128i) -> [u8; 16] {
        let high = _mm_cvtsi128_si64(_mm_srli_si128::<8>(bytes)) as u64;
        (u128::from(high) << 64 | u128::from(_mm_cvtsi128_si64(bytes) as u64)).to_le_bytes()
    }

    #[target_feature(enable = "ssse3,popcnt")]
    pub fn put_words(text: &[u8], kept: &mut [u8]) -> usize {
        let mut to = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let mut filled = [0; 16];
            let sixteen = rest.first_chunk().unwrap_or_else(|| {
                filled[..rest.len()].copy_from_slice(rest);
                &filled
            });
            let Look { small, kept: wanted, marks } = look(sixteen);
            // Up to the first that has to be looked at by itself, or all.
            let count = (marks | 1 << 16).trailing_zeros();
            let wanted = wanted & ((1 << count) - 1);
            if wanted == 0xffff {
                // Most of a text in Han characters: nothing to leave out.
                kept[to..to + 16].copy_from_slice(&lanes(small));
                to += 16;
                rest = &rest[16..];
                continue;
            }
            for (eight, set) in [(small, wanted & 0xff), (_mm_srli_si128::<8>(small), wanted >> 8)] {
                let places = _mm_cvtsi64_si128(PLACES[set as usize] as i64);
                let word = _mm_cvtsi128_si64(_mm_shuffle_epi8(eight, places));
                kept[to..to + 8].copy_from_slice(&word.to_le_bytes());
                to += set.count_ones() as usize;
            }
            rest = rest.get(count as usize..).unwrap_or_default();
            if marks != 0 {
                rest = put_marked(rest, kept, &mut to);
            }
        }
        to
    }
}

/// The same for processors that move bytes together in one step.
#[cfg(target_arch = "x86_64")]
mod sixty_four {
    use std::arch::x86_64::*;

    use super::put_marked;

    /// Up to 64 bytes of a text, looked at as `sixteen` does.
    struct Look {
        small: __m512i,
        kept: u64,
        marks: u64,
    }

    #[target_feature(enable = "avx512bw")]
    fn look(all: __m512i) -> Look {
        let each = |byte: u8| _mm512_set1_epi8(byte as i8);
        let is = |byte: u8| _mm512_cmpeq_epi8_mask(all, each(byte));
        let is_below = |bytes, count: u8| _mm512_cmplt_epu8_mask(bytes, each(count));
        let letters = is_below(_mm512_sub_epi8(_mm512_or_si512(all, each(0x20)), each(b'a')), 26);
        let digits = is_below(_mm512_sub_epi8(all, each(b'0')), 10);
        let upper = is_below(_mm512_sub_epi8(all, each(b'A')), 26);
        Look {
            small: _mm512_mask_add_epi8(all, upper, all, each(0x20)),
            kept: letters | digits | _mm512_movepi8_mask(all),
            marks: is(0xc2) | is(0xe2) | is(0xe3) | is(0xef),
        }
    }

    #[target_feature(enable = "avx512bw,avx512vbmi2,popcnt")]
    pub fn put_words(text: &[u8], kept: &mut [u8]) -> usize {
        let mut to = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let length = rest.len().min(64);
            // SAFETY: no byte behind the first `length` of `rest` is touched.
            let all = unsafe { _mm512_maskz_loadu_epi8(first(length), rest.as_ptr().cast()) };
            let Look { small, kept: wanted, marks } = look(all);
            // Up to the first that has to be looked at by itself, or all.
            let count = length.min(marks.trailing_zeros() as usize);
            let wanted = wanted & first(count);
            let room: &mut [u8; 64] = kept[to..].first_chunk_mut().expect("there is `SPARE` beyond the text");
            // SAFETY: `room` is as long as what is written.
            unsafe {
                _mm512_storeu_epi8(room.as_mut_ptr().cast(), _mm512_maskz_compress_epi8(wanted, small))
            };
            to += wanted.count_ones() as usize;
            rest = &rest[count..];
            if marks != 0 {
                rest = put_marked(rest, kept, &mut to);
            }
        }
        to
    }

    /// A bit for each of the first `count` bytes.
    fn first(count: usize) -> u64 {
        if count < 64 { (1 << count) - 1 } else { u64::MAX }
    }
}

/// Puts the character that a text begins with, of two bytes or three, behind those that are kept,
/// unless it is punctuation; gives what follows it.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn put_marked<'t>(text: &'t [u8], kept: &mut [u8], to: &mut usize) -> &'t [u8] {
    let length = if text[0] == 0xc2 { 2 } else { 3 };
    let (character, after) = text.split_at(length.min(text.len()));
    if !is_punctuation(character) {
        kept[*to..*to + character.len()].copy_from_slice(character);
        *to += character.len();
    }
    after
}

/// One byte in each of eight.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The ASCII that a text begins with, eight bytes of it at most, the first in the lowest place, and
/// how many they are. Places without one are 0.
fn ascii_word(text: &[u8]) -> (u64, usize) {
    let (word, count) = match text.first_chunk::<8>() {
        Some(eight) => (u64::from_le_bytes(*eight), 8),
        None => {
            let mut eight = [0; 8];
            eight[..text.len()].copy_from_slice(text);
            (u64::from_le_bytes(eight), text.len())
        }
    };
    let beyond = word & each(0x80);
    if beyond == 0 {
        return (word, count);
    }
    let count = beyond.trailing_zeros() / 8;
    (word & !(u64::MAX << (count * 8)), count as usize)
}

/// Writes the letters, made small, and digits among eight bytes of ASCII to `kept` from `to` on;
/// gives where they end.
fn push_ascii(word: u64, kept: &mut [u8], mut to: usize) -> usize {
    // With a byte below 0x80, adding 0x80 - n sets its highest bit if it is n or more.
    let from = |word: u64, least: u8| word.wrapping_add(each(0x80 - least));
    // A digit has this bit already.
    let mut small = word | each(0x20);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(word, b'0') & !from(word, b'9' + 1);
    let mut dropped = !(letters | digits) & each(0x80);
    let mut left = 8;
    while dropped != 0 {
        let before = dropped.trailing_zeros() as usize / 8;
        kept[to..to + 8].copy_from_slice(&small.to_le_bytes());
        to += before;
        left -= before + 1;
        // Two steps: all eight bytes may be done.
        small = small >> (before * 8) >> 8;
        dropped = dropped >> (before * 8) >> 8;
    }
    kept[to..to + 8].copy_from_slice(&small.to_le_bytes());
    to + left
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
    fn an_id_is_read_as_it_is_written() {
        for text in ["pkki69", "pkki69-2", "pkki69-17"] {
            assert_eq!(CueId::parse(text).map(|id| id.to_string()).as_deref(), Some(text));
        }
        for text in [
            "",
            "pkki6",
            "pkki699",
            "pkkio9",
            "2kki69",
            "pkki69-1",
            "pkki69-02",
            "pkki69-",
            "灯",
            "pkki6\u{1}",
        ] {
            assert_eq!(CueId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn punctuation_and_case_do_not_change_an_id() {
        assert_eq!(id(&["对吧?", "Right?"]), id(&["对吧？", "right"]));
        assert_ne!(id(&["对吧?", "Right?"]), id(&["对的?", "Right?"]));
        assert_ne!(id(&["ab", "c"]), id(&["a", "bc"]));
        assert_ne!(id(&["…"]), id(&["?!"]));
    }

    type PutWords = fn(&[u8], &mut [u8]) -> usize;

    /// All that this processor can run.
    fn forms() -> Vec<PutWords> {
        let mut forms: Vec<PutWords> = vec![put_words, put_words_by_eight];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("ssse3") && is_x86_feature_detected!("popcnt") {
            // SAFETY: the processor has just been asked for the features that are needed.
            forms.push(|text, kept| unsafe { sixteen::put_words(text, kept) });
        }
        forms
    }

    #[test]
    fn what_counts_is_the_same_wherever_it_stands() {
        let one_by_one = |text: &str| -> Vec<u8> {
            let mut kept = Vec::new();
            for character in text.chars() {
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).as_bytes();
                match character {
                    '\0'..='\x7f' if !character.is_ascii_alphanumeric() => {}
                    '\0'..='\x7f' => kept.push(bytes[0].to_ascii_lowercase()),
                    _ if is_punctuation(bytes) => {}
                    _ => kept.extend_from_slice(bytes),
                }
            }
            kept
        };
        let all: String = ('\0'..='\u{ff}').chain("一鿿。，「ｚ！龥中Ωℓ—’𠮷".chars()).collect();
        let texts = (0..40).flat_map(|skip| (0..60).map(move |take| (skip * 7, take)));
        for (skip, take) in texts {
            let text: String = all.chars().skip(skip).take(take).collect();
            for put_words in forms() {
                let mut kept = vec![b'x'; text.len() + SPARE];
                let count = put_words(text.as_bytes(), &mut kept);
                assert_eq!(kept[..count], one_by_one(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn an_id_is_a_name_and_stays_the_same_in_every_version() {
        let stable = id(&["Hello there."]);
        assert_eq!(stable.len(), 6);
        assert!(stable.starts_with(|c: char| c.is_ascii_lowercase()));
        assert_eq!(stable, "pkki69", "links to published lines would break");
    }
}
