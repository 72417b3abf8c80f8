//! What all timed forms share: cues as their files have them → lines with speakers and a part per
//! language. Every word of every cue becomes part of a line, or a finding names the cue.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_script::Script;

use super::few::Few;
use super::label::{KnownLabels, is_generic_label, looks_like_name};
use crate::lang::{Lang, detect, is_cjk, telling_script};
use crate::parse::document::{Document, Line, MarkKind, Tally};
use crate::source::{Source, Span};
use crate::table::Findings;
use crate::text::without_controls;
use crate::timestamp::Millis;

/// A cue of any timed form.
#[derive(Debug, Default, Clone)]
pub struct Caption {
    /// Where it stands in its source.
    pub span: Span,
    /// The number that its file gives it.
    pub number: Option<u64>,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    /// Who speaks, where the form has a place for it.
    pub voice: Option<String>,
    /// Its lines, without markup and without spaces around them.
    pub lines: Vec<String>,
    /// Whether each of its lines is a language of its own.
    pub told_apart: bool,
    /// Whether words in it have times of their own, as captions that roll do.
    pub inline_times: bool,
    /// Whether it is of the same cue as the one before it, and another voice.
    pub goes_on: bool,
}

impl Caption {
    /// Takes the lines of a text, without those that say nothing.
    pub fn set_text(&mut self, text: &str) {
        let text = without_controls(text);
        self.lines = text.split('\n').map(tidy).filter(|line| !line.is_empty()).collect();
    }
}

/// A line with single spaces, and none around it.
fn tidy(line: &str) -> String {
    line.trim().to_owned()
}

/// What the captions of a file are put together with.
pub struct Shared<'s, 'k> {
    pub source: &'s Source,
    pub known: &'k KnownLabels<'k>,
    pub findings: &'k Findings,
    /// Whether a name before a colon may be a speaker.
    pub names_in_text: bool,
}

/// Puts the cues of a file together.
pub fn assemble(mut captions: Vec<Caption>, shared: &Shared) -> Document<'static> {
    let mut few = Few::new(shared.source, shared.findings);
    let split = captions.iter().filter(|caption| caption.goes_on).count();
    let mut tally = Tally { cues: captions.len() - split, split, ..Tally::default() };
    report_empty(&captions, &mut few);
    let all = captions.len();
    captions.retain(|caption| !caption.lines.is_empty());
    tally.empty = all - captions.len();
    if is_rolling(&captions) {
        let all = captions.len();
        captions = unrolled(captions, &mut few);
        tally.rolled = all - captions.len();
    }
    order(&mut captions, &mut few);
    let labels = Labels::of(&captions, shared);
    let columns = Columns::of(&captions);
    let mut document = Document::default();
    let mut speaker: Option<String> = None;
    let mut cues: Vec<Cue> = Vec::with_capacity(captions.len());
    for caption in captions {
        let span = caption.span.clone();
        let turns = labels.apply(caption, columns.one(), &mut speaker);
        tally.split += turns.len().saturating_sub(1);
        if turns.is_empty() {
            tally.empty += 1;
            few.warn("cue-empty", "this cue names a speaker and has no words", span, NAME_ALONE);
        }
        cues.extend(turns.into_iter().map(|turn| columns.split(turn)));
    }
    let all = cues.len();
    let cues = paired(cues, &mut few);
    tally.joined = all - cues.len();
    document.tally = tally;
    for cue in cues {
        let label = cue.label.as_deref().map(|label| document.label(label));
        if cue.begins && label.is_none() && document.lines.last().is_some_and(|line| line.label.is_none()) {
            document.mark(MarkKind::Turn);
        }
        let line = Line { span: cue.span, label, start: cue.start, end: cue.end, part_count: 0 };
        document.push(line, cue.parts.into_iter().map(Cow::Owned));
    }
    few.finish();
    document
}

const NAME_ALONE: &str = "the words after it are theirs; put the name before them, or take this out";

fn report_empty(captions: &[Caption], few: &mut Few) {
    for caption in captions.iter().filter(|caption| caption.lines.is_empty()) {
        few.warn("cue-empty", "this cue says nothing, and is left out", caption.span.clone(), "take it out");
    }
}

// ---- Captions that roll

/// How many cues must repeat the line before them.
const ROLLING: usize = 2;

