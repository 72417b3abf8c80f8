//! Lists what in the output folder is not ours. Never looks at more than names and kinds.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rayon::prelude::*;

use super::manifest;
use super::place;
use crate::read::WorldError;

/// Something in the output folder that is no folder and no file of ours.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stranger {
    /// With `/` between segments.
    pub path: String,
    /// Whether it is a plain file; a link or a device is none, whatever its name.
    pub is_file: bool,
}

/// All strangers, sorted. A folder that may not be read is one.
///
/// # Errors
/// Failures of the disk.
pub fn strangers(
    output: &Path,
    is_ours: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Vec<Stranger>, WorldError> {
    let mut found = walk(output, "", is_ours)?;
    found.sort_unstable();
    Ok(found)
}

fn walk(
    folder: &Path,
    prefix: &str,
    is_ours: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Vec<Stranger>, WorldError> {
    let mut found = Vec::new();
    let mut folders = Vec::new();
    let failed = |error| WorldError::new("read the folder", folder, error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        Err(error) if error.kind() == ErrorKind::PermissionDenied && !prefix.is_empty() => {
            let path = prefix.trim_end_matches('/').to_owned();
            return Ok(vec![Stranger { path, is_file: false }]);
        }
        Err(error) => return Err(failed(error)),
    };
    let mut path = prefix.to_owned();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        path.truncate(prefix.len());
        path.push_str(&entry.file_name().to_string_lossy());
        if path == manifest::NAME || path == place::INSIDE {
            continue;
        }
        if kind.is_dir() {
            folders.push((entry.path(), format!("{path}/")));
        } else if !(kind.is_file() && is_ours(&path)) {
            found.push(Stranger { path: path.clone(), is_file: kind.is_file() });
        }
    }
    let below: Vec<Vec<Stranger>> = folders
        .par_iter()
        .map(|(folder, prefix)| walk(folder, prefix, is_ours))
        .collect::<Result<_, WorldError>>()?;
    found.extend(below.into_iter().flatten());
    Ok(found)
}
