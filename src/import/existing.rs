//! What `content/` has already, as far as an import must know. Never reads it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::lang::Lang;
use crate::parse::people::PersonEntry;
use crate::slug::{SitePath, Slug};
use crate::table::At;

/// What is there.
#[derive(Debug, Default)]
pub struct Existing {
    /// What an episode is called in its feed → the folder of its show.
    pub guids: HashMap<String, Option<String>>,
    /// Folders of shows, and whether each has a `show.toml`.
    pub shows: BTreeMap<String, bool>,
    pub people: Vec<PersonEntry>,
    /// Ids and names of people → id.
    known_people: HashMap<String, String>,
    /// Episodes in `content/` by their paths, folded, and the tracks of each.
    tracks: HashMap<String, OwnTracks>,
    /// Paths in `content/` that stand for something, folded as file systems do.
    taken: HashSet<String>,
}

/// The tracks that an episode has.
#[derive(Debug, Default, Clone)]
pub struct OwnTracks {
    /// The path of each, up to its tag: further ones are called alike.
    pub prefix: String,
    /// What language each says it is in by its name, and where it lies.
    pub tracks: Vec<(Option<Lang>, PathBuf)>,
}

/// Where everything goes.
const CONTENT: &str = "content";

/// The path of something in the folder of a show.
pub fn path_in(show: Option<&str>, name: &str) -> String {
    match show {
        Some(show) => format!("{CONTENT}/{show}/{name}"),
        None => format!("{CONTENT}/{name}"),
    }
}

fn folded(path: &str) -> String {
    SitePath::file(path).folded()
}

impl Existing {
    pub fn with_people(people: Vec<PersonEntry>) -> Existing {
        let mut existing = Existing::default();
        for person in people {
            existing.know(&person);
            existing.people.push(person);
        }
        existing
    }

    fn know(&mut self, person: &PersonEntry) {
        let id = &person.id.value;
        let names = person.name.iter().map(|(_, name)| name);
        let names = names.chain(person.aliases.iter().map(|alias| alias.value.as_str()));
        for name in names.chain([id.as_str()]) {
            self.known_people.entry(name.to_owned()).or_insert_with(|| id.clone());
        }
    }

    /// The id of whom a name or alias is.
    pub fn person(&self, name: &str) -> Option<&str> {
        self.known_people.get(name).map(String::as_str)
    }

    /// Adds somebody new; gives the id.
    pub fn add_person(&mut self, name: &str) -> String {
        let slug = Slug::new(name);
        let taken = |id: &str| self.people.iter().any(|person| person.id.value == id);
        let id = numbered(slug.as_str(), taken);
        let at = |value: &str| At { value: value.to_owned(), span: 0..0 };
        let person = PersonEntry {
            id: at(&id),
            name: crate::text::Localized::plain(name),
            aliases: Vec::new(),
            bio: None,
            links: Vec::new(),
            image: None,
        };
        self.know(&person);
        self.people.push(person);
        id
    }

    pub fn take(&mut self, path: &str) {
        self.taken.insert(folded(path));
    }

    pub fn add_tracks(&mut self, episode: &str, tracks: OwnTracks) {
        self.tracks.insert(folded(episode), tracks);
    }

    /// What a track of an episode in this language is called up to its tag, if the episode has
    /// tracks and none in it. `told` looks into one whose name does not tell its language; where
    /// the text does not either, it may be in this one.
    pub fn lacks(&self, episode: &str, lang: &Lang, told: impl Fn(&Path) -> Option<Lang>) -> Option<&str> {
        let own = self.tracks.get(&folded(episode)).filter(|own| !own.tracks.is_empty())?;
        let is_it = |(own, path): &(Option<Lang>, PathBuf)| {
            own.clone().or_else(|| told(path)).is_none_or(|own| is_alike(&own, lang))
        };
        (!own.tracks.iter().any(is_it)).then_some(&own.prefix)
    }

    pub fn is_taken(&self, path: &str) -> bool {
        self.taken.contains(&folded(path))
    }

    /// A name in a show's folder that nothing has, which is then taken.
    pub fn free_name(&mut self, show: Option<&str>, name: &str) -> String {
        let name = numbered(name, |name| self.is_taken(&path_in(show, name)));
        self.take(&path_in(show, &name));
        name
    }

    /// The folder of the show that an author means.
    pub fn show_called(&self, name: &str) -> String {
        let slug = Slug::new(name);
        let alike = || self.shows.keys().find(|folder| Slug::new(folder) == slug).cloned();
        if self.shows.contains_key(name) {
            name.to_owned()
        } else {
            alike().unwrap_or_else(|| slug.to_string())
        }
    }
}

/// Whether two tags may be of one track: `zh` and `zh-Hans` may, `zh-Hant` and `zh-Hans` not.
fn is_alike(one: &Lang, other: &Lang) -> bool {
    let parts = |lang: &Lang| lang.as_str().to_lowercase();
    let (one, other) = (parts(one), parts(other));
    one.split('-').zip(other.split('-')).all(|(one, other)| one == other)
}

/// A name as it is, or with the first number from 2 on that makes it free.
fn numbered(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    let free = (2..).map(|number| format!("{name}-{number}")).find(|name| !is_taken(name));
    free.expect("there are more numbers than names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_get_a_number() {
        let mut existing = Existing::default();
        existing.take("content/a/Fog");
        assert_eq!(existing.free_name(Some("a"), "fog"), "fog-2");
        assert_eq!(existing.free_name(Some("a"), "fog"), "fog-3");
        assert_eq!(existing.free_name(Some("b"), "fog"), "fog");
        assert_eq!(existing.add_person("Lin Yue"), "lin-yue");
        assert_eq!(existing.person("Lin Yue"), Some("lin-yue"));
        assert_eq!(existing.add_person("Lin-Yue"), "lin-yue-2");
    }

    #[test]
    fn a_show_is_found_by_its_folder_or_by_a_name_like_it() {
        let mut existing = Existing::default();
        existing.shows.insert("Night Ferry".to_owned(), true);
        assert_eq!(existing.show_called("night ferry"), "Night Ferry");
        assert_eq!(existing.show_called("../../etc"), "etc");
    }
}
