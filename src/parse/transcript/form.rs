//! Which form a transcript is written in, found from what it holds, with its name as a hint.
//! Never reads more of it than it takes to tell.

use super::label::KnownLabels;
use super::markdown::has_marked_labels;
use super::page_text::is_page_text;
use super::srt::looks_like_times;

/// A form that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Srt,
    Vtt,
    /// Segments with `startTime` and `body`, as the podcast namespace has them.
    PodcastJson,
    /// What Whisper, WhisperX and whisper.cpp write.
    WhisperJson,
    /// What `diglot convert` writes.
    Json,
    Tsv,
    Html,
    PageText,
    Markdown,
    Txt,
}

/// All forms, by the names that `--from` takes.
const NAMES: &[(&str, Form)] = &[
    ("srt", Form::Srt),
    ("vtt", Form::Vtt),
    ("podcast-json", Form::PodcastJson),
    ("whisper-json", Form::WhisperJson),
    ("json", Form::Json),
    ("tsv", Form::Tsv),
    ("html", Form::Html),
    ("page-text", Form::PageText),
    ("markdown", Form::Markdown),
    ("txt", Form::Txt),
];

impl Form {
    pub fn parse(name: &str) -> Result<Form, String> {
        let found = NAMES.iter().find(|(known, _)| *known == name).map(|(_, form)| *form);
        found.ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            format!("the forms are {}", names.join(", "))
        })
    }

    /// The name that `--from` takes.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, form)| *form == self).map_or("txt", |(name, _)| name)
    }
}

/// A form and what tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub form: Form,
    /// A short sentence.
    pub why: &'static str,
}

/// How many lines are looked at for times.
const LINES: usize = 60;
/// How much of a JSON text is looked at for its keys, in bytes.
const KEYS: usize = 256 * 1024;

/// Finds the form of a text that is called `path`.
pub fn find_form(text: &str, path: &str, known: &KnownLabels) -> Found {
    let extension = path.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase());
    let start = text.trim_start();
    let found = |form, why| Found { form, why };
    if start.starts_with("WEBVTT") {
        return found(Form::Vtt, "it begins with WEBVTT");
    }
    if is_json(start) {
        return json_form(start);
    }
    if is_tsv(start) {
        return found(Form::Tsv, "its first line names columns that are parted by tabs");
    }
    if is_html(start) {
        return found(Form::Html, "it begins with elements of HTML");
    }
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES).enumerate();
    let is_text = matches!(extension.as_str(), "md" | "markdown");
    let mut times = lines.by_ref().filter(|(_, line)| looks_like_times(line)).map(|(at, _)| at);
    if let Some(first) = times.next()
        && !is_text | (first < 4)
        && (first < 4 || times.next().is_some())
    {
        if text.contains("\n<v ") {
            return found(Form::Vtt, "it has times and the voices of WebVTT");
        }
        return found(Form::Srt, "it has lines with two times and an arrow between them");
    }
    match extension.as_str() {
        "srt" => return found(Form::Srt, "it is called .srt, and nothing in it says otherwise"),
        "vtt" => return found(Form::Vtt, "it is called .vtt, and nothing in it says otherwise"),
        "json" => return found(Form::Json, "it is called .json, and nothing in it says otherwise"),
        "tsv" => return found(Form::Tsv, "it is called .tsv, and nothing in it says otherwise"),
        "html" | "htm" => return found(Form::Html, "it is called .html, and nothing in it says otherwise"),
        _ => {}
    }
    if is_page_text(text, known) {
        return found(Form::PageText, "its lines stand under the labels of speakers");
    }
    if is_text {
        return found(Form::Markdown, "it is called .md, and nothing in it says otherwise");
    }
    if has_marked_labels(text) {
        return found(Form::Markdown, "it has names in strong type before a colon");
    }
    found(Form::Txt, "it is plain text")
}

/// An object, or a list of objects.
fn is_json(start: &str) -> bool {
    let inner = match start.strip_prefix('[') {
        Some(inner) => inner.trim_start(),
        None => start,
    };
    let Some(inner) = inner.strip_prefix('{') else { return false };
    inner.trim_start().starts_with(['"', '}'])
}

fn json_form(text: &str) -> Found {
    let head = &text[..text.floor_char_boundary(KEYS)];
    let has = |key: &str| head.contains(key);
    let found = |form, why| Found { form, why };
    if has("\"startTime\"") || has("\"body\"") {
        return found(Form::PodcastJson, "it is JSON whose segments have a startTime and a body");
    }
    if has("\"cues\"") && has("\"languages\"") {
        return found(Form::Json, "it is JSON with languages and cues, as diglot writes it");
    }
    if has("\"transcription\"") {
        return found(Form::WhisperJson, "it is JSON with a transcription, as whisper.cpp writes it");
    }
    if has("\"segments\"") {
        return found(Form::WhisperJson, "it is JSON with segments, as Whisper writes it");
    }
    found(Form::Json, "it is JSON")
}

fn is_tsv(start: &str) -> bool {
    let first = start.lines().next().unwrap_or_default();
    let mut columns = first.split('\t').map(|name| name.trim().to_ascii_lowercase());
    columns.any(|name| name == "start") && first.contains('\t') && first.len() < 400
}

fn is_html(start: &str) -> bool {
    let head = start.get(..start.floor_char_boundary(2000)).unwrap_or_default().to_ascii_lowercase();
    if !head.starts_with('<') {
        return false;
    }
    ["<!doctype html", "<html", "<cite>", "<time>", "<body"].iter().any(|mark| head.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str, path: &str) -> Form {
        find_form(text, path, &KnownLabels::new(&[])).form
    }

    #[test]
    fn what_a_text_holds_tells_more_than_its_name() {
        for (text, path, expected) in [
            ("WEBVTT\n", "a.txt", Form::Vtt),
            ("1\n00:00:01,000 --> 00:00:02,000\na", "a.txt", Form::Srt),
            ("0:00:01.000 --> 0:00:02.000\na", "a.vtt", Form::Srt),
            ("00:01.000 --> 00:02.000\n<v Ada>a", "a.txt", Form::Vtt),
            ("{\"segments\": []}", "a.txt", Form::WhisperJson),
            ("[{\"startTime\": 1}]", "a", Form::PodcastJson),
            ("{\"languages\": [], \"cues\": []}", "a", Form::Json),
            ("start\tend\ttext\n", "a.txt", Form::Tsv),
            ("<cite>A:</cite>\n<time>0:00</time>", "a.txt", Form::Html),
            ("[MUSIC] {hello}", "a.txt", Form::Txt),
            ("{laughs} Hello", "a.txt", Form::Txt),
            ("**A:** b\n\n**B:** c", "a.txt", Form::Markdown),
            ("Speaker 1\n\nHello", "a.txt", Form::PageText),
            ("", "a.srt", Form::Srt),
        ] {
            assert_eq!(form(text, path), expected, "{text}");
        }
    }

    #[test]
    fn every_form_has_a_name_of_its_own() {
        for (name, form) in NAMES {
            assert_eq!(Form::parse(name), Ok(*form));
            assert_eq!(form.name(), *name);
        }
        assert!(Form::parse("doc").is_err());
    }
}
