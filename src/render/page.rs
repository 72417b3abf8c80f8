//! The list of a site's pages, and each page's context.

use std::io::Write;

use serde::Serialize;
use tera::value::Key;
use tera::{Context, Map, Value};

use super::cue_list::{escaped, write_cue_list};
use super::editions::{Version, Versions};
use super::episode_markdown::EPISODE_MARKDOWN;
use super::feeds;
use super::json_ld::{self, EpisodeData};
use super::manifest;
use super::notes::{render_notes, render_notes_under, render_paragraphs};
use super::templates::{Templates, value_of};
use super::views::{LangView, LineView, Pager, Shared, TagView, Variant, Views, one_line};
use super::words::Words;
use super::years::{Year, years_between, years_of};
use crate::archive::Archive;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::model::Episode;
use crate::parse::about::AboutText;
use crate::picture::Pictures;
use crate::slug::SitePath;
use crate::source::Source;
use crate::text::{Localized, brief};

/// One file to render.
#[derive(Debug, Clone)]
pub struct Page {
    pub path: SitePath,
    pub kind: PageKind,
    /// What claims the path: a file of the project, or the site itself.
    pub origin: String,
    /// The one language it is in, by its place among the site's; else it is in all of them.
    pub edition: Option<usize>,
}

/// What a page shows. Numbers of list pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    Home,
    Shows,
    Show(usize, usize),
    ShowFeed(usize),
    ShowJsonFeed(usize),
    Episodes(usize),
    /// The only page that needs its episode open.
    Episode(usize),
    /// The chapters of an episode that lists them.
    Chapters(usize),
    Speakers(usize),
    /// A person by their place in `Archive::speakers`, and the page.
    Speaker(usize, usize),
    Quotes(usize),
    Tags,
    Tag(usize, usize),
    /// What the archive says of itself.
    About,
    NotFound,
    Manifest,
    Feed,
    JsonFeed,
    Opml,
    Sitemap,
    Llms,
    Robots,
    NoJekyll,
}

impl PageKind {
    /// The template it is rendered from, if it is.
    pub fn template(self) -> Option<&'static str> {
        Some(match self {
            PageKind::Home => "home.html",
            PageKind::Shows => "shows.html",
            PageKind::Show(..) => "show.html",
            PageKind::Episodes(_) => "episodes.html",
            PageKind::Episode(_) => "episode.html",
            PageKind::Speakers(_) => "speakers.html",
            PageKind::Speaker(..) => "speaker.html",
            PageKind::Quotes(_) => "quotes.html",
            PageKind::Tags => "tags.html",
            PageKind::Tag(..) => "tag.html",
            PageKind::About => "about.html",
            PageKind::NotFound => "404.html",
            PageKind::ShowFeed(_)
            | PageKind::Manifest
            | PageKind::ShowJsonFeed(_)
            | PageKind::Chapters(_)
            | PageKind::Feed
            | PageKind::JsonFeed
            | PageKind::Opml
            | PageKind::Sitemap
            | PageKind::Llms
            | PageKind::Robots
            | PageKind::NoJekyll => return None,
        })
    }

    /// Which page of its list it is.
    fn number(self) -> usize {
        match self {
            PageKind::Show(_, number)
            | PageKind::Episodes(number)
            | PageKind::Speakers(number)
            | PageKind::Speaker(_, number)
            | PageKind::Quotes(number)
            | PageKind::Tag(_, number) => number,
            _ => 1,
        }
    }
}

/// How many of the latest episodes, quotes and voices the first page shows.
const HOME_EPISODES: usize = 6;
const LOST_EPISODES: usize = 3;
const HOME_QUOTES: usize = 3;
const HOME_PEOPLE: usize = 8;
/// How many words a reader gets of a page in search results, in characters.
const DESCRIPTION: usize = 160;

/// How many of each the first page shows of an archive.
pub struct OnHome {
    pub episodes: usize,
    pub quotes: usize,
    pub people: usize,
}

/// Where an episode is in the archive: its show, and the episodes before and after it there.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub show: usize,
    pub before: Option<usize>,
    pub after: Option<usize>,
}

/// Everything that pages are rendered from.
pub struct Site<'a> {
    pub config: &'a Config,
    pub archive: &'a Archive,
    pub templates: &'a Templates,
    pub about: &'a [AboutText],
    pub pictures: &'a Pictures,
    /// The years of the episodes.
    pub years: Vec<Year>,
    shared: Shared,
    /// What every template sees of the site.
    value: Value,
    /// The navigation by the part of the site that it shows as the reader's.
    navs: Vec<(&'static str, Value)>,
    /// The one language that these pages are in, by its place among the site's.
    pub(super) only: Option<usize>,
    /// The same site in each of its languages alone, where the author wants that.
    pub(super) twins: Vec<Site<'a>>,
}

/// The parts of the site that its navigation leads to.
const NAV: [&str; 6] = ["episodes", "shows", "speakers", "quotes", "tags", "about"];

/// The parts of a page's head that differ.
struct Head {
    kind: &'static str,
    title: String,
    description: String,
    image: Option<String>,
    og_type: &'static str,
    json_ld: Option<String>,
    feeds: Vec<FeedView>,
    nav: &'static str,
    /// The languages that have a version of their own.
    versions: Versions,
    markdown: Option<String>,
}

