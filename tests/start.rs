//! From an empty folder to a published site: `init`, `new`, `config`, `doctor`, `completions`, `deploy`.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{Project, Run, Tree};

fn site() -> Project {
    let project = Project::empty();
    project.diglot(&["init", "."]).run().exits(0);
    project
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments);
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "Shen").env(format!("GIT_{who}_EMAIL"), "shen@example.org");
    }
    let output = git.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("git prints text").trim_end().to_owned()
}

/// A site in a repository with a bare one as its remote.
fn in_git() -> (Project, tempfile::TempDir) {
    let project = site();
    let remote = tempfile::tempdir().expect("a temporary folder can be made");
    git(remote.path(), &["init", "--quiet", "--bare", "."]);
    git(&project.path(""), &["init", "--quiet", "--initial-branch=main", "."]);
    git(&project.path(""), &["config", "user.name", "Shen"]);
    git(&project.path(""), &["config", "user.email", "shen@example.org"]);
    git(&project.path(""), &["remote", "add", "origin", remote.path().to_str().expect("plain")]);
    git(&project.path(""), &["add", "."]);
    git(&project.path(""), &["commit", "--quiet", "-m", "A site"]);
    (project, remote)
}

fn deploy(project: &Project, arguments: &[&str]) -> Run {
    let base = ["deploy", "--base-url", "https://example.org/kettle/"];
    project.diglot(&[&base, arguments].concat()).run()
}

/// What a branch of a repository holds, as files.
fn checked_out(repository: &Path, branch: &str) -> Tree {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let target = folder.path().join("tree");
    let from = repository.to_str().expect("plain");
    git(folder.path(), &["-c", "core.autocrlf=false", "clone", "--quiet", "--branch", branch, from, "tree"]);
    fs::remove_dir_all(target.join(".git")).expect("a clone has one");
    Tree::of(&target)
}

#[test]
fn a_new_site_builds_without_a_finding() {
    let project = Project::empty();
    let run = project.diglot(&["init", "fresh/site"]).run().exits(0);
    assert!(run.stdout.contains("wrote site.toml\n"), "{}", run.stdout);
    run.says("cd fresh/site");
    let built = project.diglot(&["build", "--strict", "--json", "--root", "fresh/site"]).run().exits(0);
    assert_eq!((built.number("episodes"), built.number("warnings")), (2, 0));
    let tree = Tree::of(&project.path("fresh/site/public"));
    let page = tree.text("before-it-boils/002-exactly-one-cup/index.html");
    assert!(page.contains("半杯水暖不了任何人"), "both tracks are on the page");
    assert!(page.contains("Nobody was ever warmed by half a cup."), "both tracks are on the page");
    assert!(!project.path("fresh/site/content/.diglot-import").exists());
}

#[test]
fn init_leaves_what_is_there_and_adds_what_is_missing() {
    let project = Project::of(&[
        ("site.toml", "title = \"Mine\"\n"),
        (".gitignore", "node_modules\npublic\n"),
        ("content/talk.txt", "Speaker 0\n\n你好。\n\nHello.\n"),
    ]);
    let run = project.diglot(&["init", ".", "--github-pages"]).run().exits(0);
    assert_eq!(run.stdout, "kept site.toml\nadded to .gitignore\nwrote .github/workflows/pages.yml\n");
    run.says("your content/ was left as it is");
    let read = |path: &str| fs::read_to_string(project.path(path)).expect("it is there");
    assert_eq!(read("site.toml"), "title = \"Mine\"\n");
    assert_eq!(read(".gitignore"), "node_modules\npublic\n/.diglot/\n/.public.diglot-*\n");
    assert!(!project.path("content/people.toml").exists());
    project.build();
    let again = project.diglot(&["init", ".", "--github-pages"]).run().exits(0);
    assert_eq!(again.stdout, "kept site.toml\nkept .gitignore\nkept .github/workflows/pages.yml\n");
}

#[test]
fn the_workflow_asks_for_no_more_than_it_needs() {
    let project = Project::empty();
    project.diglot(&["init", ".", "--github-pages"]).run().exits(0);
    let text = fs::read_to_string(project.path(".github/workflows/pages.yml")).expect("it is there");
    for needed in [
        "permissions: {}",
        "pages: write",
        "id-token: write",
        "actions/configure-pages@",
        "actions/upload-pages-artifact@",
        "actions/deploy-pages@",
        "cancel-in-progress: false",
        "steps.pages.outputs.base_url",
        "path: public",
    ] {
        assert!(text.contains(needed), "no `{needed}` in\n{text}");
    }
    assert!(!text.contains("contents: write"), "{text}");
}

