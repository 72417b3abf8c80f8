//! The project as a whole: its settings read once, its episodes opened one at a time.
//! Never keeps an episode's text.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, ShowKey, digest_episode};
use crate::lang::Lang;
use crate::media::{Asset, Media, Named, Recording};
use crate::model::{Episode, EpisodeSources, People, ShowPlan, ShowRules, Track, model_episode};
use crate::parse::about::{AboutText, read_about};
use crate::parse::chapters::read_chapters;
use crate::parse::front_matter::{Glanced, has_whole_front_matter, read_front_matter};
use crate::parse::nesting::check_notes;
use crate::parse::people::read_people;
use crate::parse::show::{ShowSettings, read_show};
use crate::parse::transcript::parse_transcript;
use crate::read::{
    EpisodeFiles, File, Inventory, ShowFiles, WorldError, find_file, read_inventory, read_source, read_start,
};
use crate::slug::Slug;
use crate::source::Source;
use crate::table::{At, Findings};
use crate::tracks::{Chosen, EpisodeTexts, tracks_among_assets};

/// Settings and lists of a project.
pub struct Project {
    pub config: Config,
    /// `site.toml`, where there is one.
    pub settings: Option<File>,
    pub people: People,
    /// Pictures that settings and people name.
    pub named: Vec<Named>,
    /// What the archive says of itself, in the order of the files.
    pub about: Vec<AboutText>,
    pub plans: Vec<ShowPlan>,
    pub inventory: Inventory,
    /// The site's own templates.
    pub templates: Vec<Source>,
    /// Which of `plans` a name means.
    show_called: HashMap<Slug, usize>,
}

/// The settings and the list of files: enough to tell whether anything has changed.
pub struct Outline {
    pub config: Config,
    /// `site.toml`, where there is one.
    pub settings: Option<File>,
    pub inventory: Inventory,
}

impl Outline {
    /// Every file that the site can be made of.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.settings.iter().chain(self.inventory.files())
    }
}

/// Reads `site.toml` and lists the files. `adjust` lays the command line over the settings.
pub fn outline(
    root: &Path,
    adjust: impl FnOnce(&mut Config),
    findings: &Findings,
) -> Result<Outline, WorldError> {
    let mut config = Config::default();
    let settings = find_file(root, "site.toml", findings)?;
    if let Some(file) = &settings
        && let Some(source) = read_source(file, findings)?
    {
        config = Config::read(&source, findings);
    }
    adjust(&mut config);
    let inventory = read_inventory(root, &config.build.ignore, config.limits, findings)?;
    Ok(Outline { config, settings, inventory })
}

/// Reads all of a project but its episodes.
pub fn open_project(outline: Outline, findings: &Findings) -> Result<Project, WorldError> {
    let Outline { mut config, inventory, settings } = outline;
    let mut named = Vec::new();
    let people = match &inventory.people {
        Some(file) => match read_source(file, findings)? {
            Some(source) => {
                let people = People::new(read_people(&source, findings), Some(&source), findings);
                let images = people.list.iter().filter_map(|person| person.image.as_ref());
                named.extend(images.filter_map(|image| Named::new(image, &source)));
                people
            }
            None => People::default(),
        },
        None => People::default(),
    };
    let asks = !config.feed.persons.is_empty() || config.feed.image.is_some();
    if let (Some(file), true) = (&settings, asks)
        && let Some(source) = read_source(file, findings)?
    {
        named.extend(config.feed.image.iter().filter_map(|image| Named::new(image, &source)));
        people.find_credited(&mut config.feed.persons, &source, findings);
    }
    let mut plans = Vec::with_capacity(inventory.shows.len());
    for show in &inventory.shows {
        plans.push(plan_show(show, &config, &people, &mut named, findings)?);
    }
    let mut about = Vec::with_capacity(inventory.about.len());
    for text in &inventory.about {
        if let Some(source) = read_source(&text.file, findings)? {
            let text = read_about(source, text.lang.clone(), findings);
            about.extend(check_notes(text.markdown(), &text.source, findings).then_some(text));
        }
    }
    let mut templates = Vec::with_capacity(inventory.templates.len());
    for file in &inventory.templates {
        templates.extend(read_source(file, findings)?);
    }
    let mut show_called = HashMap::new();
    for (index, plan) in plans.iter().enumerate() {
        for name in plan.names() {
            // Of two shows by one name, the first is meant.
            show_called.entry(name).or_insert(index);
        }
    }
    Ok(Project { config, settings, people, named, about, plans, inventory, templates, show_called })
}

