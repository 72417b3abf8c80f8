//! Two tracks of one talk → rows that say the same in both. Never loses a cue: each is in at
//! least one row, and rows follow the talk. Knows nothing of files and formats.

mod anchors;
mod dp;
mod lengths;
mod lexicon;
mod tokens;

use std::ops::Range;

use dp::{Band, Bead, Model, Unit};
use lengths::Lengths;
use lexicon::{Lesson, Lexicon, frequencies, learn};
use tokens::{Token, Vocabulary, tokens};

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
    let mut vocabulary = Vocabulary::default();
    let mut units = |side: &Side| -> Vec<Unit> {
        side.cues
            .iter()
            .map(|cue| Unit {
                tokens: tokens(cue.text, &mut vocabulary),
                length: cue.text.chars().filter(|c| c.is_alphanumeric()).count() as f32,
            })
            .collect()
    };
    let (left, right) = (units(left), units(right));
    let path = untimed(&left, &right, vocabulary.len());
    let rows = path.windows(2).map(|ends| Row {
        left: (ends[0].0..ends[1].0).collect(),
        right: (ends[0].1..ends[1].1).collect(),
        confidence: 0.0,
    });
    Alignment { rows: rows.collect(), clocks: Vec::new() }
}

pub fn env(name: &str, usual: f32) -> f32 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn untimed(left: &[Unit], right: &[Unit], words: usize) -> Vec<(usize, usize)> {
    let count = |units: &[Unit]| frequencies(units.iter().map(|unit| &unit.tokens[..]), words);
    let (of_left, of_right) = (count(left), count(right));
    let same = |token: Token| of_left[token as usize] > 0.0 && of_right[token as usize] > 0.0;
    unsafe {
        lexicon::PRIOR = env("PRIOR", 2.0);
        lexicon::SAME = env("SAME", 0.6);
    }
    let lengths_of = |units: &[Unit]| units.iter().map(|unit| unit.length).collect::<Vec<_>>();
    let mut lengths = Lengths::new(&lengths_of(left), &lengths_of(right));
    let bead = |left, right, share: f32| Bead { left, right, usual: share.ln() };
    let del = env("DEL", 0.02);
    let beads = [
        bead(1, 1, 0.8),
        bead(1, 0, del),
        bead(0, 1, del),
        bead(2, 1, 0.06),
        bead(1, 2, 0.06),
        bead(2, 2, 0.01),
        bead(3, 1, 0.006),
        bead(1, 3, 0.006),
        bead(3, 2, 0.002),
        bead(2, 3, 0.002),
        bead(4, 1, 0.001),
        bead(1, 4, 0.001),
    ];
    let mut lexicon: Lexicon = learn(&[], &of_left, &of_right, &same);
    let mut path = anchors::rough_path(left, right, words);
    let rounds = env("ROUNDS", 5.0) as usize;
    for round in 0..rounds {
        let margin = [env("BAND0", 60.0) as usize, 40, 20][round.min(2)];
        let band = Band::around(&path, left.len(), right.len(), margin);
        let model = Model {
            lexicon: Some(&lexicon),
            lengths: &lengths,
            beads: &beads,
            weight: env("LEX", 0.7),
            length_weight: env("LEN", 1.0),
        };
        path = dp::run(left, right, &model, band, false).path(&beads);
        if round + 1 == rounds {
            break;
        }
        let mut lessons = Vec::new();
        let mut pairs = Vec::new();
        for ends in path.windows(2) {
            let (own, other) = (&left[ends[0].0..ends[1].0], &right[ends[0].1..ends[1].1]);
            if own.is_empty() || other.is_empty() {
                continue;
            }
            pairs.push((own.iter().map(|u| u.length).sum(), other.iter().map(|u| u.length).sum()));
            lessons.push(Lesson {
                left: own.iter().map(|unit| &unit.tokens[..]).collect(),
                right: other.iter().map(|unit| &unit.tokens[..]).collect(),
                weight: 1.0,
            });
        }
        lexicon = learn(&lessons, &of_left, &of_right, &same);
        lengths.fit(&pairs);
    }
    path
}

/// Groups rows into sentences for display: runs of rows, in order, that cover all of them.
pub fn sentences(rows: &[Row], _left: &Side, _right: &Side) -> Vec<Range<usize>> {
    (0..rows.len()).map(|row| row..row + 1).collect()
}
