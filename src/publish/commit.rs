//! Moves a build's files into the output folder together: the old site or the new one. Never
//! writes over, removes or follows anything there that is not ours.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::carry::Pass;
use super::journal::Staging;
use super::manifest::{self, Listing, Owned};
use super::plan::{Plan, Sites, plan};
use super::recover::all_or_nothing;
use super::transaction::Transaction;
use super::walk::{Stranger, strangers};
use crate::read::WorldError;

/// What a commit did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files that were written.
    pub changed: usize,
    /// Files that were there already.
    pub unchanged: usize,
    /// Files of the last build that are gone.
    pub removed: usize,
    /// The size of all files of the site, without the manifest.
    pub bytes: u64,
    /// Files in the output folder that are not ours, with `/` between segments, sorted. Empty
    /// where they were not looked for.
    pub foreign: Vec<String>,
}

/// Why a commit did not happen.
#[derive(Debug)]
pub enum CommitError {
    /// The disk failed. The old site is as it was, or the error says that it is not.
    World(WorldError),
    /// Paths, sorted, where something that is not ours stands in the way of a file or folder of
    /// ours. Nothing has been touched.
    Occupied(Vec<String>),
}

impl From<WorldError> for CommitError {
    fn from(error: WorldError) -> CommitError {
        CommitError::World(error)
    }
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            CommitError::World(error) => error.fmt(f),
            CommitError::Occupied(paths) => write!(
                f,
                "the output folder holds files that diglot did not make, where its own should go: {}",
                paths.join(", ")
            ),
        }
    }
}

impl std::error::Error for CommitError {}

impl Transaction {
    /// Moves everything into place. Into a new or empty output folder that is one rename; else a
    /// journal is written and carried out, and files of the last build that were neither kept nor
    /// put go, with the folders that this leaves empty.
    ///
    /// # Errors
    /// `Occupied` before anything is moved; `World` where the disk fails.
    ///
    /// # Panics
    /// Where one path was put twice.
    pub fn commit(self) -> Result<Outcome, CommitError> {
        self.commit_all(true)
    }

    /// As `commit`, without looking through the output folder for what is not ours. What lies in
    /// the way of a file that is written is still found; a link in place of a folder whose files
    /// all stay is not.
    ///
    /// # Errors
    /// As `commit`.
    ///
    /// # Panics
    /// As `commit`.
    pub fn commit_without_walk(self) -> Result<Outcome, CommitError> {
        self.commit_all(false)
    }

    fn commit_all(mut self, walks: bool) -> Result<Outcome, CommitError> {
        let staged = self.staged();
        let last = std::mem::take(&mut self.last);
        let kept = last.files().iter().zip(&self.kept).filter(|(_, kept)| kept.load(Ordering::Relaxed));
        let next = Listing::new(kept.map(|(file, _)| file).chain(staged.files()).collect());
        let bytes = next.files().iter().map(|file| file.fingerprint.len).sum();
        if self.replace_empty(&next, &staged)? {
            return Ok(Outcome { changed: staged.files().len(), bytes, ..Outcome::default() });
        }
        let strangers = match walks {
            true => strangers(&self.place.output, &|path| last.has(path) || next.has(path))?,
            false => Vec::new(),
        };
        let retired = self.retired(&last, &staged);
        let sites = Sites {
            output: &self.place.output,
            last: &last,
            next: &next,
            staged: &staged,
            retired: &retired,
        };
        let Plan { moved, removed, .. } = self.carry_out(&sites, &strangers)?;
        Ok(Outcome {
            changed: moved,
            unchanged: next.files().len() - moved,
            removed,
            bytes,
            foreign: strangers.into_iter().map(|stranger| stranger.path).collect(),
        })
    }

    /// Files of the last build that this one has not, in the order of their paths.
    fn retired<'a>(&self, last: &'a Listing, staged: &Listing) -> Vec<&'a str> {
        let all = last.files().iter().zip(&self.kept);
        let gone = all.filter(|(file, kept)| !kept.load(Ordering::Relaxed) && !staged.has(&file.path));
        gone.map(|(file, _)| &*file.path).collect()
    }

    /// Renames staging to the output folder, where that is new or empty; says whether it did.
    fn replace_empty(&self, next: &Listing<&Owned>, staged: &Listing) -> Result<bool, WorldError> {
        let output = &self.place.output;
        let all_new = staged.files().len() == next.files().len();
        if !all_new || self.has_last || !(is_empty(output)?) {
            return Ok(false);
        }
        let staging = self.staging.get_or_make(&self.place)?;
        self.write_manifest(next)?;
        match fs::rename(staging.new_files(), output) {
            Ok(()) => Ok(true),
            // A folder that cannot be replaced, such as a mount point, can be filled.
            Err(_) if self.place.exists => Ok(false),
            Err(error) => Err(WorldError::new("write", output, error)),
        }
    }

    fn write_manifest(&self, next: &Listing<&Owned>) -> Result<(), WorldError> {
        self.staging.write(&self.place, manifest::NAME, &[next.to_text().as_bytes()])
    }

    /// Plans what is to be done, and does it unless nothing has changed.
    fn carry_out<'a>(&self, sites: &'a Sites<'a>, strangers: &[Stranger]) -> Result<Plan<'a>, CommitError> {
        let plan = plan(sites, strangers)?;
        if !plan.occupied.is_empty() {
            return Err(CommitError::Occupied(plan.occupied.into_iter().collect()));
        }
        if self.has_last && sites.staged.files().is_empty() && sites.retired.is_empty() {
            return Ok(plan);
        }
        self.write_manifest(sites.next)?;
        let staging = self.staging.get_or_make(&self.place)?;
        make_folder_for_old_files(staging)?;
        staging.write_journal(&plan.steps)?;
        if let Err(halted) = all_or_nothing(sites.output, staging, &plan.steps, Pass::First) {
            self.is_pending.store(halted.is_pending, Ordering::Relaxed);
            return Err(halted.error.into());
        }
        Ok(plan)
    }
}

fn make_folder_for_old_files(staging: &Staging) -> Result<(), WorldError> {
    let folder = staging.old_files();
    fs::create_dir(&folder).map_err(|error| WorldError::new("create", &folder, error))
}

fn is_empty(output: &Path) -> Result<bool, WorldError> {
    match fs::read_dir(output) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(WorldError::new("read the folder", output, error)),
    }
}
