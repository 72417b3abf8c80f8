//! The text of a WebVTT cue → what is said, and by whom: section 6.4 of the specification.
//! Never nests by calling itself: a cue may open a hundred thousand elements.

use super::entities::decoded;
use super::vtt::{Clock, strict_time};
use crate::lang::Lang;
use crate::lang::is_cjk;
use crate::timestamp::Millis;

/// A node of a cue's text, with how deep it lies.
#[derive(Debug, PartialEq, Eq)]
pub struct Node {
    pub depth: usize,
    pub kind: NodeKind,
}

#[derive(Debug, PartialEq, Eq)]
pub enum NodeKind {
    Text(String),
    /// From when on what follows is said.
    Time(Millis),
    Element {
        name: Element,
        classes: Vec<String>,
        /// The voice or the language that it names.
        annotation: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Class,
    Italic,
    Bold,
    Underline,
    Ruby,
    RubyText,
    Voice,
    Lang,
}

impl Element {
    fn named(name: &str) -> Option<Element> {
        Some(match name {
            "c" => Element::Class,
            "i" => Element::Italic,
            "b" => Element::Bold,
            "u" => Element::Underline,
            "ruby" => Element::Ruby,
            "rt" => Element::RubyText,
            "v" => Element::Voice,
            "lang" => Element::Lang,
            _ => return None,
        })
    }
}

enum Token {
    Text(String),
    Start { name: String, classes: Vec<String>, annotation: String },
    End(String),
    Time(String),
}

/// The nodes of a cue's text, each before those that it holds.
pub fn cue_nodes(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    let mut rest = text;
    while let Some(token) = next_token(&mut rest) {
        match token {
            Token::Text(text) => nodes.push(Node { depth: open.len(), kind: NodeKind::Text(text) }),
            Token::Time(time) => {
                let mut clock = Clock::new(&time);
                if let Some(time) = strict_time(&mut clock).filter(|_| clock.rest().is_empty()) {
                    nodes.push(Node { depth: open.len(), kind: NodeKind::Time(time) });
                }
            }
            Token::Start { name, classes, annotation } => {
                let Some(name) = Element::named(&name) else { continue };
                if name == Element::RubyText && open.last() != Some(&Element::Ruby) {
                    continue;
                }
                let kind = NodeKind::Element { name, classes, annotation };
                nodes.push(Node { depth: open.len(), kind });
                open.push(name);
            }
            Token::End(name) => {
                let ends = Element::named(&name);
                if ends.is_some() && open.last().copied() == ends {
                    open.pop();
                } else if ends == Some(Element::Ruby) && open.last() == Some(&Element::RubyText) {
                    open.pop();
                    open.pop();
                }
            }
        }
    }
    nodes
}

fn next_token(rest: &mut &str) -> Option<Token> {
    if rest.is_empty() {
        return None;
    }
    if let Some(tag) = rest.strip_prefix('<') {
        let end = tag_end(tag);
        let inner = &tag[..end];
        *rest = tag[end..].strip_prefix('>').unwrap_or("");
        return Some(tag_token(inner));
    }
    let end = rest.find('<').unwrap_or(rest.len());
    let text = decoded(&rest[..end]);
    *rest = &rest[end..];
    Some(Token::Text(text))
}

/// Where a tag ends: a reference in an annotation may stand for a `>` but never holds one.
fn tag_end(tag: &str) -> usize {
    tag.find('>').unwrap_or(tag.len())
}

fn tag_token(inner: &str) -> Token {
    if let Some(name) = inner.strip_prefix('/') {
        return Token::End(name.to_owned());
    }
    if inner.starts_with(|first: char| first.is_ascii_digit()) {
        return Token::Time(inner.to_owned());
    }
    let (head, annotation) = match inner.find(is_space) {
        Some(at) => (&inner[..at], &inner[at..]),
        None => (inner, ""),
    };
    let mut names = head.split('.');
    let name = names.next().unwrap_or_default().to_owned();
    let classes = names.filter(|class| !class.is_empty()).map(str::to_owned).collect();
    let annotation = decoded(annotation);
    let annotation = annotation.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    Token::Start { name, classes, annotation }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

/// What one voice says in a cue.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Voiced {
    /// The name that `<v>` gives, if any.
    pub voice: Option<String>,
    pub text: String,
}

/// What is said in a cue, by one voice after the other. Pronunciations stand in brackets.
pub fn voices(text: &str) -> Vec<Voiced> {
    if !text.contains(['<', '&']) {
        return vec![Voiced { voice: None, text: text.to_owned() }];
    }
    let mut said: Vec<Voiced> = Vec::new();
    // The voices that are open, each with the depth of its element; and where a reading ends.
    let mut open: Vec<(usize, Option<String>)> = Vec::new();
    let mut reading: Option<(usize, char)> = None;
    for Node { depth, kind } in cue_nodes(text) {
        while open.last().is_some_and(|(own, _)| depth <= *own) {
            open.pop();
        }
        if let Some((_, close)) = reading.take_if(|(own, _)| depth <= *own) {
            push_said(&mut said, None, &close.to_string(), true);
        }
        match kind {
            NodeKind::Text(text) => {
                let voice = open.last().and_then(|(_, voice)| voice.clone());
                push_said(&mut said, voice, &text, false);
            }
            NodeKind::Element { name: Element::Voice, annotation, .. } => {
                open.push((depth, Some(annotation).filter(|name| !name.is_empty())));
            }
            NodeKind::Element { name: Element::RubyText, .. } => {
                let wide = said.last().and_then(|last| last.text.chars().next_back()).is_some_and(is_cjk);
                let (before, after) = if wide { ("（", '）') } else { ("(", ')') };
                push_said(&mut said, None, before, true);
                reading = Some((depth, after));
            }
            _ => {}
        }
    }
    if let Some((_, close)) = reading {
        push_said(&mut said, None, &close.to_string(), true);
    }
    said.retain(|voiced| !voiced.text.trim().is_empty());
    said
}

/// Adds words to the voice that speaks; `goes_on`: whoever it is.
fn push_said(said: &mut Vec<Voiced>, voice: Option<String>, text: &str, goes_on: bool) {
    match said.last_mut() {
        Some(last) if goes_on || last.voice == voice || text.trim().is_empty() => last.text.push_str(text),
        _ => said.push(Voiced { voice, text: text.to_owned() }),
    }
}

/// The language of each line of a cue's text, where each line is in one that it names.
pub fn line_langs(text: &str) -> Vec<Lang> {
    if !text.contains("<lang ") {
        return Vec::new();
    }
    let lang = |line: &str| {
        let line = line.trim();
        // Who speaks, and that someone else does.
        let line = if line.starts_with("<v ") { line.split_once('>')?.1 } else { line };
        let inner = line.strip_prefix("&gt;&gt; ").unwrap_or(line).strip_prefix("<lang ")?;
        let (tag, said) = inner.strip_suffix("</lang>")?.split_once('>')?;
        if said.contains("<lang ") { None } else { Lang::parse(tag.trim()).ok() }
    };
    text.lines().map(lang).collect::<Option<Vec<Lang>>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(Option<String>, String)> {
        voices(text).into_iter().map(|voiced| (voiced.voice, voiced.text)).collect()
    }

    #[test]
    fn a_voice_is_taken_off_the_words_and_marks_are_dropped() {
        let own = |name: &str| Some(name.to_owned());
        assert_eq!(said("<v Shen Yao>你<b>好</b>。"), [(own("Shen Yao"), "你好。".into())]);
        assert_eq!(
            said("<v.loud A &amp; B>x</v> y"),
            [(own("A & B"), "x".into()), (None, " y".into())],
            "a name may hold references"
        );
        assert_eq!(said("<v A>x</v>\n<v B>y"), [(own("A"), "x\n".into()), (own("B"), "y".into())]);
        assert_eq!(said("a<00:01.000><c> b</c> &lt;i&gt;"), [(None, "a b <i>".into())]);
        assert_eq!(said("<ruby>灯<rt>dēng</rt></ruby>亮"), [(None, "灯（dēng）亮".into())]);
    }

    #[test]
    fn a_hundred_thousand_open_elements_are_no_trouble() {
        assert_eq!(said(&("<b>".repeat(100_000) + "x")), [(None, "x".into())]);
    }
}
