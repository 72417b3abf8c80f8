//! Transcripts written as turns: `**Name:** text`, `Name (0:12):`, `[0:12] **Name**: text`,
//! `Name: text`, in Markdown or plain text; or as bare paragraphs. Markup is taken off the text.
//! Never takes a break in the recording for a speaker.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use unicode_script::Script;

use super::label::{KnownLabels, NOBODY, is_break, is_generic_label, looks_like_name};
use crate::lang::{is_cjk, telling_script};
use crate::parse::document::{Document, Line, MarkKind};
use crate::source::{Source, Span};
use crate::text::without_controls;
use crate::timestamp::Millis;

/// How the text between labels is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Markdown,
    /// As it stands; every line by itself.
    Plain,
}

/// Whether a plain text file marks its speakers as Markdown does.
pub fn has_marked_labels(text: &str) -> bool {
    let marked = |line: &&str| line.contains("**:") || line.contains(":**") || line.contains("：**");
    text.lines().take(200).filter(marked).count() >= 2
}

/// Headings that say that the transcript begins, in lower case.
const TRANSCRIPT_HEADINGS: &[&str] = &[
    "transcript",
    "transcription",
    "full transcript",
    "文字稿",
    "逐字稿",
    "中文文稿",
    "英文原文",
    "字幕",
    "双语字幕",
    "对话",
    "文稿",
];

/// A longer line is no wrapped line: it stands for itself.
const WRAP_WIDTH: usize = 100;

/// Reads the turns in `body` of `source`.
pub fn parse_turns<'s>(
    source: &'s Source,
    body: Span,
    syntax: Syntax,
    known_labels: &KnownLabels,
) -> Document<'s> {
    let text = &source.text[body.clone()];
    let mut document = Document::default();
    let mut blocks = match syntax {
        Syntax::Markdown => markdown_blocks(text, &mut document.links),
        Syntax::Plain => plain_blocks(text),
    };
    take_title(&mut blocks, &mut document);
    take_notes(&mut blocks, text, &mut document);
    let labels = Labels::of(&blocks, known_labels);
    let mut turns = Turns {
        document,
        offset: body.start,
        labels: &labels,
        speaker: None,
        time: Times::default(),
        unlabelled: Vec::new(),
        scripts: Vec::new(),
    };
    for block in &blocks {
        match block {
            Block::Heading { title, .. } => turns.section(title),
            Block::Rule => turns.document.mark(MarkKind::Break),
            Block::Paragraph(lines) => turns.paragraph(lines, syntax),
        }
    }
    let Turns { document, unlabelled, .. } = turns;
    join_alternating(document, &unlabelled)
}

enum Block {
    Heading { level: HeadingLevel, title: String, span: Span },
    Rule,
    Paragraph(Vec<RawLine>),
}

