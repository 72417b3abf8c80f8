//! Pairing by what is said: a rough way through both tracks, then lessons from the best way and
//! a better way by the lessons, in turns. Never looks at times.

use std::collections::HashMap;
use std::ops::Range;

use super::dp::{self, Band, Bead, Likely, Model, Unit};
use super::lengths::Lengths;
use super::lexicon::{self, Lesson, Lexicon, frequencies, learn};
use super::moved::Moved;
use super::numbers::Numbers;
use super::rows::{Link, exact};
use super::tokens::{Token, Vocabulary, tokens};
use super::{Hints, Row, Side, anchors, fixed, moved, terms, units, voices, words};

/// What the texts say.
pub struct Text {
    pub rows: Vec<Row>,
    /// Rows of blocks that stand elsewhere in the other track.
    pub moved: Vec<Row>,
    /// Whether rows are whole sentences, and no cue is in two of them.
    pub by_sentence: bool,
    /// Cues that have a word which no other cue of either track has.
    pub shared: Vec<Link>,
    /// Cues that begin together.
    pub path: Vec<(usize, usize)>,
    /// How much they have to do with each other at all, from 0 to 1.
    pub related: f32,
}

/// How far from the last way the next one is looked for, in units, round by round, and where it is
/// asked how sure the way is.
const MARGINS: (&[usize], usize) = (&[30, 12, 6, 6], 6);
/// The same for tracks of more units than this: there is more to learn from in each round.
const LONG: usize = 1200;
const LONG_MARGINS: (&[usize], usize) = (&[20, 6], 4);
/// Where a unit gains less than this on the first way, another is looked for among all there are,
/// if these are not too many.
const DOUBTFUL: f32 = 2.5;
const WHOLE: usize = 400_000;
/// Words come together, so each counts for less than it would alone: so much for a unit of one
/// word, no more for one of many.
const WEIGHT: f32 = 7.0;
const WORDS_AT_LEAST: f32 = 7.5;
/// The same, once more, where ways are compared with each other.
const TEMPER: f32 = 0.5;
/// Links that are less probable are none.
const LIKELY: f32 = 0.45;
/// Of a longer unit only so many words are looked at.
const WORDS_AT_MOST: usize = 400;
/// So many pairs of words are learnt from, and no more.
const PAIRS_AT_MOST: usize = 6_000_000;

/// Pairs two tracks by their texts.
pub fn pair(left: &Side, right: &Side, hints: &Hints) -> Text {
    let mut vocabulary = Vocabulary::default();
    let mut left_cues = units_of(left, &mut vocabulary);
    let mut right_cues = units_of(right, &mut vocabulary);
    voices::add(left, &mut left_cues, right, &mut right_cues, &mut vocabulary);
    terms::add(hints.glossary, (left, &mut left_cues), (right, &mut right_cues), &mut vocabulary);
    let known = words::known(left.lang, right.lang, hints.glossary, &mut vocabulary);
    let count = |units: &[Unit]| frequencies(units.iter().map(|unit| &unit.tokens[..]), vocabulary.len());
    let (of_left, of_right) = (count(&left_cues), count(&right_cues));
    let shared = anchors::shared_once(&left_cues, &right_cues, vocabulary.len());
    let runs = units::sentence_runs(left.cues).zip(units::sentence_runs(right.cues));
    let by_sentence = runs.is_some();
    let (left_runs, right_runs) = runs.unwrap_or_else(|| as_coarse(left, right));
    let (left_units, right_units) = (whole(&mut left_cues, &left_runs), whole(&mut right_cues, &right_runs));
    let task = Task {
        known: &known,
        left: &left_units,
        right: &right_units,
        of_left: &of_left,
        of_right: &of_right,
        fixed: fixed::points(hints.locks, |cue| start_of(&left_runs, cue), |cue| start_of(&right_runs, cue)),
        beads: beads(&left_units, &right_units),
    };
    let mut found = task.pair();
    found.related = found.related.max(anchored(&shared, left.cues.len().min(right.cues.len())));
    let cues = |runs: &[Range<usize>], of: Vec<usize>| -> Vec<usize> {
        of.into_iter().flat_map(|unit| runs[unit].clone()).collect()
    };
    let of_cues = |rows: Vec<Row>| -> Vec<Row> {
        let row =
            |row: Row| Row::new(cues(&left_runs, row.left), cues(&right_runs, row.right), row.confidence);
        rows.into_iter().map(row).collect()
    };
    let rows = of_cues(if by_sentence { found.bead_rows() } else { found.link_rows() });
    let moved = of_cues(found.moved_rows(by_sentence));
    let first = |runs: &[Range<usize>], at: usize, all: usize| runs.get(at).map_or(all, |run| run.start);
    let path = found.path.iter();
    let path = path
        .map(|(i, j)| (first(&left_runs, *i, left.cues.len()), first(&right_runs, *j, right.cues.len())))
        .collect();
    Text { rows, moved, by_sentence, shared, path, related: found.related }
}

