//! Page text: an episode page saved as plain text, where every line of the talk stands under the
//! label of its speaker, each language in a paragraph of its own. Never cuts a line apart.

use std::borrow::Cow;

use super::label::{KnownLabels, is_generic_label};
use crate::lang::telling_script;
use crate::parse::document::{Document, Line, PageFacts};

/// The words by which a saved page names its parts.
const SUMMARY_HEADING: &str = "本集简介";
const TRANSCRIPT_HEADING: &str = "双语字幕";
/// How many lines the notice below the transcript's heading has.
const NOTICE_LINES: usize = 1;
const COVER_SUFFIX: &str = " 封面";

/// How many lines tell whether a text is of this form, and how many of them stand under a label.
const LOOKED_AT: usize = 400;
const LINES_A_LABEL: usize = 5;

/// Whether the text is lines under speaker labels.
pub fn is_page_text(text: &str, known_labels: &KnownLabels) -> bool {
    let mut labels = 0;
    let mut total = 0;
    let lines = Lines { text, at: 0 }.map(|(_, line, _)| line).filter(|line| !line.is_empty());
    for line in lines.take(LOOKED_AT) {
        total += 1;
        labels += usize::from(is_label(line, known_labels));
        if labels * LINES_A_LABEL >= LOOKED_AT {
            return true;
        }
    }
    labels > 0 && (labels * LINES_A_LABEL >= total || text.contains(TRANSCRIPT_HEADING))
}

/// The lines of a text, each with where it begins, without spaces around it, and with the length
/// that it takes.
struct Lines<'s> {
    text: &'s str,
    at: usize,
}

impl<'s> Iterator for Lines<'s> {
    type Item = (usize, &'s str, usize);

    #[inline]
    fn next(&mut self) -> Option<(usize, &'s str, usize)> {
        let rest = &self.text[self.at..];
        let end = match rest.as_bytes() {
            [] => return None,
            [b'\n', ..] => 0,
            bytes => memchr::memchr(b'\n', bytes).unwrap_or(bytes.len()),
        };
        let (at, length) = (self.at, (end + 1).min(rest.len()));
        self.at += length;
        Some((at, trimmed(&rest[..end]), length))
    }
}

fn is_label(line: &str, known_labels: &KnownLabels) -> bool {
    is_generic_label(line) || known_labels.contains(line)
}

/// Reads a saved page. `offset` is where `text` starts in its source.
pub fn parse_page_text<'s>(text: &'s str, offset: usize, known_labels: &KnownLabels) -> Document<'s> {
    // A cue takes some 120 bytes of such a page.
    let mut document = Document::default();
    document.lines.reserve(text.len() / 120);
    document.parts.reserve(text.len() / 60);
    let mut reader = Reader {
        document,
        label: None,
        part_count: 0,
        start: 0,
        end: 0,
        heading: Vec::new(),
        notice: None,
        in_talk: false,
        known_labels,
        longest_label: known_labels.longest(),
        last_label: None,
    };
    for (at, line, length) in (Lines { text, at: 0 }) {
        if !line.is_empty() && reader.take(line, offset + at, length) == Reading::Footer {
            if text[at..].lines().any(|line| is_label(line.trim(), known_labels)) {
                let span = offset + at..offset + at + length;
                reader.document.left_out.push((span, "it stands below the page's footer"));
            }
            break;
        }
    }
    reader.flush();
    let Reader { mut document, heading, .. } = reader;
    read_heading(&heading, &mut document);
    document
}

/// A line without spaces around it. Most have none, which its first and its last character tell
/// by their bytes: no space of three bytes begins with one from 0xe4 on.
fn trimmed(line: &str) -> &str {
    let bytes = line.as_bytes();
    let first = matches!(bytes, [b'!'..=b'~' | 0xe4..=0xef, ..]);
    // What ends a sentence of Han stands behind U+3000, the space, in its row.
    let last = matches!(bytes, [.., b'!'..=b'~'] | [.., 0xe4..=0xef, _, _] | [.., 0xe3, 0x80, 0x81..=0xbf]);
    if first && last || bytes.is_empty() { line } else { line.trim() }
}

#[derive(PartialEq, Eq)]
enum Reading {
    On,
    Footer,
}

