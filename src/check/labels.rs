//! Speaker labels across the archive: those that are nearly one another, those that are nearly
//! somebody's name, and those that are nobody's. Never decides who someone is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Labels;
use super::spot::{Open, area};
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::parse::transcript::is_generic_label;
use crate::source::Place;

/// A label that is nobody's.
struct Label {
    place: Option<Place>,
    /// Per episode, how many lines it has.
    lines: BTreeMap<usize, usize>,
    folded: String,
}

impl Label {
    fn total(&self) -> usize {
        self.lines.values().sum()
    }

    /// Whether both speak much in one episode: then they are two, however alike.
    fn talks_with(&self, other: &Label) -> bool {
        self.lines.iter().any(|(episode, count)| {
            let theirs = other.lines.get(episode).copied().unwrap_or(0);
            (*count).min(theirs) * 4 > (*count).max(theirs)
        })
    }
}

/// Where each label of an episode that is nobody's stands first.
pub fn first_places(open: &Open) -> Labels {
    let speakers = open.episode.facts.speakers.iter().enumerate();
    let transcript = open.transcript();
    let mut first = vec![None; speakers.len()];
    for (index, cue) in transcript.cues.iter().enumerate().rev() {
        if let Some(speaker) = cue.speaker {
            first[speaker] = Some(index);
        }
    }
    let nobody = speakers.filter(|(_, speaker)| speaker.person.is_none());
    nobody
        .filter_map(|(index, speaker)| {
            Some((speaker.label.clone(), label_place(open, first[index]?, &speaker.label)))
        })
        .collect()
}

/// How far above its words a label may stand, in bytes.
const ABOVE: usize = 200;

fn label_place(open: &Open, cue: usize, label: &str) -> Place {
    let transcript = open.transcript();
    let lang = transcript.texts(cue).next().map_or(0, |(lang, _)| lang);
    let Some((source, span)) = area(transcript, cue, lang, 0) else { return open.place_of_cue(cue) };
    let text = source.text.as_str();
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let above = text.ceil_char_boundary(start.saturating_sub(ABOVE));
    let below = text.floor_char_boundary((start + label.len() + ABOVE / 4).min(text.len()));
    let at = text[start..below].find(label).map(|at| start + at);
    match at.or_else(|| text[above..start].rfind(label).map(|at| above + at)) {
        Some(at) => source.place(at..at + label.len()),
        None => open.place_of_cue(cue),
    }
}

/// Reports labels, with `places` by the file of each episode.
pub fn check_labels(archive: &Archive, places: &HashMap<Arc<str>, Labels>) -> Vec<Diagnostic> {
    let mut labels: BTreeMap<&str, Label> = BTreeMap::new();
    for (episode, digest) in archive.episodes.iter().enumerate() {
        let speakers = digest.facts.speakers.iter().zip(&digest.voices);
        for (speaker, voice) in speakers.filter(|(speaker, _)| speaker.person.is_none()) {
            let label = labels.entry(&speaker.label).or_insert_with(|| Label {
                place: None,
                lines: BTreeMap::new(),
                folded: folded(&speaker.label),
            });
            label.lines.insert(episode, voice.cue_count);
            label.place = label.place.take().or_else(|| place_of(places, &digest.origin, &speaker.label));
        }
    }
    let mut found = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    let named: Vec<(&str, &Label)> = labels
        .iter()
        .filter(|(label, _)| !is_generic_label(label))
        .map(|(label, own)| (*label, own))
        .collect();
    for (label, own) in &named {
        if let Some(finding) = near_person(archive, label, own).or_else(|| near_label(label, own, &named)) {
            told.push(label);
            found.push(finding);
        }
    }
    found.extend(report_nobody(archive, &labels, &told, places));
    found
}

fn place_of(places: &HashMap<Arc<str>, Labels>, origin: &str, label: &str) -> Option<Place> {
    // The file of the front matter names an episode, but for those whose tracks lie side by side.
    places.get(origin)?.iter().find(|(own, _)| own == label).map(|(_, place)| place.clone())
}

fn near_person(archive: &Archive, label: &str, own: &Label) -> Option<Diagnostic> {
    let mut near: Vec<(&str, usize)> = Vec::new();
    for (name, person) in archive.people.names() {
        let folded = folded(name);
        if is_near(&own.folded, &folded) || is_part(&own.folded, &folded) {
            near.retain(|(_, known)| *known != person);
            near.push((name, person));
        }
    }
    // What fits two people tells of neither.
    let [(name, person)] = near[..] else { return None };
    let id = &archive.people.list[person].id;
    let message = format!("`{label}` may be `{name}`, whom content/people.toml knows");
    let finding = Diagnostic::warning("label-alias", message).help(format!(
        "if so, add it to `aliases` of [{id}], or correct the label; if not, say who it is under [speakers]"
    ));
    Some(placed(finding, own))
}

