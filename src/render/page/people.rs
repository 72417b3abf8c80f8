//! Who speaks: the list of people, and a page for each. Decides nobody's name.

use serde::Serialize;
use tera::Value;

use super::list::on_page;
use super::{Page, Site};
use crate::render::views::LineView;

/// A person in an episode.
#[derive(Serialize)]
struct AppearanceView {
    card: Value,
    share: usize,
    cue_count: usize,
    lines: Vec<LineView>,
}

impl Site<'_> {
    pub(super) fn speakers(&self, page: &Page, number: usize) -> Result<Vec<u8>, String> {
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

    pub(super) fn speaker(&self, page: &Page, place: usize, number: usize) -> Result<Vec<u8>, String> {
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
}
