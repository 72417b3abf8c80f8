//! What holds for every input, however broken: the fuzz targets look for bytes that break one of
//! these, and `tests/fuzz_seeds.rs` holds the committed seeds to them with a stable compiler.
//! Never expects an input to make sense, and never touches the disk.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Debug;
use std::sync::Arc;

use diglot::config::TranscriptFormat;
use diglot::diagnostic::{Diagnostic, Severity};
use diglot::glossary::Glossary;
use diglot::import::{Bytes, Existing, FeedOrder, Write, plan_feed};
use diglot::key::Key;
use diglot::lang::Lang;
use diglot::memory::{Remembered, SiteMemory, decoded, encoded, record_places};
use diglot::model::align::{Hints, Row, Side, TrackCue, align, find_locks, sentences};
use diglot::model::{
    CueId, EpisodeSources, PastIds, People, ShowRules, Track, Transcript, lead_on, model_episode,
    model_transcript, publish_ids,
};
use diglot::packed::Shelf;
use diglot::parse::chapters::read_chapters;
use diglot::parse::document::{Document, MarkKind};
use diglot::parse::feed::{FeedDocument, FeedItem, decode_feed, read_feed};
use diglot::parse::front_matter::{FrontMatter, Highlight, read_front_matter};
use diglot::parse::html::{markdown_of_html, markdown_of_text, words_of_html};
use diglot::parse::ids::{read_ids, write_ids};
use diglot::parse::pairs::read_pairs;
use diglot::parse::people::read_people;
use diglot::parse::show::read_show;
use diglot::parse::transcript::form::Form;
use diglot::parse::transcript::{parse_transcript, transcript_form};
use diglot::picture::{Outcome, shrink};
use diglot::publish::cache::{sealed, unsealed};
use diglot::read::{File, Stamp, source_of};
use diglot::render::captions::{Captions, READ_AS_USUAL, write};
use diglot::render::notes::{render_notes, render_paragraphs};
use diglot::report::{Look, write_report};
use diglot::slug::{BaseUrl, SitePath, Slug};
use diglot::source::{Decoded, Limits, Source, Span, decode};
use diglot::table::Findings;
use diglot::text::{Localized, shortened};
use diglot::timestamp::{Date, Millis};

fn lang(tag: &str) -> Lang {
    Lang::parse(tag).expect("a tag of this file is one")
}

fn source_named(name: &str, bytes: &[u8], findings: &Findings) -> Option<Source> {
    let limits = Limits::default();
    let file = File { path: name.into(), name: name.into(), stamp: Stamp::default(), limits };
    let source = source_of(&file, bytes.to_vec(), findings);
    if source.is_none() {
        let told = findings.borrow().iter().any(|finding| finding.severity == Severity::Error);
        assert!(told, "a file that is not read is reported");
    }
    source
}

// ---- Findings

/// A finding says something, at a place that is there, and can be shown in a terminal as it is.
fn check_findings(source: &Source, findings: &Findings) {
    let findings = findings.borrow();
    for finding in findings.iter() {
        assert!(!finding.message.trim().is_empty(), "{finding:?} says nothing");
        for place in finding.place.iter().map(|place| &**place).chain(other_place(finding)) {
            let marked = place.excerpt.get(place.marked.clone());
            assert!(marked.is_some(), "{finding:?} marks what is not in its excerpt");
            assert!(!place.excerpt.contains('\n'), "{finding:?} shows more than a line");
            let line = source.text.split('\n').nth(place.line - 1);
            let line = line.unwrap_or_else(|| panic!("{finding:?} is on a line that is not there"));
            assert!(line.contains(&place.excerpt), "{finding:?} shows what is not on its line");
            assert!(place.column <= line.chars().count() + 1, "{finding:?} is beyond its line");
        }
    }
    let mut report = Vec::new();
    write_report(&findings, Look::default(), &mut report).expect("memory takes all that is written");
    let report = String::from_utf8(report).expect("a report is text");
    let control = report.chars().find(|character| character.is_control() && *character != '\n');
    assert_eq!(control, None, "a report would reach the terminal: {report:?}");
}

fn other_place(finding: &Diagnostic) -> Option<&diglot::source::Place> {
    finding.other.as_deref().map(|(place, _)| place)
}

fn check_span(span: &Span, text: &str, what: &str) {
    assert!(text.get(span.clone()).is_some(), "{what} at {span:?} is not in the source");
}

fn check_localized(text: &Localized) {
    assert!(text.iter().all(|(_, own)| own == own.trim()), "{text:?} has spaces around it");
}

/// Reads twice, and wants the same both times.
fn same_again<T: Debug>(read: impl Fn() -> T) -> T {
    let (first, second) = (read(), read());
    assert_eq!(format!("{first:?}"), format!("{second:?}"), "what is read depends on more than the text");
    first
}

// ---- Bytes

