//! WebVTT, as the W3C's own parser takes it: an identifier, a voice and the text of each cue, and
//! a line per language.

use super::times::{cards, push_clock, push_digits};
use super::{Captions, Replacements, TURN, Unwritten, push_replaced};

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let cards = cards(captions)?;
    let mut out = String::with_capacity(captions.room(64));
    let tagged = captions.is_bilingual();
    out.push_str("WEBVTT\n");
    for card in &cards {
        let cue = &captions.cues()[card.cue];
        let mut texts = captions.shown(card).peekable();
        if texts.peek().is_none() {
            continue;
        }
        out.push('\n');
        cue.id.push_to(&mut out);
        if let Some(part) = card.part.as_ref().filter(|_| !card.is_first()) {
            // No two cues of a file by one name.
            out.push('+');
            push_digits(part.start as u64, 1, &mut out);
        }
        out.push('\n');
        push_clock(card.start, '.', &mut out);
        out.push_str(" --> ");
        push_clock(card.end, '.', &mut out);
        out.push('\n');
        if let Some(name) = captions.name(cue) {
            out.push_str("<v ");
            push_text(name, &mut out);
            out.push('>');
        } else if captions.opens_turn(card) {
            push_text(TURN, &mut out);
        }
        for (lang, text) in texts {
            if tagged {
                out.push_str("<lang ");
                out.push_str(lang.as_str());
                out.push('>');
            }
            push_text(text, &mut out);
            if tagged {
                out.push_str("</lang>");
            }
            out.push('\n');
        }
    }
    Ok(out)
}

/// A line with all characters escaped that mean something in a cue.
fn push_text(text: &str, out: &mut String) {
    const REPLACED: Replacements<5> =
        [(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'\n', " "), (b'\r', " ")];
    push_replaced(text, out, &REPLACED);
}