/// Whether most cues begin with the line that the one before them ended with.
fn is_rolling(captions: &[Caption]) -> bool {
    let mut repeats = 0;
    let mut pairs = 0;
    for pair in captions.windows(2) {
        pairs += 1;
        let near = match (pair[0].end, pair[1].start) {
            (Some(end), Some(start)) => start.0.abs_diff(end.0) < 2000,
            _ => false,
        };
        repeats += usize::from(near && pair[0].lines.last() == pair[1].lines.first());
    }
    let inline = captions.iter().any(|caption| caption.inline_times);
    repeats >= ROLLING && if inline { repeats * 10 >= pairs * 3 } else { repeats * 2 >= pairs && repeats > 3 }
}

/// How many lines captions that roll show at once.
const SHOWN: usize = 8;

/// Takes each line once, at the time when it is first shown.
fn unrolled(captions: Vec<Caption>, few: &mut Few) -> Vec<Caption> {
    let mut kept: Vec<Caption> = Vec::with_capacity(captions.len());
    let mut shown: Vec<String> = Vec::new();
    let mut repeated = 0;
    let first = captions.first().map_or(0..0, |caption| caption.span.clone());
    for mut caption in captions {
        let most = shown.len().min(caption.lines.len()).min(SHOWN);
        let again = (1..=most).rev().find(|count| shown[shown.len() - count..] == caption.lines[..*count]);
        let again = again.unwrap_or(0);
        repeated += again;
        let lines = std::mem::take(&mut caption.lines);
        caption.lines = lines[again..].to_vec();
        shown = lines;
        if caption.lines.is_empty() {
            if let Some(last) = kept.last_mut() {
                last.end = last.end.max(caption.end);
            }
        } else {
            kept.push(caption);
        }
    }
    few.note(
        "rolling-captions",
        &format!("captions that roll: {repeated} lines are shown again and again, and are taken once"),
        first,
    );
    kept
}

// ---- Order

/// A cue that starts so much earlier than the one before it begins the clock anew, in milliseconds.
const NEW_CLOCK: u64 = 60_000;
/// How much cues may overlap by rounding, in milliseconds.
const ROUNDING: u64 = 100;

/// Puts cues that stand a little too late where they belong, and names what is odd in their times.
fn order(captions: &mut [Caption], few: &mut Few) {
    if let Some(second) = second_track(captions) {
        let span = captions[second].span.clone();
        few.note(
            "second-track",
            "a second language begins here, and is put beside the first by its times",
            span,
        );
        sort_by_start(captions);
    }
    let mut from = 0;
    let mut latest: Option<(u64, Span)> = None;
    let mut above: Option<(Millis, Millis)> = None;
    for index in 0..captions.len() {
        let (span, start, end) = (captions[index].span.clone(), captions[index].start, captions[index].end);
        let (Some(start), Some(end)) = (start, end) else { continue };
        if end < start {
            few.warn(
                "cue-backwards",
                "this cue ends before it starts",
                span.clone(),
                "set its end after its start",
            );
        } else if end == start {
            few.warn("cue-zero-length", "this cue is shown for no time", span.clone(), "give it an end");
        }
        if let Some((before, _)) = latest.as_ref().filter(|(before, _)| start.0 < *before) {
            let new_clock = before - start.0 > NEW_CLOCK;
            let message = "this cue starts before the one above it";
            let help = if new_clock {
                "if the clock starts anew here, make two files of it"
            } else {
                "it is put in its place"
            };
            few.warn("cue-backwards", message, span.clone(), help);
            if new_clock {
                sort_by_start(&mut captions[from..index]);
                from = index;
            }
        } else if above.is_some_and(|own| own != (start, end) && own.1.0 > start.0 + ROUNDING) {
            few.warn(
                "cue-overlap",
                "this cue starts before the one above it ends",
                span.clone(),
                "end the one above it sooner, or merge the two",
            );
        }
        latest = Some((start.0, span));
        above = Some((start, end));
    }
    sort_by_start(&mut captions[from..]);
}

/// How many cues tell the script of a track.
const TRACK_SAMPLE: usize = 40;

