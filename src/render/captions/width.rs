//! How wide text is on a screen, and where a line of it may end. Never splits a character from the
//! marks that belong to it.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::lang::is_cjk;

/// The columns that a character takes: two for those of Han text and their kin, none for marks.
pub fn columns(character: char) -> usize {
    match character {
        '\0'..='\u{2ff}' => 1,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => 0,
        '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}' => 2,
        _ if is_cjk(character) => 2,
        _ if is_combining_mark(character) => 0,
        _ => 1,
    }
}

pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns).sum() }
}

/// What no line begins with, and what none ends with, where words have no spaces between them.
const NO_START: &str = "，。、！？；：,.!?;:”’）)》〉」』】〕…—～·％%ー々";
const NO_END: &str = "“‘（(《〈「『【〔";

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    if before.is_whitespace() {
        return !after.is_whitespace();
    }
    (is_cjk(before) || is_cjk(after))
        && !NO_START.contains(after)
        && !NO_END.contains(before)
        && !after.is_whitespace()
}

/// Cuts a text into lines that are no wider than `room`, put into `lines` as ranges of it. With
/// `count`, into about so many of about the same width. A word that is too wide is cut.
pub fn cut(text: &str, room: usize, count: usize, lines: &mut Vec<Range<usize>>) {
    lines.clear();
    let all = width(text);
    let mut start = 0;
    // What came before the line that is being filled.
    let mut done = 0;
    while start < text.len() {
        // Where the text is to be cut next if its lines are to be alike.
        let wanted = if count > 1 { (all * (lines.len() + 1)).div_ceil(count) } else { usize::MAX };
        let (end, taken) = line_end(&text[start..], room, wanted.saturating_sub(done));
        let line = text[start..start + end].trim_end();
        if !line.is_empty() {
            lines.push(start..start + line.len());
        }
        start += end;
        done += taken;
    }
}

/// Where the first line of a text ends, near `wanted` columns and not beyond `room`; and its width.
fn line_end(text: &str, room: usize, wanted: usize) -> (usize, usize) {
    let mut wide = 0;
    // The last place where the line could end.
    let mut last = (0, 0);
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let own = columns(character);
        if before.is_some_and(|before| may_break(before, character)) {
            let nearer_before = last.0 > 0 && wide >= wanted && wanted.abs_diff(last.1) < wide - wanted;
            if nearer_before {
                return last;
            }
            last = (at, wide);
            if wide >= wanted {
                return last;
            }
        }
        // A space at the end of a line takes no room.
        if wide + own > room && own > 0 && !character.is_whitespace() && at > 0 {
            return if last.0 > 0 { last } else { (at, wide) };
        }
        wide += own;
        before = Some(character);
    }
    (text.len(), wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, room: usize, count: usize, expected: &[&str]) {
        let mut lines = Vec::new();
        cut(text, room, count, &mut lines);
        let found: Vec<&str> = lines.iter().map(|line| &text[line.clone()]).collect();
        assert_eq!(found, expected);
        assert!(found.iter().all(|line| width(line) <= room), "{found:?}");
    }

    #[test]
    fn words_stay_whole() {
        check("one two three four", 9, 1, &["one two", "three", "four"]);
        check("one two three four", 10, 1, &["one two", "three four"]);
    }

    #[test]
    fn a_han_character_takes_two_columns_and_its_punctuation_stays_with_it() {
        check("灯是给走夜路的人点的。", 10, 1, &["灯是给走夜", "路的人点", "的。"]);
        check("他说“好”。", 8, 1, &["他说", "“好”。"]);
    }

    #[test]
    fn lines_can_be_cut_alike() {
        check("one two three four five six", 32, 2, &["one two three", "four five six"]);
        check("甲乙丙丁戊己庚辛", 32, 4, &["甲乙", "丙丁", "戊己", "庚辛"]);
        check("one", 32, 3, &["one"]);
    }

    #[test]
    fn a_word_that_is_too_wide_is_cut() {
        check("abcdefghij kl", 4, 1, &["abcd", "efgh", "ij", "kl"]);
    }

    #[test]
    fn marks_stay_with_their_letters() {
        check("e\u{301}e\u{301}e\u{301}", 2, 1, &["e\u{301}e\u{301}", "e\u{301}"]);
        assert_eq!(width("e\u{301}"), 1);
    }

    #[test]
    fn nothing_is_cut_from_nothing() {
        check("", 32, 1, &[]);
        check("   ", 32, 2, &[]);
    }
}
