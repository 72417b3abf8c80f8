//! How a transcript is set: which cue begins a turn or a paragraph, which is a listener's word
//! within another's turn. Decides by who speaks and how texts end; never writes anything.

use super::between::Between;
use crate::model::align::ends_sentence;
use crate::model::{Backchannel, Transcript};

/// What a cue is in the run of the talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Begins a turn.
    Turn,
    /// Begins a turn in the middle of a sentence that another began.
    Cut,
    /// Begins a paragraph of a turn.
    Paragraph,
    /// Goes on.
    Line,
    /// Is said by a listener while the turn goes on.
    Aside,
}

/// A paragraph goes on for at least so many bytes of one language, and ends with a sentence;
/// without one it ends at twice the length.
const PARAGRAPH: usize = 900;
/// How many cues listeners say before the turn is theirs.
const ASIDES: usize = 4;
/// One cue in so many ends a sentence where a transcript has marks to tell them by, and how many
/// cues tell.
const MARKED: usize = 4;
const SAMPLE: usize = 100;

/// The place of each cue. Where listeners do not stand aside, each of their words is a turn.
pub fn places(transcript: &Transcript, between: &[Between], asides: bool) -> Vec<Place> {
    let mut setter = Setter::new(transcript);
    setter.with_asides = asides;
    setter.places(between)
}

struct Setter<'t> {
    transcript: &'t Transcript<'t>,
    backchannel: Backchannel,
    marked: bool,
    with_asides: bool,
}

impl<'t> Setter<'t> {
    fn new(transcript: &'t Transcript) -> Setter<'t> {
        let backchannel = Backchannel::new(&transcript.langs);
        let mut setter = Setter { transcript, backchannel, marked: true, with_asides: true };
        let count = transcript.cues.len();
        let sample = || (0..count).step_by(count.div_ceil(SAMPLE).max(1));
        setter.marked = sample().filter(|cue| setter.ends(*cue)).count() * MARKED >= sample().count();
        setter
    }

    /// Whether a sentence ends with a cue, in any of its languages.
    fn ends(&self, cue: usize) -> bool {
        self.transcript.texts(cue).any(|(_, text)| ends_sentence(text))
    }

    fn asks(&self, cue: usize) -> bool {
        let marks = ['?', '？', '؟', ';'];
        self.transcript.texts(cue).any(|(_, text)| text.trim_end().ends_with(marks))
    }

    fn size(&self, cue: usize) -> usize {
        self.transcript.texts(cue).map(|(_, text)| text.len()).max().unwrap_or(0)
    }

    fn places(&self, between: &[Between]) -> Vec<Place> {
        let cues = &self.transcript.cues;
        let mut marks = between.iter().map(|one| one.before).peekable();
        let mut places = Vec::with_capacity(cues.len());
        let mut size = 0;
        let mut host = None;
        while places.len() < cues.len() {
            let index = places.len();
            let broken = index == 0 || marks.peek().is_some_and(|before| *before <= index);
            while marks.next_if(|before| *before <= index).is_some() {}
            let place = match () {
                () if broken => Place::Turn,
                () if cues[index].speaker == host => self.inside(index, size),
                () => {
                    let until = marks.peek().copied().unwrap_or(cues.len());
                    if let Some(back) = self.asides(index, host, until) {
                        places.resize(back, Place::Aside);
                        continue;
                    }
                    if self.marked && !self.ends(index - 1) { Place::Cut } else { Place::Turn }
                }
            };
            if place != Place::Line {
                size = 0;
            }
            size += self.size(index);
            host = cues[index].speaker;
            places.push(place);
        }
        places
    }

    fn inside(&self, index: usize, size: usize) -> Place {
        let full = size > 2 * PARAGRAPH || size > PARAGRAPH && self.ends(index - 1);
        if full { Place::Paragraph } else { Place::Line }
    }

    /// Where the turn of `host` goes on, if what listeners say from `index` on is no more than
    /// that they listen. The answer to a question says more.
    fn asides(&self, index: usize, host: Option<usize>, until: usize) -> Option<usize> {
        let cues = &self.transcript.cues;
        host.filter(|_| self.with_asides)?;
        let end = until.min(index + ASIDES + 1);
        let back = (index..end).find(|cue| cues[*cue].speaker == host)?;
        let listens = |cue: usize| cues[cue].speaker.is_some() && self.backchannel.is(self.transcript, cue);
        (!self.asks(index - 1) && (index..back).all(listens)).then_some(back)
    }
}

#[cfg(test)]
mod tests {
    use super::super::between::between;
    use super::Place::{Aside, Cut, Line, Turn};
    use super::*;
    use crate::lang::Lang;
    use crate::model::model_transcript;
    use crate::parse::document::{self, Document};

    /// Lines as who says them and what; a `-` in place of a name is a break.
    #[track_caller]
    fn check(lines: &[(&str, &str)], expected: &[Place]) {
        let mut document = Document::default();
        for (label, text) in lines {
            if *label == "-" {
                document.mark(document::MarkKind::Break);
                continue;
            }
            let label = Some(document.label(label));
            let line = document::Line { span: 0..0, label, start: None, end: None, part_count: 0 };
            document.push(line, [(*text).into()]);
        }
        let transcript = model_transcript(document, &[Lang::parse("en").unwrap()]);
        assert_eq!(places(&transcript, &between(&transcript, &[]), true), expected);
    }

    #[test]
    fn a_nod_leaves_the_turn_where_it_is() {
        check(
            &[("A", "One."), ("B", "Yeah."), ("C", "Right."), ("A", "Two."), ("B", "Yeah.")],
            &[Turn, Aside, Aside, Line, Turn],
        );
    }

    #[test]
    fn an_answer_and_words_of_ones_own_begin_a_turn() {
        check(&[("A", "Is it?"), ("B", "Yeah."), ("A", "Good.")], &[Turn, Turn, Turn]);
        check(&[("A", "One."), ("B", "The cat."), ("A", "Two.")], &[Turn, Turn, Turn]);
        check(
            &[("A", "One."), ("B", "Yeah."), ("B", "But no cat."), ("A", "Two.")],
            &[Turn, Turn, Line, Turn],
        );
    }

    #[test]
    fn a_break_ends_what_a_nod_is_within() {
        check(&[("A", "One."), ("B", "Yeah."), ("-", ""), ("A", "Two.")], &[Turn, Turn, Turn]);
        check(&[("A", "One."), ("-", ""), ("B", "Yeah."), ("A", "Two.")], &[Turn, Turn, Turn]);
    }

    #[test]
    fn a_sentence_that_another_goes_on_with_is_cut() {
        check(&[("A", "Is there more for"), ("B", "the platform?"), ("A", "Yes.")], &[Turn, Cut, Turn]);
        let unmarked =
            [("A", "no marks"), ("B", "at all"), ("A", "in this"), ("B", "whole text"), ("A", "ever")];
        check(&unmarked, &[Turn; 5]);
    }

    #[test]
    fn a_long_turn_has_paragraphs_that_end_with_sentences() {
        let long = "word ".repeat(100);
        let ends = format!("{long}end.");
        let lines = [("A", &*long), ("A", &*long), ("A", &*ends), ("A", "New."), ("A", "On.")];
        check(&lines, &[Turn, Line, Line, Place::Paragraph, Line]);
    }
}
