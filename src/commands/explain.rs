//! `diglot explain`: what a code means and what to do, as the documentation says it.

use std::fmt::Write;

use super::{Exit, print_data};
use crate::codes::{entries, entry, nearest};
use crate::read::WorldError;

/// How wide a line is, in characters.
const WIDTH: usize = 78;

/// Explains one code; without one, lists all.
pub fn run(code: Option<&str>) -> Result<Exit, WorldError> {
    let Some(code) = code else {
        return print_data(&list()).map(|()| Exit::Fine);
    };
    let code = code.trim_start_matches('[').trim_end_matches(']');
    match entry(code) {
        Some(entry) => {
            let mut text = format!("{} ({})\n{}\n\n", entry.code, entry.severity, entry.section);
            text.push_str(&wrapped(&plain(entry.meaning)));
            let _ = writeln!(text, "\n{}", wrapped(&format!("What to do: {}", plain(entry.help))).trim_end());
            print_data(&text).map(|()| Exit::Fine)
        }
        None => {
            let help = match nearest(code) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`diglot explain` lists all codes".to_owned(),
            };
            eprintln!("error: there is no code `{code}`: {help}");
            Ok(Exit::Usage)
        }
    }
}

fn list() -> String {
    let mut text = String::new();
    let mut section = "";
    for entry in entries() {
        if entry.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}", entry.section);
            section = entry.section;
        }
        let _ = writeln!(text, "  {:<24} {}", entry.code, entry.severity);
    }
    text
}

/// Markdown of the page as a terminal shows it: links as their words.
fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(open) = rest.find('[') {
        let link = rest[open..].find("](").and_then(|close| {
            let end = rest[open + close..].find(')')?;
            Some((&rest[open + 1..open + close], open + close + end + 1))
        });
        let Some((words, end)) = link.filter(|(words, _)| !words.contains('[')) else {
            text.push_str(&rest[..open + 1]);
            rest = &rest[open + 1..];
            continue;
        };
        text.push_str(&rest[..open]);
        text.push_str(words);
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let own = word.chars().count();
        if length > 0 && length + 1 + own > WIDTH {
            lines.push('\n');
            length = 0;
        }
        if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += own;
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_words_and_brackets_stay() {
        assert_eq!(
            plain("see [Tracks](formats.md#tracks), `[limits]` and [a] (b)"),
            "see Tracks, `[limits]` and [a] (b)"
        );
        assert_eq!(plain("`[build]` in [x.md](x.md)"), "`[build]` in x.md");
    }
}
