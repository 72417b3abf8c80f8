//! `diglot align`: two tracks of one talk, paired, as data.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Exit, print_data, print_diagnostics};
use crate::cli::AlignTo;
use crate::diagnostic::Diagnostic;
use crate::glossary::Glossary;
use crate::lang::{Lang, detect, telling_script};
use crate::model::align::{
    Alignment, Hints, REVIEW_BELOW, Side, TrackCue, align, find_locks, report_foreign,
};
use crate::model::cue_ids;
use crate::parse::document::Document;
use crate::parse::front_matter::read_front_matter;
use crate::parse::pairs::read_pairs;
use crate::parse::transcript::parse_transcript;
use crate::read::{File, Stamp, WorldError, read_source};
use crate::source::{Limits, Source};
use crate::table::Findings;
use crate::timestamp::Millis;

/// What is asked of `align`.
#[derive(Debug)]
pub struct Request {
    pub left: PathBuf,
    pub right: PathBuf,
    /// The languages of the two; else told by the files.
    pub langs: Option<(Lang, Lang)>,
    /// The review file; else `pairs.toml` beside the left track, where there is one.
    pub pairs: Option<PathBuf>,
    /// A file with a glossary.
    pub glossary: Option<PathBuf>,
    pub to: AlignTo,
}

#[derive(Serialize)]
struct Paired {
    languages: Vec<String>,
    cues: Vec<PairedCue>,
}

#[derive(Serialize)]
struct PairedCue {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    text: Map<String, Value>,
    pair: Pair,
}

#[derive(Serialize)]
struct Pair {
    left: Vec<usize>,
    right: Vec<usize>,
    confidence: f64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    review: bool,
}

/// A track as it was read.
struct Track {
    lang: Lang,
    cues: Vec<OwnCue>,
}

struct OwnCue {
    text: String,
    start: Option<Millis>,
    end: Option<Millis>,
    speaker: Option<String>,
    /// Which cue of the file it is of.
    number: usize,
}

/// Pairs two files and prints the result.
pub fn run(request: &Request) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let langs = request.langs.clone().unzip();
    let left = read_track(&request.left, langs.0, &findings)?;
    let right = read_track(&request.right, langs.1, &findings)?;
    if let (Some(left), Some(right)) = (left, right) {
        if left.lang == right.lang {
            let message = format!("both tracks are in `{}`", left.lang);
            let finding = Diagnostic::error("language-twice", message);
            findings
                .borrow_mut()
                .push(finding.help("say which is which with --langs, such as --langs zh-Hans,en"));
        } else {
            pair(request, &left, &right, &findings)?;
        }
    }
    let failed = print_diagnostics(&findings.into_inner());
    Ok(if failed { Exit::Content } else { Exit::Fine })
}

fn pair(request: &Request, left: &Track, right: &Track, findings: &Findings) -> Result<(), WorldError> {
    let (own, other) = (left.borrowed(), right.borrowed());
    let own = Side { lang: &left.lang, cues: &own };
    let other = Side { lang: &right.lang, cues: &other };
    let mut locks = Vec::new();
    if let Some(path) = pairs_file(request)
        && let Some(source) = open(&path, findings)?
    {
        let entries = read_pairs(&source, findings);
        report_foreign(&entries, &[&left.lang, &right.lang], &source, findings);
        locks = find_locks(&entries, &own, &other, &source, findings);
    }
    let terms = match &request.glossary {
        Some(path) => open(path, findings)?.map(|source| Glossary::read_file(&source, findings)),
        None => None,
    };
    let terms = terms.unwrap_or_default().between(own.lang, other.lang);
    let paired = align(&own, &other, &Hints { locks: &locks, glossary: &terms });
    print(&paired, left, right, request.to)
}

fn pairs_file(request: &Request) -> Option<PathBuf> {
    let beside = request.left.parent().unwrap_or(Path::new("")).join("pairs.toml");
    request.pairs.clone().or_else(|| beside.is_file().then_some(beside))
}

fn open(path: &Path, findings: &Findings) -> Result<Option<Source>, WorldError> {
    let name = path.display().to_string().into();
    let file = File { path: path.to_owned(), name, stamp: Stamp::default(), limits: Limits::default() };
    read_source(&file, findings)
}

fn read_track(path: &Path, lang: Option<Lang>, findings: &Findings) -> Result<Option<Track>, WorldError> {
    let Some(source) = open(path, findings)? else { return Ok(None) };
    let (front, body) = read_front_matter(&source, findings);
    let known: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
    let mut document = parse_transcript(&source, body, &known, findings);
    document.retime(front.clock, &source, findings);
    if document.lines.is_empty() {
        return Ok(None);
    }
    let lang = lang.unwrap_or_else(|| told_lang(&document));
    Ok(Some(Track { lang, cues: cues_of(document) }))
}

