//! XML events → a feed: which element stands where, and the text of each. Never knows what an
//! element means.

use std::collections::HashSet;

use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

use super::atom::{self, ENTRY, ROOT};
use super::{DEPTH, FeedDocument, FeedItem, ITEMS, LONG_TEXT, SHORT_TEXT};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::table::Findings;

/// Which vocabulary an element is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    Rss,
    Itunes,
    Podcast,
    Content,
    Dublin,
    Atom,
    Other,
}

/// An element with its attributes and, once it ends, its text.
#[derive(Debug)]
pub struct Element {
    pub space: Space,
    /// In lower case, without a prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    pub text: String,
    pub span: Span,
    cut: bool,
}

impl Element {
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    pub fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// Whether its text may be long, and may hold elements of its own.
    fn is_long(&self) -> bool {
        matches!(
            (self.space, self.name.as_str()),
            (Space::Rss, "description") | (Space::Content, "encoded") | (Space::Itunes, "summary")
        ) || (self.space == Space::Atom && atom::is_long(self))
    }
}

/// How many attributes of an element are looked at.
const ATTRIBUTES: usize = 16;

/// A feed that is being read.
pub struct FeedReader<'a> {
    pub source: &'a Source,
    pub findings: &'a Findings,
    pub feed: FeedDocument,
    pub item: Option<FeedItem>,
    pub identities: HashSet<String>,
    stack: Vec<Element>,
    /// How many elements are open within a text that should have none.
    markup: usize,
    /// Whether a feed has begun.
    is_feed: bool,
    /// Whether it is an Atom feed.
    pub is_atom: bool,
    told: Vec<&'static str>,
}

/// Reads a feed; nothing, and an error, where it is none.
pub fn read_feed(source: &Source, findings: &Findings) -> Option<FeedDocument> {
    let mut reader = FeedReader {
        source,
        findings,
        feed: FeedDocument::default(),
        item: None,
        identities: HashSet::new(),
        stack: Vec::new(),
        markup: 0,
        is_feed: false,
        is_atom: false,
        told: Vec::new(),
    };
    reader.read_all().then_some(reader.feed)
}

