//! Where the site goes, and the names of ours beside and inside it. Never opens a file.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::read::WorldError;

/// The staging folder where it has to lie in the output folder.
pub const INSIDE: &str = ".diglot-staging";

/// An output folder, by its real path.
#[derive(Clone, Debug)]
pub struct Place {
    pub output: PathBuf,
    parent: PathBuf,
    name: OsString,
    /// Whether the output folder was there when it was looked for.
    pub exists: bool,
}

impl Place {
    /// The place of an output folder, with the folders above it made.
    ///
    /// # Errors
    /// A path that is no folder or has no name, and failures of the disk.
    pub fn make(output: &Path) -> Result<Place, WorldError> {
        if let Some(place) = Place::find(output)? {
            return Ok(place);
        }
        let parent = parent_of(output);
        fs::create_dir_all(parent).map_err(|error| WorldError::new("create", parent, error))?;
        Place::find(output)?.ok_or_else(|| {
            WorldError::new("open", parent, io::Error::new(ErrorKind::NotFound, "it was removed again"))
        })
    }

    /// The place of an output folder; `None` where the folder above it is not there.
    ///
    /// # Errors
    /// As `make`.
    pub fn find(output: &Path) -> Result<Option<Place>, WorldError> {
        let failed = |error| WorldError::new("open", output, error);
        match output.canonicalize() {
            Ok(real) if real.is_dir() => return Place::of(&real, true).map(Some),
            Ok(_) => return Err(refused(output, "it is not a folder")),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            Err(_) if output.is_symlink() => {
                return Err(refused(output, "it is a symbolic link to nothing"));
            }
            Err(_) => {}
        }
        let Some(name) = output.file_name() else {
            return Err(refused(output, "it has no name"));
        };
        match parent_of(output).canonicalize() {
            Ok(parent) => Place::of(&parent.join(name), false).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    fn of(output: &Path, exists: bool) -> Result<Place, WorldError> {
        match (output.parent(), output.file_name()) {
            (Some(parent), Some(name)) => {
                Ok(Place { output: output.into(), parent: parent.into(), name: name.into(), exists })
            }
            _ => Err(refused(output, "it is the root of a file system")),
        }
    }

    /// A path of ours beside the output folder: `.public.diglot-lock` for `public`.
    pub fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(".diglot-");
        name.push(what);
        self.parent.join(name)
    }

    /// Where staging may lie: beside the output folder, or in it where that is another file system.
    pub fn stagings(&self) -> [PathBuf; 2] {
        [self.beside("staging"), self.output.join(INSIDE)]
    }
}

fn parent_of(output: &Path) -> &Path {
    output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn refused(output: &Path, why: &str) -> WorldError {
    WorldError::new("publish to", output, io::Error::new(ErrorKind::InvalidInput, why))
}

/// What is at a path, without following a link there; `None` for nothing.
pub fn stat(path: &Path) -> Result<Option<Metadata>, WorldError> {
    match path.symlink_metadata() {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(WorldError::new("look at", path, error)),
    }
}
