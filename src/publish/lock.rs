//! Keeps two builds from one output folder. Never waits, and leaves no file behind where it can
//! be told that nobody else has it open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::place::Place;
use crate::read::WorldError;

/// The right to write to an output folder. The system takes it back from a process that dies.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// # Errors
    /// Another process that has it, and failures of the disk.
    pub fn take(place: &Place) -> Result<Lock, WorldError> {
        let path = place.beside("lock");
        let failed = |error| WorldError::new("lock", &path, error);
        loop {
            let file =
                OpenOptions::new().create(true).write(true).truncate(false).open(&path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(taken(place)),
                // A file system without locks: better one build unguarded than none.
                Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever had it before may have removed the file between our opening and locking it;
            // then someone else can lock a new one of that name.
            if is_at(&file, &path).map_err(failed)? {
                return Ok(Lock { path, _file: file });
            }
        }
    }
}

fn taken(place: &Place) -> WorldError {
    let why =
        "another diglot is building it; wait until that has ended, or choose another folder with --output";
    WorldError::new("publish to", &place.output, io::Error::new(ErrorKind::ResourceBusy, why))
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match path.symlink_metadata() {
        Ok(found) => Ok((own.dev(), own.ino()) == (found.dev(), found.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Elsewhere the file is left for the next build, so that it is always the same one.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked while it is removed. A file that stays does no harm.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_lock_is_held_once_and_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let place = Place::make(&home.path().join("public")).unwrap();
        let lock = Lock::take(&place).unwrap();
        let error = Lock::take(&place).unwrap_err().to_string();
        assert!(error.contains("public") && error.contains("another diglot"), "{error}");
        drop(lock);
        drop(Lock::take(&place).unwrap());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), usize::from(cfg!(not(unix))));
    }

    #[test]
    fn a_lock_that_a_dead_process_left_is_free() {
        let home = tempfile::tempdir().unwrap();
        let place = Place::make(&home.path().join("public")).unwrap();
        fs::write(place.beside("lock"), "").unwrap();
        Lock::take(&place).unwrap();
    }

    #[test]
    fn many_threads_never_hold_it_together() {
        let home = tempfile::tempdir().unwrap();
        let place = Place::make(&home.path().join("public")).unwrap();
        let (inside, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        if let Ok(_lock) = Lock::take(&place) {
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            turns.fetch_add(1, Ordering::SeqCst);
                            inside.fetch_sub(1, Ordering::SeqCst);
                        }
                    }
                });
            }
        });
        assert!(turns.into_inner() > 0);
    }
}