#[derive(Serialize)]
struct FeedView {
    url: String,
    title: String,
    #[serde(rename = "type")]
    media_type: &'static str,
}

impl FeedView {
    fn rss(url: String, title: String) -> FeedView {
        FeedView { url, title, media_type: "application/rss+xml" }
    }

    fn json(url: String, title: String) -> FeedView {
        FeedView { url, title, media_type: "application/feed+json" }
    }
}

#[derive(Serialize)]
struct NavView {
    key: &'static str,
    label: String,
    /// The label's key among the words.
    word: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct PageView {
    kind: &'static str,
    lang: String,
    dir: &'static str,
    head_title: String,
    description: String,
    url: String,
    canonical: Option<String>,
    image: Option<String>,
    og_type: &'static str,
    json_ld: Option<String>,
    feeds: Vec<FeedView>,
    nav: Value,
    /// The same page in other languages, itself among them.
    versions: Vec<Version>,
    /// The same as Markdown.
    markdown: Option<String>,
}

/// A file of the page about the archive.
#[derive(Serialize)]
struct AboutPart {
    lang: String,
    dir: &'static str,
    html: String,
}

/// A year of the archive, and where its episodes begin.
#[derive(Serialize)]
struct YearView {
    label: String,
    /// None for episodes without a date.
    year: Option<i16>,
    url: String,
    count: usize,
}

/// The episodes of a year that are on a page.
#[derive(Serialize)]
struct YearGroup {
    label: String,
    year: Option<i16>,
    id: String,
    cards: Vec<Value>,
}

/// A person in an episode.
#[derive(Serialize)]
struct AppearanceView {
    card: Value,
    share: usize,
    cue_count: usize,
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct ContentsView {
    url: String,
    label: Vec<Variant>,
    time: Option<String>,
}

/// Links that were left out, by the file that has them.
type DroppedLinks<'a> = Vec<(Vec<String>, &'a Source)>;

impl<'a> Site<'a> {
    pub fn new(
        config: &'a Config,
        archive: &'a Archive,
        templates: &'a Templates,
        about: &'a [AboutText],
        pictures: &'a Pictures,
    ) -> Site<'a> {
        let of = |only| Site::of_edition(config, archive, templates, about, pictures, only);
        let mut site = of(None);
        let langs = site.twin_langs();
        site.twins = langs.map(|lang| of(Some(lang))).collect();
        site
    }