/// The script of a step of a workflow.
fn step(workflow: &str, name: &str) -> String {
    let from = workflow.find(&format!("- name: {name}\n")).expect("the step is there");
    let script = workflow[from..].split_once("run: |\n").expect("it runs a script").1;
    let lines = script.lines().take_while(|line| line.is_empty() || line.starts_with("          "));
    lines.map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn the_workflow_installs_what_a_release_packs() {
    let project = Project::empty();
    project.diglot(&["init", ".", "--github-pages"]).run().exits(0);
    let workflow = fs::read_to_string(project.path(".github/workflows/pages.yml")).expect("it is there");
    let version = env!("CARGO_PKG_VERSION");
    assert!(workflow.contains(&format!("DIGLOT_VERSION: \"{version}\"")), "{workflow}");
    // A release, and a `curl` that fetches from it.
    project.write("built/diglot", "#!/bin/sh\necho it runs\n");
    let release = format!("diglot-{version}-x86_64-unknown-linux-musl");
    for folder in ["release", "tools", "home", "temp"] {
        fs::create_dir(project.path(folder)).expect("a folder can be made");
    }
    let run = |command: &mut Command| {
        let output = command.output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{command:?}: {said}");
        String::from_utf8(output.stdout).expect("it prints text")
    };
    run(Command::new("chmod").arg("+x").arg(project.path("built/diglot")));
    let pack = support::repository(".ci/pack");
    run(Command::new(pack).args([&project.path("built")]).arg(&release).current_dir(project.path("release")));
    project.write("tools/curl", "#!/bin/sh\nfor url; do :; done\ncp \"$RELEASE/${url##*/}\" .\n");
    run(Command::new("chmod").arg("+x").arg(project.path("tools/curl")));

    let path = std::env::var("PATH").expect("there is a path");
    let path = format!("{}:{path}", project.path("tools").display());
    let mut install = Command::new("bash");
    install.arg("-c").arg(step(&workflow, "Install diglot")).env("PATH", path);
    install.env("RELEASE", project.path("release")).env("HOME", project.path("home"));
    install.env("RUNNER_TEMP", project.path("temp")).env("DIGLOT_VERSION", version);
    run(&mut install);
    assert_eq!(run(&mut Command::new(project.path("home/.cargo/bin/diglot"))), "it runs\n");
}

#[test]
fn every_setting_is_in_the_new_site_toml_and_in_config() {
    let project = site();
    let text = fs::read_to_string(project.path("site.toml")).expect("it is there");
    let printed = project.diglot(&["config"]).run().exits(0);
    assert_eq!(printed.stderr, "");
    for line in printed.stdout.lines().filter(|line| !line.is_empty() && !line.starts_with('[')) {
        let key = line.trim_start_matches("# ").split(' ').next().expect("a line has a key");
        let stands = text.lines().any(|own| own.trim_start_matches("# ").starts_with(&format!("{key} =")));
        assert!(stands, "`{key}` is not in the site.toml of a new site");
    }
}

#[test]
fn config_says_where_each_value_came_from_and_reads_back() {
    let project = Project::of(&[("site.toml", "title = \"Mine\"\n\n[build]\nfeed_size = 7\n")]);
    let printed =
        project.diglot(&["config", "--drafts", "--base-url", "https://example.org/x"]).run().exits(0);
    for line in [
        "title = \"Mine\"",
        "# site.toml:1",
        "base_url = \"https://example.org/x/\"",
        "# --base-url",
        "drafts = true",
        "# --drafts",
        "feed_size = 7",
        "# site.toml:4",
        "page_size = 50",
        "# default",
    ] {
        assert!(printed.stdout.contains(line), "no `{line}` in\n{}", printed.stdout);
    }
    project.write("site.toml", &printed.stdout);
    let again = project.diglot(&["config"]).run().exits(0);
    assert_eq!(again.stderr, "");
    assert!(again.stdout.contains("drafts = true"), "{}", again.stdout);
    project.write("site.toml", "titel = 1\n");
    project.diglot(&["config"]).run().exits(1).says("did you mean `title`?");
}

#[test]
fn a_new_episode_waits_for_its_transcript_as_a_draft() {
    let project = site();
    let run = project.diglot(&["new", "一只 \"杯\""]).run().exits(0);
    assert_eq!(run.stdout, "content/before-it-boils/003-一只-杯/episode.md\n");
    run.says("transcript.zh-Hans.srt and transcript.en.srt");
    assert_eq!(project.build().number("episodes"), 2);
    let line = |text: &str| format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n");
    project.write("content/before-it-boils/003-一只-杯/transcript.zh-Hans.srt", line("一只杯子。"));
    project.write("content/before-it-boils/003-一只-杯/transcript.en.srt", line("One cup."));
    assert_eq!(project.diglot(&["build", "--drafts", "--json"]).run().exits(0).number("episodes"), 3);
    project.diglot(&["new", "X", "--show", "before-it-bols"]).run().exits(2).says("did you mean");
    project.diglot(&["new", " "]).run().exits(2).says("needs a title");
}

#[test]
fn doctor_says_what_to_do() {
    let empty = Project::empty();
    let run = empty.diglot(&["doctor"]).run().exits(1);
    assert!(run.stdout.contains("no episodes in content/"), "{}", run.stdout);
    let (project, _remote) = in_git();
    let run = project.diglot(&["doctor"]).run().exits(0);
    assert!(run.stdout.contains("ok     2 episodes"), "{}", run.stdout);
    assert!(run.stdout.contains("base_url is no whole address"), "{}", run.stdout);
    assert!(!run.stdout.contains("git does not ignore"), "{}", run.stdout);
    git(&project.path(""), &["remote", "set-url", "origin", "git@github.com:Shen/kettle.git"]);
    let run = project.diglot(&["doctor"]).run().exits(0);
    assert!(run.stdout.contains("https://shen.github.io/kettle/"), "{}", run.stdout);
    project.write("site.toml", "base_url = 7\n");
    project.diglot(&["doctor"]).run().exits(1).says("wrong-type");
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = Project::empty().diglot(&["completions", shell]).run().exits(0);
        assert!(run.stdout.contains("convert") && run.stdout.contains("base-url"), "{shell}");
    }
}

