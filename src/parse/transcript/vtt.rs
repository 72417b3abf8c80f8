//! WebVTT files: blocks, ids, times and settings, by section 6.1 to 6.3 of the specification.
//! What the specification drops is named, never forgotten.

use crate::source::Span;
use crate::timestamp::Millis;

/// A cue as the file has it.
#[derive(Debug, PartialEq, Eq)]
pub struct VttCue<'t> {
    pub id: &'t str,
    pub start: Millis,
    pub end: Millis,
    pub settings: &'t str,
    /// Its lines, as they stand.
    pub text: &'t str,
    /// All of it: id, times and text.
    pub span: Span,
    /// Where its times stand.
    pub times: Span,
}

/// A block that gives no cue although it may hold words, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut<'t> {
    pub why: Why,
    pub text: &'t str,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its times cannot be read.
    Times,
    /// It has no times.
    NoTimes,
    /// It stands on the line of the signature, or under it.
    Header,
}

#[derive(Debug, Default)]
pub struct VttFile<'t> {
    pub cues: Vec<VttCue<'t>>,
    pub left_out: Vec<LeftOut<'t>>,
    /// Where the first times stand of which neither is written as the specification asks.
    pub loose: Option<Span>,
    /// Whether such times are read.
    pub loosely: bool,
}

/// Reads a file. Spans count from the start of `text`.
pub fn parse_vtt(text: &str) -> VttFile<'_> {
    let strict = Reader::read(text, Reading::Strict);
    if strict.loose.is_none() {
        return strict;
    }
    // Where most times are of another kind, so may others be in part; one that is alone is broken.
    let broken = strict.left_out.iter().filter(|left| left.why == Why::Times).count();
    let loose = Reader::read(text, Reading::Loose);
    let mended = loose.cues.len().saturating_sub(strict.cues.len());
    if mended * 2 > broken { VttFile { loosely: true, ..loose } } else { strict }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// To the letter; that times are written otherwise is only seen.
    Strict,
    Loose,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    reading: Reading,
    file: VttFile<'t>,
}

impl<'t> Reader<'t> {
    fn read(text: &'t str, reading: Reading) -> VttFile<'t> {
        let mut reader = Reader { text, at: 0, reading, file: VttFile::default() };
        // A file that is said to be WebVTT may lack its signature.
        if text.starts_with("WEBVTT") {
            let (_, after) = reader.line_at(0);
            reader.at = after;
            if after < text.len() && !text[after..].starts_with('\n') {
                reader.block(true);
            }
        }
        loop {
            while text[reader.at..].starts_with('\n') {
                reader.at += 1;
            }
            if reader.at >= text.len() {
                return reader.file;
            }
            reader.block(false);
        }
    }

    /// The line that starts at a place, and where the next one does.
    fn line_at(&self, at: usize) -> (&'t str, usize) {
        let rest = &self.text[at..];
        match memchr::memchr(b'\n', rest.as_bytes()) {
            Some(end) => (&rest[..end], at + end + 1),
            None => (rest, self.text.len()),
        }
    }

    /// Collects a block.
    fn block(&mut self, in_header: bool) {
        let start = self.at;
        let mut count = 0;
        let mut arrow: Option<Span> = None;
        let mut id: &'t str = "";
        let mut from = start;
        let mut end = start;
        while self.at < self.text.len() {
            let line_start = self.at;
            let (line, after) = self.line_at(line_start);
            count += 1;
            if line.contains("-->") {
                if in_header || !(count == 1 || (count == 2 && arrow.is_none())) {
                    break;
                }
                arrow = Some(line_start..line_start + line.len());
                id = self.text[start..line_start].trim_end_matches('\n');
                from = after;
                end = after.min(line_start + line.len());
            } else if line.is_empty() {
                self.at = after;
                break;
            } else {
                end = line_start + line.len();
            }
            self.at = after;
        }
        let text = self.text.get(from..end).unwrap_or_default();
        match arrow {
            Some(times) => self.cue(id, times, text, start..end),
            None if in_header => self.header(text, start..end),
            None => self.other(text, start..end),
        }
    }

    fn cue(&mut self, id: &'t str, times: Span, text: &'t str, span: Span) {
        let line = &self.text[times.clone()];
        if let Some((start, end, settings)) = strict_times(line) {
            self.file.cues.push(VttCue { id, start, end, settings, text, span, times });
            return;
        }
        let loose = loose_times(line);
        if loose.is_some_and(|(.., both)| both) {
            self.file.loose.get_or_insert(times.clone());
        }
        if let Some((start, end, settings, _)) = loose.filter(|_| self.reading == Reading::Loose) {
            self.file.cues.push(VttCue { id, start, end, settings, text, span, times });
        } else {
            self.file.left_out.push(LeftOut { why: Why::Times, text, span });
        }
    }

    /// Lines of a header are settings of a player, unless they say nothing of the kind.
    fn header(&mut self, text: &'t str, span: Span) {
        let is_setting = |line: &str| line.trim().is_empty() || line.contains([':', '=', '#', '}', '{']);
        if !text.lines().all(is_setting) && !text.contains("Style:") {
            self.file.left_out.push(LeftOut { why: Why::Header, text, span });
        }
    }

    fn other(&mut self, text: &'t str, span: Span) {
        let first = text.lines().next().unwrap_or_default();
        let is_note =
            first.strip_prefix("NOTE").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        let is_setting = matches!(first.trim_end(), "STYLE" | "REGION")
            && (first.starts_with("STYLE") || first.starts_with("REGION"));
        if !is_note && !is_setting && !text.trim().is_empty() {
            self.file.left_out.push(LeftOut { why: Why::NoTimes, text, span });
        }
    }
}

/// Walks over the characters of a time.
pub struct Clock<'t> {
    text: &'t str,
}

