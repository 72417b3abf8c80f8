//! A disk that refuses: a clear error, exit code 3, and the old site as it was.

#![cfg(target_os = "linux")]

mod support;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use support::faults::{Fault, Place, Versions, Whole, build, build_with, shim, side_by_side};

const EIO: i32 = 5;
const EACCES: i32 = 13;
const EMFILE: i32 = 24;
const ENOSPC: i32 = 28;

const ERRORS: [(i32, &str); 4] = [
    (ENOSPC, "No space left"),
    (EACCES, "Permission denied"),
    (EMFILE, "Too many open files"),
    (EIO, "Input/output error"),
];

/// Whether an error says what could not be done to what, and why.
fn is_clear(said: &str, place: &Place, why: &str) -> bool {
    let verbs = ["write", "create", "remove", "move away", "lock", "open"];
    let verb = verbs.iter().any(|verb| said.contains(&format!("error: cannot {verb} ")));
    verb && said.contains(place.root().to_str().expect("plain")) && said.contains(why)
}

/// A tree without its folders: one that cannot be cleared away stays, empty.
fn files(whole: Whole) -> Vec<(String, Option<Vec<u8>>)> {
    whole.into_iter().filter(|(_, bytes)| bytes.is_some()).collect()
}

#[derive(Default)]
struct Counts {
    refused: usize,
    survived: usize,
}

/// Refuses the k-th change of the disk, for each k and error, to a build over `reset`'s state.
/// With `all` errors at each, else with one after the other.
fn refuse_everywhere(versions: &Versions, all: bool, reset: impl Fn(&Place) + Sync) -> Counts {
    let lanes = side_by_side(|lane| {
        let place = Place::empty();
        let mut counts = Counts::default();
        for (number, (errno, why)) in ERRORS.into_iter().enumerate().skip(lane).step_by(2) {
            let (first, step) = if all { (1, 1) } else { (1 + number, ERRORS.len()) };
            for at in (first..).step_by(step) {
                reset(&place);
                let before = place.whole();
                let (ended, was_reached) = build_with(Fault::Error(errno), at, &versions.b, &place);
                let said = String::from_utf8_lossy(&ended.stderr);
                let when = format!("{why} at {at}: {said}");
                if !was_reached {
                    assert!(ended.status.success(), "{when}");
                    break;
                }
                match ended.status.code() {
                    Some(3) => {
                        assert!(is_clear(&said, &place, why), "{when}");
                        assert!(place.whole() == before, "{when}: the old site is not as it was");
                        counts.refused += 1;
                    }
                    // What is cleared away at the end is no part of the site.
                    Some(0) => {
                        assert!(files(place.whole()) == files(versions.whole_b.clone()), "{when}");
                        counts.survived += 1;
                    }
                    code => panic!("{code:?}: {when}"),
                }
                if at / step % 4 == 0 {
                    let again = build(&versions.b, &place.output()).output().expect("diglot runs");
                    assert!(again.status.success(), "{when}: {}", String::from_utf8_lossy(&again.stderr));
                    assert!(files(place.whole()) == files(versions.whole_b.clone()), "{when}: then");
                    assert_eq!(place.names(), ["public"], "{when}");
                }
            }
        }
        counts
    });
    lanes.into_iter().fold(Counts::default(), |a, b| Counts {
        refused: a.refused + b.refused,
        survived: a.survived + b.survived,
    })
}

#[test]
fn a_refusal_at_any_change_of_the_disk_leaves_the_old_site() {
    if shim().is_none() {
        return;
    }
    let versions = Versions::of(2);
    let Counts { refused, survived } = refuse_everywhere(&versions, true, |place| versions.reset(place));
    support::say!(
        "faults: {refused} builds refused with the old site as it was, {survived} done in spite of one"
    );
    assert!(refused > survived, "most of what a build does matters");
    let Counts { refused, survived } = refuse_everywhere(&versions, false, Place::clear);
    support::say!(
        "faults: {refused} first builds refused with nothing published, {survived} done in spite of one"
    );
    assert!(refused > survived);
}

