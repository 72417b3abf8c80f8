//! JSON Feed 1.1: the same as the RSS feed for programs that would rather not read XML. Has what
//! the format has a place for, and no extension of it.

use serde::Serialize;

use super::{Channel, audio_type};
use crate::channel::Role;
use crate::digest::Digest;
use crate::media::Recording;
use crate::render::views::Views;
use crate::slug::SitePath;
use crate::timestamp::Date;

#[derive(Serialize)]
struct Feed {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    authors: Vec<Author>,
    language: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    expired: bool,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Author {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<String>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    url: String,
    title: String,
    content_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
}

#[derive(Serialize)]
struct Attachment {
    url: String,
    mime_type: &'static str,
    /// Attachments of one title are the same in other forms: those in other languages are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

/// The feed at `path`.
pub fn json_feed(views: &Views, channel: &Channel, path: &SitePath) -> Vec<u8> {
    let hosts = channel.persons.iter().filter(|part| part.role == Role::host());
    let mut authors: Vec<Author> = hosts
        .map(|part| Author { name: part.name.clone(), url: part.url.clone(), avatar: part.image.clone() })
        .collect();
    if authors.is_empty() {
        authors.push(Author { name: channel.author.clone(), url: None, avatar: None });
    }
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: channel.title.clone(),
        home_page_url: views.base.absolute(&channel.page),
        feed_url: views.base.absolute(path),
        description: Some(channel.description.clone()).filter(|text| !text.is_empty()),
        icon: channel.image.clone(),
        authors,
        language: channel.lang.to_string(),
        expired: channel.settings.complete,
        items: channel.episodes.iter().map(|episode| item(views, *episode)).collect(),
    };
    super::json(&feed)
}

fn item(views: &Views, episode: usize) -> Item {
    let digest = &views.archive.episodes[episode];
    let facts = &digest.facts;
    let page = views.archive.episode_path(episode);
    let url = views.base.absolute(&page);
    let title = views.joined(&facts.title);
    let summary = views.lines(&facts.summary.get().unwrap_or_default());
    Item {
        id: facts.guid.clone().unwrap_or_else(|| url.clone()),
        content_text: if summary.is_empty() { title.clone() } else { summary },
        title,
        image: digest.cover.as_ref().map(|cover| cover.absolute(views.base, &page)),
        date_published: facts.date.map(moment),
        date_modified: facts.updated.map(moment),
        authors: Vec::new(),
        tags: facts.tags.clone(),
        language: digest.langs.first().filter(|_| digest.langs.len() == 1).map(ToString::to_string),
        attachments: attachments(views, digest, &page),
        url,
    }
}

fn attachments(views: &Views, digest: &Digest, page: &SitePath) -> Vec<Attachment> {
    let attachment = |recording: &Recording| {
        let url = recording.media.absolute(views.base, page);
        Attachment {
            mime_type: audio_type(&url),
            title: recording.lang.as_ref().map(|lang| lang.name().to_owned()),
            size_in_bytes: recording.size,
            duration_in_seconds: digest.facts.duration.map(|length| length.0 / 1000),
            url,
        }
    };
    digest.audio.iter().map(attachment).collect()
}

/// RFC 3339, midnight UTC: the calendar day is all that is known.
fn moment(date: Date) -> String {
    format!("{date}T00:00:00Z")
}
