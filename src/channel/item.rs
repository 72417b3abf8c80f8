//! What front matter says of an episode that only feeds read: chapters, persons, license, sizes.
//! Never looks for the files that it names.

use serde::{Deserialize, Serialize};

use super::{Credit, License, read_choice, read_license, read_persons};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::slug::is_safe_address;
use crate::table::{At, Fields, Item};
use crate::text::{Localized, shortened};
use crate::timestamp::{Millis, Retime};

/// What the author says of an episode to feeds alone. All of it is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemSettings {
    pub explicit: Option<bool>,
    /// `full`, `trailer` or `bonus`.
    pub kind: Option<String>,
    pub block: bool,
    pub license: Option<License>,
    /// In the order of their times.
    pub chapters: Vec<Chapter>,
    /// A file with chapters, or its address.
    pub chapters_file: Option<At<String>>,
    /// Those of the file, where it lies in the project: it is published as it is.
    pub file_chapters: Vec<Chapter>,
    pub persons: Vec<Credit>,
    /// How many bytes a recording has: of the one in a language, or of any.
    pub audio_sizes: Vec<(Option<Lang>, u64)>,
}

impl ItemSettings {
    /// The chapters, wherever the author lists them.
    pub fn parts(&self) -> &[Chapter] {
        if self.chapters.is_empty() { &self.file_chapters } else { &self.chapters }
    }
}

/// A part of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    pub start: Millis,
    pub end: Option<Millis>,
    pub title: Localized,
    pub url: Option<String>,
    pub image: Option<String>,
    /// Whether programs list it.
    pub listed: bool,
}

const KINDS: [&str; 3] = ["full", "trailer", "bonus"];

/// Reads the keys of front matter; nothing where none of them is there.
pub fn read_item(fields: &mut Fields) -> Option<Box<ItemSettings>> {
    let (chapters, chapters_file) = read_chapters(fields);
    let item = ItemSettings {
        explicit: fields.boolean("explicit"),
        kind: read_choice(fields, "type", &KINDS),
        block: fields.boolean("block").unwrap_or(false),
        license: read_license(fields),
        chapters,
        chapters_file,
        file_chapters: Vec::new(),
        persons: read_persons(fields),
        audio_sizes: fields.sizes("audio_size"),
    };
    (item != ItemSettings::default()).then(|| Box::new(item))
}

enum Entry {
    File(String),
    Chapter(Option<Chapter>),
}

fn read_chapters(fields: &mut Fields) -> (Vec<Chapter>, Option<At<String>>) {
    let entries = fields.items("chapters", "a file, or a list of { start, title }", |item| {
        Some(match item {
            Item::Text(name) => Entry::File(name),
            Item::Table(table) => Entry::Chapter(read_chapter(table)),
        })
    });
    let (mut chapters, mut file) = (Vec::<Chapter>::new(), None);
    let mut late = None;
    for At { value, span } in entries {
        match value {
            Entry::File(value) => file = Some(At { value, span }),
            Entry::Chapter(Some(chapter)) => {
                if chapters.last().is_some_and(|before| chapter.start < before.start) {
                    late.get_or_insert(span);
                }
                chapters.push(chapter);
            }
            Entry::Chapter(None) => {
                let missing = Diagnostic::error("missing-key", "a chapter needs a `start` and a `title`");
                fields.report(missing.help("write { start = \"1:30\", title = \"…\" }"), span);
            }
        }
    }
    if let (Some(file), false) = (&file, chapters.is_empty()) {
        let message = "chapters are listed here and named as a file: the file is left out";
        let finding = Diagnostic::warning("chapters-twice", message);
        fields.report(finding.help("keep one of them"), file.span.clone());
    }
    if let Some(span) = late {
        let finding = Diagnostic::warning("chapters-order", "this chapter starts before the one above it");
        fields.report(finding.help("they are published in the order of their times"), span);
        chapters.sort_by_key(|chapter| chapter.start);
    }
    let file = file.filter(|_| chapters.is_empty());
    (chapters, file)
}

fn read_chapter(mut fields: Fields) -> Option<Chapter> {
    let start = read_time(&mut fields, "start");
    let end = read_time(&mut fields, "end");
    let title = fields.text("title").filter(|title| !title.is_empty());
    let mut address = |key| {
        let written = fields.string(key)?;
        let is_web = ["https://", "http://"].iter().any(|scheme| written.value.starts_with(scheme));
        if is_web && is_safe_address(&written.value) {
            return Some(written.value);
        }
        let message = format!("this link is left out: `{}`", shortened(&written.value, 80));
        let finding = Diagnostic::warning("unsafe-link", message);
        fields.report(finding.help("chapters take whole addresses, with https or http"), written.span);
        None
    };
    let (url, image) = (address("url"), address("image"));
    let listed = fields.boolean("listed").unwrap_or(true);
    fields.finish();
    Some(Chapter { start: start?, end, title: title?, url, image, listed })
}

fn read_time(fields: &mut Fields, key: &'static str) -> Option<Millis> {
    let written = fields.number_or_string(key)?;
    let found = Retime::parse_shift(&written.value).and_then(|millis| u64::try_from(millis).ok());
    if found.is_none() {
        let message = format!("`{key}` cannot be `{}`", shortened(&written.value, 40));
        let finding = Diagnostic::error("duration", message);
        fields.report(finding.help("write a clock, such as \"1:02.5\", or seconds"), written.span);
    }
    found.map(Millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::table::{Findings, read_toml};

    fn read(text: &str) -> (ItemSettings, Vec<String>) {
        let findings = Findings::default();
        let source = Source::new("content/a.md", text);
        let item = read_toml(&source, 0..text.len(), &findings, |mut fields| {
            let item = read_item(&mut fields);
            fields.finish();
            item
        });
        let codes = findings.borrow().iter().map(|finding| finding.code.0.to_string()).collect();
        (item.flatten().map_or_else(ItemSettings::default, |item| *item), codes)
    }

    #[test]
    fn nothing_said_takes_no_room() {
        let source = Source::new("content/a.md", "");
        let item = read_toml(&source, 0..0, &Findings::default(), |mut fields| read_item(&mut fields));
        assert!(item.is_some_and(|item| item.is_none()));
    }

    #[test]
    fn chapters_stand_in_the_order_of_their_times() {
        let (item, codes) = read(
            "chapters = [{ start = 90.5, title = \"B\" }, { start = \"0:00\", title = \"A\", listed = false }]",
        );
        let found: Vec<_> = item.chapters.iter().map(|one| (one.start.0, one.listed)).collect();
        assert_eq!((found, codes), (vec![(0, false), (90_500, true)], vec!["chapters-order".to_owned()]));
        let (item, codes) = read("chapters = \"c.json\"");
        assert_eq!((item.chapters_file.unwrap().value.as_str(), codes.len()), ("c.json", 0));
    }

    #[test]
    fn every_mistake_has_its_code() {
        let (item, codes) = read(
            "type = \"half\"\nlicense = {}\naudio_size = -1\n\
             persons = [{ role = \"guest\" }, { name = \"A\", role = \"gest\" }]\n\
             chapters = [{ title = \"A\" }, { start = \"late\", title = \"B\" }, { start = 1, title = \"C\", url = \"javascript:a\" }]",
        );
        assert_eq!((item.persons.len(), item.chapters.len()), (1, 1));
        let mut codes = codes;
        codes.sort();
        let wanted = [
            "choice",
            "duration",
            "missing-key",
            "missing-key",
            "missing-key",
            "missing-key",
            "role",
            "unsafe-link",
            "wrong-type",
        ];
        assert_eq!(codes, wanted);
    }
}
