//! The clocks of two tracks: what shift, what drift and what jumps make the cues of the right
//! one fall on those of the left one. Never trusts times that do not fit by more than chance.

use super::{Stretch, TrackCue};
use crate::timestamp::Millis;

/// Start and end of each cue of a track, in milliseconds.
pub type Spans = Vec<(f64, f64)>;

/// The times of a track, if it has them. A missing end is the next cue's start.
pub fn spans(cues: &[TrackCue]) -> Option<Spans> {
    let mut found = Vec::with_capacity(cues.len());
    for (index, cue) in cues.iter().enumerate() {
        let start = cue.start?.0 as f64;
        let next =
            cues.get(index + 1).and_then(|next| next.start).map_or(start + 3000.0, |next| next.0 as f64);
        let end = cue.end.map_or(next.min(start + 10_000.0), |end| end.0 as f64);
        found.push((start, end.max(start)));
    }
    // Times that are all the same, or hardly ever go forth, are none.
    let forth = found.windows(2).filter(|two| two[1].0 > two[0].0).count();
    (found.len() > 1 && forth * 2 > found.len()).then_some(found)
}

/// How the right clock is read.
pub struct Clock {
    pub stretches: Vec<Stretch>,
    /// The right track's times by the left clock.
    pub right: Spans,
    /// How far boundaries that belong together are apart, typically, in milliseconds.
    pub error: f64,
    /// How much of the right track's starts fall on the left one's.
    forth: Falls,
    /// And of the left one's on the right one's.
    back: Falls,
    /// How much of what the texts hold to begin together does so by the times, about.
    pub agreed: f64,
    /// Whether so many starts and ends are the same to the last digits that they are of one cutting.
    is_exact: bool,
}

/// How the starts of one track fall on those of the other.
#[derive(Clone, Copy)]
struct Falls {
    count: usize,
    share: f64,
    /// What chance has.
    chance: f64,
}

impl Falls {
    fn of(times: &[f64], starts: &[f64]) -> Falls {
        let on = times.iter().filter(|time| nearest(starts, **time).abs() < NEAR).count();
        let span = (starts[starts.len() - 1] - starts[0]).max(1.0);
        let chance = 1.0 - (-2.0 * NEAR * starts.len() as f64 / span).exp();
        Falls { count: times.len(), share: on as f64 / times.len() as f64, chance }
    }
}

/// Of few cues so many more must fall on a start than chance has it.
const MORE: f64 = 2.5;
/// What is the same to the last digits, in milliseconds.
const SAME: f64 = 25.0;
/// So many starts and ends must be, of even the shortest track.
const SAME_AT_LEAST: usize = 3;
/// And so many more than chance has it.
const SAME_MORE: f64 = 8.0;

/// Whether tracks of few cues were cut at one time: the starts and ends of nearly half the cues of
/// the shorter one are those of the other.
fn is_exact(left: &Spans, right: &Spans) -> bool {
    let count = left.len().min(right.len());
    let ends_of = |spans: &Spans, end: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let mut times: Vec<f64> = spans.iter().map(end).collect();
        times.sort_by(f64::total_cmp);
        times
    };
    let same = |end: fn(&(f64, f64)) -> f64| {
        let (own, other) = (ends_of(left, end), ends_of(right, end));
        own.iter().filter(|time| nearest(&other, **time).abs() < SAME).count()
    };
    let (starts, ends) = (same(|span| span.0), same(|span| span.1));
    let longest = left.iter().chain(right).fold(1.0, |most: f64, span| most.max(span.1));
    let chance = (2.0 * SAME * count as f64 / longest).min(1.0);
    let share = (starts + ends) as f64 / (2 * count) as f64;
    starts >= SAME_AT_LEAST.min(count) && share > 0.45 && share > SAME_MORE * chance
}

/// Where starts are so dense that chance has this share, they say nothing by themselves.
const DENSE: f64 = 0.3;
/// What begins together by the texts is not further apart than this, in milliseconds.
const ABOUT: f64 = 1500.0;

