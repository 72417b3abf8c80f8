//! What the words of a left unit and of the right units near it say of each other, by the lexicon.
//! Never decides what goes together.

use std::collections::VecDeque;
use std::ops::Range;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::dp::{Band, Reach, Unit, ln};
use super::lexicon::Lexicon;
use super::tokens::Token;

/// Rows of numbers that begin at `from`.
pub struct Said {
    pub from: usize,
    pub rows: Vec<Vec<f32>>,
}

/// So many rows are made ready at once, side by side.
pub const BLOCK: usize = 64;

/// What a word that nothing explains is held to be worth.
const NOISE: f32 = 0.2;
/// No word is worth more than this.
const CAP: f32 = 20.0;
/// So many factors between 0.1 and 100 can be multiplied before a logarithm is taken.
const FACTORS: usize = 12;

/// The right track, made ready: its words in a row, and what each span of units gives to them.
pub struct Ready {
    reach: Reach,
    /// Where each unit's words begin in `words`.
    starts: Vec<usize>,
    words: Vec<Token>,
    /// Per word: one over how probable it is by itself.
    rarity: Vec<f32>,
    /// Per part of the lessons, per number of units, per right end: what all words have, and how
    /// much each unit's share counts.
    base: Vec<Vec<Vec<f32>>>,
    scale: Vec<Vec<f32>>,
}

impl Ready {
    pub fn new(right: &[Unit], lexicon: &[Lexicon], reach: Reach) -> Ready {
        let mut ready = Ready {
            reach,
            starts: vec![0],
            words: Vec::new(),
            rarity: Vec::new(),
            base: Vec::new(),
            scale: Vec::new(),
        };
        for unit in right {
            ready.words.extend(&unit.tokens);
            ready.starts.push(ready.words.len());
        }
        ready.rarity = ready.words.iter().map(|word| 1.0 / lexicon[0].forth.alone[*word as usize]).collect();
        let ends = |count: usize| (0..=right.len()).map(move |j| (j.saturating_sub(count), j));
        let words = |(from, to): (usize, usize)| ready.starts[to] - ready.starts[from];
        for count in 1..=reach.right {
            ready.scale.push(ends(count).map(|ends| (1.0 - NOISE) / words(ends).max(1) as f32).collect());
        }
        for part in lexicon {
            let mut rest = vec![0.0f32];
            for unit in right {
                let own: f32 = unit.tokens.iter().map(|word| part.back.rest[*word as usize]).sum();
                rest.push(own);
            }
            let bases = (1..=reach.right).map(|count| {
                let sums = ends(count).map(|(from, to)| rest[from + 1..=to].iter().sum::<f32>());
                sums.zip(&ready.scale[count - 1]).map(|(rest, scale)| NOISE + scale * rest).collect()
            });
            ready.base.push(bases.collect());
        }
        ready
    }
}

/// What is said by one left unit.
struct ByUnit {
    /// The first right unit that is looked at.
    from: usize,
    /// Per word of the right units from there on: what the unit's words give to it, all together.
    given: Vec<f32>,
    /// What all its words leave to any word, and how many they are.
    rest: f32,
    words: f32,
    /// What its words say beside the right units before each end, for each number of those.
    back: Said,
}

/// What is said of the cells of some rows: the rows before them and the words of the right units.
/// Each left unit is asked once, and by itself.
pub fn said_of(
    left: &[Unit],
    ready: &Ready,
    lexicon: &[Lexicon],
    band: &Band,
    rows: Range<usize>,
) -> VecDeque<(Said, Said)> {
    let words = lexicon[0].forth.alone.len();
    let first = rows.start.saturating_sub(ready.reach.left);
    let units: Vec<ByUnit> = (first..rows.end - 1)
        .into_par_iter()
        .with_min_len(BLOCK / 8)
        .map_init(|| vec![0.0f32; words], |dense, unit| by_unit(left, unit, ready, lexicon, band, dense))
        .collect();
    let forth: Vec<Said> = rows
        .clone()
        .into_par_iter()
        .with_min_len(BLOCK / 8)
        .map(|i| forth_rows(&units[..i - first], i, ready, band))
        .collect();
    let back = units.into_iter().skip(rows.start - 1 - first).map(|unit| unit.back);
    forth.into_iter().zip(back).collect()
}

