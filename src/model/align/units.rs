//! What is paired: cues, or the sentences that they are pieces of.

use std::ops::Range;

use super::TrackCue;

/// Whether a text ends where a sentence does.
pub fn ends_sentence(text: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '”' | '’' | '」' | '』' | '）' | ')' | ']' | '»' | '】') || c.is_whitespace();
    text.trim_end_matches(closing).ends_with(['.', '?', '!', '。', '？', '！', '…', '؟', '।', '｡', '．', '។'])
}

/// Runs of cues that are a sentence, or several.
pub fn sentence_runs(cues: &[TrackCue]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut from = 0;
    for (index, cue) in cues.iter().enumerate() {
        let turn = cues.get(index + 1).is_some_and(|next| next.speaker != cue.speaker);
        if turn || ends_sentence(cue.text) {
            runs.push(from..index + 1);
            from = index + 1;
        }
    }
    if from < cues.len() {
        runs.push(from..cues.len());
    }
    runs
}
