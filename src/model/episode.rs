//! Front matter, notes and transcript → one episode, its speakers resolved.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cue_id::CueId;
use super::past_ids::{PastIds, lead_on};
use super::person::People;
use super::quote::{Quote, find_quote};
use super::talk::{Talk, TalkRules, Track, Voice, model_talk};
use super::transcript::Transcript;
use crate::channel::{ItemSettings, Who};
use crate::diagnostic::Diagnostic;
use crate::glossary::Glossary;
use crate::lang::{Lang, only_lang_in, telling_script};
use crate::packed::Packed;
use crate::parse::document::PageFacts;
use crate::parse::front_matter::FrontMatter;
use crate::parse::ids::read_ids;
use crate::parse::nesting::check_notes;
use crate::slug::Slug;
use crate::source::Source;
use crate::table::{At, Findings, Link};
use crate::text::Localized;
use crate::timestamp::{Date, Millis};

/// One episode with its whole transcript.
#[derive(Debug)]
pub struct Episode<'s> {
    pub facts: EpisodeFacts,
    /// Show notes, as Markdown.
    pub notes: String,
    pub transcript: Transcript<'s>,
    /// Codes that the author does not want to be told of here.
    pub allow: Vec<String>,
}

/// What is known of an episode beside its notes and its transcript.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EpisodeFacts {
    /// The show that the author names.
    pub show_stated: Option<String>,
    /// The show that the saved page names.
    pub show_on_page: Option<String>,
    pub slug: Slug,
    pub title: Localized,
    pub summary: Packed<Localized>,
    pub date: Option<Date>,
    pub season: Option<u32>,
    pub number: Option<u32>,
    pub duration: Option<Millis>,
    pub audio: Option<At<Localized>>,
    pub cover: Option<At<String>>,
    pub draft: bool,
    pub tags: Vec<String>,
    pub links: Vec<Link>,
    /// What the episode is called in the feed that it came from, and goes on to be called in ours.
    pub guid: Option<String>,
    pub speakers: Vec<Speaker>,
    /// Label → id of a person, as the author says for this episode alone.
    pub speaker_ids: Vec<(String, String)>,
    pub quotes: Vec<Quote>,
    /// Files beside the episode that are its tracks: they are not published as they are.
    pub track_files: Vec<Arc<str>>,
    /// The last day that something was changed, where the author says.
    pub updated: Option<Date>,
    /// The language that was spoken, where the author says.
    pub original: Option<Lang>,
    /// What only feeds read.
    pub feed: Option<Box<ItemSettings>>,
}

/// A label in one transcript, and who that is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Speaker {
    pub label: String,
    /// What each track of the episode calls them, where that differs.
    pub names: Localized,
    /// Index into `People::list`; a label without one stays this episode's own. Not kept with the
    /// rest: it holds for one reading of `people.toml`.
    #[serde(skip)]
    pub person: Option<usize>,
}

/// What an episode is made of.
pub struct EpisodeSources<'s> {
    /// Name of its file or folder, for the address and for want of a title.
    pub stem: &'s str,
    pub front: FrontMatter,
    /// Where the front matter stands.
    pub front_source: &'s Source,
    /// Notes beside the transcript, as Markdown.
    pub notes: String,
    /// The files of its transcript; may be none.
    pub tracks: Vec<Track<'s>>,
    /// The author's review file of their pairing.
    pub pairs: Option<&'s Source>,
    /// The ids that its lines were published by.
    pub ids: Option<&'s Source>,
}

/// What a show decides for its episodes.
pub struct ShowRules<'a> {
    pub langs: &'a [Lang],
    /// Label → index into `People::list`.
    pub speakers: &'a HashMap<String, usize>,
    /// Terms by which tracks pair.
    pub glossary: &'a Glossary,
}

/// How many of the lines that are gone are named.
const LOST_NAMED: usize = 5;
/// How many highlights an episode may have: each is looked for in the whole transcript.
const HIGHLIGHTS_AT_MOST: usize = 1000;