impl Clock {
    /// Whether the times say more than chance would.
    pub fn is_trusted(&self) -> bool {
        let together =
            |falls: &Falls| falls.share > 0.3 && falls.share > 2.0 * falls.chance + MORE / falls.count as f64;
        // Of a track that is cut finer, most starts have none to fall on.
        let is_dense = self.forth.chance.max(self.back.chance) > DENSE;
        self.is_exact || together(&self.forth) || together(&self.back) || (is_dense && self.agreed > 0.6)
    }
}

/// Cues in a window, and from one window to the next.
const WINDOW: usize = 40;
const STEP: usize = 20;
/// How near is on it, in milliseconds.
const NEAR: f64 = 250.0;
/// Another shift is taken up where it explains this many starts more.
const JUMP: f64 = 10.0;

/// Finds out how the right clock is read. `path` are cues that begin together by their text,
/// as far as that tells.
pub fn read_clock(left: &Spans, right: &Spans, path: &[(usize, usize)]) -> Clock {
    let mut starts: Vec<f64> = left.iter().map(|span| span.0).collect();
    starts.sort_by(f64::total_cmp);
    let scales = scales(left, right, path);
    let mut best: Option<(f64, Clock)> = None;
    for scale in scales {
        let (support, clock) = by_scale(&starts, left, right, path, scale);
        // The plain clock wins unless another one is clearly better.
        let margin = if scale == 1.0 { 1.0 } else { 0.97 };
        if best.as_ref().is_none_or(|(most, _)| support * margin > *most) {
            best = Some((support * margin, clock));
        }
    }
    best.expect("the scale 1 is always tried").1
}

/// The scales that are worth a try: none, and what the text says of the whole.
fn scales(left: &Spans, right: &Spans, path: &[(usize, usize)]) -> Vec<f64> {
    let mut scales = vec![1.0];
    let points: Vec<(f64, f64)> = path
        .iter()
        .filter(|(i, j)| *i < left.len() && *j < right.len())
        .map(|(i, j)| (right[*j].0, left[*i].0))
        .collect();
    let half = points.len() / 2;
    let mut slopes: Vec<f64> = (0..half)
        .map(|k| (points[k], points[k + half]))
        .filter(|(a, b)| b.0 - a.0 > 1000.0)
        .map(|(a, b)| (b.1 - a.1) / (b.0 - a.0))
        .collect();
    if slopes.len() >= 8 {
        let middle = slopes.len() / 2;
        let slope = *slopes.select_nth_unstable_by(middle, f64::total_cmp).1;
        if (slope - 1.0).abs() > 0.0003 && (0.8..1.25).contains(&slope) {
            scales.push(slope);
        }
    }
    for usual in [25.0 / 23.976, 23.976 / 25.0, 25.0 / 24.0, 24.0 / 25.0] {
        scales.push(usual);
    }
    scales
}

fn by_scale(
    starts: &[f64],
    left: &Spans,
    right: &Spans,
    path: &[(usize, usize)],
    scale: f64,
) -> (f64, Clock) {
    let scaled: Vec<f64> = right.iter().map(|span| span.0 * scale).collect();
    let windows: Vec<std::ops::Range<usize>> = windows(right.len());
    let local: Vec<Vec<f64>> = windows.iter().map(|window| votes(left, &scaled, path, window)).collect();
    let mut everywhere: Vec<f64> = vec![0.0];
    everywhere.extend(often(&local));
    everywhere.extend(by_histogram(starts, &scaled));
    let candidates: Vec<Vec<f64>> =
        local.iter().map(|own| own.iter().chain(&everywhere).copied().collect()).collect();
    let chosen = choose(starts, &scaled, &windows, &candidates);
    let (stretches, mapped) = fit(starts, right, &scaled, &windows, &chosen, scale);
    let times: Vec<f64> = mapped.iter().map(|span| span.0).collect();
    let forth = Falls::of(&times, starts);
    let mut shown: Vec<f64> = times.iter().copied().filter(|time| *time > NEVER.0).collect();
    shown.sort_by(f64::total_cmp);
    let back = if shown.is_empty() { forth } else { Falls::of(starts, &shown) };
    let error = typical_error(starts, &times);
    let both = path.iter().filter(|(i, j)| *i < left.len() && *j < mapped.len());
    let (near, all) = both.fold((0usize, 0usize), |(near, all), (i, j)| {
        (near + usize::from((left[*i].0 - mapped[*j].0).abs() < ABOUT), all + 1)
    });
    let agreed = near as f64 / all.max(1) as f64;
    let is_exact = scale == 1.0 && stretches.len() == 1 && is_exact(left, &mapped);
    (
        forth.share * right.len() as f64,
        Clock { stretches, right: mapped, error, forth, back, agreed, is_exact },
    )
}

