//! Looks whether files of the output folder are there. Never opens one, or follows a link.

use std::path::Path;

/// The output folder, to be asked of every file of a site: held open, so that a path begins there.
#[derive(Debug)]
pub struct There {
    #[cfg(unix)]
    folder: Option<std::os::fd::OwnedFd>,
    #[cfg(not(unix))]
    folder: std::path::PathBuf,
}

#[cfg(unix)]
impl There {
    pub fn of(output: &Path) -> There {
        There { folder: std::fs::File::open(output).ok().map(Into::into) }
    }

    /// How long the file at a path is, if there is one.
    pub fn len(&self, path: &str) -> Option<u64> {
        use rustix::fs::{AtFlags, FileType, statat};
        let found = statat(self.folder.as_ref()?, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let is_file = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
        u64::try_from(found.st_size).ok().filter(|_| is_file)
    }
}

#[cfg(not(unix))]
impl There {
    pub fn of(output: &Path) -> There {
        There { folder: output.to_owned() }
    }

    /// How long the file at a path is, if there is one.
    pub fn len(&self, path: &str) -> Option<u64> {
        let found = std::fs::symlink_metadata(self.folder.join(path)).ok()?;
        found.is_file().then_some(found.len())
    }
}
