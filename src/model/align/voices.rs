//! Who speaks, as words: that someone else begins to, and what they are called. Where both tracks
//! name speakers, a change in one is likely to be one in the other, and which labels mean each
//! other is learnt as it is of all words. Never says anything where only one track does.

use std::collections::HashSet;

use super::Side;
use super::dp::Unit;
use super::tokens::Vocabulary;

/// No text has these words.
const TURN: &str = "\u{1}turn";
const VOICE: &str = "\u{1}voice ";

/// Adds to each unit, which is a cue here, who says it.
pub fn add(
    left: &Side,
    left_units: &mut [Unit],
    right: &Side,
    right_units: &mut [Unit],
    vocabulary: &mut Vocabulary,
) {
    if !has_several(left) || !has_several(right) {
        return;
    }
    for (side, units) in [(left, left_units), (right, right_units)] {
        let mut before = side.cues.first().and_then(|cue| cue.speaker);
        for (cue, unit) in side.cues.iter().zip(units) {
            if cue.speaker != before {
                unit.tokens.push(vocabulary.number(TURN));
            }
            if let Some(label) = cue.speaker {
                unit.tokens.push(vocabulary.number(&format!("{VOICE}{}", name_of(label))));
            }
            before = cue.speaker;
        }
    }
}

fn has_several(side: &Side) -> bool {
    side.cues.iter().filter_map(|cue| cue.speaker).collect::<HashSet<_>>().len() > 1
}

/// What a label is known by: the number of one that a recogniser gave, in whatever language.
fn name_of(label: &str) -> &str {
    let number = label.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { number.trim_start_matches('0') } else { label }
}