/// Decoding loses and replaces nothing, and a place in the text can be shown wherever it is.
pub fn decode_bytes(bytes: &[u8]) {
    let decoded = same_again(|| decode(bytes.to_vec()));
    // Programs that open a file as another's text put a mark before its mark.
    let plain = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let text = match decoded {
        Decoded::Invalid(offset) => {
            assert!(offset < bytes.len().max(1), "the byte at {offset} of {} is not there", bytes.len());
            assert!(std::str::from_utf8(bytes).is_err() || bytes.starts_with(&[0xff, 0xfe]));
            return;
        }
        Decoded::Utf8(text) => {
            let whole = std::str::from_utf8(bytes).expect("only UTF-8 is read as UTF-8");
            assert_eq!(text, plain(whole));
            text
        }
        Decoded::Other(text, "UTF-16LE" | "UTF-16BE") => {
            let unit: fn([u8; 2]) -> u16 =
                if bytes.starts_with(&[0xff, 0xfe]) { u16::from_le_bytes } else { u16::from_be_bytes };
            let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
            let whole = String::from_utf16(&units).expect("only UTF-16 is read as UTF-16");
            assert_eq!(text, plain(&whole));
            text
        }
        Decoded::Other(text, encoding) => {
            assert!(matches!(encoding, "gb18030" | "Big5"), "{encoding} was not asked for");
            let own = [0x84, 0x31, 0xa4, 0x37];
            let has_own = bytes.windows(own.len()).any(|window| window == own);
            assert!(has_own || !text.contains('\u{fffd}'), "a byte was replaced");
            text
        }
    };
    assert!(!text.contains('\r'));
    let source = Source::new("content/a.txt", text);
    let at = |index: usize| bytes.get(index).map_or(0, |byte| usize::from(*byte)) * (index + 1);
    let place = source.place(at(0)..at(0) + at(1));
    let end = source.text.floor_char_boundary(at(0));
    assert_eq!(place.line, source.text[..end].matches('\n').count() + 1);
    assert!(place.excerpt.get(place.marked).is_some() && source.text.contains(&place.excerpt));
}

// ---- Transcripts

/// A text file with whatever front matter it has.
pub fn page_text(bytes: &[u8]) {
    transcript("content/show/a.txt", bytes);
}

/// The same in Markdown.
pub fn markdown(bytes: &[u8]) {
    transcript("content/show/a.md", bytes);
}

fn transcript(name: &str, bytes: &[u8]) {
    let findings = Findings::default();
    let Some(source) = source_named(name, bytes, &findings) else { return };
    let (front, body) = read_front_matter(&source, &findings);
    let known: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
    let read = || parse_transcript(&source, body.clone(), &known, &Findings::default());
    let document = parse_transcript(&source, body.clone(), &known, &findings);
    assert_eq!(document.parts, read().parts, "what is read depends on more than the text");
    let form = transcript_form(&source, body.clone(), &known).form;
    let is_text = matches!(form, Form::PageText | Form::Markdown | Form::Txt);
    check_document(&document, &source, &body, is_text, &findings);
    if !is_text {
        check_captions(&document, form, &source.text[body.clone()], &findings);
    } else if document.parts.iter().any(|part| matches!(part, Cow::Borrowed(_))) {
        check_page_text(&document, &source.text[body.clone()]);
    } else if !document.lines.is_empty() {
        check_turns(&document, &source, &body, name.ends_with(".md"));
    }
    for langs in [&[][..], &["zh-Hans", "en"], &["en", "fr"], &["ar", "ja", "en"]] {
        let langs: Vec<Lang> = langs.iter().map(|tag| lang(tag)).collect();
        let parts: Vec<String> = document.parts.iter().map(|part| part.clone().into_owned()).collect();
        let again = read();
        let (labels, marks) = (again.labels.len(), again.marks.len());
        check_transcript(&model_transcript(again, &langs), parts, labels, marks, &source, is_text);
    }
    check_episode(front, &source, document, &findings);
    check_findings(&source, &findings);
}

fn check_document(document: &Document, source: &Source, body: &Span, in_order: bool, findings: &Findings) {
    let count: usize = document.lines.iter().map(|line| line.part_count).sum();
    assert_eq!(count, document.parts.len(), "every part belongs to a line");
    let mut before = body.start;
    for line in &document.lines {
        check_span(&line.span, &source.text, "a line");
        assert!(
            !in_order || line.span.start >= before,
            "the line at {:?} stands after a later one",
            line.span
        );
        before = line.span.start;
        assert!(line.part_count > 0, "the line at {:?} says nothing", line.span);
        assert!(line.label.is_none_or(|label| label < document.labels.len()));
    }
    for part in &document.parts {
        assert!(!part.is_empty() && part.trim() == part, "{part:?} has spaces around it");
    }
    let labels: BTreeSet<&String> = document.labels.iter().collect();
    assert_eq!(labels.len(), document.labels.len(), "a label is kept once");
    let mut before = 0;
    for mark in &document.marks {
        assert!(mark.before >= before && mark.before <= document.lines.len(), "{mark:?} is out of order");
        before = mark.before;
    }
    if document.lines.is_empty() {
        let told = findings.borrow().iter().any(|finding| finding.severity == Severity::Error);
        assert!(told, "a transcript without a line is reported");
    }
}

/// Subtitles and what recognisers write: as SubRip, a file keeps all its words.
pub fn srt(bytes: &[u8]) {
    transcript("content/show/a.srt", bytes);
}

pub fn vtt(bytes: &[u8]) {
    transcript("content/show/a.vtt", bytes);
}

pub fn json(bytes: &[u8]) {
    transcript("content/show/a.json", bytes);
}

pub fn tsv(bytes: &[u8]) {
    transcript("content/show/a.tsv", bytes);
}

pub fn html(bytes: &[u8]) {
    transcript("content/show/a.html", bytes);
}

/// Findings of one kind in one file: the first few, and how many more there are.
const OF_A_KIND: usize = 4;

