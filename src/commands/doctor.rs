//! `diglot doctor`: what is missing, and what to do about it. Changes nothing.

use std::fs;
use std::io;
use std::path::Path;

use super::git::{Git, github_repository, pages_address};
use super::terminal::fitted;
use super::{Exit, plural, print_data, print_diagnostics};
use crate::diagnostic::Severity;
use crate::project::{Outline, outline};
use crate::read::WorldError;
use crate::start::WORKFLOW;
use crate::table::Findings;

/// How something stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fine,
    /// The site can do without it.
    Better,
    /// The site cannot.
    Missing,
}

/// What was looked at, how it stands, and what to do where that could be better.
struct Line {
    state: State,
    what: String,
    todo: Option<String>,
}

fn fine(what: impl Into<String>) -> Line {
    Line { state: State::Fine, what: what.into(), todo: None }
}

fn better(what: impl Into<String>, todo: impl Into<String>) -> Line {
    Line { state: State::Better, what: what.into(), todo: Some(todo.into()) }
}

fn missing(what: impl Into<String>, todo: impl Into<String>) -> Line {
    Line { state: State::Missing, what: what.into(), todo: Some(todo.into()) }
}

/// Looks at the project and what is around it.
pub fn run(root: &Path) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let outline = outline(root, |_| {}, &findings)?;
    let findings = findings.into_inner();
    print_diagnostics(&findings);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let git = Git::at(root);
    let github = match git.ask(&["config", "--get-regexp", "^remote\\..*\\.url$"]) {
        Ok(remotes) => remotes.unwrap_or_default(),
        Err(_) => String::new(),
    };
    let github = github.lines().find_map(|line| github_repository(line.split_once(' ')?.1));

    let mut lines = vec![fine(format!("diglot {}", env!("CARGO_PKG_VERSION")))];
    lines.extend(content(&outline, errors));
    lines.push(address(&outline, github));
    lines.push(output(root, &outline));
    lines.extend(repository(&git, root, github));
    lines.extend(watching(&outline));
    print_data(&shown(&lines))?;
    let is_missing = lines.iter().any(|line| line.state == State::Missing);
    Ok(if is_missing { Exit::Content } else { Exit::Fine })
}

fn content(outline: &Outline, errors: usize) -> Vec<Line> {
    let settings = match (&outline.settings, errors) {
        (_, 1..) => missing("site.toml has errors", "they are shown above"),
        (Some(_), 0) => fine("site.toml"),
        (None, 0) => better("no site.toml: every setting is at its default", "`diglot init .` writes one"),
    };
    let shows = &outline.inventory.shows;
    let episodes: usize = shows.iter().map(|show| show.episodes.len()).sum();
    let content = if episodes == 0 {
        missing("no episodes in content/", "`diglot init .` for a sample, `diglot import` for what you have")
    } else {
        fine(format!("{} in content/", plural(episodes, "episode")))
    };
    vec![settings, content]
}

fn address(outline: &Outline, github: Option<(&str, &str)>) -> Line {
    let base = &outline.config.base_url;
    if base.is_absolute() {
        return fine(format!("base_url is {}", base.absolute(&crate::slug::SitePath::page(&[]))));
    }
    let example = match github {
        Some((owner, name)) => pages_address(owner, name),
        None => "https://NAME.github.io/REPOSITORY/".to_owned(),
    };
    better(
        "base_url is no whole address: feeds and the sitemap need one",
        format!("base_url = \"{example}\" in site.toml, or `diglot build --base-url` where it is published"),
    )
}

/// Tries what a build will do: to make a file beside the output folder.
fn output(root: &Path, outline: &Outline) -> Line {
    let output = root.join(&outline.config.build.output);
    let shown = output.display().to_string();
    let beside = output.parent().filter(|folder| folder.is_dir()).unwrap_or(root);
    let trial = beside.join(".diglot-doctor");
    let tried = fs::File::create_new(&trial).and_then(|_| fs::remove_file(&trial));
    match tried {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            missing(format!("{shown} cannot be written: {error}"), "change who may write there, or `output`")
        }
        _ => fine(format!("{shown} can be written")),
    }
}

fn repository(git: &Git, root: &Path, github: Option<(&str, &str)>) -> Vec<Line> {
    match git.ask(&["rev-parse", "--is-inside-work-tree"]) {
        Err(error) => return vec![better(format!("no git: {error}"), "install git to use `diglot deploy`")],
        Ok(None) => {
            return vec![better("no git repository", "`git init`, to keep the site and to publish it")];
        }
        Ok(Some(_)) => {}
    }
    let mut lines = vec![fine("a git repository")];
    let ignores = |path| matches!(git.ask(&["check-ignore", "--quiet", path]), Ok(Some(_)));
    if !ignores("public/index.html") || !ignores(".diglot/cache") {
        lines.push(better(
            "git does not ignore what diglot makes",
            "`diglot init .` adds public/ and .diglot/ to .gitignore",
        ));
    }
    lines.push(match (root.join(WORKFLOW).is_file(), github) {
        (true, _) => fine(format!("{WORKFLOW} publishes the site")),
        (false, Some((owner, name))) => better(
            "no workflow for GitHub Pages",
            format!(
                "`diglot init . --github-pages` writes one: the site will be at {}",
                pages_address(owner, name)
            ),
        ),
        (false, None) => better(
            "no remote on GitHub",
            "`git remote add origin ADDRESS`, if you want GitHub Pages; any host of files will do",
        ),
    });
    lines
}

/// Linux watches folders one by one, and lets a user watch so many.
fn watching(outline: &Outline) -> Option<Line> {
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_user_watches").ok()?;
    let limit: usize = limit.trim().parse().ok()?;
    let mut folders: Vec<_> = outline.files().filter_map(|file| file.path.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    (folders.len() + 8 > limit).then(|| {
        better(
            format!("`diglot serve` has {} folders to watch, and the system allows {limit}", folders.len()),
            "raise fs.inotify.max_user_watches with sysctl",
        )
    })
}

fn shown(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let mark = match line.state {
            State::Fine => "ok   ",
            State::Better => "could",
            State::Missing => "must ",
        };
        text.push_str(&format!("{}\n", fitted(&format!("{mark}  {}", line.what), 7)));
        if let Some(todo) = &line.todo {
            text.push_str(&format!("{}\n", fitted(&format!("       {todo}"), 7)));
        }
    }
    text
}
