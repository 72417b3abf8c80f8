//! What is written of a transcript and read again is the same transcript: its cues with their
//! times, speakers and words, as far as a format has a place for them.

mod support;

use std::fs;
use std::path::Path;

use diglot::config::TranscriptFormat;
use diglot::lang::Lang;
use diglot::parse::transcript::parse_transcript;
use diglot::source::Source;
use diglot::table::Findings;
use support::Project;
use support::rows::{self, Row};

/// A fixed sequence that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

fn langs(tags: &[&str]) -> Vec<Lang> {
    tags.iter().map(|tag| Lang::parse(tag).expect("a tag")).collect()
}

/// Reads a file, hands its rows to `look`, and writes it in a format where one is asked for.
fn read(
    name: &str,
    text: &str,
    langs: &[Lang],
    to: Option<(TranscriptFormat, Option<usize>)>,
) -> (Vec<Row>, String) {
    let source = Source::new(name, text);
    let found = rows::read(&source, langs);
    let written = to.map_or(String::new(), |(format, only)| {
        let only = only.map(|only| &langs[only]);
        found.written(format, only).expect("it has what the format needs")
    });
    (found.rows, written)
}

/// What a format keeps of a cue.
#[derive(Clone, Copy)]
struct Keeps {
    ends: bool,
    speakers: bool,
    times: bool,
}

/// What differs after a file is written and read again.
fn difference(
    name: &str,
    text: &str,
    tags: &[&str],
    format: TranscriptFormat,
    only: Option<usize>,
) -> Option<String> {
    let keeps = Keeps {
        ends: !matches!(format, TranscriptFormat::Md | TranscriptFormat::Txt),
        times: format != TranscriptFormat::Txt,
        speakers: format != TranscriptFormat::Tsv || (tags.len() > 1 && only.is_none()),
    };
    let langs = langs(tags);
    let (rows, written) = read(name, text, &langs, Some((format, only)));
    let wanted = only.map_or(langs.clone(), |only| vec![langs[only].clone()]);
    let (again, _) = read(&format!("again.{}", format.extension()), &written, &wanted, None);
    let kept = |row: &Row, other: Option<&Row>| Row {
        start: row.start.filter(|_| keeps.times && other.is_none_or(|other| other.start.is_some())),
        end: row.end.filter(|_| keeps.ends && other.is_none_or(|other| other.end > other.start)),
        speaker: row.speaker.clone().filter(|_| keeps.speakers),
        turn: row.turn,
        marks: if format == TranscriptFormat::Md { row.marks } else { 0 },
        texts: row
            .texts
            .iter()
            .filter(|(tag, _)| wanted.iter().any(|lang| lang.as_str() == tag))
            .cloned()
            .collect(),
    };
    let rows: Vec<Row> = rows.iter().map(|row| kept(row, None)).filter(|row| !row.texts.is_empty()).collect();
    for (index, row) in rows.iter().enumerate() {
        let Some(found) = again.get(index) else {
            return Some(format!("{format:?} {name}: cue {index} is lost: {row:?}\n{written}"));
        };
        // Formats in which every cue has times are given those that the source has not.
        let found = kept(found, Some(row));
        let row = Row { end: row.end.filter(|end| Some(*end) > row.start), ..row.clone() };
        if found != row {
            return Some(format!("{format:?} {name}: cue {index} is {found:?}, and was {row:?}"));
        }
    }
    (again.len() > rows.len()).then(|| {
        format!("{format:?} {name}: {} cues more: {:?}", again.len() - rows.len(), again[rows.len()])
    })
}

/// What is said in each language, whoever says it and in however many cards.
fn words(rows: &[Row], tag: &str) -> String {
    let texts = rows.iter().flat_map(|row| &row.texts).filter(|(own, _)| own == tag);
    texts.flat_map(|(_, text)| text.chars()).filter(|c| !c.is_whitespace()).collect()
}

const WHOLE: [TranscriptFormat; 4] =
    [TranscriptFormat::Json, TranscriptFormat::Vtt, TranscriptFormat::PodcastJson, TranscriptFormat::Md];