/// Of so few cues no lexicon can be learnt.
const SHORT: usize = 60;
/// So many words that stand once in both tell, and so many cues to each.
const ANCHORS: usize = 3;
const CUES_AN_ANCHOR: usize = 4;
/// How much short texts have to do with each other where such words say it.
const ANCHORED: f32 = 0.8;

/// How much two short texts have to do with each other by the words that each has once: names and
/// numbers in one order.
fn anchored(shared: &[Link], count: usize) -> f32 {
    let forth = shared.windows(2).filter(|two| two[0].1 <= two[1].1).count();
    let in_order = forth * 5 >= shared.len().saturating_sub(1) * 4;
    let many = shared.len() >= ANCHORS && shared.len() * CUES_AN_ANCHOR >= count;
    if count <= SHORT && many && in_order { ANCHORED } else { 0.0 }
}

/// Cues as they are; but those of a track that is cut much finer than the other are joined to pieces
/// of which a few make up a cue of that.
fn as_coarse(left: &Side, right: &Side) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let said = (units::mean_said(left.cues), units::mean_said(right.cues));
    let runs = |side: &Side, own: f32, other: f32| {
        if own * FINE < other {
            units::joined_runs(side.cues, other / FINE)
        } else {
            (0..side.cues.len()).map(|at| at..at + 1).collect()
        }
    };
    (runs(left, said.0, said.1), runs(right, said.1, said.0))
}

fn units_of(side: &Side, vocabulary: &mut Vocabulary) -> Vec<Unit> {
    let numbers = Numbers::of(side.lang);
    let units = side.cues.iter().enumerate().map(|(index, cue)| {
        let mut tokens = tokens(cue.text, &numbers, vocabulary);
        tokens.truncate(WORDS_AT_MOST);
        let length = cue.text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        Unit { tokens, length, said: units::said(cue.text), part: lexicon::part_of(index) }
    });
    units.collect()
}

/// The unit that begins with a cue.
fn start_of(runs: &[Range<usize>], cue: usize) -> Option<usize> {
    let at = runs.partition_point(|run| run.start < cue);
    match runs.get(at) {
        Some(run) => (run.start == cue).then_some(at),
        None => runs.last().filter(|run| run.end == cue).map(|_| at),
    }
}

/// Sentences as units.
fn whole(cues: &mut [Unit], runs: &[Range<usize>]) -> Vec<Unit> {
    let units = runs.iter().enumerate().map(|(index, run)| {
        let own = &cues[run.clone()];
        Unit {
            tokens: own.iter().flat_map(|cue| cue.tokens.iter().copied()).take(WORDS_AT_MOST).collect(),
            length: own.iter().map(|cue| cue.length).sum(),
            said: own.iter().map(|cue| cue.said).sum(),
            part: lexicon::part_of(index),
        }
    });
    units.collect()
}

