//! The best way through two tracks: dynamic programming over beads, in a band.

use std::collections::VecDeque;

use super::lengths::Lengths;
use super::lexicon::Lexicon;
use super::said::{BLOCK, Ready, Said, said_of};
use super::tokens::Token;

/// What is paired: a cue, or a sentence.
pub struct Unit {
    pub tokens: Vec<Token>,
    pub length: f32,
    /// About how much it says, whatever it is written in.
    pub said: f32,
    /// The part of the lessons that it is of.
    pub part: usize,
}

/// How many units of either side a bead has, and how usual that is (a logarithm).
#[derive(Clone, Copy, Debug)]
pub struct Bead {
    pub left: usize,
    pub right: usize,
    pub usual: f32,
}

/// How many units of either side are in a bead at most.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    pub left: usize,
    pub right: usize,
}

impl Reach {
    fn of(beads: &[Bead]) -> Reach {
        let most = |of: fn(&Bead) -> usize| beads.iter().map(of).max().unwrap_or(1);
        Reach { left: most(|bead| bead.left), right: most(|bead| bead.right) }
    }
}

/// For each number of left units, which numbers of right units are looked at: from, to (excluded).
#[derive(Clone, Debug)]
pub struct Band {
    pub rows: Vec<(usize, usize)>,
}

impl Band {
    /// A band around a path of boundaries.
    pub fn around(path: &[(usize, usize)], left: usize, right: usize, margin: usize) -> Band {
        let mut rows = vec![(usize::MAX, 0usize); left + 1];
        let mut before = (0usize, 0usize);
        for at in path.iter().copied().chain([(left, right)]) {
            for row in
                rows.iter_mut().take((at.0 + margin).min(left) + 1).skip(before.0.saturating_sub(margin))
            {
                row.0 = row.0.min(before.1.saturating_sub(margin));
                row.1 = row.1.max((at.1 + margin + 1).min(right + 1));
            }
            before = at;
        }
        // Both edges only go forth.
        for index in 1..rows.len() {
            rows[index].1 = rows[index].1.max(rows[index - 1].1);
        }
        for index in (1..rows.len()).rev() {
            rows[index - 1].0 = rows[index - 1].0.min(rows[index].0);
        }
        Band { rows }
    }

    /// The same, but every way goes through each of some points, which are in order.
    pub fn through(mut self, points: &[(usize, usize)]) -> Band {
        let mut later = points.iter().peekable();
        let mut before = 0;
        let last = self.rows.len() - 1;
        for (index, row) in self.rows.iter_mut().enumerate() {
            if let Some(point) = later.next_if(|point| point.0 == index) {
                // Of the first and the last row, the corner stays in.
                let from = if index == 0 { 0 } else { point.1 };
                let to = if index == last { row.1 } else { point.1 + 1 };
                before = point.1;
                *row = (from, to);
                continue;
            }
            let after = later.peek().map_or(usize::MAX, |point| point.1 + 1);
            row.0 = row.0.max(before);
            row.1 = row.1.min(after).max(row.0 + 1);
        }
        self
    }
}

/// What a row of the table has worked out.
pub struct Table {
    band: Band,
    starts: Vec<usize>,
    best: Vec<f32>,
    back: Vec<u8>,
    /// Per cell and bead; only where asked for.
    scores: Vec<f32>,
}

pub const IMPOSSIBLE: f32 = -1e30;

/// What beads are judged by.
pub struct Model<'a> {
    /// One per part of the lessons.
    pub lexicon: &'a [Lexicon],
    pub lengths: &'a Lengths,
    pub beads: &'a [Bead],
    /// How much a word counts for.
    pub weight: f32,
}

/// What is said of the cells of a row, whatever the way to them.
struct Rows {
    /// Per number of left units that end here: what each right unit says.
    forth: Said,
    /// What the last left units say, the latest last: per number of right units, by the right end.
    back: VecDeque<Said>,
}

/// A logarithm that is good to three digits.
pub fn ln(value: f32) -> f32 {
    let bits = value.to_bits();
    let exponent = ((bits >> 23) as i32 - 127) as f32;
    let mantissa = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000);
    let t = mantissa - 1.5;
    // log2 around 1.5
    let log = 0.584_962_5 + t * (0.961_796_7 + t * (-0.320_598_9 + t * (0.142_488_4 + t * -0.071_244_2)));
    (exponent + log) * std::f32::consts::LN_2
}

