//! What the player on an episode's page is given: its recordings with the time of each line, and
//! captions. Never opens a recording.

use serde::Serialize;

use super::page::Site;
use super::views::{LangView, RecordingView};
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::model::Transcript;
use crate::slug::SitePath;

/// The player as templates see it.
#[derive(Serialize)]
pub struct PlayerView<'r> {
    recordings: Vec<PlayedView<'r>>,
    tracks: Vec<TrackView>,
}

#[derive(Serialize)]
struct PlayedView<'r> {
    #[serde(flatten)]
    recording: &'r RecordingView,
    /// When each line begins: see `starts`. Empty where the transcript has no times, or they are
    /// those of the first recording.
    starts: String,
}

/// Captions for a recording.
#[derive(Serialize)]
struct TrackView {
    url: String,
    /// `captions` in the language that is heard first, else `subtitles`.
    kind: &'static str,
    language: LangView,
}

impl Site<'_> {
    /// Nothing where there is nothing to hear.
    pub fn player<'r>(
        &self,
        recordings: &'r [RecordingView],
        page: &SitePath,
        digest: &Digest,
        transcript: &Transcript,
    ) -> Option<PlayerView<'r>> {
        let heard = recordings.first()?.language.as_ref();
        let mut played: Vec<PlayedView> = recordings
            .iter()
            .map(|recording| {
                let is_own =
                    |lang: &Lang| recording.language.as_ref().is_some_and(|own| own.lang == lang.as_str());
                let lang = transcript.langs.iter().position(is_own);
                PlayedView {
                    recording,
                    starts: if digest.timed { starts(transcript, lang) } else { String::new() },
                }
            })
            .collect();
        let first = played[0].starts.clone();
        for other in played.iter_mut().skip(1).filter(|other| other.starts == first) {
            other.starts.clear();
        }
        let captions = self.transcripts(page, digest).into_iter();
        let tracks = captions.filter(|captions| captions.file.format == TranscriptFormat::Vtt);
        let tracks = tracks.filter_map(|captions| {
            let language = LangView::new(captions.file.lang.as_ref()?);
            let is_heard = heard.is_none_or(|heard| heard.lang == language.lang);
            let kind = if is_heard { "captions" } else { "subtitles" };
            Some(TrackView { url: self.config.base_url.link(&captions.path), kind, language })
        });
        Some(PlayerView { recordings: played, tracks: tracks.collect() })
    }
}

/// When each line begins, in tenths of a second after the line before, in base 36 with spaces
/// between; `-` for a line without a time. What is heard in a language has the times of its track,
/// where that had times of its own.
///
/// A line costs about three bytes so, and nothing is fetched: a file of captions is some ten times
/// as long even when it is packed.
fn starts(transcript: &Transcript, lang: Option<usize>) -> String {
    let mut list = String::with_capacity(transcript.cues.len() * 4);
    let mut before = 0;
    for (index, cue) in transcript.cues.iter().enumerate() {
        if index > 0 {
            list.push(' ');
        }
        let pieces = lang.map_or(&[][..], |lang| transcript.pieces(index, lang));
        match pieces.first().and_then(|piece| piece.start).or(cue.start) {
            Some(start) => {
                let tenths = i64::try_from(start.0 / 100).unwrap_or(i64::MAX);
                push_base_36(tenths - before, &mut list);
                before = tenths;
            }
            None => list.push('-'),
        }
    }
    list
}

fn push_base_36(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    let mut rest = number.unsigned_abs();
    let start = out.len();
    while rest > 0 || out.len() == start {
        let digit = char::from_digit((rest % 36) as u32, 36).expect("a rest is below its divisor");
        out.insert(start, digit);
        rest /= 36;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::model_transcript;
    use crate::parse::document::{Document, Line};
    use crate::timestamp::Millis;

    #[test]
    fn starts_are_counted_from_the_line_before() {
        let mut document = Document::default();
        for (start, text) in
            [(Some(1_250), "One."), (None, "Two."), (Some(61_000), "Three."), (Some(60_500), "Four.")]
        {
            let line = Line { span: 0..0, label: None, start: start.map(Millis), end: None, part_count: 0 };
            document.push(line, [text.into()]);
        }
        let transcript = model_transcript(document, &[Lang::parse("en").unwrap()]);
        assert_eq!(starts(&transcript, None), "c - gm -5");
        assert_eq!(starts(&transcript, Some(0)), "c - gm -5");
    }

    #[test]
    fn numbers_have_the_digits_that_scripts_read() {
        let written = |number| {
            let mut out = String::new();
            push_base_36(number, &mut out);
            out
        };
        assert_eq!([0, 35, 36, -37].map(written), ["0", "z", "10", "-11"]);
    }
}
