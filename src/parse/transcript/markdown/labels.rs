//! Which words before a colon are labels of speakers in a text. Never takes a sentence for one.

use std::collections::{HashMap, HashSet};

use super::blocks::{Block, RawLine};
use super::times::Times;
use crate::parse::transcript::label::{KnownLabels, NOBODY, is_break, is_generic_label, looks_like_name};

/// Whether a plain text file marks its speakers as Markdown does.
pub fn has_marked_labels(text: &str) -> bool {
    let marked = |line: &&str| line.contains("**:") || line.contains(":**") || line.contains("：**");
    text.lines().take(200).filter(marked).count() >= 2
}

/// Which labels a text without marked ones uses.
pub struct Labels<'k> {
    marked: bool,
    accepted: HashSet<String>,
    known: &'k KnownLabels<'k>,
}

impl<'k> Labels<'k> {
    /// A name before a colon is taken for a label only where the text shows that it is one: said
    /// at least twice, in a text a good part of which stands under such names.
    pub fn of(blocks: &[Block], known: &'k KnownLabels<'k>) -> Labels<'k> {
        let lines = || {
            blocks.iter().flat_map(|block| match block {
                Block::Paragraph(lines) => lines.as_slice(),
                _ => &[],
            })
        };
        let marked = lines().any(|line| marked_label(line).is_some());
        let mut labels = Labels { marked, accepted: HashSet::new(), known };
        if marked {
            return labels;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for line in lines() {
            let rest = Times::strip(&line.text).1;
            let Some((name, _)) = split_colon(rest) else {
                continue;
            };
            let name = Times::strip_end(name).1;
            if !looks_like_name(name) {
                continue;
            }
            *counts.entry(name).or_insert(0) += 1;
        }
        labels.accepted = names_alone(blocks);
        let total: usize = counts.values().filter(|count| **count >= 2).sum();
        let paragraphs = blocks.iter().filter(|block| matches!(block, Block::Paragraph(_))).count();
        if total * 4 >= paragraphs {
            // A name that is said once is a label too where the text is all labels, or where it
            // introduces a short form that is one: `Shaun Apps (SA)`.
            let all: usize = counts.values().sum();
            let all_labels = total * 10 >= paragraphs * 7 || all * 10 >= paragraphs * 9;
            let introduces = |name: &str| {
                let short = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
                let wide = || name.strip_suffix('）').and_then(|rest| rest.rsplit_once('（'));
                let count = short.or_else(wide).and_then(|(_, short)| counts.get(short));
                count.is_some_and(|count| *count >= 2)
            };
            let accepted = counts
                .iter()
                .filter(|(name, count)| {
                    **count >= 2 || (all_labels && name.split_whitespace().count() <= 3) || introduces(name)
                })
                .map(|(name, _)| (*name).to_owned());
            labels.accepted.extend(accepted);
        } else {
            labels.accepted.extend(names_said_nowhere_else(lines(), &counts));
        }
        labels
    }

    pub fn takes(&self, name: &str) -> bool {
        name == NOBODY
            || is_generic_label(name)
            || self.known.contains(name)
            || (!self.marked && self.accepted.contains(name))
    }
}

/// How often a name stands before a colon that few lines of a text stand under.
const OFTEN: usize = 3;

/// Names of several words, all in capitals and none said in small letters, that come often: those
/// of one voice alone, such as a guest's.
fn names_said_nowhere_else<'t>(
    lines: impl Iterator<Item = &'t RawLine>,
    counts: &HashMap<&str, usize>,
) -> Vec<String> {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    let may_be = |name: &str| name.split(' ').count() > 1 && name.split(' ').all(is_capital);
    let often = counts.iter().filter(|(name, count)| **count >= OFTEN && may_be(name));
    let mut names: Vec<&str> = often.map(|(name, _)| *name).collect();
    if !names.is_empty() {
        let words = lines.flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric()));
        let small: HashSet<&str> = words.filter(|word| word.starts_with(char::is_lowercase)).collect();
        names.retain(|name| name.split(' ').all(|word| !small.contains(word.to_lowercase().as_str())));
    }
    names.into_iter().map(str::to_owned).collect()
}

/// So many paragraphs open with a line that is only a name and a colon, where these are labels.
const ALONE: usize = 2;

/// Names that are all of a paragraph's first line: `Ada:`, and what she says below. One that does
/// not look like a name is one if it stands there twice.
fn names_alone(blocks: &[Block]) -> HashSet<String> {
    let name = |block: &Block| match block {
        Block::Paragraph(lines) if lines.len() > 1 => {
            let (name, rest) = split_colon(Times::strip(&lines[0].text).1)?;
            (rest.is_empty() && name.chars().count() <= LONGEST_ALONE).then(|| name.to_owned())
        }
        _ => None,
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in blocks.iter().filter_map(name) {
        *counts.entry(name).or_default() += 1;
    }
    counts.retain(|name, count| looks_like_name(name) || name == NOBODY || *count >= ALONE);
    if counts.values().sum::<usize>() < ALONE { HashSet::new() } else { counts.into_keys().collect() }
}

/// A name that stands alone has no more characters than this.
const LONGEST_ALONE: usize = 60;

/// `name: rest`, with either colon, where the name is short. The colon of a clock parts nothing.
pub fn split_colon(text: &str) -> Option<(&str, &str)> {
    let at = text.find([':', '：'])?;
    let colon = text[at..].chars().next().map_or(1, char::len_utf8);
    let (name, rest) = (&text[..at], &text[at + colon..]);
    let clock =
        name.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit());
    (at > 0 && at <= 120 && !clock).then(|| (name.trim(), rest.trim_start()))
}

/// A label in strong type: its name and where the line's text goes on.
pub fn marked_label(line: &RawLine) -> Option<(String, usize)> {
    let strong = line.strong.clone()?;
    let name = line.text[strong.clone()].trim();
    let after = &line.text[strong.end..];
    let outside = after.starts_with([':', '：']);
    let inside = name.starts_with([':', '：']) || name.ends_with([':', '：']);
    let bare_break = after.trim().is_empty() && is_break(name);
    if !(outside || inside || bare_break) {
        return None;
    }
    let colon = if outside { after.chars().next().map_or(0, char::len_utf8) } else { 0 };
    let name = name.trim_matches([':', '：', ' ']);
    // A label that was typed twice.
    let name = match name.split_once(": ") {
        Some((first, second)) if first == second => first,
        _ => name,
    };
    (!name.is_empty() && name.chars().count() <= 60).then(|| (name.to_owned(), strong.end + colon))
}
