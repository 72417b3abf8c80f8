//! Words that are the same on both sides, and rare: they say roughly where the two tracks run
//! side by side, before anything else is known.

use super::dp::Unit;

/// A word that is in more units of a side than this says nothing about where.
const RARE: usize = 12;
/// How many squares the whole is divided into, along either side, at most.
const SQUARES: usize = 600;
/// Units in a square, at least.
const SQUARE: usize = 4;

/// A rough way through both tracks: boundaries, from the beginning to the end.
pub fn rough_path(left: &[Unit], right: &[Unit], words: usize) -> Vec<(usize, usize)> {
    let size = |units: usize| SQUARE.max(units.div_ceil(SQUARES));
    let (tall, wide) = (size(left.len()), size(right.len()));
    let (rows, columns) = (left.len() / tall + 1, right.len() / wide + 1);
    let grid = smooth(&squares(left, right, words, (tall, wide), (rows, columns)), rows, columns);
    let mut best = vec![0.0f32; rows * columns];
    let mut back = vec![0u8; rows * columns];
    // Where nothing is known, the way goes straight from corner to corner.
    let slope = columns as f32 / rows as f32;
    for row in 0..rows {
        for column in 0..columns {
            let at = row * columns + column;
            let off = (column as f32 / slope - row as f32).abs() / rows as f32;
            let own = grid[at] - 0.02 * off;
            let (mut most, mut step) = (0.0, 0);
            let mut consider = |value: f32, kind: u8| {
                if step == 0 || value > most {
                    (most, step) = (value, kind);
                }
            };
            if row > 0 && column > 0 {
                consider(best[at - columns - 1] + own, 1);
            }
            if row > 0 {
                consider(best[at - columns] + own * 0.5 - 0.01, 2);
            }
            if column > 0 {
                consider(best[at - 1] + own * 0.5 - 0.01, 3);
            }
            best[at] = if step == 0 { own } else { most };
            back[at] = step;
        }
    }
    let mut at = (rows - 1, columns - 1);
    let mut path = Vec::new();
    loop {
        let corner = ((at.0 * tall + tall / 2).min(left.len()), (at.1 * wide + wide / 2).min(right.len()));
        path.push(corner);
        match back[at.0 * columns + at.1] {
            1 => at = (at.0 - 1, at.1 - 1),
            2 => at.0 -= 1,
            3 => at.1 -= 1,
            _ => break,
        }
    }
    path.push((0, 0));
    path.reverse();
    path.push((left.len(), right.len()));
    path
}

/// Units that have a word which is in no other unit of either side.
pub fn shared_once(left: &[Unit], right: &[Unit], words: usize) -> Vec<(usize, usize)> {
    const MANY: u32 = u32::MAX - 1;
    const NONE: u32 = u32::MAX;
    let places = |units: &[Unit]| {
        let mut places = vec![NONE; words];
        for (index, unit) in units.iter().enumerate() {
            for token in &unit.tokens {
                let own = &mut places[*token as usize];
                *own = if *own == NONE || *own == index as u32 { index as u32 } else { MANY };
            }
        }
        places
    };
    let both = places(left).into_iter().zip(places(right));
    let mut found: Vec<(usize, usize)> =
        both.filter(|(i, j)| *i < MANY && *j < MANY).map(|(i, j)| (i as usize, j as usize)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn squares(
    left: &[Unit],
    right: &[Unit],
    words: usize,
    size: (usize, usize),
    count: (usize, usize),
) -> Vec<f32> {
    let places = |units: &[Unit]| {
        let mut places: Vec<Vec<u32>> = vec![Vec::new(); words];
        for (index, unit) in units.iter().enumerate() {
            for token in &unit.tokens {
                let own = &mut places[*token as usize];
                if own.len() <= RARE && own.last() != Some(&(index as u32)) {
                    own.push(index as u32);
                }
            }
        }
        places
    };
    let mut grid = vec![0.0; count.0 * count.1];
    for (own, other) in places(left).iter().zip(places(right)) {
        if own.is_empty() || other.is_empty() || own.len() > RARE || other.len() > RARE {
            continue;
        }
        let weight = 1.0 / (own.len() * other.len()) as f32;
        for i in own {
            for j in &other {
                grid[(*i as usize / size.0) * count.1 + *j as usize / size.1] += weight;
            }
        }
    }
    grid
}

/// What is known of a square is known of its neighbours too, a little less.
fn smooth(grid: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut found = vec![0.0; grid.len()];
    for row in 0..rows {
        for column in 0..columns {
            let own = grid[row * columns + column];
            if own == 0.0 {
                continue;
            }
            let own = own.min(2.0);
            for (r, c, share) in [
                (0, 0, 1.0),
                (-1, -1, 0.5),
                (1, 1, 0.5),
                (-1, 0, 0.3),
                (0, -1, 0.3),
                (1, 0, 0.3),
                (0, 1, 0.3),
            ] {
                let (r, c) = (row as isize + r, column as isize + c);
                if r >= 0 && c >= 0 && (r as usize) < rows && (c as usize) < columns {
                    found[r as usize * columns + c as usize] += own * share;
                }
            }
        }
    }
    found
}
