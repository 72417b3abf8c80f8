//! The pipeline: a project on disk → a published site, or a list of what is wrong with it.

mod episodes;
mod files;
mod guess;
mod pages;
mod statics;
mod summary;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::archive::{Archive, build_archive};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::lang::Lang;
use crate::memory::{FileMemory, Memory, SiteMemory};
use crate::project::{Project, open_project, outline};
use crate::publish::{CommitError, Registry, Transaction};
use crate::read::WorldError;
use crate::render::templates::{TemplateOptions, Templates};
use crate::render::{Page, Site};
use crate::slug::SitePath;
use crate::table::Findings;

use episodes::{Taken, Taking};
use files::Files;
use pages::{Made, Making, Origin};
use statics::StaticFile;
use summary::Clock;
pub use summary::{BuildOptions, Built, Phases, Progress, Quiet, Summary};

/// Builds and publishes the project at `options.root`.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<Built, WorldError> {
    let findings = Findings::default();
    let mut clock = Clock::start();
    let mut summary = Summary::default();

    let outline = outline(&options.root, |config| adjust(config, options), &findings)?;
    let config = outline.config.clone();
    summary.output = options.root.join(&config.build.output);
    check_output(&summary.output, &options.root, &findings);
    if stops(&findings, options) {
        return Ok(finish(findings, summary, false, &config));
    }
    let mut memory = Memory::open(&options.root, options.force);
    let asked = memory.asked(&options.key(), outline.files());
    let transaction = Transaction::begin(&summary.output, options.force)?;
    summary.phases.read = clock.lap();

    if asked.is_some() && asked == memory.site.asked && is_whole(&memory.site, &transaction) {
        summary.recall(&memory.site);
        findings.borrow_mut().append(&mut memory.site.findings);
        summary.phases.publish = clock.lap();
        return Ok(finish(findings, summary, true, &config));
    }

    memory.load();
    let later = Findings::default();
    note_damage(&memory, &findings);
    let project = open_project(outline, &later)?;
    let files = Files::new(&memory);
    let taking = Taking { project: &project, memory: &memory, files: &files, progress };
    let mut taken = taking.all(&transaction)?;
    later.borrow_mut().extend(taken.iter_mut().flat_map(|one| std::mem::take(&mut one.findings)));
    let records: Vec<_> = taken.iter_mut().map(|one| (one.origin.clone(), one.record.take())).collect();
    taken.retain(|one| taking.is_wanted(one));
    summary.phases.digest = clock.lap();

    let (archive, origins) = put_together(&project, taken);
    summary.episodes = archive.episodes.len();
    summary.cues = archive.episodes.iter().map(|digest| digest.cue_count).sum();
    let statics = statics::all_statics(&project, &archive);
    statics::name_unused(&project, &statics, &later);
    let templates = load_templates(&project, &files, &archive.langs[0], &later);
    summary.phases.archive = clock.lap();

    let mut site_memory = SiteMemory::default();
    let stopped = |later: &Findings| stops(&findings, options) || stops(later, options);
    if let Some(templates) = templates.filter(|_| !stopped(&later)) {
        let site = Site { config: &project.config, archive: &archive, templates: &templates };
        let pages = site.pages();
        claim_all(&pages, &statics, &later);
        if !stopped(&later) {
            let last = memory.site.files.iter().map(|file| (file.path.as_str(), file)).collect();
            let making = Making {
                project: &project,
                site: &site,
                files: &files,
                last: &last,
                transaction: &transaction,
                progress,
            };
            let made = making.all(&pages, &origins)?;
            site_memory.files = gather(made, &mut summary, &later);
            for (path, file) in &statics {
                let print = file.publish(path, &files, &transaction)?;
                site_memory.files.push(FileMemory::of(path, 0, print, Vec::new()));
            }
        }
        summary.pages = pages.iter().filter(|page| page.path.as_str().ends_with(".html")).count();
    }
    summary.phases.render = clock.lap();

    let may_publish = !site_memory.files.is_empty() && !stopped(&later);
    let published = may_publish && publish(transaction, &mut summary, &later)?;
    let mut unkept = memory.keep_sources(files.into_known(), &records);
    if published {
        site_memory.asked = asked;
        site_memory.note(&summary, &later.borrow());
        unkept = unkept.or(memory.keep_site(&site_memory));
    }
    note_unkept(unkept, &later);
    summary.phases.publish = clock.lap();
    findings.borrow_mut().append(&mut later.borrow_mut());
    Ok(finish(findings, summary, published, &project.config))
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
fn check_output(output: &Path, root: &Path, findings: &Findings) {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (output, root) = (absolute(output), absolute(root));
    let inside =
        ["content", "static", "templates", "site.toml"].iter().any(|own| output.starts_with(root.join(own)));
    if inside || root.starts_with(&output) {
        let message = format!("the site cannot go to {}: the project itself is there", output.display());
        findings.borrow_mut().push(
            Diagnostic::error("output-folder", message).help("choose a folder of its own, such as public"),
        );
    }
}

fn stops(findings: &Findings, options: &BuildOptions) -> bool {
    let least = if options.strict { Severity::Warning } else { Severity::Error };
    findings.borrow().iter().any(|finding| finding.severity >= least)
}

/// Whether the output folder is still as the last build left it.
fn is_whole(site: &SiteMemory, transaction: &Transaction) -> bool {
    use rayon::prelude::*;
    transaction.last_count() == Some(site.files.len())
        && site.files.par_iter().all(|file| transaction.holds(&file.path, file.fingerprint()))
}