#[test]
fn the_demo_is_the_same_in_every_format() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/night-ferry");
    for name in ["003-what-day-is-it/transcript.md", "007-the-0347.md"] {
        let text = fs::read_to_string(content.join(name)).expect("the demo has it");
        let tags = ["zh-Hans", "en"];
        for format in WHOLE.into_iter().chain([TranscriptFormat::Tsv]) {
            assert_eq!(difference(name, &text, &tags, format, None), None);
        }
        for format in [TranscriptFormat::Vtt, TranscriptFormat::PodcastJson, TranscriptFormat::Tsv] {
            for only in [0, 1] {
                assert_eq!(difference(name, &text, &tags, format, Some(only)), None);
            }
        }
        for only in [None, Some(0), Some(1)] {
            let all = langs(&tags);
            let (rows, written) = read(name, &text, &all, Some((TranscriptFormat::Srt, only)));
            let (again, _) =
                read("again.srt", &written, &only.map_or(all.clone(), |only| vec![all[only].clone()]), None);
            for (lang, tag) in
                tags.iter().enumerate().filter(|(lang, _)| only.is_none_or(|only| only == *lang))
            {
                assert_eq!(words(&again, tag), words(&rows, tag), "{name} {lang}");
            }
            assert_cards(&written);
        }
    }
}

#[test]
fn turns_of_nobody_known_are_turns_again() {
    let text = "1\n00:00:00,000 --> 00:00:01,000\n>> One\n\n2\n00:00:01,000 --> 00:00:02,000\n>> Two\n\n\
        3\n00:00:02,000 --> 00:00:03,000\nAda: three\n\n4\n00:00:03,000 --> 00:00:04,000\n>> four\n\n\
        5\n00:00:04,000 --> 00:00:05,000\nfive\n\n6\n00:00:05,000 --> 00:00:06,000\n>> Ada: six\n";
    let turns = |name: &str, text: &str| {
        let source = Source::new(name, text);
        let document = parse_transcript(&source, 0..text.len(), &[], &Findings::default());
        let marks: Vec<usize> = document.marks.iter().map(|mark| mark.before).collect();
        let labels: Vec<_> = document.lines.iter().map(|line| line.label).collect();
        (marks, labels)
    };
    let was = turns("a.srt", text);
    assert_eq!(was, (vec![1], vec![None, None, Some(0), None, None, Some(0)]));
    for format in WHOLE.into_iter().chain([TranscriptFormat::Txt, TranscriptFormat::Srt]) {
        let (_, written) = read("a.srt", text, &langs(&["en"]), Some((format, None)));
        assert_eq!(turns(&format!("again.{}", format.extension()), &written), was, "{written}");
    }
}

#[test]
fn untimed_episodes_are_the_same_in_markdown() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    for name in [
        "pasted-page.txt",
        "ashore/001-the-pigs-head.txt",
        "night-ferry/001-between-two-baselines/transcript.txt",
        "night-ferry/002-the-light-that-blinks-twice.txt",
        "night-ferry/004-fourteen-characters.txt",
        "night-ferry/005-the-cold-room.md",
        "night-ferry/006-keep-silence/transcript.txt",
        "night-ferry/008-the-same-page/transcript.txt",
    ] {
        let text = fs::read_to_string(content.join(name)).expect("the demo has it");
        for format in [TranscriptFormat::Md, TranscriptFormat::Json] {
            assert_eq!(difference(name, &text, &["zh-Hans", "en"], format, None), None);
        }
    }
}

/// The rules of podcasts for SubRip.
fn assert_cards(text: &str) {
    let mut last_start = String::new();
    for card in text.trim_end().split("\n\n") {
        let lines: Vec<&str> = card.lines().collect();
        assert!((3..=4).contains(&lines.len()), "{card}");
        assert!(lines[0].bytes().all(|byte| byte.is_ascii_digit()), "{card}");
        let (start, end) = lines[1].split_once(" --> ").expect("times");
        assert!(start < end && start >= last_start.as_str(), "{card}");
        last_start = start.to_owned();
        for line in &lines[2..] {
            let wide =
                |c: char| ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ff60}').contains(&c);
            let columns: usize = line.chars().map(|c| if wide(c) { 2 } else { 1 }).sum();
            assert!(columns <= 32, "{columns} columns: {line}");
        }
    }
}

