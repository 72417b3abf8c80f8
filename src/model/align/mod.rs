//! Two tracks of one talk → rows that say the same in both. Never loses a cue: each is in at
//! least one row, and rows follow the talk. Knows nothing of files and formats.

mod anchors;
mod dp;
mod lengths;
mod lexicon;
mod rows;
mod times;
mod tokens;
mod units;

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
    let sent = env("SENT", 0.0) > 0.0;
    let runs = |side: &Side| -> Vec<Range<usize>> {
        if sent { units::sentence_runs(side.cues) } else { (0..side.cues.len()).map(|i| i..i + 1).collect() }
    };
    let (left_runs, right_runs) = (runs(left), runs(right));
    let mut units = |side: &Side, runs: &[Range<usize>]| -> Vec<Unit> {
        runs.iter()
            .map(|run| {
                let cues = &side.cues[run.clone()];
                Unit {
                    tokens: cues.iter().flat_map(|cue| tokens(cue.text, &mut vocabulary)).collect(),
                    length: cues.iter().flat_map(|cue| cue.text.chars()).filter(|c| c.is_alphanumeric()).count() as f32,
                }
            })
            .collect()
    };
    let (left_units, right_units) = (units(left, &left_runs), units(right, &right_runs));
    let path = untimed(&left_units, &right_units, vocabulary.len());
    let first = |runs: &[Range<usize>], at: usize, all: usize| runs.get(at).map_or(all, |run| run.start);
    let cue_path: Vec<(usize, usize)> = path
        .iter()
        .map(|(i, j)| (first(&left_runs, *i, left.cues.len()), first(&right_runs, *j, right.cues.len())))
        .collect();
    if let (Some(own), Some(other)) = (times::spans(left.cues), times::spans(right.cues)) {
        let clock = times::read_clock(&own, &other, &cue_path);
        if env("DBG", 0.0) > 0.0 {
            eprintln!("share {:.3} chance {:.3} error {:.0} {:?}", clock.share, clock.chance, clock.error, clock.stretches);
        }
        let links = rows::overlaps(&own, &clock.right, env("LEAST", 100.0) as f64, env("OSH", 0.1) as f64);
        let mut rows: Vec<Row> = Vec::new();
        if env("RAW", 0.0) > 0.0 {
        for (i, j) in links { rows.push(Row { left: vec![i], right: vec![j], confidence: 1.0 }); }
        } else {
        let mut at = 0;
        let mut jmax = 0;
        for (i, j) in links {
            match rows.last_mut() {
                Some(row) if row.left.last() == Some(&i) || row.right.contains(&j) => {
                    if !row.left.contains(&i) { row.left.push(i) }
                    if !row.right.contains(&j) { row.right.push(j) }
                }
                _ => rows.push(Row { left: vec![i], right: vec![j], confidence: 1.0 }),
            }
        }
        let _ = (&mut at, &mut jmax);
        }
        return Alignment { rows, clocks: clock.stretches };
    }
    let rows = cue_path.windows(2).map(|ends| Row {
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
        lexicon::PRIOR = env("PRIOR", 6.0);
        dp::NOISE_ = env("NOISE", 0.15);
        dp::CAP = env("CAP", 100.0);
        lexicon::SAME = env("SAME", 0.6);
    }
    let lengths_of = |units: &[Unit]| units.iter().map(|unit| unit.length).collect::<Vec<_>>();
    let mut lengths = Lengths::new(&lengths_of(left), &lengths_of(right));
    let bead = |left, right, share: f32| Bead { left, right, usual: share.ln() };
    let del = env("DEL", 0.02);
    let (m21, m31, m22) = (env("M21", 0.1), env("M31", 0.1), env("M22", 0.00001));
    let beads = [
        bead(1, 1, 0.8),
        bead(1, 0, del),
        bead(0, 1, del),
        bead(2, 1, m21),
        bead(1, 2, m21),
        bead(2, 2, m22),
        bead(3, 1, m21 * m31),
        bead(1, 3, m21 * m31),
        bead(3, 2, m22 * m31),
        bead(2, 3, m22 * m31),
        bead(4, 1, m21 * m31 * m31),
        bead(1, 4, m21 * m31 * m31),
    ];
    let mut lexicon: Vec<Lexicon> = learn(&[], &of_left, &of_right, &same);
    let mut path = anchors::rough_path(left, right, words);
    let rounds = env("ROUNDS", 5.0) as usize;
    for round in 0..rounds {
        let margin = [env("BAND0", 60.0) as usize, 40, 20][round.min(2)];
        let band = Band::around(&path, left.len(), right.len(), margin);
        let model = Model {
            lexicon: Some(&lexicon),
            lengths: &lengths,
            beads: &beads,
            weight: env("LEX", 0.5),
            length_weight: env("LEN", 1.0),
        };
        let before = path.clone();
        path = dp::run(left, right, &model, band, false).path(&beads);
        if env("DBG", 0.0) > 0.0 {
            let kept: std::collections::HashSet<_> = before.iter().collect();
            eprintln!("round {round}: {} boundaries, {} kept, entries {}", path.len(), path.iter().filter(|p| kept.contains(p)).count(), lexicon[0].forth.size());
        }
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
                part: lexicon::part_of(ends[0].0),
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
