//! What others have, a feed or files, and what is in `content/` already → a plan of what to write.
//! Never touches the disk, and never plans to write over anything.

mod episode;
mod existing;
mod feed;
mod files;
mod languages;
mod people;
mod shown;

use std::path::PathBuf;

pub use existing::{Existing, OwnTracks, path_in as in_content};
pub use feed::{FeedOrder, plan_feed};
pub use files::{EXTENSIONS, FilesOrder, FoundFile, plan_files};
pub use shown::Shown;

/// What to write, and how to tell of it.
#[derive(Debug, Default)]
pub struct Plan {
    pub shown: Shown,
    pub writes: Vec<Write>,
}

/// Something new in `content/`. Paths are from the project's root, with `/`.
#[derive(Debug, PartialEq, Eq)]
pub enum Write {
    /// A folder with all its files, or nothing.
    Folder {
        path: String,
        files: Vec<(String, Bytes)>,
    },
    File {
        path: String,
        bytes: Bytes,
    },
    /// A text after all that a file holds; a new file, where there is none.
    Append {
        path: String,
        text: String,
    },
}

/// What a new file holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Bytes {
    Text(String),
    /// The same as a file that is elsewhere.
    Copy(PathBuf),
}

impl Write {
    pub fn path(&self) -> &str {
        match self {
            Write::Folder { path, .. } | Write::File { path, .. } | Write::Append { path, .. } => path,
        }
    }
}
