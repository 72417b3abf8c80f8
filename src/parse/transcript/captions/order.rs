//! Puts cues in the order of their times, and names what is odd in these. Never changes a time.

use unicode_script::Script;

use super::Caption;
use crate::lang::telling_script;
use crate::parse::transcript::few::Few;
use crate::source::Span;
use crate::timestamp::Millis;

/// A cue that starts so much earlier than the one before it begins the clock anew, in milliseconds.
const NEW_CLOCK: u64 = 60_000;
/// How much cues may overlap by rounding, in milliseconds.
const ROUNDING: u64 = 100;

/// Puts cues that stand a little too late where they belong, and names what is odd in their times.
pub fn order(captions: &mut [Caption], few: &mut Few) {
    if let Some(second) = second_track(captions) {
        let span = captions[second].span.clone();
        few.note(
            "second-track",
            "a second language begins here, and is put beside the first by its times",
            span,
        );
        sort_by_start(captions);
    }
    let mut from = 0;
    let mut latest: Option<(u64, Span)> = None;
    let mut above: Option<(Millis, Millis)> = None;
    for index in 0..captions.len() {
        let (span, start, end) = (captions[index].span.clone(), captions[index].start, captions[index].end);
        let (Some(start), Some(end)) = (start, end) else { continue };
        if end < start {
            few.warn(
                "cue-backwards",
                "this cue ends before it starts",
                span.clone(),
                "set its end after its start",
            );
        } else if end == start {
            few.warn("cue-zero-length", "this cue is shown for no time", span.clone(), "give it an end");
        }
        if let Some((before, _)) = latest.as_ref().filter(|(before, _)| start.0 < *before) {
            let new_clock = before - start.0 > NEW_CLOCK;
            let message = "this cue starts before the one above it";
            let help = if new_clock {
                "if the clock starts anew here, make two files of it"
            } else {
                "it is put in its place"
            };
            few.warn("cue-backwards", message, span.clone(), help);
            if new_clock {
                sort_by_start(&mut captions[from..index]);
                from = index;
            }
        } else if above.is_some_and(|own| own != (start, end) && own.1.0 > start.0 + ROUNDING) {
            few.warn(
                "cue-overlap",
                "this cue starts before the one above it ends",
                span.clone(),
                "end the one above it sooner, or merge the two",
            );
        }
        latest = Some((start.0, span));
        above = Some((start, end));
    }
    sort_by_start(&mut captions[from..]);
}

/// How many cues tell the script of a track.
const TRACK_SAMPLE: usize = 40;

/// Where a file that has one language after the other begins the second: the clock starts anew
/// there, once, and the script is another.
fn second_track(captions: &[Caption]) -> Option<usize> {
    let mut anew = (1..captions.len()).filter(|at| {
        let (before, own) = (captions[at - 1].start, captions[*at].start);
        before.zip(own).is_some_and(|(before, own)| before.0 > own.0 + NEW_CLOCK)
    });
    let second = anew.next()?;
    let (first, rest) = captions.split_at(second);
    let scripts = (most_in(first), most_in(rest));
    (anew.next().is_none() && scripts.0.is_some() && scripts.1.is_some() && scripts.0 != scripts.1)
        .then_some(second)
}

/// The script that nearly all of the first cues are in.
fn most_in(captions: &[Caption]) -> Option<Script> {
    let sample = &captions[..captions.len().min(TRACK_SAMPLE)];
    let scripts: Vec<Script> =
        sample.iter().filter_map(|caption| telling_script(caption.lines.first()?)).collect();
    let first = *scripts.first()?;
    let count = |script: Script| scripts.iter().filter(|own| **own == script).count();
    let most = scripts.iter().copied().max_by_key(|script| count(*script)).unwrap_or(first);
    (count(most) * 10 >= scripts.len() * 9).then_some(most)
}

/// A stable sort; one without a time stays behind the one above it.
fn sort_by_start(captions: &mut [Caption]) {
    let mut last = 0;
    let starts: Vec<u64> = captions
        .iter()
        .map(|caption| {
            last = caption.start.map_or(last, |start| start.0);
            last
        })
        .collect();
    if starts.is_sorted() {
        return;
    }
    let mut ranked: Vec<(u64, Caption)> =
        starts.into_iter().zip(captions.iter_mut().map(std::mem::take)).collect();
    ranked.sort_by_key(|(start, _)| *start);
    for (slot, (_, caption)) in captions.iter_mut().zip(ranked) {
        *slot = caption;
    }
}
