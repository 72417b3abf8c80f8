//! Every code that a finding can have, as docs/codes.md explains it: the page is the table. Never
//! holds an explanation of its own.

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::table::Fields;

/// The page, with a table per section.
const PAGE: &str = include_str!("../docs/codes.md");

/// One row of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub code: &'static str,
    pub severity: &'static str,
    pub meaning: &'static str,
    pub help: &'static str,
    /// The heading above its table.
    pub section: &'static str,
}

/// All codes, in the order of the page.
pub fn entries() -> impl Iterator<Item = Entry> {
    let mut section = "";
    PAGE.lines().filter_map(move |line| {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        }
        let cells: Vec<&str> = line.strip_prefix("| `")?.strip_suffix(" |")?.split(" | ").collect();
        let [code, severity, meaning, help] = cells[..] else { return None };
        Some(Entry { code: code.strip_suffix('`')?, severity, meaning, help, section })
    })
}

/// What the page says of a code.
pub fn entry(code: &str) -> Option<Entry> {
    entries().find(|entry| entry.code == code)
}

/// The known code nearest to one that is not.
pub fn nearest(code: &str) -> Option<&'static str> {
    let known: Vec<&'static str> = entries().map(|entry| entry.code).collect();
    did_you_mean(code, known.iter().copied()).and_then(|near| known.into_iter().find(|code| *code == near))
}

/// The codes of a list that may be silenced. Others go to `report`, by their number in the list.
pub fn allowed(codes: Vec<String>, mut report: impl FnMut(usize, Diagnostic)) -> Vec<String> {
    let mut kept = Vec::with_capacity(codes.len());
    for (index, code) in codes.into_iter().enumerate() {
        match refused(&code) {
            Some(wrong) => report(index, wrong),
            None => kept.push(code),
        }
    }
    kept
}

/// Why a code cannot be silenced, if it cannot.
pub fn refused(code: &str) -> Option<Diagnostic> {
    match entry(code) {
        Some(entry) if entry.severity == "error" => {
            let message = format!("`{code}` is an error, and cannot be silenced");
            Some(
                Diagnostic::warning("allow", message)
                    .help("mend what it tells of; warnings and notes can be silenced"),
            )
        }
        Some(_) => None,
        None => {
            let message = format!("there is no code `{}`", crate::text::shortened(code, 40));
            let help = match nearest(code) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "docs/codes.md lists all codes".to_owned(),
            };
            Some(Diagnostic::warning("allow", message).help(help))
        }
    }
}

/// Reads the key `allow` of a table.
pub fn read_allowed(fields: &mut Fields) -> Vec<String> {
    let (codes, spans): (Vec<_>, Vec<_>) =
        fields.strings("allow").unwrap_or_default().into_iter().map(|at| (at.value, at.span)).unzip();
    allowed(codes, |index, wrong| fields.report(wrong, spans[index].clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_read_row_by_row() {
        let entry = entry("cue-overlap").expect("it is on the page");
        assert_eq!((entry.severity, entry.section), ("warning", "Transcripts and people"));
        assert!(entry.meaning.contains("starts before") && entry.help.contains("merge"));
        let rows = PAGE.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(entries().count(), rows, "every row has four cells");
        let severities = ["error", "warning", "note"];
        assert!(entries().all(|entry| severities.contains(&entry.severity)), "a severity is one word");
    }

    #[test]
    fn no_code_is_there_twice() {
        let mut codes: Vec<_> = entries().map(|entry| entry.code).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn an_unknown_code_and_an_error_cannot_be_silenced() {
        assert_eq!(refused("cue-overlap"), None);
        assert_eq!(
            refused("cue-overlp").and_then(|wrong| wrong.help).as_deref(),
            Some("did you mean `cue-overlap`?")
        );
        assert!(refused("no-cues").is_some_and(|wrong| wrong.message.contains("is an error")));
    }
}
