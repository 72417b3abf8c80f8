//! RSS 2.0 with the tags of iTunes and of the podcast namespace. Never has a tag that the author
//! gave nothing for, but those that directories ask for.

use std::io;

use super::chapters::{CHAPTERS, CHAPTERS_TYPE};
use super::guid::guid;
use super::persons::write_persons;
use super::xml::{Xml, around, document, put, put_empty, put_some, put_with};
use super::{Channel, audio_type};
use crate::channel::{Category, FeedSettings, ItemSettings, License};
use crate::digest::Digest;
use crate::media::Recording;
use crate::render::captions::TranscriptFile;
use crate::render::views::Views;
use crate::slug::SitePath;
use crate::timestamp::Date;

const NAMESPACES: [(&str, &str); 4] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("xmlns:podcast", "https://podcastindex.org/namespace/1.0"),
];

/// The feed at `path`.
pub fn rss(views: &Views, channel: &Channel, path: &SitePath) -> io::Result<Vec<u8>> {
    document("rss", &NAMESPACES, |writer| {
        around(writer, "channel", &[], |writer| {
            write_channel(writer, views, channel, path)?;
            channel.episodes.iter().try_for_each(|episode| write_item(writer, views, channel, *episode))
        })
    })
}

fn write_channel(writer: &mut Xml, views: &Views, channel: &Channel, path: &SitePath) -> io::Result<()> {
    let Channel { title, description, settings, .. } = channel;
    let (address, link) = (views.base.absolute(path), views.base.absolute(&channel.page));
    put(writer, "title", title)?;
    put(writer, "link", &link)?;
    put(writer, "description", if description.is_empty() { title } else { description })?;
    put(writer, "language", channel.lang.as_str())?;
    put_some(writer, "copyright", settings.copyright.as_ref().map(|text| views.joined(text)).as_deref())?;
    let latest = channel.episodes.iter().filter_map(|episode| views.archive.episodes[*episode].facts.date);
    if let Some(latest) = latest.max() {
        put(writer, "pubDate", &rfc_2822(latest))?;
    }
    put(writer, "generator", "diglot")?;
    let own = [("href", address.as_str()), ("rel", "self"), ("type", "application/rss+xml")];
    put_empty(writer, "atom:link", &own)?;
    if let Some(image) = &channel.image {
        around(writer, "image", &[], |writer| {
            put(writer, "url", image)?;
            put(writer, "title", title)?;
            put(writer, "link", &link)
        })?;
    }
    write_itunes(writer, channel)?;
    if views.base.is_absolute() {
        put(writer, "podcast:guid", &settings.guid.clone().unwrap_or_else(|| guid(&address)))?;
    }
    put_some(writer, "podcast:medium", settings.medium.as_deref())?;
    if let Some(locked) = settings.locked {
        let owner = settings.owner.as_ref().map(|owner| ("owner", owner.email.as_str()));
        put_with(writer, "podcast:locked", owner.as_slice(), if locked { "yes" } else { "no" })?;
    }
    write_license(writer, settings.license.as_ref())?;
    write_persons(writer, &channel.persons)
}

fn write_itunes(writer: &mut Xml, channel: &Channel) -> io::Result<()> {
    let settings = &channel.settings;
    put_some(writer, "itunes:author", Some(&channel.author))?;
    if let Some(owner) = &settings.owner {
        around(writer, "itunes:owner", &[], |writer| {
            put(writer, "itunes:name", owner.name.as_ref().unwrap_or(&channel.author))?;
            put(writer, "itunes:email", &owner.email)
        })?;
    }
    if let Some(image) = &channel.image {
        put_empty(writer, "itunes:image", &[("href", image)])?;
    }
    settings.categories.iter().try_for_each(|category| write_category(writer, *category))?;
    put(writer, "itunes:explicit", if settings.explicit.unwrap_or(false) { "true" } else { "false" })?;
    put(writer, "itunes:type", settings.kind.as_deref().unwrap_or("episodic"))?;
    for (tag, is_set) in [("itunes:complete", settings.complete), ("itunes:block", settings.block)] {
        put_some(writer, tag, is_set.then_some("Yes"))?;
    }
    Ok(())
}

fn write_category(writer: &mut Xml, category: Category) -> io::Result<()> {
    match category.below {
        None => put_empty(writer, "itunes:category", &[("text", category.name)]),
        Some(above) => around(writer, "itunes:category", &[("text", above)], |writer| {
            put_empty(writer, "itunes:category", &[("text", category.name)])
        }),
    }
}

fn write_license(writer: &mut Xml, license: Option<&License>) -> io::Result<()> {
    let Some(License { name, url }) = license else { return Ok(()) };
    let url = url.as_ref().map(|url| ("url", url.as_str()));
    put_with(writer, "podcast:license", url.as_slice(), name)
}

