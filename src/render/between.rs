//! What stands between the turns of a transcript: its sections and breaks and, where it has no
//! sections, the chapters that the front matter lists. Never moves a cue.

use crate::channel::Chapter;
use crate::model::{MarkKind, Transcript};
use crate::text::Localized;
use crate::timestamp::Millis;

/// Something that nobody says, before the cue at an index.
pub struct Between<'t> {
    pub before: usize,
    pub kind: Kind<'t>,
}

pub enum Kind<'t> {
    Break,
    /// Another speaks, whoever that is.
    Turn,
    /// A title, and from when on it holds.
    Title(&'t Localized, Option<Millis>),
}

/// All of it, in order.
pub fn between<'t>(transcript: &'t Transcript, chapters: &'t [Chapter]) -> Vec<Between<'t>> {
    let cues = &transcript.cues;
    let marks = transcript.marks.iter().map(|mark| Between {
        before: mark.before,
        kind: match &mark.kind {
            MarkKind::Break => Kind::Break,
            MarkKind::Turn => Kind::Turn,
            MarkKind::Section(title) => Kind::Title(title, cues.get(mark.before).and_then(|cue| cue.start)),
        },
    });
    let mut all: Vec<Between> = marks.collect();
    if all.iter().any(|one| matches!(one.kind, Kind::Title(..))) {
        return all;
    }
    for chapter in chapters.iter().filter(|chapter| chapter.listed) {
        // Where nothing is said after its start, there is nothing to lead to.
        let first = cues.iter().position(|cue| cue.start.is_some_and(|start| start >= chapter.start));
        let kind = Kind::Title(&chapter.title, Some(chapter.start));
        all.extend(first.map(|before| Between { before, kind }));
    }
    all.sort_by_key(|one| one.before);
    all
}
