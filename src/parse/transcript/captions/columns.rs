//! Which lines of a cue are wrapped text, and which are languages. Never says which languages these
//! are.

use unicode_script::Script;

use super::speakers::Turned;
use super::{Caption, Cue};
use crate::lang::{Lang, detect, is_cjk, telling_script};
use crate::parse::transcript::twins::Twins;

/// How the lines of cues are languages.
pub struct Columns {
    /// Two scripts: lines of each are a part.
    by_script: bool,
    /// Which cues whose two lines are in one script are in two languages all the same.
    twins: Twins,
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
        let twins = Twins::of(sample.iter().copied());
        Columns { by_script, twins, by_place: (2..=LANGS).rev().find(apart) }
    }

    /// Whether all lines of a cue are one text.
    pub fn one(&self) -> bool {
        !self.by_script && self.by_place.is_none()
    }

    pub fn split(&self, turn: Turned) -> Cue {
        let Turned { caption, label, begins, .. } = turn;
        let Caption { span, number, start, end, lines, told_apart, exact, mut langs, .. } = caption;
        if langs.len() != lines.len() {
            langs.clear();
        }
        let parts = if told_apart || self.by_place == Some(lines.len()) {
            lines
        } else if self.by_script {
            by_script(lines, &self.twins)
        } else {
            vec![joined(&lines)]
        };
        Cue { span, number, start, end, label, begins, exact, parts, langs }
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
fn by_script(lines: Vec<String>, twins: &Twins) -> Vec<String> {
    let scripts: Vec<Option<Script>> = lines.iter().map(|line| telling_script(line)).collect();
    let told = scripts.iter().flatten().count();
    if let [first, second] = lines.as_slice()
        && (told < 2 || scripts[0] == scripts[1])
        && twins.are(first, second)
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