/// Words that mean something in one format or another.
const BITS: [&str; 30] = [
    "-->",
    "&amp;",
    "&",
    "<b>",
    "</v>",
    "<",
    ">",
    "a > b",
    "Note: so",
    "# x",
    "1. y",
    "*z*",
    "**w**",
    "_u_",
    "`code`",
    "[link](x)",
    "[00:12]",
    "\\",
    "+++",
    "---",
    "~~~",
    "{i}",
    "| t |",
    "\"q\"",
    "'s",
    "$5%",
    "https://a.b/c_d?e=f&g",
    "00:01 --> 00:02",
    "=",
    "!",
];

/// A talk as diglot's own JSON, which can hold anything.
fn hostile(dice: &mut Dice, tags: &[&str], names: &[&str], begins: &[&[&str]]) -> String {
    let mut time = 0;
    let cues: Vec<_> = (0..12)
        .map(|_| {
            let mut text = serde_json::Map::new();
            for (tag, begins) in tags.iter().zip(begins) {
                if tags.len() > 1 && dice.below(6) == 0 && (!text.is_empty() || *tag == tags[0]) {
                    continue;
                }
                let mut words: Vec<&str> = vec![*dice.one(begins)];
                words.extend((0..dice.below(4)).map(|_| *dice.one(&BITS)));
                words.push(*dice.one(begins));
                text.insert((*tag).to_owned(), words.join(" ").into());
            }
            if text.is_empty() {
                text.insert(tags[0].to_owned(), begins[0][0].into());
            }
            time += dice.below(9000) as u64;
            let end = time + 1 + dice.below(4000) as u64;
            let start = time as f64 / 1000.0;
            serde_json::json!({ "start": start, "end": end as f64 / 1000.0, "speaker": dice.one(names), "text": text })
        })
        .collect();
    serde_json::json!({ "languages": tags, "cues": cues }).to_string()
}

type Case<'a> = (&'a [&'a str], &'a [&'a [&'a str]]);

const CASES: [Case; 3] = [
    (&["zh-Hans", "en"], &[&["灯光在水上。", "我们走夜路"], &["lamps on the water", "and so we walk"]]),
    (&["en"], &[&["lamps on the water", "and so we walk"]]),
    (&["ar", "en"], &[&["المصابيح على الماء", "نمشي في الليل"], &["lamps on the water", "and so we walk"]]),
];

#[test]
fn hostile_words_stay_words() {
    let names = ["Ada: B", "C > D", "<E> F", "林岳", "O’Neil & Co", "G*H*", "\"I\" J_K_"];
    let mut dice = Dice(7);
    let mut failed = Vec::new();
    for round in 0..60 {
        for (tags, begins) in CASES {
            let text = hostile(&mut dice, tags, &names, begins);
            for format in WHOLE {
                failed.extend(difference(&format!("{round}.json"), &text, tags, format, None));
                if format != TranscriptFormat::Json && tags.len() > 1 {
                    failed.extend(difference(&format!("{round}.json"), &text, tags, format, Some(1)));
                }
            }
            failed.extend(difference(&format!("{round}.json"), &text, tags, TranscriptFormat::Tsv, None));
            let (_, card) = read("a.json", &text, &langs(tags), Some((TranscriptFormat::Srt, None)));
            assert_cards(&card);
        }
    }
    support::say!(
        "transcripts written and read again: 60 rounds of {} talks; {} differ",
        CASES.len(),
        failed.len()
    );
    assert!(
        failed.is_empty(),
        "{} differ:\n{}",
        failed.len(),
        failed.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
    );
}

const TIMED: &str = "+++\ntitle = \"Bells\"\nspeakers = { Anselm = \"anselm\" }\n+++\n\
    [00:15] **Anselm**: 两次。\nTwice.\n\n[00:17] **Yao**: 这位是铸钟师傅。\nThis is the bell founder.\n";
const UNTIMED: &str = "Speaker 0\n\n你好，世界。\n\nHello, world.\n\nSpeaker 1\n\n好。\n\nFine.\n";

fn archive(settings: &str) -> Project {
    Project::of(&[
        (
            "site.toml",
            &format!("base_url = \"https://example.org/\"\nlanguages = [\"zh-Hans\", \"en\"]\n{settings}"),
        ),
        ("content/people.toml", "[anselm]\nname = { \"zh-Hans\" = \"安瑟\", en = \"Anselm Brook\" }\n"),
        ("content/talks/bells.md", TIMED),
        ("content/talks/lamps.txt", UNTIMED),
    ])
}

