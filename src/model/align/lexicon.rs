//! Which words of one side stand for which of the other, learnt from the pair itself: IBM's
//! first model, both ways, over what is held to say the same.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::tokens::Token;
use super::words::Known;

/// Spreads the bits of a pair of words.
#[derive(Default)]
struct PairHasher(u64);

impl Hasher for PairHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type PairMap = HashMap<u64, u32, BuildHasherDefault<PairHasher>>;

/// One way of the lexicon: how probable a told word is beside a given word of the other side.
#[derive(Default)]
pub struct Way {
    /// Per left word: where its row begins in `entries`.
    starts: Vec<u32>,
    /// The right word that belongs to it, and how probably the given one of the two tells the other.
    entries: Vec<(Token, f32)>,
    /// Per given word: the share that is left to words it was never seen with.
    pub rest: Vec<f32>,
    /// How probable a told word is by itself.
    pub alone: Vec<f32>,
}

impl Way {
    /// What is known of a left word.
    pub fn row(&self, token: Token) -> &[(Token, f32)] {
        let at = token as usize;
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Both ways.
#[derive(Default)]
pub struct Lexicon {
    /// Right words are told, left ones given.
    pub forth: Way,
    /// Left words are told, right ones given.
    pub back: Way,
}

/// What is learnt from: left words, right words, and how sure it is that they belong together.
pub struct Lesson<'a> {
    pub left: Vec<&'a [Token]>,
    pub right: Vec<&'a [Token]>,
    pub weight: f32,
    pub part: usize,
}

/// How often the lessons are gone through.
const ROUNDS: usize = 4;
/// How many sightings the guess beforehand is worth.
const PRIOR: f32 = 6.0;
/// How much of that guess a word of the same form gets.
const SAME: f32 = 0.6;

/// A word that is not so many times more probable beside another than by itself is not told by it.
const LIFT: f32 = 2.0;

/// How often each word occurs, of a side.
pub fn frequencies<'a>(units: impl Iterator<Item = &'a [Token]>, words: usize) -> Vec<f32> {
    let mut counts = vec![0.0; words];
    for unit in units {
        for token in unit {
            counts[*token as usize] += 1.0;
        }
    }
    counts
}

fn shares(counts: &[f32]) -> Vec<f32> {
    let total: f32 = counts.iter().sum();
    let kinds = counts.iter().filter(|count| **count > 0.0).count() as f32;
    counts.iter().map(|count| (count + 0.5) / (total + 0.5 * kinds.max(1.0))).collect()
}

struct Entries {
    pairs: Vec<(Token, Token)>,
    /// Per lesson, per left word, per right word: the number of the pair.
    places: Vec<u32>,
}

fn entries(lessons: &[&Lesson]) -> Entries {
    let mut map = PairMap::default();
    let mut found = Entries { pairs: Vec::new(), places: Vec::new() };
    for lesson in lessons {
        for left in lesson.left.iter().flat_map(|unit| unit.iter()) {
            for right in lesson.right.iter().flat_map(|unit| unit.iter()) {
                let key = u64::from(*left) << 32 | u64::from(*right);
                let next = found.pairs.len() as u32;
                let place = *map.entry(key).or_insert(next);
                if place == next {
                    found.pairs.push((*left, *right));
                }
                found.places.push(place);
            }
        }
    }
    found
}

/// How many parts the lessons are dealt to. What is said of a unit is learnt from the other parts:
/// else a mistake would be its own proof.
pub const PARTS: usize = 4;
/// Units next to each other that are of one part.
const BLOCK: usize = 8;

/// The part of a left unit.
pub fn part_of(unit: usize) -> usize {
    unit / BLOCK % PARTS
}

/// Learns from what is held to belong together: a lexicon for each part, from all others.
/// `left` and `right` say how often each word is.
pub fn learn(
    lessons: &[Lesson],
    known: &[Known],
    left: &[f32],
    right: &[f32],
    same: &(dyn Fn(Token) -> bool + Sync),
) -> Vec<Lexicon> {
    let words = left.len();
    // What is known beforehand is of no part, and holds for all.
    let common = |known: &&Known| {
        known.left.iter().all(|word| left[*word as usize] > 0.0)
            && known.right.iter().all(|word| right[*word as usize] > 0.0)
    };
    let known = known.iter().filter(common).map(|known| known.lesson(PARTS));
    let all: Vec<&Lesson> = lessons.iter().collect();
    let known: Vec<Lesson> = known.collect();
    let lessons: Vec<&Lesson> = all.into_iter().chain(&known).collect();
    let lessons = &lessons[..];
    let found = entries(lessons);
    let alone = (shares(left), shares(right));
    let (forth, back) = rayon::join(
        || one_way(lessons, &found, words, false, &alone.1),
        || one_way(lessons, &found, words, true, &alone.0),
    );
    let without = |counts: &[Vec<f32>], part: usize| {
        let mut sum = vec![0.0f32; found.pairs.len()];
        for other in (0..=PARTS).filter(|other| *other != part) {
            for (sum, count) in sum.iter_mut().zip(&counts[other]) {
                *sum += count;
            }
        }
        sum
    };
    (0..PARTS)
        .into_par_iter()
        .map(|part| Lexicon {
            forth: way(&found, without(&forth, part), words, false, alone.1.clone(), same),
            back: way(&found, without(&back, part), words, true, alone.0.clone(), same),
        })
        .collect()
}

