//! One item of a feed → the text of its `episode.md`. Never writes more than the item says.

use url::Url;

use crate::parse::feed::{FeedDocument, FeedItem, FeedTranscript};
use crate::parse::html::{Markdown, is_html, markdown_of_html, markdown_of_text, one_line, words_of_html};
use crate::slug::Slug;
use crate::text::shortened;
use crate::written::{Lines, links, list, quoted};

/// How long the name of an episode's folder is, in characters of its title.
const NAME: usize = 60;

/// How long a summary is, in characters: more than that are notes.
const SUMMARY: usize = 600;

/// The name of an episode's folder.
pub fn folder_name(item: &FeedItem) -> String {
    let title = if item.title.is_empty() { &item.identity } else { &item.title };
    let title = Slug::new(&shortened(title, NAME)).to_string();
    let Some(number) = item.number else { return title };
    let number = number.to_string();
    let rest = title
        .trim_start_matches('0')
        .strip_prefix(&number)
        .filter(|rest| !rest.starts_with(char::is_numeric));
    let rest = rest.map_or(title.as_str(), |rest| rest.trim_start_matches('-'));
    Slug::new(&format!("{number:0>3} {rest}")).to_string()
}

/// What the item says at length, and what it says in short where that is something else.
pub struct Said {
    pub notes: String,
    pub summary: String,
    pub dropped_links: Vec<String>,
}

impl Said {
    pub fn of(item: &FeedItem, feed: &FeedDocument) -> Said {
        let texts = [&item.content, &item.description, &item.summary];
        let longest = texts.iter().rev().max_by_key(|text| words(text).len()).expect("there are three");
        let base = item.link.as_ref().or(feed.link.as_ref()).and_then(|link| Url::parse(link).ok());
        let Markdown { text: notes, dropped_links } = markdown(longest, base.as_ref());
        let all = words(longest);
        // What only repeats how the notes begin says nothing new.
        let is_new = |short: &String| {
            let start = short.trim_end_matches(['…', '.', ' ']);
            !short.is_empty()
                && *short != item.title
                && short.chars().count() <= SUMMARY
                && !all.starts_with(start)
        };
        let short = [&item.subtitle, &item.summary, &item.description, &item.content].map(|text| words(text));
        let summary = short.into_iter().find(is_new).unwrap_or_default();
        Said { notes, summary, dropped_links }
    }
}

fn words(text: &str) -> String {
    if is_html(text) { words_of_html(text) } else { one_line(text) }
}

fn markdown(text: &str, base: Option<&Url>) -> Markdown {
    if is_html(text) { markdown_of_html(text, base) } else { markdown_of_text(text) }
}

/// A description as one paragraph.
pub fn description(html: &str) -> String {
    words(html)
}

/// The text of `episode.md`. `speakers`: who is heard, as TOML.
pub fn episode_text(
    item: &FeedItem,
    feed: &FeedDocument,
    said: &Said,
    speakers: Option<String>,
    not_fetched: &[&FeedTranscript],
) -> String {
    let mut lines = Lines::default();
    lines.text("title", &item.title);
    lines.text("summary", &said.summary);
    lines.maybe("date", item.date);
    lines.maybe("season", item.season);
    lines.maybe("episode", item.number);
    lines.maybe("duration", item.duration.map(|length| quoted(&length.to_string())));
    lines.text("audio", item.audio.as_deref().unwrap_or_default());
    lines.maybe("audio_size", item.audio.as_ref().and(item.audio_size));
    let own_image = item.image.as_ref().filter(|image| Some(*image) != feed.image.as_ref());
    lines.text("cover", own_image.map_or("", String::as_str));
    let mut tags: Vec<&str> = Vec::new();
    for tag in &item.tags {
        if !tags.contains(&tag.as_str()) {
            tags.push(tag);
        }
    }
    if !tags.is_empty() {
        lines.put("tags", list(tags));
    }
    lines.maybe("speakers", speakers);
    if let Some(link) = &item.link {
        let title = if item.title.is_empty() { link } else { &item.title };
        lines.put("links", links(&[(title.clone(), link.clone())]));
    }
    lines.text("guid", &item.identity);
    for transcript in not_fetched {
        let lang = transcript.language.as_ref().map_or(String::new(), |lang| format!(", {lang}"));
        lines.comment(&format!("a transcript not fetched: {} ({}{lang})", transcript.url, transcript.kind));
    }
    let notes = if said.notes.is_empty() { String::new() } else { format!("\n{}\n", said.notes) };
    format!("+++\n{}+++\n{notes}", lines.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(title: &str, number: Option<u32>) -> FeedItem {
        FeedItem { title: title.to_owned(), identity: "x".to_owned(), number, ..FeedItem::default() }
    }

    #[test]
    fn a_folder_is_named_by_number_and_title() {
        assert_eq!(folder_name(&item("Fog & Rain", Some(3))), "003-fog-and-rain");
        assert_eq!(folder_name(&item("12: Fog", Some(12))), "012-fog");
        assert_eq!(folder_name(&item("120 ways", Some(12))), "012-120-ways");
        assert_eq!(folder_name(&item("../../etc/passwd", None)), "etc-passwd");
        assert_eq!(folder_name(&item("", None)), "x");
        assert!(folder_name(&item(&"很".repeat(500), Some(1))).len() <= 120);
    }

    #[test]
    fn a_summary_says_what_the_notes_do_not() {
        let mut item = item("a", None);
        item.content = "<p>All of <b>it</b>.</p><p>And more.</p>".to_owned();
        item.description = "All of it.".to_owned();
        let said = Said::of(&item, &FeedDocument::default());
        assert_eq!((said.notes.as_str(), said.summary.as_str()), ("All of **it**.\n\nAnd more.", ""));
        item.subtitle = "In short".to_owned();
        assert_eq!(Said::of(&item, &FeedDocument::default()).summary, "In short");
    }
}
