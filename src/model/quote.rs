//! Highlights → quotes: finds the lines that the author names, verbatim, or says which is nearest.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::transcript::Transcript;
use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, is_cjk};
use crate::packed::Packed;
use crate::parse::front_matter::Highlight;
use crate::source::Source;
use crate::table::{At, Findings};

/// A highlight found in the transcript.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Quote {
    /// The cues it is taken from.
    pub cues: Range<usize>,
    /// Its words per language, in reading order.
    pub texts: Packed<Vec<(Lang, String)>>,
}

/// The same, while it is being found.
struct Found {
    cues: Range<usize>,
    texts: Vec<(Lang, String)>,
}

/// Finds a highlight of `source` in the transcript; what is not there is reported.
pub fn find_quote(
    highlight: &At<Highlight>,
    transcript: &Transcript,
    source: &Source,
    findings: &Findings,
) -> Option<Quote> {
    let Found { cues, texts } = find(highlight, transcript, source, findings)?;
    Some(Quote { cues, texts: Packed::new(&texts) })
}

fn find(
    highlight: &At<Highlight>,
    transcript: &Transcript,
    source: &Source,
    findings: &Findings,
) -> Option<Found> {
    let report = |words: &str| report_missing(words, highlight, transcript, source, findings);
    match &highlight.value {
        Highlight::Words(words) => {
            if let Some(cue) = cue_with_id(words, transcript) {
                return Some(whole(cue..cue + 1, transcript));
            }
            if let Some((from, to)) = words.split_once("..")
                && let (Some(from), Some(to)) = (cue_with_id(from, transcript), cue_with_id(to, transcript))
                && from <= to
            {
                return Some(whole(from..to + 1, transcript));
            }
            match cue_with_words(words, 0, transcript) {
                Some(cue) if transcript.texts(cue).count() == 1 => Some(part(cue, words, transcript)),
                Some(cue) => Some(whole(cue..cue + 1, transcript)),
                None => report(words),
            }
        }
        Highlight::Range { from, to } => {
            let find = |words: &str, after| {
                cue_with_id(words, transcript).or_else(|| cue_with_words(words, after, transcript))
            };
            let Some(first) = find(from, 0) else {
                return report(from);
            };
            match find(to, first) {
                Some(last) if last >= first => Some(whole(first..last + 1, transcript)),
                _ => report(to),
            }
        }
        Highlight::ByLanguage(words) => {
            let holds = |cue: usize| {
                words.iter().all(|(_, words)| transcript.texts(cue).any(|(_, text)| text.contains(words)))
            };
            let Some(cue) = (0..transcript.cues.len()).find(|cue| holds(*cue)) else {
                let missing = words
                    .iter()
                    .map(|(_, words)| words)
                    .find(|words| cue_with_words(words, 0, transcript).is_none());
                let first = words.iter().next().map_or("", |(_, words)| words);
                return report(missing.unwrap_or(first));
            };
            let mut quote = whole(cue..cue + 1, transcript);
            for (lang, text) in &mut quote.texts {
                if let Some((_, own)) = words.iter().find(|(own, _)| own.is_some_and(|own| own == lang)) {
                    *text = own.to_owned();
                }
            }
            Some(quote)
        }
    }
}

fn cue_with_id(id: &str, transcript: &Transcript) -> Option<usize> {
    let id = id.trim_start_matches('#');
    // An id is short; the words of a line that happen to be as short are not worth the search.
    let shaped =
        (6..=12).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    shaped.then(|| transcript.cues.iter().position(|cue| cue.id.to_string() == id)).flatten()
}

fn cue_with_words(words: &str, after: usize, transcript: &Transcript) -> Option<usize> {
    (after..transcript.cues.len()).find(|cue| transcript.texts(*cue).any(|(_, text)| text.contains(words)))
}

/// The whole of some cues, each language joined.
fn whole(cues: Range<usize>, transcript: &Transcript) -> Found {
    let mut texts: Vec<(Lang, String)> = Vec::new();
    for (index, lang) in transcript.langs.iter().enumerate() {
        let mut joined = String::new();
        for text in cues.clone().filter_map(|cue| transcript.text(cue, index)) {
            let tight = joined.chars().next_back().is_none_or(is_cjk);
            if !tight {
                joined.push(' ');
            }
            joined.push_str(text);
        }
        if !joined.is_empty() && !texts.iter().any(|(_, text)| *text == joined) {
            texts.push((lang.clone(), joined));
        }
    }
    Found { cues, texts }
}

/// Some words of a cue in one language: a paragraph is too long to quote for a sentence of it.
fn part(cue: usize, words: &str, transcript: &Transcript) -> Found {
    let mut quote = whole(cue..cue + 1, transcript);
    for (_, text) in &mut quote.texts {
        *text = words.to_owned();
    }
    quote
}

/// How much of a text is compared with another, in characters.
const COMPARED: usize = 1000;

/// How alike the beginnings of two texts are, from 0 to 1: the share of their pairs of characters that both have.
fn likeness(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).take(COMPARED).collect();
        let mut pairs: Vec<_> = characters.windows(2).map(|two| (two[0], two[1])).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, b) = (pairs(a), pairs(b));
    let (mut at, mut common) = (0, 0);
    for pair in &a {
        while at < b.len() && b[at] < *pair {
            at += 1;
        }
        if b.get(at) == Some(pair) {
            common += 1;
            at += 1;
        }
    }
    (2 * common) as f64 / (a.len() + b.len()).max(1) as f64
}

/// For how many highlights of an episode that are not found the nearest line is looked for.
const NEAREST_AT_MOST: usize = 20;

fn report_missing(
    words: &str,
    highlight: &At<Highlight>,
    transcript: &Transcript,
    source: &Source,
    findings: &Findings,
) -> Option<Found> {
    let mut nearest: Option<(f64, usize, &str)> = None;
    // Looking for the nearest line takes a while, and who misquotes hundreds has another trouble.
    let told = findings.borrow().iter().filter(|known| known.code.0 == "quote-not-verbatim").count();
    let compared = if told < NEAREST_AT_MOST { transcript.cues.len() } else { 0 };
    for cue in 0..compared {
        for (_, text) in transcript.texts(cue) {
            let alike = likeness(words, text);
            if nearest.is_none_or(|(best, ..)| alike > best) {
                nearest = Some((alike, cue, text));
            }
        }
    }
    let mut finding = Diagnostic::error("quote-not-verbatim", "this highlight is not in the transcript")
        .at(source.place(highlight.span.clone()))
        .saying("no line has these words");
    if let Some((_, cue, text)) = nearest.filter(|(alike, ..)| *alike > 0.3) {
        finding = finding.help(format!(
            "the nearest line is #{}: {}",
            transcript.cues[cue].id,
            crate::text::shortened(text, 120)
        ));
    } else {
        finding = finding.help("copy the words from the transcript, or name the line by its id");
    }
    findings.borrow_mut().push(finding);
    None
}
