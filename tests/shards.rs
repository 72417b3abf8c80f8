//! A site that several machines built in parts is, put together, the very site that one machine
//! builds; and parts that do not go together are turned away.

mod support;

use std::fs;
use std::path::Path;

use support::{Project, Run, Tree};

fn demo() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = fs::read(root.join("site.toml")).expect("the demo has settings");
    let project = Project::empty().copy(&root.join("content"), "content").file("site.toml", settings);
    let project = project
        .file("content/extra/tracks.en.txt", "The lamp is lit.\nThe boat comes in.\n")
        .file("content/extra/tracks.zh-Hans.txt", "灯亮了。\n船进来了。\n");
    (0..20).fold(project, |project, number| {
        let text = format!(
            "+++\ntitle = \"Extra {number}\"\ndate = 2023-01-{:02}\ntags = [\"extra\"]\n+++\nSpeaker 0\n\n第{number}盏灯。\n\nLamp {number}.\n",
            number + 1
        );
        project.file(&format!("content/extra/{number:02}.txt"), text)
    })
}

fn shard(project: &Project, index: usize, count: usize) -> Run {
    let part = format!("{index}/{count}");
    project
        .diglot(&["build", "--json", "--shard", &part])
        .in_root()
        .arg("--output")
        .arg(project.path(&format!("part-{index}")))
        .run()
}

fn merge(project: &Project, parts: &[usize]) -> Run {
    let mut call = project.diglot(&["merge", "--json"]).in_root();
    for index in parts {
        call = call.arg(project.path(&format!("part-{index}")));
    }
    call.arg("--output").arg(project.path("merged")).run()
}

#[test]
fn merged_parts_are_the_site_that_one_machine_builds() {
    let mut files = 0;
    for count in [1, 2, 7] {
        let project = demo();
        let whole = project.build();
        let mut pages = 0;
        for index in 1..=count {
            // Each machine has a checkout of its own, and no memory.
            fs::remove_dir_all(project.path(".diglot")).expect("a build has left it");
            pages += shard(&project, index, count).exits(0).number("pages");
        }
        let parts: Vec<usize> = (1..=count).rev().collect();
        let merged = merge(&project, &parts).exits(0);
        let (one, several) = (project.site(), Tree::of(&project.path("merged")));
        assert_eq!(one.0.keys().collect::<Vec<_>>(), several.0.keys().collect::<Vec<_>>());
        for (path, bytes) in &one.0 {
            assert!(several.0[path] == *bytes, "{path} differs with {count} parts");
        }
        assert_eq!(pages, merged.number("episodes"));
        for figure in ["episodes", "cues", "pages", "bytes", "warnings"] {
            assert_eq!(whole.number(figure), merged.number(figure), "{figure} with {count} parts");
        }
        files += one.0.len();
    }
    support::say!("merged: 1, 2 and 7 parts, {files} files as one machine makes them");
}

#[test]
fn a_part_knows_only_its_own_pages() {
    let project = demo();
    shard(&project, 2, 7).exits(0);
    let part = Tree::of(&project.path("part-2"));
    assert!(part.pages().count() < 8 && part.pages().count() > 2);
    assert!(!part.0.contains_key("index.html") && !part.0.contains_key("diglot.css"));
    // Built again with memory, it is the same.
    fs::remove_dir_all(project.path("part-2")).expect("it is there");
    shard(&project, 2, 7).exits(0);
    assert!(Tree::of(&project.path("part-2")) == part);
}

#[test]
fn parts_that_do_not_go_together_are_turned_away() {
    let project = demo();
    for index in 1..=2 {
        shard(&project, index, 2).exits(0);
    }
    shard(&project, 3, 3).exits(0);
    merge(&project, &[1]).exits(1).says("part 2/2 is missing");
    merge(&project, &[1, 2, 1]).exits(1).says("it is part 1/2, and so is");
    merge(&project, &[1, 2, 3]).exits(1).says("it is one of 3 parts, and others are of 2");
    merge(&project, &[1, 4]).exits(1).says("it has no diglot-shard.bin");
    let own = fs::read_to_string(project.path("site.toml")).expect("the demo has settings");
    let label = project.path("part-2/diglot-shard.bin");
    let whole = fs::read(&label).expect("a part has it");
    fs::write(&label, &whole[..whole.len() - 1]).expect("it can be written");
    merge(&project, &[1, 2]).exits(1).says("it is damaged, or another version of diglot built it");
    fs::write(&label, &whole).expect("it can be written");

    project.write("content/extra/00.txt", "Speaker 0\n\n别的灯。\n\nAnother lamp.\n");
    shard(&project, 1, 2).exits(0);
    merge(&project, &[1, 2]).exits(1).says("the transcripts were others when it was built");
    shard(&project, 2, 2).exits(0);
    merge(&project, &[1, 2]).exits(0);

    project.write("site.toml", own.replace("title = {", "# title = {"));
    merge(&project, &[1, 2]).exits(1).says("as the settings, people and templates make it here");
    project.write("site.toml", own.replace("languages = ", "# languages = "));
    merge(&project, &[1, 2]).exits(1).says("no part has");
    project.write("site.toml", own);
    let page = fs::read_dir(project.path("part-1/extra")).expect("a part has pages").flatten().next();
    let page = page.expect("and at least one").path().join("index.html");
    fs::write(page, "<p>not what was built").expect("it can be written");
    merge(&project, &[1, 2]).exits(1).says("is not as the part says that it is");
    // What was merged before is still there.
    assert!(project.path("merged/index.html").exists());
}

#[test]
fn a_shard_is_named_as_people_count() {
    let project = demo();
    for part in ["0/2", "3/2", "2", "x"] {
        project.diglot(&["build", "--shard", part]).run().exits(2).says("such as 2/7");
    }
    project.diglot(&["merge"]).run().exits(2);
}
