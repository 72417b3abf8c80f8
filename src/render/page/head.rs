//! What every page has: its head, the navigation, and what its template sees of the site.
//! Knows nothing of what the page shows.

use serde::Serialize;
use tera::value::Key;
use tera::{Context, Map, Value};

use super::{Page, Site};
use crate::render::editions::{Version, Versions};
use crate::render::templates::value_of;
use crate::render::views::{LangView, Variant};
use crate::render::{feeds, manifest};
use crate::slug::SitePath;
use crate::text::brief;

/// How many words a reader gets of a page in search results, in characters.
const DESCRIPTION: usize = 160;

/// The parts of the site that its navigation leads to.
pub(super) const NAV: [&str; 6] = ["episodes", "shows", "speakers", "quotes", "tags", "about"];

/// The parts of a page's head that differ.
pub(super) struct Head {
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) image: Option<String>,
    pub(super) og_type: &'static str,
    pub(super) json_ld: Option<String>,
    pub(super) feeds: Vec<FeedView>,
    pub(super) nav: &'static str,
    /// The languages that have a version of their own.
    pub(super) versions: Versions,
    pub(super) markdown: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FeedView {
    url: String,
    title: String,
    #[serde(rename = "type")]
    media_type: &'static str,
}

impl FeedView {
    pub(super) fn rss(url: String, title: String) -> FeedView {
        FeedView { url, title, media_type: "application/rss+xml" }
    }

    pub(super) fn json(url: String, title: String) -> FeedView {
        FeedView { url, title, media_type: "application/feed+json" }
    }
}

#[derive(Serialize)]
pub(super) struct NavView {
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

impl Site<'_> {
    /// What every template sees, and the page's own head.
    pub(super) fn context(&self, page: &Page, head: Head) -> Context {
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

    pub(super) fn own_value(&self) -> Value {
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

    pub(super) fn nav(&self, current: &str) -> Vec<NavView> {
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

    pub(super) fn word(&self, key: &str) -> String {
        self.words().get(key).to_owned()
    }

    pub(super) fn plain_head(&self, kind: &'static str, title: String, nav: &'static str) -> Head {
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
}

fn map_of<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Map::from(entries.map(|(key, value)| (Key::Str(key), value))).into()
}
