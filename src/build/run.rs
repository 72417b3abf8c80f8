//! A build under way: what it begins with, what it has found so far, how it ends. Never makes a
//! page.

use std::path::Path;

use super::summary::{BuildOptions, Built, Clock, Progress, Summary, go_on};
use super::warm::{Begun, Warm};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::memory::{Memory, SiteMemory};
use crate::project::{Outline, Project, outline};
use crate::publish::{CommitError, Transaction, recover};
use crate::read::WorldError;
use crate::slug::BaseUrl;
use crate::table::Findings;

/// A build under way: what it has found and taken so far.
pub struct Run<'a> {
    options: &'a BuildOptions,
    pub progress: &'a dyn Progress,
    /// What was found until the files were listed, which every build does.
    pub early: Findings,
    /// What was found since, which memory can tell.
    pub later: Findings,
    pub clock: Clock,
    pub summary: Summary,
    /// Files in the output folder that are not ours.
    foreign: Vec<String>,
}

impl<'a> Run<'a> {
    pub fn new(options: &'a BuildOptions, progress: &'a dyn Progress) -> Run<'a> {
        let (early, later, clock) = (Findings::default(), Findings::default(), Clock::start());
        Run { options, progress, early, later, clock, summary: Summary::default(), foreign: Vec::new() }
    }

    /// Reads the settings and lists the files; also says whether the site has a place to go to.
    pub fn settings(&mut self) -> Result<(Outline, bool), WorldError> {
        let options = self.options;
        let outline = outline(&options.root, |config| adjust(config, options), &self.early)?;
        self.summary.output = options.root.join(&outline.config.build.output);
        let has_place = check_output(&self.summary.output, &options.root, &self.early);
        Ok((outline, has_place))
    }

    /// The same, and carries out what an interrupted build has begun.
    pub fn outline(&mut self) -> Result<(Outline, bool), WorldError> {
        let (outline, has_place) = self.settings()?;
        if has_place {
            self.early.borrow_mut().extend(recover(&self.summary.output)?.finding());
        }
        Ok((outline, has_place))
    }

    /// What the build begins with: the project of the last one, where all that changed since is
    /// known, else as `outline`.
    pub fn begin(&mut self, warm: &mut Warm) -> Result<(Begun, bool), WorldError> {
        let Some(open) = warm.begun() else {
            return self.outline().map(|(outline, has_place)| (Begun::Listed(Box::new(outline)), has_place));
        };
        self.summary.output = self.options.root.join(&open.project.config.build.output);
        self.early.borrow_mut().extend(open.early.iter().cloned());
        Ok((Begun::Open(open), true))
    }

    /// Whether something was found that must not be published.
    pub fn stops(&self) -> bool {
        let least = if self.options.strict { Severity::Warning } else { Severity::Error };
        let stops = |findings: &Findings| findings.borrow().iter().any(|finding| finding.severity >= least);
        stops(&self.early) || stops(&self.later)
    }

    /// Takes what the last build found for what this one would.
    pub fn recall(&mut self, site: &SiteMemory, transaction: &Transaction) {
        self.summary.recall(site);
        let foreign = site.foreign.iter().filter(|path| transaction.has(path));
        self.later.borrow_mut().extend(foreign.map(|path| foreign_file(path)));
        self.later.borrow_mut().extend(site.findings.iter().cloned());
        self.summary.phases.publish = self.clock.lap();
    }

    /// Adds to what is remembered of a site what this build found.
    pub fn remembered(&self, mut site: SiteMemory) -> SiteMemory {
        site.note(&self.summary, &self.later.borrow());
        site.foreign.clone_from(&self.foreign);
        site
    }

    pub fn note_damage(&self, memory: &Memory) {
        if memory.damaged {
            let message =
                "what an earlier build left in .diglot/ is damaged or of another version: all is built anew";
            self.early.borrow_mut().push(Diagnostic::note("cache-ignored", message));
        }
    }

    pub fn note_unkept(&self, error: Option<WorldError>) {
        if let Some(error) = error {
            let message =
                format!("nothing could be left for the next build, which will take longer: {error}");
            self.early.borrow_mut().push(Diagnostic::warning("cache-not-kept", message));
        }
    }

    /// Takes a project that was opened, and what was found on the way.
    pub fn project(&self, (project, found): (Project, Vec<Diagnostic>)) -> Project {
        self.later.borrow_mut().extend(found);
        project
    }

    /// Moves the site into place. The author's own files in the way stop it; others are named:
    /// those that the last build has `seen`, else all that are there.
    pub fn publish(
        &mut self,
        transaction: Transaction,
        base: &BaseUrl,
        seen: Option<Vec<String>>,
    ) -> Result<bool, WorldError> {
        let still = |seen: Vec<String>| seen.into_iter().filter(|path| transaction.has(path)).collect();
        let seen: Option<Vec<String>> = seen.map(still);
        go_on(self.progress)?;
        let (mut waiting, mut committed) = (Some(transaction), None);
        self.progress.publish(&self.summary.output, base, &mut || {
            committed = waiting.take().map(|transaction| match seen.is_some() {
                true => transaction.commit_without_walk(),
                false => transaction.commit(),
            });
        });
        let committed = committed.expect("whoever follows a build calls commit");
        let mut findings = self.later.borrow_mut();
        match committed {
            Ok(outcome) => {
                self.summary.take(&outcome);
                self.foreign = seen.unwrap_or(outcome.foreign);
                findings.extend(self.foreign.iter().map(|name| foreign_file(name)));
                findings.extend(self.summary.over_pages_limit());
                Ok(true)
            }
            Err(CommitError::Occupied(files)) => {
                findings.extend(files.iter().map(|name| occupied(name)));
                Ok(false)
            }
            Err(CommitError::World(error)) => Err(error),
        }
    }

    pub fn finish(self, published: bool, config: &Config) -> Built {
        let mut summary = self.summary;
        let mut diagnostics = self.early.into_inner();
        diagnostics.append(&mut self.later.into_inner());
        if !config.base_url.is_absolute() && summary.episodes > 0 {
            let message = "feeds and sitemap need whole addresses, and the site's own is not known";
            diagnostics.push(
                Diagnostic::note("base-url-missing", message)
                    .help("set base_url in site.toml, or pass --base-url"),
            );
        }
        diagnostics.sort_by(|a, b| place_key(a).cmp(&place_key(b)));
        diagnostics.dedup();
        let count = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
        summary.errors = count(Severity::Error);
        summary.warnings = count(Severity::Warning);
        Built { summary, diagnostics, published, base_url: config.base_url.clone() }
    }
}