/// Where a file that has one language after the other begins the second: the clock starts anew
/// there, once, and the script is another.
fn second_track(captions: &[Caption]) -> Option<usize> {
    let mut anew = (1..captions.len()).filter(|at| {
        let (before, own) = (captions[at - 1].start, captions[*at].start);
        before.zip(own).is_some_and(|(before, own)| before.0 > own.0 + NEW_CLOCK)
    });
    let second = anew.next()?;
    let (first, rest) = captions.split_at(second);
    let scripts = (most_in(first), most_in(rest));
    (anew.next().is_none() && scripts.0.is_some() && scripts.1.is_some() && scripts.0 != scripts.1)
        .then_some(second)
}

/// The script that nearly all of the first cues are in.
fn most_in(captions: &[Caption]) -> Option<Script> {
    let sample = &captions[..captions.len().min(TRACK_SAMPLE)];
    let scripts: Vec<Script> =
        sample.iter().filter_map(|caption| telling_script(caption.lines.first()?)).collect();
    let first = *scripts.first()?;
    let count = |script: Script| scripts.iter().filter(|own| **own == script).count();
    let most = scripts.iter().copied().max_by_key(|script| count(*script)).unwrap_or(first);
    (count(most) * 10 >= scripts.len() * 9).then_some(most)
}

/// A stable sort; one without a time stays behind the one above it.
fn sort_by_start(captions: &mut [Caption]) {
    let mut last = 0;
    let starts: Vec<u64> = captions
        .iter()
        .map(|caption| {
            last = caption.start.map_or(last, |start| start.0);
            last
        })
        .collect();
    if starts.is_sorted() {
        return;
    }
    let mut ranked: Vec<(u64, Caption)> =
        starts.into_iter().zip(captions.iter_mut().map(std::mem::take)).collect();
    ranked.sort_by_key(|(start, _)| *start);
    for (slot, (_, caption)) in captions.iter_mut().zip(ranked) {
        *slot = caption;
    }
}

// ---- Speakers

/// Which names before a colon are speakers in this file.
struct Labels<'k> {
    accepted: HashMap<String, usize>,
    known: &'k KnownLabels<'k>,
    in_text: bool,
    /// Whether `>>` is how this file says that someone else speaks.
    marked: bool,
}

/// What one speaker says of a cue.
struct Turned {
    caption: Caption,
    label: Option<String>,
    /// Whether a mark says that someone else speaks.
    begins: bool,
}

/// How many lines open with a mark, where it marks turns.
const MARKS: usize = 2;

/// A label takes no more words than this.
const NAME_WORDS: usize = 4;