struct Reader<'s, 'k> {
    document: Document<'s>,
    /// The speaker of the block being read.
    label: Option<usize>,
    /// How many parts of it have been read.
    part_count: usize,
    start: usize,
    end: usize,
    /// What stands before the first label.
    heading: Vec<&'s str>,
    /// How many lines of the notice have been read, once the transcript's heading has been.
    notice: Option<usize>,
    /// Whether the first label has been read.
    in_talk: bool,
    known_labels: &'k KnownLabels<'k>,
    longest_label: usize,
    /// The label said last and its index: most lines repeat it.
    last_label: Option<(&'s str, usize)>,
}

impl<'s> Reader<'s, '_> {
    fn take(&mut self, line: &'s str, at: usize, length: usize) -> Reading {
        if line.len() <= self.longest_label && self.is_label(line) {
            self.flush();
            let index = match self.last_label {
                Some((label, index)) if label == line => index,
                _ => self.document.label(line),
            };
            self.last_label = Some((line, index));
            self.label = Some(index);
            self.start = at;
            self.in_talk = true;
            return Reading::On;
        }
        if !self.in_talk {
            match &mut self.notice {
                None if line == TRANSCRIPT_HEADING => self.notice = Some(0),
                None => self.heading.push(line),
                // What follows the transcript's heading is a notice about the page.
                Some(lines) => {
                    *lines += 1;
                    if *lines == NOTICE_LINES + 1 {
                        self.document.left_out.push((at..at + length, "it stands before the first label"));
                    }
                }
            }
            return Reading::On;
        }
        if is_footer(line) {
            return Reading::Footer;
        }
        if !is_fold_marker(line) {
            self.document.parts.push(Cow::Borrowed(line));
            self.part_count += 1;
            self.end = at + length;
        }
        Reading::On
    }

    fn is_label(&self, line: &str) -> bool {
        self.last_label.is_some_and(|(label, _)| label == line) || is_label(line, self.known_labels)
    }

    fn flush(&mut self) {
        let part_count = std::mem::take(&mut self.part_count);
        if part_count > 0 {
            let span = self.start..self.end;
            self.document.lines.push(Line { span, label: self.label, start: None, end: None, part_count });
        }
    }
}

/// `展开剩余字幕(还有 480 条)`: the page's button for the rest of the lines.
fn is_fold_marker(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("展开剩余字幕") else {
        return false;
    };
    let inner = rest.trim_matches(['(', ')', '（', '）']);
    inner
        .strip_prefix("还有")
        .and_then(|rest| rest.strip_suffix("条"))
        .is_some_and(|count| count.trim().bytes().all(|byte| byte.is_ascii_digit()))
}

/// The heading of what the page says about itself after the transcript.
fn is_footer(line: &str) -> bool {
    let about = line.strip_prefix("关于 ").and_then(|rest| rest.strip_suffix(" 播客"));
    about.is_some_and(|name| !name.is_empty() && name.chars().count() <= 30) || line == "继续浏览更多播客"
}

/// Takes show, titles and summary from what stands above the transcript.
fn read_heading(heading: &[&str], document: &mut Document) {
    let mut lines = heading.iter().copied().peekable();
    let mut facts = PageFacts::default();
    let cover = lines.peek().and_then(|line| line.strip_suffix(COVER_SUFFIX));
    if cover.is_some() {
        lines.next();
    }
    let mut summary: Vec<&str> = Vec::new();
    let mut in_summary = false;
    for line in lines {
        if line == SUMMARY_HEADING {
            in_summary = true;
        } else if in_summary || is_told(line, &facts.titles) {
            summary.push(line);
        } else {
            facts.titles.push(line.to_owned());
        }
    }
    facts.show = cover.and_then(|cover| show_name(cover, facts.titles.first()?));
    let (lede, notes) = split_summary(&summary.join("\n\n"));
    facts.summary = lede;
    document.notes = notes;
    document.page = facts;
}

/// Whether there is a title already in the script of `line`: there is one title per language, and
/// what else stands above the talk says more of the episode.
fn is_told(line: &str, titles: &[String]) -> bool {
    let script = telling_script(line);
    titles.iter().any(|title| telling_script(title) == script)
}

/// `<show> - <title>`: the show is what stands before the title.
fn show_name(cover: &str, title: &str) -> Option<String> {
    let before = cover.strip_suffix(title).map(|rest| rest.trim_end().trim_end_matches(['-', '–', '—']));
    let before = before.or_else(|| cover.split_once(" - ").map(|(show, _)| show))?;
    let show = before.trim();
    (!show.is_empty()).then(|| show.to_owned())
}

/// Splits a page's description, whose line breaks were lost, into what is said of the episode and
/// the lists and links after it, which become show notes again.
fn split_summary(text: &str) -> (String, String) {
    let Some(bullet) = text.find(" • ") else {
        return (text.to_owned(), String::new());
    };
    // The sentence that leads into the list goes with it.
    let stop = text[..bullet].char_indices().rfind(|(_, c)| "。!?！？".contains(*c));
    let lead = stop.map_or(0, |(at, stop)| at + stop.len_utf8());
    let (lede, rest) = if lead == 0 { text.split_at(bullet) } else { text.split_at(lead) };
    let mut notes = String::new();
    for (index, item) in rest.split('•').map(str::trim).enumerate() {
        if index == 0 {
            notes.push_str(&escape_markdown(item));
            notes.push_str("\n\n");
            continue;
        }
        let mut pieces = lost_lines(item).into_iter();
        if let Some(first) = pieces.next() {
            notes.push_str(&format!("- {}\n", escape_markdown(first)));
        }
        let rest: Vec<&str> = pieces.collect();
        if !rest.is_empty() {
            notes.push('\n');
            push_lost_lines(&rest, &mut notes);
        }
    }
    (lede.trim().to_owned(), notes.trim().to_owned())
}

