//! What one build leaves for the next: which files it saw, what it took from each episode, what
//! it made each page of. Every part may be missing or wrong; then it is found out anew, and the
//! site is the same. Never decides what a page shows.

mod pictures;
mod records;
mod shards;

use std::path::Path;
use std::sync::Arc;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::publish::Fingerprint;
use crate::publish::cache::{Cache, Kept};
use crate::read::{File, Stamp, WorldError};
use crate::slug::SitePath;

pub use pictures::Known;
pub use records::{Record, Remembered, Sources, Written};
pub use shards::{News, Place, Shards, places as record_places};

const FILES: &str = "files";
const SITE: &str = "site";

/// A build's memory of the last one.
pub struct Memory {
    cache: Cache,
    /// The time when the build began, by the disk's clock. A file that is as old or older may
    /// still be written without its stamp showing it.
    began: Option<i64>,
    /// Keys of files by name, with the stamps they were read under.
    files: HashMap<Arc<str>, (Stamp, Key)>,
    pub digests: Shards,
    pictures: Known,
    pub site: SiteMemory,
    /// Whether something was kept that could not be used.
    pub damaged: bool,
    /// Whether all is here that was kept: it need not be loaded.
    is_loaded: bool,
    /// Whether the next build will ask this very memory.
    pub stays: bool,
}

/// The site as the last build published it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SiteMemory {
    /// What the build was asked, of which files; nothing where that cannot be vouched for.
    pub asked: Option<Key>,
    pub files: Vec<FileMemory>,
    /// Of all claims to paths of the site.
    pub claims: Key,
    /// Of each file of the theme that was made shorter: the key of its bytes before, and hash and
    /// length of those after.
    pub theme: Vec<(Key, (Key, u64))>,
    /// What the build reported after it had listed the files, but for `foreign`.
    pub findings: Vec<Diagnostic>,
    /// Files in the output folder that are not ours.
    pub foreign: Vec<String>,
    pub episodes: usize,
    pub cues: usize,
    pub pages: usize,
    /// Size of the whole site.
    pub bytes: u64,
}

/// One file of the site.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FileMemory {
    pub path: String,
    /// What it was made of.
    pub key: Key,
    /// Hash and length of its bytes.
    pub print: (Key, u64),
    /// What was reported while it was made.
    pub findings: Vec<Diagnostic>,
    /// Of the page of an episode: all the files that are made of it.
    pub whole: Option<Whole>,
}

/// The files of an episode, which stand in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// What they are made of.
    pub key: Key,
    pub count: usize,
}

impl FileMemory {
    pub fn of(path: &SitePath, key: Key, print: Fingerprint, findings: Vec<Diagnostic>) -> FileMemory {
        let print = (print.hash.into(), print.len);
        FileMemory { path: path.as_str().to_owned(), key, print, findings, whole: None }
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint { hash: self.print.0.into(), len: self.print.1 }
    }
}

impl Memory {
    /// No memory, of nothing.
    pub fn blank() -> Memory {
        Memory {
            began: None,
            cache: Cache::of(Path::new("")),
            files: HashMap::default(),
            digests: Shards::default(),
            pictures: Known::default(),
            site: SiteMemory::default(),
            damaged: false,
            is_loaded: false,
            stays: false,
        }
    }

    /// The memory of a build that came before in this process, for the next one.
    pub fn again(self) -> Memory {
        Memory { began: self.cache.now().ok(), ..self }
    }

    /// Opens the memory of the project at `root`; with `blank`, as if nothing had been built.
    pub fn open(root: &Path, blank: bool) -> Memory {
        let cache = Cache::of(root);
        let mut memory = Memory { began: cache.now().ok(), cache, ..Memory::blank() };
        if !blank {
            memory.site = memory.kept(SITE).unwrap_or_default();
        }
        memory
    }

    /// The memory of a project that is not what it should be, and from which nothing is taken.
    pub fn forgotten(root: &Path) -> Memory {
        Memory { damaged: true, is_loaded: true, ..Memory::open(root, true) }
    }

