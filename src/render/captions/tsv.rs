//! Tab-separated values. In one language the table is Whisper's: start and end in milliseconds,
//! and the text. In several it has the speaker too, and a column per language.

use super::times::{Card, cards, push_digits};
use super::{Captions, TURN, push_replaced};

pub fn write(captions: &Captions) -> String {
    // A table has room for cues without times.
    let timed = cards(captions).ok();
    let is_timed = timed.is_some();
    let bare = |cue| Card::of(cue, None, 0, 0);
    let cards = timed.unwrap_or_else(|| (0..captions.cues().len()).map(bare).collect());
    let known = |card: &Card| {
        let cue = &captions.cues()[card.cue];
        if is_timed {
            [Some(card.start), Some(card.end)]
        } else {
            [cue.start, cue.end].map(|time| Some(time?.0))
        }
    };
    let mut out = String::with_capacity(captions.room(32));
    out.push_str("start\tend\t");
    if captions.is_bilingual() {
        out.push_str("speaker");
        for lang in captions.langs() {
            out.push('\t');
            out.push_str(lang.as_str());
        }
    } else {
        out.push_str("text");
    }
    out.push('\n');
    for card in &cards {
        let mut texts = captions.shown(card).peekable();
        if texts.peek().is_none() {
            continue;
        }
        for time in known(card) {
            if let Some(time) = time {
                push_digits(time, 1, &mut out);
            }
            out.push('\t');
        }
        let turn = captions.opens_turn(card);
        if captions.is_bilingual() {
            let unnamed = if turn { TURN.trim_end() } else { "" };
            push_cell(captions.name(&captions.cues()[card.cue]).unwrap_or(unnamed), &mut out);
            for lang in captions.langs() {
                out.push('\t');
                if let Some((_, text)) = texts.next_if(|(own, _)| *own == lang) {
                    push_cell(text, &mut out);
                }
            }
        } else if let Some((_, text)) = texts.next() {
            out.push_str(if turn { TURN } else { "" });
            push_cell(text, &mut out);
        }
        out.push('\n');
    }
    out
}

fn push_cell(text: &str, out: &mut String) {
    push_replaced(text, out, &[(b'\t', " "), (b'\n', " "), (b'\r', " ")]);
}
