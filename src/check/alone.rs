//! Episodes that lack a whole language of their show. Never looks into an episode.

use std::collections::HashMap;

use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::source::Place;

/// Reports each language of a show in which an episode has no line.
pub fn check_alone(project: &Project, archive: &Archive) -> Vec<Diagnostic> {
    let at: HashMap<_, _> = project.episodes().into_iter().map(|at| (project.origin(at), at)).collect();
    let mut found = Vec::new();
    for digest in &archive.episodes {
        let Some(at) = at.get(&digest.origin) else { continue };
        let wanted = project.rules(*at, &digest.show).langs;
        if digest.cue_count == 0 {
            continue;
        }
        // A line in `zh-Hant` is one for a show in `zh-Hans`: who reads one script reads it.
        let has = |script| digest.written_langs.iter().any(|lang| lang.script() == script);
        for lang in wanted.iter().filter(|lang| !digest.written_langs.contains(lang) && !has(lang.script())) {
            let message = format!("{} has no line in `{lang}`", digest.origin);
            found.push(
                Diagnostic::warning("translation-missing", message)
                    .at(Place::start_of(digest.origin.clone()))
                    .help(format!("add the text in `{lang}`, or give its show other `languages`")),
            );
        }
    }
    found
}
