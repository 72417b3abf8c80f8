//! SubRip files, as they are and not as they should be: numbers that are missing or start at zero,
//! `.` for `,`, cues without a blank line between them, blank lines inside a cue.
//! Keeps every line that is not a number or a time.

use super::vtt::{Clock, loose_time, strict_time};
use crate::source::Span;
use crate::timestamp::Millis;

/// A cue as the file has it.
#[derive(Debug, PartialEq, Eq)]
pub struct SrtCue<'t> {
    pub number: Option<u64>,
    /// None for words that stand where their own times should.
    pub times: Option<(Millis, Millis)>,
    pub lines: Vec<&'t str>,
    pub span: Span,
    /// Where its times stand.
    pub times_at: Span,
}

#[derive(Debug, Default)]
pub struct SrtFile<'t> {
    pub cues: Vec<SrtCue<'t>>,
    /// Where times stand that cannot be read.
    pub bad_times: Vec<Span>,
    /// Where words stand that have no times.
    pub untimed: Vec<Span>,
    /// Where the first times stand that are not as SubRip has them, and are read.
    pub loose: Option<Span>,
    /// Where cues have blank lines inside.
    pub gaps: Vec<Span>,
}

struct Reader<'t> {
    file: SrtFile<'t>,
    open: Option<SrtCue<'t>>,
    /// A line of digits, and whether a gap was before it: the number of the next cue, or words of
    /// this one.
    number: Option<(&'t str, Span, bool)>,
    /// Whether a blank line has been read since the last words.
    gap: bool,
}

/// Reads a file. Spans count from the start of `text`.
pub fn parse_srt(text: &str) -> SrtFile<'_> {
    let mut reader = Reader { file: SrtFile::default(), open: None, number: None, gap: true };
    let mut at = 0;
    for line in text.split('\n') {
        reader.line(line, at..at + line.len());
        at += line.len() + 1;
    }
    reader.release_number();
    reader.close();
    reader.file
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str, span: Span) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.gap = true;
            return;
        }
        if trimmed.contains("-->") && looks_like_times(trimmed) {
            self.times(trimmed, span);
            return;
        }
        self.release_number();
        if trimmed.len() <= 9 && trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
            self.number = Some((trimmed, span, self.gap));
            self.gap = false;
            return;
        }
        self.words(trimmed, span);
    }

    fn times(&mut self, line: &'t str, span: Span) {
        let number = self.number.take();
        self.close();
        let start = number.as_ref().map_or(span.start, |(_, at, _)| at.start);
        let times = srt_times(line);
        match times {
            None => self.file.bad_times.push(span.clone()),
            Some((.., false)) => {
                self.file.loose.get_or_insert(span.clone());
            }
            Some(_) => {}
        }
        self.open = Some(SrtCue {
            number: number.and_then(|(digits, ..)| digits.parse().ok()),
            times: times.map(|(start, end, _)| (start, end)),
            lines: said_beside(line).into_iter().collect(),
            span: start..span.end,
            times_at: span,
        });
        self.gap = false;
    }

    /// A number that no times follow is words.
    fn release_number(&mut self) {
        let Some((digits, span, gap)) = self.number.take() else { return };
        let gap_after = std::mem::replace(&mut self.gap, gap);
        if gap && self.follows(digits) {
            // The next number after a gap: a cue whose times are missing.
            self.close();
            self.open = Some(untimed(digits.parse().ok(), span));
        } else {
            self.words(digits, span);
        }
        self.gap = gap_after;
    }

    fn follows(&self, digits: &str) -> bool {
        let number = digits.parse::<u64>().ok();
        let before = self.open.as_ref().and_then(|cue| cue.number);
        before.is_some() && number == before.map(|before| before + 1)
    }

    fn words(&mut self, words: &'t str, span: Span) {
        if self.open.is_none() {
            self.open = Some(untimed(None, span.clone()));
        }
        if let Some(cue) = &mut self.open {
            if self.gap && !cue.lines.is_empty() {
                self.file.gaps.push(span.clone());
            }
            cue.lines.push(words);
            cue.span.end = span.end;
        }
        self.gap = false;
    }

    fn close(&mut self) {
        let Some(cue) = self.open.take() else { return };
        if cue.times.is_none() && !cue.lines.is_empty() && cue.times_at.is_empty() {
            self.file.untimed.push(cue.span.clone());
        }
        if !cue.lines.is_empty() || cue.times.is_some() {
            self.file.cues.push(cue);
        }
    }
}

