//! Gathers a build's files beside the output folder and moves them in together. Never writes
//! over, removes or follows anything in the output folder that is not ours.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use walkdir::WalkDir;
use xxhash_rust::xxh3::Xxh3;

use super::manifest::{self, Fingerprint, Manifest, folders, is_safe};
use crate::read::WorldError;
use crate::slug::SitePath;

/// How much of a file is held at once while it is copied, in bytes.
const CHUNK: usize = 256 * 1024;

/// Where a file waits in the output folder when staging turns out to be on another file system.
const INCOMING: &str = ".diglot-incoming";

/// One build's files on their way into the output folder. Many threads may put at once. Dropped
/// without a commit, it leaves no trace.
#[derive(Debug)]
pub struct Transaction {
    output: PathBuf,
    staging: PathBuf,
    force: bool,
    /// The manifest of the last build; `None` where there is none that we wrote.
    last: Option<Manifest>,
    entries: Mutex<Vec<Entry>>,
    /// Folders that exist in staging.
    made: Mutex<HashSet<String>>,
}

#[derive(Debug)]
struct Entry {
    path: String,
    fingerprint: Fingerprint,
    /// Whether its bytes lie in staging; otherwise those in the output folder are right.
    staged: bool,
}

/// What a commit did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files that were written.
    pub changed: usize,
    /// Files that were there already.
    pub unchanged: usize,
    /// Files of the last build that are gone.
    pub removed: usize,
    /// The size of all files of the site, without the manifest.
    pub bytes: u64,
    /// Files in the output folder that are not ours, with `/` between segments, sorted.
    pub foreign: Vec<String>,
}

/// Why a commit did not happen.
#[derive(Debug)]
pub enum CommitError {
    /// The disk failed. What was moved by then is known to the next build, which completes it.
    World(WorldError),
    /// Paths, sorted, where something that is not ours stands in the way of a file or folder of
    /// ours. Nothing has been touched.
    Occupied(Vec<String>),
}

impl From<WorldError> for CommitError {
    fn from(error: WorldError) -> CommitError {
        CommitError::World(error)
    }
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            CommitError::World(error) => error.fmt(f),
            CommitError::Occupied(paths) => write!(
                f,
                "the output folder holds files that diglot did not make, where its own should go: {}",
                paths.join(", ")
            ),
        }
    }
}

impl std::error::Error for CommitError {}

