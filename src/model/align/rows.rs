//! Rows out of cues that are said at the same time.

use super::times::Spans;

/// Which cues of either side share time, as pairs, in order.
pub fn overlaps(left: &Spans, right: &Spans, least: f64, share: f64) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..right.len()).collect();
    order.sort_by(|a, b| right[*a].0.total_cmp(&right[*b].0));
    let longest = right.iter().map(|span| span.1 - span.0).fold(0.0, f64::max);
    let mut links = Vec::new();
    for (i, own) in left.iter().enumerate() {
        let from = order.partition_point(|j| right[*j].0 < own.0 - longest);
        for j in &order[from..] {
            let other = right[*j];
            if other.0 >= own.1 {
                break;
            }
            let both = own.1.min(other.1) - own.0.max(other.0);
            let shorter = (own.1 - own.0).min(other.1 - other.0);
            if both > 0.0 && both >= (share * shorter).max(least.min(0.5 * shorter)) {
                links.push((i, *j));
            }
        }
    }
    links.sort_unstable();
    links
}
