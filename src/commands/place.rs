//! Puts what is planned where it goes: all of it is written beside first, and then moved, so that
//! no file is ever there in part. Never follows a link, never replaces what is there.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::import::{Bytes, Write};
use crate::read::WorldError;

/// Where files are written before they are moved. A name that `content/` is never read under.
const STAGE: &str = "content/.diglot-import";

/// Writes all of a plan.
pub fn place(root: &Path, writes: &[Write]) -> Result<(), WorldError> {
    if writes.is_empty() {
        return Ok(());
    }
    make_folders(root, "content")?;
    let stage = root.join(STAGE);
    clear(&stage)?;
    fs::create_dir(&stage).map_err(|error| WorldError::new("make the folder", &stage, error))?;
    let done = stage_all(root, &stage, writes).and_then(|()| move_all(root, &stage, writes));
    let cleared = clear(&stage);
    done.and(cleared)
}

/// Takes away what an import left that was interrupted.
fn clear(stage: &Path) -> Result<(), WorldError> {
    let failed = |error| WorldError::new("remove", stage, error);
    match fs::symlink_metadata(stage) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(stage).map_err(failed),
        Ok(_) => Err(failed(io::Error::new(ErrorKind::AlreadyExists, "it is in the way"))),
        Err(_) => Ok(()),
    }
}

fn staged(stage: &Path, index: usize) -> PathBuf {
    stage.join(index.to_string())
}

fn stage_all(root: &Path, stage: &Path, writes: &[Write]) -> Result<(), WorldError> {
    for (index, write) in writes.iter().enumerate() {
        let at = staged(stage, index);
        match write {
            Write::Folder { files, .. } => {
                fs::create_dir(&at).map_err(|error| WorldError::new("make the folder", &at, error))?;
                for (name, bytes) in files {
                    write_new(&at.join(name), bytes)?;
                }
            }
            Write::File { bytes, .. } => write_new(&at, bytes)?,
            Write::Append { path, text } => {
                let path = root.join(path);
                let before = match fs::symlink_metadata(&path) {
                    Ok(found) if found.is_file() => fs::read_to_string(&path),
                    Ok(_) => Err(io::Error::new(ErrorKind::InvalidInput, "it is not a plain file")),
                    Err(_) => Ok(String::new()),
                };
                let before = before.map_err(|error| WorldError::new("add to", &path, error))?;
                let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
                let text = if before.is_empty() { text.trim_start() } else { text };
                write_new(&at, &Bytes::Text(format!("{before}{gap}{text}")))?;
            }
        }
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &Bytes) -> Result<(), WorldError> {
    let failed = |error| WorldError::new("write", path, error);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    match bytes {
        Bytes::Text(text) => file.write_all(text.as_bytes()).map_err(failed),
        Bytes::Copy(from) => {
            let mut source = fs::File::open(from).map_err(|error| WorldError::new("read", from, error))?;
            io::copy(&mut source, &mut file).map(|_| ()).map_err(failed)
        }
    }
}

fn move_all(root: &Path, stage: &Path, writes: &[Write]) -> Result<(), WorldError> {
    for (index, write) in writes.iter().enumerate() {
        let (from, to) = (staged(stage, index), root.join(write.path()));
        let folder = write.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        make_folders(root, folder)?;
        let moved = match write {
            Write::Append { .. } => fs::rename(&from, &to),
            _ if fs::symlink_metadata(&to).is_ok() => Err(io::Error::from(ErrorKind::AlreadyExists)),
            Write::Folder { .. } => fs::rename(&from, &to),
            Write::File { .. } => move_file(&from, &to),
        };
        moved.map_err(|error| WorldError::new("write", &to, error))?;
    }
    Ok(())
}

/// A hard link is made only where nothing is; some file systems have none.
fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::rename(from, to),
        linked => linked,
    }
}

/// Makes the folders of a path below the root; a link on the way is not followed.
fn make_folders(root: &Path, path: &str) -> Result<(), WorldError> {
    let mut at = root.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        at.push(part);
        let made = match fs::symlink_metadata(&at) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(io::Error::new(ErrorKind::AlreadyExists, "it is a link or a file")),
            Err(_) => fs::create_dir(&at),
        };
        made.map_err(|error| WorldError::new("make the folder", &at, error))?;
    }
    Ok(())
}
