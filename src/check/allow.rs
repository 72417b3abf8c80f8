//! What the author does not want to be told of: in `site.toml`, in the front matter of an
//! episode, and by a comment above a line. Never hides an error.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::spot::Open;
use crate::codes::refused;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Source, Span};

/// The word that makes a comment one for us; codes follow it.
const WORD: &str = "diglot-allow";

/// The codes that are not wanted, by where.
#[derive(Debug, Default)]
pub struct Allowed {
    pub everywhere: Vec<String>,
    files: HashMap<Arc<str>, Vec<String>>,
    lines: HashMap<Arc<str>, Vec<(RangeInclusive<usize>, String)>>,
}

impl Allowed {
    pub fn add(&mut self, other: Allowed) {
        self.files.extend(other.files);
        self.lines.extend(other.lines);
    }

    /// Whether a finding is one that the author does not want.
    pub fn covers(&self, finding: &Diagnostic) -> bool {
        let code = &*finding.code.0;
        if finding.severity == Severity::Error {
            return false;
        }
        if self.everywhere.iter().any(|own| own == code) {
            return true;
        }
        let Some(place) = &finding.place else { return false };
        let in_file = self.files.get(&place.path).is_some_and(|codes| codes.iter().any(|own| own == code));
        let is_here =
            |(lines, own): &(RangeInclusive<usize>, String)| own == code && lines.contains(&place.line);
        in_file || self.lines.get(&place.path).is_some_and(|all| all.iter().any(is_here))
    }
}

/// Reads what the front matter and the comments of an episode's files say; the rest are codes
/// that cannot be silenced.
pub fn read_allowed(open: &Open) -> (Allowed, Vec<Diagnostic>) {
    let mut allowed = Allowed::default();
    let mut wrong = Vec::new();
    for source in open.sources() {
        if !open.episode.allow.is_empty() {
            allowed.files.insert(source.path.clone(), open.episode.allow.clone());
        }
        let mut lines = Vec::new();
        for comment in comments(source) {
            let from = source.place(comment.at.clone()).line;
            let end = reach(open, source, comment.at.end);
            let to = source.place(end..end).line;
            for code in comment.codes {
                match refused(code) {
                    Some(finding) => wrong.push(finding.at(source.place(comment.at.clone()))),
                    None => lines.push((from..=to.max(from), code.to_owned())),
                }
            }
        }
        if !lines.is_empty() {
            allowed.lines.insert(source.path.clone(), lines);
        }
    }
    (allowed, wrong)
}

struct Comment<'s> {
    at: Span,
    codes: Vec<&'s str>,
}

/// The comments of a file that are for us: `<!-- diglot-allow CODE -->`, `NOTE diglot-allow CODE`.
fn comments(source: &Source) -> Vec<Comment<'_>> {
    let text = source.text.as_str();
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), WORD) {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = text[line..at].trim_end();
        let rest = &text[at + WORD.len()..];
        let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let codes = match (before.ends_with("<!--"), before.trim_start() == "NOTE") {
            (true, _) => rest.find("-->").map(|end| &rest[..end]),
            (_, true) => Some(rest),
            _ => None,
        };
        let Some(codes) = codes else { continue };
        let split = codes.split([' ', ',', '\t']).filter(|code| !code.is_empty());
        found.push(Comment { at: at..at + WORD.len() + codes.len(), codes: split.collect() });
    }
    found
}

/// Where what a comment is about ends: the line of the talk that it stands in or above, else the
/// paragraph below it.
fn reach(open: &Open, source: &Source, from: usize) -> usize {
    let transcript = open.transcript();
    let mut spans: Vec<&Span> = Vec::new();
    let lang = transcript.sources.iter().position(|own| own.path == source.path);
    match (lang, transcript.sources.len()) {
        (Some(_), 1) => spans.extend(transcript.cues.iter().map(|cue| &cue.span)),
        (Some(lang), _) => {
            let cues = 0..transcript.cues.len();
            spans.extend(cues.flat_map(|cue| transcript.pieces(cue, lang)).map(|piece| &piece.span));
        }
        (None, _) => {}
    }
    let next = spans.into_iter().filter(|span| span.end > from).min_by_key(|span| span.start);
    next.map_or_else(|| paragraph_end(&source.text, from), |span| span.end.saturating_sub(1))
}

/// The end of the first paragraph that begins below a place.
fn paragraph_end(text: &str, from: usize) -> usize {
    let below = text[from..].find('\n').map_or(text.len(), |end| from + end + 1);
    let start = below + (text[below..].len() - text[below..].trim_start().len());
    text[start..].find("\n\n").map_or(text.len(), |end| start + end)
}
