//! Every transcript at hand, written in every format and read again: what comes back is what went
//! in, as far as the format has a place for it. Skipped with a line where there are none.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use diglot::config::TranscriptFormat as Format;
use diglot::lang::Lang;
use diglot::parse::transcript::looks_like_name;
use diglot::source::Source;
use diglot::table::Findings;
use quick_xml::Reader;
use quick_xml::events::Event;
use rayon::prelude::*;
use support::material::{source, transcripts};
use support::rows::{Read, Row, read};
use support::{say, shared};

const FORMATS: [Format; 8] = [
    Format::Json,
    Format::Vtt,
    Format::Srt,
    Format::PodcastJson,
    Format::Tsv,
    Format::Md,
    Format::Txt,
    Format::Tmx,
];

/// What became of a format's files.
#[derive(Default)]
struct Count {
    files: usize,
    cues: usize,
    /// Transcripts that the format cannot hold, and tells: without times, or without pairs.
    refused: usize,
    differ: usize,
}

/// A transcript, as it is written in one format.
struct Written<'f, 's> {
    found: &'f Read<'s>,
    format: Format,
    only: Option<&'f Lang>,
    text: String,
}

#[test]
fn every_real_transcript_is_the_same_in_every_format() {
    let Some(folder) = shared("data") else { return };
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let each: Vec<Vec<Outcome>> =
        transcripts(&folder).par_iter().map(|(path, name)| outcomes(path, name)).collect();
    for Outcome { format, cues, differs } in each.into_iter().flatten() {
        let count = counts.entry(format).or_default();
        count.refused += usize::from(cues == 0);
        count.files += usize::from(cues > 0);
        count.cues += cues;
        count.differ += usize::from(differs.is_some());
        wrong.extend(differs);
    }
    for (format, Count { files, cues, refused, differ }) in &counts {
        say!("{format}: {files} files of {cues} cues read again, {differ} differ; {refused} refused");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What became of one transcript in one format.
struct Outcome {
    format: &'static str,
    /// None where the format cannot hold it.
    cues: usize,
    differs: Option<String>,
}

fn outcomes(path: &Path, name: &str) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let Some(source) = source(path, name, &Findings::default()) else { return outcomes };
    let found = read(&source, &[]);
    let langs = found.langs();
    let each: &[Lang] = if langs.len() > 1 { &langs } else { &[] };
    for only in each.iter().map(Some).chain([None]).filter(|_| !found.rows.is_empty()) {
        let tag = only.map_or("all", Lang::as_str);
        for format in FORMATS {
            let mut outcome = Outcome { format: format.title(), cues: 0, differs: None };
            if let Ok(text) = found.written(format, only) {
                let why = Written { found: &found, format, only, text }.difference();
                outcome.cues = found.rows.len();
                outcome.differs = why.map(|why| format!("{} {name} [{tag}]: {why}", format.title()));
            }
            outcomes.push(outcome);
        }
    }
    outcomes
}

impl Written<'_, '_> {
    /// What is different in the file when it is read again.
    fn difference(&self) -> Option<String> {
        if self.format == Format::Tmx {
            return self.units_differ();
        }
        let source = Source::new(format!("again.{}", self.format.extension()), self.text.as_str());
        let again = read(&source, &[]).rows;
        let in_langs = self.found.rows.iter().map(|row| self.in_langs(row));
        let mut rows: Vec<Row> = in_langs.filter(|row| !row.texts.is_empty()).collect();
        let is_timed =
            self.format.needs_times() || (self.format == Format::Tsv && self.found.transcript.is_timed());
        if is_timed {
            sort(&mut rows);
        }
        if self.format == Format::Srt {
            self.words_differ(&rows, &again)
        } else {
            self.rows_differ(rows, again)
        }
    }

    fn is_in_one(&self) -> bool {
        self.only.is_some() || self.found.transcript.langs.len() == 1
    }

    fn in_langs(&self, row: &Row) -> Row {
        let texts = row.texts.iter().filter(|(tag, _)| self.only.is_none_or(|only| only.as_str() == tag));
        Row { texts: texts.cloned().collect(), ..row.clone() }
    }

    fn rows_differ(&self, mut rows: Vec<Row>, mut again: Vec<Row>) -> Option<String> {
        if self.is_in_one() && self.format != Format::Json {
            rows = rows.into_iter().flat_map(cut_at_marks).collect();
            again = again.into_iter().flat_map(cut_at_marks).collect();
        }
        without_first_turns(&mut rows);
        without_first_turns(&mut again);
        for (index, was) in rows.iter().enumerate() {
            let Some(is) = again.get(index) else {
                return Some(format!("cue {index} is lost: {was:?}"));
            };
            let (kept_was, kept_is) = (self.kept(was, was, is), self.kept(is, was, is));
            if kept_was != kept_is {
                return Some(format!("cue {index}\n  was {kept_was:?}\n  is  {kept_is:?}"));
            }
        }
        let more = again.len().saturating_sub(rows.len());
        (more > 0).then(|| format!("{more} cues more: {:?}", again[rows.len()]))
    }

    /// What the format keeps of `own`, which is one of the two.
    fn kept(&self, own: &Row, was: &Row, is: &Row) -> Row {
        let mut row = own.clone();
        // Where each cue has times, those are given some that the source has none for.
        row.start = row.start.filter(|_| was.start.is_some());
        row.end = row.end.filter(|_| was.start.is_some() && was.end > was.start && is.end.is_some());
        match self.format {
            Format::Json => row.end = own.end,
            Format::Md => row.end = None,
            Format::Txt => (row.start, row.end) = (None, None),
            Format::Tsv if self.is_in_one() => {
                // Whisper's table has no place for speakers, so that a name in the text may be one.
                let before = |name: &String| [format!("{name}: "), format!("{name}：")];
                let before = is.speaker.as_ref().map(before).unwrap_or_default();
                for (_, text) in &mut row.texts {
                    let rest = before.iter().find_map(|name| text.strip_prefix(name.as_str()));
                    *text = rest.unwrap_or(text).to_owned();
                }
                row.speaker = None;
            }
            _ => {}
        }
        // Without the lines of other languages, what stood before these stands before the next one.
        if self.format != Format::Md || self.only.is_some() {
            row.marks = 0;
        }
        row
    }

    /// SubRip cuts what is too long for a card: what is said by whom, in each language.
    fn words_differ(&self, rows: &[Row], again: &[Row]) -> Option<String> {
        let names = self.found.rows.iter().filter_map(|row| row.speaker.as_deref());
        if names.into_iter().any(|name| !looks_like_name(name)) {
            // Such a name before a colon is words like any others.
            return None;
        }
        let mut tags: Vec<&str> =
            rows.iter().chain(again).flat_map(|row| &row.texts).map(|(tag, _)| tag.as_str()).collect();
        tags.sort_unstable();
        tags.dedup();
        if self.is_in_one() {
            return tags.into_iter().find_map(|tag| runs_differ(&runs(rows, &[tag]), &runs(again, &[tag])));
        }
        // The second half of a long term may be all that a card has, and is in its script alone.
        let letters = |rows: &[Row]| {
            let mut letters: Vec<char> =
                runs(rows, &tags).iter().flat_map(|(_, said)| said.chars()).collect();
            letters.sort_unstable();
            letters
        };
        (letters(rows) != letters(again)).then(|| "other letters".to_owned())
    }

    /// Whether translators' units are well formed, and as many as there are pairs.
    fn units_differ(&self) -> Option<String> {
        let mut reader = Reader::from_str(&self.text);
        let mut units = 0;
        let mut said = String::new();
        loop {
            match reader.read_event() {
                Err(error) => return Some(error.to_string()),
                Ok(Event::Eof) => break,
                Ok(Event::Start(tag)) => units += usize::from(tag.name().as_ref() == "tu"),
                Ok(Event::Text(text)) => said.push_str(text.as_ref()),
                _ => {}
            }
        }
        let pairs = self.found.rows.iter().filter(|row| row.texts.len() > 1).count();
        (units != pairs || said.trim().is_empty()).then(|| format!("{units} units of {pairs} pairs"))
    }
}

/// By their starts; one without a start stays behind the one above it.
fn sort(rows: &mut [Row]) {
    let mut last = 0;
    rows.sort_by_cached_key(|row| {
        last = row.start.unwrap_or(last);
        last
    });
}

/// A mark of a turn within a line is one where the line is in one language.
fn cut_at_marks(row: Row) -> Vec<Row> {
    let [(tag, text)] = row.texts.as_slice() else { return vec![row] };
    let cut = text.split(" >> ").enumerate().map(|(index, text)| {
        let texts = vec![(tag.clone(), text.to_owned())];
        Row { texts, turn: row.turn || index > 0, ..row.clone() }
    });
    cut.collect()
}

/// A turn is told after someone who is not named; what went before may be in another language.
fn without_first_turns(rows: &mut [Row]) {
    let mut named = true;
    for row in rows {
        row.turn &= !named;
        named = row.speaker.is_some();
    }
}

/// What one speaker after the other says in some languages, without spaces and marks of turns.
fn runs(rows: &[Row], tags: &[&str]) -> Vec<(Option<String>, String)> {
    let mut rows = rows.to_vec();
    sort(&mut rows);
    let mut runs: Vec<(Option<String>, String)> = Vec::new();
    for row in rows {
        let said = row.texts.iter().filter(|(own, _)| tags.contains(&own.as_str()));
        let said: String = said.flat_map(|(_, text)| text.chars()).filter(|c| !c.is_whitespace()).collect();
        let said = said.replace(">>", "");
        match runs.last_mut() {
            _ if said.is_empty() => {}
            Some((speaker, words)) if *speaker == row.speaker => words.push_str(&said),
            _ => runs.push((row.speaker, said)),
        }
    }
    runs
}

fn runs_differ(was: &[(Option<String>, String)], is: &[(Option<String>, String)]) -> Option<String> {
    let at = (0..was.len().max(is.len())).find(|at| was.get(*at) != is.get(*at))?;
    Some(format!("run {at}\n  was {:?}\n  is  {:?}", was.get(at), is.get(at)))
}
