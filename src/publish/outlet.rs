//! Where the files of a site go: into a transaction, or past someone who only looks at them.
//! Never decides which files there are.

use std::path::Path;

use super::manifest::Fingerprint;
use super::transaction::Transaction;
use crate::read::WorldError;
use crate::slug::SitePath;

/// What takes the files of a site. Many threads may put at once.
pub trait Outlet: Sync {
    /// Whether the file is there already with these bytes, and needs not be put.
    fn keep(&self, path: &str, fingerprint: Fingerprint) -> bool;

    /// # Errors
    /// Those of the outlet, such as failures of the disk.
    fn put_pieces(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError>;

    /// # Errors
    /// As `put_pieces`.
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Fingerprint, WorldError> {
        self.put_pieces(path, &[bytes])
    }

    /// Gives a file's bytes in place of those that were put before.
    ///
    /// # Errors
    /// As `put_pieces`.
    fn put_again(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError>;

    /// Gives a file whose fingerprint is known; its bytes are made if they are needed.
    ///
    /// # Errors
    /// As `put_pieces`, and those of `make`.
    fn put_made(
        &self,
        path: &SitePath,
        known: Fingerprint,
        make: &dyn Fn() -> Result<Vec<u8>, WorldError>,
    ) -> Result<Fingerprint, WorldError> {
        if self.keep(path.as_str(), known) { Ok(known) } else { self.put(path, &make()?) }
    }

    /// Gives one file as a copy of `from`.
    ///
    /// # Errors
    /// As `put_pieces`, and where `from` cannot be read.
    fn put_file(&self, path: &SitePath, from: &Path) -> Result<Fingerprint, WorldError>;
}

impl Outlet for Transaction {
    fn keep(&self, path: &str, fingerprint: Fingerprint) -> bool {
        Transaction::keep(self, path, fingerprint)
    }

    fn put_pieces(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError> {
        Transaction::put_pieces(self, path, pieces)
    }

    fn put_again(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError> {
        Transaction::put_again(self, path, pieces)
    }

    fn put_file(&self, path: &SitePath, from: &Path) -> Result<Fingerprint, WorldError> {
        Transaction::put_file(self, path, from)
    }
}

/// What an onlooker sees of a file.
pub enum Content<'a> {
    Pieces(&'a [&'a [u8]]),
    /// It is published as it lies in the project.
    AsItIs,
}

/// Shows every file to an onlooker and keeps none.
pub struct Rehearsal<'a> {
    pub look: &'a (dyn Fn(&SitePath, Content) + Sync),
}

impl Outlet for Rehearsal<'_> {
    fn keep(&self, _: &str, _: Fingerprint) -> bool {
        false
    }

    fn put_pieces(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError> {
        (self.look)(path, Content::Pieces(pieces));
        // Nobody compares what is not kept: its length is all that counts.
        Ok(Fingerprint { hash: 0, len: pieces.iter().map(|piece| piece.len() as u64).sum() })
    }

    fn put_again(&self, path: &SitePath, pieces: &[&[u8]]) -> Result<Fingerprint, WorldError> {
        self.put_pieces(path, pieces)
    }

    fn put_made(
        &self,
        path: &SitePath,
        known: Fingerprint,
        _: &dyn Fn() -> Result<Vec<u8>, WorldError>,
    ) -> Result<Fingerprint, WorldError> {
        (self.look)(path, Content::AsItIs);
        Ok(Fingerprint { hash: 0, ..known })
    }

    fn put_file(&self, path: &SitePath, from: &Path) -> Result<Fingerprint, WorldError> {
        let found = std::fs::metadata(from).map_err(|error| WorldError::new("read", from, error))?;
        (self.look)(path, Content::AsItIs);
        Ok(Fingerprint { hash: 0, len: found.len() })
    }
}
