//! The files that are made of an open episode: its page, that page in one language each, its
//! transcript in the forms that are published, and all of it as Markdown. Never opens an episode.

use super::captions::TranscriptFile;
use super::episode_markdown::EPISODE_MARKDOWN;
use super::page::{Page, PageBytes, Placed, Site};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::model::Episode;
use crate::slug::SitePath;

/// A file of an episode, and where it goes.
#[derive(Debug, Clone)]
pub struct EpisodeFile {
    pub path: SitePath,
    pub kind: FileKind,
}

#[derive(Debug, Clone)]
pub enum FileKind {
    Page(Page),
    Transcript(TranscriptFile),
    Markdown,
}

impl EpisodeFile {
    fn of(page: Page) -> EpisodeFile {
        EpisodeFile { path: page.path.clone(), kind: FileKind::Page(page) }
    }

    /// Whether it is a page, and not something that goes beside one.
    pub fn is_page(&self) -> bool {
        matches!(self.kind, FileKind::Page(_))
    }
}

impl Site<'_> {
    /// The files of the episode with this page, which is the first of them.
    pub fn episode_files(&self, page: &Page, digest: &Digest) -> Vec<EpisodeFile> {
        let mut files = vec![EpisodeFile::of(page.clone())];
        files.extend(self.episode_twins(page, digest).into_iter().map(EpisodeFile::of));
        let transcripts = self.transcripts(&page.path, digest).into_iter();
        files.extend(transcripts.filter(|transcript| !transcript.is_authors).map(|transcript| EpisodeFile {
            path: transcript.path,
            kind: FileKind::Transcript(transcript.file),
        }));
        if self.config.pages.markdown {
            files.push(EpisodeFile { path: page.path.beside(EPISODE_MARKDOWN), kind: FileKind::Markdown });
        }
        files
    }

    /// Makes one of them; also gives the links of the notes that were left out of the page. The
    /// episode need not be in the archive as it is in `digest`.
    pub fn episode_file(
        &self,
        file: &EpisodeFile,
        placed: Placed,
        digest: &Digest,
        episode: &Episode,
    ) -> Result<(PageBytes, Vec<String>), Diagnostic> {
        match &file.kind {
            FileKind::Page(page) => {
                let (bytes, dropped) = self.render_episode(page, placed, digest, episode)?;
                // What is left out is told once.
                Ok((bytes, if page.edition.is_none() { dropped } else { Vec::new() }))
            }
            FileKind::Transcript(transcript) => {
                let text = self.write_transcript(transcript, digest, episode);
                Ok((PageBytes::from(text.into_bytes()), Vec::new()))
            }
            FileKind::Markdown => {
                let text = self.episode_markdown(placed.show, digest, episode);
                Ok((PageBytes::from(text.into_bytes()), Vec::new()))
            }
        }
    }
}
