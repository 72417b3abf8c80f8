//! One page of the site → the places it has, the addresses it leads to, the pictures without
//! words. Never keeps its text.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use xxhash_rust::xxh3::xxh3_64;

use crate::parse::html::{Piece, Pieces, Tag};

/// What a page has.
#[derive(Debug, Default)]
pub struct Markup {
    /// Hashes of its ids, sorted.
    ids: Vec<u64>,
    /// Where its links and files are, as they are written; links to places of its own only if
    /// there is no such place.
    pub links: BTreeSet<String>,
    /// Addresses of pictures without an `alt`.
    pub silent_pictures: BTreeSet<String>,
}

/// Elements that name another file, and by which attribute.
const NAMING: &[(&str, &str)] = &[
    ("a", "href"),
    ("area", "href"),
    ("link", "href"),
    ("img", "src"),
    ("script", "src"),
    ("source", "src"),
    ("audio", "src"),
    ("video", "src"),
    ("iframe", "src"),
];

impl Markup {
    pub fn of(html: &str) -> Markup {
        let mut markup = Markup::default();
        let mut pieces = Pieces::new(html);
        while let Some(piece) = pieces.next() {
            let Piece::Tag(tag) = piece else { continue };
            if tag.closes {
                continue;
            }
            markup.take(&tag);
            if matches!(tag.name.as_str(), "script" | "style") {
                pieces.skip_past(&tag.name);
            }
        }
        markup.ids.sort_unstable();
        let own = std::mem::take(&mut markup.links);
        markup.links =
            own.into_iter().filter(|link| !link.strip_prefix('#').is_some_and(|id| markup.has(id))).collect();
        markup
    }

    fn take(&mut self, tag: &Tag) {
        if let Some(id) = tag.attribute("id") {
            self.ids.push(xxh3_64(id.as_bytes()));
        }
        let Some((_, attribute)) = NAMING.iter().find(|(name, _)| *name == tag.name) else { return };
        if let Some(address) = tag.attribute(attribute) {
            if tag.name == "img" && !tag.has("alt") {
                self.silent_pictures.insert(address.clone());
            }
            self.links.insert(address);
        }
    }

    /// Whether a fragment leads to a place of the page.
    pub fn has(&self, fragment: &str) -> bool {
        let known = |id: &[u8]| self.ids.binary_search(&xxh3_64(id)).is_ok();
        // A browser scrolls to the top for these two, and directives to it are no ids.
        matches!(fragment, "" | "top")
            || fragment.starts_with(":~:")
            || known(fragment.as_bytes())
            || known(&percent_decode_str(fragment).collect::<Vec<u8>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_links_of_a_page_are_found() {
        let html = "<p id=a><a href=#a>x</a><a href=\"#b\">y</a><a href='../c/?d&amp;e'>z</a>\
                    <img src=f.png><img src=g.png alt=\"\"><script>'<a href=h>'</script><i id=\"灯\">";
        let markup = Markup::of(html);
        let links: Vec<_> = markup.links.iter().map(String::as_str).collect();
        assert_eq!(links, ["#b", "../c/?d&e", "f.png", "g.png"]);
        assert_eq!(markup.silent_pictures.iter().collect::<Vec<_>>(), ["f.png"]);
        assert!(markup.has("a") && markup.has("") && markup.has("%E7%81%AF") && !markup.has("b"));
    }
}
