//! `diglot ids`: writes the ids of all lines beside their episodes, with those they had before.
//! Never writes anything else, and nothing where it is there already.

use std::fs;
use std::path::Path;

use super::{Exit, print_diagnostics};
use crate::model::{CueId, publish_ids};
use crate::parse::ids::write_ids;
use crate::project::{EpisodeRef, Project, open_project, outline};
use crate::read::{WorldError, read_source};
use crate::table::Findings;
use crate::tracks::EpisodeTexts;

/// Writes the files that are new or not as they should be, and says which.
pub fn run(root: &Path, dry_run: bool) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let project = open_project(outline(root, |_| {}, &findings)?, &findings)?;
    let mut planned = Vec::new();
    let mut count = 0;
    for at in project.episodes() {
        let Some(text) = ids_of(&project, at, &findings)? else { continue };
        let Some((path, name)) = project.files(at).ids_place() else { continue };
        count += 1;
        if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        planned.push((path, name, text));
    }
    if print_diagnostics(&findings.into_inner()) {
        eprintln!("nothing was written");
        return Ok(Exit::Content);
    }
    for (path, name, text) in &planned {
        if !dry_run {
            write_whole(path, text)?;
        }
        eprintln!("{} {name}", if dry_run { "would write" } else { "wrote" });
    }
    eprintln!("{} of {count} episodes were up to date", count - planned.len());
    Ok(Exit::Fine)
}

/// What is to be written of an episode; nothing of a draft, which nobody has a link to.
fn ids_of(project: &Project, at: EpisodeRef, findings: &Findings) -> Result<Option<String>, WorldError> {
    let texts =
        EpisodeTexts::read(project.files(at), project.beside(at), |file| read_source(file, findings))?;
    let text = texts.and_then(|texts| {
        project.with_episode(at, &texts, None, findings, |_, episode, _| {
            let ids: Vec<CueId> = episode.transcript.cues.iter().map(|cue| cue.id).collect();
            let wanted = !episode.facts.draft && !ids.is_empty();
            wanted.then(|| write_ids(&publish_ids(&ids, &episode.transcript.past_ids)))
        })
    });
    Ok(text.flatten())
}

/// Writes a file that is there whole or as it was.
fn write_whole(path: &Path, text: &str) -> Result<(), WorldError> {
    let draft = path.with_extension("ids~");
    fs::write(&draft, text).map_err(|error| WorldError::new("write", &draft, error))?;
    fs::rename(&draft, path).map_err(|error| WorldError::new("write", path, error))
}
