//! Captions that roll: each line is shown several times, as it moves up. Never takes a line twice.

use super::Caption;
use crate::parse::transcript::few::Few;

/// How many cues must repeat the line before them.
const ROLLING: usize = 2;

/// Whether most cues begin with the line that the one before them ended with.
pub fn is_rolling(captions: &[Caption]) -> bool {
    let mut repeats = 0;
    let mut pairs = 0;
    for pair in captions.windows(2) {
        pairs += 1;
        let near = match (pair[0].end, pair[1].start) {
            (Some(end), Some(start)) => start.0.abs_diff(end.0) < 2000,
            _ => false,
        };
        repeats += usize::from(near && pair[0].lines.last() == pair[1].lines.first());
    }
    let inline = captions.iter().any(|caption| caption.inline_times);
    repeats >= ROLLING && if inline { repeats * 10 >= pairs * 3 } else { repeats * 2 >= pairs && repeats > 3 }
}

/// How many lines captions that roll show at once.
const SHOWN: usize = 8;

/// Takes each line once, at the time when it is first shown.
pub fn unrolled(captions: Vec<Caption>, few: &mut Few) -> Vec<Caption> {
    let mut kept: Vec<Caption> = Vec::with_capacity(captions.len());
    let mut shown: Vec<String> = Vec::new();
    let mut repeated = 0;
    let first = captions.first().map_or(0..0, |caption| caption.span.clone());
    for mut caption in captions {
        let most = shown.len().min(caption.lines.len()).min(SHOWN);
        let again = (1..=most).rev().find(|count| shown[shown.len() - count..] == caption.lines[..*count]);
        let again = again.unwrap_or(0);
        repeated += again;
        let lines = std::mem::take(&mut caption.lines);
        caption.lines = lines[again..].to_vec();
        shown = lines;
        if caption.lines.is_empty() {
            if let Some(last) = kept.last_mut() {
                last.end = last.end.max(caption.end);
            }
        } else {
            kept.push(caption);
        }
    }
    few.note(
        "rolling-captions",
        &format!("captions that roll: {repeated} lines are shown again and again, and are taken once"),
        first,
    );
    kept
}