fn write_item(writer: &mut Xml, views: &Views, channel: &Channel, episode: usize) -> io::Result<()> {
    let digest = &views.archive.episodes[episode];
    let facts = &digest.facts;
    let page = views.archive.episode_path(episode);
    let url = views.base.absolute(&page);
    around(writer, "item", &[], |writer| {
        put(writer, "title", &views.joined(&facts.title))?;
        put(writer, "link", &url)?;
        let is_link = if facts.guid.is_some() { "false" } else { "true" };
        put_with(writer, "guid", &[("isPermaLink", is_link)], facts.guid.as_deref().unwrap_or(&url))?;
        if let Some(date) = facts.date {
            put(writer, "pubDate", &rfc_2822(date))?;
        }
        put_some(writer, "description", Some(&views.lines(&facts.summary.get().unwrap_or_default())))?;
        for (tag, number) in [("itunes:season", facts.season), ("itunes:episode", facts.number)] {
            put_some(writer, tag, number.map(|number| number.to_string()).as_deref())?;
        }
        if let Some(length) = facts.duration {
            put(writer, "itunes:duration", &(length.0 / 1000).to_string())?;
        }
        if let Some(cover) = &digest.cover {
            put_empty(writer, "itunes:image", &[("href", &cover.absolute(views.base, &page))])?;
        }
        facts.tags.iter().try_for_each(|tag| put(writer, "category", tag))?;
        write_recordings(writer, views, digest, &page)?;
        for file in views.announced(digest) {
            write_transcript(writer, &views.base.absolute(&page.beside(&file.name)), &file)?;
        }
        if let Some(address) = views.chapters_address(digest, &page) {
            put_empty(writer, "podcast:chapters", &[("url", &address), ("type", CHAPTERS_TYPE)])?;
        }
        let show = &views.archive.shows[views.archive.show_of[episode]].plan;
        write_own(writer, facts.feed.as_deref(), &show.feed, &channel.settings)?;
        let own = &show.feed.persons;
        let credits = if own.is_empty() { &channel.settings.persons } else { own };
        write_persons(writer, &views.parts_of_episode(digest, &show.hosts, credits))
    })
}

/// What the author says of this episode to feeds alone. What its show says stands here where the
/// feed, being of all shows, says something else.
fn write_own(
    writer: &mut Xml,
    item: Option<&ItemSettings>,
    show: &FeedSettings,
    feed: &FeedSettings,
) -> io::Result<()> {
    put_some(writer, "itunes:episodeType", item.and_then(|item| item.kind.as_deref()))?;
    let of_show = show.explicit.filter(|_| show.explicit != feed.explicit);
    if let Some(explicit) = item.and_then(|item| item.explicit).or(of_show) {
        put(writer, "itunes:explicit", if explicit { "true" } else { "false" })?;
    }
    put_some(writer, "itunes:block", item.is_some_and(|item| item.block).then_some("Yes"))?;
    let of_show = show.license.as_ref().filter(|_| show.license != feed.license);
    write_license(writer, item.and_then(|item| item.license.as_ref()).or(of_show))
}

/// The first recording is the item's enclosure; where there are more, each is named with its
/// language.
fn write_recordings(writer: &mut Xml, views: &Views, digest: &Digest, page: &SitePath) -> io::Result<()> {
    let address = |recording: &Recording| recording.media.absolute(views.base, page);
    let Some(first) = digest.audio.first() else { return Ok(()) };
    // The attribute must be there: 0 says that the length is not known.
    let length = first.size.unwrap_or(0).to_string();
    let url = address(first);
    put_empty(writer, "enclosure", &[("url", &url), ("length", &length), ("type", audio_type(&url))])?;
    if digest.audio.len() < 2 {
        return Ok(());
    }
    for (index, recording) in digest.audio.iter().enumerate() {
        let url = address(recording);
        let size = recording.size.map(|size| size.to_string());
        let mut attributes = vec![("type", audio_type(&url))];
        attributes.extend(size.as_deref().map(|size| ("length", size)));
        if let Some(lang) = &recording.lang {
            attributes.extend([("lang", lang.as_str()), ("title", lang.name())]);
        }
        attributes.extend((index == 0).then_some(("default", "true")));
        around(writer, "podcast:alternateEnclosure", &attributes, |writer| {
            put_empty(writer, "podcast:source", &[("uri", &url)])
        })?;
    }
    Ok(())
}

/// A tag of the podcast namespace: where a transcript is, and in which form and language.
fn write_transcript(writer: &mut Xml, url: &str, file: &TranscriptFile) -> io::Result<()> {
    let mut attributes = vec![("url", url), ("type", file.format.media_type())];
    attributes.extend(file.lang.as_ref().map(|lang| ("language", lang.as_str())));
    attributes.extend(file.format.needs_times().then_some(("rel", "captions")));
    put_empty(writer, "podcast:transcript", &attributes)
}

impl Views<'_> {
    /// Where the chapters of an episode are: in a file of ours, or where the author says.
    fn chapters_address(&self, digest: &Digest, page: &SitePath) -> Option<String> {
        let listed = digest.facts.feed.as_ref().is_some_and(|feed| !feed.chapters.is_empty());
        let ours = listed.then(|| self.base.absolute(&page.beside(CHAPTERS)));
        ours.or_else(|| digest.chapters.as_ref().map(|file| file.absolute(self.base, page)))
    }
}

/// RFC 2822, midnight UTC: the calendar day is all that is known.
fn rfc_2822(date: Date) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = days[date.weekday().to_monday_zero_offset() as usize];
    let month = months[date.month() as usize - 1];
    format!("{day}, {:02} {month} {:04} 00:00:00 +0000", date.day(), date.year())
}