    fn of_edition(
        config: &'a Config,
        archive: &'a Archive,
        templates: &'a Templates,
        about: &'a [AboutText],
        pictures: &'a Pictures,
        only: Option<usize>,
    ) -> Site<'a> {
        let shared = Shared::new(archive, &config.base_url, only.map(|lang| &archive.langs[lang]));
        let years = years_of(archive.episodes.iter().map(|episode| episode.facts.date));
        let (value, navs, twins) = (Value::none(), Vec::new(), Vec::new());
        let mut site =
            Site { config, archive, templates, about, pictures, years, shared, value, navs, only, twins };
        site.value = site.own_value();
        let parts = NAV.into_iter().chain([""]);
        site.navs = parts.map(|part| (part, value_of(&site.nav(part)))).collect();
        site
    }

    pub fn views(&self) -> Views<'_> {
        Views {
            archive: self.archive,
            base: &self.config.base_url,
            shared: &self.shared,
            pictures: self.pictures,
            only: self.only.map(|lang| &self.archive.langs[lang]),
            formats: self.config.transcript_formats.as_deref(),
        }
    }

    /// The language that leads on these pages.
    pub fn lang(&self) -> &'a Lang {
        &self.archive.langs[self.only.unwrap_or(0)]
    }

    /// The words of the interface.
    pub fn words(&self) -> &'a Words {
        self.templates.words(self.only.map(|lang| &self.archive.langs[lang]))
    }

    /// The archive's name, in all its languages.
    pub fn title(&self) -> Localized {
        match (&self.config.title, self.archive.shows.as_slice()) {
            (Some(title), _) => title.clone(),
            (None, [only]) => only.plan.title.clone(),
            _ => Localized::plain("Podcast archive"),
        }
    }

    /// Every page of the site, episodes among them, in a fixed order.
    pub fn pages(&self) -> Vec<Page> {
        let archive = self.archive;
        let size = self.config.build.page_size;
        let mut pages = Vec::new();
        let mut put = |path: SitePath, kind, origin: &str| {
            pages.push(Page { path, kind, origin: origin.to_owned(), edition: None });
        };
        put(SitePath::page(&[]), PageKind::Home, "the first page");
        put(SitePath::page(&["shows"]), PageKind::Shows, "the list of shows");
        for page in 1..=page_count(archive.episodes.len(), size) {
            put(list_path(&["episodes"], page), PageKind::Episodes(page), "the list of episodes");
        }
        for (index, show) in archive.shows.iter().enumerate() {
            for page in 1..=page_count(show.episodes.len(), size) {
                put(list_path(&[show.slug.as_str()], page), PageKind::Show(index, page), &show.origin);
            }
            let own = SitePath::page(&[show.slug.as_str()]);
            put(own.beside("feed.xml"), PageKind::ShowFeed(index), &show.origin);
            put(own.beside("feed.json"), PageKind::ShowJsonFeed(index), &show.origin);
        }
        for (index, episode) in archive.episodes.iter().enumerate() {
            let path = archive.episode_path(index);
            if episode.facts.feed.as_ref().is_some_and(|feed| !feed.chapters.is_empty()) {
                put(path.beside(feeds::chapters::CHAPTERS), PageKind::Chapters(index), &episode.origin);
            }
            put(path, PageKind::Episode(index), &episode.origin);
        }
        let people = archive.speakers.len().max(archive.unresolved.len());
        for page in 1..=page_count(people, size) {
            put(list_path(&["speakers"], page), PageKind::Speakers(page), "the list of speakers");
        }
        for (index, speaker) in archive.speakers.iter().enumerate() {
            let person = &archive.people.list[speaker.person];
            let origin = format!("[{}] in content/people.toml", person.id);
            for page in 1..=page_count(speaker.episodes.len(), size) {
                put(
                    list_path(&["speakers", person.slug.as_str()], page),
                    PageKind::Speaker(index, page),
                    &origin,
                );
            }
        }
        for page in 1..=page_count(archive.quotes.len(), size) {
            put(list_path(&["quotes"], page), PageKind::Quotes(page), "the list of quotes");
        }
        put(SitePath::page(&["tags"]), PageKind::Tags, "the list of tags");
        for (index, tag) in archive.tags.iter().enumerate() {
            let origin = format!("the tag `{}`", tag.name);
            for page in 1..=page_count(tag.episodes.len(), size) {
                put(list_path(&["tags", tag.slug.as_str()], page), PageKind::Tag(index, page), &origin);
            }
        }
        if let Some(about) = self.about.first() {
            put(SitePath::page(&["about"]), PageKind::About, &about.source.path);
        }
        if manifest::is_ours(self.templates) {
            put(SitePath::file(manifest::NAME), PageKind::Manifest, manifest::NAME);
        }
        for (name, kind) in [
            ("404.html", PageKind::NotFound),
            ("feed.xml", PageKind::Feed),
            ("feed.json", PageKind::JsonFeed),
            (feeds::OPML, PageKind::Opml),
            ("sitemap.xml", PageKind::Sitemap),
            ("robots.txt", PageKind::Robots),
            (".nojekyll", PageKind::NoJekyll),
        ] {
            put(SitePath::file(name), kind, name);
        }
        if self.config.pages.llms {
            put(SitePath::file("llms.txt"), PageKind::Llms, "llms.txt");
        }
        self.add_editions(&mut pages);
        pages
    }

    /// Renders a page that needs no episode.
    pub fn render(&self, page: &Page, pages: &[Page]) -> Result<Vec<u8>, Diagnostic> {
        let template = |error: String| template_error(&error, page);
        let io = |error: std::io::Error| template_error(&error.to_string(), page);
        if let Some(twin) = page.edition.and_then(|edition| self.twins.get(edition)) {
            return twin.render(page, pages);
        }
        match page.kind {
            PageKind::Home => self.home(page).map_err(template),
            PageKind::Shows => self.shows(page).map_err(template),
            PageKind::Show(show, number) => self.show(page, show, number).map_err(template),
            PageKind::Episodes(number) => self.episodes(page, number).map_err(template),
            PageKind::Speakers(number) => self.speakers(page, number).map_err(template),
            PageKind::Speaker(speaker, number) => self.speaker(page, speaker, number).map_err(template),
            PageKind::Quotes(number) => self.quotes(page, number).map_err(template),
            PageKind::Tags => self.tags(page).map_err(template),
            PageKind::Tag(tag, number) => self.tag(page, tag, number).map_err(template),
            PageKind::NotFound => self.not_found(page).map_err(template),
            PageKind::Manifest => Ok(manifest::manifest(self)),
            PageKind::About => self.render_about(page).map(|(bytes, _)| bytes),
            PageKind::ShowFeed(_)
            | PageKind::ShowJsonFeed(_)
            | PageKind::Feed
            | PageKind::JsonFeed
            | PageKind::Opml
            | PageKind::Chapters(_)
            | PageKind::Sitemap
            | PageKind::Llms
            | PageKind::Robots => self.outlet(page, pages).map_err(io),
            PageKind::NoJekyll => Ok(Vec::new()),
            PageKind::Episode(_) => unreachable!("an episode's page is rendered with its episode open"),
        }
    }

    pub fn on_home(&self) -> OnHome {
        OnHome {
            episodes: self.archive.episodes.len().min(HOME_EPISODES),
            quotes: self.archive.quotes.len().min(HOME_QUOTES),
            people: self.archive.speakers.len().min(HOME_PEOPLE),
        }
    }

    /// The episodes that the page for lost addresses names.
    pub fn on_lost_page(&self) -> std::ops::Range<usize> {
        0..self.archive.episodes.len().min(LOST_EPISODES)
    }

    /// Where an episode of the archive is.
    pub fn placed(&self, episode: usize) -> Placed {
        let (before, after) = self.archive.neighbours(episode);
        Placed { show: self.archive.show_of[episode], before, after }
    }

    /// What every template sees, and the page's own head.
    fn context(&self, page: &Page, head: Head) -> Context {
        let views = self.views();
        let base = &self.config.base_url;
        let first = self.lang();
        let title = self.title();
        let site_name = title.best(first).to_owned();
        let head = match page.kind.number() {
            1 => head,
            number => Head { title: format!("{} · {number}", head.title), ..head },
        };
        let head_title = if head.title.is_empty() || head.title == site_name {
            site_name
        } else {
            format!("{} · {site_name}", head.title)
        };
        let feed = SitePath::file("feed.xml");
        let mut feeds = head.feeds;
        feeds.push(FeedView::rss(views.link(&feed), title.best(first).to_owned()));
        if head.kind == "home" {
            let json = SitePath::file("feed.json");
            feeds.push(FeedView::json(views.link(&json), title.best(first).to_owned()));
        }
        let view = PageView {
            kind: head.kind,
            lang: first.to_string(),
            dir: first.direction().as_str(),
            head_title,
            description: brief(&head.description, DESCRIPTION),
            url: base.link(&page.path),
            canonical: (base.is_absolute() && head.kind != "404").then(|| base.absolute(&page.path)),
            image: head.image.filter(|image| image.contains("://")),
            og_type: head.og_type,
            json_ld: head.json_ld,
            feeds,
            nav: self
                .navs
                .iter()
                .find(|(part, _)| *part == head.nav)
                .map_or(Value::none(), |(_, nav)| nav.clone()),
            versions: self.versions(page, head.versions),
            markdown: head.markdown,
        };
        let mut context = Context::new();
        context.insert("page", &view);
        context.insert_value("ui", self.words().value());
        context.insert_value("say", self.words().say());
        context.insert_value("site", self.value.clone());
        context
    }

    fn own_value(&self) -> Value {
        let views = self.views();
        let description = self.config.description.as_ref().and_then(|text| Variant::some(views.text(text)));
        let langs: Vec<LangView> = self.archive.langs.iter().map(LangView::new).collect();
        map_of([
            ("title", value_of(&views.text(&self.title()))),
            ("description", value_of(&description)),
            ("url", views.link(&SitePath::page(&[])).into()),
            ("languages", value_of(&langs)),
            ("spoken", value_of(&self.words().langs())),
            ("feed_url", views.link(&SitePath::file("feed.xml")).into()),
            ("feeds_url", views.link(&SitePath::file(feeds::OPML)).into()),
            ("manifest_url", views.link(&SitePath::file(manifest::NAME)).into()),
            ("theme", value_of(&self.config.theme)),
            ("extra", value_of(&self.config.extra)),
        ])
    }

    fn nav(&self, current: &str) -> Vec<NavView> {
        let views = self.views();
        let several = self.archive.shows.len() > 1;
        NAV.into_iter()
            .filter(|key| *key != "shows" || several)
            .filter(|key| *key != "about" || !self.about.is_empty())
            .map(|key| NavView {
                key,
                label: self.word(&format!("nav_{key}")),
                word: format!("nav_{key}"),
                url: views.link(&SitePath::page(&[key])),
                current: key == current,
            })
            .collect()
    }

    fn word(&self, key: &str) -> String {
        self.words().get(key).to_owned()
    }

    fn plain_head(&self, kind: &'static str, title: String, nav: &'static str) -> Head {
        let first = self.lang();
        let own = self.config.description.as_ref().map(|text| text.best(first).to_owned());
        let description = own.unwrap_or_else(|| format!("{title} · {}", self.title().best(first)));
        Head {
            kind,
            title,
            description,
            image: None,
            og_type: "website",
            json_ld: None,
            feeds: Vec::new(),
            nav,
            versions: if kind == "404" { Versions::None } else { Versions::All },
            markdown: None,
        }
    }

    fn home(&self, page: &Page) -> Result<Vec<u8>, String> {
        let views = self.views();
        let archive = self.archive;
        let mut context = self.context(page, self.plain_head("home", String::new(), ""));
        let shows: Vec<_> = (0..archive.shows.len()).map(|show| views.show(show)).collect();
        context.insert("shows", &shows);
        let shown = self.on_home();
        context.insert(
            "latest",
            &(0..shown.episodes).map(|episode| self.whole_card(episode)).collect::<Vec<_>>(),
        );
        context.insert("quotes", &self.quote_views(archive.quotes[..shown.quotes].iter()));
        let people = archive.speakers[..shown.people].iter().enumerate();
        let people: Vec<_> = people.map(|(place, speaker)| views.person(speaker.person, place)).collect();
        context.insert("people", &people);
        let cues: usize = archive.episodes.iter().map(|episode| episode.cue_count).sum();
        let counts = serde_json::json!({
            "episodes": archive.episodes.len(),
            "cues": cues,
            "people": archive.speakers.len(),
            "shows": archive.shows.len(),
        });
        context.insert("counts", &counts);
        context.insert("more_url", &views.link(&SitePath::page(&["episodes"])));
        self.templates.render("home.html", &context)
    }

    fn quote_views<'q>(
        &self,
        quotes: impl Iterator<Item = &'q (usize, usize)>,
    ) -> Vec<super::views::QuoteView> {
        let views = self.views();
        quotes.map(|(episode, quote)| views.quote(*episode, *quote)).collect()
    }

    fn shows(&self, page: &Page) -> Result<Vec<u8>, String> {
        let views = self.views();
        let mut context = self.context(page, self.plain_head("shows", self.word("nav_shows"), "shows"));
        let shows: Vec<_> = (0..self.archive.shows.len()).map(|show| views.show(show)).collect();
        context.insert("shows", &shows);
        self.templates.render("shows.html", &context)
    }

    fn put_list(&self, context: &mut Context, episodes: &[usize], number: usize, segments: &[&str]) {
        let cards = on_page(episodes, number, self.config.build.page_size).iter();
        let cards: Vec<Value> = cards.map(|episode| self.card(*episode)).collect();
        context.insert_value("cards", cards.into());
        context.insert("pager", &self.pager(number, episodes.len(), segments));
    }

    /// The card of an episode of the archive, for lists. It stands in several, and is made for the
    /// first of them.
    fn card(&self, episode: usize) -> Value {
        self.shared.card(episode, || self.templates.with_markup(self.whole_card(episode), self.words().say()))
    }

    /// A card with all that it can show: some lists do not name the show.
    fn whole_card(&self, episode: usize) -> Value {
        value_of(&self.views().card_of(&self.archive.episodes[episode], self.archive.show_of[episode]))
    }

    fn pager(&self, number: usize, count: usize, segments: &[&str]) -> Option<Pager> {
        let pages = page_count(count, self.config.build.page_size);
        self.views().pager(number, pages, |page| list_path(segments, page))
    }

    fn episodes(&self, page: &Page, number: usize) -> Result<Vec<u8>, String> {
        let mut context =
            self.context(page, self.plain_head("episodes", self.word("nav_episodes"), "episodes"));
        let all: Vec<usize> = (0..self.archive.episodes.len()).collect();
        self.put_list(&mut context, &all, number, &["episodes"]);
        self.put_years(&mut context, number);
        self.templates.render("episodes.html", &context)
    }

    /// The index of the years, where there are several, and the page's cards by year.
    fn put_years(&self, context: &mut Context, number: usize) {
        let views = self.views();
        let size = self.config.build.page_size;
        let label = |year: &Year| match year.year {
            Some(year) => self.word("year").replace("{n}", &year.to_string()),
            None => self.word("undated"),
        };
        let link = |year: &Year| {
            let page = list_path(&["episodes"], year.first / size + 1);
            format!("{}#{}", views.link(&page), year.anchor())
        };
        let years: Vec<YearView> = self
            .years
            .iter()
            .filter(|_| self.years.len() > 1)
            .map(|year| YearView { label: label(year), year: year.year, url: link(year), count: year.count })
            .collect();
        context.insert("years", &years);
        let from = (number - 1) * size;
        let groups: Vec<_> = years_between(&self.years, from, from + size)
            .iter()
            .map(|year| {
                let cards = (year.first..year.first + year.count).map(|episode| self.card(episode));
                YearGroup { label: label(year), year: year.year, id: year.anchor(), cards: cards.collect() }
            })
            .collect();
        context.insert("groups", &groups);
    }

    /// Renders the page about the archive; also gives the links that were left out, with their
    /// files.
    pub fn render_about(&self, page: &Page) -> Result<(Vec<u8>, DroppedLinks<'a>), Diagnostic> {
        if let Some(twin) = page.edition.and_then(|edition| self.twins.get(edition)) {
            return twin.render_about(page);
        }
        let langs = &self.archive.langs;
        let title = self.about_title();
        let mut parts = Vec::new();
        let mut dropped = Vec::new();
        for (place, text) in self.about_in_order().into_iter().enumerate() {
            let lang = text.lang.as_ref().unwrap_or(&langs[0]);
            let prefix = if place == 0 { "notes-".to_owned() } else { format!("notes-{lang}-{place}-") };
            let notes = render_notes_under(&prefix, text.markdown(), langs, lang);
            dropped.push((notes.dropped_links, &text.source));
            let (lang, dir) = (lang.to_string(), lang.direction().as_str());
            parts.push(AboutPart { lang, dir, html: notes.html });
        }
        let head = self.plain_head("about", title.best(self.lang()).to_owned(), "about");
        let mut context = self.context(page, head);
        context.insert("title", &self.views().text(&title));
        context.insert("parts", &parts);
        let rendered = self.templates.render("about.html", &context);
        rendered.map(|bytes| (bytes, dropped)).map_err(|error| template_error(&error, page))
    }

    /// The files about the archive in reading order; one without a language leads. On a page in one
    /// language those in it.
    fn about_in_order(&self) -> Vec<&'a AboutText> {
        let langs = &self.archive.langs;
        let place = |text: &&AboutText| {
            let lang = text.lang.as_ref()?;
            Some(langs.iter().position(|own| own == lang).unwrap_or(langs.len()))
        };
        let mut texts: Vec<&AboutText> = self.about.iter().collect();
        if let Some(only) = self.only {
            let is_own = |text: &&AboutText| text.lang.as_ref().is_none_or(|lang| *lang == langs[only]);
            // Where nothing is in the language of a page, all that there is stands on it.
            if texts.iter().any(is_own) {
                texts.retain(is_own);
            }
        }
        texts.sort_by_key(place);
        texts
    }

    fn about_title(&self) -> Localized {
        let mut title = Localized::default();
        for (lang, text) in self.about_in_order().iter().flat_map(|about| about.title.iter()) {
            title.push(lang.cloned(), text);
        }
        if title.is_empty() { Localized::plain(self.word("nav_about")) } else { title }
    }

    fn show(&self, page: &Page, show: usize, number: usize) -> Result<Vec<u8>, String> {
        let views = self.views();
        let own = &self.archive.shows[show];
        let first = self.lang();
        let view = views.show(show);
        let title = own.plan.title.best(first).to_owned();
        let mut head = self.plain_head("show", title.clone(), "shows");
        if let Some(description) = &own.plan.description {
            head.description = description.best(first).to_owned();
        }
        head.image = own
            .plan
            .cover
            .as_ref()
            .map(|cover| cover.absolute(&self.config.base_url, &views.show_path(show)));
        let json = views.show_path(show).beside("feed.json");
        head.feeds.push(FeedView::rss(view.feed_url.clone(), title.clone()));
        head.feeds.push(FeedView::json(views.link(&json), title));
        let mut context = self.context(page, head);
        context.insert("show", &view);
        let cards = on_page(&own.episodes, number, self.config.build.page_size).iter();
        let cards: Vec<Value> = cards.map(|episode| self.whole_card(*episode)).collect();
        context.insert_value("cards", cards.into());
        context.insert("pager", &self.pager(number, own.episodes.len(), &[own.slug.as_str()]));
        self.templates.render("show.html", &context)
    }

    fn speakers(&self, page: &Page, number: usize) -> Result<Vec<u8>, String> {
        let views = self.views();
        let archive = self.archive;
        let size = self.config.build.page_size;
        let mut context =
            self.context(page, self.plain_head("speakers", self.word("nav_speakers"), "speakers"));
        let first = (number - 1) * size;
        let people: Vec<_> = on_page(&archive.speakers, number, size)
            .iter()
            .enumerate()
            .map(|(place, speaker)| views.person(speaker.person, first + place))
            .collect();
        context.insert("people", &people);
        let unresolved: Vec<_> = on_page(&archive.unresolved, number, size)
            .iter()
            .map(|(episode, speakers)| {
                let digest = &archive.episodes[*episode];
                let voices = views.some_voices(digest, speakers.iter().copied());
                serde_json::json!({"episode": views.episode_titled(*episode), "voices": voices})
            })
            .collect();
        context.insert("unresolved", &unresolved);
        let count = archive.speakers.len().max(archive.unresolved.len());
        context.insert("pager", &self.pager(number, count, &["speakers"]));
        self.templates.render("speakers.html", &context)
    }

    fn speaker(&self, page: &Page, place: usize, number: usize) -> Result<Vec<u8>, String> {
        let views = self.views();
        let archive = self.archive;
        let speaker = &archive.speakers[place];
        let person = &archive.people.list[speaker.person];
        let first = self.lang();
        let mut head = self.plain_head("speaker", person.name.best(first).to_owned(), "speakers");
        if let Some(bio) = &person.bio {
            head.description = bio.best(first).to_owned();
        }
        head.og_type = "profile";
        let mut context = self.context(page, head);
        context.insert("person", &views.person(speaker.person, place));
        let quotes = if number == 1 { speaker.quotes.as_slice() } else { &[] };
        context.insert("quotes", &self.quote_views(quotes.iter().take(self.config.build.page_size)));
        let appearances: Vec<_> = on_page(&speaker.episodes, number, self.config.build.page_size)
            .iter()
            .map(|(episode, voice)| self.appearance(*episode, *voice))
            .collect();
        context.insert("appearances", &appearances);
        let segments = ["speakers", person.slug.as_str()];
        context.insert("pager", &self.pager(number, speaker.episodes.len(), &segments));
        self.templates.render("speaker.html", &context)
    }

    fn appearance(&self, episode: usize, voice: usize) -> AppearanceView {
        let views = self.views();
        let digest = &self.archive.episodes[episode];
        let url = views.episode_url(episode);
        let own = views.voice(digest, voice);
        let lines = digest.voices[voice].lines.get().unwrap_or_default();
        let lines = lines.iter().map(|line| LineView {
            url: format!("{url}#{}", line.id),
            texts: views.texts(&line.texts),
            time: line.start.map(|start| start.to_string()),
        });
        AppearanceView {
            card: self.card(episode),
            share: own.share,
            cue_count: own.cue_count,
            lines: lines.collect(),
        }
    }

    fn quotes(&self, page: &Page, number: usize) -> Result<Vec<u8>, String> {
        let mut context = self.context(page, self.plain_head("quotes", self.word("nav_quotes"), "quotes"));
        let own = on_page(&self.archive.quotes, number, self.config.build.page_size);
        context.insert("quotes", &self.quote_views(own.iter()));
        context.insert("pager", &self.pager(number, self.archive.quotes.len(), &["quotes"]));
        self.templates.render("quotes.html", &context)
    }

    fn tag_view(&self, tag: usize) -> TagView {
        let own = &self.archive.tags[tag];
        TagView {
            name: own.name.clone(),
            url: self.views().link(&SitePath::page(&["tags", own.slug.as_str()])),
            count: own.episodes.len(),
        }
    }

    fn tags(&self, page: &Page) -> Result<Vec<u8>, String> {
        let mut context = self.context(page, self.plain_head("tags", self.word("nav_tags"), "tags"));
        let tags: Vec<_> = (0..self.archive.tags.len()).map(|tag| self.tag_view(tag)).collect();
        context.insert("tags", &tags);
        self.templates.render("tags.html", &context)
    }

    fn tag(&self, page: &Page, tag: usize, number: usize) -> Result<Vec<u8>, String> {
        let own = &self.archive.tags[tag];
        let mut context = self.context(page, self.plain_head("tag", own.name.clone(), "tags"));
        context.insert("tag", &self.tag_view(tag));
        self.put_list(&mut context, &own.episodes, number, &["tags", own.slug.as_str()]);
        self.templates.render("tag.html", &context)
    }

    fn not_found(&self, page: &Page) -> Result<Vec<u8>, String> {
        let views = self.views();
        let mut context = self.context(page, self.plain_head("404", self.word("not_found"), ""));
        let newest: Vec<_> = self.on_lost_page().map(|episode| self.card(episode)).collect();
        context.insert("latest", &newest);
        context.insert("more_url", &views.link(&SitePath::page(&["episodes"])));
        self.templates.render("404.html", &context)
    }

    /// Renders an episode's page; also gives the links of its notes that were left out. The
    /// episode need not be in the archive as it is in `digest`.
    pub fn render_episode(
        &self,
        page: &Page,
        placed: Placed,
        digest: &Digest,
        episode: &Episode,
    ) -> Result<(PageBytes, Vec<String>), Diagnostic> {
        let twin = page.edition.and_then(|edition| self.twins.get(edition));
        let site = twin.unwrap_or(self);
        site.episode(page, placed, digest, episode).map_err(|error| template_error(&error, page))
    }

    fn episode(
        &self,
        page: &Page,
        placed: Placed,
        digest: &Digest,
        episode: &Episode,
    ) -> Result<(PageBytes, Vec<String>), String> {
        let views = self.views();
        let archive = self.archive;
        let facts = &digest.facts;
        let first = self.lang();
        let card = views.card_of(digest, placed.show);
        let main = archive.path_in(placed.show, facts);
        let alone = views.only.map(|only| episode.transcript.in_one(only));
        let transcript = alone.as_ref().unwrap_or(&episode.transcript);
        let chapters = facts.feed.as_ref().map_or(&[][..], |feed| feed.parts());
        let list = write_cue_list(transcript, chapters, &card.voices, self.templates)?;
        let notes = render_notes(&episode.notes, &archive.langs, first);
        let head = self.episode_head(page, placed.show, digest, &card);
        let mut context = self.context(page, head);
        let mut view = value_of(&card).into_map().expect("a card is a struct");
        let contents: Vec<ContentsView> = list
            .contents
            .into_iter()
            .map(|entry| ContentsView { url: entry.url, label: entry.label, time: entry.time })
            .collect();
        let neighbour = |other: Option<usize>| value_of(&other.map(|other| views.episode_titled(other)));
        let quotes: Vec<_> =
            (0..digest.quotes.len()).map(|quote| views.quote_of(digest, placed.show, quote)).collect();
        let tags: Vec<TagLink> = facts
            .tags
            .iter()
            .map(|tag| TagLink {
                name: tag.clone(),
                url: views.link(&SitePath::page(&["tags", crate::slug::Slug::new(tag).as_str()])),
            })
            .collect();
        let recordings = views.recordings(digest, &main);
        let player = self.player(&recordings, &main, digest, &episode.transcript);
        for (key, value) in [
            ("summary_html", value_of(&self.summary(&facts.summary))),
            ("notes", value_of(&Some(notes.html).filter(|html| !html.trim().is_empty()))),
            ("quotes", value_of(&quotes)),
            ("contents", value_of(&contents)),
            ("tags", value_of(&tags)),
            ("links", value_of(&views.links(&facts.links))),
            ("audio", value_of(&recordings.first())),
            ("recordings", value_of(&recordings)),
            ("player", value_of(&player)),
            ("readings", value_of(&self.reading_views(&main, digest))),
            ("files", value_of(&self.transcript_views(&main, digest))),
            ("original", value_of(&self.original(placed, digest))),
            ("reading_minutes", value_of(&digest.reading_minutes)),
            ("is_bilingual", value_of(&(views.only.is_none() && digest.langs.len() > 1))),
            ("prev", neighbour(placed.before)),
            ("next", neighbour(placed.after)),
            ("timed", value_of(&episode.transcript.cues.iter().any(|cue| cue.start.is_some()))),
            // The transcript is put in by itself: it is the bulk of the page.
            ("transcript", Value::normal_string(TRANSCRIPT_HOLE)),
        ] {
            view.insert(Key::Str(key), value);
        }
        context.insert_value("episode", view.into());
        let frame = self.templates.render("episode.html", &context)?;
        Ok((PageBytes::new(frame, list.html), notes.dropped_links))
    }

    /// The language that was spoken, if the author says it and the episode has it.
    fn original(&self, placed: Placed, digest: &Digest) -> Option<String> {
        let of_show = self.archive.shows[placed.show].plan.original.as_ref();
        let original = digest.facts.original.as_ref().or(of_show);
        original.filter(|lang| digest.langs.contains(lang)).map(Lang::to_string)
    }

    fn episode_head(&self, page: &Page, show: usize, digest: &Digest, card: &super::views::Card) -> Head {
        let views = self.views();
        let archive = self.archive;
        let base = &self.config.base_url;
        let facts = &digest.facts;
        let first = self.lang();
        let show_page = views.show_path(show);
        let main = archive.path_in(show, facts);
        let image = digest.cover.as_ref().map(|cover| cover.absolute(base, &main));
        let show_image =
            || archive.shows[show].plan.cover.as_ref().map(|cover| cover.absolute(base, &show_page));
        let summary = one_line(facts.summary.best(first));
        let data = EpisodeData {
            card,
            url: base.absolute(&page.path),
            summary: summary.clone(),
            show_url: base.absolute(&show_page),
            feed_url: base.absolute(&show_page.beside("feed.xml")),
            number: facts.number,
            iso_duration: facts.duration.map(|length| length.iso_duration()),
            audio: digest.audio.first().map(|audio| audio.media.absolute(base, &main)),
        };
        let title = facts.title.best(first).to_owned();
        Head {
            kind: "episode",
            description: if summary.is_empty() { title.clone() } else { summary },
            title,
            image: image.or_else(show_image),
            og_type: "article",
            json_ld: Some(json_ld::episode(&data)),
            feeds: vec![FeedView::rss(
                views.link(&show_page.beside("feed.xml")),
                archive.shows[show].plan.title.best(first).to_owned(),
            )],
            nav: "episodes",
            versions: self.versions_of(digest),
            markdown: self.config.pages.markdown.then(|| views.link(&main.beside(EPISODE_MARKDOWN))),
        }
    }

    fn summary(&self, summary: &Localized) -> Option<String> {
        let mut html = Vec::new();
        for variant in self.views().text(summary) {
            if let Ok(lang) = crate::lang::Lang::parse(&variant.lang) {
                let _ = write!(html, "{}", render_paragraphs(&variant.text, &lang));
            }
        }
        String::from_utf8(html).ok().filter(|html| !html.is_empty())
    }
}

