//! Show notes: Markdown to safe HTML, with what CommonMark gets wrong in Chinese and Japanese put
//! right, each block in its own language, code highlighted by classes. Also the plain paragraphs
//! of a summary. Never reads files, never reports: a link it refuses is handed back to the caller,
//! and everything it returns has been through the sanitiser or was escaped here.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html,
};
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;
use unicode_script::{Script, UnicodeScript};

use crate::lang::{Direction, Lang, is_cjk, only_lang_in, telling_script};
use crate::slug::is_safe_address;
use crate::text::without_controls;

/// Rendered show notes.
pub struct Notes {
    /// Safe HTML, to be put into an element that allows flow content.
    pub html: String,
    /// Addresses of links and images that were refused, as the notes have them; their texts stayed.
    pub dropped_links: Vec<String>,
}

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

/// Every id in the notes starts with this, so that none meets an id of the page.
const ID_PREFIX: &str = "notes-";

/// Code longer than this is not highlighted: the patterns take their time on generated text.
const HIGHLIGHTED_AT_MOST: usize = 32 * 1024;
/// Nor is code with a longer line: some patterns take the square of it.
const HIGHLIGHTED_LINE: usize = 1000;
/// The same for all code of the notes together.
const HIGHLIGHTED_IN_ALL: usize = 256 * 1024;

/// How many delimiters can be open: an older one is text again. It bounds how deep emphasis nests.
const OPEN_AT_MOST: usize = 100;

/// `langs`: the site's languages in reading order; `page_lang`: the language of the page.
pub fn render_notes(markdown: &str, langs: &[Lang], page_lang: &Lang) -> Notes {
    render_notes_under(ID_PREFIX, markdown, langs, page_lang)
}

/// The same with ids that start with `prefix`, for a page that has several such texts; it starts
/// with `notes-` itself.
pub fn render_notes_under(prefix: &str, markdown: &str, langs: &[Lang], page_lang: &Lang) -> Notes {
    if markdown.trim().is_empty() {
        return Notes { html: String::new(), dropped_links: Vec::new() };
    }
    let events = parse(markdown);
    let events = join_lines(events);
    let (events, dropped_links) = drop_links(events);
    let languages = block_languages(&events, langs);
    let events = Blocks::new(prefix, page_lang, &events).rewrite(events, &languages);
    let mut unsafe_html = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut unsafe_html, events.into_iter());
    // An entity can write control characters where the text has none.
    let (html, dropped_raw) = sanitise(prefix, &without_controls(&unsafe_html));
    let dropped_links = [dropped_links, dropped_raw].concat();
    Notes { html: without_controls(&html).into_owned(), dropped_links }
}

/// Plain paragraphs of a text (summary): blank lines separate paragraphs; escaped; bare http(s)
/// addresses become links; each `<p>` carries lang.
pub fn render_paragraphs(text: &str, lang: &Lang) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    let mut paragraph = String::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            let joins = joins(paragraph.chars().next_back(), line.chars().next());
            if !paragraph.is_empty() && !joins {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        } else if !paragraph.is_empty() {
            html.push_str(&format!("<p lang=\"{lang}\""));
            if lang.direction() == Direction::Rtl {
                html.push_str(" dir=\"rtl\"");
            }
            html.push('>');
            push_linked(&mut html, &paragraph);
            html.push_str("</p>\n");
            paragraph.clear();
        }
    }
    html
}

// ---- Bare addresses ----

/// Escaped text in which each http(s) address is a link.
fn push_linked(html: &mut String, text: &str) {
    let mut done = 0;
    while let Some(found) = next_address(text, done) {
        let address = escape(&text[found.clone()]);
        html.push_str(&escape(&text[done..found.start]));
        html.push_str(&format!("<a href=\"{address}\">{address}</a>"));
        done = found.end;
    }
    html.push_str(&escape(&text[done..]));
}

/// The first address at or after `from`; one that is the tail of a word is none.
fn next_address(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find_map(|start| {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| {
            let slice = bytes.get(start..start + scheme.len());
            slice.is_some_and(|slice| slice.eq_ignore_ascii_case(scheme.as_bytes()))
        })?;
        let in_word = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        let rest = &text[start + scheme.len()..];
        let has_host = rest.chars().next().is_some_and(char::is_alphanumeric);
        let length = if !in_word && has_host { address_length(rest) } else { 0 };
        (length > 0).then(|| start..start + scheme.len() + length)
    })
}

/// How much of the text after `http://` belongs to the address. Chinese text follows an address
/// without a space, so a Han character counts only where a part of a path begins with it.
fn address_length(rest: &str) -> usize {
    let mut before = '\0';
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        let han = is_cjk(character) && character.is_alphanumeric();
        let continues = matches!(before, '/' | '=' | '_' | '-' | '#' | ':') || is_cjk(before);
        let stops = character.is_whitespace()
            || character.is_control()
            || matches!(character, '<' | '>' | '"' | '`' | '\\' | '{' | '}' | '|' | '^')
            || (is_cjk(character) && !(han && continues));
        if stops {
            end = at;
            break;
        }
        before = character;
    }
    without_closing_punctuation(&rest[..end]).len()
}

