//! The second half of a build: every page that is not known to be as it is gets rendered into the
//! outlet. Never puts a page that had an error.

use foldhash::HashMap;
use rayon::prelude::*;

use super::episodes::Taken;
use super::guess::Early;
use super::shard::Parts;
use super::summary::go_on;
use super::{Files, Part, Progress};
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of_bytes};
use crate::memory::FileMemory;
use crate::project::{EpisodeRef, Project};
use crate::publish::Outlet;
use crate::read::{WorldError, read_text, source_of};
use crate::render::{EpisodeFile, Page, PageKeys, PageKind, Site};
use crate::slug::SitePath;
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
    pub outlet: &'a dyn Outlet,
    pub progress: &'a dyn Progress,
}

/// What came of one file.
pub enum Made {
    /// It is as it was.
    Kept(FileMemory),
    Rendered(FileMemory),
    /// It goes with a page, new or as it was.
    Beside(FileMemory),
    /// It could not be rendered.
    Wrong(Vec<Diagnostic>),
}

/// A file that an episode gives, and what it is made of.
struct Wanted {
    file: EpisodeFile,
    key: Key,
}

impl Wanted {
    fn made(&self, file: FileMemory) -> Made {
        if self.file.is_page() { Made::Rendered(file) } else { Made::Beside(file) }
    }

    fn kept(&self, file: FileMemory) -> Made {
        if self.file.is_page() { Made::Kept(file) } else { Made::Beside(file) }
    }
}

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
    /// Makes all pages and what goes beside them, in parallel. `origins` has one entry per episode
    /// of the archive.
    pub fn all(&self, pages: &[Page], keys: &PageKeys, origins: &[Origin]) -> Result<Vec<Made>, WorldError> {
        self.progress.start("rendering", pages.len());
        let made: Result<Vec<Vec<Made>>, WorldError> = pages
            .par_iter()
            .map(|page| {
                go_on(self.progress)?;
                let made = match page.kind {
                    PageKind::Episode(index) => self.episode(page, index, keys, &origins[index]),
                    _ => self.page(page, pages, keys.of(page, pages)).map(|made| vec![made]),
                };
                self.progress.step();
                made
            })
            .collect();
        Ok(made?.into_iter().flatten().collect())
    }

    /// Makes a page that needs no episode.
    fn page(&self, page: &Page, pages: &[Page], key: Key) -> Result<Made, WorldError> {
        if let Some(kept) = self.kept(&page.path, key) {
            return Ok(Made::Kept(kept));
        }
        let rendered = match page.kind {
            PageKind::About => self.site.render_about(page).map(|(bytes, dropped)| {
                let findings = dropped.into_iter().flat_map(|(links, source)| unsafe_links(links, source));
                (bytes, findings.collect())
            }),
            _ => self.site.render(page, pages).map(|bytes| (bytes, Vec::new())),
        };
        match rendered {
            Ok((bytes, findings)) => {
                let print = self.outlet.put(&page.path, &bytes)?;
                Ok(Made::Rendered(FileMemory::of(&page.path, key, print, findings)))
            }
            Err(diagnostic) => Ok(Made::Wrong(vec![diagnostic])),
        }
    }

    /// Makes the page of an episode and its other files. The episode is read again if one of them
    /// has to be made.
    fn episode(
        &self,
        page: &Page,
        index: usize,
        keys: &PageKeys,
        origin: &Origin,
    ) -> Result<Vec<Made>, WorldError> {
        let digest = &self.site.archive.episodes[index];
        let files = self.site.episode_files(page, digest).into_iter();
        let wanted: Vec<Wanted> =
            files.map(|file| Wanted { key: keys.of_own_file(&file, page, index), file }).collect();
        if let Part::Joined(parts) = self.part {
            return wanted.iter().map(|wanted| self.taken_over(parts, wanted)).collect();
        }
        let mut made: Vec<Option<Made>> =
            wanted.iter().map(|wanted| self.there(wanted, origin.early.as_ref())).collect();
        if made.iter().any(Option::is_none) {
            self.render(page, index, &wanted, origin, &mut made)?;
        }
        // In the order of what is wanted, whichever of it was there.
        Ok(made.into_iter().flatten().collect())
    }

    /// A file that is as it should be already.
    fn there(&self, wanted: &Wanted, early: Option<&Early>) -> Option<Made> {
        match early.and_then(|early| early.at(&wanted.file.path)) {
            Some(early) => (early.key == wanted.key).then(|| wanted.made(early.clone())),
            None => self.kept(&wanted.file.path, wanted.key).map(|kept| wanted.kept(kept)),
        }
    }

    /// What the last build made of the same, if that is still there.
    fn kept(&self, path: &SitePath, key: Key) -> Option<FileMemory> {
        let last = self.last.get(path.as_str()).filter(|last| last.key == key)?;
        self.outlet.keep(path, last.fingerprint()).then(|| (*last).clone())
    }

    /// Takes a file from the part that has it.
    fn taken_over(&self, parts: &Parts, wanted: &Wanted) -> Result<Made, WorldError> {
        let (made, file) = match parts.page(&wanted.file.path, wanted.key) {
            Ok(found) => found,
            Err(wrong) => return Ok(Made::Wrong(vec![wrong])),
        };
        let copied = self.outlet.put_file(&wanted.file.path, &file)?;
        Ok(if copied == made.fingerprint() {
            wanted.made(made.clone())
        } else {
            Made::Wrong(vec![parts.spoilt(&file)])
        })
    }

    /// Reads an episode again and makes what is wanted of it and not made yet.
    fn render(
        &self,
        page: &Page,
        index: usize,
        wanted: &[Wanted],
        origin: &Origin,
        made: &mut [Option<Made>],
    ) -> Result<(), WorldError> {
        // What the file has to say was said when its digest was taken.
        let unheard = Findings::default();
        let digest = &self.site.archive.episodes[index];
        let rendered = self.read(origin.at, &unheard)?.and_then(|texts| {
            self.project.with_episode(origin.at, &texts, &unheard, |_, episode, source| {
                for (wanted, made) in wanted.iter().zip(&mut *made).filter(|(_, made)| made.is_none()) {
                    let path = &wanted.file.path;
                    let placed = self.site.placed(index);
                    let (bytes, dropped) = match self.site.episode_file(&wanted.file, placed, digest, episode)
                    {
                        Ok(rendered) => rendered,
                        Err(wrong) => {
                            *made = Some(Made::Wrong(vec![wrong]));
                            continue;
                        }
                    };
                    let is_early = origin.early.as_ref().is_some_and(|early| early.at(path).is_some());
                    let print = match is_early {
                        true => self.outlet.put_again(path, &bytes.pieces())?,
                        false => self.outlet.put_pieces(path, &bytes.pieces())?,
                    };
                    let findings = unsafe_links(dropped, source);
                    *made = Some(wanted.made(FileMemory::of(path, wanted.key, print, findings)));
                }
                Ok(())
            })
        });
        rendered.unwrap_or_else(|| {
            let message = format!("{} changed during the build", page.origin);
            let wrong = Diagnostic::error("changed-while-building", message).help("build again");
            if let Some(missing) = made.iter_mut().find(|made| made.is_none()) {
                *missing = Some(Made::Wrong(vec![wrong]));
            }
            Ok(())
        })
    }

    /// Reads an episode again; nothing, where its files are not as they were.
    fn read(&self, at: EpisodeRef, findings: &Findings) -> Result<Option<EpisodeTexts>, WorldError> {
        EpisodeTexts::read(self.project.files(at), self.project.beside(at), |file| {
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
