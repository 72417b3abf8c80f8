//! Pages in one language each beside those in all: which there are, and how they name each other.
//! Without `[pages] twins` there are none, and nothing here costs anything.

use std::ops::Range;

use serde::Serialize;

use super::page::{Page, PageKind, Site};
use crate::digest::Digest;
use crate::lang::Lang;
use crate::slug::SitePath;

/// What search engines call the page that is in all languages.
const ALL: &str = "x-default";

/// The languages in which a page exists alone.
pub enum Versions {
    None,
    All,
    /// By their places among the site's.
    Some(Vec<usize>),
}

/// A page in another language, as templates see it.
#[derive(Serialize)]
pub struct Version {
    /// For `hreflang`.
    hreflang: String,
    /// Its whole address, where `base_url` has a host.
    absolute: Option<String>,
    url: String,
    /// The language of `name`.
    lang: String,
    dir: &'static str,
    name: String,
    current: bool,
}

impl<'a> Site<'a> {
    /// The languages that pages exist in alone.
    pub(super) fn twin_langs(&self) -> Range<usize> {
        let wanted = self.config.pages.twins && self.archive.langs.len() > 1;
        0..if wanted { self.archive.langs.len() } else { 0 }
    }

    /// Those that an episode has lines in.
    pub(super) fn versions_of(&self, digest: &Digest) -> Versions {
        let langs =
            self.twin_langs().filter(|lang| digest.written_langs.contains(&self.archive.langs[*lang]));
        Versions::Some(langs.collect())
    }

    /// Adds the pages in one language each, but for those of episodes, which are made while their
    /// episode is open.
    pub(super) fn add_editions(&self, pages: &mut Vec<Page>) {
        let has_twin = |page: &&Page| {
            page.kind.template().is_some() && !matches!(page.kind, PageKind::NotFound | PageKind::Episode(_))
        };
        for lang in self.twin_langs() {
            let twins = pages.iter().filter(|page| page.edition.is_none()).filter(has_twin);
            let twins: Vec<Page> = twins.map(|page| self.twin(page, lang)).collect();
            pages.extend(twins);
        }
    }

    /// The pages of an episode in one language each.
    pub(super) fn episode_twins(&self, page: &Page, digest: &Digest) -> Vec<Page> {
        match self.versions_of(digest) {
            Versions::Some(langs) => langs.into_iter().map(|lang| self.twin(page, lang)).collect(),
            Versions::None | Versions::All => Vec::new(),
        }
    }

    /// How many those are.
    pub fn episode_twin_count(&self, page: &Page) -> usize {
        match page.kind {
            PageKind::Episode(_) => self.listed_versions(page).len() - 1,
            _ => 0,
        }
    }

    fn twin(&self, page: &Page, lang: usize) -> Page {
        let tag = &self.archive.langs[lang];
        Page {
            path: page.path.in_edition(Some(tag)),
            kind: page.kind,
            origin: format!("{} in {tag}", page.origin).into(),
            edition: Some(lang),
        }
    }

    /// The versions of a page, itself among them; none where there is no other.
    pub(super) fn versions(&self, page: &Page, versions: Versions) -> Vec<Version> {
        let langs: Vec<usize> = match versions {
            Versions::None => return Vec::new(),
            Versions::All => self.twin_langs().collect(),
            Versions::Some(langs) => langs,
        };
        if langs.is_empty() {
            return Vec::new();
        }
        let main = self.main_path(page);
        let of = |lang: Option<usize>| {
            let own: Option<&Lang> = lang.map(|lang| &self.archive.langs[lang]);
            let path = main.in_edition(own);
            let base = &self.config.base_url;
            let shown = own.unwrap_or(self.lang());
            Version {
                hreflang: own.map_or(ALL.to_owned(), Lang::to_string),
                absolute: base.is_absolute().then(|| base.absolute(&path)),
                url: base.link(&path),
                lang: shown.to_string(),
                dir: shown.direction().as_str(),
                name: own.map_or_else(
                    || self.words().get("all_languages").to_owned(),
                    |own| own.name().to_owned(),
                ),
                current: page.edition == lang,
            }
        };
        std::iter::once(None).chain(langs.into_iter().map(Some)).map(of).collect()
    }

    /// Where the page in all languages is.
    fn main_path(&self, page: &Page) -> SitePath {
        let Some(lang) = page.edition else { return page.path.clone() };
        let folder = format!("{}/", self.archive.langs[lang]);
        SitePath::file(page.path.as_str().strip_prefix(&folder).unwrap_or(page.path.as_str()))
    }

    /// What the sitemap calls the versions of a page, and where they are; the first is the page
    /// itself.
    pub(super) fn listed_versions(&self, page: &Page) -> Vec<(String, SitePath)> {
        let langs: Vec<usize> = match page.kind {
            PageKind::Episode(index) => match self.versions_of(&self.archive.episodes[index]) {
                Versions::Some(langs) => langs,
                Versions::None | Versions::All => Vec::new(),
            },
            _ => self.twin_langs().collect(),
        };
        let twins = langs.into_iter().map(|lang| {
            let tag = &self.archive.langs[lang];
            (tag.to_string(), page.path.in_edition(Some(tag)))
        });
        std::iter::once((ALL.to_owned(), page.path.clone())).chain(twins).collect()
    }
}