fn check_captions(document: &Document, form: Form, body: &str, findings: &Findings) {
    let findings = findings.borrow();
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    for finding in findings.iter() {
        *kinds.entry(finding.code.0.as_ref()).or_default() += 1;
    }
    for kind in ["cue-empty", "cue-backwards", "cue-overlap", "cue-zero-length", "cue-gap", "stray-text"] {
        assert!(kinds.get(kind).is_none_or(|count| *count <= OF_A_KIND), "{kind} floods: {kinds:?}");
    }
    // Its own tags are markup, what rolls is said once, and of many names without words the first few
    // are shown.
    let told_in_full = kinds.get("cue-empty").is_none_or(|count| *count < OF_A_KIND);
    if form == Form::Srt
        && !body.contains(['<', '{', '&'])
        && !kinds.contains_key("rolling-captions")
        && told_in_full
    {
        let is_words = |line: &&str| !line.contains("-->");
        let told = findings.iter().filter(|finding| matches!(&*finding.code.0, "cue-empty" | "named-twice"));
        let told = told.flat_map(|finding| {
            let excerpt = finding.place.iter().map(|place| place.excerpt.as_str());
            excerpt.chain([finding.message.as_ref()])
        });
        let kept: Vec<&str> = told.collect();
        let kept = everything(document) + "\n" + &kept.join("\n");
        check_words(body.lines().filter(is_words), &kept, |word| {
            word.bytes().all(|byte| byte.is_ascii_digit())
        });
    }
}

/// Saved pages: after the first label each line is a label, a part, or the page's own furniture.
fn check_page_text(document: &Document, body: &str) {
    let is_label = |line: &str| document.labels.iter().any(|label| label == line);
    let lines = || body.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut parts = document.parts.iter().peekable();
    for line in lines().skip_while(|line| !is_label(line)) {
        if is_label(line) || parts.next_if(|part| *part == line).is_some() {
            continue;
        }
        let footer = line.starts_with("关于 ") || line == "继续浏览更多播客";
        assert!(footer || line.starts_with("展开剩余字幕"), "{line:?} is lost");
        if footer {
            break;
        }
    }
    assert_eq!(parts.next(), None, "a part is not a line of the page");
    let heading = lines().take_while(|line| !is_label(line) && *line != "双语字幕");
    let heading = heading.filter(|line| *line != "本集简介" && !line.ends_with(" 封面"));
    // What stands before an address becomes the name of a link.
    check_words(heading.flat_map(|line| line.split("http")), &everything(document), |_| false);
}

/// Transcripts in turns: the words of a line stand at its place, and none is lost on the way.
fn check_turns(document: &Document, source: &Source, body: &Span, is_markdown: bool) {
    let mut parts = document.parts.iter();
    for line in &document.lines {
        let written = &source.text[line.span.clone()];
        // An entity stands for a character that is not written.
        if written.contains('&') {
            parts.by_ref().take(line.part_count).for_each(drop);
            continue;
        }
        let mut written = written.chars();
        for part in parts.by_ref().take(line.part_count) {
            let missing = part.chars().filter(|c| !c.is_whitespace()).find(|c| !written.any(|w| w == *c));
            assert_eq!(missing, None, "{part:?} is not what stands at {:?}", line.span);
        }
    }
    let body = &source.text[body.clone()];
    let marked = is_markdown || body.contains("**");
    // Markdown keeps some of what it reads to itself: addresses, titles of links, names of code.
    if marked && (body.contains(['<', '[', '&']) || body.contains("```") || body.contains("~~~")) {
        return;
    }
    let has_break = document.marks.iter().any(|mark| mark.kind == MarkKind::Break);
    // The name of a clip that is played is no speaker, and its turn no line.
    if marked && has_break && (body.contains("**") || body.contains("__")) {
        return;
    }
    check_words(body.lines(), &everything(document), |word| {
        word.eq_ignore_ascii_case("to")
            || TRANSCRIPT_WORDS.contains(&word.to_lowercase().as_str())
            || (has_break && BREAK_WORDS.contains(&word.to_lowercase().as_str()))
    });
}

/// Words of headings that begin the transcript, and are nobody's.
const TRANSCRIPT_WORDS: &[&str] = &[
    "full",
    "transcript",
    "transcription",
    "文字稿",
    "逐字稿",
    "中文文稿",
    "英文原文",
    "字幕",
    "双语字幕",
    "对话",
    "文稿",
];

/// Words that stand where a label does, and mark a break.
const BREAK_WORDS: &[&str] = &[
    "break",
    "jingle",
    "outro",
    "intro",
    "music",
    "ad",
    "ads",
    "advertisement",
    "sponsor",
    "sponsors",
    "theme",
    "song",
    "commercial",
    "silence",
    "applause",
    "片头",
    "片尾",
    "广告",
    "廣告",
    "音乐",
    "音樂",
    "间奏",
    "片花",
];

/// All texts that a document keeps, wherever.
fn everything(document: &Document) -> String {
    let facts = &document.page;
    let mut all = Vec::new();
    all.extend(document.parts.iter().map(AsRef::as_ref));
    all.extend(document.labels.iter().map(String::as_str));
    all.extend(document.links.iter().flat_map(|(text, url)| [text.as_str(), url.as_str()]));
    all.extend(facts.titles.iter().chain(&facts.show).map(String::as_str));
    all.extend([facts.summary.as_str(), document.notes.as_str()]);
    for mark in &document.marks {
        if let MarkKind::Section(title) = &mark.kind {
            all.extend(title.iter().map(String::as_str));
        }
    }
    all.join("\n")
}

/// How many words that markup may have joined are looked for one by one.
const SEARCHED_AT_MOST: usize = 200;

fn check_words<'t>(lines: impl Iterator<Item = &'t str>, kept: &str, may_go: impl Fn(&str) -> bool) {
    let kept_words: HashSet<&str> = words(kept).collect();
    let mut searched = 0;
    for word in lines.flat_map(words) {
        if kept_words.contains(word) || may_go(word) {
            continue;
        }
        searched += 1;
        if searched > SEARCHED_AT_MOST {
            return;
        }
        assert!(kept.contains(word), "the word {word:?} is lost");
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.contains(char::is_alphabetic))
}

