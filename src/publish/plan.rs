//! Decides what a commit moves and removes, and finds what stands in its way. Never changes
//! anything on the disk.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::Path;

use walkdir::WalkDir;

use super::copy::copy;
use super::journal::{Act, Step};
use super::manifest::{self, Listing, Owned, folders, is_below};
use super::place::stat;
use super::walk::Stranger;
use crate::read::WorldError;
use crate::slug::SitePath;

/// The old site and the new one.
pub struct Sites<'a> {
    pub output: &'a Path,
    pub last: &'a Listing,
    pub next: &'a Listing<&'a Owned>,
    /// Files of the new site that lie in staging.
    pub staged: &'a Listing,
    /// Files of the old site that the new one lacks.
    pub retired: &'a [&'a str],
}

/// What a commit will do, once nothing stands in its way.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    pub steps: Vec<Step<'a>>,
    /// How many files are written.
    pub moved: usize,
    /// How many files are removed.
    pub removed: usize,
    /// Paths where something that is not ours is in the way.
    pub occupied: BTreeSet<String>,
}

/// What lies at the path of a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Folder,
    File,
    Other,
}

struct Planner<'a> {
    sites: &'a Sites<'a>,
    plan: Plan<'a>,
    found: HashMap<&'a str, Found>,
    /// Retired files that must go before others come.
    early: BTreeSet<&'a str>,
    /// The folders of those.
    early_folders: BTreeSet<&'a str>,
    /// New paths that a retired one stands for, where the file system tells them not apart.
    twins: HashSet<&'a str>,
}

/// Plans the commit. `strangers` is what is known to lie in the output folder and not be ours.
///
/// # Errors
/// Failures of the disk.
pub fn plan<'a>(sites: &'a Sites<'a>, strangers: &[Stranger]) -> Result<Plan<'a>, WorldError> {
    let twins = twins(sites);
    let is_early = |path: &str| {
        let in_the_way = sites.next.has_below(path) || folders(path).any(|folder| sites.next.has(folder));
        in_the_way || twins.iter().any(|(old, _)| *old == path)
    };
    let (early, late): (Vec<&str>, Vec<&str>) = sites.retired.iter().partition(|path| is_early(path));
    let mut planner = Planner {
        sites,
        plan: Plan::default(),
        found: HashMap::new(),
        early_folders: early.iter().flat_map(|path| folders(path)).collect(),
        early: early.iter().copied().collect(),
        twins: twins.iter().map(|(_, new)| *new).collect(),
    };
    planner.meet(strangers)?;
    planner.retire(&early)?;
    planner.move_all()?;
    planner.retire(&late)?;
    planner.replace_manifest()?;
    planner.clear_folders();
    Ok(planner.plan)
}

/// Retired and new paths that are one file, as on a file system that ignores case.
fn twins<'a>(sites: &Sites<'a>) -> Vec<(&'a str, &'a str)> {
    if sites.retired.is_empty() {
        return Vec::new();
    }
    let new = sites.staged.files().iter().map(|file| &*file.path).filter(|path| !sites.last.has(path));
    let folded: HashMap<String, &str> = new.map(|path| (SitePath::file(path).folded(), path)).collect();
    let pair = |old: &&'a str| {
        let new = *folded.get(&SitePath::file(*old).folded())?;
        is_same_file(&sites.output.join(old), &sites.output.join(new)).then_some((*old, new))
    };
    sites.retired.iter().filter_map(pair).collect()
}

impl<'a> Planner<'a> {
    /// Strangers at the path of a file of the new site, or of a folder that it needs.
    fn meet(&mut self, strangers: &[Stranger]) -> Result<(), WorldError> {
        let next = self.sites.next;
        let in_the_way = |one: &&Stranger| next.has_below(&one.path) || !one.is_file && next.has(&one.path);
        self.plan.occupied.extend(strangers.iter().filter(in_the_way).map(|one| one.path.clone()));
        if stat(&self.sites.output.join(manifest::NAME))?.is_some_and(|found| !found.is_file()) {
            self.plan.occupied.insert(manifest::NAME.to_owned());
        }
        Ok(())
    }

    fn push(&mut self, act: Act, path: &'a str) {
        self.plan.steps.push(Step { act, path });
    }

