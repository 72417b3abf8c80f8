//! A text → its headings, rules and paragraphs, with the markup taken off their lines. Never tells
//! who speaks.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::times::Times;
use crate::source::Span;
use crate::text::without_controls;
use crate::timestamp::Millis;

pub enum Block {
    Heading { level: HeadingLevel, title: String, span: Span },
    Rule,
    Paragraph(Vec<RawLine>),
}

/// One line of a paragraph without its markup.
#[derive(Default, Clone)]
pub struct RawLine {
    pub text: String,
    pub span: Span,
    /// Where a run of strong text starts and ends that nothing but a time stands before.
    pub strong: Option<Span>,
    /// Whether a backslash ends the line before it: then it is in another language, whatever its
    /// script.
    pub translates: bool,
}

/// How many lines tell whether they open with times.
const TIMED_LINES: usize = 200;

/// Whether the lines of a text open with times that nothing marks: `00:00:12 words`.
fn has_bare_times(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(TIMED_LINES);
    let (count, timed) = lines
        .fold((0, 0), |(count, timed), line| (count + 1, timed + usize::from(bare_time(line).is_some())));
    timed >= 3 && timed * 2 >= count
}

/// A time that a line opens with, and what follows it.
fn bare_time(line: &str) -> Option<(&str, &str)> {
    let (time, rest) = line.split_once(' ')?;
    Millis::parse_clock(time).map(|_| (time, rest.trim_start()))
}

/// A line as those are written whose times and speakers are marked in the usual way.
fn with_marks(line: &str, bare_times: bool) -> String {
    let (time, rest) = match bare_time(line).filter(|_| bare_times) {
        Some((time, rest)) => (Some(time), rest),
        None => (None, line),
    };
    // WebVTT's way of naming a speaker.
    let voice = rest.strip_prefix("<v ").and_then(|rest| rest.split_once('>'));
    let words = match voice {
        Some((name, words)) => format!("{name}: {}", words.trim_start().trim_end_matches("</v>")),
        None => rest.to_owned(),
    };
    match time {
        Some(time) => format!("[{time}] {words}"),
        None => words,
    }
}

pub fn plain_blocks(text: &str) -> Vec<Block> {
    let bare_times = has_bare_times(text);
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            flush(&mut lines, &mut blocks);
        } else {
            let start = at + (line.len() - line.trim_start().len());
            lines.push(RawLine {
                text: with_marks(trimmed, bare_times),
                span: start..start + trimmed.len(),
                ..RawLine::default()
            });
        }
        at += line.len();
    }
    flush(&mut lines, &mut blocks);
    blocks
}

fn flush(lines: &mut Vec<RawLine>, blocks: &mut Vec<Block>) {
    lines.retain(|line| !line.text.trim().is_empty());
    if !lines.is_empty() {
        blocks.push(Block::Paragraph(std::mem::take(lines)));
    }
}

/// The blocks of a Markdown text, whatever they nest in, with the markup of their text removed.
pub fn markdown_blocks(text: &str, links: &mut Vec<(String, String)>) -> Vec<Block> {
    let mut link: Option<(String, usize)> = None;
    let mut blocks = Vec::new();
    let mut lines: Vec<RawLine> = Vec::new();
    let mut strong_from = None;
    for (event, span) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => flush(&mut lines, &mut blocks),
            Event::End(TagEnd::Heading(level)) => {
                let title: Vec<String> = lines.drain(..).map(|line| line.text.trim().to_owned()).collect();
                let title = title.join(" ").trim().to_owned();
                if !title.is_empty() {
                    blocks.push(Block::Heading { level, title, span });
                }
            }
            Event::Rule => {
                flush(&mut lines, &mut blocks);
                blocks.push(Block::Rule);
            }
            Event::Start(
                Tag::Paragraph | Tag::Item | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::BlockQuote(_),
            )
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                flush(&mut lines, &mut blocks);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let from = current(&mut lines, &span).text.len();
                link = Some((dest_url.into_string(), from));
            }
            Event::End(TagEnd::Link) => {
                let text = &current(&mut lines, &span).text;
                if let Some((url, from)) = link.take() {
                    links.push((text.get(from..).unwrap_or(text).trim().to_owned(), url));
                }
            }
            Event::Start(Tag::Strong) => {
                let line = current(&mut lines, &span);
                let before = line.text.as_str();
                let lead = Times::strip(before).1;
                strong_from = lead.trim().is_empty().then_some(line.text.len());
            }
            Event::End(TagEnd::Strong) => {
                let line = current(&mut lines, &span);
                if let Some(from) = strong_from.take().filter(|from| *from <= line.text.len()) {
                    line.strong = Some(from..line.text.len());
                }
            }
            Event::Text(piece) | Event::Code(piece) => {
                // A code block's text comes with its line ends.
                for (index, piece) in without_controls(&piece).split('\n').enumerate() {
                    if index > 0 {
                        lines.push(RawLine { span: span.clone(), ..RawLine::default() });
                    }
                    let line = current(&mut lines, &span);
                    line.text.push_str(piece);
                    line.span.end = span.end;
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                strong_from = None;
                let translates = text[span.clone()].starts_with('\\');
                lines.push(RawLine { span: span.end..span.end, translates, ..RawLine::default() });
            }
            Event::InlineHtml(html) if html.starts_with("<br") => {
                lines.push(RawLine { span: span.end..span.end, ..RawLine::default() })
            }
            Event::Html(html) => {
                let line = current(&mut lines, &span);
                line.text.push_str(&without_tags(&html));
                line.span.end = span.end;
                lines.push(RawLine { span: span.end..span.end, ..RawLine::default() });
            }
            _ => {}
        }
    }
    flush(&mut lines, &mut blocks);
    blocks
}

fn current<'l>(lines: &'l mut Vec<RawLine>, span: &Span) -> &'l mut RawLine {
    if lines.is_empty() {
        lines.push(RawLine { span: span.clone(), ..RawLine::default() });
    }
    lines.last_mut().expect("a line was pushed where there was none")
}

fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    let mut characters = html.trim_end_matches('\n').chars().peekable();
    while let Some(character) = characters.next() {
        let opens = character == '<'
            && characters.peek().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!'));
        if opens {
            in_tag = true;
        } else if in_tag {
            in_tag = character != '>';
        } else {
            text.push(character);
        }
    }
    text
}
