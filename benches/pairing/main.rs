//! Prints how well tracks are paired, beside what others would do: precision, recall and F1 on
//! links between source cues. Reads `../shared/data`, or the folder that it is given. `--each` prints
//! every file, `--case N` one case or `N-M` several, `--half 0` or `1` every other file; `SHOW=name` prints the rows of
//! a file, `CONF=1` how sure they are.

mod baselines;
mod cases;
mod kinds;
mod languages;
mod paragraphs;
mod random;
mod score;
mod srt;
mod twists;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use baselines::{best_shift, by_index, by_overlap, gale_church};
use cases::{Case, Links, Own};
use diglot::model::align::{Hints, Side, TrackCue, align};
use diglot::timestamp::Millis;
use kinds::kinds;
use score::Score;

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    let mut data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let mut only: Option<(usize, usize)> = None;
    let mut each = false;
    let mut baselines = true;
    let mut half: Option<usize> = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--case" => only = args.next().and_then(|numbers| range(&numbers)),
            "--each" => each = true,
            "--ours" => baselines = false,
            "--half" => half = args.next().and_then(|number| number.parse().ok()),
            folder => data = PathBuf::from(folder),
        }
    }
    let kept = |index: usize| half.is_none_or(|half| index % 2 == half);
    println!(
        "{:58} {:>6} {:>6} {:>6} {:>6} | {:>6} {:>6} {:>6} | {:>5} {:>7}",
        "case", "index", "overl.", "shift", "G–C", "P", "R", "F1", "goal", "s"
    );
    for (number, kind) in kinds().iter().enumerate() {
        if only.is_some_and(|only| !(only.0..=only.1).contains(&(number + 1))) {
            continue;
        }
        let cases: Vec<Case> =
            (kind.make)(&data).into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, c)| c).collect();
        let mut total = [Score::default(); 5];
        let mut took = Duration::ZERO;
        for case in &cases {
            let (found, own) = ours(case);
            took += own;
            let mut scores = [Score::default(); 5];
            scores[4] = Score::of(&found, case);
            if baselines {
                let shift =
                    if case.left.iter().all(|cue| cue.times.is_some()) { best_shift(case) } else { 0.0 };
                for (score, links) in scores.iter_mut().zip([
                    by_index(case),
                    by_overlap(case, 0.0),
                    by_overlap(case, shift),
                    gale_church(case),
                ]) {
                    *score = Score::of(&links, case);
                }
            }
            if each {
                println!(
                    "  {:40} {:5} {:5}           {}",
                    case.name,
                    case.left.len(),
                    case.right.len(),
                    row(&scores, own)
                );
            }
            for (sum, score) in total.iter_mut().zip(scores) {
                *sum = sum.add(score);
            }
        }
        let goal = kind.goal.map_or(String::new(), |goal| format!(" goal {goal}"));
        println!("{:58} {}{goal}", format!("{}. {}", number + 1, kind.name), row(&total, took));
    }
}

/// `3`, or `3-8`.
fn range(numbers: &str) -> Option<(usize, usize)> {
    let (from, to) = numbers.split_once('-').unwrap_or((numbers, numbers));
    Some((from.parse().ok()?, to.parse().ok()?))
}

fn row(scores: &[Score; 5], took: Duration) -> String {
    let shown =
        |score: Score| if score.found == 0 { "     –".to_owned() } else { format!("{:6.3}", score.f1()) };
    let before: Vec<String> = scores[..4].iter().map(|score| shown(*score)).collect();
    let ours = scores[4];
    format!(
        "{} | {:6.4} {:6.4} {:6.4} | {:7.3}",
        before.join(" "),
        ours.precision(),
        ours.recall(),
        ours.f1(),
        took.as_secs_f64()
    )
}

/// What we find, and the time it takes.
fn ours(case: &Case) -> (Links, Duration) {
    let as_cues = |own: &[Own]| -> Vec<TrackCue<'static>> {
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        let cue = |own: &Own| TrackCue {
            text: leak(&own.text),
            start: own.times.map(|(start, _)| Millis(start)),
            end: own.times.map(|(_, end)| Millis(end)),
            speaker: own.speaker.as_deref().map(leak),
        };
        own.iter().map(cue).collect()
    };
    let (left, right) = (as_cues(&case.left), as_cues(&case.right));
    let began = Instant::now();
    let paired = align(
        &Side { lang: &case.langs[0], cues: &left },
        &Side { lang: &case.langs[1], cues: &right },
        &Hints::default(),
    );
    let took = began.elapsed();
    if std::env::var("CONF").is_ok() {
        let mean = paired.rows.iter().map(|row| row.confidence).sum::<f32>() / paired.rows.len() as f32;
        let low = paired.rows.iter().filter(|row| row.confidence < 0.5).count();
        println!("{} confidence {mean:.2}, {low} of {} rows low", case.name, paired.rows.len());
    }
    if std::env::var("SHOW").is_ok_and(|name| case.name.contains(&name)) {
        show(case, &paired.rows);
    }
    let mut links = Links::new();
    for row in &paired.rows {
        for i in &row.left {
            links.extend(row.right.iter().map(|j| (*i, *j)));
        }
    }
    (links, took)
}

fn show(case: &Case, rows: &[diglot::model::align::Row]) {
    for row in rows {
        let text = |of: &[usize], own: &[Own]| {
            of.iter().map(|i| format!("[{i}] {}", own[*i].text)).collect::<Vec<_>>().join(" ")
        };
        let wrong = row.left.iter().any(|i| row.right.iter().any(|j| !case.gold.contains(&(*i, *j))));
        let missed: Vec<_> =
            case.gold.iter().filter(|(i, j)| row.left.contains(i) && !row.right.contains(j)).collect();
        println!(
            "{} {:.2} {} | {} {missed:?}",
            if wrong { "WRONG" } else { "     " },
            row.confidence,
            text(&row.left, &case.left),
            text(&row.right, &case.right)
        );
    }
}