/// Cuts a run of text where a line break was lost: after an address or the end of a sentence
/// followed by a space, and between Han characters, which take no space.
fn lost_lines(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(' ') {
        let piece = &text[start..at];
        let before = piece.chars().next_back().unwrap_or(' ');
        let after = text[at + 1..].chars().next().unwrap_or(' ');
        let last_word = piece.rsplit(' ').next().unwrap_or(piece);
        let ends_line = last_word.contains("://")
            || matches!(before, '。' | '！' | '？' | '!' | '?' | ':' | '：')
            || (crate::lang::is_cjk(before)
                && (crate::lang::is_cjk(after) || after.is_ascii_alphanumeric())
                && piece.chars().count() > 1);
        if ends_line {
            pieces.push(piece.trim());
            start = at + 1;
        }
    }
    pieces.push(text[start..].trim());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Writes regained lines as Markdown: `name:address` as a link in a list, a line that ends in a
/// colon as a lead-in, others as paragraphs.
fn push_lost_lines(lines: &[&str], notes: &mut String) {
    for line in lines {
        match line.find("http://").or_else(|| line.find("https://")) {
            Some(at)
                if at > 0 && !line[at..].contains(|c: char| c.is_whitespace() || "。,，".contains(c)) =>
            {
                let name = line[..at].trim_end_matches([':', '：', ' ']);
                let url = line[at..].trim_end_matches(['>', '<']);
                notes.push_str(&format!("- [{}](<{url}>)\n", escape_markdown(name)));
            }
            _ => notes.push_str(&format!("\n{}\n\n", escape_markdown(line))),
        }
    }
}

fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '_' | '[' | ']' | '<' | '&' | '`' | '\\' | '#' | '|' | '~') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "夜谈 - 关于灯 封面\n\n关于灯\n\nOn lamps\n\n本集简介\n\n我们谈灯。 要点: • 第一点 • 第二点 资源链接: 灯塔:https://example.org/lamp 持续关注我们\n\n双语字幕\n\n仅展示文本字幕。\n\nSpeaker 0\n\n你好。\n\nHello.\n\n展开剩余字幕(还有 1 条)\nSpeaker 1\n\nOnly one\n关于 某某 播客\n\nSpeaker 2\n\nnot content\n";

    fn parse(text: &str) -> Document<'_> {
        parse_page_text(text, 0, &KnownLabels::new(&[]))
    }

    #[test]
    fn a_saved_page_alone_gives_show_titles_summary_and_lines() {
        let document = parse(PAGE);
        assert!(is_page_text(PAGE, &KnownLabels::new(&[])));
        assert_eq!(document.page.show.as_deref(), Some("夜谈"));
        assert_eq!(document.page.titles, ["关于灯", "On lamps"]);
        assert_eq!(document.page.summary, "我们谈灯。");
        assert_eq!(document.labels, ["Speaker 0", "Speaker 1"]);
        assert_eq!(document.parts, ["你好。", "Hello.", "Only one"]);
        let counts: Vec<_> = document.lines.iter().map(|line| line.part_count).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn lists_and_links_of_a_flattened_description_become_notes_again() {
        let notes = parse(PAGE).notes;
        assert!(notes.contains("- 第一点\n- 第二点\n"), "{notes}");
        assert!(notes.contains("- [灯塔](<https://example.org/lamp>)"), "{notes}");
        assert!(notes.contains("持续关注我们"), "{notes}");
    }

    #[test]
    fn talk_where_the_page_has_its_own_words_is_told() {
        assert_eq!(parse(PAGE).left_out.len(), 1, "labels below the footer");
        let document = parse("双语字幕\n\n仅展示文本字幕。\n\nSaid by nobody.\n\nSpeaker 0\n\n你好。\n");
        assert_eq!(document.left_out.len(), 1, "a notice of two lines");
        assert!(
            parse("双语字幕\n\n仅展示文本字幕。\n\nSpeaker 0\n\n你好。\n关于 某某 播客\n\n文字\n")
                .left_out
                .is_empty()
        );
    }

    #[test]
    fn a_description_is_split_after_its_last_sentence_whatever_ends_it() {
        for (text, lede, notes) in [
            ("Good! Topics: • a", "Good!", "Topics:\n\n- a"),
            ("好！要点: • a", "好！", "要点:\n\n- a"),
            ("No sentence • a", "No sentence", "- a"),
        ] {
            assert_eq!(split_summary(text), (lede.to_owned(), notes.to_owned()));
        }
    }

    #[test]
    fn what_stands_above_the_talk_beside_its_titles_is_summary() {
        let document = parse("关于灯\n\nOn lamps\n\n我们谈灯。\n\nOil or wax?\n\nSpeaker 0\n\n你好。\n");
        assert_eq!(document.page.titles, ["关于灯", "On lamps"]);
        assert_eq!(document.page.summary, "我们谈灯。\n\nOil or wax?");
    }

    #[test]
    fn a_line_that_only_mentions_the_footer_stays() {
        let document = parse("Speaker 0\n\n关于 这个 播客我有话说\n\nSpeaker 1\n\n展开剩余字幕是什么\n");
        assert_eq!(document.parts.len(), 2);
    }
}
