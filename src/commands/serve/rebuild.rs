//! One build after another for those who look on: the same `build` each time, its result put on
//! show, or what is wrong. Never shows a half of anything.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::said::{Said, report_of};
use crate::build::{BuildOptions, Built, Progress, Warm, build_again};
use crate::commands::build::{Bar, report};
use crate::commands::print_diagnostics;
use crate::commands::terminal::say;
use crate::read::WorldError;
use crate::serve::{Changes, Live, Problem, Site, Stop};
use crate::slug::BaseUrl;

/// How a build ended.
pub enum Outcome {
    /// It published a site under this path, or what is wrong is on show.
    Done {
        base: String,
    },
    /// It failed while the project was changing, which says nothing.
    Passed,
    /// Another build has the output folder.
    Locked,
    Stopped,
}

/// Builds again and again.
pub struct Rebuild {
    options: BuildOptions,
    live: Arc<Live>,
    stop: Stop,
    said: Said,
    warm: Warm,
    /// Whether it was said that another build is waited for.
    is_waiting: bool,
    /// Whether the last build put its site on show itself.
    has_swapped: bool,
    /// Whether the last build published nothing.
    has_failed: bool,
    /// How many builds in a row were passed over.
    passed: usize,
}

/// How many failed builds may be passed over in a row: a project that never stops changing has its
/// errors shown all the same.
const PASSES: usize = 5;

impl Rebuild {
    pub fn new(options: BuildOptions, verbose: bool, live: Arc<Live>, stop: Stop) -> Rebuild {
        let (said, warm) = (Said::new(verbose), Warm::staying());
        Rebuild {
            options,
            live,
            stop,
            said,
            warm,
            is_waiting: false,
            has_swapped: false,
            has_failed: false,
            passed: 0,
        }
    }

    /// The first build, which is reported as `build` does.
    pub fn first(&mut self) -> Outcome {
        let bar = Bar::default();
        let result = self.build(Some(&bar));
        self.done(result, |own, built| {
            report(built, &bar);
            own.said.note(&built.diagnostics);
        })
    }

    /// A build after some changes. Where it fails and `has_news`, it may have seen a project half
    /// changed: then nothing is said, since another build follows.
    pub fn again(&mut self, changes: &Changes, has_news: impl FnOnce() -> bool) -> Outcome {
        if let Some(changed) = changes.known() {
            self.warm.believe(changed);
        }
        let result = self.build(None);
        let is_good = result.as_ref().is_ok_and(|built| built.published);
        let is_locked = result.as_ref().is_err_and(|error| error.error.kind() == ErrorKind::ResourceBusy);
        if !is_good && !is_locked && !self.stop.is_wanted() && self.passed < PASSES && has_news() {
            self.passed += 1;
            return Outcome::Passed;
        }
        self.passed = 0;
        let was_wrong = self.has_failed;
        self.done(result, |own, built| {
            print_diagnostics(&own.said.news(&built.diagnostics, built.published || changes.is_empty()));
            if let Some(line) = own.said.line(changes, built, was_wrong) {
                say(&line);
            }
        })
    }

    fn build(&mut self, bar: Option<&Bar>) -> Result<Built, WorldError> {
        self.live.build_begins();
        let on_show = OnShow { bar, live: &self.live, stop: &self.stop, has_swapped: AtomicBool::default() };
        let built = build_again(&self.options, &on_show, &mut self.warm);
        self.has_swapped = on_show.has_swapped.into_inner();
        built
    }

    fn done(
        &mut self,
        result: Result<Built, WorldError>,
        tell: impl FnOnce(&mut Rebuild, &Built),
    ) -> Outcome {
        // What was asked once, to write everything again, is done.
        self.options.force = false;
        let built = match result {
            Ok(built) => built,
            Err(_) if self.stop.is_wanted() => return Outcome::Stopped,
            Err(error) if error.error.kind() == ErrorKind::ResourceBusy => {
                if !std::mem::replace(&mut self.is_waiting, true) {
                    say(&format!("waiting: {error}"));
                }
                return Outcome::Locked;
            }
            Err(error) => {
                let message = format!("error: {error}\n");
                if self.said.is_new(&message) {
                    eprint!("{message}");
                }
                self.has_failed = true;
                self.live.fail(Problem { title: "The site cannot be built".to_owned(), report: message });
                return Outcome::Done { base: self.base() };
            }
        };
        self.is_waiting = false;
        tell(self, &built);
        self.has_failed = !built.published;
        match built.published {
            true if self.has_swapped => {}
            true => self.show(&built),
            false => self.live.fail(report_of(&built)),
        }
        Outcome::Done { base: built.base_url.path().to_owned() }
    }

    /// Puts a site on show that was not put there when its files moved, as none did.
    fn show(&self, built: &Built) {
        let on_show = self.live.site();
        match Site::read(&built.summary.output, &built.base_url) {
            Ok(site) if on_show.as_deref() != Some(&site) => self.live.swap(|| Some(site)),
            Ok(_) => self.live.mend(),
            Err(error) => eprintln!("error: {error}"),
        }
    }

    fn base(&self) -> String {
        self.live.site().map_or_else(|| "/".to_owned(), |site| site.link.clone())
    }
}

/// What a build is followed by: a bar, where it is long; a swap of the site when its files move; and
/// an end when that is wanted.
struct OnShow<'a> {
    bar: Option<&'a Bar>,
    live: &'a Live,
    stop: &'a Stop,
    has_swapped: AtomicBool,
}

impl Progress for OnShow<'_> {
    fn start(&self, phase: &'static str, total: usize) {
        if let Some(bar) = self.bar {
            bar.start(phase, total);
        }
    }

    fn step(&self) {
        if let Some(bar) = self.bar {
            bar.step();
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.is_wanted()
    }

    fn publish(&self, output: &Path, base: &BaseUrl, commit: &mut dyn FnMut()) {
        self.live.swap(|| {
            commit();
            // Where the list cannot be read, the build's end says why.
            let site = Site::read(output, base).ok();
            self.has_swapped.store(site.is_some(), Ordering::Relaxed);
            site
        });
    }
}
