//! The files of the last build's site, and which of them this one has again. Never believes that one
//! is still there: the outlet tells.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use crate::key::Key;
use crate::memory::{FileMemory, SiteMemory, Whole};

/// What the last build made.
pub struct Last<'a> {
    pub files: &'a [FileMemory],
    /// Where each is in the list, by its path.
    places: HashMap<&'a str, usize>,
    /// Of all claims to paths, which were found to be right.
    pub claims: Key,
}

impl<'a> Last<'a> {
    pub fn of(site: &'a SiteMemory) -> Last<'a> {
        let mut places = HashMap::with_capacity(site.files.len());
        places.extend(site.files.iter().enumerate().map(|(place, file)| (file.path.as_str(), place)));
        Last { files: &site.files, places, claims: site.claims }
    }

    pub fn nothing() -> Last<'static> {
        Last { files: &[], places: HashMap::new(), claims: Key::default() }
    }

    pub fn place(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    /// The files of an episode, by the path of its page, if all of them would be made of the same.
    pub fn same_whole(&self, path: &str, key: Key) -> Option<Range<usize>> {
        let first = self.place(path)?;
        let Whole { count, .. } = self.files[first].whole.filter(|whole| whole.key == key)?;
        (first + count <= self.files.len()).then_some(first..first + count)
    }
}

/// A file of the site.
pub enum SiteFile {
    /// As the last build made it: its place there.
    Last(usize),
    New(Box<FileMemory>),
}

impl SiteFile {
    pub fn get<'a>(&'a self, last: &'a [FileMemory]) -> &'a FileMemory {
        match self {
            SiteFile::Last(place) => &last[*place],
            SiteFile::New(file) => file,
        }
    }
}

/// The files of a site, whose old ones are taken out of `last`. None is there twice.
pub fn put_in_order(files: Vec<SiteFile>, mut last: Vec<FileMemory>) -> Vec<FileMemory> {
    let take = |file| match file {
        SiteFile::Last(place) => std::mem::take(&mut last[place]),
        SiteFile::New(file) => *file,
    };
    files.into_iter().map(take).collect()
}