impl<'k> Labels<'k> {
    /// A name is one that is said twice, or that opens a file with such names; a word that the talk also has in
    /// small letters is none.
    fn of(captions: &[Caption], shared: &Shared<'_, 'k>) -> Labels<'k> {
        let marks = captions.iter().flat_map(|caption| &caption.lines).filter(|line| turn_mark(line).0);
        let mut labels = Labels {
            accepted: HashMap::new(),
            known: shared.known,
            in_text: shared.names_in_text,
            marked: marks.take(MARKS).count() == MARKS,
        };
        if !labels.in_text {
            return labels;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut opens = None;
        for (index, caption) in captions.iter().enumerate() {
            for line in &caption.lines {
                let (_, line) = turn_mark(line);
                if let Some((name, _)) = name_and_rest(line) {
                    *counts.entry(name).or_default() += 1;
                    opens = opens.or((index == 0).then_some(name));
                }
            }
        }
        if counts.is_empty() {
            return labels;
        }
        let mut small: HashMap<&str, usize> = HashMap::new();
        for word in captions.iter().flat_map(|caption| &caption.lines).flat_map(|line| line.split(' ')) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.starts_with(char::is_lowercase) {
                *small.entry(word).or_default() += 1;
            }
        }
        let is_name = |name: &str, count: usize| {
            let common = small.get(name.to_lowercase().as_str()).copied().unwrap_or(0);
            count >= 2 && common <= count / 4
        };
        // One that is said once is a name where it opens a file that has others.
        let others = counts.iter().any(|(name, count)| is_name(name, *count));
        let is_name = |name: &str, count: usize| is_name(name, count) || (others && opens == Some(name));
        labels.accepted = counts
            .into_iter()
            .filter(|(name, count)| is_name(name, *count))
            .map(|(name, count)| (name.to_owned(), count))
            .collect();
        labels
    }

    /// The label that a line opens with, and the rest of it.
    fn split<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        if let Some((label, rest)) = bracketed_label(line) {
            return Some((label, rest));
        }
        let at = line.find([':', '：'])?;
        let name = line[..at].trim_end();
        let colon = line[at..].chars().next().map_or(1, char::len_utf8);
        let takes = is_generic_label(name)
            || self.known.contains(name)
            || (self.in_text && self.accepted.contains_key(name));
        takes.then(|| (name, line[at + colon..].trim_start()))
    }

    /// The turns of a cue, with who speaks them. Speakers go on until another is named. Where the
    /// cue is in one language, a mark within a line begins a turn too.
    fn apply(&self, mut caption: Caption, one_lang: bool, speaker: &mut Option<String>) -> Vec<Turned> {
        let mut lines = std::mem::take(&mut caption.lines);
        if self.marked && one_lang && !caption.told_apart {
            lines = lines.into_iter().flat_map(at_marks).collect();
        }
        let voice = caption.voice.take();
        let mut turns: Vec<Turned> = Vec::with_capacity(1);
        let mut own: Option<String> = voice.clone();
        for line in lines {
            let (marked, rest) = turn_mark(&line);
            let named = if voice.is_none() { self.split(rest) } else { None };
            let label = match (&named, marked) {
                (Some((label, _)), _) => Some((*label).to_owned()),
                (None, true) if voice.is_none() => None,
                _ => own.clone().or_else(|| if voice.is_some() { None } else { speaker.clone() }),
            };
            let words = named.map_or(rest, |(_, rest)| rest);
            // A mark with nothing after it is words.
            let words = if words.is_empty() && named.is_none() { line.as_str() } else { words };
            let begins = turns.last().is_none_or(|turn| {
                (named.is_some() || marked)
                    && !turn.caption.lines.is_empty()
                    && (turn.label != label || (marked && !told_by(&turn.caption, words)))
            });
            if begins {
                let turn = Caption { lines: Vec::new(), ..caption.clone() };
                turns.push(Turned { caption: turn, label: label.clone(), begins: marked });
            }
            if let Some(turn) = turns.last_mut() {
                if turn.caption.lines.is_empty() {
                    turn.label.clone_from(&label);
                    turn.begins |= marked;
                }
                if !words.is_empty() {
                    turn.caption.lines.push(words.to_owned());
                }
            }
            own.clone_from(&label);
            if voice.is_none() {
                speaker.clone_from(&label);
            }
        }
        turns.retain(|turn| !turn.caption.lines.is_empty());
        turns
    }
}

/// Whether words are in another script than the turn so far: they may be its translation.
fn told_by(turn: &Caption, words: &str) -> bool {
    let own = turn.lines.last().and_then(|line| telling_script(line));
    own.is_some() && own != telling_script(words)
}

/// Whether a line opens with `>>`, and what follows.
fn turn_mark(line: &str) -> (bool, &str) {
    match line.strip_prefix(">>") {
        Some(rest) => (true, rest.trim_start_matches('>').trim_start()),
        None => (false, line),
    }
}

/// A line, cut before each `>>` within it.
fn at_marks(line: String) -> Vec<String> {
    if !line.contains(" >>") {
        return vec![line];
    }
    let mut found: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match found.last_mut() {
            Some(last) if !word.starts_with(">>") => {
                last.push(' ');
                last.push_str(word);
            }
            _ => found.push(word.to_owned()),
        }
    }
    found
}

/// `[SPEAKER_00]: words`, with or without the colon.
fn bracketed_label(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('[').or_else(|| line.strip_prefix('('))?;
    let end = inner.find([']', ')'])?;
    let label = inner[..end].trim();
    is_generic_label(label)
        .then(|| (label, inner[end + 1..].trim_start().trim_start_matches([':', '：']).trim_start()))
}

/// A name before a colon, where it looks like one.
fn name_and_rest(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '：']).filter(|at| (1..=80).contains(at))?;
    let name = line[..at].trim_end();
    let colon = line[at..].chars().next().map_or(1, char::len_utf8);
    let rest = &line[at + colon..];
    let capitals = name.split_whitespace().all(|word| {
        word.starts_with(|c: char| !c.is_lowercase())
            || matches!(word, "de" | "van" | "von" | "der" | "la" | "of")
    });
    let words = name.split_whitespace().count();
    let clock = rest.starts_with(|c: char| c.is_ascii_digit() || c == '/');
    let wide = name.chars().any(is_cjk) && name.chars().count() > 8;
    (looks_like_name(name) && capitals && words <= NAME_WORDS && !clock && !wide)
        .then(|| (name, rest.trim_start()))
}

