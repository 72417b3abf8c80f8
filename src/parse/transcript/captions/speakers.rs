//! Who says the words of a cue: names before a colon, labels of recognisers, marks of turns. Never
//! takes a word of the talk for a name.

use std::collections::HashMap;

use super::names::Counts;
use super::{Caption, Shared};
use crate::lang::{is_cjk, telling_script};
use crate::parse::transcript::label::{KnownLabels, is_generic_label, looks_like_name};

/// Which names before a colon are speakers in this file.
pub struct Labels<'k> {
    accepted: HashMap<String, usize>,
    known: &'k KnownLabels<'k>,
    in_text: bool,
    /// Whether `>>` is how this file says that someone else speaks.
    marked: bool,
}

/// What one speaker says of a cue.
pub struct Turned {
    pub caption: Caption,
    pub label: Option<String>,
    /// Whether a mark says that someone else speaks.
    pub begins: bool,
    /// Their name before the words in another language, where it is another.
    pub other_name: Option<String>,
}

/// How many lines open with a mark, where it marks turns.
const MARKS: usize = 2;

/// A label takes no more words than this.
const NAME_WORDS: usize = 4;

impl<'k> Labels<'k> {
    pub fn of(captions: &[Caption], shared: &Shared<'_, 'k>) -> Labels<'k> {
        let marks = captions.iter().flat_map(|caption| &caption.lines).filter(|line| turn_mark(line).0);
        let mut labels = Labels {
            accepted: HashMap::new(),
            known: shared.known,
            in_text: shared.names_in_text,
            marked: marks.take(MARKS).count() == MARKS,
        };
        if !labels.in_text {
            return labels;
        }
        let counts = Counts::of(captions);
        labels.accepted = counts.names().map(|(name, count)| (name.to_owned(), count)).collect();
        labels
    }

    /// The label that a line opens with, and the rest of it.
    fn split<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        if let Some((label, rest)) = bracketed_label(line) {
            return Some((label, rest));
        }
        let at = line.find([':', '：'])?;
        let name = line[..at].trim_end();
        let colon = line[at..].chars().next().map_or(1, char::len_utf8);
        let takes = is_generic_label(name)
            || self.known.contains(name)
            || (self.in_text && self.accepted.contains_key(name));
        takes.then(|| (name, line[at + colon..].trim_start()))
    }

    /// The turns of a cue, with who speaks them. Speakers go on until another is named. A mark within
    /// a line begins a turn too, if each language of the cue has it.
    pub fn apply(&self, mut caption: Caption, one_lang: bool, speaker: &mut Option<String>) -> Vec<Turned> {
        let voice = caption.voice.take();
        if caption.exact {
            let begins = caption.turn;
            return vec![Turned { caption, label: voice, begins, other_name: None }];
        }
        let mut lines = std::mem::take(&mut caption.lines);
        if self.marked && !caption.told_apart {
            lines = if one_lang {
                lines.into_iter().flat_map(at_marks).collect()
            } else {
                at_marks_of_all(lines)
            };
        }
        let mut turns: Vec<Turned> = Vec::with_capacity(1);
        let mut own: Option<String> = voice.clone();
        for (index, line) in lines.iter().enumerate() {
            let (marked, rest) = turn_mark(line);
            let named = if voice.is_none() { self.split(rest) } else { None };
            let named = named.filter(|(_, words)| !words.is_empty() || self.names_more(&lines, index));
            let label = match (&named, marked) {
                (Some((label, _)), _) => Some((*label).to_owned()),
                (None, true) if voice.is_none() => None,
                _ => own.clone().or_else(|| if voice.is_some() { None } else { speaker.clone() }),
            };
            let words = named.map_or(rest, |(_, rest)| rest);
            // A name before each language of a cue is one speaker's.
            let last = turns.last().filter(|turn| !one_lang && turn.label.is_some());
            let is_told_again = last.is_some_and(|turn| named.is_some() && told_by(&turn.caption, words));
            let name = if is_told_again { own.clone() } else { label.clone() };
            let other_name = label.filter(|label| is_told_again && name.as_ref() != Some(label));
            let label = name;
            // A mark with nothing after it is words.
            let words = if words.is_empty() && named.is_none() { line } else { words };
            let begins = turns.last().is_none_or(|turn| {
                (named.is_some() || marked)
                    && !turn.caption.lines.is_empty()
                    && (turn.label != label || (marked && !told_by(&turn.caption, words)))
            });
            if begins {
                let turn = Caption { lines: Vec::new(), ..caption.clone() };
                turns.push(Turned { caption: turn, label: label.clone(), begins: marked, other_name: None });
            }
            if let Some(turn) = turns.last_mut() {
                if turn.caption.lines.is_empty() {
                    turn.label.clone_from(&label);
                    turn.begins |= marked;
                }
                if other_name.is_some() {
                    turn.other_name = other_name;
                }
                if !words.is_empty() {
                    turn.caption.lines.push(words.to_owned());
                }
            }
            own.clone_from(&label);
            if voice.is_none() {
                speaker.clone_from(&label);
            }
        }
        turns.retain(|turn| !turn.caption.lines.is_empty());
        turns
    }

    /// Whether a name without words has the lines after it, or the cues after it where it is alone.
    /// Else it would be lost.
    fn names_more(&self, lines: &[String], index: usize) -> bool {
        let is_theirs = |line: &String| {
            let (marked, rest) = turn_mark(line);
            !marked && self.split(rest).is_none()
        };
        lines.len() == 1 || lines.get(index + 1).is_some_and(is_theirs)
    }
}

