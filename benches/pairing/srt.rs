//! Reads subtitles as plainly as a test needs: numbers, times, lines.

use diglot::timestamp::Millis;

/// A cue with its lines.
#[derive(Clone, Debug)]
pub struct Cue {
    pub start: u64,
    pub end: u64,
    pub lines: Vec<String>,
}

/// Reads an SRT file; whatever is no cue is passed over.
pub fn read_srt(text: &str) -> Vec<Cue> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut cues: Vec<Cue> = Vec::new();
    let mut before = "";
    for line in text.lines() {
        let times = line.split_once("-->").and_then(|(start, end)| {
            Some((Millis::parse_clock(start.trim())?.0, Millis::parse_clock(end.trim())?.0))
        });
        match (times, cues.last_mut()) {
            (Some((start, end)), last) => {
                // The line before a time is a number, and no text of the cue before.
                if let Some(last) = last
                    && last.lines.last().is_some_and(|line| line == before.trim())
                    && before.trim().bytes().all(|byte| byte.is_ascii_digit())
                {
                    last.lines.pop();
                }
                cues.push(Cue { start, end, lines: Vec::new() });
            }
            (None, Some(last)) if !line.trim().is_empty() => last.lines.push(line.trim().to_owned()),
            _ => {}
        }
        before = line;
    }
    cues
}