/// Resolves one episode.
pub fn model_episode<'s>(
    sources: EpisodeSources<'s>,
    show: &ShowRules,
    people: &People,
    findings: &Findings,
) -> Episode<'s> {
    let EpisodeSources { stem, front, front_source, notes, tracks, pairs, ids } = sources;
    let listed: Vec<&str> = front.speakers.iter().map(|(label, _)| label.value.as_str()).collect();
    let rules = TalkRules { langs: show.langs, listed: &listed, pairs, glossary: show.glossary };
    let talk = model_talk(tracks, &rules, findings);
    let Talk { page, notes: page_notes, links: talk_links, voices, mut transcript } = talk;
    if let Some(ids) = ids {
        lead_past(&mut transcript, ids, findings);
    }
    check_speakers(&voices, &front, front_source, people, findings);
    for item in front.feed.iter().flat_map(|feed| &feed.persons) {
        if let Who::Id(id) = &item.who {
            people.with_id(id, front_source, findings);
        }
    }
    let quotes = front
        .highlights
        .iter()
        .take(HIGHLIGHTS_AT_MOST)
        .filter_map(|highlight| find_quote(highlight, &transcript, front_source, findings))
        .collect();
    if let Some(extra) = front.highlights.get(HIGHLIGHTS_AT_MOST) {
        findings.borrow_mut().push(
            Diagnostic::error("too-many-highlights", format!("more than {HIGHLIGHTS_AT_MOST} highlights"))
                .at(front_source.place(extra.span.clone()))
                .help("keep those that are worth quoting"),
        );
    }
    let langs = &transcript.langs;
    report_titles(&page.titles, &front, langs, front_source, findings);
    let own_title = front.title.clone().filter(|title| !title.is_empty());
    let title = own_title.unwrap_or_else(|| page_title(&page, stem, langs));
    let page_summary = || told_apart(std::slice::from_ref(&page.summary), langs);
    let slug = match &front.slug {
        Some(slug) => author_slug(slug, front_source, findings),
        None => Slug::new(stem),
    };
    let mut facts = EpisodeFacts {
        show_stated: front.show.clone(),
        show_on_page: page.show,
        slug,
        title: with_langs(title, langs),
        summary: Packed::new(&with_langs(front.summary.clone().unwrap_or_else(page_summary), langs)),
        date: front.date,
        season: front.season,
        number: front.episode,
        duration: front.duration,
        audio: front.audio.clone(),
        cover: front.cover.clone(),
        draft: front.draft,
        tags: unique(front.tags),
        links: all_links(front.links, talk_links),
        guid: front.guid,
        speakers: voices.into_iter().map(Speaker::of).collect(),
        speaker_ids: front.speakers.into_iter().map(|(label, id)| (label.value, id.value)).collect(),
        quotes,
        track_files: Vec::new(),
        updated: front.updated,
        original: original_of(front.original, &transcript.langs, front_source, findings),
        feed: front.feed,
    };
    facts.assign_people(show, people);
    let notes = [notes, page_notes].into_iter().filter(|notes| !notes.is_empty());
    let mut notes = notes.collect::<Vec<_>>().join("\n\n");
    if !check_notes(&notes, front_source, findings) {
        notes.clear();
    }
    Episode { facts, notes, transcript, allow: front.allow }
}

/// The language that was spoken, if a track is in it.
fn original_of(
    stated: Option<At<Lang>>,
    langs: &[Lang],
    source: &Source,
    findings: &Findings,
) -> Option<Lang> {
    let At { value, span } = stated?;
    if langs.contains(&value) || langs.is_empty() {
        return Some(value);
    }
    let tags = langs.iter().map(Lang::to_string).collect::<Vec<_>>().join(", ");
    let message = format!("`original` is `{value}`, and the transcript has {tags}");
    let finding = Diagnostic::warning("original", message).at(source.place(span));
    findings.borrow_mut().push(finding.help("name the language that was spoken, as the transcript has it"));
    None
}

/// Finds where links by ids of before lead, and names the lines that are gone.
fn lead_past(transcript: &mut Transcript, source: &Source, findings: &Findings) {
    let published = read_ids(source, CueId::parse, findings);
    let now: Vec<CueId> = transcript.cues.iter().map(|cue| cue.id).collect();
    let PastIds { leads, lost } = lead_on(&published, &now);
    transcript.past_ids = leads;
    if !lost.is_empty() {
        let named: Vec<String> = lost.iter().take(LOST_NAMED).map(|id| format!("`{id}`")).collect();
        let more = if lost.len() > LOST_NAMED { " and others" } else { "" };
        let lines =
            if lost.len() == 1 { "line that was published is" } else { "lines that were published are" };
        let message = format!("{} {lines} gone: {}{more}", lost.len(), named.join(", "));
        findings.borrow_mut().push(Diagnostic::warning("line-gone", message).at(source.place(0..0)).help(
            "links to them lead to the line that follows; if that is right, `diglot ids` writes it down",
        ));
    }
}