/// How much text tells a language, in bytes.
const SAMPLE: usize = 12_000;

fn told_lang(document: &Document) -> Lang {
    if let [said] = document.langs.as_slice() {
        return said.clone();
    }
    let mut sample = String::new();
    for part in &document.parts {
        if sample.len() > SAMPLE {
            break;
        }
        sample.push_str(part);
        sample.push(' ');
    }
    detect(&sample, telling_script(&sample).unwrap_or(unicode_script::Script::Latin))
}

/// The lines of a document as cues, in order of time, with the numbers they have in the file.
fn cues_of(document: Document) -> Vec<OwnCue> {
    let mut starts: Vec<usize> = document.lines.iter().map(|line| line.span.start).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut parts = document.parts.into_iter();
    let mut cues = Vec::with_capacity(document.lines.len());
    for line in document.lines {
        let texts: Vec<_> = parts.by_ref().take(line.part_count).collect();
        cues.push(OwnCue {
            text: texts.join(" "),
            start: line.start,
            end: line.end,
            speaker: line.label.map(|label| document.labels[label].clone()),
            number: starts.partition_point(|start| *start < line.span.start),
        });
    }
    cues
}

impl Track {
    fn borrowed(&self) -> Vec<TrackCue<'_>> {
        let cues = self.cues.iter().map(|cue| TrackCue {
            text: &cue.text,
            start: cue.start,
            end: cue.end,
            speaker: cue.speaker.as_deref(),
        });
        cues.collect()
    }

    fn text(&self, of: &[usize]) -> String {
        let mut text = String::new();
        for cue in of {
            let own = &self.cues[*cue].text;
            let joint = text.chars().next_back().zip(own.chars().next());
            let close = joint.is_some_and(|(a, b)| crate::lang::is_cjk(a) || crate::lang::is_cjk(b));
            if !text.is_empty() && !close {
                text.push(' ');
            }
            text.push_str(own);
        }
        text
    }

    fn numbers(&self, of: &[usize]) -> Vec<usize> {
        let mut numbers: Vec<usize> = of.iter().map(|cue| self.cues[*cue].number).collect();
        numbers.dedup();
        numbers
    }
}

fn print(paired: &Alignment, left: &Track, right: &Track, to: AlignTo) -> Result<(), WorldError> {
    let texts: Vec<(String, String)> =
        paired.rows.iter().map(|row| (left.text(&row.left), right.text(&row.right))).collect();
    let swapped = left.lang > right.lang;
    let in_order = texts.iter().map(|(own, other)| {
        if swapped { vec![other.as_str(), own.as_str()] } else { vec![own.as_str(), other.as_str()] }
    });
    let ids = cue_ids(in_order);
    if to == AlignTo::Tsv {
        return print_data(&as_tsv(paired, left, right, &texts));
    }
    let rows = paired.rows.iter().zip(&texts).zip(ids);
    let cues = rows.map(|((row, (own, other)), id)| {
        // The left clock is the talk's, where it has one.
        let (track, of) = if row.left.is_empty() { (right, &row.right) } else { (left, &row.left) };
        let said = [(left, own), (right, other)].into_iter().filter(|(_, text)| !text.is_empty());
        PairedCue {
            id: id.to_string(),
            start: of.iter().filter_map(|cue| track.cues[*cue].start).min().map(Millis::seconds),
            end: of.iter().filter_map(|cue| track.cues[*cue].end).max().map(Millis::seconds),
            speaker: of.first().and_then(|cue| track.cues[*cue].speaker.clone()),
            text: said.map(|(track, text)| (track.lang.to_string(), text.as_str().into())).collect(),
            pair: Pair {
                left: left.numbers(&row.left),
                right: right.numbers(&row.right),
                confidence: (f64::from(row.confidence) * 1000.0).round() / 1000.0,
                review: row.confidence < REVIEW_BELOW,
            },
        }
    });
    let paired =
        Paired { languages: vec![left.lang.to_string(), right.lang.to_string()], cues: cues.collect() };
    print_data(&format!("{}\n", serde_json::to_string(&paired).expect("cues are plain data")))
}

/// Numbers of either side, confidence, texts: a row a line.
fn as_tsv(paired: &Alignment, left: &Track, right: &Track, texts: &[(String, String)]) -> String {
    let mut out = format!("left\tright\tconfidence\t{}\t{}\n", left.lang, right.lang);
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let joined = |numbers: Vec<usize>| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    for (row, (own, other)) in paired.rows.iter().zip(texts) {
        let (numbers, others) = (joined(left.numbers(&row.left)), joined(right.numbers(&row.right)));
        let _ = writeln!(out, "{numbers}\t{others}\t{:.3}\t{}\t{}", row.confidence, plain(own), plain(other));
    }
    out
}
