//! The files of the site that programs read: which channel a feed is of, what the sitemap lists.
//! Never decides how they are written.

use std::io;

use super::feeds::{self, Channel, Listed};
use super::page::{Page, PageKind, Site};
use crate::channel::FeedSettings;
use crate::slug::SitePath;
use crate::text::Localized;
use crate::timestamp::Date;

impl Site<'_> {
    /// Writes a file that has no template.
    pub(super) fn outlet(&self, page: &Page, pages: &[Page]) -> io::Result<Vec<u8>> {
        let views = self.views();
        match page.kind {
            PageKind::Feed => feeds::rss(&views, &self.channel(), &page.path),
            PageKind::ShowFeed(show) => feeds::rss(&views, &self.show_channel(show), &page.path),
            PageKind::JsonFeed => Ok(feeds::json_feed(&views, &self.channel(), &page.path)),
            PageKind::ShowJsonFeed(show) => {
                Ok(feeds::json_feed(&views, &self.show_channel(show), &page.path))
            }
            PageKind::Opml => feeds::opml(&views, &views.joined(&self.title())),
            PageKind::Chapters(episode) => {
                let item = self.archive.episodes[episode].facts.feed.as_ref();
                Ok(feeds::chapters::chapters(&views, item.map_or(&[], |item| &item.chapters)))
            }
            PageKind::Sitemap => feeds::sitemap(&views, &self.listed(pages)),
            PageKind::Robots => Ok(feeds::robots(&views).into_bytes()),
            PageKind::Llms => Ok(self.llms().into_bytes()),
            _ => unreachable!("a page with a template is rendered from it"),
        }
    }

    /// The channel of all shows.
    pub(super) fn channel(&self) -> Channel {
        let views = self.views();
        let title = views.joined(&self.title());
        let settings = self.config.feed.clone();
        let only = Some(0).filter(|_| self.archive.shows.len() == 1);
        let cover = only.and_then(|show| self.show_image(show));
        let author = settings.author.as_ref().map(|author| views.joined(author));
        Channel {
            description: self.config.description.as_ref().map_or(String::new(), |text| views.lines(text)),
            page: SitePath::page(&[]),
            episodes: (0..self.archive.episodes.len().min(self.config.build.feed_size)).collect(),
            image: settings.image.as_ref().and_then(|image| views.picture(&image.value)).or(cover),
            lang: self.archive.langs[0].clone(),
            author: author.unwrap_or_else(|| title.clone()),
            persons: views.parts_of_show(&[], &settings.persons),
            settings,
            title,
        }
    }

    pub(super) fn show_channel(&self, show: usize) -> Channel {
        let views = self.views();
        let own = &self.archive.shows[show];
        let plan = &own.plan;
        let settings = plan.feed.or(&self.config.feed);
        let title = views.joined(&plan.title);
        let hosts = || {
            let names = plan.hosts.iter().map(|host| views.joined(&self.archive.people.list[*host].name));
            Some(names.collect::<Vec<_>>().join(", ")).filter(|names| !names.is_empty())
        };
        let author = settings.author.as_ref().map(|author| views.joined(author)).or_else(hosts);
        Channel {
            description: plan.description.as_ref().map_or(String::new(), |text| views.lines(text)),
            page: views.show_path(show),
            episodes: own.episodes.iter().copied().take(self.config.build.feed_size).collect(),
            image: self.show_image(show),
            lang: views.show_lang(show).clone(),
            author: author.unwrap_or_else(|| title.clone()),
            persons: views.parts_of_show(&plan.hosts, &settings.persons),
            settings,
            title,
        }
    }

    /// What its feed says, else its cover, else the picture of the site's feeds.
    fn show_image(&self, show: usize) -> Option<String> {
        let views = self.views();
        let plan = &self.archive.shows[show].plan;
        let picture = |feed: &FeedSettings| feed.image.as_ref().and_then(|image| views.picture(&image.value));
        let cover = plan.cover.as_ref();
        let cover = cover.map(|cover| cover.absolute(&self.config.base_url, &views.show_path(show)));
        picture(&plan.feed).or(cover).or_else(|| picture(&self.config.feed))
    }

    /// The pages that the sitemap lists. A list changed when the latest of its episodes did.
    pub(super) fn listed(&self, pages: &[Page]) -> Vec<Listed> {
        let days = self.listed_days(pages).into_iter();
        days.map(|(page, date)| Listed { date, versions: self.listed_versions(page) }).collect()
    }

    /// The same, and when each changed last.
    pub(super) fn listed_days<'p>(&self, pages: &'p [Page]) -> Vec<(&'p Page, Option<Date>)> {
        let archive = self.archive;
        let day = |episode: usize| {
            let facts = &archive.episodes[episode].facts;
            facts.updated.max(facts.date)
        };
        let latest = |episodes: &mut dyn Iterator<Item = usize>| episodes.filter_map(day).max();
        let all: Option<Date> = latest(&mut (0..archive.episodes.len()));
        let date = |page: &Page| match page.kind {
            PageKind::Episode(episode) => day(episode),
            PageKind::Home | PageKind::Episodes(1) => all,
            PageKind::Show(show, 1) => latest(&mut archive.shows[show].episodes.iter().copied()),
            _ => None,
        };
        let own = pages.iter().filter(|page| page.edition.is_none() && page.path.is_page());
        own.map(|page| (page, date(page))).collect()
    }

    /// A text that no page holds in one language alone.
    pub(super) fn plain(&self, text: &Localized) -> String {
        self.views().joined(text)
    }
}
