//! A feed → the shows, episodes and people that `content/` lacks. What is there already is left as
//! it is: an episode is known by the `guid` of its front matter, a show by its folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::episode::{Said, description, episode_text, folder_name};
use super::existing::{Existing, path_in};
use super::files::FoundFile;
use super::languages::{spoken, told_by_text};
use super::people::{NewPeople, hosts, speakers};
use super::shown::{Shown, plural};
use super::{Bytes, Plan, Write};
use crate::diagnostic::Diagnostic;
use crate::parse::feed::{FeedDocument, FeedItem, FeedPerson, FeedTranscript};
use crate::parse::nesting::check_notes;
use crate::slug::Slug;
use crate::source::Source;
use crate::table::Findings;
use crate::text::shortened;
use crate::written::{Lines, links, list};

/// What the command line asks for, and where the feed came from.
pub struct FeedOrder<'a> {
    /// The show that the author names.
    pub show: Option<&'a str>,
    /// What to call the show if the feed does not say.
    pub name: &'a str,
    /// Where the feed was fetched.
    pub address: Option<&'a str>,
    /// Looks at a file that the feed names, if it lies beside the feed.
    pub local: &'a dyn Fn(&str) -> Option<FoundFile>,
}

/// Plans what a feed brings.
pub fn plan_feed(
    feed: &FeedDocument,
    mut existing: Existing,
    order: &FeedOrder,
    source: &Source,
    findings: &Findings,
) -> Plan {
    let folder = show_folder(feed, &existing, order);
    let mut planner = Planner {
        feed,
        existing: &mut existing,
        order,
        source,
        findings,
        people: NewPeople::default(),
        plan: Plan {
            shown: Shown::new(&["episode", "date", "transcripts", "goes to", ""]),
            writes: Vec::new(),
        },
        added: 0,
        dropped_links: 0,
    };
    planner.show(&folder);
    for item in &feed.items {
        planner.item(item, &folder);
    }
    let (added, dropped) = (planner.added, planner.dropped_links);
    let Planner { people, mut plan, .. } = planner;
    if dropped > 0 {
        let message = format!(
            "{} in the notes without an address that is safe: the words stay",
            plural(dropped, "link")
        );
        let finding = Diagnostic::note("feed-links", message).at(source.place(0..0));
        findings.borrow_mut().push(finding);
    }
    plan.shown.sum(sentence(feed, added, people.names.len()));
    if !people.text.is_empty() {
        plan.writes.insert(0, Write::Append { path: path_in(None, "people.toml"), text: people.text });
    }
    plan
}

fn sentence(feed: &FeedDocument, added: usize, people: usize) -> String {
    let known = feed.items.len() - added;
    let left = feed.item_count - feed.items.len();
    let mut sentence = format!("{}: {added} new, {known} there already", plural(feed.item_count, "item"));
    if left > 0 {
        sentence.push_str(&format!(", {left} left out"));
    }
    if people > 0 {
        sentence.push_str(&format!("; {people} new in people.toml"));
    }
    sentence
}

/// The show that the author names; else the one that most of the items are in; else one by the
/// feed's title.
fn show_folder(feed: &FeedDocument, existing: &Existing, order: &FeedOrder) -> Option<String> {
    if let Some(name) = order.show {
        return Some(existing.show_called(name));
    }
    let mut counts: BTreeMap<&Option<String>, usize> = BTreeMap::new();
    for folder in feed.items.iter().filter_map(|item| existing.guids.get(&item.identity)) {
        *counts.entry(folder).or_default() += 1;
    }
    if let Some((folder, _)) = counts.into_iter().max_by_key(|(_, count)| *count) {
        return folder.clone();
    }
    let name = if feed.title.is_empty() { order.name } else { &feed.title };
    Some(existing.show_called(Slug::new(&shortened(name, 60)).as_str()))
}

struct Planner<'a> {
    feed: &'a FeedDocument,
    existing: &'a mut Existing,
    order: &'a FeedOrder<'a>,
    source: &'a Source,
    findings: &'a Findings,
    people: NewPeople,
    plan: Plan,
    added: usize,
    dropped_links: usize,
}

