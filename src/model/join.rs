//! Tracks in several languages → one transcript. The first track leads: each other one is paired
//! with it, and a cue is a sentence of it with what the others say there. Every line of every
//! track is in one cue, in its order.

use std::borrow::Cow;
use std::collections::HashMap;

use super::align::{Alignment, Hints, REVIEW_BELOW, Row, Side, Stretch, TrackCue, align, sentences};
use super::cue_id::CueId;
use super::talk::{Talk, TalkRules, Track};
use super::transcript::{Cue, Mark, MarkKind, Piece, Transcript, model_mark, name_cues};
use super::voices::{Voices, join_voices};
use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, is_cjk};
use crate::parse::document::{self, Document, Line};
use crate::parse::transcript::is_generic_label;
use crate::source::Source;
use crate::table::Findings;
use crate::timestamp::Millis;

/// The lines of one track, each with its text.
#[derive(Debug)]
struct Lines<'s> {
    source: &'s Source,
    lang: Lang,
    lines: Vec<Line>,
    texts: Vec<Cow<'s, str>>,
    labels: Vec<String>,
    /// The lines that a section or a break stands before.
    marked: Vec<usize>,
}

/// Lines of the first track and of another that go together.
#[derive(Debug, Default, Clone, PartialEq)]
struct Group {
    base: Vec<usize>,
    own: Vec<usize>,
}

/// Per track, the lines that a cue is made of.
type CueLines = Vec<Vec<usize>>;

/// Joins two or more tracks whose languages are told and differ, in reading order.
pub fn join_tracks<'s>(tracks: Vec<Track<'s>>, rules: &TalkRules, findings: &Findings) -> Talk<'s> {
    let mut talk = Talk::default();
    let langs: Vec<Lang> = tracks.iter().map(|track| track.lang().clone()).collect();
    let mut marks = Vec::with_capacity(tracks.len());
    let mut all = Vec::with_capacity(tracks.len());
    for Track { source, lang, mut document } in tracks {
        take_page(&mut talk, &mut document);
        let own = std::mem::take(&mut document.marks);
        let marked = own.iter().map(|mark| mark.before).collect();
        let lang = lang.expect("the language of each track has been told");
        all.push(Lines::new(source, lang, document, marked));
        marks.push(own);
    }
    let (groups, clocks) = pair(&all, findings);
    let cues = cue_lines(all.iter().map(|lines| lines.lines.len()), groups);
    let voices = voices_of(&all, &cues, rules.listed);
    let places = Places::new(&all, &cues);
    talk.transcript = write(&mut all, &cues, &voices, &clocks);
    talk.transcript.langs = langs;
    talk.transcript.marks = join_marks(marks, &places, &talk.transcript.langs);
    name_cues(&mut talk.transcript.cues, &talk.transcript.texts, &talk.transcript.langs);
    talk.voices = voices.list;
    talk
}

/// Takes what a file says beside its lines; the same title once.
fn take_page(talk: &mut Talk, document: &mut Document) {
    let page = std::mem::take(&mut document.page);
    talk.page.show = talk.page.show.take().or(page.show);
    for title in page.titles {
        if !talk.page.titles.contains(&title) {
            talk.page.titles.push(title);
        }
    }
    for (all, own) in [
        (&mut talk.page.summary, page.summary),
        (&mut talk.notes, std::mem::take(&mut document.notes)),
    ] {
        if !own.is_empty() && *all != own {
            if !all.is_empty() {
                all.push_str("\n\n");
            }
            all.push_str(&own);
        }
    }
    talk.links.append(&mut document.links);
}

impl<'s> Lines<'s> {
    fn new(source: &'s Source, lang: Lang, document: Document<'s>, marked: Vec<usize>) -> Lines<'s> {
        let mut parts = document.parts.into_iter();
        let texts = document.lines.iter().map(|line| joined(parts.by_ref().take(line.part_count)).0);
        let texts = texts.collect();
        Lines { source, lang, texts, lines: document.lines, labels: document.labels, marked }
    }

    fn cues(&self) -> Vec<TrackCue<'_>> {
        let label = |line: &Line| line.label.map(|label| self.labels[label].as_str());
        let lines = self.lines.iter().zip(&self.texts);
        lines
            .map(|(line, text)| TrackCue { text, start: line.start, end: line.end, speaker: label(line) })
            .collect()
    }
}

