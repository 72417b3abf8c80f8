//! The list of the files in the output folder that are ours, as text that reads and writes back
//! to the same bytes. Never believes a list that it could not have written.

use std::borrow::Borrow;
use std::fmt::Write;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};

use super::place::{self, stat};
use crate::key::Key;
use crate::read::WorldError;
use crate::text::any_byte;

/// The manifest's own name in the output folder.
pub const NAME: &str = ".diglot-manifest";

/// The first line: the name and version of the format.
const HEADER: &str = "diglot manifest 1";

/// What is remembered of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// XXH3, 128 bits.
    pub hash: u128,
    /// Length in bytes.
    pub len: u64,
}

impl Fingerprint {
    /// The key of the bytes.
    pub fn key(self) -> Key {
        self.hash.into()
    }

    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint { hash: xxhash_rust::xxh3::xxh3_128(bytes), len: bytes.len() as u64 }
    }

    /// The fingerprint of a file whose bytes come in pieces.
    pub fn of_pieces(pieces: &[&[u8]]) -> Fingerprint {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        let mut len = 0;
        for piece in pieces {
            hash.update(piece);
            len += piece.len() as u64;
        }
        Fingerprint { hash: hash.digest128(), len }
    }
}

/// A file of the site: its path from the output folder, with `/` between segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    pub path: Box<str>,
    pub fingerprint: Fingerprint,
}

/// Files of the site in the order of their paths, each path once. What a build finds is a list
/// of its own, what it leaves borrows from that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<F = Owned>(Vec<F>);

impl<F> Default for Listing<F> {
    fn default() -> Listing<F> {
        Listing(Vec::new())
    }
}

impl<F: Borrow<Owned>> Listing<F> {
    /// # Panics
    /// Where a path is there twice.
    pub fn new(mut files: Vec<F>) -> Listing<F> {
        files.sort_unstable_by(|a, b| a.borrow().path.cmp(&b.borrow().path));
        let twice = files.windows(2).find(|pair| pair[0].borrow().path == pair[1].borrow().path);
        assert!(twice.is_none(), "the registry gives each path to one owner");
        Listing(files)
    }

    pub fn files(&self) -> &[F] {
        &self.0
    }

    /// Where a path stands in the list.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.0.binary_search_by(|file| (*file.borrow().path).cmp(path)).ok()
    }

    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// Whether some file lies below a folder.
    pub fn has_below(&self, folder: &str) -> bool {
        let at = self.0.partition_point(|file| {
            file.borrow().path.bytes().lt(folder.bytes().chain(std::iter::once(b'/')))
        });
        self.0.get(at).is_some_and(|file| is_below(&file.borrow().path, folder))
    }

    /// The manifest as text: a header, then `<hash> <length> <path>` in the order of the paths.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for Owned { path, fingerprint: Fingerprint { hash, len } } in self.0.iter().map(Borrow::borrow) {
            push_hex(*hash, &mut text);
            writeln!(text, " {len} {path}").expect("a String takes every write");
        }
        text
    }
}

impl Listing<Owned> {
    /// The manifest of an output folder; `None` where there is none that we wrote.
    ///
    /// # Errors
    /// A manifest that is there and cannot be read.
    pub fn read(output: &Path) -> Result<Option<Listing>, WorldError> {
        let path = output.join(NAME);
        if !stat(&path)?.is_some_and(|found| found.is_file()) {
            return Ok(None);
        }
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Listing::parse(&text)),
            Err(error) if error.kind() == ErrorKind::InvalidData => Ok(None),
            Err(error) => Err(WorldError::new("read", &path, error)),
        }
    }

    fn parse(text: &str) -> Option<Listing> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != HEADER {
            return None;
        }
        let files: Vec<Owned> = lines.map(parse_line).collect::<Option<_>>()?;
        files.is_sorted_by(|a, b| a.path < b.path).then_some(Listing(files))
    }
}

