//! What a build does to a folder that has something in it: the old site or the new one, never
//! between, and never a file that is not diglot's own.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use support::{Project, Tree};

fn talk(number: usize) -> String {
    talk_with(&format!("title = \"Talk {number}\""), number)
}

/// A talk with one key in its front matter.
fn talk_with(key: &str, number: usize) -> String {
    format!(
        "+++\n{key}\n+++\nSpeaker 0\n\n第{number}次说话。\n\nTalk number {number}.\n\nSpeaker 1\n\n好。\n\nFine.\n"
    )
}

fn show() -> Project {
    let site = "title = \"Talks\"\nbase_url = \"https://example.org/\"\nlanguages = [\"zh-Hans\", \"en\"]\n";
    Project::of(&[
        ("site.toml", site),
        ("content/talks/one.txt", &talk(1)),
        ("content/talks/two.txt", &talk(2)),
    ])
}

fn times(folder: &Path, into: &mut BTreeMap<String, SystemTime>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let entry = entry.expect("it can be read");
        let meta = entry.metadata().expect("it can be looked at");
        into.insert(entry.path().display().to_string(), meta.modified().expect("files have times"));
        if meta.is_dir() {
            times(&entry.path(), into);
        }
    }
}

fn times_of(project: &Project) -> BTreeMap<String, SystemTime> {
    let mut found = BTreeMap::new();
    times(&project.path("public"), &mut found);
    found
}

#[test]
fn a_second_build_touches_nothing() {
    let project = show();
    let first = project.build();
    let before = times_of(&project);
    std::thread::sleep(std::time::Duration::from_millis(20));
    let second = project.build();
    assert_eq!((second.number("changed"), second.number("removed")), (0, 0));
    assert_eq!(second.number("unchanged"), first.number("changed"));
    assert_eq!(second.number("bytes"), first.number("bytes"));
    assert_eq!(times_of(&project), before);
}

#[test]
fn an_edit_gives_the_site_that_a_clean_build_gives() {
    let project = show();
    project.build();
    project.write("content/talks/two.txt", talk(3));
    let run = project.build();
    assert!(run.number("changed") > 0 && run.number("unchanged") > 0, "{}", run.stdout);
    let clean = show().file("content/talks/two.txt", talk(3));
    clean.build();
    project.site().equals(&clean.site(), "after an edit");
}

#[test]
fn an_episode_that_is_gone_leaves_no_page_behind() {
    let project = show();
    project.build();
    assert!(project.path("public/talks/two/index.html").exists());
    project.remove("content/talks/two.txt");
    // Its page, and the file of its transcript.
    assert_eq!(project.build().number("removed"), 2);
    assert!(!project.path("public/talks/two").exists(), "nor its folder");
    assert!(!project.site().text("talks/index.html").contains("Talk 2"));
}

#[test]
fn a_file_of_the_authors_in_the_output_survives_and_is_named() {
    let project = show().file("public/CNAME", "example.org\n").file("public/talks/notes.txt", "mine");
    for _ in 0..2 {
        let run = project.build();
        run.says("CNAME");
        run.says("talks/notes.txt");
    }
    project.remove("content/talks/one.txt");
    project.remove("content/talks/two.txt");
    project.write("content/other.txt", talk(4));
    project.build();
    assert_eq!(project.site().text("CNAME"), "example.org\n");
    assert_eq!(project.site().text("talks/notes.txt"), "mine");
}

#[test]
fn a_file_of_the_authors_in_the_way_stops_the_build_and_stays() {
    let project = show().file("public/talks/one/index.html", "mine");
    let before = project.site();
    let run = project.try_build().exits(1);
    run.says("output-occupied");
    run.says("talks/one/index.html");
    project.site().equals(&before, "after a build that was stopped");
}

#[test]
fn an_error_in_one_episode_leaves_the_old_site_as_it_was() {
    let project = show();
    project.build();
    let (before, written) = (project.site(), times_of(&project));
    project.write("content/talks/two.txt", talk_with("highlights = [\"never said\"]", 2));
    project.write("content/talks/three.txt", talk(3));
    project.remove("content/talks/one.txt");
    let run = project.try_build().exits(1);
    run.says("nothing was published");
    project.site().equals(&before, "after a build with an error");
    assert_eq!(times_of(&project), written);
    assert_eq!(leftovers(&project), [] as [String; 0]);
}

#[test]
fn an_error_in_a_template_leaves_the_old_site_as_it_was() {
    let project = show();
    project.build();
    let before = project.site();
    project.write("templates/quotes.html", "{{ nothing.of.this.name }}");
    project.try_build().exits(1).says("quotes.html");
    project.site().equals(&before, "after a template's error");
    assert_eq!(leftovers(&project), [] as [String; 0]);
}

