//! The pipeline: a project on disk → a published site, or a list of what is wrong with it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use crate::archive::{Archive, build_archive};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::media::Asset;
use crate::project::{EpisodeRef, Project, open_project};
use crate::publish::{CommitError, Registry, Transaction, recover};
use crate::read::WorldError;
use crate::render::templates::{THEME_STATICS, TemplateOptions, Templates};
use crate::render::{Page, PageKind, Site};
use crate::slug::{BaseUrl, SitePath};
use crate::table::Findings;

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

/// What a build did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    pub episodes: usize,
    pub cues: usize,
    pub pages: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub removed: usize,
    pub warnings: usize,
    pub errors: usize,
    /// Size of the whole site.
    pub bytes: u64,
    pub output: PathBuf,
    pub phases: Phases,
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

/// Builds and publishes the project at `options.root`.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<Built, WorldError> {
    let findings = Findings::default();
    let mut summary = Summary::default();
    let mut clock = Clock(Instant::now());

    let project = open_project(&options.root, |config| adjust(config, options), &findings)?;
    summary.output = options.root.join(&project.config.build.output);
    if check_output(&summary.output, &options.root, &findings) {
        findings.borrow_mut().extend(recover(&summary.output)?.finding());
    }
    summary.phases.read = clock.lap();

    let (digests, refs) = digest_all(&project, &findings, progress)?;
    summary.episodes = digests.len();
    summary.cues = digests.iter().map(|digest| digest.cue_count).sum();
    summary.phases.digest = clock.lap();

    let (archive, refs) = put_together(&project, digests, refs);
    let assets = all_assets(&project, &archive);
    name_unused(&project, &assets, &findings);
    let templates = load_templates(&project, &archive, &findings);
    summary.phases.archive = clock.lap();

    let finish =
        |findings: Findings, summary, published| Ok(finish(findings, summary, published, &project.config));
    let Some(templates) = templates.filter(|_| !stops(&findings, options)) else {
        return finish(findings, summary, false);
    };
    let site = Site { config: &project.config, archive: &archive, templates: &templates };
    let pages = site.pages();
    claim_all(&pages, &assets, &findings);
    if stops(&findings, options) {
        return finish(findings, summary, false);
    }
    summary.pages = pages.iter().filter(|page| page.path.as_str().ends_with(".html")).count();
    let transaction = Transaction::begin(&summary.output, options.force)?;
    render_all(&project, &site, &pages, &refs, &transaction, &findings, progress)?;
    for (path, asset) in &assets {
        match asset {
            StaticFile::Project(asset) => transaction.put_file(path, &asset.from)?,
            StaticFile::Theme(bytes) => transaction.put(path, bytes)?,
        };
    }
    summary.phases.render = clock.lap();
    if stops(&findings, options) {
        return finish(findings, summary, false);
    }
    let published = publish(transaction, &mut summary, &findings)?;
    summary.phases.publish = clock.lap();
    finish(findings, summary, published)
}

struct Clock(Instant);

impl Clock {
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let lap = (now - self.0).as_secs_f64() * 1000.0;
        self.0 = now;
        (lap * 10.0).round() / 10.0
    }
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