    /// No memory but of pictures: what came of one can only be the same again.
    pub fn of_pictures(root: &Path) -> Memory {
        let mut memory = Memory { cache: Cache::of(root), ..Memory::blank() };
        memory.load_pictures();
        memory
    }

    /// Loads what is needed where something has changed.
    pub fn load(&mut self) {
        if std::mem::replace(&mut self.is_loaded, true) {
            return;
        }
        let files: Vec<(Arc<str>, Stamp, Key)> = self.kept(FILES).unwrap_or_default();
        self.files = files.into_iter().map(|(name, stamp, key)| (name, (stamp, key))).collect();
        self.load_pictures();
        self.digests = Shards::load(&self.cache, self.stays);
        self.damaged |= self.digests.is_damaged();
    }

    fn kept<T: for<'de> Deserialize<'de>>(&mut self, name: &str) -> Option<T> {
        let found = match self.cache.load(name) {
            Kept::Nothing => return None,
            Kept::Bytes(bytes) => decoded(&bytes),
            Kept::Unusable => None,
        };
        self.damaged |= found.is_none();
        found
    }

    /// The key of a file's bytes, if it has not been written since it was read.
    pub fn key_of_file(&self, file: &File) -> Option<Key> {
        let (stamp, key) = self.files.get(&file.name)?;
        (*stamp == file.stamp).then_some(*key)
    }

    /// Hash and length of what a file of the theme is when it is made shorter.
    pub fn minified(&self, written: Key) -> Option<(Key, u64)> {
        self.site.theme.iter().find(|(own, _)| *own == written).map(|(_, short)| *short)
    }

    /// Whether a file cannot be written any more without its stamp changing.
    fn is_settled(&self, file: &File) -> bool {
        self.began.is_some_and(|began| file.stamp.latest() < began)
    }

    /// What a build is asked to do, of which files; nothing where one of them was written just now.
    pub fn asked<'f>(&self, options: &impl Serialize, files: impl Iterator<Item = &'f File>) -> Option<Key> {
        let mut seen = Vec::new();
        for file in files {
            if !self.is_settled(file) {
                return None;
            }
            seen.push((&file.name, file.stamp));
        }
        Some(key_of(&(options, seen)))
    }

    /// Keeps what is known of an archive's `files` and episodes. `found` has the keys that are new;
    /// `digests` says of each episode whether there is something new to be kept, which `fresh`
    /// gives. What cannot be kept is only slower to find next time; gives why.
    pub fn keep_sources<'f>(
        &mut self,
        files: impl Iterator<Item = &'f File>,
        found: &HashMap<Arc<str>, Key>,
        digests: &[(Arc<str>, News)],
        fresh: impl Fn(&str) -> Option<Written> + Sync,
    ) -> Option<WorldError> {
        let known = |file: &File| self.key_of_file(file).or_else(|| found.get(&file.name).copied());
        let files: Vec<(Arc<str>, Stamp, Key)> = files
            .filter(|file| self.is_settled(file))
            .filter_map(|file| Some((file.name.clone(), file.stamp, known(file)?)))
            .collect();
        let is_known = !self.damaged
            && files.len() == self.files.len()
            && files.iter().all(|(name, stamp, key)| self.files.get(name) == Some(&(*stamp, *key)));
        let kept = if is_known { Ok(()) } else { self.cache.save(FILES, &encoded(&files)) };
        if self.stays && !is_known {
            self.files = files.into_iter().map(|(name, stamp, key)| (name, (stamp, key))).collect();
        }
        self.damaged = false;
        kept.and(self.digests.save(digests, fresh, &self.cache, self.stays)).err()
    }

    /// Keeps what is known of the site that was published.
    pub fn keep_site(&mut self, site: SiteMemory) -> Option<WorldError> {
        let kept = self.cache.save(SITE, &encoded(&site));
        self.site = site;
        kept.err()
    }
}

/// A value as bytes.
pub fn encoded(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("plain data can always be written")
}

/// A value of exactly these bytes.
pub fn decoded<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Option<T> {
    begun(bytes).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

/// A value that bytes begin with, and the rest of them.
pub fn begun<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Option<(T, &'de [u8])> {
    postcard::take_from_bytes(bytes).ok()
}
