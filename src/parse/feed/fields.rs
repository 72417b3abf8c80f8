//! What the elements of a feed mean. Never looks beyond one element and the item it stands in.

use super::reader::{Element, FeedReader, Space};
use super::values::{day, length, number, web_address};
use super::{FeedItem, FeedPerson, FeedTranscript, LISTED};
use crate::lang::Lang;
use crate::parse::html::{one_line, unescaped};
use crate::text::{shortened, without_controls};

/// How long a tag or a name may be, in characters.
pub const NAME: usize = 128;

/// A text that is one line: a title, a name.
pub fn line(text: &str) -> String {
    // Many feeds escape their titles twice.
    one_line(&unescaped(text))
}

pub fn long(text: &str) -> String {
    without_controls(text.trim()).into_owned()
}

impl FeedReader<'_> {
    pub fn channel_field(&mut self, element: Element) {
        if self.is_atom && element.space == Space::Atom {
            return self.atom_feed_field(&element);
        }
        let text = element.text.as_str();
        let feed = &mut self.feed;
        match (element.space, element.name.as_str()) {
            (Space::Rss, "title") => set(&mut feed.title, line(text)),
            (Space::Rss, "description") => set(&mut feed.description, long(text)),
            (Space::Itunes, "summary") if feed.description.is_empty() => feed.description = long(text),
            (Space::Itunes, "author") => set(&mut feed.author, shortened(&line(text), NAME)),
            (Space::Rss | Space::Dublin, "language") => self.feed.language = self.language(text, &element),
            (Space::Rss, "link") => self.feed.link = self.address(text, &element),
            (Space::Atom, "link") if element.attribute("rel") == "self" => {
                self.feed.address = self.address(element.attribute("href"), &element);
            }
            (Space::Itunes, "image") => self.channel_image(&element),
            (Space::Podcast, "person") => {
                let person = self.person(&element);
                push(&mut self.feed.people, person);
            }
            (Space::Podcast, "funding") => {
                let address = self.address(element.attribute("url"), &element);
                let funding = address.map(|address| (line(text), address));
                push(&mut self.feed.funding, funding);
            }
            _ => {}
        }
    }

    pub fn channel_image(&mut self, element: &Element) {
        if let Some(image) = self.image(element)
            && (self.feed.image.is_none() || element.space == Space::Itunes)
        {
            self.feed.image = Some(image);
        }
    }

    pub fn item_field(&mut self, element: Element) {
        let text = element.text.as_str();
        let Some(mut item) = self.item.take() else { return };
        match (element.space, element.name.as_str()) {
            (Space::Atom, _) if self.is_atom => self.atom_entry_field(&mut item, &element),
            (Space::Rss, "title") => set(&mut item.title, line(text)),
            (Space::Itunes, "title") if item.title.is_empty() => item.title = line(text),
            (Space::Rss, "guid") => set(&mut item.guid, one_line(text)),
            (Space::Rss, "link") => item.link = self.address(text, &element),
            (Space::Rss, "pubdate") | (Space::Dublin, "date") if item.date.is_none() => {
                item.date = self.value(text, &element, day);
            }
            (Space::Rss, "description") => set(&mut item.description, long(text)),
            (Space::Content, "encoded") => set(&mut item.content, long(text)),
            (Space::Itunes, "summary") => set(&mut item.summary, long(text)),
            (Space::Itunes, "subtitle") => set(&mut item.subtitle, line(text)),
            (Space::Itunes, "author") => set(&mut item.author, shortened(&line(text), NAME)),
            (Space::Itunes, "duration") => item.duration = self.value(text, &element, length),
            (Space::Itunes | Space::Podcast, "season") if item.season.is_none() => {
                item.season = self.value(text, &element, number);
            }
            (Space::Itunes | Space::Podcast, "episode") if item.number.is_none() => {
                item.number = self.value(text, &element, number);
            }
            (Space::Itunes, "image") => item.image = self.image(&element),
            (Space::Itunes, "keywords") => item.tags.extend(text.split(',').filter_map(tag).take(LISTED)),
            (Space::Rss, "category") => push(&mut item.tags, tag(text)),
            (Space::Itunes, "category") => push(&mut item.tags, tag(element.attribute("text"))),
            (Space::Rss, "enclosure") if item.audio.is_none() => {
                item.audio = self.address(element.attribute("url"), &element);
                // Feeds write 0 for what they do not know.
                item.audio_size = element.attribute("length").trim().parse().ok().filter(|size| *size > 0);
            }
            (Space::Podcast, "person") => push(&mut item.people, self.person(&element)),
            (Space::Podcast, "transcript") => push(&mut item.transcripts, self.transcript(&element)),
            _ => {}
        }
        self.item = Some(item);
    }

    /// Takes the item up, if it can be told from all others.
    pub fn close_item(&mut self) {
        let Some(mut item) = self.item.take() else { return };
        // Two items with one recording are one, whatever else they say.
        let otherwise = match &item.audio {
            Some(audio) => vec![audio.clone()],
            None => item.link.iter().chain([&item.title]).cloned().collect(),
        };
        let mut names = vec![item.guid.clone()];
        names.extend(otherwise);
        names.retain(|name| !name.is_empty());
        let Some(first) = names.first() else {
            let message = "this item has no guid, recording, link or title: it is left out";
            return self.warn("feed-item-nameless", message.to_owned(), item.span);
        };
        let own = names.iter().find(|name| !self.identities.contains(*name));
        if own != Some(first) {
            self.report_twice(first, own, &item);
        }
        if let Some(own) = own {
            self.identities.insert(own.clone());
            item.identity = own.clone();
            item.tags.truncate(LISTED);
            self.feed.items.push(item);
        }
    }

    fn report_twice(&self, first: &str, own: Option<&String>, item: &FeedItem) {
        let does = match own {
            Some(own) => format!("this one is told by `{}`", shortened(own, 80)),
            None => "the second one is left out".to_owned(),
        };
        let message = format!("two items are called `{}`: {does}", shortened(first, 80));
        self.warn("feed-guid-twice", message, item.span.clone());
    }

    fn person(&self, element: &Element) -> Option<FeedPerson> {
        let name = shortened(&line(&element.text), NAME);
        let role = element.attribute("role").trim().to_lowercase();
        (!name.is_empty()).then(|| FeedPerson {
            name,
            role: if role.is_empty() { "host".to_owned() } else { role },
            image: self.address(element.attribute("img"), element),
            link: self.address(element.attribute("href"), element),
        })
    }

    fn transcript(&self, element: &Element) -> Option<FeedTranscript> {
        let url = one_line(element.attribute("url"));
        let tag = element.attribute("language");
        (!url.is_empty()).then(|| FeedTranscript {
            span: element.span.clone(),
            url,
            kind: one_line(element.attribute("type")).to_ascii_lowercase(),
            language: self.language(tag, element),
        })
    }

    fn image(&self, element: &Element) -> Option<String> {
        let named = [element.attribute("href"), element.attribute("url"), element.text.trim()];
        let address = named.into_iter().find(|address| !address.is_empty())?;
        self.address(address, element)
    }

    pub fn language(&self, text: &str, element: &Element) -> Option<Lang> {
        self.value(text, element, |text| Lang::parse(&text.trim().replace('_', "-")).ok())
    }

    pub fn address(&self, text: &str, element: &Element) -> Option<String> {
        self.value(text, element, web_address)
    }

    /// What a text says; one that says nothing that is understood is reported.
    pub fn value<T>(&self, text: &str, element: &Element, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = read(text);
        if found.is_none() && !text.trim().is_empty() {
            let shown = shortened(&one_line(text), 60);
            let message = format!("`{shown}` in <{}> is not understood, and left out", element.name);
            self.warn("feed-value", message, element.span.clone());
        }
        found
    }
}

/// The first value that an element is given stays.
pub fn set(field: &mut String, value: String) {
    if field.is_empty() {
        *field = value;
    }
}

pub fn push<T>(list: &mut Vec<T>, value: Option<T>) {
    if list.len() < LISTED {
        list.extend(value);
    }
}

pub fn tag(text: &str) -> Option<String> {
    let tag = line(text);
    (!tag.is_empty() && tag.chars().count() <= NAME).then_some(tag)
}
