//! Takes the digest of every episode: from memory while nothing it hangs on has changed, else by
//! reading it. Never keeps an episode open.

use std::sync::Arc;

use rayon::prelude::*;

use super::guess::{Early, Guess};
use super::summary::go_on;
use super::{Audience, Work};
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::key::{Key, key_of};
use crate::memory::{Record, Remembered, Sources};
use crate::project::{EpisodeRef, Project};
use crate::publish::Outlet;
use crate::read::{EpisodeFiles, WorldError, read_source, source_of};
use crate::render::{PageKeys, Site};
use crate::table::Findings;
use crate::tracks::EpisodeTexts;

/// What came of one episode.
pub struct Taken {
    pub at: EpisodeRef,
    pub origin: Arc<str>,
    /// Nothing where it could not be read, which is among the findings.
    pub digest: Option<Arc<Digest>>,
    pub findings: Vec<Diagnostic>,
    /// What to remember of it beside its digest, where that is new; nothing is remembered of one
    /// with errors.
    pub record: Option<Record>,
    /// Whether it is as memory has it.
    pub is_recalled: bool,
    /// Its page, if it is rendered already.
    pub early: Option<Early>,
}

impl Taken {
    /// Whether it is part of the archive.
    pub fn is_wanted(&self, project: &Project) -> bool {
        let drafts = project.config.build.drafts;
        self.digest.as_ref().is_some_and(|digest| drafts || !digest.facts.draft)
    }

    /// An episode as it was read before, if what it says of other files still holds.
    pub fn recalled(project: &Project, at: EpisodeRef, kept: Remembered) -> Option<Taken> {
        let Remembered { sources: _, mut digest, langs, glossary, limits, findings } = kept;
        let holds = limits == project.config.limits && project.settle(at, &mut digest) && {
            let rules = project.rules(at, &digest.show);
            rules.langs == langs.as_slice() && rules.glossary.key() == glossary
        };
        let origin = digest.origin.clone();
        let digest = Some(Arc::new(digest));
        holds.then_some(Taken { at, origin, digest, findings, record: None, is_recalled: true, early: None })
    }
}

/// All that taking an episode needs.
pub struct Taking<'a> {
    pub work: &'a Work<'a>,
    /// Who looks at every episode that is read.
    pub audience: Option<&'a dyn Audience>,
}

/// How small a part of the archive may be unread and still not be worth a guess at the rest.
const FEW: usize = 8;

