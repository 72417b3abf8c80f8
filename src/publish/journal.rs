//! The steps from the old site to the new one, as a file that is whole or not there. Never says
//! what is in a file of the site.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest::{self, is_safe};
use crate::read::WorldError;

const HEADER: &str = "diglot journal 1";

/// What happens to one path of the output folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A file of the old site goes into staging, under the number of its step.
    Take,
    /// A folder that is empty by now makes room for a file.
    Drop,
    /// A file, or a folder that the old site had not, comes out of staging.
    Put,
    /// A folder that may be empty by now goes if it is.
    Clear,
}

const WORDS: [(Act, &str); 4] =
    [(Act::Take, "take"), (Act::Drop, "drop"), (Act::Put, "put"), (Act::Clear, "clear")];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    pub act: Act,
    pub path: &'a str,
}

/// The folder of a build under way, and what lies where in it.
#[derive(Clone, Debug)]
pub struct Staging(pub PathBuf);

impl Staging {
    /// Where the new files are, laid out as the site will be.
    pub fn new_files(&self) -> PathBuf {
        self.0.join("new")
    }

    /// Where the old files wait for the end, by the number of their step.
    pub fn old_files(&self) -> PathBuf {
        self.0.join("old")
    }

    fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// Writes the journal. When this returns, and not before, the new site is decided on.
    ///
    /// # Errors
    /// Failures of the disk; then there is no journal.
    pub fn write_journal(&self, steps: &[Step]) -> Result<(), WorldError> {
        let (draft, journal) = (self.0.join("journal.draft"), self.journal());
        fs::write(&draft, to_text(steps)).map_err(|error| WorldError::new("write", &draft, error))?;
        fs::rename(&draft, &journal).map_err(|error| WorldError::new("write", &journal, error))
    }

    /// The journal's text; `None` where there is none.
    ///
    /// # Errors
    /// A journal that is there and cannot be read.
    pub fn read_journal(&self) -> Result<Option<Vec<u8>>, WorldError> {
        let journal = self.journal();
        match fs::read(&journal) {
            Ok(text) => Ok(Some(text)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(WorldError::new("read", &journal, error)),
        }
    }

    /// Removes the journal, and then all else. A journal whose files are gone would be carried
    /// out wrongly, so it goes first, or everything stays.
    ///
    /// # Errors
    /// Failures of the disk.
    pub fn remove(&self) -> Result<(), WorldError> {
        let journal = self.journal();
        gone(&journal, fs::remove_file(&journal))?;
        gone(&self.0, fs::remove_dir_all(&self.0))
    }
}

fn gone(path: &Path, result: std::io::Result<()>) -> Result<(), WorldError> {
    match result {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(WorldError::new("remove", path, error))
        }
        _ => Ok(()),
    }
}

fn to_text(steps: &[Step]) -> String {
    let mut text = format!("{HEADER}\n");
    for step in steps {
        let (_, word) = WORDS[step.act as usize];
        writeln!(text, "{word} {}", step.path).expect("a String takes every write");
    }
    let sum = xxhash_rust::xxh3::xxh3_128(text.as_bytes());
    writeln!(text, "end {sum:032x}").expect("a String takes every write");
    text
}

/// The steps of a journal; `None` where it is not, to the byte, one that we wrote.
pub fn parse(text: &[u8]) -> Option<Vec<Step<'_>>> {
    let text = std::str::from_utf8(text).ok()?;
    let body = text.strip_prefix(HEADER)?.strip_prefix('\n')?;
    let steps: Vec<Step> = body[..body.rfind("end ")?].lines().map(parse_line).collect::<Option<_>>()?;
    (to_text(&steps) == text).then_some(steps)
}

fn parse_line(line: &str) -> Option<Step<'_>> {
    let (word, path) = line.split_once(' ')?;
    let (act, _) = WORDS.into_iter().find(|(_, known)| *known == word)?;
    (is_safe(path) || path == manifest::NAME).then_some(Step { act, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 4] = [
        Step { act: Act::Take, path: "a b/夜渡" },
        Step { act: Act::Drop, path: "a b" },
        Step { act: Act::Put, path: manifest::NAME },
        Step { act: Act::Clear, path: "end " },
    ];

    #[test]
    fn a_journal_reads_back_what_it_wrote() {
        assert_eq!(parse(to_text(&STEPS).as_bytes()), Some(STEPS.to_vec()));
        assert_eq!(parse(to_text(&[]).as_bytes()), Some(Vec::new()));
    }

    #[test]
    fn a_journal_with_any_byte_lost_or_changed_is_none() {
        let text = to_text(&STEPS).into_bytes();
        for at in 0..text.len() {
            assert_eq!(parse(&text[..at]), None, "cut at {at}");
            let mut changed = text.clone();
            changed[at] ^= 1;
            assert_eq!(parse(&changed), None, "changed at {at}");
        }
    }

    #[test]
    fn a_journal_never_leads_out_of_the_folder() {
        for path in ["../a", "/etc/passwd", "", ".diglot-staging/new"] {
            assert_eq!(parse(to_text(&[Step { act: Act::Put, path }]).as_bytes()), None, "{path}");
        }
    }
}