/// Punctuation at the end belongs to the sentence, a bracket too unless the address opened it.
fn without_closing_punctuation(mut address: &str) -> &str {
    let count = |bracket: char| address.matches(bracket).count();
    // How many more closing than opening brackets there are, of each kind.
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    loop {
        let Some(last) = address.chars().next_back() else { return address };
        match last {
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' => {}
            _ => return address,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

// ---- Emphasis next to Han characters ----

/// A run of asterisks: what the source has, and what it turned out to open and close.
struct Run {
    at: Range<usize>,
    can_open: bool,
    can_close: bool,
    /// Asterisks that no other run has matched yet.
    left: usize,
    /// Lengths of the delimiters it closes, in order: 1 is emphasis, 2 is strong.
    closes: Vec<usize>,
    /// Lengths of the delimiters it opens, innermost first.
    opens: Vec<usize>,
}

enum Item<'a> {
    Event(Event<'a>),
    Run(Run),
}

/// Parser events with emphasis decided anew where the text has Han, kana or Hangul characters.
fn parse(markdown: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(markdown, options);
    if markdown.chars().any(is_east_asian) {
        Emphasis::new(markdown).decide(parser.into_offset_iter())
    } else {
        parser.collect()
    }
}

/// Takes the parser's emphasis apart into runs of asterisks and matches them by CommonMark's own
/// rule, but with a flanking rule that takes East Asian punctuation for letters.
struct Emphasis<'a> {
    source: &'a str,
    items: Vec<Item<'a>>,
    /// For each open element that is kept: the runs directly inside it.
    frames: Vec<Vec<usize>>,
    /// For each open element: whether it was taken apart.
    open: Vec<bool>,
    in_code: bool,
}

impl<'a> Emphasis<'a> {
    fn new(source: &'a str) -> Self {
        Emphasis { source, items: vec![], frames: vec![vec![]], open: vec![], in_code: false }
    }

    fn decide(mut self, events: impl Iterator<Item = (Event<'a>, Range<usize>)>) -> Vec<Event<'a>> {
        for (event, range) in events {
            self.take(event, range);
        }
        while let Some(runs) = self.frames.pop() {
            self.match_runs(&runs);
        }
        self.into_events()
    }

    fn take(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => {
                let length = self.delimiter_length(&tag, &range);
                self.open.push(length.is_some());
                if let Some(length) = length {
                    return self.push_run(range.start..range.start + length);
                }
                self.in_code = matches!(tag, Tag::CodeBlock(_));
                self.frames.push(vec![]);
                self.items.push(Item::Event(Event::Start(tag)));
            }
            Event::End(tag) => {
                if self.open.pop() == Some(true) {
                    let length = if tag == TagEnd::Strong { 2 } else { 1 };
                    return self.push_run(range.end - length..range.end);
                }
                self.in_code = false;
                let runs = self.frames.pop().unwrap_or_default();
                self.match_runs(&runs);
                self.items.push(Item::Event(Event::End(tag)));
            }
            Event::Text(text) if !self.in_code && text.contains('*') => self.take_text(text, range),
            event => self.items.push(Item::Event(event)),
        }
    }

    /// The length of the delimiters of an element that is written with asterisks.
    fn delimiter_length(&self, tag: &Tag, range: &Range<usize>) -> Option<usize> {
        let stars = match tag {
            Tag::Emphasis => "*",
            Tag::Strong => "**",
            _ => return None,
        };
        let written = self.source.get(range.clone())?;
        (written.len() >= 2 * stars.len() && written.starts_with(stars) && written.ends_with(stars))
            .then_some(stars.len())
    }

    /// Splits a text at the asterisks that are delimiters: not escaped, not entities.
    fn take_text(&mut self, text: CowStr<'a>, range: Range<usize>) {
        let source = self.source;
        let Some(written) = source.get(range.clone()).filter(|written| **written == *text) else {
            return self.items.push(Item::Event(Event::Text(text)));
        };
        let mut at = 0;
        while at < written.len() {
            let star = self.next_delimiter(written, at, range.start);
            if star > at {
                self.items.push(Item::Event(Event::Text(written[at..star].into())));
            }
            let stars = written[star..].bytes().take_while(|byte| *byte == b'*').count();
            if stars > 0 {
                self.push_run(range.start + star..range.start + star + stars);
            }
            at = star + stars;
        }
    }

    fn next_delimiter(&self, written: &str, from: usize, offset: usize) -> usize {
        let is_delimiter = |at: usize| {
            let before = self.source[..offset + at].bytes().rev();
            before.take_while(|byte| *byte == b'\\').count() % 2 == 0
        };
        let mut stars = written[from..].match_indices('*').map(|(at, _)| from + at);
        stars.find(|at| is_delimiter(*at)).unwrap_or(written.len())
    }

    /// Adds a run, or lengthens the one that ends where it begins.
    fn push_run(&mut self, at: Range<usize>) {
        let start = match self.items.last() {
            Some(Item::Run(last)) if last.at.end == at.start => {
                let start = last.at.start;
                self.items.pop();
                start
            }
            _ => {
                let index = self.items.len();
                if let Some(frame) = self.frames.last_mut() {
                    frame.push(index);
                }
                at.start
            }
        };
        let (can_open, can_close) =
            flanking(self.source[..start].chars().next_back(), self.source[at.end..].chars().next());
        let left = at.end - start;
        let at = start..at.end;
        self.items.push(Item::Run(Run { at, can_open, can_close, left, closes: vec![], opens: vec![] }));
    }

    /// CommonMark's procedure for the runs inside one element.
    fn match_runs(&mut self, runs: &[usize]) {
        let mut openers: Vec<Run> = Vec::new();
        let mut indices: Vec<usize> = Vec::new();
        for &index in runs {
            let Some(mut run) = self.take_run(index) else { continue };
            while run.can_close && run.left > 0 {
                let found = openers.iter().rposition(|opener| matches_up(opener, &run));
                let Some(found) = found else { break };
                while openers.len() > found + 1 {
                    self.put_back(&mut openers, &mut indices);
                }
                let opener = &mut openers[found];
                let length = if opener.left >= 2 && run.left >= 2 { 2 } else { 1 };
                opener.left -= length;
                opener.opens.push(length);
                run.left -= length;
                run.closes.push(length);
                if opener.left == 0 {
                    self.put_back(&mut openers, &mut indices);
                }
            }
            if run.can_open && run.left > 0 {
                if openers.len() == OPEN_AT_MOST {
                    self.items[indices.remove(0)] = Item::Run(openers.remove(0));
                }
                openers.push(run);
                indices.push(index);
            } else {
                self.items[index] = Item::Run(run);
            }
        }
        while !openers.is_empty() {
            self.put_back(&mut openers, &mut indices);
        }
    }

    fn take_run(&mut self, index: usize) -> Option<Run> {
        let placeholder = Item::Event(Event::SoftBreak);
        match std::mem::replace(self.items.get_mut(index)?, placeholder) {
            Item::Run(run) => Some(run),
            event => {
                self.items[index] = event;
                None
            }
        }
    }

    fn put_back(&mut self, openers: &mut Vec<Run>, indices: &mut Vec<usize>) {
        if let (Some(run), Some(index)) = (openers.pop(), indices.pop()) {
            self.items[index] = Item::Run(run);
        }
    }

    fn into_events(self) -> Vec<Event<'a>> {
        let mut events = Vec::with_capacity(self.items.len());
        for item in self.items {
            match item {
                Item::Event(event) => events.push(event),
                Item::Run(run) => {
                    events.extend(run.closes.iter().map(|length| match length {
                        2 => Event::End(TagEnd::Strong),
                        _ => Event::End(TagEnd::Emphasis),
                    }));
                    if run.left > 0 {
                        events.push(Event::Text("*".repeat(run.left).into()));
                    }
                    events.extend(run.opens.iter().rev().map(|length| match length {
                        2 => Event::Start(Tag::Strong),
                        _ => Event::Start(Tag::Emphasis),
                    }));
                }
            }
        }
        events
    }
}

/// Whether two runs may be one element: CommonMark's "multiple of three" rule.
fn matches_up(opener: &Run, closer: &Run) -> bool {
    let (one, other) = (opener.at.len(), closer.at.len());
    !(opener.can_close || closer.can_open)
        || !(one + other).is_multiple_of(3)
        || (one.is_multiple_of(3) && other.is_multiple_of(3))
}

/// Whether a run between these characters can open and can close emphasis. As in CommonMark, but
/// East Asian punctuation counts as a letter and an East Asian neighbour as a word boundary.
fn flanking(before: Option<char>, after: Option<char>) -> (bool, bool) {
    let space = |neighbour: Option<char>| neighbour.is_none_or(char::is_whitespace);
    let punctuation = |neighbour: Option<char>| neighbour.is_some_and(is_other_punctuation);
    let boundary = |neighbour: Option<char>| {
        space(neighbour) || punctuation(neighbour) || neighbour.is_some_and(is_east_asian)
    };
    let opens = !space(after) && (!punctuation(after) || boundary(before));
    let closes = !space(before) && (!punctuation(before) || boundary(after));
    (opens, closes)
}

fn is_other_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || (!character.is_alphanumeric()
            && !character.is_whitespace()
            && !character.is_control()
            && !is_east_asian(character)
            && character.script() == Script::Common)
}

/// CJK without the quotation marks and dashes it shares with other scripts, and Hangul.
fn is_east_asian(character: char) -> bool {
    let shared = matches!(character, '“' | '”' | '‘' | '’' | '…' | '—');
    (is_cjk(character) && !shared)
        || matches!(character, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

// ---- Line breaks ----

/// Whether a line break between these two stands for nothing.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let han = |character| is_cjk(character) && is_east_asian(character);
    is_cjk(before) && is_cjk(after) && (han(before) || han(after))
}

/// Removes soft breaks between CJK characters, also where emphasis or a link ends or begins there.
fn join_lines(events: Vec<Event>) -> Vec<Event> {
    let mut before = None;
    let mut joined = vec![false; events.len()];
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Text(text) => before = text.chars().next_back().or(before),
            Event::SoftBreak => joined[index] = joins(before, first_character(&events[index + 1..])),
            Event::Start(tag) if is_inline(&tag.to_end()) => {}
            Event::End(tag) if is_inline(tag) => {}
            _ => before = None,
        }
    }
    let kept = events.into_iter().zip(joined).filter(|(_, joined)| !joined);
    kept.map(|(event, _)| event).collect()
}

