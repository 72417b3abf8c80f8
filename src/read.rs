//! Walks the project and reads its files: the only room, with `publish`, `serve` and the commands
//! that create files, that touches the disk. Never looks into what it reads.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::key::Key;
use crate::lang::Lang;
use crate::source::{Decoded, Limits, Place, Source, decode};
use crate::table::Findings;
use crate::text::{has_controls, is_control, without_controls};

/// A failure of the world outside the project's content: what was being done, to what, and why
/// it did not work.
#[derive(Debug)]
pub struct WorldError {
    pub doing: String,
    pub error: io::Error,
}

impl WorldError {
    pub fn new(verb: &str, path: &Path, error: io::Error) -> WorldError {
        WorldError { doing: format!("cannot {verb} {}", path.display()), error }
    }
}

impl std::fmt::Display for WorldError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}: {}", self.doing, self.error)
    }
}

impl std::error::Error for WorldError {}

/// A file of the project: where it is, its name from the project's root with `/`, and how much of
/// it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: PathBuf,
    pub name: Arc<str>,
    pub stamp: Stamp,
    pub limits: Limits,
}

/// What a folder says of a file. A file whose stamp is as before has not been written since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub len: u64,
    /// When its bytes changed last, in nanoseconds since 1970 by the clock of its disk.
    pub modified: i64,
    /// When anything about it changed last, likewise; a program cannot set it. 0 where unknown.
    pub changed: i64,
    /// Which file it is, where the system tells; a file put in another's place has another.
    pub inode: u64,
}

impl Stamp {
    #[cfg(unix)]
    pub fn of(found: &fs::Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let nanos = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Stamp {
            len: found.len(),
            modified: nanos(found.mtime(), found.mtime_nsec()),
            changed: nanos(found.ctime(), found.ctime_nsec()),
            inode: found.ino(),
        }
    }

    #[cfg(windows)]
    pub fn of(found: &fs::Metadata) -> Stamp {
        use std::os::windows::fs::MetadataExt;
        // In steps of 100 ns since 1601: only ever compared.
        let modified = found.last_write_time().min(i64::MAX as u64) as i64;
        Stamp { len: found.len(), modified, changed: 0, inode: 0 }
    }

    /// The later of the two times.
    pub fn latest(&self) -> i64 {
        self.modified.max(self.changed)
    }
}

impl File {
    /// The last segment of its name.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The last segment without its extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The extension in lower case, or nothing.
    pub fn extension(&self) -> String {
        let name = self.file_name();
        name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
    }
}

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
}