fn check_transcript(
    transcript: &Transcript,
    mut parts: Vec<String>,
    labels: usize,
    marks: usize,
    source: &Source,
    in_order: bool,
) {
    let tags: BTreeSet<&str> = transcript.langs.iter().map(Lang::as_str).collect();
    assert!(!tags.is_empty() && tags.len() == transcript.langs.len(), "languages: {:?}", transcript.langs);
    let mut kept = Vec::new();
    let mut ids = HashSet::new();
    let mut before = 0;
    for (index, cue) in transcript.cues.iter().enumerate() {
        check_span(&cue.span, &source.text, "a cue");
        assert!(!in_order || cue.span.start >= before, "cues are out of order");
        before = cue.span.start;
        assert!(cue.speaker.is_none_or(|speaker| speaker < labels));
        let texts: Vec<(usize, &str)> = transcript.texts(index).collect();
        assert!(!texts.is_empty(), "the cue at {:?} says nothing", cue.span);
        for (at, text) in texts {
            assert_eq!(transcript.text(index, at), Some(text));
            kept.push(text.to_owned());
        }
        let id = cue.id.to_string();
        assert!(id.starts_with(|c: char| c.is_ascii_lowercase()), "{id} is no name");
        assert!(ids.insert(id), "two cues have one id");
    }
    kept.sort_unstable();
    parts.sort_unstable();
    assert_eq!(kept, parts, "the texts of the cues are the parts of the lines");
    assert_eq!(transcript.marks.len(), marks);
    assert!(transcript.marks.iter().all(|mark| mark.before <= transcript.cues.len()));
    check_written(transcript, labels);
}

/// Whatever was read can be written, and nothing that was said is structure there.
fn check_written(transcript: &Transcript, labels: usize) {
    let name = "A: <b> --> \"c\"\t*d*";
    for only in std::iter::once(None).chain((0..transcript.langs.len()).map(Some)) {
        let captions = Captions {
            title: vec!["a # b"],
            transcript,
            only,
            names: vec![name; labels],
            readings: &READ_AS_USUAL,
        };
        let said = |lang: usize| only.is_none_or(|only| only == lang);
        let count = (0..transcript.cues.len())
            .filter(|cue| transcript.texts(*cue).any(|(lang, _)| said(lang)))
            .count();
        for format in TranscriptFormat::names().into_iter().filter_map(TranscriptFormat::named) {
            let Ok(text) = write(format, &captions) else {
                let mut langs = transcript.langs.iter().enumerate();
                let is_taken = langs.any(|(place, lang)| said(place) && format.takes(lang));
                let lacks =
                    (format.needs_times() && !transcript.is_timed()) || format.needs_pairs() || !is_taken;
                assert!(lacks, "{format:?} is not written");
                continue;
            };
            assert!(!text.contains('\r'), "{format:?} has a line end of another kind");
            match format {
                TranscriptFormat::Vtt => assert_eq!(text.matches("-->").count(), count),
                TranscriptFormat::Tsv => assert_eq!(text.lines().count(), count + 1),
                // `id` is a language as well.
                TranscriptFormat::Json => {
                    let of = |pattern: &str| text.matches(pattern).count();
                    assert_eq!(of("{\"id\":\"") - of("\"text\":{\"id\":\""), transcript.cues.len())
                }
                _ => {}
            }
        }
    }
}

fn check_episode(front: FrontMatter, source: &Source, document: Document, findings: &Findings) {
    let langs = [lang("zh-Hans"), lang("en")];
    let highlights = front.highlights.len();
    let page = (front.title.is_none() && front.summary.is_none()).then(|| {
        let titles = document.page.titles.join("\n");
        format!("{titles}\n{}\n{}", document.page.summary, document.notes)
    });
    let track = Track { source, lang: None, document };
    let notes = String::new();
    let tracks = vec![track];
    // Whatever stands in a file of ids, it takes no line its own.
    let ids = Some(source);
    let sources = EpisodeSources { stem: "a", front, front_source: source, notes, tracks, pairs: None, ids };
    let glossary = Glossary::default();
    let rules = ShowRules { langs: &langs, speakers: &HashMap::new(), glossary: &glossary };
    let episode = model_episode(sources, &rules, &People::default(), findings);
    assert!(!episode.facts.title.is_empty(), "an episode has a title");
    for (cue, id) in &episode.transcript.past_ids {
        assert!(*cue < episode.transcript.cues.len());
        assert!(episode.transcript.cues.iter().all(|cue| cue.id != *id), "an id leads to one line");
    }
    assert!(episode.facts.quotes.len() <= highlights);
    for quote in &episode.facts.quotes {
        assert!(!quote.cues.is_empty() && quote.cues.end <= episode.transcript.cues.len());
        let texts = quote.texts.get().expect("it was just packed");
        assert!(!texts.is_empty() && texts.iter().all(|(_, text)| !text.is_empty()));
    }
    if let Some(page) = page {
        let summary = episode.facts.summary.get().expect("it was just packed");
        let facts = episode.facts.title.iter().chain(summary.iter());
        let kept: Vec<&str> = facts.map(|(_, text)| text).chain([episode.notes.as_str()]).collect();
        check_words(page.lines(), &kept.join("\n"), |_| false);
    }
    if !episode.notes.is_empty() {
        check_notes(&episode.notes, &langs);
    }
}

// ---- Settings

