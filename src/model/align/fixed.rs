//! What the author decided, as boundaries that the way through both tracks goes through: so a lock
//! sets right what is before and after it too. Never believes locks that cross each other.

use super::Lock;

type Point = (usize, usize);

/// The boundaries of locks, in order; those that no unit begins at, and those that go back behind
/// others, are left out.
pub fn points(
    locks: &[Lock],
    left_unit: impl Fn(usize) -> Option<usize>,
    right_unit: impl Fn(usize) -> Option<usize>,
) -> Vec<Point> {
    let mut cues: Vec<Point> = Vec::new();
    for lock in locks {
        match lock {
            Lock::Pair { left, right } => {
                let (Some(i), Some(j)) = (left.first(), right.first()) else { continue };
                cues.push((*i, *j));
                cues.push((left[left.len() - 1] + 1, right[right.len() - 1] + 1));
            }
            Lock::Split { left, right } => cues.push((*left, *right)),
            Lock::Merge { .. } => {}
        }
    }
    let mut points: Vec<Point> =
        cues.into_iter().filter_map(|(i, j)| Some((left_unit(i)?, right_unit(j)?))).collect();
    points.sort_unstable();
    points.dedup();
    let mut found: Vec<Point> = Vec::new();
    for point in points {
        if found.last().is_none_or(|last| last.0 < point.0 && last.1 < point.1) {
            found.push(point);
        }
    }
    found
}

/// A path that goes through points, and else as it did.
pub fn through(path: &[Point], points: &[Point]) -> Vec<Point> {
    let fits = |at: &&Point| {
        let next = points.partition_point(|point| point.0 < at.0);
        next.checked_sub(1).is_none_or(|before| points[before].1 <= at.1)
            && points
                .get(next)
                .is_none_or(|point| if point.0 == at.0 { point.1 == at.1 } else { point.1 >= at.1 })
    };
    let mut found: Vec<Point> = path.iter().filter(fits).chain(points).copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_boundaries_in_order() {
        let pair = |left: usize, right: usize| Lock::Pair { left: vec![left], right: vec![right] };
        let locks = [pair(5, 7), Lock::Split { left: 2, right: 3 }, pair(9, 4)];
        assert_eq!(points(&locks, Some, Some), [(2, 3), (5, 7), (6, 8)]);
    }

    #[test]
    fn a_path_gives_way_to_points() {
        assert_eq!(through(&[(0, 0), (4, 4), (6, 6), (9, 9)], &[(5, 7)]), [(0, 0), (4, 4), (5, 7), (9, 9)]);
    }
}
