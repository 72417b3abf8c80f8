//! Lines in an order of the source's own → cues with a text per language.
//! Every part of every line is kept: a part that finds no place of its own becomes a cue.

use std::borrow::Cow;

use unicode_script::Script;

use super::cue_id::{CueId, Said, hash_words};
use crate::bytes::Kinds;
use crate::lang::{Lang, detect, detect_among, only_lang_in, telling_script, telling_script_by};
use crate::parse::document::{self, Document};
use crate::source::{Source, Span};
use crate::text::Localized;
use crate::timestamp::Millis;

/// The cues of an episode, in order, in one or more languages.
#[derive(Debug, Default)]
pub struct Transcript<'s> {
    /// The languages that occur, in reading order.
    pub langs: Vec<Lang>,
    pub cues: Vec<Cue>,
    /// `langs.len()` texts per cue; empty where a cue has none in that language.
    pub(super) texts: Vec<Cow<'s, str>>,
    /// The kinds of bytes of each text, as far as they are known.
    pub(super) kinds: Vec<Kinds>,
    pub marks: Vec<Mark>,
    /// What texts are joined of, in the order of cues and their languages, where the transcript
    /// was read from a track per language.
    pub(super) pieces: Vec<Piece>,
    /// Ids by which lines were published before: the cue that links by each lead to, and the id,
    /// in the order of the cues.
    pub past_ids: Vec<(usize, CueId)>,
    /// The files it was read from: one, or one per language. None where nobody asked.
    pub sources: Vec<&'s Source>,
}

/// A cue as the track of its language has it: a part of a text, with its own times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub cue: usize,
    /// Index into the transcript's languages.
    pub lang: usize,
    /// Where it stands in the text of the cue.
    pub text: Span,
    /// Where it stands in the file of its language.
    pub span: Span,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
}

/// The smallest line with its translations.
#[derive(Debug, Clone)]
pub struct Cue {
    pub id: CueId,
    /// Index into the episode's speakers.
    pub speaker: Option<usize>,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    /// Where it stands in the transcript's source.
    pub span: Span,
}

/// Something between two cues that nobody says.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Index of the cue it stands before; the number of cues at the end.
    pub before: usize,
    pub kind: MarkKind,
}

#[derive(Debug, Clone)]
pub enum MarkKind {
    Section(Localized),
    Break,
    /// Someone else speaks, and nobody says who.
    Turn,
}

impl MarkKind {
    fn in_one(&self, only: &Lang) -> MarkKind {
        let MarkKind::Section(title) = self else { return self.clone() };
        let best = title.best(only);
        let mut own = Localized::default();
        if let Some((lang, text)) = title.iter().find(|(_, text)| *text == best) {
            own.push(lang.cloned(), text);
        }
        MarkKind::Section(own)
    }
}

impl<'s> Transcript<'s> {
    /// The text of a cue in the language at `lang` of `langs`, if it has one.
    pub fn text(&self, cue: usize, lang: usize) -> Option<&str> {
        let text = self.texts[cue * self.langs.len() + lang].as_ref();
        (!text.is_empty()).then_some(text)
    }

    /// Whether most of its cues have a time, so that the rest can be put between them.
    pub fn is_timed(&self) -> bool {
        let timed = self.cues.iter().filter(|cue| cue.start.is_some()).count();
        timed > 0 && timed * 2 >= self.cues.len()
    }

    /// The texts of a cue in reading order, each with the index of its language.
    pub fn texts(&self, cue: usize) -> impl Iterator<Item = (usize, &str)> {
        let width = self.langs.len();
        let own = &self.texts[cue * width..(cue + 1) * width];
        own.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(|(lang, text)| (lang, text.as_ref()))
    }

    /// How long its texts are together, in bytes.
    pub fn size(&self) -> usize {
        self.texts.iter().map(|text| text.len()).sum()
    }

