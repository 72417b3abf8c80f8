//! Times of transcripts that are no subtitles: `[0:12]` in Markdown and its like. Those of
//! subtitle files are told of where they are read. Never corrects one.

use super::spot::{Open, area};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::timestamp::Millis;

/// The codes that a reader of subtitles gives; a file that has one has been looked at.
const TOLD: [&str; 3] = ["cue-backwards", "cue-overlap", "cue-zero-length"];
/// How much times may overlap by rounding, in milliseconds.
const ROUNDING: u64 = 1000;

/// A line of a file, with its times.
struct Timed<'e> {
    source: &'e Source,
    span: Span,
    start: Millis,
    end: Option<Millis>,
}

/// Reports times that go back, overlap or are empty. `known` is what reading the files has told.
pub fn check_times(open: &Open, known: &[Diagnostic], found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    for (index, source) in transcript.sources.iter().enumerate() {
        let is_of = |one: &Diagnostic| one.place.as_ref().is_some_and(|place| place.path == source.path);
        let is_told = known.iter().any(|one| TOLD.contains(&&*one.code.0) && is_of(one));
        if is_told || !is_turns(source) {
            continue;
        }
        let lang = (transcript.sources.len() > 1).then_some(index);
        check_lines(&timed(open, lang), found);
    }
}

/// Whether a file is one of turns, whose reader does not look at times.
fn is_turns(source: &Source) -> bool {
    let name = source.path.to_ascii_lowercase();
    [".md", ".markdown", ".txt"].iter().any(|extension| name.ends_with(extension))
}

/// The lines that have times: of the track of a language, or of the only file.
fn timed<'e>(open: &Open<'e>, lang: Option<usize>) -> Vec<Timed<'e>> {
    let transcript = open.transcript();
    let mut lines = Vec::new();
    for (index, cue) in transcript.cues.iter().enumerate() {
        match lang {
            Some(lang) => lines.extend(transcript.pieces(index, lang).iter().filter_map(|piece| {
                let source = transcript.sources[lang];
                Some(Timed { source, span: piece.span.clone(), start: piece.start?, end: piece.end })
            })),
            None => lines.extend(cue.start.and_then(|start| {
                let (source, _) = area(transcript, index, 0, 0)?;
                Some(Timed { source, span: cue.span.clone(), start, end: cue.end })
            })),
        }
    }
    lines
}

fn check_lines(lines: &[Timed], found: &mut Vec<Diagnostic>) {
    let place = |line: &Timed| line.source.place(line.span.clone());
    for (index, line) in lines.iter().enumerate() {
        let Timed { start, end, .. } = line;
        if end.is_some_and(|end| end < *start) {
            let finding = Diagnostic::warning("cue-backwards", "this line ends before it starts");
            found.push(finding.at(place(line)).help("set its end after its start"));
        } else if *end == Some(*start) {
            let finding = Diagnostic::warning("cue-zero-length", "this line is said in no time");
            found.push(finding.at(place(line)).help("give it a later end, or none"));
        }
        let Some(before) = index.checked_sub(1).map(|before| &lines[before]) else { continue };
        if *start < before.start {
            let message = format!("this line starts at {start}, the one above it at {}", before.start);
            let finding = Diagnostic::warning("cue-backwards", message);
            found
                .push(finding.at(place(line)).and(place(before), "this one is later").help("mend the times"));
        } else if before.end.is_some_and(|end| end.0 > start.0 + ROUNDING) {
            let finding = Diagnostic::warning("cue-overlap", "this line starts before the one above it ends");
            found.push(finding.at(place(line)).help("end the one above it sooner"));
        }
    }
}