fn plan_show(
    show: &ShowFiles,
    config: &Config,
    people: &People,
    named: &mut Vec<Named>,
    findings: &Findings,
) -> Result<ShowPlan, WorldError> {
    let source = match &show.settings {
        Some(file) => read_source(file, findings)?,
        None => None,
    };
    let settings = source.as_ref().map_or_else(ShowSettings::default, |source| read_show(source, findings));
    let cover = settings.cover.clone();
    if let Some(source) = &source {
        named.extend(settings.feed.image.iter().filter_map(|image| Named::new(image, source)));
    }
    let mut plan = ShowPlan::new(show.folder.clone(), settings, source.as_ref(), config, people, findings);
    if let (Some(cover), Some(source)) = (&cover, &source) {
        plan.cover = find_media(&cover.value, &[&show.assets], &mut plan.assets);
        if plan.cover.is_none() {
            report_missing(cover, source, findings);
        }
    }
    Ok(plan)
}

/// Finds a file that the author names, among `places` in turn, or takes the name for an address.
/// A file found is put among `assets`, to be published.
fn find_media(name: &str, places: &[&Vec<File>], assets: &mut Vec<Asset>) -> Option<Media> {
    if let Some(address) = Media::address(name) {
        return Some(address);
    }
    let wanted = name.trim_start_matches("./");
    let file = places
        .iter()
        .flat_map(|files| files.iter())
        .find(|file| file.name.strip_suffix(wanted).is_some_and(|before| before.ends_with('/')))?;
    let asset = Asset { file: file.clone(), name: file.file_name().to_owned() };
    if assets.iter().all(|known| known.file.path != asset.file.path) {
        assets.push(asset);
        return Some(Media::Beside(file.file_name().to_owned()));
    }
    assets
        .iter()
        .find(|known| known.file.path == asset.file.path)
        .map(|known| Media::Beside(known.name.clone()))
}

/// A recording and how long its file is: as the disk has it, else as the author says.
fn recording(media: Media, lang: Option<&Lang>, digest: &Digest) -> Recording {
    let stated = || {
        let sizes = digest.facts.feed.as_ref().map_or(&[][..], |feed| &feed.audio_sizes);
        let own = sizes.iter().find(|(own, _)| own.as_ref() == lang);
        own.or(sizes.iter().find(|(own, _)| own.is_none())).map(|(_, size)| *size)
    };
    let size = match &media {
        Media::Beside(name) => {
            digest.assets.iter().find(|asset| asset.name == *name).map(|asset| asset.file.stamp.len)
        }
        Media::Address(_) => stated(),
    };
    Recording { lang: lang.cloned(), media, size }
}

fn report_missing(name: &At<String>, source: &Source, findings: &Findings) {
    let wanted = name.value.trim_start_matches("./");
    let finding = Diagnostic::error("missing-file", format!("there is no file `{wanted}` here"))
        .at(source.place(name.span.clone()))
        .help("put it beside this file, or give a whole address");
    findings.borrow_mut().push(finding);
}

/// A file that an episode is made of: index of its show in the inventory, and of it in the show.
pub type EpisodeRef = (usize, usize);

/// How much of a file holds its front matter as a rule, in bytes.
const START: u64 = 2 * 1024;
/// How much of it is looked at where that is not enough.
const LONG_START: u64 = 16 * 1024;

impl Project {
    /// Every file that the site can be made of.
    pub fn sources(&self) -> impl Iterator<Item = &File> {
        self.settings.iter().chain(self.inventory.files())
    }

    /// All episodes of the project, in the order of their names.
    pub fn episodes(&self) -> Vec<EpisodeRef> {
        let shows = self.inventory.shows.iter().enumerate();
        shows
            .flat_map(|(show, files)| (0..files.episodes.len()).map(move |episode| (show, episode)))
            .collect()
    }

