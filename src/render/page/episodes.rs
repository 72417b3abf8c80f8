//! Lists of episodes: all of them by year, a show's, a tag's. Opens no episode.

use serde::Serialize;
use tera::{Context, Value};

use super::head::FeedView;
use super::list::{list_path, on_page, page_count};
use super::{Page, Site};
use crate::render::templates::value_of;
use crate::render::views::{Pager, TagView};
use crate::render::years::{Year, years_between};
use crate::slug::SitePath;

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

impl Site<'_> {
    pub(super) fn put_list(
        &self,
        context: &mut Context,
        episodes: &[usize],
        number: usize,
        segments: &[&str],
    ) {
        let cards = on_page(episodes, number, self.config.build.page_size).iter();
        let cards: Vec<Value> = cards.map(|episode| self.card(*episode)).collect();
        context.insert_value("cards", cards.into());
        context.insert("pager", &self.pager(number, episodes.len(), segments));
    }

    /// The card of an episode of the archive, for lists. It stands in several, and is made for the
    /// first of them.
    pub(super) fn card(&self, episode: usize) -> Value {
        self.shared.card(episode, || self.templates.with_markup(self.whole_card(episode), self.words().say()))
    }

    /// A card with all that it can show: some lists do not name the show.
    pub(super) fn whole_card(&self, episode: usize) -> Value {
        value_of(&self.views().card_of(&self.archive.episodes[episode], self.archive.show_of[episode]))
    }

    pub(super) fn pager(&self, number: usize, count: usize, segments: &[&str]) -> Option<Pager> {
        let pages = page_count(count, self.config.build.page_size);
        self.views().pager(number, pages, |page| list_path(segments, page))
    }

    pub(super) fn episodes(&self, page: &Page, number: usize) -> Result<Vec<u8>, String> {
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

    pub(super) fn shows(&self, page: &Page) -> Result<Vec<u8>, String> {
        let views = self.views();
        let mut context = self.context(page, self.plain_head("shows", self.word("nav_shows"), "shows"));
        let shows: Vec<_> = (0..self.archive.shows.len()).map(|show| views.show(show)).collect();
        context.insert("shows", &shows);
        self.templates.render("shows.html", &context)
    }

    pub(super) fn show(&self, page: &Page, show: usize, number: usize) -> Result<Vec<u8>, String> {
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

    fn tag_view(&self, tag: usize) -> TagView {
        let own = &self.archive.tags[tag];
        TagView {
            name: own.name.clone(),
            url: self.views().link(&SitePath::page(&["tags", own.slug.as_str()])),
            count: own.episodes.len(),
        }
    }

    pub(super) fn tags(&self, page: &Page) -> Result<Vec<u8>, String> {
        let mut context = self.context(page, self.plain_head("tags", self.word("nav_tags"), "tags"));
        let tags: Vec<_> = (0..self.archive.tags.len()).map(|tag| self.tag_view(tag)).collect();
        context.insert("tags", &tags);
        self.templates.render("tags.html", &context)
    }

    pub(super) fn tag(&self, page: &Page, tag: usize, number: usize) -> Result<Vec<u8>, String> {
        let own = &self.archive.tags[tag];
        let mut context = self.context(page, self.plain_head("tag", own.name.clone(), "tags"));
        context.insert("tag", &self.tag_view(tag));
        self.put_list(&mut context, &own.episodes, number, &["tags", own.slug.as_str()]);
        self.templates.render("tag.html", &context)
    }
}
