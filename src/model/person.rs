//! Who the speakers are across the archive, and how a label finds its person.

use std::collections::HashMap;

use crate::channel::{Credit, Who};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::parse::people::PersonEntry;
use crate::slug::{SitePath, Slug, is_safe_address};
use crate::source::Source;
use crate::table::{At, Findings, Link};
use crate::text::Localized;

/// Someone who speaks in the archive.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub slug: Slug,
    pub name: Localized,
    pub bio: Option<Localized>,
    pub links: Vec<Link>,
    pub image: Option<At<String>>,
}

impl Person {
    /// Where their picture is published, if it is a file of the site.
    pub fn picture(&self) -> Option<SitePath> {
        let image = self.image.as_ref()?.value.as_str();
        let is_file = is_safe_address(image) && !image.contains("://");
        is_file.then(|| SitePath::file(image.trim_start_matches('/')))
    }
}

/// All persons, and the names they are found by.
#[derive(Debug, Default, Clone)]
pub struct People {
    pub list: Vec<Person>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

/// For how many findings the nearest name is looked for.
const SEARCHED_AT_MOST: usize = 100;

impl People {
    /// Takes the entries of `people.toml`. A name that two persons share is an error.
    pub fn new(entries: Vec<PersonEntry>, source: Option<&Source>, findings: &Findings) -> People {
        let mut people = People::default();
        for entry in entries {
            let index = people.list.len();
            let names = entry.name.iter().map(|(_, name)| (name.to_owned(), entry.id.span.clone()));
            let aliases = entry.aliases.iter().map(|alias| (alias.value.clone(), alias.span.clone()));
            for (name, span) in names.chain(aliases) {
                match people.by_name.insert(name.clone(), index) {
                    Some(other) if other != index => {
                        let message = format!(
                            "`{name}` names both `{}` and `{}`",
                            people.list[other].id, entry.id.value
                        );
                        let mut finding = Diagnostic::error("alias-shared", message)
                            .help("keep the name with one of them, and map the label in the show or the episode instead");
                        if let Some(source) = source {
                            finding = finding.at(source.place(span));
                        }
                        findings.borrow_mut().push(finding);
                    }
                    _ => {}
                }
            }
            people.by_id.insert(entry.id.value.clone(), index);
            people.list.push(Person {
                slug: Slug::new(&entry.id.value),
                id: entry.id.value,
                name: entry.name,
                bio: entry.bio,
                links: entry.links,
                image: entry.image,
            });
        }
        people
    }

    /// The person with exactly this name or alias.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// All names and aliases with the person of each, in order.
    pub fn names(&self) -> Vec<(&str, usize)> {
        let mut names: Vec<_> = self.by_name.iter().map(|(name, person)| (name.as_str(), *person)).collect();
        names.sort_unstable();
        names
    }

    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Finds the persons who are credited by id; unknown ones are reported at their places.
    pub fn find_credited(&self, credits: &mut [Credit], source: &Source, findings: &Findings) {
        for credit in credits {
            if let Who::Id(id) = &credit.who {
                credit.person = self.with_id(id, source, findings);
            }
        }
    }

    /// The person with this id; an unknown one is reported at its place in `source`.
    pub fn with_id(&self, id: &At<String>, source: &Source, findings: &Findings) -> Option<usize> {
        let found = self.index_of(&id.value);
        if found.is_none() {
            // Comparing every id with every other is not worth it once much is wrong.
            let searched = if findings.borrow().len() < SEARCHED_AT_MOST { self.list.len() } else { 0 };
            let known = self.list.iter().take(searched).map(|person| person.id.as_str());
            let help = match did_you_mean(&id.value, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add a table [{}] with a name to content/people.toml", id.value),
            };
            let message = format!("nobody in content/people.toml has the id `{}`", id.value);
            let finding = Diagnostic::error("unknown-person", message);
            findings.borrow_mut().push(finding.at(source.place(id.span.clone())).help(help));
        }
        found
    }
}
