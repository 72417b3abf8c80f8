//! Prints how well tracks are paired, beside what others would do: precision, recall and F1 on
//! links between source cues. Reads `../shared/data`, or the folder that it is given. `--each` prints
//! every file, `--case N` one case, `--half 0` or `1` every other file; `SHOW=name` prints the rows of
//! a file, `CONF=1` how sure they are.

mod baselines;
mod cases;
mod languages;
mod random;
mod score;
mod srt;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use baselines::{best_shift, by_index, by_overlap, gale_church};
use cases::{Case, Damage, Links, Own, bilingual_case, bilingual_files, sentence_case, sentence_folders};
use diglot::model::align::{Hints, Side, TrackCue, align};
use diglot::timestamp::Millis;
use languages::{PAIRS, invented_case};
use score::Score;

const DAMAGE: Damage = Damage {
    merge: 0.08,
    split: 0.08,
    drop: 0.03,
    late: 2.4,
    slow: 0.0,
    jitter: 0.0,
    timed: true,
    whole: true,
};

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    let mut data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let mut only: Option<usize> = None;
    let mut each = false;
    let mut baselines = true;
    let mut half: Option<usize> = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--case" => only = args.next().and_then(|number| number.parse().ok()),
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
        if only.is_some_and(|only| only != number + 1) {
            continue;
        }
        let cases: Vec<Case> =
            kind.cases(&data).into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, c)| c).collect();
        let mut total = [Score::default(); 5];
        let mut took = Duration::ZERO;
        for case in &cases {
            let (found, own) = ours(case);
            took += own;
            let mut scores = [Score::default(); 5];
            scores[4] = Score::of(&found, &case.gold);
            if baselines {
                let shift =
                    if case.left.iter().all(|cue| cue.times.is_some()) { best_shift(case) } else { 0.0 };
                for (score, links) in scores.iter_mut().zip([
                    by_index(case),
                    by_overlap(case, 0.0),
                    by_overlap(case, shift),
                    gale_church(case),
                ]) {
                    *score = Score::of(&links, &case.gold);
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
        println!("{:58} {} goal {}", format!("{}. {}", number + 1, kind.name), row(&total, took), kind.goal);
    }
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
    let cues = |own: &'_ [Own]| -> Vec<(String, Option<(u64, u64)>)> {
        own.iter().map(|cue| (cue.text.clone(), cue.times)).collect()
    };
    let (left, right) = (cues(&case.left), cues(&case.right));
    let as_cues = |own: &'_ [(String, Option<(u64, u64)>)]| -> Vec<TrackCue<'static>> {
        own.iter()
            .map(|(text, times)| TrackCue {
                text: Box::leak(text.clone().into_boxed_str()),
                start: times.map(|(start, _)| Millis(start)),
                end: times.map(|(_, end)| Millis(end)),
                speaker: None,
            })
            .collect()
    };
    let (left, right) = (as_cues(&left), as_cues(&right));
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

/// A row of the table.
struct Kind {
    name: &'static str,
    goal: f64,
    make: fn(&Path) -> Vec<Case>,
}

impl Kind {
    fn cases(&self, data: &Path) -> Vec<Case> {
        (self.make)(data)
    }
}

fn bilingual(data: &Path, damage: Damage) -> Vec<Case> {
    let files = bilingual_files(data);
    files.iter().enumerate().map(|(index, file)| bilingual_case(file, &damage, index as u64 + 7)).collect()
}

fn spoken(data: &Path, late: &[(f64, f64)], timed: bool) -> Vec<Case> {
    sentence_folders(data).iter().filter_map(|folder| sentence_case(folder, late, timed)).collect()
}

fn invented(damage: Damage) -> Vec<Case> {
    let case = |(index, (own, other)): (usize, &(&str, &str))| {
        invented_case(own, other, 150, &damage, index as u64 + 3)
    };
    PAIRS.iter().enumerate().map(case).collect()
}

/// Tracks of two talks that have nothing to do with each other.
fn strangers(data: &Path) -> Vec<Case> {
    let mut cases = spoken(data, &[], false);
    let files = bilingual_files(data);
    let damage = Damage { timed: false, ..DAMAGE };
    cases.extend(
        files.iter().enumerate().map(|(index, file)| bilingual_case(file, &damage, index as u64 + 7)),
    );
    let rights: Vec<Vec<Own>> = cases.iter().map(|case| case.right.clone()).collect();
    let count = cases.len();
    for (index, case) in cases.iter_mut().enumerate() {
        case.right = rights[(index + 1) % count].clone();
        case.gold.clear();
    }
    cases
}

fn kinds() -> Vec<Kind> {
    vec![
        Kind {
            name: "lines merged, split, dropped; 2.4 s late",
            goal: 0.997,
            make: |data| bilingual(data, DAMAGE),
        },
        Kind {
            name: "the same, 0.1 % slow, 0.2 s jitter",
            goal: 0.985,
            make: |data| bilingual(data, Damage { slow: 0.001, jitter: 0.2, late: 0.0, ..DAMAGE }),
        },
        Kind {
            name: "the same, no times",
            goal: 0.90,
            make: |data| bilingual(data, Damage { timed: false, ..DAMAGE }),
        },
        Kind { name: "sentences, cut independently", goal: 0.995, make: |data| spoken(data, &[], true) },
        Kind {
            name: "the same, 3 s late, then 33 s",
            goal: 0.985,
            make: |data| spoken(data, &[(0.0, 3.0), (0.4, 33.0)], true),
        },
        Kind { name: "the same, no times", goal: 0.97, make: |data| spoken(data, &[], false) },
        Kind {
            name: "as 3, with lines that were never translated",
            goal: 0.0,
            make: |data| bilingual(data, Damage { timed: false, whole: false, ..DAMAGE }),
        },
        Kind { name: "tracks of two different talks: nothing to find", goal: 0.0, make: strangers },
        Kind {
            name: "as 2, with them",
            goal: 0.0,
            make: |data| {
                bilingual(data, Damage { slow: 0.001, jitter: 0.2, late: 0.0, whole: false, ..DAMAGE })
            },
        },
        Kind { name: "a made-up talk in other languages", goal: 0.0, make: |_| invented(DAMAGE) },
        Kind { name: "the same, no times", goal: 0.0, make: |_| invented(Damage { timed: false, ..DAMAGE }) },
    ]
}
