//! Looks at what is there: in the project, beside a feed, in the files to import. Only reads.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use walkdir::WalkDir;

use super::has_errors;
use crate::diagnostic::Severity;
use crate::import::{EXTENSIONS, Existing, FoundFile, OwnTracks, in_content};
use crate::lang::Lang;
use crate::model::model_transcript;
use crate::parse::front_matter::{has_whole_front_matter, read_front_matter};
use crate::parse::people::read_people;
use crate::parse::transcript::{parse_transcript_as, transcript_form};
use crate::project::Outline;
use crate::read::{
    EpisodeFiles, File, Inventory, ShowFiles, Stamp, WorldError, is_about, read_source, read_start, split_tag,
};
use crate::slug::Slug;
use crate::source::{Limits, Source};
use crate::table::Findings;

/// What makes a folder an episode.
const HEAD: &str = "episode.md";

/// What a track in such a folder is called before its tag.
const TRACK: &str = "transcript";

/// How much of a file holds its front matter as a rule, in bytes.
const START: u64 = 16 * 1024;

/// What `content/` has.
pub fn existing(outline: &Outline, root: &Path, findings: &Findings) -> Result<Existing, WorldError> {
    let Inventory { people, shows, .. } = &outline.inventory;
    let people = match people {
        Some(file) => read_source(file, findings)?.map(|source| read_people(&source, findings)),
        None => None,
    };
    let mut existing = Existing::with_people(people.unwrap_or_default());
    for show in shows {
        if let Some(folder) = &show.folder {
            existing.shows.insert(folder.clone(), show.settings.is_some());
        }
        for episode in &show.episodes {
            look_at(episode, show, &mut existing, findings)?;
        }
    }
    for folder in std::iter::once(None).chain(shows.iter().map(|show| show.folder.as_deref())) {
        take_names(root, folder, &mut existing);
    }
    Ok(existing)
}

fn look_at(
    episode: &EpisodeFiles,
    show: &ShowFiles,
    existing: &mut Existing,
    findings: &Findings,
) -> Result<(), WorldError> {
    existing.take(&in_content(show.folder.as_deref(), Slug::new(&episode.stem).as_str()));
    let path = in_content(show.folder.as_deref(), &episode.stem);
    let has_folder = episode.head.as_ref().is_some_and(|head| head.file_name() == HEAD);
    let tracks = OwnTracks {
        prefix: if has_folder { format!("{path}/{TRACK}") } else { path.clone() },
        tracks: episode.tracks.iter().map(|track| (track.lang.clone(), track.file.path.clone())).collect(),
    };
    existing
        .add_tracks(&in_content(show.folder.as_deref(), Slug::new(&episode.stem).as_str()), tracks.clone());
    existing.add_tracks(&path, tracks);
    let Some(file) = episode.head.as_ref().or(episode.tracks.first().map(|track| &track.file)) else {
        return Ok(());
    };
    let mut source = read_start(file, START).map(|start| Source::new(file.name.clone(), start));
    if source.as_ref().is_none_or(|source| !has_whole_front_matter(&source.text)) {
        source = read_source(file, findings)?;
    }
    let Some(source) = source else { return Ok(()) };
    let own = Findings::default();
    let (front, _) = read_front_matter(&source, &own);
    // What cannot be read may hold the guid of an episode, which would be imported again.
    let unread = |code: &str| matches!(code, "toml-syntax" | "front-matter-open");
    findings.borrow_mut().extend(own.into_inner().into_iter().filter(|finding| unread(&finding.code.0)));
    if let Some(guid) = front.guid {
        existing.guids.insert(guid, show.folder.clone());
    }
    Ok(())
}

/// Whatever has a name in a folder keeps it, transcript or not.
fn take_names(root: &Path, folder: Option<&str>, existing: &mut Existing) {
    let path = root.join("content").join(folder.unwrap_or_default());
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        if let Some(name) = entry.file_name().to_str() {
            existing.take(&in_content(folder, name));
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            existing.take(&in_content(folder, Slug::new(split_tag(stem).0).as_str()));
        }
    }
}

