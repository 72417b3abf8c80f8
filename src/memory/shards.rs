//! The episodes' records in some dozens of files, so that a change of one episode writes a small
//! part of them; beside each file another with the texts that few look at, of which a build reads
//! what its pages show. Never looks into a record.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::records::{Remembered, Written};
use super::{begun, encoded};
use crate::key::{Key, key_of_bytes};
use crate::packed::Shelf;
use crate::publish::cache::{Cache, Kept, Parts};
use crate::read::WorldError;

const COUNT: usize = 32;

/// Records by the name of their episode.
#[derive(Debug, Default)]
pub struct Shards {
    shards: Vec<Shard>,
    /// Whether a text was asked for that is not there any more.
    lost: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Shard {
    /// A list of the records' names and ends, then the records.
    bytes: Vec<u8>,
    records: HashMap<String, Place>,
    /// Whether a file is there that cannot be used.
    damaged: bool,
    /// The file of the texts.
    texts: Option<Arc<Texts>>,
}

/// What is new of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing: its record holds.
    Same,
    New,
    /// It cannot be remembered as it is; what was remembered may hold again.
    Nothing,
}

/// Where an episode's record is in its file, and its texts in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub record: Range<usize>,
    pub texts: Range<usize>,
}

/// Texts in a file, each read when it is asked for.
#[derive(Debug)]
struct Texts {
    parts: Parts,
    lost: Arc<AtomicBool>,
}

impl Shelf for Texts {
    fn take(&self, start: u64, len: usize, key: Key) -> Option<Vec<u8>> {
        let bytes = self.parts.read(start, len).filter(|bytes| key_of_bytes(bytes) == key);
        if bytes.is_none() {
            self.lost.store(true, Ordering::Relaxed);
        }
        bytes
    }
}

fn shard_of(origin: &str) -> usize {
    xxh3_64(origin.as_bytes()) as usize % COUNT
}

fn name(shard: usize) -> String {
    format!("episodes-{shard:02}")
}

fn name_of_texts(shard: usize) -> String {
    format!("texts-{shard:02}")
}

impl Shards {
    /// Those that were kept. With `stays`, another program may keep others meanwhile.
    pub fn load(cache: &Cache, stays: bool) -> Shards {
        let mut shards = Shards::default();
        let lost = &shards.lost;
        shards.shards = (0..COUNT).into_par_iter().map(|shard| Shard::load(shard, cache, lost)).collect();
        if stays {
            shards.shards.iter().for_each(Shard::hold);
        }
        shards
    }

    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.records.is_empty())
    }

    pub fn is_damaged(&self) -> bool {
        self.shards.iter().any(|shard| shard.damaged)
    }

    /// Whether a text was asked for that is not there any more. What was made of it is wrong.
    pub fn have_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    fn find(&self, origin: &str) -> Option<(&Shard, &Place)> {
        let shard = self.shards.get(shard_of(origin))?;
        Some((shard, shard.records.get(origin)?))
    }

    /// What is remembered of an episode.
    pub fn recall(&self, origin: &str) -> Option<Remembered<'_>> {
        let (shard, place) = self.find(origin)?;
        let texts: Arc<dyn Shelf> = shard.texts.clone()?;
        Remembered::read(shard.bytes.get(place.record.clone())?, &texts, place.texts.start)
    }

    /// The same, as it is written.
    pub fn written(&self, origin: &str) -> Option<Written> {
        let (shard, place) = self.find(origin)?;
        let texts = shard.texts.as_ref()?.parts.read(place.texts.start as u64, place.texts.len())?;
        Some(Written { record: shard.bytes.get(place.record.clone())?.to_vec(), texts })
    }

    /// Saves the records of `episodes`, those that are new as `fresh` gives them and the others as
    /// they were; files in which nothing changes stay. Holds the new records of one file per thread,
    /// unless `stays` says that these records are asked for again.
    pub fn save(
        &mut self,
        episodes: &[(Arc<str>, News)],
        fresh: impl Fn(&str) -> Option<Written> + Sync,
        cache: &Cache,
        stays: bool,
    ) -> Result<(), WorldError> {
        let mut shards: Vec<Vec<(&str, bool)>> = vec![Vec::new(); COUNT];
        for (origin, news) in episodes {
            if *news != News::Nothing || self.find(origin).is_some() {
                shards[shard_of(origin)].push((origin, *news == News::New));
            }
        }
        let save = |(number, episodes): (usize, Vec<(&str, bool)>)| {
            let before = self.shards.get(number);
            let as_before = before.map_or(episodes.is_empty(), |before| before.is_of(episodes.len()));
            if as_before && !episodes.iter().any(|(_, is_new)| *is_new) {
                return None;
            }
            let records = Records::of(&episodes, before, &fresh);
            let bytes = records.to_bytes();
            let kept = cache.save(&name_of_texts(number), &records.texts);
            let kept = kept.and_then(|()| cache.save(&name(number), &bytes));
            let shard = stays.then(|| {
                let shard = Shard::of(bytes, number, cache, &self.lost);
                shard.hold();
                (number, shard)
            });
            Some((kept, shard))
        };
        // One by one, so that few of them are held at a time.
        let saving = shards.into_par_iter().enumerate().with_max_len(1);
        let (kept, shards): (Vec<Result<(), WorldError>>, Vec<_>) = saving.filter_map(save).unzip();
        for (number, shard) in shards.into_iter().flatten() {
            self.shards.resize_with(COUNT, Shard::default);
            self.shards[number] = shard;
        }
        kept.into_iter().collect()
    }
}