/// The character that the following events begin with, if it is a text's.
fn first_character(events: &[Event]) -> Option<char> {
    let mut shown = events.iter().filter(|event| match event {
        Event::Start(tag) => !is_inline(&tag.to_end()),
        Event::End(tag) => !is_inline(tag),
        _ => true,
    });
    match shown.next() {
        Some(Event::Text(text)) => text.chars().next(),
        _ => None,
    }
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
}

// ---- Links ----

/// Takes out the links and images whose scheme is not allowed; their texts stay.
fn drop_links(events: Vec<Event>) -> (Vec<Event>, Vec<String>) {
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

// ---- Blocks: languages, headings, cells, code ----

/// For each event that begins a block of text: the language that its text tells.
fn block_languages<'l>(events: &[Event], langs: &'l [Lang]) -> Vec<Option<&'l Lang>> {
    let mut languages = vec![None; events.len()];
    let mut open: Vec<(usize, String)> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(tag) if carries_text(&tag.to_end()) => open.push((index, String::new())),
            Event::End(tag) if carries_text(tag) => {
                let Some((start, text)) = open.pop() else { continue };
                let told = telling_script(&text).and_then(|script| only_lang_in(langs, script));
                languages[start] = told.map(|index| &langs[index]);
            }
            // A code block in a list item is no text of the item.
            Event::Start(Tag::CodeBlock(_)) => open.push((index, String::new())),
            Event::End(TagEnd::CodeBlock) => drop(open.pop()),
            Event::Text(text) => {
                if let Some((_, block)) = open.last_mut() {
                    block.push_str(text);
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::Code(_) => {
                if let Some((_, block)) = open.last_mut() {
                    block.push(' ');
                }
            }
            _ => {}
        }
    }
    languages
}

