//! The second half of a build: every page that is not known to be as it is gets rendered into the
//! outlet. Never puts a page that had an error.

use std::ops::Range;

use rayon::prelude::*;

use super::episodes::Taken;
use super::guess::Early;
use super::last::Last;
use super::shard::Parts;
use super::summary::go_on;
use super::{Part, Work};
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of_bytes};
use crate::memory::{FileMemory, Whole};
use crate::project::EpisodeRef;
use crate::read::{WorldError, read_text, source_of};
use crate::render::{EpisodeFile, Page, PageKeys, PageKind, Site};
use crate::slug::SitePath;
use crate::source::Source;
use crate::table::Findings;
use crate::tracks::EpisodeTexts;

/// All that making the pages needs.
pub struct Making<'a> {
    pub work: &'a Work<'a>,
    pub site: &'a Site<'a>,
    pub keys: &'a PageKeys<'a>,
    /// What the last build made.
    pub last: &'a Last<'a>,
    /// All pages of the site.
    pub pages: &'a [Page],
}

/// What came of one file.
pub enum Made {
    /// It is as the last build made it: its place there.
    Last(usize),
    Rendered(Box<FileMemory>),
    /// It goes with a page.
    Beside(Box<FileMemory>),
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
        let file = Box::new(file);
        if self.file.is_page() { Made::Rendered(file) } else { Made::Beside(file) }
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
    /// Makes the pages that are `wanted` and what goes beside them, in parallel. With each comes
    /// which files of the last build it and those beside it are, if they are made of the same.
    /// `origins` has one entry per episode of the archive.
    pub fn all(
        &self,
        wanted: Vec<(&Page, Option<Range<usize>>)>,
        origins: &[Origin],
    ) -> Result<Vec<Made>, WorldError> {
        let progress = self.work.progress;
        progress.start("rendering", wanted.len());
        // Each by itself: a list of all episodes takes as long as a hundred short pages.
        let made: Result<Vec<Vec<Made>>, WorldError> = wanted
            .into_par_iter()
            .with_max_len(1)
            .map(|(page, same)| {
                go_on(progress)?;
                let made = match (same.filter(|same| self.are_there(same)), page.kind) {
                    (Some(same), _) => Ok(same.map(Made::Last).collect()),
                    (None, PageKind::Episode(index)) => self.episode(page, index, &origins[index]),
                    (None, _) => self.page(page).map(|made| vec![made]),
                };
                progress.step();
                made
            })
            .collect();
        Ok(made?.into_iter().flatten().collect())
    }

    /// Makes a page that needs no episode.
    fn page(&self, page: &Page) -> Result<Made, WorldError> {
        let key = self.keys.of(page, self.pages);
        if let Some(made) = self.kept(&page.path, key) {
            return Ok(made);
        }
        let rendered = match page.kind {
            PageKind::About => self.site.render_about(page).map(|(bytes, dropped)| {
                let findings = dropped.into_iter().flat_map(|(links, source)| unsafe_links(links, source));
                (bytes, findings.collect())
            }),
            _ => self.site.render(page, self.pages).map(|bytes| (bytes, Vec::new())),
        };
        match rendered {
            Ok((bytes, findings)) => {
                let print = self.work.outlet.put(&page.path, &bytes)?;
                Ok(Made::Rendered(Box::new(FileMemory::of(&page.path, key, print, findings))))
            }
            Err(diagnostic) => Ok(Made::Wrong(vec![diagnostic])),
        }
    }

    /// Makes the page of an episode and its other files. The episode is read again if one of them
    /// has to be made.
    fn episode(&self, page: &Page, index: usize, origin: &Origin) -> Result<Vec<Made>, WorldError> {
        let digest = &self.site.archive.episodes[index];
        let files = self.site.episode_files(page, digest).into_iter();
        let wanted: Vec<Wanted> =
            files.map(|file| Wanted { key: self.keys.of_own_file(&file, page, index), file }).collect();
        if let Part::Joined(parts) = self.work.part {
            return wanted.iter().map(|wanted| self.taken_over(parts, wanted)).collect();
        }
        let mut made: Vec<Option<Made>> =
            wanted.iter().map(|wanted| self.there(wanted, origin.early.as_ref())).collect();
        if made.iter().any(Option::is_none) {
            self.render(page, index, &wanted, origin, &mut made)?;
        }
        // In the order of what is wanted, whichever of it was there.
        let mut made: Vec<Made> = made.into_iter().flatten().collect();
        self.note_whole(page, index, &mut made);
        Ok(made)
    }

    /// Takes down what all files of an episode are made of, with its page.
    fn note_whole(&self, page: &Page, index: usize, made: &mut [Made]) {
        let whole = Whole { key: self.keys.of_whole(page, index), count: made.len() };
        let Some(first) = made.first_mut() else { return };
        match first {
            Made::Rendered(file) => file.whole = Some(whole),
            Made::Last(place) => {
                let file = FileMemory { whole: Some(whole), ..self.last.files[*place].clone() };
                *first = Made::Beside(Box::new(file));
            }
            Made::Beside(_) | Made::Wrong(_) => {}
        }
    }

    /// Whether files of the last build are there.
    fn are_there(&self, files: &Range<usize>) -> bool {
        let mut files = self.last.files[files.clone()].iter();
        files.all(|file| self.work.outlet.keep(&file.path, file.fingerprint()))
    }

    /// A file that is as it should be already.
    fn there(&self, wanted: &Wanted, early: Option<&Early>) -> Option<Made> {
        match early.and_then(|early| early.at(&wanted.file.path)) {
            Some(early) => (early.key == wanted.key).then(|| wanted.made(early.clone())),
            None => self.kept(&wanted.file.path, wanted.key),
        }
    }

    /// What the last build made of the same, if that is still there.
    fn kept(&self, path: &SitePath, key: Key) -> Option<Made> {
        let place = self.last.place(path.as_str())?;
        let file = &self.last.files[place];
        let is_same = file.key == key && self.work.outlet.keep(&file.path, file.fingerprint());
        is_same.then_some(Made::Last(place))
    }

    /// Takes a file from the part that has it.
    fn taken_over(&self, parts: &Parts, wanted: &Wanted) -> Result<Made, WorldError> {
        let (made, file) = match parts.page(&wanted.file.path, wanted.key) {
            Ok(found) => found,
            Err(wrong) => return Ok(Made::Wrong(vec![wrong])),
        };
        let copied = self.work.outlet.put_file(&wanted.file.path, &file)?;
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
            self.work.project.with_episode(origin.at, &texts, None, &unheard, |_, episode, source| {
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
                        true => self.work.outlet.put_again(path, &bytes.pieces())?,
                        false => self.work.outlet.put_pieces(path, &bytes.pieces())?,
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
        EpisodeTexts::read(self.work.project.files(at), self.work.project.beside(at), |file| {
            let bytes = read_text(file, findings)?;
            let same = bytes.filter(|bytes| self.work.files.known(file) == Some(key_of_bytes(bytes)));
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
