//! The episodes' records in some dozens of files, so that a change of one episode writes a small
//! part of them. Never looks into a record.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{decoded, encoded};
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
    records: HashMap<String, Vec<u8>>,
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
        self.shards.get(shard_of(origin))?.records.get(origin).map(Vec::as_slice)
    }

    /// Saves the records of `episodes`, new ones as given and others as they were; files in which
    /// nothing changes stay.
    pub fn save(&self, episodes: &[(Arc<str>, Option<Vec<u8>>)], cache: &Cache) -> Result<(), WorldError> {
        let mut shards: Vec<Vec<(&str, &[u8])>> = vec![Vec::new(); COUNT];
        let mut changed = [false; COUNT];
        for (origin, record) in episodes {
            let shard = shard_of(origin);
            changed[shard] |= record.is_some();
            if let Some(bytes) = record.as_deref().or_else(|| self.get(origin)) {
                shards[shard].push((origin, bytes));
            }
        }
        for (shard, records) in shards.iter().enumerate() {
            let before = self.shards.get(shard);
            let as_before = before.map_or(records.is_empty(), |before| before.is_of(records.len()));
            if changed[shard] || !as_before {
                cache.save(&name(shard), &encoded(records))?;
            }
        }
        Ok(())
    }
}

impl Shard {
    fn load(shard: usize, cache: &Cache) -> Shard {
        let records = match cache.load(&name(shard)) {
            Kept::Nothing => return Shard::default(),
            Kept::Unusable => None,
            Kept::Bytes(bytes) => decoded::<Vec<(String, Vec<u8>)>>(&bytes),
        };
        let damaged = records.is_none();
        Shard { records: records.into_iter().flatten().collect(), damaged }
    }

    /// Whether its file holds so many records.
    fn is_of(&self, count: usize) -> bool {
        !self.damaged && self.records.len() == count
    }
}
