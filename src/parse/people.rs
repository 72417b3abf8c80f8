//! `content/people.toml` → who the speakers are, across the archive.

use crate::diagnostic::Diagnostic;
use crate::slug::is_safe_address;
use crate::source::Source;
use crate::table::{At, Fields, Findings, Link, read_toml};
use crate::text::Localized;

/// A person as the author describes them.
#[derive(Debug, Clone)]
pub struct PersonEntry {
    pub id: At<String>,
    pub name: Localized,
    pub aliases: Vec<At<String>>,
    pub bio: Option<Localized>,
    pub links: Vec<Link>,
    pub image: Option<At<String>>,
}

/// Reads the people in the order of the file.
pub fn read_people(source: &Source, findings: &Findings) -> Vec<PersonEntry> {
    let whole = 0..source.text.len();
    read_toml(source, whole, findings, |mut fields| {
        let people = fields.tables();
        people.into_iter().map(|(id, fields)| read_person(id, fields)).collect()
    })
    .unwrap_or_default()
}

fn read_person(id: At<String>, mut fields: Fields) -> PersonEntry {
    let entry = PersonEntry {
        name: fields.text("name").unwrap_or_else(|| Localized::plain(&id.value)),
        aliases: fields.strings("aliases").unwrap_or_default(),
        bio: fields.text("bio"),
        links: fields.links("links"),
        image: fields.string("image"),
        id,
    };
    if let Some(image) = entry.image.as_ref().filter(|image| !is_safe_address(&image.value)) {
        let finding = Diagnostic::warning("unsafe-link", "this address of a picture is left out");
        fields
            .report(finding.help("write a path below static/, or an address with https"), image.span.clone());
    }
    fields.finish();
    entry
}