/// Records on their way into a file.
#[derive(Default)]
struct Records<'o> {
    /// The name of each, where it ends, and where its texts end.
    list: Vec<(&'o str, usize, usize)>,
    records: Vec<u8>,
    texts: Vec<u8>,
}

impl<'o> Records<'o> {
    /// The records of `episodes`, each with whether it is new: those as `fresh` gives them, and the
    /// others as they were `before`.
    fn of(
        episodes: &[(&'o str, bool)],
        before: Option<&Shard>,
        fresh: &impl Fn(&str) -> Option<Written>,
    ) -> Records<'o> {
        let old = before.map(|before| (before, before.all_texts()));
        let mut records = Records::default();
        for (origin, is_new) in episodes {
            if let Some(Written { record, texts }) = is_new.then(|| fresh(origin)).flatten() {
                records.push(origin, &record, &texts);
            } else if let Some((record, texts)) =
                old.as_ref().and_then(|(shard, texts)| shard.old(origin, texts))
            {
                records.push(origin, record, texts);
            }
        }
        records
    }

    fn push(&mut self, origin: &'o str, record: &[u8], texts: &[u8]) {
        self.records.extend_from_slice(record);
        self.texts.extend_from_slice(texts);
        self.list.push((origin, self.records.len(), self.texts.len()));
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = encoded(&self.list);
        bytes.extend_from_slice(&self.records);
        bytes
    }
}

/// Where the records of a file are, and their texts.
pub fn places(bytes: &[u8]) -> Option<HashMap<String, Place>> {
    let (list, rest) = begun::<Vec<(String, usize, usize)>>(bytes)?;
    let first = bytes.len() - rest.len();
    let (mut start, mut start_of_texts) = (first, 0);
    let mut records = HashMap::with_capacity(list.len());
    for (origin, end, end_of_texts) in list {
        let end = first.checked_add(end).filter(|end| (start..=bytes.len()).contains(end))?;
        if end_of_texts < start_of_texts {
            return None;
        }
        records.insert(origin, Place { record: start..end, texts: start_of_texts..end_of_texts });
        (start, start_of_texts) = (end, end_of_texts);
    }
    (start == bytes.len()).then_some(records)
}

impl Shard {
    fn load(number: usize, cache: &Cache, lost: &Arc<AtomicBool>) -> Shard {
        match cache.load(&name(number)) {
            Kept::Nothing => Shard::default(),
            Kept::Unusable => Shard { damaged: true, ..Shard::default() },
            Kept::Bytes(bytes) => Shard::of(bytes, number, cache, lost),
        }
    }

    fn of(bytes: Vec<u8>, number: usize, cache: &Cache, lost: &Arc<AtomicBool>) -> Shard {
        let texts = Texts { parts: cache.parts(&name_of_texts(number)), lost: lost.clone() };
        match places(&bytes) {
            Some(records) => Shard { bytes, records, damaged: false, texts: Some(Arc::new(texts)) },
            None => Shard { damaged: true, ..Shard::default() },
        }
    }

    /// Holds on to the file of its texts.
    fn hold(&self) {
        if let Some(texts) = &self.texts {
            texts.parts.hold();
        }
    }

    /// Whether its file holds so many records.
    fn is_of(&self, count: usize) -> bool {
        !self.damaged && self.records.len() == count
    }

    /// All its texts; none where they cannot be had.
    fn all_texts(&self) -> Vec<u8> {
        let end = self.records.values().map(|place| place.texts.end).max().unwrap_or_default();
        let read = |texts: &Arc<Texts>| texts.parts.read(0, end);
        self.texts.as_ref().and_then(read).unwrap_or_default()
    }

    /// A record as it was, and its texts among all.
    fn old<'a>(&'a self, origin: &str, texts: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let place = self.records.get(origin)?;
        Some((self.bytes.get(place.record.clone())?, texts.get(place.texts.clone())?))
    }
}
