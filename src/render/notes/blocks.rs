//! The tags of blocks: in which language a block is, headings and their ids, cells of tables. Never
//! looks into the words but to tell their language.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag, TagEnd};

use super::code::{HIGHLIGHTED_AT_MOST, HIGHLIGHTED_IN_ALL, HIGHLIGHTED_LINE, code_block, code_text};
use crate::lang::{Lang, only_lang_in, telling_script};

/// For each event that begins a block of text: the language that its text tells.
pub(super) fn block_languages<'l>(events: &[Event], langs: &'l [Lang]) -> Vec<Option<&'l Lang>> {
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
pub(super) struct Blocks<'l> {
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
    pub(super) fn new(prefix: &'l str, page_lang: &'l Lang, events: &[Event]) -> Self {
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

    pub(super) fn rewrite<'e>(
        mut self,
        events: Vec<Event<'e>>,
        languages: &[Option<&'l Lang>],
    ) -> Vec<Event<'e>> {
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
