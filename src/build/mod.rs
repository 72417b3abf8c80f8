//! The pipeline: a project on disk → a published site, or a list of what is wrong with it.

mod episodes;
mod files;
mod guess;
mod loaded;
mod pages;
mod pictures;
mod rehearse;
mod shard;
mod statics;
mod summary;
mod warm;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::archive::{Archive, build_archive};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::key::Key;
use crate::memory::{FileMemory, Memory, Record, SiteMemory, Written};
use crate::project::{EpisodeRef, Outline, Project, open_project, outline};
use crate::publish::{CommitError, Outlet, Registry, Transaction, recover};
use crate::read::WorldError;
use crate::render::{Page, PageKeys, PageKind, Site};
use crate::slug::{BaseUrl, SitePath};
use crate::table::Findings;

use episodes::{Taken, Taking};
use files::Files;
use loaded::Loaded;
use pages::{Made, Making, Origin};
use pictures::{Seen, all_copies};
pub use rehearse::{Audience, Rehearsed, rehearse};
pub use shard::Shard;
use shard::{Label, Parts};
use statics::StaticFile;
pub use summary::{BuildOptions, Built, Phases, Progress, Quiet, Summary};
use summary::{Clock, go_on};
pub use warm::Warm;
use warm::{Begun, Open};

/// Builds and publishes the project at `options.root`, or with `options.shard` a part of it.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<Built, WorldError> {
    build_again(options, progress, &mut Warm::default())
}

/// Builds and publishes once more, beginning with what the last build of this process kept.
pub fn build_again(
    options: &BuildOptions,
    progress: &dyn Progress,
    warm: &mut Warm,
) -> Result<Built, WorldError> {
    match attempt(options, progress, warm, false)? {
        Some(built) => Ok(built),
        None => {
            let built = attempt(options, progress, warm, true)?;
            Ok(built.expect("nothing is missed in a memory from which nothing is taken"))
        }
    }
}

/// Builds and publishes; does neither, where what memory held turns out to be gone. With `forgets`
/// nothing is taken from memory.
fn attempt(
    options: &BuildOptions,
    progress: &dyn Progress,
    warm: &mut Warm,
    forgets: bool,
) -> Result<Option<Built>, WorldError> {
    let mut run = Run::new(options, progress);
    let (begun, has_place) = run.begin(warm)?;
    if !has_place {
        return Ok(Some(run.finish(false, begun.config())));
    }
    let believes = matches!(begun, Begun::Open(_));
    let kept = warm.memory.take();
    let (mut memory, transaction) = rayon::join(
        || match kept {
            _ if forgets => Memory::forgotten(&options.root),
            Some(kept) => kept.again(),
            None => Memory::open(&options.root, options.force),
        },
        || Transaction::begin(&run.summary.output, options.force),
    );
    let transaction = transaction?.believing(believes);
    memory.stays = warm.stays;
    let asked = memory.asked(&options.key(), begun.files());
    run.summary.phases.read = run.clock.lap();

    if asked.is_some() && asked == memory.site.asked && is_whole(&memory.site, &transaction) {
        run.recall(&memory.site, &transaction);
        let built = run.finish(true, begun.config());
        warm.memory = Some(memory);
        return Ok(Some(built));
    }

    let early = run.early.borrow().clone();
    let ((), project) = rayon::join(|| memory.load(), || begun.open());
    run.note_damage(&memory);
    let (project, later) = project?;
    run.later.borrow_mut().extend(later.iter().cloned());
    let (files, seen) = (Files::new(&memory), Seen::default());
    let part = options.shard.map_or(Part::Whole, |shard| Part::One(shard, shard.episodes(&project)));
    let loaded = &warm.loaded;
    let taking = Taking {
        project: &project,
        memory: &memory,
        files: &files,
        loaded,
        seen: &seen,
        part: &part,
        audience: None,
        progress,
    };
    let mut taken = taking.all(&transaction)?;
    let records = Records::of(&mut taken, &project);
    let (archive, origins) = run.archive(&project, taken);

    let last_is_empty = memory.site.files.is_empty();
    let last = memory.site.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let half = SecondHalf {
        project: &project,
        files: &files,
        loaded,
        seen: &seen,
        part: &part,
        last,
        outlet: &transaction,
    };
    let mut made = run.make(&half, &archive, &origins)?;
    if let (Part::One(shard, own), Some(made)) = (&part, &mut made) {
        let fresh = records.by_origin(&archive);
        let record = |origin: &str| fresh(origin).or_else(|| memory.digests.written(origin));
        let label = Label::new(*shard, own, &project, &archive, made, record);
        let print = transaction.put(&Shard::path(), &label.sealed())?;
        made.push(FileMemory::of(&Shard::path(), Key::default(), print, Vec::new()));
    }
    run.summary.phases.render = run.clock.lap();
    if memory.digests.have_lost() {
        return Ok(None);
    }

    let foreign = (!last_is_empty).then_some(memory.site.foreign.as_slice());
    let published = made.is_some() && run.publish(transaction, &project.config.base_url, foreign)?;
    run.summary.phases.publish = run.clock.lap();
    let found = files.into_found();
    let mut unkept =
        memory.keep_sources(project.sources(), &found, &records.list(), records.by_origin(&archive));
    let is_all = made.is_some() && matches!(part, Part::Whole);
    unkept = unkept.or(memory.keep_pictures(seen.into_known(), is_all));
    if let Some(made) = made.filter(|_| published) {
        unkept = unkept.or(memory.keep_site(run.remembered(asked, made)));
    }
    run.note_unkept(unkept);
    run.summary.phases.keep = run.clock.lap();
    let built = run.finish(published, &project.config);
    let memory = warm.keep(memory, Open { project, early, later });
    // To take apart what hundreds of thousands of texts were held in takes a while, and nobody
    // waits for it.
    rayon::spawn(move || drop((archive, records, memory)));
    Ok(Some(built))
}

