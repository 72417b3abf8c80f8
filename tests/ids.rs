//! Old addresses of lines: what `diglot ids` writes, and what builds make of it.

mod support;

use support::{Project, find};

const PAGE: &str = "s/a/index.html";
const TALK: [&str; 4] = ["The lamp is lit.", "The boat is late.", "The harbour sleeps.", "Good night."];

fn talk(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("Ann: {line}\n\n")).collect()
}

fn published() -> Project {
    let project = Project::empty().file("content/s/a.txt", talk(&TALK));
    project.diglot(&["ids"]).in_root().run().exits(0);
    project
}

fn ids(project: &Project) -> Vec<String> {
    let text = std::fs::read_to_string(project.path("content/s/a.ids")).expect("it was written");
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Per line of the page its id, and the old ones in front of it.
fn lines_of(project: &Project) -> Vec<(String, Vec<String>)> {
    let page = project.site().page(PAGE);
    let mut lines = Vec::new();
    let mut past = Vec::new();
    for element in find(&page, ".t [id]") {
        let id = element.value().id().expect("that is what was looked for").to_owned();
        if element.value().has_class("was", scraper::CaseSensitivity::CaseSensitive) {
            past.push(id);
        } else {
            lines.push((id, std::mem::take(&mut past)));
        }
    }
    lines
}

#[test]
fn an_edited_line_keeps_its_old_id_in_every_build_after() {
    let project = published();
    let before = ids(&project);
    project.write("content/s/a.txt", talk(&[TALK[0], "The boat is very late.", TALK[2], TALK[3]]));
    project.build();
    let lines = lines_of(&project);
    assert_eq!(lines[1].1, [before[1].clone()]);
    assert!(lines.iter().enumerate().all(|(place, (_, past))| place == 1 || past.is_empty()));
    let with_memory = project.site();
    let _ = std::fs::remove_dir_all(project.path(".diglot"));
    project.diglot(&["build", "--force"]).in_root().run().exits(0);
    project.site().equals(&with_memory, "a clean build");
}

#[test]
fn the_file_grows_with_edits_alone_and_a_build_never_writes_it() {
    let project = published();
    let first = ids(&project);
    project.diglot(&["ids"]).in_root().run().exits(0).says("1 of 1 episodes were up to date");
    project.write("content/s/a.txt", talk(&[TALK[0], "The boat is very late.", TALK[2], TALK[3]]));
    project.build();
    assert_eq!(ids(&project), first);
    project.diglot(&["ids", "--dry-run"]).in_root().run().exits(0).says("would write content/s/a.ids");
    assert_eq!(ids(&project), first);
    project.diglot(&["ids"]).in_root().run().exits(0).says("wrote content/s/a.ids");
    let second = ids(&project);
    assert!(second[1].ends_with(&format!(" {}", first[1])), "{second:?}");
    project.write("content/s/a.txt", talk(&[TALK[0], "The boat is here.", TALK[2], TALK[3]]));
    project.build();
    assert_eq!(lines_of(&project)[1].1.len(), 2, "both old ids lead there");
    assert!(!project.site().0.keys().any(|path| path.ends_with(".ids")), "it is not published");
}

#[test]
fn a_line_that_is_gone_is_named_until_it_is_written_down() {
    let project = published();
    let gone = ids(&project)[1].clone();
    project.write("content/s/a.txt", talk(&[TALK[0], TALK[2], TALK[3]]));
    let run = project.build();
    run.says("warning[line-gone]");
    run.says(&gone);
    assert_eq!(lines_of(&project)[1].1, std::slice::from_ref(&gone), "it leads to the line that follows");
    project.diglot(&["ids"]).in_root().run().exits(0);
    let run = project.build();
    assert!(!run.stderr.contains("line-gone"), "{}", run.stderr);
    assert_eq!(lines_of(&project)[1].1, [gone]);
}

#[test]
fn folders_and_tracks_have_theirs_and_drafts_have_none() {
    let project = Project::empty()
        .file("content/s/one/episode.md", "+++\ntitle = \"One\"\n+++\n")
        .file("content/s/one/transcript.txt", talk(&TALK))
        .file("content/s/two.en.txt", talk(&TALK))
        .file("content/s/draft.txt", format!("+++\ndraft = true\n+++\n{}", talk(&TALK)));
    project.diglot(&["ids"]).in_root().run().exits(0);
    for (path, there) in
        [("content/s/one/episode.ids", true), ("content/s/two.ids", true), ("content/s/draft.ids", false)]
    {
        assert_eq!(project.path(path).is_file(), there, "{path}");
    }
    let run = project.build();
    assert!(!run.stderr.contains("warning["), "{}", run.stderr);
}
