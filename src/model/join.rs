//! Tracks in several languages → one transcript. The first track leads: each other one is paired
//! with it, and a cue is a sentence of it with what the others say there. Every line of every
//! track is in one cue, in its order.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::align::{
    Alignment, Hints, Lock, REVIEW_BELOW, Row, Side, Stretch, TrackCue, align, find_locks, report_foreign,
    sentences,
};
use super::cue_id::CueId;
use super::talk::{Talk, TalkRules, Track};
use super::transcript::{Cue, Mark, MarkKind, Piece, Transcript, model_mark, name_cues};
use super::voices::{Voices, join_voices};
use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, is_cjk};
use crate::parse::document::{self, Document, Line};
use crate::parse::pairs::read_pairs;
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
    let (groups, clocks) = pair(&all, rules, findings);
    let cues = cue_lines(all.iter().map(|lines| lines.lines.len()), groups);
    let voices = voices_of(&all, &cues, rules.listed);
    let places = Places::new(&all, &cues);
    talk.transcript = write(&mut all, &cues, &voices, &clocks);
    talk.transcript.sources = all.iter().map(|lines| lines.source).collect();
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
    for (all, own) in
        [(&mut talk.page.summary, page.summary), (&mut talk.notes, std::mem::take(&mut document.notes))]
    {
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
fn pair(all: &[Lines], rules: &TalkRules, findings: &Findings) -> (Vec<Vec<Group>>, Vec<Vec<Stretch>>) {
    let (base, others) = all.split_first().expect("a talk has tracks");
    let decided = rules.pairs.map(|source| (source, read_pairs(source, findings)));
    if let Some((source, entries)) = &decided {
        let langs: Vec<&Lang> = all.iter().map(|lines| &lines.lang).collect();
        report_foreign(entries, &langs, source, findings);
    }
    let left_cues = base.cues();
    let left = Side { lang: &base.lang, cues: &left_cues };
    let mut groups = Vec::with_capacity(others.len());
    let mut clocks = Vec::with_capacity(others.len());
    for other in others {
        let right_cues = other.cues();
        let right = Side { lang: &other.lang, cues: &right_cues };
        let locks = decided
            .as_ref()
            .map(|(source, entries)| find_locks(entries, &left, &right, source, findings))
            .unwrap_or_default();
        let glossary = rules.glossary.between(left.lang, right.lang);
        let hints = Hints { locks: &locks, glossary: &glossary };
        let Alignment { rows, clocks: own } = align(&left, &right, &hints);
        report_unsure(&rows, base, other, findings);
        groups.push(group(&rows, &left, &right, &base.marked, &locks));
        clocks.push(own);
    }
    (groups, clocks)
}

/// Rows put together to sentences, but not over a change of speaker, a section or a break, nor
/// where the author wants a row by itself.
fn group(rows: &[Row], left: &Side, right: &Side, marked: &[usize], locks: &[Lock]) -> Vec<Group> {
    let mut splits: Vec<usize> = Vec::new();
    let mut whole: HashSet<(&[usize], &[usize])> = HashSet::new();
    for lock in locks {
        match lock {
            Lock::Split { left, .. } => splits.push(*left),
            Lock::Pair { left, right } => _ = whole.insert((left, right)),
            Lock::Merge { .. } => {}
        }
    }
    splits.sort_unstable();
    let mut groups = Vec::with_capacity(rows.len());
    for range in sentences(rows, left, right) {
        let mut group = Group::default();
        let mut speaker = None;
        let mut was_whole = false;
        for row in &rows[range] {
            let is_whole = whole.contains(&(row.left.as_slice(), row.right.as_slice()));
            let mut ends = is_whole || was_whole;
            was_whole = is_whole;
            if let Some(line) = row.left.first() {
                let own = left.cues[*line].speaker;
                ends |= speaker.is_some_and(|speaker| speaker != own);
                ends |= !group.base.is_empty() && marked.binary_search(line).is_ok();
                ends |= splits.binary_search(line).is_ok();
                speaker = Some(own);
            }
            if ends && group != Group::default() {
                groups.push(std::mem::take(&mut group));
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
            let own: Vec<usize> =
                own.into_iter().filter(|line| !std::mem::replace(&mut seen[*line], true)).collect();
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
    let labels: Vec<(Lang, &[String])> =
        all.iter().map(|lines| (lines.lang.clone(), lines.labels.as_slice())).collect();
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
fn write<'s>(
    all: &mut [Lines<'s>],
    cues: &[CueLines],
    voices: &Voices,
    clocks: &[Vec<Stretch>],
) -> Transcript<'s> {
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
                let Line { start, end, ref span, .. } = lines.lines[*line];
                let span = span.clone();
                transcript.pieces.push(Piece { cue: index, lang, text, span, start, end });
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
            (MarkKind::Break, MarkKind::Break)
                | (MarkKind::Section(_), MarkKind::Section(_))
                | (MarkKind::Turn, MarkKind::Turn)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::Glossary;
    use crate::model::talk::model_talk;
    use crate::parse::transcript::parse_transcript;

    /// The cues of tracks, `text | text | …` with a `-` where a track says nothing; and the talk's
    /// marks and voices.
    fn joined_of(tracks: &[(&str, &str)], pairs: Option<&str>) -> (Vec<String>, Vec<String>, Vec<String>) {
        let findings = Findings::default();
        let name = |(lang, text): &(&str, &str)| {
            let form = if text.starts_with("WEBVTT") { "vtt" } else { "md" };
            Source::new(format!("a.{lang}.{form}"), *text)
        };
        let sources: Vec<Source> = tracks.iter().map(name).collect();
        let pairs = pairs.map(|text| Source::new("pairs.toml", text));
        let all = sources.iter().zip(tracks).map(|(source, (lang, _))| Track {
            source,
            lang: Lang::parse(lang).ok(),
            document: parse_transcript(source, 0..source.text.len(), &[], &findings),
        });
        let glossary = Glossary::default();
        let rules = TalkRules { langs: &[], listed: &[], pairs: pairs.as_ref(), glossary: &glossary };
        let talk = model_talk(all.collect(), &rules, &findings);
        let transcript = &talk.transcript;
        let text = |cue, lang| transcript.text(cue, lang).unwrap_or("-");
        let cue = |cue| (0..tracks.len()).map(|lang| text(cue, lang)).collect::<Vec<_>>().join(" | ");
        let mark = |mark: &Mark| match &mark.kind {
            MarkKind::Break => format!("{} break", mark.before),
            MarkKind::Turn => format!("{} turn", mark.before),
            MarkKind::Section(title) => {
                let titles: Vec<&str> = title.iter().map(|(_, text)| text).collect();
                format!("{} {}", mark.before, titles.join(" / "))
            }
        };
        for (index, piece) in transcript.pieces.iter().enumerate() {
            let whole = transcript.text(piece.cue, piece.lang).expect("a piece is of a text");
            assert!(whole.get(piece.text.clone()).is_some(), "piece {index}");
        }
        (
            (0..transcript.cues.len()).map(cue).collect(),
            transcript.marks.iter().map(mark).collect(),
            talk.voices.into_iter().map(|voice| voice.label).collect(),
        )
    }

    #[test]
    fn a_sentence_keeps_the_times_of_the_cues_it_is_made_of() {
        let source = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe lamp is lit\n\n00:02.000 --> 00:03.500\nand the boat comes in.\n\n00:04.000 --> 00:05.000\nGood.\n";
        let other =
            "WEBVTT\n\n00:01.000 --> 00:03.400\n灯亮了，船进来了。\n\n00:04.000 --> 00:05.000\n好。\n";
        let sources = [Source::new("a.vtt", source), Source::new("b.vtt", other)];
        let tracks = sources.iter().zip(["en", "zh-Hans"]).map(|(source, lang)| Track {
            source,
            lang: Lang::parse(lang).ok(),
            document: parse_transcript(source, 0..source.text.len(), &[], &Findings::default()),
        });
        let glossary = Glossary::default();
        let rules = TalkRules { langs: &[], listed: &[], pairs: None, glossary: &glossary };
        let transcript = model_talk(tracks.collect(), &rules, &Findings::default()).transcript;
        assert_eq!(transcript.text(0, 0), Some("The lamp is lit and the boat comes in."));
        let times = |cue: usize, lang: usize| -> Vec<(&str, u64, u64)> {
            let text = transcript.text(cue, lang).unwrap();
            let time = |time: Option<Millis>| time.unwrap().0;
            let pieces = transcript.pieces(cue, lang).iter();
            pieces.map(|piece| (&text[piece.text.clone()], time(piece.start), time(piece.end))).collect()
        };
        assert_eq!(times(0, 0), [("The lamp is lit", 1000, 2000), ("and the boat comes in.", 2000, 3500)]);
        assert_eq!(times(0, 1), [("灯亮了，船进来了。", 1000, 3400)]);
        assert_eq!(times(1, 1), [("好。", 4000, 5000)]);
        assert_eq!(
            (transcript.cues[0].start, transcript.cues[0].end),
            (Some(Millis(1000)), Some(Millis(3500)))
        );
    }

    #[test]
    fn what_is_in_one_track_alone_keeps_a_cue_and_nothing_is_said_twice() {
        let groups = vec![
            vec![
                Group { base: vec![0], own: vec![0] },
                Group { base: vec![], own: vec![1] },
                Group { base: vec![1, 2], own: vec![] },
                Group { base: vec![3], own: vec![2] },
            ],
            vec![Group { base: vec![0], own: vec![0, 1] }, Group { base: vec![2, 3], own: vec![2] }],
        ];
        let cues = cue_lines([4, 3, 4].into_iter(), groups);
        assert_eq!(
            cues,
            [
                vec![vec![0], vec![0], vec![0, 1]],
                vec![vec![], vec![1], vec![]],
                vec![vec![1, 2, 3], vec![2], vec![2]],
                vec![vec![], vec![], vec![3]],
            ]
        );
    }

    #[test]
    fn sections_and_breaks_of_two_tracks_are_one_where_they_stand_together() {
        let zh = "## 码头\n\n**韦岚**: 灯亮了，船来了。\n\n**汤姆**: 对。\n\n---\n\n**韦岚**: 夜里还有 12 艘船。\n";
        let en = "## The Quay\n\n**Wei Lan**: The lamp is lit, the boat is here.\n\n**Tom**: Right.\n\n---\n\n**Wei Lan**: At night there are 12 more boats.\n";
        let (cues, marks, voices) = joined_of(&[("zh-Hans", zh), ("en", en)], None);
        assert_eq!(cues.len(), 3, "{cues:?}");
        assert_eq!(marks, ["0 码头 / The Quay", "2 break"]);
        assert_eq!(voices, ["韦岚", "汤姆", "Tom"]);
    }

    #[test]
    fn what_the_author_decides_is_on_the_page() {
        let zh = "灯亮了。\n\n船来了。\n\n水涨了。\n";
        let en = "The lamp is lit.\n\nThe boat is here.\n\nThe water is high.\n";
        let pairs = "[[pair]]\nzh-Hans = \"灯亮了。\"\nen = []\n\n[[merge]]\nzh-Hans = [\"船来了。\", \"水涨了。\"]\n";
        let (cues, ..) = joined_of(&[("zh-Hans", zh), ("en", en)], Some(pairs));
        assert_eq!(cues[0], "灯亮了。 | -");
        assert!(cues.iter().any(|cue| cue.starts_with("船来了。水涨了。 | ")), "{cues:?}");
    }

    #[test]
    fn three_tracks_are_paired_with_the_first() {
        let zh = "灯亮了，是 3 盏。\n\n船来了，是 7 艘。\n";
        let en = "The lamps are lit, 3 of them.\n\nThe boats are here, 7 of them.\n";
        let fr = "Les lampes sont allumées, 3 en tout.\n\nLes bateaux sont là, 7 en tout.\n";
        let (cues, ..) = joined_of(&[("zh-Hans", zh), ("en", en), ("fr", fr)], None);
        assert_eq!(
            cues,
            [
                "灯亮了，是 3 盏。 | The lamps are lit, 3 of them. | Les lampes sont allumées, 3 en tout.",
                "船来了，是 7 艘。 | The boats are here, 7 of them. | Les bateaux sont là, 7 en tout.",
            ]
        );
    }
}
