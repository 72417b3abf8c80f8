//! A transcript's text → `Document`, in whichever form it is written.

mod label;
mod markdown;
mod page_text;

use crate::parse::document::Document;
use crate::source::{Source, Span};
use crate::table::Findings;

/// Reads the transcript in `body` of `source`. Its form is found from what it holds.
/// `known_labels` are speaker labels that the author has listed.
pub fn parse_transcript<'s>(
    source: &'s Source,
    body: Span,
    known_labels: &[&str],
    findings: &Findings,
) -> Document<'s> {
    let text = &source.text[body.clone()];
    let is_markdown = source.path.ends_with(".md") || source.path.ends_with(".markdown");
    if page_text::is_page_text(text, known_labels) {
        page_text::parse_page_text(text, body.start, known_labels, findings)
    } else {
        let syntax = if is_markdown || markdown::has_marked_labels(text) {
            markdown::Syntax::Markdown
        } else {
            markdown::Syntax::Plain
        };
        markdown::parse_turns(source, body, syntax, known_labels)
    }
}
