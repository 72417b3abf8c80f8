//! All `Digest`s → `Archive`: shows, order, people, quotes, tags. The only step that sees all
//! episodes, and it sees only their digests.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::digest::{Digest, ShowKey};
use crate::lang::Lang;
use crate::model::{EpisodeFacts, People, ShowPlan};
use crate::slug::{SitePath, Slug};

/// Everything that is published, in its order.
#[derive(Debug)]
pub struct Archive {
    /// The site's languages, in reading order; at least one.
    pub langs: Vec<Lang>,
    /// Episodes, the latest first.
    pub episodes: Vec<Arc<Digest>>,
    /// Where each of them was in the list that the archive was made of.
    pub given: Vec<usize>,
    /// By title.
    pub shows: Vec<Show>,
    /// The show of each episode.
    pub show_of: Vec<usize>,
    pub people: People,
    /// People who speak, by how many episodes they are in.
    pub speakers: Vec<Appearances>,
    /// Where each person is in `speakers`; nowhere, if they do not speak.
    place_of: Vec<Option<usize>>,
    /// Episodes with labels that are nobody in particular, with those speakers.
    pub unresolved: Vec<(usize, Vec<usize>)>,
    /// Tags, the most used first.
    pub tags: Vec<Tag>,
    /// Quotes, the latest first: episode and index of the quote in it.
    pub quotes: Vec<(usize, usize)>,
}

/// A show and its episodes, the latest first.
#[derive(Debug)]
pub struct Show {
    pub plan: ShowPlan,
    pub slug: Slug,
    /// Who claims its address.
    pub origin: String,
    pub episodes: Vec<usize>,
}

/// A person and where they speak: episode and index of the speaker in it, the latest first.
#[derive(Debug)]
pub struct Appearances {
    pub person: usize,
    pub episodes: Vec<(usize, usize)>,
    pub cue_count: usize,
    pub quotes: Vec<(usize, usize)>,
}

#[derive(Debug)]
pub struct Tag {
    pub name: String,
    pub slug: Slug,
    pub episodes: Vec<usize>,
}

/// The name of the show of episodes that belong to none.
const LOOSE_SHOW: &str = "archive";

/// Puts the archive together. `configured` are the site's languages; empty: those of the episodes.
/// `site_title` names the show of episodes that belong to none.
pub fn build_archive(
    episodes: Vec<Arc<Digest>>,
    plans: Vec<ShowPlan>,
    people: People,
    configured: &[Lang],
    site_title: Option<&crate::text::Localized>,
) -> Archive {
    let mut given: Vec<usize> = (0..episodes.len()).collect();
    given.sort_by(|a, b| latest_first(&episodes[*a], &episodes[*b]));
    let episodes: Vec<Arc<Digest>> = given.iter().map(|from| episodes[*from].clone()).collect();
    let langs = site_langs(&episodes, configured);
    let (mut shows, keys) = all_shows(&episodes, plans, site_title);
    let mut show_of = Vec::with_capacity(episodes.len());
    for (index, episode) in episodes.iter().enumerate() {
        let show = keys.index(&episode.show);
        shows[show].episodes.push(index);
        show_of.push(show);
    }
    let speakers = appearances(&episodes, &people);
    let mut place_of = vec![None; people.list.len()];
    for (place, speaker) in speakers.iter().enumerate() {
        place_of[speaker.person] = Some(place);
    }
    let mut archive = Archive {
        speakers,
        place_of,
        unresolved: unresolved(&episodes),
        tags: tags(&episodes),
        quotes: episodes
            .iter()
            .enumerate()
            .flat_map(|(index, episode)| (0..episode.quotes.len()).map(move |quote| (index, quote)))
            .collect(),
        langs,
        episodes,
        given,
        shows,
        show_of,
        people,
    };
    archive.sort_shows();
    archive
}

impl Archive {
    /// Where an episode's page is.
    pub fn episode_path(&self, episode: usize) -> SitePath {
        self.path_in(self.show_of[episode], &self.episodes[episode].facts)
    }