impl<'t> Clock<'t> {
    pub fn new(text: &'t str) -> Clock<'t> {
        Clock { text }
    }

    pub fn rest(&self) -> &'t str {
        self.text
    }

    /// Digits, of which there must be one, and how many there are.
    fn digits(&mut self) -> Option<(u64, usize)> {
        let length = self.text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.text.split_at(length);
        if length == 0 {
            return None;
        }
        self.text = rest;
        let value = digits
            .bytes()
            .fold(0u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        Some((value, length))
    }

    fn take(&mut self, character: char) -> Option<()> {
        self.text = self.text.strip_prefix(character)?;
        Some(())
    }

    fn spaces(&mut self) {
        self.text = self.text.trim_start_matches([' ', '\t', '\u{c}', '\r']);
    }
}

/// More hours than any recording has.
const HOURS: u64 = 10_000_000;

/// `[hh:]mm:ss.mmm`, to the letter.
pub fn strict_time(clock: &mut Clock) -> Option<Millis> {
    let (first, length) = clock.digits()?;
    let with_hours = length != 2 || first > 59;
    clock.take(':')?;
    let (second, _) = clock.digits().filter(|(_, length)| *length == 2)?;
    let (hours, minutes, seconds) = if with_hours || clock.rest().starts_with(':') {
        clock.take(':')?;
        let (third, _) = clock.digits().filter(|(_, length)| *length == 2)?;
        (first, second, third)
    } else {
        (0, first, second)
    };
    clock.take('.')?;
    let (millis, _) = clock.digits().filter(|(_, length)| *length == 3)?;
    (minutes < 60 && seconds < 60)
        .then(|| Millis(hours.min(HOURS) * 3_600_000 + minutes * 60_000 + seconds * 1000 + millis))
}

fn strict_times(line: &str) -> Option<(Millis, Millis, &str)> {
    let mut clock = Clock::new(line);
    clock.spaces();
    let start = strict_time(&mut clock)?;
    clock.spaces();
    clock.text = clock.text.strip_prefix("-->")?;
    clock.spaces();
    let end = strict_time(&mut clock)?;
    Some((start, end, clock.rest().trim()))
}

/// Times as people and programs write them besides: with a comma, with fewer or more digits, as
/// bare seconds.
pub fn loose_time(text: &str) -> Option<Millis> {
    let mut clock = Clock::new(text);
    let mut value = 0u64;
    for part in 0..4 {
        let (digits, length) = clock.digits()?;
        if part == 3 && length == 3 && clock.rest().is_empty() {
            // A colon before the milliseconds.
            return Some(Millis(value * 1000 + digits));
        }
        if part > 0 && digits > 59 || part == 3 {
            return None;
        }
        value = value.saturating_mul(60).saturating_add(digits).min(HOURS * 3600);
        if clock.take(':').is_none() {
            break;
        }
    }
    let mut millis = 0;
    if clock.take('.').is_some() || clock.take(',').is_some() {
        let fraction = clock.rest();
        let (_, length) = clock.digits()?;
        for place in 0..3 {
            let digit = if place < length { u64::from(fraction.as_bytes()[place] - b'0') } else { 0 };
            millis = millis * 10 + digit;
        }
    }
    clock.rest().is_empty().then_some(Millis(value * 1000 + millis))
}

/// Two times of any kind, what follows them, and whether neither is written to the letter.
pub fn loose_times(line: &str) -> Option<(Millis, Millis, &str, bool)> {
    let (start, rest) = line.split_once("-->")?;
    let rest = rest.trim_start();
    let length = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
    let (end, settings) = rest.split_at(length);
    let start = start.trim();
    let is_strict = |text: &str| {
        let mut clock = Clock::new(text);
        strict_time(&mut clock).is_some() && clock.rest().is_empty()
    };
    let both = !is_strict(start) && !is_strict(end);
    Some((loose_time(start)?, loose_time(end)?, settings.trim(), both))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_settings_notes_and_styles_are_told_from_words() {
        let file = parse_vtt(
            "WEBVTT - a title\nKind: captions\n\nNOTE a\nb\n\nSTYLE\n::cue { }\n\nfirst\n00:01.000 --> 00:02.000 align:start\na\nb\n\n01:00:00.000 --> 01:00:01.000\nc",
        );
        assert_eq!(file.left_out, []);
        let cues: Vec<_> =
            file.cues.iter().map(|cue| (cue.id, cue.start.0, cue.settings, cue.text)).collect();
        assert_eq!(cues, [("first", 1000, "align:start", "a\nb"), ("", 3_600_000, "", "c")]);
    }

    #[test]
    fn words_without_times_are_named() {
        let file =
            parse_vtt("WEBVTT\n\nlost\n\n00:00.000 --> 00:0x.000\nlost too\n\n00:00.000 --> 00:01.000\nb\n");
        let why: Vec<_> = file.left_out.iter().map(|left| (left.why, left.text)).collect();
        assert_eq!(why, [(Why::NoTimes, "lost"), (Why::Times, "lost too")]);
        assert_eq!(file.cues.len(), 1);
    }

    #[test]
    fn times_as_bare_seconds_are_read() {
        let file = parse_vtt("WEBVTT\n\n0.860 --> 7.380\na\n\n61.5 --> 00:01:02.000\nb\n");
        let times: Vec<_> = file.cues.iter().map(|cue| (cue.start.0, cue.end.0)).collect();
        assert_eq!(times, [(860, 7380), (61_500, 62_000)]);
        assert!(file.loose.is_some());
    }

    #[test]
    fn a_file_without_its_signature_keeps_its_first_cue() {
        let file = parse_vtt("00:01.000 --> 00:02.000\na\n");
        assert_eq!((file.cues.len(), file.cues[0].text), (1, "a"));
    }

    #[test]
    fn giant_numbers_stay_numbers() {
        let huge = "9".repeat(400);
        assert!(loose_time(&format!("{huge}:00:00.{huge}")).is_some());
        assert!(strict_time(&mut Clock::new(&format!("{huge}:00:00.000"))).is_some());
        assert_eq!(loose_time("1:2:3:4"), None);
    }
}
