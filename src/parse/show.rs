//! `show.toml` → what the author says about a show.

use crate::channel::FeedSettings;
use crate::glossary::Glossary;
use crate::lang::Lang;
use crate::source::Source;
use crate::table::{At, Findings, Link, read_toml};
use crate::text::Localized;

/// A show's settings. All of them are optional.
#[derive(Debug, Default, Clone)]
pub struct ShowSettings {
    pub title: Option<Localized>,
    pub description: Option<Localized>,
    pub languages: Vec<Lang>,
    pub cover: Option<At<String>>,
    /// The language that its episodes are spoken in.
    pub original: Option<Lang>,
    pub links: Vec<Link>,
    /// Ids of people.
    pub hosts: Vec<At<String>>,
    /// Label in the transcripts → id of a person.
    pub speakers: Vec<(At<String>, At<String>)>,
    /// What its feed says.
    pub feed: FeedSettings,
    /// Terms by which its tracks pair.
    pub glossary: Glossary,
}

/// Reads `show.toml`.
pub fn read_show(source: &Source, findings: &Findings) -> ShowSettings {
    let whole = 0..source.text.len();
    read_toml(source, whole, findings, |mut fields| {
        let feed = fields.table("feed").map(|mut table| {
            let feed = FeedSettings::read(&mut table);
            table.finish();
            feed
        });
        let settings = ShowSettings {
            title: fields.text("title"),
            description: fields.text("description"),
            languages: fields.langs("languages").unwrap_or_default(),
            cover: fields.string("cover"),
            original: fields.lang("original").map(|lang| lang.value),
            links: fields.links("links"),
            hosts: fields.strings("hosts").unwrap_or_default(),
            speakers: fields.string_map("speakers"),
            feed: feed.unwrap_or_default(),
            glossary: Glossary::read(&mut fields),
        };
        fields.finish();
        settings
    })
    .unwrap_or_default()
}
