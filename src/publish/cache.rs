//! Keeps bytes between builds, in files that may be deleted at any time. Never trusts them: each
//! says which program wrote it and carries its own checksum. Never looks into what it keeps.

use std::fs;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use xxhash_rust::xxh3::xxh3_128;

use crate::read::{Stamp, WorldError};

/// The cache's folder in a project.
const FOLDER: &str = ".diglot/cache";
/// How every file of the cache begins.
const MAGIC: &[u8; 16] = b"diglot cache  1\n";
/// The program that may read it again: the very one that wrote it.
const IDENTITY: &[u8; 32] = match env!("DIGLOT_IDENTITY").as_bytes().first_chunk() {
    Some(identity) => identity,
    None => panic!("build.rs gives 32 digits"),
};
const HEADER: usize = MAGIC.len() + IDENTITY.len() + 16;

/// A project's cache.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// What a file of the cache turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    /// Damaged, or another program's.
    Unusable,
    Bytes(Vec<u8>),
}

impl Cache {
    pub fn of(root: &Path) -> Cache {
        Cache { folder: root.join(FOLDER) }
    }

    /// What was kept under a name.
    pub fn load(&self, name: &str) -> Kept {
        load_sealed(&self.folder.join(name))
    }

    /// Keeps bytes under a name in place of what was there; whole or not at all.
    pub fn save(&self, name: &str, bytes: &[u8]) -> Result<(), WorldError> {
        let path = self.folder.join(name);
        // Two builds that write it at once spoil it, and its checksum says so.
        let fresh = self.folder.join(format!("{name}.new"));
        let write = |mut file: fs::File| file.write_all(&header(bytes)).and_then(|()| file.write_all(bytes));
        let result = fs::File::create(&fresh).and_then(write).and_then(|()| fs::rename(&fresh, &path));
        result.map_err(|error| {
            let _ = fs::remove_file(&fresh);
            WorldError::new("write", &path, error)
        })
    }

    /// What was kept under a name, to be read part by part.
    pub fn parts(&self, name: &str) -> Parts {
        Parts { path: self.folder.join(name), file: Mutex::default() }
    }

    /// Lets go of what was kept under a name.
    pub fn remove(&self, name: &str) {
        // What cannot be removed is only in the way.
        let _ = fs::remove_file(self.folder.join(name));
    }

    /// Makes the folder, and a file in it to tell the time by: the clock of the disk, as stamps of
    /// files have it. A file that is written from now on has a time no earlier.
    pub fn now(&self) -> Result<i64, WorldError> {
        let path = self.folder.join("now");
        let tell = || {
            if !self.folder.is_dir() {
                fs::create_dir_all(&self.folder)?;
                // No version control takes it up.
                fs::write(self.folder.with_file_name(".gitignore"), b"*\n")?;
            }
            fs::write(&path, b"")?;
            Ok(Stamp::of(&fs::metadata(&path)?).latest())
        };
        tell().map_err(|error| WorldError::new("write", &path, error))
    }
}

/// A file of the cache that is read part by part. Vouches for none of them: who asks has to know
/// what is right. Many threads may ask at once.
#[derive(Debug, Default)]
pub struct Parts {
    path: PathBuf,
    /// Opened when it is first asked.
    file: Mutex<Option<fs::File>>,
}

impl Parts {
    /// Holds on to the file that is there now, whatever takes its place.
    pub fn hold(&self) {
        drop(self.opened());
    }

    fn opened(&self) -> MutexGuard<'_, Option<fs::File>> {
        let mut opened = self.file.lock().expect("nothing panics while it holds this lock");
        if opened.is_none() {
            *opened = fs::File::open(&self.path).ok();
        }
        opened
    }

    /// So many of the bytes that were kept, from one on.
    pub fn read(&self, start: u64, len: usize) -> Option<Vec<u8>> {
        let mut opened = self.opened();
        let file = opened.as_mut()?;
        file.seek(SeekFrom::Start(start.checked_add(HEADER as u64)?)).ok()?;
        let mut bytes = Vec::with_capacity(len);
        let read = file.take(len as u64).read_to_end(&mut bytes).ok()?;
        (read == len).then_some(bytes)
    }
}

/// What a sealed file holds.
pub fn load_sealed(path: &Path) -> Kept {
    match fs::File::open(path) {
        Ok(file) => unsealed(file).map_or(Kept::Unusable, Kept::Bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Kept::Nothing,
        Err(_) => Kept::Unusable,
    }
}

/// Bytes under a header that vouches for them.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    [&header(bytes), bytes].concat()
}

fn header(bytes: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let (program, sum) = header.split_at_mut(MAGIC.len() + IDENTITY.len());
    program[..MAGIC.len()].copy_from_slice(MAGIC);
    program[MAGIC.len()..].copy_from_slice(IDENTITY);
    sum.copy_from_slice(&xxh3_128(bytes).to_le_bytes());
    header
}

/// The bytes below a header, if it vouches for them.
pub fn unsealed(mut whole: impl Read) -> Option<Vec<u8>> {
    let mut header = [0; HEADER];
    whole.read_exact(&mut header).ok()?;
    let (program, sum) = header.split_at(MAGIC.len() + IDENTITY.len());
    if !program.starts_with(MAGIC) || !program.ends_with(IDENTITY) {
        return None;
    }
    let mut bytes = Vec::new();
    whole.read_to_end(&mut bytes).ok()?;
    (xxh3_128(&bytes).to_le_bytes() == sum).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_what_is_kept_is_read_by_itself() {
        let place = tempfile::TempDir::new().expect("a temporary folder can be made");
        let cache = Cache::of(place.path());
        assert_eq!(cache.parts("a").read(0, 1), None);
        cache.now().expect("the folder can be made");
        cache.save("a", b"bytes").expect("it can be written");
        let parts = cache.parts("a");
        assert_eq!(
            [(1, 3), (0, 5), (4, 2), (9, 1)].map(|(start, len)| parts.read(start, len)),
            [Some(b"yte".to_vec()), Some(b"bytes".to_vec()), None, None]
        );
    }

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_does() {
        let place = tempfile::TempDir::new().expect("a temporary folder can be made");
        let cache = Cache::of(place.path());
        assert_eq!(cache.load("a"), Kept::Nothing);
        cache.now().expect("the folder can be made");
        cache.save("a", b"bytes").expect("it can be written");
        assert_eq!(cache.load("a"), Kept::Bytes(b"bytes".to_vec()));
        let path = place.path().join(FOLDER).join("a");
        let whole = fs::read(&path).expect("it is there");
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).expect("it can be written");
            assert_eq!(cache.load("a"), Kept::Unusable, "cut at {cut}");
            let mut damaged = whole.clone();
            damaged[cut] ^= 1;
            fs::write(&path, &damaged).expect("it can be written");
            assert_eq!(cache.load("a"), Kept::Unusable, "changed at {cut}");
        }
    }
}
