//! What the elements of an Atom feed mean (RFC 4287, and 0.3 before it). Those of podcasts are the
//! same in Atom and RSS, and stand with RSS. Never looks beyond one element and its entry.

use super::FeedItem;
use super::fields::{NAME, line, long, push, set, tag};
use super::reader::{Element, FeedReader};
use super::values::day;
use crate::parse::html::{one_line, words_of_html};
use crate::text::shortened;

/// The root of an Atom feed.
pub const ROOT: &str = "feed";
/// An item of one.
pub const ENTRY: &str = "entry";

/// Elements that hold text or markup; of some the markup stands as it is.
pub fn is_long(element: &Element) -> bool {
    matches!(element.name.as_str(), "summary" | "content") || is_markup(element)
}

fn is_markup(element: &Element) -> bool {
    matches!(element.name.as_str(), "title" | "subtitle" | "tagline")
        && element.attribute("type").contains("xhtml")
}

/// A title, however it is written.
fn title(element: &Element) -> String {
    if is_markup(element) { one_line(&words_of_html(&element.text)) } else { line(&element.text) }
}

/// A text that is said here, and not as bytes or elsewhere.
fn text(element: &Element) -> String {
    let kind = element.attribute("type");
    let is_text = kind.is_empty() || kind.contains("html") || kind.starts_with("text");
    if is_text && element.attribute("mode") != "base64" { long(&element.text) } else { String::new() }
}

/// Whether a media type is of something to hear or see; many feeds give none.
fn is_recording(kind: &str) -> bool {
    kind.is_empty() || kind.starts_with("audio/") || kind.starts_with("video/") || kind == "application/ogg"
}

impl FeedReader<'_> {
    pub fn atom_feed_field(&mut self, element: &Element) {
        match element.name.as_str() {
            "title" => set(&mut self.feed.title, title(element)),
            "subtitle" | "tagline" => set(&mut self.feed.description, long(&element.text)),
            "link" => match element.attribute("rel") {
                "self" => self.feed.address = self.address(element.attribute("href"), element),
                "" | "alternate" if self.feed.link.is_none() => {
                    self.feed.link = self.address(element.attribute("href"), element);
                }
                _ => {}
            },
            "logo" | "icon" => self.channel_image(element),
            _ => {}
        }
    }

    /// Of the feed itself, while no entry is open.
    pub fn atom_author(&mut self, element: &Element) {
        let name = shortened(&line(&element.text), NAME);
        match &mut self.item {
            Some(item) => set(&mut item.author, name),
            None => set(&mut self.feed.author, name),
        }
    }

    pub fn atom_entry_field(&mut self, item: &mut FeedItem, element: &Element) {
        match element.name.as_str() {
            "title" => set(&mut item.title, title(element)),
            "id" => set(&mut item.guid, one_line(&element.text)),
            "published" | "issued" => item.date = self.value(&element.text, element, day),
            // When it was last changed, where nobody says when it came out.
            "updated" | "modified" | "created" if item.date.is_none() => {
                item.date = self.value(&element.text, element, day);
            }
            "summary" => set(&mut item.description, text(element)),
            "content" => set(&mut item.content, text(element)),
            "link" => self.atom_link(item, element),
            "category" => {
                let named = [element.attribute("label"), element.attribute("term")];
                let name = named.into_iter().find(|name| !name.trim().is_empty());
                push(&mut item.tags, name.and_then(tag));
            }
            _ => {}
        }
    }

    fn atom_link(&mut self, item: &mut FeedItem, element: &Element) {
        let address = element.attribute("href");
        match element.attribute("rel") {
            "enclosure" if item.audio.is_none() && is_recording(element.attribute("type")) => {
                item.audio = self.address(address, element);
            }
            "" | "alternate" if item.link.is_none() => item.link = self.address(address, element),
            _ => {}
        }
    }
}
