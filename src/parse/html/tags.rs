//! HTML → its texts and tags, as far as they can be told apart. Never builds a tree, never reads a
//! character twice more than a few times, whatever is left open.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text with its entities as they stand.
    Text(&'a str),
    Tag(Tag<'a>),
    /// A comment, declaration or instruction.
    Comment,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// In lower case.
    pub name: String,
    /// `</name>`.
    pub closes: bool,
    /// `<name/>`.
    pub closed: bool,
    attributes: &'a str,
}

/// The pieces of some HTML, one after the other.
pub struct Pieces<'a> {
    html: &'a str,
    at: usize,
    /// No tag ends in what is left: every `<` is text.
    no_more_tags: bool,
}

/// The longest name of an element that is told.
const NAME: usize = 20;

impl<'a> Pieces<'a> {
    pub fn new(html: &'a str) -> Pieces<'a> {
        Pieces { html, at: 0, no_more_tags: false }
    }

    /// Goes on after the end tag of an element, or at the end where there is none.
    pub fn skip_past(&mut self, name: &str) {
        while let Some(found) = memchr::memchr(b'<', &self.html.as_bytes()[self.at..]) {
            self.at += found + 1;
            let rest = &self.html[self.at..];
            let ends = rest.strip_prefix('/').and_then(|rest| rest.get(..name.len()));
            if ends.is_some_and(|own| own.eq_ignore_ascii_case(name)) {
                let end = memchr::memchr(b'>', rest.as_bytes());
                self.at = end.map_or(self.html.len(), |end| self.at + end + 1);
                return;
            }
        }
        self.at = self.html.len();
    }

    fn markup(&mut self) -> Option<Piece<'a>> {
        let rest = &self.html[self.at..];
        let inside = rest.strip_prefix('<')?;
        if self.no_more_tags {
            return None;
        }
        if let Some(comment) = inside.strip_prefix("!--") {
            let end = memchr::memmem::find(comment.as_bytes(), b"-->");
            self.at = end.map_or(self.html.len(), |end| self.at + 4 + end + 3);
            return Some(Piece::Comment);
        }
        let closes = inside.starts_with('/');
        let named = inside.strip_prefix('/').unwrap_or(inside);
        if !inside.starts_with(['!', '?']) && !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let Some(end) = tag_end(inside) else {
            self.no_more_tags = true;
            return None;
        };
        if inside.starts_with(['!', '?']) {
            self.at += 1 + end + 1;
            return Some(Piece::Comment);
        }
        let named = &inside[usize::from(closes)..end];
        let length = named.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(named.len());
        let (name, attributes) = named.split_at(length);
        // Plain text has `<ada@example.org>` and `<https://…>`.
        if name.ends_with(':') || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':')
        {
            return None;
        }
        self.at += 1 + end + 1;
        let closed = attributes.ends_with('/');
        let name = if name.len() > NAME { String::new() } else { name.to_ascii_lowercase() };
        Some(Piece::Tag(Tag { name, closes, closed, attributes }))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.at == self.html.len() {
            return None;
        }
        if let Some(piece) = self.markup() {
            return Some(piece);
        }
        let rest = &self.html[self.at..];
        // A `<` that opens nothing belongs to the text.
        let length = memchr::memchr(b'<', &rest.as_bytes()[1..]).map_or(rest.len(), |found| found + 1);
        let length = rest.ceil_char_boundary(length);
        self.at += length;
        Some(Piece::Text(&rest[..length]))
    }
}

/// Where the `>` of a tag is: not within quotes, unless these are never closed.
fn tag_end(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        if bytes[at] == b'>' {
            return Some(at);
        }
        match memchr::memchr(bytes[at], &bytes[at + 1..]) {
            Some(length) => at += length + 2,
            None => return memchr::memchr(b'>', &bytes[at..]).map(|end| at + end),
        }
    }
}

/// How many attributes of a tag are looked at.
const ATTRIBUTES: usize = 30;

impl Tag<'_> {
    /// Whether it has an attribute, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        let names = self.attributes.split(|c: char| c.is_ascii_whitespace() || c == '/');
        self.attribute(name).is_some() || names.into_iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// The value of an attribute, its entities read.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        for _ in 0..ATTRIBUTES {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let length = rest.find(|c: char| c.is_ascii_whitespace() || c == '=')?;
            let (own, after) = rest.split_at(length);
            let after = after.trim_start();
            let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
                rest = after;
                continue;
            };
            let (value, after) = split_value(value);
            if own.eq_ignore_ascii_case(name) {
                return Some(unescaped(value).into_owned());
            }
            rest = after;
        }
        None
    }
}

fn split_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len()))
}

/// How long the name of an entity is at most.
const ENTITY: usize = 33;

/// The entity at the start of a text: what it stands for, and its length.
pub fn entity(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let bytes = text.as_bytes();
    let length = memchr::memchr(b';', &bytes[1..bytes.len().min(ENTITY)])?;
    let name = text.get(1..1 + length)?;
    let whole = length + 2;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some((char::from_u32(code)?.to_string().into(), whole));
    }
    Some((resolve_html5_entity(name)?.into(), whole))
}

/// A text with its entities read. What names none stays as it is.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return text.into() };
    let mut read = String::with_capacity(text.len());
    read.push_str(&text[..first]);
    let mut rest = &text[first..];
    while !rest.is_empty() {
        let length = match entity(rest) {
            Some((meant, length)) => {
                read.push_str(&meant);
                length
            }
            None => {
                read.push('&');
                1
            }
        };
        rest = &rest[length..];
        let next = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        read.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    read.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_a_browser_ends_them() {
        let names = |html: &str| -> Vec<String> {
            let pieces = Pieces::new(html).filter_map(|piece| match piece {
                Piece::Tag(tag) => Some(tag.name),
                _ => None,
            });
            pieces.collect()
        };
        assert_eq!(names("<A title='>'>x</a><br/>"), ["a", "a", "br"]);
        assert_eq!(names("a < b <3 </ c"), [""; 0]);
        assert_eq!(names("<a title=\"x>y<b>"), ["a", "b"]);
        assert_eq!(names("<a@b.c> <https://d.e> <o:p>"), ["o:p"]);
    }

    #[test]
    fn attributes_are_read_in_every_form() {
        let Some(Piece::Tag(tag)) = Pieces::new("<a B = 'c &amp; d' e=f g href=\"h\">").next() else {
            panic!("a tag is one")
        };
        assert_eq!(tag.attribute("b").as_deref(), Some("c & d"));
        assert_eq!(tag.attribute("e").as_deref(), Some("f"));
        assert_eq!(tag.attribute("href").as_deref(), Some("h"));
        assert_eq!(tag.attribute("g"), None);
    }

    #[test]
    fn entities_are_read_and_others_stay() {
        assert_eq!(unescaped("&lt;&#x4e2d;&hellip;&none;& &amp"), "<中…&none;& &amp");
        assert_eq!(unescaped("&#xD800;&#99999999;"), "&#xD800;&#99999999;");
    }
}
