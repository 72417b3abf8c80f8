//! Transcripts as rows that can be compared, and as files that are written of them. Knows nothing of
//! what a format keeps.

use diglot::config::TranscriptFormat;
use diglot::lang::Lang;
use diglot::model::{MarkKind, Transcript, model_transcript};
use diglot::parse::front_matter::read_front_matter;
use diglot::parse::transcript::parse_transcript;
use diglot::render::captions::{Captions, READ_AS_USUAL, Unwritten, write};
use diglot::source::Source;
use diglot::table::Findings;

/// A cue as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    pub start: Option<u64>,
    pub end: Option<u64>,
    pub speaker: Option<String>,
    /// Whether someone else speaks from here, and nobody says who.
    pub turn: bool,
    /// How many breaks and sections stand before it.
    pub marks: usize,
    /// Language and text.
    pub texts: Vec<(String, String)>,
}

/// A transcript as it is read.
pub struct Read<'s> {
    pub rows: Vec<Row>,
    labels: Vec<String>,
    pub transcript: Transcript<'s>,
}

/// Reads a file. `langs` are those that a site has.
pub fn read<'s>(source: &'s Source, langs: &[Lang]) -> Read<'s> {
    let findings = Findings::default();
    let body = read_front_matter(source, &findings).1;
    let document = parse_transcript(source, body, &[], &findings);
    let labels = document.labels.clone();
    let transcript = model_transcript(document, langs);
    let rows = (0..transcript.cues.len()).map(|index| row(&transcript, &labels, index)).collect();
    Read { rows, labels, transcript }
}

fn row(transcript: &Transcript, labels: &[String], index: usize) -> Row {
    let cue = &transcript.cues[index];
    let own = || transcript.marks.iter().filter(move |mark| mark.before == index);
    let texts =
        transcript.texts(index).map(|(lang, text)| (transcript.langs[lang].to_string(), text.to_owned()));
    Row {
        start: cue.start.map(|time| time.0),
        end: cue.end.map(|time| time.0),
        speaker: cue.speaker.map(|speaker| labels[speaker].clone()),
        turn: own().any(|mark| matches!(mark.kind, MarkKind::Turn)),
        marks: own().filter(|mark| !matches!(mark.kind, MarkKind::Turn)).count(),
        texts: texts.collect(),
    }
}

impl Read<'_> {
    pub fn langs(&self) -> Vec<Lang> {
        self.transcript.langs.clone()
    }

    /// The file in a format; `only` is the one language that is written.
    pub fn written(&self, format: TranscriptFormat, only: Option<&Lang>) -> Result<String, Unwritten> {
        let captions = Captions {
            title: vec!["A title"],
            transcript: &self.transcript,
            only: only.and_then(|only| self.transcript.langs.iter().position(|lang| lang == only)),
            names: self.labels.iter().map(String::as_str).collect(),
            readings: &READ_AS_USUAL,
        };
        write(format, &captions)
    }
}
