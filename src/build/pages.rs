//! The second half of a build: every page that is not known to be as it is gets rendered into the
//! transaction. Never puts a page that had an error.

use std::collections::HashMap;

use rayon::prelude::*;

use super::episodes::Taken;
use super::guess::Early;
use super::shard::Parts;
use super::{Files, Part, Progress};
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of_bytes};
use crate::memory::FileMemory;
use crate::project::{EpisodeRef, Project};
use crate::publish::Transaction;
use crate::read::{WorldError, read_text, source_of};
use crate::render::{Page, PageBytes, PageKeys, PageKind, Site};
use crate::source::Source;
use crate::table::Findings;
use crate::tracks::EpisodeTexts;

/// All that making the pages needs.
pub struct Making<'a> {
    pub project: &'a Project,
    pub site: &'a Site<'a>,
    pub files: &'a Files<'a>,
    pub part: &'a Part,
    /// What the last build made, by path.
    pub last: &'a HashMap<&'a str, &'a FileMemory>,
    pub transaction: &'a Transaction,
    pub progress: &'a dyn Progress,
}

/// What came of one page.
pub enum Made {
    /// It is as it was.
    Kept(FileMemory),
    Rendered(FileMemory),
    /// It could not be rendered.
    Wrong(Vec<Diagnostic>),
}

/// A page's bytes and what was reported while it was made, or why it could not be.
type Rendered = Result<(PageBytes, Vec<Diagnostic>), Diagnostic>;

/// An episode of the archive: where its files are, and its page if that is there already.
#[derive(Default)]
pub struct Origin {
    pub at: EpisodeRef,
    pub early: Option<Early>,
}

impl Origin {
    pub fn of(taken: &mut Taken) -> Origin {
        Origin { at: taken.at, early: taken.early.take() }
    }
}

impl Making<'_> {
    /// Makes all pages, in parallel. `origins` has one entry per episode of the archive.
    pub fn all(&self, pages: &[Page], keys: &PageKeys, origins: &[Origin]) -> Result<Vec<Made>, WorldError> {
        self.progress.start("rendering", pages.len());
        pages
            .par_iter()
            .map(|page| {
                let made = self.page(page, pages, keys.of(page, pages), origins);
                self.progress.step();
                made
            })
            .collect()
    }

    fn page(&self, page: &Page, pages: &[Page], key: Key, origins: &[Origin]) -> Result<Made, WorldError> {
        if let (Part::Joined(parts), PageKind::Episode(_)) = (self.part, page.kind) {
            return self.taken_over(parts, page, key);
        }
        let origin = match page.kind {
            PageKind::Episode(index) => Some((index, &origins[index])),
            _ => None,
        };
        let early = origin.and_then(|(_, origin)| origin.early.as_ref());
        if let Some(early) = early.filter(|early| early.key == key) {
            return Ok(Made::Rendered(FileMemory::of(&page.path, key, early.print, early.findings.clone())));
        }
        if early.is_none()
            && let Some(last) = self.last.get(page.path.as_str())
            && last.key == key
            && self.transaction.keep(&page.path, last.fingerprint())
        {
            return Ok(Made::Kept((*last).clone()));
        }
        let rendered = match origin {
            Some((index, origin)) => self.episode(page, index, origin.at)?,
            None => self.site.render(page, pages).map(|bytes| (bytes.into(), Vec::new())),
        };
        match rendered {
            Ok((bytes, findings)) => {
                let print = match early {
                    Some(_) => self.transaction.put_again(&page.path, &bytes.pieces())?,
                    None => self.transaction.put_pieces(&page.path, &bytes.pieces())?,
                };
                Ok(Made::Rendered(FileMemory::of(&page.path, key, print, findings)))
            }
            Err(diagnostic) => Ok(Made::Wrong(vec![diagnostic])),
        }
    }

    /// Takes a page from the part that has it.
    fn taken_over(&self, parts: &Parts, page: &Page, key: Key) -> Result<Made, WorldError> {
        let (made, file) = match parts.page(&page.path, key) {
            Ok(found) => found,
            Err(wrong) => return Ok(Made::Wrong(vec![wrong])),
        };
        let copied = self.transaction.put_file(&page.path, &file)?;
        Ok(if copied == made.fingerprint() {
            Made::Rendered(made.clone())
        } else {
            Made::Wrong(vec![parts.spoilt(&file)])
        })
    }

    fn episode(&self, page: &Page, index: usize, at: EpisodeRef) -> Result<Rendered, WorldError> {
        // What the file has to say was said when its digest was taken.
        let unheard = Findings::default();
        let digest = &self.site.archive.episodes[index];
        let rendered = self.read(at, &unheard)?.and_then(|texts| {
            self.project.with_episode(at, &texts, &unheard, |_, episode, source| {
                let placed = self.site.placed(index);
                let (bytes, dropped) = self.site.render_episode(page, placed, digest, episode)?;
                Ok((bytes, unsafe_links(dropped, source)))
            })
        });
        Ok(rendered.unwrap_or_else(|| {
            let message = format!("{} changed during the build", page.origin);
            Err(Diagnostic::error("changed-while-building", message).help("build again"))
        }))
    }

    /// Reads an episode again; nothing, where its files are not as they were.
    fn read(&self, at: EpisodeRef, findings: &Findings) -> Result<Option<EpisodeTexts>, WorldError> {
        EpisodeTexts::read(self.project.files(at), |file| {
            let bytes = read_text(file, findings)?;
            let same = bytes.filter(|bytes| self.files.known(file) == Some(key_of_bytes(bytes)));
            Ok(same.and_then(|bytes| source_of(file, bytes, findings)))
        })
    }
}

/// The links of notes that were left out, as findings at the top of their file.
pub fn unsafe_links(dropped: Vec<String>, source: &Source) -> Vec<Diagnostic> {
    let finding = |url: String| {
        let message = format!("a link of the notes is left out: `{}`", crate::text::shortened(&url, 80));
        Diagnostic::warning("unsafe-link", message)
            .at(source.place(0..0))
            .help("links take http, https, mailto, tel, or a path in the site")
    };
    dropped.into_iter().map(finding).collect()
}