/// Puts the parts that `build` with a shard left in `folders` together, makes the pages that need
/// all of them, and publishes the whole.
pub fn merge(
    options: &BuildOptions,
    folders: &[PathBuf],
    progress: &dyn Progress,
) -> Result<Built, WorldError> {
    let mut run = Run::new(options, progress);
    let (outline, has_place) = run.outline()?;
    let parts = Parts::read(folders, &run.later).filter(|_| has_place && !run.stops());
    let Some(parts) = parts else {
        return Ok(run.finish(false, &outline.config));
    };
    let memory = Memory::of_pictures(&options.root);
    let project = run.project(opened(outline)?);
    let (files, seen) = (Files::new(&memory), Seen::default());
    let transaction = Transaction::begin(&run.summary.output, options.force)?;
    run.summary.phases.read = run.clock.lap();

    let taken = parts.taken(&project, &run.later);
    let (archive, origins) = run.archive(&project, taken);
    parts.check(&archive, &run.later);
    let part = Part::Joined(parts);
    let last = HashMap::default();
    let loaded = &Loaded::default();
    let half = SecondHalf {
        project: &project,
        files: &files,
        loaded,
        seen: &seen,
        part: &part,
        last,
        outlet: &transaction,
    };
    let made = run.make(&half, &archive, &origins)?;
    run.summary.phases.render = run.clock.lap();

    let published = made.is_some() && run.publish(transaction, &project.config.base_url, None)?;
    run.summary.phases.publish = run.clock.lap();
    Ok(run.finish(published, &project.config))
}

/// What there is to remember of the episodes, in the order of their names.
struct Records {
    new: Vec<(Arc<str>, Option<Record>)>,
    /// Records of those that are not part of the archive.
    drafts: HashMap<Arc<str>, Written>,
}

impl Records {
    fn of(taken: &mut [Taken], project: &Project) -> Records {
        let mut records = Records { new: Vec::with_capacity(taken.len()), drafts: HashMap::default() };
        for one in taken {
            let record = one.record.take();
            if let (Some(record), Some(digest), false) = (&record, &one.digest, one.is_wanted(project)) {
                records.drafts.extend(record.with(digest).map(|record| (one.origin.clone(), record)));
            }
            records.new.push((one.origin.clone(), record));
        }
        records
    }

    /// Each episode, and whether there is something new to remember of it.
    fn list(&self) -> Vec<(Arc<str>, bool)> {
        self.new.iter().map(|(origin, record)| (origin.clone(), record.is_some())).collect()
    }

