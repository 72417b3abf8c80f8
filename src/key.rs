//! Keys: hashes of what something is made of. Two things of one key are made of the same.
//! Never used beyond this very program: how a value is written for hashing may change.

use std::cell::RefCell;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

/// XXH3, 128 bits. Written as 16 bytes: a number would be written seven bits at a time, and keys are
/// most of what keys are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key(u128);

impl From<u128> for Key {
    fn from(hash: u128) -> Key {
        Key(hash)
    }
}

impl From<Key> for u128 {
    fn from(key: Key) -> u128 {
        key.0
    }
}

impl Key {
    /// What an address says of the bytes it leads to, so that it changes with them: `name.css?v=…`.
    pub fn version(self) -> String {
        format!("{:08x}", self.0 as u32)
    }
}

/// As a text that tells it from others.
impl std::fmt::LowerHex for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        std::fmt::LowerHex::fmt(&self.0, f)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0.to_le_bytes())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Key;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("16 bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Key, E> {
                let bytes = bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))?;
                Ok(Key(u128::from_le_bytes(bytes)))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// How much room is kept for the next value, in bytes: what lists all episodes takes megabytes.
const ROOM_KEPT: usize = 64 * 1024;

/// The key of a value: of every field that it serialises.
pub fn key_of(value: &(impl Serialize + ?Sized)) -> Key {
    thread_local! {
        static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    ROOM.with(|room| {
        let mut bytes = std::mem::take(&mut *room.borrow_mut());
        bytes.clear();
        let bytes = postcard::to_extend(value, bytes).expect("plain data can always be written");
        let key = key_of_bytes(&bytes);
        if bytes.capacity() <= ROOM_KEPT {
            *room.borrow_mut() = bytes;
        }
        key
    })
}

/// The key of a file's bytes.
pub fn key_of_bytes(bytes: &[u8]) -> Key {
    Key(xxh3_128(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_out_as_it_went_in() {
        let kept = postcard::to_stdvec(&key_of("a")).expect("plain data");
        assert_eq!(postcard::from_bytes(&kept), Ok(key_of("a")));
        assert!(postcard::from_bytes::<Key>(&[1, 0]).is_err(), "too short");
    }

    #[test]
    fn a_key_tells_where_one_text_ends_and_the_next_begins() {
        assert_eq!(key_of(&("ab", "c")), key_of(&("ab".to_owned(), "c")));
        assert_ne!(key_of(&("ab", "c")), key_of(&("a", "bc")));
        assert_ne!(key_of(&[1u32, 2]), key_of(&[1u32, 3]));
    }
}
