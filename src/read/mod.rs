//! Walks the project and reads its files: the only room, with `publish`, `serve` and the commands
//! that create files, that touches the disk. Never looks into what it reads.

mod episodes;
mod inventory;
mod names;
mod text;
mod walk;

pub use inventory::{EpisodeFiles, Inventory, ShowFiles, TrackFile};
pub use names::{is_about, split_tag};
pub use text::{read_bytes, read_key, read_source, read_start, read_text, source_of};
pub use walk::{find_file, read_inventory};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::source::Limits;

/// A failure of the world outside the project's content: what was being done, to what, and why
/// it did not work.
#[derive(Debug)]
pub struct WorldError {
    pub doing: String,
    pub error: io::Error,
}

impl WorldError {
    pub fn new(verb: &str, path: &Path, error: io::Error) -> WorldError {
        WorldError { doing: format!("cannot {verb} {}", path.display()), error }
    }
}

impl std::fmt::Display for WorldError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}: {}", self.doing, self.error)
    }
}

impl std::error::Error for WorldError {}

/// A file of the project: where it is, its name from the project's root with `/`, and how much of
/// it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: PathBuf,
    pub name: Arc<str>,
    pub stamp: Stamp,
    pub limits: Limits,
}

/// What a folder says of a file. A file whose stamp is as before has not been written since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub len: u64,
    /// When its bytes changed last, in nanoseconds since 1970 by the clock of its disk.
    pub modified: i64,
    /// When anything about it changed last, likewise; a program cannot set it. 0 where unknown.
    pub changed: i64,
    /// Which file it is, where the system tells; a file put in another's place has another.
    pub inode: u64,
}

impl Stamp {
    #[cfg(unix)]
    pub fn of(found: &fs::Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let nanos = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Stamp {
            len: found.len(),
            modified: nanos(found.mtime(), found.mtime_nsec()),
            changed: nanos(found.ctime(), found.ctime_nsec()),
            inode: found.ino(),
        }
    }

    #[cfg(windows)]
    pub fn of(found: &fs::Metadata) -> Stamp {
        use std::os::windows::fs::MetadataExt;
        // In steps of 100 ns since 1601: only ever compared.
        let modified = found.last_write_time().min(i64::MAX as u64) as i64;
        Stamp { len: found.len(), modified, changed: 0, inode: 0 }
    }

    /// The later of the two times.
    pub fn latest(&self) -> i64 {
        self.modified.max(self.changed)
    }
}

impl File {
    /// The last segment of its name.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The last segment without its extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The extension in lower case, or nothing.
    pub fn extension(&self) -> String {
        let name = self.file_name();
        name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
    }
}