pub fn run(left: &[Unit], right: &[Unit], model: &Model, band: Band, keep: bool) -> Table {
    let mut starts = Vec::with_capacity(band.rows.len() + 1);
    let mut size = 0;
    for (from, to) in &band.rows {
        starts.push(size);
        size += to - from;
    }
    starts.push(size);
    let mut table = Table {
        best: vec![IMPOSSIBLE; size],
        back: vec![u8::MAX; size],
        scores: if keep { vec![IMPOSSIBLE; size * model.beads.len()] } else { Vec::new() },
        band,
        starts,
    };
    let reach = Reach::of(model.beads);
    let ready = Ready::new(right, model.lexicon, reach);
    let none = || Said { from: 0, rows: vec![Vec::new(); reach.left] };
    let mut rows = Rows { forth: none(), back: VecDeque::new() };
    let mut block: VecDeque<(Said, Said)> = VecDeque::new();
    for i in 0..=left.len() {
        let (from, to) = table.band.rows[i];
        if i > 0 {
            if block.is_empty() {
                block = said_of(left, &ready, model.lexicon, &table.band, i..(i + BLOCK).min(left.len() + 1));
            }
            if let Some((forth, back)) = block.pop_front() {
                rows.forth = forth;
                rows.back.push_back(back);
            }
            if rows.back.len() > reach.left {
                rows.back.pop_front();
            }
        }
        for j in from..to {
            let cell = table.starts[i] + j - from;
            if i == 0 && j == 0 {
                table.best[cell] = 0.0;
                continue;
            }
            for (index, bead) in model.beads.iter().enumerate() {
                if bead.left > i || bead.right > j {
                    continue;
                }
                let Some(before) = table.cell(i - bead.left, j - bead.right) else { continue };
                let before = table.best[before];
                if before <= IMPOSSIBLE {
                    continue;
                }
                let own = bead.usual + score(left, right, i, j, bead, model, &rows);
                if keep {
                    table.scores[cell * model.beads.len() + index] = own;
                }
                let total = before + own;
                if total > table.best[cell] {
                    table.best[cell] = total;
                    table.back[cell] = index as u8;
                }
            }
        }
    }
    table
}

fn score(left: &[Unit], right: &[Unit], i: usize, j: usize, bead: &Bead, model: &Model, rows: &Rows) -> f32 {
    if bead.left == 0 || bead.right == 0 {
        return 0.0;
    }
    let sum = |units: &[Unit]| units.iter().map(|unit| unit.length).sum::<f32>();
    let lengths =
        model.lengths.score(sum(&left[i - bead.left..i]), sum(&right[j - bead.right..j]), bead.right);
    let first = j - rows.forth.from;
    let forth: f32 = rows.forth.rows[bead.left - 1][first - bead.right..first].iter().sum();
    let own = rows.back.iter().rev().take(bead.left);
    let back: f32 = own.map(|row| row.rows[bead.right - 1][j - row.from]).sum();
    lengths + model.weight * 0.5 * (forth + back)
}

fn log_sum(a: f32, b: f32) -> f32 {
    let (most, least) = if a > b { (a, b) } else { (b, a) };
    if least <= IMPOSSIBLE { most } else { most + (least - most).exp().ln_1p() }
}

/// What a way is worth: all of it, its pairs, and how many these are.
#[derive(Default)]
pub struct Worth {
    pub total: f32,
    pub pairs: f32,
    pub count: usize,
}

/// How probable it is that two units belong together: left, right, from 0 to 1.
pub type Likely = Vec<(usize, usize, f32)>;

impl Table {
    /// How probable each two units are to be in one bead, over all ways through the table.
    /// `temper` takes back what words count for too much because they come together.
    pub fn likely(&self, beads: &[Bead], temper: f32) -> Likely {
        let (forth, back) = rayon::join(|| self.sums_forth(beads, temper), || self.sums_back(beads, temper));
        let rows = self.band.rows.len();
        let Some(all) = self.cell(rows - 1, self.band.rows[rows - 1].1 - 1).map(|cell| forth[cell]) else {
            return Vec::new();
        };
        // Beads of a left unit end at most so many rows on.
        let mut open: Vec<std::collections::BTreeMap<usize, f32>> = vec![Default::default(); rows];
        for (i, (from, to)) in self.band.rows.iter().enumerate() {
            for j in *from..*to {
                let cell = self.starts[i] + j - from;
                for (index, bead) in beads.iter().enumerate() {
                    if bead.left == 0 || bead.right == 0 || bead.left > i || bead.right > j {
                        continue;
                    }
                    let Some(before) = self.cell(i - bead.left, j - bead.right) else { continue };
                    let own = self.scores[cell * beads.len() + index];
                    if own <= IMPOSSIBLE {
                        continue;
                    }
                    let share = (forth[before] + own * temper + back[cell] - all).exp();
                    if share < 0.001 {
                        continue;
                    }
                    for row in &mut open[i - bead.left..i] {
                        for other in j - bead.right..j {
                            *row.entry(other).or_default() += share;
                        }
                    }
                }
            }
        }
        let links = open.into_iter().enumerate();
        links.flat_map(|(i, row)| row.into_iter().map(move |(j, share)| (i, j, share.min(1.0)))).collect()
    }