/// One line of a paragraph without its markup.
#[derive(Default, Clone)]
struct RawLine {
    text: String,
    span: Span,
    /// Where a run of strong text starts and ends that nothing but a time stands before.
    strong: Option<Span>,
    /// Whether a backslash ends the line before it: then it is in another language, whatever its
    /// script.
    translates: bool,
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

fn plain_blocks(text: &str) -> Vec<Block> {
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
fn markdown_blocks(text: &str, links: &mut Vec<(String, String)>) -> Vec<Block> {
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

/// The one first-level heading on top of a text is the episode's title.
fn take_title(blocks: &mut Vec<Block>, document: &mut Document) {
    let is_title = |block: &Block| matches!(block, Block::Heading { level: HeadingLevel::H1, .. });
    if blocks.first().is_some_and(is_title)
        && blocks.iter().filter(|block| is_title(block)).count() == 1
        && let Block::Heading { title, .. } = blocks.remove(0)
        && !is_transcript_heading(&title)
    {
        document.page.titles.push(title);
    }
}

fn is_transcript_heading(title: &str) -> bool {
    TRANSCRIPT_HEADINGS.contains(&title.trim_end_matches([':', '：']).to_lowercase().as_str())
}

/// What stands before the heading that opens the transcript are notes.
fn take_notes(blocks: &mut Vec<Block>, text: &str, document: &mut Document) {
    let opening = blocks
        .iter()
        .position(|block| matches!(block, Block::Heading { title, .. } if is_transcript_heading(title)));
    let Some(index) = opening else {
        return;
    };
    if let Block::Heading { span, .. } = &blocks[index] {
        let mut before = text[..span.start].trim();
        if !document.page.titles.is_empty() {
            // The title's own heading is not repeated in the notes.
            before = before.split_once('\n').map_or("", |(_, rest)| rest.trim());
        }
        document.notes = before.to_owned();
    }
    blocks.drain(..=index);
}

/// Which labels a text without marked ones uses.
struct Labels<'k> {
    marked: bool,
    accepted: HashSet<String>,
    known: &'k KnownLabels<'k>,
}

impl<'k> Labels<'k> {
    /// A name before a colon is taken for a label only where the text shows that it is one: said
    /// at least twice, in a text a good part of which stands under such names.
    fn of(blocks: &[Block], known: &'k KnownLabels<'k>) -> Labels<'k> {
        let lines = || {
            blocks.iter().flat_map(|block| match block {
                Block::Paragraph(lines) => lines.as_slice(),
                _ => &[],
            })
        };
        let marked = lines().any(|line| marked_label(line).is_some());
        let mut labels = Labels { marked, accepted: HashSet::new(), known };
        if marked {
            return labels;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for line in lines() {
            let rest = Times::strip(&line.text).1;
            let Some((name, _)) = split_colon(rest) else {
                continue;
            };
            let name = Times::strip_end(name).1;
            if !looks_like_name(name) {
                continue;
            }
            *counts.entry(name).or_insert(0) += 1;
        }
        let total: usize = counts.values().filter(|count| **count >= 2).sum();
        let paragraphs = blocks.iter().filter(|block| matches!(block, Block::Paragraph(_))).count();
        if total * 4 >= paragraphs {
            // A name that is said once is a label too where the text is all labels, or where it
            // introduces a short form that is one: `Shaun Apps (SA)`.
            let all_labels = total * 10 >= paragraphs * 7;
            let introduces = |name: &str| {
                let short = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
                let wide = || name.strip_suffix('）').and_then(|rest| rest.rsplit_once('（'));
                let count = short.or_else(wide).and_then(|(_, short)| counts.get(short));
                count.is_some_and(|count| *count >= 2)
            };
            labels.accepted = counts
                .iter()
                .filter(|(name, count)| {
                    **count >= 2 || (all_labels && name.split_whitespace().count() <= 3) || introduces(name)
                })
                .map(|(name, _)| (*name).to_owned())
                .collect();
        }
        labels
    }

    fn takes(&self, name: &str) -> bool {
        is_generic_label(name) || self.known.contains(name) || (!self.marked && self.accepted.contains(name))
    }
}

/// `name: rest`, with either colon, where the name is short.
fn split_colon(text: &str) -> Option<(&str, &str)> {
    let at = text.find([':', '：'])?;
    let colon = text[at..].chars().next().map_or(1, char::len_utf8);
    (at > 0 && at <= 120).then(|| (text[..at].trim(), text[at + colon..].trim_start()))
}

/// A label in strong type: its name and where the line's text goes on.
fn marked_label(line: &RawLine) -> Option<(String, usize)> {
    let strong = line.strong.clone()?;
    let name = line.text[strong.clone()].trim();
    let after = &line.text[strong.end..];
    let outside = after.starts_with([':', '：']);
    let inside = name.starts_with([':', '：']) || name.ends_with([':', '：']);
    let bare_break = after.trim().is_empty() && is_break(name);
    if !(outside || inside || bare_break) {
        return None;
    }
    let colon = if outside { after.chars().next().map_or(0, char::len_utf8) } else { 0 };
    let name = name.trim_matches([':', '：', ' ']);
    // A label that was typed twice.
    let name = match name.split_once(": ") {
        Some((first, second)) if first == second => first,
        _ => name,
    };
    (!name.is_empty() && name.chars().count() <= 60).then(|| (name.to_owned(), strong.end + colon))
}

/// The times that a line gives for itself.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
struct Times {
    start: Option<Millis>,
    end: Option<Millis>,
}

impl Times {
    fn any(self) -> bool {
        self.start.is_some()
    }

    /// Takes times in brackets off the front of a text: `[0:12]`, `(00:00:12)`, `[a] to [b]`.
    fn strip(text: &str) -> (Times, &str) {
        let mut times = Times::default();
        let mut rest = text.trim_start();
        // A start and an end; more of them are words.
        for _ in 0..2 {
            let Some((first, last, after)) = bracketed(rest) else { break };
            match times.start {
                None => times = Times { start: Some(first), end: last },
                Some(_) => times.end = last.or(Some(first)),
            }
            rest = after.trim_start();
            for joint in ["to ", "-->", "–", "- "] {
                if let Some(after) = rest.strip_prefix(joint).map(str::trim_start)
                    && bracketed(after).is_some()
                {
                    rest = after;
                }
            }
        }
        (times, rest)
    }

    /// Takes a time in brackets off the end of a text: `Name (0:12)`.
    fn strip_end(text: &str) -> (Times, &str) {
        let text = text.trim_end();
        let Some(open) = text.rfind(['(', '[', '（']) else {
            return (Times::default(), text);
        };
        match bracketed(&text[open..]) {
            Some((start, end, "")) => (Times { start: Some(start), end }, text[..open].trim_end()),
            _ => (Times::default(), text),
        }
    }
}

/// Two times and what joins them are not longer than this, in bytes.
const BRACKETED_AT_MOST: usize = 80;

/// One time, or two, in brackets at the start of a text, and what follows.
fn bracketed(text: &str) -> Option<(Millis, Option<Millis>, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        '（' => '）',
        '【' => '】',
        _ => return None,
    };
    let open = text.chars().next().map_or(1, char::len_utf8);
    let end = text[..text.floor_char_boundary(BRACKETED_AT_MOST)].find(close)?;
    let inner = text[open..end].trim().trim_start_matches('\\');
    let after = &text[end + close.len_utf8()..];
    if let Some(time) = Millis::parse_clock(inner) {
        return Some((time, None, after));
    }
    let (first, last) = inner.split_once("-->").or_else(|| inner.split_once(['-', '–']))?;
    Some((Millis::parse_clock(first.trim())?, Some(Millis::parse_clock(last.trim())?), after))
}

/// What a line opens with.
struct Opening {
    /// `None`: the speaker goes on.
    label: Option<String>,
    marked: bool,
    times: Times,
    /// Where the words begin.
    text_from: usize,
}

struct Turns<'s, 'l> {
    document: Document<'s>,
    offset: usize,
    labels: &'l Labels<'l>,
    speaker: Option<usize>,
    /// A time that a label on a line of its own gives to the words after it.
    time: Times,
    /// The lines that opened a paragraph without label or time.
    unlabelled: Vec<usize>,
    /// The scripts of the last line's parts, once something asks.
    scripts: Vec<Option<Script>>,
}

impl<'s> Turns<'s, '_> {
    fn section(&mut self, title: &str) {
        if is_transcript_heading(title) {
            // Another telling of the talk begins: nobody speaks yet.
            self.speaker = None;
        }
        let parts: Vec<String> = title.split(" / ").map(|part| part.trim().to_owned()).collect();
        let told_apart = parts.len() == 2 && telling_script(&parts[0]) != telling_script(&parts[1]);
        let parts = if told_apart { parts } else { vec![title.to_owned()] };
        self.document.mark(MarkKind::Section(parts));
    }