fn windows(cues: usize) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    loop {
        let to = (from + WINDOW).min(cues);
        found.push(from..to);
        if to == cues {
            return found;
        }
        from += STEP;
    }
}

/// The shifts that most pairs near the path have, in a window of the right track.
fn votes(left: &Spans, right: &[f64], path: &[(usize, usize)], window: &std::ops::Range<usize>) -> Vec<f64> {
    let from = path.partition_point(|(_, j)| *j < window.start);
    let mut shifts = Vec::new();
    for (i, j) in path[from..].iter().take_while(|(_, j)| *j < window.end) {
        for di in -2..=2isize {
            let other = i.wrapping_add_signed(di);
            if other < left.len() && *j < right.len() {
                shifts.push(left[other].0 - right[*j]);
            }
        }
    }
    peaks(shifts, 3)
}

/// The middles of the densest clusters.
fn peaks(mut shifts: Vec<f64>, most: usize) -> Vec<f64> {
    shifts.sort_by(f64::total_cmp);
    let mut found = Vec::new();
    while found.len() < most && !shifts.is_empty() {
        let mut densest = (0, 0, 0);
        let mut to = 0;
        for from in 0..shifts.len() {
            while to < shifts.len() && shifts[to] - shifts[from] <= NEAR {
                to += 1;
            }
            if to - from > densest.0 {
                densest = (to - from, from, to);
            }
        }
        let (count, from, to) = densest;
        if count < 3 {
            break;
        }
        found.push(shifts[from + (to - from) / 2]);
        let middle = shifts[from + (to - from) / 2];
        shifts.retain(|shift| (shift - middle).abs() > 2.0 * NEAR);
    }
    found
}

/// The shifts that several windows have.
fn often(local: &[Vec<f64>]) -> Vec<f64> {
    peaks(local.iter().filter_map(|own| own.first().copied()).collect(), 4)
}

/// The shifts that most pairs of starts have, whatever the text says.
fn by_histogram(starts: &[f64], right: &[f64]) -> Vec<f64> {
    const WIDTH: f64 = 200.0;
    const REACH: f64 = 120_000.0;
    let bins = (2.0 * REACH / WIDTH) as usize;
    let mut counts = vec![0u32; bins + 2];
    for time in right {
        let from = starts.partition_point(|start| *start < time - REACH);
        for start in starts[from..].iter().take_while(|start| **start < time + REACH).take(400) {
            counts[((start - time + REACH) / WIDTH) as usize] += 1;
        }
    }
    let mut order: Vec<usize> = (0..bins).collect();
    order.sort_by_key(|bin| std::cmp::Reverse(counts[*bin] + counts[*bin + 1]));
    order.iter().take(2).map(|bin| (*bin as f64 + 1.0) * WIDTH - REACH).collect()
}

/// How far the start that is nearest to a time is off.
pub fn nearest(starts: &[f64], time: f64) -> f64 {
    let at = starts.partition_point(|start| *start < time);
    let after = starts.get(at).map_or(f64::INFINITY, |start| start - time);
    let before = at.checked_sub(1).map_or(f64::NEG_INFINITY, |at| starts[at] - time);
    if after < -before { after } else { before }
}

/// How much of a window's starts a shift explains.
fn support(starts: &[f64], right: &[f64], shift: f64) -> f64 {
    right
        .iter()
        .map(|time| {
            let off = nearest(starts, time + shift) / NEAR;
            (1.0 - off * off).max(0.0)
        })
        .sum()
}

