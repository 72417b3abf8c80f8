//! What is remembered of one episode, and when it still holds.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{decoded, encoded};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::key::Key;
use crate::lang::Lang;
use crate::packed::Shelf;
use crate::source::Limits;

/// The files that an episode was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources<Name = Arc<str>> {
    /// Of the names of all files that it has: they decide which of them are read.
    pub listing: Key,
    /// Those that were read, each by name and key.
    pub read: Vec<(Name, Key)>,
}

/// An episode as it was read: it need not be read again while its files and what its show says of
/// languages and terms are the same.
#[derive(Debug, Deserialize)]
pub struct Remembered<'a> {
    #[serde(borrow)]
    pub sources: Sources<&'a str>,
    /// The languages that its show or the site asks for.
    pub langs: Vec<Lang>,
    /// Of the terms by which its tracks were paired.
    pub glossary: Key,
    /// How much was taken of its files.
    pub limits: Limits,
    pub findings: Vec<Diagnostic>,
    pub digest: Digest,
}

impl<'a> Remembered<'a> {
    /// Reads a record. Its texts are on a shelf, one after the other from `start` on.
    pub fn read(record: &'a [u8], texts: &Arc<dyn Shelf>, start: usize) -> Option<Remembered<'a>> {
        let mut remembered: Remembered = decoded(record)?;
        let mut at = start as u64;
        for parcel in remembered.digest.parcels_mut() {
            parcel.shelve(texts, at);
            at += parcel.len() as u64;
        }
        Some(remembered)
    }
}

/// A `Remembered` as bytes: the record, and the texts that are kept by themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Written {
    pub record: Vec<u8>,
    pub texts: Vec<u8>,
}

impl Written {
    /// Nothing where it is no record, or texts are missing.
    pub fn read(&self) -> Option<Remembered<'_>> {
        let texts: Arc<dyn Shelf> = Arc::new(InMemory(self.texts.clone()));
        let remembered = Remembered::read(&self.record, &texts, 0)?;
        let whole = remembered.digest.parcels().map(|parcel| parcel.len()).sum::<usize>();
        (whole == self.texts.len()).then_some(remembered)
    }
}

/// Texts that are here.
struct InMemory(Vec<u8>);

impl Shelf for InMemory {
    fn take(&self, start: u64, len: usize, _: Key) -> Option<Vec<u8>> {
        let start = usize::try_from(start).ok()?;
        Some(self.0.get(start..start.checked_add(len)?)?.to_vec())
    }
}

/// What is remembered beside a digest.
#[derive(Debug)]
pub struct Record {
    pub sources: Sources,
    pub langs: Vec<Lang>,
    pub glossary: Key,
    pub limits: Limits,
    pub findings: Vec<Diagnostic>,
}

impl Record {
    /// As bytes, with a digest whose texts are at hand.
    pub fn with(&self, digest: &Digest) -> Option<Written> {
        #[derive(Serialize)]
        struct Kept<'a> {
            sources: &'a Sources,
            langs: &'a [Lang],
            glossary: Key,
            limits: Limits,
            findings: &'a [Diagnostic],
            digest: &'a Digest,
        }
        let Record { sources, langs, glossary, limits, findings } = self;
        let record =
            encoded(&Kept { sources, langs, glossary: *glossary, limits: *limits, findings, digest });
        let mut texts = Vec::new();
        digest.parcels().all(|parcel| parcel.push_to(&mut texts)).then_some(Written { record, texts })
    }
}