impl Planner<'_> {
    fn show(&mut self, folder: &Option<String>) {
        let Some(folder) = folder else { return };
        if self.existing.shows.get(folder) == Some(&true) {
            return;
        }
        let path = path_in(Some(folder), "show.toml");
        self.plan.shown.row([&self.feed.title, "", "", &path, "new"]);
        let text = self.show_text();
        self.plan.writes.push(Write::File { path, bytes: Bytes::Text(text) });
    }

    fn show_text(&mut self) -> String {
        let feed = self.feed;
        let mut lines = Lines::default();
        lines.text("title", if feed.title.is_empty() { self.order.name } else { &feed.title });
        lines.text("description", &description(&feed.description));
        if let Some(lang) = &feed.language {
            lines.put("languages", list([spoken(lang).as_str()]));
        }
        lines.text("cover", feed.image.as_deref().unwrap_or_default());
        let hosting = self.hosting();
        let hosting = self.people.ids(&hosting, self.existing);
        if !hosting.is_empty() {
            lines.put("hosts", hosts(&hosting));
        }
        let led = self.links();
        if !led.is_empty() {
            lines.put("links", links(&led));
        }
        lines.finish()
    }

    /// Who hosts the show: those that the feed lists, else its author.
    fn hosting(&self) -> Vec<FeedPerson> {
        let hosts: Vec<FeedPerson> =
            self.feed.people.iter().filter(|person| person.hosts()).cloned().collect();
        let author = FeedPerson { name: self.feed.author.clone(), ..FeedPerson::default() };
        if hosts.is_empty() && !author.name.is_empty() { vec![author] } else { hosts }
    }

    fn links(&self) -> Vec<(String, String)> {
        let feed = self.feed;
        let title = || if feed.title.is_empty() { self.order.name } else { &feed.title }.to_owned();
        let page = feed.link.iter().map(|link| (title(), link.clone()));
        let address = feed.address.clone().or_else(|| self.order.address.map(str::to_owned));
        let funding = feed.funding.iter().map(|(name, address)| {
            (if name.is_empty() { address.clone() } else { name.clone() }, address.clone())
        });
        page.chain(address.map(|address| ("RSS".to_owned(), address))).chain(funding).collect()
    }

    fn item(&mut self, item: &FeedItem, folder: &Option<String>) {
        let title = if item.title.is_empty() { &item.identity } else { &item.title };
        let date = item.date.map_or(String::new(), |date| date.to_string());
        if self.existing.guids.contains_key(&item.identity) {
            self.plan.shown.row([title, &date, "", "", "there already"]);
            return;
        }
        let name = self.existing.free_name(folder.as_deref(), &folder_name(item));
        let path = path_in(folder.as_deref(), &name);
        let (transcripts, files, not_fetched) = self.transcripts(item);
        let heard: Vec<&FeedPerson> = item.people.iter().filter(|person| person.speaks()).collect();
        let heard = self.people.ids(heard, self.existing);
        let speakers = (!heard.is_empty()).then(|| speakers(&heard));
        let said = Said::of(item, self.feed);
        // What a build would refuse is refused here.
        check_notes(&said.notes, self.source, self.findings);
        self.dropped_links += said.dropped_links.len();
        let text = episode_text(item, self.feed, &said, speakers, &not_fetched);
        let mut all = vec![("episode.md".to_owned(), Bytes::Text(text))];
        all.extend(files.into_iter().map(|(name, path)| (name, Bytes::Copy(path))));
        self.plan.shown.row([title, &date, &transcripts, &format!("{path}/"), "new"]);
        self.plan.writes.push(Write::Folder { path, files: all });
        self.added += 1;
    }

    /// What is said of the transcripts, the files to copy, and those that are elsewhere.
    fn transcripts<'i>(
        &self,
        item: &'i FeedItem,
    ) -> (String, Vec<(String, PathBuf)>, Vec<&'i FeedTranscript>) {
        let mut chosen: Vec<(&FeedTranscript, FoundFile)> = Vec::new();
        let mut elsewhere = Vec::new();
        let mut broken = 0;
        for transcript in &item.transcripts {
            match (self.order.local)(&transcript.url) {
                Some(file) if file.problem.is_none() => chosen.push((transcript, file)),
                Some(_) => broken += 1,
                None => elsewhere.push(transcript),
            }
        }
        let files = transcript_files(chosen);
        let mut told: Vec<String> = files.iter().map(|(name, _)| name.replace("transcript.", "")).collect();
        if !elsewhere.is_empty() {
            told.push(format!("{} not fetched", elsewhere.len()));
        }
        if broken > 0 {
            told.push(format!("{broken} left out"));
        }
        (told.join(", "), files, elsewhere)
    }
}

/// One file per language, the one in the form that says most.
fn transcript_files(mut chosen: Vec<(&FeedTranscript, FoundFile)>) -> Vec<(String, PathBuf)> {
    chosen.sort_by_key(|(_, file)| file.rank());
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    let mut langs: Vec<Option<String>> = Vec::new();
    for (transcript, file) in chosen {
        let named = transcript.language.as_ref().map(spoken).or_else(|| file.lang.clone());
        let lang = named.map(|lang| told_by_text(&lang, &file.langs).to_string());
        if langs.contains(&lang) || langs.contains(&None) {
            continue;
        }
        let tag = lang.as_ref().map_or(String::new(), |lang| format!(".{lang}"));
        files.push((format!("transcript{tag}.{}", file.extension), file.path));
        langs.push(lang);
    }
    files.sort();
    files
}
