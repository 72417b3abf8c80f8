//! Copies a file in pieces of bounded size. Never looks into them, but to take their fingerprint.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::manifest::Fingerprint;
use crate::read::WorldError;

/// How much of a file is held at once, in bytes.
pub const CHUNK: usize = 256 * 1024;

/// Copies a file; gives the fingerprint of the bytes that were copied. `to_path` is where `to`
/// lies, for the error.
///
/// # Errors
/// Failures of the disk.
pub fn copy(from: &Path, to: &mut dyn Write, to_path: &Path) -> Result<Fingerprint, WorldError> {
    let unread = |error| WorldError::new("read", from, error);
    let mut file = File::open(from).map_err(unread)?;
    let mut hasher = Xxh3::new();
    let mut chunk = vec![0; CHUNK];
    let mut len = 0;
    loop {
        let count = match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(unread(error)),
        };
        hasher.update(&chunk[..count]);
        len += count as u64;
        to.write_all(&chunk[..count]).map_err(|error| WorldError::new("write", to_path, error))?;
    }
    Ok(Fingerprint { hash: hasher.digest128(), len })
}
