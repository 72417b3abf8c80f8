//! Front matter, notes and transcript → one episode, its speakers resolved.

use super::person::People;
use super::quote::{Quote, find_quote};
use super::transcript::{Transcript, model_transcript};
use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, only_lang_in, telling_script};
use crate::parse::document::{Document, PageFacts};
use crate::parse::front_matter::FrontMatter;
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
}

/// What is known of an episode beside its notes and its transcript.
#[derive(Debug, Clone)]
pub struct EpisodeFacts {
    /// The show that the file itself names.
    pub show_name: Option<String>,
    pub slug: Slug,
    pub title: Localized,
    pub summary: Localized,
    pub date: Option<Date>,
    pub season: Option<u32>,
    pub number: Option<u32>,
    pub duration: Option<Millis>,
    pub audio: Option<At<Localized>>,
    pub cover: Option<At<String>>,
    pub draft: bool,
    pub tags: Vec<String>,
    pub links: Vec<Link>,
    pub speakers: Vec<Speaker>,
    pub quotes: Vec<Quote>,
}

/// A label in one transcript, and who that is.
#[derive(Debug, Clone)]
pub struct Speaker {
    pub label: String,
    /// Index into `People::list`; a label without one stays this episode's own.
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
    pub document: Document<'s>,
}

/// What a show decides for its episodes.
pub struct ShowRules<'a> {
    pub langs: &'a [Lang],
    /// Label → index into `People::list`.
    pub speakers: &'a [(String, usize)],
}

/// Resolves one episode.
pub fn model_episode<'s>(
    sources: EpisodeSources<'s>,
    show: &ShowRules,
    people: &People,
    findings: &Findings,
) -> Episode<'s> {
    let EpisodeSources { stem, front, front_source, notes, mut document } = sources;
    let page = std::mem::take(&mut document.page);
    let page_notes = std::mem::take(&mut document.notes);
    let labels = std::mem::take(&mut document.labels);
    let talk_links = std::mem::take(&mut document.links);
    let speakers = resolve_speakers(labels, &front, front_source, show, people, findings);
    let transcript = model_transcript(document, show.langs);
    let quotes = front
        .highlights
        .iter()
        .filter_map(|highlight| find_quote(highlight, &transcript, front_source, findings))
        .collect();
    let langs = &transcript.langs;
    let own_title = front.title.clone().filter(|title| !title.is_empty());
    let title = own_title.unwrap_or_else(|| page_title(&page, stem, langs));
    let page_summary = || told_apart(std::slice::from_ref(&page.summary), langs);
    let slug = match &front.slug {
        Some(slug) => author_slug(slug, front_source, findings),
        None => Slug::new(stem),
    };
    let facts = EpisodeFacts {
        show_name: front.show.clone().or(page.show),
        slug,
        title: with_langs(title, langs),
        summary: with_langs(front.summary.clone().unwrap_or_else(page_summary), langs),
        date: front.date,
        season: front.season,
        number: front.episode,
        duration: front.duration,
        audio: front.audio.clone(),
        cover: front.cover.clone(),
        draft: front.draft,
        tags: unique(front.tags),
        links: all_links(front.links, talk_links),
        speakers,
        quotes,
    };
    let notes = [notes, page_notes].into_iter().filter(|notes| !notes.is_empty());
    Episode { facts, notes: notes.collect::<Vec<_>>().join("\n\n"), transcript }
}

/// The author's links, then those of the talk, each address once.
fn all_links(mut links: Vec<Link>, talk: Vec<(String, String)>) -> Vec<Link> {
    for (title, url) in talk {
        let leads_out = url.starts_with("http://") || url.starts_with("https://");
        if leads_out && links.iter().all(|known| known.url != url) {
            let title = if title.is_empty() { url.clone() } else { title };
            links.push(Link { title: Localized::plain(title), url });
        }
    }
    links
}

fn unique(tags: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    kept
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

/// A label becomes a person through the episode's map, then the show's, then an exact name.
fn resolve_speakers(
    labels: Vec<String>,
    front: &FrontMatter,
    front_source: &Source,
    show: &ShowRules,
    people: &People,
    findings: &Findings,
) -> Vec<Speaker> {
    let mut mapped = Vec::new();
    for (label, id) in &front.speakers {
        if !labels.contains(&label.value) && !labels.is_empty() {
            let message = format!("no line of the transcript is labelled `{}`", label.value);
            let finding = Diagnostic::warning("unused-speaker", message)
                .at(front_source.place(label.span.clone()))
                .help(format!("the labels are: {}", labels.join(", ")));
            findings.borrow_mut().push(finding);
        }
        if let Some(person) = people.with_id(id, front_source, findings) {
            mapped.push((label.value.as_str(), person));
        }
    }
    let by_map = |label: &str| mapped.iter().find(|(own, _)| *own == label).map(|(_, person)| *person);
    let by_show = |label: &str| show.speakers.iter().find(|(own, _)| own == label).map(|(_, person)| *person);
    labels
        .into_iter()
        .map(|label| Speaker {
            person: by_map(&label).or_else(|| by_show(&label)).or_else(|| people.named(&label)),
            label,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(front: FrontMatter, titles: &[&str]) -> Localized {
        let source = Source::new("content/night-ferry.txt", "");
        let mut document = Document::default();
        document.page.titles = titles.iter().map(|title| (*title).to_owned()).collect();
        let sources = EpisodeSources {
            stem: "night-ferry",
            front,
            front_source: &source,
            notes: String::new(),
            document,
        };
        let langs = [Lang::parse("en").unwrap()];
        let rules = ShowRules { langs: &langs, speakers: &[] };
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
