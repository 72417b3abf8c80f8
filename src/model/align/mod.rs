//! Two tracks of one talk → rows that say the same in both. Never loses a cue: each is in at
//! least one row, and rows follow the talk. Knows nothing of files and formats.

mod anchors;
mod dp;
mod fixed;
mod lengths;
mod lexicon;
mod locks;
mod moved;
pub mod numbers;
mod rows;
mod said;
mod terms;
mod text;
mod times;
mod tokens;
mod units;
mod voices;
mod words;

pub use units::ends_sentence;

use std::ops::Range;

pub use locks::{find_locks, report_foreign};

use crate::glossary::Term;
use crate::lang::Lang;
use crate::timestamp::Millis;

/// One track's cue, as the pairing sees it.
#[derive(Debug, Clone, Copy)]
pub struct TrackCue<'a> {
    pub text: &'a str,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    pub speaker: Option<&'a str>,
}

/// One track: its language, and its cues in the order of the file.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub lang: &'a Lang,
    pub cues: &'a [TrackCue<'a>],
}

/// A row of the paired talk: which cues of either side it is made of, 0-based and ascending.
/// One of the two may be empty, never both.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub left: Vec<usize>,
    pub right: Vec<usize>,
    /// How sure this is, from 0 to 1. A row of a lock is 1.
    pub confidence: f32,
}

/// Rows of less confidence are marked for review.
pub const REVIEW_BELOW: f32 = 0.5;

/// A stretch of the talk in which the right clock differs from the left one by one rule:
/// left = right × `scale` + `shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Where it begins, by the right clock.
    pub from: Millis,
    /// In milliseconds; negative where the right track is late.
    pub shift: f64,
    pub scale: f64,
}

/// Two tracks, paired.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alignment {
    pub rows: Vec<Row>,
    /// What was found of the clocks, in order; empty where times were not used.
    pub clocks: Vec<Stretch>,
}

/// What is known beforehand.
#[derive(Debug, Clone, Default)]
pub struct Hints<'a> {
    /// Terms that mean each other.
    pub glossary: &'a [Term],
    /// What the author decided, by the numbers of cues.
    pub locks: &'a [Lock],
}

/// A decision of the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// These are a row, and nothing else is in it. One of the two may be empty.
    Pair { left: Vec<usize>, right: Vec<usize> },
    /// A row ends before these two, and one begins with them.
    Split { left: usize, right: usize },
    /// These are in one row, with whatever belongs to them.
    Merge { left: Vec<usize>, right: Vec<usize> },
}

impl Row {
    pub fn new(left: Vec<usize>, right: Vec<usize>, confidence: f32) -> Row {
        Row { left, right, confidence }
    }
}

/// Pairs two tracks. Rows are as fine as both tracks allow.
pub fn align(left: &Side, right: &Side, hints: &Hints) -> Alignment {
    let (count, other_count) = (left.cues.len(), right.cues.len());
    let done = |rows: Vec<Row>, moved: Vec<Row>, alone: f32, clocks: Vec<Stretch>| {
        let rows = rows::with_moved(rows, moved, count, other_count);
        let rows = rows::complete(rows, count, other_count, alone);
        Alignment { rows: rows::apply_locks(rows, hints.locks, count, other_count), clocks }
    };
    if count == 0 || other_count == 0 {
        return done(Vec::new(), Vec::new(), 0.0, Vec::new());
    }
    let text = text::pair(left, right, hints);
    if let (Some(own), Some(other)) = (times::spans(left.cues), times::spans(right.cues)) {
        let clock = times::read_clock(&own, &other, &text.path);
        if clock.is_trusted() {
            let (mut rows, by_cue) = timed_rows(left, right, &own, &clock);
            rows = match by_cue {
                false if text.by_sentence => rows::where_sure(rows, &text.rows, count, other_count),
                _ => rows::where_contradicted(rows, &text.rows, count),
            };
            // Where the texts have nothing to do with each other, neither have the times.
            let trust = if rows::are_others(&rows, &text.shared) { 0.4 } else { 0.6 + 0.4 * text.related };
            rows.iter_mut().for_each(|row| row.confidence *= trust);
            return done(rows, text.moved, 0.6, clock.stretches);
        }
    }
    done(text.rows, text.moved, 0.3, Vec::new())
}

