//! A text that the author gives once, or once per language.
//! Never chooses what is shown where: views do. Never holds a character that no page can hold.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::bytes::wide;
use crate::lang::Lang;

/// A title, name or summary: without a language (one for all), or one per language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localized {
    variants: Vec<(Option<Lang>, String)>,
}

impl Localized {
    pub fn plain(text: impl Into<String>) -> Localized {
        Localized { variants: vec![(None, own(text.into()))] }
    }

    /// Adds a variant; empty text is no variant.
    pub fn push(&mut self, lang: Option<Lang>, text: impl Into<String>) {
        let text = own(text.into());
        if !text.is_empty() {
            self.variants.push((lang, text));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.variants.is_empty()
    }

    /// The variants in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&Lang>, &str)> {
        self.variants.iter().map(|(lang, text)| (lang.as_ref(), text.as_str()))
    }

    /// The text in `lang`, else the one without a language, else the first.
    pub fn best(&self, lang: &Lang) -> &str {
        let exact = self.iter().find(|(own, _)| *own == Some(lang));
        let plain = || self.iter().find(|(own, _)| own.is_none());
        exact.or_else(plain).or_else(|| self.iter().next()).map_or("", |(_, text)| text)
    }

    /// Whether any variant is exactly `text`.
    pub fn says(&self, text: &str) -> bool {
        self.iter().any(|(_, own)| own == text)
    }
}

fn own(text: String) -> String {
    match without_controls(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(clean) => clean,
    }
}

/// Whether no page can hold a character: the control characters but line feed and tab.
pub fn is_control(character: char) -> bool {
    (character < ' ' && !matches!(character, '\n' | '\t')) || matches!(character, '\u{7f}'..='\u{9f}')
}

pub fn has_controls(text: &str) -> bool {
    may_have_controls(text.as_bytes()) && text.contains(is_control)
}

wide! {
    fn may_have_controls = any_may_be_control(text: &[u8]) -> bool;
}

#[inline(always)]
fn any_may_be_control(text: &[u8]) -> bool {
    any_byte(text, may_be_control)
}

/// A text without control characters. An escape of TOML or an entity of Markdown can write them
/// where the file itself has none.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    if has_controls(text) { Cow::Owned(text.replace(is_control, "")) } else { Cow::Borrowed(text) }
}

/// Whether a byte is a control character or, as few are, begins what may be one.
#[inline(always)]
fn may_be_control(byte: u8) -> bool {
    ((byte < b' ') & (byte != b'\n') & (byte != b'\t')) | (byte == 0x7f) | (byte == 0xc2)
}

/// How many bytes are looked at in one step, as the processor does where it can.
const STEP: usize = 32;

/// Whether a text has a byte that `is_wanted` wants, without a branch per byte: for bytes that few
/// texts have.
#[inline(always)]
pub fn any_byte(text: &[u8], is_wanted: impl Fn(u8) -> bool) -> bool {
    let Some(first) = text.first() else { return false };
    // All steps are of one length: the last looks at some bytes twice.
    let in_last = match text.last_chunk() {
        Some(last) => any_in_step(last, &is_wanted),
        None => {
            let mut filled = [*first; STEP];
            filled[..text.len()].copy_from_slice(text);
            any_in_step(&filled, &is_wanted)
        }
    };
    if in_last {
        return true;
    }
    for step in text.as_chunks().0 {
        if any_in_step(step, &is_wanted) {
            return true;
        }
    }
    false
}

/// No closure: as one, it would stay a function by itself, which knows less of the processor than
/// those that are made `wide!`.
#[inline(always)]
fn any_in_step(step: &[u8; STEP], is_wanted: &impl Fn(u8) -> bool) -> bool {
    let mut any = 0;
    for byte in step {
        any |= u8::from(is_wanted(*byte));
    }
    any != 0
}

/// The beginning of a text as one line, as `shortened`. It is not read beyond what is shown.
pub fn brief(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        // The space after a last word is not in the line.
        if length > limit + 1 {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        length += word.chars().count() + 1;
    }
    shortened(&line, limit)
}

/// The beginning of a text, cut after a word or sentence so that at most `limit` characters are
/// left, with an ellipsis where something was cut.
pub fn shortened(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut rest = text.chars();
    if limit > 0 {
        rest.nth(limit - 1);
    }
    let end = text.len() - rest.as_str().len();
    if end == text.len() {
        return text.to_owned();
    }
    let cut = &text[..end];
    // Thousands of texts are cut: each sign is compared by itself, which is sooner than in a text.
    let parts = |c: char| {
        matches!(c, '。' | '！' | '？' | '；' | '，' | '、' | '.' | '!' | '?' | ';' | ',')
            || c.is_whitespace()
    };
    let idle =
        |c: char| matches!(c, '，' | '、' | '；' | ',' | ';' | ':' | '：' | '。' | '.') || c.is_whitespace();
    let mut second_half = cut.char_indices().rev().take_while(|(at, _)| *at > end / 2);
    let at = second_half.find(|(_, c)| parts(*c)).map_or(end, |(at, _)| at);
    format!("{}…", cut[..at].trim_end_matches(idle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(shortened("short", 10), "short");
        assert_eq!(shortened("one two three four", 12), "one two…");
        assert_eq!(shortened("我们在河上，听见汽笛，再没有说话。", 12), "我们在河上，听见汽笛…");
        assert_eq!(shortened(&"很".repeat(30), 10), format!("{}…", "很".repeat(10)));
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..100 {
            let mut text = vec![b'a'; length];
            assert!(!any_byte(&text, |byte| byte == 0), "{length}");
            for at in 0..length {
                text[at] = 0;
                assert!(any_byte(&text, |byte| byte == 0), "{at} of {length}");
                text[at] = b'a';
            }
        }
    }

    #[test]
    fn a_text_holds_no_control_characters() {
        assert!(Localized::plain("a\u{1}b\0").says("ab"));
        assert_eq!(without_controls("a\u{1b}[0m\tb\n"), "a[0m\tb\n");
        assert_eq!(without_controls("a\u{85}\u{9f}\u{a0}é·\u{80}"), "a\u{a0}é·");
    }

    #[test]
    fn a_brief_text_is_the_beginning_of_the_text_in_one_line() {
        let text = " One  two\nthree, four\n\nfive six.  ";
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for limit in 0..40 {
            assert_eq!(brief(text, limit), shortened(&line, limit), "{limit}");
        }
    }

    #[test]
    fn the_best_text_is_the_own_then_the_common_then_any() {
        let en = Lang::parse("en").unwrap();
        let zh = Lang::parse("zh-Hans").unwrap();
        let mut text = Localized::default();
        text.push(Some(zh.clone()), "甲");
        assert_eq!(text.best(&en), "甲");
        text.push(None, "A");
        assert_eq!((text.best(&en), text.best(&zh)), ("A", "甲"));
    }
}
