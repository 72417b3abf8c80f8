//! Sentences that a change of speaker cuts in two: mostly the label came a few words late. Never
//! takes an interjection for one.

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::is_cjk;

/// In how large a part of an episode sentences must end with a mark, so that one without says
/// something; in percent.
const MARKED: usize = 70;
/// How many sentences may begin with a small letter where capitals tell anything, in percent.
const SMALL: usize = 10;

/// How an episode writes sentences in one language.
struct Habits {
    ends_marked: bool,
    begins_large: bool,
}

/// Reports each change of speaker in the middle of a sentence.
pub fn check_turns(open: &Open, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    let cues = &transcript.cues;
    let habits: Vec<Habits> = (0..transcript.langs.len()).map(|lang| habits(open, lang)).collect();
    for cue in 1..cues.len() {
        let (before, own) = (cues[cue - 1].speaker, cues[cue].speaker);
        if before.is_none() || own.is_none() || before == own || is_marked(open, cue) {
            continue;
        }
        let cut = (0..habits.len()).find(|lang| is_cut(open, cue, *lang, &habits[*lang]));
        let Some(lang) = cut else { continue };
        let text = transcript.text(cue - 1, lang).unwrap_or_default();
        let last = last_words(text);
        let name = |speaker: Option<usize>| speaker.map_or("", |at| &open.episode.facts.speakers[at].label);
        let message = format!("a sentence of `{}` goes on under `{}`", name(before), name(own));
        found.push(
            Diagnostic::warning("sentence-cut", message)
                .at(open.place(cue - 1, lang, last))
                .and(open.place_of(cue, lang), "it goes on here")
                .help("move the words that belong to the sentence to the speaker who says it"),
        );
    }
}

/// Whether a section or a break stands before a cue.
fn is_marked(open: &Open, cue: usize) -> bool {
    let marks = &open.transcript().marks;
    marks.binary_search_by_key(&cue, |mark| mark.before).is_ok()
}

fn habits(open: &Open, lang: usize) -> Habits {
    let transcript = open.transcript();
    let (mut lines, mut open_ends, mut begins, mut small) = (0, 0, 0, 0);
    let mut before_ends = false;
    for cue in 0..transcript.cues.len() {
        let Some(text) = transcript.text(cue, lang) else { continue };
        lines += 1;
        open_ends += usize::from(ends_open(text));
        if before_ends {
            begins += 1;
            small += usize::from(text.starts_with(char::is_lowercase));
        }
        before_ends = ends_whole(text);
    }
    Habits {
        ends_marked: (lines - open_ends) * 100 >= lines * MARKED,
        begins_large: begins > 0 && small * 100 <= begins * SMALL,
    }
}

fn is_cut(open: &Open, cue: usize, lang: usize, habits: &Habits) -> bool {
    let transcript = open.transcript();
    let (Some(before), Some(own)) = (transcript.text(cue - 1, lang), transcript.text(cue, lang)) else {
        return false;
    };
    let Some(first) = own.chars().find(|c| c.is_alphanumeric()) else { return false };
    if !habits.ends_marked || !ends_open(before) {
        return false;
    }
    match first.is_lowercase() || first.is_uppercase() {
        true => habits.begins_large && own.starts_with(char::is_lowercase),
        // Without capitals only what comes before tells: it must be long enough to be a sentence.
        false => is_cjk(first) && before.chars().count() >= 4 && !has_cased(open, lang),
    }
}

/// Whether another language of the episode has capitals, which tell better.
fn has_cased(open: &Open, lang: usize) -> bool {
    use unicode_script::Script::{Cyrillic, Greek, Latin};
    let langs = &open.transcript().langs;
    langs
        .iter()
        .enumerate()
        .any(|(other, tag)| other != lang && matches!(tag.script(), Latin | Cyrillic | Greek))
}

/// Whether a text ends in the middle of a sentence: with a word or a comma.
fn ends_open(text: &str) -> bool {
    let last = text.trim_end().chars().next_back();
    last.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '，' | '、' | '،'))
}

fn ends_whole(text: &str) -> bool {
    let last =
        text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’)）」』".contains(c)).chars().next_back();
    last.is_some_and(|c| matches!(c, '.' | '?' | '!' | '。' | '？' | '！' | '؟' | '।'))
}

/// How much of the end of a text is marked, in characters.
const MARKED_END: usize = 20;

fn last_words(text: &str) -> std::ops::Range<usize> {
    let start = text.char_indices().rev().nth(MARKED_END).map_or(0, |(at, _)| at);
    let start = text[start..].find(' ').map_or(start, |space| start + space + 1);
    start.min(text.len())..text.len()
}
