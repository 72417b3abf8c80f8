//! What else happens to tracks: a case of which one side is changed, its true links with it.

use crate::cases::{Case, Links, Own};
use crate::languages::is_unspaced;
use crate::random::Random;

/// What is done to a case. The other case is where foreign lines come from.
pub type Twist = fn(&mut Case, &Case, &mut Random);

/// A cue of a changed track, and the cues of the former one that it has something of.
struct Made {
    own: Own,
    of: Vec<usize>,
}

fn track(case: &Case, side: usize) -> &[Own] {
    if side == 0 { &case.left } else { &case.right }
}

fn as_made(case: &Case, side: usize) -> Vec<Made> {
    track(case, side).iter().enumerate().map(|(at, own)| Made { own: own.clone(), of: vec![at] }).collect()
}

/// Puts a changed track in place of a side. Whoever has something of a cue has its links.
fn put(case: &mut Case, side: usize, made: Vec<Made>) {
    let mut partners = vec![Vec::new(); track(case, side).len()];
    for (i, j) in &case.gold {
        let (own, other) = if side == 0 { (*i, *j) } else { (*j, *i) };
        partners[own].push(other);
    }
    let mut gold = Links::new();
    for (at, one) in made.iter().enumerate() {
        for other in one.of.iter().flat_map(|of| &partners[*of]) {
            gold.insert(if side == 0 { (at, *other) } else { (*other, at) });
        }
    }
    case.gold = gold;
    let own = made.into_iter().map(|one| one.own).collect();
    if side == 0 { case.left = own } else { case.right = own }
}

fn share(count: usize, share: f64) -> usize {
    (count as f64 * share) as usize
}

/// The middle third of the right track is not there.
pub fn without_third(case: &mut Case, _: &Case, _: &mut Random) {
    without(case, 0.33, 0.67);
}

/// The second half of the right track is not there.
pub fn without_half(case: &mut Case, _: &Case, _: &mut Random) {
    without(case, 0.5, 1.0);
}

/// The first half of the right track is not there.
pub fn without_first_half(case: &mut Case, _: &Case, _: &mut Random) {
    without(case, 0.0, 0.5);
}

fn without(case: &mut Case, from: f64, to: f64) {
    let mut made = as_made(case, 1);
    made.drain(share(made.len(), from)..share(made.len(), to));
    put(case, 1, made);
}

/// Half of the right track's cues are not there, here and there.
pub fn thinned(case: &mut Case, _: &Case, random: &mut Random) {
    let mut made = as_made(case, 1);
    made.retain(|_| random.chance(0.5));
    put(case, 1, made);
}

/// Half of it is not there, in stretches of some ten.
pub fn in_patches(case: &mut Case, _: &Case, random: &mut Random) {
    let mut kept = true;
    let mut made = as_made(case, 1);
    made.retain(|_| {
        kept ^= random.chance(0.1);
        kept
    });
    put(case, 1, made);
}

/// A block of the right file stands further on; each cue keeps its times.
pub fn block_elsewhere(case: &mut Case, _: &Case, _: &mut Random) {
    let mut made = as_made(case, 1);
    let (from, to, after) = (share(made.len(), 0.25), share(made.len(), 0.4), share(made.len(), 0.7));
    made[from..after].rotate_left(to - from);
    put(case, 1, made);
}

/// The same, and it is spoken there.
pub fn block_spoken_elsewhere(case: &mut Case, other: &Case, random: &mut Random) {
    let before: Vec<_> = case.right.iter().map(|own| own.times).collect();
    block_elsewhere(case, other, random);
    // The cues take their lengths along; what is between them stays where it is.
    let mut clock = before.first().copied().flatten().map_or(0, |times| times.0);
    for (at, own) in case.right.iter_mut().enumerate() {
        if let Some((start, end)) = own.times {
            let pause = match (at.checked_sub(1).and_then(|at| before[at]), before[at]) {
                (Some(last), Some(next)) => next.0.saturating_sub(last.1),
                _ => 0,
            };
            own.times = Some((clock + pause, clock + pause + end.saturating_sub(start)));
            clock += pause + end.saturating_sub(start);
        }
    }
}

