//! The files of an episode's transcript beside its page: which there are, and what is in them.
//! Never the words alone: who speaks is named as on the page.

use serde::Serialize;

use super::captions::{Captions, TranscriptFile, transcript_files, write};
use super::page::Site;
use super::views::{LangView, Views};
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::model::Episode;
use crate::slug::SitePath;

/// A file of a transcript, and where it goes.
#[derive(Debug, Clone)]
pub struct TranscriptPage {
    pub path: SitePath,
    pub file: TranscriptFile,
    /// Whether the author has put a file there, which is published in its place.
    pub is_authors: bool,
}

/// A file as templates see it.
#[derive(Serialize)]
pub struct TranscriptView {
    url: String,
    title: &'static str,
    media_type: &'static str,
    languages: Vec<LangView>,
}

/// How the lines of a language are read, as templates see it.
#[derive(Serialize)]
pub struct ReadingView {
    url: String,
    title: &'static str,
    language: LangView,
}

impl Site<'_> {
    /// The files beside the page of an episode.
    pub fn transcripts(&self, page: &SitePath, digest: &Digest) -> Vec<TranscriptPage> {
        let files = transcript_files(digest, self.config.transcript_formats.as_deref());
        files
            .into_iter()
            .map(|file| {
                let path = page.beside(&file.name);
                let is_authors = !digest.assets.is_empty() && is_among_assets(&path, page, digest);
                TranscriptPage { path, file, is_authors }
            })
            .collect()
    }

    /// A file's text; nothing for one that the transcript does not give.
    pub fn write_transcript(&self, file: &TranscriptFile, digest: &Digest, episode: &Episode) -> String {
        let langs = &episode.transcript.langs;
        let only = file.only(langs);
        let lang = only.map_or(&langs[0], |only| &langs[only]);
        let title = self.views().text(&digest.facts.title);
        let captions = Captions {
            title: title.iter().map(|variant| variant.text.as_str()).collect(),
            transcript: &episode.transcript,
            only,
            names: self.names(digest, lang),
            readings: &self.config.readings,
        };
        write(file.format, &captions).expect("only files that can be written are listed")
    }

    /// What the speakers of an episode are called in a language.
    pub(super) fn names<'d>(&'d self, digest: &'d Digest, lang: &Lang) -> Vec<&'d str> {
        let people = &self.archive.people.list;
        let speakers = digest.facts.speakers.iter();
        speakers
            .map(|speaker| match speaker.person {
                Some(person) => people[person].name.best(lang),
                None if speaker.names.is_empty() => &speaker.label,
                None => speaker.names.best(lang),
            })
            .collect()
    }

    /// The files as templates see them.
    pub fn transcript_views(&self, page: &SitePath, digest: &Digest) -> Vec<TranscriptView> {
        let view = |page: TranscriptPage| TranscriptView {
            url: self.config.base_url.link(&page.path),
            title: page.file.format.title(),
            media_type: page.file.format.media_type(),
            languages: match &page.file.lang {
                Some(lang) => vec![LangView::new(lang)],
                None => digest.written_langs.iter().map(LangView::new).collect(),
            },
        };
        let files = self.transcripts(page, digest).into_iter();
        files.filter(|page| page.file.format != TranscriptFormat::Pinyin).map(view).collect()
    }

    /// Where a script finds how lines are read, per language that the author asks it for.
    pub fn reading_views(&self, page: &SitePath, digest: &Digest) -> Vec<ReadingView> {
        let files = self.transcripts(page, digest).into_iter();
        let readings = files.filter(|page| page.file.format == TranscriptFormat::Pinyin);
        readings
            .filter_map(|page| {
                let language = LangView::new(page.file.lang.as_ref()?);
                let title = page.file.format.title();
                Some(ReadingView { url: self.config.base_url.link(&page.path), title, language })
            })
            .collect()
    }
}

fn is_among_assets(path: &SitePath, page: &SitePath, digest: &Digest) -> bool {
    let folded = path.folded();
    digest.assets.iter().any(|asset| page.beside(&asset.name).folded() == folded)
}

impl Views<'_> {
    /// The files that the feed announces of an episode.
    pub fn announced(&self, digest: &Digest) -> Vec<TranscriptFile> {
        let mut files = transcript_files(digest, self.formats);
        files.retain(|file| file.format.is_announced());
        files
    }
}