    /// Takes away retired files, as far as they are still files and reached through no link.
    fn retire(&mut self, paths: &[&'a str]) -> Result<(), WorldError> {
        for path in paths {
            let is_reached = match folders(path).next() {
                Some(folder) => self.look(folder)? == Found::Folder,
                None => true,
            };
            if is_reached && stat(&self.sites.output.join(path))?.is_some_and(|found| found.is_file()) {
                self.push(Act::Take, path);
                self.plan.removed += 1;
            }
        }
        Ok(())
    }

    /// What lies at the path of a folder; each is looked at once. Nothing lies below what is no
    /// folder, least of all below a link.
    fn look(&mut self, folder: &'a str) -> Result<Found, WorldError> {
        if let Some(found) = self.found.get(folder) {
            return Ok(*found);
        }
        let is_reached = match folders(folder).next() {
            Some(above) => self.look(above)? == Found::Folder,
            None => true,
        };
        let found = match is_reached {
            true => stat(&self.sites.output.join(folder))?.map_or(Found::Nothing, |found| {
                match (found.is_dir(), found.is_file()) {
                    (true, _) => Found::Folder,
                    (_, true) => Found::File,
                    _ => Found::Other,
                }
            }),
            false => Found::Nothing,
        };
        self.found.insert(folder, found);
        Ok(found)
    }

    /// Moves every staged file in: by itself, or with the highest of its folders that is new.
    fn move_all(&mut self) -> Result<(), WorldError> {
        let mut unit: Option<&'a str> = None;
        for file in self.sites.staged.files() {
            if unit.is_some_and(|folder| is_below(&file.path, folder)) {
                self.plan.moved += 1;
                continue;
            }
            match self.room_for(&file.path)? {
                Room::InPlace => self.move_file(file)?,
                Room::InNewFolder(folder) => {
                    self.push(Act::Put, folder);
                    self.plan.moved += 1;
                    unit = Some(folder);
                }
                Room::None => {}
            }
        }
        Ok(())
    }

    fn room_for(&mut self, path: &'a str) -> Result<Room<'a>, WorldError> {
        for folder in folders(path).rev() {
            match self.look(folder)? {
                Found::Folder => {}
                Found::Nothing => return Ok(Room::InNewFolder(folder)),
                Found::File if self.early.contains(folder) => return Ok(Room::InNewFolder(folder)),
                _ => {
                    self.plan.occupied.insert(folder.to_owned());
                    return Ok(Room::None);
                }
            }
        }
        Ok(Room::InPlace)
    }

    /// Moves one file into a folder that is there, if what is at its path is ours. A file that is
    /// not, but has the very bytes, is taken over as it is.
    fn move_file(&mut self, file: &'a Owned) -> Result<(), WorldError> {
        let path = &*file.path;
        let target = self.sites.output.join(path);
        match stat(&target)? {
            None => {}
            Some(found) if found.is_dir() && self.holds_only_early(path) => self.drop_folders(path),
            Some(found) if !found.is_file() => {
                self.plan.occupied.insert(path.to_owned());
                return Ok(());
            }
            Some(_) if self.twins.contains(path) => {}
            Some(_) if self.sites.last.has(path) => self.push(Act::Take, path),
            Some(found) => {
                let len = file.fingerprint.len;
                if found.len() != len || copy(&target, &mut io::sink(), &target)? != file.fingerprint {
                    self.plan.occupied.insert(path.to_owned());
                }
                return Ok(());
            }
        }
        self.push(Act::Put, path);
        self.plan.moved += 1;
        Ok(())
    }

    /// Whether all that lies in a folder goes early.
    fn holds_only_early(&self, folder: &str) -> bool {
        WalkDir::new(self.sites.output.join(folder)).into_iter().all(|entry| {
            entry.is_ok_and(|entry| {
                let path = name_in(self.sites.output, entry.path());
                if entry.file_type().is_dir() {
                    self.early_folders.contains(path.as_str())
                } else {
                    entry.file_type().is_file() && self.early.contains(path.as_str())
                }
            })
        })
    }

    /// Removes a folder that early files leave empty, and those in it, the deepest first.
    fn drop_folders(&mut self, folder: &'a str) {
        let inside = |path: &&&str| **path == folder || is_below(path, folder);
        let dropped: Vec<&str> = self.early_folders.iter().filter(inside).copied().collect();
        self.plan.steps.extend(dropped.into_iter().rev().map(|path| Step { act: Act::Drop, path }));
    }

    /// The manifest comes when all it lists is there.
    fn replace_manifest(&mut self) -> Result<(), WorldError> {
        if stat(&self.sites.output.join(manifest::NAME))?.is_some() {
            self.push(Act::Take, manifest::NAME);
        }
        self.push(Act::Put, manifest::NAME);
        Ok(())
    }

    /// Folders that retired files may leave empty, the deepest first.
    fn clear_folders(&mut self) {
        let left: BTreeSet<&str> = self.sites.retired.iter().flat_map(|path| folders(path)).collect();
        let is_free = |path: &&str| !self.sites.next.has(path) && !self.sites.next.has_below(path);
        let free: Vec<&str> = left.into_iter().rev().filter(is_free).collect();
        self.plan.steps.extend(free.into_iter().map(|path| Step { act: Act::Clear, path }));
    }
}

/// Where a staged file goes.
enum Room<'a> {
    InPlace,
    /// With all of a folder that is not there yet.
    InNewFolder(&'a str),
    /// Something is in the way.
    None,
}

/// A path below the output folder as the manifest would write it.
fn name_in(output: &Path, path: &Path) -> String {
    let path = path.strip_prefix(output).unwrap_or(path);
    let segments: Vec<_> = path.iter().map(|segment| segment.to_string_lossy()).collect();
    segments.join("/")
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