impl Taking<'_> {
    /// Takes all episodes, in the order of their names. Pages of those that are read are rendered
    /// on the way, as far as it can be guessed what they will be.
    pub fn all(&self) -> Result<Vec<Taken>, WorldError> {
        let episodes = self.work.project.episodes();
        self.work.progress.start("reading", episodes.len());
        let mut taken: Vec<Option<Taken>> = Vec::new();
        if self.work.files.memory().digests.is_empty() {
            taken.resize_with(episodes.len(), || None);
        } else {
            let from_memory = || episodes.par_iter().map(|at| self.recalled(*at)).collect();
            let (recalled, ()): (Result<_, WorldError>, ()) =
                rayon::join(from_memory, || self.load_templates());
            taken = recalled?;
        }
        let missing = taken.iter().zip(&episodes).filter(|(taken, _)| taken.is_none());
        let unread: Vec<EpisodeRef> = missing.map(|(_, at)| *at).collect();
        let guess = self.guess(&unread, &taken);
        let site = guess.as_ref().map(|guess| guess.site(self.work.project));
        let ahead = guess.as_ref().zip(site.as_ref()).map(|(guess, site)| Ahead {
            guess,
            site,
            keys: PageKeys::new(site),
            outlet: self.work.outlet,
        });
        // Each by itself, so that no thread is left with many of them when the others are done.
        let each = unread.par_iter().with_max_len(1);
        let read: Vec<Taken> =
            each.map(|at| self.by_reading(*at, ahead.as_ref())).collect::<Result<_, _>>()?;
        let mut read = read.into_iter();
        Ok(taken
            .into_iter()
            .map(|taken| taken.or_else(|| read.next()).expect("what memory lacks has been read"))
            .collect())
    }

    /// Has the templates loaded by the time that they are needed, where the archive's languages are
    /// known already.
    fn load_templates(&self) {
        let Work { project, files, loaded, .. } = *self.work;
        let langs = &project.config.languages;
        if !langs.is_empty() {
            // What is wrong with them is told then.
            let _ = loaded.load(project, files, langs, &Findings::default());
        }
    }

    fn guess(&self, unread: &[EpisodeRef], taken: &[Option<Taken>]) -> Option<Guess> {
        if unread.len() * FEW < taken.len() {
            return None;
        }
        let known: Vec<Arc<Digest>> = taken
            .iter()
            .flatten()
            .filter(|taken| taken.is_wanted(self.work.project))
            .filter_map(|taken| taken.digest.clone())
            .collect();
        Guess::new(self.work, unread, &known)
    }

    /// An episode as the last build saw it, if that still holds.
    fn recalled(&self, at: EpisodeRef) -> Result<Option<Taken>, WorldError> {
        let origin = self.work.project.origin(at);
        let Some(kept) = self.work.files.memory().digests.recall(&origin) else {
            return Ok(None);
        };
        let files = self.work.project.files(at);
        if listing(files) != kept.sources.listing {
            return Ok(None);
        }
        for (name, key) in &kept.sources.read {
            match files.files().chain(self.work.project.beside(at)).find(|file| *file.name == **name) {
                Some(file) if self.work.files.key(file)? == *key => {}
                _ => return Ok(None),
            }
        }
        let taken = Taken::recalled(self.work.project, at, kept);
        if taken.is_some() {
            self.work.progress.step();
        }
        Ok(taken)
    }

    fn by_reading(&self, at: EpisodeRef, ahead: Option<&Ahead>) -> Result<Taken, WorldError> {
        go_on(self.work.progress)?;
        let own = Findings::default();
        let origin = self.work.project.origin(at);
        let mut taken = Taken {
            at,
            origin,
            digest: None,
            findings: Vec::new(),
            record: None,
            is_recalled: false,
            early: None,
        };
        let (sources, texts) = self.read(at, &own)?;
        if let Some(texts) = texts {
            let glanced = ahead.and_then(|ahead| ahead.guess.take_glanced(&taken.origin));
            let project = self.work.project;
            let looked = project.with_episode(at, &texts, glanced, &own, |key, episode, source| {
                let rules = self.work.project.rules(at, &key);
                let (langs, glossary) = (rules.langs.to_vec(), rules.glossary.key());
                let mut digest = self.work.project.digest(at, key, episode, source, &own);
                digest.source = key_of(&(&sources.read, &langs, glossary));
                let is_right = own.borrow().iter().all(|finding| finding.severity < Severity::Error);
                if is_right {
                    let limits = self.work.project.config.limits;
                    let findings = own.borrow().clone();
                    taken.record = Some(Record { sources, langs, glossary, limits, findings });
                    if let Some(ahead) = ahead.filter(|_| self.work.part.has(at)) {
                        taken.early = ahead.render(&digest, (episode, source))?;
                    }
                }
                if let Some(audience) = self.audience {
                    audience.episode(episode, source, &own);
                }
                Ok(digest)
            });
            taken.digest = looked.transpose()?.map(Arc::new);
        }
        self.work.progress.step();
        taken.findings = own.into_inner();
        Ok(taken)
    }

    /// Reads the files of an episode; no texts, and a finding, where one is no text.
    fn read(
        &self,
        at: EpisodeRef,
        findings: &Findings,
    ) -> Result<(Sources, Option<EpisodeTexts>), WorldError> {
        let files = self.work.project.files(at);
        let mut sources = Sources { listing: listing(files), read: Vec::new() };
        let texts = EpisodeTexts::read(files, self.work.project.beside(at), |file| {
            let Some(looked) = self.work.files.look(file, findings)? else { return Ok(None) };
            sources.read.push((file.name.clone(), looked.key));
            match looked.bytes {
                Some(bytes) => Ok(source_of(file, bytes, findings)),
                None => read_source(file, findings),
            }
        })?;
        Ok((sources, texts))
    }
}

/// A key of the names of an episode's files.
fn listing(files: &EpisodeFiles) -> Key {
    key_of(&files.files().map(|file| &*file.name).collect::<Vec<_>>())
}

/// What renders pages on the way.
struct Ahead<'a> {
    guess: &'a Guess,
    site: &'a Site<'a>,
    keys: PageKeys<'a>,
    outlet: &'a dyn Outlet,
}

impl Ahead<'_> {
    fn render(
        &self,
        digest: &Digest,
        open: (&crate::model::Episode, &crate::source::Source),
    ) -> Result<Option<Early>, WorldError> {
        self.guess.render(&self.keys, self.site, self.outlet, digest, open)
    }
}
