//! Gathers a build's files beside the output folder, and those that are there already by name.
//! Never changes anything in the output folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::copy::{CHUNK, copy};
use super::lock::Lock;
use super::manifest::{Fingerprint, Listing, Owned, is_safe, unsafe_path};
use super::place::Place;
use super::recover::{Recovered, recover_locked};
use super::staging::{LazyStaging, NO_PANIC};
use super::there::There;
use crate::read::WorldError;
use crate::slug::SitePath;

/// In how many parts the list of new files is kept, so that threads seldom wait for each other.
const PARTS: usize = 16;

/// One build's files on their way into the output folder. Many threads may put at once. Dropped
/// without a commit, it leaves no trace.
#[derive(Debug)]
pub struct Transaction {
    pub(super) place: Place,
    pub(super) force: bool,
    /// Whether the files of the last build are believed to be there.
    believes: bool,
    /// What was to be done about a build before this one.
    recovered: Recovered,
    /// The manifest of the last build, and whether there is one that we wrote.
    pub(super) last: Listing,
    pub(super) has_last: bool,
    /// Where each of its files is in the list, by hash of the path.
    places: HashMap<u64, u32>,
    there: There,
    /// For each file of the last build, whether it stays as it is.
    pub(super) kept: Vec<AtomicBool>,
    /// The files that lie in staging.
    staged: [Mutex<Vec<Owned>>; PARTS],
    pub(super) staging: LazyStaging,
    /// Whether staging has a journal that is not carried out, and must stay.
    pub(super) is_pending: AtomicBool,
    /// Let go last of all.
    _lock: Lock,
}

impl Transaction {
    /// Locks the output folder, recovers what a killed build left, and reads the manifest of the
    /// last build. Makes the folders above the output folder where there are none; touches
    /// nothing in it. With `force`, every file counts as changed.
    ///
    /// # Errors
    /// An output path that is no folder or has no name, another build into it that is under way,
    /// and failures of the disk.
    pub fn begin(output: &Path, force: bool) -> Result<Transaction, WorldError> {
        let mut place = Place::make(output)?;
        let lock = Lock::take(&place)?;
        let recovered = recover_locked(&place)?;
        // What was recovered may be a first build.
        place.exists = place.output.is_dir();
        let last = Listing::read(&place.output)?;
        let has_last = last.is_some();
        let last = last.unwrap_or_default();
        Ok(Transaction {
            force,
            believes: false,
            recovered,
            kept: last.files().iter().map(|_| AtomicBool::new(false)).collect(),
            there: There::of(&place.output),
            places: places(&last),
            last,
            has_last,
            staged: Default::default(),
            staging: LazyStaging::default(),
            is_pending: AtomicBool::new(false),
            place,
            _lock: lock,
        })
    }

    /// Believes, or not, that the files of the last build are there, by its list alone. Only who
    /// looks again later should.
    pub fn believing(mut self, believes: bool) -> Transaction {
        self.believes = believes;
        self
    }

    /// What beginning did about a build that was killed.
    pub fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// How many files the last build left, if it did.
    pub fn last_count(&self) -> Option<usize> {
        self.has_last.then(|| self.last.files().len())
    }

