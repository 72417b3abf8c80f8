//! Rows out of links between cues: what hangs together, in the order of the talk, with a row for
//! every cue that has no partner.

use std::collections::{BTreeMap, HashSet};

use super::times::Spans;
use super::{Lock, Row};

pub type Link = (usize, usize);

/// Where the texts are surer than this on average, they are believed against times.
const SURE: f32 = 0.9;
/// So many left cues are judged as one.
const STRETCH: usize = 20;

/// Of the shorter of two cues, this much shared time makes them one in any case.
const PLENTY: f64 = 0.4;

/// A cue that is so many times shorter than another is a piece of one.
const PIECE: f64 = 4.0;

/// Which cues of either side share time, beyond what `error` explains.
pub fn overlaps(left: &Spans, right: &Spans, error: f64) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let least = 3.0 * error + 25.0;
    each_overlap(left, right, |i, j, both, (shorter, longer)| {
        // A piece of a few words belongs to one cue alone.
        let is_piece = shorter * PIECE < longer;
        let enough = if is_piece { 0.5 * shorter } else { least.min(PLENTY * shorter) };
        if both >= enough {
            links.push((i, j));
        }
    });
    links.sort_unstable();
    links
}

fn each_overlap(left: &Spans, right: &Spans, mut found: impl FnMut(usize, usize, f64, (f64, f64))) {
    let mut order: Vec<usize> = (0..right.len()).collect();
    order.sort_by(|a, b| right[*a].0.total_cmp(&right[*b].0));
    // The latest end of all before: where the search may begin.
    let mut ends: Vec<f64> = Vec::with_capacity(order.len());
    for j in &order {
        ends.push(right[*j].1.max(ends.last().copied().unwrap_or(f64::MIN)));
    }
    for (i, own) in left.iter().enumerate() {
        let from = ends.partition_point(|end| *end <= own.0);
        for j in order[from..].iter().take(MOST_AT_ONCE) {
            let other = right[*j];
            if other.0 >= own.1 {
                break;
            }
            let both = own.1.min(other.1) - own.0.max(other.0);
            if both > 0.0 {
                let (a, b) = (own.1 - own.0, other.1 - other.0);
                found(i, *j, both, (a.min(b), a.max(b)));
            }
        }
    }
}

/// At most so many cues are looked at beside one: times that are all the same end somewhere.
const MOST_AT_ONCE: usize = 64;

/// A line that is cut in both tracks, at places that differ a little: each of its pieces belongs
/// to each. Else the cuts would be of two lines, and the time between them longer.
pub fn fill_cut_lines(links: &mut Vec<Link>, left: &Spans, right: &Spans) {
    let known: std::collections::BTreeSet<Link> = links.iter().copied().collect();
    let both = |(i, j): Link| left[i].1.min(right[j].1) - left[i].0.max(right[j].0);
    let length = |span: (f64, f64)| span.1 - span.0;
    let mut added = Vec::new();
    for (i, j) in &known {
        let (i, j) = (*i, *j);
        if !known.contains(&(i + 1, j + 1)) {
            continue;
        }
        for (own, other) in [((i, j + 1), (i + 1, j)), ((i + 1, j), (i, j + 1))] {
            if known.contains(&own) && !known.contains(&other) {
                let least = [left[i], left[i + 1], right[j], right[j + 1]].map(length);
                let least = least.into_iter().fold(f64::INFINITY, f64::min);
                if both(own) < PLENTY * least {
                    added.push(other);
                }
            }
        }
    }
    links.extend(added);
    links.sort_unstable();
    links.dedup();
}

/// What hangs together: each is known by the least of its group.
struct Groups(Vec<usize>);

impl Groups {
    fn of(&mut self, mut one: usize) -> usize {
        let parent = &mut self.0;
        while parent[one] != one {
            parent[one] = parent[parent[one]];
            one = parent[one];
        }
        one
    }