/// Texts as one, and where each of them stands in it. Han text goes on without a space.
fn joined<'s>(texts: impl Iterator<Item = Cow<'s, str>>) -> (Cow<'s, str>, Vec<std::ops::Range<usize>>) {
    let mut whole = Cow::Borrowed("");
    let mut places = Vec::new();
    for text in texts {
        if whole.is_empty() {
            places.push(0..text.len());
            whole = text;
            continue;
        }
        let tight = whole.ends_with(is_cjk) && text.starts_with(is_cjk);
        let own = whole.to_mut();
        if !tight && !text.is_empty() {
            own.push(' ');
        }
        places.push(own.len()..own.len() + text.len());
        own.push_str(&text);
    }
    (whole, places)
}

/// Pairs the first track with each of the others; gives what goes together, and how each clock
/// differs from the first.
fn pair(all: &[Lines], findings: &Findings) -> (Vec<Vec<Group>>, Vec<Vec<Stretch>>) {
    let (base, others) = all.split_first().expect("a talk has tracks");
    let left_cues = base.cues();
    let left = Side { lang: &base.lang, cues: &left_cues };
    let mut groups = Vec::with_capacity(others.len());
    let mut clocks = Vec::with_capacity(others.len());
    for other in others {
        let right_cues = other.cues();
        let right = Side { lang: &other.lang, cues: &right_cues };
        let Alignment { rows, clocks: own } = align(&left, &right, &Hints::default());
        report_unsure(&rows, base, other, findings);
        groups.push(group(&rows, &left, &right, &base.marked));
        clocks.push(own);
    }
    (groups, clocks)
}

/// Rows put together to sentences, but not over a change of speaker, a section or a break.
fn group(rows: &[Row], left: &Side, right: &Side, marked: &[usize]) -> Vec<Group> {
    let mut groups = Vec::with_capacity(rows.len());
    for range in sentences(rows, left, right) {
        let mut group = Group::default();
        let mut speaker = None;
        for row in &rows[range] {
            if let Some(line) = row.left.first() {
                let own = left.cues[*line].speaker;
                let changes = speaker.is_some_and(|speaker| speaker != own);
                if changes || !group.base.is_empty() && marked.binary_search(line).is_ok() {
                    groups.push(std::mem::take(&mut group));
                }
                speaker = Some(own);
            }
            group.base.extend(&row.left);
            group.own.extend(&row.right);
        }
        groups.push(group);
    }
    groups
}

/// How many places of rows to look at a message names.
const PLACES_SHOWN: usize = 5;

/// Says which rows an author should look at.
fn report_unsure(rows: &[Row], base: &Lines, other: &Lines, findings: &Findings) {
    let unsure: Vec<&Row> = rows
        .iter()
        .filter(|row| row.confidence < REVIEW_BELOW && !row.left.is_empty() && !row.right.is_empty())
        .collect();
    let Some(first) = unsure.first() else { return };
    let place = |lines: &Lines, line: usize| lines.source.place(lines.lines[line].span.clone());
    let shown: Vec<String> = unsure
        .iter()
        .take(PLACES_SHOWN)
        .map(|row| format!("{} and {}", place(base, row.left[0]).line, place(other, row.right[0]).line))
        .collect();
    let more = if unsure.len() > shown.len() { ", …" } else { "" };
    let message = format!(
        "{} of {} pairs of {} and {} may not say the same",
        unsure.len(),
        rows.len(),
        base.source.path,
        other.source.path
    );
    findings.borrow_mut().push(
        Diagnostic::warning("pair-unsure", message)
            .at(place(base, first.left[0]))
            .and(place(other, first.right[0]), "paired with this")
            .help(format!(
                "look at lines {}{more}, and say in pairs.toml what goes together",
                shown.join(", ")
            )),
    );
}