impl FeedReader<'_> {
    /// Reads to the end; false where an error has been reported.
    fn read_all(&mut self) -> bool {
        let source = self.source;
        let mut xml = NsReader::from_str(&source.text);
        xml.config_mut().expand_empty_elements = true;
        xml.config_mut().allow_dangling_amp = true;
        loop {
            let before = xml.buffer_position() as usize;
            let event = match xml.read_event() {
                Ok(Event::Eof) => return self.end(),
                Ok(event) => event,
                Err(error) => {
                    let at = xml.error_position() as usize;
                    return self.broken(at, &error.to_string());
                }
            };
            let span = before..xml.buffer_position() as usize;
            let goes_on = match event {
                Event::Start(start) => {
                    let (space, _) = xml.resolver().resolve_element(start.name());
                    let space = space_of(&space, &start);
                    self.start(space, &start, span)
                }
                Event::End(end) => self.close(end.name().as_ref(), span.end),
                Event::Text(text) => self.text(&text, false),
                Event::CData(text) => self.text(&text, false),
                Event::GeneralRef(entity) => self.entity(&entity, span),
                Event::DocType(_) => self.doctype(span),
                _ => true,
            };
            if !goes_on {
                return false;
            }
        }
    }

    fn start(&mut self, space: Space, start: &BytesStart, span: Span) -> bool {
        if self.stack.len() + self.markup >= DEPTH {
            return self.fail(
                "feed-limit",
                format!("elements lie in each other more than {DEPTH} deep"),
                span,
            );
        }
        let name = start.local_name().as_ref().to_ascii_lowercase();
        if self.stack.is_empty() && !self.is_feed {
            if !matches!(name.as_str(), "rss" | "rdf" | ROOT) {
                return self.no_feed(&name, span);
            }
            self.is_feed = true;
            self.is_atom = name == ROOT;
        }
        // Without a prefix, elements are of the feed's own vocabulary.
        let space = if self.is_atom && space == Space::Rss { Space::Atom } else { space };
        if self.markup > 0 || self.stack.last().is_some_and(Element::is_long) {
            self.markup += 1;
            let tag = format!("<{}>", &**start);
            return self.text(&tag, true);
        }
        if self.is_item(space, &name) && self.item.is_none() {
            self.feed.item_count += 1;
            if self.feed.item_count > ITEMS {
                let message = format!("a feed of more than {ITEMS} items is not read");
                return self.fail("feed-limit", message, span);
            }
            self.item = Some(FeedItem { span: span.clone(), ..FeedItem::default() });
        }
        let attributes = attributes_of(start);
        let element = Element { space, name, attributes, text: String::new(), span, cut: false };
        if self.is_atom && self.stack.is_empty() {
            self.feed.language = self.language(element.attribute("lang"), &element);
        }
        self.stack.push(element);
        true
    }

    fn is_item(&self, space: Space, name: &str) -> bool {
        if self.is_atom {
            space == Space::Atom && name == ENTRY
        } else {
            space == Space::Rss && name == "item"
        }
    }

    fn close(&mut self, name: &str, end: usize) -> bool {
        if self.markup > 0 {
            self.markup -= 1;
            return self.text(&format!("</{name}>"), true);
        }
        let Some(mut element) = self.stack.pop() else { return true };
        element.span.end = end;
        if element.cut {
            let message = format!("the text of <{}> is longer than is taken, and cut", element.name);
            self.warn("feed-text-cut", message, element.span.clone());
        }
        let parents: Vec<&str> = self.stack.iter().rev().take(2).map(|parent| parent.name.as_str()).collect();
        match (&self.item, parents.as_slice()) {
            _ if self.is_item(element.space, &element.name) => self.close_item(),
            (Some(_), [ENTRY, ..]) if self.is_atom => self.item_field(element),
            (None, [ROOT]) if self.is_atom => self.channel_field(element),
            (_, ["author", ENTRY | ROOT]) if self.is_atom && element.is(Space::Atom, "name") => {
                self.atom_author(&element);
            }
            (Some(_), ["item", ..]) => self.item_field(element),
            (None, ["channel", ..]) => self.channel_field(element),
            (None, ["image", "channel"]) if element.is(Space::Rss, "url") => self.channel_image(&element),
            _ => {}
        }
        true
    }

    /// Adds to the text of the open element. What is in elements of its own is HTML already, what
    /// is not was written as text.
    fn text(&mut self, text: &str, is_tag: bool) -> bool {
        let in_markup = self.markup > 0 && !is_tag;
        let Some(element) = self.stack.last_mut() else { return true };
        let most = if element.is_long() { LONG_TEXT } else { SHORT_TEXT };
        let escaped = in_markup.then(|| text.replace('&', "&amp;").replace('<', "&lt;"));
        let text = escaped.as_deref().unwrap_or(text);
        let room = text.floor_char_boundary(most.saturating_sub(element.text.len()));
        element.cut |= room < text.trim_end().len();
        element.text.push_str(&text[..room]);
        true
    }

    /// One character or one name. What a DTD defines is not expanded.
    fn entity(&mut self, entity: &BytesRef, span: Span) -> bool {
        let name: &str = entity;
        let meant = match entity.resolve_char_ref() {
            Ok(Some(character)) => Some(character.to_string()),
            Ok(None) => resolve_html5_entity(name).map(str::to_owned),
            Err(_) => None,
        };
        if let Some(meant) = meant {
            return self.text(&meant, false);
        }
        if !self.told.contains(&"feed-entity") {
            self.told.push("feed-entity");
            let shown = crate::text::shortened(name, 40);
            self.warn("feed-entity", format!("`&{shown};` stands for nothing, and stays as it is"), span);
        }
        let whole = format!("&{name};");
        self.text(&whole, false)
    }

    fn doctype(&mut self, span: Span) -> bool {
        let message = "the feed brings a document type, which is passed over";
        let start = span.start..span.start + 9;
        self.warn("feed-dtd", message.to_owned(), start);
        true
    }

    fn end(&mut self) -> bool {
        if !self.is_feed {
            return self.no_xml();
        }
        if let Some(open) = self.stack.first() {
            let (name, span) = (open.name.clone(), open.span.clone());
            return self.fail("feed-syntax", format!("the feed is cut off: <{name}> is never closed"), span);
        }
        true
    }

    fn no_feed(&mut self, root: &str, span: Span) -> bool {
        let path = &self.source.path;
        let message = match root {
            "html" => format!("{path} is a web page, not a feed"),
            "opml" => format!("{path} is a list of feeds (OPML), not a feed"),
            _ => format!(
                "{path} is no RSS or Atom feed: it begins with <{}>",
                crate::text::shortened(root, 40)
            ),
        };
        self.fail("feed-form", message, span)
    }

    fn broken(&mut self, at: usize, error: &str) -> bool {
        if !self.is_feed && self.stack.is_empty() && !self.source.text.trim_start().starts_with('<') {
            return self.no_xml();
        }
        let error = crate::text::shortened(error, 200);
        self.fail("feed-syntax", format!("the feed is not well-formed XML: {error}"), at..at + 1)
    }

    fn no_xml(&mut self) -> bool {
        self.fail("feed-form", format!("{} is not a feed: it is no XML", self.source.path), 0..0)
    }

    fn fail(&mut self, code: &'static str, message: String, span: Span) -> bool {
        let help = match code {
            "feed-form" => "give the address or the file of the podcast's feed",
            "feed-limit" => "see that it is the feed it should be; nothing is imported from it",
            _ => "nothing is imported from it: see that it is whole, or tell its publisher",
        };
        let finding = Diagnostic::error(code, message).at(self.source.place(span)).help(help);
        self.findings.borrow_mut().push(finding);
        false
    }

    pub fn warn(&self, code: &'static str, message: String, span: Span) {
        let finding = Diagnostic::warning(code, message).at(self.source.place(span));
        self.findings.borrow_mut().push(finding);
    }
}

