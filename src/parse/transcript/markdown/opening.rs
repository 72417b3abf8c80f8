//! What a line opens with: who speaks, and when. Never looks at other lines.

use super::blocks::RawLine;
use super::labels::{Labels, marked_label, split_colon};
use super::times::Times;

/// What a line opens with.
pub struct Opening {
    /// `None`: the speaker goes on.
    pub label: Option<String>,
    pub marked: bool,
    pub times: Times,
    /// Where the words begin.
    pub text_from: usize,
}

/// What `line` opens with, where `labels` are the names of speakers.
pub fn opening(line: &RawLine, labels: &Labels) -> Opening {
    let text = line.text.as_str();
    let (times, rest) = Times::strip(text);
    let from = text.len() - rest.len();
    if let Some((label, text_from)) = marked_label(line) {
        return Opening { label: Some(label), marked: true, times, text_from };
    }
    let goes_on = Opening { label: None, marked: false, times, text_from: from };
    // `(00:12:01):` gives the time of a speaker who goes on.
    if times.any() && rest.starts_with([':', '：']) && text[..from].ends_with([')', ']', '）', '】']) {
        let colon = rest.chars().next().map_or(1, char::len_utf8);
        return Opening { text_from: from + colon, ..goes_on };
    }
    // `Name (00:12:01):`, whose time holds colons of its own; the name may hold brackets.
    let mut brackets = rest.match_indices([')', '）', ']', '】']);
    if let Some((close, _)) = brackets.find(|(at, own)| rest[at + own.len()..].starts_with([':', '：'])) {
        let bracket = rest[close..].chars().next().map_or(1, char::len_utf8);
        let (own, name) = Times::strip_end(&rest[..close + bracket]);
        if own.any() && !name.is_empty() && name.chars().count() <= 60 {
            let colon = rest[close + bracket..].chars().next().map_or(1, char::len_utf8);
            return Opening {
                label: Some(name.to_owned()),
                marked: false,
                times: own,
                text_from: from + close + bracket + colon,
            };
        }
    }
    match split_colon(rest) {
        Some((name, after)) if labels.takes(name) => Opening {
            label: Some(name.to_owned()),
            marked: false,
            times,
            text_from: text.len() - after.len(),
        },
        _ => goes_on,
    }
}
