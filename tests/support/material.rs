//! The real transcripts at hand. Knows which files are none, and nothing of how they are read.

use std::fs;
use std::path::{Path, PathBuf};

use diglot::read::{File, Stamp, source_of};
use diglot::source::{Limits, Source};
use diglot::table::Findings;

/// All files below a folder, in order.
pub fn all_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("it can be read");
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { all_files(&path, found) } else { found.push(path) }
    }
}

/// All transcripts below a folder, each with its name there.
pub fn transcripts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    all_files(folder, &mut paths);
    let name = |path: &Path| path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
    let named = paths.into_iter().map(|path| (path.clone(), name(&path)));
    named.filter(|(_, name)| is_transcript(name)).collect()
}

/// The text of a file, where it is one.
pub fn source(path: &Path, name: &str, findings: &Findings) -> Option<Source> {
    let file =
        File { path: path.into(), name: name.into(), stamp: Stamp::default(), limits: Limits::default() };
    source_of(&file, fs::read(path).expect("it can be read"), findings)
}

/// Files that are no transcripts: where files come from, licences, feeds, other suites' answers.
fn is_transcript(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let other = ["SOURCES.md", "LICENSE.txt", "video_url.txt", "gold-exact.txt", "spec.txt"].contains(&name)
        || ["sentence_timings.json", "sentence_translations.json"].contains(&name)
        || path.contains("shownotes-md/")
        || path.contains("wpt-webvtt-cue/")
        || path.ends_with("transcripts/transcripts.md")
        || name.ends_with(".expected.json")
        || name.ends_with("_parsed.json");
    matches!(extension, "srt" | "vtt" | "tsv" | "html" | "json" | "md" | "txt") && !other
}
