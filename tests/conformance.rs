//! Other people's test suites: the files they read, and what they find in them. Skipped with a line
//! where those suites are not at hand.

mod support;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use diglot::diagnostic::{Diagnostic, Severity};
use diglot::parse::document::Document;
use diglot::parse::front_matter::read_front_matter;
use diglot::parse::transcript::vtt::parse_vtt;
use diglot::parse::transcript::vtt_text::{Element, Node, NodeKind, cue_nodes};
use diglot::parse::transcript::{parse_transcript, transcript_form};
use diglot::read::{File, Stamp, source_of};
use diglot::source::{Limits, Source};
use diglot::table::Findings;
use serde_json::Value;
use support::material::all_files;
use support::{say, shared};

fn read(path: &Path) -> (Option<Source>, Findings) {
    let findings = Findings::default();
    let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    let file =
        File { path: path.to_owned(), name: name.into(), stamp: Stamp::default(), limits: Limits::default() };
    let source = source_of(&file, fs::read(path).expect("the file can be read"), &findings);
    (source, findings)
}

/// What is said, with who says it and when.
#[derive(Debug, PartialEq, Clone)]
struct Said {
    start: Option<u64>,
    end: Option<u64>,
    speaker: String,
    text: String,
}

fn said(document: &Document) -> Vec<Said> {
    let mut parts = document.parts.iter();
    let line = |line: &diglot::parse::document::Line| Said {
        start: line.start.map(|start| start.0),
        end: line.end.map(|end| end.0),
        speaker: line.label.map_or(String::new(), |label| document.labels[label].clone()),
        text: parts.by_ref().take(line.part_count).map(|part| squeezed(part)).collect::<Vec<_>>().join(" | "),
    };
    document.lines.iter().map(line).collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines_of(path: &Path) -> (Vec<Said>, Vec<Diagnostic>) {
    let (source, findings) = read(path);
    let source = source.unwrap_or_else(|| panic!("{} is text", path.display()));
    let (_, body) = read_front_matter(&source, &findings);
    let document = parse_transcript(&source, body, &[], &findings);
    let found = said(&document);
    (found, findings.into_inner())
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|own| own == extension)).collect();
    paths.sort();
    paths
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it can be read")).expect("it is JSON")
}

#[test]
fn webvtt_files_give_the_cues_of_the_web_platform_tests() {
    let Some(folder) = shared("data/conformance/wpt-webvtt-file") else { return };
    let mut count = 0;
    for path in files(&folder, "vtt") {
        let (source, _) = read(&path);
        let source = source.expect("it is text");
        let file = parse_vtt(&source.text);
        let millis = |value: &Value| (value.as_f64().expect("a number") * 1000.0).round() as u64;
        let expected: Vec<_> = json(&path.with_extension("expected.json"))
            .as_array()
            .expect("a list")
            .iter()
            .map(|cue| {
                let text = |key: &str| cue[key].as_str().expect("a text").to_owned();
                (text("id"), millis(&cue["start"]), millis(&cue["end"]), text("text"))
            })
            .collect();
        let cues =
            file.cues.iter().map(|cue| (cue.id.to_owned(), cue.start.0, cue.end.0, cue.text.to_owned()));
        assert_eq!(cues.collect::<Vec<_>>(), expected, "{}", path.display());
        count += 1;
    }
    assert_eq!(count, 29);
    say!("WebVTT files: {count} of {count}");
}

#[test]
fn webvtt_cue_texts_give_the_trees_of_the_web_platform_tests() {
    let Some(folder) = shared("data/conformance/wpt-webvtt-cue") else { return };
    let mut count = 0;
    for path in files(&folder, "json") {
        for case in json(&path).as_array().expect("a list") {
            let text = case["text"].as_str().expect("a text");
            // As the file's parser hands it on: nulls marked, up to the first blank line.
            let text = text.replace('\0', "\u{fffd}");
            let text = text.trim_end_matches('\n').split("\n\n").next().unwrap_or_default();
            assert_eq!(tree(&cue_nodes(text)), case["expectedTree"].as_str().expect("a tree"), "{text:?}");
            count += 1;
        }
    }
    assert_eq!(count, 77);
    say!("WebVTT cue texts: {count} of {count}");
}

/// A tree in the words of those tests.
fn tree(nodes: &[Node]) -> String {
    let mut shown = String::new();
    for node in nodes {
        let indent = "  ".repeat(node.depth);
        match &node.kind {
            NodeKind::Text(text) => shown.push_str(&format!("| {indent}\"{text}\"\n")),
            NodeKind::Time(time) => {
                let seconds = time.0 / 1000;
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                let clock = format!("{hours:02}:{minutes:02}:{:02}.{:03}", seconds % 60, time.0 % 1000);
                shown.push_str(&format!("| {indent}<?timestamp {clock}>\n"));
            }
            NodeKind::Element { name, classes, annotation } => {
                let tag = match name {
                    Element::Italic => "i",
                    Element::Bold => "b",
                    Element::Underline => "u",
                    Element::Ruby => "ruby",
                    Element::RubyText => "rt",
                    Element::Class | Element::Voice | Element::Lang => "span",
                };
                shown.push_str(&format!("| {indent}<{tag}>\n"));
                if !classes.is_empty() {
                    shown.push_str(&format!("| {indent}  class=\"{}\"\n", classes.join(" ")));
                }
                match name {
                    Element::Voice => shown.push_str(&format!("| {indent}  title=\"{annotation}\"\n")),
                    Element::Lang => shown.push_str(&format!("| {indent}  lang=\"{annotation}\"\n")),
                    _ => {}
                }
            }
        }
    }
    shown
}

