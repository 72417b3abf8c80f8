//! Transcripts as HTML: `<cite>` says who, `<time>` when, `<p>` what. Reads tags one after the
//! other, whatever they nest in; text is never markup again.

use super::captions::Caption;
use super::entities::decoded;
use super::few::Few;
use super::markdown::Times;
use super::vtt::loose_time;
use crate::parse::document::{Document, Line, MarkKind};
use crate::source::Span;
use crate::text::without_controls;
use crate::timestamp::Millis;

/// A piece of an HTML text.
enum Piece<'t> {
    Text(&'t str, Span),
    /// A tag's name in lower case, and whether it closes.
    Tag(String, bool, Span),
}

/// Elements whose text is not shown.
const HIDDEN: &[&str] = &["script", "style", "template", "noscript", "textarea", "svg"];

struct Pieces<'t> {
    text: &'t str,
    at: usize,
    /// Whether no tag ends from here on.
    none_ends: bool,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let start = self.at;
        let rest = &self.text[start..];
        if rest.is_empty() {
            return None;
        }
        if !opens_tag(rest) {
            let mut end = 0;
            loop {
                end += 1;
                match memchr::memchr(b'<', &rest.as_bytes()[end..]) {
                    Some(next) if opens_tag(&rest[end + next..]) => {
                        end += next;
                        break;
                    }
                    Some(next) => end += next,
                    None => {
                        end = rest.len();
                        break;
                    }
                }
            }
            self.at = start + end;
            return Some(Piece::Text(&rest[..end], start..self.at));
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            let length = comment.find("-->").map_or(rest.len(), |end| 4 + end + 3);
            self.at = start + length;
            return self.next_tag("!--", false, start);
        }
        let end = if self.none_ends { None } else { tag_end(rest) };
        self.none_ends |= end.is_none();
        // One that never ends holds no more than its line.
        let end = end.unwrap_or_else(|| memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()));
        self.at = start + end;
        let inner = rest[1..end].trim_end_matches('>');
        let closes = inner.starts_with('/');
        let name = inner.trim_start_matches('/');
        let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '!').unwrap_or(name.len());
        let name = name[..length].to_ascii_lowercase();
        if !closes && HIDDEN.contains(&name.as_str()) {
            self.skip_hidden(&name);
        }
        self.next_tag(&name, closes, start)
    }
}

impl<'t> Pieces<'t> {
    fn next_tag(&self, name: &str, closes: bool, start: usize) -> Option<Piece<'t>> {
        Some(Piece::Tag(name.to_owned(), closes, start..self.at))
    }

    /// Goes to the end of an element whose text is not shown.
    fn skip_hidden(&mut self, name: &str) {
        let rest = &self.text[self.at..];
        let mut from = 0;
        while let Some(at) = rest[from..].find("</") {
            let after = &rest[from + at + 2..];
            if after.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name)) {
                self.at += from + at;
                return;
            }
            from += at + 2;
        }
        self.at = self.text.len();
    }
}

fn opens_tag(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('<')
        && characters.next().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
}

/// How long a tag may be that has a `>` in quotes, in bytes.
const QUOTED: usize = 1024;

/// Where a tag ends, with its `>`; one in quotes does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(QUOTED).skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if text.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    memchr::memchr(b'>', text.as_bytes()).map(|at| at + 1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Cite,
    Time,
    Paragraph,
    Heading,
    Title,
    Outside,
}

/// Elements that are blocks: text does not go on over their edges.
const BLOCKS: &[&str] = &[
    "div",
    "section",
    "article",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "td",
    "blockquote",
    "main",
    "header",
    "footer",
    "nav",
    "aside",
    "body",
    "html",
    "head",
    "hr",
    "dl",
    "dt",
    "dd",
    "figure",
    "pre",
    "address",
    "form",
];

struct Reader<'f, 'g> {
    within: Within,
    text: String,
    from: usize,
    to: usize,
    speaker: Option<String>,
    time: Option<Millis>,
    captions: Vec<Caption>,
    headings: Vec<(usize, String)>,
    titles: Vec<String>,
    few: &'g mut Few<'f>,
    offset: usize,
}

/// What an HTML transcript says.
pub struct HtmlTranscript {
    pub captions: Vec<Caption>,
    /// Headings, each with the number of captions before it.
    pub headings: Vec<(usize, String)>,
    pub titles: Vec<String>,
}

/// Reads a text that starts at `offset` of its source.
pub fn html_captions(text: &str, offset: usize, few: &mut Few) -> HtmlTranscript {
    let mut reader = Reader {
        within: Within::Outside,
        text: String::new(),
        from: 0,
        to: 0,
        speaker: None,
        time: None,
        captions: Vec::new(),
        headings: Vec::new(),
        titles: Vec::new(),
        few,
        offset,
    };
    for piece in (Pieces { text, at: 0, none_ends: false }) {
        match piece {
            Piece::Text(text, span) => reader.words(text, span),
            Piece::Tag(name, closes, span) => reader.tag(&name, closes, span),
        }
    }
    reader.flush();
    take_times(&mut reader.captions);
    HtmlTranscript { captions: reader.captions, headings: reader.headings, titles: reader.titles }
}