/// What a left unit says to the right units of all rows that it has a part in.
fn by_unit(
    left: &[Unit],
    unit: usize,
    ready: &Ready,
    lexicon: &[Lexicon],
    band: &Band,
    dense: &mut [f32],
) -> ByUnit {
    let own = &left[unit];
    let from = band.rows[unit + 1].0;
    let last = band.rows[(unit + 1 + ready.reach.left).min(left.len())].1.min(ready.starts.len());
    let start = from.saturating_sub(ready.reach.right);
    let way = &lexicon[own.part].forth;
    for token in &own.tokens {
        for (told, share) in way.row(*token) {
            dense[*told as usize] += share;
        }
    }
    let span = ready.starts[start]..ready.starts[last - 1];
    let near = ready.words[span.clone()].iter().zip(&ready.rarity[span]);
    let given = near.map(|(word, rarity)| dense[*word as usize] * rarity).collect();
    for token in &own.tokens {
        for (told, _) in way.row(*token) {
            dense[*told as usize] = 0.0;
        }
    }
    ByUnit {
        from: start,
        given,
        rest: own.tokens.iter().map(|token| way.rest[*token as usize]).sum(),
        words: own.tokens.len() as f32,
        back: back_row(own, ready, &lexicon[own.part], from, last, dense),
    }
}

/// What each right unit says beside the last left units before a row, for each number of those.
fn forth_rows(before: &[ByUnit], i: usize, ready: &Ready, band: &Band) -> Said {
    let (from, to) = band.rows[i];
    let from = from.saturating_sub(ready.reach.right);
    let to = to.min(ready.starts.len() - 1);
    let mut rows = vec![vec![0.0f32; to.saturating_sub(from)]; ready.reach.left];
    let (begin, end) = (ready.starts[from], ready.starts[to.max(from)]);
    let mut given = vec![0.0f32; end - begin];
    let (mut words, mut rest) = (0.0, 0.0);
    for (row, unit) in rows.iter_mut().zip(before.iter().rev()) {
        let offset = begin - ready.starts[unit.from];
        for (sum, own) in given.iter_mut().zip(&unit.given[offset..]) {
            *sum += own;
        }
        words += unit.words;
        rest += unit.rest;
        let scale = (1.0 - NOISE) / f32::max(words, 1.0);
        let base = NOISE + scale * rest;
        for (total, j) in row.iter_mut().zip(from..to) {
            let own = &given[ready.starts[j] - begin..ready.starts[j + 1] - begin];
            for words in own.chunks(FACTORS) {
                *total += ln(words.iter().map(|given| (base + scale * given).min(CAP)).product());
            }
        }
    }
    Said { from, rows }
}

/// What a left unit says beside the right units before each end, for each number of those. The
/// rows begin at `from`.
fn back_row(
    unit: &Unit,
    ready: &Ready,
    lexicon: &Lexicon,
    from: usize,
    to: usize,
    dense: &mut [f32],
) -> Said {
    let way = &lexicon.back;
    let width = to.saturating_sub(from);
    let most = ready.reach.right;
    let mut rows = Said { from, rows: vec![vec![0.0f32; width]; most] };
    let mut products = vec![vec![1.0f32; width]; most];
    // How much of the word the right units up to each end explain, all together.
    let first = from.saturating_sub(most);
    let mut sums = vec![0.0f32; to - first];
    for (index, token) in unit.tokens.iter().enumerate() {
        let rarity = 1.0 / way.alone[*token as usize];
        for (other, share) in way.row(*token) {
            dense[*other as usize] = share * rarity;
        }
        let mut sum = 0.0;
        for j in first + 1..to {
            sum += ready.words[ready.starts[j - 1]..ready.starts[j]]
                .iter()
                .map(|other| dense[*other as usize])
                .sum::<f32>();
            sums[j - first] = sum;
        }
        for (other, _) in way.row(*token) {
            dense[*other as usize] = 0.0;
        }
        for count in 1..=most {
            let base = &ready.base[unit.part][count - 1][from..to];
            let scale = &ready.scale[count - 1][from..to];
            let later = &sums[from - first..];
            let before = |at: usize| sums[(from + at).saturating_sub(count).max(first) - first];
            for (at, product) in products[count - 1].iter_mut().enumerate() {
                *product *= (base[at] + scale[at] * (later[at] - before(at))).min(CAP);
            }
        }
        if index % FACTORS == FACTORS - 1 || index + 1 == unit.tokens.len() {
            for (row, products) in rows.rows.iter_mut().zip(&mut products) {
                for (total, product) in row.iter_mut().zip(products) {
                    *total += ln(*product);
                    *product = 1.0;
                }
            }
        }
    }
    rows
}