impl Inventory {
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

/// Whether a name lies in or below what is left out of `content/` by whatever settings.
fn is_passed_over(name: &str) -> bool {
    name.strip_prefix("content/").is_some_and(|inside| inside.split('/').any(is_own_affair))
}

/// Whether a file or folder is left out of `content/` without being told.
fn is_own_affair(name: &str) -> bool {
    name.starts_with(['.', '_']) || name.ends_with('~')
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

/// The name of the file that makes a folder an episode.
const EPISODE_FILE: &str = "episode.md";
/// What the transcript in a folder is called, before its tag and extension.
const TRANSCRIPT_STEM: &str = "transcript";
/// The settings of a show, in its folder.
const SHOW_FILE: &str = "show.toml";
/// The review file of a folder; `NAME.pairs.toml` is that of the tracks `NAME.en.srt` and so on.
const PAIRS_FILE: &str = "pairs.toml";
/// The ids of a folder's lines; `NAME.ids` has those of a file.
const IDS_FILE: &str = "episode.ids";
const IDS_EXTENSION: &str = "ids";
/// Extensions of files that can be transcripts. Of two files in one language the one whose
/// extension stands first is taken.
const TRANSCRIPT_EXTENSIONS: &[&str] = &["vtt", "srt", "md", "markdown", "txt", "json", "tsv", "html", "htm"];
/// Those of them that are plain text.
const TEXT_EXTENSIONS: &[&str] = &["md", "markdown", "txt"];
/// Those of the others that are nothing but transcripts, by whatever name.
const SUBTITLE_EXTENSIONS: &[&str] = &["vtt", "srt"];
/// Files about the archive rather than in it.
const ABOUT_FILES: &[&str] = &["readme.md", "readme.txt", "sources.md", "license.txt", "license.md"];

/// The project's own file of this name, if there is one; a link out of the project is reported.
pub fn find_file(root: &Path, name: &str, findings: &Findings) -> Result<Option<File>, WorldError> {
    let root = root.canonicalize().map_err(|error| WorldError::new("open", root, error))?;
    Ok(Walk { root, limits: Limits::default(), findings }.file_if_there(name))
}

/// Lists the project below `root`. `ignore` holds globs from `content/`.
pub fn read_inventory(
    root: &Path,
    ignore: &GlobSet,
    limits: Limits,
    findings: &Findings,
) -> Result<Inventory, WorldError> {
    let root = root.canonicalize().map_err(|error| WorldError::new("open", root, error))?;
    let walk = Walk { root, limits, findings };
    let mut inventory = Inventory {
        templates: walk.all_files("templates")?,
        statics: walk.all_files("static")?,
        ..Inventory::default()
    };
    let content = walk.root.join("content");
    if !content.is_dir() || !walk.stays_inside(&content, "content") {
        return Ok(inventory);
    }
    let mut loose = ShowFiles::default();
    let mut folders = Vec::new();
    for entry in walk.entries(&content, "content")? {
        if is_ignored(&entry, ignore) {
            continue;
        }
        match entry {
            Entry::Folder(path, name) => folders.push((path, name)),
            Entry::File(file) if &*file.name == "content/people.toml" => {
                inventory.people = Some(file);
            }
            Entry::File(file) if is_about_page(&file) => {
                let (_, lang) = split_tag(file.stem());
                inventory.about.push(TrackFile { file, lang });
            }
            Entry::File(file) => sort_file(file, &mut loose),
        }
    }
    for listed in walk.folders(&folders, ignore)? {
        match listed {
            Listed::Show(show) => inventory.shows.push(show),
            Listed::Episode(episode) => loose.episodes.push(episode),
        }
    }
    loose.episodes.sort_by(|a, b| {
        a.files().next().map(|file| &file.name).cmp(&b.files().next().map(|file| &file.name))
    });
    join_side_by_side(&mut loose);
    if !loose.episodes.is_empty() || !loose.assets.is_empty() {
        inventory.shows.push(loose);
    }
    Ok(inventory)
}

enum Entry {
    File(File),
    Folder(PathBuf, String),
}

/// What a folder in `content/` is.
enum Listed {
    Show(ShowFiles),
    Episode(EpisodeFiles),
}

/// Whether a folder is an episode: it has `episode.md`, or all texts in it are called `transcript`
/// or by tags alone, and there is nothing that would make it a show.
fn is_episode(entries: &[Entry]) -> bool {
    let files = || {
        entries.iter().filter_map(|entry| match entry {
            Entry::File(file) => Some(file),
            Entry::Folder(..) => None,
        })
    };
    if files().any(|file| file.file_name() == EPISODE_FILE) {
        return true;
    }
    let is_show = files().count() < entries.len() || files().any(|file| file.file_name() == SHOW_FILE);
    let stems: Vec<&str> = files().filter(|file| is_transcript(file)).map(File::stem).collect();
    let is_transcript = |stem: &&str| split_tag(stem).0 == TRANSCRIPT_STEM;
    let is_tag = |stem: &&str| Lang::of_name(stem).is_some();
    !is_show
        && match stems.len() {
            0 => false,
            1 => stems.iter().all(is_transcript),
            _ => stems.iter().all(is_transcript) || stems.iter().all(is_tag),
        }
}

fn is_ignored(entry: &Entry, ignore: &GlobSet) -> bool {
    let name: &str = match entry {
        Entry::File(file) => &file.name,
        Entry::Folder(_, name) => name,
    };
    let own = last_segment(name);
    is_own_affair(own) || is_about(own) || ignore.is_match(name.strip_prefix("content/").unwrap_or(name))
}

fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a file is about the archive, in whichever language: `README.md`, `README.en.md`.
pub fn is_about(name: &str) -> bool {
    let is_listed = |name: &str| ABOUT_FILES.contains(&name.to_ascii_lowercase().as_str());
    is_listed(name)
        || name.rsplit_once('.').is_some_and(|(stem, extension)| {
            let (stem, lang) = split_tag(stem);
            lang.is_some() && is_listed(&format!("{stem}.{extension}"))
        })
}

/// Whether a file of `content/` itself is the page about the archive: `about.md`, `about.en.md`.
fn is_about_page(file: &File) -> bool {
    file.extension() == "md" && split_tag(file.stem()).0.eq_ignore_ascii_case("about")
}

/// Splits a name without extension into what it names and the language whose tag it ends in:
/// `012.zh-Hans` → `012`, `zh-Hans`. A word that happens to be a well-formed tag is none.
pub fn split_tag(stem: &str) -> (&str, Option<Lang>) {
    let split = stem.rsplit_once('.').filter(|(name, _)| !name.is_empty());
    match split.and_then(|(name, tag)| Some((name, Lang::of_name(tag)?))) {
        Some((name, lang)) => (name, Some(lang)),
        None => (stem, None),
    }
}

/// Whether a file can be a transcript. Data can be much else; chapters are called so.
fn is_transcript(file: &File) -> bool {
    let is_named = TRANSCRIPT_EXTENSIONS.contains(&file.extension().as_str());
    is_named && (is_speech(file) || !file.stem().to_ascii_lowercase().contains("chapters"))
}

fn is_text(file: &File) -> bool {
    TEXT_EXTENSIONS.contains(&file.extension().as_str())
}

fn is_speech(file: &File) -> bool {
    is_text(file) || SUBTITLE_EXTENSIONS.contains(&file.extension().as_str())
}

fn sort_file(file: File, show: &mut ShowFiles) {
    if file.file_name() == SHOW_FILE {
        show.settings = Some(file);
    } else if is_transcript(&file) {
        let (stem, lang) = split_tag(file.stem());
        let stem = stem.to_owned();
        let tracks = vec![TrackFile { file, lang }];
        show.episodes.push(EpisodeFiles { stem, tracks, ..EpisodeFiles::default() });
    } else {
        show.assets.push(file);
    }
}

/// Makes one episode of the files in a folder whose names differ only in the language's tag and
/// the extension. It stands where the first of them does. Texts without a tag stay by themselves.
fn join_side_by_side(show: &mut ShowFiles) {
    let mut episodes: Vec<EpisodeFiles> = Vec::with_capacity(show.episodes.len());
    let mut known: HashMap<String, usize> = HashMap::new();
    let joins = |track: &TrackFile| track.lang.is_some() || !is_text(&track.file);
    let joining: HashSet<String> = show
        .episodes
        .iter()
        .filter(|episode| episode.tracks.iter().any(joins))
        .filter_map(side_by_side)
        .collect();
    for mut episode in std::mem::take(&mut show.episodes) {
        let place = if joining.is_empty() { None } else { side_by_side(&episode) };
        match place.filter(|place| joining.contains(place)) {
            Some(place) => match known.get(&place) {
                Some(first) => episodes[*first].tracks.append(&mut episode.tracks),
                None => {
                    known.insert(place, episodes.len());
                    episodes.push(episode);
                }
            },
            None => episodes.push(episode),
        }
    }
    for index in known.values() {
        let episode = &mut episodes[*index];
        take_head(episode);
        one_of_each(episode, &mut show.assets);
    }
    take_pairs(&mut episodes, &mut show.assets);
    take_ids(&mut episodes, &mut show.assets);
    show.episodes = episodes;
}

/// Where the file of an episode that is no folder lies, and what it is called without its tag.
fn side_by_side(episode: &EpisodeFiles) -> Option<String> {
    let track = episode.tracks.first().filter(|_| !episode.is_folder)?;
    let folder = track.file.name.strip_suffix(track.file.file_name())?;
    Some(format!("{folder}{}", episode.stem))
}

/// An untagged Markdown file beside two or more tagged tracks is to them what `episode.md` is to
/// a folder.
fn take_head(episode: &mut EpisodeFiles) {
    let tracks = &mut episode.tracks;
    let is_head = |track: &TrackFile| track.lang.is_none() && track.file.extension() == "md";
    let mut langs: Vec<&Lang> = tracks.iter().filter_map(|track| track.lang.as_ref()).collect();
    langs.sort();
    langs.dedup();
    if langs.len() > 1
        && let Some(index) = tracks.iter().position(is_head)
    {
        episode.head = Some(tracks.remove(index).file);
    }
}

/// Leaves an episode one track in each language, and one whose name tells none.
fn one_of_each(episode: &mut EpisodeFiles, assets: &mut Vec<File>) {
    let rank = |file: &File| {
        let extension = file.extension();
        TRANSCRIPT_EXTENSIONS.iter().position(|known| *known == extension).unwrap_or(usize::MAX)
    };
    let mut best: HashMap<Option<Lang>, (usize, usize)> = HashMap::new();
    for (index, track) in episode.tracks.iter().enumerate() {
        let own = (rank(&track.file), index);
        let best = best.entry(track.lang.clone()).or_insert(own);
        *best = own.min(*best);
    }
    for (index, track) in std::mem::take(&mut episode.tracks).into_iter().enumerate() {
        if best[&track.lang].1 == index {
            episode.tracks.push(track);
        } else if track.lang.is_some() || is_speech(&track.file) {
            episode.others.push(track.file);
        } else {
            assets.push(track.file);
        }
    }
}

/// Gives tracks that lie side by side their review file.
fn take_pairs(episodes: &mut [EpisodeFiles], assets: &mut Vec<File>) {
    let is_pairs = |file: &File| file.name.ends_with(PAIRS_FILE) && file.name.len() > PAIRS_FILE.len();
    if !assets.iter().any(is_pairs) {
        return;
    }
    let mut by_place: HashMap<String, usize> = HashMap::new();
    for (index, episode) in episodes.iter().enumerate().filter(|(_, episode)| episode.tracks.len() > 1) {
        if let Some(folder) = episode.tracks[0].file.name.strip_suffix(episode.tracks[0].file.file_name()) {
            by_place.insert(format!("{folder}{}.{PAIRS_FILE}", episode.stem), index);
        }
    }
    for file in std::mem::take(assets) {
        match by_place.get(&*file.name) {
            Some(index) => episodes[*index].pairs = Some(file),
            None => assets.push(file),
        }
    }
}

/// Gives episodes that are no folders the ids of their lines.
fn take_ids(episodes: &mut [EpisodeFiles], assets: &mut Vec<File>) {
    if !assets.iter().any(|file| file.extension() == IDS_EXTENSION) {
        return;
    }
    let places = episodes.iter().enumerate().filter_map(|(index, one)| Some((one.ids_place()?.1, index)));
    let by_place: HashMap<String, usize> = places.collect();
    for file in std::mem::take(assets) {
        match by_place.get(&*file.name) {
            Some(index) => episodes[*index].ids = Some(file),
            None => assets.push(file),
        }
    }
}

/// Which of the files in an episode's folder are its transcript, and in which languages, by their
/// names: those called `transcript`, else those that differ only in a tag, else those that are
/// called by a tag, else the first text.
fn tracks_of_folder(files: &[File]) -> Vec<Option<Option<Lang>>> {
    let split: Vec<(&str, Option<Lang>)> = files.iter().map(|file| split_tag(file.stem())).collect();
    let called = |stem: &str| -> Vec<Option<Option<Lang>>> {
        split.iter().map(|(own, lang)| (*own == stem).then(|| lang.clone())).collect()
    };
    let several = |langs: &[&Lang]| langs.iter().any(|lang| Some(lang) != langs.first());
    if split.iter().any(|(stem, _)| *stem == TRANSCRIPT_STEM) {
        let mut named = called(TRANSCRIPT_STEM);
        let is_plain = |index: usize| named[index] == Some(None) && is_text(&files[index]);
        if (0..files.len()).any(is_plain) {
            for (named, _) in named.iter_mut().zip(files).filter(|(_, file)| !is_text(file)) {
                // It may have lain beside the transcript to be published.
                named.take_if(|lang| lang.is_none());
            }
        }
        return named;
    }
    let mut by_stem: HashMap<&str, Vec<&Lang>> = HashMap::new();
    for (stem, lang) in &split {
        by_stem.entry(stem).or_default().extend(lang);
    }
    if let Some((stem, _)) = split.iter().find(|(stem, _)| several(&by_stem[stem])) {
        return called(stem);
    }
    let bare: Vec<Option<Lang>> = files.iter().map(|file| Lang::of_name(file.stem())).collect();
    if several(&bare.iter().flatten().collect::<Vec<_>>()) {
        return bare.into_iter().map(|lang| lang.map(Some)).collect();
    }
    let first = files.iter().position(is_text).or_else(|| files.iter().position(is_speech));
    let lang = |index: usize| (Some(index) == first).then(|| split[index].1.clone());
    (0..files.len()).map(lang).collect()
}

struct Walk<'a> {
    root: PathBuf,
    limits: Limits,
    findings: &'a Findings,
}

impl Walk<'_> {
    /// Whether a path of the project leads nowhere else; one that does is reported.
    fn stays_inside(&self, path: &Path, name: &str) -> bool {
        let inside = path.canonicalize().is_ok_and(|target| target.starts_with(&self.root));
        if !inside && path.exists() {
            self.skip("symlink", name, "it leads out of the project", "put the file or folder itself there");
        }
        inside
    }

