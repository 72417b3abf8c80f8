//! Who a feed names → entries of `people.toml`. Never changes an entry that is there.

use super::existing::Existing;
use crate::parse::feed::FeedPerson;
use crate::written::{Lines, key, links, list, quoted};

/// Finds people by their names, and writes down those who are new.
#[derive(Default)]
pub struct NewPeople {
    pub text: String,
    pub names: Vec<String>,
}

impl NewPeople {
    /// The id of somebody.
    pub fn id(&mut self, person: &FeedPerson, existing: &mut Existing) -> String {
        if let Some(id) = existing.person(&person.name) {
            return id.to_owned();
        }
        let id = existing.add_person(&person.name);
        let mut lines = Lines::default();
        lines.text("name", &person.name);
        if let Some(link) = &person.link {
            lines.put("links", links(&[(person.name.clone(), link.clone())]));
        }
        lines.text("image", person.image.as_deref().unwrap_or_default());
        self.text.push_str(&format!("\n[{}]\n{}", key(&id), lines.finish()));
        self.names.push(person.name.clone());
        id
    }

    /// The ids of several, each once.
    pub fn ids<'p>(
        &mut self,
        people: impl IntoIterator<Item = &'p FeedPerson>,
        existing: &mut Existing,
    ) -> Vec<(&'p str, String)> {
        let mut found: Vec<(&str, String)> = Vec::new();
        for person in people {
            if found.iter().all(|(name, _)| *name != person.name) {
                let id = self.id(person, existing);
                found.push((&person.name, id));
            }
        }
        found
    }
}

/// `{ "Ada Byron" = "ada-byron" }`.
pub fn speakers(people: &[(&str, String)]) -> String {
    let pairs: Vec<String> =
        people.iter().map(|(name, id)| format!("{} = {}", quoted(name), quoted(id))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// The ids alone, each once.
pub fn hosts(people: &[(&str, String)]) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for (_, id) in people {
        if !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    list(ids)
}
