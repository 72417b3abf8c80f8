//! A transcript's text → `Document`, in whichever form it is written.

mod captions;
mod entities;
mod few;
pub mod form;
mod html;
mod json;
mod label;
mod markdown;
mod page_text;
mod srt;
mod srt_text;
mod tsv;
mod twins;
pub mod vtt;
pub mod vtt_text;

use crate::diagnostic::Diagnostic;
use crate::parse::document::Document;
use crate::parse::nesting::check_nesting;
use crate::source::{Source, Span};
use crate::table::Findings;
use captions::{Caption, Shared, assemble};
use few::Few;
use form::{Form, Found};
use label::KnownLabels;
pub use label::{NOBODY, is_break, is_generic_label, looks_like_name};
pub use markdown::is_transcript_heading;

/// Reads the transcript in `body` of `source`. Its form is found from what it holds.
/// `known_labels` are speaker labels that the author has listed.
pub fn parse_transcript<'s>(
    source: &'s Source,
    body: Span,
    known_labels: &[&str],
    findings: &Findings,
) -> Document<'s> {
    let known = &KnownLabels::new(known_labels);
    let form = form::find_form(&source.text[body.clone()], &source.path, known).form;
    parse_form(form, source, body, known, findings)
}

/// Which form the transcript in `body` of `source` is in, and what tells it.
pub fn transcript_form(source: &Source, body: Span, known_labels: &[&str]) -> Found {
    form::find_form(&source.text[body], &source.path, &KnownLabels::new(known_labels))
}

/// The same as `parse_transcript`, in a form that is known.
pub fn parse_transcript_as<'s>(
    form: Form,
    source: &'s Source,
    body: Span,
    known_labels: &[&str],
    findings: &Findings,
) -> Document<'s> {
    parse_form(form, source, body, &KnownLabels::new(known_labels), findings)
}

fn parse_form<'s>(
    form: Form,
    source: &'s Source,
    body: Span,
    known: &KnownLabels,
    findings: &Findings,
) -> Document<'s> {
    let text = &source.text[body.clone()];
    let offset = body.start;
    let document = match form {
        Form::PageText => page_text::parse_page_text(text, offset, known),
        Form::Markdown if !check_nesting(source, body.clone(), findings) => return Document::default(),
        Form::Markdown => markdown::parse_turns(source, body.clone(), markdown::Syntax::Markdown, known),
        Form::Txt => markdown::parse_turns(source, body.clone(), markdown::Syntax::Plain, known),
        _ => parse_captions(form, source, body.clone(), known, findings),
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

/// Reads a form that has cues.
fn parse_captions(
    form: Form,
    source: &Source,
    body: Span,
    known: &KnownLabels,
    findings: &Findings,
) -> Document<'static> {
    let text = &source.text[body.clone()];
    let offset = body.start;
    let few = &mut Few::new(source, findings);
    let mut headings = Vec::new();
    let mut titles = Vec::new();
    let mut unread = 0;
    let captions = match form {
        Form::Vtt => vtt_captions(text, offset, few, &mut unread),
        Form::Tsv => tsv::tsv_captions(text, offset, few),
        Form::Html => {
            let found = html::html_captions(text, offset, few);
            (headings, titles) = (found.headings, found.titles);
            found.captions
        }
        Form::PodcastJson | Form::WhisperJson | Form::Json => {
            json::json_captions(text, offset, few, &mut unread)
        }
        _ => srt_captions(text, offset, few),
    };
    few.finish();
    // Where a form has a place for speakers, a name in the text is text, unless nothing names any.
    let names_in_text = captions.iter().all(|caption| caption.voice.is_none());
    let starts: Vec<usize> = captions.iter().map(|caption| caption.span.start).collect();
    let shared = Shared { source, known, findings, names_in_text };
    let mut document = assemble(captions, &shared);
    document.tally.cues += unread;
    document.tally.unread = unread;
    html::mark_headings(&mut document, headings, &starts);
    document.page.titles = titles;
    document
}

