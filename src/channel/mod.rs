//! What a feed says beside what the pages show: `[feed]` of `site.toml` and `show.toml`, and the
//! keys of front matter that only feeds read. Never reads a file, and never writes a feed.

mod item;
mod lists;

pub use item::{Chapter, ItemSettings, read_item};
pub use lists::{Category, Role};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::slug::is_safe_address;
use crate::table::{At, Fields, Item};
use crate::text::{Localized, shortened};

/// What the author says of a feed. All of it is optional.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FeedSettings {
    pub author: Option<Localized>,
    pub owner: Option<Owner>,
    pub categories: Vec<Category>,
    pub explicit: Option<bool>,
    /// `episodic` or `serial`.
    pub kind: Option<String>,
    /// A path below `static/`, or an address.
    pub image: Option<At<String>>,
    pub copyright: Option<Localized>,
    pub license: Option<License>,
    pub medium: Option<String>,
    pub locked: Option<bool>,
    pub complete: bool,
    pub block: bool,
    pub guid: Option<String>,
    pub persons: Vec<Credit>,
}

/// Whom directories write to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owner {
    pub name: Option<String>,
    pub email: String,
}

/// Under which terms the recordings are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct License {
    pub name: String,
    pub url: Option<String>,
}

/// Someone who has a part in a show or an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    pub who: Who,
    pub role: Role,
    /// Index into `People::list` of who is given by id. Not kept with the rest: it holds for one
    /// reading of `people.toml`.
    #[serde(skip)]
    pub person: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// The id of a person.
    Id(At<String>),
    /// Someone without an entry in `people.toml`.
    Name(Localized),
}