/// The author's links, then those of the talk, each address once.
fn all_links(mut links: Vec<Link>, talk: Vec<(String, String)>) -> Vec<Link> {
    let mut known: HashSet<String> = links.iter().map(|link| link.url.clone()).collect();
    for (title, url) in talk {
        let leads_out = url.starts_with("http://") || url.starts_with("https://");
        if leads_out && known.insert(url.clone()) {
            let title = if title.is_empty() { url.clone() } else { title };
            links.push(Link { title: Localized::plain(title), url });
        }
    }
    links
}

fn unique(tags: Vec<String>) -> Vec<String> {
    let mut known = HashSet::new();
    tags.into_iter().filter(|tag| known.insert(tag.clone())).collect()
}

fn author_slug(slug: &At<String>, source: &Source, findings: &Findings) -> Slug {
    let made = Slug::new(&slug.value);
    if made.as_str() != slug.value {
        let message = format!("`{}` cannot stand in an address as it is", slug.value);
        let finding = Diagnostic::warning("slug", message)
            .at(source.place(slug.span.clone()))
            .help(format!("`{made}` is used"));
        findings.borrow_mut().push(finding);
    }
    made
}

/// The titles that the page states, else the file's name in words.
fn page_title(page: &PageFacts, stem: &str, langs: &[Lang]) -> Localized {
    if page.titles.is_empty() {
        return Localized::plain(title_from_name(stem));
    }
    told_apart(&page.titles, langs)
}

/// A page has a title per language. More lines above its first label are not titles, and may be
/// said by someone.
fn report_titles(
    titles: &[String],
    front: &FrontMatter,
    langs: &[Lang],
    source: &Source,
    findings: &Findings,
) {
    let told =
        if front.title.is_some() { titles.len().min(2) } else { told_apart(titles, langs).iter().count() };
    let Some(first_lost) = titles.get(told.min(titles.len())).filter(|_| told < titles.len()) else {
        return;
    };
    let at = source.text.find(first_lost.as_str()).unwrap_or(0);
    let message =
        format!("{} lines above the first label are taken for titles, and not all are shown", titles.len());
    findings.borrow_mut().push(
        Diagnostic::warning("left-out", message)
            .at(source.place(at..at + if at > 0 { first_lost.len() } else { 0 }))
            .help("put a speaker's label above them if they are said, or take them out"),
    );
}

fn title_from_name(stem: &str) -> String {
    let words = stem.replace(['-', '_'], " ");
    let mut characters = words.trim().chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => stem.to_owned(),
    }
}

/// Texts whose languages are told by their scripts; those in the same language, or in none that
/// is known, are one text.
fn told_apart(texts: &[String], langs: &[Lang]) -> Localized {
    let mut told: Vec<(Option<Lang>, String)> = Vec::new();
    for text in texts {
        let lang = telling_script(text).and_then(|script| only_lang_in(langs, script));
        let lang = lang.map(|lang| langs[lang].clone());
        match told.iter_mut().find(|(own, _)| *own == lang) {
            Some((_, before)) => before.extend([" / ", text]),
            None => told.push((lang, text.clone())),
        }
    }
    let mut apart = Localized::default();
    for (lang, text) in told {
        apart.push(lang, text);
    }
    apart
}

/// Gives a text without a language the one that its script tells.
fn with_langs(text: Localized, langs: &[Lang]) -> Localized {
    let mut told = Localized::default();
    for (lang, own) in text.iter() {
        let by_script = || {
            telling_script(own).and_then(|script| only_lang_in(langs, script)).map(|lang| langs[lang].clone())
        };
        told.push(lang.cloned().or_else(by_script), own);
    }
    told
}

/// How many labels a message lists.
const LABELS_SHOWN: usize = 30;

