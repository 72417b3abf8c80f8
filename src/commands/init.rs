//! `diglot init`: a site that builds at once, in a new folder or around what a folder has.
//! Never writes over a file that is there.

use std::path::{Path, PathBuf};

use super::place::place;
use super::{Exit, print_data};
use crate::import::{Bytes, Write};
use crate::read::WorldError;
use crate::start::{is_sample, new_site};

#[derive(Debug)]
pub struct InitOptions {
    pub folder: PathBuf,
    /// Whether the workflow that publishes the site is written too.
    pub github_pages: bool,
}

/// Writes what is not there yet, and says what to do next.
pub fn run(options: &InitOptions) -> Result<Exit, WorldError> {
    let folder = &options.folder;
    std::fs::create_dir_all(folder).map_err(|error| WorldError::new("make the folder", folder, error))?;
    let has_content = has_content(folder)?;
    let wanted = new_site(options.github_pages);
    let wanted = wanted.into_iter().filter(|write| !(has_content && is_sample(write)));
    let mut writes = Vec::new();
    let mut said = String::new();
    for write in wanted {
        let path = write.path().to_owned();
        match fitted(folder, write)? {
            Some(write) => {
                let verb = if matches!(write, Write::Append { .. }) { "added to" } else { "wrote" };
                said.push_str(&format!("{verb} {path}\n"));
                writes.push(write);
            }
            None => said.push_str(&format!("kept {path}\n")),
        }
    }
    place(folder, &writes)?;
    print_data(&said)?;
    eprint!("{}", next_steps(options, has_content));
    Ok(Exit::Fine)
}

/// A folder with content of its own needs no sample.
fn has_content(folder: &Path) -> Result<bool, WorldError> {
    let content = folder.join("content");
    match std::fs::read_dir(&content) {
        Ok(entries) => {
            let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
            Ok(entries.flatten().any(|entry| !hidden(&entry.file_name())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(WorldError::new("read", &content, error)),
    }
}

/// What there is to write where a file of that name may be: nothing; but `.gitignore` is added to.
fn fitted(folder: &Path, write: Write) -> Result<Option<Write>, WorldError> {
    let path = folder.join(write.path());
    if path.symlink_metadata().is_err() {
        return Ok(Some(write));
    }
    let Write::File { path: name, bytes: Bytes::Text(text) } = write else { return Ok(None) };
    if name != ".gitignore" {
        return Ok(None);
    }
    let before = std::fs::read_to_string(&path).map_err(|error| WorldError::new("read", &path, error))?;
    let has = |line: &str| before.lines().any(|own| own.trim().trim_matches('/') == line.trim_matches('/'));
    let missing: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !has(line)).collect();
    Ok((!missing.is_empty()).then(|| Write::Append { path: name, text: missing.join("\n") + "\n" }))
}

fn next_steps(options: &InitOptions, has_content: bool) -> String {
    let folder = options.folder.display().to_string();
    let enter = if folder == "." { String::new() } else { format!("  cd {folder}\n") };
    let content = if has_content {
        "your content/ was left as it is"
    } else {
        "content/ has a sample show: look at it, then put your own in its place"
    };
    let pages = if options.github_pages {
        "\nTo publish: push to GitHub, and choose GitHub Actions under Settings, Pages, Source.\n"
    } else {
        ""
    };
    format!("\nReady; {content}.\n{enter}  diglot serve\n  diglot new \"A title\"\n{pages}")
}
