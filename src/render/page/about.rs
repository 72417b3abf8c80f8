//! The page about the archive, from its files. Reads none.

use serde::Serialize;

use super::{Page, Site, template_error};
use crate::diagnostic::Diagnostic;
use crate::parse::about::AboutText;
use crate::render::notes::render_notes_under;
use crate::source::Source;
use crate::text::Localized;

/// A file of the page about the archive.
#[derive(Serialize)]
struct AboutPart {
    lang: String,
    dir: &'static str,
    html: String,
}

/// Links that were left out, by the file that has them.
type DroppedLinks<'a> = Vec<(Vec<String>, &'a Source)>;

impl<'a> Site<'a> {
    /// Renders the page about the archive; also gives the links that were left out, with their
    /// files.
    pub fn render_about(&self, page: &Page) -> Result<(Vec<u8>, DroppedLinks<'a>), Diagnostic> {
        if let Some(twin) = page.edition.and_then(|edition| self.twins.get(edition)) {
            return twin.render_about(page);
        }
        let langs = &self.archive.langs;
        let title = self.about_title();
        let mut parts = Vec::new();
        let mut dropped = Vec::new();
        for (place, text) in self.about_in_order().into_iter().enumerate() {
            let lang = text.lang.as_ref().unwrap_or(&langs[0]);
            let prefix = if place == 0 { "notes-".to_owned() } else { format!("notes-{lang}-{place}-") };
            let notes = render_notes_under(&prefix, text.markdown(), langs, lang);
            dropped.push((notes.dropped_links, &text.source));
            let (lang, dir) = (lang.to_string(), lang.direction().as_str());
            parts.push(AboutPart { lang, dir, html: notes.html });
        }
        let head = self.plain_head("about", title.best(self.lang()).to_owned(), "about");
        let mut context = self.context(page, head);
        context.insert("title", &self.views().text(&title));
        context.insert("parts", &parts);
        let rendered = self.templates.render("about.html", &context);
        rendered.map(|bytes| (bytes, dropped)).map_err(|error| template_error(&error, page))
    }

    /// The files about the archive in reading order; one without a language leads. On a page in one
    /// language those in it.
    fn about_in_order(&self) -> Vec<&'a AboutText> {
        let langs = &self.archive.langs;
        let place = |text: &&AboutText| {
            let lang = text.lang.as_ref()?;
            Some(langs.iter().position(|own| own == lang).unwrap_or(langs.len()))
        };
        let mut texts: Vec<&AboutText> = self.about.iter().collect();
        if let Some(only) = self.only {
            let is_own = |text: &&AboutText| text.lang.as_ref().is_none_or(|lang| *lang == langs[only]);
            // Where nothing is in the language of a page, all that there is stands on it.
            if texts.iter().any(is_own) {
                texts.retain(is_own);
            }
        }
        texts.sort_by_key(place);
        texts
    }

    fn about_title(&self) -> Localized {
        let mut title = Localized::default();
        for (lang, text) in self.about_in_order().iter().flat_map(|about| about.title.iter()) {
            title.push(lang.cloned(), text);
        }
        if title.is_empty() { Localized::plain(self.word("nav_about")) } else { title }
    }
}
