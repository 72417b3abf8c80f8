//! The folder in which a build's new files gather. Never there before the first of them, and
//! never reads.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use foldhash::HashSet;

use super::journal::Staging;
use super::manifest::folders;
use super::place::Place;
use crate::read::WorldError;

/// Why a lock cannot be poisoned.
pub const NO_PANIC: &str = "nothing panics while it holds this lock";

/// In how many parts the set of folders is kept, so that threads seldom wait for each other.
const PARTS: usize = 16;

/// Staging, made when it is first needed. Many threads may use it at once.
#[derive(Debug, Default)]
pub struct LazyStaging {
    staging: OnceLock<Staging>,
    making: Mutex<()>,
    /// Folders that exist in it, by hash of their paths.
    made: [Mutex<HashSet<Box<str>>>; PARTS],
}

impl LazyStaging {
    pub fn get(&self) -> Option<&Staging> {
        self.staging.get()
    }

    /// # Errors
    /// Failures of the disk.
    pub fn get_or_make(&self, place: &Place) -> Result<&Staging, WorldError> {
        if let Some(staging) = self.staging.get() {
            return Ok(staging);
        }
        let _making = self.making.lock().expect(NO_PANIC);
        match self.staging.get() {
            Some(staging) => Ok(staging),
            None => {
                let staging = make(place)?;
                Ok(self.staging.get_or_init(|| staging))
            }
        }
    }

    /// Opens a new file for writing, with its folder made.
    ///
    /// # Errors
    /// Failures of the disk.
    pub fn create(&self, place: &Place, path: &str) -> Result<(PathBuf, File), WorldError> {
        let mut target = self.get_or_make(place)?.new_files();
        if let Some(folder) = folders(path).next() {
            self.make_folder(&target, folder)?;
        }
        target.push(path);
        let file = File::create(&target).map_err(|error| WorldError::new("write", &target, error))?;
        Ok((target, file))
    }

    /// Writes a new file of these pieces, with its folder made.
    ///
    /// # Errors
    /// Failures of the disk.
    pub fn write(&self, place: &Place, path: &str, pieces: &[&[u8]]) -> Result<(), WorldError> {
        let (target, mut file) = self.create(place, path)?;
        let mut write = |piece: &&[u8]| file.write_all(piece);
        pieces.iter().try_for_each(&mut write).map_err(|error| WorldError::new("write", &target, error))
    }

    fn make_folder(&self, new_files: &Path, folder: &str) -> Result<(), WorldError> {
        let part = &self.made[xxhash_rust::xxh3::xxh3_64(folder.as_bytes()) as usize % PARTS];
        if part.lock().expect(NO_PANIC).contains(folder) {
            return Ok(());
        }
        let target = new_files.join(folder);
        match there(fs::create_dir(&target)) {
            Err(error) if error.kind() == ErrorKind::NotFound && folder.contains('/') => {
                self.make_folder(new_files, folders(folder).next().unwrap_or_default())?;
                there(fs::create_dir(&target))
            }
            result => result,
        }
        .map_err(|error| WorldError::new("create", &target, error))?;
        part.lock().expect(NO_PANIC).insert(folder.into());
        Ok(())
    }
}

/// Another thread may have made it.
fn there(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// Makes an empty staging folder beside the output folder; or in it, where files could not be
/// renamed from one to the other since it is a file system of its own.
fn make(place: &Place) -> Result<Staging, WorldError> {
    let created = |path: &Path| fs::create_dir(path).map_err(|error| WorldError::new("create", path, error));
    let [beside, inside] = place.stagings();
    let staging = if place.exists {
        created(&inside)?;
        match fs::rename(&inside, &beside) {
            Ok(()) => Staging(beside),
            Err(_) => Staging(inside),
        }
    } else {
        created(&beside)?;
        Staging(beside)
    };
    match created(&staging.new_files()) {
        Ok(()) => Ok(staging),
        Err(error) => {
            // Best effort: the next build removes what this cannot.
            let _ = staging.remove();
            Err(error)
        }
    }
}
