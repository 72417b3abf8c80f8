//! Who is heard in a show or an episode, and who else had a part in it: `podcast:person`. Never
//! names a label that is nobody in particular.

use std::io;

use super::xml::{Xml, put_with};
use crate::channel::{Credit, Role, Who};
use crate::digest::Digest;
use crate::render::views::Views;
use crate::text::shortened;

/// How long a name may be, in characters.
const NAME: usize = 128;

/// Someone with a part, as feeds name them.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub role: Role,
    pub image: Option<String>,
    /// Where to read about them.
    pub url: Option<String>,
}

impl Views<'_> {
    /// Those of a show: its hosts, then whom it credits. Everyone once per role.
    pub fn parts_of_show(&self, hosts: &[usize], credits: &[Credit]) -> Vec<Part> {
        let mut parts = Vec::new();
        for host in hosts {
            add(&mut parts, self.part(*host, Role::host()));
        }
        self.add_credits(&mut parts, credits);
        parts
    }

    /// Those of an episode. Its list takes the place of the show's, so where it has anyone the
    /// hosts and whom the show credits stand in it again. Nobody, where it has nobody else.
    pub fn parts_of_episode(&self, digest: &Digest, hosts: &[usize], credits: &[Credit]) -> Vec<Part> {
        let own = digest.facts.feed.as_ref().map_or(&[][..], |feed| &feed.persons);
        let speakers = digest.facts.speakers.iter().filter_map(|speaker| speaker.person);
        let guests: Vec<usize> = speakers.filter(|person| !is_among(*person, hosts, own)).collect();
        let mut parts = Vec::new();
        if guests.is_empty() && own.is_empty() {
            return parts;
        }
        for host in hosts {
            add(&mut parts, self.part(*host, Role::host()));
        }
        for guest in guests {
            add(&mut parts, self.part(guest, Role::guest()));
        }
        self.add_credits(&mut parts, own);
        self.add_credits(&mut parts, credits);
        parts
    }

    fn add_credits(&self, parts: &mut Vec<Part>, credits: &[Credit]) {
        for credit in credits {
            match (credit.person, &credit.who) {
                (Some(person), _) => add(parts, self.part(person, credit.role)),
                (None, Who::Name(name)) => {
                    let name = shortened(&self.joined(name), NAME);
                    add(parts, Part { name, role: credit.role, image: None, url: None });
                }
                // An id that is nobody's is an error, and nothing is published.
                (None, Who::Id(_)) => {}
            }
        }
    }

    fn part(&self, person: usize, role: Role) -> Part {
        let own = &self.archive.people.list[person];
        let page = || self.base.absolute(&self.person_path(person));
        let elsewhere = || self.links(&own.links).into_iter().next().map(|link| link.url);
        Part {
            name: shortened(&self.joined(&own.name), NAME),
            role,
            image: own.image.as_ref().and_then(|image| self.picture(&image.value)),
            url: self.archive.speaker_of(person).map(|_| page()).or_else(elsewhere),
        }
    }
}

/// Whether someone who speaks is a host, or is credited with what they do.
fn is_among(person: usize, hosts: &[usize], credits: &[Credit]) -> bool {
    let on_air = |credit: &Credit| credit.person == Some(person) && credit.role.group() == "cast";
    hosts.contains(&person) || credits.iter().any(on_air)
}

fn add(parts: &mut Vec<Part>, part: Part) {
    if !part.name.is_empty() && !parts.contains(&part) {
        parts.push(part);
    }
}

pub fn write_persons(writer: &mut Xml, parts: &[Part]) -> io::Result<()> {
    for part in parts {
        let mut attributes = vec![("role", part.role.name()), ("group", part.role.group())];
        attributes.extend(part.image.as_deref().map(|image| ("img", image)));
        attributes.extend(part.url.as_deref().map(|url| ("href", url)));
        put_with(writer, "podcast:person", &attributes, &part.name)?;
    }
    Ok(())
}
