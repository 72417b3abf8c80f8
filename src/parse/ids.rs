//! `episode.ids` → the ids that lines were published by, in their order, and back. Never says
//! which lines there are now.

use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::table::Findings;

/// A line as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedLine<I> {
    pub id: I,
    /// The ids it had before; links by them lead to it.
    pub before: Vec<I>,
}

const HEAD: &str = "\
# The ids of the published lines, so that links to them keep working when their words are edited.
# `diglot ids` writes this file. A line's own id comes first, then those it had before.
";

/// Reads one line a row; `id` tells what can be an id.
pub fn read_ids<I>(
    source: &Source,
    id: impl Fn(&str) -> Option<I>,
    findings: &Findings,
) -> Vec<PublishedLine<I>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for row in source.text.split_inclusive('\n') {
        let words = row.split('#').next().unwrap_or_default().split_whitespace();
        let mut ids = Vec::new();
        for word in words {
            match id(word) {
                Some(id) => ids.push(id),
                None => {
                    let from = at + (word.as_ptr() as usize - row.as_ptr() as usize);
                    let message = format!("`{}` is not the id of a line", crate::text::shortened(word, 40));
                    let finding = Diagnostic::warning("line-id", message)
                        .at(source.place(from..from + word.len()))
                        .help("`diglot ids` writes this file; an id is what follows `#` in a line's address");
                    findings.borrow_mut().push(finding);
                }
            }
        }
        at += row.len();
        let mut ids = ids.into_iter();
        if let Some(id) = ids.next() {
            lines.push(PublishedLine { id, before: ids.collect() });
        }
    }
    lines
}

/// Writes what `read_ids` reads.
pub fn write_ids<I: std::fmt::Display>(lines: &[PublishedLine<I>]) -> String {
    let mut text = HEAD.to_owned();
    for line in lines {
        text.push_str(&line.id.to_string());
        for before in &line.before {
            text.push(' ');
            text.push_str(&before.to_string());
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let lines = vec![
            PublishedLine { id: "a".to_owned(), before: vec!["b".to_owned(), "c".to_owned()] },
            PublishedLine { id: "d".to_owned(), before: Vec::new() },
        ];
        let source = Source::new("content/a.ids", write_ids(&lines));
        let findings = Findings::default();
        assert_eq!(read_ids(&source, |word| Some(word.to_owned()), &findings), lines);
        assert_eq!(findings.into_inner(), []);
    }

    #[test]
    fn what_is_no_id_is_reported_at_its_place() {
        let source = Source::new("content/a.ids", "ok\r\n\nok 字!\n");
        let findings = Findings::default();
        let read = read_ids(&source, |word| (word == "ok").then_some(()), &findings);
        assert_eq!(read.len(), 2);
        let findings = findings.into_inner();
        assert_eq!(findings.iter().map(|one| one.place.as_ref().unwrap().line).collect::<Vec<_>>(), [3]);
    }
}
