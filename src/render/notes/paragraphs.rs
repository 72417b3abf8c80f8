//! The plain paragraphs of a summary, with its bare addresses as links. Knows no Markdown, and
//! escapes all that it is given.

use std::ops::Range;

use super::escape;
use super::lines::joins;
use crate::lang::{Direction, Lang, is_cjk};

/// Plain paragraphs of a text (summary): blank lines separate paragraphs; escaped; bare http(s)
/// addresses become links; each `<p>` carries lang.
pub fn render_paragraphs(text: &str, lang: &Lang) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    let mut paragraph = String::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            let joins = joins(paragraph.chars().next_back(), line.chars().next());
            if !paragraph.is_empty() && !joins {
                paragraph.push('\n');
            }
            paragraph.push_str(line);
        } else if !paragraph.is_empty() {
            html.push_str(&format!("<p lang=\"{lang}\""));
            if lang.direction() == Direction::Rtl {
                html.push_str(" dir=\"rtl\"");
            }
            html.push('>');
            push_linked(&mut html, &paragraph);
            html.push_str("</p>\n");
            paragraph.clear();
        }
    }
    html
}

/// Escaped text in which each http(s) address is a link.
fn push_linked(html: &mut String, text: &str) {
    let mut done = 0;
    while let Some(found) = next_address(text, done) {
        let address = escape(&text[found.clone()]);
        html.push_str(&escape(&text[done..found.start]));
        html.push_str(&format!("<a href=\"{address}\">{address}</a>"));
        done = found.end;
    }
    html.push_str(&escape(&text[done..]));
}

/// The first address at or after `from`; one that is the tail of a word is none.
fn next_address(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find_map(|start| {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| {
            let slice = bytes.get(start..start + scheme.len());
            slice.is_some_and(|slice| slice.eq_ignore_ascii_case(scheme.as_bytes()))
        })?;
        let in_word = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        let rest = &text[start + scheme.len()..];
        let has_host = rest.chars().next().is_some_and(char::is_alphanumeric);
        let length = if !in_word && has_host { address_length(rest) } else { 0 };
        (length > 0).then(|| start..start + scheme.len() + length)
    })
}

/// How much of the text after `http://` belongs to the address. Chinese text follows an address
/// without a space, so a Han character counts only where a part of a path begins with it.
fn address_length(rest: &str) -> usize {
    let mut before = '\0';
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        let han = is_cjk(character) && character.is_alphanumeric();
        let continues = matches!(before, '/' | '=' | '_' | '-' | '#' | ':') || is_cjk(before);
        let stops = character.is_whitespace()
            || character.is_control()
            || matches!(character, '<' | '>' | '"' | '`' | '\\' | '{' | '}' | '|' | '^')
            || (is_cjk(character) && !(han && continues));
        if stops {
            end = at;
            break;
        }
        before = character;
    }
    without_closing_punctuation(&rest[..end]).len()
}

/// Punctuation at the end belongs to the sentence, a bracket too unless the address opened it.
fn without_closing_punctuation(mut address: &str) -> &str {
    let count = |bracket: char| address.matches(bracket).count();
    // How many more closing than opening brackets there are, of each kind.
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    loop {
        let Some(last) = address.chars().next_back() else { return address };
        match last {
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' => {}
            _ => return address,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
}