const KINDS: [&str; 2] = ["episodic", "serial"];
/// What feeds with items may be of.
const MEDIA: [&str; 8] = ["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "course"];
/// How long names and licenses may be, in characters.
const NAME: usize = 128;

impl FeedSettings {
    /// Reads the `[feed]` table.
    pub fn read(fields: &mut Fields) -> FeedSettings {
        FeedSettings {
            author: fields.text("author"),
            owner: read_owner(fields),
            categories: read_categories(fields),
            explicit: fields.boolean("explicit"),
            kind: read_choice(fields, "type", &KINDS),
            image: read_image(fields),
            copyright: fields.text("copyright"),
            license: read_license(fields),
            medium: read_choice(fields, "medium", &MEDIA),
            locked: fields.boolean("locked"),
            complete: fields.boolean("complete").unwrap_or(false),
            block: fields.boolean("block").unwrap_or(false),
            guid: read_guid(fields),
            persons: read_persons(fields),
        }
    }

    /// A show's settings, with the site's where they say nothing. What holds for one feed alone
    /// is never taken over.
    pub fn or(&self, site: &FeedSettings) -> FeedSettings {
        let own = self.clone();
        let site = site.clone();
        let list = |own: Vec<Category>, site| if own.is_empty() { site } else { own };
        FeedSettings {
            author: own.author.or(site.author),
            owner: own.owner.or(site.owner),
            categories: list(own.categories, site.categories),
            explicit: own.explicit.or(site.explicit),
            kind: own.kind.or(site.kind),
            image: own.image.or(site.image),
            copyright: own.copyright.or(site.copyright),
            license: own.license.or(site.license),
            medium: own.medium.or(site.medium),
            locked: own.locked.or(site.locked),
            persons: if own.persons.is_empty() { site.persons } else { own.persons },
            ..own
        }
    }
}

fn read_owner(fields: &mut Fields) -> Option<Owner> {
    let mut table = fields.table("owner")?;
    let name = table.string("name").map(|name| name.value).filter(|name| !name.is_empty());
    let email = table.string("email");
    table.finish();
    let Some(email) = email else {
        let missing = Diagnostic::error("missing-key", "an owner needs an `email`");
        fields.report(
            missing.help("directories send a code there to know who you are"),
            fields.place_of("owner"),
        );
        return None;
    };
    let is_address =
        email.value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !email.value.contains(char::is_whitespace);
    if !is_address {
        let message = format!("`{}` is not an e-mail address", shortened(&email.value, 40));
        fields.report(Diagnostic::error("email", message).help("write name@example.org"), email.span);
        return None;
    }
    Some(Owner { name, email: email.value })
}

fn read_categories(fields: &mut Fields) -> Vec<Category> {
    let mut found = Vec::new();
    for name in fields.strings("category").unwrap_or_default() {
        match Category::named(&name.value) {
            Some(category) if found.contains(&category) => {}
            Some(category) => found.push(category),
            None => {
                let message = format!("`{}` is no category of podcasts", shortened(&name.value, 40));
                let help = did_you_mean(&name.value, Category::names())
                    .map_or("docs/publishing.md lists them".to_owned(), |near| {
                        format!("did you mean `{near}`?")
                    });
                fields.report(Diagnostic::error("category", message).help(help), name.span);
            }
        }
    }
    found
}

/// One of a few words.
fn read_choice(fields: &mut Fields, key: &'static str, choices: &[&str]) -> Option<String> {
    let word = fields.string(key)?;
    if choices.contains(&word.value.as_str()) {
        return Some(word.value);
    }
    let message = format!("`{key}` cannot be `{}`", shortened(&word.value, 40));
    let help = format!("it is one of {}", choices.join(", "));
    fields.report(Diagnostic::error("choice", message).help(help), word.span);
    None
}

fn read_image(fields: &mut Fields) -> Option<At<String>> {
    let image = fields.string("image")?;
    if is_safe_address(&image.value) && !image.value.is_empty() {
        return Some(image);
    }
    let message = format!("this picture is left out: `{}`", shortened(&image.value, 80));
    let finding = Diagnostic::warning("unsafe-link", message);
    fields.report(finding.help("give a path below static/, or an address with http or https"), image.span);
    None
}

fn read_license(fields: &mut Fields) -> Option<License> {
    let entries = fields.items("license", "a license's name, or { name, url }", |item| match item {
        Item::Text(name) => Some(License { name, url: None }),
        Item::Table(mut table) => {
            let name = table.string("name").map(|name| name.value).unwrap_or_default();
            let url = table.string("url").map(|url| url.value).filter(|url| is_safe_address(url));
            table.finish();
            Some(License { name, url })
        }
    });
    let license = entries.into_iter().next()?;
    let name = shortened(&license.value.name, NAME);
    if name.is_empty() {
        let missing = Diagnostic::error("missing-key", "a license needs a `name`");
        fields.report(missing.help("write \"cc-by-4.0\", or { name = \"…\", url = \"…\" }"), license.span);
        return None;
    }
    Some(License { name, ..license.value })
}

/// A UUID in small letters.
fn read_guid(fields: &mut Fields) -> Option<String> {
    let guid = fields.string("guid")?;
    match uuid::Uuid::try_parse(&guid.value) {
        Ok(id) => Some(id.to_string()),
        Err(_) => {
            let message = format!("`{}` is not a UUID", shortened(&guid.value, 40));
            let help = "copy what stands in podcast:guid of the old feed, or take the key out";
            fields.report(Diagnostic::error("feed-guid", message).help(help), guid.span);
            None
        }
    }
}

/// Who has a part in it: `{ person, role }` or `{ name, role }`.
fn read_persons(fields: &mut Fields) -> Vec<Credit> {
    let entries =
        fields.items("persons", "a list of { person, role } or { name, role }", |item| match item {
            Item::Text(_) => None,
            Item::Table(mut table) => {
                let id = table.string("person").map(Who::Id);
                let who = id.or(table.text("name").filter(|name| !name.is_empty()).map(Who::Name));
                let role = read_role(&mut table);
                table.finish();
                Some(who.map(|who| Credit { who, role, person: None }))
            }
        });
    let mut found = Vec::new();
    for At { value, span } in entries {
        match value {
            Some(credit) => found.push(credit),
            None => {
                let missing = Diagnostic::error("missing-key", "someone needs a `person` or a `name`");
                fields.report(missing.help("`person` is an id of content/people.toml"), span);
            }
        }
    }
    found
}

fn read_role(fields: &mut Fields) -> Role {
    let Some(role) = fields.string("role") else { return Role::host() };
    Role::named(&role.value).unwrap_or_else(|| {
        let message = format!("`{}` is no role in a podcast", shortened(&role.value, 40));
        let help = did_you_mean(&role.value, Role::names())
            .map_or("docs/publishing.md lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        fields.report(Diagnostic::error("role", message).help(help), role.span);
        Role::host()
    })
}
