//! A page and the site that it is of: which page is made by whom, a file per kind of page. Each gives
//! its template a context of views, and decides nothing that the archive has decided.

mod about;
mod bytes;
mod episode;
mod episodes;
mod head;
mod home;
mod list;
mod people;

use std::sync::Arc;

use tera::Value;

use super::cue_list::escaped;
use super::manifest;
use super::templates::{Templates, value_of};
use super::views::{Shared, Views};
use super::words::Words;
use super::years::{Year, years_of};
use crate::archive::Archive;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::parse::about::AboutText;
use crate::picture::Pictures;
use crate::slug::SitePath;
use crate::text::Localized;

pub use bytes::PageBytes;
pub use list::{on_page, page_count};

/// One file to render.
#[derive(Debug, Clone)]
pub struct Page {
    pub path: SitePath,
    pub kind: PageKind,
    /// What claims the path: a file of the project, or the site itself.
    pub origin: Arc<str>,
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
        let parts = head::NAV.into_iter().chain([""]);
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
}

pub(super) fn template_error(error: &str, page: &Page) -> Diagnostic {
    Diagnostic::error(
        "template",
        format!("cannot render {} for {}: {error}", page.path.as_str(), escaped(&page.origin)),
    )
    .help("see docs/templates.md for what the template is given")
}
