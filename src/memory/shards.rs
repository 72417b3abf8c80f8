//! The episodes' records in some dozens of files, so that a change of one episode writes a small
//! part of them. Never looks into a record.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{begun, encoded};
use crate::publish::cache::{Cache, Kept};
use crate::read::WorldError;

const COUNT: usize = 32;

/// Records by the name of their episode.
#[derive(Debug, Default)]
pub struct Shards {
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    /// A list of the records' names and ends, then the records.
    bytes: Vec<u8>,
    /// Where each record is in `bytes`.
    records: HashMap<String, Range<usize>>,
    /// Whether a file is there that cannot be used.
    damaged: bool,
}

fn shard_of(origin: &str) -> usize {
    xxh3_64(origin.as_bytes()) as usize % COUNT
}

fn name(shard: usize) -> String {
    format!("episodes-{shard:02}")
}

impl Shards {
    pub fn load(cache: &Cache) -> Shards {
        Shards { shards: (0..COUNT).into_par_iter().map(|shard| Shard::load(shard, cache)).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.records.is_empty())
    }

    pub fn is_damaged(&self) -> bool {
        self.shards.iter().any(|shard| shard.damaged)
    }

    pub fn get(&self, origin: &str) -> Option<&[u8]> {
        let shard = self.shards.get(shard_of(origin))?;
        shard.bytes.get(shard.records.get(origin)?.clone())
    }

    /// Saves the records of `episodes`, those that are new as `fresh` gives them and the others as
    /// they were; files in which nothing changes stay. Holds the new records of one file at a time,
    /// unless `stays` says that these records are asked for again.
    pub fn save(
        &mut self,
        episodes: &[(Arc<str>, bool)],
        fresh: impl Fn(&str) -> Option<Vec<u8>>,
        cache: &Cache,
        stays: bool,
    ) -> Result<(), WorldError> {
        let mut saved = Ok(());
        let mut shards: Vec<Vec<(&str, bool)>> = vec![Vec::new(); COUNT];
        for (origin, is_new) in episodes {
            if *is_new || self.get(origin).is_some() {
                shards[shard_of(origin)].push((origin, *is_new));
            }
        }
        for (shard, episodes) in shards.iter().enumerate() {
            let before = self.shards.get(shard);
            let as_before = before.map_or(episodes.is_empty(), |before| before.is_of(episodes.len()));
            if as_before && !episodes.iter().any(|(_, is_new)| *is_new) {
                continue;
            }
            let records: Vec<(&str, Cow<[u8]>)> = episodes
                .iter()
                .filter_map(|(origin, is_new)| {
                    let new = is_new.then(|| fresh(origin)).flatten().map(Cow::Owned);
                    Some((*origin, new.or_else(|| self.get(origin).map(Cow::Borrowed))?))
                })
                .collect();
            let bytes = written(&records);
            saved = saved.and(cache.save(&name(shard), &bytes));
            if stays {
                self.shards.resize_with(COUNT, Shard::default);
                self.shards[shard] = Shard::of(bytes);
            }
        }
        saved
    }
}

/// Records as bytes of a file.
fn written(records: &[(&str, Cow<[u8]>)]) -> Vec<u8> {
    let mut end = 0;
    let list: Vec<(&str, usize)> = records
        .iter()
        .map(|(origin, record)| {
            end += record.len();
            (*origin, end)
        })
        .collect();
    let mut bytes = encoded(&list);
    for (_, record) in records {
        bytes.extend_from_slice(record);
    }
    bytes
}

/// Where the records of a file are.
pub fn places(bytes: &[u8]) -> Option<HashMap<String, Range<usize>>> {
    let (list, rest) = begun::<Vec<(String, usize)>>(bytes)?;
    let first = bytes.len() - rest.len();
    let mut start = first;
    let mut records = HashMap::with_capacity(list.len());
    for (origin, end) in list {
        let end = first.checked_add(end).filter(|end| (start..=bytes.len()).contains(end))?;
        records.insert(origin, start..end);
        start = end;
    }
    (start == bytes.len()).then_some(records)
}

impl Shard {
    fn load(shard: usize, cache: &Cache) -> Shard {
        match cache.load(&name(shard)) {
            Kept::Nothing => Shard::default(),
            Kept::Unusable => Shard { damaged: true, ..Shard::default() },
            Kept::Bytes(bytes) => Shard::of(bytes),
        }
    }

    fn of(bytes: Vec<u8>) -> Shard {
        match places(&bytes) {
            Some(records) => Shard { bytes, records, damaged: false },
            None => Shard { damaged: true, ..Shard::default() },
        }
    }

    /// Whether its file holds so many records.
    fn is_of(&self, count: usize) -> bool {
        !self.damaged && self.records.len() == count
    }
}
