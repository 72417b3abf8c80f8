//! Transcripts written as turns: `**Name:** text`, `Name (0:12):`, `[0:12] **Name**: text`,
//! `Name: text`, in Markdown or plain text; or as bare paragraphs. Markup is taken off the text.
//! Never takes a break in the recording for a speaker.

mod alternating;
mod blocks;
mod headers;
mod labels;
mod opening;
mod page;
mod times;

use std::borrow::Cow;

use unicode_script::Script;

use super::label::{KnownLabels, NOBODY, is_break};
use super::twins::Twins;
use crate::lang::{is_cjk, telling_script};
use crate::parse::document::{Document, Line, MarkKind};
use crate::source::{Source, Span};
use alternating::join_alternating;
use blocks::{Block, RawLine, markdown_blocks, plain_blocks};
use headers::mark_headers;
use labels::Labels;
pub use labels::has_marked_labels;
use opening::opening;
pub use page::is_transcript_heading;
use page::{take_notes, take_title};
pub use times::Times;

/// How the text between labels is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Markdown,
    /// As it stands; every line by itself.
    Plain,
}

/// A longer line is no wrapped line: it stands for itself.
const WRAP_WIDTH: usize = 100;

/// Reads the turns in `body` of `source`.
pub fn parse_turns<'s>(
    source: &'s Source,
    body: Span,
    syntax: Syntax,
    known_labels: &KnownLabels,
) -> Document<'s> {
    let text = &source.text[body.clone()];
    let mut document = Document::default();
    let mut blocks = match syntax {
        Syntax::Markdown => markdown_blocks(text, &mut document.links),
        Syntax::Plain => plain_blocks(text),
    };
    take_title(&mut blocks, &mut document);
    take_notes(&mut blocks, text, &mut document);
    mark_headers(&mut blocks);
    let labels = Labels::of(&blocks, known_labels);
    let mut turns = Turns {
        document,
        offset: body.start,
        twins: if syntax == Syntax::Plain { twins(&blocks, &labels) } else { Twins::default() },
        labels: &labels,
        speaker: None,
        time: Times::default(),
        unlabelled: Vec::new(),
        scripts: Vec::new(),
    };
    for block in &blocks {
        match block {
            Block::Heading { title, .. } => turns.section(title),
            Block::Rule => turns.document.mark(MarkKind::Break),
            Block::Paragraph(lines) => turns.paragraph(lines, syntax),
        }
    }
    let Turns { document, unlabelled, .. } = turns;
    join_alternating(document, &unlabelled)
}

struct Turns<'s, 'l> {
    document: Document<'s>,
    offset: usize,
    labels: &'l Labels<'l>,
    /// Which paragraphs of two lines in one script are a line and its translation.
    twins: Twins,
    speaker: Option<usize>,
    /// A time that a label on a line of its own gives to the words after it.
    time: Times,
    /// The lines that opened a paragraph without label or time.
    unlabelled: Vec<usize>,
    /// The scripts of the last line's parts, once something asks.
    scripts: Vec<Option<Script>>,
}