fn attributes_of(start: &BytesStart) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // Comparing each with all before it would take the square of their number.
    for attribute in start.attributes().with_checks(false).take(ATTRIBUTES).flatten() {
        let name = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.unwrap_or_else(|_| attribute.value.clone());
        let end = value.floor_char_boundary(SHORT_TEXT);
        found.push((name, value[..end].to_owned()));
    }
    found
}

fn space_of(resolved: &ResolveResult, start: &BytesStart) -> Space {
    let name = start.name();
    let Some(prefix) = name.prefix() else { return Space::Rss };
    let prefix: &str = prefix.as_ref();
    let uri = match resolved {
        ResolveResult::Bound(namespace) => namespace.0.to_ascii_lowercase(),
        _ => String::new(),
    };
    let known = [
        ("podcast-1.0.dtd", "itunes", Space::Itunes),
        ("podcastindex", "podcast", Space::Podcast),
        ("modules/content", "content", Space::Content),
        ("purl.org/dc/", "dc", Space::Dublin),
        ("w3.org/2005/atom", "atom", Space::Atom),
        ("purl.org/atom/ns", "atom", Space::Atom),
        ("netscape.com/rdf", "rss", Space::Rss),
        ("purl.org/rss/1.0/", "rss", Space::Rss),
    ];
    let by_uri = known.iter().find(|(part, ..)| uri.contains(part));
    let by_prefix = || known.iter().find(|(_, own, _)| uri.is_empty() && prefix.eq_ignore_ascii_case(own));
    by_uri.or_else(by_prefix).map_or(Space::Other, |(.., space)| *space)
}
