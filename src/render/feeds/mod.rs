//! What programs read of the site: feeds, the list of feeds, chapters, the sitemap. Never shows
//! what no page shows but what `channel` has for feeds alone.

pub mod chapters;
mod guid;
mod json_feed;
mod opml;
pub mod persons;
mod rss;
mod sitemap;
mod xml;

pub use json_feed::json_feed;
pub use opml::{OPML, opml};
pub use rss::rss;
pub use sitemap::{Listed, robots, sitemap};

use crate::channel::FeedSettings;
use crate::lang::Lang;
use crate::render::views::Views;
use crate::slug::SitePath;
use crate::text::Localized;
use persons::Part;

/// What a feed is of.
pub struct Channel {
    pub title: String,
    pub description: String,
    /// The page it belongs to.
    pub page: SitePath,
    /// Episodes, the latest first.
    pub episodes: Vec<usize>,
    pub image: Option<String>,
    pub lang: Lang,
    pub author: String,
    pub settings: FeedSettings,
    pub persons: Vec<Part>,
}

impl Views<'_> {
    /// A title in all languages, joined as people write it.
    pub fn joined(&self, text: &Localized) -> String {
        let texts: Vec<String> = self.text(text).into_iter().map(|variant| variant.text).collect();
        texts.join(" · ")
    }

    /// A text in all languages, one below the other.
    pub fn lines(&self, text: &Localized) -> String {
        let texts: Vec<String> = self.text(text).into_iter().map(|variant| variant.text).collect();
        texts.join("\n\n")
    }

    /// The language that leads in a show.
    pub fn show_lang(&self, show: usize) -> &Lang {
        self.archive.shows[show].plan.langs.first().unwrap_or(&self.archive.langs[0])
    }

    /// The whole address of a picture that is given as a path below `static/` or an address.
    pub fn picture(&self, place: &str) -> Option<String> {
        let safe = Some(place).filter(|place| crate::slug::is_safe_address(place))?;
        let file = || self.base.absolute(&SitePath::file(safe.trim_start_matches('/')));
        Some(if safe.contains("://") { safe.to_owned() } else { file() })
    }
}

/// The media type of a recording, by its name.
pub fn audio_type(address: &str) -> &'static str {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    match path.rsplit('.').next().map(str::to_ascii_lowercase).as_deref() {
        Some("m4a" | "mp4") => "audio/mp4",
        Some("ogg" | "oga" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("flac") => "audio/flac",
        Some("aac") => "audio/aac",
        _ => "audio/mpeg",
    }
}

/// Plain data as a file that people can read too.
fn json(value: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain data can always be written");
    bytes.push(b'\n');
    bytes
}
