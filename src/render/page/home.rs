//! The first page, the quotes, and what stands where nothing is. Decides no order.

use super::list::on_page;
use super::{Page, Site};
use crate::render::views::QuoteView;
use crate::slug::SitePath;

impl Site<'_> {
    pub(super) fn home(&self, page: &Page) -> Result<Vec<u8>, String> {
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

    pub(super) fn quote_views<'q>(&self, quotes: impl Iterator<Item = &'q (usize, usize)>) -> Vec<QuoteView> {
        let views = self.views();
        quotes.map(|(episode, quote)| views.quote(*episode, *quote)).collect()
    }

    pub(super) fn quotes(&self, page: &Page, number: usize) -> Result<Vec<u8>, String> {
        let mut context = self.context(page, self.plain_head("quotes", self.word("nav_quotes"), "quotes"));
        let own = on_page(&self.archive.quotes, number, self.config.build.page_size);
        context.insert("quotes", &self.quote_views(own.iter()));
        context.insert("pager", &self.pager(number, self.archive.quotes.len(), &["quotes"]));
        self.templates.render("quotes.html", &context)
    }

    pub(super) fn not_found(&self, page: &Page) -> Result<Vec<u8>, String> {
        let views = self.views();
        let mut context = self.context(page, self.plain_head("404", self.word("not_found"), ""));
        let newest: Vec<_> = self.on_lost_page().map(|episode| self.card(episode)).collect();
        context.insert("latest", &newest);
        context.insert("more_url", &views.link(&SitePath::page(&["episodes"])));
        self.templates.render("404.html", &context)
    }
}
