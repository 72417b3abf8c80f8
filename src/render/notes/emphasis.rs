//! Emphasis where the text has Han, kana or Hangul characters, which CommonMark's own rule gets
//! wrong. Changes nothing in a text without them.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use unicode_script::{Script, UnicodeScript};

use crate::lang::is_cjk;

/// How many delimiters can be open: an older one is text again. It bounds how deep emphasis nests.
const OPEN_AT_MOST: usize = 100;

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
pub(super) fn parse(markdown: &str) -> Vec<Event<'_>> {
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
pub(super) struct Emphasis<'a> {
    source: &'a str,
    items: Vec<Item<'a>>,
    /// For each open element that is kept: the runs directly inside it.
    frames: Vec<Vec<usize>>,
    /// For each open element: whether it was taken apart.
    open: Vec<bool>,
    in_code: bool,
}

impl<'a> Emphasis<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Emphasis { source, items: vec![], frames: vec![vec![]], open: vec![], in_code: false }
    }

    pub(super) fn decide(
        mut self,
        events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) -> Vec<Event<'a>> {
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
pub(super) fn is_east_asian(character: char) -> bool {
    let shared = matches!(character, '“' | '”' | '‘' | '’' | '…' | '—');
    (is_cjk(character) && !shared)
        || matches!(character, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}