fn carries_text(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell)
}

/// Writes the tags of the blocks that need attributes.
struct Blocks<'l> {
    /// The language in force, innermost last; the page's is the first.
    langs: Vec<&'l Lang>,
    prefix: &'l str,
    demote: bool,
    ids: HashMap<String, usize>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// How much more code is highlighted.
    highlights: usize,
}

impl<'l> Blocks<'l> {
    fn new(prefix: &'l str, page_lang: &'l Lang, events: &[Event]) -> Self {
        let is_first =
            |event: &Event| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }));
        Blocks {
            langs: vec![page_lang],
            prefix,
            demote: events.iter().any(is_first),
            ids: HashMap::new(),
            alignments: vec![],
            column: 0,
            in_head: false,
            highlights: HIGHLIGHTED_IN_ALL,
        }
    }

    fn rewrite<'e>(mut self, events: Vec<Event<'e>>, languages: &[Option<&'l Lang>]) -> Vec<Event<'e>> {
        let mut written = Vec::with_capacity(events.len());
        let mut index = 0;
        while index < events.len() {
            if let Event::Start(Tag::CodeBlock(kind)) = &events[index] {
                let texts = events[index..].iter().map_while(code_text);
                let code: String = texts.clone().collect();
                index += texts.count() + 1;
                let short = code.lines().all(|line| line.len() <= HIGHLIGHTED_LINE);
                let highlighted = short && code.len() <= HIGHLIGHTED_AT_MOST.min(self.highlights);
                self.highlights -= if highlighted { code.len() } else { 0 };
                written.push(Event::Html(code_block(kind, &code, highlighted).into()));
                continue;
            }
            let lang = languages.get(index).copied().flatten();
            let replaced = match &events[index] {
                Event::Start(tag) => self.start(tag, lang, &events[index..]),
                Event::End(tag) => self.end(tag),
                _ => None,
            };
            written.push(replaced.map_or_else(|| events[index].clone(), |tag| Event::Html(tag.into())));
            index += 1;
        }
        written
    }

    fn start(&mut self, tag: &Tag, lang: Option<&'l Lang>, events: &[Event]) -> Option<String> {
        match tag {
            Tag::Paragraph => Some(format!("<p{}>", self.enter(lang))),
            Tag::Item => Some(format!("<li{}>", self.enter(lang))),
            Tag::Heading { level, .. } => {
                let id = self.heading_id(events);
                let level = self.level(*level);
                Some(format!("<h{level} id=\"{id}\"{}>", self.enter(lang)))
            }
            Tag::TableCell => Some(self.cell(lang)),
            Tag::Table(alignments) => {
                self.alignments = alignments.clone();
                None
            }
            Tag::TableHead | Tag::TableRow => {
                self.in_head = matches!(tag, Tag::TableHead);
                self.column = 0;
                None
            }
            _ => None,
        }
    }

    fn end(&mut self, tag: &TagEnd) -> Option<String> {
        if carries_text(tag) {
            self.langs.pop();
        }
        match tag {
            TagEnd::Paragraph => Some("</p>\n".into()),
            TagEnd::Item => Some("</li>\n".into()),
            TagEnd::Heading(level) => Some(format!("</h{}>\n", self.level(*level))),
            TagEnd::TableCell if self.in_head => Some("</th>".into()),
            TagEnd::TableCell => Some("</td>".into()),
            _ => None,
        }
    }

    /// Enters a block; its attributes, if its language is not the one around it.
    fn enter(&mut self, lang: Option<&'l Lang>) -> String {
        let around = self.langs[self.langs.len() - 1];
        let lang = lang.unwrap_or(around);
        self.langs.push(lang);
        if lang == around {
            return String::new();
        }
        let direction = lang.direction();
        if direction == around.direction() {
            format!(" lang=\"{lang}\"")
        } else {
            format!(" lang=\"{lang}\" dir=\"{}\"", direction.as_str())
        }
    }

    fn cell(&mut self, lang: Option<&'l Lang>) -> String {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"notes-left\"",
            Some(Alignment::Center) => " class=\"notes-center\"",
            Some(Alignment::Right) => " class=\"notes-right\"",
            _ => "",
        };
        self.column += 1;
        let name = if self.in_head { "th scope=\"col\"" } else { "td" };
        format!("<{name}{class}{}>", self.enter(lang))
    }

    fn level(&self, level: HeadingLevel) -> usize {
        (level as usize + usize::from(self.demote)).clamp(2, 4)
    }

    /// A unique id from the text of the heading that the events begin with.
    fn heading_id(&mut self, events: &[Event]) -> String {
        let end = |event: &&Event| !matches!(event, Event::End(TagEnd::Heading(_)));
        let text: Vec<&str> = events.iter().take_while(end).map(shown_text).collect();
        let base = format!("{}{}", self.prefix, slug(&text.concat()));
        let mut id = base.clone();
        while self.ids.contains_key(&id) {
            let count = self.ids.entry(base.clone()).or_insert(1);
            *count += 1;
            id = format!("{base}-{count}");
        }
        self.ids.insert(id.clone(), 1);
        id
    }
}

