//! Which pages there are, and at which paths. Renders none.

use std::sync::Arc;

use super::{Page, PageKind, Site};
use crate::render::{feeds, manifest};
use crate::slug::SitePath;

impl Site<'_> {
    /// Every page of the site, episodes among them, in a fixed order.
    pub fn pages(&self) -> Vec<Page> {
        let archive = self.archive;
        let size = self.config.build.page_size;
        let mut pages = Vec::new();
        let mut put = |path: SitePath, kind, origin: &Arc<str>| {
            pages.push(Page { path, kind, origin: origin.clone(), edition: None });
        };
        let text = |text: &str| Arc::<str>::from(text);
        put(SitePath::page(&[]), PageKind::Home, &text("the first page"));
        put(SitePath::page(&["shows"]), PageKind::Shows, &text("the list of shows"));
        for page in 1..=page_count(archive.episodes.len(), size) {
            put(list_path(&["episodes"], page), PageKind::Episodes(page), &text("the list of episodes"));
        }
        for (index, show) in archive.shows.iter().enumerate() {
            let origin = text(&show.origin);
            for page in 1..=page_count(show.episodes.len(), size) {
                put(list_path(&[show.slug.as_str()], page), PageKind::Show(index, page), &origin);
            }
            let own = SitePath::page(&[show.slug.as_str()]);
            put(own.beside("feed.xml"), PageKind::ShowFeed(index), &origin);
            put(own.beside("feed.json"), PageKind::ShowJsonFeed(index), &origin);
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
            put(list_path(&["speakers"], page), PageKind::Speakers(page), &text("the list of speakers"));
        }
        for (index, speaker) in archive.speakers.iter().enumerate() {
            let person = &archive.people.list[speaker.person];
            let origin = text(&format!("[{}] in content/people.toml", person.id));
            for page in 1..=page_count(speaker.episodes.len(), size) {
                put(
                    list_path(&["speakers", person.slug.as_str()], page),
                    PageKind::Speaker(index, page),
                    &origin,
                );
            }
        }
        for page in 1..=page_count(archive.quotes.len(), size) {
            put(list_path(&["quotes"], page), PageKind::Quotes(page), &text("the list of quotes"));
        }
        put(SitePath::page(&["tags"]), PageKind::Tags, &text("the list of tags"));
        for (index, tag) in archive.tags.iter().enumerate() {
            let origin = text(&format!("the tag `{}`", tag.name));
            for page in 1..=page_count(tag.episodes.len(), size) {
                put(list_path(&["tags", tag.slug.as_str()], page), PageKind::Tag(index, page), &origin);
            }
        }
        if let Some(about) = self.about.first() {
            put(SitePath::page(&["about"]), PageKind::About, &about.source.path);
        }
        if manifest::is_ours(self.templates) {
            put(SitePath::file(manifest::NAME), PageKind::Manifest, &text(manifest::NAME));
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
            put(SitePath::file(name), kind, &text(name));
        }
        if self.config.pages.llms {
            put(SitePath::file("llms.txt"), PageKind::Llms, &text("llms.txt"));
        }
        self.add_editions(&mut pages);
        pages
    }
}

pub fn page_count(entries: usize, size: usize) -> usize {
    entries.div_ceil(size).max(1)
}

pub fn on_page<T>(entries: &[T], number: usize, size: usize) -> &[T] {
    let from = ((number - 1) * size).min(entries.len());
    &entries[from..(from + size).min(entries.len())]
}

/// The path of a page of a list: the first at the list's own address.
pub(super) fn list_path(segments: &[&str], number: usize) -> SitePath {
    if number == 1 {
        return SitePath::page(segments);
    }
    let number = number.to_string();
    let mut all = segments.to_vec();
    all.extend(["page", &number]);
    SitePath::page(&all)
}
