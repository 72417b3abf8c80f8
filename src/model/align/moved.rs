//! Blocks that stand elsewhere in the other track: stretches without a partner on the best way, of
//! either side, that are each other's. Never takes from what has a partner.

use std::ops::Range;

use super::dp::{self, Band, Likely, Model, Unit};

/// A shorter stretch is not looked at.
const LEAST: usize = 6;
/// Only so many stretches of a side are, the longest ones.
const STRETCHES: usize = 8;
/// Of two stretches so many pairs of units are looked at.
const CELLS: usize = 200_000;
/// What a pair is worth on average, at least: translations are worth more, and others less.
const WORTH: f32 = 2.6;

type Point = (usize, usize);

/// A block, as a way of its own, and how probable its links are.
pub struct Moved {
    pub path: Vec<Point>,
    pub likely: Likely,
}

/// Finds blocks between what a way leaves without a partner.
pub fn find(path: &[Point], left: &[Unit], right: &[Unit], model: &Model, temper: f32) -> Vec<Moved> {
    let (own, other) =
        (alone(path, |point| point.0, |point| point.1), alone(path, |point| point.1, |point| point.0));
    let mut found: Vec<(f32, Range<usize>, Range<usize>, Moved)> = Vec::new();
    for i in &own {
        for j in &other {
            let alike = i.len() < 2 * j.len() && j.len() < 2 * i.len();
            if alike
                && i.len() * j.len() <= CELLS
                && let Some((worth, moved)) = block(left, right, i, j, model, temper)
            {
                found.push((worth, i.clone(), j.clone(), moved));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept: Vec<(f32, Range<usize>, Range<usize>, Moved)> = Vec::new();
    for block in found {
        if kept.iter().all(|(_, i, j, _)| *i != block.1 && *j != block.2) {
            kept.push(block);
        }
    }
    kept.into_iter().map(|block| block.3).collect()
}

/// Stretches of a side that have no partner, the longest first.
fn alone(path: &[Point], own: fn(Point) -> usize, other: fn(Point) -> usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for ends in path.windows(2) {
        let (from, to) = (own(ends[0]), own(ends[1]));
        if from == to || other(ends[0]) != other(ends[1]) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == from => last.end = to,
            _ => found.push(from..to),
        }
    }
    found.retain(|run| run.len() >= LEAST);
    found.sort_by_key(|run| std::cmp::Reverse(run.len()));
    found.truncate(STRETCHES);
    found
}

/// Two stretches as a block, and what it is worth; nothing where they are not each other's.
fn block(
    left: &[Unit],
    right: &[Unit],
    i: &Range<usize>,
    j: &Range<usize>,
    model: &Model,
    temper: f32,
) -> Option<(f32, Moved)> {
    let size = (i.len(), j.len());
    let band = Band::around(&[(0, 0), size], size.0, size.1, size.0.max(size.1));
    let table = dp::run(&left[i.clone()], &right[j.clone()], model, band, true);
    let worth = table.worth(model.beads, model.beads);
    let is_one = worth.count * 2 >= size.0.min(size.1) && worth.pairs >= WORTH * worth.count as f32;
    is_one.then(|| {
        let path = table.path(model.beads).into_iter().map(|(a, b)| (a + i.start, b + j.start)).collect();
        let likely = table.likely(model.beads, temper).into_iter();
        let likely = likely.map(|(a, b, share)| (a + i.start, b + j.start, share)).collect();
        (worth.pairs, Moved { path, likely })
    })
}
