//! Two tracks of one talk → rows that say the same in both. Never loses a cue: each is in at
//! least one row, and rows follow the talk. Knows nothing of files and formats.

mod anchors;
mod dp;
mod lengths;
mod lexicon;
mod locks;
mod rows;
mod text;
mod times;
mod tokens;
mod units;
mod words;

use std::ops::Range;

pub use locks::{find_locks, report_foreign};

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

impl Row {
    pub fn new(left: Vec<usize>, right: Vec<usize>, confidence: f32) -> Row {
        Row { left, right, confidence }
    }
}

/// Pairs two tracks. Rows are as fine as both tracks allow.
pub fn align(left: &Side, right: &Side, hints: &Hints) -> Alignment {
    let (count, other_count) = (left.cues.len(), right.cues.len());
    let done = |rows: Vec<Row>, alone: f32, clocks: Vec<Stretch>| {
        let rows = rows::complete(rows, count, other_count, alone);
        Alignment { rows: rows::apply_locks(rows, hints.locks, count, other_count), clocks }
    };
    if count == 0 || other_count == 0 {
        return done(Vec::new(), 0.0, Vec::new());
    }
    let text = text::pair(left, right, hints);
    if let (Some(own), Some(other)) = (times::spans(left.cues), times::spans(right.cues)) {
        let clock = times::read_clock(&own, &other, &text.path);
        if env("DBG", 0.0) > 0.0 {
            eprintln!(
                "share {:.3} chance {:.3} error {:.0} {:?}",
                clock.share, clock.chance, clock.error, clock.stretches
            );
        }
        if clock.is_trusted() {
            let rows = timed_rows(left, right, &own, &clock);
            return done(rows, 0.6, clock.stretches);
        }
    }
    done(text.rows, 0.3, Vec::new())
}

/// Rows of cues that are said at the same time.
fn timed_rows(left: &Side, right: &Side, own: &times::Spans, clock: &times::Clock) -> Vec<Row> {
    let mut links = rows::overlaps(own, &clock.right, clock.error);
    let together = units::cut_together(left.cues, right.cues, own, &clock.right, clock.error);
    if env("DBG", 0.0) > 0.0 {
        eprintln!("together {together:?}");
    }
    let mut rows = if together.is_none_or(|share| share > 0.3) {
        if clock.error < 40.0 {
            rows::fill_cut_lines(&mut links, own, &clock.right);
        }
        rows::exact(&links)
    } else {
        units::whole_sentences(rows::joined(&links, left.cues.len(), right.cues.len()), left.cues, right.cues)
    };
    let span = |spans: &times::Spans, of: &[usize]| {
        of.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |all, at| {
            (all.0.min(spans[*at].0), all.1.max(spans[*at].1))
        })
    };
    for row in &mut rows {
        let (a, b) = (span(own, &row.left), span(&clock.right, &row.right));
        let both = (a.1.min(b.1) - a.0.max(b.0)).max(0.0);
        let either = (a.1.max(b.1) - a.0.min(b.0)).max(1.0);
        row.confidence = (0.4 + 0.6 * both / either) as f32;
    }
    rows
}

pub fn env(name: &str, usual: f32) -> f32 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// Groups rows into sentences for display: runs of rows, in order, that cover all of them. A run
/// ends where a sentence of either side does, or where someone else speaks.
pub fn sentences(rows: &[Row], left: &Side, right: &Side) -> Vec<Range<usize>> {
    units::row_sentences(rows, left.cues, right.cues)
}