    fn join(&mut self, one: usize, other: usize) {
        let (a, b) = (self.of(one), self.of(other));
        self.0[a.max(b)] = a.min(b);
    }
}

/// Rows by time, but where those of the texts are others and sure, these. `timed` and `said` are
/// of whole sentences: a cue is in one row at most.
pub fn where_sure(timed: Vec<Row>, said: &[Row], left: usize, right: usize) -> Vec<Row> {
    let mut groups = Groups((0..left + right).collect());
    for row in timed.iter().chain(said) {
        let mut cues = row.left.iter().copied().chain(row.right.iter().map(|j| left + j));
        let Some(first) = cues.next() else { continue };
        cues.for_each(|cue| groups.join(first, cue));
    }
    let mut group_of = |row: &Row| {
        row.left.first().copied().or(row.right.first().map(|j| left + j)).map_or(0, |cue| groups.of(cue))
    };
    // Of each group: how sure the texts are, and how many rows that is the sum of.
    let mut sure = vec![(0.0f32, 0.0f32); left + right];
    for row in said {
        let own = &mut sure[group_of(row)];
        own.0 += row.confidence;
        own.1 += 1.0;
    }
    let mut is_said = |row: &Row| {
        let (sum, count) = sure[group_of(row)];
        sum > SURE * count
    };
    let mut rows: Vec<Row> = timed.into_iter().filter(|row| !is_said(row)).collect();
    rows.extend(said.iter().filter(|row| is_said(row)).cloned());
    rows
}

/// Rows by time, but in stretches where most of what the texts are sure of is otherwise, the rows of
/// the texts: there the times are those of something else.
pub fn where_contradicted(timed: Vec<Row>, said: &[Row], left: usize) -> Vec<Row> {
    let links = |row: &Row| {
        let rights = row.right.clone();
        row.left.clone().into_iter().flat_map(move |i| rights.clone().into_iter().map(move |j| (i, j)))
    };
    let known: HashSet<Link> = timed.iter().flat_map(links).collect();
    // Of each stretch: links that the texts are sure of, and those of them that times do not have.
    let mut counts = vec![(0usize, 0usize); left / STRETCH + 1];
    for link in said.iter().filter(|row| row.confidence > SURE).flat_map(links) {
        let own = &mut counts[link.0 / STRETCH];
        own.0 += 1;
        own.1 += usize::from(!known.contains(&link));
    }
    let torn = |row: &Row| {
        let of = |i: usize| counts[i / STRETCH];
        row.left.first().is_some_and(|i| of(*i).0 * 2 >= STRETCH && of(*i).1 * 2 > of(*i).0)
    };
    let found: Vec<Row> = said.iter().filter(|row| torn(row)).cloned().collect();
    // What is surely said elsewhere is not said here.
    let elsewhere: HashSet<usize> =
        found.iter().filter(|row| row.confidence > SURE).flat_map(|row| row.right.iter().copied()).collect();
    let mut rows: Vec<Row> = timed.into_iter().filter(|row| !torn(row)).collect();
    for row in &mut rows {
        row.right.retain(|j| !elsewhere.contains(j));
    }
    rows.extend(found);
    rows
}

/// Whether words that each track has once stand in other rows as a rule: then what is said at one
/// time in both is not the same.
pub fn are_others(rows: &[Row], shared: &[Link]) -> bool {
    if shared.len() < SHARED {
        return false;
    }
    let mut partners: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let (Some(first), Some(last)) = (row.right.first(), row.right.last()) else { continue };
        for i in &row.left {
            let own = partners.entry(*i).or_insert((*first, *last));
            *own = (own.0.min(*first), own.1.max(*last));
        }
    }
    let agrees = |(i, j): &&Link| {
        let near = partners.get(i);
        near.is_some_and(|(first, last)| (first.saturating_sub(NEAR)..=last + NEAR).contains(j))
    };
    shared.iter().filter(agrees).count() * 4 < shared.len()
}

