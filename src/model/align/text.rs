//! Pairing by what is said: units, a rough way, then lessons and the best way in turns.

use std::ops::Range;

use super::dp::{self, Band, Bead, Model, Unit};
use super::lengths::Lengths;
use super::lexicon::{self, Lesson, Lexicon, frequencies, learn};
use super::tokens::{Token, Vocabulary, tokens};
use super::{Hints, Row, Side, anchors, env, units};

/// What the texts say.
pub struct Text {
    pub rows: Vec<Row>,
    /// Cues that begin together.
    pub path: Vec<(usize, usize)>,
}

pub fn pair(left: &Side, right: &Side, _hints: &Hints) -> Text {
    let mut vocabulary = Vocabulary::default();
    let mut of_cues = |side: &Side| -> Vec<Unit> {
        let units = side.cues.iter().enumerate().map(|(index, cue)| Unit {
            tokens: tokens(cue.text, &mut vocabulary),
            length: cue.text.chars().filter(|c| c.is_alphanumeric()).count() as f32,
            part: lexicon::part_of(index),
        });
        units.collect()
    };
    let (left_cues, right_cues) = (of_cues(left), of_cues(right));
    let words = vocabulary.len();
    let runs = units::sentence_runs(left.cues).zip(units::sentence_runs(right.cues));
    let Some((left_runs, right_runs)) = runs else {
        let (path, _) = untimed(&left_cues, &right_cues, words);
        let rows = path.windows(2).map(|ends| {
            Row::new((ends[0].0..ends[1].0).collect(), (ends[0].1..ends[1].1).collect(), 0.5)
        });
        return Text { rows: rows.collect(), path };
    };
    let whole = |cues: &[Unit], runs: &[Range<usize>]| -> Vec<Unit> {
        runs.iter().enumerate().map(|(index, run)| Unit {
            tokens: cues[run.clone()].iter().flat_map(|cue| cue.tokens.iter().copied()).collect(),
            length: cues[run.clone()].iter().map(|cue| cue.length).sum(),
            part: lexicon::part_of(index),
        }).collect()
    };
    let (left_units, right_units) = (whole(&left_cues, &left_runs), whole(&right_cues, &right_runs));
    let (path, learnt) = untimed(&left_units, &right_units, words);
    let first = |runs: &[Range<usize>], at: usize, all: usize| runs.get(at).map_or(all, |run| run.start);
    let path: Vec<(usize, usize)> = path
        .iter()
        .map(|(i, j)| (first(&left_runs, *i, left.cues.len()), first(&right_runs, *j, right.cues.len())))
        .collect();
    let _ = learnt;
    let rows = path.windows(2).map(|ends| {
        Row::new((ends[0].0..ends[1].0).collect(), (ends[0].1..ends[1].1).collect(), 0.5)
    });
    Text { rows: rows.collect(), path }
}

fn untimed(left: &[Unit], right: &[Unit], words: usize) -> (Vec<(usize, usize)>, Vec<Lexicon>) {
    let count = |units: &[Unit]| frequencies(units.iter().map(|unit| &unit.tokens[..]), words);
    let (of_left, of_right) = (count(left), count(right));
    let same = |token: Token| of_left[token as usize] > 0.0 && of_right[token as usize] > 0.0;
    unsafe {
        lexicon::PRIOR = env("PRIOR", 6.0);
        dp::NOISE_ = env("NOISE", 0.3);
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
    let tokens_of = |units: &[Unit]| units.iter().map(|unit| unit.tokens.len()).sum::<usize>() as f32 / units.len().max(1) as f32;
    let mean = (tokens_of(left) + tokens_of(right)) / 2.0;
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
            weight: env("LEX", 6.0) / mean.max(7.5),
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
                part: left[ends[0].0].part,
            });
        }
        lexicon = learn(&lessons, &of_left, &of_right, &same);
        lengths.fit(&pairs);
    }
    (path, lexicon)
}