/// The folder of a file, as it really lies.
pub fn folder_of(file: &Path) -> Option<PathBuf> {
    file.canonicalize().ok()?.parent().map(Path::to_owned)
}

/// The file that a feed names, if it lies in the feed's folder or below.
pub fn beside(folder: &Path, url: &str, limits: Limits) -> Option<FoundFile> {
    let path = if url.starts_with("file:") {
        url::Url::parse(url).ok()?.to_file_path().ok()?
    } else if url.contains("://") || url.starts_with(['/', '\\']) {
        return None;
    } else {
        folder.join(percent_decode_str(url).decode_utf8().ok()?.as_ref())
    };
    let path = path.canonicalize().ok().filter(|path| path.starts_with(folder) && path.is_file())?;
    let name = path.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
    Some(examine(&path, &name, limits))
}

/// A file, or all files of a folder in the order of their names; each with the name it is shown by.
pub fn files_at(path: &Path) -> Result<Vec<(PathBuf, String)>, WorldError> {
    let found = std::fs::metadata(path).map_err(|error| WorldError::new("open", path, error))?;
    if found.is_file() {
        let last: Vec<_> =
            path.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy()).collect();
        let name: Vec<&str> =
            last.iter().rev().map(|part| part.as_ref()).filter(|part| !part.contains(['/', '\\'])).collect();
        return Ok(vec![(
            path.to_owned(),
            name.join("/").trim_start_matches("../").trim_start_matches("./").to_owned(),
        )]);
    }
    let hidden =
        |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let mut files = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|entry| !hidden(entry)) {
        let entry = entry.map_err(|error| {
            let failed = error.path().unwrap_or(path).to_owned();
            WorldError::new("read", &failed, error.into())
        })?;
        if entry.path().is_file() {
            let name = entry.path().strip_prefix(path).unwrap_or(entry.path());
            files.push((entry.path().to_owned(), name.to_string_lossy().replace('\\', "/")));
        }
    }
    Ok(files)
}

/// Reads a file as a transcript, to say what it is.
pub fn examine(path: &Path, name: &str, limits: Limits) -> FoundFile {
    let file = File { path: path.to_owned(), name: name.into(), stamp: Stamp::default(), limits };
    let mut found = FoundFile {
        path: path.to_owned(),
        name: name.to_owned(),
        extension: file.extension(),
        lang: split_tag(file.stem()).1,
        ..FoundFile::default()
    };
    found.problem = match found.extension.as_str() {
        _ if is_about(file.file_name()) => Some("a file about the others".to_owned()),
        extension if !EXTENSIONS.contains(&extension) => Some("not in a form that is read".to_owned()),
        _ => fill(&mut found, &file),
    };
    found
}

/// The one language that a track is in, by its text.
pub fn only_lang(path: &Path, limits: Limits) -> Option<Lang> {
    let mut found = examine(path, &path.to_string_lossy(), limits);
    found.langs.pop().filter(|_| found.langs.is_empty() && found.problem.is_none())
}

/// Reads the transcript; says why it is none.
fn fill(found: &mut FoundFile, file: &File) -> Option<String> {
    let findings = Findings::default();
    let source = match read_source(file, &findings) {
        Ok(Some(source)) => source,
        Ok(None) => return problem(findings),
        Err(error) => return Some(error.to_string()),
    };
    let (front, body) = read_front_matter(&source, &findings);
    let known: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
    let form = transcript_form(&source, body.clone(), &known).form;
    let document = parse_transcript_as(form, &source, body, &known, &findings);
    found.form = form.name();
    if has_errors(&findings) {
        return problem(findings);
    }
    let transcript = model_transcript(document, &[]);
    found.lines = transcript.cues.len();
    found.langs = transcript.langs;
    found.front = front;
    None
}

fn problem(findings: Findings) -> Option<String> {
    let found = findings.into_inner().into_iter().find(|finding| finding.severity == Severity::Error);
    Some(found.map_or("it cannot be read".to_owned(), |finding| finding.message))
}
