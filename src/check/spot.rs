//! Where the words of a cue stand in their file. Never guesses beyond the cue.

use std::ops::Range;

use crate::model::{Episode, Transcript};
use crate::source::{Place, Source, Span};

/// An episode while it is open.
pub struct Open<'e> {
    pub episode: &'e Episode<'e>,
    /// The file with its front matter.
    pub front: &'e Source,
}

/// The parts of an episode that findings are about.
impl<'e> Open<'e> {
    pub fn transcript(&self) -> &'e Transcript<'e> {
        &self.episode.transcript
    }

    /// The place of some of a cue's words.
    pub fn place(&self, cue: usize, lang: usize, within: Range<usize>) -> Place {
        let Some((source, whole)) = area(self.transcript(), cue, lang, within.start) else {
            return self.front.place(0..0);
        };
        let text = self.transcript().text(cue, lang).unwrap_or_default();
        let within = if text.get(within.clone()).is_some() { within } else { 0..text.len() };
        source.place(found(source, whole, text, within))
    }

    /// The place of all that a cue says in a language; where it says nothing, of the cue.
    pub fn place_of(&self, cue: usize, lang: usize) -> Place {
        let length = self.transcript().text(cue, lang).map(str::len);
        match length {
            Some(length) => self.place(cue, lang, 0..length),
            None => self.place_of_cue(cue),
        }
    }

    /// The place of what a cue says first.
    pub fn place_of_cue(&self, cue: usize) -> Place {
        match self.transcript().texts(cue).next() {
            Some((lang, text)) => self.place(cue, lang, 0..text.len()),
            None => self.front.place(0..0),
        }
    }

    /// The files of the episode, each once.
    pub fn sources(&self) -> Vec<&'e Source> {
        let mut sources = vec![self.front];
        for source in &self.transcript().sources {
            if sources.iter().all(|known| known.path != source.path) {
                sources.push(source);
            }
        }
        sources
    }
}

/// The file that a text of a cue is from, and where in it the cue stands.
pub fn area<'e>(
    transcript: &'e Transcript,
    cue: usize,
    lang: usize,
    at: usize,
) -> Option<(&'e Source, Span)> {
    let pieces = transcript.pieces(cue, lang);
    if let Some(piece) = pieces.iter().rev().find(|piece| piece.text.start <= at).or(pieces.first()) {
        return Some((transcript.sources.get(lang)?, piece.span.clone()));
    }
    let source = transcript.sources.first().filter(|_| transcript.sources.len() == 1)?;
    let mut span = transcript.cues[cue].span.clone();
    // A translation may stand below the line that the span ends with.
    if let Some(next) = transcript.cues.get(cue + 1) {
        span.end = span.end.max(next.span.start);
    }
    Some((source, span))
}

/// How much of a text that is not found as it stands is looked for, in characters.
const BEGINNING: usize = 12;

/// How much around words is looked for with them, in characters: `3` alone stands in times too.
const AROUND: usize = 8;

/// Where some words of a text stand in a part of a source.
fn found(source: &Source, whole: Span, text: &str, within: Range<usize>) -> Span {
    let words = &text[within.clone()];
    let all = source.text.as_str();
    let from = words.as_ptr() as usize;
    let own = all.as_ptr() as usize;
    // Most texts are not copied: they stand in the source, and where is seen without looking.
    if from >= own && from + words.len() <= own + all.len() {
        return from - own..from - own + words.len();
    }
    let start = all.floor_char_boundary(whole.start.min(all.len()));
    let end = all.floor_char_boundary(whole.end.min(all.len())).max(start);
    let area = &all[start..end];
    let beginning = words.char_indices().nth(BEGINNING).map_or(words, |(at, _)| &words[..at]);
    let before = text[..within.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let after = text[within.end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| within.end + at);
    let around = [before..after, before..within.end, within.start..after];
    let at = around.into_iter().find_map(|wide| {
        let at = area.find(&text[wide.clone()])?;
        Some((at + within.start - wide.start, words.len()))
    });
    // Markup or a line's end may stand between the words. In captions they stand below their times.
    let below = area.rfind("-->").and_then(|at| Some(at + area[at..].find('\n')?)).unwrap_or(0);
    let at = at.or_else(|| {
        [words, beginning].into_iter().find_map(|some| Some((below + area[below..].find(some)?, some.len())))
    });
    match at {
        Some((at, length)) => start + at..start + at + length,
        None => start..end,
    }
}