/// Whether words are in another script than the turn so far: they may be its translation.
fn told_by(turn: &Caption, words: &str) -> bool {
    let Some(own) = telling_script(words) else { return false };
    turn.lines
        .iter()
        .map(|line| telling_script(line))
        .all(|script| script.is_some_and(|script| script != own))
}

/// Whether a line opens with `>>`, and what follows.
pub fn turn_mark(line: &str) -> (bool, &str) {
    match line.strip_prefix(">>") {
        Some(rest) => (true, rest.trim_start_matches('>').trim_start()),
        None => (false, line),
    }
}

/// A line, cut before each `>>` within it.
fn at_marks(line: String) -> Vec<String> {
    if !line.contains(" >>") {
        return vec![line];
    }
    let mut found: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match found.last_mut() {
            Some(last) if !word.starts_with(">>") => {
                last.push(' ');
                last.push_str(word);
            }
            _ => found.push(word.to_owned()),
        }
    }
    // Spaces in a row before a mark belong to neither side.
    found.iter_mut().for_each(|own| own.truncate(own.trim_end().len()));
    found
}

/// The lines of a cue in several languages, cut where each of them has the same marks: what is
/// between two of these stands together.
fn at_marks_of_all(lines: Vec<String>) -> Vec<String> {
    let cut: Vec<Vec<String>> = lines.iter().map(|line| at_marks(line.clone())).collect();
    let count = cut.first().map_or(0, Vec::len);
    if count < 2 || cut.len() < 2 || cut.iter().any(|own| own.len() != count) {
        return lines;
    }
    (0..count).flat_map(|turn| cut.iter().map(move |own| own[turn].clone())).collect()
}

/// `[SPEAKER_00]: words`, with or without the colon.
fn bracketed_label(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('[').or_else(|| line.strip_prefix('('))?;
    let end = inner.find([']', ')'])?;
    let label = inner[..end].trim();
    is_generic_label(label)
        .then(|| (label, inner[end + 1..].trim_start().trim_start_matches([':', '：']).trim_start()))
}

/// A name before a colon, where it looks like one.
pub fn name_and_rest(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '：']).filter(|at| (1..=80).contains(at))?;
    let name = line[..at].trim_end();
    let colon = line[at..].chars().next().map_or(1, char::len_utf8);
    let rest = &line[at + colon..];
    let capitals = name.split_whitespace().all(|word| {
        word.starts_with(|c: char| !c.is_lowercase())
            || matches!(word, "de" | "van" | "von" | "der" | "la" | "of")
    });
    let words = name.split_whitespace().count();
    let clock = rest.starts_with(|c: char| c.is_ascii_digit() || c == '/');
    let wide = name.chars().any(is_cjk) && name.chars().count() > 8;
    (looks_like_name(name) && capitals && words <= NAME_WORDS && !clock && !wide)
        .then(|| (name, rest.trim_start()))
}
