//! What pairing is measured against: by index, by overlap, overlap after the best constant
//! shift, and the length model of Gale and Church.

use crate::cases::{Case, Links, Own};

pub fn by_index(case: &Case) -> Links {
    (0..case.left.len().min(case.right.len())).map(|index| (index, index)).collect()
}

/// Cues that share at least half of the shorter one, and whatever hangs together by that.
pub fn by_overlap(case: &Case, shift: f64) -> Links {
    joined(&overlapping(case, shift), case.left.len(), case.right.len())
}

pub fn overlapping(case: &Case, shift: f64) -> Links {
    let mut links = Links::new();
    let right: Vec<Option<(f64, f64)>> =
        case.right.iter().map(|cue| times(cue).map(|(start, end)| (start - shift, end - shift))).collect();
    let mut from = 0;
    for (i, cue) in case.left.iter().enumerate() {
        let Some((start, end)) = times(cue) else { continue };
        while from < right.len() && right[from].is_none_or(|(_, end)| end + 60_000.0 < start) {
            from += 1;
        }
        for (j, other) in right.iter().enumerate().skip(from) {
            let Some(other) = other else { continue };
            if other.0 > end + 60_000.0 {
                break;
            }
            let share: f64 = 0.1;
            let shared = end.min(other.1) - start.max(other.0);
            if shared > 0.0 && shared >= share * (end - start).min(other.1 - other.0) {
                links.insert((i, j));
            }
        }
    }
    links
}

fn times(cue: &Own) -> Option<(f64, f64)> {
    cue.times.map(|(start, end)| (start as f64, end as f64))
}

/// The shift, to a tenth of a second, after which most of the cues' time is shared.
pub fn best_shift(case: &Case) -> f64 {
    let shared = |shift: f64| {
        let mut total = 0.0;
        let mut from = 0;
        for cue in &case.left {
            let Some((start, end)) = times(cue) else { continue };
            let mut at = from;
            while let Some((a, b)) = case.right.get(at).and_then(times) {
                if a - shift >= end {
                    break;
                }
                total += (end.min(b - shift) - start.max(a - shift)).max(0.0);
                if b - shift < start {
                    from = at;
                }
                at += 1;
            }
        }
        total
    };
    let shifts = (-600..=600).map(|tenth| f64::from(tenth) * 100.0);
    shifts.max_by(|a, b| shared(*a).total_cmp(&shared(*b))).unwrap_or(0.0)
}

/// All of a run of links that hang together are linked with each other.
pub fn joined(links: &Links, left: usize, right: usize) -> Links {
    let mut parent: Vec<usize> = (0..left + right).collect();
    fn root(parent: &mut [usize], mut one: usize) -> usize {
        while parent[one] != one {
            parent[one] = parent[parent[one]];
            one = parent[one];
        }
        one
    }
    for (i, j) in links {
        let (a, b) = (root(&mut parent, *i), root(&mut parent, left + j));
        parent[a] = b;
    }
    let mut rows = vec![(Vec::new(), Vec::new()); left + right];
    for one in 0..left + right {
        let row = &mut rows[root(&mut parent, one)];
        if one < left { row.0.push(one) } else { row.1.push(one - left) }
    }
    let mut all = Links::new();
    for (own, other) in rows {
        for i in own {
            all.extend(other.iter().map(|j| (i, *j)));
        }
    }
    all
}

/// Gale and Church (1993): lengths in bytes, beads up to 2-2.
pub fn gale_church(case: &Case) -> Links {
    let lengths =
        |cues: &[Own]| -> Vec<f64> { cues.iter().map(|cue| cue.text.trim().len() as f64).collect() };
    let (left, right) = (lengths(&case.left), lengths(&case.right));
    let ratio = right.iter().sum::<f64>() / left.iter().sum::<f64>().max(1.0);
    let beads: [(usize, usize, f64); 6] =
        [(1, 1, 0.89), (1, 0, 0.0099), (0, 1, 0.0099), (2, 1, 0.089), (1, 2, 0.089), (2, 2, 0.011)];
    let cost = |i: usize, j: usize, bead: &(usize, usize, f64)| {
        let own: f64 = left[i - bead.0..i].iter().sum();
        let other: f64 = right[j - bead.1..j].iter().sum();
        let mean = (own + other / ratio) / 2.0;
        let delta = if mean > 0.0 { (other - own * ratio) / (6.8 * mean).sqrt() } else { 0.0 };
        -bead.2.ln() - (2.0 * upper_tail(delta.abs())).max(1e-300).ln()
    };
    let width = right.len() + 1;
    let mut best = vec![f32::INFINITY; (left.len() + 1) * width];
    let mut back = vec![0u8; best.len()];
    best[0] = 0.0;
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            for (index, bead) in beads.iter().enumerate() {
                if bead.0 > i || bead.1 > j {
                    continue;
                }
                let before = best[(i - bead.0) * width + j - bead.1];
                if before == f32::INFINITY {
                    continue;
                }
                let total = before + cost(i, j, bead) as f32;
                if total < best[i * width + j] {
                    best[i * width + j] = total;
                    back[i * width + j] = index as u8;
                }
            }
        }
    }
    let (mut i, mut j) = (left.len(), right.len());
    let mut links = Links::new();
    while i > 0 || j > 0 {
        let (a, b, _) = beads[usize::from(back[i * width + j])];
        for own in i - a..i {
            links.extend((j - b..j).map(|other| (own, other)));
        }
        (i, j) = (i - a, j - b);
    }
    links
}

/// How much of a normal distribution lies above `z`: Abramowitz and Stegun 26.2.17.
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = t
        * (0.319_381_53
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * series
}
