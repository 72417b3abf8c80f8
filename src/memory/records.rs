//! What is remembered of one episode, and when it still holds.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{decoded, encoded};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::key::Key;
use crate::lang::Lang;
use crate::source::Limits;

/// The files that an episode was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// Of the names of all files that it has: they decide which of them are read.
    pub listing: Key,
    /// Those that were read, each by name and key.
    pub read: Vec<(Arc<str>, Key)>,
}

/// An episode as it was read: it need not be read again while its files and what its show says of
/// languages and terms are the same.
#[derive(Debug, Deserialize)]
pub struct Remembered {
    pub sources: Sources,
    /// The languages that its show or the site asks for.
    pub langs: Vec<Lang>,
    /// Of the terms by which its tracks were paired.
    pub glossary: Key,
    /// How much was taken of its files.
    pub limits: Limits,
    pub findings: Vec<Diagnostic>,
    pub digest: Digest,
}

impl Remembered {
    pub fn read(bytes: &[u8]) -> Option<Remembered> {
        decoded(bytes)
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
    /// As bytes, with the digest: a `Remembered`.
    pub fn with(&self, digest: &Digest) -> Vec<u8> {
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
        encoded(&Kept { sources, langs, glossary: *glossary, limits: *limits, findings, digest })
    }
}
