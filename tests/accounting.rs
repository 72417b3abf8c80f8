//! Every transcript at hand, counted twice: once by the reader, once by a few lines that know no
//! more of its form than where a cue begins. Skipped with a line where there are none.

mod support;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use diglot::diagnostic::{Diagnostic, Severity};
use diglot::parse::document::{Document, MarkKind};
use diglot::parse::front_matter::read_front_matter;
use diglot::parse::transcript::{parse_transcript, transcript_form};
use diglot::table::Findings;
use scraper::{Html, Selector};
use serde_json::Value;
use support::material::{source, transcripts};
use support::{say, shared};

/// What a folder's files came to.
#[derive(Default)]
struct Count {
    files: usize,
    refused: usize,
    cues: usize,
    lines: usize,
    joined: usize,
    rolled: usize,
    split: usize,
    reported: usize,
    words: usize,
}

/// The cues of a file, by nothing but where each begins; none where its form has no cues.
fn cues_in(form: &str, text: &str) -> Option<usize> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(match form {
        "srt" => text.lines().filter(|line| is_time_line(line)).count(),
        "vtt" => vtt_blocks(&text),
        "tsv" => text.lines().skip(1).filter(|line| !line.trim().is_empty()).count(),
        "html" => {
            let said = Selector::parse("p").expect("a selector");
            let html = Html::parse_document(&text);
            html.select(&said).filter(|p| p.text().any(|text| !text.trim().is_empty())).count()
        }
        "podcast-json" | "whisper-json" | "json" => {
            let root: Value = serde_json::from_str(&text).ok()?;
            let list = ["segments", "cues", "transcription"].iter().find_map(|key| root.get(key));
            list.unwrap_or(&root).as_array().map_or(0, Vec::len)
        }
        _ => return None,
    })
}

fn is_time_line(line: &str) -> bool {
    let line = line.trim();
    line.contains("-->") && line.starts_with(|c: char| c.is_ascii_digit())
}

/// Lines with an arrow that are not in a header or a note.
fn vtt_blocks(text: &str) -> usize {
    let mut count = 0;
    for block in text.split("\n\n") {
        let block = block.trim_start_matches('\n');
        if !block.starts_with("NOTE") || !block.contains("-->") {
            let arrow = |line: &&str| line.contains("-->") && !line.starts_with("WEBVTT");
            count += block.lines().filter(arrow).count();
        }
    }
    count
}

/// How often each word is in a text.
fn words<'t>(texts: impl Iterator<Item = &'t str>) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for text in texts {
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *found.entry(word.to_owned()).or_default() += 1;
        }
    }
    found
}

