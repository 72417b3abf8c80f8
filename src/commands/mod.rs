//! One verb, one file: each takes its options and gives the exit code.

pub mod align;
pub mod build;
pub mod check;
pub mod config;
pub mod convert;
pub mod deploy;
pub mod doctor;
pub mod explain;
mod git;
pub mod ids;
pub mod import;
pub mod init;
pub mod merge;
pub mod new;
mod place;
pub mod serve;
mod terminal;

use std::io::Write;

use crate::diagnostic::{Diagnostic, Severity};
use crate::read::WorldError;
use crate::report::write_report;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine = 0,
    /// The author's content has errors.
    Content = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The world failed: disk, permission, port.
    World = 3,
}

/// Prints diagnostics to stderr; says whether any is an error.
fn print_diagnostics(diagnostics: &[Diagnostic]) -> bool {
    let mut stderr = std::io::stderr().lock();
    // A closed stderr leaves nobody to tell.
    let _ = write_report(diagnostics, terminal::look(), &mut stderr);
    diagnostics.iter().any(|one| one.severity == Severity::Error)
}

/// Prints data to stdout. A reader that has heard enough is no failure.
pub fn print_data(data: &str) -> Result<(), WorldError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(data.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(WorldError { doing: "cannot write to the output".to_owned(), error })
        }
        _ => Ok(()),
    }
}

/// So many of something.
fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Prints what the world did.
pub fn print_world_error(error: &WorldError) -> Exit {
    terminal::say(&format!("error: {error}"));
    Exit::World
}