    /// The kinds of bytes of the text of a cue in the language at `lang`.
    pub fn kinds(&self, cue: usize, lang: usize) -> Kinds {
        let at = cue * self.langs.len() + lang;
        self.kinds.get(at).copied().unwrap_or_else(|| Kinds::of(&self.texts[at]))
    }

    /// The same lines in one of its languages. A line that is not in it stands in those it is in,
    /// so that no line is lost and every id is there.
    pub fn in_one(&self, only: &Lang) -> Transcript<'_> {
        let own = self.langs.iter().position(|lang| lang == only);
        let texts = self.texts.chunks(self.langs.len()).flat_map(|texts| {
            let has_own = own.is_some_and(|own| !texts[own].is_empty());
            texts.iter().enumerate().map(move |(lang, text)| {
                if has_own && Some(lang) != own { Cow::Borrowed("") } else { Cow::Borrowed(text.as_ref()) }
            })
        });
        let marks = self.marks.iter().map(|mark| Mark { before: mark.before, kind: mark.kind.in_one(only) });
        Transcript {
            langs: self.langs.clone(),
            cues: self.cues.clone(),
            texts: texts.collect(),
            kinds: self.kinds.clone(),
            marks: marks.collect(),
            pieces: Vec::new(),
            past_ids: self.past_ids.clone(),
            sources: Vec::new(),
        }
    }

    /// The cues of its own track that the text of a cue is joined of; none where the transcript
    /// was one file.
    pub fn pieces(&self, cue: usize, lang: usize) -> &[Piece] {
        let at = |piece: &Piece| (piece.cue, piece.lang);
        let start = self.pieces.partition_point(|piece| at(piece) < (cue, lang));
        let end = self.pieces.partition_point(|piece| at(piece) <= (cue, lang));
        &self.pieces[start..end]
    }
}

/// Tells the languages of a document's lines and names its cues. `configured` are the languages
/// that the show or the site is in, in reading order; empty: found from the text.
pub fn model_transcript<'s>(document: Document<'s>, configured: &[Lang]) -> Transcript<'s> {
    let told: Vec<Told> = document.parts.iter().map(|part| Told::of(part)).collect();
    // What a file says of itself goes before what its texts look like.
    let said = said_langs(&document, configured);
    let langs = match &said {
        Some((langs, _)) => langs.clone(),
        None => document_langs(&document, &told, configured),
    };
    let slots = said.map(|(_, slots)| slots).unwrap_or_default();
    let mut assignment = Assignment::new(&document, &told, &langs);
    let mut moved = Vec::with_capacity(document.lines.len() + 1);
    let mut parts = document.parts.into_iter();
    let mut rest = told.as_slice();
    let mut at = 0;
    for line in document.lines {
        moved.push(assignment.cues.len());
        let (told, after) = rest.split_at(line.part_count);
        let own = parts.by_ref().take(line.part_count);
        match slots.get(at..at + line.part_count) {
            Some(slots) => assignment.place_said(&line, own.zip(slots.iter().copied()), told),
            None => assignment.place(&line, own, told),
        }
        at += line.part_count;
        rest = after;
    }
    moved.push(assignment.cues.len());
    let Assignment { mut cues, texts, kinds, .. } = assignment;
    let marks = document
        .marks
        .into_iter()
        .map(|mark| Mark { before: moved[mark.before], kind: model_mark(mark.kind, &langs) })
        .collect();
    name_cues(&mut cues, &texts, &langs);
    Transcript { langs, cues, texts, kinds, marks, ..Transcript::default() }
}

pub(super) fn model_mark(kind: document::MarkKind, langs: &[Lang]) -> MarkKind {
    match kind {
        document::MarkKind::Break => MarkKind::Break,
        document::MarkKind::Turn => MarkKind::Turn,
        document::MarkKind::Section(parts) => {
            let mut title = Localized::default();
            for part in parts {
                let lang = telling_script(&part).and_then(|script| only_lang_in(langs, script));
                title.push(lang.map(|lang| langs[lang].clone()), part);
            }
            MarkKind::Section(title)
        }
    }
}

