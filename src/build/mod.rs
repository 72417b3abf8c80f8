//! The pipeline: a project on disk → a published site, or a list of what is wrong with it.

mod claims;
mod episodes;
mod files;
mod guess;
mod half;
mod last;
mod loaded;
mod pages;
mod pictures;
mod records;
mod rehearse;
mod run;
mod shard;
mod statics;
mod summary;
mod warm;

use std::collections::HashSet;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::key::Key;
use crate::memory::{FileMemory, Memory, SiteMemory};
use crate::project::{EpisodeRef, Outline, Project, open_project};
use crate::publish::{Outlet, Transaction};
use crate::read::WorldError;
use crate::table::Findings;

use episodes::Taking;
use files::Files;
use last::{Last, SiteFile, put_in_order};
use loaded::Loaded;
use pictures::Seen;
use records::Records;
pub use rehearse::{Audience, Rehearsed, rehearse};
use run::Run;
pub use shard::Shard;
use shard::{Label, Parts};
pub use summary::{BuildOptions, Built, Phases, Progress, Quiet, Summary};
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
    let work = Work {
        project: &project,
        files: &files,
        loaded: &warm.loaded,
        seen: &seen,
        part: &part,
        outlet: &transaction,
        progress,
    };
    let taking = Taking { work: &work, audience: None };
    let (taken, last) = rayon::join(|| taking.all(), || Last::of(&memory.site));
    let mut taken = taken?;
    let records = Records::of(&mut taken, &project);
    let (archive, origins) = run.archive(&project, taken);

    let mut made = run.make(&work, &last, &archive, &origins)?;
    if let (Part::One(shard, own), Some(made)) = (&part, &mut made) {
        let fresh = records.by_origin(&archive);
        let record = |origin: &str| fresh(origin).or_else(|| memory.digests.written(origin));
        let pages = made.files.iter().map(|file| file.get(last.files).clone()).collect();
        let label = Label::new(*shard, own, &project, &archive, pages, record);
        let print = transaction.put(&Shard::path(), &label.sealed())?;
        let file = FileMemory::of(&Shard::path(), Key::default(), print, Vec::new());
        made.files.push(SiteFile::New(Box::new(file)));
    }
    run.summary.phases.render = run.clock.lap();
    if memory.digests.have_lost() {
        return Ok(None);
    }

    let foreign = (!last.files.is_empty()).then(|| memory.site.foreign.clone());
    let found = files.into_found();
    let (published, mut unkept) = rayon::join(
        || made.is_some().then(|| run.publish(transaction, &project.config.base_url, foreign)).transpose(),
        || memory.keep_sources(project.sources(), &found, records.list(), records.by_origin(&archive)),
    );
    let published = published?.unwrap_or_default();
    run.summary.phases.publish = run.clock.lap();
    let is_all = made.is_some() && matches!(part, Part::Whole);
    unkept = unkept.or(memory.keep_pictures(seen.into_known(), is_all));
    if let Some(made) = made.filter(|_| published) {
        let last = std::mem::take(&mut memory.site.files);
        let files = put_in_order(made.files, last);
        let site =
            SiteMemory { asked, files, claims: made.claims, theme: made.theme, ..SiteMemory::default() };
        unkept = unkept.or(memory.keep_site(run.remembered(site)));
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
    let work = Work {
        project: &project,
        files: &files,
        loaded: &Loaded::default(),
        seen: &seen,
        part: &part,
        outlet: &transaction,
        progress,
    };
    let made = run.make(&work, &Last::nothing(), &archive, &origins)?;
    run.summary.phases.render = run.clock.lap();

    let published = made.is_some() && run.publish(transaction, &project.config.base_url, None)?;
    run.summary.phases.publish = run.clock.lap();
    Ok(run.finish(published, &project.config))
}

/// What both halves of a build work on.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    pub project: &'a Project,
    pub files: &'a Files<'a>,
    pub loaded: &'a Loaded,
    pub seen: &'a Seen,
    /// Whose pages are made.
    pub part: &'a Part,
    pub outlet: &'a dyn Outlet,
    pub progress: &'a dyn Progress,
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
