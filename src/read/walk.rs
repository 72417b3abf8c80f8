//! Goes through the folders of a project. Never follows a link out of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;

use super::episodes::{join_side_by_side, one_of_each, sort_file, tracks_of_folder};
use super::names::{
    EPISODE_FILE, IDS_FILE, PAIRS_FILE, SHOW_FILE, TRANSCRIPT_STEM, is_about, is_about_page, is_own_affair,
    is_text, is_transcript, last_segment, split_tag,
};
use super::{EpisodeFiles, File, Inventory, ShowFiles, Stamp, TrackFile, WorldError};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Limits, Place};
use crate::table::Findings;

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
            Listed::Episode(episode) => loose.episodes.push(*episode),
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
    Episode(Box<EpisodeFiles>),
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
            return Ok(Listed::Episode(Box::new(self.episode_folder(entries, name)?)));
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
