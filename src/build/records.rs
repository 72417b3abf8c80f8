//! What there is to remember of the episodes, once the archive stands. Never writes it.

use std::sync::Arc;

use foldhash::HashMap;

use super::episodes::Taken;
use crate::archive::Archive;
use crate::digest::Digest;
use crate::memory::{Record, Written};
use crate::project::Project;

/// What there is to remember of the episodes, in the order of their names.
pub struct Records {
    new: Vec<(Arc<str>, Option<Record>)>,
    /// Records of those that are not part of the archive.
    drafts: HashMap<Arc<str>, Written>,
}

impl Records {
    pub fn of(taken: &mut [Taken], project: &Project) -> Records {
        let mut records = Records { new: Vec::with_capacity(taken.len()), drafts: HashMap::default() };
        for one in taken {
            let record = one.record.take();
            if let (Some(record), Some(digest), false) = (&record, &one.digest, one.is_wanted(project)) {
                records.drafts.extend(record.with(digest).map(|record| (one.origin.clone(), record)));
            }
            records.new.push((one.origin.clone(), record));
        }
        records
    }

    /// Each episode, and whether there is something new to remember of it.
    pub fn list(&self) -> Vec<(Arc<str>, bool)> {
        self.new.iter().map(|(origin, record)| (origin.clone(), record.is_some())).collect()
    }

    /// Gives the new record of an episode, by its name.
    pub fn by_origin<'a>(&'a self, archive: &'a Archive) -> impl Fn(&str) -> Option<Written> + 'a {
        let digests: HashMap<&str, &Digest> =
            archive.episodes.iter().map(|digest| (&*digest.origin, &**digest)).collect();
        let records: HashMap<&str, &Record> =
            self.new.iter().filter_map(|(origin, record)| Some((&**origin, record.as_ref()?))).collect();
        move |origin| match digests.get(origin) {
            Some(digest) => records.get(origin)?.with(digest),
            None => self.drafts.get(origin).cloned(),
        }
    }
}