    fn opening(&self, line: &RawLine) -> Opening {
        let text = line.text.as_str();
        let (times, rest) = Times::strip(text);
        let from = text.len() - rest.len();
        if let Some((label, text_from)) = marked_label(line) {
            return Opening { label: Some(label), marked: true, times, text_from };
        }
        let goes_on = Opening { label: None, marked: false, times, text_from: from };
        // `(00:12:01):` gives the time of a speaker who goes on.
        if times.any() && rest.starts_with([':', '：']) {
            let colon = rest.chars().next().map_or(1, char::len_utf8);
            return Opening { text_from: from + colon, ..goes_on };
        }
        // `Name (00:12:01):`, whose time holds colons of its own.
        if let Some(close) = rest.find([')', '）', ']'])
            && rest[close..].chars().nth(1).is_some_and(|next| next == ':' || next == '：')
        {
            let bracket = rest[close..].chars().next().map_or(1, char::len_utf8);
            let (own, name) = Times::strip_end(&rest[..close + bracket]);
            if own.any() && !name.is_empty() && name.chars().count() <= 60 {
                let colon = rest[close + bracket..].chars().next().map_or(1, char::len_utf8);
                return Opening {
                    label: Some(name.to_owned()),
                    marked: false,
                    times: own,
                    text_from: from + close + bracket + colon,
                };
            }
        }
        match split_colon(rest) {
            Some((name, after)) if self.labels.takes(name) => Opening {
                label: Some(name.to_owned()),
                marked: false,
                times,
                text_from: text.len() - after.len(),
            },
            _ => goes_on,
        }
    }