/// What the bytes of a text tell.
#[derive(Clone, Copy)]
struct Told {
    kinds: Kinds,
    script: Option<Script>,
}

impl Told {
    fn of(text: &str) -> Told {
        let kinds = Kinds::of(text);
        Told { kinds, script: telling_script_by(text, kinds) }
    }
}

/// How much text of one script is looked at to tell its language, in bytes.
const SAMPLE: usize = 6000;

/// How many texts tell the scripts of a document as well as all of them would.
const SCRIPT_SAMPLE: usize = 200;
/// How many lines tell in which order languages stand.
const ORDER_SAMPLE: usize = 100;

/// The languages that a document's file says it is in, those configured first and as they are
/// called there, and the place among them of each part's.
fn said_langs(document: &Document, configured: &[Lang]) -> Option<(Vec<Lang>, Vec<usize>)> {
    if document.langs.is_empty() {
        return None;
    }
    let alike = |one: &Lang, other: &Lang| {
        one == other || (one.primary() == other.primary() && one.script() == other.script())
    };
    let known = |lang: &Lang| {
        configured.iter().find(|own| *own == lang).or_else(|| configured.iter().find(|own| alike(own, lang)))
    };
    let own: Vec<Lang> = document.langs.iter().map(|lang| known(lang).unwrap_or(lang).clone()).collect();
    let mut langs: Vec<Lang> = configured.iter().filter(|lang| own.contains(lang)).cloned().collect();
    for lang in &own {
        if !langs.contains(lang) {
            langs.push(lang.clone());
        }
    }
    let place = |lang: &usize| langs.iter().position(|known| *known == own[*lang]).unwrap_or(0);
    let slots = document.part_langs.iter().map(place).collect();
    Some((langs, slots))
}

/// The languages of a document: of those configured the ones whose script it has, and one for
/// each other script in which a good part of it is written.
fn document_langs(document: &Document, told: &[Told], configured: &[Lang]) -> Vec<Lang> {
    let mut scripts: Vec<(Script, usize)> = Vec::new();
    let step = (told.len() / SCRIPT_SAMPLE).max(1);
    for script in told.iter().step_by(step | 1).filter_map(|told| told.script) {
        match scripts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => scripts.push((script, 1)),
        }
    }
    let total: usize = scripts.iter().map(|(_, count)| count).sum();
    let mut langs: Vec<Lang> = configured
        .iter()
        .filter(|lang| scripts.iter().any(|(script, _)| *script == lang.script()))
        .cloned()
        .collect();
    for (script, count) in scripts {
        if count * 10 >= total && !langs.iter().any(|lang| lang.script() == script) {
            let lang = detect(&sample(document, script), script);
            // Scripts that the table does not know are in one language that is not known.
            if !langs.contains(&lang) {
                langs.push(lang);
            }
        }
    }
    if langs.is_empty() {
        langs.push(configured.first().cloned().unwrap_or_else(|| detect("", Script::Latin)));
    }
    if configured.is_empty() && langs.len() == 1 {
        split_by_position(document, &mut langs);
    }
    langs
}

pub(super) fn sample(document: &Document, script: Script) -> String {
    let mut text = String::new();
    for part in &document.parts {
        if text.len() > SAMPLE {
            break;
        }
        if telling_script(part) == Some(script) {
            text.push_str(part);
            text.push(' ');
        }
    }
    text
}

/// Where one script is all there is and lines come in twos, the two may be two languages.
fn split_by_position(document: &Document, langs: &mut Vec<Lang>) {
    let twos = document.lines.iter().filter(|line| line.part_count == 2).count();
    if twos * 2 < document.lines.len() || twos == 0 {
        return;
    }
    let mut columns = [String::new(), String::new()];
    let mut at = 0;
    for line in &document.lines {
        if line.part_count == 2 && columns[0].len() < SAMPLE {
            for (column, part) in columns.iter_mut().zip(&document.parts[at..]) {
                column.push_str(part);
                column.push(' ');
            }
        }
        at += line.part_count;
    }
    let script = langs[0].script();
    let found = columns.map(|column| detect(&column, script));
    if found[0] != found[1] {
        *langs = found.into();
    }
}

