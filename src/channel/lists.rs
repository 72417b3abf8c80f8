//! The lists that podcast programs share: what people do for a podcast, and what it is about.
//! Never makes up a name of its own.

use serde::{Deserialize, Serialize};

/// A group and its roles a line, as the podcast namespace lists them, in small letters.
const ROLES: &str = include_str!("roles.tsv");
/// A category and those below it a line, as Apple's directory lists them.
const CATEGORIES: &str = include_str!("categories.tsv");

/// The first column of a line with what stands in one of the others.
fn entries(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().flat_map(|line| {
        let (first, rest) = line.split_once('\t').unwrap_or((line, ""));
        rest.split('\t').filter(|name| !name.is_empty()).map(move |name| (first, name))
    })
}

/// What someone does for a podcast, by its place in the list. The default is the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Role(u8);

impl Role {
    pub fn named(name: &str) -> Option<Role> {
        let place = entries(ROLES).position(|(_, role)| role.eq_ignore_ascii_case(name))?;
        u8::try_from(place).ok().map(Role)
    }

    pub fn host() -> Role {
        Role::named("host").expect("it is in the list")
    }

    pub fn guest() -> Role {
        Role::named("guest").expect("it is in the list")
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        entries(ROLES).map(|(_, role)| role)
    }

    pub fn name(self) -> &'static str {
        self.entry().1
    }

    pub fn group(self) -> &'static str {
        self.entry().0
    }

    fn entry(self) -> (&'static str, &'static str) {
        entries(ROLES).nth(self.0.into()).unwrap_or(("cast", "host"))
    }
}

/// What a podcast is about: a category, or one below another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    pub name: &'static str,
    pub below: Option<&'static str>,
}

impl Category {
    pub fn named(name: &str) -> Option<Category> {
        let top = CATEGORIES.lines().filter_map(|line| line.split('\t').next());
        let top = top.map(|name| Category { name, below: None });
        let below = entries(CATEGORIES).map(|(above, name)| Category { name, below: Some(above) });
        top.chain(below).find(|category| category.name.eq_ignore_ascii_case(name))
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        CATEGORIES.lines().flat_map(|line| line.split('\t'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_tells_its_group() {
        for (name, group) in
            [("Translator", "writing"), ("host", "cast"), ("sound designer", "audio post-production")]
        {
            let role = Role::named(name).unwrap();
            assert_eq!((role.name(), role.group()), (name.to_ascii_lowercase().as_str(), group));
        }
        assert_eq!(Role::named("boss"), None);
        assert_eq!(Role::names().count(), 63);
    }

    #[test]
    fn a_category_tells_what_it_is_below() {
        let category = |name| Category::named(name).map(|category| (category.below, category.name));
        assert_eq!(category("documentary"), Some((Some("Society & Culture"), "Documentary")));
        assert_eq!(category("Technology"), Some((None, "Technology")));
        assert_eq!(category("Books & Boats"), None);
        let mut names: Vec<_> = Category::names().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a name alone says which is meant");
    }
}