    fn file_if_there(&self, name: &str) -> Option<File> {
        let path = self.root.join(name);
        let found = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        self.stays_inside(&path, name).then(|| File {
            path,
            name: name.into(),
            stamp: Stamp::of(&found),
            limits: self.limits,
        })
    }

    /// The entries of a folder in the order of their names. A symbolic link counts as what it
    /// leads to while that lies inside the project, and only to files.
    fn entries(&self, folder: &Path, name: &str) -> Result<Vec<Entry>, WorldError> {
        if name.matches('/').count() > self.limits.nesting {
            self.too_deep(name);
            return Ok(Vec::new());
        }
        let world = |error| WorldError::new("read the folder", folder, error);
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(world)? {
            let entry = entry.map_err(world)?;
            let Some(own) = entry.file_name().to_str().map(str::to_owned) else {
                self.skip(
                    "name-not-unicode",
                    &format!("{name}/{}", entry.file_name().display()),
                    "its name is not Unicode",
                    "rename it",
                );
                continue;
            };
            if own.contains(char::is_control) {
                let name = format!("{name}/{}", own.escape_debug());
                self.skip("name-control-characters", &name, "its name holds control characters", "rename it");
                continue;
            }
            let name = format!("{name}/{own}");
            let kind = entry.file_type().map_err(world)?;
            let mut link = None;
            if kind.is_symlink() {
                match entry.path().canonicalize() {
                    Ok(target) if target.starts_with(&self.root) && target.is_file() => {
                        link = Some(fs::metadata(&target).map_err(world)?);
                    }
                    _ => {
                        self.skip(
                            "symlink",
                            &name,
                            "it is a symbolic link to a folder, to nothing, or out of the project",
                            "put the file itself there",
                        );
                        continue;
                    }
                }
            }
            if kind.is_dir() {
                found.push(Entry::Folder(entry.path(), name));
            } else if kind.is_file() || link.is_some() {
                let seen = link.map_or_else(|| entry.metadata(), Ok).map_err(world)?;
                found.push(Entry::File(File {
                    path: entry.path(),
                    name: name.into(),
                    stamp: Stamp::of(&seen),
                    limits: self.limits,
                }));
            }
        }
        found.sort_by(|a, b| entry_name(a).cmp(entry_name(b)));
        Ok(found)
    }

