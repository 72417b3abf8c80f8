//! Plain text: a block per cue, under its speaker's name where the speaker changes, and a line per
//! language.

use super::Captions;
use super::names::Names;
use super::times::Card;
use crate::parse::transcript::{NOBODY, is_break, looks_like_name};

pub fn write(captions: &Captions) -> String {
    let mut out = String::with_capacity(captions.room(4));
    let cards: Vec<Card> = (0..captions.cues().len()).map(|cue| Card::of(cue, None, 0, 0)).collect();
    let mut names = Names::of(captions, &cards);
    let is_alone = names.count() == 1;
    let mut last = None;
    for (index, cue) in captions.cues().iter().enumerate() {
        let mut texts = captions.texts(index).peekable();
        let Some((_, first)) = texts.peek() else { continue };
        let name = captions.name(cue);
        let begins = name != last || (name.is_none() && captions.is_turn(index));
        let misread = names.is_misread(first) || looks_labelled(first);
        let mut again = |name: &str| (is_alone || !looks_like_name(name)) && names.restate(name, first);
        if begins || name.is_some_and(|name| misread || again(name)) {
            last = name;
            out.push_str(name.unwrap_or(NOBODY));
            // What looks like a label is none behind another one.
            out.push_str(if misread && name.is_some() { ": " } else { ":\n" });
        }
        for (_, text) in texts {
            super::push_line(text, &mut out);
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// Whether a text begins with what could be taken for a name, or for the mark of a break.
fn looks_labelled(text: &str) -> bool {
    let before = text.split_once([':', '：']).map(|(before, _)| before.trim());
    before.is_some_and(|before| looks_like_name(before) || is_break(before))
}
