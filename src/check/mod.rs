//! Everything that can be found wrong with an archive without publishing it: what a build would
//! report, and what a careful reader would. Each family of findings is a file. Never changes
//! anything, and never decides how a finding is shown.

mod alone;
mod allow;
mod labels;
mod length;
mod links;
mod markup;
mod notes;
mod numbers;
mod pages;
mod punctuation;
mod spot;
mod times;
mod translation;
mod turns;
mod twice;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::build::{Audience, BuildOptions, Progress, Rehearsed, rehearse};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Episode;
use crate::publish::Content;
use crate::read::WorldError;
use crate::slug::SitePath;
use crate::source::{Place, Source};
use crate::table::Findings;

use allow::Allowed;
use links::Seen;
use notes::Named;
use spot::Open;

/// What is asked of a check.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    pub build: BuildOptions,
    /// Whether the site is to go to GitHub Pages.
    pub for_pages: bool,
}

/// What a check found.
pub struct Checked {
    pub diagnostics: Vec<Diagnostic>,
    pub episodes: usize,
    pub cues: usize,
    /// Addresses out of the site, each with the first place that names it.
    pub outside: Vec<(String, Option<Place>)>,
    allowed: Allowed,
}

impl Checked {
    /// Takes findings that were made elsewhere, as far as the author wants to know of them.
    pub fn add(&mut self, found: Vec<Diagnostic>) {
        let found = found.into_iter().filter(|one| !self.allowed.covers(one));
        self.diagnostics.extend(found);
        sort(&mut self.diagnostics);
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|one| one.severity == severity).count()
    }
}

/// Checks the project at `options.build.root`.
pub fn check(options: &CheckOptions, progress: &dyn Progress) -> Result<Checked, WorldError> {
    let onlooker = Onlooker::default();
    let rehearsed = rehearse(&options.build, progress, &onlooker)?;
    let Onlooker { labels, named, allowed, seen } = onlooker;
    let Rehearsed { built, project, archive, is_whole } = rehearsed;
    let (labels, named) = (labels.into_inner().expect(NO_PANIC), named.into_inner().expect(NO_PANIC));
    let seen = seen.into_inner().expect(NO_PANIC);
    let mut allowed = allowed.into_inner().expect(NO_PANIC);
    allowed.everywhere.clone_from(&project.config.allow);
    let mut diagnostics = built.diagnostics;
    diagnostics.extend(labels::check_labels(&archive, &labels));
    diagnostics.extend(alone::check_alone(&project, &archive));
    let mut outside = Vec::new();
    if is_whole {
        let site = links::SiteLinks::new(&project, &archive, &seen, &named);
        diagnostics.extend(site.check()?);
        outside = site.outside()?;
    }
    if options.for_pages {
        diagnostics.extend(pages::check_pages(&project, &built.summary, &seen, is_whole)?);
    }
    let (episodes, cues) = (built.summary.episodes, built.summary.cues);
    let mut checked = Checked { diagnostics: Vec::new(), episodes, cues, outside, allowed };
    checked.add(diagnostics);
    Ok(checked)
}

const NO_PANIC: &str = "nothing panics while it holds this lock";

fn sort(diagnostics: &mut Vec<Diagnostic>) {
    let key = |one: &Diagnostic| {
        let place = one.place.as_ref();
        let at = place.map(|place| (place.path.clone(), place.line, place.column));
        (at, one.code.clone(), one.message.clone())
    };
    diagnostics.sort_by_cached_key(key);
    diagnostics.dedup();
}

/// Where the first line of each label stands that is nobody's so far.
type Labels = Vec<(String, Place)>;

/// Looks at every episode and every page while they are there, and keeps the little that is
/// needed when all have been seen.
#[derive(Default)]
struct Onlooker {
    labels: Mutex<HashMap<Arc<str>, Labels>>,
    /// What the notes and links of each file name.
    named: Mutex<HashMap<Arc<str>, Named>>,
    allowed: Mutex<Allowed>,
    seen: Mutex<HashMap<String, Seen>>,
}

impl Audience for Onlooker {
    fn episode(&self, episode: &Episode, front: &Source, findings: &Findings) {
        let open = Open { episode, front };
        let mut found = Vec::new();
        translation::check_translation(&open, &mut found);
        length::check_length(&open, &mut found);
        numbers::check_numbers(&open, &mut found);
        turns::check_turns(&open, &mut found);
        times::check_times(&open, &findings.borrow(), &mut found);
        punctuation::check_punctuation(&open, &mut found);
        twice::check_twice(&open, &mut found);
        let named = notes::read_named(&open, &mut found);
        let (own, wrong) = allow::read_allowed(&open);
        found.extend(wrong);
        findings.borrow_mut().append(&mut found);
        self.allowed.lock().expect(NO_PANIC).add(own);
        let path = front.path.clone();
        self.labels.lock().expect(NO_PANIC).insert(path.clone(), labels::first_places(&open));
        self.named.lock().expect(NO_PANIC).insert(path, named);
    }

    fn file(&self, path: &SitePath, content: Content) {
        let seen = Seen::of(path, &content);
        self.seen.lock().expect(NO_PANIC).insert(path.as_str().to_owned(), seen);
    }
}
