//! RSS feeds, the sitemap and `robots.txt`. Drops the control characters that XML forbids.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::captions::TranscriptFile;
use super::views::Views;
use crate::slug::SitePath;
use crate::text::Localized;
use crate::timestamp::Date;

/// What a feed is of.
pub struct Channel<'a> {
    pub title: &'a Localized,
    pub description: &'a Localized,
    /// The page it belongs to.
    pub page: SitePath,
    pub path: SitePath,
    /// Episodes, the latest first.
    pub episodes: &'a [usize],
    pub image: Option<String>,
}

type Xml = Writer<Vec<u8>>;

fn xml() -> Result<Xml, io::Error> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    Ok(writer)
}

/// A text without the characters that XML 1.0 has no way to write.
fn clean(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(forbidden) { Cow::Owned(text.replace(forbidden, "")) } else { Cow::Borrowed(text) }
}

fn put(writer: &mut Xml, tag: &str, text: &str) -> io::Result<()> {
    writer.create_element(tag).write_text_content(BytesText::new(&clean(text)))?;
    Ok(())
}

/// A title in all languages, joined as people write it.
fn joined(views: &Views, text: &Localized) -> String {
    let texts: Vec<String> = views.text(text).into_iter().map(|variant| variant.text).collect();
    texts.join(" · ")
}

/// RFC 2822, midnight UTC: the calendar day is all that is known.
fn rfc_2822(date: Date) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = days[date.weekday().to_monday_zero_offset() as usize];
    let month = months[date.month() as usize - 1];
    format!("{day}, {:02} {month} {:04} 00:00:00 +0000", date.day(), date.year())
}

/// An RSS 2.0 feed.
pub fn rss(views: &Views, channel: &Channel) -> io::Result<Vec<u8>> {
    let mut writer = xml()?;
    writer
        .create_element("rss")
        .with_attribute(("version", "2.0"))
        .with_attribute(("xmlns:atom", "http://www.w3.org/2005/Atom"))
        .with_attribute(("xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"))
        .with_attribute(("xmlns:podcast", "https://podcastindex.org/namespace/1.0"))
        .write_inner_content(|writer| {
            writer.create_element("channel").write_inner_content(|writer| {
                write_channel(writer, views, channel)?;
                channel.episodes.iter().try_for_each(|episode| write_item(writer, views, *episode))
            })?;
            Ok(())
        })?;
    Ok(finished(writer))
}

fn finished(writer: Xml) -> Vec<u8> {
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

fn write_channel(writer: &mut Xml, views: &Views, channel: &Channel) -> io::Result<()> {
    let title = joined(views, channel.title);
    let description = joined(views, channel.description);
    put(writer, "title", &title)?;
    put(writer, "link", &views.base.absolute(&channel.page))?;
    put(writer, "description", if description.is_empty() { &title } else { &description })?;
    put(writer, "language", views.archive.langs[0].as_str())?;
    put(writer, "generator", "diglot")?;
    writer
        .create_element("atom:link")
        .with_attribute(("href", views.base.absolute(&channel.path).as_str()))
        .with_attribute(("rel", "self"))
        .with_attribute(("type", "application/rss+xml"))
        .write_empty()?;
    if let Some(image) = &channel.image {
        writer.create_element("itunes:image").with_attribute(("href", image.as_str())).write_empty()?;
    }
    Ok(())
}

fn write_item(writer: &mut Xml, views: &Views, episode: usize) -> io::Result<()> {
    let digest = &views.archive.episodes[episode];
    let facts = &digest.facts;
    let page = views.archive.episode_path(episode);
    let url = views.base.absolute(&page);
    writer.create_element("item").write_inner_content(|writer| {
        put(writer, "title", &joined(views, &facts.title))?;
        put(writer, "link", &url)?;
        writer
            .create_element("guid")
            .with_attribute(("isPermaLink", if facts.guid.is_some() { "false" } else { "true" }))
            .write_text_content(BytesText::new(&clean(facts.guid.as_deref().unwrap_or(&url))))?;
        if let Some(date) = facts.date {
            put(writer, "pubDate", &rfc_2822(date))?;
        }
        let summary: Vec<String> =
            views.text(&facts.summary).into_iter().map(|variant| variant.text).collect();
        if !summary.is_empty() {
            put(writer, "description", &summary.join("\n\n"))?;
        }
        for (tag, number) in [("itunes:season", facts.season), ("itunes:episode", facts.number)] {
            if let Some(number) = number {
                put(writer, tag, &number.to_string())?;
            }
        }
        if let Some(length) = facts.duration {
            put(writer, "itunes:duration", &(length.0 / 1000).to_string())?;
        }
        for tag in &facts.tags {
            put(writer, "category", tag)?;
        }
        if let Some(audio) = digest.audio.first() {
            let address = audio.media.absolute(views.base, &page);
            writer
                .create_element("enclosure")
                .with_attribute(("url", address.as_str()))
                .with_attribute(("length", "0"))
                .with_attribute(("type", audio_type(&address)))
                .write_empty()?;
        }
        for file in views.announced(digest) {
            write_transcript(writer, &views.base.absolute(&page.beside(&file.name)), &file)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A tag of the podcast namespace: where a transcript is, and in which form and language.
fn write_transcript(writer: &mut Xml, url: &str, file: &TranscriptFile) -> io::Result<()> {
    let mut tag = writer
        .create_element("podcast:transcript")
        .with_attribute(("url", url))
        .with_attribute(("type", file.format.media_type()));
    if let Some(lang) = &file.lang {
        tag = tag.with_attribute(("language", lang.as_str()));
    }
    if file.format.needs_times() {
        tag = tag.with_attribute(("rel", "captions"));
    }
    tag.write_empty()?;
    Ok(())
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

/// The sitemap of some pages, each with the day it was published where it has one.
pub fn sitemap(views: &Views, pages: &[(SitePath, Option<Date>)]) -> io::Result<Vec<u8>> {
    let mut writer = xml()?;
    writer
        .create_element("urlset")
        .with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"))
        .write_inner_content(|writer| {
            pages.iter().try_for_each(|(path, date)| {
                writer.create_element("url").write_inner_content(|writer| {
                    put(writer, "loc", &views.base.absolute(path))?;
                    date.iter().try_for_each(|date| put(writer, "lastmod", &date.to_string()))
                })?;
                Ok(())
            })
        })?;
    Ok(finished(writer))
}

/// `robots.txt`: everything may be read.
pub fn robots(views: &Views) -> String {
    let sitemap = views.base.absolute(&SitePath::file("sitemap.xml"));
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")
}
