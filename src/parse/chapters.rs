//! A file of podcast chapters → the chapters. Never gives up on all of them for the sake of one.

use serde_json::Value;

use crate::channel::Chapter;
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Source, Span};
use crate::table::Findings;
use crate::text::Localized;
use crate::timestamp::Millis;

/// Reads the chapters in the order of their times. Those without a title are not for readers.
pub fn read_chapters(source: &Source, findings: &Findings) -> Vec<Chapter> {
    let report = |message: String, span: Span| {
        let finding = Diagnostic::error("chapters-file", message).at(source.place(span));
        findings.borrow_mut().push(finding.help(
            "podcast chapters look like this: { \"version\": \"1.2.0\", \"chapters\": [{ \"startTime\": 90, \"title\": \"…\" }] }",
        ));
    };
    let file: Value = match serde_json::from_str(&source.text) {
        Ok(file) => file,
        Err(error) => {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            report(format!("the chapters cannot be read: {what}"), place_of(&source.text, &error));
            return Vec::new();
        }
    };
    let Some(entries) = file.get("chapters").and_then(Value::as_array) else {
        report("this file has no list of `chapters`".to_owned(), 0..0);
        return Vec::new();
    };
    let mut chapters = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let Some(start) = entry.get("startTime").and_then(millis) else {
            report(format!("chapter {} has no `startTime` in seconds", index + 1), 0..0);
            continue;
        };
        let title = entry.get("title").and_then(title_of).filter(|title| !title.is_empty());
        let address = |key| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let listed = entry.get("toc").and_then(Value::as_bool).unwrap_or(true) && title.is_some();
        chapters.push(Chapter {
            start,
            end: entry.get("endTime").and_then(millis),
            title: title.unwrap_or_default(),
            url: address("url"),
            image: address("img"),
            listed,
        });
    }
    chapters.sort_by_key(|chapter| chapter.start);
    chapters
}

fn millis(seconds: &Value) -> Option<Millis> {
    // A year and more is no time within a recording.
    let seconds = seconds.as_f64().filter(|seconds| (0.0..4e7).contains(seconds))?;
    Some(Millis((seconds * 1000.0).round() as u64))
}

/// A title, or one per language.
fn title_of(title: &Value) -> Option<Localized> {
    let mut all = Localized::default();
    match title {
        Value::String(title) => all.push(None, title.trim()),
        Value::Object(forms) => {
            for (lang, form) in forms {
                if let (Ok(lang), Some(form)) = (Lang::parse(lang), form.as_str()) {
                    all.push(Some(lang), form.trim());
                }
            }
        }
        _ => return None,
    }
    Some(all)
}

/// Where the reader of JSON gave up: a line, and a byte of it, from 1 on.
fn place_of(text: &str, error: &serde_json::Error) -> Span {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    at..at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Chapter>, Vec<String>) {
        let findings = Findings::default();
        let chapters = read_chapters(&Source::new("content/a/chapters.json", text), &findings);
        let told = |finding: &Diagnostic| {
            let place = finding.place.as_ref().unwrap();
            format!("{}:{} {}", place.line, place.column, finding.message)
        };
        let told = findings.borrow().iter().map(told).collect();
        (chapters, told)
    }

    #[test]
    fn titles_may_be_in_several_languages() {
        let (chapters, told) = read(
            r#"{"version": "1.2.0", "chapters": [
                {"startTime": 61.5, "title": {"zh-Hans": "后来", "en": "Later"}},
                {"startTime": 0, "title": "Start", "toc": false},
                {"startTime": 30, "img": "https://example.org/a.png"}]}"#,
        );
        let found: Vec<_> = chapters.iter().map(|one| (one.start.0, one.listed)).collect();
        assert_eq!(found, [(0, false), (30_000, false), (61_500, true)]);
        let forms: Vec<&str> = chapters[2].title.iter().map(|(_, form)| form).collect();
        assert_eq!((forms, told.len()), (vec!["后来", "Later"], 0));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        let (chapters, told) =
            read("{\n  \"chapters\": [{\"startTime\": 1, \"title\": \"夜\" \"url\": 2}]\n}");
        assert!(chapters.is_empty() && told[0].starts_with("2:"), "{told:?}");
        assert_eq!(read("[]").1, ["1:1 this file has no list of `chapters`"]);
        let (chapters, told) =
            read(r#"{"chapters": [{"title": "A"}, {"startTime": -1}, {"startTime": 2, "title": "B"}]}"#);
        assert_eq!((chapters.len(), told.len()), (1, 2));
        assert_eq!(told[0], "1:1 chapter 1 has no `startTime` in seconds");
    }
}
