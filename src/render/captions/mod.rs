//! A transcript as a file for other programs: captions, subtitles, data, text. Each format pushes
//! into one text. Never looks at the disk, and never loses a cue that it could write.

mod json;
mod markdown;
mod names;
mod pinyin;
mod podcast_json;
mod srt;
mod text;
mod times;
mod tmx;
mod tsv;
mod vtt;
mod width;

use crate::bytes::Kinds;
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::model::{Cue, MarkKind, Transcript};
use crate::readings::Readings;
use crate::text::any_byte;
pub use markdown::push_text as push_markdown;
use times::Card;

/// The readings of an author who gives none.
pub static READ_AS_USUAL: Readings = Readings::none();

/// What is written of a transcript.
pub struct Captions<'a> {
    /// In each of its languages.
    pub title: Vec<&'a str>,
    pub transcript: &'a Transcript<'a>,
    /// The only language to write, by its place in the transcript's; else all of them.
    pub only: Option<usize>,
    /// What each speaker is called.
    pub names: Vec<&'a str>,
    /// How the author has words read.
    pub readings: &'a Readings,
}

/// Why a transcript cannot be written in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwritten {
    /// Most of its cues have no time, and the format needs one for each.
    NoTimes,
    /// No cue is in two languages, and the format holds pairs.
    NoPairs,
    /// It is in no language that the format has readings for.
    NoReadings,
}

/// Writes a transcript.
///
/// # Errors
/// Where it lacks what the format cannot do without.
pub fn write(format: TranscriptFormat, captions: &Captions) -> Result<String, Unwritten> {
    match format {
        TranscriptFormat::Json => Ok(json::write(captions)),
        TranscriptFormat::Vtt => vtt::write(captions),
        TranscriptFormat::Srt => srt::write(captions),
        TranscriptFormat::Txt => Ok(text::write(captions)),
        TranscriptFormat::Md => Ok(markdown::write(captions)),
        TranscriptFormat::PodcastJson => podcast_json::write(captions),
        TranscriptFormat::Tsv => Ok(tsv::write(captions)),
        TranscriptFormat::Tmx => tmx::write(captions),
        TranscriptFormat::Pinyin => pinyin::write(captions),
    }
}

impl<'a> Captions<'a> {
    fn cues(&self) -> &'a [Cue] {
        &self.transcript.cues
    }

    /// The texts of a cue that are written, in reading order.
    fn texts(&self, cue: usize) -> impl Iterator<Item = (&'a Lang, &'a str)> + use<'a> {
        let transcript = self.transcript;
        let only = self.only;
        transcript
            .texts(cue)
            .filter(move |(lang, _)| only.is_none_or(|only| only == *lang))
            .map(move |(lang, text)| (&transcript.langs[lang], text))
    }

    /// The same, each with the kinds of its bytes.
    fn texts_by_kind(&self, cue: usize) -> impl Iterator<Item = (Kinds, &'a str)> + use<'a> {
        let transcript = self.transcript;
        let only = self.only;
        let texts = transcript.texts(cue).filter(move |(lang, _)| only.is_none_or(|only| only == *lang));
        texts.map(move |(lang, text)| (transcript.kinds(cue, lang), text))
    }

    /// The texts of a card.
    fn shown<'c>(&self, card: &'c Card) -> impl Iterator<Item = (&'a Lang, &'a str)> + use<'a, 'c> {
        let part = |text: &'a str| match &card.part {
            Some(part) => text.get(part.clone()).unwrap_or(text).trim(),
            None => text,
        };
        self.texts(card.cue).map(move |(lang, text)| (lang, part(text))).filter(|(_, text)| !text.is_empty())
    }

    /// The languages that are written.
    fn langs(&self) -> &'a [Lang] {
        let langs = &self.transcript.langs;
        self.only.map_or(langs.as_slice(), |only| &langs[only..=only])
    }

    fn is_bilingual(&self) -> bool {
        self.langs().len() > 1
    }

    fn name(&self, cue: &Cue) -> Option<&'a str> {
        cue.speaker.map(|speaker| self.names[speaker]).filter(|name| !name.is_empty())
    }

    /// Whether someone else begins to speak with a cue, and neither they nor who spoke before is
    /// named.
    fn is_turn(&self, cue: usize) -> bool {
        let marks = &self.transcript.marks;
        let from = marks.partition_point(|mark| mark.before < cue);
        let own = marks[from..].iter().take_while(|mark| mark.before == cue);
        own.into_iter().any(|mark| matches!(mark.kind, MarkKind::Turn))
    }

    /// Whether a card begins a turn of someone who is not named, after such a one.
    fn opens_turn(&self, card: &Card) -> bool {
        card.is_first() && self.is_turn(card.cue)
    }

    /// About how long the file gets, in bytes; `more` is what a cue takes beside its words.
    fn room(&self, more: usize) -> usize {
        let words = self.transcript.size() / self.transcript.langs.len().max(1) * self.langs().len();
        words + words / 16 + self.cues().len() * more + 256
    }
}

