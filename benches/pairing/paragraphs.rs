//! Articles in Markdown and their translations: paragraphs under headings. Where both have as
//! many under a heading, they are held to be each other's; of others nothing is known.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::{Case, Links, Own, lang};

pub fn article_cases(data: &Path) -> Vec<Case> {
    let mut files = Vec::new();
    find(&data.join("btc-md-pairs"), &mut files);
    files.iter().filter_map(|file| article_case(file)).collect()
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        match entry.to_str() {
            _ if entry.is_dir() => find(&entry, found),
            Some(name) if name.ends_with(".zh.md") => found.push(entry),
            _ => {}
        }
    }
}

/// Paragraphs, and under which heading each stands.
fn paragraphs(text: &str) -> (Vec<String>, Vec<usize>) {
    let body = text.splitn(3, "---\n").nth(2).unwrap_or(text);
    let (mut found, mut under, mut heading) = (Vec::new(), Vec::new(), 0);
    for part in body.split("\n\n").map(str::trim).filter(|part| !part.is_empty()) {
        for line in part.lines().map(str::trim) {
            if line.starts_with('#') {
                heading += 1;
            } else if !line.is_empty() {
                found.push(line.to_owned());
                under.push(heading);
            }
        }
    }
    (found, under)
}

fn article_case(file: &Path) -> Option<Case> {
    let own = file.to_str()?.replace(".zh.md", ".md");
    let (left, of_left) = paragraphs(&fs::read_to_string(own).ok()?);
    let (right, of_right) = paragraphs(&fs::read_to_string(file).ok()?);
    let headings = |of: &[usize]| of.iter().copied().max().unwrap_or(0);
    if headings(&of_left) != headings(&of_right) {
        return None;
    }
    let mut gold = Links::new();
    let mut known = BTreeSet::new();
    for heading in 0..=headings(&of_left) {
        let under = |of: &[usize]| (0..of.len()).filter(|at| of[*at] == heading).collect::<Vec<_>>();
        let (own, other) = (under(&of_left), under(&of_right));
        if own.len() == other.len() {
            known.extend(own.iter().copied());
            gold.extend(own.into_iter().zip(other));
        }
    }
    let cues = |texts: Vec<String>| texts.into_iter().map(|text| Own { text, ..Own::default() }).collect();
    let name = file.file_name()?.to_string_lossy().chars().take(40).collect();
    Some(Case {
        name,
        langs: [lang("en"), lang("zh-Hans")],
        left: cues(left),
        right: cues(right),
        gold,
        known: Some(known),
    })
}
