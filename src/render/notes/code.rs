//! Blocks of code, highlighted by classes where the language is known. Never lets a grammar end a
//! build.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use pulldown_cmark::{CodeBlockKind, Event, TagEnd};
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

use super::escape;

/// Code longer than this is not highlighted: the patterns take their time on generated text.
pub(super) const HIGHLIGHTED_AT_MOST: usize = 32 * 1024;
/// Nor is code with a longer line: some patterns take the square of it.
pub(super) const HIGHLIGHTED_LINE: usize = 1000;
/// The same for all code of the notes together.
pub(super) const HIGHLIGHTED_IN_ALL: usize = 256 * 1024;

/// The code in one event of a code block, until the block ends.
pub(super) fn code_text<'e>(event: &'e Event) -> Option<&'e str> {
    match event {
        Event::End(TagEnd::CodeBlock) => None,
        Event::Text(text) => Some(text),
        _ => Some(""),
    }
}

pub(super) fn code_block(kind: &CodeBlockKind, code: &str, highlighted: bool) -> String {
    let language = match kind {
        CodeBlockKind::Fenced(info) => {
            let separator = |character: char| character.is_whitespace() || ",{;".contains(character);
            info.split(separator).next().unwrap_or_default()
        }
        CodeBlockKind::Indented => "",
    };
    let (class, body) = if language.is_empty() {
        (String::new(), escape(code))
    } else {
        let body = highlighted.then(|| highlight(language, code)).flatten();
        let body = body.unwrap_or_else(|| escape(code));
        (format!(" class=\"language-{}\"", escape(language)), body)
    };
    format!("<pre class=\"hl\" tabindex=\"0\" translate=\"no\"><code{class}>{body}</code></pre>\n")
}

/// Code in spans by class; nothing for a language that is not known.
fn highlight(language: &str, code: &str) -> Option<String> {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    // The grammars' patterns are compiled when they are met; a bad one must not end a build.
    let highlighted = catch_unwind(AssertUnwindSafe(|| {
        let syntaxes = SYNTAXES.get_or_init(SyntaxSet::load_defaults_newlines);
        let syntax = syntaxes.find_syntax_by_token(language)?;
        let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
        let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, style);
        for line in LinesWithEndings::from(code) {
            generator.parse_html_for_line_which_includes_newline(line).ok()?;
        }
        Some(generator.finalize())
    }));
    highlighted.ok().flatten()
}
