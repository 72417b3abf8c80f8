//! Names the program by the hash of what it is made of, so that what another version remembers is
//! never taken for its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// All that decides what a site looks like.
const PARTS: &[&str] =
    &["Cargo.toml", "Cargo.lock", "build.rs", "docs/codes.md", "src", "templates", "static"];

fn main() {
    let mut files = Vec::new();
    for part in PARTS {
        println!("cargo::rerun-if-changed={part}");
        collect(Path::new(part), &mut files);
    }
    files.sort();
    let mut hash = Fnv::default();
    for file in files {
        hash.add(file.to_string_lossy().as_bytes());
        hash.add(&fs::read(&file).unwrap_or_default());
    }
    println!("cargo::rustc-env=DIGLOT_IDENTITY={:032x}", hash.0);
    load_where_linked();
}

/// Has the program loaded at the place that it was linked for. What it holds of constants is full of
/// addresses: to set each at every start took 7 ms and 10 MiB, more than a build with nothing to do.
fn load_where_linked() {
    let is = |what: &str, value: &str| env::var(what).is_ok_and(|own| own == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}

/// FNV-1a, 128 bits: enough to tell versions apart, and no dependency to build before this one.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
