//! Builds that are killed or denied something on the way: two sites that are published in turn to
//! one folder, and a library of C that stands between diglot and the disk.
//! Knows nothing of how diglot publishes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::{Project, repository};

/// What a fault is.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Kill,
    Error(i32),
    /// From then on, always.
    Errors(i32),
    /// The output folder cannot be renamed into or out of.
    OtherDevice,
}

/// Files and folders of a folder: path → bytes, or nothing for a folder.
pub type Whole = BTreeMap<String, Option<Vec<u8>>>;

/// Two versions of one archive, and one whose content is in error.
pub struct Versions {
    pub a: Project,
    pub b: Project,
    pub broken: Project,
    pub whole_a: Whole,
    pub whole_b: Whole,
    /// The built A, to start from.
    built: TempDir,
}

const SITE: &str =
    "title = \"Talks\"\nbase_url = \"https://example.org/\"\nlanguages = [\"zh-Hans\", \"en\"]\n";

fn talk(number: usize, words: &str) -> String {
    format!(
        "+++\ntitle = \"Talk {number}\"\n+++\nSpeaker 0\n\n第{number}次说话。\n\nTalk number {number}, {words}.\n"
    )
}

impl Versions {
    /// B has another text in every third of the talks, new ones and fewer old ones, a file where
    /// A has a folder and a folder where A has a file.
    pub fn of(talks: usize) -> Versions {
        let (a, b) = (Project::of(&[("site.toml", SITE)]), Project::of(&[("site.toml", SITE)]));
        for number in 0..talks {
            let name = format!("content/talks/{number}.txt");
            a.write(&name, talk(number, "as it was"));
            b.write(&name, talk(number, if number % 3 == 0 { "changed" } else { "as it was" }));
        }
        a.write("content/old/gone.txt", talk(1000, "soon gone"));
        b.write("content/new/come.txt", talk(1001, "just come"));
        b.write("content/new/too.txt", talk(1002, "just come as well"));
        for (project, swap) in [(&a, ["x", "y/deep/z"]), (&b, ["x/deep/z", "y"])] {
            for name in swap {
                project.write(&format!("static/swap/{name}"), name);
            }
        }
        let broken =
            Project::of(&[("content/talk.txt", "+++\nhighlights = [\"never said\"]\n+++\nWords.\n")]);
        let built = tempfile::tempdir().expect("a temporary folder can be made");
        let clean = |project: &Project, name: &str| {
            let output = built.path().join(name);
            let ended = build(project, &output).output().expect("diglot runs");
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            whole(&output)
        };
        let (whole_a, whole_b) = (clean(&a, "a"), clean(&b, "b"));
        Versions { a, b, broken, whole_a, whole_b, built }
    }

    /// A folder of its own with A in `public`.
    pub fn place(&self) -> Place {
        let place = Place::empty();
        self.reset(&place);
        place
    }

    /// Puts A back, as if nothing had happened.
    pub fn reset(&self, place: &Place) {
        place.clear();
        super::copy_all(&self.built.path().join("a"), &place.output());
    }

    /// Whether a tree is A, and not B. Panics where it is neither.
    #[track_caller]
    pub fn is_a(&self, found: &Whole, when: &str) -> bool {
        if *found == self.whole_a {
            return true;
        }
        if *found == self.whole_b {
            return false;
        }
        let differing = |other: &Whole| {
            let keys = found.keys().chain(other.keys()).filter(|key| found.get(*key) != other.get(*key));
            keys.cloned().collect::<Vec<_>>()
        };
        panic!(
            "{when}: neither; from A: {:?}; from B: {:?}",
            differing(&self.whole_a),
            differing(&self.whole_b)
        );
    }

    /// Every file that is there is A's or B's, whole.
    #[track_caller]
    pub fn has_no_torn_file(&self, found: &Whole, when: &str) {
        for (path, bytes) in found.iter().filter(|(path, _)| !path.starts_with(".diglot-staging")) {
            let known = [self.whole_a.get(path), self.whole_b.get(path)];
            assert!(known.contains(&Some(bytes)), "{when}: {path} is neither A's nor B's");
        }
    }
}

/// A folder in which a site is published.
pub struct Place(TempDir);

impl Place {
    pub fn empty() -> Place {
        Place(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().canonicalize().expect("it is there")
    }

    pub fn output(&self) -> PathBuf {
        self.root().join("public")
    }

    pub fn clear(&self) {
        for name in self.names() {
            let path = self.root().join(name);
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("it can go");
        }
    }

    /// What lies in the folder.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root()).expect("it can be read");
        let names = entries.map(|entry| entry.expect("it can be read").file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().expect("plain")).collect();
        names.sort();
        names
    }

    pub fn whole(&self) -> Whole {
        whole(&self.output())
    }
}

pub fn whole(folder: &Path) -> Whole {
    let mut found = Whole::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let Ok(entry) = entry else { break };
        let path = entry.path().strip_prefix(folder).expect("it lies there");
        let bytes = entry.file_type().is_file().then(|| fs::read(entry.path()).expect("it can be read"));
        found.insert(path.to_str().expect("plain").to_owned(), bytes);
    }
    found
}

/// A build of a project into a folder.
pub fn build(project: &Project, output: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diglot"));
    command.arg("build").arg("--root").arg(project.path("")).arg("--output").arg(output);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Builds with a fault at the k-th change of the disk; says how it ended, and whether there were as
/// many.
pub fn build_with(fault: Fault, at: usize, project: &Project, place: &Place) -> (Output, bool) {
    let (errno, always) = match fault {
        Fault::Kill => (0, 0),
        Fault::Error(errno) => (errno, 0),
        Fault::Errors(errno) => (errno, 1),
        Fault::OtherDevice => (0, 0),
    };
    let counted = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    let mut command = build(project, &place.output());
    command
        .env("LD_PRELOAD", shim().expect("the caller has looked"))
        .env("FAULT_BELOW", place.root())
        .env("FAULT_AT", at.to_string())
        .env("FAULT_ERRNO", errno.to_string())
        .env("FAULT_ALWAYS", always.to_string())
        .env("FAULT_COUNT", counted.path());
    if matches!(fault, Fault::OtherDevice) {
        command.env("FAULT_DEVICE", place.output());
    }
    let ended = command.output().expect("diglot runs");
    let count = fs::metadata(counted.path()).expect("it is there").len();
    // A kill can come before another thread has written its byte.
    let was_killed = ended.status.code().is_none();
    (ended, was_killed || count >= at as u64)
}

/// The library that makes faults; `None`, with a line that says why, where it cannot be had.
pub fn shim() -> Option<&'static Path> {
    static SHIM: OnceLock<Option<PathBuf>> = OnceLock::new();
    SHIM.get_or_init(compile).as_deref()
}

fn compile() -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        super::say!("skipped: faults are made with LD_PRELOAD, which is of Linux");
        return None;
    }
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{}.so", std::process::id()));
    let source = repository("tests/support/faults.c");
    let ended = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).output();
    match ended {
        Ok(ended) => {
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            Some(library)
        }
        Err(error) => {
            super::say!("skipped: faults need a C compiler: {error}");
            None
        }
    }
}

/// Runs jobs on two threads, since most of each is waiting for a process.
pub fn side_by_side<T: Send>(job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|lane| {
                scope.spawn({
                    let job = &job;
                    move || job(lane)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
