//! What a build is asked and what it says of itself. Never builds.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::Shard;
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::memory::SiteMemory;
use crate::publish::Outcome;
use crate::read::WorldError;
use crate::slug::{BaseUrl, SitePath};

/// What the command line asks of a build.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    pub root: PathBuf,
    /// In place of `[build] output`.
    pub output: Option<PathBuf>,
    /// In place of `base_url`.
    pub base_url: Option<BaseUrl>,
    pub drafts: bool,
    /// Write every file again.
    pub force: bool,
    /// Warnings stop the build as errors do.
    pub strict: bool,
    /// Only this part of the site.
    pub shard: Option<Shard>,
}

impl BuildOptions {
    /// What of these a site depends on.
    pub fn key(&self) -> Key {
        let base =
            self.base_url.as_ref().map(|base| (base.absolute(&SitePath::page(&[])), base.is_absolute()));
        key_of(&(&self.output, base, self.drafts, self.strict, self.shard))
    }
}

/// What a build did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    pub episodes: usize,
    pub cues: usize,
    pub pages: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub removed: usize,
    /// Pages that were rendered; the others were known to be as they are.
    pub rendered: usize,
    pub warnings: usize,
    pub errors: usize,
    /// Size of the whole site.
    pub bytes: u64,
    /// How much of what GitHub Pages takes the site uses, in percent.
    pub pages_limit_percent: u64,
    pub output: PathBuf,
    pub phases: Phases,
}

impl Summary {
    /// Takes the figures of the last build, after which nothing has changed.
    pub fn recall(&mut self, site: &SiteMemory) {
        self.episodes = site.episodes;
        self.cues = site.cues;
        self.pages = site.pages;
        self.unchanged = site.files.len();
        self.weigh(site.bytes);
    }

    /// Takes what a commit did.
    pub fn take(&mut self, outcome: &Outcome) {
        self.changed = outcome.changed;
        self.unchanged = outcome.unchanged;
        self.removed = outcome.removed;
        self.weigh(outcome.bytes);
    }

    pub fn weigh(&mut self, bytes: u64) {
        self.bytes = bytes;
        self.pages_limit_percent = bytes * 100 / PAGES_LIMIT;
    }

    /// A site that comes near what GitHub Pages takes.
    pub fn over_pages_limit(&self) -> Option<Diagnostic> {
        (self.pages_limit_percent >= PAGES_WARNING).then(|| {
            let message = format!(
                "the site has {:.0} MB, {} % of the 1 GB that GitHub Pages takes",
                self.bytes as f64 / 1e6,
                self.pages_limit_percent
            );
            Diagnostic::warning("pages-limit", message)
                .help("see docs/large-archives.md for where larger sites go")
        })
    }
}

/// The size of the largest site that GitHub Pages takes, in bytes.
const PAGES_LIMIT: u64 = 1_000_000_000;
/// From what part of it on the author is warned, in percent.
const PAGES_WARNING: u64 = 70;

/// Wall time per phase, in milliseconds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Phases {
    pub read: f64,
    pub digest: f64,
    pub archive: f64,
    pub render: f64,
    pub publish: f64,
    /// Leaving the next build what it can begin with.
    pub keep: f64,
}

impl Phases {
    pub fn total(&self) -> f64 {
        self.read + self.digest + self.archive + self.render + self.publish + self.keep
    }
}

impl std::fmt::Display for Phases {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Phases { read, digest, archive, render, publish, keep } = self;
        write!(f, "read {read:.0}, digest {digest:.0}, archive {archive:.0}, ")?;
        write!(f, "render {render:.0}, publish {publish:.0}, keep {keep:.0}")
    }
}

impl SiteMemory {
    /// Takes down the figures and findings of a build.
    pub fn note(&mut self, summary: &Summary, findings: &[Diagnostic]) {
        self.findings = findings.iter().filter(|one| one.code.0 != "foreign-file").cloned().collect();
        self.episodes = summary.episodes;
        self.cues = summary.cues;
        self.pages = summary.pages;
        self.bytes = summary.bytes;
    }
}

/// The end of a build that the world did not stop.
#[derive(Debug)]
pub struct Built {
    pub summary: Summary,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the site was published.
    pub published: bool,
    pub base_url: BaseUrl,
}

/// Told of the episodes as they go by, for a progress bar: how many there are, or one more.
pub trait Progress: Sync {
    fn start(&self, _phase: &'static str, _total: usize) {}
    fn step(&self) {}

    /// Whether nobody wants the build any more. It then ends with the error `Interrupted`, and the
    /// old site stays.
    fn is_stopped(&self) -> bool {
        false
    }

    /// Calls `commit`, which moves the built files into `output`, once. Who reads from there can see
    /// to it that nobody does meanwhile.
    fn publish(&self, _output: &Path, _base: &BaseUrl, commit: &mut dyn FnMut()) {
        commit();
    }
}

/// Goes on, unless the build was stopped.
pub fn go_on(progress: &dyn Progress) -> Result<(), WorldError> {
    if progress.is_stopped() {
        let error = std::io::Error::new(std::io::ErrorKind::Interrupted, "it was stopped");
        return Err(WorldError { doing: "cannot go on with the build".to_owned(), error });
    }
    Ok(())
}

/// A build nobody watches.
pub struct Quiet;
impl Progress for Quiet {}

/// A stopwatch for the phases.
pub struct Clock(Instant);

impl Clock {
    pub fn start() -> Clock {
        Clock(Instant::now())
    }

    /// Milliseconds since the start or the last lap.
    pub fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let lap = (now - self.0).as_secs_f64() * 1000.0;
        self.0 = now;
        (lap * 10.0).round() / 10.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_near_the_limit_of_pages_is_warned_of() {
        let mut summary = Summary::default();
        summary.weigh(699_999_999);
        assert_eq!((summary.pages_limit_percent, summary.over_pages_limit()), (69, None));
        summary.weigh(700_000_000);
        assert!(summary.over_pages_limit().is_some_and(|finding| finding.message.contains("70 %")));
    }
}
