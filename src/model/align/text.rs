//! Pairing by what is said: units, a rough way, then lessons and the best way in turns.

use std::ops::Range;

use super::dp::{self, Band, Bead, Model, Unit};
use super::lengths::Lengths;
use super::lexicon::{self, Lesson, Lexicon, frequencies, learn};
use super::tokens::{Token, Vocabulary, tokens};
use super::{Hints, Row, Side, anchors, env, units, words};

/// What the texts say.
pub struct Text {
    pub rows: Vec<Row>,
    /// Cues that begin together.
    pub path: Vec<(usize, usize)>,
}

pub fn pair(left: &Side, right: &Side, hints: &Hints) -> Text {
    let mut vocabulary = Vocabulary::default();
    let mut of_cues = |side: &Side| -> Vec<Unit> {
        let units = side.cues.iter().enumerate().map(|(index, cue)| Unit {
            tokens: tokens(cue.text, &mut vocabulary),
            length: cue.text.chars().filter(|c| c.is_alphanumeric()).count() as f32,
            part: lexicon::part_of(index),
        });
        units.collect()
    };
    let (mut left_cues, mut right_cues) = (of_cues(left), of_cues(right));
    let known = words::known(left.lang, right.lang, hints.glossary, &mut vocabulary);
    let words = vocabulary.len();
    let count = |units: &[Unit]| frequencies(units.iter().map(|unit| &unit.tokens[..]), words);
    let (of_left, of_right) = (count(&left_cues), count(&right_cues));
    unsafe {
        lexicon::PRIOR = env("PRIOR", 6.0);
        dp::NOISE_ = env("NOISE", 0.3);
        dp::CAP = env("CAP", 20.0);
        lexicon::SAME = env("SAME", 0.6);
    }
    let cues =
        Task { known: &known, left: &left_cues, right: &right_cues, of_left: &of_left, of_right: &of_right };
    let as_text = |path: Vec<(usize, usize)>| Text {
        rows: path
            .windows(2)
            .map(|ends| Row::new((ends[0].0..ends[1].0).collect(), (ends[0].1..ends[1].1).collect(), 0.5))
            .collect(),
        path,
    };
    let runs = units::sentence_runs(left.cues).zip(units::sentence_runs(right.cues));
    let Some((left_runs, right_runs)) = runs else {
        let rough = anchors::rough_path(&left_cues, &right_cues, words);
        let (path, _) = cues.rounds(
            rough,
            cues.learn(&[]),
            cues.lengths(),
            &margins(if env("M", 0.0) > 0.0 { env("M", 0.0) as usize } else { 40 }),
        );
        return as_text(path);
    };
    let (left_units, right_units) = (whole(&mut left_cues, &left_runs), whole(&mut right_cues, &right_runs));
    let sentences = Task {
        known: &known,
        left: &left_units,
        right: &right_units,
        of_left: &of_left,
        of_right: &of_right,
    };
    let rough = anchors::rough_path(&left_units, &right_units, words);
    let (path, _) = sentences.rounds(
        rough,
        sentences.learn(&[]),
        sentences.lengths(),
        &margins(if env("M", 0.0) > 0.0 { env("M", 0.0) as usize } else { 40 }),
    );
    let first = |runs: &[Range<usize>], at: usize, all: usize| runs.get(at).map_or(all, |run| run.start);
    let path: Vec<(usize, usize)> = path
        .iter()
        .map(|(i, j)| (first(&left_runs, *i, left.cues.len()), first(&right_runs, *j, right.cues.len())))
        .collect();
    as_text(path)
}

/// Sentences as units. Their cues become of the same part of the lessons.
fn whole(cues: &mut [Unit], runs: &[Range<usize>]) -> Vec<Unit> {
    let mut units = Vec::with_capacity(runs.len());
    for (index, run) in runs.iter().enumerate() {
        let own = &mut cues[run.clone()];
        let part = lexicon::part_of(index);
        own.iter_mut().for_each(|cue| cue.part = part);
        units.push(Unit {
            tokens: own.iter().flat_map(|cue| cue.tokens.iter().copied()).collect(),
            length: own.iter().map(|cue| cue.length).sum(),
            part,
        });
    }
    units
}

/// Two tracks as units, and how often each word is.
struct Task<'a> {
    /// What words mean each other, beforehand.
    known: &'a [words::Known],
    left: &'a [Unit],
    right: &'a [Unit],
    of_left: &'a [f32],
    of_right: &'a [f32],
}

impl Task<'_> {
    /// A round for each margin: the best way near the last one, and lessons from it.
    fn rounds(
        &self,
        mut path: Vec<(usize, usize)>,
        mut learnt: Vec<Lexicon>,
        mut lengths: Lengths,
        margins: &[usize],
    ) -> (Vec<(usize, usize)>, Vec<Lexicon>) {
        let beads = beads();
        let tokens_of = |units: &[Unit]| {
            units.iter().map(|unit| unit.tokens.len()).sum::<usize>() as f32 / units.len().max(1) as f32
        };
        let mean = (tokens_of(self.left) + tokens_of(self.right)) / 2.0;
        for margin in margins {
            let band = Band::around(&path, self.left.len(), self.right.len(), *margin);
            let model = Model {
                lexicon: Some(&learnt),
                lengths: &lengths,
                beads: &beads,
                weight: env("LEX", 6.0) / mean.max(7.5),
                length_weight: env("LEN", 1.0),
            };
            path = dp::run(self.left, self.right, &model, band, false).path(&beads);
            let lessons = self.lessons(&path);
            learnt = self.learn(&lessons);
            let pairs: Vec<(f32, f32)> = path
                .windows(2)
                .map(|ends| {
                    let sum = |units: &[Unit]| units.iter().map(|unit| unit.length).sum::<f32>();
                    (sum(&self.left[ends[0].0..ends[1].0]), sum(&self.right[ends[0].1..ends[1].1]))
                })
                .filter(|pair| pair.0 > 0.0 && pair.1 > 0.0)
                .collect();
            lengths.fit(&pairs);
        }
        (path, learnt)
    }

    fn lessons(&self, path: &[(usize, usize)]) -> Vec<Lesson<'_>> {
        let mut lessons = Vec::new();
        for ends in path.windows(2) {
            let (own, other) = (&self.left[ends[0].0..ends[1].0], &self.right[ends[0].1..ends[1].1]);
            if own.is_empty() || other.is_empty() {
                continue;
            }
            lessons.push(Lesson {
                left: own.iter().map(|unit| &unit.tokens[..]).collect(),
                right: other.iter().map(|unit| &unit.tokens[..]).collect(),
                weight: 1.0,
                part: own[0].part,
            });
        }
        lessons
    }

    fn learn(&self, lessons: &[Lesson]) -> Vec<Lexicon> {
        let same = |token: Token| self.of_left[token as usize] > 0.0 && self.of_right[token as usize] > 0.0;
        learn(lessons, self.known, self.of_left, self.of_right, &same)
    }

    fn lengths(&self) -> Lengths {
        let of = |units: &[Unit]| units.iter().map(|unit| unit.length).collect::<Vec<_>>();
        Lengths::new(&of(self.left), &of(self.right))
    }
}

fn margins(first: usize) -> [usize; 5] {
    [first, 16, 10, 10, 10]
}

fn beads() -> [Bead; 12] {
    let bead = |left, right, share: f32| Bead { left, right, usual: share.ln() };
    let del = env("DEL", 0.02);
    let (m21, m31, m22) = (env("M21", 0.1), env("M31", 0.1), env("M22", 0.00001));
    [
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
    ]
}
