//! The list of the files in the output folder that are ours, as text that reads and writes back
//! to the same bytes. Never believes a list that it could not have written.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Component, Path};

/// The manifest's own name in the output folder.
pub const NAME: &str = ".diglot-manifest";

/// The first line: the name and version of the format.
const HEADER: &str = "diglot manifest 1";

/// What is remembered of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// XXH3, 128 bits.
    pub hash: u128,
    /// Length in bytes.
    pub len: u64,
}

impl Fingerprint {
    /// A file that is ours with bytes we cannot vouch for: a build may have stopped halfway. No
    /// real file hashes to it, so the next build writes it again.
    pub const UNKNOWN: Fingerprint = Fingerprint { hash: 0, len: 0 };

    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint { hash: xxhash_rust::xxh3::xxh3_128(bytes), len: bytes.len() as u64 }
    }
}

/// Our files by path from the output folder, with `/` between segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub files: BTreeMap<String, Fingerprint>,
}

impl Manifest {
    /// The manifest of an output folder; `None` where there is none that we wrote.
    pub fn read(output: &Path) -> Option<Manifest> {
        let path = output.join(NAME);
        if !path.symlink_metadata().ok()?.is_file() {
            return None;
        }
        Manifest::parse(&fs::read_to_string(path).ok()?)
    }

    fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != HEADER {
            return None;
        }
        let mut files = BTreeMap::new();
        for line in lines {
            let mut parts = line.splitn(3, ' ');
            let (hash, len, path) = (parts.next()?, parts.next()?, parts.next()?);
            if hash.len() != 32 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            let fingerprint =
                Fingerprint { hash: u128::from_str_radix(hash, 16).ok()?, len: len.parse().ok()? };
            if !is_safe(path) || files.insert(path.to_owned(), fingerprint).is_some() {
                return None;
            }
        }
        Some(Manifest { files })
    }

    /// The manifest as text: a header, then `<hash> <length> <path>` in the order of the paths.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (path, Fingerprint { hash, len }) in &self.files {
            writeln!(text, "{hash:032x} {len} {path}").expect("a String takes every write");
        }
        text
    }
}

/// Whether a path stays inside the output folder, fits on a line of the manifest and leaves the
/// manifest itself alone.
pub fn is_safe(path: &str) -> bool {
    path.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
        && !path.contains(['\n', '\r', '\0'])
        && !path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(NAME))
}

/// The folders that a path lies in, the deepest first.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(end, _)| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_what_it_wrote() {
        let mut manifest = Manifest::default();
        manifest.files.insert("b c/夜渡.html".to_owned(), Fingerprint::of(b"one"));
        manifest.files.insert("a".to_owned(), Fingerprint::of(b""));
        let text = manifest.to_text();
        assert!(text.starts_with("diglot manifest 1\n99aa06d3014798d86001c324468d497f 0 a\n"));
        assert_eq!(Manifest::parse(&text), Some(manifest));
    }

    #[test]
    fn a_manifest_that_we_did_not_write_is_not_believed() {
        let line = |path: &str| format!("{HEADER}\n{:032x} 1 {path}\n", 7);
        assert!(Manifest::parse(&line("a/b")).is_some());
        for path in ["../a", "/etc/passwd", "a//b", "a/./b", "", "a/", ".diglot-manifest"] {
            assert_eq!(Manifest::parse(&line(path)), None, "{path}");
        }
        for text in ["", "diglot manifest 2\n", "diglot manifest 1", "diglot manifest 1\nx 1 a\n"] {
            assert_eq!(Manifest::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_folders_of_a_path_come_deepest_first() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(folders("a").count(), 0);
    }
}