/// So many words tell.
const SHARED: usize = 10;
/// A word may stand so many cues beside its row.
const NEAR: usize = 3;

/// Cues that hang together, however loosely, are one row.
pub fn joined(links: &[Link], left: usize, right: usize) -> Vec<Row> {
    let mut groups = Groups((0..left + right).collect());
    for (i, j) in links {
        groups.join(*i, left + j);
    }
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    for (i, j) in links {
        let row = rows.entry(groups.of(*i)).or_insert_with(|| Row::new(Vec::new(), Vec::new(), 1.0));
        row.left.push(*i);
        row.right.push(*j);
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    for row in &mut rows {
        for side in [&mut row.left, &mut row.right] {
            side.sort_unstable();
            side.dedup();
        }
    }
    rows
}

/// Rows that say just what the links say: a cue is in two rows where it ends inside another.
pub fn exact(links: &[Link]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut at = 0;
    while at < links.len() {
        let i = links[at].0;
        let count = links[at..].iter().take_while(|link| link.0 == i).count();
        let partners: Vec<usize> = links[at..at + count].iter().map(|link| link.1).collect();
        match rows.last_mut() {
            Some(last) if last.right == partners && last.left.last().is_some_and(|own| own + 1 == i) => {
                last.left.push(i);
            }
            _ => rows.push(Row::new(vec![i], partners, 1.0)),
        }
        at += count;
    }
    rows
}

/// Adds rows of blocks that stand elsewhere, as far as none of their cues has a partner.
pub fn with_moved(mut rows: Vec<Row>, moved: Vec<Row>, left: usize, right: usize) -> Vec<Row> {
    if moved.is_empty() {
        return rows;
    }
    let mut taken = (vec![false; left], vec![false; right]);
    for row in rows.iter().filter(|row| !row.left.is_empty() && !row.right.is_empty()) {
        row.left.iter().for_each(|i| taken.0[*i] = true);
        row.right.iter().for_each(|j| taken.1[*j] = true);
    }
    let free = |row: &Row| row.left.iter().all(|i| !taken.0[*i]) && row.right.iter().all(|j| !taken.1[*j]);
    let added: Vec<Row> = moved.into_iter().filter(free).collect();
    let is_added: (HashSet<usize>, HashSet<usize>) = (
        added.iter().flat_map(|row| row.left.iter().copied()).collect(),
        added.iter().flat_map(|row| row.right.iter().copied()).collect(),
    );
    rows.retain(|row| {
        !row.left.iter().any(|i| is_added.0.contains(i)) && !row.right.iter().any(|j| is_added.1.contains(j))
    });
    rows.extend(added);
    rows
}

/// Puts rows in order, and gives each cue without a row its own.
pub fn complete(rows: Vec<Row>, left: usize, right: usize, alone: f32) -> Vec<Row> {
    let mut rows: Vec<Row> =
        rows.into_iter().filter(|row| !row.left.is_empty() || !row.right.is_empty()).collect();
    let mut seen = (vec![false; left], vec![false; right]);
    for row in &rows {
        row.left.iter().for_each(|i| seen.0[*i] = true);
        row.right.iter().for_each(|j| seen.1[*j] = true);
    }
    let missing = |seen: &[bool]| {
        seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(at, _)| at).collect::<Vec<_>>()
    };
    rows.extend(missing(&seen.0).into_iter().map(|i| Row::new(vec![i], Vec::new(), alone)));
    rows.extend(missing(&seen.1).into_iter().map(|j| Row::new(Vec::new(), vec![j], alone)));
    in_order(rows, left)
}