impl<'s> Turns<'s, '_> {
    fn section(&mut self, title: &str) {
        if is_transcript_heading(title) {
            // Another telling of the talk begins: nobody speaks yet.
            self.speaker = None;
        }
        let parts: Vec<String> = title.split(" / ").map(|part| part.trim().to_owned()).collect();
        let told_apart = parts.len() == 2 && telling_script(&parts[0]) != telling_script(&parts[1]);
        let parts = if told_apart { parts } else { vec![title.to_owned()] };
        self.document.mark(MarkKind::Section(parts));
    }

    fn paragraph(&mut self, lines: &[RawLine], syntax: Syntax) {
        let widest = lines.iter().rev().skip(1).map(|line| line.text.chars().count()).max();
        let wrapped = syntax == Syntax::Markdown && widest.unwrap_or(0) <= WRAP_WIDTH;
        let is_two = self.twins.usual() && said(lines, self.labels).len() == 2;
        let mut open = false;
        for (index, line) in lines.iter().enumerate() {
            if line.translates && open && self.translate_last(line) {
                continue;
            }
            let opening = opening(line, self.labels);
            let (own_times, words) = Times::strip(&line.text[opening.text_from.min(line.text.len())..]);
            let times = if own_times.any() { own_times } else { opening.times };
            if let Some(label) = &opening.label {
                open = false;
                let clip = opening.marked && words.is_empty() && own_times.any();
                if clip && !is_break(label) {
                    let span = self.offset + line.span.start..self.offset + line.span.end;
                    self.document
                        .left_out
                        .push((span, "the name of a clip that is played, without its words"));
                }
                if is_break(label) || clip {
                    self.document.mark(MarkKind::Break);
                    if !words.is_empty() || !is_break(label) {
                        self.speaker = None;
                    }
                    self.time = Times::default();
                    if !words.is_empty() {
                        self.new_line(line, words, times);
                        open = true;
                    }
                    continue;
                }
                let was_nobody = self.document.lines.last().is_some_and(|line| line.label.is_none());
                if label == NOBODY && was_nobody {
                    self.document.mark(MarkKind::Turn);
                }
                self.speaker = (label != NOBODY).then(|| self.document.label(label));
            }
            if words.is_empty() {
                if times.any() {
                    // What follows is said then, and no part of what is above.
                    self.time = times;
                    open = false;
                }
                continue;
            }
            if opening.label.is_none() && !times.any() && open {
                let goes = (is_two && self.translate_last(line)) || self.goes_with_last(words, wrapped, line);
                if goes {
                    continue;
                }
            }
            if index == 0 && opening.label.is_none() && !times.any() && !self.time.any() {
                self.unlabelled.push(self.document.lines.len());
            }
            self.new_line(line, words, times);
            open = true;
        }
    }

    fn new_line(&mut self, line: &RawLine, words: &str, times: Times) {
        let times = if times.any() { times } else { self.time };
        self.time = Times::default();
        let entry = Line {
            span: self.offset + line.span.start..self.offset + line.span.end,
            label: self.speaker,
            start: times.start,
            end: times.end,
            part_count: 0,
        };
        self.document.push(entry, [Cow::Owned(words.trim().to_owned())]);
        self.scripts.clear();
    }

    /// Adds a line to the one before as its translation.
    fn translate_last(&mut self, line: &RawLine) -> bool {
        let Some(last) = self.document.lines.last_mut() else {
            return false;
        };
        let words = line.text.trim();
        self.document.parts.push(Cow::Owned(words.to_owned()));
        self.scripts.clear();
        last.part_count += 1;
        last.span.end = self.offset + line.span.end;
        true
    }

    /// Adds words to the line before: as the rest of a wrapped line, or as its translation.
    fn goes_with_last(&mut self, words: &str, wrapped: bool, line: &RawLine) -> bool {
        let Some(last) = self.document.lines.last_mut() else {
            return false;
        };
        let script = telling_script(words);
        let parts = &mut self.document.parts;
        if self.scripts.is_empty() {
            self.scripts.extend(parts.last().map(|part| telling_script(part)));
        }
        let translates = script.is_some() && self.scripts.iter().all(|own| own.is_some() && *own != script);
        if translates {
            parts.push(Cow::Owned(words.trim().to_owned()));
            self.scripts.push(script);
            last.part_count += 1;
        } else if wrapped && let Some(part) = parts.last_mut() {
            join_wrapped(part.to_mut(), words.trim());
            // A part goes on in the script it began in: looking at it whole for each of its lines
            // would take the square of its length.
            if let Some(own) = self.scripts.last_mut() {
                *own = own.or(script);
            }
        } else {
            return false;
        }
        last.span.end = self.offset + line.span.end;
        true
    }
}

/// How many paragraphs tell whether their lines are languages.
const PARAGRAPHS: usize = 200;

/// What the paragraphs of a plain text tell of those whose lines are in one script.
fn twins(blocks: &[Block], labels: &Labels) -> Twins {
    let paragraphs = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(lines) if lines.len() > 1 => Some(said(lines, labels)),
        _ => None,
    });
    let groups: Vec<Vec<String>> = paragraphs.take(PARAGRAPHS).collect();
    Twins::of(groups.iter().map(Vec::as_slice))
}

/// The words of each line that has some, without names and times.
fn said(lines: &[RawLine], labels: &Labels) -> Vec<String> {
    let words = lines.iter().map(|line| {
        let from = opening(line, labels).text_from.min(line.text.len());
        Times::strip(&line.text[from..]).1.trim().to_owned()
    });
    words.filter(|words| !words.is_empty()).collect()
}