/// The best shift for each window, each jump paid for.
fn choose(
    starts: &[f64],
    right: &[f64],
    windows: &[std::ops::Range<usize>],
    candidates: &[Vec<f64>],
) -> Vec<f64> {
    let mut totals: Vec<Vec<(f64, usize)>> = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        let own = candidates[index].iter().map(|shift| {
            let value = support(starts, &right[window.clone()], *shift);
            let before = totals.last().map_or((0.0, 0), |before: &Vec<(f64, usize)>| {
                let ways = before.iter().enumerate().map(|(at, (total, _))| {
                    let change = (candidates[index - 1][at] - shift).abs();
                    let price = if change < 2.0 * NEAR { 0.0 } else { JUMP };
                    (total - price, at)
                });
                ways.max_by(|a, b| a.0.total_cmp(&b.0)).expect("there is always the shift 0")
            });
            (before.0 + value, before.1)
        });
        totals.push(own.collect());
    }
    let mut at = 0;
    let mut chosen = vec![0.0; windows.len()];
    for index in (0..windows.len()).rev() {
        if index + 1 == windows.len() {
            let last = totals[index].iter().enumerate().max_by(|a, b| a.1.0.total_cmp(&b.1.0));
            at = last.expect("there is always the shift 0").0;
        }
        chosen[index] = candidates[index][at];
        at = totals[index][at].1;
    }
    chosen
}

/// Lines through what was chosen, and where one gives way to the next.
fn fit(
    starts: &[f64],
    right: &Spans,
    scaled: &[f64],
    windows: &[std::ops::Range<usize>],
    chosen: &[f64],
    scale: f64,
) -> (Vec<Stretch>, Spans) {
    // Windows of one stretch.
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    for index in 0..windows.len() {
        match groups.last_mut() {
            Some(last) if (chosen[index] - chosen[index - 1]).abs() < 2.0 * NEAR => last.end = index + 1,
            _ => groups.push(index..index + 1),
        }
    }
    let lines: Vec<(f64, f64)> = groups
        .iter()
        .map(|group| {
            let points = group
                .clone()
                .flat_map(|window| windows[window].clone().map(move |cue| (scaled[cue], chosen[window])));
            line(starts, points)
        })
        .collect();
    let reading = Reading { starts, right, scaled, scale };
    // Where each stretch begins and ends; cues between two are of none.
    let mut ends: Vec<std::ops::Range<usize>> = Vec::new();
    let mut begin = 0;
    for (index, two) in groups.windows(2).enumerate() {
        let from = windows[two[0].end - 1].start.saturating_sub(WINDOW).max(begin);
        let to = (windows[two[1].start].end + WINDOW).min(right.len());
        let (last, next) = reading.change_over(lines[index], lines[index + 1], from, to);
        ends.push(begin..last);
        begin = next;
    }
    ends.push(begin..right.len());
    let mut mapped = vec![NEVER; right.len()];
    let mut stretches = Vec::new();
    for (line, own) in lines.iter().zip(ends) {
        if own.is_empty() {
            continue;
        }
        stretches.push(Stretch {
            from: Millis(right[own.start].0 as u64),
            shift: line.0,
            scale: scale * (1.0 + line.1),
        });
        // What was cut in may also lie in the last cue before it.
        if let Some(before) = own.start.checked_sub(1) {
            let next = reading.at(*line, right[own.start].0);
            let last: &mut (f64, f64) = &mut mapped[before];
            if right[before].1 <= right[own.start].0 && last.1 > next {
                last.1 = next.max(last.0);
            }
        }
        for cue in own {
            mapped[cue] = (reading.at(*line, right[cue].0), reading.at(*line, right[cue].1));
        }
    }
    (stretches, mapped)
}

/// The time of a cue that the other track's clock never shows.
const NEVER: (f64, f64) = (-1e12, -1e12);
/// Cues may run into each other by so much, in milliseconds.
const INTO: f64 = 500.0;

/// The right clock, being read.
struct Reading<'a> {
    starts: &'a [f64],
    right: &'a Spans,
    scaled: &'a [f64],
    scale: f64,
}