fn shown_text<'e>(event: &'e Event) -> &'e str {
    match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::SoftBreak | Event::HardBreak => " ",
        _ => "",
    }
}

/// The text's letters and digits in lower case, words joined by `-`.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "section".into() } else { words.join("-") }
}

// ---- Code ----

/// The code in one event of a code block, until the block ends.
fn code_text<'e>(event: &'e Event) -> Option<&'e str> {
    match event {
        Event::End(TagEnd::CodeBlock) => None,
        Event::Text(text) => Some(text),
        _ => Some(""),
    }
}

fn code_block(kind: &CodeBlockKind, code: &str, highlighted: bool) -> String {
    let language = match kind {
        CodeBlockKind::Fenced(info) => {
            let separator = |character: char| character.is_whitespace() || ",{;".contains(character);
            info.split(separator).next().unwrap_or_default()
        }
        CodeBlockKind::Indented => "",
    };
    let (class, body) = if language.is_empty() {
        (String::new(), escape(code))
    } else {
        let body = highlighted.then(|| highlight(language, code)).flatten();
        let body = body.unwrap_or_else(|| escape(code));
        (format!(" class=\"language-{}\"", escape(language)), body)
    };
    format!("<pre class=\"hl\" tabindex=\"0\" translate=\"no\"><code{class}>{body}</code></pre>\n")
}

/// Code in spans by class; nothing for a language that is not known.
fn highlight(language: &str, code: &str) -> Option<String> {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    // The grammars' patterns are compiled when they are met; a bad one must not end a build.
    let highlighted = catch_unwind(AssertUnwindSafe(|| {
        let syntaxes = SYNTAXES.get_or_init(SyntaxSet::load_defaults_newlines);
        let syntax = syntaxes.find_syntax_by_token(language)?;
        let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
        let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, style);
        for line in LinesWithEndings::from(code) {
            generator.parse_html_for_line_which_includes_newline(line).ok()?;
        }
        Some(generator.finalize())
    }));
    highlighted.ok().flatten()
}

// ---- Sanitising ----

