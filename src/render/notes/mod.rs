//! Show notes: Markdown to safe HTML, with what CommonMark gets wrong in Chinese and Japanese put
//! right, each block in its own language, code highlighted by classes. Also the plain paragraphs
//! of a summary. Never reads files, never reports: a link it refuses is handed back to the caller,
//! and everything it returns has been through the sanitiser or was escaped here.

mod blocks;
mod code;
mod emphasis;
mod lines;
mod paragraphs;
mod sanitise;

use pulldown_cmark::html;

use self::blocks::{Blocks, block_languages};
use self::emphasis::parse;
use self::lines::join_lines;
pub use self::paragraphs::render_paragraphs;
use self::sanitise::{drop_links, sanitise};
use crate::lang::Lang;
use crate::text::without_controls;

/// Rendered show notes.
pub struct Notes {
    /// Safe HTML, to be put into an element that allows flow content.
    pub html: String,
    /// Addresses of links and images that were refused, as the notes have them; their texts stayed.
    pub dropped_links: Vec<String>,
}

/// Every id in the notes starts with this, so that none meets an id of the page.
const ID_PREFIX: &str = "notes-";

/// `langs`: the site's languages in reading order; `page_lang`: the language of the page.
pub fn render_notes(markdown: &str, langs: &[Lang], page_lang: &Lang) -> Notes {
    render_notes_under(ID_PREFIX, markdown, langs, page_lang)
}

/// The same with ids that start with `prefix`, for a page that has several such texts; it starts
/// with `notes-` itself.
pub fn render_notes_under(prefix: &str, markdown: &str, langs: &[Lang], page_lang: &Lang) -> Notes {
    if markdown.trim().is_empty() {
        return Notes { html: String::new(), dropped_links: Vec::new() };
    }
    let events = parse(markdown);
    let events = join_lines(events);
    let (events, dropped_links) = drop_links(events);
    let languages = block_languages(&events, langs);
    let events = Blocks::new(prefix, page_lang, &events).rewrite(events, &languages);
    let mut unsafe_html = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut unsafe_html, events.into_iter());
    // An entity can write control characters where the text has none.
    let (html, dropped_raw) = sanitise(prefix, &without_controls(&unsafe_html));
    let dropped_links = [dropped_links, dropped_raw].concat();
    Notes { html: without_controls(&html).into_owned(), dropped_links }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
