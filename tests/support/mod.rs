//! A small project in a folder of its own, diglot run in it, and what came of it.
//! Knows nothing of what diglot should do: tests say that.

// Every file of tests takes what it needs of this one.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scraper::{ElementRef, Html, Node, Selector};
use serde_json::Value;
use tempfile::TempDir;

pub mod faults;
pub mod material;
pub mod rows;
pub mod served;

/// Prints a line past the test runner, which keeps to itself what passing tests print.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}
#[allow(unused_imports)]
pub(crate) use say;

/// A project in a temporary folder, which goes when this does.
pub struct Project {
    _home: TempDir,
    root: PathBuf,
}

impl Project {
    pub fn empty() -> Project {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let root = home.path().canonicalize().expect("it is there").join("site");
        fs::create_dir(&root).expect("a new folder takes a folder");
        Project { _home: home, root }
    }

    /// A project of these files: path and text.
    pub fn of(files: &[(&str, &str)]) -> Project {
        files.iter().fold(Project::empty(), |project, (path, text)| project.file(path, text))
    }

    pub fn copy_of(folder: &Path) -> Project {
        Project::empty().copy(folder, "")
    }

    /// Writes one more file, or another text into one that is there.
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Project {
        self.write(path, bytes);
        self
    }

    /// Copies what lies in `from` to `to`, a path in the project.
    pub fn copy(self, from: &Path, to: &str) -> Project {
        copy_all(from, &self.root.join(to));
        self
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folders can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).expect("the file is there");
    }

    pub fn remove_if_there(&self, path: &str) {
        let _ = fs::remove_file(self.root.join(path));
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Builds the project and expects it to be published.
    pub fn build(&self) -> Run {
        self.diglot(&["build", "--json"]).in_root().run().exits(0)
    }

    /// Builds the project, however that ends.
    pub fn try_build(&self) -> Run {
        self.diglot(&["build", "--json"]).in_root().run()
    }

    pub fn diglot(&self, arguments: &[&str]) -> Call<'_> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diglot"));
        command.args(arguments).current_dir(&self.root).env_remove("NO_COLOR").stdin(Stdio::null());
        Call { project: self, command }
    }

    /// The published site.
    pub fn site(&self) -> Tree {
        Tree::of(&self.root.join("public"))
    }
}

pub fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders can be made");
    for entry in fs::read_dir(from).expect("the folder to copy is there") {
        let entry = entry.expect("its entries can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// One call of diglot to be.
pub struct Call<'p> {
    project: &'p Project,
    command: Command,
}

impl Call<'_> {
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Names the project by its whole path.
    pub fn in_root(self) -> Self {
        let root = self.project.root.clone();
        self.arg("--root").arg(root)
    }

    pub fn run(mut self) -> Run {
        let output = self.command.output().expect("diglot runs");
        let root = self.project.root.to_str().expect("temporary folders have plain names");
        let text = |bytes| String::from_utf8(bytes).expect("diglot prints UTF-8").replace(root, "[root]");
        Run {
            code: output.status.code().expect("diglot ends by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// How a call ended. The project's path reads `[root]` in what was printed.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        assert_eq!(self.code, code, "\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// What was printed as data.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// A number of the build's summary.
    #[track_caller]
    pub fn number(&self, key: &str) -> u64 {
        self.json()[key].as_u64().unwrap_or_else(|| panic!("no number `{key}` in {}", self.stdout))
    }

    #[track_caller]
    pub fn says(&self, words: &str) {
        assert!(self.stderr.contains(words), "no `{words}` in\n{}", self.stderr);
    }
}

/// The files of a folder: path → bytes.
#[derive(Debug, PartialEq, Eq, Clone)]
pub struct Tree(pub BTreeMap<String, Vec<u8>>);

impl Tree {
    pub fn of(folder: &Path) -> Tree {
        Tree::look(folder).expect("the folder can be read")
    }

    /// A folder in which files may be on the move: an error is no more than a reason to look again.
    pub fn look(folder: &Path) -> std::io::Result<Tree> {
        let mut files = BTreeMap::new();
        if folder.is_dir() {
            collect(folder, "", &mut files)?;
        }
        Ok(Tree(files))
    }

    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let bytes = self.0.get(path).unwrap_or_else(|| panic!("no {path} among {:?}", self.0.keys()));
        std::str::from_utf8(bytes).expect("pages are UTF-8")
    }

    #[track_caller]
    pub fn page(&self, path: &str) -> Html {
        Html::parse_document(self.text(path))
    }

    pub fn pages(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|path| path.ends_with(".html"))
    }

    /// The only page of an episode in the site.
    #[track_caller]
    pub fn episode_page(&self) -> &str {
        let mut found = self.pages().filter(|path| self.text(path).contains("class=\"is-episode\""));
        let page = found.next().expect("the site has an episode");
        assert_eq!(found.next(), None, "the site has one episode only");
        page
    }

    /// The first difference to another tree, in words; comparing them whole would print all of both.
    #[track_caller]
    pub fn equals(&self, other: &Tree, when: &str) {
        let names = |tree: &Tree| tree.0.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(self), names(other), "{when}: other files");
        for (path, bytes) in &self.0 {
            assert!(bytes == &other.0[path], "{when}: {path} differs");
        }
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_str().expect("diglot's names are Unicode"));
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// All elements that a selector finds.
pub fn find<'h>(page: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    page.select(&Selector::parse(selector).expect("the test's selector is one")).collect()
}

/// The text of an element as it stands, white space and all.
pub fn text_of(element: &ElementRef) -> String {
    element.text().collect()
}

const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "input", "kbd", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u", "wbr",
];

/// What a page says to its reader: a line per block, white space as a browser shows it.
pub fn shown_text(page: &Html) -> Vec<String> {
    let mut raw = String::new();
    gather(page.root_element(), &mut raw);
    let lines =
        raw.split('\n').map(|line| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>());
    lines.filter(|words| !words.is_empty()).map(|words| words.join(" ")).collect()
}

fn gather(element: ElementRef, raw: &mut String) {
    let name = element.value().name();
    if matches!(name, "script" | "style") {
        return;
    }
    let block = !INLINE.contains(&name);
    if block {
        raw.push('\n');
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) if name == "pre" => raw.push_str(text),
            Node::Text(text) => {
                raw.extend(text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }))
            }
            _ => {
                if let Some(child) = ElementRef::wrap(child) {
                    gather(child, raw);
                }
            }
        }
    }
    if block {
        raw.push('\n');
    }
}

/// A folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file or folder of the material beside the repository, which not everyone has.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = repository("../shared").join(path);
    if !found.exists() {
        say!("skipped: ../shared/{path} is not here");
        return None;
    }
    Some(found)
}

/// The folders in one of the repository's, by name: one test case each.
pub fn cases(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository(folder)).expect("the folder of cases is there");
    let mut found: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    assert!(!found.is_empty(), "{folder} has no cases");
    found
}

/// Whether what is expected should be written down anew rather than compared.
pub fn blesses() -> bool {
    std::env::var_os("DIGLOT_BLESS").is_some_and(|value| value == "1")
}
