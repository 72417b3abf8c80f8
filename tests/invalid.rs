//! One mistake to a site, and exactly what diglot says of it: each folder in `tests/invalid/` is a
//! project with its `stderr.txt`. Nothing of it is published.
//! `DIGLOT_BLESS=1 cargo test --test invalid` writes `stderr.txt` anew; read the difference then.

mod support;

use std::fs;
use std::path::Path;

use support::{Project, blesses, cases};

#[test]
fn every_mistake_is_told_as_written_down_and_nothing_is_published() {
    let wrong: Vec<_> = cases("tests/invalid").iter().filter_map(|folder| check(folder)).collect();
    assert!(wrong.is_empty(), "{}\n(DIGLOT_BLESS=1 writes down what is said now)", wrong.join("\n"));
}

fn check(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_string_lossy();
    let project = Project::copy_of(folder);
    project.remove_if_there("stderr.txt");
    let run = project.diglot(&["build", "--base-url", "https://example.org/"]).in_root().run();
    assert_eq!(run.code, 1, "{name}: {}", run.stderr);
    assert_eq!(run.stdout, "", "{name}");
    assert!(!project.path("public").exists(), "{name}: something was published");
    let expected = folder.join("stderr.txt");
    if blesses() {
        fs::write(&expected, &run.stderr).expect("a file can be written");
        return None;
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    (run.stderr != wanted).then(|| format!("== {name}\n-- is\n{}-- wanted\n{wanted}", run.stderr))
}

/// Files that an editor or git would mend are written here.
fn told(path: &str, bytes: &[u8]) -> String {
    let project = Project::of(&[("site.toml", "base_url = \"https://example.org/\"\n")]).file(path, bytes);
    let run = project.diglot(&["build"]).in_root().run().exits(1);
    assert!(!project.path("public").exists());
    run.stderr
}

#[test]
fn bytes_that_are_no_text_are_an_error_with_their_offset() {
    let told = told("content/a.txt", b"Speaker 0\n\nfine\n\nSpeaker 1\n\nbro\xff\xfe\x80ken\n");
    assert!(told.contains("error[not-text]"), "{told}");
    assert!(told.contains("content/a.txt"), "{told}");
    assert!(told.contains("offset 31 "), "the offset is told: {told}");
}

/// The line below the one marked, up to the last caret.
fn caret_column(told: &str) -> Option<usize> {
    let line = told.lines().find(|line| line.contains('^'))?;
    let bar = line.find('|')?;
    line[bar..].find('^').map(|at| at - 2)
}

#[test]
fn line_ends_of_any_kind_keep_lines_and_columns() {
    let unix = "+++\ntitle = \"A\"\nseasn = 1\n+++\nSpeaker 0\n\nHello there.\n";
    let expected = told("content/a.txt", unix.as_bytes());
    assert!(expected.contains("content/a.txt:3:1"), "{expected}");
    assert_eq!(caret_column(&expected), Some(0), "{expected}");
    for ends in ["\r\n", "\r"] {
        let text = unix.replace('\n', ends);
        assert_eq!(told("content/a.txt", text.as_bytes()), expected, "with {ends:?}");
    }
    let marked = format!("\u{feff}{unix}");
    assert_eq!(told("content/a.txt", marked.as_bytes()), expected, "with a byte order mark");
}

#[test]
fn a_caret_below_chinese_text_counts_two_columns_to_a_character() {
    let text =
        "+++\ntitle = { \"zh-Hans\" = \"中文标题\", xx-12345678901 = \"b\" }\n+++\nSpeaker 0\n\n你好。\n";
    let told = told("content/a.txt", text.as_bytes());
    assert!(told.contains("content/a.txt:2:31"), "columns are counted in characters: {told}");
    // `title = { "zh-Hans" = "` is 23 wide, the title 8, `", ` 3.
    assert_eq!(caret_column(&told), Some(34), "{told}");
}

#[test]
fn a_misquoted_line_is_answered_with_the_nearest_in_any_script() {
    for (said, quoted) in [
        ("我们开始吧。", "我们结束吧。"),
        ("Let us begin.", "Let us end."),
        ("كم نجمة ترى في السماء؟", "كم نجمة ترى في الليل؟"),
    ] {
        let text =
            format!("+++\nhighlights = [\"{quoted}\"]\n+++\nSpeaker 0\n\n{said}\n\nSpeaker 1\n\nOK.\n");
        let told = told("content/a.txt", text.as_bytes());
        assert!(told.contains(&format!(": {said}")), "the nearest to {quoted} is {said}:\n{told}");
    }
}
