//! Says who makes which file of the site, so that no two sources make the same one. Never touches
//! the disk.

use std::fmt;

use foldhash::HashMap;

use crate::slug::folded;

/// The claimed paths. Compared folded, so that a site built on one file system is whole on every
/// other.
#[derive(Debug, Default)]
pub struct Registry<'o> {
    /// The owner of each file, by folded path.
    files: HashMap<String, &'o str>,
    /// The first owner below each folder, by folded path.
    folders: HashMap<String, &'o str>,
}

/// Two sources that want the same file, or one a file where the other needs a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The path of the second claim.
    pub path: String,
    /// The owner that came first.
    pub first: String,
    /// The owner that was turned away.
    pub second: String,
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} is wanted by both {} and {}", self.path, self.first, self.second)
    }
}

impl std::error::Error for Clash {}

impl<'o> Registry<'o> {
    pub fn new() -> Registry<'o> {
        Registry::default()
    }

    /// Claims a path for `owner`, the name of its source, such as `content/show/012.txt`.
    ///
    /// # Errors
    /// A path that is taken, lies below one that is, or is a folder of one that is; the registry
    /// then stays as it was.
    pub fn claim(&mut self, path: &str, owner: &'o str) -> Result<(), Clash> {
        let folded = folded(path);
        let taken = self
            .files
            .get(&folded)
            .or_else(|| self.folders.get(&folded))
            .or_else(|| super::manifest::folders(&folded).find_map(|folder| self.files.get(folder)));
        if let Some(first) = taken {
            return Err(Clash {
                path: path.to_owned(),
                first: (*first).to_owned(),
                second: owner.to_owned(),
            });
        }
        for folder in super::manifest::folders(&folded) {
            if self.folders.contains_key(folder) {
                break;
            }
            self.folders.insert(folder.to_owned(), owner);
        }
        self.files.insert(folded, owner);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim<'o>(registry: &mut Registry<'o>, path: &str, owner: &'o str) -> Result<(), Clash> {
        registry.claim(path, owner)
    }

    #[test]
    fn a_second_claim_names_both_sources() {
        let mut registry = Registry::new();
        claim(&mut registry, "a/index.html", "one.txt").unwrap();
        claim(&mut registry, "a/b/index.html", "two.txt").unwrap();
        let clash = claim(&mut registry, "a/index.html", "three.txt").unwrap_err();
        assert_eq!(clash.to_string(), "a/index.html is wanted by both one.txt and three.txt");
    }

    #[test]
    fn paths_that_differ_in_case_or_normal_form_clash() {
        let mut registry = Registry::new();
        claim(&mut registry, "Caf\u{e9}.png", "one").unwrap();
        assert!(claim(&mut registry, "cafe\u{301}.PNG", "two").is_err());
    }

    #[test]
    fn a_file_where_another_needs_a_folder_clashes_in_either_order() {
        let mut registry = Registry::new();
        claim(&mut registry, "a/b/c", "one").unwrap();
        assert_eq!(claim(&mut registry, "A/b", "two").unwrap_err().first, "one");
        assert_eq!(claim(&mut registry, "a", "two").unwrap_err().first, "one");
        assert_eq!(claim(&mut registry, "a/B/c/d", "two").unwrap_err().first, "one");
        claim(&mut registry, "a/bc", "two").unwrap();
    }

    #[test]
    fn a_failed_claim_leaves_nothing_behind() {
        let mut registry = Registry::new();
        claim(&mut registry, "a", "one").unwrap();
        claim(&mut registry, "a/b/c", "two").unwrap_err();
        assert_eq!(registry.files.len(), 1);
        assert!(registry.folders.is_empty());
    }
}
