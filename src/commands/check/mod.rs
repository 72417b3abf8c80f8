//! `diglot check`: everything that is wrong with the archive, without building it.

mod outside;

use std::path::Path;

use super::build::Bar;
use super::{Exit, plural, print_data, print_diagnostics};
use crate::build::Progress;
use crate::check::{CheckOptions, Checked, check};
use crate::cli::CheckFormat;
use crate::diagnostic::{Diagnostic, Severity};
use crate::read::WorldError;
use crate::report::{github_commands, json_report};

/// What is asked of `check`.
#[derive(Debug)]
pub struct Request {
    pub options: CheckOptions,
    pub format: CheckFormat,
    /// Warnings count as errors.
    pub strict: bool,
    /// Links out of the site are visited.
    pub external: bool,
}

/// Checks, prints what was found, and says whether it can stay so.
pub fn run(request: &Request) -> Result<Exit, WorldError> {
    let bar = Bar::default();
    let mut checked = check(&request.options, &bar)?;
    if request.external {
        let found = outside::visit(&checked.outside, &bar)?;
        checked.add(found);
    }
    bar.start("", 0);
    match request.format {
        CheckFormat::Human => {
            print_diagnostics(&checked.diagnostics);
            eprintln!("{}", sentence(&checked));
        }
        CheckFormat::Json => print_data(&json_report(&checked.diagnostics))?,
        CheckFormat::Github => {
            print_data(&github_commands(&checked.diagnostics, prefix(&request.options.build.root)))?;
        }
    }
    let least = if request.strict { Severity::Warning } else { Severity::Error };
    let fails = |finding: &Diagnostic| finding.severity >= least;
    Ok(if checked.diagnostics.iter().any(fails) { Exit::Content } else { Exit::Fine })
}

/// What stands before the paths of findings so that they lead from where the command runs.
fn prefix(root: &Path) -> &Path {
    if root == Path::new(".") || root.is_absolute() { Path::new("") } else { root }
}

fn sentence(checked: &Checked) -> String {
    let count = |severity, noun| plural(checked.count(severity), noun);
    format!(
        "{}, {}: {}, {}, {}",
        plural(checked.episodes, "episode"),
        plural(checked.cues, "cue"),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    )
}