#[test]
fn what_is_deployed_is_what_was_built_byte_for_byte() {
    let (project, remote) = in_git();
    // What git would change or leave out if it were asked to add these.
    project.write("static/CNAME", "kettle.example.org\n");
    project.write("static/page.txt", "one\r\ntwo\r\n");
    project.write("static/a \"b\"\\c.txt", "quoted");
    project.write(".git/info/attributes", "* text eol=lf\n");
    project.write(".git/info/exclude", "*.css\n");
    let before = git(&project.path(""), &["status", "--porcelain", "--branch"]);
    let run = deploy(&project, &[]).exits(0);
    assert!(run.stdout.contains("a new branch"), "{}", run.stdout);
    assert_eq!(git(&project.path(""), &["status", "--porcelain", "--branch"]), before);
    assert_eq!(git(&project.path(""), &["for-each-ref", "--format=%(refname)", "refs/diglot"]), "");
    // A checkout obeys attributes, so the blobs themselves are compared.
    let listed = git(remote.path(), &["ls-tree", "-r", "-z", "--name-only", "gh-pages"]);
    let names: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    let site = project.site();
    let mut own: Vec<&str> = site.0.keys().map(String::as_str).collect();
    own.sort_unstable();
    let mut there = names.clone();
    there.sort_unstable();
    assert_eq!(there, own);
    for name in names {
        let shown = Command::new("git")
            .arg("-C")
            .arg(remote.path())
            .args(["cat-file", "blob", &format!("gh-pages:{name}")])
            .output()
            .expect("git runs");
        assert!(shown.stdout == site.0[name], "{name} differs");
    }
}

#[test]
fn a_second_deployment_adds_a_commit_or_says_there_is_nothing() {
    let (project, remote) = in_git();
    deploy(&project, &["--dry-run"]).exits(0);
    assert_eq!(git(remote.path(), &["for-each-ref"]), "", "a dry run pushes nothing");
    deploy(&project, &[]).exits(0);
    let run = deploy(&project, &[]).exits(0);
    assert!(run.stdout.contains("nothing to deploy"), "{}", run.stdout);
    let first = git(remote.path(), &["rev-parse", "gh-pages"]);
    project.remove("content/before-it-boils/001-the-whistle.md");
    let run = deploy(&project, &[]).exits(0);
    assert!(run.stdout.contains("removed"), "{}", run.stdout);
    assert_eq!(git(remote.path(), &["rev-parse", "gh-pages^"]), first);
    assert!(
        !checked_out(remote.path(), "gh-pages").0.contains_key("before-it-boils/001-the-whistle/index.html")
    );
}

#[test]
fn a_deployment_that_cannot_be_says_why_and_changes_nothing() {
    let project = site();
    deploy(&project, &[]).exits(3).says("not in a git repository");
    let (project, remote) = in_git();
    deploy(&project, &["--branch", "main"]).exits(2).says("you are on the branch `main`");
    deploy(&project, &["--branch", "a..b"]).exits(2).says("no name for a branch");
    deploy(&project, &["--remote", "nowhere"]).exits(3).says("cannot reach `nowhere`");
    project.write("content/before-it-boils/003.md", "+++\nhighlights = [\"never said\"]\n+++\nWords.\n");
    deploy(&project, &[]).exits(1).says("nothing was published");
    assert_eq!(git(remote.path(), &["for-each-ref"]), "");
}