    fn too_deep(&self, name: &str) {
        let message = format!("folders lie in each other more than {} deep", self.limits.nesting);
        let name: Arc<str> = crate::text::shortened(name, 200).into();
        self.findings.borrow_mut().push(
            Diagnostic::error("nested-too-deep", message)
                .at(Place::start_of(name))
                .help("move its files up, or raise `nesting` in [limits] of site.toml"),
        );
    }

    fn skip(&self, code: &'static str, name: &str, why: &str, help: &str) {
        let message = format!("{name} is left out: {why}");
        self.findings.borrow_mut().push(Diagnostic::warning(code, message).help(help));
    }

    /// Lists these folders of `content/`, each by its path and name, in parallel.
    fn folders(&self, folders: &[(PathBuf, String)], ignore: &GlobSet) -> Result<Vec<Listed>, WorldError> {
        let Walk { root, limits, .. } = self;
        let listed: Vec<_> = folders
            .par_iter()
            .map(|(path, name)| {
                let own = Findings::default();
                let walk = Walk { root: root.clone(), limits: *limits, findings: &own };
                Ok((walk.folder(path, name, ignore)?, own.into_inner()))
            })
            .collect::<Result<_, WorldError>>()?;
        let with_findings = listed.into_iter().map(|(listed, own)| {
            self.findings.borrow_mut().extend(own);
            listed
        });
        Ok(with_findings.collect())
    }

