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
        let words = text.get(within).unwrap_or(text);
        source.place(found(source, whole, words))
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

/// Where words stand in a part of a source.
fn found(source: &Source, whole: Span, words: &str) -> Span {
    let text = source.text.as_str();
    let from = words.as_ptr() as usize;
    let own = text.as_ptr() as usize;
    // Most texts are not copied: they stand in the source, and where is seen without looking.
    if from >= own && from + words.len() <= own + text.len() {
        return from - own..from - own + words.len();
    }
    let start = text.floor_char_boundary(whole.start.min(text.len()));
    let end = text.floor_char_boundary(whole.end.min(text.len())).max(start);
    let area = &text[start..end];
    let beginning = words.char_indices().nth(BEGINNING).map_or(words, |(at, _)| &words[..at]);
    let at = area.find(words).map(|at| (at, words.len())).or_else(|| {
        // Markup or a line's end may stand between the words.
        area.find(beginning).map(|at| (at, beginning.len()))
    });
    match at {
        Some((at, length)) => start + at..start + at + length,
        None => start..end,
    }
}
