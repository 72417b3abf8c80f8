//! The keys of the project's files, from memory where a file has not been written since, else
//! from its bytes. Never keeps the bytes.

use std::sync::{Arc, Mutex};

use foldhash::HashMap;

use crate::key::{Key, key_of_bytes};
use crate::memory::Memory;
use crate::read::{File, WorldError, read_key, read_text};
use crate::table::Findings;

/// Files and what is known of their bytes. Many threads may ask at once.
pub struct Files<'m> {
    memory: &'m Memory,
    /// Keys of files that memory did not know, by name.
    found: Mutex<HashMap<Arc<str>, Key>>,
}

/// A file that was asked for: its key, and its bytes where they had to be read for it.
pub struct Keyed {
    pub key: Key,
    pub bytes: Option<Vec<u8>>,
}

impl<'m> Files<'m> {
    pub fn new(memory: &'m Memory) -> Files<'m> {
        Files { memory, found: Mutex::default() }
    }

    pub fn memory(&self) -> &'m Memory {
        self.memory
    }

    /// A text file's key, with its bytes where these had to be read; nothing, and a finding, for
    /// one that is too large.
    pub fn look(&self, file: &File, findings: &Findings) -> Result<Option<Keyed>, WorldError> {
        if let Some(key) = self.memory.key_of_file(file) {
            return Ok(Some(Keyed { key, bytes: None }));
        }
        let Some(bytes) = read_text(file, findings)? else {
            return Ok(None);
        };
        let key = key_of_bytes(&bytes);
        self.note(file, key);
        Ok(Some(Keyed { key, bytes: Some(bytes) }))
    }

    /// A file's key, if it is known without reading the file.
    pub fn known(&self, file: &File) -> Option<Key> {
        self.memory.key_of_file(file).or_else(|| self.found().get(&file.name).copied())
    }

    /// A file's key, however large the file is. Each file is read once.
    pub fn key(&self, file: &File) -> Result<Key, WorldError> {
        if let Some(key) = self.known(file) {
            return Ok(key);
        }
        let key = read_key(file)?;
        self.note(file, key);
        Ok(key)
    }

    /// Takes down the key of a file that was read.
    pub fn note(&self, file: &File, key: Key) {
        self.found().insert(file.name.clone(), key);
    }

    fn found(&self) -> std::sync::MutexGuard<'_, HashMap<Arc<str>, Key>> {
        self.found.lock().expect("nothing panics while it holds this lock")
    }

    /// The keys that were found and memory does not know.
    pub fn into_found(self) -> HashMap<Arc<str>, Key> {
        self.found.into_inner().expect("nothing panics while it holds this lock")
    }
}
