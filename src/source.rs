//! One text file as read: its name, its text, and where in it something stands.
//! Never touches the disk; offsets are bytes of the decoded text with `\n` line ends.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use crate::lang::is_cjk;

/// A run of bytes of a source's text.
pub type Span = Range<usize>;

/// How much of a file is taken, as `[limits]` of `site.toml` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The largest text file that is read, in bytes.
    pub file_size: u64,
    /// The longest line of a text file, in characters.
    pub line_length: usize,
    /// How deep folders, and the blocks and elements of a Markdown text, may lie in each other.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { file_size: 32 * 1024 * 1024, line_length: 1_000_000, nesting: 100 }
    }
}

/// A decoded text file.
#[derive(Debug)]
pub struct Source {
    /// Path from the project's root, with `/`, as diagnostics show it.
    pub path: Arc<str>,
    pub text: String,
    /// What holds for what is made of it.
    pub limits: Limits,
    /// Where every so many bytes lines and columns stand.
    steps: OnceLock<Vec<Step>>,
}

/// A place in a source whose line and column are known, both counted from 0.
#[derive(Clone, Copy, Debug)]
struct Step {
    at: usize,
    line: usize,
    column: usize,
}

/// How far apart steps are, in bytes: a file with many findings is counted through once, not for
/// each of them.
const STEP: usize = 4096;

/// Where something stands in a source, with the lines a reader needs to see, so that it can be
/// shown after the source itself is gone. Line and column count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub path: Arc<str>,
    pub line: usize,
    pub column: usize,
    /// The lines the span touches, each cut where it is very long.
    pub excerpt: String,
    /// The span as bytes of `excerpt`.
    pub marked: Range<usize>,
}

impl Place {
    /// The start of a file of which nothing is shown.
    pub fn start_of(path: Arc<str>) -> Place {
        Place { path, line: 1, column: 1, excerpt: String::new(), marked: 0..0 }
    }
}

/// What a file's bytes turned out to be in.
#[derive(Debug, PartialEq, Eq)]
pub enum Decoded {
    Utf8(String),
    /// Text in another encoding, by its name.
    Other(String, &'static str),
    /// Bytes that are no text; the offset of the first one.
    Invalid(usize),
}

/// How much of a long line an excerpt shows before and after the marked span, in bytes.
const EXCERPT_REACH: usize = 160;
/// How much of a long span is marked, in bytes.
const MARKED_AT_MOST: usize = 1000;

impl Source {
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<String>) -> Source {
        Source { path: path.into(), text: text.into(), limits: Limits::default(), steps: OnceLock::new() }
    }

    pub fn with_limits(self, limits: Limits) -> Source {
        Source { limits, ..self }
    }

    /// Describes `span` for a diagnostic.
    pub fn place(&self, span: Span) -> Place {
        let text = self.text.as_str();
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.floor_char_boundary(span.end.min(start + MARKED_AT_MOST).min(text.len())).max(start);
        let (line, column) = self.line_and_column(start);
        // One line is enough to find the place; a span over many lines is marked on its first.
        let reach = text.ceil_char_boundary(start.saturating_sub(EXCERPT_REACH));
        let from = text[reach..start].rfind('\n').map_or(reach, |at| reach + at + 1);
        let reach = text.floor_char_boundary((end + EXCERPT_REACH).min(text.len())).max(start);
        let to = text[start..reach].find('\n').map_or(reach, |at| start + at);
        let end = end.min(to);
        Place {
            path: self.path.clone(),
            line: line + 1,
            column: column + 1,
            excerpt: text[from..to].to_owned(),
            marked: start - from..end - from,
        }
    }

    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let steps = self.steps.get_or_init(|| steps(&self.text));
        let near = steps[(at / STEP).min(steps.len() - 1)];
        let step = counted(near, &self.text[near.at.min(at)..at]);
        (step.line, step.column)
    }
}

fn steps(text: &str) -> Vec<Step> {
    let mut step = Step { at: 0, line: 0, column: 0 };
    let mut steps = vec![step];
    while step.at + STEP <= text.len() {
        // A step may lie a little before its multiple, never behind it.
        let next = text.floor_char_boundary(steps.len() * STEP);
        step = counted(step, &text[step.at..next]);
        steps.push(step);
    }
    steps
}

/// The step that is reached after `text`.
fn counted(from: Step, text: &str) -> Step {
    let at = from.at + text.len();
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let column = match text.rfind('\n') {
        Some(last) => text[last + 1..].chars().count(),
        None => from.column + text.chars().count(),
    };
    Step { at, line: from.line + lines, column }
}

/// Decodes a file's bytes: a byte order mark decides, then UTF-8, then what the detector is sure
/// of among GB18030 and Big5. Nothing is ever replaced: bytes that do not decode are an error.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let body = &bytes[mark..];
        return match encoding.decode_without_bom_handling_and_without_replacement(body) {
            Some(text) if encoding == encoding_rs::UTF_8 => Decoded::Utf8(with_line_feeds(text.into_owned())),
            Some(text) => Decoded::Other(with_line_feeds(text.into_owned()), encoding.name()),
            None => Decoded::Invalid(mark + first_invalid(encoding, body)),
        };
    }
    let (bytes, offset) = match utf8(bytes) {
        Ok(text) => return Decoded::Utf8(with_line_feeds(text)),
        Err(wrong) => wrong,
    };
    match legacy(&bytes) {
        Some((text, name)) => Decoded::Other(with_line_feeds(text), name),
        None => Decoded::Invalid(offset),
    }
}

