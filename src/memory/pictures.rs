//! What came of each picture, and its smaller copies: kept so that a picture is unpacked once.
//! Never decides which pictures there are.

use foldhash::HashMap;

use super::{Memory, encoded};
use crate::key::{Key, key_of_bytes};
use crate::picture::{Outcome, Smaller};
use crate::publish::cache::Kept;
use crate::read::WorldError;

const PICTURES: &str = "pictures";

/// What is remembered of pictures, by the keys of their bytes.
pub type Known = HashMap<Key, Outcome>;

impl Memory {
    pub(super) fn load_pictures(&mut self) {
        let known: Vec<(Key, Outcome)> = self.kept(PICTURES).unwrap_or_default();
        self.pictures = known.into_iter().collect();
    }

    /// What came of a picture before.
    pub fn picture(&self, key: Key) -> Option<&Outcome> {
        self.pictures.get(&key)
    }

    /// The bytes of a copy, if they were kept and are still right.
    pub fn copy_of_picture(&self, key: Key, copy: &Smaller) -> Option<Vec<u8>> {
        match self.cache.load(&name(key, copy)) {
            Kept::Bytes(bytes) if key_of_bytes(&bytes) == copy.hash => Some(bytes),
            _ => None,
        }
    }

    /// Keeps the bytes of a copy. Where they cannot be kept they are made again.
    pub fn keep_copy(&self, key: Key, copy: &Smaller, bytes: &[u8]) {
        if self.began.is_some() {
            let _ = self.cache.save(&name(key, copy), bytes);
        }
    }

    /// Keeps what came of `new` pictures; with `is_all`, nothing else is worth keeping any more.
    pub fn keep_pictures(&mut self, new: Known, is_all: bool) -> Option<WorldError> {
        let old = self.pictures.iter().filter(|(key, _)| !new.contains_key(key));
        let old: Vec<_> = old.map(|(key, outcome)| (*key, outcome.clone())).collect();
        if new.keys().all(|key| self.pictures.contains_key(key)) && (old.is_empty() || !is_all) {
            return None;
        }
        let mut all = new;
        if !is_all {
            all.extend(old);
        } else {
            for (key, outcome) in old {
                let Outcome::Shrunk(picture) = outcome else { continue };
                picture.copies.iter().for_each(|copy| self.cache.remove(&name(key, copy)));
            }
        }
        let mut kept: Vec<_> = all.iter().collect();
        kept.sort_unstable_by_key(|(key, _)| u128::from(**key));
        let saved = self.cache.save(PICTURES, &encoded(&kept)).err();
        self.pictures = all;
        saved
    }
}

fn name(key: Key, copy: &Smaller) -> String {
    format!("picture-{:032x}-{}", u128::from(key), copy.width)
}