    /// Whether something is at a path of the output folder.
    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.place.output.join(path)).is_ok()
    }

    /// Whether the last build left this file with these bytes and it is still there, by its
    /// length. Nothing is noted.
    pub fn holds(&self, path: &str, fingerprint: Fingerprint) -> bool {
        let last = self.find(path).map(|index| self.last.files()[index].fingerprint);
        !self.force && last == Some(fingerprint) && self.is_there(path, fingerprint.len)
    }

    /// Whether the last build left this file with these bytes and it is still there, by its
    /// length. Then it is noted as a file of this build too, which needs not be put; else nothing
    /// is noted. Always false with `force`.
    pub fn keep(&self, path: &str, fingerprint: Fingerprint) -> bool {
        self.keep_if(path, |last| last == fingerprint)
    }

    fn keep_if(&self, path: &str, is_wanted: impl Fn(Fingerprint) -> bool) -> bool {
        let Some(index) = self.find(path).filter(|_| !self.force) else { return false };
        let last = self.last.files()[index].fingerprint;
        let is_kept = is_wanted(last) && self.is_there(path, last.len);
        if is_kept {
            self.kept[index].store(true, Ordering::Relaxed);
        }
        is_kept
    }

    /// Gives one file's bytes, and gets their fingerprint. Writes them into staging unless the
    /// last build's are the same. Each path is put once: the registry sees to that.
    ///
    /// # Errors
    /// A path that leads out of the output folder or cannot be listed in a manifest, and failures
    /// of the disk.
    pub fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Fingerprint, WorldError> {
        self.put_pieces(path, &[bytes])
    }

    /// As `put`, for a file whose bytes come in pieces.
    ///
    /// # Errors
    /// As `put`.
    pub fn put_pieces(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError> {
        let path = self.checked(path)?;
        let fingerprint = match pieces {
            [whole] => Fingerprint::of(whole),
            _ => Fingerprint::of_pieces(pieces),
        };
        if !self.keep_if(path, |last| last == fingerprint) {
            self.staging.write(&self.place, path, pieces)?;
            self.note(path, fingerprint);
        }
        Ok(fingerprint)
    }

    /// Gives a file's bytes in place of those that were put before.
    ///
    /// # Errors
    /// As `put`.
    pub fn put_again(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError> {
        if let Some(index) = self.find(path.as_str()) {
            self.kept[index].store(false, Ordering::Relaxed);
        }
        for part in &self.staged {
            part.lock().expect(NO_PANIC).retain(|file| &*file.path != path.as_str());
        }
        self.put_pieces(path, pieces)
    }

    /// Gives one file as a copy of `from`, in pieces of bounded size, and gets its fingerprint. A
    /// symbolic link is copied as what it leads to.
    ///
    /// # Errors
    /// As `put`, and where `from` cannot be read.
    pub fn put_file(&self, path: &SitePath, from: &Path) -> Result<Fingerprint, WorldError> {
        let unread = |error| WorldError::new("read", from, error);
        let mut file = File::open(from).map_err(unread)?;
        let len = file.metadata().map_err(unread)?.len();
        if len <= CHUNK as u64 {
            let mut bytes = Vec::with_capacity(len as usize + 1);
            file.read_to_end(&mut bytes).map_err(unread)?;
            return self.put(path, &bytes);
        }
        self.put_long_file(self.checked(path)?, from, len)
    }

    fn put_long_file(&self, path: &str, from: &Path, len: u64) -> Result<Fingerprint, WorldError> {
        let last = self.find(path).map(|index| self.last.files()[index].fingerprint);
        if !self.force && last.is_some_and(|last| last.len == len) {
            let fingerprint = copy(from, &mut io::sink(), from)?;
            if self.keep_if(path, |last| last == fingerprint) {
                return Ok(fingerprint);
            }
        }
        let (target, mut file) = self.staging.create(&self.place, path)?;
        let fingerprint = copy(from, &mut file, &target)?;
        self.note(path, fingerprint);
        Ok(fingerprint)
    }

    /// Where a file of the last build is in its list: asked of every file of a site.
    fn find(&self, path: &str) -> Option<usize> {
        let at = *self.places.get(&xxh3_64(path.as_bytes()))? as usize;
        // Two paths may have one hash.
        if *self.last.files()[at].path == *path { Some(at) } else { self.last.find(path) }
    }

    /// Whether a file of the last build is there with its length.
    fn is_there(&self, path: &str, len: u64) -> bool {
        self.believes || self.there.len(path) == Some(len)
    }

    fn checked<'a>(&self, path: &'a SitePath) -> Result<&'a str, WorldError> {
        let path = path.as_str();
        if is_safe(path) { Ok(path) } else { Err(unsafe_path(&self.place.output.join(path))) }
    }

    fn note(&self, path: &str, fingerprint: Fingerprint) {
        let part = &self.staged[rayon::current_thread_index().unwrap_or_default() % PARTS];
        part.lock().expect(NO_PANIC).push(Owned { path: path.into(), fingerprint });
    }

    /// The files in staging, which are handed over.
    pub(super) fn staged(&self) -> Listing {
        let parts = self.staged.iter();
        Listing::new(parts.flat_map(|part| std::mem::take(&mut *part.lock().expect(NO_PANIC))).collect())
    }
}

/// Where each file of a list is, by hash of its path.
fn places(listing: &Listing) -> HashMap<u64, u32> {
    let files = listing.files().iter().zip(0..);
    files.map(|(file, at)| (xxh3_64(file.path.as_bytes()), at)).collect()
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(staging) = self.staging.get().filter(|_| !self.is_pending.load(Ordering::Relaxed)) {
            // The next build removes what this cannot.
            let _ = staging.remove();
        }
    }
}