/// Foreign lines before the cue at a share of the track, and all that follows is later.
fn insert(case: &mut Case, donor: &Case, side: usize, at: f64, count: usize) {
    let mut made = as_made(case, side);
    let at = share(made.len(), at);
    let lines = track(donor, side);
    let lines: Vec<Own> = lines.iter().skip(lines.len() / 3).take(count).cloned().collect();
    let begins = match at.checked_sub(1) {
        Some(before) => made[before].own.times.map(|times| times.1 + 400),
        None => made.first().and_then(|first| first.own.times).map(|times| times.0),
    };
    let mut clock = begins.unwrap_or(0);
    let foreign: Vec<Made> = lines
        .into_iter()
        .map(|line| {
            let length = line.times.map_or(2500, |(start, end)| end.saturating_sub(start).clamp(500, 6000));
            let times = begins.map(|_| (clock, clock + length));
            clock += length + 120;
            Made { own: Own { times, ..line }, of: Vec::new() }
        })
        .collect();
    let by = clock - begins.unwrap_or(0) + 300;
    for later in &mut made[at..] {
        later.own.times = later.own.times.map(|(start, end)| (start + by, end + by));
    }
    made.splice(at..at, foreign);
    put(case, side, made);
}

/// Each track has an advert that the other has not.
pub fn adverts(case: &mut Case, donor: &Case, _: &mut Random) {
    insert(case, donor, 0, 0.3, 12);
    insert(case, donor, 1, 0.6, 15);
}

/// Four adverts in the right track.
pub fn many_adverts(case: &mut Case, donor: &Case, _: &mut Random) {
    for at in [0.8, 0.55, 0.3, 0.1] {
        insert(case, donor, 1, at, 8);
    }
}

/// The left track begins with what the right one has not.
pub fn intro(case: &mut Case, donor: &Case, _: &mut Random) {
    insert(case, donor, 0, 0.0, 20);
}

/// Cuts the cues of a side into pieces of so many words, or two characters for each.
fn cut(case: &mut Case, side: usize, words: usize) {
    let mut made = Vec::new();
    for (at, own) in track(case, side).iter().enumerate() {
        let pieces = pieces(&own.text, words);
        let all: usize = pieces.iter().map(|piece| piece.chars().count()).sum();
        let mut done = 0;
        for piece in pieces {
            let length = piece.chars().count();
            let times = own.times.map(|(start, end)| {
                let part =
                    |count: usize| start + (end.saturating_sub(start)) * count as u64 / all.max(1) as u64;
                (part(done), part(done + length))
            });
            done += length;
            made.push(Made { own: Own { text: piece, times, ..own.clone() }, of: vec![at] });
        }
    }
    put(case, side, made);
}

fn pieces(text: &str, words: usize) -> Vec<String> {
    if !is_unspaced(text) {
        let all: Vec<&str> = text.split_whitespace().collect();
        return all.chunks(words).map(|words| words.join(" ")).collect();
    }
    let all: Vec<char> = text.chars().collect();
    let mut found: Vec<String> = all.chunks(2 * words).map(|some| some.iter().collect()).collect();
    // Marks stay with what they end.
    if let [.., before, last] = &mut found[..]
        && !last.chars().any(char::is_alphanumeric)
    {
        before.push_str(last);
        found.pop();
    }
    found
}

/// One word is a cue, in the left track.
pub fn word_by_word(case: &mut Case, _: &Case, _: &mut Random) {
    cut(case, 0, 1);
}

/// Three words are a cue, in the right track.
pub fn in_small_pieces(case: &mut Case, _: &Case, _: &mut Random) {
    cut(case, 1, 3);
}

/// Cues of the right track are put together, up to four.
pub fn merged(case: &mut Case, _: &Case, random: &mut Random) {
    let mut made: Vec<Made> = Vec::new();
    let mut left = 0;
    for one in as_made(case, 1) {
        if left == 0 {
            left = random.below(4);
            made.push(one);
            continue;
        }
        left -= 1;
        let last = made.last_mut().expect("the first one was put");
        if !is_unspaced(&one.own.text) {
            last.own.text.push(' ');
        }
        last.own.text.push_str(&one.own.text);
        last.own.times = last.own.times.zip(one.own.times).map(|(own, other)| (own.0, other.1));
        last.of.extend(one.of);
    }
    put(case, 1, made);
}

fn clock(case: &mut Case, read: impl Fn(f64) -> f64) {
    for own in &mut case.right {
        let moved = |time: u64| read(time as f64).max(0.0).round() as u64;
        own.times = own.times.map(|(start, end)| (moved(start), moved(end).max(moved(start))));
    }
}

/// 25 frames a second for 23.976.
pub fn of_film(case: &mut Case, _: &Case, _: &mut Random) {
    clock(case, |time| time * 23.976 / 25.0 + 1700.0);
}