/// Puts parts into cues, one by one.
struct Assignment<'s, 'l> {
    langs: &'l [Lang],
    /// The one language that lines of a script are in, for the scripts of `langs`.
    by_script: Vec<(Script, Option<usize>)>,
    /// The languages of a line's parts where scripts cannot tell: as most lines have them.
    order: Vec<usize>,
    cues: Vec<Cue>,
    texts: Vec<Cow<'s, str>>,
    /// One per text.
    kinds: Vec<Kinds>,
}

impl<'s, 'l> Assignment<'s, 'l> {
    fn new(document: &Document, told: &[Told], langs: &'l [Lang]) -> Assignment<'s, 'l> {
        let mut by_script: Vec<(Script, Option<usize>)> = Vec::new();
        for lang in langs {
            let script = lang.script();
            if !by_script.iter().any(|(known, _)| *known == script) {
                by_script.push((script, only_lang_in(langs, script)));
            }
        }
        let mut assignment = Assignment {
            langs,
            by_script,
            order: Vec::new(),
            cues: Vec::with_capacity(document.lines.len()),
            texts: Vec::with_capacity(document.lines.len() * langs.len()),
            kinds: Vec::with_capacity(document.lines.len() * langs.len()),
        };
        assignment.order = assignment.usual_order(document, told);
        assignment
    }

    /// The language that a text's script tells, where it tells one.
    fn lang_of(&self, told: Told) -> Option<usize> {
        let script = told.script?;
        self.by_script.iter().find(|(known, _)| *known == script)?.1
    }