    fn folder(&self, path: &Path, name: &str, ignore: &GlobSet) -> Result<Listed, WorldError> {
        let entries = self.wanted(path, name, ignore)?;
        if is_episode(&entries) {
            return Ok(Listed::Episode(self.episode_folder(entries, name)?));
        }
        let mut show = ShowFiles { folder: Some(last_segment(name).to_owned()), ..ShowFiles::default() };
        self.fill_show(entries, ignore, &mut show)?;
        join_side_by_side(&mut show);
        Ok(Listed::Show(show))
    }

    /// The entries of a folder that are not ignored.
    fn wanted(&self, path: &Path, name: &str, ignore: &GlobSet) -> Result<Vec<Entry>, WorldError> {
        let mut entries = self.entries(path, name)?;
        entries.retain(|entry| !is_ignored(entry, ignore));
        Ok(entries)
    }

    /// Fills a show from its folder; folders in it that are not episodes only group files.
    fn fill_show(
        &self,
        entries: Vec<Entry>,
        ignore: &GlobSet,
        show: &mut ShowFiles,
    ) -> Result<(), WorldError> {
        for entry in entries {
            match entry {
                Entry::Folder(path, name) => {
                    let entries = self.wanted(&path, &name, ignore)?;
                    match is_episode(&entries) {
                        true => show.episodes.push(self.episode_folder(entries, &name)?),
                        false => self.fill_show(entries, ignore, show)?,
                    }
                }
                Entry::File(file) => sort_file(file, show),
            }
        }
        Ok(())
    }