/// Times that stand in brackets before the words, where most have no element of their own.
fn take_times(captions: &mut [Caption]) {
    let timed = captions.iter().filter(|caption| own_times(caption).is_some()).count();
    if timed * 2 < captions.len().max(TIMED) {
        return;
    }
    for caption in captions {
        if let Some((times, rest)) = own_times(caption).map(|(times, rest)| (times, rest.to_owned())) {
            (caption.start, caption.end) = (times.start, times.end);
            caption.lines[0] = rest;
            caption.lines.retain(|line| !line.is_empty());
        }
    }
}

/// The times that the words of a caption open with, where it has no others, and what follows.
fn own_times(caption: &Caption) -> Option<(Times, &str)> {
    let first = caption.lines.first().filter(|_| caption.start.is_none())?;
    Some(Times::strip(first)).filter(|(times, _)| times.any())
}

/// Twice as many times as show that texts open with them.
const TIMED: usize = 4;

impl Reader<'_, '_> {
    fn words(&mut self, text: &str, span: Span) {
        if self.text.is_empty() {
            let lead = text.len() - text.trim_start().len();
            if lead == text.len() {
                return;
            }
            self.from = span.start + lead;
        }
        self.text.push_str(&without_controls(&decoded(text)).replace('\n', " "));
        self.to = span.end;
    }

    fn tag(&mut self, name: &str, closes: bool, _span: Span) {
        let within = match name {
            "cite" => Within::Cite,
            "time" => Within::Time,
            "p" => Within::Paragraph,
            "title" => Within::Title,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Within::Heading,
            "br" => {
                if !self.text.is_empty() {
                    self.text.push('\n');
                }
                return;
            }
            _ if BLOCKS.contains(&name) => {
                self.flush();
                if self.within != Within::Paragraph {
                    self.within = Within::Outside;
                }
                return;
            }
            // Marks within a line.
            _ => return,
        };
        if closes {
            let back = if self.within == within { Within::Outside } else { self.within };
            self.flush();
            self.within = back;
            return;
        }
        self.flush();
        self.within = within;
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let lines: Vec<String> =
            text.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let whole = lines.join(" ").trim().to_owned();
        if whole.is_empty() {
            return;
        }
        let span = self.offset + self.from..self.offset + self.to;
        match self.within {
            Within::Cite => {
                self.speaker =
                    Some(whole.trim_end_matches([':', '：', ' ']).to_owned()).filter(|name| !name.is_empty());
            }
            Within::Time => {
                let clock = whole.trim_matches(['[', ']', '(', ')']);
                self.time = loose_time(clock);
                if self.time.is_none() {
                    self.few.warn("bad-timing", "this time cannot be read", span, "write it as 1:02:03");
                }
            }
            Within::Heading => self.headings.push((self.captions.len(), whole)),
            Within::Title => self.titles.push(whole),
            Within::Paragraph | Within::Outside => {
                let mut caption = Caption {
                    span,
                    start: self.time.take(),
                    voice: self.speaker.clone(),
                    ..Caption::default()
                };
                caption.lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
                self.captions.push(caption);
            }
        }
    }
}

/// Puts headings between the lines of a document that has one line per caption.
pub fn mark_headings(document: &mut Document, headings: Vec<(usize, String)>, starts: &[usize]) {
    for (before, title) in headings {
        let at = starts.get(before).copied();
        let line = at.map_or(document.lines.len(), |at| first_line_from(&document.lines, at));
        let mark = crate::parse::document::Mark { before: line, kind: MarkKind::Section(vec![title]) };
        document.marks.push(mark);
    }
    document.marks.sort_by_key(|mark| mark.before);
}

fn first_line_from(lines: &[Line], at: usize) -> usize {
    lines.partition_point(|line| line.span.start < at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::table::Findings;

    fn read(text: &str) -> Vec<(Option<String>, Option<u64>, String)> {
        let source = Source::new("a.html", text);
        let findings = Findings::default();
        let mut few = Few::new(&source, &findings);
        let found = html_captions(text, 0, &mut few);
        few.finish();
        let short = |one: Caption| (one.voice, one.start.map(|start| start.0), one.lines.join("/"));
        found.captions.into_iter().map(short).collect()
    }

    #[test]
    fn cite_time_and_paragraph_are_speaker_time_and_words() {
        let own = |name: &str| Some(name.to_owned());
        assert_eq!(
            read(
                "<html><head><title>T</title><style>p { }</style></head><body><cite>A &amp; B:</cite>\n<time>1:05</time>\n<p>it&#39;s <b>a</b>\nlamp<br>x</p><p>more</p><script>no</script></body>"
            ),
            [(own("A & B"), Some(65_000), "it's a lamp/x".into()), (own("A & B"), None, "more".into())]
        );
    }

    #[test]
    fn broken_markup_loses_no_words() {
        let text: Vec<String> =
            read("<p>a < b <p class=\"x>y\">c<p>d <unclosed\ne").into_iter().map(|one| one.2).collect();
        assert_eq!(text, ["a < b", "c", "d e"]);
    }
}
