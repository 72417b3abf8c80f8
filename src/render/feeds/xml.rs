//! What feeds and sitemaps share of XML. Drops the characters that XML forbids.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::render::views::one_line;

pub type Xml = Writer<Vec<u8>>;

/// A document with one element at its root, which has these attributes.
pub fn document(
    root: &str,
    attributes: &[(&str, &str)],
    inside: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    around(&mut writer, root, attributes, inside)?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// An element around others.
pub fn around(
    writer: &mut Xml,
    tag: &str,
    attributes: &[(&str, &str)],
    inside: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let cleaned: Vec<(&str, String)> = cleaned(attributes);
    let element = writer.create_element(tag);
    element.with_attributes(pairs(&cleaned)).write_inner_content(inside)?;
    Ok(())
}

/// An element with a text.
pub fn put(writer: &mut Xml, tag: &str, text: &str) -> io::Result<()> {
    put_with(writer, tag, &[], text)
}

/// An element with attributes and a text.
pub fn put_with(writer: &mut Xml, tag: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let cleaned = cleaned(attributes);
    let element = writer.create_element(tag).with_attributes(pairs(&cleaned));
    element.write_text_content(BytesText::new(&clean(text)))?;
    Ok(())
}

/// An element with a text, where there is one.
pub fn put_some(writer: &mut Xml, tag: &str, text: Option<&str>) -> io::Result<()> {
    text.filter(|text| !text.is_empty()).map_or(Ok(()), |text| put(writer, tag, text))
}

/// An element of nothing but attributes.
pub fn put_empty(writer: &mut Xml, tag: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    let cleaned = cleaned(attributes);
    writer.create_element(tag).with_attributes(pairs(&cleaned)).write_empty()?;
    Ok(())
}

/// Whoever reads an attribute makes spaces of its line breaks.
fn cleaned<'a>(attributes: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    attributes.iter().map(|(name, value)| (*name, one_line(&clean(value)))).collect()
}

fn pairs<'a>(attributes: &'a [(&'a str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

/// A text without the characters that XML 1.0 has no way to write.
fn clean(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(forbidden) { Cow::Owned(text.replace(forbidden, "")) } else { Cow::Borrowed(text) }
}