const TAGS: &[&str] = &[
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
fn sanitise(prefix: &str, html: &str) -> (String, Vec<String>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(tag: &str) -> Lang {
        Lang::parse(tag).unwrap()
    }

    /// Notes of a Chinese and English site on its Chinese page.
    fn notes(markdown: &str) -> String {
        render_notes(markdown, &[lang("zh-Hans"), lang("en")], &lang("zh-Hans")).html
    }

    fn english(markdown: &str) -> String {
        render_notes(markdown, &[lang("zh-Hans"), lang("en")], &lang("en")).html
    }

    #[test]
    fn emphasis_closes_next_to_east_asian_punctuation() {
        let cases = [
            ("**真的,**她", "<strong>真的,</strong>她"),
            ("**真的,**她", "<strong>真的,</strong>她"),
            ("**就这些。**他说", "<strong>就这些。</strong>他说"),
            ("他说**“好”**她", "他说<strong>“好”</strong>她"),
            ("**真。**她说**好**", "<strong>真。</strong>她说<strong>好</strong>"),
            ("*真的。*她", "<em>真的。</em>她"),
            ("***真。***她", "<em><strong>真。</strong></em>她"),
            ("**看`码`**她", "<strong>看<code>码</code></strong>她"),
            ("**看[这](u)**她", "<strong>看<a href=\"u\">这</a></strong>她"),
            ("[**真。**她](u)", "<a href=\"u\"><strong>真。</strong>她</a>"),
            ("**한국어(Korean)**은", "<strong>한국어(Korean)</strong>은"),
            ("- **真,**她", "<strong>真,</strong>她"),
        ];
        for (markdown, expected) in cases {
            assert!(notes(markdown).contains(expected), "{markdown}: {}", notes(markdown));
        }
    }

    #[test]
    fn escaped_and_lone_asterisks_stay_literal() {
        let cases = [
            (r"\*\*真的,\*\*她", "<p>**真的,**她</p>"),
            (r"\**真。*她", "<p>*<em>真。</em>她</p>"),
            (r"\\*真。*她", "<p>\\<em>真。</em>她</p>"),
            ("&#42;真。&#42;她", "<p>*真。*她</p>"),
            ("** 真 **她", "<p>** 真 **她</p>"),
            ("真*她", "<p>真*她</p>"),
            ("`**真。**她`", "<p><code>**真。**她</code></p>"),
        ];
        for (markdown, expected) in cases {
            assert_eq!(notes(markdown).trim(), expected, "{markdown}");
        }
    }

    #[test]
    fn emphasis_in_latin_text_is_what_the_parser_says() {
        // Strings of these at random, with and without the second decision.
        let alphabet = ["*", "a", " ", "_", "(", "\\", "**"];
        let mut state = 1u64;
        for _ in 0..40_000 {
            let mut text = String::new();
            for _ in 0..10 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push_str(alphabet[(state >> 33) as usize % alphabet.len()]);
            }
            let (mut once, mut again) = (String::new(), String::new());
            html::push_html(&mut once, Parser::new(&text));
            let events = Emphasis::new(&text).decide(Parser::new(&text).into_offset_iter());
            html::push_html(&mut again, events.into_iter());
            assert_eq!(once, again, "{text:?}");
        }
    }

    #[test]
    fn a_soft_break_between_cjk_characters_disappears() {
        assert_eq!(notes("今天\n天气").trim(), "<p>今天天气</p>");
        assert_eq!(notes("**今天。**\n天气").trim(), "<p><strong>今天。</strong>天气</p>");
        assert_eq!(notes("用 Rust\n写").trim(), "<p>用 Rust\n写</p>");
        assert_eq!(english("one —\n“two”").trim(), "<p>one —\n“two”</p>");
        assert_eq!(english("one\ntwo").trim(), "<p>one\ntwo</p>");
    }

    #[test]
    fn a_block_in_another_language_carries_it() {
        assert_eq!(notes("你好\n\nHello there").trim(), "<p>你好</p>\n<p lang=\"en\">Hello there</p>");
        assert!(english("# 你好").contains("lang=\"zh-Hans\">你好</h2>"));
        assert!(notes("> Hello").contains("<blockquote>\n<p lang=\"en\">Hello</p>"));
        assert!(notes("- Hello\n- 你好").contains("<li lang=\"en\">Hello</li>\n<li>你好</li>"));
        assert!(notes("10 %").contains("<p>10 %</p>"));
        assert!(notes("- ```\n  hello\n  ```").contains("<li>"));
    }

    #[test]
    fn a_block_inside_another_language_returns_to_the_pages() {
        let html = notes("- Hello\n  - 你好\n  - Bye");
        assert!(html.contains("<li lang=\"en\">Hello"), "{html}");
        assert!(html.contains("<li lang=\"zh-Hans\">你好</li>\n<li>Bye</li>"), "{html}");
    }

    #[test]
    fn a_right_to_left_block_says_so() {
        let langs = [lang("ar"), lang("en")];
        let html = render_notes("Hi\n\nمرحبا", &langs, &langs[1]).html;
        assert!(html.contains("<p lang=\"ar\" dir=\"rtl\">مرحبا</p>"), "{html}");
        let html = render_notes("Hi", &langs, &langs[0]).html;
        assert!(html.contains("<p lang=\"en\" dir=\"ltr\">Hi</p>"), "{html}");
    }

    #[test]
    fn headings_begin_at_two_and_have_unique_ids() {
        let html = english("# Links & more\n\n## Links, more\n\n### Links more\n\n##### `x`\n\n# !");
        assert!(html.contains("<h2 id=\"notes-links-more\">Links &amp; more</h2>"), "{html}");
        assert!(html.contains("<h3 id=\"notes-links-more-2\">"), "{html}");
        assert!(html.contains("<h4 id=\"notes-links-more-3\">"), "{html}");
        assert!(html.contains("<h4 id=\"notes-x\">"), "{html}");
        assert!(html.contains("<h2 id=\"notes-section\">!</h2>"), "{html}");
        assert!(english("## A\n\n### B").contains("<h2 id=\"notes-a\">A</h2>\n<h3 id=\"notes-b\">"));
        assert!(notes("## 节目 链接").contains("id=\"notes-节目-链接\""));
    }

    #[test]
    fn a_suffixed_id_meets_no_heading_that_has_it_already() {
        let html = english("## A\n\n## A 2\n\n## A\n\n## A 2");
        for id in ["notes-a", "notes-a-2", "notes-a-3", "notes-a-2-2"] {
            assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}: {html}");
        }
    }

    #[test]
    fn fenced_code_is_highlighted_by_classes() {
        let html = english("```rust\nlet a = \"<b>\"; // **x**\n```");
        assert!(html.contains("class=\"hl\""), "{html}");
        assert!(html.contains("tabindex=\"0\"") && html.contains("translate=\"no\""), "{html}");
        assert!(html.contains("<code class=\"language-rust\"><span class=\"hl-source hl-rust\">"), "{html}");
        assert!(html.contains("&lt;b&gt;") && html.contains("**x**"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn code_in_an_unknown_language_is_plain() {
        let html = english("```nosuch\n<a> & 'b'\n```");
        assert!(
            html.contains("<code class=\"language-nosuch\">&lt;a&gt; &amp; 'b'\n</code></pre>"),
            "{html}"
        );
        assert!(english("    x < y").contains("<code>x &lt; y</code></pre>"));
        assert!(
            english("```\"><script>\nx\n```").contains("&lt;script"),
            "stays in the attribute's value or goes"
        );
        let long = format!("```rust\n{}\n```", "a".repeat(HIGHLIGHTED_AT_MOST));
        assert!(!english(&long).contains("<span"));
    }

    #[test]
    fn tables_have_a_head_and_a_body() {
        let html = english("| a | b |\n|---|--:|\n| 你好 | 1 |");
        assert!(html.contains("<thead><tr><th scope=\"col\">a</th>"), "{html}");
        assert!(
            html.contains("<tbody>\n<tr><td lang=\"zh-Hans\">你好</td><td class=\"notes-right\">1</td></tr>"),
            "{html}"
        );
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn strikethrough_lists_and_rules_are_rendered() {
        assert!(english("~~a~~").contains("<del>a</del>"));
        assert!(english("3. a\n4. b").contains("<ol start=\"3\">"));
        assert!(english("a\n\n---").contains("<hr>"));
    }

    #[test]
    fn an_image_is_lazy_and_keeps_its_alt() {
        let html = english("![a *b*](c.png \"t\")");
        assert!(html.contains("alt=\"a b\"") && html.contains("loading=\"lazy\""), "{html}");
        assert!(html.contains("src=\"c.png\"") && html.contains("title=\"t\""), "{html}");
    }

    #[test]
    fn allowed_links_stay() {
        for url in [
            "http://a.b/",
            "HTTPS://a.b/?x=1:2",
            "mailto:a@b.c",
            "tel:+123",
            "/a",
            "a/b:c",
            "#x",
            "?a:b",
            "//a.b/",
        ] {
            let notes = render_notes(&format!("[x]({url})"), &[lang("en")], &lang("en"));
            assert!(notes.html.contains("<a href="), "{url}: {}", notes.html);
            assert!(notes.dropped_links.is_empty(), "{url}");
        }
        assert!(english("<a@b.cd>").contains("href=\"mailto:a@b.cd\""));
    }

    #[test]
    fn a_refused_link_leaves_its_text_and_is_handed_back() {
        let markdown = "[a **b**](javascript:x) ![c](data:image/png;base64,AA) [d](ok)";
        let notes = render_notes(markdown, &[lang("en")], &lang("en"));
        assert_eq!(notes.html.trim(), "<p>a <strong>b</strong> c <a href=\"ok\">d</a></p>");
        assert_eq!(notes.dropped_links, ["javascript:x", "data:image/png;base64,AA"]);
    }

    #[test]
    fn a_refused_address_of_raw_html_is_handed_back_too() {
        let markdown =
            "<a href=\"java\nscript:x\">a</a> <img src=\"data:image/png,x\"> <a href=\"FILE:///c\">e</a>";
        let notes = render_notes(markdown, &[lang("en")], &lang("en"));
        assert_eq!(notes.dropped_links, ["java\nscript:x", "data:image/png,x", "FILE:///c"]);
        assert!(!notes.html.contains("href"), "{}", notes.html);
    }

    #[test]
    fn entities_write_no_control_characters() {
        for markdown in ["a&#1;b&#x1;c", "<p title=\"&#1;\">a&#1;b</p>", "`a`&#27;[0m", "# a&#1;b"] {
            let html = english(markdown);
            assert!(!html.contains(|c: char| c.is_control() && c != '\n'), "{html:?}");
        }
    }

    #[test]
    fn no_attack_gets_through() {
        let attacks = [
            "[x](javascript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](&#x6A;avascript&colon;alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](<java\tscript:alert(1)>)",
            "[x](java&Tab;script:alert(1))",
            "[x](java&NewLine;script:alert(1))",
            "[x](&#1;javascript:alert(1))",
            "[x](vbscript:msgbox(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "![x](data:image/svg+xml,<svg onload=alert(1)>)",
            "[x]\n\n[x]: javascript:alert(1)",
            "<javascript:alert(1)>",
            "![x](javascript:alert(1))",
            "[x](u \"a\\\" onmouseover=alert(1) b=\\\"\")",
            "![\" onerror=\"alert(1)](u)",
            "<script>alert(1)</script>",
            "a <script src=//e.vil></script> b",
            "<ScRiPt\n>alert(1)</script\n>",
            "<img src=x onerror=alert(1)>",
            "a <img src=x onerror=alert(1)//",
            "<base href=//e.vil/>",
            "<svg onload=alert(1)>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<iframe src=javascript:alert(1)></iframe>",
            "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<a href=\" java\nscript:alert(1)\">x</a>",
            "<p style=\"background:url(javascript:alert(1))\">x</p>",
            "<details open ontoggle=alert(1)><summary>x</summary></details>",
            "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
            "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<link rel=stylesheet href=//e.vil/a.css><style>@import '//e.vil'</style>",
            "```\" onmouseover=\"alert(1)\nx\n```",
            "## <img src=x onerror=alert(1)>",
            "| <script>alert(1)</script> |\n|---|\n| [x](javascript:1) |",
        ];
        for attack in attacks {
            for markdown in [attack.to_owned(), format!("真。{attack}"), format!("> - {attack}")] {
                assert_harmless(&notes(&markdown), &markdown);
            }
        }
        for text in [
            "<script>alert(1)</script>",
            "http://a.b/\"onmouseover=alert(1)",
            "javascript:alert(1) http://a.b/'x'",
        ] {
            assert_harmless(&render_paragraphs(text, &lang("en")), text);
        }
    }

    /// Looks at the tags alone: what is escaped may say anything.
    fn assert_harmless(html: &str, source: &str) {
        for tag in tags(html) {
            let name: String =
                tag.chars().skip_while(|c| *c == '/').take_while(|c| c.is_alphanumeric()).collect();
            assert!(TAGS.contains(&name.as_str()), "{source}: {html}");
            let names = attribute_names(tag);
            assert!(!names.iter().any(|name| name.starts_with("on") || name == "style"), "{source}: {html}");
            for value in ["\"javascript:", "\"vbscript:", "\"data:"] {
                let links = tag.replace(' ', "").to_lowercase();
                assert!(!links.contains(&format!("href={value}")), "{source}: {html}");
                assert!(!links.contains(&format!("src={value}")), "{source}: {html}");
            }
        }
    }

    /// The tags of serialised HTML, without their brackets; a `>` in a value does not end one.
    fn tags(html: &str) -> Vec<&str> {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            let mut quoted = false;
            let end = rest[start..].find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            });
            let end = start + end.expect("every tag is closed");
            tags.push(&rest[start + 1..end]);
            rest = &rest[end + 1..];
        }
        tags
    }

    fn attribute_names(tag: &str) -> Vec<String> {
        let outside: String = tag.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let names = outside.split_whitespace().skip(1);
        names.map(|name| name.trim_end_matches('=').to_lowercase()).collect()
    }

    #[test]
    fn raw_html_keeps_what_is_harmless() {
        let html = english(
            "<div class=\"site-nav notes-box\" id=\"top\" dir=\"rtl\" lang=\"ar\">a</div>\n\nb <kbd>c</kbd>",
        );
        assert!(html.contains("class=\"notes-box\"") && html.contains("id=\"notes-top\""), "{html}");
        assert!(html.contains("dir=\"rtl\"") && html.contains("lang=\"ar\""), "{html}");
        assert!(html.contains("<p>b <kbd>c</kbd></p>"), "{html}");
    }

    #[test]
    fn two_texts_of_a_page_share_no_id() {
        let langs = [lang("en")];
        let html = render_notes_under("notes-en-", "## A\n\n<p id=\"b\">x</p>", &langs, &langs[0]).html;
        assert!(html.contains("id=\"notes-en-a\"") && html.contains("id=\"notes-en-b\""), "{html}");
    }

    #[test]
    fn an_id_is_given_once() {
        let html = english("<div id=\"a\">x</div>\n\n## A");
        assert_eq!(html.matches("id=\"notes-a\"").count(), 1, "{html}");
    }

    #[test]
    fn deep_and_odd_input_ends() {
        notes(&"> ".repeat(2_000));
        notes(&"*真".repeat(20_000));
        notes(&"**真。".repeat(20_000));
        notes(&"[".repeat(5_000));
        notes("\0**\u{feff}真");
        notes("");
        notes("```");
        for token in ["rust", "html", "md", "cpp", "py", "js", "sh", "json", "yaml", "sql", "rb"] {
            notes(&format!("```{token}\n\"'`<?{{(真\0\\\n```"));
        }
    }

    #[test]
    fn blank_lines_separate_paragraphs() {
        let html = render_paragraphs("a & b\nc\r\n \r\n\r\n<d>\n", &lang("en"));
        assert_eq!(html, "<p lang=\"en\">a &amp; b\nc</p>\n<p lang=\"en\">&lt;d&gt;</p>\n");
        assert_eq!(render_paragraphs("今天\n天气", &lang("zh-Hans")), "<p lang=\"zh-Hans\">今天天气</p>\n");
        assert_eq!(render_paragraphs(" \n\n", &lang("en")), "");
        assert_eq!(render_paragraphs("x", &lang("ar")), "<p lang=\"ar\" dir=\"rtl\">x</p>\n");
    }

    #[test]
    fn a_summary_of_brackets_is_read_in_no_time() {
        // With a count for each bracket this would take minutes.
        let text = format!("http://a{}", ")]".repeat(200_000));
        let html = render_paragraphs(&text, &lang("en"));
        assert!(html.contains("<a href=\"http://a\">http://a</a>)])]"));
    }

    #[test]
    fn bare_addresses_become_links() {
        let cases = [
            ("see https://a.b/c?d=1&e=2.", "https://a.b/c?d=1&amp;e=2", "."),
            ("见https://a.b/c。好", "https://a.b/c", "。好"),
            ("见https://a.b了解", "https://a.b", "了解"),
            ("https://zh.w.org/wiki/中文", "https://zh.w.org/wiki/中文", ""),
            ("(http://a.b/c_(d))", "http://a.b/c_(d)", ")"),
            ("HTTP://a.b!", "HTTP://a.b", "!"),
            ("http://a.b/c)])]].", "http://a.b/c", ")])]]."),
            ("http://a.b/(c]).", "http://a.b/(c])", "."),
        ];
        for (text, address, after) in cases {
            let html = render_paragraphs(text, &lang("en"));
            let expected = format!("<a href=\"{address}\">{address}</a>{after}</p>");
            assert!(html.contains(&expected), "{text}: {html}");
        }
        for text in ["https://", "xhttp://a.b", "http:// a", "ftp://a.b", "https://。"] {
            assert!(!render_paragraphs(text, &lang("en")).contains("<a"), "{text}");
        }
    }
}