/// The bytes as text, or back again with the offset of the first that is none.
fn utf8(bytes: Vec<u8>) -> Result<String, (Vec<u8>, usize)> {
    if simdutf8::basic::from_utf8(&bytes).is_ok() {
        // SAFETY: these very bytes have just been found to be UTF-8. `String::from_utf8` would
        // look at all of them again, at a fifth of the speed.
        return Ok(unsafe { String::from_utf8_unchecked(bytes) });
    }
    let error = String::from_utf8(bytes).expect_err("both hold the same bytes for UTF-8");
    let offset = error.utf8_error().valid_up_to();
    Err((error.into_bytes(), offset))
}

fn legacy(bytes: &[u8]) -> Option<(String, &'static str)> {
    // A text that is UTF-8 but for a few bytes is damaged UTF-8, not another encoding.
    let readable = String::from_utf8_lossy(bytes);
    let wide = readable.chars().filter(|c| !c.is_ascii()).count();
    let damaged = readable.matches('\u{fffd}').count();
    if wide > 20 && damaged * 10 < wide {
        return None;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    // GB18030 is a superset of the GBK that the detector names.
    let encoding = match guess.name() {
        "GBK" | "gb18030" => encoding_rs::GB18030,
        "Big5" => encoding_rs::BIG5,
        _ => return None,
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    // The guess is sure where what it reads is a text of Han characters and their punctuation.
    let wide = || text.chars().filter(|c| !c.is_ascii());
    let han = wide().filter(|c| is_cjk(*c)).count();
    (han >= 8 && han * 20 >= wide().count() * 19).then(|| (text.into_owned(), encoding.name()))
}

fn first_invalid(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = vec![0u8; bytes.len() * 3 + 16];
    let (_, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut buffer, true);
    read.saturating_sub(1)
}

/// Line feeds at the ends of lines, and no byte order mark: some tools put one before another's.
fn with_line_feeds(mut text: String) -> String {
    let marks = text.len() - text.trim_start_matches('\u{feff}').len();
    text.drain(..marks);
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_not_bytes() {
        let source = Source::new("a.txt", "第一行\n第二行在这里\n");
        let start = source.text.find("在").unwrap();
        let place = source.place(start..start + 3);
        assert_eq!((place.line, place.column), (2, 4));
        assert_eq!(&place.excerpt[place.marked.clone()], "在");
    }

    #[test]
    fn an_excerpt_of_a_giant_line_is_short() {
        let source = Source::new("a.txt", "很".repeat(100_000));
        let place = source.place(150_000..150_003);
        assert!(place.excerpt.len() < 400);
        assert_eq!(&place.excerpt[place.marked.clone()], "很");
    }

    #[test]
    fn a_place_far_into_a_text_is_counted_as_one_near_its_start() {
        let text = "灯a\n船bc\n\n".repeat(5_000) + &"很长".repeat(5_000) + "\nend";
        let source = Source::new("a.txt", text.as_str());
        for (at, _) in text.char_indices().step_by(997).chain([(text.len(), 'x')]) {
            let place = source.place(at..at);
            let before = &text[..at];
            assert_eq!(place.line, before.matches('\n').count() + 1);
            assert_eq!(place.column, before.rsplit('\n').next().unwrap().chars().count() + 1);
        }
    }

    #[test]
    fn marks_and_line_ends_do_not_reach_the_text() {
        let utf8 = decode("\u{feff}a\r\nb\rc".into());
        assert_eq!(utf8, Decoded::Utf8("a\nb\nc".into()));
        assert_eq!(decode("\u{feff}\u{feff}a".into()), Decoded::Utf8("a".into()));
        let utf16: Vec<u8> = "\u{feff}中\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(utf16), Decoded::Other("中\n".into(), "UTF-16LE"));
    }

    #[test]
    fn chinese_in_a_legacy_encoding_is_read_and_named() {
        let text = "我们希望这个节目能够帮助大家打破语言的障碍,听懂全世界的好故事。".repeat(4);
        let (gbk, ..) = encoding_rs::GBK.encode(&text);
        assert_eq!(decode(gbk.into_owned()), Decoded::Other(text, "gb18030"));
        let text = "我們希望這個節目能夠幫助大家打破語言的障礙,聽懂全世界的好故事。".repeat(4);
        let (big5, ..) = encoding_rs::BIG5.encode(&text);
        assert_eq!(decode(big5.into_owned()), Decoded::Other(text, "Big5"));
    }

    #[test]
    fn broken_bytes_are_named_by_offset_and_never_replaced() {
        let mut bytes = "我们希望这个节目能够帮助大家打破语言的障碍。".as_bytes().to_vec();
        bytes[7] = 0xff;
        assert_eq!(decode(bytes), Decoded::Invalid(6));
        assert_eq!(decode(vec![b'a', b'b', 0xff]), Decoded::Invalid(2));
    }
}
