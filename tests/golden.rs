//! Small sites and what becomes of them: each folder in `tests/sites/` is a project, with what its
//! episode pages say between `<main>` and `</main>`, its feeds and the files of its transcripts, in
//! `expected/`.
//! `DIGLOT_BLESS=1 cargo test --test golden` writes `expected/` anew; read the difference then.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use support::{Project, Tree, blesses, cases};

#[test]
fn every_small_site_comes_out_as_written_down() {
    let wrong: Vec<_> = cases("tests/sites").iter().filter_map(|site| check(site)).collect();
    assert!(wrong.is_empty(), "{}\n(DIGLOT_BLESS=1 writes down what there is now)", wrong.join("\n"));
}

/// What a site has beside its pages and the RSS of its feeds.
const ELSEWHERE: [&str; 5] = ["feed.json", "chapters.json", ".opml", "sitemap.xml", "llms.txt"];

fn check(folder: &Path) -> Option<String> {
    let project = Project::empty();
    for entry in fs::read_dir(folder).expect("the site is there") {
        let entry = entry.expect("it can be read");
        let name = entry.file_name().into_string().expect("its names are plain");
        match name.as_str() {
            "expected" => {}
            _ if entry.path().is_dir() => copy(&project, &entry.path(), &name),
            _ => project.write(&name, fs::read(entry.path()).expect("it can be read")),
        }
    }
    let run =
        project.diglot(&["build", "--base-url", "https://example.org/archive/"]).in_root().run().exits(0);
    assert!(!run.stderr.contains("warning["), "{}: {}", folder.display(), run.stderr);
    let mut found = kept(&project.site());
    if !folder.ends_with("publishing") {
        // One site shows what all of these are like.
        found.retain(|path, _| !ELSEWHERE.iter().any(|name| path.ends_with(name)));
    }
    let expected = folder.join("expected");
    if blesses() {
        let _ = fs::remove_dir_all(&expected);
        for (path, text) in &found {
            let path = expected.join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("folders can be made");
            fs::write(path, text).expect("a file can be written");
        }
        return None;
    }
    difference(&Tree::of(&expected), &found).map(|what| format!("{}: {what}", folder.display()))
}

fn copy(project: &Project, from: &Path, to: &str) {
    for (path, bytes) in Tree::of(from).0 {
        project.write(&format!("{to}/{path}"), bytes);
    }
}

/// What is compared: the frame around the pages may change with the theme.
fn kept(site: &Tree) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    for (path, bytes) in &site.0 {
        let text = String::from_utf8_lossy(bytes);
        if path.ends_with("feed.xml") || path.ends_with(".opml") || path == "sitemap.xml" {
            kept.insert(path.clone(), in_lines(&text));
        } else if path.ends_with(".html") && text.contains("class=\"is-episode\"") {
            let start = text.find("<main").expect("a page has its main part");
            let end = text.find("</main>").expect("the main part ends") + "</main>".len();
            kept.insert(path.clone(), in_lines(&without_fingerprints(&text[start..end])));
        } else if path.contains("/transcript.")
            || [".json", "/index.md", "llms.txt"].iter().any(|end| path.ends_with(end))
            || (path.ends_with(".svg") && path != "favicon.svg")
        {
            kept.insert(path.clone(), text.into_owned());
        }
    }
    kept
}

/// A tag to a line where tags touch, so that a difference can be read.
fn in_lines(text: &str) -> String {
    text.replace("><", ">\n<") + "\n"
}

fn without_fingerprints(text: &str) -> String {
    let mut parts = text.split("?v=");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        whole.push_str("?v=0");
        whole.push_str(&part[digits..]);
    }
    whole
}

fn difference(expected: &Tree, found: &BTreeMap<String, String>) -> Option<String> {
    let names: Vec<_> = found.keys().collect();
    let wanted: Vec<_> = expected.0.keys().collect();
    if names != wanted {
        return Some(format!("files are {names:?} in place of {wanted:?}"));
    }
    found.iter().find_map(|(path, text)| {
        let wanted = expected.text(path);
        if text == wanted {
            return None;
        }
        let differs = text.lines().zip(wanted.lines()).position(|(a, b)| a != b);
        let at = differs.unwrap_or_else(|| text.lines().count().min(wanted.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").to_owned();
        Some(format!("{path}:{}\n  is     {}\n  wanted {}", at + 1, line(text), line(wanted)))
    })
}