/// Front matter of either kind, and what is left of the text under it.
pub fn front_matter(bytes: &[u8]) {
    let findings = Findings::default();
    let Some(source) = source_named("content/show/a.md", bytes, &findings) else { return };
    let (matter, rest) = same_again(|| read_front_matter(&source, &Findings::default()));
    read_front_matter(&source, &findings);
    assert_eq!(rest.end, source.text.len(), "front matter stands on top");
    check_span(&rest, &source.text, "the text");
    let above = 0..rest.start;
    for (span, value) in [&matter.cover, &matter.slug].into_iter().flatten().map(|at| (&at.span, &at.value)) {
        assert!(span.start >= above.start && span.end <= above.end, "{value:?} is not in the front matter");
        check_span(span, &source.text, "a value");
    }
    for (label, person) in &matter.speakers {
        check_span(&label.span, &source.text[above.clone()], "a label");
        check_span(&person.span, &source.text[above.clone()], "a person");
    }
    for highlight in &matter.highlights {
        check_span(&highlight.span, &source.text[above.clone()], "a highlight");
        if let Highlight::Words(words) = &highlight.value {
            assert!(!words.is_empty(), "a highlight is something");
        }
    }
    assert!(matter.tags.iter().all(|tag| !tag.is_empty()));
    for text in [&matter.title, &matter.summary].into_iter().flatten() {
        check_localized(text);
    }
    if let Some(date) = matter.date {
        assert_eq!(date.to_string().parse::<Date>().ok(), Some(date));
    }
    check_findings(&source, &findings);
}

/// A file of chapters: each has its place in time and clean words, or is told of.
pub fn chapters(bytes: &[u8]) {
    let findings = Findings::default();
    let Some(source) = source_named("content/show/chapters.json", bytes, &findings) else { return };
    let chapters = same_again(|| read_chapters(&source, &Findings::default()));
    read_chapters(&source, &findings);
    assert!(
        !chapters.is_empty() || !findings.borrow().is_empty() || source.text.contains('['),
        "all is lost in silence"
    );
    assert!(chapters.is_sorted_by_key(|chapter| chapter.start), "chapters are in the order of their times");
    for chapter in &chapters {
        check_localized(&chapter.title);
        assert!(!chapter.listed || !chapter.title.is_empty(), "a chapter is listed without a title");
    }
    check_findings(&source, &findings);
}

/// The bytes of a picture: copies are smaller than it in every way, and the same each time.
pub fn picture(bytes: &[u8]) {
    let (outcome, copies) = shrink(bytes);
    match &outcome {
        Outcome::Shrunk(picture) => {
            assert_eq!(picture.copies.len(), copies.len());
            for (copy, own) in picture.copies.iter().zip(&copies) {
                assert!(
                    copy.width < picture.width && own.len() < bytes.len(),
                    "a copy is larger than its picture"
                );
                assert_eq!(copy.len, own.len() as u64);
                let (again, _) = shrink(own);
                assert!(matches!(again, Outcome::Shrunk(_)), "a copy is no picture");
            }
        }
        Outcome::Wrong(what) => assert!(!what.trim().is_empty() && copies.is_empty()),
        Outcome::AsItIs => assert!(copies.is_empty()),
    }
    assert_eq!(shrink(bytes).1, copies, "copies depend on more than the picture");
}

/// An `episode.ids`, and after a line `---` the ids that the lines have now. Every id that was
/// published is a line's own, leads to one, or was never alone; what is written is read again.
pub fn ids(bytes: &[u8]) {
    let cut = bytes.windows(4).position(|four| four == b"---\n");
    let (published, now) = bytes.split_at(cut.unwrap_or(bytes.len()));
    let findings = Findings::default();
    let Some(source) = source_named("content/show/episode.ids", published, &findings) else { return };
    let published = same_again(|| read_ids(&source, CueId::parse, &Findings::default()));
    read_ids(&source, CueId::parse, &findings);
    check_findings(&source, &findings);
    let again = Source::new("content/show/episode.ids", write_ids(&published));
    let silent = Findings::default();
    assert_eq!(read_ids(&again, CueId::parse, &silent), published);
    assert!(silent.borrow().is_empty(), "what is written is not read");

    let mut seen = HashSet::new();
    let now = String::from_utf8_lossy(now.strip_prefix(b"---\n").unwrap_or(now)).into_owned();
    let now =
        now.split_whitespace().filter_map(CueId::parse).filter(|id| seen.insert(*id)).collect::<Vec<_>>();
    let PastIds { leads, lost } = lead_on(&published, &now);
    assert!(leads.is_sorted(), "leads are in the order of the lines");
    for (place, id) in &leads {
        assert!(*place < now.len(), "{id} leads to a line that is not there");
        assert!(!seen.contains(id), "{id} leads elsewhere than to its own line");
    }
    let led: Vec<CueId> = leads.iter().map(|(_, id)| *id).collect();
    assert_eq!(led.iter().collect::<HashSet<_>>().len(), led.len(), "an id leads to two lines");
    for id in published.iter().flat_map(|line| [line.id].into_iter().chain(line.before.iter().copied())) {
        let is_known = seen.contains(&id) || led.contains(&id);
        assert!(is_known || now.is_empty(), "{id} leads nowhere");
    }
    assert!(lost.iter().all(|id| !seen.contains(id)), "a line that is there is told as gone");
    // Nothing changes by publishing what there is.
    let published = publish_ids(&now, &leads);
    assert_eq!(lead_on(&published, &now), PastIds { leads, lost: Vec::new() });
}