/// The cues that webvtt-py 0.5 and srt 3.5 find; none where they refuse the file.
const CUE_COUNTS: &[(&str, usize)] = &[
    ("webvtt-py/captions_with_bom.vtt", 4),
    ("webvtt-py/comments.vtt", 3),
    ("webvtt-py/cue_tags.vtt", 3),
    ("webvtt-py/empty.vtt", 0),
    ("webvtt-py/invalid.vtt", 0),
    ("webvtt-py/invalid_format1.srt", 0),
    ("webvtt-py/invalid_format2.srt", 0),
    ("webvtt-py/invalid_format3.srt", 0),
    ("webvtt-py/invalid_format4.srt", 0),
    ("webvtt-py/invalid_timeframe.srt", 5),
    ("webvtt-py/invalid_timeframe.vtt", 6),
    ("webvtt-py/invalid_timeframe_in_cue_text.vtt", 4),
    ("webvtt-py/metadata_headers.vtt", 2),
    ("webvtt-py/metadata_headers_multiline.vtt", 2),
    ("webvtt-py/missing_caption_text.srt", 4),
    ("webvtt-py/missing_caption_text.vtt", 5),
    ("webvtt-py/missing_timeframe.srt", 4),
    ("webvtt-py/missing_timeframe.vtt", 6),
    ("webvtt-py/netflix_chicas_del_cable.vtt", 865),
    ("webvtt-py/no_captions.vtt", 0),
    ("webvtt-py/one_caption.srt", 1),
    ("webvtt-py/one_caption.vtt", 1),
    ("webvtt-py/sample.srt", 5),
    ("webvtt-py/sample.vtt", 16),
    ("webvtt-py/styles.vtt", 1),
    ("webvtt-py/using_identifiers.vtt", 6),
    ("webvtt-py/youtube_dl.vtt", 4),
    ("cdown-srt/ascii.srt", 3),
    ("cdown-srt/gb2312.srt", 3),
];

#[test]
fn subtitles_give_as_many_cues_as_the_libraries_they_come_from_find() {
    let Some(folder) = shared("data/conformance/srt") else { return };
    let mut equal = 0;
    for (name, expected) in CUE_COUNTS {
        let (lines, findings) = lines_of(&folder.join(name));
        if lines.len() == *expected {
            equal += 1;
            continue;
        }
        let reasons: Vec<&str> = findings.iter().map(|finding| finding.code.0.as_ref()).collect();
        say!("{name}: {} cues, not {expected}: {reasons:?}", lines.len());
        assert!(
            !reasons.is_empty(),
            "{name} has {} cues and not {expected}, and nobody says why",
            lines.len()
        );
    }
    say!("SubRip and WebVTT files: {equal} of {} as the libraries, the others told", CUE_COUNTS.len());
}

/// Segments of an expected parse.
fn segments(path: &Path) -> Vec<Said> {
    let millis = |value: &Value| value.as_f64().map(|seconds| (seconds * 1000.0).round() as u64);
    let segment = |segment: &Value| Said {
        start: millis(&segment["startTime"]),
        end: millis(&segment["endTime"]),
        speaker: segment["speaker"].as_str().unwrap_or_default().to_owned(),
        text: squeezed(segment["body"].as_str().unwrap_or_default()),
    };
    json(path)["segments"].as_array().expect("a list").iter().map(segment).collect()
}

/// Joins what one speaker says at one time.
fn at_one_time(lines: Vec<Said>) -> Vec<Said> {
    let mut joined: Vec<Said> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if (last.start, last.end, &last.speaker) == (line.start, line.end, &line.speaker) => {
                last.text = format!("{} {}", last.text, line.text);
            }
            _ => joined.push(line),
        }
    }
    joined
}

