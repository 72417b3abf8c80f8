//! `diglot convert`: one transcript in any form that is read, in any that is written.

use std::path::Path;

use super::{Exit, print_data, print_diagnostics};
use crate::config::TranscriptFormat;
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::model::{Transcript, model_transcript};
use crate::parse::front_matter::read_front_matter;
use crate::parse::transcript::form::{Form, Found};
use crate::parse::transcript::{parse_transcript_as, transcript_form};
use crate::read::{File, Stamp, WorldError, read_source};
use crate::render::captions::{Captions, READ_AS_USUAL, Unwritten, write};
use crate::source::{Limits, Source, Span};
use crate::table::Findings;

/// How the input is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The form it is in; found from what it holds where none is given.
    pub form: Option<Form>,
    /// Whether to say which form it is.
    pub verbose: bool,
}

impl Reading {
    fn form(&self, source: &Source, body: Span, known: &[&str]) -> Form {
        let found = match self.form {
            Some(form) => Found { form, why: "--from says so" },
            None => transcript_form(source, body, known),
        };
        if self.verbose {
            eprintln!("{} is read as {}: {}", source.path, found.form.name(), found.why);
        }
        found.form
    }
}

/// Reads `input` and prints it.
pub fn run(
    input: &Path,
    reading: &Reading,
    to: TranscriptFormat,
    lang: Option<&Lang>,
) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let name = input.display().to_string().into();
    let file = File { path: input.to_owned(), name, stamp: Stamp::default(), limits: Limits::default() };
    if let Some(source) = read_source(&file, &findings)? {
        let (front, body) = read_front_matter(&source, &findings);
        let known: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
        let form = reading.form(&source, body.clone(), &known);
        let mut document = parse_transcript_as(form, &source, body, &known, &findings);
        document.retime(front.clock, &source, &findings);
        let labels = document.labels.clone();
        let empty = document.lines.is_empty();
        // No language is configured here: they are found from the text.
        let transcript = model_transcript(document, &[]);
        if !empty {
            match written(&transcript, &labels, to, lang, &source.path) {
                Ok(text) => print_data(&text)?,
                Err(finding) => findings.borrow_mut().push(finding),
            }
        }
    }
    let failed = print_diagnostics(&findings.into_inner());
    Ok(if failed { Exit::Content } else { Exit::Fine })
}

/// A transcript in the form that is asked for, or why it cannot be.
fn written(
    transcript: &Transcript,
    labels: &[String],
    to: TranscriptFormat,
    lang: Option<&Lang>,
    path: &str,
) -> Result<String, Diagnostic> {
    let only = lang.map(|lang| lang_among(lang, &transcript.langs, path)).transpose()?;
    let names = labels.iter().map(String::as_str).collect();
    let captions = Captions { title: Vec::new(), transcript, only, names, readings: &READ_AS_USUAL };
    write(to, &captions).map_err(|why| match why {
        Unwritten::NoTimes => {
            let timed = transcript.cues.iter().filter(|cue| cue.start.is_some()).count();
            let count = transcript.cues.len();
            let message =
                format!("{path} has times for {timed} of its {count} lines, and {} needs them", to.title());
            Diagnostic::error("no-times", message).help(
                "`--to md`, `txt`, `json` and `tsv` do without; docs/formats.md says how times are written",
            )
        }
        Unwritten::NoPairs => {
            let message =
                format!("{path} has no line in two languages, and {} holds nothing else", to.title());
            Diagnostic::error("no-pairs", message).help("leave out --lang, or take another format")
        }
        Unwritten::NoReadings => {
            let message = format!("{path} has no line in a language that {} is for", to.title());
            Diagnostic::error("no-readings", message).help("leave out --lang, or take another format")
        }
    })
}

fn lang_among(lang: &Lang, langs: &[Lang], path: &str) -> Result<usize, Diagnostic> {
    langs.iter().position(|own| own == lang).ok_or_else(|| {
        let langs: Vec<&str> = langs.iter().map(Lang::as_str).collect();
        Diagnostic::error("language-absent", format!("{path} has no line in `{lang}`"))
            .help(format!("its languages are: {}", langs.join(", ")))
    })
}
