//! `diglot deploy`: builds, commits the output folder to a branch of its own, and pushes it. Never
//! touches the work tree, the index or any branch of the repository that it is in.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use walkdir::WalkDir;

use super::build::build_and_report;
use super::git::{Git, failed};
use super::{Exit, plural, print_data};
use crate::build::BuildOptions;
use crate::read::WorldError;

/// Where to.
#[derive(Debug)]
pub struct Target {
    pub branch: String,
    /// A remote's name or address.
    pub remote: String,
    /// Commit and compare, but do not push.
    pub dry_run: bool,
}

/// What is pushed is held by this until it is: in no one's way, and gone afterwards.
const DRAFT: &str = "refs/diglot/deploy";
/// What the branch holds so far.
const BEFORE: &str = "refs/diglot/deployed";
/// The largest file that GitHub takes.
const FILE_LIMIT: u64 = 100 * 1024 * 1024;

/// Builds the site and deploys it; a site with errors is not deployed.
pub fn run(options: &BuildOptions, target: &Target) -> Result<Exit, WorldError> {
    let git = Git::at(&options.root);
    if git.ask(&["rev-parse", "--git-dir"])?.is_none() {
        eprintln!(
            "error: {} is not in a git repository\nhelp: `git init`, then `git remote add {} ADDRESS`",
            options.root.display(),
            target.remote
        );
        return Ok(Exit::World);
    }
    if git.ask(&["check-ref-format", &format!("refs/heads/{}", target.branch)])?.is_none() {
        eprintln!("error: `{}` is no name for a branch", target.branch);
        return Ok(Exit::Usage);
    }
    if git.ask(&["symbolic-ref", "--short", "HEAD"])?.as_deref() == Some(target.branch.as_str()) {
        eprintln!(
            "error: you are on the branch `{}`, which is to hold nothing but the site\n\
             help: give it another name with --branch",
            target.branch
        );
        return Ok(Exit::Usage);
    }
    let (built, exit) = build_and_report(options)?;
    if !built.published {
        return Ok(exit);
    }
    let files = match site_files(&built.summary.output)? {
        Ok(files) => files,
        Err(problem) => {
            eprintln!("error: {problem}");
            return Ok(Exit::Content);
        }
    };
    let done = deploy(&git, &files, target);
    for reference in [DRAFT, BEFORE] {
        git.ask(&["update-ref", "-d", reference])?;
    }
    print_data(&done?)?;
    Ok(Exit::Fine)
}

/// The files of the site with their paths in it, in the order of these.
fn site_files(output: &Path) -> Result<Result<Vec<(String, PathBuf)>, String>, WorldError> {
    let mut files = Vec::new();
    for entry in WalkDir::new(output).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let at = error.path().unwrap_or(output).to_owned();
            WorldError::new("read", &at, error.into())
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        let shown = entry.path().display();
        if !entry.file_type().is_file() {
            return Ok(Err(format!("{shown} is a link or no plain file, which GitHub Pages refuses")));
        }
        let found = entry.metadata().map_err(|error| WorldError::new("read", entry.path(), error.into()))?;
        if found.len() > FILE_LIMIT {
            let size = found.len() / 1_000_000;
            return Ok(Err(format!(
                "{shown} has {size} MB, and GitHub takes files up to 100 MB: link to it where it is hosted"
            )));
        }
        let inside = entry.path().strip_prefix(output).expect("it was found there");
        let Some(parts) = inside.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>() else {
            return Ok(Err(format!("the name of {shown} is no UTF-8")));
        };
        files.push((parts.join("/"), entry.path().to_owned()));
    }
    Ok(Ok(files))
}

