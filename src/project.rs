//! The project as a whole: its settings read once, its episodes opened one at a time.
//! Never keeps an episode's text.

use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, ShowKey, digest_episode};
use crate::media::{Asset, Media};
use crate::model::{Episode, EpisodeSources, People, ShowPlan, model_episode};
use crate::parse::document::Document;
use crate::parse::front_matter::read_front_matter;
use crate::parse::people::read_people;
use crate::parse::show::{ShowSettings, read_show};
use crate::parse::transcript::parse_transcript;
use crate::read::{
    EpisodeFiles, File, Inventory, ShowFiles, WorldError, find_file, read_inventory, read_source,
};
use crate::source::Source;
use crate::table::{At, Findings};

/// Settings and lists of a project.
pub struct Project {
    pub config: Config,
    pub people: People,
    pub plans: Vec<ShowPlan>,
    pub inventory: Inventory,
    /// The site's own templates.
    pub templates: Vec<Source>,
}

/// Reads the project's settings. `adjust` lays the command line over them.
pub fn open_project(
    root: &Path,
    adjust: impl FnOnce(&mut Config),
    findings: &Findings,
) -> Result<Project, WorldError> {
    let mut config = Config::default();
    if let Some(file) = find_file(root, "site.toml", findings)?
        && let Some(source) = read_source(&file, findings)?
    {
        config = Config::read(&source, findings);
    }
    adjust(&mut config);
    let inventory = read_inventory(root, &config.build.ignore, config.limits, findings)?;
    let people = match &inventory.people {
        Some(file) => match read_source(file, findings)? {
            Some(source) => People::new(read_people(&source, findings), Some(&source), findings),
            None => People::default(),
        },
        None => People::default(),
    };
    let mut plans = Vec::with_capacity(inventory.shows.len());
    for show in &inventory.shows {
        plans.push(plan_show(show, &config, &people, findings)?);
    }
    let mut templates = Vec::with_capacity(inventory.templates.len());
    for file in &inventory.templates {
        templates.extend(read_source(file, findings)?);
    }
    Ok(Project { config, people, plans, inventory, templates })
}

fn plan_show(
    show: &ShowFiles,
    config: &Config,
    people: &People,
    findings: &Findings,
) -> Result<ShowPlan, WorldError> {
    let source = match &show.settings {
        Some(file) => read_source(file, findings)?,
        None => None,
    };
    let settings = source.as_ref().map_or_else(ShowSettings::default, |source| read_show(source, findings));
    let cover = settings.cover.clone();
    let mut plan =
        ShowPlan::new(show.folder.clone(), settings, source.as_ref(), &config.languages, people, findings);
    if let (Some(cover), Some(source)) = (&cover, &source) {
        plan.cover = find_media(cover, &[&show.assets], source, findings, &mut plan.assets);
    }
    Ok(plan)
}

/// Finds a file that the author names, among `places` in turn, or takes the name for an address.
/// A file found is put among `assets`, to be published.
fn find_media(
    name: &At<String>,
    places: &[&Vec<File>],
    source: &Source,
    findings: &Findings,
    assets: &mut Vec<Asset>,
) -> Option<Media> {
    if let Some(address) = Media::address(&name.value) {
        return Some(address);
    }
    let wanted = name.value.trim_start_matches("./");
    let Some(file) = places
        .iter()
        .flat_map(|files| files.iter())
        .find(|file| file.name.strip_suffix(wanted).is_some_and(|before| before.ends_with('/')))
    else {
        let finding = Diagnostic::error("missing-file", format!("there is no file `{wanted}` here"))
            .at(source.place(name.span.clone()))
            .help("put it beside this file, or give a whole address");
        findings.borrow_mut().push(finding);
        return None;
    };
    let asset =
        Asset { from: file.path.clone(), origin: file.name.clone(), name: file.file_name().to_owned() };
    if assets.iter().all(|known| known.from != asset.from) {
        assets.push(asset);
        return Some(Media::Beside(file.file_name().to_owned()));
    }
    assets.iter().find(|known| known.from == asset.from).map(|known| Media::Beside(known.name.clone()))
}

/// A file that an episode is made of: index of its show in the inventory, and of it in the show.
pub type EpisodeRef = (usize, usize);

impl Project {
    /// All episodes of the project, in the order of their names.
    pub fn episodes(&self) -> Vec<EpisodeRef> {
        let shows = self.inventory.shows.iter().enumerate();
        shows
            .flat_map(|(show, files)| (0..files.episodes.len()).map(move |episode| (show, episode)))
            .collect()
    }