#[test]
fn a_disk_that_refuses_from_then_on_leaves_a_site_that_the_next_build_completes() {
    if shim().is_none() {
        return;
    }
    let versions = Versions::of(2);
    let counts = side_by_side(|lane| {
        let place = Place::empty();
        let (mut whole, mut between) = (0, 0);
        for at in (1 + lane..).step_by(2) {
            versions.reset(&place);
            let (ended, was_reached) = build_with(Fault::Errors(EIO), at, &versions.b, &place);
            if !was_reached {
                break;
            }
            let said = String::from_utf8_lossy(&ended.stderr).into_owned();
            let when = format!("refused from {at} on: {said}");
            versions.has_no_torn_file(&place.whole(), &when);
            if said.contains("neither the old site nor the new one") {
                between += 1;
            } else if ended.status.code() == Some(3) {
                assert!(
                    place
                        .whole()
                        .iter()
                        .filter(|(path, _)| !path.starts_with(".diglot-staging"))
                        .eq(&versions.whole_a),
                    "{when}"
                );
                whole += 1;
            }
            let next = build(&versions.broken, &place.output()).output().expect("diglot runs");
            assert_eq!(next.status.code(), Some(1), "{when}: {}", String::from_utf8_lossy(&next.stderr));
            assert_eq!(place.names(), ["public"], "{when}");
            // A folder that could not be cleared away may be left, empty.
            if ended.status.code() == Some(3) {
                versions.is_a(&place.whole(), &when);
            }
        }
        (whole, between)
    });
    let (whole, between) = counts.into_iter().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    support::say!(
        "faults: of disks that fail for good, {whole} left the old site and {between} one to be completed"
    );
    assert!(whole > 0 && between > 0);
}

#[test]
fn an_output_folder_on_another_file_system_is_published_to_all_the_same() {
    if shim().is_none() {
        return;
    }
    let versions = Versions::of(2);
    let place = Place::empty();
    for from in ["a rebuild", "an empty folder"] {
        versions.reset(&place);
        if from == "an empty folder" {
            fs::remove_dir_all(place.output()).expect("it can go");
            fs::create_dir(place.output()).expect("it can come");
        }
        let (ended, _) = build_with(Fault::OtherDevice, 0, &versions.b, &place);
        assert!(ended.status.success(), "{from}: {}", String::from_utf8_lossy(&ended.stderr));
        assert!(place.whole() == versions.whole_b, "{from}");
        assert_eq!(place.names(), ["public"], "{from}");
    }
}

#[test]
fn too_few_files_at_a_time_is_an_error_that_changes_nothing() {
    let versions = Versions::of(2);
    let place = Place::empty();
    let (mut refused, mut done) = (0, 0);
    for limit in 4..=16 {
        versions.reset(&place);
        let plain = build(&versions.b, &place.output());
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")]);
        command.arg(plain.get_program()).args(plain.get_args());
        let ended = command.stdin(Stdio::null()).output().expect("a shell runs");
        let said = String::from_utf8_lossy(&ended.stderr);
        match ended.status.code() {
            Some(0) => {
                assert!(place.whole() == versions.whole_b, "{limit}: {said}");
                done += 1;
            }
            // The system could not load the program.
            Some(127) => {}
            code => {
                assert_eq!(code, Some(3), "{limit}: {said}");
                assert!(said.contains("Too many open files"), "{limit}: {said}");
                assert!(place.whole() == versions.whole_a, "{limit}: {said}");
                refused += 1;
            }
        }
    }
    support::say!("faults: {refused} builds had too few files and changed nothing, {done} had enough");
    assert!(done > 0);
}

#[test]
fn a_folder_that_may_not_be_written_is_an_error_that_changes_nothing() {
    let versions = Versions::of(2);
    let place = versions.place();
    let set = |mode| fs::set_permissions(place.output(), Permissions::from_mode(mode)).expect("it is ours");
    set(0o555);
    if File::create(place.output().join("probe")).is_ok() {
        support::say!("skipped: permissions do not bind this user");
        return;
    }
    let ended = build(&versions.b, &place.output()).output().expect("diglot runs");
    set(0o755);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(is_clear(&said, &place, "Permission denied"), "{said}");
    assert!(place.whole() == versions.whole_a);
}

#[test]
fn a_folder_that_another_build_has_is_named() {
    let versions = Versions::of(2);
    let place = versions.place();
    let lock = File::create(place.root().join(".public.diglot-lock")).expect("it can be made");
    lock.lock().expect("nobody else has it");
    let ended = build(&versions.b, &place.output()).output().expect("diglot runs");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3), "{said}");
    for words in ["cannot publish to", place.output().to_str().expect("plain"), "another diglot", "--output"]
    {
        assert!(said.contains(words), "{said}");
    }
    assert!(place.whole() == versions.whole_a);
    // Closing would not do: a child that another test starts at this moment has the file open too.
    lock.unlock().expect("it is ours");
    assert!(build(&versions.b, &place.output()).status().expect("diglot runs").success());
    assert_eq!(place.names(), ["public"]);
}
