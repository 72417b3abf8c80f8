//! `diglot build`: builds once and says what it did.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Exit, plural, print_data, print_diagnostics};
use crate::build::{BuildOptions, Built, Progress, Summary, build};
use crate::read::WorldError;

/// From how many steps on a bar is worth showing.
const LONG: usize = 300;

/// A progress bar, where a build is long and someone watches.
#[derive(Default)]
pub struct Bar(Mutex<Option<ProgressBar>>);

impl Progress for Bar {
    fn start(&self, phase: &'static str, total: usize) {
        let mut bar = self.0.lock().expect("no thread panics with the bar");
        if let Some(before) = bar.take() {
            before.finish_and_clear();
        }
        if total >= LONG && std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{msg:>10} {wide_bar} {pos}/{len}");
            let fresh = ProgressBar::new(total as u64).with_message(phase);
            *bar = Some(fresh.with_style(style.expect("the bar's template is well formed")));
        }
    }

    fn step(&self) {
        if let Some(bar) = &*self.0.lock().expect("no thread panics with the bar") {
            bar.inc(1);
        }
    }
}

/// Builds, prints what was found and what was done.
pub fn run(options: &BuildOptions, json: bool) -> Result<Exit, WorldError> {
    let (built, exit) = build_and_report(options)?;
    print_summary(&built, json)?;
    Ok(exit)
}

/// Builds and prints diagnostics and summary to stderr.
pub fn build_and_report(options: &BuildOptions) -> Result<(Built, Exit), WorldError> {
    let bar = Bar::default();
    let built = build(options, &bar)?;
    let exit = report(&built, &bar);
    Ok((built, exit))
}

/// Prints diagnostics and summary to stderr.
pub fn report(built: &Built, bar: &Bar) -> Exit {
    bar.start("", 0);
    print_diagnostics(&built.diagnostics);
    if built.published {
        eprintln!("{}", sentence(&built.summary));
        return Exit::Fine;
    }
    let Summary { errors, warnings, .. } = built.summary;
    eprintln!("nothing was published: {}", plural(errors, "error") + ", " + &plural(warnings, "warning"));
    Exit::Content
}

/// Prints the summary as data, if that is wanted.
pub fn print_summary(built: &Built, json: bool) -> Result<(), WorldError> {
    if json {
        let summary = serde_json::to_string(&built.summary).expect("a summary is plain data");
        print_data(&format!("{summary}\n"))?;
    }
    Ok(())
}

fn sentence(summary: &Summary) -> String {
    let Summary { phases, .. } = summary;
    let total = phases.total();
    format!(
        "{}, {}, {} in {}\n\
         {:.1} MB, {} % of what GitHub Pages takes; {}\n\
         {} rendered; {} changed, {} unchanged, {} removed\n\
         {total:.0} ms: {phases}",
        plural(summary.episodes, "episode"),
        plural(summary.cues, "cue"),
        plural(summary.pages, "page"),
        summary.output.display(),
        summary.bytes as f64 / 1e6,
        summary.pages_limit_percent,
        plural(summary.warnings, "warning"),
        summary.rendered,
        summary.changed,
        summary.unchanged,
        summary.removed,
    )
}