/// What stands before the words of someone who is not named, after somebody else's.
const TURN: &str = ">> ";

/// ASCII characters, and what stands for each.
type Replacements<const N: usize> = [(u8, &'static str); N];

/// Appends a text with some of its ASCII characters replaced.
#[inline(always)]
fn push_replaced<const N: usize>(text: &str, out: &mut String, replacements: &Replacements<N>) {
    let is_one = |byte: u8| replacements.iter().fold(false, |any, (own, _)| any | (byte == *own));
    if !any_byte(text.as_bytes(), is_one) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some((_, replacement)) = replacements.iter().find(|(own, _)| *own == byte) {
            out.push_str(&text[done..at]);
            out.push_str(replacement);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// Appends a text as one line.
fn push_line(text: &str, out: &mut String) {
    push_replaced(text, out, &[(b'\n', " "), (b'\r', " ")]);
}

/// Appends a text as a string of JSON.
fn push_json(text: &str, out: &mut String) {
    out.push('"');
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[done..at]);
        done = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                let digit = |half: u8| char::from_digit(half.into(), 16).expect("half a byte is a digit");
                out.push_str("\\u00");
                out.push(digit(byte >> 4));
                out.push(digit(byte & 15));
            }
        }
    }
    out.push_str(&text[done..]);
    out.push('"');
}

/// A file of a transcript that is published beside its episode's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptFile {
    pub format: TranscriptFormat,
    /// The one language that it is in; nothing where it has several.
    pub lang: Option<Lang>,
    /// Its name in the episode's folder.
    pub name: String,
}

impl TranscriptFile {
    /// Which language alone is written, by its place among `langs`.
    pub fn only(&self, langs: &[Lang]) -> Option<usize> {
        let lang = self.lang.as_ref().filter(|_| self.format.is_per_lang())?;
        langs.iter().position(|own| own == lang)
    }
}

