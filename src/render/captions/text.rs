//! Plain text: a block per cue, under its speaker's name where the speaker changes, and a line per
//! language.

use super::Captions;
use crate::parse::transcript::NOBODY;

pub fn write(captions: &Captions) -> String {
    let mut out = String::with_capacity(captions.room(4));
    let mut last = None;
    for (index, cue) in captions.cues().iter().enumerate() {
        let mut texts = captions.texts(index).peekable();
        if texts.peek().is_none() {
            continue;
        }
        let name = captions.name(cue);
        if name != last || (name.is_none() && captions.is_turn(index)) {
            last = name;
            out.push_str(name.unwrap_or(NOBODY));
            out.push_str(":\n");
        }
        for (_, text) in texts {
            super::push_line(text, &mut out);
            out.push('\n');
        }
        out.push('\n');
    }
    out
}
