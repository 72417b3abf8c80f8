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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::model::align::TrackCue;

    /// The words that are added to tracks whose lines are said by these.
    fn added(left: &[Option<&str>], right: &[Option<&str>]) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
        let lang = Lang::parse("en").unwrap();
        let cue =
            |speaker: &Option<&'static str>| TrackCue { text: "", start: None, end: None, speaker: *speaker };
        let leak = |labels: &[Option<&str>]| -> Vec<TrackCue<'static>> {
            let own: Vec<Option<&'static str>> =
                labels.iter().map(|label| label.map(|label| &*label.to_owned().leak())).collect();
            own.iter().map(cue).collect()
        };
        let (left, right) = (leak(left), leak(right));
        let units = |cues: &[TrackCue]| -> Vec<Unit> {
            cues.iter().map(|_| Unit { tokens: Vec::new(), length: 0.0, said: 0.0, part: 0 }).collect()
        };
        let (mut own, mut other) = (units(&left), units(&right));
        let mut vocabulary = Vocabulary::default();
        let sides = (Side { lang: &lang, cues: &left }, Side { lang: &lang, cues: &right });
        add(&sides.0, &mut own, &sides.1, &mut other, &mut vocabulary);
        let words = |units: Vec<Unit>| {
            let shown = |unit: Unit| {
                unit.tokens.iter().map(|token| vocabulary.words[*token as usize][1..].to_owned()).collect()
            };
            units.into_iter().map(shown).collect()
        };
        (words(own), words(other))
    }

    #[test]
    fn a_change_of_speaker_and_a_number_of_a_recogniser_are_one_word_on_both_sides() {
        let (left, right) = added(
            &[Some("Speaker 1"), Some("Speaker 1"), Some("Lin Yue")],
            &[Some("说话人 01"), Some("林岳"), None],
        );
        assert_eq!(left, [vec!["voice 1"], vec!["voice 1"], vec!["turn", "voice Lin Yue"]]);
        assert_eq!(right, [vec!["voice 1"], vec!["turn", "voice 林岳"], vec!["turn"]]);
    }

    #[test]
    fn where_one_track_names_nobody_nothing_is_said() {
        let (left, right) = added(&[Some("A"), Some("B")], &[None, None]);
        assert!(left.iter().chain(&right).all(Vec::is_empty));
    }
}
