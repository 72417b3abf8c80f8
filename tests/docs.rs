//! The documentation lists what the code has: every diagnostic code, every key of the settings.

use std::collections::BTreeSet;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The string literal that follows each `opening` in the sources, which may stand on the next line.
fn literals_after(opening: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root().join("src")) {
        let entry = entry.expect("src can be walked");
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(entry.path()).expect("a source file is text");
            for rest in text.split(opening).skip(1) {
                if let Some(literal) = rest.trim_start().strip_prefix('"') {
                    found.extend(literal.split('"').next().map(str::to_owned));
                }
            }
        }
    }
    found
}

#[test]
fn every_diagnostic_code_is_explained() {
    let text = std::fs::read_to_string(root().join("docs/codes.md")).expect("docs/codes.md is there");
    let openings = [
        "Diagnostic::error(",
        "Diagnostic::warning(",
        "Diagnostic::note(",
        "self.skip(",
        "self.warn(",
        "self.fail(",
        "few.warn(",
        "few.note(",
    ];
    let codes: BTreeSet<String> = openings.into_iter().flat_map(literals_after).collect();
    assert!(codes.len() > 20, "only {} codes were found: has the code changed shape?", codes.len());
    let missing: Vec<_> = codes.iter().filter(|code| !text.contains(&format!("`{code}`"))).collect();
    assert!(missing.is_empty(), "docs/codes.md does not explain {missing:?}");
}

#[test]
fn every_setting_is_documented() {
    let text = std::fs::read_to_string(root().join("docs/configuration.md"))
        .expect("docs/configuration.md is there");
    for opening in [
        "fields.text(",
        "fields.text_at(",
        "fields.string(",
        "fields.strings(",
        "fields.integer(",
        "fields.boolean(",
        "fields.langs(",
        "fields.links(",
        "fields.date(",
        "fields.string_map(",
        "fields.number_or_string(",
    ] {
        for key in literals_after(opening) {
            assert!(
                text.contains(&format!("`{key}`")) || text.contains(&format!("{key} =")),
                "docs/configuration.md does not explain `{key}`"
            );
        }
    }
}

#[test]
fn every_role_and_category_is_listed() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("the file is there");
    let text = read("docs/publishing.md");
    for table in ["src/channel/roles.tsv", "src/channel/categories.tsv"] {
        for line in read(table).lines() {
            let (first, rest) = line.split_once('\t').unwrap_or((line, ""));
            let row = format!("| {first} | {}", rest.replace('\t', ", "));
            assert!(text.contains(row.trim_end()), "docs/publishing.md does not have: {row}");
        }
    }
}
