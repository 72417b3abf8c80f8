//! How deep the blocks and elements of a Markdown text lie in each other, told before anything is
//! made of it: what reads HTML takes time with the depth. Never says what they are.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::table::Findings;

/// Whether the Markdown at `span` of a source keeps to the source's limit; if not, it is reported.
pub fn check_nesting(source: &Source, span: Span, findings: &Findings) -> bool {
    let Some(at) = too_deep(&source.text[span.clone()], source.limits.nesting) else {
        return true;
    };
    report(source, span.start + at, findings);
    false
}

/// The same for show notes, which may be a part of the source or made of it. Writing their HTML
/// takes time with their length times the characters in them that need an escape.
pub fn check_notes(notes: &str, source: &Source, findings: &Findings) -> bool {
    let escaped = notes.bytes().filter(|byte| matches!(byte, b'&' | 0xc2)).count();
    if escaped.saturating_mul(notes.len()) > ESCAPING_AT_MOST {
        let message = format!("the show notes of {} are too long for the {escaped} `&` in them", source.path);
        findings.borrow_mut().push(
            Diagnostic::error("notes-too-long", message)
                .at(source.place(0..0))
                .help("publish listings of that size as a file beside the episode, and link to it"),
        );
        return false;
    }
    let Some(at) = too_deep(notes, source.limits.nesting) else {
        return true;
    };
    let start = source.text.find(notes).map_or(0, |start| start + at);
    report(source, start, findings);
    false
}

fn report(source: &Source, at: usize, findings: &Findings) {
    let most = source.limits.nesting;
    let message = format!("the Markdown of {} nests more than {most} deep here", source.path);
    findings.borrow_mut().push(
        Diagnostic::error("nested-too-deep", message)
            .at(source.place(at..at))
            .help("make it flatter, or raise `nesting` in [limits] of site.toml"),
    );
}

/// Where a text nests deeper than `most`. Quotes, lists, emphasis, links and HTML elements count.
fn too_deep(markdown: &str, most: usize) -> Option<usize> {
    let mut depth = 0;
    let mut html = HtmlDepth::default();
    for (event, span) in
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).into_offset_iter()
    {
        html.weight += html.open;
        match event {
            Event::Start(tag) if nests(&tag) => depth += 1,
            Event::End(tag) if ends(&tag) => depth -= 1,
            Event::Html(text) | Event::InlineHtml(text) => html.read(&text),
            _ => {}
        }
        if depth + html.open > most || html.weight > WEIGHT_AT_MOST {
            return Some(span.start);
        }
    }
    None
}

fn nests(tag: &Tag) -> bool {
    ends(&tag.to_end())
}

fn ends(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// How many escapes times bytes show notes may have.
const ESCAPING_AT_MOST: usize = 1 << 32;

/// How many pieces a text may have, each counted as often as HTML elements are open around it: one
/// that is left open is opened again in every block that follows.
const WEIGHT_AT_MOST: usize = 1_000_000;

/// How many pieces the inside of one tag may have: each attribute is compared with all before it.
const TAG_PIECES_AT_MOST: usize = 2_000;

/// The elements of raw HTML that are open, as far as its tags say.
#[derive(Default)]
struct HtmlDepth {
    open: usize,
    weight: usize,
    /// Inside a tag, which may go on in the next piece of HTML: what it has of spaces, quotes and
    /// the like.
    pieces: Option<usize>,
}

impl HtmlDepth {
    fn read(&mut self, html: &str) {
        for (at, byte) in html.bytes().enumerate() {
            match (byte, self.pieces) {
                (b'<', _) => self.begin(&html[at + 1..]),
                (b'>', _) => self.pieces = None,
                (b' ' | b'\n' | b'\t' | b'/' | b'=' | b'"' | b'\'', Some(pieces)) => {
                    self.pieces = Some(pieces + 1);
                    if pieces == TAG_PIECES_AT_MOST {
                        self.weight = WEIGHT_AT_MOST + 1;
                    }
                }
                _ => {}
            }
        }
    }

    fn begin(&mut self, rest: &str) {
        let closes = rest.starts_with('/');
        let name = rest.trim_start_matches('/').bytes().take_while(u8::is_ascii_alphanumeric).take(16);
        let name: String = name.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        if name.is_empty() {
            return;
        }
        self.pieces = Some(0);
        self.weight += self.open;
        if !CLOSED_BY_ITSELF.contains(&name.as_str()) {
            self.open = if closes { self.open.saturating_sub(1) } else { self.open + 1 };
        }
    }
}

/// Elements that have no end, whose end may be left out, or that end where the next begins.
const CLOSED_BY_ITSELF: &[&str] = &[
    "a", "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link",
    "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead",
    "tr", "track", "wbr",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_never_too_deep() {
        let long_list = "- a\n  - b\n    - c\n".repeat(1_000);
        let page = "<details><summary>a</summary>\n\n**b** *c*\n\n</details>\n\n<p>d<br>\n\n".repeat(1_000);
        for text in [long_list, page, "> a\n\n".repeat(1_000), "-".repeat(1_000), "* ".repeat(1_000)] {
            assert_eq!(too_deep(&text, 100), None, "{}", &text[..40]);
        }
    }

    #[test]
    fn quotes_lists_emphasis_and_elements_count() {
        for nested in ["> ", "- a\n\n", "1. ", "<div>", "<b>", "a <i>"] {
            let text = match nested {
                "- a\n\n" => (0..200).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect(),
                _ => nested.repeat(200) + "x",
            };
            assert!(too_deep(&text, 100).is_some(), "{nested}");
        }
        let emphasis = "*a ".repeat(150) + &"a* ".repeat(150);
        assert!(too_deep(&emphasis, 100).is_some());
    }

    #[test]
    fn an_element_left_open_over_a_long_text_is_too_much() {
        let text = "<b>".repeat(90) + "\n\n" + &"x\n\n".repeat(20_000);
        assert!(too_deep(&text, 100).is_some());
    }

    #[test]
    fn a_tag_of_thousands_of_attributes_is_too_much() {
        let lines: String = (0..3_000).map(|count| format!("a{count}\n")).collect();
        assert!(too_deep(&format!("<div {lines}>x"), 100).is_some());
        assert_eq!(too_deep(&format!("<p title=\"{}\">x", "word ".repeat(300)), 100), None);
    }

    #[test]
    fn long_notes_full_of_ampersands_are_refused() {
        let check = |notes: &str| {
            let source = Source::new("content/a.md", notes);
            let findings = Findings::default();
            (check_notes(notes, &source, &findings), findings.into_inner().len())
        };
        assert_eq!(check(&"&".repeat(70_000)), (false, 1));
        assert_eq!(check(&("a & b ".repeat(5_000))), (true, 0));
    }

    #[test]
    fn the_place_is_told() {
        let text = format!("fine\n\n{}x\n", "> ".repeat(101));
        let source = Source::new("content/a.md", text);
        let findings = Findings::default();
        assert!(!check_nesting(&source, 0..source.text.len(), &findings));
        let found = findings.into_inner();
        assert_eq!((found[0].code.0.as_ref(), found[0].place.as_ref().unwrap().line), ("nested-too-deep", 3));
    }
}
