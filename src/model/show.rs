//! A folder in `content/` and its `show.toml` → what a show decides for its episodes.

use std::collections::HashMap;

use super::episode::ShowRules;
use super::person::People;
use crate::channel::FeedSettings;
use crate::config::Config;
use crate::glossary::Glossary;
use crate::lang::Lang;
use crate::media::{Asset, Media};
use crate::parse::show::ShowSettings;
use crate::slug::Slug;
use crate::source::Source;
use crate::table::{At, Findings, Link};
use crate::text::Localized;

/// A show that the project lists, before anyone knows its episodes.
#[derive(Debug, Clone, Default)]
pub struct ShowPlan {
    /// Its folder's name; nothing for the files that lie in `content/` itself.
    pub folder: Option<String>,
    pub title: Localized,
    pub description: Option<Localized>,
    pub langs: Vec<Lang>,
    pub cover: Option<Media>,
    /// Files that go beside its page.
    pub assets: Vec<Asset>,
    /// The language that its episodes are spoken in.
    pub original: Option<Lang>,
    pub links: Vec<Link>,
    /// Indices into `People::list`.
    pub hosts: Vec<usize>,
    /// Label → index into `People::list`.
    pub speakers: HashMap<String, usize>,
    /// What its feed says, where it says other than those of the site.
    pub feed: FeedSettings,
    /// Its terms and those of the site, by which tracks pair.
    pub glossary: Glossary,
}

impl ShowPlan {
    /// What the show does not say, the site does.
    pub fn new(
        folder: Option<String>,
        settings: ShowSettings,
        source: Option<&Source>,
        site: &Config,
        people: &People,
        findings: &Findings,
    ) -> ShowPlan {
        let person = |id: &At<String>| people.with_id(id, source?, findings);
        let name = folder.clone().unwrap_or_default();
        let mut feed = settings.feed;
        if let Some(source) = source {
            people.find_credited(&mut feed.persons, source, findings);
        }
        ShowPlan {
            title: settings.title.unwrap_or_else(|| Localized::plain(name)),
            description: settings.description,
            langs: if settings.languages.is_empty() { site.languages.clone() } else { settings.languages },
            cover: None,
            assets: Vec::new(),
            original: settings.original,
            links: settings.links,
            hosts: settings.hosts.iter().filter_map(person).collect(),
            // Of two entries for one label, the first holds.
            speakers: settings
                .speakers
                .iter()
                .rev()
                .filter_map(|(label, id)| Some((label.value.clone(), person(id)?)))
                .collect(),
            feed,
            glossary: site.glossary.after(&settings.glossary),
            folder,
        }
    }

    pub fn rules(&self) -> ShowRules<'_> {
        ShowRules { langs: &self.langs, speakers: &self.speakers, glossary: &self.glossary }
    }

    /// What a file may call this show: its folder, its title in any language, or its titles
    /// together.
    pub fn names(&self) -> Vec<Slug> {
        let Some(folder) = &self.folder else {
            return Vec::new();
        };
        let titles: Vec<&str> = self.title.iter().map(|(_, title)| title).collect();
        let together = titles.join(" ");
        let reversed = titles.iter().rev().copied().collect::<Vec<_>>().join(" ");
        titles
            .into_iter()
            .chain([folder.as_str(), together.as_str(), reversed.as_str()])
            .map(Slug::new)
            .collect()
    }
}
