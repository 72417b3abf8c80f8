//! The text of a cue of SubRip: the tags that players know, and what programs leave in it that write
//! other forms. Never takes off what may be words.

use std::borrow::Cow;

use super::entities::decoded;

/// What else than SubRip the texts of a file are written in.
pub struct Manner {
    /// Characters are written as in HTML: `&#39;`.
    escaped: bool,
    /// Lines are parted as in the files of Advanced SubStation: by `\\N`.
    substation: bool,
}

/// References that programs write and nobody says.
const TELLING: [&str; 4] = ["&#", "&quot;", "&apos;", "&nbsp;"];
/// References that may also be what a talk is about.
const OTHER: [&str; 3] = ["&amp;", "&lt;", "&gt;"];

impl Manner {
    pub fn of(text: &str) -> Manner {
        let counts = |of: &[&str]| of.iter().map(|one| text.matches(one).count()).sum::<usize>();
        let all = text.matches('&').count();
        let (telling, other) = (counts(&TELLING), counts(&OTHER));
        // A bare `&` is one that nobody has escaped.
        let escaped = all > 0 && telling + other == all && (telling > 0 || other > 1);
        Manner { escaped, substation: text.contains("{\\") }
    }

    /// A text without markup.
    pub fn plain(&self, text: &str) -> String {
        let mut plain = without_srt_tags(text);
        if self.substation && plain.contains('\\') {
            plain = plain.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ").into();
        }
        if self.escaped { decoded(&plain) } else { plain.into_owned() }
    }
}

/// The text of a line of SubRip, without the tags that players know.
fn without_srt_tags(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '{']) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match srt_tag(rest) {
            Some(length) => rest = &rest[length..],
            None => {
                plain.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The longest tag of SubRip, in bytes: it may name a font.
const SRT_TAG: usize = 200;

/// The length of the tag at the start of a text, where it is one that SubRip players know.
fn srt_tag(text: &str) -> Option<usize> {
    let head = &text[..text.floor_char_boundary(SRT_TAG)];
    if let Some(inner) = head.strip_prefix("{\\") {
        let end = inner.find('}')?;
        return (!inner[..end].contains(char::is_whitespace)).then_some(2 + end + 1);
    }
    let end = head.find('>')?;
    let inner = head.get(1..end)?.trim_start_matches('/').trim_end();
    let (name, rest) = inner.split_at(inner.find([' ', '.']).unwrap_or(inner.len()));
    let is_tag = match name.to_ascii_lowercase().as_str() {
        "i" | "b" | "u" | "s" => rest.is_empty(),
        "c" => !rest.contains(' '),
        "font" => rest.is_empty() || rest.split_whitespace().all(|part| part.contains(['=', '"', '\''])),
        _ => false,
    };
    is_tag.then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(Manner::of(text).plain(text), expected);
    }

    #[test]
    fn what_other_programs_leave_in_subtitles_is_read() {
        check("{\\an8}One\\Ntwo", "One\ntwo");
        check("It&#39;s <i>it</i> &amp; &lt;b&gt;", "It's it & <b>");
    }

    #[test]
    fn tags_of_subrip_go_and_other_angles_stay() {
        assert_eq!(without_srt_tags("<i>a</i> {\\an8}b <font color=\"#fff\">c</font>"), "a b c");
        for words in ["a < b > c {d} <Vec<i32>>", "<b is> less <I think>", "{\\so it goes}"] {
            assert_eq!(without_srt_tags(words), words);
        }
    }

    #[test]
    fn what_may_be_words_is_left_alone() {
        for text in ["C:\\New", "write &amp; for it", "&#39; & so", "{laughs} a < b > c"] {
            check(text, text);
        }
    }
}