/// Appends a number in 32 hexadecimal digits.
fn push_hex(number: u128, text: &mut String) {
    for byte in number.to_be_bytes() {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
}

/// The number that 32 hexadecimal digits write.
fn parse_hex(digits: &str) -> Option<u128> {
    let half = |digits: &str| u64::from_str_radix(digits, 16).ok();
    let is_hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (high, low) = is_hex.then(|| digits.split_at(16))?;
    Some(u128::from(half(high)?) << 64 | u128::from(half(low)?))
}

fn parse_line(line: &str) -> Option<Owned> {
    let (hash, rest) = line.split_at_checked(32)?;
    let (len, path) = rest.strip_prefix(' ')?.split_once(' ')?;
    let fingerprint = Fingerprint { hash: parse_hex(hash)?, len: len.parse().ok()? };
    is_safe(path).then(|| Owned { path: path.into(), fingerprint })
}

/// Whether a path stays inside the output folder, fits on a line of the manifest and leaves our
/// own names alone.
pub fn is_safe(path: &str) -> bool {
    let ours = |name: &str| [NAME, place::INSIDE].iter().any(|own| name.eq_ignore_ascii_case(own));
    path.as_bytes().split(|byte| *byte == b'/').all(|segment| !matches!(segment, b"" | b"." | b".."))
        && (!any_byte(path.as_bytes(), |byte| (byte == b'\\') | (byte == b':')) || has_plain_parts(path))
        && !any_byte(path.as_bytes(), |byte| (byte == b'\n') | (byte == b'\r') | (byte == 0))
        && !path.split('/').next().is_some_and(ours)
}

/// Whether the system, too, takes every segment for a name. Only these two characters ever make it
/// see more in one, and to ask costs more than all else for a manifest of thousands.
fn has_plain_parts(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The error of a path that is not safe.
pub fn unsafe_path(path: &Path) -> WorldError {
    let why = "it is no name for a file of the site";
    WorldError::new("write", path, io::Error::new(ErrorKind::InvalidInput, why))
}

/// The folders that a path lies in, the deepest first.
pub fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.rmatch_indices('/').map(|(end, _)| &path[..end])
}

/// Whether a path lies in a folder, at any depth.
pub fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(path: &str, bytes: &[u8]) -> Owned {
        Owned { path: path.into(), fingerprint: Fingerprint::of(bytes) }
    }

    #[test]
    fn a_manifest_reads_back_what_it_wrote() {
        let manifest = Listing::new(vec![owned("b c/夜渡.html", b"one"), owned("a", b"")]);
        let text = manifest.to_text();
        assert!(text.starts_with("diglot manifest 1\n99aa06d3014798d86001c324468d497f 0 a\n"));
        assert_eq!(Listing::parse(&text), Some(manifest));
    }

    #[test]
    fn a_manifest_that_we_did_not_write_is_not_believed() {
        let line = |path: &str| format!("{HEADER}\n{:032x} 1 {path}\n", 7);
        assert!(Listing::parse(&line("a/b")).is_some());
        let own = [".diglot-manifest", ".diglot-staging/a"];
        for path in ["../a", "/etc/passwd", "a//b", "a/./b", "", "a/"].into_iter().chain(own) {
            assert_eq!(Listing::parse(&line(path)), None, "{path}");
        }
        for text in ["", "diglot manifest 2\n", "diglot manifest 1", "diglot manifest 1\nx 1 a\n"] {
            assert_eq!(Listing::parse(text), None, "{text}");
        }
        let twice = format!("{}{:032x} 1 a\n", line("a"), 7);
        assert_eq!(Listing::parse(&twice), None);
    }

    #[test]
    fn the_folders_of_a_path_come_deepest_first() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(folders("a").count(), 0);
    }

    #[test]
    fn a_listing_knows_what_lies_below_a_folder() {
        let listing = Listing::new(["a.b", "a/c/d", "a0", "b"].map(|path| owned(path, b"")).to_vec());
        assert_eq!(
            ["a", "a/c", "b", "a/c/d", "0"].map(|path| listing.has_below(path)),
            [true, true, false, false, false]
        );
        assert_eq!(listing.find("a0"), Some(2));
    }
}