/// What a build left in the project beside the site and its memory.
fn leftovers(project: &Project) -> Vec<String> {
    let names = fs::read_dir(project.path("")).expect("the project is there");
    let names = names.map(|entry| entry.expect("it can be read").file_name().into_string().expect("plain"));
    names
        .filter(|name| {
            !["site.toml", "content", "public", "templates", "static", ".diglot"].contains(&name.as_str())
        })
        .collect()
}

#[test]
fn nothing_stays_in_the_project_but_the_site_and_the_memory() {
    let project = show();
    project.build();
    project.build();
    assert_eq!(leftovers(&project), [] as [String; 0]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = Project::of(&[
        ("secret.txt", &talk(7)),
        ("show/inner.txt", &talk(8)),
        ("site.toml", "title = \"Secret\"\n"),
    ]);
    let project = show();
    symlink(outside.path("secret.txt"), project.path("content/talks/linked.txt")).expect("links can be made");
    symlink(outside.path("show"), project.path("content/linked-show")).expect("links can be made");
    fs::create_dir(project.path("static")).expect("folders can be made");
    symlink(outside.path("secret.txt"), project.path("static/secret.txt")).expect("links can be made");
    let run = project.build();
    assert_eq!((run.number("episodes"), run.number("warnings")), (2, 3), "{}", run.stderr);
    run.says("warning[symlink]");
    run.says("content/talks/linked.txt");
    run.says("content/linked-show");
    run.says("static/secret.txt");
    assert!(!project.path("public/secret.txt").exists());
}

#[cfg(unix)]
#[test]
fn settings_and_folders_that_lead_out_of_the_project_are_not_followed_either() {
    use std::os::unix::fs::symlink;
    let outside = Project::of(&[("secret.txt", &talk(7)), ("site.toml", "title = \"Secret\"\n")]);
    let linked = Project::of(&[("content/a.txt", &talk(1))]);
    symlink(outside.path("site.toml"), linked.path("site.toml")).expect("links can be made");
    let run = linked.try_build();
    assert!(run.code != 0 || !linked.site().text("index.html").contains("Secret"), "site.toml was followed");

    let whole = Project::empty();
    symlink(outside.path(""), whole.path("content")).expect("links can be made");
    let run = whole.try_build();
    assert!(run.code != 0 || run.number("episodes") == 0, "content/ was followed out of the project");
}

#[cfg(unix)]
#[test]
fn the_output_has_no_links_of_either_kind() {
    use std::os::unix::fs::MetadataExt;
    let project = show()
        .file("content/talks/cover.png", b"\x89PNG")
        .file("content/talks/show.toml", "cover = \"cover.png\"\n");
    project.build();
    project.write("content/talks/two.txt", talk(3));
    project.build();
    let site = project.site();
    assert!(site.0.contains_key("talks/cover.png"));
    for path in site.0.keys() {
        let meta = fs::symlink_metadata(project.path("public").join(path)).expect("it is there");
        assert!(!meta.is_symlink() && meta.nlink() == 1, "{path} is a link");
    }
}

#[test]
fn addresses_that_a_file_system_might_take_for_one_are_an_error_that_names_both() {
    for (a, b) in [("Same.txt", "same.txt"), ("caf\u{e9}.txt", "cafe\u{301}.txt")] {
        let project = Project::of(&[("content/talks/x.txt", &talk(1))]);
        project.remove("content/talks/x.txt");
        for name in [a, b] {
            project.write(&format!("content/talks/{name}"), talk(1));
        }
        if fs::read_dir(project.path("content/talks")).expect("it is there").count() < 2 {
            support::say!("skipped: this file system takes {a} and {b} for one");
            continue;
        }
        let run = project.try_build().exits(1);
        run.says("output-clash");
        run.says(a);
        run.says(b);
        assert!(!project.path("public").exists());
    }
}

#[test]
fn a_file_of_static_and_a_page_do_not_share_an_address() {
    let project = show().file("static/talks/ONE/index.html", "mine");
    let run = project.try_build().exits(1);
    run.says("output-clash");
    run.says("static/talks/ONE/index.html");
    run.says("content/talks/one.txt");
}

#[test]
fn a_file_of_static_takes_the_themes_place() {
    let project = show().file("static/diglot.css", "body { color: red }");
    project.build();
    assert_eq!(project.site().text("diglot.css"), "body { color: red }");
}

#[test]
fn another_base_url_rewrites_addresses_and_leaves_no_old_one() {
    let project = show();
    project.build();
    project.diglot(&["build", "--base-url", "https://name.github.io/repo/"]).run().exits(0);
    let site: Tree = project.site();
    for (path, bytes) in &site.0 {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("https://example.org/"), "{path}");
        assert!(!text.contains("href=\"/talks"), "{path}");
    }
    assert!(site.text("sitemap.xml").contains("https://name.github.io/repo/talks/one/"));
}