    pub fn files(&self, (show, episode): EpisodeRef) -> &EpisodeFiles {
        &self.inventory.shows[show].episodes[episode]
    }

    /// The file or folder that messages name an episode by.
    pub fn origin(&self, episode: EpisodeRef) -> Arc<str> {
        let files = self.files(episode);
        match files.head.as_ref().or_else(|| files.tracks.first().map(|track| &track.file)) {
            Some(file) => file.name.clone(),
            None => files.stem.as_str().into(),
        }
    }

    /// Parses an episode of `texts` and hands it to `look` while it is open. Nothing comes of
    /// an episode without a file. Front matter that was `glanced` at is not read again.
    pub fn with_episode<T>(
        &self,
        at: EpisodeRef,
        texts: &EpisodeTexts,
        glanced: Option<Glanced>,
        findings: &Findings,
        look: impl FnOnce(ShowKey, &Episode, &Source) -> T,
    ) -> Option<T> {
        let front_source = texts.front()?;
        let (mut front, front_rest) = glanced
            .and_then(|glanced| glanced.of(front_source))
            .unwrap_or_else(|| read_front_matter(front_source, findings));
        let files = self.files(at);
        if let (Some(feed), Some(chapters)) = (&mut front.feed, &texts.chapters) {
            feed.file_chapters = read_chapters(chapters, findings);
        }
        let chosen = texts.choose(files, &front, front_source, findings);
        let track_files = tracks_among_assets(files, &chosen);
        let is_track = |source: &Source| chosen.iter().any(|track| track.source.path == source.path);
        let own_notes =
            if is_track(front_source) { "" } else { front_source.text[front_rest.clone()].trim() };
        let notes = own_notes.to_owned();
        let labels: Vec<String> = front.speakers.iter().map(|(label, _)| label.value.clone()).collect();
        let known: Vec<&str> = labels.iter().map(String::as_str).collect();
        let mut tracks = Vec::with_capacity(chosen.len());
        for Chosen { source, lang, clock } in chosen {
            let (body, own_clock) = if source.path == front_source.path {
                (front_rest.clone(), front.clock)
            } else {
                let (own, body) = read_front_matter(source, findings);
                let own_clock = own.clock.or(texts.head.as_ref().map(|_| front.clock));
                if texts.head.is_none() {
                    front.add(own, lang.as_ref());
                }
                (body, own_clock)
            };
            let mut document = parse_transcript(source, body, &known, findings);
            document.retime(clock.or(Some(own_clock)), source, findings);
            tracks.push(Track { source, lang, document });
        }
        let on_page = tracks.iter().find_map(|track| track.document.page.show.as_deref());
        let key = self.show_key(at.0, front.show.as_deref(), on_page);
        let rules = self.rules(at, &key);
        let (pairs, ids) = (texts.pairs.as_ref(), texts.ids.as_ref());
        let sources = EpisodeSources { stem: &files.stem, front, front_source, notes, tracks, pairs, ids };
        let mut episode = model_episode(sources, &rules, &self.people, findings);
        episode.facts.track_files = track_files;
        Some(look(key, &episode, front_source))
    }

    /// An episode's own word first, then the folder it lies in, then what its page says.
    fn show_key(&self, show: usize, stated: Option<&str>, on_page: Option<&str>) -> ShowKey {
        let called = |name: &str| match self.show_called.get(&Slug::new(name)) {
            Some(plan) => ShowKey::Planned(*plan),
            None => ShowKey::Named(name.to_owned()),
        };
        match (stated, on_page) {
            (Some(name), _) => called(name),
            _ if self.plans[show].folder.is_some() => ShowKey::Planned(show),
            (None, Some(name)) => called(name),
            (None, None) => ShowKey::Loose,
        }
    }

    /// What lies in the folder of an episode's show and is no transcript.
    pub fn beside(&self, at: EpisodeRef) -> &[File] {
        &self.inventory.shows[at.0].assets
    }

