//! Markdown as diglot reads it: `[mm:ss] **Name**: text`, and the translation in the line below.
//! A turn's name stands on its first cue.

use super::times::push_digits;
use super::{Captions, Replacements, push_replaced};
use crate::bytes::Kinds;
use crate::lang::telling_script_by;
use crate::model::{Mark, MarkKind};
use crate::parse::transcript::{NOBODY, is_transcript_heading};

pub fn write(captions: &Captions) -> String {
    let mut out = String::with_capacity(captions.room(12));
    for (index, title) in captions.title.iter().enumerate() {
        out.push_str(if index > 0 { " / " } else { "# " });
        push_text(title, &mut out);
    }
    if !captions.title.is_empty() {
        out.push_str("\n\n");
    }
    let opens = |mark: &Mark| match &mark.kind {
        MarkKind::Section(title) => title.iter().any(|(_, text)| is_transcript_heading(text)),
        _ => false,
    };
    if captions.transcript.marks.iter().any(opens) {
        // What stands above the first of such headings would be notes.
        out.push_str("## Transcript\n\n");
    }
    let mut marks = captions.transcript.marks.iter().peekable();
    let mut last = None;
    for (index, cue) in captions.cues().iter().enumerate() {
        while let Some(mark) = marks.next_if(|mark| mark.before <= index) {
            push_mark(&mark.kind, captions, &mut out);
        }
        let mut texts = captions.texts_by_kind(index);
        let Some(first) = texts.next() else { continue };
        if let Some(start) = cue.start {
            push_time(start.0, &mut out);
        }
        let second = texts.next();
        let is_told = captions.langs().len() < 3 && second.is_none_or(|second| is_told(first, second));
        let name = captions.name(cue);
        // Lines in one language each, one after the other, would be read as pairs.
        let is_alone = captions.is_bilingual() && second.is_none();
        let is_turn = name.is_none() && captions.is_turn(index);
        let labelled = name != last || is_turn || (is_alone && name.is_some());
        if labelled {
            last = name;
            out.push_str("**");
            push_text(name.unwrap_or(NOBODY), &mut out);
            out.push_str("**: ");
            push_by_kind(first, &mut out);
        } else {
            push_opening(first, &mut out);
        }
        for text in second.into_iter().chain(texts) {
            out.push_str(if is_told { "\n" } else { "\\\n" });
            push_opening(text, &mut out);
        }
        out.push_str("\n\n");
    }
    for mark in marks {
        push_mark(&mark.kind, captions, &mut out);
    }
    out.pop();
    out
}

/// Whether scripts alone tell that a line is the translation of the one above.
fn is_told((kinds, first): (Kinds, &str), (other_kinds, second): (Kinds, &str)) -> bool {
    // Most lines: Han text without Latin letters above ASCII.
    if first.starts_with(is_han) && other_kinds.is_ascii() && !kinds.has_letters() {
        return other_kinds.has_letters();
    }
    let script = telling_script_by(first, kinds);
    script.is_some() && telling_script_by(second, other_kinds).is_some_and(|other| script != Some(other))
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

fn push_mark(kind: &MarkKind, captions: &Captions, out: &mut String) {
    match kind {
        // Three hyphens on top of a file would open front matter.
        MarkKind::Break => out.push_str("***\n\n"),
        // The label of nobody says so.
        MarkKind::Turn => {}
        MarkKind::Section(title) => {
            let only = captions.only.map(|only| &captions.transcript.langs[only]);
            let mut gap = "## ";
            for (lang, text) in title.iter() {
                if only.is_none() || lang.is_none() || lang == only {
                    out.push_str(std::mem::replace(&mut gap, " / "));
                    push_text(text, out);
                }
            }
            if gap == " / " {
                out.push_str("\n\n");
            }
        }
    }
}

/// `[mm:ss] `, to the millisecond where it is known.
fn push_time(millis: u64, out: &mut String) {
    let seconds = millis / 1000;
    out.push('[');
    if seconds >= 3600 {
        push_digits(seconds / 3600, 1, out);
        out.push(':');
    }
    push_digits(seconds / 60 % 60, 2, out);
    out.push(':');
    push_digits(seconds % 60, 2, out);
    if !millis.is_multiple_of(1000) {
        out.push('.');
        push_digits(millis % 1000, 3, out);
    }
    out.push_str("] ");
}

/// A text at the beginning of a line, where more characters mean something.
fn push_opening((kinds, text): (Kinds, &str), out: &mut String) {
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(number) {
        // A list's item.
        Some(b'.' | b')') if (1..10).contains(&number) => {
            out.push_str(&text[..number]);
            out.push('\\');
            push_text(&text[number..], out);
        }
        Some(b'#' | b'>' | b'-' | b'+' | b'=' | b'~') if number == 0 => {
            out.push('\\');
            push_text(text, out);
        }
        _ => push_by_kind((kinds, text), out),
    }
}

/// A text of one line without markup; its kinds of bytes tell whether there is anything to escape.
fn push_by_kind((kinds, text): (Kinds, &str), out: &mut String) {
    if kinds.may_mean_in_markdown() {
        push_text(text, out);
    } else {
        out.push_str(text);
    }
}

/// A text of one line without markup.
pub fn push_text(text: &str, out: &mut String) {
    const REPLACED: Replacements<10> = [
        (b'\\', "\\\\"),
        (b'`', "\\`"),
        (b'*', "\\*"),
        (b'_', "\\_"),
        (b'[', "\\["),
        (b']', "\\]"),
        (b'<', "\\<"),
        (b'&', "\\&"),
        (b'\n', " "),
        (b'\r', " "),
    ];
    push_replaced(text, out, &REPLACED);
}