fn near_label(label: &str, own: &Label, named: &[(&str, &Label)]) -> Option<Diagnostic> {
    let near = named.iter().filter(|(other, theirs)| {
        let is_rarer = (own.total(), *other) < (theirs.total(), label);
        let is_alike = is_near(&own.folded, &theirs.folded) || is_part(&own.folded, &theirs.folded);
        *other != label && is_rarer && is_alike && !own.talks_with(theirs)
    });
    let near: Vec<_> = near.collect();
    let [(other, theirs)] = near[..] else { return None };
    let message = format!("`{label}` is nearly `{other}`, which {} have", lines(theirs.total()));
    let finding = Diagnostic::warning("label-near", message)
        .help("if they are one, correct the label, or give both to one person in content/people.toml");
    Some(placed(finding, own))
}

fn lines(count: usize) -> String {
    format!("{count} line{}", if count == 1 { "" } else { "s" })
}

fn placed(finding: Diagnostic, label: &Label) -> Diagnostic {
    match &label.place {
        Some(place) => finding.at(place.clone()),
        None => finding,
    }
}

/// How many labels a message names.
const SHOWN: usize = 6;

/// Labels that are nobody's, by episode: those of a recogniser, and all where people are listed.
fn report_nobody(
    archive: &Archive,
    labels: &BTreeMap<&str, Label>,
    told: &[&str],
    places: &HashMap<Arc<str>, Labels>,
) -> Vec<Diagnostic> {
    let lists_people = !archive.people.list.is_empty();
    let mut found = Vec::new();
    for digest in &archive.episodes {
        let is_told = |label: &&str| {
            labels.contains_key(label) && !told.contains(label) && (lists_people || is_generic_label(label))
        };
        let speakers = digest.facts.speakers.iter().filter(|speaker| speaker.person.is_none());
        let nobody: Vec<&str> = speakers.map(|speaker| speaker.label.as_str()).filter(is_told).collect();
        let Some(first) = nobody.first() else { continue };
        let more = if nobody.len() > SHOWN { ", …" } else { "" };
        let shown: Vec<String> = nobody.iter().take(SHOWN).map(|label| format!("`{label}`")).collect();
        let stands = if nobody.len() == 1 { "stands" } else { "stand" };
        let message = format!("{}{more} {stands} for nobody", shown.join(", "));
        let place =
            place_of(places, &digest.origin, first).unwrap_or_else(|| Place::start_of(digest.origin.clone()));
        found.push(
            Diagnostic::note("speaker-unknown", message).at(place).help(
                "say who it is under [speakers] in the front matter, with a table in content/people.toml",
            ),
        );
    }
    found
}

/// A name without case, accents, punctuation and more spaces than one.
fn folded(name: &str) -> String {
    let plain = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = plain.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Shorter names that differ in a letter are other names.
const LETTERS: usize = 4;
/// From this length on two letters may differ.
const LONG: usize = 7;

/// Whether two folded names are one but for a slip.
fn is_near(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (first, second) = (one.chars().count(), other.chars().count());
    let least = if one.is_ascii() { LETTERS } else { 3 };
    if first.min(second) < least || first.abs_diff(second) > 2 || one.chars().next() != other.chars().next() {
        return false;
    }
    // Numbers tell apart what words do not: `Guest 1`, `Guest 2`.
    let digits = |name: &str| name.chars().filter(|c| c.is_numeric()).collect::<String>();
    let most = if first.min(second) >= LONG { 2 } else { 1 };
    digits(one) == digits(other) && strsim::damerau_levenshtein(one, other) <= most
}

/// Whether one of two folded names is some of the whole words of the other, at its beginning or
/// its end.
fn is_part(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let is_whole = |rest: Option<&str>, joint: fn(&str) -> bool| rest.is_some_and(joint);
    short.chars().count() >= 3
        && (is_whole(long.strip_prefix(short), |rest| rest.starts_with(' '))
            || is_whole(long.strip_suffix(short), |rest| rest.ends_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_name_is_not() {
        for (one, other) in [
            ("Sherwin", "Sherman"),
            ("Martin Casado", "Martine Casado"),
            ("SHEN YAO", "Shen Yáo"),
            ("林月华", "林月花"),
        ] {
            assert!(is_near(&folded(one), &folded(other)), "{one} {other}");
        }
        for (one, other) in
            [("Ann", "Anna"), ("Guest 1", "Guest 2"), ("Jon", "Jan"), ("林岳", "林月"), ("Adam", "Madam")]
        {
            assert!(!is_near(&folded(one), &folded(other)), "{one} {other}");
        }
    }

    #[test]
    fn a_part_is_of_whole_words() {
        assert!(is_part("sherwin", "sherwin wu") && is_part("dr shen yao", "shen yao"));
        assert!(!is_part("sher", "sherwin wu") && !is_part("wu", "sherwin wu"));
    }
}