    fn paragraph(&mut self, lines: &[RawLine], syntax: Syntax) {
        let widest = lines.iter().rev().skip(1).map(|line| line.text.chars().count()).max();
        let wrapped = syntax == Syntax::Markdown && widest.unwrap_or(0) <= WRAP_WIDTH;
        let mut open = false;
        for (index, line) in lines.iter().enumerate() {
            if line.translates && open && self.translate_last(line) {
                continue;
            }
            let opening = self.opening(line);
            let (own_times, words) = Times::strip(&line.text[opening.text_from.min(line.text.len())..]);
            let times = if own_times.any() { own_times } else { opening.times };
            if let Some(label) = &opening.label {
                open = false;
                let clip = opening.marked && words.is_empty() && own_times.any();
                if clip && !is_break(label) {
                    let span = self.offset + line.span.start..self.offset + line.span.end;
                    self.document
                        .left_out
                        .push((span, "the name of a clip that is played, without its words"));
                }
                if is_break(label) || clip {
                    self.document.mark(MarkKind::Break);
                    if !words.is_empty() || !is_break(label) {
                        self.speaker = None;
                    }
                    self.time = Times::default();
                    if !words.is_empty() {
                        self.new_line(line, words, times);
                        open = true;
                    }
                    continue;
                }
                self.speaker = (label != NOBODY).then(|| self.document.label(label));
            }
            if words.is_empty() {
                self.time = if times.any() { times } else { self.time };
                continue;
            }
            if opening.label.is_none() && !times.any() && open && self.goes_with_last(words, wrapped, line) {
                continue;
            }
            if index == 0 && opening.label.is_none() && !times.any() && !self.time.any() {
                self.unlabelled.push(self.document.lines.len());
            }
            self.new_line(line, words, times);
            open = true;
        }
    }

    fn new_line(&mut self, line: &RawLine, words: &str, times: Times) {
        let times = if times.any() { times } else { self.time };
        self.time = Times::default();
        let entry = Line {
            span: self.offset + line.span.start..self.offset + line.span.end,
            label: self.speaker,
            start: times.start,
            end: times.end,
            part_count: 0,
        };
        self.document.push(entry, [Cow::Owned(words.trim().to_owned())]);
        self.scripts.clear();
    }

