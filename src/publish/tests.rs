//! What a transaction does to an output folder.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use rayon::prelude::*;
use tempfile::TempDir;

use super::copy::CHUNK;
use super::{CommitError, Outcome, Recovered, Transaction, manifest, recover};
use crate::slug::SitePath;

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
    let stale = place.0.path().join(".public.diglot-staging/new");
    fs::create_dir_all(&stale).unwrap();
    fs::write(stale.join("stale"), "x").unwrap();
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

/// A build that loses a staged file before it is moved.
fn fail_halfway(place: &Place, files: &[(&str, &str)], lost: &str) -> String {
    let transaction = place.begin(files, false);
    fs::remove_file(place.0.path().join(".public.diglot-staging/new").join(lost)).unwrap();
    match transaction.commit() {
        Err(CommitError::World(error)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_that_fails_halfway_is_undone() {
    let place = Place::new();
    place.build(&[("a", "one"), ("b", "two"), ("gone", "x"), ("file", "1"), ("folder/in/it", "2")]);
    let before = place.read(manifest::NAME);
    let next = [("a", "eno"), ("b", "owt"), ("file/x", "3"), ("folder", "4"), ("new/folder/c", "5")];
    for lost in ["b", "folder"] {
        let error = fail_halfway(&place, &next, lost);
        assert!(error.starts_with("cannot write") && error.contains(lost), "{error}");
        let texts = ["a", "b", "gone", "file", "folder/in/it"].map(|path| place.read(path));
        assert_eq!(texts, ["one", "two", "x", "1", "2"]);
        assert_eq!(place.read(manifest::NAME), before);
        assert!(!place.has("new"));
        assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 1);
    }
    assert_eq!(place.build(&next), outcome(5, 0, 3, 9));
    assert_eq!((place.read("folder"), place.read("file/x")), ("4".into(), "3".into()));
}

#[test]
fn what_a_killed_build_left_is_recovered_once() {
    let place = Place::new();
    assert_eq!(recover(&place.0.path().join("no/such/public")).unwrap(), Recovered::Nothing);
    place.build(&[("a", "one")]);
    assert_eq!(recover(&place.output()).unwrap(), Recovered::Nothing);
    let staging = place.0.path().join(".public.diglot-staging");
    for (journal, expected) in [(None, Recovered::RolledBack), (Some("take a\n"), Recovered::Unreadable)] {
        fs::create_dir_all(staging.join("new")).unwrap();
        if let Some(text) = journal {
            fs::write(staging.join("journal"), text).unwrap();
        }
        assert_eq!(recover(&place.output()).unwrap(), expected);
        assert_eq!((place.read("a"), staging.exists()), ("one".into(), false));
    }
}

#[test]
fn two_transactions_never_share_an_output_folder() {
    let place = Place::new();
    let first = place.begin(&[("a", "one")], false);
    for error in [Transaction::begin(&place.output(), false).err(), recover(&place.output()).err()] {
        assert!(error.unwrap().to_string().contains("another diglot is building it"));
    }
    first.commit().unwrap();
    assert_eq!(place.build(&[("a", "one")]), outcome(0, 1, 0, 3));
}

#[test]
fn a_file_is_kept_by_name_and_fingerprint() {
    let place = Place::new();
    let (a, b) = (SitePath::file("a"), SitePath::file("b/c"));
    let transaction = place.begin(&[], false);
    let one = transaction.put(&a, b"one").unwrap();
    let two = transaction.put(&b, b"two").unwrap();
    assert!(!transaction.keep(a.as_str(), one), "the last build had it not");
    transaction.commit().unwrap();

    let transaction = place.begin(&[], false);
    assert!(
        transaction.keep(a.as_str(), one)
            && !transaction.keep(b.as_str(), one)
            && transaction.keep(b.as_str(), two)
    );
    assert!(!place.0.path().join(".public.diglot-staging").exists(), "nothing is staged");
    assert_eq!(transaction.commit_without_walk().unwrap(), outcome(0, 2, 0, 6));

    assert!(!place.begin(&[], true).keep(a.as_str(), one), "all is to be written");
    fs::write(place.output().join("a"), "longer").unwrap();
    let transaction = place.begin(&[("b/c", "two")], false);
    assert!(!transaction.keep(a.as_str(), one));
    assert_eq!(transaction.commit().unwrap(), outcome(0, 1, 1, 3));
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
    for path in ["../a", "/a", "a/../../b", "", "a\nb", ".diglot-manifest", ".diglot-staging/a"] {
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
