//! Line breaks that stand for nothing, between characters that are written without spaces. Takes out
//! no break that an author asked for.

use pulldown_cmark::{Event, TagEnd};

use super::emphasis::is_east_asian;
use crate::lang::is_cjk;

/// Whether a line break between these two stands for nothing.
pub(super) fn joins(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let han = |character| is_cjk(character) && is_east_asian(character);
    is_cjk(before) && is_cjk(after) && (han(before) || han(after))
}

/// Removes soft breaks between CJK characters, also where emphasis or a link ends or begins there.
pub(super) fn join_lines(events: Vec<Event>) -> Vec<Event> {
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