/// The files that an episode's transcript is published in. `formats` are those that the author
/// asks for; without a word of theirs it is what most can use.
pub fn transcript_files(digest: &Digest, formats: Option<&[TranscriptFormat]>) -> Vec<TranscriptFile> {
    let usual = if digest.timed { [TranscriptFormat::Vtt] } else { [TranscriptFormat::Md] };
    let langs = &digest.written_langs;
    let mut files = Vec::new();
    if langs.is_empty() {
        return files;
    }
    for format in formats.unwrap_or(&usual).iter().copied() {
        if (format.needs_times() && !digest.timed) || (format.needs_pairs() && !digest.paired) {
            continue;
        }
        let extension = format.extension();
        if format.is_per_lang() {
            files.extend(langs.iter().filter(|lang| format.takes(lang)).map(|lang| TranscriptFile {
                format,
                lang: Some(lang.clone()),
                name: format!("transcript.{lang}.{extension}"),
            }));
        } else {
            let lang = langs.first().filter(|_| langs.len() == 1).cloned();
            files.push(TranscriptFile { format, lang, name: format!("transcript.{extension}") });
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::model::model_transcript;
    use crate::parse::document::{Document, Line};
    use crate::timestamp::Millis;

    /// Start and end in milliseconds, speaker, and a text per language.
    pub type Said<'t> = (Option<u64>, Option<u64>, Option<usize>, Vec<&'t str>);

    pub fn transcript<'t>(langs: &[&str], cues: &[Said<'t>]) -> Transcript<'t> {
        let mut document = Document::default();
        for (start, end, label, texts) in cues {
            let (start, end) = (start.map(Millis), end.map(Millis));
            let line = Line { span: 0..0, label: *label, start, end, part_count: 0 };
            document.push(line, texts.iter().map(|text| Cow::Borrowed(*text)));
        }
        let langs: Vec<Lang> = langs.iter().map(|tag| Lang::parse(tag).unwrap()).collect();
        model_transcript(document, &langs)
    }

    /// A file without the ids of its cues.
    fn written(
        format: TranscriptFormat,
        only: Option<usize>,
        names: &[&str],
        transcript: &Transcript,
    ) -> String {
        let captions = Captions {
            title: vec!["灯", "*Lamps*"],
            transcript,
            only,
            names: names.to_vec(),
            readings: &READ_AS_USUAL,
        };
        let text = write(format, &captions).expect("it has what the format needs");
        let ids = transcript.cues.iter().map(|cue| cue.id.to_string());
        ids.fold(text, |text, id| text.replace(&id, "ID"))
    }

    fn talk() -> Transcript<'static> {
        transcript(
            &["zh-Hans", "en"],
            &[
                (Some(0), Some(1500), Some(0), vec!["你好 & <好>。", "Hello --> \"you\"."]),
                (Some(1500), None, Some(0), vec!["And so on,\nand on."]),
                (Some(3_601_250), None, Some(1), vec!["# 好。", "1. *Good*."]),
            ],
        )
    }

    const NAMES: [&str; 2] = ["A <b>: C", "林"];

    #[test]
    fn webvtt_escapes_what_means_something_there() {
        assert_eq!(
            written(TranscriptFormat::Vtt, None, &NAMES, &talk()),
            "WEBVTT\n\nID\n00:00:00.000 --> 00:00:01.500\n\
             <v A &lt;b&gt;: C><lang zh-Hans>你好 &amp; &lt;好&gt;。</lang>\n<lang en>Hello --&gt; \"you\".</lang>\n\n\
             ID\n00:00:01.500 --> 01:00:01.250\n<v A &lt;b&gt;: C><lang en>And so on, and on.</lang>\n\n\
             ID\n01:00:01.250 --> 01:00:06.250\n<v 林><lang zh-Hans># 好。</lang>\n<lang en>1. *Good*.</lang>\n"
        );
    }

    #[test]
    fn a_file_in_one_language_has_the_cues_that_are_in_it() {
        assert_eq!(
            written(TranscriptFormat::Vtt, Some(0), &NAMES, &talk()),
            "WEBVTT\n\nID\n00:00:00.000 --> 00:00:01.500\n<v A &lt;b&gt;: C>你好 &amp; &lt;好&gt;。\n\n\
             ID\n01:00:01.250 --> 01:00:06.250\n<v 林># 好。\n"
        );
    }

    #[test]
    fn subrip_names_who_begins_to_speak() {
        assert_eq!(
            written(TranscriptFormat::Srt, None, &["Ada", "林"], &talk()),
            "1\n00:00:00,000 --> 00:00:01,500\nAda: 你好 & <好>。\nHello --> \"you\".\n\n\
             2\n00:00:01,500 --> 01:00:01,250\nAda: And so on, and on.\n\n\
             3\n01:00:01,250 --> 01:00:06,250\n林: # 好。\n1. *Good*.\n"
        );
    }

    #[test]
    fn subrip_shares_a_long_cue_among_cards() {
        let text = "One two three four five six seven eight nine ten eleven twelve thirteen.";
        let talk = transcript(&["en"], &[(Some(0), Some(8000), Some(0), vec![text])]);
        let file = written(TranscriptFormat::Srt, None, &["Ada"], &talk);
        assert_eq!(
            file,
            "1\n00:00:00,000 --> 00:00:06,293\nAda: One two three four five six\nseven eight nine ten eleven\n\n\
             2\n00:00:06,293 --> 00:00:08,000\ntwelve thirteen.\n"
        );
    }

    #[test]
    fn subrip_cuts_both_languages_alike() {
        let talk = transcript(
            &["zh-Hans", "en"],
            &[(
                Some(0),
                Some(4000),
                Some(0),
                vec!["灯是给走夜路的人点的。", "A lamp is lit for those who walk at night, every night."],
            )],
        );
        let file = written(TranscriptFormat::Srt, None, &["Ada"], &talk);
        let words: Vec<&str> = file.lines().filter(|line| !line.contains("-->") && line.len() > 1).collect();
        assert_eq!(
            words,
            ["Ada: 灯是给走夜", "A lamp is lit for those who", "路的人点的。", "walk at night, every night."]
        );
    }

    #[test]
    fn json_is_what_is_known() {
        let file = written(TranscriptFormat::Json, None, &["Ada \"A\"\\", "林"], &talk());
        let data: serde_json::Value = serde_json::from_str(&file).expect("it is JSON");
        assert_eq!(
            data,
            serde_json::json!({ "languages": ["zh-Hans", "en"], "cues": [
                { "id": "ID", "start": 0.0, "end": 1.5, "speaker": "Ada \"A\"\\",
                  "text": { "zh-Hans": "你好 & <好>。", "en": "Hello --> \"you\"." } },
                { "id": "ID", "start": 1.5, "speaker": "Ada \"A\"\\", "text": { "en": "And so on,\nand on." } },
                { "id": "ID", "start": 3601.25, "speaker": "林", "text": { "zh-Hans": "# 好。", "en": "1. *Good*." } },
            ] })
        );
    }

    #[test]
    fn podcast_json_has_a_line_per_language() {
        let file = written(TranscriptFormat::PodcastJson, None, &["Ada", "林"], &talk());
        let data: serde_json::Value = serde_json::from_str(&file).expect("it is JSON");
        assert_eq!(
            data,
            serde_json::json!({ "version": "1.0.0", "segments": [
                { "speaker": "Ada", "startTime": 0.0, "endTime": 1.5, "body": "你好 & <好>。\nHello --> \"you\"." },
                { "speaker": "Ada", "startTime": 1.5, "body": "And so on, and on." },
                { "speaker": "林", "startTime": 3601.25, "body": "# 好。\n1. *Good*." },
            ] })
        );
    }

    #[test]
    fn text_names_who_begins_to_speak() {
        assert_eq!(
            written(TranscriptFormat::Txt, None, &["Ada", "林"], &talk()),
            "Ada:\n你好 & <好>。\nHello --> \"you\".\n\nAnd so on, and on.\n\n林:\n# 好。\n1. *Good*.\n\n"
        );
    }

    #[test]
    fn markdown_is_markup_where_it_is_ours_alone() {
        assert_eq!(
            written(TranscriptFormat::Md, None, &["*Ada*", "林"], &talk()),
            "# 灯 / \\*Lamps\\*\n\n[00:00] **\\*Ada\\***: 你好 \\& \\<好>。\nHello --> \"you\".\n\n\
             [00:01.500] **\\*Ada\\***: And so on, and on.\n\n\
             [1:00:01.250] **林**: # 好。\n1\\. \\*Good\\*.\n"
        );
    }

    #[test]
    fn tables_are_those_of_whisper_or_have_a_column_per_language() {
        assert_eq!(
            written(TranscriptFormat::Tsv, Some(1), &["Ada", "林"], &talk()),
            "start\tend\ttext\n0\t1500\tHello --> \"you\".\n1500\t3601250\tAnd so on, and on.\n\
             3601250\t3606250\t1. *Good*.\n"
        );
        assert_eq!(
            written(TranscriptFormat::Tsv, None, &["Ada", "林"], &talk()),
            "start\tend\tspeaker\tzh-Hans\ten\n0\t1500\tAda\t你好 & <好>。\tHello --> \"you\".\n\
             1500\t3601250\tAda\t\tAnd so on, and on.\n3601250\t3606250\t林\t# 好。\t1. *Good*.\n"
        );
    }

    #[test]
    fn pairs_alone_are_for_translators() {
        let file = written(TranscriptFormat::Tmx, None, &NAMES, &talk());
        assert_eq!(file.matches("<tu ").count(), 2);
        assert!(file.contains(
            "<tuv xml:lang=\"zh-Hans\"><seg>你好 &amp; &lt;好&gt;。</seg></tuv>\n\
             <tuv xml:lang=\"en\"><seg>Hello --&gt; \"you\".</seg></tuv>"
        ));
    }

    #[test]
    fn a_transcript_without_times_or_pairs_is_not_forced_into_a_form_that_needs_them() {
        let talk = transcript(&["en"], &[(None, None, None, vec!["Hello."])]);
        let captions = Captions {
            title: Vec::new(),
            transcript: &talk,
            only: None,
            names: Vec::new(),
            readings: &READ_AS_USUAL,
        };
        for format in [TranscriptFormat::Vtt, TranscriptFormat::Srt, TranscriptFormat::PodcastJson] {
            assert_eq!(write(format, &captions), Err(Unwritten::NoTimes));
        }
        assert_eq!(write(TranscriptFormat::Tmx, &captions), Err(Unwritten::NoPairs));
        assert_eq!(write(TranscriptFormat::Tsv, &captions).unwrap(), "start\tend\ttext\n\t\tHello.\n");
    }
}