impl Transaction {
    /// Reads the output folder's manifest and makes an empty staging folder beside it, in place
    /// of one that an interrupted build left. Makes the folders above the output folder where
    /// there are none; touches nothing in it. With `force`, every file counts as changed.
    ///
    /// # Errors
    /// An output path that is no folder or has no name, and failures of the disk.
    pub fn begin(output: &Path, force: bool) -> Result<Transaction, WorldError> {
        let output = resolved(output)?;
        let (Some(parent), Some(name)) = (output.parent(), output.file_name()) else {
            return Err(invalid("publish to", &output, "it is the root of a file system"));
        };
        let mut staging_name = std::ffi::OsString::from(".");
        staging_name.push(name);
        staging_name.push(".diglot-staging");
        let staging = parent.join(staging_name);
        match fs::remove_dir_all(&staging) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(WorldError::new("remove", &staging, error));
            }
            _ => {}
        }
        fs::create_dir(&staging).map_err(|error| WorldError::new("create", &staging, error))?;
        Ok(Transaction {
            last: Manifest::read(&output),
            output,
            staging,
            force,
            entries: Mutex::default(),
            made: Mutex::default(),
        })
    }

    /// Gives one file's bytes. Writes them into staging unless the last build's are the same.
    /// Each path is put once: the registry sees to that.
    ///
    /// # Errors
    /// A path that leads out of the output folder or cannot be listed in a manifest, and failures
    /// of the disk.
    pub fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Fingerprint, WorldError> {
        let path = self.checked(path)?;
        let fingerprint = Fingerprint::of(bytes);
        let staged = !self.is_current(path, |last| last == fingerprint);
        if staged {
            let target = self.room_for(path)?;
            fs::write(&target, bytes).map_err(|error| WorldError::new("write", &target, error))?;
        }
        self.note(path, fingerprint, staged);
        Ok(fingerprint)
    }

    /// How many files the last build left, if it did.
    pub fn last_count(&self) -> Option<usize> {
        self.last.as_ref().map(|last| last.files.len())
    }

    /// Whether the output folder has a file as the last build left it, of these bytes.
    pub fn holds(&self, path: &str, fingerprint: Fingerprint) -> bool {
        self.is_current(path, |last| last == fingerprint)
    }

    /// Gives a file's bytes in place of those put before.
    pub fn put_again(&self, path: &SitePath, bytes: &[u8]) -> Result<Fingerprint, WorldError> {
        self.entries.lock().expect(NO_PANIC).retain(|entry| entry.path != path.as_str());
        self.put(path, bytes)
    }

    /// Takes a file as the last build left it, if it did and the file is still there.
    pub fn keep(&self, path: &SitePath, fingerprint: Fingerprint) -> bool {
        let kept = self.is_current(path.as_str(), |last| last == fingerprint);
        if kept {
            self.note(path.as_str(), fingerprint, false);
        }
        kept
    }

    /// Gives one file as a copy of `from`, in pieces of bounded size. A symbolic link is copied
    /// as what it leads to.
    ///
    /// # Errors
    /// As `put`, and where `from` cannot be read.
    pub fn put_file(&self, path: &SitePath, from: &Path) -> Result<Fingerprint, WorldError> {
        let path = self.checked(path)?;
        let unread = |error| WorldError::new("read", from, error);
        let len = fs::metadata(from).map_err(unread)?.len();
        if self.is_current(path, |last| last.len == len) {
            let fingerprint = copy(from, &mut io::sink(), from)?;
            if self.is_current(path, |last| last == fingerprint) {
                self.note(path, fingerprint, false);
                return Ok(fingerprint);
            }
        }
        let target = self.room_for(path)?;
        let mut file = fs::File::create(&target).map_err(|error| WorldError::new("write", &target, error))?;
        let fingerprint = copy(from, &mut file, &target)?;
        self.note(path, fingerprint, true);
        Ok(fingerprint)
    }

    fn checked<'a>(&self, path: &'a SitePath) -> Result<&'a str, WorldError> {
        if is_safe(path.as_str()) {
            Ok(path.as_str())
        } else {
            let path = self.output.join(path.as_str());
            Err(invalid("write", &path, "it is no name for a file of the site"))
        }
    }

    /// Whether the output folder has the file as the last build left it, and as `wanted`.
    fn is_current(&self, path: &str, wanted: impl Fn(Fingerprint) -> bool) -> bool {
        let last = self.last.as_ref().and_then(|last| last.files.get(path));
        !self.force
            && last.is_some_and(|&last| {
                wanted(last)
                    && self
                        .output
                        .join(path)
                        .symlink_metadata()
                        .is_ok_and(|found| found.is_file() && found.len() == last.len)
            })
    }

    /// The file's place in staging, with its folder made.
    fn room_for(&self, path: &str) -> Result<PathBuf, WorldError> {
        if let Some(folder) = folders(path).next() {
            let is_made = || self.made.lock().expect(NO_PANIC);
            if !is_made().contains(folder) {
                let made = self.staging.join(folder);
                fs::create_dir_all(&made).map_err(|error| WorldError::new("create", &made, error))?;
                is_made().insert(folder.to_owned());
            }
        }
        Ok(self.staging.join(path))
    }

    fn note(&self, path: &str, fingerprint: Fingerprint, staged: bool) {
        self.entries.lock().expect(NO_PANIC).push(Entry { path: path.to_owned(), fingerprint, staged });
    }

    /// Moves everything into place. Into a new or empty output folder that is one rename; else
    /// one per changed file, after which files of the last build that were not put again go, with
    /// the folders that this leaves empty, and the new manifest comes last.
    ///
    /// # Errors
    /// `Occupied` before anything is moved; `World` where the disk fails.
    ///
    /// # Panics
    /// Where one path was put twice.
    pub fn commit(self) -> Result<Outcome, CommitError> {
        let mut entries = std::mem::take(&mut *self.entries.lock().expect(NO_PANIC));
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let next =
            Manifest { files: entries.iter().map(|entry| (entry.path.clone(), entry.fingerprint)).collect() };
        assert_eq!(next.files.len(), entries.len(), "the registry gives each path to one owner");
        let bytes = entries.iter().map(|entry| entry.fingerprint.len).sum();
        if entries.iter().all(|entry| entry.staged) && self.is_output_empty() {
            let text = self.staging.join(manifest::NAME);
            fs::write(&text, next.to_text()).map_err(|error| WorldError::new("write", &text, error))?;
            // Where the folder cannot be replaced (a mount point, say), its files can.
            if fs::rename(&self.staging, &self.output).is_ok() {
                return Ok(Outcome { changed: entries.len(), bytes, ..Outcome::default() });
            }
        }
        let last = self.last.clone().unwrap_or_default();
        let plan = self.plan(&entries, &next, &last)?;
        let (moved, removed) = self.carry_out(&plan, &next, &last)?;
        Ok(Outcome {
            changed: moved,
            unchanged: entries.len() - moved,
            removed,
            bytes,
            foreign: self.foreign(&next),
        })
    }

    fn is_output_empty(&self) -> bool {
        match fs::read_dir(&self.output) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        }
    }

    /// Decides what is moved and removed, and finds what stands in the way.
    fn plan<'a>(
        &self,
        entries: &'a [Entry],
        next: &'a Manifest,
        last: &'a Manifest,
    ) -> Result<Plan<'a>, CommitError> {
        let needed: BTreeSet<&str> = entries.iter().flat_map(|entry| folders(&entry.path)).collect();
        let retired: Vec<&str> =
            last.files.keys().map(String::as_str).filter(|path| !next.files.contains_key(*path)).collect();
        let twins = self.twins(entries, last, &retired);
        let (early, late): (Vec<&str>, Vec<&str>) = retired.into_iter().partition(|path| {
            needed.contains(path)
                || folders(path).any(|folder| next.files.contains_key(folder))
                || twins.values().any(|twin| twin == path)
        });
        let early: BTreeSet<&str> = early.into_iter().collect();
        let early_folders: BTreeSet<&str> = early.iter().flat_map(|path| folders(path)).collect();

        let mut occupied = BTreeSet::new();
        if stat(&self.output.join(manifest::NAME))?.is_some_and(|found| !found.is_file()) {
            occupied.insert(manifest::NAME.to_owned());
        }
        let mut blocked = HashSet::new();
        // In the order of their names, folders come after those they lie in.
        for folder in needed {
            if folders(folder).any(|above| blocked.contains(above)) {
                continue;
            }
            let found = stat(&self.output.join(folder))?;
            if found.is_some_and(|found| !(found.is_dir() || found.is_file() && early.contains(folder))) {
                blocked.insert(folder);
                occupied.insert(folder.to_owned());
            }
        }
        let mut moving = Vec::new();
        for entry in entries.iter().filter(|entry| entry.staged) {
            let path = entry.path.as_str();
            if folders(path).any(|folder| blocked.contains(folder)) {
                continue;
            }
            let target = self.output.join(path);
            let is_ours = match stat(&target)? {
                None => true,
                Some(found) if found.is_dir() => self.holds_only(path, &early, &early_folders),
                Some(found) if !found.is_file() => false,
                Some(_) if last.files.contains_key(path) || twins.contains_key(path) => true,
                Some(found) => {
                    if found.len() == entry.fingerprint.len
                        && copy(&target, &mut io::sink(), &target)? == entry.fingerprint
                    {
                        continue;
                    }
                    false
                }
            };
            if is_ours {
                moving.push(path);
            } else {
                occupied.insert(path.to_owned());
            }
        }
        if occupied.is_empty() {
            Ok(Plan { early, moving, late })
        } else {
            Err(CommitError::Occupied(occupied.into_iter().collect()))
        }
    }

    /// New paths that an old path of ours stands for, where the file system tells them not apart.
    fn twins<'a>(
        &self,
        entries: &'a [Entry],
        last: &Manifest,
        retired: &[&'a str],
    ) -> BTreeMap<&'a str, &'a str> {
        let mut twins = BTreeMap::new();
        if retired.is_empty() {
            return twins;
        }
        let folded: HashMap<String, &str> = entries
            .iter()
            .filter(|entry| !last.files.contains_key(&entry.path))
            .map(|entry| (SitePath::file(entry.path.as_str()).folded(), entry.path.as_str()))
            .collect();
        for old in retired {
            if let Some(new) = folded.get(&SitePath::file(*old).folded())
                && is_same_file(&self.output.join(old), &self.output.join(new))
            {
                twins.insert(*new, *old);
            }
        }
        twins
    }

    /// Whether all that lies in a folder goes when `files` go.
    fn holds_only(&self, folder: &str, files: &BTreeSet<&str>, above: &BTreeSet<&str>) -> bool {
        WalkDir::new(self.output.join(folder)).into_iter().all(|entry| {
            entry.is_ok_and(|entry| {
                let path = self.name_of(entry.path());
                if entry.file_type().is_dir() {
                    above.contains(path.as_str())
                } else {
                    entry.file_type().is_file() && files.contains(path.as_str())
                }
            })
        })
    }

    /// Does what was planned; gives the number of files moved and removed.
    fn carry_out(&self, plan: &Plan, next: &Manifest, last: &Manifest) -> Result<(usize, usize), WorldError> {
        let is_idle = plan.moving.is_empty() && plan.early.is_empty() && plan.late.is_empty();
        if is_idle && self.last.as_ref() == Some(next) {
            return Ok((0, 0));
        }
        fs::create_dir_all(&self.output).map_err(|error| WorldError::new("create", &self.output, error))?;
        if !is_idle {
            // If this stops halfway, the next build must know old and new files for ours, and
            // must not take the moved ones for what they were.
            let mut interim = next.clone();
            for path in &plan.moving {
                interim.files.insert((*path).to_owned(), Fingerprint::UNKNOWN);
            }
            for (path, fingerprint) in &last.files {
                interim.files.entry(path.clone()).or_insert(*fingerprint);
            }
            self.write_manifest(&interim)?;
        }
        let mut removed = self.remove(plan.early.iter().copied())?;
        let mut made = HashSet::new();
        for path in &plan.moving {
            if let Some(folder) = folders(path).next()
                && made.insert(folder)
            {
                let folder = self.output.join(folder);
                fs::create_dir_all(&folder).map_err(|error| WorldError::new("create", &folder, error))?;
            }
            self.move_in(path)?;
        }
        removed += self.remove(plan.late.iter().copied())?;
        self.write_manifest(next)?;
        Ok((plan.moving.len(), removed))
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), WorldError> {
        let staged = self.staging.join(manifest::NAME);
        fs::write(&staged, manifest.to_text()).map_err(|error| WorldError::new("write", &staged, error))?;
        self.move_in(manifest::NAME)
    }

    /// Moves one file from staging to the output folder.
    fn move_in(&self, path: &str) -> Result<(), WorldError> {
        let (from, to) = (self.staging.join(path), self.output.join(path));
        let result = match fs::rename(&from, &to) {
            Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                let incoming = self.output.join(INCOMING);
                // Never written through, should it be a link.
                let _ = fs::remove_file(&incoming);
                let result = fs::copy(&from, &incoming).and_then(|_| fs::rename(&incoming, &to));
                if result.is_err() {
                    let _ = fs::remove_file(&incoming);
                }
                result
            }
            result => result,
        };
        result.map_err(|error| WorldError::new("write", &to, error))
    }

    /// Removes files of ours, as far as they are still files and reached through no link, and the
    /// folders that this leaves empty. Gives their number.
    fn remove<'a>(&self, paths: impl Iterator<Item = &'a str>) -> Result<usize, WorldError> {
        let mut removed = 0;
        let mut left = BTreeSet::new();
        for path in paths {
            let mut is_reached = true;
            for folder in folders(path) {
                let found = stat(&self.output.join(folder))?;
                is_reached &= found.is_some_and(|found| found.is_dir());
            }
            let target = self.output.join(path);
            if is_reached && stat(&target)?.is_some_and(|found| found.is_file()) {
                fs::remove_file(&target).map_err(|error| WorldError::new("remove", &target, error))?;
                left.extend(folders(path));
                removed += 1;
            }
        }
        for folder in left.into_iter().rev() {
            // Fails, as it should, where something is left in it.
            let _ = fs::remove_dir(self.output.join(folder));
        }
        Ok(removed)
    }

    /// The files in the output folder that are not ours. A folder that cannot be read is named
    /// itself.
    fn foreign(&self, ours: &Manifest) -> Vec<String> {
        let mut foreign: Vec<String> = WalkDir::new(&self.output)
            .min_depth(1)
            .into_iter()
            .filter_map(|entry| match entry {
                Ok(entry) if entry.file_type().is_dir() => None,
                Ok(entry) => Some(self.name_of(entry.path())),
                Err(error) => error.path().map(|path| self.name_of(path)),
            })
            .filter(|path| path != manifest::NAME && !ours.files.contains_key(path))
            .collect();
        foreign.sort_unstable();
        foreign
    }

    /// A path below the output folder as the manifest would write it.
    fn name_of(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.output).unwrap_or(path);
        let segments: Vec<_> = path.iter().map(|segment| segment.to_string_lossy()).collect();
        segments.join("/")
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Moved away by a commit into a new folder; else the next build removes what this cannot.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// Why a lock cannot be poisoned.
const NO_PANIC: &str = "nothing panics while it holds this lock";