/// Two tracks as units, and how often each word is.
struct Task<'a> {
    /// What words mean each other, beforehand.
    known: &'a [words::Known],
    left: &'a [Unit],
    right: &'a [Unit],
    of_left: &'a [f32],
    of_right: &'a [f32],
    /// Boundaries that the way goes through, by the author's word.
    fixed: Vec<(usize, usize)>,
    /// How usual beads are, as far as is known beforehand.
    beads: Vec<Bead>,
}

/// The best way through two tracks, and how sure it is.
struct Found {
    path: Vec<(usize, usize)>,
    likely: Likely,
    /// Blocks that stand elsewhere in the other track.
    moved: Vec<Moved>,
    counts: (usize, usize),
    /// What the way gains for each unit of the shorter track, those without a partner counted in;
    /// and what all its pairs are worth.
    gain: f32,
    worth: f32,
    /// How much the texts have to do with each other at all, from 0 to 1.
    related: f32,
}

impl Task<'_> {
    fn pair(&self) -> Found {
        let rough = anchors::rough_path(self.left, self.right, self.of_left.len());
        let long = self.left.len().max(self.right.len()) > LONG;
        let (margins, last) = if long { LONG_MARGINS } else { MARGINS };
        let found = self.search(rough.clone(), self.lengths(), margins[0], &margins[1..], last);
        let cells = self.left.len() * self.right.len();
        if found.gain >= DOUBTFUL || cells > WHOLE {
            return found;
        }
        // Where much was never translated, the rough way leads astray, and so do the whole lengths.
        let everywhere = self.left.len().max(self.right.len());
        let other = self.search(rough, self.lengths().of_units(), everywhere, &margins[1..], last);
        if other.worth > found.worth { other } else { found }
    }

    /// Finds a way around `path`, not further from it than `first`; and better ones around that.
    fn search(
        &self,
        mut path: Vec<(usize, usize)>,
        mut lengths: Lengths,
        first: usize,
        later: &[usize],
        last: usize,
    ) -> Found {
        let mut learnt = self.learn(&[]);
        let mut beads = self.beads.clone();
        for margin in std::iter::once(&first).chain(later) {
            let band = self.band(&path, *margin);
            path = dp::run(self.left, self.right, &self.model(&learnt, &lengths, &beads), band, false)
                .path(&beads);
            learnt = self.learn(&self.lessons(&path));
            lengths.fit(&self.length_pairs(&path));
            fit_beads(&mut beads, &self.beads, &path);
        }
        let band = self.band(&path, last);
        let table = dp::run(self.left, self.right, &self.model(&learnt, &lengths, &beads), band, true);
        let units = self.left.len().min(self.right.len()).max(1) as f32;
        let worth = table.worth(&beads, &self.beads);
        let path = table.path(&beads);
        let model = self.model(&learnt, &lengths, &beads);
        // Where the author says what goes together, the order is theirs.
        let moved = match self.fixed.as_slice() {
            [] => moved::find(&path, self.left, self.right, &model, TEMPER),
            _ => Vec::new(),
        };
        Found {
            likely: table.likely(&beads, TEMPER),
            path,
            moved,
            counts: (self.left.len(), self.right.len()),
            gain: worth.total / units,
            worth: worth.pairs,
            related: related(worth.pairs / worth.count.max(1) as f32),
        }
    }

    fn band(&self, path: &[(usize, usize)], margin: usize) -> Band {
        Band::around(&fixed::through(path, &self.fixed), self.left.len(), self.right.len(), margin)
            .through(&self.fixed)
    }

    fn model<'m>(&self, learnt: &'m [Lexicon], lengths: &'m Lengths, beads: &'m [Bead]) -> Model<'m> {
        let mean = |units: &[Unit]| {
            units.iter().map(|unit| unit.tokens.len()).sum::<usize>() as f32 / units.len().max(1) as f32
        };
        let words = (mean(self.left) + mean(self.right)) / 2.0;
        Model { lexicon: learnt, lengths, beads, weight: WEIGHT / words.max(WORDS_AT_LEAST) }
    }

    fn lessons(&self, path: &[(usize, usize)]) -> Vec<Lesson<'_>> {
        let mut lessons = Vec::new();
        let mut pairs = 0;
        for ends in path.windows(2) {
            let (own, other) = (&self.left[ends[0].0..ends[1].0], &self.right[ends[0].1..ends[1].1]);
            let words = |units: &[Unit]| units.iter().map(|unit| unit.tokens.len()).sum::<usize>();
            pairs += words(own) * words(other);
            if own.is_empty() || other.is_empty() || pairs > PAIRS_AT_MOST {
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

    fn length_pairs(&self, path: &[(usize, usize)]) -> Vec<(f32, f32)> {
        let sum = |units: &[Unit]| units.iter().map(|unit| unit.length).sum::<f32>();
        let pairs = path
            .windows(2)
            .map(|ends| (sum(&self.left[ends[0].0..ends[1].0]), sum(&self.right[ends[0].1..ends[1].1])));
        pairs.filter(|pair| pair.0 > 0.0 && pair.1 > 0.0).collect()
    }
}

/// How much two texts have to do with each other, by what a pair gains on average.
fn related(gain: f32) -> f32 {
    1.0 / (1.0 + (-(gain - RELATED) * 3.0).exp())
}

/// Of texts that have nothing to do with each other the mean gain is less: 1.3 at most of those
/// that were tried, and 2.6 at least of translations.
const RELATED: f32 = 1.9;

impl Found {
    /// Rows of the links that are probable: a unit may be in two of them.
    fn link_rows(&self) -> Vec<Row> {
        let links: Vec<Link> =
            self.likely.iter().filter(|link| link.2 > LIKELY).map(|(i, j, _)| (*i, *j)).collect();
        self.with_confidence(exact(&links), &self.likely)
    }

    /// Rows of the best way: each unit is in one.
    fn bead_rows(&self) -> Vec<Row> {
        let rows = beads_of(&self.path);
        self.with_confidence(rows, &self.likely)
    }

    /// Rows of the blocks that stand elsewhere; none of a unit alone.
    fn moved_rows(&self, by_bead: bool) -> Vec<Row> {
        let rows = self.moved.iter().flat_map(|block| {
            let likely = block.likely.iter().filter(|link| link.2 > LIKELY);
            let links: Vec<Link> = likely.map(|(i, j, _)| (*i, *j)).collect();
            self.with_confidence(if by_bead { beads_of(&block.path) } else { exact(&links) }, &block.likely)
        });
        rows.filter(|row| !row.left.is_empty() && !row.right.is_empty()).collect()
    }

    fn with_confidence(&self, mut rows: Vec<Row>, all: &Likely) -> Vec<Row> {
        let likely: HashMap<Link, f32> = all.iter().map(|(i, j, share)| ((*i, *j), *share)).collect();
        let mut partnered = (vec![0.0f32; self.counts.0], vec![0.0f32; self.counts.1]);
        for (i, j, share) in all {
            partnered.0[*i] = partnered.0[*i].max(*share);
            partnered.1[*j] = partnered.1[*j].max(*share);
        }
        for row in &mut rows {
            let links = row.left.iter().flat_map(|i| row.right.iter().map(move |j| (*i, *j)));
            let shares: Vec<f32> = links.map(|link| likely.get(&link).copied().unwrap_or(0.0)).collect();
            // A unit alone is as sure as it is that none belongs to it.
            let alone = || {
                let own = row.left.iter().map(|i| partnered.0[*i]);
                own.chain(row.right.iter().map(|j| partnered.1[*j])).fold(0.0f32, f32::max)
            };
            let sure = if shares.is_empty() {
                1.0 - alone()
            } else {
                shares.iter().sum::<f32>() / shares.len() as f32
            };
            row.confidence = (sure * self.related).clamp(0.0, 1.0);
        }
        rows
    }
}

/// How much what is usual anywhere counts beside what a pair shows: as so many of its beads, and so
/// many more.
const USUAL: (f32, f32) = (0.5, 20.0);

/// Fits to a way how usual it is that a unit has no partner.
fn fit_beads(beads: &mut [Bead], usual: &[Bead], path: &[(usize, usize)]) {
    let count = path.len().saturating_sub(1) as f32;
    let weight = USUAL.0 * count + USUAL.1;
    let is_alone = |bead: &Bead| bead.left == 0 || bead.right == 0;
    let mut rest = 1.0;
    for (bead, usual) in beads.iter_mut().zip(usual).filter(|(bead, _)| is_alone(bead)) {
        let is_it = |ends: &&[(usize, usize)]| {
            (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1) == (bead.left, bead.right)
        };
        let own = path.windows(2).filter(is_it).count() as f32;
        let share = (own + weight * usual.usual.exp()) / (count + weight);
        rest -= share;
        bead.usual = share.ln();
    }
    let all: f32 = usual.iter().filter(|bead| !is_alone(bead)).map(|bead| bead.usual.exp()).sum();
    for (bead, usual) in beads.iter_mut().zip(usual).filter(|(bead, _)| !is_alone(bead)) {
        bead.usual = usual.usual + (rest.max(0.1) / all).ln();
    }
}

/// A row for each bead of a way.
fn beads_of(path: &[(usize, usize)]) -> Vec<Row> {
    let row = |ends: &[(usize, usize)]| {
        Row::new((ends[0].0..ends[1].0).collect(), (ends[0].1..ends[1].1).collect(), 0.0)
    };
    path.windows(2).map(row).collect()
}

/// A track whose units say so much less than the other's is cut finer.
const FINER: f32 = 1.7;
/// Of units that are cut still finer than this, several are joined before they pair.
const FINE: f32 = 3.0;
/// So many units of a track that is cut finer are in a bead at most.
const MOST: usize = 8;

/// How usual each bead is. Two by two is rare: where both tracks are cut at one place, that is
/// two beads. Where one is cut finer, any number of its units may be one of the other.
fn beads(left: &[Unit], right: &[Unit]) -> Vec<Bead> {
    let mean = |units: &[Unit]| units.iter().map(|unit| unit.said).sum::<f32>() / units.len().max(1) as f32;
    let (own, other) = (mean(left), mean(right));
    let mut beads = equal_beads().to_vec();
    let (ratio, is_left) =
        if own < other { (other / own.max(0.1), true) } else { (own / other.max(0.1), false) };
    if ratio < FINER {
        return beads;
    }
    let most = ((2.0 * ratio).ceil() as usize + 1).clamp(4, MOST);
    let usual = (0.9 / most as f32).ln();
    let sided = |count: usize| if is_left { (count, 1) } else { (1, count) };
    beads.retain(|bead| !(1..=3).any(|count| (bead.left, bead.right) == sided(count)));
    beads.extend((1..=most).map(|count| Bead { left: sided(count).0, right: sided(count).1, usual }));
    beads
}

/// The same where both are cut alike.
fn equal_beads() -> [Bead; 10] {
    let bead = |left, right, share: f32| Bead { left, right, usual: share.ln() };
    [
        bead(1, 1, 0.8),
        bead(1, 0, 0.03),
        bead(0, 1, 0.03),
        bead(2, 1, 0.1),
        bead(1, 2, 0.1),
        bead(2, 2, 1e-5),
        bead(3, 1, 0.01),
        bead(1, 3, 0.01),
        bead(3, 2, 1e-6),
        bead(2, 3, 1e-6),
    ]
}