fn note_damage(memory: &Memory, findings: &Findings) {
    if memory.damaged {
        findings.borrow_mut().push(Diagnostic::note(
            "cache-ignored",
            "what the last build left in .diglot/ is damaged or of another version: all is built anew",
        ));
    }
}

fn note_unkept(error: Option<WorldError>, findings: &Findings) {
    if let Some(error) = error {
        let message = format!("nothing could be left for the next build, which will take longer: {error}");
        findings.borrow_mut().push(Diagnostic::warning("cache-not-kept", message));
    }
}

fn finish(findings: Findings, mut summary: Summary, published: bool, config: &Config) -> Built {
    if !config.base_url.is_absolute() && summary.episodes > 0 {
        findings.borrow_mut().push(
            Diagnostic::note(
                "base-url-missing",
                "feeds and sitemap need whole addresses, and the site's own is not known",
            )
            .help("set base_url in site.toml, or pass --base-url"),
        );
    }
    let mut diagnostics = findings.into_inner();
    diagnostics.sort_by(|a, b| place_key(a).cmp(&place_key(b)));
    diagnostics.dedup();
    let count = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
    summary.errors = count(Severity::Error);
    summary.warnings = count(Severity::Warning);
    Built { summary, diagnostics, published, base_url: config.base_url.clone() }
}

fn place_key(diagnostic: &Diagnostic) -> (Option<(&str, usize, usize)>, &str, &str) {
    let place = diagnostic.place.as_ref();
    (place.map(|place| (&*place.path, place.line, place.column)), &diagnostic.code.0, &diagnostic.message)
}

/// Builds the archive, and says where each of its episodes comes from.
fn put_together(project: &Project, taken: Vec<Taken>) -> (Archive, Vec<Origin>) {
    let mut origins: HashMap<Arc<str>, Origin> = HashMap::with_capacity(taken.len());
    let mut digests = Vec::with_capacity(taken.len());
    for mut one in taken {
        if let Some(digest) = one.digest.take() {
            origins.insert(digest.origin.clone(), Origin::of(&mut one));
            digests.push(digest);
        }
    }
    let archive = archive_of(project, digests);
    let origins =
        archive.episodes.iter().map(|digest| origins.remove(&digest.origin).unwrap_or_default()).collect();
    (archive, origins)
}

/// The archive of a project with these episodes.
fn archive_of(project: &Project, digests: Vec<Digest>) -> Archive {
    let config = &project.config;
    let people = project.people.clone();
    build_archive(digests, project.plans.clone(), people, &config.languages, config.title.as_ref())
}

fn load_templates(project: &Project, files: &Files, lang: &Lang, findings: &Findings) -> Option<Templates> {
    let assets = statics::addresses(project, files);
    let options = TemplateOptions { lang, minify: project.config.build.minify, assets };
    Templates::load(&project.templates, options, findings)
}

/// Claims every path once; a second claim is an error that names both.
fn claim_all(pages: &[Page], statics: &[(SitePath, StaticFile)], findings: &Findings) {
    let mut registry = Registry::new();
    let pages = pages.iter().map(|page| (&page.path, page.origin.as_str()));
    let statics = statics.iter().map(|(path, file)| (path, file.origin()));
    for (path, origin) in pages.chain(statics) {
        if let Err(clash) = registry.claim(path, origin) {
            let message = format!(
                "two things would be published at {}: {} and {}",
                clash.path, clash.first, clash.second
            );
            findings.borrow_mut().push(
                Diagnostic::error("output-clash", message)
                    .help("rename one of them, or give one a `slug` of its own"),
            );
        }
    }
}

/// Takes the pages' records and findings together.
fn gather(made: Vec<Made>, summary: &mut Summary, findings: &Findings) -> Vec<FileMemory> {
    let mut files = Vec::with_capacity(made.len());
    for one in made {
        let file = match one {
            Made::Kept(file) => file,
            Made::Rendered(file) => {
                summary.rendered += 1;
                file
            }
            Made::Wrong(wrong) => {
                findings.borrow_mut().extend(wrong);
                continue;
            }
        };
        findings.borrow_mut().extend(file.findings.iter().cloned());
        files.push(file);
    }
    files
}

/// Moves the site into place. The author's own files in the way stop it; others are named.
fn publish(transaction: Transaction, summary: &mut Summary, findings: &Findings) -> Result<bool, WorldError> {
    match transaction.commit() {
        Ok(outcome) => {
            summary.changed = outcome.changed;
            summary.unchanged = outcome.unchanged;
            summary.removed = outcome.removed;
            summary.bytes = outcome.bytes;
            for name in outcome.foreign {
                findings.borrow_mut().push(Diagnostic::note(
                    "foreign-file",
                    format!("{} is not of diglot's making, and stays as it is", Path::new(&name).display()),
                ));
            }
            Ok(true)
        }
        Err(CommitError::Occupied(files)) => {
            for name in files {
                findings.borrow_mut().push(
                    Diagnostic::error(
                        "output-occupied",
                        format!("{name} in the output folder is not of diglot's making, and the site needs its place"),
                    )
                    .help("move it away, or put it into static/ to be published"),
                );
            }
            Ok(false)
        }
        Err(CommitError::World(error)) => Err(error),
    }
}