/// What a commit will do, once nothing stands in its way.
struct Plan<'a> {
    /// Files of the last build that must go before others come.
    early: BTreeSet<&'a str>,
    /// Staged files that are not in the output folder yet, in the order of their paths.
    moving: Vec<&'a str>,
    /// Files of the last build that go when the others have come.
    late: Vec<&'a str>,
}

/// The output folder's real path, with the folders above it made.
fn resolved(output: &Path) -> Result<PathBuf, WorldError> {
    let failed = |error| WorldError::new("open", output, error);
    match output.canonicalize() {
        Ok(real) if real.is_dir() => return Ok(real),
        Ok(_) => return Err(invalid("publish to", output, "it is not a folder")),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        Err(_) if output.is_symlink() => {
            return Err(invalid("publish to", output, "it is a symbolic link to nothing"));
        }
        Err(_) => {}
    }
    let Some(name) = output.file_name() else {
        return Err(invalid("publish to", output, "it has no name"));
    };
    let parent = match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(|error| WorldError::new("create", parent, error))?;
    Ok(parent.canonicalize().map_err(failed)?.join(name))
}

fn invalid(verb: &str, path: &Path, why: &str) -> WorldError {
    WorldError::new(verb, path, io::Error::new(ErrorKind::InvalidInput, why))
}