    fn episode_folder(&self, entries: Vec<Entry>, name: &str) -> Result<EpisodeFiles, WorldError> {
        let stem = last_segment(name).to_owned();
        let mut episode = EpisodeFiles { stem, is_folder: true, ..EpisodeFiles::default() };
        let mut candidates = Vec::new();
        for entry in entries {
            match entry {
                Entry::File(file) if file.file_name() == EPISODE_FILE => episode.head = Some(file),
                Entry::File(file) if file.file_name() == PAIRS_FILE => episode.pairs = Some(file),
                Entry::File(file) if file.file_name() == IDS_FILE => episode.ids = Some(file),
                Entry::File(file) if is_transcript(&file) => candidates.push(file),
                Entry::File(file) => episode.assets.push(file),
                Entry::Folder(path, name) => {
                    self.collect_files(&path, &name, &mut episode.assets)?;
                }
            }
        }
        let named = tracks_of_folder(&candidates);
        let mut assets = Vec::new();
        for (file, lang) in candidates.into_iter().zip(named) {
            match lang {
                Some(lang) => episode.tracks.push(TrackFile { file, lang }),
                None if is_text(&file) => episode.others.push(file),
                None => assets.push(file),
            }
        }
        one_of_each(&mut episode, &mut assets);
        if !assets.is_empty() {
            episode.assets.append(&mut assets);
            episode.assets.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(episode)
    }

    fn all_files(&self, name: &str) -> Result<Vec<File>, WorldError> {
        let mut files = Vec::new();
        let path = self.root.join(name);
        if path.is_dir() && self.stays_inside(&path, name) {
            self.collect_files(&path, name, &mut files)?;
        }
        Ok(files)
    }

    fn collect_files(&self, path: &Path, name: &str, files: &mut Vec<File>) -> Result<(), WorldError> {
        for entry in self.entries(path, name)? {
            match entry {
                Entry::File(file) if !file.file_name().starts_with('.') => files.push(file),
                Entry::File(_) => {}
                Entry::Folder(path, name) => self.collect_files(&path, &name, files)?,
            }
        }
        Ok(())
    }
}

fn entry_name(entry: &Entry) -> &str {
    match entry {
        Entry::File(file) => &file.name,
        Entry::Folder(_, name) => name,
    }
}

/// The first `most` bytes of a file, as far as they are UTF-8.
pub fn read_start(file: &File, most: u64) -> Option<String> {
    let mut start = Vec::with_capacity(file.stamp.len.min(most) as usize + 1);
    fs::File::open(&file.path).ok()?.take(most).read_to_end(&mut start).ok()?;
    let start = String::from_utf8(start).or_else(|error| {
        let whole = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(whole);
        String::from_utf8(bytes)
    });
    start.ok()
}

/// The key of a file's bytes, which may be more than fit into memory.
pub fn read_key(file: &File) -> Result<Key, WorldError> {
    let failed = |error| WorldError::new("read", &file.path, error);
    let mut opened = fs::File::open(&file.path).map_err(failed)?;
    let mut hash = xxhash_rust::xxh3::Xxh3::new();
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match opened.read(&mut chunk) {
            Ok(0) => return Ok(hash.digest128().into()),
            Ok(count) => hash.update(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The bytes of a file; `None` where they are more than `most`.
pub fn read_bytes(file: &File, most: u64) -> Result<Option<Vec<u8>>, WorldError> {
    let world = |error| WorldError::new("read", &file.path, error);
    let mut bytes = Vec::with_capacity(file.stamp.len.min(most) as usize + 1);
    let open = fs::File::open(&file.path).map_err(world)?;
    open.take(most + 1).read_to_end(&mut bytes).map_err(world)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most))
}

/// The text of a file; `None`, and a finding, where its bytes are no text or too many.
pub fn read_source(file: &File, findings: &Findings) -> Result<Option<Source>, WorldError> {
    Ok(read_text(file, findings)?.and_then(|bytes| source_of(file, bytes, findings)))
}

/// The bytes of a text file; `None`, and a finding, where they are too many. A file that is too
/// large is not read.
pub fn read_text(file: &File, findings: &Findings) -> Result<Option<Vec<u8>>, WorldError> {
    let world = |error| WorldError::new("read", &file.path, error);
    let most = file.limits.file_size;
    let open = fs::File::open(&file.path).map_err(world)?;
    let size = open.metadata().map_err(world)?.len();
    let mut bytes = Vec::new();
    if size <= most {
        bytes.reserve(size as usize + 1);
        // It may grow while it is read.
        open.take(most + 1).read_to_end(&mut bytes).map_err(world)?;
    }
    let size = size.max(bytes.len() as u64);
    if size > most {
        let message = format!("{} is too large: {size} bytes, and {most} are read at most", file.name);
        findings.borrow_mut().push(
            Diagnostic::error("file-too-large", message)
                .at(Place::start_of(file.name.clone()))
                .help("cut it into several files, or raise `file_size` in [limits] of site.toml"),
        );
        return Ok(None);
    }
    Ok(Some(bytes))
}

/// The text of a file's bytes; `None`, and a finding, where they are no text that is taken.
pub fn source_of(file: &File, bytes: Vec<u8>, findings: &Findings) -> Option<Source> {
    let name = &*file.name;
    let report = |diagnostic| findings.borrow_mut().push(diagnostic);
    let text = match decode(bytes) {
        Decoded::Utf8(text) => text,
        Decoded::Other(text, encoding) => {
            report(
                Diagnostic::note("encoding", format!("{name} is read as {encoding}"))
                    .help("save it as UTF-8 to be sure of every character"),
            );
            text
        }
        Decoded::Invalid(offset) => {
            report(
                Diagnostic::error(
                    "not-text",
                    format!(
                        "{name} is not text: the byte at offset {offset} fits no encoding that it could be in"
                    ),
                )
                .help("save it as UTF-8"),
            );
            return None;
        }
    };
    let source = Source::new(name, clean(name, text, findings)).with_limits(file.limits);
    // What programs write for programs stands in one line, however long.
    let one_line = matches!(file.extension().as_str(), "json" | "html" | "htm");
    let most = if one_line { usize::MAX } else { file.limits.line_length };
    match long_line(&source.text, most) {
        Some((at, length)) => {
            let most = file.limits.line_length;
            report(
                Diagnostic::error(
                    "line-too-long",
                    format!("this line has {length} characters, and {most} are read at most"),
                )
                .at(source.place(at..at))
                .help("break it, or raise `line_length` in [limits] of site.toml"),
            );
            None
        }
        None => Some(source),
    }
}

/// Takes out the control characters that no page can hold, and says so.
fn clean(name: &str, text: String, findings: &Findings) -> String {
    if !has_controls(&text) {
        return text;
    }
    let count = text.chars().filter(|character| is_control(*character)).count();
    if text.starts_with("WEBVTT") {
        return marked(name, text, count, findings);
    }
    let message = format!("{name} holds {count} control characters, which are left out");
    findings
        .borrow_mut()
        .push(Diagnostic::warning("control-characters", message).help("save it as plain text"));
    without_controls(&text).into_owned()
}

/// The same for WebVTT, whose readers see a form feed as a space and a mark for what is no text:
/// without them, times that are broken would be whole.
fn marked(name: &str, text: String, count: usize, findings: &Findings) -> String {
    let message = format!("{name} holds {count} control characters, which are shown as `\u{fffd}`");
    findings
        .borrow_mut()
        .push(Diagnostic::warning("control-characters", message).help("save it as plain text"));
    text.replace('\u{c}', " ").replace(is_control, "\u{fffd}")
}

/// Where the first line of more than `most` characters starts, and how many it has.
fn long_line(text: &str, most: usize) -> Option<(usize, usize)> {
    if text.len() <= most {
        return None;
    }
    let mut at = 0;
    for line in text.split('\n') {
        // Bytes are never fewer than characters.
        let length = if line.len() > most { line.chars().count() } else { 0 };
        if length > most {
            return Some((at, length));
        }
        at += line.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_splits_where_it_ends_in_a_language_and_nowhere_else() {
        for (name, stem, tag) in [
            ("012.zh-Hans", "012", Some("zh-Hans")),
            ("012.EN", "012", Some("en")),
            ("talk.pt_br", "talk", Some("pt-BR")),
            ("transcript.es-419", "transcript", Some("es-419")),
            ("a.tlh-US", "a", Some("tlh-US")),
            ("my.talk", "my.talk", None),
            ("v1.2", "v1.2", None),
            ("notes", "notes", None),
            ("en", "en", None),
            ("012_zh", "012_zh", None),
            ("a.final", "a.final", None),
            ("a.tlh", "a.tlh", None),
            ("a.x-en", "a.x-en", None),
            ("talk.mp3", "talk.mp3", None),
        ] {
            let (found, lang) = split_tag(name);
            assert_eq!((found, lang.as_ref().map(Lang::as_str)), (stem, tag), "{name}");
        }
    }

    fn file(name: &str) -> File {
        let (path, stamp, limits) = (PathBuf::from(name), Stamp::default(), Limits::default());
        File { path, name: name.into(), stamp, limits }
    }

    /// What the files of a show become: per episode `stem: tracks; head; others; pairs`, then what
    /// is left.
    fn side_by_side_of(names: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut show = ShowFiles::default();
        for name in names {
            sort_file(file(&format!("content/a/{name}")), &mut show);
        }
        join_side_by_side(&mut show);
        let name = |file: &File| file.file_name().to_owned();
        let episodes = show.episodes.iter().map(|episode| {
            let tracks: Vec<_> = episode.tracks.iter().map(|track| name(&track.file)).collect();
            let others = episode.head.iter().chain(&episode.others).chain(&episode.pairs);
            let others = others.chain(&episode.ids).map(name);
            let others: Vec<_> = others.collect();
            format!("{}: {}; {}", episode.stem, tracks.join(" "), others.join(" "))
        });
        (episodes.collect(), show.assets.iter().map(name).collect())
    }

    #[test]
    fn files_that_differ_in_the_tag_alone_are_one_episode() {
        let (episodes, assets) = side_by_side_of(&[
            "012.en.srt",
            "012.pairs.toml",
            "012.ids",
            "012.zh-Hans.vtt",
            "013.en.srt",
            "014.md",
            "014.en.txt",
            "014.fr.txt",
            "015.md",
            "015.txt",
            "016.txt",
            "016.zh.txt",
            "cover.svg",
            "lost.ids",
            "lost.pairs.toml",
        ]);
        assert_eq!(
            episodes,
            [
                "012: 012.en.srt 012.zh-Hans.vtt; 012.pairs.toml 012.ids",
                "013: 013.en.srt; ",
                "014: 014.en.txt 014.fr.txt; 014.md",
                "015: 015.md; ",
                "015: 015.txt; ",
                "016: 016.txt 016.zh.txt; ",
            ]
        );
        assert_eq!(assets, ["cover.svg", "lost.ids", "lost.pairs.toml"]);
    }

    #[test]
    fn of_two_files_in_one_language_the_one_with_times_is_taken() {
        let (episodes, assets) =
            side_by_side_of(&["a.en.srt", "a.en.txt", "a.en.vtt", "a.zh.json", "b.json", "b.srt", "b.txt"]);
        assert_eq!(episodes, ["a: a.en.vtt a.zh.json; a.en.srt a.en.txt", "b: b.srt; b.txt"]);
        assert_eq!(assets, ["b.json"]);
    }

    #[test]
    fn the_tracks_of_a_folder_are_told_by_their_names() {
        let tracks = |names: &[&str]| -> Vec<String> {
            let files: Vec<File> = names.iter().map(|name| file(name)).collect();
            let found = tracks_of_folder(&files);
            let named = names.iter().zip(found).filter_map(|(name, lang)| Some((name, lang?)));
            named
                .map(|(name, lang)| format!("{name} {}", lang.map_or("?".into(), |lang| lang.to_string())))
                .collect()
        };
        assert_eq!(
            tracks(&["notes.txt", "transcript.en.srt", "transcript.zh.srt"]),
            ["transcript.en.srt en", "transcript.zh.srt zh"]
        );
        assert_eq!(tracks(&["a.md", "talk.en.vtt", "talk.fr.vtt"]), ["talk.en.vtt en", "talk.fr.vtt fr"]);
        assert_eq!(tracks(&["en.srt", "zh-Hans.srt"]), ["en.srt en", "zh-Hans.srt zh-Hans"]);
        assert_eq!(tracks(&["it.txt", "other.txt"]), ["it.txt ?"]);
        assert_eq!(tracks(&["captions.vtt", "text.txt"]), ["text.txt ?"]);
        assert_eq!(tracks(&["transcript.txt", "transcript.vtt"]), ["transcript.txt ?"]);
        assert_eq!(tracks(&["captions.vtt"]), ["captions.vtt ?"]);
        assert!(tracks(&["data.json"]).is_empty());
    }

    fn read(bytes: &[u8], limits: Limits) -> (Option<String>, Vec<Diagnostic>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, bytes).unwrap();
        let file = File { path, name: "content/a.txt".into(), stamp: Stamp::default(), limits };
        let findings = Findings::default();
        let text = read_source(&file, &findings).unwrap().map(|source| source.text);
        (text, findings.into_inner())
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let limits = Limits { file_size: 6, ..Limits::default() };
        assert_eq!(read(b"123456", limits), (Some("123456".into()), vec![]));
        let (text, findings) = read(b"1234567", limits);
        assert_eq!((text, findings[0].code.0.as_ref()), (None, "file-too-large"));
        assert!(findings[0].help.as_ref().unwrap().contains("`file_size`"));
        assert_eq!(&*findings[0].place.as_ref().unwrap().path, "content/a.txt");
    }

    #[test]
    fn a_line_over_the_limit_is_told_with_its_place() {
        let limits = Limits { line_length: 3, ..Limits::default() };
        assert!(read("灯灯灯\nabc\n".as_bytes(), limits).1.is_empty());
        let (text, findings) = read("灯灯灯\nabcd\n".as_bytes(), limits);
        assert_eq!((text, findings[0].code.0.as_ref()), (None, "line-too-long"));
        assert_eq!(findings[0].place.as_ref().unwrap().line, 2);
        assert!(findings[0].help.as_ref().unwrap().contains("`line_length`"));
    }
}
