//! The seeds of the fuzz targets, held to the same properties with the stable compiler.

#[path = "../fuzz/properties.rs"]
mod properties;

use std::fs;
use std::path::Path;

fn check_seeds(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut seeds: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder can be listed").path())
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{target} has seeds");
    for seed in seeds {
        // A panic alone does not say on which of them.
        println!("{}", seed.display());
        check(&fs::read(&seed).expect("a seed can be read"));
    }
}

#[test]
fn seeds_of_decode() {
    check_seeds("decode", properties::decode_bytes);
}

#[test]
fn seeds_of_page_text() {
    check_seeds("page_text", properties::page_text);
}

#[test]
fn seeds_of_markdown() {
    check_seeds("markdown", properties::markdown);
}

#[test]
fn seeds_of_front_matter() {
    check_seeds("front_matter", properties::front_matter);
}

#[test]
fn seeds_of_settings() {
    check_seeds("settings", properties::settings);
}

#[test]
fn seeds_of_notes() {
    check_seeds("notes", properties::notes);
}

#[test]
fn seeds_of_names() {
    check_seeds("names", properties::names);
}

#[test]
fn seeds_of_memory() {
    check_seeds("memory", properties::memory);
}

#[test]
fn seeds_of_feed() {
    check_seeds("feed", properties::feed);
}

#[test]
fn seeds_of_srt() {
    check_seeds("srt", properties::srt);
}

#[test]
fn seeds_of_vtt() {
    check_seeds("vtt", properties::vtt);
}

#[test]
fn seeds_of_json() {
    check_seeds("json", properties::json);
}

#[test]
fn seeds_of_tsv() {
    check_seeds("tsv", properties::tsv);
}

#[test]
fn seeds_of_html() {
    check_seeds("html", properties::html);
}

#[test]
fn seeds_of_pairing() {
    check_seeds("pairing", properties::pairing);
}

#[test]
fn seeds_of_ids() {
    check_seeds("ids", properties::ids);
}

#[test]
fn seeds_of_chapters() {
    check_seeds("chapters", properties::chapters);
}

#[test]
fn seeds_of_picture() {
    check_seeds("picture", properties::picture);
}