// ---- Languages

/// How the lines of cues are languages.
struct Columns {
    /// Two scripts: lines of each are a part.
    by_script: bool,
    /// Whether cues of several lines are one line in each script, in one order: then so is one whose
    /// two lines are in one script, such as a sentence and the name that stands for it.
    in_order: bool,
    /// How many lines cues have, each in a language of its own, where scripts do not tell them all.
    by_place: Option<usize>,
}

/// A line to be.
struct Cue {
    span: Span,
    number: Option<u64>,
    start: Option<Millis>,
    end: Option<Millis>,
    label: Option<String>,
    begins: bool,
    parts: Vec<String>,
}

/// How much of each line's language is looked at, in bytes.
const SAMPLE: usize = 4000;
/// How many cues tell whether lines are languages.
const CUES: usize = 400;

/// No cue has more languages than this.
const LANGS: usize = 4;

impl Columns {
    fn of(captions: &[Caption]) -> Columns {
        let step = (captions.len() / CUES).max(1);
        let sample: Vec<&[String]> = captions.iter().step_by(step).map(|own| own.lines.as_slice()).collect();
        let several = sample.iter().filter(|lines| lines.len() > 1).count();
        let mixed = sample.iter().filter(|lines| is_mixed(lines)).count();
        let by_script = mixed > 0 && mixed * 4 >= several && mixed * 10 >= sample.len();
        let apart = |count: &usize| (*count > 2 || !by_script) && are_languages(&sample, *count);
        let in_order = by_script && are_in_order(&sample);
        Columns { by_script, in_order, by_place: (2..=LANGS).rev().find(apart) }
    }

    /// Whether all lines of a cue are one text.
    fn one(&self) -> bool {
        !self.by_script && self.by_place.is_none()
    }

    fn split(&self, turn: Turned) -> Cue {
        let Turned { caption, label, begins } = turn;
        let Caption { span, number, start, end, lines, told_apart, .. } = caption;
        let parts = if told_apart || self.by_place == Some(lines.len()) {
            lines
        } else if self.by_script {
            by_script(lines, self.in_order)
        } else {
            vec![joined(&lines)]
        };
        Cue { span, number, start, end, label, begins, parts }
    }
}

/// Whether lines are in more than one script.
fn is_mixed(lines: &[String]) -> bool {
    let Some((first, others)) = lines.split_first().filter(|(_, others)| !others.is_empty()) else {
        return false;
    };
    let first = telling_script(first);
    first.is_some() && others.iter().filter_map(|line| telling_script(line)).any(|own| first != Some(own))
}

/// Whether nearly all cues of several lines are two, and in the same scripts.
fn are_in_order(sample: &[&[String]]) -> bool {
    let mut orders: HashMap<[Script; 2], usize> = HashMap::new();
    let (mut several, mut more) = (0, 0);
    for lines in sample.iter().filter(|lines| lines.len() > 1) {
        several += 1;
        match lines {
            [first, second] => {
                if let (Some(first), Some(second)) = (telling_script(first), telling_script(second)) {
                    *orders.entry([first, second]).or_default() += usize::from(first != second);
                }
            }
            _ => more += 1,
        }
    }
    let most = orders.values().max().copied().unwrap_or(0);
    more * 50 <= several && most * 10 >= several * 9
}

/// Whether nearly all cues have so many lines, and these are in as many languages.
fn are_languages(sample: &[&[String]], count: usize) -> bool {
    let own: Vec<&&[String]> = sample.iter().filter(|lines| lines.len() == count).collect();
    if own.len() < 4 || own.len() * 5 < sample.len() * 4 {
        return false;
    }
    let mut langs: Vec<Lang> = Vec::with_capacity(count);
    for place in 0..count {
        let mut column = String::new();
        for lines in &own {
            if column.len() >= SAMPLE {
                break;
            }
            column.push_str(&lines[place]);
            column.push(' ');
        }
        let Some(script) = telling_script(&column) else { return false };
        let lang = detect(&column, script);
        if langs.contains(&lang) {
            return false;
        }
        langs.push(lang);
    }
    true
}