/// The expected counts of every pair, by part, after some rounds.
fn one_way(
    lessons: &[&Lesson],
    found: &Entries,
    words: usize,
    backwards: bool,
    alone: &[f32],
) -> Vec<Vec<f32>> {
    let given = |pair: usize| {
        let (left, right) = found.pairs[pair];
        if backwards { right } else { left }
    };
    let told = |pair: usize| {
        let (left, right) = found.pairs[pair];
        if backwards { left } else { right }
    };
    let mut share: Vec<f32> = (0..found.pairs.len())
        .map(|pair| {
            let (left, right) = found.pairs[pair];
            if left == right { 1.0 } else { 0.01 }
        })
        .collect();
    let mut counts = vec![vec![0.0f32; found.pairs.len()]; PARTS + 1];
    for round in 0..ROUNDS {
        counts.iter_mut().for_each(|part| part.fill(0.0));
        let mut at = 0;
        for lesson in lessons {
            let lefts: usize = lesson.left.iter().map(|unit| unit.len()).sum();
            let rights: usize = lesson.right.iter().map(|unit| unit.len()).sum();
            let places = &found.places[at..at + lefts * rights];
            at += lefts * rights;
            // A line whose other has no word teaches nothing.
            if places.is_empty() {
                continue;
            }
            if backwards {
                for row in places.chunks_exact(rights.max(1)) {
                    add(row.iter(), &share, &mut counts[lesson.part], lesson.weight, 0.0);
                }
            } else {
                for column in 0..rights {
                    add(
                        places[column..].iter().step_by(rights),
                        &share,
                        &mut counts[lesson.part],
                        lesson.weight,
                        0.0,
                    );
                }
            }
        }
        if round + 1 < ROUNDS {
            let mut totals = vec![0.0f32; words];
            let sums: Vec<f32> =
                (0..found.pairs.len()).map(|pair| counts.iter().map(|part| part[pair]).sum()).collect();
            for (pair, count) in sums.iter().enumerate() {
                totals[given(pair) as usize] += count;
            }
            for (pair, count) in sums.iter().enumerate() {
                let total = totals[given(pair) as usize];
                share[pair] = (count + PRIOR * alone[told(pair) as usize]) / (total + PRIOR);
            }
        }
    }
    counts
}

fn add<'a>(
    places: impl Iterator<Item = &'a u32> + Clone,
    share: &[f32],
    counts: &mut [f32],
    weight: f32,
    none: f32,
) {
    let total: f32 = none + places.clone().map(|place| share[*place as usize]).sum::<f32>();
    if total > 0.0 {
        for place in places {
            counts[*place as usize] += weight * share[*place as usize] / total;
        }
    }
}

fn way(
    found: &Entries,
    counts: Vec<f32>,
    words: usize,
    backwards: bool,
    alone: Vec<f32>,
    same: &dyn Fn(Token) -> bool,
) -> Way {
    let mut totals = vec![0.0f32; words];
    let mut sizes = vec![0u32; words + 1];
    let given = |pair: &(Token, Token)| if backwards { pair.1 } else { pair.0 } as usize;
    let told = |pair: &(Token, Token)| if backwards { pair.0 } else { pair.1 } as usize;
    let mut met = vec![false; words];
    for (pair, count) in found.pairs.iter().zip(&counts) {
        met[pair.0 as usize] |= pair.0 == pair.1;
        totals[given(pair)] += count;
    }
    let tells = |pair: &(Token, Token), count: f32| {
        let share = count / (totals[given(pair)] + PRIOR);
        pair.0 == pair.1 || count > 0.001 && share > LIFT * alone[told(pair)]
    };
    // What a word gives to those that it tells nothing of, all together.
    let mut left_over = vec![0.0f32; words];
    for (pair, count) in found.pairs.iter().zip(&counts) {
        if tells(pair, *count) {
            sizes[pair.0 as usize + 1] += 1;
        } else {
            left_over[given(pair)] += count;
        }
    }
    for word in 0..words {
        let missing = same(word as Token) && !met[word];
        sizes[word + 1] += sizes[word] + u32::from(missing);
    }
    let mut entries = vec![(0, 0.0); sizes[words] as usize];
    let mut next = sizes.clone();
    let mut put = |pair: &(Token, Token), share: f32| {
        let place = &mut next[pair.0 as usize];
        entries[*place as usize] = (pair.1, share);
        *place += 1;
    };
    for (pair, count) in found.pairs.iter().zip(&counts) {
        if tells(pair, *count) {
            let own = if pair.0 == pair.1 { SAME * PRIOR } else { 0.0 };
            put(pair, (count + own) / (totals[given(pair)] + PRIOR));
        }
    }
    for word in 0..words {
        if same(word as Token) && !met[word] {
            put(&(word as Token, word as Token), SAME * PRIOR / (totals[word] + PRIOR));
        }
    }
    let rest = (0..words)
        .map(|word| {
            let kept = if same(word as Token) { 1.0 - SAME } else { 1.0 };
            (kept * PRIOR + left_over[word]) / (totals[word] + PRIOR)
        })
        .collect();
    Way { starts: sizes, entries, rest, alone }
}