    /// Where the page of an episode of a show is.
    pub fn path_in(&self, show: usize, facts: &EpisodeFacts) -> SitePath {
        SitePath::page(&[self.shows[show].slug.as_str(), facts.slug.as_str()])
    }

    /// The episodes before and after one in its show, in the order they came out.
    pub fn neighbours(&self, episode: usize) -> (Option<usize>, Option<usize>) {
        let own = &self.shows[self.show_of[episode]].episodes;
        // A show's episodes are in the archive's order, so their indices rise.
        let at = own.partition_point(|other| *other < episode);
        let next = at.checked_sub(1).map(|at| own[at]);
        (own.get(at + 1).copied(), next)
    }

    /// Where a person speaks, if they do.
    pub fn speaker_of(&self, person: usize) -> Option<&Appearances> {
        self.place_of[person].map(|place| &self.speakers[place])
    }

    fn sort_shows(&mut self) {
        let first = self.langs[0].clone();
        let mut order: Vec<usize> = (0..self.shows.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&self.shows[*a], &self.shows[*b]);
            let titles = a.plan.title.best(&first).cmp(b.plan.title.best(&first));
            titles.then_with(|| a.slug.cmp(&b.slug))
        });
        let mut moved = vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            moved[*from] = to;
        }
        for show in &mut self.show_of {
            *show = moved[*show];
        }
        let mut shows: Vec<Option<Show>> = std::mem::take(&mut self.shows).into_iter().map(Some).collect();
        self.shows = order.into_iter().filter_map(|from| shows[from].take()).collect();
    }
}

fn latest_first(a: &Digest, b: &Digest) -> Ordering {
    let key = |facts: &EpisodeFacts| (facts.date, facts.season, facts.number);
    key(&b.facts).cmp(&key(&a.facts)).then_with(|| natural(&b.origin, &a.origin))
}

/// Compares names so that `e2` comes before `e10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (number_a, number_b) = (digits(a), digits(b));
        if number_a > 0 && number_b > 0 {
            let (x, y) = (without_zeros(&a[..number_a]), without_zeros(&b[..number_b]));
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[number_a..], &b[number_b..]);
            continue;
        }
        match (a.first(), b.first()) {
            (Some(x), Some(y)) if x == y => (a, b) = (&a[1..], &b[1..]),
            (x, y) => return x.cmp(&y),
        }
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == b'0').count();
    &number[zeros..]
}