/// Commits and pushes; says what it did.
fn deploy(git: &Git, files: &[(String, PathBuf)], target: &Target) -> Result<String, WorldError> {
    let Target { branch, remote, dry_run } = target;
    let head = format!("refs/heads/{branch}");
    let reaching = format!("cannot reach `{remote}`");
    let known = git.must(&reaching, &["ls-remote", "--", remote, &head])?;
    let before = if known.is_empty() {
        None
    } else {
        let from = format!("+{head}:{BEFORE}");
        git.must(&reaching, &["fetch", "--quiet", "--no-tags", "--", remote, &from])?;
        Some(git.must("cannot read what was fetched", &["rev-parse", BEFORE])?)
    };
    let source = git.ask(&["rev-parse", "--short", "HEAD"])?.filter(|commit| !commit.is_empty());
    let message = source.map_or("Site".to_owned(), |commit| format!("Site of {commit}"));
    let commit = commit(git, files, before.as_deref(), &message)?;
    let changes = match &before {
        Some(before) => git.must("cannot compare", &["diff-tree", "-r", "--name-status", before, &commit])?,
        None => String::new(),
    };
    if before.is_some() && changes.is_empty() {
        return Ok(format!("nothing to deploy: `{branch}` of `{remote}` has this very site\n"));
    }
    let count = |kind: char| changes.lines().filter(|line| line.starts_with(kind)).count();
    let what = match before {
        Some(_) => format!("{} added, {} changed, {} removed", count('A'), count('M'), count('D')),
        None => "a new branch".to_owned(),
    };
    let sum = format!("{}, {what}", plural(files.len(), "file"));
    if *dry_run {
        return Ok(format!("would deploy to `{branch}` of `{remote}`: {sum}\n"));
    }
    // Without force: what someone else deployed meanwhile is not lost.
    let to = format!("{commit}:{head}");
    git.must(&format!("cannot push to `{branch}` of `{remote}`"), &["push", "--quiet", "--", remote, &to])?;
    Ok(format!("deployed to `{branch}` of `{remote}`: {sum}\n"))
}

/// Makes the commit from the files' own bytes: no filter, no ignored file, no index.
fn commit(
    git: &Git,
    files: &[(String, PathBuf)],
    before: Option<&str>,
    message: &str,
) -> Result<String, WorldError> {
    let doing = "cannot commit the site";
    let who = git.must(
        "git does not know who commits: `git config user.name NAME`, `git config user.email ADDRESS`",
        &["var", "GIT_COMMITTER_IDENT"],
    )?;
    let importing = git
        .command(&["fast-import", "--quiet", "--force", "--done", "--date-format=raw"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut importing =
        importing.map_err(|error| WorldError { doing: "cannot run git".to_owned(), error })?;
    let stdin = importing.stdin.take().expect("it was asked for");
    let sent = send(files, before, message, &who, &mut BufWriter::with_capacity(1 << 16, stdin));
    let output =
        importing.wait_with_output().map_err(|error| WorldError { doing: doing.to_owned(), error })?;
    if !output.status.success() {
        return Err(failed(doing, &output));
    }
    sent?;
    git.must(doing, &["rev-parse", DRAFT])
}

/// The stream that `git fast-import` reads.
fn send(
    files: &[(String, PathBuf)],
    before: Option<&str>,
    message: &str,
    who: &str,
    out: &mut impl Write,
) -> Result<(), WorldError> {
    let failed = |error: io::Error| WorldError { doing: "cannot hand the site to git".to_owned(), error };
    let parent = before.map_or(String::new(), |before| format!("from {before}\n"));
    let head =
        format!("commit {DRAFT}\ncommitter {who}\ndata {}\n{message}\n{parent}deleteall\n", message.len());
    out.write_all(head.as_bytes()).map_err(failed)?;
    for (name, path) in files {
        let bytes = fs::read(path).map_err(|error| WorldError::new("read", path, error))?;
        let line = format!("M 100644 inline {}\ndata {}\n", quoted(name), bytes.len());
        out.write_all(line.as_bytes()).and_then(|()| out.write_all(&bytes)).map_err(failed)?;
        out.write_all(b"\n").map_err(failed)?;
    }
    out.write_all(b"done\n").and_then(|()| out.flush()).map_err(failed)
}

/// A path as the stream writes it.
fn quoted(name: &str) -> String {
    let mut quoted = String::from("\"");
    for character in name.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
