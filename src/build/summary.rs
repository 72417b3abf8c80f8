//! What a build is asked and what it says of itself. Never builds.

use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::memory::SiteMemory;
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
}

impl BuildOptions {
    /// What of these a site depends on.
    pub fn key(&self) -> Key {
        let base =
            self.base_url.as_ref().map(|base| (base.absolute(&SitePath::page(&[])), base.is_absolute()));
        key_of(&(&self.output, base, self.drafts, self.strict))
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
        self.bytes = site.bytes;
    }
}

/// Wall time per phase, in milliseconds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Phases {
    pub read: f64,
    pub digest: f64,
    pub archive: f64,
    pub render: f64,
    pub publish: f64,
}

impl SiteMemory {
    /// Takes down the figures and findings of a build.
    pub fn note(&mut self, summary: &Summary, findings: &[Diagnostic]) {
        self.findings = findings.to_vec();
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