/// What is at a path, without following a link there; `None` for nothing.
fn stat(path: &Path) -> Result<Option<Metadata>, WorldError> {
    match path.symlink_metadata() {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(WorldError::new("look at", path, error)),
    }
}

/// Copies a file in chunks; gives the fingerprint of the bytes that were copied. `to_path` is
/// where `to` lies, for the error.
fn copy(from: &Path, to: &mut dyn Write, to_path: &Path) -> Result<Fingerprint, WorldError> {
    let unread = |error| WorldError::new("read", from, error);
    let mut file = fs::File::open(from).map_err(unread)?;
    let mut hasher = Xxh3::new();
    let mut chunk = vec![0; CHUNK];
    let mut len = 0;
    loop {
        let count = match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(unread(error)),
        };
        hasher.update(&chunk[..count]);
        len += count as u64;
        to.write_all(&chunk[..count]).map_err(|error| WorldError::new("write", to_path, error))?;
    }
    Ok(Fingerprint { hash: hasher.digest128(), len })
}

/// Whether two names lead to one file, as on a file system that ignores case.
#[cfg(unix)]
fn is_same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (a.symlink_metadata(), b.symlink_metadata()) {
        (Ok(a), Ok(b)) => a.is_file() && (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Whether two names lead to one file, as on a file system that ignores case.
#[cfg(not(unix))]
fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;
    use tempfile::TempDir;

    struct Place(TempDir);

    impl Place {
        fn new() -> Place {
            Place(TempDir::new().unwrap())
        }

        fn output(&self) -> PathBuf {
            self.0.path().join("public")
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.output().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn read(&self, path: &str) -> String {
            fs::read_to_string(self.output().join(path)).unwrap()
        }

        fn has(&self, path: &str) -> bool {
            self.output().join(path).symlink_metadata().is_ok()
        }

        fn begin(&self, files: &[(&str, &str)], force: bool) -> Transaction {
            let transaction = Transaction::begin(&self.output(), force).unwrap();
            for (path, text) in files {
                transaction.put(&SitePath::file(*path), text.as_bytes()).unwrap();
            }
            transaction
        }

        fn try_build(&self, files: &[(&str, &str)]) -> Result<Outcome, CommitError> {
            let result = self.begin(files, false).commit();
            assert!(!self.0.path().join(".public.diglot-staging").exists());
            result
        }

        fn build(&self, files: &[(&str, &str)]) -> Outcome {
            self.try_build(files).unwrap()
        }

        fn occupied(&self, files: &[(&str, &str)]) -> Vec<String> {
            match self.try_build(files) {
                Err(CommitError::Occupied(paths)) => paths,
                other => panic!("{other:?}"),
            }
        }
    }

    fn outcome(changed: usize, unchanged: usize, removed: usize, bytes: u64) -> Outcome {
        Outcome { changed, unchanged, removed, bytes, foreign: Vec::new() }
    }

    #[test]
    fn a_first_build_fills_a_new_or_empty_folder() {
        let place = Place::new();
        assert_eq!(place.build(&[("a/b", "one"), ("c", "two!")]), outcome(2, 0, 0, 7));
        assert_eq!(place.read("a/b"), "one");
        let place = Place::new();
        fs::create_dir(place.output()).unwrap();
        assert_eq!(place.build(&[("a/b", "one")]), outcome(1, 0, 0, 3));
        assert!(place.has(manifest::NAME));
    }

    #[test]
    fn the_folders_above_the_output_are_made() {
        let place = TempDir::new().unwrap();
        let output = place.path().join("x/y/public");
        let transaction = Transaction::begin(&output, false).unwrap();
        transaction.put(&SitePath::file("a"), b"one").unwrap();
        transaction.commit().unwrap();
        assert!(output.join("a").is_file());
    }

    #[test]
    fn a_rebuild_writes_what_changed_and_removes_what_is_gone() {
        let place = Place::new();
        place.build(&[("a/b/c", "one"), ("a/d", "two"), ("e", "three")]);
        let made = fs::metadata(place.output().join("e")).unwrap().modified().unwrap();
        assert_eq!(place.build(&[("a/d", "2"), ("e", "three"), ("f/g", "4")]), outcome(2, 1, 1, 7));
        assert!(!place.has("a/b"));
        assert_eq!((place.read("a/d"), place.read("f/g")), ("2".into(), "4".into()));
        assert_eq!(fs::metadata(place.output().join("e")).unwrap().modified().unwrap(), made);
    }

    #[test]
    fn a_rebuilt_site_equals_a_clean_one() {
        let (edited, clean) = (Place::new(), Place::new());
        let files = [("a/d", "2"), ("e", "three")];
        edited.build(&[("a/b/c", "one"), ("e", "two")]);
        edited.build(&files);
        clean.build(&files);
        assert_eq!(edited.read(manifest::NAME), clean.read(manifest::NAME));
    }

    #[test]
    fn an_idle_rebuild_writes_nothing() {
        let place = Place::new();
        place.build(&[("a", "one")]);
        let path = place.output().join(manifest::NAME);
        let made = fs::metadata(&path).unwrap().modified().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(place.build(&[("a", "one")]), outcome(0, 1, 0, 3));
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), made);
    }

    #[test]
    fn force_writes_every_file_again() {
        let place = Place::new();
        place.build(&[("a", "one")]);
        place.write("a", "eno");
        assert_eq!(place.build(&[("a", "one")]).changed, 0);
        assert_eq!(place.begin(&[("a", "one")], true).commit().unwrap().changed, 1);
        assert_eq!(place.read("a"), "one");
    }

    #[test]
    fn a_file_that_went_missing_or_changed_its_length_is_written_again() {
        let place = Place::new();
        place.build(&[("a", "one"), ("b", "two")]);
        fs::remove_file(place.output().join("a")).unwrap();
        place.write("b", "");
        assert_eq!(place.build(&[("a", "one"), ("b", "two")]).changed, 2);
    }

    #[test]
    fn a_dropped_transaction_leaves_no_trace() {
        let place = Place::new();
        place.build(&[("a", "one")]);
        drop(place.begin(&[("a", "two"), ("b", "two")], false));
        assert_eq!(place.read("a"), "one");
        assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_stale_staging_folder_is_not_published() {
        let place = Place::new();
        std::mem::forget(place.begin(&[("stale", "x")], false));
        assert_eq!(place.build(&[("a", "one")]), outcome(1, 0, 0, 3));
        assert!(!place.has("stale"));
    }

    #[test]
    fn foreign_files_survive_and_are_named() {
        let place = Place::new();
        place.build(&[("a/b", "one"), ("c", "x")]);
        place.write("a/mine.txt", "mine");
        place.write("CNAME", "example.org");
        let outcome = place.build(&[("c", "x")]);
        assert_eq!(outcome.foreign, ["CNAME", "a/mine.txt"]);
        assert_eq!((outcome.removed, place.read("a/mine.txt")), (1, "mine".into()));
    }

    #[test]
    fn a_foreign_file_with_our_bytes_is_adopted_and_another_stops_the_commit() {
        let place = Place::new();
        place.write("a/b", "one");
        assert_eq!(place.build(&[("a/b", "one")]), outcome(0, 1, 0, 3));
        place.write("x", "mine");
        assert_eq!(place.occupied(&[("a/b", "two"), ("x", "ours")]), ["x"]);
        assert_eq!((place.read("a/b"), place.read("x")), ("one".into(), "mine".into()));
        assert_eq!(place.build(&[("x", "mine")]), outcome(0, 1, 1, 4));
    }

    #[test]
    fn a_broken_manifest_owns_nothing() {
        let place = Place::new();
        place.build(&[("a", "one"), ("b", "two")]);
        place.write(manifest::NAME, "something else\n");
        assert_eq!(place.occupied(&[("a", "one"), ("b", "2")]), ["b"]);
        assert_eq!(place.build(&[("a", "one")]).foreign, ["b"]);
    }

    #[test]
    fn a_file_of_ours_may_become_a_folder_and_a_folder_a_file() {
        let place = Place::new();
        place.build(&[("a", "one"), ("b/c/d", "two")]);
        assert_eq!(place.build(&[("a/x", "1"), ("b", "2")]), outcome(2, 0, 2, 2));
        assert_eq!((place.read("a/x"), place.read("b")), ("1".into(), "2".into()));
    }

    #[test]
    fn foreign_folders_and_files_in_the_way_stop_the_commit() {
        let place = Place::new();
        place.build(&[("b/c", "one"), ("z", "z")]);
        place.write("b/mine", "mine");
        place.write("d", "mine");
        fs::create_dir(place.output().join("e")).unwrap();
        assert_eq!(place.occupied(&[("b", "1"), ("d/x", "2"), ("e", "3")]), ["b", "d", "e"]);
        assert!(place.has("b/c") && place.has("z"));
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_are_never_followed_or_replaced() {
        let place = Place::new();
        place.build(&[("a/b", "one"), ("c", "two")]);
        let away = place.0.path().join("away");
        fs::rename(place.output().join("a"), &away).unwrap();
        std::os::unix::fs::symlink(&away, place.output().join("a")).unwrap();
        fs::remove_file(place.output().join("c")).unwrap();
        std::os::unix::fs::symlink(away.join("b"), place.output().join("c")).unwrap();
        assert_eq!(place.occupied(&[("a/b", "one"), ("c", "two")]), ["a", "c"]);
        assert_eq!(place.occupied(&[("a/b", "2"), ("c", "one")]), ["a", "c"]);
        assert_eq!(place.build(&[("d", "x")]).foreign, ["a", "c"]);
        assert_eq!(fs::read_to_string(away.join("b")).unwrap(), "one");
    }

    #[test]
    fn a_build_that_stopped_halfway_is_completed_by_the_next() {
        let place = Place::new();
        place.build(&[("a", "one"), ("b", "two"), ("gone", "x")]);
        let transaction = place.begin(&[("a", "eno"), ("b", "owt"), ("c", "new")], false);
        fs::remove_file(transaction.staging.join("b")).unwrap();
        assert!(matches!(transaction.commit(), Err(CommitError::World(_))));
        assert_eq!((place.read("a"), place.read("b")), ("eno".into(), "two".into()));
        assert_eq!(place.build(&[("a", "one"), ("b", "two")]), outcome(2, 0, 1, 6));
        assert_eq!((place.read("a"), place.has("gone")), ("one".into(), false));
    }

    #[test]
    fn a_path_that_only_changes_its_case_ends_up_as_one_file() {
        let place = Place::new();
        place.build(&[("About/X", "one")]);
        assert_eq!(place.build(&[("about/x", "two")]), outcome(1, 0, 1, 3));
        assert_eq!(place.read("about/x"), "two");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_renamed_file_that_the_file_system_takes_for_the_same_is_ours() {
        let place = Place::new();
        place.build(&[("A", "one"), ("z", "z")]);
        // Two names for one file, as where case is ignored.
        fs::hard_link(place.output().join("A"), place.output().join("a")).unwrap();
        assert_eq!(place.build(&[("a", "two"), ("z", "z")]), outcome(1, 1, 1, 4));
        assert_eq!(place.read("a"), "two");
    }

    #[test]
    fn a_copied_file_is_written_once_and_never_linked() {
        let place = Place::new();
        let from = place.0.path().join("from");
        let put = |text: &str| {
            fs::write(&from, text).unwrap();
            let transaction = place.begin(&[], false);
            transaction.put_file(&SitePath::file("a/b"), &from).unwrap();
            transaction.commit().unwrap()
        };
        let long = "x".repeat(CHUNK + 1);
        assert_eq!(put(&long), outcome(1, 0, 0, CHUNK as u64 + 1));
        assert_eq!(put(&long).unchanged, 1);
        assert_eq!(place.build(&[("a/b", &long)]).unchanged, 1);
        assert_eq!(put("one").changed, 1);
        assert_eq!(put("two").changed, 1);
        fs::write(&from, "later").unwrap();
        assert_eq!(place.read("a/b"), "two");
    }

    #[test]
    fn paths_out_of_the_output_folder_are_refused() {
        let place = Place::new();
        let transaction = place.begin(&[], false);
        for path in ["../a", "/a", "a/../../b", "", "a\nb", ".diglot-manifest"] {
            let error = transaction.put(&SitePath::file(path), b"").unwrap_err();
            assert_eq!(error.error.kind(), ErrorKind::InvalidInput, "{path}");
        }
    }

    #[test]
    fn an_output_that_is_a_file_is_refused() {
        let place = Place::new();
        fs::write(place.output(), "mine").unwrap();
        assert!(Transaction::begin(&place.output(), false).is_err());
        assert_eq!(fs::read_to_string(place.output()).unwrap(), "mine");
    }

    #[test]
    fn many_threads_give_the_same_site() {
        let place = Place::new();
        let transaction = place.begin(&[], false);
        (0..500).into_par_iter().for_each(|n| {
            let path = SitePath::file(format!("{}/{n}/index.html", n % 7));
            transaction.put(&path, n.to_string().as_bytes()).unwrap();
        });
        assert_eq!(transaction.commit().unwrap().changed, 500);
        assert_eq!(place.read("3/3/index.html"), "3");
    }
}