/// The lines of each cue: sentences of the first track, in order, each with what the other tracks
/// have for it; what only another track has stands where it is said. No line is in two cues, and
/// none in no cue.
fn cue_lines(counts: impl Iterator<Item = usize>, groups: Vec<Vec<Group>>) -> Vec<CueLines> {
    let counts: Vec<usize> = counts.collect();
    let width = counts.len();
    let cue_of = glued(counts[0], &groups);
    let base_cues = cue_of.iter().max().map_or(0, |last| last + 1);
    let mut cues: Vec<CueLines> = vec![vec![Vec::new(); width]; base_cues];
    for (line, cue) in cue_of.iter().enumerate() {
        cues[*cue][0].push(line);
    }
    // What stands before the cue of the same number.
    let mut between: Vec<Vec<CueLines>> = vec![Vec::new(); base_cues + 1];
    for (track, groups) in groups.into_iter().enumerate() {
        let mut seen = vec![false; counts[track + 1]];
        let mut after = 0;
        for Group { base, own } in groups {
            let own: Vec<usize> = own.into_iter().filter(|line| !std::mem::replace(&mut seen[*line], true)).collect();
            match base.first() {
                Some(line) => {
                    let cue = cue_of[*line];
                    cues[cue][track + 1].extend(own);
                    after = base.iter().map(|line| cue_of[*line] + 1).max().unwrap_or(after);
                }
                None if own.is_empty() => {}
                None => between[after].push(alone(width, track + 1, own)),
            }
        }
        let unseen: Vec<usize> = (0..seen.len()).filter(|line| !seen[*line]).collect();
        between[base_cues].extend(unseen.into_iter().map(|line| alone(width, track + 1, vec![line])));
    }
    let mut all = Vec::with_capacity(base_cues);
    for (cue, before) in cues.into_iter().zip(&mut between) {
        all.append(before);
        all.push(cue);
    }
    all.extend(between.pop().unwrap_or_default());
    all
}

fn alone(width: usize, track: usize, lines: Vec<usize>) -> CueLines {
    let mut cue = vec![Vec::new(); width];
    cue[track] = lines;
    cue
}

/// The cue that each line of the first track is in: lines that any track needs together are.
/// Cues are numbered in the order of their first lines.
fn glued(count: usize, groups: &[Vec<Group>]) -> Vec<usize> {
    let mut root: Vec<usize> = (0..count).collect();
    fn find(root: &mut [usize], mut line: usize) -> usize {
        while root[line] != line {
            root[line] = root[root[line]];
            line = root[line];
        }
        line
    }
    for group in groups.iter().flatten() {
        for two in group.base.windows(2) {
            let (a, b) = (find(&mut root, two[0]), find(&mut root, two[1]));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut number: HashMap<usize, usize> = HashMap::new();
    (0..count)
        .map(|line| {
            let next = number.len();
            *number.entry(find(&mut root, line)).or_insert(next)
        })
        .collect()
}

/// The label of the first of a cue's lines that has one, by track.
fn label_of(lines: &Lines, own: &[usize]) -> Option<usize> {
    own.iter().find_map(|line| lines.lines[*line].label)
}

fn voices_of(all: &[Lines], cues: &[CueLines], listed: &[&str]) -> Voices {
    let labels: Vec<Vec<String>> = all.iter().map(|lines| lines.labels.clone()).collect();
    let mut together = vec![HashMap::new(); all.len() - 1];
    for cue in cues {
        let Some(base) = label_of(&all[0], &cue[0]) else { continue };
        for (track, counts) in together.iter_mut().enumerate() {
            if let Some(own) = label_of(&all[track + 1], &cue[track + 1]) {
                *counts.entry((base, own)).or_default() += 1;
            }
        }
    }
    join_voices(&labels, &together, listed)
}

/// Where each line of each track is: index of its cue.
struct Places {
    of: Vec<Vec<usize>>,
    cue_count: usize,
}

impl Places {
    fn new(all: &[Lines], cues: &[CueLines]) -> Places {
        let mut of: Vec<Vec<usize>> = all.iter().map(|lines| vec![0; lines.lines.len()]).collect();
        for (index, cue) in cues.iter().enumerate() {
            for (track, lines) in cue.iter().enumerate() {
                for line in lines {
                    of[track][*line] = index;
                }
            }
        }
        Places { of, cue_count: cues.len() }
    }

    fn before(&self, track: usize, line: usize) -> usize {
        self.of[track].get(line).copied().unwrap_or(self.cue_count)
    }
}

/// Puts the cues together.
fn write<'s>(all: &mut [Lines<'s>], cues: &[CueLines], voices: &Voices, clocks: &[Vec<Stretch>]) -> Transcript<'s> {
    let mut transcript = Transcript::default();
    let base_is_timed = all[0].lines.iter().any(|line| line.start.is_some());
    for (index, cue) in cues.iter().enumerate() {
        let mut time: Option<(Option<Millis>, Option<Millis>)> = None;
        let mut span = None;
        for (lang, own) in cue.iter().enumerate() {
            let lines = &mut all[lang];
            let texts = own.iter().map(|line| std::mem::take(&mut lines.texts[*line]));
            let (text, places) = joined(texts);
            for (line, text) in own.iter().zip(places) {
                let Line { start, end, .. } = lines.lines[*line];
                transcript.pieces.push(Piece { cue: index, lang, text, start, end });
            }
            transcript.texts.push(text);
            let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
            span.get_or_insert_with(|| lines.lines[*first].span.clone());
            let clock = match lang {
                0 => &[],
                _ if !base_is_timed => &[],
                _ => clocks[lang - 1].as_slice(),
            };
            let start = own.iter().find_map(|line| lines.lines[*line].start);
            let end = lines.lines[*last].end;
            if time.is_none() && start.is_some() {
                time = Some((start.map(|time| on_base(clock, time)), end.map(|time| on_base(clock, time))));
            }
        }
        let (start, end) = time.unwrap_or_default();
        transcript.cues.push(Cue {
            id: CueId::default(),
            speaker: speaker_of(all, cue, voices),
            start,
            end,
            span: span.unwrap_or_default(),
        });
    }
    transcript
}

