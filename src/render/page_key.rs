//! What each page is made of, as a key: a page of the same key has the same bytes. Reads only what
//! the page's renderer reads, and all of it. Never renders.

use rayon::prelude::*;

use super::captions::TranscriptFile;
use super::episode_files::{EpisodeFile, FileKind};
use super::feeds::Channel;
use super::manifest;
use super::page::{Page, PageKind, Placed, Site, on_page, page_count};
use super::views::HUES;
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::key::{Key, key_of};
use crate::media::Media;
use crate::slug::SitePath;

/// The keys of all that pages show, each taken once.
pub struct PageKeys<'a> {
    site: &'a Site<'a>,
    /// What every page has: names, links, settings, words; first of the pages in all languages,
    /// then of those in one.
    common: Vec<Key>,
    /// Per show: as others name it, and all of it.
    show_titles: Vec<Key>,
    shows: Vec<Key>,
    /// Per person: as others name them, and all of them.
    names: Vec<Key>,
    people: Vec<Key>,
    /// Per episode: as others name it, and as lists show it.
    titles: Vec<Key>,
    cards: Vec<Key>,
}

impl<'a> PageKeys<'a> {
    pub fn new(site: &'a Site<'a>) -> PageKeys<'a> {
        let archive = site.archive;
        let mut keys = PageKeys {
            site,
            common: std::iter::once(site).chain(&site.twins).map(common).collect(),
            show_titles: archive.shows.iter().map(|show| key_of(&(&show.plan.title, &show.slug))).collect(),
            shows: Vec::new(),
            names: archive.people.list.iter().map(|person| key_of(&(&person.name, &person.slug))).collect(),
            people: archive
                .people
                .list
                .iter()
                .map(|own| {
                    key_of(&(
                        &own.name,
                        &own.slug,
                        &own.bio,
                        &own.links,
                        &own.image,
                        own.picture().and_then(|path| site.pictures.key(&path)),
                    ))
                })
                .collect(),
            titles: Vec::new(),
            cards: Vec::new(),
        };
        keys.shows = (0..archive.shows.len()).map(|show| keys.show(show)).collect();
        (keys.titles, keys.cards) = (archive.episodes.par_iter(), &archive.show_of)
            .into_par_iter()
            .map(|(digest, show)| (keys.title(digest, *show), keys.card(digest, *show)))
            .unzip();
        keys
    }

    fn show(&self, show: usize) -> Key {
        let own = &self.site.archive.shows[show];
        let hosts: Vec<_> = own
            .plan
            .hosts
            .iter()
            .map(|host| {
                (self.names[*host], self.site.archive.speaker_of(*host).map(|speaks| speaks.cue_count))
            })
            .collect();
        let plan = &own.plan;
        let count = own.episodes.len();
        let cover = (&plan.cover, self.cover(&plan.cover, || SitePath::page(&[own.slug.as_str()])));
        key_of(&(self.show_titles[show], &plan.description, cover, &plan.links, hosts, count))
    }

    fn title(&self, digest: &Digest, show: usize) -> Key {
        // Pages in one language lead to others that are.
        let langs = Some(&digest.written_langs).filter(|_| !self.site.twins.is_empty());
        key_of(&(&digest.facts.title, &digest.facts.slug, self.show_titles[show], langs))
    }

    fn card(&self, digest: &Digest, show: usize) -> Key {
        let facts = &digest.facts;
        let total = digest.size();
        let voices: Vec<_> = facts
            .speakers
            .iter()
            .enumerate()
            .map(|(at, speaker)| {
                let name = speaker.person.map(|person| self.names[person]);
                (&speaker.label, &speaker.names, name, digest.share(at, total), digest.voices[at].cue_count)
            })
            .collect();
        let numbers = (facts.date, facts.season, facts.number, facts.duration, digest.cue_count);
        let title = self.title(digest, show);
        let cover = (&digest.cover, self.cover(&digest.cover, || self.site.archive.path_in(show, facts)));
        key_of(&(title, &facts.summary, numbers, voices, cover, &digest.langs))
    }

    /// The picture that a cover is.
    fn cover(&self, cover: &Option<Media>, page: impl Fn() -> SitePath) -> Option<Key> {
        match cover {
            Some(Media::Beside(name)) => self.site.pictures.key(&page().beside(name)),
            _ => None,
        }
    }

    fn quote(&self, (episode, quote): (usize, usize)) -> Key {
        let digest = &self.site.archive.episodes[episode];
        // The card has the voice.
        key_of(&(&digest.facts.quotes[quote].texts, digest.quotes[quote], self.cards[episode]))
    }

    fn person(&self, person: usize, place: usize) -> Key {
        let speaks = self.site.archive.speaker_of(person);
        let counts = speaks.map(|speaks| (speaks.cue_count, speaks.episodes.len()));
        key_of(&(self.people[person], counts, place % HUES))
    }

    fn appearance(&self, (episode, voice): (usize, usize)) -> Key {
        let lines = &self.site.archive.episodes[episode].voices[voice].lines;
        key_of(&(self.cards[episode], voice, lines))
    }

    fn feed_item(&self, episode: usize) -> Key {
        let digest = &self.site.archive.episodes[episode];
        let facts = &digest.facts;
        let numbers = (facts.date, facts.season, facts.number, facts.duration);
        let ids = (&facts.guid, &facts.tags);
        let files = (&self.site.config.transcript_formats, &digest.written_langs, digest.timed);
        let media = (&digest.audio, &digest.cover, &digest.chapters, &digest.langs);
        let show = &self.site.archive.shows[self.site.archive.show_of[episode]].plan;
        let own = (facts.updated, &facts.feed, &show.feed, self.persons(episode));
        key_of(&(self.titles[episode], &facts.summary, numbers, ids, media, files, own))
    }

    /// Those whom a feed may name with an episode.
    fn persons(&self, episode: usize) -> Vec<(Key, bool)> {
        let archive = self.site.archive;
        let facts = &archive.episodes[episode].facts;
        let show = &archive.shows[archive.show_of[episode]].plan;
        let speakers = facts.speakers.iter().filter_map(|speaker| speaker.person);
        let own = facts.feed.iter().flat_map(|feed| &feed.persons);
        let credits = own.chain(&show.feed.persons).chain(&self.site.config.feed.persons);
        let persons = show.hosts.iter().copied().chain(speakers);
        let persons = persons.chain(credits.filter_map(|credit| credit.person));
        persons.map(|person| (self.people[person], archive.speaker_of(person).is_some())).collect()
    }

    /// What a feed says before its items.
    fn channel(&self, channel: &Channel) -> Key {
        let Channel { title, description, page, episodes: _, image, lang, author, settings, persons } =
            channel;
        let persons: Vec<_> =
            persons.iter().map(|part| (&part.name, part.role, &part.image, &part.url)).collect();
        let dates: Vec<_> =
            channel.episodes.iter().map(|episode| self.site.archive.episodes[*episode].facts.date).collect();
        key_of(&((title, description, page, image), (lang, author, settings, persons), dates.iter().max()))
    }

    /// The key of a page; an episode's is `of_own_episode`.
    pub fn of(&self, page: &Page, pages: &[Page]) -> Key {
        let archive = self.site.archive;
        let size = self.site.config.build.page_size;
        let cards = |episodes: &[usize], number: usize| {
            let shown: Vec<Key> =
                on_page(episodes, number, size).iter().map(|episode| self.cards[*episode]).collect();
            key_of(&(shown, page_count(episodes.len(), size)))
        };
        let feed = |channel: Channel| {
            let items: Vec<Key> = channel.episodes.iter().map(|episode| self.feed_item(*episode)).collect();
            key_of(&(self.channel(&channel), items))
        };
        let own = match page.kind {
            PageKind::Home => self.home(),
            PageKind::Shows => key_of(&self.shows),
            PageKind::Show(show, number) => {
                key_of(&(self.shows[show], cards(&archive.shows[show].episodes, number)))
            }
            PageKind::ShowFeed(show) | PageKind::ShowJsonFeed(show) => feed(self.site.show_channel(show)),
            PageKind::Feed | PageKind::JsonFeed => feed(self.site.channel()),
            PageKind::Opml => {
                let langs: Vec<_> = archive.shows.iter().map(|show| show.plan.langs.first()).collect();
                key_of(&(&self.shows, langs))
            }
            PageKind::Chapters(episode) => {
                key_of(&archive.episodes[episode].facts.feed.as_ref().map(|feed| &feed.chapters))
            }
            PageKind::Llms => self.llms(),
            PageKind::Episodes(number) => {
                let all: Vec<usize> = (0..archive.episodes.len()).collect();
                key_of(&(cards(&all, number), &self.site.years))
            }
            PageKind::Episode(episode) => {
                return self.of_own_episode(page, episode);
            }
            PageKind::Speakers(number) => self.speakers(number),
            PageKind::Speaker(place, number) => self.speaker(place, number),
            PageKind::Quotes(number) => {
                let shown = on_page(&archive.quotes, number, size);
                let quotes: Vec<Key> = shown.iter().map(|quote| self.quote(*quote)).collect();
                key_of(&(quotes, page_count(archive.quotes.len(), size)))
            }
            PageKind::Tags => {
                let tags: Vec<_> =
                    archive.tags.iter().map(|tag| (&tag.name, &tag.slug, tag.episodes.len())).collect();
                key_of(&tags)
            }
            PageKind::Tag(tag, number) => {
                let own = &archive.tags[tag];
                key_of(&(&own.name, &own.slug, own.episodes.len(), cards(&own.episodes, number)))
            }
            PageKind::Sitemap => key_of(&self.site.listed(pages)),
            PageKind::About => {
                let texts: Vec<_> = self
                    .site
                    .about
                    .iter()
                    .map(|text| (&text.lang, &text.title, text.markdown(), &text.source.path))
                    .collect();
                key_of(&texts)
            }
            PageKind::Manifest => key_of(&manifest::icons(self.site.templates)),
            PageKind::NotFound => key_of(&&self.cards[self.site.on_lost_page()]),
            PageKind::Robots | PageKind::NoJekyll => Key::default(),
        };
        self.whole(page, own)
    }

    /// The key of the page of an episode as the archive has it.
    pub fn of_own_episode(&self, page: &Page, episode: usize) -> Key {
        let digest = &self.site.archive.episodes[episode];
        self.episode(page, digest, self.site.placed(episode), self.cards[episode])
    }

    /// The key of an episode's page. The episode need not be in the archive as it is in `digest`.
    pub fn of_episode(&self, page: &Page, digest: &Digest, placed: Placed) -> Key {
        self.episode(page, digest, placed, self.card(digest, placed.show))
    }

    fn episode(&self, page: &Page, digest: &Digest, placed: Placed, card: Key) -> Key {
        let title = |other: Option<usize>| other.map(|other| self.titles[other]);
        let facts = &digest.facts;
        let formats = &self.site.config.transcript_formats;
        let chapters = facts.feed.as_ref().map(|feed| feed.parts());
        let original = (&facts.original, &self.site.archive.shows[placed.show].plan.original);
        let parts = (&facts.tags, &facts.links, &digest.audio, &digest.quotes, formats, (chapters, original));
        let around =
            (title(placed.before), title(placed.after), &self.site.archive.shows[placed.show].plan.cover);
        self.whole(page, key_of(&(digest.source, digest.reading_minutes, parts, around, card)))
    }

    /// The key of a file of an episode.
    pub fn of_file(&self, file: &EpisodeFile, page: &Page, digest: &Digest, placed: Placed) -> Key {
        self.file(file, page, digest, |page| self.of_episode(page, digest, placed))
    }

    /// The same for an episode as the archive has it.
    pub fn of_own_file(&self, file: &EpisodeFile, page: &Page, episode: usize) -> Key {
        let digest = &self.site.archive.episodes[episode];
        self.file(file, page, digest, |page| self.of_own_episode(page, episode))
    }

    fn file(&self, file: &EpisodeFile, page: &Page, digest: &Digest, of_page: impl Fn(&Page) -> Key) -> Key {
        match &file.kind {
            FileKind::Page(page) => of_page(page),
            FileKind::Transcript(transcript) => self.of_transcript(transcript, &file.path, digest),
            // It says what the page says.
            FileKind::Markdown => {
                key_of(&("markdown", of_page(page), (digest.facts.updated, &digest.facts.title)))
            }
        }
    }

    /// The key of a file of an episode's transcript.
    fn of_transcript(&self, file: &TranscriptFile, path: &SitePath, digest: &Digest) -> Key {
        let facts = &digest.facts;
        let names: Vec<_> = facts
            .speakers
            .iter()
            .map(|speaker| (&speaker.label, &speaker.names, speaker.person.map(|person| self.names[person])))
            .collect();
        let own = file.format == TranscriptFormat::Pinyin;
        let readings = own.then_some(&self.site.config.readings);
        let form = (file.format, &file.lang, path, readings);
        // A text without a language is told one by those of the archive.
        key_of(&(digest.source, form, names, &facts.title, &self.site.archive.langs))
    }

    fn whole(&self, page: &Page, own: Key) -> Key {
        let template = page.kind.template().map(|name| self.site.templates.key(name));
        let common = self.common[page.edition.map_or(0, |edition| edition + 1)];
        key_of(&(common, template, &page.path, own))
    }

    fn llms(&self) -> Key {
        let archive = self.site.archive;
        let episode = |episode: &usize| {
            let facts = &archive.episodes[*episode].facts;
            (self.titles[*episode], facts.date, &facts.summary)
        };
        let show = |index: usize| {
            let show = &archive.shows[index];
            (
                self.show_titles[index],
                &show.plan.description,
                show.episodes.iter().map(episode).collect::<Vec<_>>(),
            )
        };
        let shows: Vec<_> = (0..archive.shows.len()).map(show).collect();
        key_of(&shows)
    }

    fn home(&self) -> Key {
        let archive = self.site.archive;
        let shown = self.site.on_home();
        let cards = &self.cards[..shown.episodes];
        let quotes: Vec<Key> =
            archive.quotes[..shown.quotes].iter().map(|quote| self.quote(*quote)).collect();
        let people: Vec<Key> = archive.speakers[..shown.people]
            .iter()
            .enumerate()
            .map(|(place, speaker)| self.person(speaker.person, place))
            .collect();
        let cues: usize = archive.episodes.iter().map(|episode| episode.cue_count).sum();
        key_of(&(&self.shows, cards, quotes, people, archive.episodes.len(), cues, archive.speakers.len()))
    }

    fn speakers(&self, number: usize) -> Key {
        let archive = self.site.archive;
        let size = self.site.config.build.page_size;
        let first = (number - 1) * size;
        let people: Vec<Key> = on_page(&archive.speakers, number, size)
            .iter()
            .enumerate()
            .map(|(place, speaker)| self.person(speaker.person, first + place))
            .collect();
        let unresolved: Vec<_> = on_page(&archive.unresolved, number, size)
            .iter()
            .map(|(episode, speakers)| (self.cards[*episode], speakers))
            .collect();
        let count = archive.speakers.len().max(archive.unresolved.len());
        key_of(&(people, unresolved, page_count(count, size)))
    }

    fn speaker(&self, place: usize, number: usize) -> Key {
        let speaker = &self.site.archive.speakers[place];
        let size = self.site.config.build.page_size;
        let quotes = if number == 1 { speaker.quotes.as_slice() } else { &[] };
        let quotes: Vec<Key> = quotes.iter().take(size).map(|quote| self.quote(*quote)).collect();
        let appearances: Vec<Key> =
            on_page(&speaker.episodes, number, size).iter().map(|one| self.appearance(*one)).collect();
        let pages = page_count(speaker.episodes.len(), size);
        key_of(&(self.person(speaker.person, place), quotes, appearances, pages))
    }
}

/// What every page is given whatever it shows.
fn common(site: &Site) -> Key {
    let config = site.config;
    let archive = site.archive;
    let base = config.base_url.absolute(&crate::slug::SitePath::page(&[]));
    let named = (site.title(), &config.description, base, config.base_url.is_absolute());
    let theme = serde_json::to_string(&(&config.theme, &config.extra)).expect("settings are plain data");
    let pages = (config.pages.twins, config.pages.markdown, site.only);
    let words = site.words();
    let words = (words.all(), words.langs());
    let has_about = !site.about.is_empty();
    key_of(&(named, &archive.langs, theme, words, archive.shows.len() > 1, pages, has_about))
}
