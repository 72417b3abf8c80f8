//! The JSON transcript of the podcast namespace, which has one text per segment: languages are
//! lines of it.

use super::times::{cards, push_seconds};
use super::{Captions, TURN, Unwritten, push_json};

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let cards = cards(captions)?;
    let mut out = String::with_capacity(captions.room(80));
    out.push_str("{\"version\":\"1.0.0\",\"segments\":[");
    let mut body = String::new();
    let mut is_first = true;
    for card in &cards {
        let cue = &captions.cues()[card.cue];
        body.clear();
        let turn = if captions.opens_turn(card) { TURN } else { "" };
        for (_, text) in captions.shown(card) {
            body.push_str(if body.is_empty() { turn } else { "\n" });
            super::push_line(text, &mut body);
        }
        if body.is_empty() {
            continue;
        }
        out.push_str(if is_first { "{" } else { ",{" });
        is_first = false;
        if let Some(name) = captions.name(cue) {
            out.push_str("\"speaker\":");
            push_json(name, &mut out);
            out.push(',');
        }
        out.push_str("\"startTime\":");
        push_seconds(card.start, &mut out);
        // The format does without an end, so none is made up.
        if card.has_end {
            out.push_str(",\"endTime\":");
            push_seconds(card.end, &mut out);
        }
        out.push_str(",\"body\":");
        push_json(&body, &mut out);
        out.push('}');
    }
    out.push_str("]}\n");
    Ok(out)
}
