//! One part of a site, built by itself, and the parts put together again. A part holds the pages
//! of its episodes and what the pages of all need to know of them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::episodes::Taken;
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::memory::{FileMemory, Written, decoded, encoded};
use crate::project::{EpisodeRef, Project};
use crate::publish::cache::{Kept, load_sealed, sealed};
use crate::slug::SitePath;
use crate::table::Findings;

/// The I-th of N parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 0.
    pub index: usize,
    pub count: usize,
}

/// The file of a part that says what it is.
const NAME: &str = "diglot-shard.bin";

impl Shard {
    /// Reads `I/N`, with I from 1.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let numbers: Option<(usize, usize)> =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index: index - 1, count }),
            _ => Err("write it as I/N, such as 2/7 for the second of seven parts".to_owned()),
        }
    }

    /// The episodes of this part.
    pub fn episodes(self, project: &Project) -> HashSet<EpisodeRef> {
        let all = project.episodes();
        let total = all.len();
        all.into_iter().enumerate().filter(|(place, _)| self.has(*place, total)).map(|(_, at)| at).collect()
    }

    /// Whether the episode at `place` of `total`, in the order of their names, is in this part.
    pub fn has(self, place: usize, total: usize) -> bool {
        place * self.count / total.max(1) == self.index
    }

    /// Where the file is that says what a part is.
    pub fn path() -> SitePath {
        SitePath::file(NAME)
    }
}

/// What a part says of itself.
#[derive(Serialize, Deserialize)]
pub struct Label {
    shard: Shard,
    /// What the whole site is made of; all parts agree on it.
    state: Key,
    /// Its episodes' records by name.
    episodes: Vec<(Arc<str>, Written)>,
    /// Its pages.
    pages: Vec<FileMemory>,
}

/// What all episodes of a site were read from. Every part knows of all, and all must agree.
pub fn state(archive: &Archive) -> Key {
    let read: Vec<(&str, Key)> =
        archive.episodes.iter().map(|digest| (&*digest.origin, digest.source)).collect();
    key_of(&read)
}

impl Label {
    /// Describes a part: `records` gives what is known of an episode.
    pub fn new(
        shard: Shard,
        own: &HashSet<EpisodeRef>,
        project: &Project,
        archive: &Archive,
        pages: Vec<FileMemory>,
        records: impl Fn(&str) -> Option<Written>,
    ) -> Label {
        // Drafts among them: the machine that merges cannot tell that they are.
        let names = project.episodes().into_iter().filter(|at| own.contains(at)).map(|at| project.origin(at));
        let episodes = names.filter_map(|name| records(&name).map(|record| (name, record)));
        let episodes = episodes.collect();
        Label { shard, state: state(archive), episodes, pages }
    }

    pub fn sealed(&self) -> Vec<u8> {
        sealed(&encoded(self))
    }
}

/// All parts of a site.
pub struct Parts {
    state: Key,
    episodes: HashMap<Arc<str>, Written>,
    /// Pages by path: what is known of each, and the folder it lies in.
    pages: HashMap<String, (FileMemory, PathBuf)>,
}

impl Parts {
    /// Reads the labels of `folders`; nothing, and a finding for each that is wrong, where they
    /// are not the parts of one site, each once.
    pub fn read(folders: &[PathBuf], findings: &Findings) -> Option<Parts> {
        let mut parts = Parts { state: Key::default(), episodes: HashMap::new(), pages: HashMap::new() };
        let mut found: Vec<(Shard, &Path)> = Vec::new();
        for folder in folders {
            let label = match load_sealed(&folder.join(NAME)) {
                Kept::Bytes(bytes) => decoded::<Label>(&bytes),
                Kept::Unusable => None,
                Kept::Nothing => {
                    let why = format!("it has no {NAME}, which `diglot build --shard` leaves there");
                    report(folder, &why, findings);
                    continue;
                }
            };
            let Some(label) = label else {
                report(folder, "it is damaged, or another version of diglot built it", findings);
                continue;
            };
            if let Some(why) = misfit(&label, &found, parts.state) {
                report(folder, &why, findings);
                continue;
            }
            parts.state = label.state;
            found.push((label.shard, folder));
            parts.episodes.extend(label.episodes);
            let pages = label.pages.into_iter().map(|page| (page.path.clone(), (page, folder.clone())));
            parts.pages.extend(pages);
        }
        let count = found.first()?.0.count;
        for index in (0..count).filter(|index| found.iter().all(|(shard, _)| shard.index != *index)) {
            let message = format!("part {}/{count} is missing", index + 1);
            findings.borrow_mut().push(Diagnostic::error("shard", message).help(HELP));
        }
        Some(parts)
    }

