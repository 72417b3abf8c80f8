//! Lines that name a speaker and a time and have no colon: `Ada Byron  0:12`, `Ada Byron (0:12)`,
//! `[Ada Byron] 10:00:12`, and times that stand alone on a line. They are written as those that
//! have one. Never takes a sentence that ends in a time for a name.

use super::blocks::{Block, RawLine};
use super::labels::{marked_label, split_colon};
use super::times::Times;
use crate::lang::is_cjk;
use crate::parse::transcript::label::{is_break, is_generic_label, looks_like_name};
use crate::timestamp::Millis;

/// So many lines are such, in a text that has them.
const FEW: usize = 2;

/// Writes such lines in the usual way, where the text has some and their times go forward.
pub fn mark_headers(blocks: &mut [Block]) {
    let lines = || {
        blocks.iter().flat_map(|block| match block {
            Block::Paragraph(lines) => lines.as_slice(),
            _ => &[],
        })
    };
    if lines().any(|line| marked_label(line).is_some()) {
        return;
    }
    let times: Vec<Millis> = lines().filter_map(|line| Some(header(&line.text)?.time)).collect();
    let forward = times.windows(2).filter(|two| two[0] <= two[1]).count();
    if times.len() < FEW || forward * 5 < (times.len() - 1) * 4 {
        return;
    }
    for line in blocks.iter_mut().flat_map(|block| match block {
        Block::Paragraph(lines) => lines.as_mut_slice(),
        _ => &mut [],
    }) {
        if let Some(text) = header(&line.text).map(|header| header.in_the_usual_way()) {
            *line = RawLine { text, strong: None, ..line.clone() };
        }
    }
}

/// What such a line is made of.
struct Header<'l> {
    name: Option<&'l str>,
    time: Millis,
    clock: &'l str,
    words: &'l str,
}

impl Header<'_> {
    fn in_the_usual_way(&self) -> String {
        let Header { name, clock, words, .. } = self;
        match name {
            Some(name) => format!("{name} ({clock}): {words}"),
            None => format!("[{clock}] {words}"),
        }
    }
}

fn header(text: &str) -> Option<Header<'_>> {
    let text = text.trim();
    if let Some(time) = Millis::parse_clock(text) {
        return Some(Header { name: None, time, clock: text, words: "" });
    }
    name_and_bracket(text).or_else(|| name_and_clock(text))
}

/// `Name (0:12)`, `Name: [0:12]`, `Name [0:12] words`.
fn name_and_bracket(text: &str) -> Option<Header<'_>> {
    let open = text.find(['(', '[', '（', '【']).filter(|open| *open > 0)?;
    let inner = text[open..].char_indices().nth(1).map(|(at, _)| open + at)?;
    let close = inner + text[inner..].find([')', ']', '）', '】'])?;
    let clock = text[inner..close].trim();
    let time = Millis::parse_clock(clock)?;
    let after = close + text[close..].chars().next().map_or(1, char::len_utf8);
    let words = text[after..].trim_start();
    if words.starts_with([':', '：']) || Times::strip(words).0.any() {
        // As it is usual, or a stretch of time.
        return None;
    }
    let before = text[..open].trim_end();
    let name = before.strip_suffix([':', '：']).unwrap_or(before).trim_end();
    is_name(name).then_some(Header { name: Some(name), time, clock, words })
}

/// `Name 0:12`, `Name: 0:12`, `[Name] 0:12`, with nothing after it.
fn name_and_clock(text: &str) -> Option<Header<'_>> {
    let (before, clock) = text.rsplit_once(char::is_whitespace)?;
    let time = Millis::parse_clock(clock)?;
    let before = before.trim_end().trim_end_matches(['-', '–', '—', '|', '·', ',', ':', '：']).trim_end();
    let bare = before.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(before);
    is_name(bare).then_some(Header { name: Some(bare), time, clock, words: "" })
}

/// Names have no more words than this.
const WORDS: usize = 5;
/// Names in Han characters have no more of them than this.
const CHARACTERS: usize = 10;

fn is_name(name: &str) -> bool {
    let is_capital = |word: &str| {
        word.starts_with(|c: char| !c.is_lowercase()) || matches!(word, "de" | "van" | "von" | "der" | "la")
    };
    is_generic_label(name)
        || (looks_like_name(name)
            && !is_break(name)
            && split_colon(name).is_none()
            && name.split_whitespace().count() <= WORDS
            && name.split_whitespace().all(is_capital)
            && name.chars().filter(|c| is_cjk(*c)).count() <= CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::transcript::markdown::blocks::plain_blocks;

    fn marked(text: &str) -> Vec<String> {
        let mut blocks = plain_blocks(text);
        mark_headers(&mut blocks);
        let lines = blocks.into_iter().flat_map(|block| match block {
            Block::Paragraph(lines) => lines,
            _ => Vec::new(),
        });
        lines.map(|line| line.text).collect()
    }

    #[test]
    fn a_name_and_a_time_open_a_turn_in_every_manner() {
        let text = "Ada Byron  0:00\nOne.\n\nBob Ice (0:05)\n\nTwo.\n\n[Ada Byron] 0:09\n\n\
            Bob Ice: [0:12] Three.\n\nAda Byron [0:15] Four.\n\n张三 0:20\n五。\n\n0:30\nSix.\n";
        let expected = [
            "Ada Byron (0:00): ",
            "One.",
            "Bob Ice (0:05): ",
            "Two.",
            "Ada Byron (0:09): ",
            "Bob Ice (0:12): Three.",
            "Ada Byron (0:15): Four.",
            "张三 (0:20): ",
            "五。",
            "[0:30] ",
            "Six.",
        ];
        assert_eq!(marked(text), expected);
    }

    #[test]
    fn sentences_and_a_single_clock_stay_what_they_are() {
        for text in [
            "We left at 10:30\nThey came at 11:45\n",
            "Ada Byron 0:12\nand no more\n",
            "Ada Byron 9:30\nBob Ice 8:15\nAda Byron 7:10\n",
        ] {
            assert_eq!(marked(text).join("\n") + "\n", text);
        }
    }
}
