//! What there is to remember of the episodes, once the archive stands. Never writes it.

use std::sync::Arc;

use foldhash::HashMap;

use super::episodes::Taken;
use crate::archive::Archive;
use crate::digest::Digest;
use crate::memory::{News, Record, Written};
use crate::project::Project;

/// What there is to remember of the episodes, in the order of their names.
pub struct Records {
    all: Vec<(Arc<str>, News)>,
    new: HashMap<Arc<str>, Record>,
    /// Records of those that are not part of the archive.
    drafts: HashMap<Arc<str>, Written>,
}

impl Records {
    pub fn of(taken: &mut [Taken], project: &Project) -> Records {
        let mut all = Vec::with_capacity(taken.len());
        let (mut new, mut drafts) = (HashMap::default(), HashMap::default());
        for one in taken {
            let news = match (one.record.take(), one.is_recalled) {
                (_, true) => News::Same,
                (None, false) => News::Nothing,
                (Some(record), false) => {
                    let draft = one.digest.as_ref().filter(|_| !one.is_wanted(project));
                    let draft = draft.and_then(|digest| record.with(digest));
                    drafts.extend(draft.map(|record| (one.origin.clone(), record)));
                    new.insert(one.origin.clone(), record);
                    News::New
                }
            };
            all.push((one.origin.clone(), news));
        }
        Records { all, new, drafts }
    }

    /// Each episode, and what is new of it.
    pub fn list(&self) -> &[(Arc<str>, News)] {
        &self.all
    }

    /// Gives the new record of an episode, by its name.
    pub fn by_origin<'a>(&'a self, archive: &'a Archive) -> impl Fn(&str) -> Option<Written> + Sync + 'a {
        let is_new = |digest: &&Arc<Digest>| self.new.contains_key(&digest.origin);
        let digests: HashMap<&str, &Digest> = match self.new.is_empty() {
            true => HashMap::default(),
            false => {
                let new = archive.episodes.iter().filter(is_new);
                new.map(|digest| (&*digest.origin, &**digest)).collect()
            }
        };
        move |origin| match digests.get(origin) {
            Some(digest) => self.new.get(origin)?.with(digest),
            None => self.drafts.get(origin).cloned(),
        }
    }
}
