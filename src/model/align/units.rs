//! What is paired: cues, or the sentences that they are pieces of.

use std::ops::Range;

use unicode_script::{Script, UnicodeScript};

use super::rows::Link;
use super::times::Spans;
use super::{Row, TrackCue};

/// Whether a text ends where a sentence does.
pub fn ends_sentence(text: &str) -> bool {
    let closing = |c: char| {
        matches!(c, '"' | '\'' | '”' | '’' | '」' | '』' | '）' | ')' | ']' | '»' | '】') || c.is_whitespace()
    };
    text.trim_end_matches(closing).ends_with(['.', '?', '!', '。', '？', '！', '…', '؟', '।', '｡', '．', '។'])
}

/// Sentences are no help where they are so many cues long on average: marks are missing.
const LONG: usize = 8;
/// The same by what they say, where cues are short.
const LONG_SAID: f32 = 110.0;

/// About how much a text says, in Han characters: as much as a translation of it, whatever it is
/// written in.
pub fn said(text: &str) -> f32 {
    let of = |character: char| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' => LETTER,
        _ if !character.is_alphanumeric() => 0.0,
        _ => match character.script() {
            Script::Han => 1.0,
            Script::Hiragana | Script::Katakana | Script::Hangul => 0.67,
            _ => LETTER,
        },
    };
    text.chars().map(of).sum()
}

/// What a letter of a word says.
const LETTER: f32 = 0.33;

/// What the cues of a track say on average.
pub fn mean_said(cues: &[TrackCue]) -> f32 {
    cues.iter().map(|cue| said(cue.text)).sum::<f32>() / cues.len().max(1) as f32
}

/// A pause in which something ends, in milliseconds.
const PAUSE: u64 = 700;

/// Joins cues until they say so much, or a sentence or a turn ends, or nothing is said for a while.
pub fn joined_runs(cues: &[TrackCue], enough: f32) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut from, mut sum) = (0, 0.0);
    for (index, cue) in cues.iter().enumerate() {
        sum += said(cue.text);
        let ends = cues.get(index + 1).is_none_or(|next| {
            let pause = cue.end.zip(next.start).is_some_and(|(end, start)| start.0 > end.0 + PAUSE);
            pause || next.speaker != cue.speaker
        });
        if ends || sum >= enough || ends_sentence(cue.text) {
            found.push(from..index + 1);
            (from, sum) = (index + 1, 0.0);
        }
    }
    found
}

/// Runs of cues that end where a sentence or a turn does.
fn runs(cues: &[TrackCue]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut from = 0;
    for (index, cue) in cues.iter().enumerate() {
        let turn = cues.get(index + 1).is_some_and(|next| next.speaker != cue.speaker);
        if turn || ends_sentence(cue.text) {
            runs.push(from..index + 1);
            from = index + 1;
        }
    }
    if from < cues.len() {
        runs.push(from..cues.len());
    }
    runs
}

/// Runs of cues that are a sentence, or several; nothing where the text has no marks to tell.
pub fn sentence_runs(cues: &[TrackCue]) -> Option<Vec<Range<usize>>> {
    let runs = runs(cues);
    let longest = runs.iter().map(|run| run.len()).max().unwrap_or(0);
    let many = runs.len() * LONG < cues.len() || longest > 6 * LONG;
    let length = |run: &Range<usize>| cues[run.clone()].iter().map(|cue| said(cue.text)).sum::<f32>();
    let long = many && {
        let lengths: Vec<f32> = runs.iter().map(length).collect();
        lengths.iter().sum::<f32>() > LONG_SAID * runs.len() as f32
            || lengths.iter().any(|length| *length > 6.0 * LONG_SAID)
    };
    // Cues that are sentences already, or pay no heed to them, are paired as they are.
    let plain = runs.len() * 3 > cues.len() * 2;
    let inside: usize = cues.iter().map(|cue| ends_inside(cue.text)).sum();
    (!long && !plain && inside * 2 < runs.len()).then_some(runs)
}

/// Whether cues hold several sentences as a rule.
pub fn hold_several(cues: &[TrackCue]) -> bool {
    let inside: usize = cues.iter().map(|cue| ends_inside(cue.text)).sum();
    inside * 2 >= cues.len()
}

/// Links of cues, taken for links of the sentences that they are pieces of: each cue of a sentence
/// has what any of them has. `side` is whose sentences, 0 or 1.
pub fn of_sentences(links: &[Link], cues: &[TrackCue], side: usize) -> Vec<Link> {
    let mut partners: Vec<Vec<usize>> = vec![Vec::new(); cues.len()];
    for (i, j) in links {
        let (own, other) = if side == 0 { (*i, *j) } else { (*j, *i) };
        partners[own].push(other);
    }
    let mut found = Vec::new();
    for run in runs(cues) {
        let mut all: Vec<usize> = partners[run.clone()].concat();
        all.sort_unstable();
        all.dedup();
        for own in run {
            found.extend(all.iter().map(|other| if side == 0 { (own, *other) } else { (*other, own) }));
        }
    }
    found.sort_unstable();
    found
}

/// How many sentences end before a text does.
fn ends_inside(text: &str) -> usize {
    let mut count = 0;
    let mut before = ' ';
    for character in text.chars() {
        let wide = matches!(before, '。' | '！' | '？') && character.is_alphanumeric();
        let spaced = character == ' ' && matches!(before, '.' | '!' | '?');
        count += usize::from(wide || spaced);
        before = character;
    }
    count
}

/// Whether a track has marks at the ends of its sentences.
fn is_marked(cues: &[TrackCue]) -> bool {
    let ends = cues.iter().filter(|cue| ends_sentence(cue.text)).count();
    ends * LONG >= cues.len() || ends as f32 * LONG_SAID >= mean_said(cues) * cues.len() as f32
}

