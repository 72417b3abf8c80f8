//! What the archive will most likely be, before its episodes have been read: from their front
//! matter and from memory. A page rendered by it saves reading its episode twice, and counts only
//! if the archive turns out to say the same. Never reports, never decides.

use std::sync::{Arc, Mutex};

use foldhash::HashMap;
use rayon::prelude::*;

use super::Work;
use super::half::archive_of;
use super::statics::all_statics;
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::memory::FileMemory;
use crate::model::Episode;
use crate::parse::front_matter::Glanced;
use crate::picture::Pictures;
use crate::project::{EpisodeRef, Project};
use crate::publish::Outlet;
use crate::read::WorldError;
use crate::render::templates::Templates;
use crate::render::{Page, PageKeys, PageKind, Site};
use crate::slug::SitePath;
use crate::source::Source;
use crate::table::Findings;

/// An archive guessed, and templates for its languages.
pub struct Guess {
    archive: Archive,
    pub templates: Arc<Templates>,
    pictures: Pictures,
    /// Where each episode is in the archive.
    place: HashMap<Arc<str>, usize>,
    /// The front matter of episodes that have some, until it is asked for.
    glanced: Mutex<HashMap<Arc<str>, Glanced>>,
}

/// The files of an episode that were made before the archive was known.
pub struct Early {
    pub files: Vec<FileMemory>,
}

impl Early {
    /// What was put at a path.
    pub fn at(&self, path: &SitePath) -> Option<&FileMemory> {
        self.files.iter().find(|file| file.path == path.as_str())
    }
}

impl Guess {
    /// Guesses at the archive of `unread` episodes, by their front matter.
    pub fn new(work: &Work, unread: &[EpisodeRef], known: &[Arc<Digest>]) -> Option<Guess> {
        let Work { project, files, loaded, seen, .. } = *work;
        if project.config.languages.is_empty() {
            // They are found from the transcripts: there is nothing to guess by.
            return None;
        }
        let glance = || unread.par_iter().filter_map(|at| project.glance(*at)).collect();
        // The archive's languages are those of the settings, where these name any.
        let langs = &project.config.languages;
        let (glances, templates): (Vec<(Digest, Option<Glanced>)>, _) =
            rayon::join(glance, || loaded.load(project, files, langs, &Findings::default()));
        let templates = templates?;
        let mut digests = Vec::with_capacity(glances.len() + known.len());
        let mut glanced: HashMap<Arc<str>, Glanced> = HashMap::default();
        for (digest, front) in glances {
            glanced.extend(front.map(|front| (digest.origin.clone(), front)));
            digests.push(Arc::new(digest));
        }
        digests.extend(known.iter().cloned());
        let archive = archive_of(project, digests);
        // What is wrong with a picture is told when the archive is known.
        let statics = all_statics(project, &archive);
        let (pictures, _) = seen.pictures(&archive, |_| true, &statics, files).ok()?;
        let places = archive.episodes.iter().enumerate();
        let place = places.map(|(index, digest)| (digest.origin.clone(), index)).collect();
        Some(Guess { archive, templates, pictures, place, glanced: Mutex::new(glanced) })
    }

    pub fn site<'a>(&'a self, project: &'a Project) -> Site<'a> {
        Site::new(&project.config, &self.archive, &self.templates, &project.about, &self.pictures)
    }

    /// Gives away the front matter of an episode, if it was glanced at.
    pub fn take_glanced(&self, origin: &str) -> Option<Glanced> {
        self.glanced.lock().expect("nothing panics while it holds this lock").remove(origin)
    }

    /// Renders the page of an episode that is open, into the outlet; nothing where it cannot
    /// be told what the page would be.
    pub fn render(
        &self,
        keys: &PageKeys,
        site: &Site,
        outlet: &dyn Outlet,
        digest: &Digest,
        open: (&Episode, &Source),
    ) -> Result<Option<Early>, WorldError> {
        let Some(index) = self.place.get(&digest.origin).copied() else {
            return Ok(None);
        };
        if digest.facts.draft && !site.config.build.drafts {
            return Ok(None);
        }
        let glanced = &self.archive.episodes[index];
        if (&glanced.show, &glanced.facts.slug) != (&digest.show, &digest.facts.slug) {
            // It would be at another address.
            return Ok(None);
        }
        let placed = site.placed(index);
        let page = Page {
            path: self.archive.path_in(placed.show, &digest.facts),
            kind: PageKind::Episode(index),
            origin: digest.origin.clone(),
            edition: None,
        };
        let (episode, source) = open;
        let wanted = site.episode_files(&page, digest).into_iter();
        let rendered = wanted.map(|file| Ok((site.episode_file(&file, placed, digest, episode)?, file)));
        let Ok(rendered) = rendered.collect::<Result<Vec<_>, Diagnostic>>() else {
            // It is rendered again when all is known, and then what is wrong is said.
            return Ok(None);
        };
        let mut files = Vec::with_capacity(rendered.len());
        for ((bytes, dropped), file) in rendered {
            let print = outlet.put_pieces(&file.path, &bytes.pieces())?;
            let findings = super::pages::unsafe_links(dropped, source);
            let key = keys.of_file(&file, &page, digest, placed);
            files.push(FileMemory::of(&file.path, key, print, findings));
        }
        Ok(Some(Early { files }))
    }
}