    /// Adds a line to the one before as its translation.
    fn translate_last(&mut self, line: &RawLine) -> bool {
        let Some(last) = self.document.lines.last_mut() else {
            return false;
        };
        let words = line.text.trim();
        self.document.parts.push(Cow::Owned(words.to_owned()));
        self.scripts.clear();
        last.part_count += 1;
        last.span.end = self.offset + line.span.end;
        true
    }

    /// Adds words to the line before: as the rest of a wrapped line, or as its translation.
    fn goes_with_last(&mut self, words: &str, wrapped: bool, line: &RawLine) -> bool {
        let Some(last) = self.document.lines.last_mut() else {
            return false;
        };
        let script = telling_script(words);
        let parts = &mut self.document.parts;
        if self.scripts.is_empty() {
            self.scripts.extend(parts.last().map(|part| telling_script(part)));
        }
        let translates = script.is_some() && self.scripts.iter().all(|own| own.is_some() && *own != script);
        if translates {
            parts.push(Cow::Owned(words.trim().to_owned()));
            self.scripts.push(script);
            last.part_count += 1;
        } else if wrapped && let Some(part) = parts.last_mut() {
            join_wrapped(part.to_mut(), words.trim());
            // A part goes on in the script it began in: looking at it whole for each of its lines
            // would take the square of its length.
            if let Some(own) = self.scripts.last_mut() {
                *own = own.or(script);
            }
        } else {
            return false;
        }
        last.span.end = self.offset + line.span.end;
        true
    }
}

/// Joins two lines of a wrapped paragraph: with a space, which Han text does without.
fn join_wrapped(text: &mut String, words: &str) {
    let tight = text.chars().next_back().is_some_and(is_cjk) && words.chars().next().is_some_and(is_cjk);
    if !tight {
        text.push(' ');
    }
    text.push_str(words);
}

