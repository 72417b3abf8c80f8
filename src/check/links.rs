//! Links of the finished pages: every one that leads into the site must lead to a file of it, and
//! to a place that the file has. Never asks the network.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use url::Url;

use super::markup::Markup;
use super::notes::{Named, without_words};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::publish::Content;
use crate::read::{WorldError, read_source};
use crate::slug::SitePath;
use crate::source::{Place, Source};
use crate::table::Findings;
use crate::text::shortened;

/// A file of the site, as far as links are about it.
#[derive(Debug)]
pub struct Seen {
    /// Nothing for a file that is no page of ours.
    markup: Option<Markup>,
}

impl Seen {
    pub fn of(path: &SitePath, content: &Content) -> Seen {
        let markup = match content {
            Content::Pieces(pieces) if path.as_str().ends_with(".html") => {
                let bytes = pieces.concat();
                Some(Markup::of(&String::from_utf8_lossy(&bytes)))
            }
            _ => None,
        };
        Seen { markup }
    }
}

/// What is wrong with a link.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    NoFile,
    NoPlace,
    /// It leads past the path that the site lives under.
    OutOfBase,
    Silent,
}

/// All links of a site.
pub struct SiteLinks<'a> {
    project: &'a Project,
    seen: &'a HashMap<String, Seen>,
    named: &'a HashMap<Arc<str>, Named>,
    /// The address of the site's root.
    root: Url,
    /// The files that pages are made of.
    origins: HashMap<String, Arc<str>>,
}

/// A host to resolve links by where the site's own is not known.
const NO_HOST: &str = "http://site.invalid";

