//! Keys: hashes of what something is made of. Two things of one key are made of the same.
//! Never used beyond this very program: how a value is written for hashing may change.

use std::cell::RefCell;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

/// XXH3, 128 bits.
pub type Key = u128;

/// The key of a value: of every field that it serialises.
pub fn key_of(value: &(impl Serialize + ?Sized)) -> Key {
    thread_local! {
        static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    ROOM.with(|room| {
        let mut bytes = std::mem::take(&mut *room.borrow_mut());
        bytes.clear();
        let bytes = postcard::to_extend(value, bytes).expect("plain data can always be written");
        let key = xxh3_128(&bytes);
        *room.borrow_mut() = bytes;
        key
    })
}

/// The key of a file's bytes.
pub fn key_of_bytes(bytes: &[u8]) -> Key {
    xxh3_128(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_where_one_text_ends_and_the_next_begins() {
        assert_eq!(key_of(&("ab", "c")), key_of(&("ab".to_owned(), "c")));
        assert_ne!(key_of(&("ab", "c")), key_of(&("a", "bc")));
        assert_ne!(key_of(&[1u32, 2]), key_of(&[1u32, 3]));
    }
}