/// So many cuts within sentences tell how these were made.
const CUTS: u32 = 10;

/// How many of the cuts within sentences of a track are in the other one too: much where one was
/// translated from the other cue by cue, or several of its cues were put together; little where
/// each was cut by itself. Nothing where there are few.
pub fn cut_together(
    left: &[TrackCue],
    right: &[TrackCue],
    own: &Spans,
    other: &Spans,
    error: f64,
) -> Option<f64> {
    let near = (2.5 * error + 40.0).min(500.0);
    // Of each track: how many of its cuts are in the other, and how many it has.
    let mut counts: Vec<(u32, u32)> = Vec::new();
    let marked = (is_marked(left), is_marked(right));
    for (cues, spans, is_marked, (others, other_cues, other_marked)) in
        [(left, own, marked.0, (other, right, marked.1)), (right, other, marked.1, (own, left, marked.0))]
    {
        if !is_marked && !other_marked {
            continue;
        }
        // Where a sentence begins in the other track, for one that does not say.
        let begins: Vec<f64> = (0..other_cues.len())
            .filter(|at| *at == 0 || ends_sentence(other_cues[at - 1].text))
            .map(|at| others[at].0)
            .collect();
        let ends = |index: usize| {
            if is_marked {
                ends_sentence(cues[index - 1].text)
            } else {
                super::times::nearest(&begins, spans[index].0).abs() <= near
            }
        };
        let mut starts: Vec<f64> = others.iter().map(|span| span.0).collect();
        starts.sort_by(f64::total_cmp);
        // How far what was begun before each of them goes.
        let mut spans_in_order: Vec<(f64, f64)> = others.clone();
        spans_in_order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut reach = f64::MIN;
        let reaches: Vec<f64> = spans_in_order
            .iter()
            .map(|span| {
                reach = reach.max(span.1);
                reach
            })
            .collect();
        // Where the other track is silent, it says nothing about cuts.
        let (mut found, mut cuts) = (0u32, 0u32);
        let covered = |time: f64| {
            let at = starts.partition_point(|start| *start <= time + near);
            at > 0 && reaches[at - 1] >= time - near
        };
        for index in 1..cues.len() {
            let start = spans[index].0;
            // A pause is a place to cut for everyone.
            let pause = start - spans[index - 1].1 > 300.0;
            if ends(index) || pause || !covered(start) {
                continue;
            }
            cuts += 1;
            found += u32::from(super::times::nearest(&starts, start).abs() <= near);
        }
        counts.push((found, cuts));
    }
    let share = |(found, cuts): (u32, u32)| f64::from(found) / f64::from(cuts);
    let both = counts.iter().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    if both.1 < CUTS || both.1 as usize * 4 < left.len().max(right.len()) {
        return None;
    }
    let of_one = counts.into_iter().filter(|own| own.1 >= CUTS).map(share).max_by(f64::total_cmp);
    of_one.or(Some(share(both)))
}

/// Joins rows that end inside a sentence of every side that has marks.
pub fn whole_sentences(rows: Vec<Row>, left: &[TrackCue], right: &[TrackCue]) -> Vec<Row> {
    let marked = (is_marked(left), is_marked(right));
    let mut found: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        match found.last_mut() {
            Some(last) if !ends_here(last, left, right, marked) && follows(last, &row, left) => {
                last.left.extend(row.left);
                last.right.extend(row.right);
            }
            _ => found.push(row),
        }
    }
    found
}

fn follows(last: &Row, row: &Row, left: &[TrackCue]) -> bool {
    let next = |before: &[usize], after: &[usize]| match (before.last(), after.first()) {
        (Some(before), Some(after)) => before + 1 == *after,
        _ => false,
    };
    let speaker = |row: &Row| row.left.last().and_then(|i| left[*i].speaker);
    next(&last.left, &row.left) && next(&last.right, &row.right) && speaker(last) == speaker(row)
}

fn ends_here(row: &Row, left: &[TrackCue], right: &[TrackCue], marked: (bool, bool)) -> bool {
    let ends = |of: &[usize], cues: &[TrackCue]| of.last().is_none_or(|at| ends_sentence(cues[*at].text));
    match marked {
        (false, false) => true,
        (true, false) => ends(&row.left, left),
        (false, true) => ends(&row.right, right),
        (true, true) => ends(&row.left, left) || ends(&row.right, right),
    }
}

/// The most rows that are shown as one.
const ROWS_AT_ONCE: usize = 8;

pub fn row_sentences(rows: &[Row], left: &[TrackCue], right: &[TrackCue]) -> Vec<Range<usize>> {
    let marked = (is_marked(left), is_marked(right));
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (index, row) in rows.iter().enumerate() {
        match found.last_mut() {
            Some(last)
                if open && last.len() < ROWS_AT_ONCE && same_speaker(&rows[index - 1], row, left, right) =>
            {
                last.end = index + 1;
            }
            _ => found.push(index..index + 1),
        }
        open = !ends_here(row, left, right, marked);
    }
    found
}

fn same_speaker(before: &Row, after: &Row, left: &[TrackCue], right: &[TrackCue]) -> bool {
    let speakers = |row: &Row, first: bool| {
        let of = |side: &[usize], cues: &[TrackCue]| -> Option<String> {
            let at = if first { side.first() } else { side.last() };
            at.and_then(|at| cues[*at].speaker).map(str::to_owned)
        };
        (of(&row.left, left), of(&row.right, right))
    };
    let (own, other) = (speakers(before, false), speakers(after, true));
    let same = |a: Option<String>, b: Option<String>| a.is_none() || b.is_none() || a == b;
    same(own.0, other.0) && same(own.1, other.1)
}