/// One TOML text, read as each of the three files that settings come from.
pub fn settings(bytes: &[u8]) {
    let findings = Findings::default();
    if let Some(source) = source_named("content/people.toml", bytes, &findings) {
        let entries = same_again(|| read_people(&source, &Findings::default()));
        read_people(&source, &findings);
        for entry in &entries {
            check_span(&entry.id.span, &source.text, "a person");
            for at in entry.aliases.iter().chain(&entry.image) {
                check_span(&at.span, &source.text, "a value");
            }
        }
        let (count, ids) = (entries.len(), entries.iter().map(|entry| entry.id.value.clone()));
        let ids: BTreeSet<String> = ids.collect();
        assert_eq!(ids.len(), count, "a person is there once");
        let people = People::new(entries, Some(&source), &findings);
        assert_eq!(people.list.len(), count);
        check_findings(&source, &findings);
    }
    let findings = Findings::default();
    if let Some(source) = source_named("content/show/show.toml", bytes, &findings) {
        let show = same_again(|| read_show(&source, &Findings::default()));
        read_show(&source, &findings);
        for at in show.hosts.iter().chain(&show.cover) {
            check_span(&at.span, &source.text, "a value");
        }
        let tags: BTreeSet<&str> = show.languages.iter().map(Lang::as_str).collect();
        assert_eq!(tags.len(), show.languages.len(), "a language is there once");
        check_findings(&source, &findings);
    }
    let findings = Findings::default();
    if let Some(source) = source_named("site.toml", bytes, &findings) {
        let config = diglot::config::Config::read(&source, &findings);
        assert!(config.build.page_size > 0 && config.build.feed_size > 0, "a list holds something");
        check_base_url(&config.base_url);
        check_findings(&source, &findings);
    }
}

// ---- Notes

/// Show notes and summaries: whatever is written becomes HTML that does nothing.
pub fn notes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check_notes(text, &[lang("zh-Hans"), lang("en"), lang("ar")]);
}

fn check_notes(markdown: &str, langs: &[Lang]) {
    for page_lang in [&langs[0], &langs[1]] {
        let notes = same_again(|| {
            let notes = render_notes(markdown, langs, page_lang);
            (notes.html, notes.dropped_links)
        });
        let text = check_html(&notes.0);
        let keeps_to_itself = markdown.contains(['<', '[', '&', '|']);
        if !keeps_to_itself && !markdown.contains("```") && !markdown.contains("~~~") {
            check_words(markdown.lines(), &text, |_| false);
        }
        let html = render_paragraphs(markdown, page_lang);
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(solid(&check_html(&html)), solid(markdown), "a summary is shown as it is");
    }
}

// ---- Feeds

/// A feed of somebody else, and what an import would write of it into an empty project; the same
/// bytes as the HTML of its notes.
pub fn feed(bytes: &[u8]) {
    foreign_html(bytes);
    let findings = Findings::default();
    let Some(source) = decode_feed("feed.xml", bytes.to_vec(), Limits::default(), &findings) else {
        return assert!(has_error(&findings), "a feed that is not read is reported");
    };
    let Some(document) = same_again(|| read_feed(&source, &Findings::default())) else {
        read_feed(&source, &findings);
        check_findings(&source, &findings);
        return assert!(has_error(&findings), "what is no feed is reported");
    };
    read_feed(&source, &findings);
    assert!(!has_error(&findings), "what is wrong with a feed is nothing, or all of it");
    check_feed(&document);
    let order = FeedOrder { show: None, name: "feed", address: None, local: &|_| None };
    let plan = plan_feed(&document, Existing::default(), &order, &source, &findings);
    check_findings(&source, &findings);
    if has_error(&findings) {
        return;
    }
    let folders = plan.writes.iter().filter(|write| matches!(write, Write::Folder { .. }));
    assert_eq!(folders.clone().count(), document.items.len(), "each item becomes an episode");
    let mut paths = HashSet::new();
    for write in &plan.writes {
        assert!(paths.insert(write.path().to_owned()), "{} is written twice", write.path());
        check_write(write);
    }
    for (item, write) in document.items.iter().zip(folders) {
        check_imported(item, write);
    }
    let shown = plan.shown.text();
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?} reaches the terminal");
}

fn has_error(findings: &Findings) -> bool {
    findings.borrow().iter().any(|finding| finding.severity == Severity::Error)
}

fn check_feed(feed: &FeedDocument) {
    let identities: HashSet<&str> = feed.items.iter().map(|item| item.identity.as_str()).collect();
    assert_eq!(identities.len(), feed.items.len(), "two items are told by the same");
    assert!(!identities.contains(""), "an item is told by nothing");
    assert!(feed.items.len() <= feed.item_count);
    for address in feed.items.iter().flat_map(|item| [&item.audio, &item.link, &item.image]).flatten() {
        assert!(address.starts_with("http"), "{address} is no address of the web");
    }
}

fn check_write(write: &Write) {
    for segment in write.path().strip_prefix("content/").expect("all goes to content/").split('/') {
        let is_own = matches!(segment, "show.toml" | "people.toml");
        assert!(is_own || Slug::new(segment).as_str() == segment, "{segment:?} is no name");
    }
    let findings = Findings::default();
    let source = |text: &str| Source::new(write.path(), text);
    match write {
        Write::Append { text, .. } => {
            assert!(!read_people(&source(text), &findings).is_empty());
        }
        Write::File { bytes: Bytes::Text(text), .. } => {
            read_show(&source(text), &findings);
        }
        _ => {}
    }
    assert_eq!(findings.into_inner(), [], "{}", write.path());
}

fn check_imported(item: &FeedItem, write: &Write) {
    let Write::Folder { files, .. } = write else { unreachable!("they were chosen so") };
    let [(name, Bytes::Text(text))] = files.as_slice() else { panic!("{files:?}") };
    assert_eq!(name, "episode.md");
    let (source, findings) = (Source::new("content/a/episode.md", text.as_str()), Findings::default());
    let (front, rest) = read_front_matter(&source, &findings);
    assert_eq!(findings.into_inner(), [], "{text}");
    assert_eq!(front.guid.as_deref(), Some(item.identity.as_str()), "it is known again");
    assert_eq!((front.date, front.season, front.episode), (item.date, item.season, item.number));
    assert!(item.title.is_empty() || front.title.is_some_and(|title| title.says(&item.title)));
    let langs = [lang("en"), lang("zh-Hans")];
    check_html(&render_notes(&source.text[rest], &langs, &langs[0]).html);
}

