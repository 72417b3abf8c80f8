//! Links and pictures in the notes of an episode: where each address stands, and pictures that
//! say nothing to who cannot see them. Never follows a link.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::text::shortened;

/// Addresses that a file names, as they are written.
#[derive(Debug, Default)]
pub struct Named(Vec<(String, Place)>);

impl Named {
    /// Where an address of a page stands that is made of this file. A page may write it with
    /// escapes.
    pub fn place(&self, address: &str) -> Option<&Place> {
        let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let exact = self.0.iter().find(|(own, _)| own == address);
        exact.or_else(|| self.0.iter().find(|(own, _)| plain(own) == plain(address))).map(|(_, place)| place)
    }
}

/// Finds the addresses in an episode's notes and front matter, and reports pictures without words.
pub fn read_named(open: &Open, found: &mut Vec<Diagnostic>) -> Named {
    let mut named = Vec::new();
    for link in &open.episode.facts.links {
        named.extend(place_of(open, &link.url).map(|place| (link.url.clone(), place)));
    }
    let notes = open.episode.notes.as_str();
    let mut picture: Option<(String, std::ops::Range<usize>, bool)> = None;
    for (event, span) in Parser::new_ext(notes, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let place = place_of(open, &dest_url).unwrap_or_else(|| open.front.place(0..0));
                named.push((dest_url.into_string(), place));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                picture = Some((dest_url.into_string(), span, false))
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some((.., has_words)) = &mut picture {
                    *has_words |= !words.trim().is_empty();
                }
            }
            Event::End(TagEnd::Image) => {
                let Some((address, span, has_words)) = picture.take() else { continue };
                let place = place_of(open, &notes[span]).or_else(|| place_of(open, &address));
                let place = place.unwrap_or_else(|| open.front.place(0..0));
                if !has_words {
                    found.push(without_words(&address).at(place.clone()));
                }
                named.push((address, place));
            }
            _ => {}
        }
    }
    Named(named)
}

/// A picture that has no alternative text.
pub fn without_words(address: &str) -> Diagnostic {
    let message = format!("the picture `{}` has no alternative text", shortened(address, 60));
    Diagnostic::warning("image-alt", message)
        .help("say between the square brackets what it shows: ![a lighthouse](light.jpg)")
}

/// Where some text stands in the files of the episode.
fn place_of(open: &Open, text: &str) -> Option<Place> {
    if text.is_empty() {
        return None;
    }
    open.sources().into_iter().find_map(|source| {
        let at = source.text.find(text)?;
        Some(source.place(at..at + text.len()))
    })
}