    /// Gives the new record of an episode, by its name.
    fn by_origin<'a>(&'a self, archive: &'a Archive) -> impl Fn(&str) -> Option<Written> + 'a {
        let digests: HashMap<&str, &Digest> =
            archive.episodes.iter().map(|digest| (&*digest.origin, &**digest)).collect();
        let records: HashMap<&str, &Record> =
            self.new.iter().filter_map(|(origin, record)| Some((&**origin, record.as_ref()?))).collect();
        move |origin| match digests.get(origin) {
            Some(digest) => records.get(origin)?.with(digest),
            None => self.drafts.get(origin).cloned(),
        }
    }
}

/// How much of the site a build makes.
pub enum Part {
    Whole,
    /// The pages of these episodes.
    One(Shard, HashSet<EpisodeRef>),
    /// All but the pages of episodes, which are there.
    Joined(Parts),
}

impl Part {
    /// Whether the page of an episode is made.
    fn has(&self, episode: EpisodeRef) -> bool {
        match self {
            Part::Whole => true,
            Part::One(_, own) => own.contains(&episode),
            Part::Joined(_) => false,
        }
    }
}

/// What the second half of a build works on.
struct SecondHalf<'a> {
    project: &'a Project,
    files: &'a Files<'a>,
    loaded: &'a Loaded,
    seen: &'a Seen,
    part: &'a Part,
    last: HashMap<&'a str, &'a FileMemory>,
    outlet: &'a dyn Outlet,
}

/// A build under way: what it has found and taken so far.
struct Run<'a> {
    options: &'a BuildOptions,
    progress: &'a dyn Progress,
    /// What was found until the files were listed, which every build does.
    early: Findings,
    /// What was found since, which memory can tell.
    later: Findings,
    clock: Clock,
    summary: Summary,
    /// Files in the output folder that are not ours.
    foreign: Vec<String>,
}