    /// What the parts know of every episode of the project, in the order of their names.
    pub fn taken(&self, project: &Project, findings: &Findings) -> Vec<Taken> {
        let mut all = Vec::new();
        for at in project.episodes() {
            let origin = project.origin(at);
            let record = self.episodes.get(&origin).and_then(Written::read);
            match record.and_then(|record| Taken::recalled(project, at, record)) {
                Some(taken) => all.push(taken),
                None => {
                    let message = format!("no part has {origin} as it is here");
                    findings.borrow_mut().push(Diagnostic::error("shard", message).help(HELP));
                }
            }
        }
        all
    }

    /// Whether the parts were built of the very episodes that they have together.
    pub fn check(&self, archive: &Archive, findings: &Findings) {
        if self.state != state(archive) {
            let message = "the parts were built from different states of the transcripts";
            findings.borrow_mut().push(Diagnostic::error("shard", message).help(HELP));
        }
    }

    /// What to say of a page that is not as its part says.
    pub fn spoilt(&self, file: &Path) -> Diagnostic {
        let message = format!("{} is not as the part says that it is", file.display());
        Diagnostic::error("shard", message).help(HELP)
    }

    /// The page at a path made of what `key` says: what is known of it, and its file.
    pub fn page(&self, path: &SitePath, key: Key) -> Result<(&FileMemory, PathBuf), Diagnostic> {
        let found = self.pages.get(path.as_str()).filter(|(page, _)| page.key == key);
        let (page, folder) = found.ok_or_else(|| {
            let message =
                format!("no part has {} as the settings, people and templates make it here", path.as_str());
            Diagnostic::error("shard", message).help(HELP)
        })?;
        Ok((page, folder.join(path.as_str())))
    }
}

const HELP: &str = "build all parts from one state of the project, with the same diglot and the same flags";

fn report(folder: &Path, why: &str, findings: &Findings) {
    let message = format!("{} is no part of this site: {why}", folder.display());
    findings.borrow_mut().push(Diagnostic::error("shard", message).help(HELP));
}

/// Why a part does not go with those found before it.
fn misfit(label: &Label, found: &[(Shard, &Path)], state: Key) -> Option<String> {
    let Shard { index, count } = label.shard;
    let (first, _) = found.first()?;
    if let Some((_, other)) = found.iter().find(|(shard, _)| shard.index == index) {
        return Some(format!("it is part {}/{count}, and so is {}", index + 1, other.display()));
    }
    if first.count != count {
        return Some(format!("it is one of {count} parts, and others are of {}", first.count));
    }
    (label.state != state).then(|| "the transcripts were others when it was built".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_episode_is_in_one_part() {
        for count in 1..9 {
            for total in [0, 1, 5, 7, 100] {
                for place in 0..total {
                    let own =
                        (0..count).filter(|index| Shard { index: *index, count }.has(place, total)).count();
                    assert_eq!(own, 1, "{place} of {total} in {count} parts");
                }
            }
        }
    }

    #[test]
    fn a_part_is_named_as_people_count() {
        assert_eq!(Shard::parse("2/7"), Ok(Shard { index: 1, count: 7 }));
        for text in ["0/7", "8/7", "2", "a/b", "1/0", "", "-1/2"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