/// Rows of cues that are said at the same time, and whether they are as fine as the cues.
fn timed_rows(left: &Side, right: &Side, own: &times::Spans, clock: &times::Clock) -> (Vec<Row>, bool) {
    let mut links = rows::overlaps(own, &clock.right, clock.error);
    let together = units::cut_together(left.cues, right.cues, own, &clock.right, clock.error);
    let mut by_cue = together.is_none_or(|share| share > 0.3);
    let several = (units::hold_several(left.cues), units::hold_several(right.cues));
    let mut rows = if !by_cue && several.0 != several.1 {
        // A cue of several sentences is in the rows of each.
        by_cue = true;
        let (cues, side) = if several.1 { (left.cues, 0) } else { (right.cues, 1) };
        rows::exact(&units::of_sentences(&links, cues, side))
    } else if by_cue {
        if clock.error < 40.0 {
            rows::fill_cut_lines(&mut links, own, &clock.right);
        }
        rows::exact(&links)
    } else {
        units::whole_sentences(rows::joined(&links, left.cues.len(), right.cues.len()), left.cues, right.cues)
    };
    let span = |spans: &times::Spans, of: &[usize]| {
        of.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |all, at| {
            (all.0.min(spans[*at].0), all.1.max(spans[*at].1))
        })
    };
    for row in &mut rows {
        let (a, b) = (span(own, &row.left), span(&clock.right, &row.right));
        let both = (a.1.min(b.1) - a.0.max(b.0)).max(0.0);
        let either = (a.1.max(b.1) - a.0.min(b.0)).max(1.0);
        row.confidence = (0.4 + 0.6 * both / either) as f32;
    }
    (rows, by_cue)
}

