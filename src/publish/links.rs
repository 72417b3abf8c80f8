//! Names the symbolic and hard links below a folder, which some hosts refuse. Never follows one,
//! and changes nothing.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;

use crate::read::WorldError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    Symbolic,
    /// The file has a second name.
    Hard,
}

/// The links below `folder`, by their paths from it, sorted. None where there is no such folder.
///
/// # Errors
/// Folders that cannot be read.
pub fn links_in(folder: &Path) -> Result<Vec<(String, LinkKind)>, WorldError> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, name)) = open.pop() {
        let failed = |error| WorldError::new("read", &path, error);
        let entries = match fs::read_dir(&path) {
            Err(error) if name.is_empty() && error.kind() == ErrorKind::NotFound => return Ok(found),
            entries => entries.map_err(failed)?,
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let own = entry.file_name();
            let own = own.to_string_lossy();
            let own = if name.is_empty() { own.into_owned() } else { format!("{name}/{own}") };
            let stat = entry.metadata().map_err(failed)?;
            if stat.is_symlink() {
                found.push((own, LinkKind::Symbolic));
            } else if stat.is_dir() {
                open.push((entry.path(), own));
            } else if has_second_name(&stat) {
                found.push((own, LinkKind::Hard));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(unix)]
fn has_second_name(stat: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    stat.nlink() > 1
}

/// The system does not tell without opening the file.
#[cfg(not(unix))]
fn has_second_name(_: &Metadata) -> bool {
    false
}