    fn usual_order(&self, document: &Document, told: &[Told]) -> Vec<usize> {
        let mut counts: Vec<(Vec<usize>, usize)> = Vec::new();
        let mut at = 0;
        for line in document.lines.iter().take(ORDER_SAMPLE) {
            let parts = &told[at..at + line.part_count];
            at += line.part_count;
            if parts.len() != self.langs.len() || parts.len() < 2 {
                continue;
            }
            let mut order: Vec<usize> = parts.iter().filter_map(|told| self.lang_of(*told)).collect();
            order.dedup();
            if order.len() == parts.len() {
                match counts.iter_mut().find(|(known, _)| *known == order) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((order, 1)),
                }
            }
        }
        if let Some((order, _)) = counts.into_iter().max_by_key(|(_, count)| *count) {
            return order;
        }
        self.order_by_detector(document).unwrap_or_else(|| (0..self.langs.len()).collect())
    }

    /// Languages that share a script: which comes first in the lines, by the detector.
    fn order_by_detector(&self, document: &Document) -> Option<Vec<usize>> {
        let width = self.langs.len();
        let mut columns = vec![String::new(); width];
        let mut at = 0;
        for line in &document.lines {
            if line.part_count == width && columns[0].len() < SAMPLE {
                for (column, part) in columns.iter_mut().zip(&document.parts[at..]) {
                    column.push_str(part);
                    column.push(' ');
                }
            }
            at += line.part_count;
        }
        let order: Option<Vec<usize>> =
            columns.iter().map(|column| detect_among(column, self.langs)).collect();
        order.filter(|order| (0..width).all(|lang| order.contains(&lang)))
    }

    /// Each part goes to the language that its file says; a second one in the same begins the next
    /// cue.
    fn place_said(
        &mut self,
        line: &document::Line,
        parts: impl Iterator<Item = (Cow<'s, str>, usize)>,
        told: &[Told],
    ) {
        self.open(line);
        let mut from = self.texts.len() - self.langs.len();
        for ((part, slot), own) in parts.zip(told) {
            if !self.texts[from + slot].is_empty() {
                self.open(line);
                from += self.langs.len();
            }
            self.texts[from + slot] = part;
            self.kinds[from + slot] = own.kinds;
        }
    }

    /// A part goes to the language its script tells; where that place is taken and another is
    /// free, the usual order decides (`API。` / `the API.`); else it begins the next cue.
    fn place(&mut self, line: &document::Line, parts: impl Iterator<Item = Cow<'s, str>>, told: &[Told]) {
        let (width, count) = (self.langs.len(), line.part_count);
        if count == width && told.iter().enumerate().all(|(lang, own)| self.lang_of(*own) == Some(lang)) {
            // Most lines: a part in each language, in their order.
            self.cues.push(cue_of(line));
            self.texts.extend(parts);
            self.kinds.extend(told.iter().map(|own| own.kinds));
            return;
        }
        let base = self.texts.len();
        self.open(line);
        let mut from = base;
        let mut alike: Option<usize> = None;
        for (index, (part, own)) in parts.zip(told.iter().copied()).enumerate() {
            let told = self.lang_of(own);
            let slot = match told {
                Some(lang) if self.texts[from + lang].is_empty() => lang,
                None if self
                    .order
                    .get(index)
                    .is_some_and(|lang| count == width && self.texts[from + lang].is_empty()) =>
                {
                    self.order[index]
                }
                None if count == 1 => self.lone(&part, own),
                _ if count == width && count == 2 && index == 1 && alike.is_some() => {
                    // Both parts in one script: put both where the usual order has them.
                    let first = alike.unwrap_or(0);
                    let (a, b) = (self.order[0], self.order[1]);
                    self.texts.swap(from + first, from + a);
                    self.kinds.swap(from + first, from + a);
                    b
                }
                _ => {
                    // The cue that was opened for the line waits for its first part.
                    if self.texts[from..].iter().any(|text| !text.is_empty()) {
                        self.open(line);
                        from += width;
                    }
                    told.unwrap_or_else(|| self.lone(&part, own))
                }
            };
            alike = Some(slot);
            self.texts[from + slot] = part;
            self.kinds[from + slot] = own.kinds;
        }
    }

    /// The language of a text by itself that no script tells: the detector's word, else the one
    /// that comes first.
    fn lone(&self, text: &str, told: Told) -> usize {
        let several = self.langs.len() > 1 && told.script.is_some();
        several
            .then(|| detect_among(text, self.langs))
            .flatten()
            .unwrap_or_else(|| self.order.first().copied().unwrap_or(0))
    }

    fn open(&mut self, line: &document::Line) {
        self.cues.push(cue_of(line));
        let count = self.texts.len() + self.langs.len();
        self.texts.resize(count, Cow::Borrowed(""));
        self.kinds.resize(count, Kinds::default());
    }
}

/// A cue without its id: `name_cues` gives each its own when all are there.
fn cue_of(line: &document::Line) -> Cue {
    let document::Line { label, start, end, ref span, .. } = *line;
    Cue { id: CueId::default(), speaker: label, start, end, span: span.clone() }
}

