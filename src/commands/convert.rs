//! `diglot convert`: one transcript in any form that is read, as data.

use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Exit, print_data, print_diagnostics};
use crate::cli::ConvertTo;
use crate::lang::Lang;
use crate::model::{Transcript, model_transcript};
use crate::parse::front_matter::read_front_matter;
use crate::parse::transcript::form::{Form, Found};
use crate::parse::transcript::{parse_transcript_as, transcript_form};
use crate::read::{File, Stamp, WorldError, read_source};
use crate::source::{Limits, Source, Span};
use crate::table::Findings;

#[derive(Serialize)]
struct Converted {
    languages: Vec<String>,
    cues: Vec<ConvertedCue>,
}

#[derive(Serialize)]
struct ConvertedCue {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    text: Map<String, Value>,
}

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
pub fn run(input: &Path, reading: &Reading, to: ConvertTo, lang: Option<&Lang>) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let name = input.display().to_string().into();
    let file = File { path: input.to_owned(), name, stamp: Stamp::default(), limits: Limits::default() };
    if let Some(source) = read_source(&file, &findings)? {
        let (front, body) = read_front_matter(&source, &findings);
        let known: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
        let form = reading.form(&source, body.clone(), &known);
        let mut document = parse_transcript_as(form, &source, body, &known, &findings);
        front.retime(&mut document);
        let labels = document.labels.clone();
        let empty = document.lines.is_empty();
        // No language is configured here: they are found from the text.
        let transcript = model_transcript(document, &[]);
        if let Some(missing) = lang.filter(|lang| !empty && !transcript.langs.contains(lang)) {
            let langs: Vec<&str> = transcript.langs.iter().map(Lang::as_str).collect();
            let message = format!("{} has no line in `{missing}`", source.path);
            findings.borrow_mut().push(
                crate::diagnostic::Diagnostic::error("language-absent", message)
                    .help(format!("its languages are: {}", langs.join(", "))),
            );
        } else if !empty {
            print(&transcript, &labels, to, lang)?;
        }
    }
    let failed = print_diagnostics(&findings.into_inner());
    Ok(if failed { Exit::Content } else { Exit::Fine })
}

fn print(
    transcript: &Transcript,
    labels: &[String],
    to: ConvertTo,
    only: Option<&Lang>,
) -> Result<(), WorldError> {
    let wanted = |lang: &Lang| only.is_none_or(|only| only == lang);
    let cues = transcript.cues.iter().enumerate().map(|(index, cue)| ConvertedCue {
        id: cue.id.to_string(),
        start: cue.start.map(|start| start.seconds()),
        end: cue.end.map(|end| end.seconds()),
        speaker: cue.speaker.map(|speaker| labels[speaker].clone()),
        text: transcript
            .texts(index)
            .filter(|(lang, _)| wanted(&transcript.langs[*lang]))
            .map(|(lang, text)| (transcript.langs[lang].to_string(), text.into()))
            .collect(),
    });
    let converted = Converted {
        languages: transcript.langs.iter().filter(|lang| wanted(lang)).map(Lang::to_string).collect(),
        cues: cues.collect(),
    };
    match to {
        ConvertTo::Json => {
            print_data(&format!("{}\n", serde_json::to_string(&converted).expect("cues are plain data")))
        }
        ConvertTo::Txt => print_data(&as_text(&converted)),
    }
}

/// A block per cue: its speaker where it changes, then its texts, a line each.
fn as_text(converted: &Converted) -> String {
    let mut text = String::new();
    let mut speaker: Option<&str> = None;
    for cue in &converted.cues {
        if cue.speaker.as_deref() != speaker {
            speaker = cue.speaker.as_deref();
            if let Some(name) = speaker {
                text.push_str(&format!("{name}:\n"));
            }
        }
        for own in cue.text.values().filter_map(Value::as_str) {
            text.push_str(own);
            text.push('\n');
        }
        text.push('\n');
    }
    text
}
