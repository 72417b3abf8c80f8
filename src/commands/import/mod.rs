//! `diglot import`: a feed or files that others made → episodes in `content/`, and a table of what
//! was found. Never writes over a file that is there.

mod fetch;
mod look;

use std::path::{Path, PathBuf};

use super::place::place;
use super::{Exit, print_data, print_diagnostics};
use crate::diagnostic::{Diagnostic, Severity};
use crate::import::{FeedOrder, FilesOrder, FoundFile, Plan, plan_feed, plan_files};
use crate::parse::feed::{decode_feed, read_feed};
use crate::project::{Outline, outline};
use crate::read::{File, Stamp, WorldError, read_text};
use crate::table::Findings;

/// What to import, and where to.
#[derive(Debug)]
pub struct ImportOptions {
    pub root: PathBuf,
    pub files: Vec<PathBuf>,
    /// A file or an address.
    pub feed: Option<String>,
    pub show: Option<String>,
    pub dry_run: bool,
}

/// Imports, prints what was found and what was done.
pub fn run(options: &ImportOptions) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let outline = outline(&options.root, |_| {}, &findings)?;
    let plan = match &options.feed {
        Some(feed) => plan_of_feed(feed, &outline, options, &findings)?,
        None => Some(plan_of_files(&outline, options, &findings)?),
    };
    let failed = print_diagnostics(&findings.into_inner());
    if let Some(plan) = &plan {
        print_data(&plan.shown.text())?;
    }
    match plan {
        Some(plan) if !failed => finish(&plan, options),
        _ => {
            eprintln!("nothing was written");
            Ok(Exit::Content)
        }
    }
}

fn finish(plan: &Plan, options: &ImportOptions) -> Result<Exit, WorldError> {
    if options.dry_run {
        eprintln!("nothing was written: this is a dry run");
        return Ok(Exit::Fine);
    }
    place(&options.root, &plan.writes)?;
    match plan.writes.len() {
        0 => eprintln!("nothing was written: there is nothing new"),
        _ => eprintln!("`diglot build` makes the pages"),
    }
    Ok(Exit::Fine)
}

/// Feeds are larger than what people write.
const FEED_BYTES: u64 = 32 * 1024 * 1024;

fn plan_of_feed(
    feed: &str,
    outline: &Outline,
    options: &ImportOptions,
    findings: &Findings,
) -> Result<Option<Plan>, WorldError> {
    let existing = look::existing(outline, &options.root, findings)?;
    let limits = outline.config.limits;
    let is_address = feed.starts_with("http://") || feed.starts_with("https://");
    let bytes = if is_address {
        fetch::fetch(feed, FEED_BYTES.min(limits.file_size))?
    } else {
        read_feed_file(feed, limits, findings)?
    };
    let Some(bytes) = bytes else {
        if is_address {
            let message =
                format!("{feed} has more than {} bytes, and is not read", FEED_BYTES.min(limits.file_size));
            findings.borrow_mut().push(Diagnostic::error("feed-limit", message));
        }
        return Ok(None);
    };
    let Some(source) = decode_feed(feed, bytes, limits, findings) else { return Ok(None) };
    let Some(document) = read_feed(&source, findings) else { return Ok(None) };
    let folder = if is_address { None } else { look::folder_of(Path::new(feed)) };
    let local = |url: &str| look::beside(folder.as_deref()?, url, limits);
    let name = if is_address { "podcast" } else { stem(feed) };
    let order =
        FeedOrder { show: options.show.as_deref(), name, address: is_address.then_some(feed), local: &local };
    Ok(Some(plan_feed(&document, existing, &order, &source, findings)))
}

fn stem(path: &str) -> &str {
    Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or("podcast")
}

fn read_feed_file(
    feed: &str,
    limits: crate::source::Limits,
    findings: &Findings,
) -> Result<Option<Vec<u8>>, WorldError> {
    let file = File { path: feed.into(), name: feed.into(), stamp: Stamp::default(), limits };
    read_text(&file, findings)
}

fn plan_of_files(
    outline: &Outline,
    options: &ImportOptions,
    findings: &Findings,
) -> Result<Plan, WorldError> {
    let existing = look::existing(outline, &options.root, findings)?;
    let mut found: Vec<FoundFile> = Vec::new();
    for path in &options.files {
        for (path, name) in look::files_at(path)? {
            found.push(look::examine(&path, &name, outline.config.limits));
        }
    }
    let folder = match options.files.as_slice() {
        [only] if only.is_dir() => only.canonicalize().ok(),
        _ => None,
    };
    let folder = folder.as_ref().and_then(|folder| folder.file_name()?.to_str());
    let nothing = found.iter().all(|file| file.problem.is_some());
    let limits = outline.config.limits;
    let told = |path: &Path| look::only_lang(path, limits);
    let order = FilesOrder { show: options.show.as_deref().or(folder), told: &told };
    if nothing {
        let message = "there is no transcript among these files";
        let finding = Diagnostic::error("import-nothing", message);
        findings.borrow_mut().push(finding.help("docs/formats.md says what is read"));
    }
    Ok(plan_files(found, existing, &order))
}

/// Whether any finding is an error.
fn has_errors(findings: &Findings) -> bool {
    findings.borrow().iter().any(|finding| finding.severity == Severity::Error)
}