pub(super) fn name_cues(cues: &mut [Cue], texts: &[Cow<str>], langs: &[Lang]) {
    let mut by_tag: Vec<usize> = (0..langs.len()).collect();
    by_tag.sort_by_key(|lang| langs[*lang].as_str());
    let mut buffer = Vec::new();
    let mut said = Said::with_capacity_and_hasher(cues.len(), Default::default());
    for (cue, own) in cues.iter_mut().zip(texts.chunks(langs.len())) {
        let words = by_tag.iter().map(|lang| own[*lang].as_ref()).filter(|text| !text.is_empty());
        let hash = hash_words(words, &mut buffer);
        let ordinal = said.entry(hash).or_default();
        *ordinal += 1;
        cue.id = CueId::new(&hash, *ordinal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::document::Line;

    fn document(lines: &[&[&'static str]]) -> Document<'static> {
        let mut document = Document::default();
        for parts in lines {
            let line = Line { span: 0..0, label: None, start: None, end: None, part_count: 0 };
            document.push(line, parts.iter().map(|part| Cow::Borrowed(*part)));
        }
        document
    }

    fn check(configured: &[&str], lines: &[&[&'static str]], expected: &[&[(&str, &str)]]) {
        let configured: Vec<Lang> = configured.iter().map(|tag| Lang::parse(tag).unwrap()).collect();
        let transcript = model_transcript(document(lines), &configured);
        let found: Vec<Vec<(&str, &str)>> = (0..transcript.cues.len())
            .map(|cue| {
                let texts = transcript.texts(cue);
                texts.map(|(lang, text)| (transcript.langs[lang].as_str(), text)).collect()
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_in_latin_script_can_be_the_chinese_half() {
        check(
            &[],
            &[&["你好。", "Hello."], &["API。", "the API."], &["I"], &["对。", "Right."]],
            &[
                &[("zh-Hans", "你好。"), ("en", "Hello.")],
                &[("zh-Hans", "API。"), ("en", "the API.")],
                &[("en", "I")],
                &[("zh-Hans", "对。"), ("en", "Right.")],
            ],
        );
    }

    #[test]
    fn reading_order_is_the_configured_one_whatever_the_source_has() {
        check(
            &["en", "zh-Hans"],
            &[&["你好。", "Hello."], &["10", "10"], &["API。", "the API."]],
            &[
                &[("en", "Hello."), ("zh-Hans", "你好。")],
                &[("en", "10"), ("zh-Hans", "10")],
                &[("en", "the API."), ("zh-Hans", "API。")],
            ],
        );
    }

    #[test]
    fn a_part_without_a_place_becomes_a_cue_of_its_own() {
        check(
            &[],
            &[&["一。", "One.", "二。", "Two."], &["三。", "四。", "Three."]],
            &[
                &[("zh-Hans", "一。"), ("en", "One.")],
                &[("zh-Hans", "二。"), ("en", "Two.")],
                &[("zh-Hans", "三。")],
                &[("zh-Hans", "四。"), ("en", "Three.")],
            ],
        );
    }

    #[test]
    fn a_line_that_begins_with_a_number_makes_no_empty_cue() {
        check(
            &["zh-Hans", "en"],
            &[&["你好。", "Hello."], &["12.", "一。", "One."]],
            &[
                &[("zh-Hans", "你好。"), ("en", "Hello.")],
                &[("zh-Hans", "12.")],
                &[("zh-Hans", "一。"), ("en", "One.")],
            ],
        );
    }

    #[test]
    fn scripts_of_no_known_language_share_one() {
        check(&[], &[&["𐌰𐌱", "ⰀⰁ"], &["ꓐꓑ"]], &[&[("und", "𐌰𐌱")], &[("und", "ⰀⰁ")], &[("und", "ꓐꓑ")]]);
    }

    #[test]
    fn two_languages_of_one_script_are_told_by_the_detector() {
        check(
            &["en", "fr"],
            &[
                &["Je ne sais pas ce que vous voulez dire.", "I do not know what you mean."],
                &["Nous avons attendu toute la nuit.", "We waited the whole night."],
            ],
            &[
                &[("en", "I do not know what you mean."), ("fr", "Je ne sais pas ce que vous voulez dire.")],
                &[("en", "We waited the whole night."), ("fr", "Nous avons attendu toute la nuit.")],
            ],
        );
    }

    #[test]
    fn one_language_is_one_language() {
        check(
            &["zh-Hans", "en"],
            &[&["Only English."], &["Here."]],
            &[&[("en", "Only English.")], &[("en", "Here.")]],
        );
    }

    #[test]
    fn words_said_again_get_an_ordinal_and_others_keep_their_ids() {
        let ids = |lines: &[&[&'static str]]| -> Vec<String> {
            let transcript = model_transcript(document(lines), &[]);
            transcript.cues.iter().map(|cue| cue.id.to_string()).collect()
        };
        let before = ids(&[&["Yes."], &["No way."], &["yes"]]);
        assert_eq!(before[2], format!("{}-2", before[0]));
        let after = ids(&[&["Something new."], &["Yes."], &["No way."], &["yes"]]);
        assert_eq!(after[1..], before[..]);
    }
}
