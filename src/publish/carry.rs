//! Carries the steps of a journal out, or undoes them: forward to the new site, backward to the
//! old one, from wherever it stopped before. Never leaves the order of the steps, so that at any
//! moment the first so many are done and the others are not.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::journal::{Act, Staging, Step};
use super::place::stat;
use crate::read::WorldError;

/// Which of the steps are done already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// None.
    First,
    /// The first so many, which the folders tell.
    Again,
}

/// The folders between which files move.
pub struct Carrier<'a> {
    output: &'a Path,
    new: PathBuf,
    old: PathBuf,
}

impl Carrier<'_> {
    pub fn new<'a>(output: &'a Path, staging: &Staging) -> Carrier<'a> {
        Carrier { output, new: staging.new_files(), old: staging.old_files() }
    }

    /// Does what is not done yet.
    ///
    /// # Errors
    /// The first step that the disk refuses; those after it are not done.
    pub fn forward(&self, steps: &[Step], pass: Pass) -> Result<(), WorldError> {
        for (number, step) in steps.iter().enumerate() {
            if pass == Pass::Again && self.needs_nothing(number, step)? {
                continue;
            }
            let here = self.output.join(step.path);
            let done = match step.act {
                Act::Take => fs::rename(&here, self.old_file(number)),
                Act::Drop => fs::remove_dir(&here),
                Act::Put => fs::rename(self.new.join(step.path), &here),
                // Fails, as it should, where something is left in it.
                Act::Clear => fs::remove_dir(&here).or(Ok(())),
            };
            done.map_err(|error| WorldError::new(verb(step.act), &here, error))?;
        }
        Ok(())
    }

    /// Undoes what is done.
    ///
    /// # Errors
    /// The first step that the disk refuses to undo; those before it are still done.
    pub fn backward(&self, steps: &[Step]) -> Result<(), WorldError> {
        for (number, step) in steps.iter().enumerate().rev() {
            let here = self.output.join(step.path);
            let undone = match step.act {
                Act::Take => fs::rename(self.old_file(number), &here),
                Act::Drop => fs::create_dir(&here),
                Act::Put if stat(&self.new.join(step.path))?.is_some() => Ok(()),
                Act::Put => fs::rename(&here, self.new.join(step.path)),
                Act::Clear => Ok(()),
            };
            unless_needless(undone).map_err(|error| WorldError::new("put back", &here, error))?;
        }
        Ok(())
    }

    fn old_file(&self, number: usize) -> PathBuf {
        self.old.join(number.to_string())
    }

    /// Whether a step is done, or cannot be done any more.
    fn needs_nothing(&self, number: usize, step: &Step) -> Result<bool, WorldError> {
        let here = || stat(&self.output.join(step.path));
        Ok(match step.act {
            Act::Take => stat(&self.old_file(number))?.is_some() || here()?.is_none(),
            Act::Drop => !here()?.is_some_and(|found| found.is_dir()),
            Act::Put => stat(&self.new.join(step.path))?.is_none(),
            Act::Clear => false,
        })
    }
}

fn verb(act: Act) -> &'static str {
    match act {
        Act::Take => "move away",
        Act::Drop | Act::Clear => "remove",
        Act::Put => "write",
    }
}

/// A step that was not done has nothing to bring back, and its folder is there.
fn unless_needless(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists) => Ok(()),
        result => result,
    }
}