/// Joins lines of one script, in the order in which each is first met.
fn by_script(lines: Vec<String>, in_order: bool) -> Vec<String> {
    let scripts: Vec<Option<Script>> = lines.iter().map(|line| telling_script(line)).collect();
    let told = scripts.iter().flatten().count();
    if let [first, second] = lines.as_slice()
        && (told < 2 || scripts[0] == scripts[1])
        && (in_order || says_the_same(first, second))
    {
        return lines;
    }
    let mut groups: Vec<(Option<Script>, Vec<String>)> = Vec::new();
    for (line, script) in lines.into_iter().zip(scripts) {
        match groups.iter_mut().find(|(own, _)| script.is_some() && *own == script) {
            Some((_, own)) => own.push(line),
            // What has no letters goes with what stands before it.
            None => match groups.last_mut() {
                Some((own, before)) if script.is_none() || own.is_none() => {
                    *own = own.or(script);
                    before.push(line);
                }
                _ => groups.push((script, vec![line])),
            },
        }
    }
    groups.into_iter().map(|(_, lines)| joined(&lines)).collect()
}

/// Whether two lines of one script are one term in two languages: `API。` and `the API.` One says
/// nothing that the other does not, or has the punctuation of Han text, and the other none.
fn says_the_same(first: &str, second: &str) -> bool {
    if first.chars().any(is_wide) != second.chars().any(is_wide) {
        return true;
    }
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        split.map(str::to_lowercase).take(TERM_WORDS).collect()
    };
    let (first, second) = (words(first), words(second));
    let shared = first.iter().filter(|word| second.contains(word)).count();
    shared > 0 && (shared * 2 >= first.len().max(second.len()) || shared >= first.len().min(second.len()))
}

/// Whether a character is of Han text alone: quotes and dashes are not.
fn is_wide(character: char) -> bool {
    is_cjk(character) && !"“”‘’…—".contains(character)
}

/// How many words of a line are compared.
const TERM_WORDS: usize = 12;