/// HTML as Markdown says the same words, and nothing is markup that was text.
fn foreign_html(bytes: &[u8]) {
    let Ok(html) = std::str::from_utf8(bytes) else { return };
    let langs = [lang("en"), lang("zh-Hans")];
    // Where one element ends and the next begins, words may be parted; an address is shown as an
    // address bar has it, with a `/` after its host.
    let solid = |text: String| text.chars().filter(|c| !c.is_whitespace() && *c != '/').collect::<String>();
    let shown = |markdown: &str| solid(check_html(&render_notes(markdown, &langs, &langs[0]).html));
    let made = same_again(|| markdown_of_html(html, None));
    let text = shown(&made.text);
    // Of an address the bar shows the host in small letters, and in ASCII.
    let pieces = |text: &str| {
        let text: String = text.chars().filter(|c| matches!(c, ' ' | '\n') || !c.is_control()).collect();
        let pieces = text.split_whitespace().filter(|piece| !piece.contains("http"));
        pieces.collect::<Vec<_>>().join("\n")
    };
    check_words(pieces(&words_of_html(html)).lines(), &text, |_| false);
    let text = shown(&markdown_of_text(html).text);
    check_words(pieces(html).lines(), &text, |_| false);
}

/// Elements that notes may have.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

const VOID: &[&str] = &["br", "hr", "img", "wbr"];

/// Reads HTML as a serialiser writes it: balanced, attributes in double quotes. Gives its text.
fn check_html(html: &str) -> String {
    let mut text = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&unescaped(&rest[..at]));
        rest = &rest[at + 1..];
        if let Some(closing) = rest.strip_prefix('/') {
            let (name, after) = closing.split_once('>').expect("a closing tag is closed");
            assert_eq!(open.pop(), Some(name), "{html:?} is not balanced");
            rest = after;
            text.push(' ');
            continue;
        }
        let end = rest.find([' ', '>']).expect("a tag has an end");
        let name = &rest[..end];
        assert!(ELEMENTS.contains(&name), "<{name}> is let through");
        rest = &rest[end..];
        while let Some(attribute) = rest.strip_prefix(' ') {
            let (key, after) = attribute.split_once("=\"").expect("an attribute has a value in quotes");
            let (value, after) = after.split_once('"').expect("a value is closed");
            check_attribute(key, &unescaped(value), &mut ids);
            rest = after;
        }
        rest = rest.strip_prefix('>').expect("a tag is closed");
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    text.push_str(&unescaped(rest));
    assert!(open.is_empty(), "{open:?} are left open in {html:?}");
    text
}

fn check_attribute(key: &str, value: &str, ids: &mut HashSet<String>) {
    assert!(!key.starts_with("on") && key != "style", "{key}={value:?} is let through");
    if matches!(key, "href" | "src" | "cite" | "action" | "srcset") {
        let site = url::Url::parse("https://example.org/").expect("an address");
        if let Ok(address) = site.join(value) {
            let allowed = matches!(address.scheme(), "http" | "https" | "mailto" | "tel");
            assert!(allowed, "{value:?} is let through");
        }
    }
    if key == "id" {
        assert!(value.starts_with("notes-"), "{value:?} may be an id of the page");
        assert!(ids.insert(value.to_owned()), "{value:?} is an id twice");
    }
    if key == "lang" {
        assert!(Lang::parse(value).is_ok(), "{value:?} is no language");
    }
}

fn unescaped(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}")];
    let text = named.iter().fold(text.to_owned(), |text, (name, character)| text.replace(name, character));
    text.replace("&amp;", "&")
}

// ---- Names, times, addresses

/// One text as everything that is written in a word: a name, a language, a time, a day, an address.
pub fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check_slug(text);
    check_lang(text);
    check_times(text);
    if let Ok(base) = BaseUrl::parse(text) {
        check_base_url(&base);
    }
    let folded = SitePath::file(text).folded();
    assert_eq!(SitePath::file(folded.clone()).folded(), folded, "a folded path stays as it is");
    for limit in [1, 12, 80] {
        let short = shortened(text, limit);
        assert!(short.chars().count() <= limit.max(text.chars().count().min(limit)) + 1);
        assert!(text.starts_with(short.strip_suffix('…').unwrap_or(&short)) || text == short);
    }
}

fn check_slug(text: &str) {
    let slug = Slug::new(text);
    let own = slug.as_str();
    assert!(!own.is_empty() && own.len() <= 120, "{own:?} is empty or too long");
    assert!(!own.starts_with('-') && !own.ends_with('-') && !own.contains("--"), "{own:?}");
    let strange = own.chars().find(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && *c != '-');
    assert_eq!(strange, None, "{own:?} has a sign of its own");
    assert!(!own.contains(|c: char| c.is_whitespace() || c.is_control() || c.is_ascii_uppercase()));
    assert_eq!(Slug::new(own), slug, "a name made of a name is the same");
    let path = SitePath::page(&[own]);
    let base = BaseUrl::parse("https://example.org/sub").expect("an address");
    let address = url::Url::parse(&base.absolute(&path)).expect("a page has an address");
    assert_eq!(address.as_str(), base.absolute(&path), "a browser asks for what is linked");
    assert_eq!(address.path(), base.link(&path));
}

