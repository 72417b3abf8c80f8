//! Two tracks of one talk → rows that say the same in both. Never loses a cue: each is in at
//! least one row, and rows follow the talk. Knows nothing of files and formats.

use std::ops::Range;

use crate::lang::Lang;
use crate::timestamp::Millis;

/// One track's cue, as the pairing sees it.
#[derive(Debug, Clone, Copy)]
pub struct TrackCue<'a> {
    pub text: &'a str,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    pub speaker: Option<&'a str>,
}

/// One track: its language, and its cues in the order of the file.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub lang: &'a Lang,
    pub cues: &'a [TrackCue<'a>],
}

/// A row of the paired talk: which cues of either side it is made of, 0-based and ascending.
/// One of the two may be empty, never both.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub left: Vec<usize>,
    pub right: Vec<usize>,
    /// How sure this is, from 0 to 1. A row of a lock is 1.
    pub confidence: f32,
}

/// Rows of less confidence are marked for review.
pub const REVIEW_BELOW: f32 = 0.5;

/// A stretch of the talk in which the right clock differs from the left one by one rule:
/// left = right × `scale` + `shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Where it begins, by the right clock.
    pub from: Millis,
    /// In milliseconds; negative where the right track is late.
    pub shift: f64,
    pub scale: f64,
}

/// Two tracks, paired.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alignment {
    pub rows: Vec<Row>,
    /// What was found of the clocks, in order; empty where times were not used.
    pub clocks: Vec<Stretch>,
}

/// What is known beforehand.
#[derive(Debug, Clone, Default)]
pub struct Hints<'a> {
    /// Terms that mean each other: left, right.
    pub glossary: &'a [(String, String)],
    /// What the author decided, by the numbers of cues.
    pub locks: &'a [Lock],
}

/// A decision of the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// These are a row, and nothing else is in it. One of the two may be empty.
    Pair { left: Vec<usize>, right: Vec<usize> },
    /// A row ends before these two, and one begins with them.
    Split { left: usize, right: usize },
    /// These are in one row, with whatever belongs to them.
    Merge { left: Vec<usize>, right: Vec<usize> },
}

/// Pairs two tracks. Rows are as fine as both tracks allow.
pub fn align(left: &Side, right: &Side, _hints: &Hints) -> Alignment {
    let count = left.cues.len().max(right.cues.len());
    let own = |index: usize, side: &Side| if index < side.cues.len() { vec![index] } else { Vec::new() };
    let rows = (0..count).map(|index| Row {
        left: own(index, left),
        right: own(index, right),
        confidence: 0.0,
    });
    Alignment { rows: rows.collect(), clocks: Vec::new() }
}

/// Groups rows into sentences for display: runs of rows, in order, that cover all of them.
pub fn sentences(rows: &[Row], _left: &Side, _right: &Side) -> Vec<Range<usize>> {
    (0..rows.len()).map(|row| row..row + 1).collect()
}