/// A clock that runs otherwise in each third, and jumps between them.
pub fn several_drifts(case: &mut Case, _: &Case, _: &mut Random) {
    let last = case.right.iter().filter_map(|own| own.times).map(|times| times.1).max().unwrap_or(1) as f64;
    clock(case, move |time| match (time / last * 3.0) as usize {
        0 => time * 1.002 + 800.0,
        1 => time * 0.998 + 9000.0,
        _ => time * 1.001 + 31_000.0,
    });
}

/// All times of the right track are naught.
pub fn all_naught(case: &mut Case, _: &Case, _: &mut Random) {
    clock(case, |_| 0.0);
}

/// The right track's times are those of a clock that ticks every three seconds.
pub fn evenly(case: &mut Case, _: &Case, _: &mut Random) {
    for (at, own) in case.right.iter_mut().enumerate() {
        own.times = own.times.map(|_| (at as u64 * 3000, at as u64 * 3000 + 3000));
    }
}

/// The right track has the times of another talk.
pub fn times_of_another(case: &mut Case, donor: &Case, _: &mut Random) {
    let mut later = 0;
    let others: Vec<_> = donor.right.iter().filter_map(|own| own.times).collect();
    let long = others.last().map_or(0, |last| last.1);
    for (at, own) in case.right.iter_mut().enumerate() {
        let (start, end) = others[at % others.len()];
        if at > 0 && at % others.len() == 0 {
            later += long;
        }
        own.times = own.times.map(|_| (start + later, end + later));
    }
}

/// The first lines alone.
pub fn five_lines(case: &mut Case, _: &Case, _: &mut Random) {
    first(case, 5);
}

/// A dozen.
pub fn twelve_lines(case: &mut Case, _: &Case, _: &mut Random) {
    first(case, 12);
}

fn first(case: &mut Case, count: usize) {
    case.left.truncate(count);
    case.gold.retain(|(i, _)| *i < count);
    let last = case.gold.iter().map(|(_, j)| *j).max().unwrap_or(0);
    case.right.truncate(last + 1);
}

/// Some sentences after each other are one speaker's, and the sides given say whose.
fn speakers(case: &mut Case, sides: &[usize], random: &mut Random) {
    let mut who = Vec::with_capacity(case.left.len());
    let mut now = 0;
    for own in &case.left {
        who.push(now);
        if own.text.ends_with(['.', '?', '!', '。', '？', '！']) && random.chance(0.3) {
            now = (now + 1 + random.below(2)) % 3;
        }
    }
    // A right cue is whose its first partner is.
    let mut whose = vec![None; case.right.len()];
    for (i, j) in case.gold.iter().rev() {
        whose[*j] = Some(who[*i]);
    }
    let names = [["Anna", "Berta", "Carl"], ["安娜", "伯塔", "卡尔"]];
    for side in sides {
        let mut last = 0;
        let cues = if *side == 0 { &mut case.left } else { &mut case.right };
        for (at, own) in cues.iter_mut().enumerate() {
            last = if *side == 0 { who[at] } else { whose[at].unwrap_or(last) };
            own.speaker = Some(names[*side][last].to_owned());
        }
    }
}

pub fn named_left(case: &mut Case, _: &Case, random: &mut Random) {
    speakers(case, &[0], random);
}

pub fn named_both(case: &mut Case, _: &Case, random: &mut Random) {
    speakers(case, &[0, 1], random);
}

/// Nothing of it ends with a mark, as a recogniser may leave it.
pub fn unmarked(case: &mut Case, _: &Case, _: &mut Random) {
    for own in &mut case.right {
        own.text =
            own.text.replace(|c: char| !c.is_alphanumeric() && !c.is_whitespace(), " ").trim().to_owned();
    }
}

/// No mark and no capital on either side.
pub fn unmarked_both(case: &mut Case, other: &Case, random: &mut Random) {
    unmarked(case, other, random);
    for own in &mut case.left {
        let text = own.text.replace(|c: char| !c.is_alphanumeric() && !c.is_whitespace(), " ");
        own.text = text.trim().to_lowercase();
    }
}

/// The sides change places.
pub fn turned(case: &mut Case, _: &Case, _: &mut Random) {
    std::mem::swap(&mut case.left, &mut case.right);
    case.langs.swap(0, 1);
    case.gold = case.gold.iter().map(|(i, j)| (*j, *i)).collect();
}