impl Speaker {
    fn of(voice: Voice) -> Speaker {
        Speaker { label: voice.label, names: voice.names, person: None }
    }

    /// Their label, or one per language.
    pub fn name(&self) -> Localized {
        if self.names.is_empty() { Localized::plain(&self.label) } else { self.names.clone() }
    }

    /// All that they are called.
    fn labels(&self) -> impl Iterator<Item = &str> {
        all_labels(&self.label, &self.names)
    }
}

fn all_labels<'a>(label: &'a str, names: &'a Localized) -> impl Iterator<Item = &'a str> {
    std::iter::once(label).chain(names.iter().map(|(_, name)| name).filter(move |name| *name != label))
}

/// Reports labels that no line has and ids that nobody has.
fn check_speakers(
    voices: &[Voice],
    front: &FrontMatter,
    front_source: &Source,
    people: &People,
    findings: &Findings,
) {
    let labels = || voices.iter().flat_map(|voice| all_labels(&voice.label, &voice.names));
    let said: HashSet<&str> = labels().collect();
    for (label, id) in &front.speakers {
        if !said.contains(label.value.as_str()) && !said.is_empty() {
            let message = format!("no line of the transcript is labelled `{}`", label.value);
            let some: Vec<&str> = labels().take(LABELS_SHOWN).collect();
            let more = if labels().nth(LABELS_SHOWN).is_some() { ", …" } else { "" };
            let finding = Diagnostic::warning("unused-speaker", message)
                .at(front_source.place(label.span.clone()))
                .help(format!("the labels are: {}{more}", some.join(", ")));
            findings.borrow_mut().push(finding);
        }
        people.with_id(id, front_source, findings);
    }
}

impl EpisodeFacts {
    /// Says who each label is: by the episode's own map, then the show's, then an exact name.
    /// Gives whether every id that the episode names is somebody's.
    pub fn assign_people(&mut self, show: &ShowRules, people: &People) -> bool {
        let mut mapped: HashMap<&str, usize> = HashMap::new();
        let mut all_known = true;
        for (label, id) in &self.speaker_ids {
            match people.index_of(id) {
                Some(person) => _ = mapped.entry(label).or_insert(person),
                None => all_known = false,
            }
        }
        for credit in self.feed.iter_mut().flat_map(|feed| &mut feed.persons) {
            if let Who::Id(id) = &credit.who {
                credit.person = people.index_of(&id.value);
                all_known &= credit.person.is_some();
            }
        }
        let by_show = |label: &str| show.speakers.get(label).copied();
        for speaker in &mut self.speakers {
            let own = speaker.labels().find_map(|label| mapped.get(label).copied());
            let by_show = || speaker.labels().find_map(by_show);
            let by_name = || speaker.labels().find_map(|label| people.named(label));
            speaker.person = own.or_else(by_show).or_else(by_name);
        }
        all_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::document::Document;

    fn titled(front: FrontMatter, titles: &[&str]) -> Localized {
        let source = Source::new("content/night-ferry.txt", "");
        let mut document = Document::default();
        document.page.titles = titles.iter().map(|title| (*title).to_owned()).collect();
        let track = Track { source: &source, lang: None, document };
        let sources = EpisodeSources {
            stem: "night-ferry",
            front,
            front_source: &source,
            notes: String::new(),
            tracks: vec![track],
            pairs: None,
            ids: None,
        };
        let langs = [Lang::parse("en").unwrap()];
        let glossary = Glossary::default();
        let rules = ShowRules { langs: &langs, speakers: &HashMap::new(), glossary: &glossary };
        model_episode(sources, &rules, &People::default(), &Findings::default()).facts.title
    }

    #[test]
    fn a_title_without_words_counts_as_none() {
        let front = FrontMatter { title: Some(Localized::default()), ..FrontMatter::default() };
        assert!(titled(front, &[]).says("Night ferry"));
    }

    #[test]
    fn titles_that_no_language_is_told_of_are_one() {
        let title = titled(FrontMatter::default(), &["かな", "On lamps", "𐌰𐌱"]);
        let texts: Vec<_> = title.iter().map(|(lang, text)| (lang.map(Lang::as_str), text)).collect();
        assert_eq!(texts, [(None, "かな / 𐌰𐌱"), (Some("en"), "On lamps")]);
    }
}