fn kept_words(document: &Document, text: &str) -> HashMap<String, usize> {
    let parts = document.parts.iter().map(AsRef::as_ref);
    let labels = document.labels.iter().map(String::as_str);
    let titles = document.page.titles.iter().map(String::as_str);
    let marks = document.marks.iter().flat_map(|mark| match &mark.kind {
        MarkKind::Section(title) => title.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    let links = document.links.iter().flat_map(|(name, url)| [name.as_str(), url.as_str()]);
    let left = document.left_out.iter().map(|(span, _)| &text[span.clone()]);
    let page = [document.page.summary.as_str(), document.notes.as_str()].into_iter();
    let page = page.chain(document.page.show.as_deref());
    words(parts.chain(labels).chain(titles).chain(marks).chain(links).chain(left).chain(page))
}

const BREAKS: &[&str] = &["Break", "Jingle", "Outro"];

/// A text without what is no word: clocks, numbers of lists, tags, labels of breaks.
fn plain(text: &str) -> String {
    let clock = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        word.contains(':') && word.bytes().all(|byte| byte.is_ascii_digit() || b":.,->".contains(&byte))
    };
    let number = |word: &str| {
        word.strip_suffix(['.', ')']).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut found = String::new();
    for line in text.lines() {
        // Headings and labels that say what is no talk: where the transcript begins, a break, music.
        let is_mark = line.starts_with('#')
            || (line.starts_with("**") && !line.contains(":** ") && line.ends_with(['*', ']']))
            || BREAKS.iter().any(|label| line.starts_with(&format!("**{label}:")));
        if is_mark {
            continue;
        }
        let line = line.replace("&#39;", "'");
        let mut words =
            line.split([' ', '\t', '[', ']', '(', ')', '\\', '<', '>']).filter(|word| !word.is_empty());
        let first = words.next().filter(|word| !number(word));
        for word in first.into_iter().chain(words).filter(|word| !clock(word) && !word.ends_with("pre")) {
            found.push_str(word);
            found.push(' ');
        }
        found.push('\n');
    }
    found
}

/// Words that a document has not, or has less often; a few of them. Marks may stand within a word,
/// so those that are in what is left without marks are there.
fn lost_words(document: &Document, text: &str, all: &HashMap<String, usize>) -> Vec<String> {
    let kept = kept_words(document, text);
    let texts: String = document.parts.iter().flat_map(|part| part.chars()).collect();
    let tight: String = texts.chars().filter(|c| c.is_alphanumeric()).collect();
    let labels = document.labels.join(" ");
    let is_lost = |word: &str, count: usize| match kept.get(word) {
        Some(kept) => {
            *kept < count
                && tight.matches(word).count() < count
                && word.len() > 4
                && word.is_ascii()
                && !labels.contains(word)
        }
        None => !tight.contains(word),
    };
    let lost = all.iter().filter(|(word, count)| is_lost(word, **count));
    let mut lost: Vec<String> = lost.map(|(word, count)| format!("{word} {count}")).collect();
    lost.sort();
    lost.truncate(12);
    lost
}

fn codes(findings: &[Diagnostic], code: &str) -> usize {
    findings.iter().filter(|finding| finding.code.0 == code).count()
}

#[test]
fn every_cue_of_every_real_file_is_a_line_or_accounted_for() {
    let Some(folder) = shared("data") else { return };
    let mut folders: BTreeMap<String, Count> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    for (path, name) in transcripts(&folder) {
        let top = name.split('/').next().unwrap_or_default().to_owned();
        let count = folders.entry(top).or_default();
        account(&path, &name, count, &mut wrong);
    }
    for (folder, count) in &folders {
        let Count { files, refused, cues, lines, joined, rolled, split, reported, words } = count;
        say!(
            "{folder}: {files} files, {refused} refused; {cues} cues + {split} split = {lines} lines of cues \
             + {joined} joined + {rolled} rolled + {reported} reported; {words} words of other forms"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn account(path: &Path, name: &str, count: &mut Count, wrong: &mut Vec<String>) {
    let findings = Findings::default();
    let Some(source) = source(path, name, &findings) else {
        count.refused += 1;
        return;
    };
    let (_, body) = read_front_matter(&source, &findings);
    let document = parse_transcript(&source, body.clone(), &[], &findings);
    let form = transcript_form(&source, body.clone(), &[]).form.name();
    let findings = findings.into_inner();
    count.files += 1;
    if document.lines.is_empty() {
        count.refused += 1;
        if !findings.iter().any(|finding| finding.severity == Severity::Error) {
            wrong.push(format!("{name}: nothing is read, and nobody says so"));
        }
    }
    let text = &source.text[body.clone()];
    match cues_in(form, text) {
        Some(cues) => {
            let tally = document.tally;
            // SubRip keeps words without times as cues of their own, and tells.
            let untimed = document.lines.iter().filter(|line| line.start.is_none()).count();
            let extra = if form == "srt" { untimed.min(tally.cues.saturating_sub(cues)) } else { 0 };
            let told = [
                ("cue-empty", tally.empty),
                ("joined-cues", tally.joined),
                ("rolling-captions", tally.rolled),
                ("stray-text", extra),
            ];
            let silent = told.iter().find(|(code, count)| *count > 0 && codes(&findings, code) == 0);
            if tally.cues != cues + extra || !tally.balances(document.lines.len()) || silent.is_some() {
                wrong.push(format!(
                    "{name} ({form}): {cues} cues + {extra}, but {tally:?}, {} lines; {silent:?}",
                    document.lines.len()
                ));
            }
            count.cues += tally.cues;
            count.lines += document.lines.len();
            count.joined += tally.joined;
            count.rolled += tally.rolled;
            count.split += tally.split;
            count.reported += tally.empty + tally.unread;
        }
        None => {
            let all = words([plain(text).as_str()].into_iter());
            count.words += all.values().sum::<usize>();
            let lost = lost_words(&document, &source.text, &all);
            if !lost.is_empty() && !document.lines.is_empty() {
                wrong.push(format!("{name} ({form}): {lost:?}"));
            }
        }
    }
}
