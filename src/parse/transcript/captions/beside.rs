//! Puts the cues of two languages that have one time, or one number, beside each other. Never puts
//! together what is in one script, unless it says the same.

use super::Cue;
use crate::lang::telling_script;
use crate::parse::transcript::few::Few;
use crate::parse::transcript::twins::Twins;
use crate::source::Span;
use crate::timestamp::Millis;

/// Two cues with one time, in two scripts, are a line and its translation.
pub fn paired(cues: Vec<Cue>, few: &mut Few) -> Vec<Cue> {
    let twins = twins(&cues);
    let mut lines: Vec<Cue> = Vec::with_capacity(cues.len());
    let mut open = false;
    let mut first: Option<Span> = None;
    let count = cues.len();
    for cue in cues {
        match lines.last_mut() {
            Some(before) if open && translates(before, &cue, &twins) => {
                first.get_or_insert(cue.span.clone());
                before.parts.extend(cue.parts);
                before.span.end = before.span.end.max(cue.span.end);
                before.label = before.label.take().or(cue.label);
                open = false;
            }
            _ => {
                open = cue.parts.len() == 1 && cue.start.is_some() && !cue.exact;
                lines.push(cue);
            }
        }
    }
    if let Some(span) = first {
        let message = format!(
            "cues with the time of another, in another language: {}, and each stands beside it, as this one",
            count - lines.len()
        );
        few.note("joined-cues", &message, span);
    }
    lines
}

/// What the cues with one number tell of those that are in one script.
fn twins(cues: &[Cue]) -> Twins {
    let twos = cues.windows(2).filter(|two| two[0].number.is_some() && two[0].number == two[1].number);
    let parts = twos.map(|two| two.iter().filter_map(|cue| cue.parts.first().cloned()).collect());
    let groups: Vec<Vec<String>> = parts.collect();
    Twins::of(groups.iter().map(Vec::as_slice))
}

fn translates(before: &Cue, cue: &Cue, twins: &Twins) -> bool {
    let near = |a: Option<Millis>, b: Option<Millis>| match (a, b) {
        (Some(a), Some(b)) => a.0.abs_diff(b.0) <= 1,
        (None, None) => true,
        _ => false,
    };
    let same_time = near(before.start, cue.start) && near(before.end, cue.end);
    let same_number = before.number.is_some() && before.number == cue.number;
    let close = before.start.zip(cue.start).is_some_and(|(a, b)| a.0.abs_diff(b.0) <= 500);
    let label = before.label.is_none() || cue.label.is_none() || before.label == cue.label;
    if !(same_time || (same_number && close)) || !label || cue.parts.len() != 1 {
        return false;
    }
    match (telling_script(&before.parts[0]), telling_script(&cue.parts[0])) {
        (Some(one), Some(other)) => {
            one != other || (same_number && twins.are(&before.parts[0], &cue.parts[0]))
        }
        _ => same_number,
    }
}