impl<'a> Run<'a> {
    fn new(options: &'a BuildOptions, progress: &'a dyn Progress) -> Run<'a> {
        let (early, later, clock) = (Findings::default(), Findings::default(), Clock::start());
        Run { options, progress, early, later, clock, summary: Summary::default(), foreign: Vec::new() }
    }

    /// Reads the settings and lists the files; also says whether the site has a place to go to.
    fn settings(&mut self) -> Result<(Outline, bool), WorldError> {
        let options = self.options;
        let outline = outline(&options.root, |config| adjust(config, options), &self.early)?;
        self.summary.output = options.root.join(&outline.config.build.output);
        let has_place = check_output(&self.summary.output, &options.root, &self.early);
        Ok((outline, has_place))
    }

    /// The same, and carries out what an interrupted build has begun.
    fn outline(&mut self) -> Result<(Outline, bool), WorldError> {
        let (outline, has_place) = self.settings()?;
        if has_place {
            self.early.borrow_mut().extend(recover(&self.summary.output)?.finding());
        }
        Ok((outline, has_place))
    }

    /// What the build begins with: the project of the last one, where all that changed since is
    /// known, else as `outline`.
    fn begin(&mut self, warm: &mut Warm) -> Result<(Begun, bool), WorldError> {
        let Some(open) = warm.begun() else {
            return self.outline().map(|(outline, has_place)| (Begun::Listed(Box::new(outline)), has_place));
        };
        self.summary.output = self.options.root.join(&open.project.config.build.output);
        self.early.borrow_mut().extend(open.early.iter().cloned());
        Ok((Begun::Open(open), true))
    }

    /// Whether something was found that must not be published.
    fn stops(&self) -> bool {
        let least = if self.options.strict { Severity::Warning } else { Severity::Error };
        let stops = |findings: &Findings| findings.borrow().iter().any(|finding| finding.severity >= least);
        stops(&self.early) || stops(&self.later)
    }

    /// Takes what the last build found for what this one would.
    fn recall(&mut self, site: &SiteMemory, transaction: &Transaction) {
        self.summary.recall(site);
        let foreign = site.foreign.iter().filter(|path| transaction.has(path));
        self.later.borrow_mut().extend(foreign.map(|path| foreign_file(path)));
        self.later.borrow_mut().extend(site.findings.iter().cloned());
        self.summary.phases.publish = self.clock.lap();
    }

    fn remembered(&self, asked: Option<Key>, files: Vec<FileMemory>) -> SiteMemory {
        let mut site = SiteMemory { asked, files, ..SiteMemory::default() };
        site.note(&self.summary, &self.later.borrow());
        site.foreign.clone_from(&self.foreign);
        site
    }

    fn note_damage(&self, memory: &Memory) {
        if memory.damaged {
            let message =
                "what an earlier build left in .diglot/ is damaged or of another version: all is built anew";
            self.early.borrow_mut().push(Diagnostic::note("cache-ignored", message));
        }
    }

    fn note_unkept(&self, error: Option<WorldError>) {
        if let Some(error) = error {
            let message =
                format!("nothing could be left for the next build, which will take longer: {error}");
            self.early.borrow_mut().push(Diagnostic::warning("cache-not-kept", message));
        }
    }

    /// Takes a project that was opened, and what was found on the way.
    fn project(&self, (project, found): (Project, Vec<Diagnostic>)) -> Project {
        self.later.borrow_mut().extend(found);
        project
    }

    /// Puts the archive together, and says where each of its episodes comes from.
    fn archive(&mut self, project: &Project, mut taken: Vec<Taken>) -> (Archive, Vec<Origin>) {
        self.later.borrow_mut().extend(taken.iter_mut().flat_map(|one| std::mem::take(&mut one.findings)));
        taken.retain(|one| one.is_wanted(project));
        self.summary.phases.digest = self.clock.lap();
        let (archive, origins) = put_together(project, taken);
        self.summary.episodes = archive.episodes.len();
        self.summary.cues = archive.episodes.iter().map(|digest| digest.cue_count).sum();
        (archive, origins)
    }

    /// Makes all files of the site, or of the part that is asked for; nothing where what was found
    /// must not be published.
    fn make(
        &mut self,
        half: &SecondHalf,
        archive: &Archive,
        origins: &[Origin],
    ) -> Result<Option<Vec<FileMemory>>, WorldError> {
        let SecondHalf { project, files, loaded, seen, part, last, outlet } = half;
        let mut statics = statics::all_statics(project, archive);
        statics::name_unused(project, &statics, &self.later);
        self.later.borrow_mut().extend(unknown_sizes(archive));
        let templates = loaded.load(project, files, &archive.langs, &self.later);
        self.summary.phases.archive = self.clock.lap();
        let Some(templates) = templates.filter(|_| !self.stops()) else {
            return Ok(None);
        };
        let is_wanted = |index: usize| !matches!(part, Part::One(..)) || part.has(origins[index].at);
        let (pictures, wrong) = seen.pictures(archive, is_wanted, &statics, files)?;
        self.later.borrow_mut().extend(wrong);
        statics.extend(all_copies(&pictures, &statics));
        let site = Site::new(&project.config, archive, &templates, &project.about, &pictures);
        let mut pages = site.pages();
        self.later.borrow_mut().extend(missing_pictures(project, &pages, &statics));
        let (keys, clashes) = rayon::join(|| PageKeys::new(&site), || claim_all(&site, &pages, &statics));
        self.later.borrow_mut().extend(clashes);
        if self.stops() {
            return Ok(None);
        }
        if let Part::One(..) = part {
            pages.retain(|page| matches!(page.kind, PageKind::Episode(index) if part.has(origins[index].at)));
            statics.clear();
        }
        let twins = pages.iter().map(|page| site.episode_twin_count(page));
        self.summary.pages =
            pages.iter().filter(|page| page.path.as_str().ends_with(".html")).count() + twins.sum::<usize>();
        let making =
            Making { project, site: &site, files, part, last, outlet: *outlet, progress: self.progress };
        let made = making.all(&pages, &keys, origins)?;
        let mut made = gather(made, &mut self.summary, &self.later);
        for (path, file) in &statics {
            let print = file.publish(path, files, *outlet)?;
            made.push(FileMemory::of(path, Key::default(), print, Vec::new()));
        }
        Ok(Some(made).filter(|_| !self.stops()))
    }

    /// Moves the site into place. The author's own files in the way stop it; others are named:
    /// those that the last build has `seen`, else all that are there.
    fn publish(
        &mut self,
        transaction: Transaction,
        base: &BaseUrl,
        seen: Option<&[String]>,
    ) -> Result<bool, WorldError> {
        let still = |seen: &[String]| seen.iter().filter(|path| transaction.has(path)).cloned().collect();
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

    fn finish(self, published: bool, config: &Config) -> Built {
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

/// Opens a project; gives it with what was found.
fn opened(outline: Outline) -> Result<(Project, Vec<Diagnostic>), WorldError> {
    let findings = Findings::default();
    let project = open_project(outline, &findings)?;
    Ok((project, findings.into_inner()))
}

/// Whether the output folder is still as the last build left it.
fn is_whole(site: &SiteMemory, transaction: &Transaction) -> bool {
    use rayon::prelude::*;
    transaction.last_count() == Some(site.files.len())
        && site.files.par_iter().all(|file| transaction.holds(&file.path, file.fingerprint()))
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
fn archive_of(project: &Project, digests: Vec<Arc<Digest>>) -> Archive {
    let config = &project.config;
    let people = project.people.clone();
    build_archive(digests, project.plans.clone(), people, &config.languages, config.title.as_ref())
}

/// Claims every path once; a second claim is an error that names both. What goes beside a page is
/// claimed where the page is.
fn claim_all(site: &Site, pages: &[Page], statics: &[(SitePath, StaticFile)]) -> Vec<Diagnostic> {
    let mut claims = Claims::default();
    for page in pages {
        let is_claimed = claims.claim(&page.path, &page.origin);
        let PageKind::Episode(index) = page.kind else { continue };
        let digest = &site.archive.episodes[index];
        if !digest.assets.is_empty() {
            for transcript in site.transcripts(&page.path, digest).iter().filter(|file| file.is_authors) {
                claims.findings.push(own_transcript(&page.origin, &transcript.path));
            }
        }
        for file in site.episode_files(page, digest).iter().skip(1).filter(|_| is_claimed) {
            claims.claim(&file.path, &page.origin);
        }
    }
    for (path, file) in statics {
        claims.claim(path, file.origin());
    }
    claims.findings
}

#[derive(Default)]
struct Claims<'o> {
    registry: Registry<'o>,
    findings: Vec<Diagnostic>,
}

impl<'o> Claims<'o> {
    fn claim(&mut self, path: &SitePath, origin: &'o str) -> bool {
        let Err(clash) = self.registry.claim(path, origin) else { return true };
        let message =
            format!("two things would be published at {}: {} and {}", clash.path, clash.first, clash.second);
        self.findings.push(
            Diagnostic::error("output-clash", message)
                .help("rename one of them, or give one a `slug` of its own"),
        );
        false
    }
}

/// Pictures that are named by places where nothing is published.
fn missing_pictures(
    project: &Project,
    pages: &[Page],
    statics: &[(SitePath, StaticFile)],
) -> Vec<Diagnostic> {
    if project.named.is_empty() {
        return Vec::new();
    }
    let paths = statics.iter().map(|(path, _)| path).chain(pages.iter().map(|page| &page.path));
    let there: HashSet<&str> = paths.map(SitePath::as_str).collect();
    let missing = project.named.iter().filter(|named| !there.contains(named.path.as_str()));
    missing.map(|named| named.missing.clone()).collect()
}

/// Feeds ask how long the file of a recording is.
fn unknown_sizes(archive: &Archive) -> Option<Diagnostic> {
    let lacks = |digest: &&Arc<Digest>| digest.audio.iter().any(|recording| recording.size.is_none());
    let mut episodes = archive.episodes.iter().filter(lacks);
    let first = episodes.next()?;
    let more = match episodes.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message =
        format!("feeds say 0 for the size of the recording of {}{more}, since it is not known", first.origin);
    Some(Diagnostic::note("audio-size", message).help("give it in bytes: `audio_size = 48211456`"))
}

fn own_transcript(origin: &str, path: &SitePath) -> Diagnostic {
    let message = format!("{origin} has a file of its own for {}", path.as_str());
    Diagnostic::note("own-transcript", message).help("it is published, and offered, in place of diglot's")
}

/// Takes the pages' records and findings together.
fn gather(made: Vec<Made>, summary: &mut Summary, findings: &Findings) -> Vec<FileMemory> {
    let mut files = Vec::with_capacity(made.len());
    for one in made {
        let file = match one {
            Made::Kept(file) | Made::Beside(file) => file,
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
