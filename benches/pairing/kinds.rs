//! The rows of the table: which cases there are.

use std::path::Path;

use crate::cases::{Case, Damage, Own, bilingual_case, bilingual_files, sentence_case, sentence_folders};
use crate::languages::{PAIRS, invented_case};
use crate::paragraphs::article_cases;
use crate::random::Random;
use crate::twists::{self, Twist};

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

/// Makes cases of the data in a folder.
type Make = dyn Fn(&Path) -> Vec<Case>;

/// A row of the table.
pub struct Kind {
    pub name: String,
    pub goal: Option<f64>,
    pub make: Box<Make>,
}

impl Kind {
    fn new(name: &str, goal: Option<f64>, make: impl Fn(&Path) -> Vec<Case> + 'static) -> Kind {
        Kind { name: name.to_owned(), goal, make: Box::new(make) }
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

const UNTIMED: Damage = Damage { timed: false, ..DAMAGE };
const SLOW: Damage = Damage { slow: 0.001, jitter: 0.2, late: 0.0, ..DAMAGE };

/// Every third file is enough for what is changed in many ways.
const SOME: usize = 3;

fn some(cases: Vec<Case>) -> Vec<Case> {
    cases.into_iter().step_by(SOME).collect()
}

/// Talks of each kind, with times.
fn timed(data: &Path) -> Vec<Case> {
    let mut cases = some(bilingual(data, SLOW));
    cases.extend(some(spoken(data, &[(0.0, 3.0)], true)));
    cases.extend(invented(SLOW).into_iter().skip(1).step_by(2));
    cases
}

/// The same without.
fn untimed(data: &Path) -> Vec<Case> {
    let mut cases = some(bilingual(data, UNTIMED));
    cases.extend(some(spoken(data, &[], false)));
    cases
}

fn untimed_invented(_: &Path) -> Vec<Case> {
    invented(UNTIMED)
}

fn twisted(mut cases: Vec<Case>, twist: Twist) -> Vec<Case> {
    let donors = cases.clone();
    for index in 0..cases.len() {
        // Foreign lines are of the same languages.
        let other = (1..=donors.len())
            .map(|by| &donors[(index + by) % donors.len()])
            .find(|other| other.langs == cases[index].langs)
            .expect("a case has its own languages");
        twist(&mut cases[index], other, &mut Random(index as u64 + 11));
    }
    cases
}

pub fn kinds() -> Vec<Kind> {
    let mut kinds = goals();
    kinds.extend(further());
    let changed = [
        ("one word a cue", twists::word_by_word as Twist, true, true),
        ("three words a cue", twists::in_small_pieces, true, true),
        ("up to four cues in one", twists::merged, true, true),
        ("an advert in each", twists::adverts, true, true),
        ("four adverts in one", twists::many_adverts, true, true),
        ("an intro in one", twists::intro, true, true),
        ("25 frames for 23.976", twists::of_film, true, false),
        ("a clock for each third", twists::several_drifts, true, false),
        ("all times naught", twists::all_naught, true, false),
        ("a cue every three seconds", twists::evenly, true, false),
        ("the times of another talk", twists::times_of_another, true, false),
        ("a third is missing", twists::without_third, true, true),
        ("the second half is missing", twists::without_half, true, true),
        ("the first half is missing", twists::without_first_half, true, true),
        ("half of the cues are missing", twists::thinned, true, true),
        ("half is missing, in patches", twists::in_patches, true, true),
        ("a block elsewhere in the file", twists::block_elsewhere, true, true),
        ("a block spoken elsewhere", twists::block_spoken_elsewhere, true, false),
        ("speakers in one", twists::named_left, true, true),
        ("speakers in both", twists::named_both, true, true),
        ("no marks in one", twists::unmarked, true, true),
        ("no marks in either", twists::unmarked_both, true, true),
        ("sides turned", twists::turned, true, true),
        ("twelve lines", twists::twelve_lines, true, true),
        ("five lines", twists::five_lines, true, true),
    ];
    for (name, twist, with_times, without) in changed {
        if with_times {
            kinds.push(Kind::new(&format!("{name}; timed"), None, move |data| twisted(timed(data), twist)));
        }
        if without {
            kinds.push(Kind::new(&format!("{name}; no times"), None, move |data| {
                twisted(untimed(data), twist)
            }));
            kinds.push(Kind::new(&format!("{name}; no times, made up"), None, move |data| {
                twisted(untimed_invented(data), twist)
            }));
        }
    }
    kinds
}

fn goals() -> Vec<Kind> {
    vec![
        Kind::new("lines merged, split, dropped; 2.4 s late", Some(0.997), |data| bilingual(data, DAMAGE)),
        Kind::new("the same, 0.1 % slow, 0.2 s jitter", Some(0.985), |data| bilingual(data, SLOW)),
        Kind::new("the same, no times", Some(0.90), |data| bilingual(data, UNTIMED)),
        Kind::new("sentences, cut independently", Some(0.995), |data| spoken(data, &[], true)),
        Kind::new("the same, 3 s late, then 33 s", Some(0.985), |data| {
            spoken(data, &[(0.0, 3.0), (0.4, 33.0)], true)
        }),
        Kind::new("the same, no times", Some(0.97), |data| spoken(data, &[], false)),
    ]
}

fn further() -> Vec<Kind> {
    vec![
        Kind::new("as 3, with lines that were never translated", None, |data| {
            bilingual(data, Damage { whole: false, ..UNTIMED })
        }),
        Kind::new("tracks of two different talks: nothing to find", None, strangers),
        Kind::new("as 2, with lines that were never translated", None, |data| {
            bilingual(data, Damage { whole: false, ..SLOW })
        }),
        Kind::new("a made-up talk in other languages", None, |_| invented(DAMAGE)),
        Kind::new("the same, no times", None, |_| invented(UNTIMED)),
        Kind::new("paragraphs of articles", None, article_cases),
        Kind::new("the same, a third is missing", None, |data| {
            twisted(article_cases(data), twists::without_third)
        }),
    ]
}
