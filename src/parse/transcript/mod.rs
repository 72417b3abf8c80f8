//! A transcript's text → `Document`, in whichever form it is written.

mod label;
mod markdown;
mod page_text;

use crate::diagnostic::Diagnostic;
use crate::parse::document::Document;
use crate::parse::nesting::check_nesting;
use crate::source::{Source, Span};
use crate::table::Findings;
use label::KnownLabels;
pub use label::is_generic_label;

/// Reads the transcript in `body` of `source`. Its form is found from what it holds.
/// `known_labels` are speaker labels that the author has listed.
pub fn parse_transcript<'s>(
    source: &'s Source,
    body: Span,
    known_labels: &[&str],
    findings: &Findings,
) -> Document<'s> {
    let text = &source.text[body.clone()];
    if let Some(form) = unread_form(text) {
        let finding = Diagnostic::error("form-not-read", format!("this is {form}, which is not read yet"))
            .at(source.place(body.start..body.start))
            .help("see docs/formats.md for the forms that are read, or list the file in [build] ignore");
        findings.borrow_mut().push(finding);
        return Document::default();
    }
    let known_labels = &KnownLabels::new(known_labels);
    let is_markdown = source.path.ends_with(".md") || source.path.ends_with(".markdown");
    let document = if page_text::is_page_text(text, known_labels) {
        page_text::parse_page_text(text, body.start, known_labels)
    } else {
        let marked = is_markdown || markdown::has_marked_labels(text);
        let syntax = if marked { markdown::Syntax::Markdown } else { markdown::Syntax::Plain };
        if marked && !check_nesting(source, body.clone(), findings) {
            return Document::default();
        }
        markdown::parse_turns(source, body.clone(), syntax, known_labels)
    };
    for (span, why) in &document.left_out {
        let finding = Diagnostic::warning("left-out", format!("what follows is left out: {why}"))
            .at(source.place(span.clone()))
            .help("put a speaker's label above it if it is said, or take it out");
        findings.borrow_mut().push(finding);
    }
    if document.lines.is_empty() {
        let finding = Diagnostic::error("no-cues", format!("{} has no line of a transcript", source.path))
            .at(source.place(body.start..body.start))
            .help("see docs/formats.md for the forms that are read, or list the file in [build] ignore");
        findings.borrow_mut().push(finding);
    }
    document
}

/// The name of a form that a text is in and that would be taken for speech.
fn unread_form(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    if start.starts_with("WEBVTT") {
        return Some("WebVTT");
    }
    let timing = |line: &&str| {
        line.split_once("-->").is_some_and(|(from, _)| from.trim().starts_with(|c: char| c.is_ascii_digit()))
    };
    if start.lines().take(40).filter(timing).count() >= 2 || start.lines().take(4).any(|line| timing(&line)) {
        return Some("SubRip");
    }
    if (start.starts_with('{') || start.starts_with("[{")) && start.trim_end().ends_with(['}', ']']) {
        return Some("JSON");
    }
    start.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype")).then_some("HTML")
}