impl<'a> SiteLinks<'a> {
    pub fn new(
        project: &'a Project,
        archive: &Archive,
        seen: &'a HashMap<String, Seen>,
        named: &'a HashMap<Arc<str>, Named>,
    ) -> SiteLinks<'a> {
        let base = project.config.base_url.absolute(&SitePath::page(&[]));
        let root = if project.config.base_url.is_absolute() { base } else { format!("{NO_HOST}{base}") };
        let episodes = archive.episodes.iter().enumerate();
        let origins = episodes
            .map(|(index, digest)| (archive.episode_path(index).as_str().to_owned(), digest.origin.clone()))
            .collect();
        let root = Url::parse(&root).expect("the address of a site is one");
        SiteLinks { project, seen, named, root, origins }
    }

    /// Reports links to nothing and pictures without words.
    pub fn check(&self) -> Result<Vec<Diagnostic>, WorldError> {
        let mut pages: Vec<(&String, &Markup)> = self.pages().collect();
        pages.sort_by_key(|(path, _)| *path);
        let wrong: Vec<Vec<(Wrong, &str, &str)>> = pages
            .par_iter()
            .map(|(path, markup)| {
                let links = markup
                    .links
                    .iter()
                    .filter_map(|link| Some((self.wrong(path, markup, link)?, link.as_str())));
                let silent = markup.silent_pictures.iter().map(|address| (Wrong::Silent, address.as_str()));
                links.chain(silent).map(|(wrong, link)| (wrong, link, path.as_str())).collect()
            })
            .collect();
        // A link of a template is on every page, and told once.
        let mut told: BTreeMap<(Wrong, &str, Option<&str>), Vec<&str>> = BTreeMap::new();
        for (wrong, link, page) in wrong.into_iter().flatten() {
            let origin = self.own_place(page, link).map(|place| &*place.path);
            told.entry((wrong, link, origin)).or_default().push(page);
        }
        if told.is_empty() {
            return Ok(Vec::new());
        }
        let files = self.other_files()?;
        Ok(told
            .into_iter()
            .map(|((wrong, link, _), pages)| self.finding(wrong, link, &pages, &files))
            .collect())
    }

    /// The addresses out of the site that pages lead to, each once, in order.
    pub fn outside(&self) -> Result<Vec<(String, Option<Place>)>, WorldError> {
        let mut found: BTreeMap<&str, &str> = BTreeMap::new();
        for (path, markup) in self.pages() {
            let web = |link: &&String| link.starts_with("http://") || link.starts_with("https://");
            let own = |link: &&String| link.starts_with(self.root.as_str());
            for link in markup.links.iter().filter(web).filter(|link| !own(link)) {
                let first = found.entry(link).or_insert(path);
                *first = (*first).min(path);
            }
        }
        let files = if found.is_empty() { Vec::new() } else { self.other_files()? };
        let place =
            |page: &str, link: &str| self.own_place(page, link).cloned().or_else(|| place_in(&files, link));
        Ok(found.into_iter().map(|(link, page)| (link.to_owned(), place(page, link))).collect())
    }

    fn pages(&self) -> impl Iterator<Item = (&'a String, &'a Markup)> {
        self.seen.iter().filter_map(|(path, seen)| Some((path, seen.markup.as_ref()?)))
    }

    /// Where the file that a page is made of names an address.
    fn own_place(&self, page: &str, link: &str) -> Option<&'a Place> {
        self.named.get(self.origins.get(page)?)?.place(link)
    }

    fn wrong(&self, page: &str, markup: &Markup, link: &str) -> Option<Wrong> {
        if let Some(fragment) = link.strip_prefix('#') {
            // Those that lead to a place of the page have been left out.
            return (!markup.has(fragment)).then_some(Wrong::NoPlace);
        }
        let own = self.root.join(&self.project.config.base_url.link(&SitePath::file(page))).ok()?;
        let target = own.join(link).ok()?;
        if target.origin() != self.root.origin() || !matches!(target.scheme(), "http" | "https") {
            return None;
        }
        let Some(path) = target.path().strip_prefix(self.root.path()) else {
            // Of a whole address to the same host another site is meant.
            let is_whole = link.contains("://") || link.starts_with("//");
            return (!is_whole).then_some(Wrong::OutOfBase);
        };
        let path = percent_decode_str(path).decode_utf8_lossy();
        let Some(file) = self.file(&path) else { return Some(Wrong::NoFile) };
        let fragment = target.fragment()?;
        let has = file.markup.as_ref().is_none_or(|markup| markup.has(fragment));
        (!has).then_some(Wrong::NoPlace)
    }

    /// The file that a host gives for a path.
    fn file(&self, path: &str) -> Option<&'a Seen> {
        let folder = path.trim_end_matches('/');
        let index = if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") };
        let exact = || self.seen.get(path).filter(|_| !path.is_empty() && !path.ends_with('/'));
        exact().or_else(|| self.seen.get(&index))
    }

    fn finding(&self, wrong: Wrong, link: &str, pages: &[&str], files: &[Source]) -> Diagnostic {
        let first = pages[0];
        let page = format!("{}{}", self.root.path(), first.strip_suffix("index.html").unwrap_or(first));
        let shown = shortened(link, 80);
        let more = if pages.len() > 1 { format!(" and {} more", pages.len() - 1) } else { String::new() };
        let on = format!("it is on the page {page}{more}");
        let finding = match wrong {
            Wrong::NoFile => {
                Diagnostic::warning("link-broken", format!("`{shown}` leads to nothing in the site")).help(on)
            }
            Wrong::NoPlace => {
                Diagnostic::warning("anchor-broken", format!("`{shown}` leads to no place on its page"))
                    .help(on)
            }
            Wrong::OutOfBase => {
                let message =
                    format!("`{shown}` leads out of the site, which lives under {}", self.root.path());
                let help = format!("write {}{}; {on}", self.root.path(), link.trim_start_matches('/'));
                Diagnostic::warning("link-broken", message).help(help)
            }
            Wrong::Silent => without_words(link)
                .help(format!("give it an `alt`, empty where it shows nothing to tell of; {on}")),
        };
        let place = self.own_place(first, link).cloned().or_else(|| place_in(files, link));
        match place.or_else(|| self.origins.get(first).map(|origin| Place::start_of(origin.clone()))) {
            Some(place) => finding.at(place),
            None => finding,
        }
    }

    /// The files beside those of episodes that can name an address.
    fn other_files(&self) -> Result<Vec<Source>, WorldError> {
        let inventory = &self.project.inventory;
        let shows = inventory.shows.iter().filter_map(|show| show.settings.as_ref());
        // What is wrong with them was said when they were read.
        let unheard = Findings::default();
        let mut files = Vec::new();
        let settings = self.project.settings.iter();
        for file in settings.chain(&inventory.people).chain(shows).chain(&inventory.templates) {
            files.extend(read_source(file, &unheard)?);
        }
        Ok(files)
    }
}

/// Where an address stands in one of some files.
fn place_in(files: &[Source], address: &str) -> Option<Place> {
    files.iter().find_map(|source| {
        let at = source.text.find(address)?;
        Some(source.place(at..at + address.len()))
    })
}