/// Joins wrapped lines: with a space, which Han text does without.
fn joined(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let tight = text.chars().next_back().is_none_or(is_cjk) && line.chars().next().is_some_and(is_cjk);
        if !text.is_empty() && !tight {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Two cues with one time, in two scripts, are a line and its translation.
fn paired(cues: Vec<Cue>, few: &mut Few) -> Vec<Cue> {
    let mut lines: Vec<Cue> = Vec::with_capacity(cues.len());
    let mut open = false;
    let mut first: Option<Span> = None;
    let count = cues.len();
    for cue in cues {
        match lines.last_mut() {
            Some(before) if open && translates(before, &cue) => {
                first.get_or_insert(cue.span.clone());
                before.parts.extend(cue.parts);
                before.span.end = before.span.end.max(cue.span.end);
                before.label = before.label.take().or(cue.label);
                open = false;
            }
            _ => {
                open = cue.parts.len() == 1 && cue.start.is_some();
                lines.push(cue);
            }
        }
    }
    if let Some(span) = first {
        let message = format!(
            "cues with the time of another, in another language: {}, and each stands beside it, as this one",
            count - lines.len()
        );
        few.note("joined-cues", &message, span);
    }
    lines
}

fn translates(before: &Cue, cue: &Cue) -> bool {
    let near = |a: Option<Millis>, b: Option<Millis>| match (a, b) {
        (Some(a), Some(b)) => a.0.abs_diff(b.0) <= 1,
        (None, None) => true,
        _ => false,
    };
    let same_time = near(before.start, cue.start) && near(before.end, cue.end);
    let same_number = before.number.is_some() && before.number == cue.number;
    let close = before.start.zip(cue.start).is_some_and(|(a, b)| a.0.abs_diff(b.0) <= 500);
    let label = before.label.is_none() || cue.label.is_none() || before.label == cue.label;
    if !(same_time || (same_number && close)) || !label || cue.parts.len() != 1 {
        return false;
    }
    match (telling_script(&before.parts[0]), telling_script(&cue.parts[0])) {
        (Some(one), Some(other)) => {
            one != other || (same_number && says_the_same(&before.parts[0], &cue.parts[0]))
        }
        _ => same_number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The label and the parts of each line.
    type Shown = Vec<(Option<String>, Vec<String>)>;

    /// Cues of one second each, their lines parted by `/`.
    fn assembled(cues: &[&str]) -> (Shown, Vec<String>) {
        let captions = cues.iter().enumerate().map(|(index, text)| Caption {
            start: Some(Millis(index as u64 * 1000)),
            end: Some(Millis(index as u64 * 1000 + 1000)),
            lines: text.split('/').map(str::to_owned).collect(),
            ..Caption::default()
        });
        shown(captions.collect())
    }

    fn shown(captions: Vec<Caption>) -> (Shown, Vec<String>) {
        let source = Source::new("a.srt", "");
        let findings = Findings::default();
        let known = KnownLabels::new(&[]);
        let shared = Shared { source: &source, known: &known, findings: &findings, names_in_text: true };
        let document = assemble(captions, &shared);
        let mut parts = document.parts.iter().map(|part| part.clone().into_owned());
        let lines = document.lines.iter().map(|line| {
            let label = line.label.map(|label| document.labels[label].clone());
            (label, parts.by_ref().take(line.part_count).collect())
        });
        let lines = lines.collect();
        let codes = findings.into_inner().into_iter().map(|finding| finding.code.0.into_owned());
        (lines, codes.collect())
    }

    fn line(label: Option<&str>, parts: &[&str]) -> (Option<String>, Vec<String>) {
        (label.map(str::to_owned), parts.iter().map(|part| (*part).to_owned()).collect())
    }

    #[test]
    fn a_name_that_is_said_again_is_a_speaker_and_goes_on() {
        let (lines, _) =
            assembled(&["Shen Yao: Hello./Note: this", "goes on", "Lin Yue: Yes", "Shen Yao: so"]);
        assert_eq!(
            lines,
            [
                line(Some("Shen Yao"), &["Hello. Note: this"]),
                line(Some("Shen Yao"), &["goes on"]),
                line(Some("Shen Yao"), &["Lin Yue: Yes"]),
                line(Some("Shen Yao"), &["so"]),
            ]
        );
    }

    #[test]
    fn turn_marks_end_a_turn() {
        let (lines, _) =
            assembled(&["A Lamp: one", ">> two", ">> A Lamp: three/>> four", "[SPEAKER_01] five"]);
        assert_eq!(
            lines,
            [
                line(Some("A Lamp"), &["one"]),
                line(None, &["two"]),
                line(Some("A Lamp"), &["three"]),
                line(None, &["four"]),
                line(Some("SPEAKER_01"), &["five"]),
            ]
        );
    }

    #[test]
    fn turns_of_nobody_known_are_turns_and_a_mark_within_a_cue_begins_one() {
        let captions = |texts: &[&str]| -> Vec<Caption> {
            let caption = |text: &&str| Caption { lines: vec![(*text).to_owned()], ..Caption::default() };
            texts.iter().map(caption).collect()
        };
        let read = |texts: &[&str]| {
            let source = Source::new("a.srt", "");
            let findings = Findings::default();
            let known = KnownLabels::new(&[]);
            let shared = Shared { source: &source, known: &known, findings: &findings, names_in_text: true };
            let document = assemble(captions(texts), &shared);
            assert!(document.tally.balances(document.lines.len()), "{:?}", document.tally);
            let turns: Vec<usize> = document.marks.iter().map(|mark| mark.before).collect();
            (document.parts.join(" | "), turns, document.tally.split)
        };
        let (text, turns, split) = read(&[">> One", "goes on.", ">> Two. >> Three", ">> Four"]);
        assert_eq!(text, "One | goes on. | Two. | Three | Four");
        assert_eq!((turns, split), (vec![2, 3, 4], 1));
        // Where nothing else is marked so, it is an operator.
        let (text, turns, split) = read(&["a >> b", "c"]);
        assert_eq!((text.as_str(), turns, split), ("a >> b | c", vec![], 0));
    }

    #[test]
    fn three_languages_of_a_cue_are_three_parts() {
        let cue = "灯塔在夜里为船只照亮道路。/The lighthouse shows the ships their way through the night./\
                   Le phare montre aux navires leur chemin à travers la nuit.";
        let parts: Vec<&str> = cue.split('/').collect();
        let (lines, _) = assembled(&[cue; 5]);
        assert_eq!(lines, vec![line(None, &parts); 5]);
        // A text on two lines beside a translation is two languages, and not three.
        let (lines, _) =
            assembled(&["灯塔在夜里照亮。/The lighthouse shows the ships/their way through the night."; 5]);
        assert_eq!(lines[0].1.len(), 2);
    }

    #[test]
    fn a_cue_that_only_names_its_speaker_is_told() {
        let (lines, codes) = assembled(&["Speaker 1: One", "Speaker 2:", "Two"]);
        assert_eq!(lines, [line(Some("Speaker 1"), &["One"]), line(Some("Speaker 2"), &["Two"])]);
        assert_eq!(codes, ["cue-empty"]);
    }

    #[test]
    fn two_languages_of_a_cue_are_parts_in_either_order_and_wrapped_lines_are_one() {
        let (lines, _) = assembled(&["你好/Hello", "Lamp/灯", "API。/the API.", "only/this", "一/二"]);
        assert_eq!(
            lines,
            [
                line(None, &["你好", "Hello"]),
                line(None, &["Lamp", "灯"]),
                line(None, &["API。", "the API."]),
                line(None, &["only this"]),
                line(None, &["一二"]),
            ]
        );
    }

    #[test]
    fn where_two_lines_are_always_two_languages_two_in_one_script_are_too() {
        let mut cues = vec!["We light it/我们点灯"; 20];
        cues.extend(["the lamp of the harbour/LampOfHarbour", "Okay.", "Okay./Okay."]);
        let (lines, _) = assembled(&cues);
        let parts: Vec<&[String]> = lines[20..].iter().map(|(_, parts)| parts.as_slice()).collect();
        assert_eq!(
            parts,
            [&["the lamp of the harbour", "LampOfHarbour"][..], &["Okay."], &["Okay.", "Okay."]]
        );
        // Where lines are wrapped, a text on two lines is one.
        cues.extend(["We light/the lamp/我们点灯"; 4]);
        let (lines, _) = assembled(&cues);
        assert_eq!(lines[20].1, ["the lamp of the harbour LampOfHarbour"]);
    }

    #[test]
    fn two_cues_with_one_time_are_one_line() {
        let cue = |start: u64, text: &str| Caption {
            start: Some(Millis(start)),
            end: Some(Millis(start + 1000)),
            lines: vec![text.to_owned()],
            ..Caption::default()
        };
        let (lines, codes) = shown(vec![cue(0, "a"), cue(0, "一"), cue(1000, "b"), cue(1000, "c")]);
        assert_eq!(lines, [line(None, &["a", "一"]), line(None, &["b"]), line(None, &["c"])]);
        assert_eq!(codes, ["joined-cues"]);
    }

    #[test]
    fn a_language_after_the_other_is_put_beside_it() {
        let cue = |start: u64, text: &str| Caption {
            start: Some(Millis(start)),
            end: Some(Millis(start + 1000)),
            lines: vec![text.to_owned()],
            ..Caption::default()
        };
        let (lines, codes) = shown(vec![cue(0, "a"), cue(90_000, "b"), cue(0, "一"), cue(90_000, "二")]);
        assert_eq!(lines, [line(None, &["a", "一"]), line(None, &["b", "二"])]);
        assert_eq!(codes, ["second-track", "joined-cues"]);
    }

    #[test]
    fn captions_that_roll_are_taken_once() {
        let (lines, codes) =
            assembled(&["one", "one/two", "two", "two/three", "three", "three/three", "three/four"]);
        let texts: Vec<&str> = lines.iter().map(|(_, parts)| parts[0].as_str()).collect();
        assert_eq!(texts, ["one", "two", "three", "three", "four"]);
        assert_eq!(codes, ["rolling-captions"]);
    }

    #[test]
    fn a_cue_a_little_late_is_put_in_its_place_and_a_new_clock_is_kept() {
        let cue = |start: u64| Caption {
            start: Some(Millis(start)),
            end: Some(Millis(start + 500)),
            lines: vec![start.to_string()],
            ..Caption::default()
        };
        let (lines, codes) = shown(vec![cue(0), cue(2000), cue(1000), cue(90_000), cue(0)]);
        let texts: Vec<&str> = lines.iter().map(|(_, parts)| parts[0].as_str()).collect();
        assert_eq!(texts, ["0", "1000", "2000", "90000", "0"]);
        assert_eq!(codes, ["cue-backwards", "cue-backwards"]);
    }
}
