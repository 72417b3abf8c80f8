//! What all timed forms share: cues as their files have them → lines with speakers and a part per
//! language. Every word of every cue becomes part of a line, or a finding names the cue.

mod beside;
mod columns;
mod names;
mod order;
mod rolling;
mod speakers;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::few::Few;
use super::label::KnownLabels;
use crate::lang::Lang;
use crate::parse::document::{Document, Line, MarkKind, Tally};
use crate::source::{Source, Span};
use crate::table::Findings;
use crate::text::without_controls;
use crate::timestamp::Millis;
use beside::paired;
use columns::Columns;
use order::order;
use rolling::{is_rolling, unrolled};
use speakers::{Labels, Turned};

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
    /// The language of each of its lines, where the file says so.
    pub langs: Vec<Lang>,
    /// Whether its form has a place for all that is known, so that its words are words alone: no
    /// name, no mark, and no part of another cue.
    pub exact: bool,
    /// Whether its form says that someone else speaks from here, without a name.
    pub turn: bool,
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

/// A line to be.
struct Cue {
    span: Span,
    number: Option<u64>,
    start: Option<Millis>,
    end: Option<Millis>,
    label: Option<String>,
    begins: bool,
    exact: bool,
    parts: Vec<String>,
    /// Of each part, as far as the file says so.
    langs: Vec<Lang>,
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
    let exact = captions.iter().any(|caption| caption.exact);
    if !exact && is_rolling(&captions) {
        let all = captions.len();
        captions = unrolled(captions, &mut few);
        tally.rolled = all - captions.len();
    }
    order(&mut captions, &mut few);
    let labels = Labels::of(&captions, shared);
    let columns = Columns::of(&captions);
    let mut document = Document { langs: told_langs(&captions), ..Document::default() };
    let mut speaker: Option<String> = None;
    let mut named_twice = BTreeSet::new();
    let mut cues: Vec<Cue> = Vec::with_capacity(captions.len());
    for caption in captions {
        let span = caption.span.clone();
        let turns = labels.apply(caption, columns.one(), &mut speaker);
        tally.split += turns.len().saturating_sub(1);
        if turns.is_empty() {
            tally.empty += 1;
            let name = speaker.as_ref().map_or("a speaker".to_owned(), |name| format!("`{name}`"));
            let message = format!("this cue names {name} and has no words");
            few.warn("cue-empty", &message, span.clone(), NAME_ALONE);
        }
        for Turned { label, other_name, .. } in &turns {
            if let (Some(name), Some(other)) = (label, other_name)
                && named_twice.insert((name.clone(), other.clone()))
            {
                let message =
                    format!("`{name}` and `{other}` both name the speaker of this cue; the first stands");
                few.note("named-twice", &message, span.clone());
            }
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
        let index = |lang: &Lang| document.langs.iter().position(|own| own == lang);
        let langs: Vec<usize> = cue.langs.iter().filter_map(index).collect();
        document.part_langs.extend(langs);
        let line = Line { span: cue.span, label, start: cue.start, end: cue.end, part_count: 0 };
        document.push(line, cue.parts.into_iter().map(Cow::Owned));
    }
    few.finish();
    if document.part_langs.len() != document.parts.len() {
        // Where only some say so, all are told by what they hold.
        document.langs.clear();
        document.part_langs.clear();
    }
    document
}

/// No file is in more languages than this.
const LANGS: usize = 32;

/// The languages that captions are said to be in, in the order of the one that is in most.
fn told_langs(captions: &[Caption]) -> Vec<Lang> {
    let most = captions.iter().rev().max_by_key(|caption| caption.langs.len());
    let mut langs: Vec<Lang> = Vec::new();
    for lang in most.into_iter().chain(captions).flat_map(|caption| &caption.langs) {
        if !langs.contains(lang) {
            langs.push(lang.clone());
        }
        if langs.len() > LANGS {
            return Vec::new();
        }
    }
    langs
}

const NAME_ALONE: &str = "the words after it are theirs; put the name before them, or take this out";

fn report_empty(captions: &[Caption], few: &mut Few) {
    for caption in captions.iter().filter(|caption| caption.lines.is_empty()) {
        few.warn("cue-empty", "this cue says nothing, and is left out", caption.span.clone(), "take it out");
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
                line(Some("Lin Yue"), &["Yes"]),
                line(Some("Shen Yao"), &["so"]),
            ]
        );
    }

    #[test]
    fn names_that_are_all_said_once_are_speakers_where_there_are_many() {
        let (lines, _) = assembled(&["Darth: I am here.", "Luke: No."]);
        assert_eq!(lines, [line(Some("Darth"), &["I am here."]), line(Some("Luke"), &["No."])]);
        for cues in [&["Slides: here", "and", "so", "it", "goes", "on"][..], &["One: a lamp", "Two: one"]] {
            let (lines, _) = assembled(cues);
            assert_eq!(lines[0], line(None, &[cues[0]]));
        }
    }

    #[test]
    fn marks_within_lines_part_two_languages_where_both_have_them() {
        let (lines, _) = assembled(&[">> 一/>> One", ">> 对。 >> 好/>> Yes. >> Fine", "二 >> 三/Two"]);
        assert_eq!(
            lines,
            [
                line(None, &["一", "One"]),
                line(None, &["对。", "Yes."]),
                line(None, &["好", "Fine"]),
                line(None, &["二 >> 三", "Two"]),
            ]
        );
    }

    #[test]
    fn a_name_that_nobody_speaks_under_is_words() {
        let (lines, codes) = assembled(&["Bo:/Ada: one", "Ada: two/Bo:", "Bo:", "three", "Bo:/four"]);
        assert_eq!(
            lines,
            [
                line(None, &["Bo:"]),
                line(Some("Ada"), &["one"]),
                line(Some("Ada"), &["two Bo:"]),
                line(Some("Bo"), &["three"]),
                line(Some("Bo"), &["four"]),
            ]
        );
        assert_eq!(codes, ["cue-empty"]);
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