#[test]
fn podcast_transcripts_are_read_as_transcriptator_reads_them() {
    let Some(folder) = shared("data/podcast20/transcriptator") else { return };
    let case =
        |from: &str, expected: &str| (lines_of(&folder.join(from)).0, segments(&folder.join(expected)));
    let (lines, expected) = case("buzzcast.json", "buzzcast_json_parsed.json");
    assert_eq!(lines, expected);
    let (lines, expected) = case("buzzcast.srt", "buzzcast_srt_parsed.json");
    assert_eq!(lines, expected);
    let kde = "kde_express-16_kde_en_telegram";
    let (lines, expected) = case(&format!("{kde}.vtt"), &format!("{kde}_vtt_parsed.json"));
    assert_eq!(lines, expected);
    // That suite takes the start of the next cue for the end of one.
    let (lines, expected) = case("buzzcast.html", "buzzcast_html_parsed.json");
    // It leaves references as they are written.
    let plain = |said: Said| Said { end: None, text: said.text.replace("&amp;", "&"), ..said };
    let plain = |said: Vec<Said>| said.into_iter().map(plain).collect::<Vec<_>>();
    assert_eq!(plain(lines), plain(expected));
    // This one is parsed there with what is said at one time joined.
    let podnews = "podnews_weekly_review_2023-05-05";
    let (lines, expected) = case(&format!("{podnews}.json"), &format!("{podnews}_json_parsed.json"));
    let lines = at_one_time(lines);
    assert_eq!(lines.len(), expected.len());
    // Two segments there share words that the file gives another time.
    let differing = lines.iter().zip(&expected).filter(|(line, segment)| line != segment).count();
    let words = |said: &[Said]| said.iter().map(|said| said.text.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!((words(&lines), differing), (words(&expected), 2));
    say!("transcriptator: 4 of 5 default parses, and 65 of the 67 segments of the fifth");
}

#[test]
fn the_podcast_namespaces_examples_are_read() {
    let Some(folder) = shared("data/podcast20/namespace/transcripts") else { return };
    for (name, count, speakers) in
        [("example.json", 5, &["Darth Vader", "Luke"][..]), ("example.vtt", 7, &["Sarah", "Gillian"])]
    {
        let (lines, findings) = lines_of(&folder.join(name));
        let mut found: Vec<&str> = lines.iter().map(|line| line.speaker.as_str()).collect();
        found.dedup();
        assert_eq!((lines.len(), found.as_slice()), (count, speakers), "{name}: {findings:?}");
    }
    for name in ["example.srt", "example.html"] {
        let (lines, _) = lines_of(&folder.join(name));
        let known = |line: &Said| ["Travis", "Sarah", "Gilon"].contains(&line.speaker.as_str());
        let other = lines.iter().find(|line| !known(line));
        assert!(other.is_none(), "{name}: {other:?}");
        say!("{name}: {} cues", lines.len());
    }
}

#[test]
fn one_audio_gives_the_same_cues_from_every_form_of_whisper() {
    let Some(folder) = shared("data/whisper/stateofGPT") else { return };
    let lines = |extension: &str| lines_of(&folder.join(format!("stateofGPT.{extension}"))).0;
    let expected = lines("json");
    for extension in ["srt", "vtt", "tsv"] {
        assert_eq!(lines(extension), expected, "{extension}");
    }
    say!("Whisper: {} cues from JSON, SRT, VTT and TSV each", expected.len());
}

#[test]
fn no_word_of_a_real_file_is_lost_in_silence() {
    let Some(folder) = shared("data") else { return };
    let mut paths = Vec::new();
    all_files(&folder, &mut paths);
    let (mut count, mut cues, mut told) = (0, 0, 0);
    for path in paths {
        let extension = path.extension().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default();
        if !matches!(extension.as_str(), "srt" | "vtt" | "tsv" | "html" | "json")
            || path.to_string_lossy().contains("conformance")
        {
            continue;
        }
        let (Some(source), findings) = read(&path) else { continue };
        let document = parse_transcript(&source, 0..source.text.len(), &[], &findings);
        let findings = findings.into_inner();
        if document.lines.is_empty() {
            assert!(findings.iter().any(|finding| finding.severity == Severity::Error), "{}", path.display());
            continue;
        }
        count += 1;
        cues += document.lines.len();
        told += findings.len();
        let form = transcript_form(&source, 0..source.text.len(), &[]).form.name();
        if matches!(form, "srt" | "vtt")
            && !findings.iter().any(|finding| finding.code.0 == "rolling-captions")
        {
            let reported =
                findings.iter().any(|finding| matches!(finding.code.0.as_ref(), "bad-timing" | "stray-text"));
            let lost = lost_words(&source.text, &document);
            assert!(lost.is_empty() || reported, "{}: {lost:?}", path.display());
        }
    }
    say!("real files: {count} read, {cues} lines, {told} findings");
}

/// The words of a subtitle file that are in no part and no label.
fn lost_words(text: &str, document: &Document) -> Vec<String> {
    let labels = document.labels.iter().map(String::as_str);
    let kept: Vec<&str> = document.parts.iter().map(|part| part.as_ref()).chain(labels).collect();
    let kept = kept.join(" ");
    let kept_words: HashSet<String> = words(&kept).collect();
    // Wrapped lines of Han text are joined without a space.
    let is_kept = |word: &str| kept_words.contains(word) || kept.contains(word);
    let is_words =
        |line: &&str| !line.contains("-->") && !line.trim().bytes().all(|byte| byte.is_ascii_digit());
    let mut lost: Vec<String> = Vec::new();
    let mut note = true;
    for line in text.lines() {
        // A header, and notes.
        if line.contains("-->") {
            note = false;
        } else if line.starts_with("NOTE") {
            note = true;
        }
        if !note && is_words(&line) && !line.contains(['<', '&']) {
            lost.extend(words(line).filter(|word| !is_kept(word)));
        }
    }
    lost
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}