fn stops(findings: &Findings, options: &BuildOptions) -> bool {
    let least = if options.strict { Severity::Warning } else { Severity::Error };
    findings.borrow().iter().any(|finding| finding.severity >= least)
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

fn place_key(diagnostic: &Diagnostic) -> (Option<(&str, usize, usize)>, &'static str, &str) {
    let place = diagnostic.place.as_ref();
    (place.map(|place| (&*place.path, place.line, place.column)), diagnostic.code.0, &diagnostic.message)
}

/// Digests every episode, in parallel, keeping the order of the files.
fn digest_all(
    project: &Project,
    findings: &Findings,
    progress: &dyn Progress,
) -> Result<(Vec<Digest>, Vec<EpisodeRef>), WorldError> {
    let episodes = project.episodes();
    progress.start("reading", episodes.len());
    let results: Vec<_> = episodes
        .par_iter()
        .map(|at| {
            let own = Findings::default();
            let digest = project.digest(*at, &own);
            progress.step();
            (digest, own.into_inner())
        })
        .collect();
    let mut digests = Vec::with_capacity(results.len());
    let mut refs = Vec::with_capacity(results.len());
    for ((digest, own), at) in results.into_iter().zip(episodes) {
        findings.borrow_mut().extend(own);
        match digest? {
            Some(digest) if !digest.facts.draft || project.config.build.drafts => {
                digests.push(digest);
                refs.push(at);
            }
            _ => {}
        }
    }
    Ok((digests, refs))
}

/// Builds the archive, and says which file each of its episodes is.
fn put_together(
    project: &Project,
    digests: Vec<Digest>,
    refs: Vec<EpisodeRef>,
) -> (Archive, Vec<EpisodeRef>) {
    let by_origin: std::collections::HashMap<_, _> =
        digests.iter().map(|digest| digest.origin.clone()).zip(refs).collect();
    let people = project.people.clone();
    let config = &project.config;
    let archive =
        build_archive(digests, project.plans.clone(), people, &config.languages, config.title.as_ref());
    let refs = archive.episodes.iter().map(|digest| by_origin[&digest.origin]).collect();
    (archive, refs)
}

enum StaticFile {
    Project(Asset),
    Theme(&'static [u8]),
}

/// Files that are published as they are: the theme's and the site's `static/`, covers, assets.
fn all_assets(project: &Project, archive: &Archive) -> Vec<(SitePath, StaticFile)> {
    let mut files: Vec<(SitePath, StaticFile)> = Vec::new();
    let own_name = |name: &str| name.strip_prefix("static/").unwrap_or(name).to_owned();
    for file in &project.inventory.statics {
        let name = own_name(&file.name);
        let asset = Asset { from: file.path.clone(), origin: file.name.clone(), name: name.clone() };
        files.push((SitePath::file(name), StaticFile::Project(asset)));
    }
    for (name, bytes) in THEME_STATICS {
        let shadowed = project.inventory.statics.iter().any(|file| own_name(&file.name) == *name);
        if !shadowed {
            files.push((SitePath::file(*name), StaticFile::Theme(bytes)));
        }
    }
    let mut beside = |page: SitePath, assets: &[Asset]| {
        for asset in assets {
            files.push((page.beside(&asset.name), StaticFile::Project(asset.clone())));
        }
    };
    for show in &archive.shows {
        beside(SitePath::page(&[show.slug.as_str()]), &show.plan.assets);
    }
    for (index, episode) in archive.episodes.iter().enumerate() {
        beside(archive.episode_path(index), &episode.assets);
    }
    files
}

fn load_templates(project: &Project, archive: &Archive, findings: &Findings) -> Option<Templates> {
    let base = &project.config.base_url;
    let mut assets = std::collections::BTreeMap::new();
    for (name, bytes) in THEME_STATICS {
        assets.insert((*name).to_owned(), fingerprinted(base, name, bytes));
    }
    for file in &project.inventory.statics {
        let name = file.name.strip_prefix("static/").unwrap_or(&file.name);
        // A file that cannot be read is reported when it is published.
        let bytes = crate::read::read_bytes(file).unwrap_or_default();
        assets.insert(name.to_owned(), fingerprinted(base, name, &bytes));
    }
    let options = TemplateOptions { lang: &archive.langs[0], minify: project.config.build.minify, assets };
    Templates::load(&project.templates, options, findings)
}

/// Names what lies in a show's folder and goes nowhere: nothing is left out in silence.
fn name_unused(project: &Project, assets: &[(SitePath, StaticFile)], findings: &Findings) {
    let used: std::collections::HashSet<&str> = assets
        .iter()
        .filter_map(|(_, file)| match file {
            StaticFile::Project(asset) => Some(&*asset.origin),
            StaticFile::Theme(_) => None,
        })
        .collect();
    let shows = &project.inventory.shows;
    for file in shows.iter().flat_map(|show| &show.assets).filter(|file| !used.contains(&*file.name)) {
        let message =
            format!("{} is left out: it is no transcript that is read, and nothing names it", file.name);
        findings.borrow_mut().push(
            Diagnostic::warning("unused-file", message)
                .help("put it into an episode's folder or into static/, or list it in [build] ignore"),
        );
    }
    if shows.iter().all(|show| show.episodes.is_empty()) {
        findings.borrow_mut().push(
            Diagnostic::note("empty-archive", "there is no transcript in content/")
                .help("put a text file there, or say where the project is with --root"),
        );
    }
}

/// An address that changes with the file, so that browsers may keep it.
fn fingerprinted(base: &BaseUrl, name: &str, bytes: &[u8]) -> String {
    let hash = xxhash_rust::xxh3::xxh3_64(bytes) as u32;
    format!("{}?v={hash:08x}", base.link(&SitePath::file(name)))
}

/// Claims every path once; a second claim is an error that names both.
fn claim_all(pages: &[Page], assets: &[(SitePath, StaticFile)], findings: &Findings) {
    let mut registry = Registry::new();
    let pages = pages.iter().map(|page| (&page.path, page.origin.as_str()));
    let assets = assets.iter().map(|(path, file)| match file {
        StaticFile::Project(asset) => (path, &*asset.origin),
        StaticFile::Theme(_) => (path, "the theme"),
    });
    for (path, origin) in pages.chain(assets) {
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

/// Renders every page into the transaction, in parallel.
fn render_all(
    project: &Project,
    site: &Site,
    pages: &[Page],
    refs: &[EpisodeRef],
    transaction: &Transaction,
    findings: &Findings,
    progress: &dyn Progress,
) -> Result<(), WorldError> {
    progress.start("rendering", pages.len());
    let results: Vec<Result<Vec<Diagnostic>, WorldError>> = pages
        .par_iter()
        .map(|page| {
            let rendered = match page.kind {
                PageKind::Episode(index) => render_episode(project, site, page, index, refs[index])?,
                _ => Ok((site.render(page, pages), Vec::new())),
            };
            progress.step();
            match rendered {
                Ok((Ok(bytes), notes)) => {
                    transaction.put(&page.path, &bytes)?;
                    Ok(notes)
                }
                Ok((Err(diagnostic), _)) | Err(diagnostic) => Ok(vec![diagnostic]),
            }
        })
        .collect();
    for result in results {
        findings.borrow_mut().extend(result?);
    }
    Ok(())
}

type Rendered = Result<(Result<Vec<u8>, Diagnostic>, Vec<Diagnostic>), Diagnostic>;

fn render_episode(
    project: &Project,
    site: &Site,
    page: &Page,
    index: usize,
    at: EpisodeRef,
) -> Result<Rendered, WorldError> {
    // What the file has to say was said when it was digested.
    let unheard = Findings::default();
    let rendered = project.with_episode(at, &unheard, |_, episode, source| {
        let (bytes, dropped) = site.render_episode(page, index, episode)?;
        let notes = dropped.into_iter().map(|url| {
            Diagnostic::warning(
                "unsafe-link",
                format!("a link of the notes is left out: `{}`", crate::text::shortened(&url, 80)),
            )
            .at(source.place(0..0))
            .help("links take http, https, mailto, tel, or a path in the site")
        });
        Ok((Ok(bytes), notes.collect()))
    })?;
    Ok(rendered.unwrap_or_else(|| {
        Err(Diagnostic::error("changed-while-building", format!("{} changed during the build", page.origin))
            .help("build again"))
    }))
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