#[derive(Serialize)]
struct TagLink {
    name: String,
    url: String,
}

fn map_of<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Map::from(entries.map(|(key, value)| (Key::Str(key), value))).into()
}

/// What stands for the transcript while the template is rendered. It has a character that no text
/// of a page can have: XML and HTML forbid it.
const TRANSCRIPT_HOLE: &str = "\u{1}transcript\u{1}";

/// The bytes of a page. An episode's transcript stays by itself, so that it is never copied into
/// what the template made.
pub struct PageBytes {
    frame: Vec<u8>,
    /// Where in the frame the transcript belongs.
    holes: Vec<usize>,
    transcript: Vec<u8>,
}

impl From<Vec<u8>> for PageBytes {
    fn from(whole: Vec<u8>) -> PageBytes {
        PageBytes { frame: whole, holes: Vec::new(), transcript: Vec::new() }
    }
}

impl PageBytes {
    fn new(frame: Vec<u8>, transcript: Vec<u8>) -> PageBytes {
        let holes = memchr::memmem::find_iter(&frame, TRANSCRIPT_HOLE).collect();
        PageBytes { frame, holes, transcript }
    }

    /// In the order of the page.
    pub fn pieces(&self) -> Vec<&[u8]> {
        let mut pieces = Vec::with_capacity(self.holes.len() * 2 + 1);
        let mut done = 0;
        for at in &self.holes {
            pieces.extend([&self.frame[done..*at], &self.transcript]);
            done = at + TRANSCRIPT_HOLE.len();
        }
        pieces.push(&self.frame[done..]);
        pieces
    }
}

pub(super) fn template_error(error: &str, page: &Page) -> Diagnostic {
    Diagnostic::error(
        "template",
        format!("cannot render {} for {}: {error}", page.path.as_str(), escaped(&page.origin)),
    )
    .help("see docs/templates.md for what the template is given")
}

pub fn page_count(entries: usize, size: usize) -> usize {
    entries.div_ceil(size).max(1)
}

pub fn on_page<T>(entries: &[T], number: usize, size: usize) -> &[T] {
    let from = ((number - 1) * size).min(entries.len());
    &entries[from..(from + size).min(entries.len())]
}

/// The path of a page of a list: the first at the list's own address.
fn list_path(segments: &[&str], number: usize) -> SitePath {
    if number == 1 {
        return SitePath::page(segments);
    }
    let number = number.to_string();
    let mut all = segments.to_vec();
    all.extend(["page", &number]);
    SitePath::page(&all)
}
