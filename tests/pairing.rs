//! Pairing against tracks whose true pairing is known: a talk made up in several languages, and a
//! few small ones of `../shared` where it is present. `cargo run --release --example pairing-eval` goes through all of them.

#![allow(dead_code)]

#[path = "../benches/pairing/cases.rs"]
mod cases;
#[path = "../benches/pairing/languages.rs"]
mod languages;
#[path = "../benches/pairing/random.rs"]
mod random;
#[path = "../benches/pairing/score.rs"]
mod score;
#[path = "../benches/pairing/srt.rs"]
mod srt;
#[path = "../benches/pairing/twists.rs"]
mod twists;

use std::path::Path;

use cases::{Case, Damage, Links, Own, bilingual_case, sentence_case};
use diglot::model::align::{Hints, Side, TrackCue, align};
use diglot::timestamp::Millis;
use languages::{PAIRS, invented_case};
use random::Random;
use score::Score;
use twists::Twist;

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

fn f1(case: &Case) -> f64 {
    let cues = |own: &'_ [Own]| -> Vec<TrackCue<'static>> {
        let cue = |cue: &Own| TrackCue {
            text: Box::leak(cue.text.clone().into_boxed_str()),
            start: cue.times.map(|(start, _)| Millis(start)),
            end: cue.times.map(|(_, end)| Millis(end)),
            speaker: None,
        };
        own.iter().map(cue).collect()
    };
    let (left, right) = (cues(&case.left), cues(&case.right));
    let left = Side { lang: &case.langs[0], cues: &left };
    let right = Side { lang: &case.langs[1], cues: &right };
    let mut links = Links::new();
    for row in align(&left, &right, &Hints::default()).rows {
        for i in &row.left {
            links.extend(row.right.iter().map(|j| (*i, *j)));
        }
    }
    Score::of(&links, case).f1()
}

#[track_caller]
fn check(what: &str, cases: Vec<Case>, floor: f64) {
    for case in cases {
        let found = f1(&case);
        assert!(found >= floor, "{what}: {} is paired with F1 {found:.4}, and {floor} is asked", case.name);
    }
}

#[test]
fn tracks_of_known_pairing_are_paired() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.is_dir() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    let name = "bilingual-srt/polyu/5521-20240916_195216-Meeting Recording-1008165846.zh-CN-dual-double.srt";
    let lines = |damage: Damage| vec![bilingual_case(&data.join(name), &damage, 15)];
    check("late", lines(DAMAGE), 0.99);
    check("slow", lines(Damage { slow: 0.001, jitter: 0.2, ..DAMAGE }), 0.97);
    check("without times", lines(Damage { timed: false, ..DAMAGE }), 0.88);
    let spoken = |late: &[(f64, f64)], timed: bool| -> Vec<Case> {
        let folders = ["2016/cross-products", "2016/triangle-of-power", "2016/vectors"].iter();
        folders.filter_map(|name| sentence_case(&data.join("3b1b-pairs").join(name), late, timed)).collect()
    };
    check("sentences", spoken(&[], true), 0.98);
    check("sentences with an advert", spoken(&[(0.0, 3.0), (0.4, 33.0)], true), 0.98);
    check("sentences without times", spoken(&[], false), 0.97);
}

#[test]
fn a_talk_in_any_two_languages_is_paired() {
    for (seed, (own, other)) in PAIRS.iter().enumerate() {
        let case = |timed| invented_case(own, other, 150, &Damage { timed, ..DAMAGE }, seed as u64 + 3);
        check("timed", vec![case(true)], 0.99);
        check("without times", vec![case(false)], 0.95);
    }
}

#[test]
fn a_half_that_was_never_translated_has_no_partners() {
    // Of languages that share few words, a half may not be found.
    for (seed, (own, other)) in PAIRS[..3].iter().enumerate() {
        let damage = Damage { timed: false, ..DAMAGE };
        for is_first in [true, false] {
            let mut case = invented_case(own, other, 150, &damage, seed as u64 + 3);
            let half = case.right.len() / 2;
            let kept = if is_first { 0..half } else { half..case.right.len() };
            case.gold.retain(|(_, j)| kept.contains(j));
            case.gold = case.gold.iter().map(|(i, j)| (*i, j - kept.start)).collect();
            case.right = case.right[kept].to_vec();
            check("half of it", vec![case], 0.9);
        }
    }
}

#[test]
fn tracks_to_which_much_has_happened_are_paired() {
    let twisted = |twist: Twist, timed: bool| -> Vec<Case> {
        // A foreign line is of a talk in the same languages.
        let case = |(seed, (own, other)): (usize, &(&str, &str))| {
            let damage = Damage { timed, ..DAMAGE };
            let mut case = invented_case(own, other, 150, &damage, seed as u64 + 3);
            let donor = invented_case(own, other, 150, &damage, seed as u64 + 103);
            twist(&mut case, &donor, &mut Random(seed as u64 + 11));
            case
        };
        PAIRS.iter().enumerate().map(case).collect()
    };
    check("words as cues", twisted(twists::word_by_word, false), 0.75);
    check("three words a cue, timed", twisted(twists::in_small_pieces, true), 0.85);
    check("up to four cues in one", twisted(twists::merged, false), 0.85);
    check("up to four cues in one, timed", twisted(twists::merged, true), 0.95);
    check("an advert in each, timed", twisted(twists::adverts, true), 0.95);
    check("half of the cues are missing", twisted(twists::thinned, false), 0.8);
    check("a block elsewhere", twisted(twists::block_elsewhere, false), 0.8);
}
