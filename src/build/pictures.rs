//! The pictures that pages show: looks at each once, and has smaller copies made. Never does for a
//! picture twice what memory tells.

use std::sync::Mutex;

use foldhash::HashMap;
use rayon::prelude::*;

use super::Files;
use super::statics::StaticFile;
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::key::Key;
use crate::media::Media;
use crate::memory::Known;
use crate::picture::{Outcome, Picture, Pictures, Smaller, shrink};
use crate::publish::{Fingerprint, Outlet};
use crate::read::{File, WorldError, read_bytes};
use crate::slug::SitePath;
use crate::source::Place;

/// How long the file of a picture may be, in bytes.
const FILE: u64 = 32 * 1024 * 1024;

/// What came of the pictures so far. Many threads may ask at once.
#[derive(Default)]
pub struct Seen(Mutex<Known>);

/// A smaller copy to publish, and the picture it is made of.
pub struct Copied {
    pub of: File,
    pub key: Key,
    pub copy: Smaller,
}

impl Seen {
    /// The pictures of an archive, of those episodes that `is_wanted` says, among the files that
    /// are published; what is wrong with one is told.
    pub fn pictures(
        &self,
        archive: &Archive,
        is_wanted: impl Fn(usize) -> bool,
        statics: &[(SitePath, StaticFile)],
        files: &Files,
    ) -> Result<(Pictures, Vec<Diagnostic>), WorldError> {
        let lies = statics.iter().filter_map(|(path, file)| Some((path.as_str(), file.in_project()?)));
        let lies: HashMap<&str, &File> = lies.collect();
        let mut paths = shown(archive, is_wanted);
        paths.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        paths.dedup();
        let found: Vec<(SitePath, &File)> = paths
            .into_iter()
            .filter_map(|path| Some((*lies.get(path.as_str())?, path)))
            .map(|(file, path)| (path, file))
            .collect();
        let keys: Vec<Key> = found.par_iter().map(|(_, file)| files.key(file)).collect::<Result<_, _>>()?;
        // Pictures of equal bytes are looked at once.
        let mut each: HashMap<u128, (Key, &File)> = HashMap::default();
        for (key, (_, file)) in keys.iter().zip(&found) {
            each.entry((*key).into()).or_insert((*key, file));
        }
        each.into_values()
            .collect::<Vec<_>>()
            .into_par_iter()
            .try_for_each(|(key, file)| self.look(key, file, files))?;
        let seen = self.seen();
        let mut pictures = Pictures::default();
        let mut findings = Vec::new();
        for (key, (path, file)) in keys.iter().zip(&found) {
            match seen.get(key) {
                Some(Outcome::Shrunk(picture)) => pictures.add(path, *key, picture.clone()),
                Some(Outcome::Wrong(what)) => findings.push(wrong(file, what)),
                Some(Outcome::AsItIs) | None => {}
            }
        }
        Ok((pictures, findings))
    }

    fn look(&self, key: Key, file: &File, files: &Files) -> Result<(), WorldError> {
        if self.seen().contains_key(&key) {
            return Ok(());
        }
        let outcome = match files.memory().picture(key) {
            Some(known) => known.clone(),
            None => made(key, file, files)?,
        };
        self.seen().insert(key, outcome);
        Ok(())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }

    /// All that was seen, to be remembered.
    pub fn into_known(self) -> Known {
        self.0.into_inner().expect("nothing panics while it holds this lock")
    }
}

/// Where the pictures are published that pages show.
fn shown(archive: &Archive, is_wanted: impl Fn(usize) -> bool) -> Vec<SitePath> {
    let beside = |page: SitePath, media: &Option<Media>| match media {
        Some(Media::Beside(name)) => Some(page.beside(name)),
        _ => None,
    };
    let shows = archive.shows.iter();
    let shows = shows.filter_map(|show| beside(SitePath::page(&[show.slug.as_str()]), &show.plan.cover));
    let episodes =
        archive.episodes.iter().enumerate().filter(|(index, own)| own.cover.is_some() && is_wanted(*index));
    let episodes = episodes.filter_map(|(index, own)| beside(archive.episode_path(index), &own.cover));
    let people = archive.people.list.iter().filter_map(|person| person.picture());
    shows.chain(episodes).chain(people).collect()
}

/// Looks at a picture for the first time.
fn made(key: Key, file: &File, files: &Files) -> Result<Outcome, WorldError> {
    let Some(bytes) = read_bytes(file, FILE)? else {
        let most = FILE / 1024 / 1024;
        return Ok(Outcome::Wrong(format!("its file has more than {most} MiB")));
    };
    let (outcome, copies) = shrink(&bytes);
    if let Outcome::Shrunk(picture) = &outcome {
        for (copy, bytes) in picture.copies.iter().zip(&copies) {
            files.memory().keep_copy(key, copy, bytes);
        }
    }
    Ok(outcome)
}

fn wrong(file: &File, what: &str) -> Diagnostic {
    let message = format!("{} is published as it is, and cannot be made smaller: {what}", file.name);
    Diagnostic::warning("picture", message)
        .at(Place::start_of(file.name.clone()))
        .help("save it again as JPEG, PNG or WebP, at 3000 × 3000 dots at most")
}

/// All copies of pictures, with their places in the site.
pub fn all_copies(pictures: &Pictures, statics: &[(SitePath, StaticFile)]) -> Vec<(SitePath, StaticFile)> {
    let mut files: HashMap<u128, &File> = HashMap::default();
    for (path, file) in statics {
        if let (Some(key), Some(file)) = (pictures.key(path), file.in_project()) {
            files.entry(key.into()).or_insert(file);
        }
    }
    let mut all = Vec::new();
    for (key, picture) in pictures.copies() {
        let Some(of) = files.get(&key.into()) else { continue };
        for copy in &picture.copies {
            let copied = Copied { of: (*of).clone(), key, copy: copy.clone() };
            all.push((copy.path(key), StaticFile::Copy(copied)));
        }
    }
    all
}

impl Copied {
    pub fn publish(
        &self,
        path: &SitePath,
        files: &Files,
        outlet: &dyn Outlet,
    ) -> Result<Fingerprint, WorldError> {
        let known = Fingerprint { hash: self.copy.hash.into(), len: self.copy.len };
        outlet.put_made(path, known, &|| {
            files.memory().copy_of_picture(self.key, &self.copy).map_or_else(|| self.again(), Ok)
        })
    }

    /// Makes the copy once more.
    fn again(&self) -> Result<Vec<u8>, WorldError> {
        let changed = || {
            let error = std::io::Error::other("it changed during the build");
            WorldError::new("read", &self.of.path, error)
        };
        let (outcome, copies) = shrink(&read_bytes(&self.of, FILE)?.ok_or_else(changed)?);
        let Outcome::Shrunk(picture) = outcome else { return Err(changed()) };
        let place = |picture: &Picture| picture.copies.iter().position(|copy| *copy == self.copy);
        place(&picture).and_then(|place| copies.into_iter().nth(place)).ok_or_else(changed)
    }
}
