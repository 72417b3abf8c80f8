//! Times in brackets, at either end of a text. Never takes a number for one.

use crate::timestamp::Millis;

/// The times that a line gives for itself.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Times {
    pub start: Option<Millis>,
    pub end: Option<Millis>,
}

impl Times {
    pub fn any(self) -> bool {
        self.start.is_some()
    }

    /// Takes times in brackets off the front of a text: `[0:12]`, `(00:00:12)`, `[a] to [b]`.
    pub fn strip(text: &str) -> (Times, &str) {
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
    pub fn strip_end(text: &str) -> (Times, &str) {
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