/// Joins two lines of a wrapped paragraph: with a space, which Han text does without.
fn join_wrapped(text: &mut String, words: &str) {
    let tight = text.chars().next_back().is_some_and(is_cjk) && words.chars().next().is_some_and(is_cjk);
    if !tight {
        text.push(' ');
    }
    text.push_str(words);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::Millis;

    #[test]
    fn times_and_voices_that_stand_bare_before_the_words_are_none_of_them() {
        let text = "00:00:00 <v Lin Yue>One.\n\n00:00:03 <v Lin Yue>Two.\n\n00:00:07 <v Shen Yao>Three.\n00:00:09 <v Shen Yao>Four.\n";
        let source = Source::new("a.txt", text);
        let document = parse_turns(&source, 0..text.len(), Syntax::Plain, &KnownLabels::new(&[]));
        assert_eq!(document.parts, ["One.", "Two.", "Three.", "Four."]);
        assert_eq!(document.labels, ["Lin Yue", "Shen Yao"]);
        assert_eq!(document.lines[1].start, Some(Millis(3000)));
    }

    fn check(syntax: Syntax, text: &str, expected: &[(&str, &str, &str)]) -> Vec<MarkKind> {
        let source = Source::new("content/a.md", text);
        let document = parse_turns(&source, 0..text.len(), syntax, &KnownLabels::new(&[]));
        let mut parts = document.parts.iter();
        let mut found = Vec::new();
        for line in &document.lines {
            let label = line.label.map_or("", |label| document.labels[label].as_str());
            let start = line.start.map_or(String::new(), |start| start.to_string());
            let words: Vec<&str> = parts.by_ref().take(line.part_count).map(AsRef::as_ref).collect();
            found.push((label.to_owned(), start, words.join(" | ")));
        }
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        assert_eq!(found, expected);
        document.marks.into_iter().map(|mark| mark.kind).collect()
    }

    #[test]
    fn strong_labels_with_paragraphs_that_continue_the_turn() {
        check(
            Syntax::Markdown,
            "**Ada Byron:** Hello \\[laughter\\] &amp; welcome.\n\nIt goes *on* with [a link](https://x.org).\n\n**Bob**: \\[01:02.5\\] Yes.\n",
            &[
                ("Ada Byron", "", "Hello [laughter] & welcome."),
                ("Ada Byron", "", "It goes on with a link."),
                ("Bob", "1:02", "Yes."),
            ],
        );
    }

    #[test]
    fn a_backslash_parts_two_languages_of_one_script() {
        check(
            Syntax::Markdown,
            "**Ada:** OK.\\\nOK.\n\n**Bob:** Oui.\\\nNote: yes.\n",
            &[("Ada", "", "OK. | OK."), ("Bob", "", "Oui. | Note: yes.")],
        );
    }

    #[test]
    fn a_name_before_a_time_may_hold_brackets() {
        let text = "Ada Byron (Host) 0:00\nOne.\n\nBob) Ice 0:05\nTwo.\n";
        check(Syntax::Plain, text, &[("Ada Byron (Host)", "0:00", "One."), ("Bob) Ice", "0:05", "Two.")]);
    }

    #[test]
    fn where_a_link_leads_is_kept_beside_the_talk() {
        let source = Source::new(
            "a.md",
            "**Ada:** See [the *plans*](https://x.org/a) or <https://y.org>.\n\n**Bob:** Yes.\n",
        );
        let document = parse_turns(&source, 0..source.text.len(), Syntax::Markdown, &KnownLabels::new(&[]));
        assert_eq!(document.parts[0], "See the plans or https://y.org.");
        let links: Vec<_> =
            document.links.iter().map(|(title, url)| (title.as_str(), url.as_str())).collect();
        assert_eq!(links, [("the plans", "https://x.org/a"), ("https://y.org", "https://y.org")]);
    }

    #[test]
    fn breaks_jingles_and_clips_are_not_speakers() {
        let marks = check(
            Syntax::Markdown,
            "**Ada:** One.\n\n**Break:** \\[16:30\\]\n\n**Jingle**: \\[\\00:27:10.07\\] to \\[\\00:28:18.08\\]\n\n**Song of Sand:** \\[07:18\\]\n\nLa la.\n\n**Outro:**\n\n**Bob:**\n\nTwo.\n",
            &[("Ada", "", "One."), ("", "", "La la."), ("Bob", "", "Two.")],
        );
        assert_eq!(marks, vec![MarkKind::Break; 4]);
    }

    #[test]
    fn a_name_with_a_time_on_its_own_line() {
        check(
            Syntax::Markdown,
            "# Title\n\n## Transcript\n\nGreta Ice (00:00:05):\nFirst words.\n\n(00:01:18):\nShe goes on.\n",
            &[("Greta Ice", "0:05", "First words."), ("Greta Ice", "1:18", "She goes on.")],
        );
    }

    #[test]
    fn brackets_that_hold_more_than_times_are_words() {
        check(
            Syntax::Plain,
            "[0:09 - late] Ada\n[0:09 - 0:11] Bob\n",
            &[("", "", "[0:09 - late] Ada"), ("", "0:09", "Bob")],
        );
    }

    #[test]
    fn a_heading_without_words_is_no_title_and_no_section() {
        let source = Source::new("a.md", "#\n\nOne.\n\n##\n\nTwo.\n");
        let document = parse_turns(&source, 0..source.text.len(), Syntax::Markdown, &KnownLabels::new(&[]));
        assert_eq!((document.page.titles, document.marks), (vec![], vec![]));
        assert_eq!(document.parts, ["One.", "Two."]);
    }

    #[test]
    fn many_names_are_told_apart_in_no_time() {
        // With a search through all names for each of them this would take minutes.
        let text: String = (0..5_000)
            .map(|index| format!("A{index}: one\n\nA{index}: two\n\nOf the old town (A{index}): three\n\n"))
            .collect();
        let source = Source::new("a.txt", text);
        let document = parse_turns(&source, 0..source.text.len(), Syntax::Plain, &KnownLabels::new(&[]));
        assert_eq!((document.labels.len(), document.lines.len()), (10_000, 15_000));
    }

    #[test]
    fn a_time_before_a_strong_name() {
        check(
            Syntax::Plain,
            "[00:11] Ada: First.\n[00:16] Ada: Second.\n",
            &[("Ada", "0:11", "First."), ("Ada", "0:16", "Second.")],
        );
        check(
            Syntax::Markdown,
            "[00:11] **c8**: First.\n\n[00:16] **c8**: Second.\n",
            &[("c8", "0:11", "First."), ("c8", "0:16", "Second.")],
        );
    }

    #[test]
    fn plain_names_count_only_where_the_text_is_made_of_them() {
        check(
            Syntax::Plain,
            "Jonas: Hi.\nJeremy: Hello.\nJonas: So: how are you?\nJeremy：Fine.\n",
            &[
                ("Jonas", "", "Hi."),
                ("Jeremy", "", "Hello."),
                ("Jonas", "", "So: how are you?"),
                ("Jeremy", "", "Fine."),
            ],
        );
        check(
            Syntax::Plain,
            "Slides: here\n\nThe point is this.\n\nAnother: one.\n\nAnd more.\n",
            &[
                ("", "", "Slides: here"),
                ("", "", "The point is this."),
                ("", "", "Another: one."),
                ("", "", "And more."),
            ],
        );
    }

    #[test]
    fn a_name_alone_on_a_line_is_a_label_however_seldom_it_is() {
        let goes_on = "And so it goes on.\n\n".repeat(20);
        let text = format!("Ada:\nHello.\n\n{goes_on}Bob Ice:\nYes.\n\n—:\nNo.\n");
        let mut expected = vec![("Ada", "", "Hello.")];
        expected.extend([("Ada", "", "And so it goes on."); 20]);
        expected.extend([("Bob Ice", "", "Yes."), ("", "", "No.")]);
        check(Syntax::Plain, &text, &expected);
        check(Syntax::Plain, "To buy:\nA lamp.\n", &[("", "", "To buy:"), ("", "", "A lamp.")]);
    }

    #[test]
    fn two_scripts_in_one_paragraph_are_one_line() {
        let marks = check(
            Syntax::Markdown,
            "## 开始 / The start\n\n[00:04] **Ada**: 你好，\n我是艾达。\nHello, I am Ada,\nfor now.\n\n好的。\nAll right.\n",
            &[
                ("Ada", "0:04", "你好，我是艾达。 | Hello, I am Ada, for now."),
                ("Ada", "", "好的。 | All right."),
            ],
        );
        assert_eq!(marks, [MarkKind::Section(vec!["开始".into(), "The start".into()])]);
    }

    #[test]
    fn paragraphs_that_alternate_between_scripts_pair() {
        check(
            Syntax::Markdown,
            "**Ada:** 你好。\n\nHello.\n\n**Bob:** 再见。\n\nGoodbye.\n",
            &[("Ada", "", "你好。 | Hello."), ("Bob", "", "再见。 | Goodbye.")],
        );
    }

    #[test]
    fn long_lines_of_one_paragraph_stand_for_themselves() {
        let long = "word ".repeat(30);
        let text = format!("{long}\n{long}\nshort\n");
        let long = long.trim();
        check(Syntax::Markdown, &text, &[("", "", long), ("", "", long), ("", "", "short")]);
    }
}