impl Reading<'_> {
    /// A time of the right clock by the left one.
    fn at(&self, line: (f64, f64), time: f64) -> f64 {
        let time = time * self.scale;
        time + line.0 + line.1 * time
    }

    /// How well a cue falls on a start.
    fn value(&self, line: (f64, f64), cue: usize) -> f64 {
        let off = nearest(self.starts, self.scaled[cue] + line.0 + line.1 * self.scaled[cue]) / NEAR;
        (1.0 - off * off).max(0.0)
    }

    /// Up to which cue one line holds, and from which the next. Time never goes back: what would
    /// have to stand between the two was cut in, and is of neither.
    fn change_over(&self, line: (f64, f64), next: (f64, f64), from: usize, to: usize) -> (usize, usize) {
        // What the next line explains from each cue on.
        let mut later = vec![0.0; to - from + 1];
        for cue in (from..to).rev() {
            later[cue - from] = later[cue - from + 1] + self.value(next, cue);
        }
        let (mut sum, mut most, mut found) = (0.0, f64::NEG_INFINITY, (from, from));
        for last in from..=to {
            let end = last.checked_sub(1).map_or(f64::NEG_INFINITY, |cue| self.at(line, self.right[cue].1));
            let first = (last..to).find(|cue| self.at(next, self.right[*cue].0) + INTO >= end).unwrap_or(to);
            // A pause is where something was cut out or in.
            let pause = match last.checked_sub(1) {
                Some(before) if last < to => self.right[last].0 - self.right[before].1,
                _ => 0.0,
            };
            let total = sum + later[first - from] + (pause / 10_000.0).clamp(0.0, 0.5);
            if total > most {
                (most, found) = (total, (last, first));
            }
            if last < to {
                sum += self.value(line, last);
            }
        }
        found
    }
}

/// A line through the shifts of those starts that have a partner: shift, and drift.
fn line(starts: &[f64], points: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let points: Vec<(f64, f64)> = points.collect();
    let mut fitted: Vec<(f64, f64)> = points.iter().map(|(time, shift)| (*time, *shift)).collect();
    for reach in [600.0, 400.0, 250.0, 150.0] {
        let pairs: Vec<(f64, f64)> = fitted
            .iter()
            .filter_map(|(time, shift)| {
                let off = nearest(starts, time + shift);
                (off.abs() < reach).then_some((*time, shift + off))
            })
            .collect();
        let (shift, drift) = least_squares(&pairs, fitted.first().map_or(0.0, |first| first.1));
        for point in &mut fitted {
            point.1 = shift + drift * point.0;
        }
    }
    let (first, last) = (fitted[0], fitted[fitted.len() - 1]);
    let drift = if last.0 - first.0 > 1.0 { (last.1 - first.1) / (last.0 - first.0) } else { 0.0 };
    (first.1 - drift * first.0, drift)
}

fn least_squares(points: &[(f64, f64)], without: f64) -> (f64, f64) {
    let count = points.len() as f64;
    if points.len() < 4 {
        return (without, 0.0);
    }
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let both: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    // A drift needs some length to be seen in.
    let drift = if points.len() < 20 || spread < 1.0 { 0.0 } else { both / spread };
    let length = points.iter().map(|point| point.0).fold(0.0, f64::max) - points[0].0;
    if (drift * length).abs() < 80.0 {
        let mut shifts: Vec<f64> = points.iter().map(|point| point.1).collect();
        let middle = shifts.len() / 2;
        return (*shifts.select_nth_unstable_by(middle, f64::total_cmp).1, 0.0);
    }
    (y - drift * x, drift)
}

/// How far times that fall on a start are off, typically.
fn typical_error(starts: &[f64], times: &[f64]) -> f64 {
    let offs = times.iter().map(|time| nearest(starts, *time).abs());
    let mut near: Vec<f64> = offs.filter(|off| *off < 2.0 * NEAR).collect();
    if near.is_empty() {
        return 2.0 * NEAR;
    }
    let middle = near.len() / 2;
    *near.select_nth_unstable_by(middle, f64::total_cmp).1 * 1.4826
}
