//! What notes may have: elements, attributes, addresses. Whatever else is there goes, and the
//! addresses that went are handed back.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::lang::Lang;
use crate::slug::is_safe_address;

/// What links and images may use, for the sanitiser; `is_safe_address` says the same.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What else raw HTML is known to use. The sanitiser would drop these in silence: it lets them pass
/// to the filter, which refuses them and tells.
const REFUSED_SCHEMES: [&str; 12] = [
    "about",
    "blob",
    "chrome",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "javascript",
    "sms",
    "vbscript",
    "view-source",
];

/// Takes out the links and images whose scheme is not allowed; their texts stay.
pub(super) fn drop_links(events: Vec<Event>) -> (Vec<Event>, Vec<String>) {
    let mut dropped = Vec::new();
    let mut open = Vec::new();
    let kept = events.into_iter().filter(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            let safe = is_safe_address(dest_url);
            if !safe {
                dropped.push(dest_url.to_string());
            }
            open.push(safe);
            safe
        }
        Event::End(TagEnd::Link | TagEnd::Image) => open.pop().unwrap_or(true),
        _ => true,
    });
    let kept = kept.collect();
    (kept, dropped)
}

pub(super) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements whose content goes with them; of all others that are not allowed the text stays.
const EMPTIED: &[&str] = &["iframe", "math", "object", "script", "style", "svg", "template"];

const ATTRIBUTES: &[&str] = &["class", "dir", "id", "lang", "tabindex", "title", "translate"];

const TAG_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("details", &["open"]),
    ("img", &["alt", "height", "src", "width"]),
    ("ol", &["reversed", "start"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Lets through what notes may have, whoever wrote it: the notes' raw HTML or this file.
/// Also gives the addresses that did not get through.
pub(super) fn sanitise(prefix: &str, html: &str) -> (String, Vec<String>) {
    let prefix = prefix.to_owned();
    let tag_attributes = TAG_ATTRIBUTES.iter();
    let tag_attributes = tag_attributes.map(|(tag, names)| (*tag, names.iter().copied().collect()));
    let ids = Mutex::new(HashSet::new());
    let dropped = Arc::new(Mutex::new(Vec::new()));
    let dropping = Arc::clone(&dropped);
    let clean = ammonia::Builder::empty()
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(EMPTIED.iter().copied().collect())
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .tag_attributes(tag_attributes.collect())
        .url_schemes(SCHEMES.into_iter().chain(REFUSED_SCHEMES).collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true)
        .set_tag_attribute_value("img", "loading", "lazy")
        .attribute_filter(move |_, name, value| match name {
            "id" => unique_id(&prefix, value, &ids),
            "href" | "src" if !leads_safely(value) => {
                dropping.lock().unwrap_or_else(PoisonError::into_inner).push(value.to_owned());
                None
            }
            _ => attribute_value(name, value),
        })
        .clean(html)
        .to_string();
    let dropped = std::mem::take(&mut *dropped.lock().unwrap_or_else(PoisonError::into_inner));
    (clean, dropped)
}

/// Whether neither this crate's reading of an address nor a browser's finds a scheme to refuse.
fn leads_safely(address: &str) -> bool {
    let parsed = url::Url::parse(address);
    is_safe_address(address) && parsed.map_or(true, |url| SCHEMES.contains(&url.scheme()))
}

/// An id under a prefix, once.
fn unique_id<'v>(prefix: &str, value: &'v str, ids: &Mutex<HashSet<String>>) -> Option<Cow<'v, str>> {
    if value.is_empty() || value.contains(char::is_whitespace) {
        return None;
    }
    let id: Cow<str> = match value.starts_with(prefix) {
        true => value.into(),
        false => format!("{prefix}{value}").into(),
    };
    let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
    ids.insert(id.to_string()).then_some(id)
}

/// A value that is valid and cannot reach what belongs to the page.
fn attribute_value<'v>(name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let valid = match name {
        "class" => {
            let own = |class: &&str| {
                *class == "hl" || ["hl-", "language-", "notes-"].iter().any(|own| class.starts_with(own))
            };
            let classes: Vec<&str> = value.split_ascii_whitespace().filter(own).collect();
            return (!classes.is_empty()).then(|| classes.join(" ").into());
        }
        "lang" => Lang::parse(value).is_ok(),
        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "tabindex" => matches!(value, "0" | "-1"),
        "translate" => matches!(value, "yes" | "no"),
        "height" | "width" | "colspan" | "rowspan" => value.parse::<u16>().is_ok(),
        _ => true,
    };
    valid.then_some(value.into())
}