/// The published files of transcripts.
fn published(project: &Project) -> Vec<String> {
    let site = project.site();
    site.0.keys().filter(|path| path.contains("/transcript.")).cloned().collect()
}

#[test]
fn without_a_word_of_the_author_each_episode_has_what_most_can_use() {
    let project = archive("");
    project.build();
    assert_eq!(
        published(&project),
        ["talks/bells/transcript.en.vtt", "talks/bells/transcript.zh-Hans.vtt", "talks/lamps/transcript.md"]
    );
    let site = project.site();
    assert!(site.text("talks/bells/transcript.en.vtt").contains("<v Anselm Brook>Twice.\n"));
    assert!(site.text("talks/bells/transcript.zh-Hans.vtt").contains("<v 安瑟>两次。\n"));
    assert_eq!(
        site.text("talks/lamps/transcript.md"),
        "# Lamps\n\n**Speaker 0**: 你好，世界。\nHello, world.\n\n**Speaker 1**: 好。\nFine.\n"
    );
    let vtt = |lang: &str| {
        format!(
            "<podcast:transcript url=\"https://example.org/talks/bells/transcript.{lang}.vtt\" \
             type=\"text/vtt\" language=\"{lang}\" rel=\"captions\"/>"
        )
    };
    let md =
        "<podcast:transcript url=\"https://example.org/talks/lamps/transcript.md\" type=\"text/markdown\"/>";
    for feed in ["feed.xml", "talks/feed.xml"] {
        let text = site.text(feed);
        assert!(text.contains("xmlns:podcast=\"https://podcastindex.org/namespace/1.0\""), "{text}");
        assert_eq!(text.matches("<podcast:transcript").count(), 3, "{text}");
        assert!(text.contains(&vtt("zh-Hans")) && text.contains(&vtt("en")) && text.contains(md), "{text}");
    }
    let page = site.text("talks/bells/index.html");
    assert!(page.contains("href=\"/talks/bells/transcript.en.vtt\""), "{page}");
}

#[test]
fn the_author_chooses_the_formats() {
    let all = "[transcripts]\nformats = [\"vtt\", \"srt\", \"json\", \"txt\", \"md\", \"podcast-json\", \"tsv\", \"tmx\"]\n";
    let project = archive(all);
    project.build();
    let found = published(&project);
    let of = |folder: &str| found.iter().filter(|path| path.contains(folder)).count();
    assert_eq!((of("/bells/"), of("/lamps/")), (10, 5), "{found:?}");
    let feed = project.site().text("feed.xml").to_owned();
    assert!(feed.contains("type=\"application/json\" language=\"en\" rel=\"captions\""), "{feed}");
    assert!(feed.contains("type=\"application/x-subrip\" rel=\"captions\""), "{feed}");
    // Each form and language is announced once.
    assert_eq!(feed.matches("<podcast:transcript").count(), 7 + 2, "{feed}");
    project.write("site.toml", "[transcripts]\nformats = []\n");
    project.build();
    assert!(published(&project).is_empty());
    assert!(!project.site().text("feed.xml").contains("<podcast:transcript"));
    project.write("site.toml", "[transcripts]\nformats = [\"vtt\", \"docx\"]\n");
    project.try_build().exits(1).says("error[transcript-format]");
}

#[test]
fn a_file_of_the_authors_own_is_published_in_place_of_ours() {
    let project = Project::of(&[
        ("site.toml", "[transcripts]\nformats = [\"md\", \"tmx\"]\n"),
        ("content/talks/lamps/episode.md", "+++\ntitle = \"Lamps\"\n+++\n"),
        ("content/talks/lamps/transcript.txt", UNTIMED),
        ("content/talks/lamps/transcript.tmx", "mine"),
    ]);
    project.try_build().exits(0).says("note[own-transcript]");
    let site = project.site();
    assert_eq!(site.text("talks/lamps/transcript.tmx"), "mine");
    assert!(site.text("talks/lamps/transcript.md").starts_with("# Lamps\n"));
    assert!(site.text("talks/lamps/index.html").contains("transcript.tmx"));
}