    /// What the show at `key` decides for an episode.
    pub fn rules(&self, at: EpisodeRef, key: &ShowKey) -> ShowRules<'_> {
        match key {
            ShowKey::Planned(plan) => self.plans[*plan].rules(),
            _ => self.plans[at.0].rules(),
        }
    }

    /// The digest of an episode that is open.
    pub fn digest(
        &self,
        at: EpisodeRef,
        key: ShowKey,
        episode: &Episode,
        source: &Source,
        findings: &Findings,
    ) -> Digest {
        let mut digest = digest_episode(self.origin(at), key, episode);
        for name in self.add_media(at, &mut digest) {
            report_missing(&name, source, findings);
        }
        digest
    }

    /// Finds again what a digest of an earlier build says of other files: its show, people, media.
    /// False where they no longer hold what it names: the episode must be read again to say so.
    pub fn settle(&self, at: EpisodeRef, digest: &mut Digest) -> bool {
        digest.origin = self.origin(at);
        let facts = &mut digest.facts;
        digest.show = self.show_key(at.0, facts.show_stated.as_deref(), facts.show_on_page.as_deref());
        facts.assign_people(&self.rules(at, &digest.show), &self.people)
            && self.add_media(at, digest).is_empty()
    }

    /// What is known of an episode by its front matter alone: how its neighbours will most likely
    /// name it; with it the front matter, for `with_episode`. Nothing where it cannot be told, or for
    /// a draft that is not built.
    pub fn glance(&self, at: EpisodeRef) -> Option<(Digest, Option<Glanced>)> {
        let files = self.files(at);
        let file = files.head.as_ref().or_else(|| files.tracks.first().map(|track| &track.file))?;
        let mut start = read_start(file, START)?;
        if !has_whole_front_matter(&start) {
            start = read_start(file, LONG_START)?;
        }
        let source = Source::new(file.name.clone(), start).with_limits(file.limits);
        let unheard = Findings::default();
        let (front, glanced) = Glanced::read(&source);
        let key = self.show_key(at.0, front.show.as_deref(), None);
        let rules = self.rules(at, &key);
        let sources = EpisodeSources {
            stem: &files.stem,
            front,
            front_source: &source,
            notes: String::new(),
            tracks: Vec::new(),
            pairs: None,
            ids: None,
        };
        let episode = model_episode(sources, &rules, &self.people, &unheard);
        let wanted = self.config.build.drafts || !episode.facts.draft;
        wanted.then(|| {
            let mut digest = digest_episode(self.origin(at), key.clone(), &episode);
            // Most talks are in all languages of their show.
            digest.written_langs = self.rules(at, &key).langs.to_vec();
            self.add_media(at, &mut digest);
            (digest, glanced)
        })
    }

    /// Lists an episode's files and finds the media it names; gives the names that are nowhere.
    fn add_media(&self, at: EpisodeRef, digest: &mut Digest) -> Vec<At<String>> {
        let files = self.files(at);
        let folder = files.head.as_ref().map(|head| head.name.trim_end_matches(head.file_name()).to_owned());
        let is_track = |file: &&File| digest.facts.track_files.contains(&file.name);
        let own = files.assets.iter().filter(|file| !is_track(file)).map(|file| Asset {
            name: folder
                .as_deref()
                .and_then(|folder| file.name.strip_prefix(folder))
                .unwrap_or(file.file_name())
                .to_owned(),
            file: file.clone(),
        });
        let own = own.collect();
        digest.assets = own;
        digest.audio.clear();
        let places = [&files.assets, &self.inventory.shows[at.0].assets];
        let mut missing = Vec::new();
        if let Some(cover) = digest.facts.cover.clone() {
            digest.cover = find_media(&cover.value, &places, &mut digest.assets);
            missing.extend(digest.cover.is_none().then_some(cover));
        }
        if let Some(audio) = digest.facts.audio.clone() {
            for (lang, name) in audio.value.iter() {
                match find_media(name, &places, &mut digest.assets) {
                    Some(media) => digest.audio.push(recording(media, lang, digest)),
                    None => missing.push(At { value: name.to_owned(), span: audio.span.clone() }),
                }
            }
        }
        let named = digest.facts.feed.as_ref().and_then(|feed| feed.chapters_file.clone());
        if let Some(chapters) = named {
            digest.chapters = find_media(&chapters.value, &places, &mut digest.assets);
            missing.extend(digest.chapters.is_none().then_some(chapters));
        }
        missing
    }
}