/// Groups rows into sentences for display: runs of rows, in order, that cover all of them. A run
/// ends where a sentence of either side does, or where someone else speaks.
pub fn sentences(rows: &[Row], left: &Side, right: &Side) -> Vec<Range<usize>> {
    units::row_sentences(rows, left.cues, right.cues)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said = (&'static str, u64, u64);

    fn timed(cues: &[Said]) -> Vec<TrackCue<'static>> {
        let cue = |(text, start, end): &Said| TrackCue {
            text,
            start: Some(Millis(*start)),
            end: Some(Millis(*end)),
            speaker: None,
        };
        cues.iter().map(cue).collect()
    }

    fn untimed(texts: &[&'static str]) -> Vec<TrackCue<'static>> {
        texts.iter().map(|text| TrackCue { text, start: None, end: None, speaker: None }).collect()
    }

    fn pair(left: &[TrackCue], right: &[TrackCue]) -> Alignment {
        let (en, zh) = (Lang::parse("en").unwrap(), Lang::parse("zh-Hans").unwrap());
        align(&Side { lang: &en, cues: left }, &Side { lang: &zh, cues: right }, &Hints::default())
    }

    fn shape(rows: &[Row]) -> Vec<(Vec<usize>, Vec<usize>)> {
        rows.iter().map(|row| (row.left.clone(), row.right.clone())).collect()
    }

    /// Cues of irregular lengths, as speech has them.
    fn talk(count: u64) -> Vec<(u64, u64)> {
        let mut at = 1000;
        (0..count)
            .map(|index| {
                let length = 1500 + (index * 7919 % 2300);
                let start = at;
                at += length + index * 131 % 400;
                (start, start + length)
            })
            .collect()
    }

    fn spoken(spans: impl Iterator<Item = (u64, u64)>, text: &'static str) -> Vec<TrackCue<'static>> {
        timed(&spans.map(|(start, end)| (text, start, end)).collect::<Vec<_>>())
    }

    fn diagonal(rows: &[Row], count: usize) -> usize {
        (0..count).filter(|at| rows.iter().any(|row| row.left == [*at] && row.right == [*at])).count()
    }

    #[test]
    fn a_late_and_slow_clock_is_set_right() {
        let spans = talk(120);
        let slow = spans.iter().map(|(start, end)| (start * 1001 / 1000 + 7300, end * 1001 / 1000 + 7300));
        let rows = pair(&spoken(spans.iter().copied(), "so it goes"), &spoken(slow, "就是这样"));
        assert_eq!(diagonal(&rows.rows, 120), 120);
        assert!((rows.clocks[0].shift + 7300.0).abs() < 200.0, "{:?}", rows.clocks);
    }

    #[test]
    fn an_advert_in_one_track_is_a_jump() {
        let spans = talk(160);
        let late = |at: usize| if at < 60 { 0 } else { 45_000 };
        let other = spans.iter().enumerate().map(|(at, (start, end))| (start + late(at), end + late(at)));
        let rows = pair(&spoken(spans.iter().copied(), "so it goes"), &spoken(other, "就是这样"));
        assert_eq!(rows.clocks.len(), 2, "{:?}", rows.clocks);
        assert_eq!(diagonal(&rows.rows, 160), 160);
    }

    #[test]
    fn a_cue_that_is_cut_in_one_track_only_is_one_row() {
        let left = timed(&[("One.", 0, 2000), ("And two.", 2000, 4000), ("Three.", 4000, 6000)]);
        let right =
            timed(&[("一。", 0, 2000), ("还有", 2000, 3000), ("二。", 3000, 4000), ("三。", 4000, 6000)]);
        assert_eq!(
            shape(&pair(&left, &right).rows),
            [(vec![0], vec![0]), (vec![1], vec![1, 2]), (vec![2], vec![3])]
        );
    }

    #[test]
    fn a_cue_without_a_partner_keeps_its_row_and_its_place() {
        let left = timed(&[("One.", 0, 2000), ("Two.", 2000, 4000), ("Three.", 4000, 6000)]);
        let right = timed(&[("一。", 0, 2000), ("三。", 4000, 6000)]);
        assert_eq!(
            shape(&pair(&left, &right).rows),
            [(vec![0], vec![0]), (vec![1], vec![]), (vec![2], vec![1])]
        );
    }

    #[test]
    fn times_that_are_the_same_are_believed_of_few_cues_too() {
        let left = timed(&[
            ("Good evening. This is", 1000, 3000),
            ("the Night Ferry.", 3000, 5000),
            ("There are lamps in the harbour.", 5500, 7000),
            ("Who lights them?", 20_000, 22_000),
        ]);
        let right = timed(&[
            ("晚上好。", 1000, 2500),
            ("这里是《夜渡》。", 2500, 5000),
            ("港口里有灯。", 5500, 7000),
            ("（音乐）", 10_000, 12_000),
            ("谁来点灯？", 20_000, 22_000),
        ]);
        let rows = pair(&left, &right).rows;
        let last = rows.iter().find(|row| row.left == [3]).expect("each is in a row");
        assert_eq!(last.right, [4], "{rows:?}");
        assert!(rows.iter().any(|row| row.left.is_empty() && row.right == [3]), "{rows:?}");
        assert!(rows.iter().all(|row| row.confidence >= REVIEW_BELOW), "{rows:?}");
    }

    const ENGLISH: [&str; 8] = [
        "Hello and welcome to the show.",
        "Today we talk about computers.",
        "My guest is Ada from Berlin.",
        "She has worked there for 12 years.",
        "What is the most important problem?",
        "I think it is energy.",
        "Energy and water, of course.",
        "Thank you very much!",
    ];
    const CHINESE: [&str; 8] = [
        "你好，欢迎收听节目。",
        "今天我们谈谈电脑。",
        "我的客人是来自柏林的 Ada。",
        "她在那里工作了 12 年。",
        "最重要的问题是什么？",
        "我认为是能源。",
        "当然，能源和水。",
        "非常感谢！",
    ];

    #[test]
    fn texts_pair_without_times() {
        let rows = pair(&untimed(&ENGLISH), &untimed(&CHINESE)).rows;
        assert_eq!(diagonal(&rows, 8), 8, "{rows:?}");
    }

    /// A recogniser writes music and silence as a mark, and a translator may put words there.
    #[test]
    fn a_line_without_a_word_pairs_like_any_other() {
        let said = |texts: &[&'static str]| {
            let spans = talk(8).into_iter().zip(texts);
            timed(&spans.map(|((start, end), text)| (*text, start, end)).collect::<Vec<_>>())
        };
        for mark in ["…", "—", "🎵", "\u{200b}", ""] {
            for at in 0..8 {
                let (mut english, mut chinese) = (ENGLISH, CHINESE);
                english[at] = mark;
                let rows = pair(&said(&english), &said(&CHINESE)).rows;
                assert_eq!(diagonal(&rows, 8), 8, "{mark} for line {at}: {rows:?}");
                chinese[at] = mark;
                let rows = pair(&said(&ENGLISH), &said(&chinese)).rows;
                assert_eq!(diagonal(&rows, 8), 8, "{mark} for line {at}: {rows:?}");
            }
        }
    }

    #[test]
    fn short_texts_with_names_and_numbers_in_one_order_are_no_strangers() {
        let (left, right) = (
            [
                "I am Ada Byron.",
                "There are 300 lamps.",
                "Who lights them?",
                "A man called Quill.",
                "He is 83.",
            ],
            ["我是 Ada Byron。", "有300盏灯。", "谁来点灯？", "一个叫 Quill 的人。", "他83岁。"],
        );
        let rows = pair(&untimed(&left), &untimed(&right)).rows;
        assert_eq!(diagonal(&rows, 5), 5, "{rows:?}");
        assert!(rows.iter().all(|row| row.confidence >= REVIEW_BELOW), "{rows:?}");
    }

    #[test]
    fn a_line_that_was_not_translated_stands_alone() {
        let mut left = ENGLISH.to_vec();
        left.insert(
            4,
            "Let me first read a rather long message from our sponsor about mattresses and pillows.",
        );
        let rows = pair(&untimed(&left), &untimed(&CHINESE)).rows;
        assert!(rows.iter().any(|row| row.left == [4] && row.right.is_empty()), "{rows:?}");
        assert!(rows.iter().any(|row| row.left == [8] && row.right == [7]), "{rows:?}");
    }

    #[test]
    fn a_third_that_was_never_translated_stands_alone() {
        let topics = ["boat", "lamp", "fog", "whale", "storm", "rope", "anchor", "tower", "bridge", "market"];
        let own = ["船", "灯", "雾", "鲸", "风暴", "绳子", "锚", "塔", "桥", "市场"];
        let said = |at: usize| (at * at % 97 % 10, at * 31 % 89 % 10, at);
        let left: Vec<String> = (0..90)
            .map(said)
            .map(|(one, other, at)| {
                format!("We saw the {} beside the {} in {}.", topics[one], topics[other], 1900 + at)
            })
            .collect();
        let right: Vec<String> = (0..90)
            .filter(|at| !(30..60).contains(at))
            .map(said)
            .map(|(one, other, at)| format!("{}年我们在{}旁边看见了{}。", 1900 + at, own[other], own[one]))
            .collect();
        let cues = |texts: &'static [String]| -> Vec<TrackCue<'static>> {
            texts.iter().map(|text| TrackCue { text, start: None, end: None, speaker: None }).collect()
        };
        let rows = pair(&cues(left.leak()), &cues(right.leak())).rows;
        let alone = rows.iter().filter(|row| row.right.is_empty()).flat_map(|row| &row.left);
        let alone: Vec<usize> = alone.copied().collect();
        // At either edge a few lines are lost with it: the best way is right, but where all lines
        // are alike, so many others are nearly as good that no partner is sure.
        assert!((30..60).all(|at| alone.contains(&at)) && alone.len() <= 40, "{alone:?}");
        let paired = |i: usize, j: usize| rows.iter().any(|row| row.left == [i] && row.right == [j]);
        assert!((0..25).all(|at| paired(at, at)) && (35..60).all(|at| paired(at + 30, at)), "{rows:?}");
    }

    #[test]
    fn texts_that_have_nothing_to_do_with_each_other_are_for_review() {
        let right = ["山上有一只猫。", "下雨了吗？", "厨房里的锅很旧。", "船长唱歌。", "红色的帽子丢了。"];
        let rows = pair(&untimed(&ENGLISH), &untimed(&right)).rows;
        assert!(rows.iter().all(|row| row.confidence < REVIEW_BELOW), "{rows:?}");
    }

    #[test]
    fn texts_that_contradict_their_times_are_for_review() {
        let things = [("boat", "船"), ("lamp", "灯"), ("fog", "雾"), ("rope", "绳子"), ("tower", "塔")];
        let left = |at: usize| format!("In {} we saw the {} again.", 1900 + at, things[at * at % 5].0);
        let right = |at: usize| format!("{}年我们又看见了{}。", 1900 + at, things[at * at % 5].1);
        let at_its_time = |texts: Vec<String>| {
            let leak = |text: String| -> &'static str { text.leak() };
            let said = texts.into_iter().zip(talk(60)).map(|(text, (start, end))| (leak(text), start, end));
            timed(&said.collect::<Vec<_>>())
        };
        let own = at_its_time((0..60).map(left).collect());
        let backwards = at_its_time((0..60).rev().map(right).collect());
        let rows = pair(&own, &backwards).rows;
        assert!(rows.iter().all(|row| row.confidence < REVIEW_BELOW), "{rows:?}");
        let forwards = at_its_time((0..60).map(right).collect());
        let rows = pair(&own, &forwards).rows;
        assert!(rows.iter().all(|row| row.confidence > REVIEW_BELOW), "{rows:?}");
    }

    #[test]
    fn an_advert_in_one_track_is_in_no_row_of_the_other() {
        let spans = talk(120);
        let (first, rest) = spans.split_at(50);
        let long = 10 * 2600;
        let mut other: Vec<(u64, u64)> = first.to_vec();
        let from = first[49].1 + 300;
        other.extend((0..10).map(|at| (from + at * 2600, from + at * 2600 + 2300)));
        other.extend(rest.iter().map(|(start, end)| (start + long, end + long)));
        let own = spoken(spans.iter().copied(), "so it goes");
        let rows = pair(&own, &spoken(other.into_iter(), "就是这样")).rows;
        let paired = |i: usize, j: usize| rows.iter().any(|row| row.left == [i] && row.right == [j]);
        assert!((0..50).all(|at| paired(at, at)) && (50..120).all(|at| paired(at, at + 10)), "{rows:?}");
        let alone = rows.iter().filter(|row| row.left.is_empty()).flat_map(|row| row.right.clone());
        assert_eq!(alone.collect::<Vec<_>>(), (50..60).collect::<Vec<_>>());
    }

    #[test]
    fn words_that_are_cues_pair_with_the_line_that_they_are_of() {
        let words: Vec<&str> = ENGLISH.iter().flat_map(|line| line.split(' ')).collect();
        let rows = pair(&untimed(&words), &untimed(&CHINESE)).rows;
        let mut at = 0;
        for (line, text) in ENGLISH.iter().enumerate() {
            for _ in text.split(' ') {
                let row = rows.iter().find(|row| row.left.contains(&at)).expect("each is in a row");
                assert_eq!(row.right, [line], "{rows:?}");
                at += 1;
            }
        }
    }

    #[test]
    fn an_empty_track_leaves_rows_of_the_other() {
        let rows = pair(&untimed(&ENGLISH), &[]).rows;
        assert_eq!(rows.len(), 8);
        assert!(pair(&[], &[]).rows.is_empty());
    }

    #[test]
    fn one_against_many_and_marks_alone_lose_nothing() {
        let many: Vec<&'static str> = ENGLISH.iter().copied().cycle().take(1000).collect();
        for right in [vec!["你好"], vec!["？！。", "…", ""]] {
            let rows = pair(&untimed(&many), &untimed(&right)).rows;
            let mut left: Vec<usize> = rows.iter().flat_map(|row| row.left.clone()).collect();
            left.dedup();
            assert_eq!(left, (0..1000).collect::<Vec<_>>());
            assert!((0..right.len()).all(|at| rows.iter().any(|row| row.right.contains(&at))));
        }
    }

    #[test]
    fn two_equal_tracks_pair_line_by_line() {
        let texts: Vec<&'static str> = ENGLISH.iter().chain(&CHINESE).copied().collect();
        assert_eq!(diagonal(&pair(&untimed(&texts), &untimed(&texts)).rows, 16), 16);
    }

    #[test]
    fn a_lock_moves_what_is_beside_it() {
        let (en, zh) = (Lang::parse("en").unwrap(), Lang::parse("zh-Hans").unwrap());
        let (left, right) =
            (untimed(&["Mm.", "Ah.", "Oh.", "Eh."]), untimed(&["哦。", "嗯。", "啊。", "呃。"]));
        let locks = [Lock::Split { left: 1, right: 3 }];
        let hints = Hints { locks: &locks, ..Hints::default() };
        let rows = align(&Side { lang: &en, cues: &left }, &Side { lang: &zh, cues: &right }, &hints).rows;
        let crosses = |row: &Row| row.left.iter().any(|i| row.right.iter().any(|j| (*i < 1) != (*j < 3)));
        assert!(!rows.iter().any(crosses), "{rows:?}");
        let shape = shape(&rows);
        assert_eq!(shape.iter().flat_map(|row| &row.0).count(), 4, "{shape:?}");
        let far = [
            Lock::Pair { left: vec![0], right: vec![3] },
            Lock::Split { left: 0, right: 2 },
            Lock::Pair { left: vec![3], right: vec![0] },
        ];
        for lock in far {
            let hints = Hints { locks: std::slice::from_ref(&lock), ..Hints::default() };
            let rows =
                align(&Side { lang: &en, cues: &left }, &Side { lang: &zh, cues: &right }, &hints).rows;
            assert!(rows.iter().flat_map(|row| &row.right).count() >= 4, "{rows:?}");
        }
    }

    #[test]
    fn rows_are_shown_by_sentences() {
        let en = Lang::parse("en").unwrap();
        let cues = untimed(&["This is", "one sentence.", "This is another."]);
        let side = Side { lang: &en, cues: &cues };
        let rows: Vec<Row> = (0..3).map(|at| Row::new(vec![at], vec![at], 1.0)).collect();
        assert_eq!(sentences(&rows, &side, &side), [0..2, 2..3]);
    }
}
