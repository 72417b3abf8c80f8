//! Brings an output folder back to one whole site after a build that was killed. Never starts
//! while another build is at it, and may itself be killed at any moment.

use std::path::Path;

use super::carry::{Carrier, Pass};
use super::journal::{self, Staging, Step};
use super::lock::Lock;
use super::place::{Place, stat};
use crate::diagnostic::Diagnostic;
use crate::read::WorldError;

/// What the last build had left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Nothing to do.
    Nothing,
    /// It had not come to moving files: the old site is as it was.
    RolledBack,
    /// It was moving files: that is done now, and the site is the new one.
    Completed,
    /// It left a journal that cannot be believed, which is let go with all else.
    Unreadable,
}

impl Recovered {
    /// What the author should know.
    pub fn finding(self) -> Option<Diagnostic> {
        match self {
            Recovered::Nothing | Recovered::RolledBack => None,
            Recovered::Completed => Some(Diagnostic::note(
                "publish-completed",
                "a build was interrupted while it published its site, which is in place now",
            )),
            Recovered::Unreadable => Some(
                Diagnostic::warning(
                    "publish-journal",
                    "a build was interrupted and left notes that cannot be read: they are let go",
                )
                .help("build with --force to be sure of every file"),
            ),
        }
    }
}

/// Completes what a killed build was publishing, or clears away what it had prepared. To be called
/// before a build looks at anything, so that it is done even where that build fails.
///
/// # Errors
/// Another build into the same folder that is under way, and failures of the disk. Where files
/// cannot be moved on, those moved already are moved back.
pub fn recover(output: &Path) -> Result<Recovered, WorldError> {
    let Some(place) = Place::find(output)? else {
        return Ok(Recovered::Nothing);
    };
    let _lock = Lock::take(&place)?;
    recover_locked(&place)
}

/// As `recover`, for who has the lock.
pub fn recover_locked(place: &Place) -> Result<Recovered, WorldError> {
    let mut recovered = Recovered::Nothing;
    for path in place.stagings() {
        if stat(&path)?.is_some() {
            recovered = recover_from(&place.output, &Staging(path))?;
        }
    }
    Ok(recovered)
}

fn recover_from(output: &Path, staging: &Staging) -> Result<Recovered, WorldError> {
    let recovered = match staging.read_journal()? {
        None => Recovered::RolledBack,
        Some(text) => match journal::parse(&text) {
            None => Recovered::Unreadable,
            Some(steps) => complete(output, staging, &steps)?,
        },
    };
    staging.remove()?;
    Ok(recovered)
}

fn complete(output: &Path, staging: &Staging, steps: &[Step]) -> Result<Recovered, WorldError> {
    all_or_nothing(output, staging, steps, Pass::Again).map(|()| Recovered::Completed).map_err(|halted| {
        if !halted.is_pending {
            // What stays is completed, or undone again, by the next build.
            let _ = staging.remove();
        }
        halted.error
    })
}

/// Why a journal was not carried out.
pub struct Halted {
    pub error: WorldError,
    /// Whether some of it is done and could not be undone. The journal then has to stay.
    pub is_pending: bool,
}

/// Carries out a journal, or undoes what of it is done.
///
/// # Errors
/// What kept it from being carried out. The output folder is the old site again, or the error
/// says that it is not.
pub fn all_or_nothing(output: &Path, staging: &Staging, steps: &[Step], pass: Pass) -> Result<(), Halted> {
    let carrier = Carrier::new(output, staging);
    let Err(mut error) = carrier.forward(steps, pass) else {
        return Ok(());
    };
    let undone = carrier.backward(steps);
    if let Err(second) = &undone {
        let first = std::mem::take(&mut error.doing);
        error.doing = format!(
            "{second}; so {} is neither the old site nor the new one until the next build completes it. {first}",
            output.display()
        );
    }
    Err(Halted { error, is_pending: undone.is_err() })
}
