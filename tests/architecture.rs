//! The shape of the source, as ARCHITECTURE.md states it: modules use only those above them, few
//! touch the disk, and nothing of the machine reaches the output.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A line of code of a module: no comments, no tests.
struct Line {
    module: String,
    file: String,
    number: usize,
    code: String,
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// All code of the crate; unit tests are free to reach for what they need.
fn code() -> Vec<Line> {
    let mut paths = Vec::new();
    files(&source(), &mut paths);
    paths.sort();
    let mut lines = Vec::new();
    for path in paths {
        let inside = path.strip_prefix(source()).expect("it lies there");
        let first = inside.components().next().expect("it has a name").as_os_str().to_string_lossy();
        let text = fs::read_to_string(&path).expect("source is UTF-8");
        let mut in_test = Skip::default();
        for (number, line) in text.lines().enumerate() {
            if in_test.skips(line) {
                continue;
            }
            lines.push(Line {
                module: first.trim_end_matches(".rs").to_owned(),
                file: format!("src/{}", inside.display()),
                number: number + 1,
                code: line.split("//").next().unwrap_or_default().to_owned(),
            });
        }
    }
    lines
}

/// Skips the item below `#[cfg(test)]`: to the line that closes it at the same depth.
#[derive(Default)]
struct Skip(Option<String>);

impl Skip {
    fn skips(&mut self, line: &str) -> bool {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        match &self.0 {
            None if line.trim() == "#[cfg(test)]" => self.0 = Some(indent),
            None => return false,
            Some(depth) => {
                let one_line = indent == *depth && line.trim_end().ends_with(';');
                if one_line || line.trim_end() == format!("{depth}}}") {
                    self.0 = None;
                }
            }
        }
        true
    }
}

/// The modules in the order in which lib.rs names them.
fn order() -> Vec<String> {
    let text = fs::read_to_string(source().join("lib.rs")).expect("the crate has a root");
    let names = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// What a line reaches for in the crate's other modules.
fn reached(code: &str) -> Vec<&str> {
    let paths = code
        .match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    paths
        .map(|(at, path)| {
            let rest = &code[at + path.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        })
        .collect()
}

#[track_caller]
fn none(violations: Vec<String>, rule: &str) {
    let mut list = String::new();
    for violation in &violations {
        let _ = writeln!(list, "  {violation}");
    }
    assert!(violations.is_empty(), "{rule}:\n{list}");
}

#[test]
fn lib_names_every_module_once_in_reading_order() {
    let order = order();
    let mut there: Vec<_> = code().into_iter().map(|line| line.module).collect();
    there.retain(|module| !["lib", "main"].contains(&module.as_str()));
    there.dedup();
    let mut named = order.clone();
    named.sort();
    there.sort();
    assert_eq!(named, there);
}

#[test]
fn modules_use_only_those_above_them() {
    let order = order();
    let place = |module: &str| order.iter().position(|known| known == module);
    let mut violations = Vec::new();
    for line in code() {
        let Some(own) = place(&line.module) else { continue };
        for module in reached(&line.code) {
            // A brace or a star hides what is used from whoever reads the line.
            let fine = place(module).is_some_and(|other| other <= own);
            if !fine {
                violations.push(format!("{}:{}: {} uses `{module}`", line.file, line.number, line.module));
            }
        }
    }
    none(violations, "a module uses one that is not above it in src/lib.rs");
}

#[test]
fn the_binary_reaches_for_the_library_only() {
    let lines = code().into_iter().filter(|line| line.module == "main");
    let violations =
        lines.filter(|line| line.code.contains("crate::") || line.code.trim_start().starts_with("mod "));
    none(
        violations.map(|line| format!("{}:{}", line.file, line.number)).collect(),
        "main.rs has modules of its own",
    );
}

/// Whether a line has one of these words where a word begins.
fn has(code: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        code.match_indices(word).any(|(at, _)| {
            word.starts_with('.') || !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    })
}

fn breaches(words: &[&str], allowed: impl Fn(&Line) -> bool) -> Vec<String> {
    let lines = code().into_iter().filter(|line| has(&line.code, words) && !allowed(line));
    lines.map(|line| format!("{}:{}: {}", line.file, line.number, line.code.trim())).collect()
}

#[test]
fn few_modules_touch_files() {
    let touching = [
        "std::fs",
        "fs::",
        "File::open",
        "File::create",
        "OpenOptions",
        ".is_file()",
        ".is_dir()",
        ".exists()",
        ".try_exists()",
        ".is_symlink()",
        ".metadata()",
        ".symlink_metadata()",
        ".canonicalize()",
        ".read_dir()",
        ".read_link()",
    ];
    let free = ["read", "publish", "serve", "commands", "main"];
    let rule = breaches(&touching, |line| {
        free.contains(&line.module.as_str()) || (line.module == "project" && has(&line.code, &[".is_file()"]))
    });
    none(rule, "files are touched in read, publish, serve and the commands; nowhere else");
}

#[test]
fn no_clock_but_stopwatches() {
    let clocks = [
        "SystemTime",
        "Instant",
        "UNIX_EPOCH",
        "Zoned::now",
        "ZonedDateTime::now",
        "Timestamp::now",
        "jiff::Zoned",
        "TimeZone",
    ];
    none(
        breaches(&clocks, |line| {
            let stops = ["build", "serve"].contains(&line.module.as_str()) && has(&line.code, &["Instant"]);
            // A new episode is of today.
            stops || line.file == "src/commands/new.rs"
        }),
        "a clock is read",
    );
}

#[test]
fn the_environment_stays_at_the_edge() {
    let edge = ["cli", "commands", "main"];
    let environment = ["std::env", "env::var", "env::args", "env::current_dir", "env::vars"];
    none(breaches(&environment, |line| edge.contains(&line.module.as_str())), "the environment is read");
}

#[test]
fn nothing_is_left_to_chance() {
    none(breaches(&["rand::", "thread_rng", "RandomState", "getrandom", "fastrand"], |_| false), "chance");
}

#[test]
fn one_module_draws_and_one_knows_the_flags() {
    none(breaches(&["annotate_snippets"], |line| line.module == "report"), "the drawing library is report's");
    none(breaches(&["clap::"], |line| line.module == "cli"), "the flag library is cli's");
}

#[test]
fn only_the_edge_prints() {
    let edge = ["cli", "commands", "main", "serve"];
    let prints = ["println!", "print!", "eprintln!", "eprint!", "dbg!"];
    none(breaches(&prints, |line| edge.contains(&line.module.as_str())), "a module prints");
}

#[test]
fn only_memory_and_keys_hold_the_model_as_bytes() {
    let inside = ["archive", "parse"];
    let lines = breaches(&["Serialize", "serde::Serialize"], |line| !inside.contains(&line.module.as_str()));
    none(lines, "what templates see is a view");
    let lines = breaches(&["postcard::"], |line| ["memory", "key", "packed"].contains(&line.module.as_str()));
    none(lines, "what is kept between builds is memory's");
}

#[test]
fn every_module_opens_with_what_it_does() {
    let mut paths = Vec::new();
    files(&source(), &mut paths);
    let silent =
        paths.iter().filter(|path| !fs::read_to_string(path).expect("source is UTF-8").starts_with("//!"));
    none(
        silent.map(|path| path.display().to_string()).collect(),
        "a file opens without a sentence on what it does",
    );
}