/// `unread` counts cues that no one can read.
fn vtt_captions(text: &str, offset: usize, few: &mut Few, unread: &mut usize) -> Vec<Caption> {
    let lead = text.len() - text.trim_start().len();
    let (text, offset) = (&text[lead..], offset + lead);
    let moved = |span: Span| offset + span.start..offset + span.end;
    let file = vtt::parse_vtt(text);
    if let Some(span) = file.loose.filter(|_| file.loosely) {
        let message = "these times are not as WebVTT has them; they are read all the same";
        few.warn("loose-timing", message, moved(span), "write them as 00:00:01.000");
    }
    for left in &file.left_out {
        let span = moved(left.span.clone());
        *unread += usize::from(left.why == vtt::Why::Times);
        match left.why {
            vtt::Why::Times => few.warn(
                "bad-timing",
                "this cue is left out: its times cannot be read",
                span,
                "write them as 00:00:01.000 --> 00:00:02.000",
            ),
            _ if left.text.trim().is_empty() => {}
            _ => few.warn(
                "stray-text",
                "this is left out: it stands in no cue",
                span,
                "put its times above it, or NOTE if it is no speech",
            ),
        }
    }
    let mut captions = Vec::with_capacity(file.cues.len());
    for cue in &file.cues {
        let base = Caption {
            span: moved(cue.span.clone()),
            number: cue.id.trim().parse().ok(),
            start: Some(cue.start),
            end: Some(cue.end),
            inline_times: cue.text.contains("<0") || cue.text.contains("<1"),
            langs: vtt_text::line_langs(cue.text),
            ..Caption::default()
        };
        let mut voices = vtt_text::voices(cue.text).into_iter().peekable();
        if voices.peek().is_none() {
            captions.push(base.clone());
        }
        for (index, said) in voices.enumerate() {
            let mut caption = Caption { voice: said.voice, goes_on: index > 0, ..base.clone() };
            caption.set_text(&said.text);
            caption.told_apart = caption.langs.len() == caption.lines.len();
            captions.push(caption);
        }
    }
    captions
}

fn srt_captions(text: &str, offset: usize, few: &mut Few) -> Vec<Caption> {
    let moved = |span: &Span| offset + span.start..offset + span.end;
    let file = srt::parse_srt(text);
    if let Some(span) = &file.loose {
        few.note(
            "loose-timing",
            "these times are not as SubRip has them; they are read all the same",
            moved(span),
        );
    }
    for span in &file.bad_times {
        let message = "these times cannot be read; what is said under them is kept without";
        few.warn("bad-timing", message, moved(span), "write them as 00:00:01,000 --> 00:00:02,000");
    }
    for span in &file.untimed {
        let message = "this has no times; it is kept where it stands";
        few.warn("stray-text", message, moved(span), "put its times above it, or take it out");
    }
    for span in &file.gaps {
        let message = "a blank line stands within this cue; it goes on here";
        few.warn("cue-gap", message, moved(span), "take the blank line out, or put times above this");
    }
    let manner = srt_text::Manner::of(text);
    let caption = |cue: &srt::SrtCue| {
        let mut caption = Caption {
            span: moved(&cue.span),
            number: cue.number,
            start: cue.times.map(|(start, _)| start),
            end: cue.times.map(|(_, end)| end),
            ..Caption::default()
        };
        caption.set_text(&manner.plain(&cue.lines.join("\n")));
        caption
    };
    file.cues.iter().map(caption).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::new(path, text);
        let findings = Findings::default();
        let document = parse_transcript(&source, 0..text.len(), &[], &findings);
        let parts = document.parts.iter().map(|part| part.clone().into_owned()).collect();
        (parts, findings.into_inner().into_iter().map(|finding| finding.code.0.into_owned()).collect())
    }

    #[test]
    fn a_file_without_a_cue_is_an_error_in_every_form() {
        for (path, text) in [
            ("a.vtt", "WEBVTT\n"),
            ("a.srt", "1\n00:00:00,000 --> 00:00:01,000\n\n"),
            ("a.json", "{\"chapters\":[]}"),
            ("a.tsv", "start\tend\ttext\n"),
            ("a.html", "<html></html>"),
            ("a.txt", ""),
        ] {
            let (parts, codes) = read(path, text);
            assert_eq!((parts.len(), codes.last().map(String::as_str)), (0, Some("no-cues")), "{path}");
        }
    }

    #[test]
    fn what_is_odd_is_told_a_few_times_and_counted() {
        let text: String =
            (0..50).map(|at| format!("{at}\n00:00:{at:02},000 --> 00:00:{at:02},000\nx{at}\n\n")).collect();
        let (parts, codes) = read("a.srt", &text);
        assert_eq!((parts.len(), codes), (50, vec!["cue-zero-length".to_owned(); 4]));
    }
}
