//! What `serve` says of each build: a line, and the findings that were not said before. Never says
//! the same warning twice in a row.

use crate::build::Built;
use crate::commands::plural;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{Look, write_report};
use crate::serve::{Changes, Problem};

/// What was said of the last build.
pub struct Said {
    /// Whether to say how long each step took.
    verbose: bool,
    findings: Vec<Diagnostic>,
    trouble: String,
}

impl Said {
    pub fn new(verbose: bool) -> Said {
        Said { verbose, findings: Vec::new(), trouble: String::new() }
    }

    /// Takes down what was said.
    pub fn note(&mut self, findings: &[Diagnostic]) {
        self.findings = findings.to_vec();
        self.trouble.clear();
    }

    /// The findings to say now: those that are new; all errors too, unless `only_new` is wanted.
    pub fn news(&mut self, findings: &[Diagnostic], only_new: bool) -> Vec<Diagnostic> {
        let is_new = |one: &&Diagnostic| {
            let is_error = one.severity == Severity::Error && !only_new;
            is_error || !self.findings.contains(one)
        };
        let news = findings.iter().filter(is_new).cloned().collect();
        self.note(findings);
        news
    }

    /// Whether a message differs from the last one.
    pub fn is_new(&mut self, message: &str) -> bool {
        let is_new = self.trouble != message;
        self.trouble = message.to_owned();
        is_new
    }

    /// The line for a build after some changes; nothing where there is nothing to say.
    pub fn line(&self, changes: &Changes, built: &Built, was_wrong: bool) -> Option<String> {
        let summary = &built.summary;
        let did = if built.published {
            let mended = if was_wrong { "mended, " } else { "" };
            let removed = match summary.removed {
                0 => String::new(),
                count => format!(", {count} removed"),
            };
            match summary.changed {
                0 if summary.removed == 0 => format!("{mended}nothing to write"),
                changed => format!("{mended}{} written{removed}", plural(changed, "file")),
            }
        } else {
            let errors = plural(summary.errors, "error");
            format!("{errors}, {}; the last good site stays", plural(summary.warnings, "warning"))
        };
        let is_idle = built.published && !was_wrong && summary.changed == 0 && summary.removed == 0;
        if changes.is_empty() && (is_idle || !built.published) {
            return None;
        }
        let phases = &summary.phases;
        let steps = if self.verbose { format!(" ({phases})") } else { String::new() };
        Some(format!("{}: {did}, {:.0} ms{steps}", what_changed(changes), phases.total()))
    }
}

fn what_changed(changes: &Changes) -> String {
    let mut names = changes.names();
    let count = names.len();
    match names.next() {
        None => "the project".to_owned(),
        Some(first) if count == 1 => clean(first),
        Some(first) => format!("{} and {} more", clean(first), count - 1),
    }
}

/// A name without what would move the terminal's cursor.
fn clean(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}

/// Why a build published nothing, as the terminal shows it: its errors, or the warnings that were to
/// stop it.
pub fn report_of(built: &Built) -> Problem {
    let (title, least) = match built.summary.errors {
        0 => (plural(built.summary.warnings, "warning"), Severity::Warning),
        errors => (plural(errors, "error"), Severity::Error),
    };
    let findings: Vec<Diagnostic> =
        built.diagnostics.iter().filter(|finding| finding.severity >= least).cloned().collect();
    let mut report = Vec::new();
    write_report(&findings, Look::default(), &mut report).expect("a vector takes every write");
    Problem { title, report: String::from_utf8_lossy(&report).into_owned() }
}