/// A time of another track by the clock of the first.
fn on_base(clock: &[Stretch], time: Millis) -> Millis {
    let after = clock.partition_point(|stretch| stretch.from <= time);
    match clock.get(after.saturating_sub(1)) {
        Some(stretch) => Millis((time.0 as f64 * stretch.scale + stretch.shift).round().max(0.0) as u64),
        None => time,
    }
}

/// Who says a cue: the first track knows, unless it has a number where another has a name.
fn speaker_of(all: &[Lines], cue: &CueLines, voices: &Voices) -> Option<usize> {
    let told = |(track, own): (usize, &Vec<usize>)| {
        let label = label_of(&all[track], own)?;
        Some((voices.of_label[track][label], is_generic_label(&all[track].labels[label])))
    };
    let told: Vec<(usize, bool)> = cue.iter().enumerate().filter_map(told).collect();
    let (first, _) = *told.first()?;
    if !is_generic_label(&voices.list[first].label) {
        return Some(first);
    }
    Some(told.iter().find(|(_, is_generic)| !is_generic).map_or(first, |(voice, _)| *voice))
}

/// The marks of all tracks in order: what two tracks have at one place is one mark.
fn join_marks(marks: Vec<Vec<document::Mark>>, places: &Places, langs: &[Lang]) -> Vec<Mark> {
    let mut joined: Vec<Mark> = Vec::new();
    for (track, own) in marks.into_iter().enumerate() {
        let lang = std::slice::from_ref(&langs[track]);
        let mut before = std::mem::take(&mut joined).into_iter().peekable();
        for mark in own {
            let place = places.before(track, mark.before);
            let mut mark = Mark { before: place, kind: model_mark(mark.kind, lang) };
            while let Some(known) = before.next_if(|known| known.before <= place + 1) {
                if is_same(&known, &mark) {
                    mark = Mark { before: known.before, kind: with_title(known.kind, mark.kind) };
                    break;
                }
                joined.push(known);
            }
            joined.push(mark);
        }
        joined.extend(before);
        joined.sort_by_key(|mark| mark.before);
    }
    joined
}

fn is_same(one: &Mark, other: &Mark) -> bool {
    one.before.abs_diff(other.before) <= 1
        && matches!(
            (&one.kind, &other.kind),
            (MarkKind::Break, MarkKind::Break) | (MarkKind::Section(_), MarkKind::Section(_))
        )
}

fn with_title(kind: MarkKind, other: MarkKind) -> MarkKind {
    let (MarkKind::Section(title), MarkKind::Section(other)) = (&kind, other) else { return kind };
    let mut both = title.clone();
    for (lang, text) in other.iter() {
        both.push(lang.cloned(), text);
    }
    MarkKind::Section(both)
}
