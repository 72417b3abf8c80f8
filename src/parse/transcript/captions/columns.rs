//! Which lines of a cue are wrapped text, and which are languages. Never says which languages these
//! are.

use std::collections::HashMap;

use unicode_script::Script;

use super::speakers::Turned;
use super::{Caption, Cue};
use crate::lang::{Lang, detect, is_cjk, telling_script};

/// How the lines of cues are languages.
pub struct Columns {
    /// Two scripts: lines of each are a part.
    by_script: bool,
    /// Whether cues of several lines are one line in each script, in one order: then so is one whose
    /// two lines are in one script, such as a sentence and the name that stands for it.
    in_order: bool,
    /// How many lines cues have, each in a language of its own, where scripts do not tell them all.
    by_place: Option<usize>,
}

/// How much of each line's language is looked at, in bytes.
const SAMPLE: usize = 4000;
/// How many cues tell whether lines are languages.
const CUES: usize = 400;

/// No cue has more languages than this.
const LANGS: usize = 4;

impl Columns {
    pub fn of(captions: &[Caption]) -> Columns {
        let step = (captions.len() / CUES).max(1);
        let sample: Vec<&[String]> = captions.iter().step_by(step).map(|own| own.lines.as_slice()).collect();
        let several = sample.iter().filter(|lines| lines.len() > 1).count();
        let mixed = sample.iter().filter(|lines| is_mixed(lines)).count();
        let by_script = mixed > 0 && mixed * 4 >= several && mixed * 10 >= sample.len();
        let apart = |count: &usize| (*count > 2 || !by_script) && are_languages(&sample, *count);
        let in_order = by_script && are_in_order(&sample);
        Columns { by_script, in_order, by_place: (2..=LANGS).rev().find(apart) }
    }

    /// Whether all lines of a cue are one text.
    pub fn one(&self) -> bool {
        !self.by_script && self.by_place.is_none()
    }

    pub fn split(&self, turn: Turned) -> Cue {
        let Turned { caption, label, begins } = turn;
        let Caption { span, number, start, end, lines, told_apart, .. } = caption;
        let parts = if told_apart || self.by_place == Some(lines.len()) {
            lines
        } else if self.by_script {
            by_script(lines, self.in_order)
        } else {
            vec![joined(&lines)]
        };
        Cue { span, number, start, end, label, begins, parts }
    }
}

/// Whether lines are in more than one script.
fn is_mixed(lines: &[String]) -> bool {
    let Some((first, others)) = lines.split_first().filter(|(_, others)| !others.is_empty()) else {
        return false;
    };
    let first = telling_script(first);
    first.is_some() && others.iter().filter_map(|line| telling_script(line)).any(|own| first != Some(own))
}

/// Whether nearly all cues of several lines are two, and in the same scripts.
fn are_in_order(sample: &[&[String]]) -> bool {
    let mut orders: HashMap<[Script; 2], usize> = HashMap::new();
    let (mut several, mut more) = (0, 0);
    for lines in sample.iter().filter(|lines| lines.len() > 1) {
        several += 1;
        match lines {
            [first, second] => {
                if let (Some(first), Some(second)) = (telling_script(first), telling_script(second)) {
                    *orders.entry([first, second]).or_default() += usize::from(first != second);
                }
            }
            _ => more += 1,
        }
    }
    let most = orders.values().max().copied().unwrap_or(0);
    more * 50 <= several && most * 10 >= several * 9
}

/// Whether nearly all cues have so many lines, and these are in as many languages.
fn are_languages(sample: &[&[String]], count: usize) -> bool {
    let own: Vec<&&[String]> = sample.iter().filter(|lines| lines.len() == count).collect();
    if own.len() < 4 || own.len() * 5 < sample.len() * 4 {
        return false;
    }
    let mut langs: Vec<Lang> = Vec::with_capacity(count);
    for place in 0..count {
        let mut column = String::new();
        for lines in &own {
            if column.len() >= SAMPLE {
                break;
            }
            column.push_str(&lines[place]);
            column.push(' ');
        }
        let Some(script) = telling_script(&column) else { return false };
        let lang = detect(&column, script);
        if langs.contains(&lang) {
            return false;
        }
        langs.push(lang);
    }
    true
}

/// Joins lines of one script, in the order in which each is first met.
fn by_script(lines: Vec<String>, in_order: bool) -> Vec<String> {
    let scripts: Vec<Option<Script>> = lines.iter().map(|line| telling_script(line)).collect();
    let told = scripts.iter().flatten().count();
    if let [first, second] = lines.as_slice()
        && (told < 2 || scripts[0] == scripts[1])
        && (in_order || says_the_same(first, second))
    {
        return lines;
    }
    let mut groups: Vec<(Option<Script>, Vec<String>)> = Vec::new();
    for (line, script) in lines.into_iter().zip(scripts) {
        match groups.iter_mut().find(|(own, _)| script.is_some() && *own == script) {
            Some((_, own)) => own.push(line),
            // What has no letters goes with what stands before it.
            None => match groups.last_mut() {
                Some((own, before)) if script.is_none() || own.is_none() => {
                    *own = own.or(script);
                    before.push(line);
                }
                _ => groups.push((script, vec![line])),
            },
        }
    }
    groups.into_iter().map(|(_, lines)| joined(&lines)).collect()
}

/// Whether two lines of one script are one term in two languages: `API。` and `the API.` One says
/// nothing that the other does not, or has the punctuation of Han text, and the other none.
pub fn says_the_same(first: &str, second: &str) -> bool {
    if first.chars().any(is_wide) != second.chars().any(is_wide) {
        return true;
    }
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        split.map(str::to_lowercase).take(TERM_WORDS).collect()
    };
    let (first, second) = (words(first), words(second));
    let shared = first.iter().filter(|word| second.contains(word)).count();
    shared > 0 && (shared * 2 >= first.len().max(second.len()) || shared >= first.len().min(second.len()))
}

/// Whether a character is of Han text alone: quotes and dashes are not.
fn is_wide(character: char) -> bool {
    is_cjk(character) && !"“”‘’…—".contains(character)
}

/// How many words of a line are compared.
const TERM_WORDS: usize = 12;

/// Joins wrapped lines: with a space, which Han text does without.
fn joined(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let tight = text.chars().next_back().is_none_or(is_cjk) && line.chars().next().is_some_and(is_cjk);
        if !text.is_empty() && !tight {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}
