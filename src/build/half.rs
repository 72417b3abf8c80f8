//! The second half of a build: from the digests of all episodes to all files of the site. Never
//! publishes them.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::claims::Claims;
use super::episodes::Taken;
use super::last::{Last, SiteFile};
use super::pages::{Made, Making, Origin};
use super::pictures::all_copies;
use super::run::Run;
use super::statics::{self, StaticFile};
use super::{Part, Work};
use crate::archive::{Archive, build_archive};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::key::{Key, key_of_bytes};
use crate::memory::FileMemory;
use crate::project::Project;
use crate::read::WorldError;
use crate::render::{Page, PageKeys, PageKind, Site};
use crate::slug::SitePath;

/// All files of a site.
pub struct MadeSite {
    pub files: Vec<SiteFile>,
    /// Of all claims to paths.
    pub claims: Key,
    /// Of each file of the theme that was made shorter, the key before, and hash and length after.
    pub theme: Vec<(Key, (Key, u64))>,
}

impl Run<'_> {
    /// Puts the archive together, and says where each of its episodes comes from.
    pub fn archive(&mut self, project: &Project, mut taken: Vec<Taken>) -> (Archive, Vec<Origin>) {
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
    pub fn make(
        &mut self,
        work: &Work,
        last: &Last,
        archive: &Archive,
        origins: &[Origin],
    ) -> Result<Option<MadeSite>, WorldError> {
        let Work { project, files, part, outlet, .. } = *work;
        let mut statics = statics::all_statics(project, archive);
        statics::name_unused(project, &statics, &self.later);
        self.later.borrow_mut().extend(unknown_sizes(archive));
        let templates = work.loaded.load(project, files, &archive.langs, &self.later);
        self.summary.phases.archive = self.clock.lap();
        let Some(templates) = templates.filter(|_| !self.stops()) else {
            return Ok(None);
        };
        let is_wanted = |index: usize| !matches!(part, Part::One(..)) || part.has(origins[index].at);
        let (pictures, wrong) = work.seen.pictures(archive, is_wanted, &statics, files)?;
        self.later.borrow_mut().extend(wrong);
        statics.extend(all_copies(&pictures, &statics));
        let site = Site::new(&project.config, archive, &templates, &project.about, &pictures);
        let (pages, keys) = rayon::join(|| site.pages(), || PageKeys::new(&site));
        self.later.borrow_mut().extend(missing_pictures(project, &pages, &statics));
        let same = same_as_last(&pages, &keys, last, origins);
        let claims = Claims { site: &site, pages: &pages, same: &same, last, statics: &statics };
        let (claimed, clashes) = claims.check();
        self.later.borrow_mut().extend(clashes);
        if self.stops() {
            return Ok(None);
        }
        let mut wanted: Vec<(&Page, Option<Range<usize>>)> = pages.iter().zip(same).collect();
        if let Part::One(..) = part {
            wanted.retain(
                |(page, _)| matches!(page.kind, PageKind::Episode(index) if part.has(origins[index].at)),
            );
            statics.clear();
        }
        let twins = wanted.iter().map(|(page, _)| site.episode_twin_count(page));
        self.summary.pages = wanted.iter().filter(|(page, _)| page.path.as_str().ends_with(".html")).count()
            + twins.sum::<usize>();
        let making = Making { work, site: &site, keys: &keys, last, pages: &pages };
        let mut made = self.gather(making.all(wanted, origins)?, last);
        let mut theme = Vec::new();
        for (path, file) in &statics {
            let print = file.publish(path, files, outlet)?;
            if let StaticFile::Theme(file, true) = file {
                theme.push((key_of_bytes(file.written), (print.key(), print.len)));
            }
            let file = FileMemory::of(path, Key::default(), print, Vec::new());
            made.push(SiteFile::New(Box::new(file)));
        }
        Ok(Some(MadeSite { files: made, claims: claimed, theme }).filter(|_| !self.stops()))
    }

    /// Takes what came of the pages, and what was found on the way.
    fn gather(&mut self, made: Vec<Made>, last: &Last) -> Vec<SiteFile> {
        let mut findings = self.later.borrow_mut();
        let mut files = Vec::with_capacity(made.len());
        for one in made {
            let file = match one {
                Made::Last(place) => SiteFile::Last(place),
                Made::Beside(file) => SiteFile::New(file),
                Made::Rendered(file) => {
                    self.summary.rendered += 1;
                    SiteFile::New(file)
                }
                Made::Wrong(wrong) => {
                    findings.extend(wrong);
                    continue;
                }
            };
            findings.extend(file.get(last.files).findings.iter().cloned());
            files.push(file);
        }
        files
    }
}

/// Of each page, if it is an episode's: its files in the last build, if all are made of the same
/// again.
fn same_as_last(
    pages: &[Page],
    keys: &PageKeys,
    last: &Last,
    origins: &[Origin],
) -> Vec<Option<Range<usize>>> {
    let same = |page: &Page| match page.kind {
        PageKind::Episode(index) if origins[index].early.is_none() && !last.files.is_empty() => {
            last.same_whole(page.path.as_str(), keys.of_whole(page, index))
        }
        _ => None,
    };
    pages.par_iter().map(same).collect()
}

/// Builds the archive, and says where each of its episodes comes from.
fn put_together(project: &Project, taken: Vec<Taken>) -> (Archive, Vec<Origin>) {
    let mut digests = Vec::with_capacity(taken.len());
    let mut origins = Vec::with_capacity(taken.len());
    for mut one in taken {
        if let Some(digest) = one.digest.take() {
            digests.push(digest);
            origins.push(Some(Origin::of(&mut one)));
        }
    }
    let archive = archive_of(project, digests);
    let origins = archive.given.iter().map(|from| origins[*from].take().expect("each episode is there once"));
    let origins = origins.collect();
    (archive, origins)
}

/// The archive of a project with these episodes.
pub fn archive_of(project: &Project, digests: Vec<Arc<Digest>>) -> Archive {
    let config = &project.config;
    let people = project.people.clone();
    build_archive(digests, project.plans.clone(), people, &config.languages, config.title.as_ref())
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