/// The order of the left track; a row of the right one alone comes after the row of the cue
/// before it.
fn in_order(rows: Vec<Row>, left: usize) -> Vec<Row> {
    // For each right cue: the left cue that it is beside, or after.
    let (alone, mut paired): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.left.is_empty());
    paired.sort_by_key(|row| (row.left[0], row.right.first().copied().unwrap_or(0)));
    let mut alone: Vec<Row> = alone;
    alone.sort_by_key(|row| row.right[0]);
    let mut alone = alone.into_iter().peekable();
    let mut ordered = Vec::with_capacity(left);
    // The largest right cue so far, so that what comes before it goes before.
    for row in paired {
        if let Some(first) = row.right.first() {
            while let Some(own) = alone.next_if(|own| own.right[0] < *first) {
                ordered.push(own);
            }
        }
        ordered.push(row);
    }
    ordered.extend(alone);
    ordered
}

/// Carries out what the author decided.
pub fn apply_locks(mut rows: Vec<Row>, locks: &[Lock], left: usize, right: usize) -> Vec<Row> {
    if locks.is_empty() {
        return rows;
    }
    for lock in locks {
        rows = match lock {
            Lock::Merge { left, right } => merged(rows, left, right),
            Lock::Split { left, right } => split(rows, *left, *right),
            Lock::Pair { .. } => rows,
        };
    }
    // Pairs last: nothing else may be in them.
    for lock in locks {
        if let Lock::Pair { left, right } = lock {
            for row in &mut rows {
                row.left.retain(|i| !left.contains(i));
                row.right.retain(|j| !right.contains(j));
            }
            let fits = |row: &Row| !row.left.is_empty() || !row.right.is_empty();
            rows.retain(fits);
            rows.push(Row::new(left.clone(), right.clone(), 1.0));
        }
    }
    complete(rows, left, right, 1.0)
}

fn merged(rows: Vec<Row>, left: &[usize], right: &[usize]) -> Vec<Row> {
    let touches =
        |row: &Row| row.left.iter().any(|i| left.contains(i)) || row.right.iter().any(|j| right.contains(j));
    let (touched, mut others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(touches);
    let mut all = Row::new(left.to_vec(), right.to_vec(), 1.0);
    for row in touched {
        all.left.extend(row.left);
        all.right.extend(row.right);
    }
    for side in [&mut all.left, &mut all.right] {
        side.sort_unstable();
        side.dedup();
    }
    others.push(all);
    others
}

fn split(rows: Vec<Row>, left: usize, right: usize) -> Vec<Row> {
    let mut found = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        let part = |later: bool| {
            Row::new(
                row.left.iter().copied().filter(|i| (*i >= left) == later).collect(),
                row.right.iter().copied().filter(|j| (*j >= right) == later).collect(),
                1.0,
            )
        };
        let (first, second) = (part(false), part(true));
        let is_row = |row: &Row| !row.left.is_empty() || !row.right.is_empty();
        if is_row(&first) && is_row(&second) {
            found.extend([first, second]);
        } else {
            found.push(row);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(by: usize, confidence: f32) -> Vec<Row> {
        (0..40).map(|at| Row::new(vec![at], vec![at + by], confidence)).collect()
    }

    #[test]
    fn texts_win_where_they_are_sure() {
        let timed = vec![Row::new(vec![0, 1, 2], vec![0, 1, 2], 0.8)];
        let said =
            |confidence| -> Vec<Row> { (0..3).map(|at| Row::new(vec![at], vec![at], confidence)).collect() };
        assert_eq!(where_sure(timed.clone(), &said(0.95), 3, 3).len(), 3);
        assert_eq!(where_sure(timed.clone(), &said(0.5), 3, 3), timed);
    }

    #[test]
    fn times_of_something_else_give_way_to_sure_texts() {
        assert_eq!(where_contradicted(rows(2, 1.0), &rows(0, 0.95), 40), rows(0, 0.95));
        assert_eq!(where_contradicted(rows(2, 1.0), &rows(0, 0.8), 40), rows(2, 1.0));
        let mut mostly = rows(0, 0.95);
        mostly.iter_mut().step_by(3).for_each(|row| row.right[0] += 1);
        assert_eq!(where_contradicted(rows(0, 1.0), &mostly, 40), rows(0, 1.0));
    }
}
