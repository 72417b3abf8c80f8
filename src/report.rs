//! Diagnostics → what a person reads in a terminal, JSON, annotations of GitHub Actions. The only
//! user of the drawing library.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Place;

/// How many findings of one kind are shown in full.
const SHOWN_PER_CODE: usize = 20;

/// How a report is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    pub color: bool,
    /// The columns there are; without, lines are as long as they are.
    pub width: Option<usize>,
}

/// Writes diagnostics as a person reads them; of many of one kind the rest are counted.
pub fn write_report(diagnostics: &[Diagnostic], look: Look, out: &mut dyn Write) -> std::io::Result<()> {
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for diagnostic in diagnostics {
        let code = &*diagnostic.code.0;
        let count = match counts.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                counts.push((code, 1));
                1
            }
        };
        if count <= SHOWN_PER_CODE {
            writeln!(out, "{}", renderer.render(&[group(diagnostic, look.width)]))?;
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > SHOWN_PER_CODE) {
        writeln!(out, "… and {} more [{code}]", count - SHOWN_PER_CODE)?;
    }
    Ok(())
}

/// A finding as data.
#[derive(Serialize)]
struct FindingView<'a> {
    code: &'a str,
    severity: String,
    message: &'a str,
    path: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    help: Option<&'a str>,
}

impl FindingView<'_> {
    fn of(one: &Diagnostic) -> FindingView<'_> {
        let place = one.place.as_deref();
        FindingView {
            code: &one.code.0,
            severity: one.severity.to_string(),
            message: &one.message,
            path: place.map(|place| &*place.path),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            help: one.help.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct ReportView<'a> {
    diagnostics: Vec<FindingView<'a>>,
}

/// All diagnostics as one JSON object.
pub fn json_report(diagnostics: &[Diagnostic]) -> String {
    let report = ReportView { diagnostics: diagnostics.iter().map(FindingView::of).collect() };
    serde_json::to_string(&report).expect("findings are plain data") + "\n"
}

/// Diagnostics as the commands that GitHub Actions makes annotations of, a line each. `prefix` is
/// where the project lies in the repository.
pub fn github_commands(diagnostics: &[Diagnostic], prefix: &Path) -> String {
    let mut out = String::new();
    for one in diagnostics {
        let command = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = String::new();
        if let Some(place) = &one.place {
            let path = prefix.join(&*place.path).to_string_lossy().replace('\\', "/");
            let _ = write!(properties, "file={},line={},col={},", property(&path), place.line, place.column);
        }
        let help = one.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
        let message = value(&format!("{}{help}", one.message));
        let _ = writeln!(out, "::{command} {properties}title={}::{message}", property(&one.code.0));
    }
    out
}

/// A message as it stands in a command.
fn value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property as it stands in a command.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line broken between words so that it fits; where it goes on, it begins with some spaces. What has
/// lines of its own stays as it is.
pub fn wrapped(line: &str, width: Option<usize>, indent: usize) -> String {
    match width {
        Some(width) => broken(line, width.max(NARROW), indent),
        None => line.to_owned(),
    }
}

fn broken(line: &str, columns: usize, indent: usize) -> String {
    if line.contains('\n') {
        return line.to_owned();
    }
    let next = " ".repeat(indent);
    let options = textwrap::Options::new(columns).subsequent_indent(&next).break_words(false);
    textwrap::fill(line, options)
}

/// Terminals are never believed to be narrower than this.
const NARROW: usize = 40;

fn group(diagnostic: &Diagnostic, width: Option<usize>) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    // The library sets what is wrapped below the beginning of the message.
    let fits = |text: &str, before: usize| match width {
        Some(width) => broken(&clean(text), width.max(NARROW).saturating_sub(before).max(1), 0),
        None => clean(text),
    };
    let head = format!("{}[{}]: ", diagnostic.severity, diagnostic.code.0).len();
    let title = level.primary_title(fits(&diagnostic.message, head)).id(&*diagnostic.code.0);
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = group.element(snippet(place, AnnotationKind::Primary, &diagnostic.label));
    }
    if let Some((place, label)) = diagnostic.other.as_deref() {
        group = group.element(snippet(place, AnnotationKind::Context, label));
    }
    if let Some(help) = &diagnostic.help {
        let line = diagnostic.place.as_ref().map_or(0, |place| place.line.to_string().len());
        group = group.element(Level::HELP.message(fits(help, line + " = help: ".len() + 1)));
    }
    group
}

fn snippet<'a>(
    place: &'a Place,
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let mark = kind.span(place.marked.clone());
    let mark = if label.is_empty() { mark } else { mark.label(clean(label)) };
    Snippet::source(same_length(&place.excerpt))
        .path(clean(&place.path))
        .line_start(place.line)
        .annotation(mark)
}

/// The same where every byte must keep its place: the drawing library takes care of ASCII, and of
/// the other control characters, all of two bytes, each is shown as a dot.
fn same_length(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !c.is_ascii(), "·")
}

/// A text without the characters that would move the terminal's cursor.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_report_is_as_wide_as_the_terminal() {
        let words = "这一集里有一句话很长 and it goes on in English ".repeat(6);
        let finding = Diagnostic::warning("wrong-type", words.trim()).help(words.trim());
        let mut report = Vec::new();
        write_report(&[finding], Look { width: Some(60), ..Look::default() }, &mut report).unwrap();
        let report = String::from_utf8(report).unwrap();
        let columns = |line: &str| unicode_width::UnicodeWidthStr::width(line);
        assert!(report.lines().all(|line| columns(line) <= 60), "{report}");
        assert!(report.contains("\n                     "), "{report}");
        let all = report.split_whitespace().filter(|word| word.contains("English")).count();
        assert_eq!(all, 12, "{report}");
    }

    #[test]
    fn nothing_that_moves_the_cursor_reaches_the_terminal() {
        let source = Source::new("content/a\u{1b}[2J.txt", "灯\u{9b}2J\u{1b}[2J 灯\n");
        let at = source.text.rfind('灯').unwrap();
        let finding =
            Diagnostic::error("wrong-type", "b\u{9b}c").at(source.place(at..at + 3)).saying("d\u{1b}e");
        let mut report = Vec::new();
        write_report(&[finding], Look::default(), &mut report).unwrap();
        let report = String::from_utf8(report).unwrap();
        assert!(!report.contains(|c: char| c.is_control() && c != '\n'), "{report:?}");
        assert!(report.contains("灯·2J"), "{report}");
    }
}