    fn files(&self, (show, episode): EpisodeRef) -> &EpisodeFiles {
        &self.inventory.shows[show].episodes[episode]
    }

    /// The file or folder that messages name an episode by.
    pub fn origin(&self, episode: EpisodeRef) -> Arc<str> {
        let files = self.files(episode);
        match files.head.as_ref().or(files.transcript.as_ref()) {
            Some(file) => file.name.clone(),
            None => files.stem.as_str().into(),
        }
    }

    /// Reads an episode and hands it to `look` while it is open.
    pub fn with_episode<T>(
        &self,
        at: EpisodeRef,
        findings: &Findings,
        look: impl FnOnce(ShowKey, &Episode, &Source) -> T,
    ) -> Result<Option<T>, WorldError> {
        let files = self.files(at);
        let head = match &files.head {
            Some(file) => match read_source(file, findings)? {
                Some(source) => Some(source),
                None => return Ok(None),
            },
            None => None,
        };
        let transcript = match &files.transcript {
            Some(file) => match read_source(file, findings)? {
                Some(source) => Some(source),
                None => return Ok(None),
            },
            None => None,
        };
        let Some(front_source) = head.as_ref().or(transcript.as_ref()) else {
            return Ok(None);
        };
        let (front, front_rest) = read_front_matter(front_source, findings);
        let mut notes = String::new();
        let mut document = Document::default();
        if let Some(source) = &transcript {
            let body = if head.is_some() {
                notes = front_source.text[front_rest].trim().to_owned();
                // Its own front matter is not the episode's, but it is not text either.
                read_front_matter(source, findings).1
            } else {
                front_rest
            };
            let known: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
            document = parse_transcript(source, body, &known, findings);
        } else {
            notes = front_source.text[front_rest].trim().to_owned();
        }
        let named = front.show.as_deref().or(document.page.show.as_deref());
        let key = self.show_key(at.0, front.show.as_deref(), named);
        let rules = match key {
            ShowKey::Planned(plan) => self.plans[plan].rules(),
            _ => self.plans[at.0].rules(),
        };
        let sources = EpisodeSources { stem: &files.stem, front, front_source, notes, document };
        let episode = model_episode(sources, &rules, &self.people, findings);
        Ok(Some(look(key, &episode, front_source)))
    }

    /// An episode's own word first, then the folder it lies in, then what its page says.
    fn show_key(&self, show: usize, stated: Option<&str>, named: Option<&str>) -> ShowKey {
        let called = |name: &str| self.plans.iter().position(|plan| plan.is_called(name));
        let in_folder = self.plans[show].folder.is_some();
        match (stated, named) {
            (Some(name), _) => called(name).map_or_else(|| ShowKey::Named(name.to_owned()), ShowKey::Planned),
            _ if in_folder => ShowKey::Planned(show),
            (None, Some(name)) => {
                called(name).map_or_else(|| ShowKey::Named(name.to_owned()), ShowKey::Planned)
            }
            (None, None) => ShowKey::Loose,
        }
    }

    /// Reads an episode and keeps its digest.
    pub fn digest(&self, at: EpisodeRef, findings: &Findings) -> Result<Option<Digest>, WorldError> {
        let origin = self.origin(at);
        self.with_episode(at, findings, |key, episode, source| {
            let mut digest = digest_episode(origin, key, episode);
            self.add_media(at, source, findings, &mut digest);
            digest
        })
    }

    fn add_media(&self, at: EpisodeRef, source: &Source, findings: &Findings, digest: &mut Digest) {
        let files = self.files(at);
        let folder = files.head.as_ref().map(|head| head.name.trim_end_matches(head.file_name()).to_owned());
        let own = files.assets.iter().map(|file| Asset {
            from: file.path.clone(),
            origin: file.name.clone(),
            name: folder
                .as_deref()
                .and_then(|folder| file.name.strip_prefix(folder))
                .unwrap_or(file.file_name())
                .to_owned(),
        });
        digest.assets = own.collect();
        let places = [&files.assets, &self.inventory.shows[at.0].assets];
        if let Some(cover) = digest.facts.cover.clone() {
            digest.cover = find_media(&cover, &places, source, findings, &mut digest.assets);
        }
        let audio = digest.facts.audio.as_ref();
        let first =
            audio.and_then(|at| at.value.iter().next().map(|(_, name)| (name.to_owned(), at.span.clone())));
        if let Some((value, span)) = first {
            let name = At { value, span };
            digest.audio = find_media(&name, &places, source, findings, &mut digest.assets);
        }
    }
}