fn check_lang(text: &str) {
    let Ok(own) = Lang::parse(text) else { return };
    assert_eq!(Lang::parse(own.as_str()).as_ref(), Ok(&own), "a canonical tag stays as it is");
    assert!(!own.name().is_empty() && !own.direction().as_str().is_empty());
    assert!(own.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
}

fn check_times(text: &str) {
    if let Some(time) = Millis::parse_clock(text) {
        let shown = time.to_string();
        assert_eq!(Millis::parse_clock(&shown), Some(Millis(time.0 / 1000 * 1000)), "{shown} is the time");
        assert!(time.seconds().is_finite() && time.iso_duration().starts_with("PT"));
    }
    if let Ok(date) = text.parse::<Date>() {
        assert_eq!(date.to_string().parse::<Date>().ok(), Some(date));
    }
}

fn check_base_url(base: &BaseUrl) {
    let path = base.path();
    assert!(path.starts_with('/') && path.ends_with('/'), "{path:?} is no folder");
    let home = SitePath::page(&[]);
    assert_eq!(base.link(&home), path);
    if !base.is_absolute() {
        return;
    }
    let root = base.absolute(&home);
    assert_eq!(BaseUrl::parse(&root).as_ref(), Ok(base), "the address of the site is the site's");
    let page = base.absolute(&SitePath::page(&["a b", "夜渡"]));
    let address = url::Url::parse(&page).expect("a page of a site has an address");
    assert_eq!(address.as_str(), page, "a browser asks for what is linked");
    assert_eq!(address.path(), base.link(&SitePath::page(&["a b", "夜渡"])));
}

// ---- Memory

/// A shelf with nothing on it.
struct Empty;

impl Shelf for Empty {
    fn take(&self, _: u64, _: usize, _: Key) -> Option<Vec<u8>> {
        None
    }
}

/// What is kept between builds: bytes that no build wrote are nothing, and those that can be read
/// are written back as they were understood.
pub fn memory(bytes: &[u8]) {
    assert!(unsealed(bytes).is_none(), "nobody can guess the seal");
    assert_eq!(unsealed(&*sealed(bytes)).as_deref(), Some(bytes));
    let shelf: Arc<dyn Shelf> = Arc::new(Empty);
    if let Some(kept) = Remembered::read(bytes, &shelf, 0) {
        let digest: diglot::digest::Digest =
            decoded(&encoded(&kept.digest)).expect("what is written can be read");
        assert_eq!(format!("{digest:?}"), format!("{:?}", kept.digest));
        for voice in &kept.digest.voices {
            assert!(voice.lines.get().is_none(), "the shelf is empty");
        }
    }
    if let Some(site) = decoded::<SiteMemory>(bytes) {
        let again: SiteMemory = decoded(&encoded(&site)).expect("what is written can be read");
        assert_eq!(format!("{again:?}"), format!("{site:?}"));
    }
    for (name, place) in record_places(bytes).into_iter().flatten() {
        assert!(bytes.get(place.record).is_some(), "the record of {name} is not in its file");
    }
}

// ---- Pairing

/// Two tracks, a line of the input a cue: its first byte says which track it is of and whether it
/// has a time, the next four bytes which; what follows a line `[[` is a review file.
pub fn pairing(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (cues, review) = text.split_at(text.find("\n[[").map_or(text.len(), |at| at + 1));
    let mut tracks: [Vec<TrackCue>; 2] = Default::default();
    for line in cues.lines().take(600) {
        let mut characters = line.chars();
        let kind = characters.next().map_or(0, u32::from);
        let mut number = || characters.next().map_or(0, |c| u64::from(u32::from(c)));
        let (start, length) = (number() * 997 + number() * 31, number() * 100);
        let has_time = kind & 2 == 0;
        tracks[(kind & 1) as usize].push(TrackCue {
            text: characters.as_str(),
            start: has_time.then_some(Millis(start)),
            end: (kind & 4 == 0 && has_time).then(|| Millis((start + length).saturating_sub(5000))),
            speaker: (kind & 8 == 0).then_some(if kind & 16 == 0 { "A" } else { "B" }),
        });
    }
    let langs = [lang("en"), lang("zh-Hans")];
    let sides = [0, 1].map(|side| Side { lang: &langs[side], cues: &tracks[side] });
    let findings = Findings::default();
    let source = Source::new("content/a/pairs.toml", review.to_owned());
    let entries = read_pairs(&source, &findings);
    let locks = find_locks(&entries, &sides[0], &sides[1], &source, &findings);
    check_findings(&source, &findings);
    for locks in [&[][..], &locks] {
        let hints = Hints { locks, ..Hints::default() };
        let rows = same_again(|| align(&sides[0], &sides[1], &hints)).rows;
        for (side, track) in tracks.iter().enumerate() {
            let of = |row: &Row| if side == 0 { row.left.clone() } else { row.right.clone() };
            let mut seen = vec![false; track.len()];
            for row in &rows {
                let own = of(row);
                assert!(own.is_sorted_by(|a, b| a < b), "{row:?} has a cue twice, or out of order");
                own.iter().for_each(|cue| seen[*cue] = true);
            }
            assert!(seen.iter().all(|seen| *seen), "a cue of track {side} is in no row");
        }
        for row in &rows {
            assert!(!row.left.is_empty() || !row.right.is_empty(), "a row has nothing");
            assert!((0.0..=1.0).contains(&row.confidence), "{row:?}");
        }
        let sentences = sentences(&rows, &sides[0], &sides[1]);
        let ends =
            sentences.iter().try_fold(0, |at, run| (run.start == at && run.end > at).then_some(run.end));
        assert_eq!(ends, Some(rows.len()), "sentences do not cover the rows");
    }
}
