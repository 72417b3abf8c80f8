//! What there is in a project: shows, episodes, and the files of each. Never says what a file is:
//! its name does.

use std::fs;
use std::path::PathBuf;

use super::names::{IDS_EXTENSION, IDS_FILE, is_passed_over};
use super::{File, Stamp};
use crate::lang::Lang;

/// What the project holds, in the order of the names.
#[derive(Debug, Default)]
pub struct Inventory {
    pub people: Option<File>,
    /// `content/about.md`, or one file per language.
    pub about: Vec<TrackFile>,
    pub shows: Vec<ShowFiles>,
    pub templates: Vec<File>,
    pub statics: Vec<File>,
}

impl Inventory {
    /// All files listed, in a fixed order.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        let shows = self.shows.iter().flat_map(|show| {
            let episodes = show.episodes.iter().flat_map(EpisodeFiles::files);
            show.settings.iter().chain(episodes).chain(&show.assets)
        });
        let about = self.about.iter().map(|text| &text.file);
        self.people.iter().chain(about).chain(shows).chain(&self.templates).chain(&self.statics)
    }

    /// Looks again at a file that was written since it was listed. False where the list may have
    /// become another: for all but what episodes are made of and static files.
    pub fn renew(&mut self, name: &str) -> bool {
        if is_passed_over(name) {
            return true;
        }
        let episodes = self.shows.iter_mut().flat_map(|show| &mut show.episodes);
        let mut files = episodes.flat_map(EpisodeFiles::files_mut).chain(&mut self.statics);
        let Some(file) = files.find(|file| &*file.name == name) else { return false };
        match fs::symlink_metadata(&file.path) {
            Ok(found) if found.is_file() => file.stamp = Stamp::of(&found),
            _ => return false,
        }
        true
    }
}

/// A folder in `content/`, or `content/` itself for the files that lie in it.
#[derive(Debug, Default)]
pub struct ShowFiles {
    /// The folder's name; nothing for `content/` itself.
    pub folder: Option<String>,
    pub settings: Option<File>,
    pub episodes: Vec<EpisodeFiles>,
    /// Files that are not transcripts: `show.toml` may name a cover among them.
    pub assets: Vec<File>,
}

/// One episode: a transcript file, files side by side that differ in their language's tag alone,
/// or a folder (see `is_episode`).
#[derive(Debug, Default)]
pub struct EpisodeFiles {
    /// The file's or the folder's name, without tag and extension.
    pub stem: String,
    /// Whether it has a folder to itself.
    pub is_folder: bool,
    /// `episode.md` of a folder, or the untagged Markdown beside two tracks or more.
    pub head: Option<File>,
    /// The transcript by its names: one file, or one per language; a folder may have none yet.
    pub tracks: Vec<TrackFile>,
    /// Texts that could be a transcript where there is one already.
    pub others: Vec<File>,
    /// What the author decided about the pairing: `pairs.toml`.
    pub pairs: Option<File>,
    /// The ids that lines were published by: `episode.ids`, or `NAME.ids` beside `NAME.txt`.
    pub ids: Option<File>,
    /// Everything else in the folder.
    pub assets: Vec<File>,
}

/// A file of a transcript, and the language that its name ends in.
#[derive(Debug, Clone)]
pub struct TrackFile {
    pub file: File,
    pub lang: Option<Lang>,
}

impl EpisodeFiles {
    /// All its files, in a fixed order.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        let tracks = self.tracks.iter().map(|track| &track.file);
        self.head
            .iter()
            .chain(tracks)
            .chain(&self.others)
            .chain(&self.pairs)
            .chain(&self.ids)
            .chain(&self.assets)
    }

    fn files_mut(&mut self) -> impl Iterator<Item = &mut File> {
        let tracks = self.tracks.iter_mut().map(|track| &mut track.file);
        let named = self.head.iter_mut().chain(tracks).chain(&mut self.others);
        named.chain(&mut self.pairs).chain(&mut self.ids).chain(&mut self.assets)
    }

    /// Where the ids of its lines are written, as a path and as a name in the project; nothing
    /// without a transcript.
    pub fn ids_place(&self) -> Option<(PathBuf, String)> {
        if let Some(ids) = &self.ids {
            return Some((ids.path.clone(), ids.name.to_string()));
        }
        let track = &self.tracks.first()?.file;
        let name = match self.is_folder {
            true => IDS_FILE.to_owned(),
            false => format!("{}.{IDS_EXTENSION}", self.stem),
        };
        let folder = track.name.strip_suffix(track.file_name())?;
        Some((track.path.with_file_name(&name), format!("{folder}{name}")))
    }
}
