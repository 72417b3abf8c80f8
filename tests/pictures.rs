//! What becomes of covers and other pictures: smaller copies for pages, the whole one for feeds,
//! a finding for what is no picture.

mod support;

use std::fs;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use support::{Project, Run};

/// A picture with something to see in every corner.
fn picture(width: u32, height: u32, shade: u8, format: ImageFormat) -> Vec<u8> {
    let dot = |x: u32, y: u32| Rgb([(x % 251) as u8, (y % 241) as u8, shade.wrapping_add((x ^ y) as u8)]);
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, dot))
        .write_to(&mut bytes, format)
        .expect("it is small");
    bytes.into_inner()
}

fn talk() -> Project {
    Project::of(&[
        ("site.toml", "base_url = \"https://example.org/\"\nlanguages = [\"zh-Hans\", \"en\"]\n"),
        ("content/people.toml", "[ida]\nname = \"Ida\"\nimage = \"ida.webp\"\n"),
        ("content/talks/show.toml", "title = \"Talks\"\ncover = \"show.jpg\"\n"),
        (
            "content/talks/one/episode.md",
            "+++\ntitle = \"One\"\ncover = \"cover.png\"\nspeakers = { \"Speaker 0\" = \"ida\" }\n+++\n",
        ),
        ("content/talks/one/transcript.txt", "Speaker 0\n\n第一句。\n\nThe first line.\n"),
    ])
    .file("static/ida.webp", picture(300, 500, 3, ImageFormat::WebP))
    .file("content/talks/show.jpg", picture(900, 900, 7, ImageFormat::Jpeg))
    .file("content/talks/one/cover.png", picture(1200, 800, 9, ImageFormat::Png))
}

fn codes(run: &Run) -> Vec<String> {
    let heads = run.stderr.lines().filter_map(|line| line.split_once('[')?.1.split_once("]:"));
    heads.map(|(code, _)| code.to_owned()).collect()
}

/// The addresses below `pictures/` that a page asks for.
fn asked(project: &Project, page: &str) -> Vec<String> {
    let html = fs::read_to_string(project.path("public").join(page)).expect("the page is there");
    let asked = html.split(['"', ' ', ',']).filter(|word| word.starts_with("/pictures/"));
    let mut asked: Vec<String> = asked.map(|word| word.trim_start_matches('/').to_owned()).collect();
    asked.sort();
    asked.dedup();
    asked
}

#[test]
fn pages_show_small_copies_and_feeds_the_whole_picture() {
    let project = talk();
    project.build();
    for (page, count) in [
        ("talks/one/index.html", 4),
        ("talks/index.html", 8),
        ("speakers/ida/index.html", 7),
        ("index.html", 4),
    ] {
        let asked = asked(&project, page);
        assert_eq!(asked.len(), count, "{page}: {asked:?}");
        for path in asked {
            let bytes = fs::read(project.path("public").join(&path)).expect("what a page asks for is there");
            let width = path.rsplit(['-', '.']).nth(1).expect("its name ends in its width");
            let read = image::load_from_memory(&bytes).expect("a copy is a picture");
            assert_eq!(read.width().to_string(), width, "{path}");
        }
    }
    let feed = fs::read_to_string(project.path("public/feed.xml")).expect("there is a feed");
    assert!(feed.contains("https://example.org/talks/one/cover.png") && !feed.contains("/pictures/"));
    let page = fs::read_to_string(project.path("public/talks/one/index.html")).expect("it is there");
    assert!(page.contains("og:image") && page.contains("calc(112px * 1.5)"), "{page}");
}

#[test]
fn an_unchanged_picture_costs_nothing_and_a_changed_one_is_seen() {
    let project = talk();
    project.build();
    let before = asked(&project, "talks/one/index.html");
    // With the site gone, its copies come from what was kept.
    fs::remove_dir_all(project.path("public")).expect("it is there");
    project.build();
    assert_eq!(asked(&project, "talks/one/index.html"), before);
    let kept = |project: &Project| {
        let entries = fs::read_dir(project.path(".diglot/cache")).expect("there is a cache");
        let names = entries
            .map(|entry| entry.expect("it can be read").file_name().into_string().expect("it is ASCII"));
        names.filter(|name| name.starts_with("picture-")).count()
    };
    let count = kept(&project);
    assert!(count > 8, "{count}");
    project.write("content/talks/one/cover.png", picture(1200, 800, 90, ImageFormat::Png));
    project.build();
    let after = asked(&project, "talks/one/index.html");
    assert!(after.iter().all(|path| !before.contains(path)), "{after:?}");
    // What nothing shows any more is kept no more, in the site or beside it.
    assert_eq!(kept(&project), count);
    assert!(before.iter().all(|path| !project.path("public").join(path).exists()));
}

#[test]
fn what_is_no_picture_is_told_and_published_as_it_is() {
    let whole = picture(400, 400, 1, ImageFormat::Png);
    for (name, bytes) in [("cut", &whole[..whole.len() / 2]), ("head", &whole[..40])] {
        let project = talk().file("content/talks/one/cover.png", bytes);
        let run = project.build();
        assert_eq!(codes(&run), ["picture"], "{name}");
        let published = fs::read(project.path("public/talks/one/cover.png")).expect("it is there");
        assert_eq!(published, bytes);
        // Also by whoever only looks, and by whoever looks again.
        assert_eq!(codes(&project.build()), ["picture"], "{name}");
    }
}

#[test]
fn drawings_are_left_alone() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
    let project = talk();
    project.write("content/talks/one/episode.md", "+++\ntitle = \"One\"\ncover = \"cover.svg\"\n+++\n");
    project.write("content/talks/one/cover.svg", drawing);
    assert!(codes(&project.build()).is_empty());
    let page = fs::read_to_string(project.path("public/talks/one/index.html")).expect("it is there");
    assert!(page.contains("/talks/one/cover.svg") && !page.contains("srcset"));
}

#[test]
fn a_picture_that_is_named_and_not_there_is_an_error_with_its_place() {
    let project = talk()
        .file(
            "site.toml",
            "title = \"T\"\nlanguages = [\"zh-Hans\", \"en\"]\n[feed]\nimage = \"/none.png\"\n",
        )
        .file("content/talks/show.toml", "[feed]\nimage = \"https://example.org/far.png\"\n")
        .file("content/people.toml", "[ida]\nname = \"Ida\"\nimage = \"ida.jpg\"\n");
    let run = project.try_build().exits(1);
    let text = &run.stderr;
    for wanted in [
        "there is no picture `none.png` in the site",
        "there is no picture `ida.jpg` in the site",
        "site.toml",
        "content/people.toml",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains("far.png"));
}