/// Where paragraphs alternate between two scripts, each second one translates the one before.
fn join_alternating<'s>(document: Document<'s>, unlabelled: &[usize]) -> Document<'s> {
    let mut starts = Vec::with_capacity(document.lines.len());
    let mut at = 0;
    for line in &document.lines {
        starts.push(at);
        at += line.part_count;
    }
    let script = |index: usize| -> Option<Script> {
        (document.lines[index].part_count == 1)
            .then(|| telling_script(&document.parts[starts[index]]))
            .flatten()
    };
    let marks: HashSet<usize> = document.marks.iter().map(|mark| mark.before).collect();
    let marked = |index: usize| marks.contains(&index);
    let mut translates = vec![false; document.lines.len()];
    for &index in unlabelled.iter().filter(|index| **index > 0) {
        translates[index] = !translates[index - 1]
            && !marked(index)
            && script(index).is_some()
            && script(index - 1).is_some_and(|before| Some(before) != script(index));
    }
    let count = translates.iter().filter(|translates| **translates).count();
    if count * 3 < document.lines.len() {
        return document;
    }
    let mut lines: Vec<Line> = Vec::with_capacity(document.lines.len());
    let mut moved = Vec::with_capacity(document.lines.len() + 1);
    for (line, translates) in document.lines.into_iter().zip(translates) {
        moved.push(lines.len());
        match lines.last_mut() {
            Some(before) if translates => {
                before.part_count += line.part_count;
                before.span.end = line.span.end;
            }
            _ => lines.push(line),
        }
    }
    moved.push(lines.len());
    let mut marks = document.marks;
    for mark in &mut marks {
        mark.before = moved[mark.before];
    }
    Document { lines, marks, ..document }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_voices_that_stand_bare_before_the_words_are_none_of_them() {
        let text = "00:00:00 <v Lin Yue>One.\n\n00:00:03 <v Lin Yue>Two.\n\n00:00:07 <v Shen Yao>Three.\n00:00:09 <v Shen Yao>Four.\n";
        let source = Source::new("a.txt", text);
        let document = parse_turns(&source, 0..text.len(), Syntax::Plain, &KnownLabels::new(&[]));
        assert_eq!(document.parts, ["One.", "Two.", "Three.", "Four."]);
        assert_eq!(document.labels, ["Lin Yue", "Shen Yao"]);
        assert_eq!(document.lines[1].start, Some(Millis(3000)));
    }

    fn check(syntax: Syntax, text: &str, expected: &[(&str, &str, &str)]) -> Vec<MarkKind> {
        let source = Source::new("content/a.md", text);
        let document = parse_turns(&source, 0..text.len(), syntax, &KnownLabels::new(&[]));
        let mut parts = document.parts.iter();
        let mut found = Vec::new();
        for line in &document.lines {
            let label = line.label.map_or("", |label| document.labels[label].as_str());
            let start = line.start.map_or(String::new(), |start| start.to_string());
            let words: Vec<&str> = parts.by_ref().take(line.part_count).map(AsRef::as_ref).collect();
            found.push((label.to_owned(), start, words.join(" | ")));
        }
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        assert_eq!(found, expected);
        document.marks.into_iter().map(|mark| mark.kind).collect()
    }

    #[test]
    fn strong_labels_with_paragraphs_that_continue_the_turn() {
        check(
            Syntax::Markdown,
            "**Ada Byron:** Hello \\[laughter\\] &amp; welcome.\n\nIt goes *on* with [a link](https://x.org).\n\n**Bob**: \\[01:02.5\\] Yes.\n",
            &[
                ("Ada Byron", "", "Hello [laughter] & welcome."),
                ("Ada Byron", "", "It goes on with a link."),
                ("Bob", "1:02", "Yes."),
            ],
        );
    }

    #[test]
    fn a_backslash_parts_two_languages_of_one_script() {
        check(
            Syntax::Markdown,
            "**Ada:** OK.\\\nOK.\n\n**Bob:** Oui.\\\nNote: yes.\n",
            &[("Ada", "", "OK. | OK."), ("Bob", "", "Oui. | Note: yes.")],
        );
    }

    #[test]
    fn where_a_link_leads_is_kept_beside_the_talk() {
        let source = Source::new(
            "a.md",
            "**Ada:** See [the *plans*](https://x.org/a) or <https://y.org>.\n\n**Bob:** Yes.\n",
        );
        let document = parse_turns(&source, 0..source.text.len(), Syntax::Markdown, &KnownLabels::new(&[]));
        assert_eq!(document.parts[0], "See the plans or https://y.org.");
        let links: Vec<_> =
            document.links.iter().map(|(title, url)| (title.as_str(), url.as_str())).collect();
        assert_eq!(links, [("the plans", "https://x.org/a"), ("https://y.org", "https://y.org")]);
    }

    #[test]
    fn breaks_jingles_and_clips_are_not_speakers() {
        let marks = check(
            Syntax::Markdown,
            "**Ada:** One.\n\n**Break:** \\[16:30\\]\n\n**Jingle**: \\[\\00:27:10.07\\] to \\[\\00:28:18.08\\]\n\n**Song of Sand:** \\[07:18\\]\n\nLa la.\n\n**Outro:**\n\n**Bob:**\n\nTwo.\n",
            &[("Ada", "", "One."), ("", "", "La la."), ("Bob", "", "Two.")],
        );
        assert_eq!(marks, vec![MarkKind::Break; 4]);
    }

    #[test]
    fn a_name_with_a_time_on_its_own_line() {
        check(
            Syntax::Markdown,
            "# Title\n\n## Transcript\n\nGreta Ice (00:00:05):\nFirst words.\n\n(00:01:18):\nShe goes on.\n",
            &[("Greta Ice", "0:05", "First words."), ("Greta Ice", "1:18", "She goes on.")],
        );
    }

    #[test]
    fn brackets_that_hold_more_than_times_are_words() {
        check(
            Syntax::Plain,
            "[0:09 - late] Ada\n[0:09 - 0:11] Bob\n",
            &[("", "", "[0:09 - late] Ada"), ("", "0:09", "Bob")],
        );
    }

    #[test]
    fn a_heading_without_words_is_no_title_and_no_section() {
        let source = Source::new("a.md", "#\n\nOne.\n\n##\n\nTwo.\n");
        let document = parse_turns(&source, 0..source.text.len(), Syntax::Markdown, &KnownLabels::new(&[]));
        assert_eq!((document.page.titles, document.marks), (vec![], vec![]));
        assert_eq!(document.parts, ["One.", "Two."]);
    }

    #[test]
    fn many_names_are_told_apart_in_no_time() {
        // With a search through all names for each of them this would take minutes.
        let text: String = (0..5_000)
            .map(|index| format!("A{index}: one\n\nA{index}: two\n\nOf the old town (A{index}): three\n\n"))
            .collect();
        let source = Source::new("a.txt", text);
        let document = parse_turns(&source, 0..source.text.len(), Syntax::Plain, &KnownLabels::new(&[]));
        assert_eq!((document.labels.len(), document.lines.len()), (10_000, 15_000));
    }

    #[test]
    fn a_time_before_a_strong_name() {
        check(
            Syntax::Plain,
            "[00:11] Ada: First.\n[00:16] Ada: Second.\n",
            &[("Ada", "0:11", "First."), ("Ada", "0:16", "Second.")],
        );
        check(
            Syntax::Markdown,
            "[00:11] **c8**: First.\n\n[00:16] **c8**: Second.\n",
            &[("c8", "0:11", "First."), ("c8", "0:16", "Second.")],
        );
    }

    #[test]
    fn plain_names_count_only_where_the_text_is_made_of_them() {
        check(
            Syntax::Plain,
            "Jonas: Hi.\nJeremy: Hello.\nJonas: So: how are you?\nJeremy：Fine.\n",
            &[
                ("Jonas", "", "Hi."),
                ("Jeremy", "", "Hello."),
                ("Jonas", "", "So: how are you?"),
                ("Jeremy", "", "Fine."),
            ],
        );
        check(
            Syntax::Plain,
            "Slides: here\n\nThe point is this.\n\nAnother: one.\n\nAnd more.\n",
            &[
                ("", "", "Slides: here"),
                ("", "", "The point is this."),
                ("", "", "Another: one."),
                ("", "", "And more."),
            ],
        );
    }

    #[test]
    fn two_scripts_in_one_paragraph_are_one_line() {
        let marks = check(
            Syntax::Markdown,
            "## 开始 / The start\n\n[00:04] **Ada**: 你好，\n我是艾达。\nHello, I am Ada,\nfor now.\n\n好的。\nAll right.\n",
            &[
                ("Ada", "0:04", "你好，我是艾达。 | Hello, I am Ada, for now."),
                ("Ada", "", "好的。 | All right."),
            ],
        );
        assert_eq!(marks, [MarkKind::Section(vec!["开始".into(), "The start".into()])]);
    }

    #[test]
    fn paragraphs_that_alternate_between_scripts_pair() {
        check(
            Syntax::Markdown,
            "**Ada:** 你好。\n\nHello.\n\n**Bob:** 再见。\n\nGoodbye.\n",
            &[("Ada", "", "你好。 | Hello."), ("Bob", "", "再见。 | Goodbye.")],
        );
    }

    #[test]
    fn long_lines_of_one_paragraph_stand_for_themselves() {
        let long = "word ".repeat(30);
        let text = format!("{long}\n{long}\nshort\n");
        let long = long.trim();
        check(Syntax::Markdown, &text, &[("", "", long), ("", "", long), ("", "", "short")]);
    }
}
