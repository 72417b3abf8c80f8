//! A build that is only looked at: every episode is read and every page rendered, and both are
//! shown to an audience. Never touches the output folder, nor what builds remember.

use super::episodes::Taking;
use super::last::Last;
use super::pictures::Seen;
use super::summary::{BuildOptions, Built, Progress};
use super::{Files, Loaded, Part, Run, Work, opened};
use crate::archive::Archive;
use crate::memory::Memory;
use crate::model::Episode;
use crate::project::Project;
use crate::publish::{Content, Rehearsal};
use crate::read::WorldError;
use crate::slug::SitePath;
use crate::source::Source;
use crate::table::Findings;

/// Who looks on. Asked by many threads at once.
pub trait Audience: Sync {
    /// An episode while it is open, and the text that has its front matter.
    fn episode(&self, episode: &Episode, front: &Source, findings: &Findings);

    /// A file of the site. One may be shown again, and then the last time counts.
    fn file(&self, path: &SitePath, content: Content);
}

/// What there is when the rehearsal is over.
pub struct Rehearsed {
    pub built: Built,
    pub project: Project,
    pub archive: Archive,
    /// Whether all files of the site were shown: not, where a build would have stopped.
    pub is_whole: bool,
}

/// Does what `build` does, but publishes and remembers nothing.
pub fn rehearse(
    options: &BuildOptions,
    progress: &dyn Progress,
    audience: &dyn Audience,
) -> Result<Rehearsed, WorldError> {
    let mut run = Run::new(options, progress);
    let (outline, _) = run.settings()?;
    let memory = Memory::of_pictures(&options.root);
    let project = run.project(opened(outline)?);
    let (files, seen) = (Files::new(&memory), Seen::default());
    let part = Part::Whole;
    let look = |path: &SitePath, content: Content| audience.file(path, content);
    let outlet = Rehearsal { look: &look };
    let work = Work {
        project: &project,
        files: &files,
        loaded: &Loaded::default(),
        seen: &seen,
        part: &part,
        outlet: &outlet,
        progress,
    };
    let taken = Taking { work: &work, audience: Some(audience) }.all()?;
    let (archive, origins) = run.archive(&project, taken);
    let last = Last::nothing();
    let made = run.make(&work, &last, &archive, &origins)?;
    if let Some(made) = &made {
        run.summary.weigh(made.files.iter().map(|file| file.get(last.files).print.1).sum());
        run.later.borrow_mut().extend(run.summary.over_pages_limit());
    }
    let built = run.finish(false, &project.config);
    Ok(Rehearsed { built, is_whole: made.is_some(), project, archive })
}
