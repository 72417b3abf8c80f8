//! What each page is made of, as a key: a page of the same key has the same bytes. Reads only what
//! the page's renderer reads, and all of it. Never renders.

use rayon::prelude::*;

use super::page::{Page, PageKind, Placed, Site, on_page, page_count};
use super::transcripts::TranscriptPage;
use super::views::HUES;
use crate::digest::Digest;
use crate::key::{Key, key_of};

/// The keys of all that pages show, each taken once.
pub struct PageKeys<'a> {
    site: &'a Site<'a>,
    /// What every page has: names, links, settings, words.
    common: Key,
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
            common: common(site),
            show_titles: archive.shows.iter().map(|show| key_of(&(&show.plan.title, &show.slug))).collect(),
            shows: Vec::new(),
            names: archive.people.list.iter().map(|person| key_of(&(&person.name, &person.slug))).collect(),
            people: archive
                .people
                .list
                .iter()
                .map(|own| key_of(&(&own.name, &own.slug, &own.bio, &own.links, &own.image)))
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
        key_of(&(self.show_titles[show], &plan.description, &plan.cover, &plan.links, hosts, count))
    }

    fn title(&self, digest: &Digest, show: usize) -> Key {
        key_of(&(&digest.facts.title, &digest.facts.slug, self.show_titles[show]))
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
        key_of(&(title, &facts.summary, numbers, voices, &digest.cover, &digest.langs))
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
        key_of(&(self.titles[episode], &facts.summary, numbers, ids, &digest.audio, files))
    }

    /// The key of a page; an episode's is `of_episode`.
    pub fn of(&self, page: &Page, pages: &[Page]) -> Key {
        let archive = self.site.archive;
        let size = self.site.config.build.page_size;
        let cards = |episodes: &[usize], number: usize| {
            let shown: Vec<Key> =
                on_page(episodes, number, size).iter().map(|episode| self.cards[*episode]).collect();
            key_of(&(shown, page_count(episodes.len(), size)))
        };
        let feed = |episodes: &mut dyn Iterator<Item = usize>| {
            let items: Vec<Key> = episodes
                .take(self.site.config.build.feed_size)
                .map(|episode| self.feed_item(episode))
                .collect();
            key_of(&items)
        };
        let own = match page.kind {
            PageKind::Home => self.home(),
            PageKind::Shows => key_of(&self.shows),
            PageKind::Show(show, number) => {
                key_of(&(self.shows[show], cards(&archive.shows[show].episodes, number)))
            }
            PageKind::ShowFeed(show) => {
                key_of(&(self.shows[show], feed(&mut archive.shows[show].episodes.iter().copied())))
            }
            PageKind::Feed => feed(&mut (0..archive.episodes.len())),
            PageKind::Episodes(number) => {
                let all: Vec<usize> = (0..archive.episodes.len()).collect();
                cards(&all, number)
            }
            PageKind::Episode(episode) => {
                return self.of_episode(page, &archive.episodes[episode], self.site.placed(episode));
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
            PageKind::NotFound | PageKind::Robots | PageKind::NoJekyll => 0,
        };
        self.whole(page, own)
    }

    /// The key of an episode's page. The episode need not be in the archive as it is in `digest`.
    pub fn of_episode(&self, page: &Page, digest: &Digest, placed: Placed) -> Key {
        let title = |other: Option<usize>| other.map(|other| self.titles[other]);
        let facts = &digest.facts;
        let formats = &self.site.config.transcript_formats;
        let parts = (&facts.tags, &facts.links, &digest.audio, &digest.quotes, formats);
        let around =
            (title(placed.before), title(placed.after), &self.site.archive.shows[placed.show].plan.cover);
        let card = self.card(digest, placed.show);
        self.whole(page, key_of(&(digest.source, digest.reading_minutes, parts, around, card)))
    }

    /// The key of a file of an episode's transcript.
    pub fn of_transcript(&self, page: &TranscriptPage, digest: &Digest) -> Key {
        let facts = &digest.facts;
        let names: Vec<_> = facts
            .speakers
            .iter()
            .map(|speaker| (&speaker.label, &speaker.names, speaker.person.map(|person| self.names[person])))
            .collect();
        let form = (page.file.format, &page.file.lang, &page.path);
        // A text without a language is told one by those of the archive.
        key_of(&(digest.source, form, names, &facts.title, &self.site.archive.langs))
    }

    fn whole(&self, page: &Page, own: Key) -> Key {
        let template = page.kind.template().map(|name| self.site.templates.key(name));
        key_of(&(self.common, template, &page.path, own))
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
    let words = &site.templates.words;
    key_of(&(
        named,
        &archive.langs,
        theme,
        (words.langs(), words.plain().to_string(), words.in_every().to_string()),
        archive.shows.len() > 1,
    ))
}
