//! `content/about.md` → what the archive says of itself. Never renders it.

use super::front_matter::read_title;
use crate::lang::Lang;
use crate::source::{Source, Span};
use crate::table::Findings;
use crate::text::Localized;

/// One file of the page about the archive.
pub struct AboutText {
    pub source: Source,
    /// The language that its name ends in.
    pub lang: Option<Lang>,
    /// By the front matter, else by the heading that it begins with.
    pub title: Localized,
    /// The Markdown that is left.
    pub body: Span,
}

impl AboutText {
    pub fn markdown(&self) -> &str {
        &self.source.text[self.body.clone()]
    }
}

/// Reads a file of the page.
pub fn read_about(source: Source, lang: Option<Lang>, findings: &Findings) -> AboutText {
    let (stated, mut body) = read_title(&source, findings);
    let mut title = Localized::default();
    match stated {
        Some(stated) => {
            for (own, text) in stated.iter() {
                title.push(own.or(lang.as_ref()).cloned(), text);
            }
        }
        None => {
            if let Some((heading, length)) = first_heading(&source.text[body.clone()]) {
                title.push(lang.clone(), heading);
                body.start += length;
            }
        }
    }
    AboutText { source, lang, title, body }
}

/// The heading of the first level that a text begins with, if it is plain text, and how far it
/// reaches.
fn first_heading(text: &str) -> Option<(&str, usize)> {
    let start = text.len() - text.trim_start_matches(['\n', ' ', '\t']).len();
    let line = text[start..].lines().next()?;
    let heading = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim_end();
    let is_plain = !heading.is_empty() && !heading.contains(['*', '_', '`', '[', ']', '<', '&', '\\', '~']);
    is_plain.then_some((heading, start + line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str, lang: Option<&str>) -> AboutText {
        let lang = lang.map(|tag| Lang::parse(tag).expect("a tag"));
        let findings = Findings::default();
        let about = read_about(Source::new("content/about.md", text), lang, &findings);
        assert!(findings.into_inner().is_empty(), "{text}");
        about
    }

    #[test]
    fn the_title_is_that_of_the_front_matter() {
        let found = about("+++\ntitle = \"关于\"\n+++\n# Heading\n", Some("zh-Hans"));
        let lang = Lang::parse("zh-Hans").expect("a tag");
        assert_eq!(found.title.iter().collect::<Vec<_>>(), [(Some(&lang), "关于")]);
        assert_eq!(found.markdown(), "# Heading\n");
        let found = about("---\ntitle: About\nlayout: page\n---\nText\n", None);
        assert_eq!(found.title.iter().collect::<Vec<_>>(), [(None, "About")]);
    }

    #[test]
    fn without_one_it_is_the_heading_on_top() {
        let found = about("\n# About us #\n\nText\n", None);
        assert_eq!(found.title.iter().collect::<Vec<_>>(), [(None, "About us")]);
        assert_eq!(found.markdown().trim(), "Text");
    }

    #[test]
    fn a_heading_that_is_more_than_text_stays_in_the_text() {
        for text in ["# A *b*\n", "## A\n", "Text\n\n# A\n", "#\n", ""] {
            let found = about(text, None);
            assert!(found.title.is_empty(), "{text}");
            assert_eq!(found.markdown(), text);
        }
    }
}