fn untimed<'t>(number: Option<u64>, span: Span) -> SrtCue<'t> {
    SrtCue { number, times: None, lines: Vec::new(), times_at: span.start..span.start, span }
}

/// Whether an arrow stands between what is meant for times, and not in a sentence.
pub fn looks_like_times(line: &str) -> bool {
    let Some((before, after)) = line.split_once("-->") else { return false };
    let (before, after) = (before.trim(), after.trim_start());
    let is_clock = |text: &str| {
        text.len() <= 40
            && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && text.contains([':', '.', ','])
    };
    is_clock(before) && after.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        || (is_clock(before) && after.is_empty())
}

/// Start, end, and whether both are written as SubRip has them.
fn srt_times(line: &str) -> Option<(Millis, Millis, bool)> {
    let (start, rest) = line.split_once("-->")?;
    let (start, rest) = (start.trim(), rest.trim());
    let end = rest.split_whitespace().next().unwrap_or_default();
    let read = |text: &str| {
        let tight: String = text.chars().filter(|c| *c != ' ').collect();
        loose_time(&tight).map(|time| (time, is_srt_time(text)))
    };
    let (start, proper_start) = read(start)?;
    // Some write spaces inside of a time.
    let (end, proper_end) = read(end).filter(|_| !rest.contains(": ")).or_else(|| read(rest))?;
    Some((start, end, proper_start && proper_end))
}

/// Words on the line of the times, which take places there alone: `X1:40 X2:600`.
fn said_beside(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("-->")?;
    let (_, rest) = rest.trim().split_once(char::is_whitespace)?;
    let is_place = |word: &str| word.contains(':') || word.contains('%');
    (!rest.contains("-->") && !rest.split_whitespace().all(is_place)).then_some(rest.trim())
}

fn is_srt_time(text: &str) -> bool {
    let with_point = text.replacen(',', ".", 1);
    let mut clock = Clock::new(&with_point);
    text.contains(',') && text.len() >= 12 && strict_time(&mut clock).is_some() && clock.rest().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cues(text: &str) -> Vec<(Option<u64>, u64, Vec<&str>)> {
        let file = parse_srt(text);
        let times = |cue: &SrtCue| cue.times.map_or(9, |(start, _)| start.0);
        file.cues.into_iter().map(|cue| (cue.number, times(&cue), cue.lines)).collect()
    }

    #[test]
    fn files_are_read_as_they_are() {
        let found = cues(
            "0\n0:00:00.000 --> 0:00:01.5\na\n1\n0:00:02,0 --> 0:00:03,000\nb\n\nc\n\n\n00:00:04,000 --> 00:00:05,000\n7\n8\nd",
        );
        assert_eq!(
            found,
            [(Some(0), 0, vec!["a"]), (Some(1), 2000, vec!["b", "c"]), (None, 4000, vec!["7", "8", "d"])]
        );
    }

    #[test]
    fn words_without_times_become_lines_of_their_own_and_are_told() {
        let text = "1\n00:00:00,500 --> 00:00:07,000\na\n\n2\nb\n\n3\n00:00:11,890 --> 00:00:16,320\nc\n";
        let found = cues(text);
        assert_eq!(found[1], (Some(2), 9, vec!["b"]));
        assert_eq!(parse_srt(text).untimed.len(), 1);
        assert_eq!(cues("before\n1\n00:00:01,000 --> 00:00:02,000\na")[0], (None, 9, vec!["before"]));
    }

    #[test]
    fn words_beside_times_are_words() {
        let found =
            cues("00:00:01,000 --> 00:00:02,000 X1:40 X2:600\na\n\n00:00:02,000 --> 00:00:03,000 b c\n");
        assert_eq!(found, [(None, 1000, vec!["a"]), (None, 2000, vec!["b c"])]);
    }

    #[test]
    fn an_arrow_in_a_sentence_is_a_sentence() {
        let found = cues("1\n00:00:01,000 --> 00:00:02,000\na --> b\n2 --> 3 is an arrow\n");
        assert_eq!(found[0].2, ["a --> b", "2 --> 3 is an arrow"]);
    }

    #[test]
    fn times_that_cannot_be_read_keep_their_words() {
        let file = parse_srt("1\n00:00:0x,000 --> 00:00:02,000\na\n");
        assert_eq!((file.cues.len(), file.bad_times.len(), file.untimed.len()), (1, 1, 0));
    }
}