    /// What leads into a cell: which bead, from where, and what it is worth.
    fn leading_to<'t>(
        &'t self,
        beads: &'t [Bead],
        (i, j): (usize, usize),
        cell: usize,
    ) -> impl Iterator<Item = (&'t Bead, usize, f32)> {
        beads.iter().enumerate().filter_map(move |(index, bead)| {
            if bead.left > i || bead.right > j {
                return None;
            }
            let before = self.cell(i - bead.left, j - bead.right)?;
            let own = self.scores[cell * beads.len() + index];
            (own > IMPOSSIBLE).then_some((bead, before, own))
        })
    }

    /// The logarithm of the sum of all ways from the beginning to each cell. Of units that have no
    /// partner, the left ones come first: in any order, they would be as many ways as there are
    /// orders, and outweigh what pairs.
    fn sums_forth(&self, beads: &[Bead], temper: f32) -> Vec<f32> {
        let mut sums = vec![IMPOSSIBLE; self.best.len()];
        // Those that do not end with a right unit alone.
        let mut free = sums.clone();
        if let Some(first) = self.cell(0, 0) {
            (sums[first], free[first]) = (0.0, 0.0);
        }
        for (i, (from, to)) in self.band.rows.iter().enumerate() {
            for j in *from..*to {
                let cell = self.starts[i] + j - from;
                let mut right_alone = IMPOSSIBLE;
                for (bead, before, own) in self.leading_to(beads, (i, j), cell) {
                    let source = if bead.right == 0 { free[before] } else { sums[before] };
                    let target = if bead.left == 0 { &mut right_alone } else { &mut free[cell] };
                    if source > IMPOSSIBLE {
                        *target = log_sum(*target, source + own * temper);
                    }
                }
                if (i, j) != (0, 0) {
                    sums[cell] = log_sum(free[cell], right_alone);
                }
            }
        }
        sums
    }

    /// The same from each cell to the end, after a bead that is no right unit alone.
    fn sums_back(&self, beads: &[Bead], temper: f32) -> Vec<f32> {
        // Those that do not begin with a left unit alone; then all.
        let mut shut = vec![IMPOSSIBLE; self.best.len()];
        let mut sums = shut.clone();
        if let Some(last) = shut.last_mut() {
            *last = 0.0;
        }
        for (i, (from, to)) in self.band.rows.iter().enumerate().rev() {
            for j in (*from..*to).rev() {
                let cell = self.starts[i] + j - from;
                sums[cell] = log_sum(sums[cell], shut[cell]);
                for (bead, before, own) in self.leading_to(beads, (i, j), cell) {
                    let source = if bead.left == 0 { shut[cell] } else { sums[cell] };
                    let target = if bead.right == 0 { &mut sums[before] } else { &mut shut[before] };
                    if source > IMPOSSIBLE {
                        *target = log_sum(*target, source + own * temper);
                    }
                }
            }
        }
        sums
    }

    fn cell(&self, i: usize, j: usize) -> Option<usize> {
        let (from, to) = self.band.rows[i];
        (j >= from && j < to).then(|| self.starts[i] + j - from)
    }

    /// What the best way is worth, if beads were as usual as `usual` says: so ways are compared.
    pub fn worth(&self, beads: &[Bead], usual: &[Bead]) -> Worth {
        let mut at = (self.band.rows.len() - 1, self.band.rows.last().map_or(0, |row| row.1 - 1));
        let mut worth = Worth::default();
        while at != (0, 0) {
            let Some(cell) = self.cell(at.0, at.1) else { break };
            let index = usize::from(self.back[cell]);
            let Some(bead) = beads.get(index) else { break };
            let own = self.scores[cell * beads.len() + index] - bead.usual + usual[index].usual;
            worth.total += own;
            if bead.left > 0 && bead.right > 0 {
                worth.pairs += own;
                worth.count += 1;
            }
            at = (at.0 - bead.left, at.1 - bead.right);
        }
        worth
    }

    /// The boundaries of the best way, from the first bead's start to the last one's end.
    pub fn path(&self, beads: &[Bead]) -> Vec<(usize, usize)> {
        let mut at = (self.band.rows.len() - 1, self.band.rows.last().map_or(0, |row| row.1 - 1));
        let mut path = vec![at];
        while at != (0, 0) {
            let index = self.cell(at.0, at.1).map_or(u8::MAX, |cell| self.back[cell]);
            let Some(bead) = beads.get(usize::from(index)) else { break };
            at = (at.0 - bead.left, at.1 - bead.right);
            path.push(at);
        }
        path.reverse();
        path
    }
}