fn foreign_file(name: &str) -> Diagnostic {
    Diagnostic::note(
        "foreign-file",
        format!("{} is not of diglot's making, and stays as it is", Path::new(name).display()),
    )
}

fn occupied(name: &str) -> Diagnostic {
    let message =
        format!("{name} in the output folder is not of diglot's making, and the site needs its place");
    Diagnostic::error("output-occupied", message).help("move it away, or put it into static/ to be published")
}

fn adjust(config: &mut Config, options: &BuildOptions) {
    if let Some(output) = &options.output {
        // A path on the command line is from where one stands, not from the project.
        config.build.output = std::path::absolute(output).unwrap_or_else(|_| output.clone());
    }
    if let Some(base_url) = &options.base_url {
        config.base_url = base_url.clone();
    }
    config.build.drafts |= options.drafts;
}

/// An output folder that holds the project, or lies in what the project is made of, would make
/// the site a part of itself.
fn check_output(output: &Path, root: &Path, findings: &Findings) -> bool {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (output, root) = (absolute(output), absolute(root));
    let inside =
        ["content", "static", "templates", "site.toml"].iter().any(|own| output.starts_with(root.join(own)));
    let is_fine = !inside && !root.starts_with(&output);
    if !is_fine {
        let message = format!("the site cannot go to {}: the project itself is there", output.display());
        findings.borrow_mut().push(
            Diagnostic::error("output-folder", message).help("choose a folder of its own, such as public"),
        );
    }
    is_fine
}

fn place_key(diagnostic: &Diagnostic) -> (Option<(&str, usize, usize)>, &str, &str) {
    let place = diagnostic.place.as_ref();
    (place.map(|place| (&*place.path, place.line, place.column)), &diagnostic.code.0, &diagnostic.message)
}
