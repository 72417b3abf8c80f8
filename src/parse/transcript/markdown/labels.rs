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
            let all_labels = total * 10 >= paragraphs * 7;
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

/// So many paragraphs open with a line that is only a name and a colon, where these are labels.
const ALONE: usize = 2;

/// Names that are all of a paragraph's first line: `Ada:`, and what she says below.
fn names_alone(blocks: &[Block]) -> HashSet<String> {
    let name = |block: &Block| match block {
        Block::Paragraph(lines) if lines.len() > 1 => {
            let (name, rest) = split_colon(Times::strip(&lines[0].text).1)?;
            (rest.is_empty() && looks_like_name(name)).then(|| name.to_owned())
        }
        _ => None,
    };
    let names: Vec<String> = blocks.iter().filter_map(name).collect();
    if names.len() < ALONE { HashSet::new() } else { names.into_iter().collect() }
}

/// `name: rest`, with either colon, where the name is short.
pub fn split_colon(text: &str) -> Option<(&str, &str)> {
    let at = text.find([':', '：'])?;
    let colon = text[at..].chars().next().map_or(1, char::len_utf8);
    (at > 0 && at <= 120).then(|| (text[..at].trim(), text[at + colon..].trim_start()))
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