/// The configured languages, else those of the episodes: in most of them first, then as the
/// episodes have them.
fn site_langs(episodes: &[Arc<Digest>], configured: &[Lang]) -> Vec<Lang> {
    if !configured.is_empty() {
        return configured.to_vec();
    }
    let mut counts: Vec<(Lang, usize)> = Vec::new();
    for lang in episodes.iter().flat_map(|episode| &episode.langs) {
        match counts.iter_mut().find(|(known, _)| known == lang) {
            Some((_, count)) => *count += 1,
            None => counts.push((lang.clone(), 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if counts.is_empty() {
        counts.push((Lang::parse("en").expect("a language tag"), 0));
    }
    counts.into_iter().map(|(lang, _)| lang).collect()
}

/// Finds the show of a key among all shows.
struct ShowKeys {
    planned: HashMap<usize, usize>,
    named: HashMap<Slug, usize>,
    loose: usize,
}

impl ShowKeys {
    fn index(&self, key: &ShowKey) -> usize {
        match key {
            ShowKey::Planned(plan) => self.planned[plan],
            ShowKey::Named(name) => self.named[&Slug::new(name)],
            ShowKey::Loose => self.loose,
        }
    }
}

fn all_shows(
    episodes: &[Arc<Digest>],
    plans: Vec<ShowPlan>,
    site_title: Option<&crate::text::Localized>,
) -> (Vec<Show>, ShowKeys) {
    let mut shows = Vec::new();
    let mut keys = ShowKeys { planned: HashMap::new(), named: HashMap::new(), loose: 0 };
    for (index, plan) in plans.iter().enumerate() {
        if let Some(folder) = plan.folder.clone() {
            keys.planned.insert(index, shows.len());
            shows.push(Show {
                slug: Slug::new(&folder),
                origin: format!("content/{folder}"),
                plan: plan.clone(),
                episodes: Vec::new(),
            });
        }
    }
    let loose_plan = plans.into_iter().find(|plan| plan.folder.is_none()).unwrap_or_default();
    for episode in episodes {
        let (name, title) = match &episode.show {
            ShowKey::Planned(_) => continue,
            ShowKey::Named(name) if keys.named.contains_key(&Slug::new(name)) => continue,
            ShowKey::Named(name) => (Some(name), crate::text::Localized::plain(name)),
            ShowKey::Loose if keys.loose > 0 || shows.iter().any(|show: &Show| show.origin == LOOSE_SHOW) => {
                continue;
            }
            ShowKey::Loose => {
                (None, site_title.cloned().unwrap_or_else(|| crate::text::Localized::plain("Archive")))
            }
        };
        let slug = match name {
            Some(name) => Slug::new(name),
            None => Slug::new(LOOSE_SHOW),
        };
        match name {
            Some(name) => {
                keys.named.insert(Slug::new(name), shows.len());
            }
            None => keys.loose = shows.len(),
        }
        shows.push(Show {
            slug,
            origin: name.map_or_else(|| LOOSE_SHOW.to_owned(), |_| episode.origin.to_string()),
            plan: ShowPlan { title, folder: None, ..loose_plan.clone() },
            episodes: Vec::new(),
        });
    }
    (shows, keys)
}

fn appearances(episodes: &[Arc<Digest>], people: &People) -> Vec<Appearances> {
    let mut found: Vec<Appearances> = (0..people.list.len())
        .map(|person| Appearances { person, episodes: Vec::new(), cue_count: 0, quotes: Vec::new() })
        .collect();
    for (index, episode) in episodes.iter().enumerate() {
        for (voice, speaker) in episode.facts.speakers.iter().enumerate() {
            let Some(person) = speaker.person else {
                continue;
            };
            found[person].episodes.push((index, voice));
            found[person].cue_count += episode.voices[voice].cue_count;
        }
        for (quote, (_, speaker)) in episode.quotes.iter().enumerate() {
            if let Some(person) = speaker.and_then(|speaker| episode.facts.speakers[speaker].person) {
                found[person].quotes.push((index, quote));
            }
        }
    }
    found.retain(|one| !one.episodes.is_empty());
    found.sort_by_key(|one| std::cmp::Reverse((one.episodes.len(), one.cue_count)));
    found
}

fn unresolved(episodes: &[Arc<Digest>]) -> Vec<(usize, Vec<usize>)> {
    let mut found = Vec::new();
    for (index, episode) in episodes.iter().enumerate() {
        let speakers = episode.facts.speakers.iter().enumerate();
        let nobody: Vec<usize> =
            speakers.filter(|(_, speaker)| speaker.person.is_none()).map(|(voice, _)| voice).collect();
        if !nobody.is_empty() {
            found.push((index, nobody));
        }
    }
    found
}

fn tags(episodes: &[Arc<Digest>]) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    // Tags that differ in case or spelling alone share an address, and so are one.
    let mut known: HashMap<Slug, usize> = HashMap::new();
    for (index, episode) in episodes.iter().enumerate() {
        for name in &episode.facts.tags {
            let at = *known.entry(Slug::new(name)).or_insert_with(|| {
                tags.push(Tag { name: name.clone(), slug: Slug::new(name), episodes: Vec::new() });
                tags.len() - 1
            });
            if tags[at].episodes.last() != Some(&index) {
                tags[at].episodes.push(index);
            }
        }
    }
    tags.sort_by(|a, b| b.episodes.len().cmp(&a.episodes.len()).then_with(|| a.name.cmp(&b.name)));
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        assert_eq!(natural("e2", "e10"), Ordering::Less);
        assert_eq!(natural("e02b", "e2a"), Ordering::Greater);
        assert_eq!(natural("a", "a"), Ordering::Equal);
        assert_eq!(natural("a", "ab"), Ordering::Less);
    }
}
