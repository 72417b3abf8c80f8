//! The page of an episode, while it is open. Writes no cue by itself.

use std::io::Write;

use serde::Serialize;
use tera::value::Key;

use super::bytes::{PageBytes, TRANSCRIPT_HOLE};
use super::head::{FeedView, Head};
use super::{Page, Placed, Site, template_error};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::model::Episode;
use crate::render::cue_list::write_cue_list;
use crate::render::episode_markdown::EPISODE_MARKDOWN;
use crate::render::json_ld::{self, EpisodeData};
use crate::render::notes::{render_notes, render_paragraphs};
use crate::render::templates::value_of;
use crate::render::views::{Card, Variant, one_line};
use crate::slug::{SitePath, Slug};
use crate::text::Localized;
use tera::Value;

#[derive(Serialize)]
struct ContentsView {
    url: String,
    label: Vec<Variant>,
    time: Option<String>,
}

#[derive(Serialize)]
struct TagLink {
    name: String,
    url: String,
}

impl Site<'_> {
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
                url: views.link(&SitePath::page(&["tags", Slug::new(tag).as_str()])),
            })
            .collect();
        let recordings = views.recordings(digest, &main);
        let player = self.player(&recordings, &main, digest, &episode.transcript);
        for (key, value) in [
            ("summary_html", value_of(&self.summary(&facts.summary.get().unwrap_or_default()))),
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

    fn episode_head(&self, page: &Page, show: usize, digest: &Digest, card: &Card) -> Head {
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
        let summary = one_line(facts.summary.get().unwrap_or_default().best(first));
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
            if let Ok(lang) = Lang::parse(&variant.lang) {
                let _ = write!(html, "{}", render_paragraphs(&variant.text, &lang));
            }
        }
        String::from_utf8(html).ok().filter(|html| !html.is_empty())
    }
}
