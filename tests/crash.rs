//! A build that is killed: no file is ever torn, and the next command leaves the old site or the
//! new one, to the byte.

#![cfg(unix)]

mod support;

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use support::faults::{Fault, Place, Versions, build, build_with, shim, side_by_side};

const KILLS: usize = 200;

/// Runs a build that fails on its content, so that nothing acts but what recovers.
#[track_caller]
fn recover(versions: &Versions, place: &Place, when: &str) {
    let ended = build(&versions.broken, &place.output()).output().expect("diglot runs");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{when}: {said}");
    let left: Vec<_> = place.names().into_iter().filter(|name| name != "public").collect();
    assert!(left.is_empty(), "{when}: {left:?} are left");
}

/// What a kill came to.
#[derive(Clone, Copy, Default)]
struct Counts {
    before: usize,
    inside: usize,
    after: usize,
}

impl Counts {
    fn add(self, other: Counts) -> Counts {
        Counts {
            before: self.before + other.before,
            inside: self.inside + other.inside,
            after: self.after + other.after,
        }
    }

    fn all(self) -> usize {
        self.before + self.inside + self.after
    }
}

/// Looks at what a killed build left, has it recovered, and looks again. Says where the kill fell,
/// and whether the site is A.
#[track_caller]
fn check(versions: &Versions, place: &Place, was_a: bool, when: &str) -> (Counts, bool) {
    let left = place.whole();
    versions.has_no_torn_file(&left, when);
    let is_pending = place.root().join(".public.diglot-staging/journal").exists();
    recover(versions, place, when);
    let is_a = versions.is_a(&place.whole(), when);
    let mut counts = Counts::default();
    match (is_pending, is_a == was_a) {
        (true, _) => counts.inside = 1,
        (false, true) => counts.before = 1,
        (false, false) => counts.after = 1,
    }
    (counts, is_a)
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// How long a build takes, until it begins to write and in all.
fn measured(versions: &Versions, place: &Place) -> (Duration, Duration) {
    let start = Instant::now();
    let mut child = build(&versions.b, &place.output()).spawn().expect("diglot runs");
    let mut writes = None;
    while child.try_wait().expect("it can be waited for").is_none() {
        if writes.is_none() && place.root().join(".public.diglot-staging").exists() {
            writes = Some(start.elapsed());
        }
        std::thread::sleep(Duration::from_micros(100));
    }
    (writes.unwrap_or_default(), start.elapsed())
}

fn wait_for_journal(child: &mut Child, place: &Place) {
    let old = place.root().join(".public.diglot-staging/old");
    while !old.exists() && child.try_wait().expect("it can be waited for").is_none() {
        std::thread::sleep(Duration::from_micros(50));
    }
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one() {
    let versions = Versions::of(24);
    let all = side_by_side(|lane| {
        let place = versions.place();
        let (writes, whole) = measured(&versions, &place);
        let mut chance = Chance(0x9e37_79b9 + lane as u64);
        let (mut counts, mut is_a) = (Counts::default(), false);
        for round in 0..KILLS / 2 {
            let next = if is_a { &versions.b } else { &versions.a };
            let mut child = build(next, &place.output()).spawn().expect("diglot runs");
            // A quarter at any moment, a quarter while it writes, a half while it publishes.
            let delay = match round % 4 {
                0 => whole.mul_f64(chance.next() * 1.1),
                1 => writes + (whole - writes).mul_f64(chance.next() * 1.1),
                _ => {
                    wait_for_journal(&mut child, &place);
                    Duration::from_micros((chance.next() * 2500.0) as u64)
                }
            };
            std::thread::sleep(delay);
            child.kill().expect("it is ours to kill");
            child.wait().expect("it was there");
            let when = format!("killed after {delay:?}, lane {lane}, round {round}");
            let (one, now_a) = check(&versions, &place, is_a, &when);
            (counts, is_a) = (counts.add(one), now_a);
        }
        counts
    });
    let all = all.into_iter().fold(Counts::default(), Counts::add);
    support::say!(
        "kills: {} at random moments, {} before the commit, {} inside, {} after; all trees old or new",
        all.all(),
        all.before,
        all.inside,
        all.after
    );
    assert_eq!(all.all(), KILLS);
    assert!(all.before > 0 && all.inside > 0 && all.after > 0, "the kills all fell to one side");
}

/// Kills a build at every change it makes to the disk; counts where the kills fell.
fn kill_everywhere(versions: &Versions, reset: impl Fn(&Place) + Sync) -> Counts {
    let lanes = side_by_side(|lane| {
        let place = Place::empty();
        let mut counts = Counts::default();
        for at in (1 + lane..).step_by(2) {
            reset(&place);
            let was_there = place.output().exists();
            let (ended, was_reached) = build_with(Fault::Kill, at, &versions.b, &place);
            if !was_reached {
                assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
                break;
            }
            assert_eq!(ended.status.code(), None, "it is killed");
            let when = format!("killed at {at}");
            if was_there {
                counts = counts.add(check(versions, &place, true, &when).0);
            } else {
                let whole = place.output().exists();
                recover(versions, &place, &when);
                assert_eq!(place.output().exists(), whole, "{when}");
                assert!(!whole || place.whole() == versions.whole_b, "{when}");
                counts = counts.add(Counts { before: !whole as usize, inside: 0, after: whole as usize });
            }
        }
        counts
    });
    lanes.into_iter().fold(Counts::default(), Counts::add)
}

#[test]
fn a_build_killed_at_each_change_of_the_disk_leaves_the_old_site_or_the_new_one() {
    if shim().is_none() {
        return;
    }
    let versions = Versions::of(2);
    let rebuilt = kill_everywhere(&versions, |place| versions.reset(place));
    support::say!(
        "kills: {} at every change of the disk, {} before the commit, {} inside, {} after; all trees old or new",
        rebuilt.all(),
        rebuilt.before,
        rebuilt.inside,
        rebuilt.after
    );
    assert!(rebuilt.before > 0 && rebuilt.inside > 0 && rebuilt.after > 0);
    let first = kill_everywhere(&versions, Place::clear);
    support::say!(
        "kills: {} in a first build, {} before its folder was there, {} after",
        first.all(),
        first.before,
        first.after
    );
    assert!(first.before > 0 && first.after > 0);
}

/// Leaves a build killed inside its commit.
fn killed_inside(versions: &Versions, place: &Place) {
    for at in 1.. {
        versions.reset(place);
        let (_, was_reached) = build_with(Fault::Kill, at, &versions.b, place);
        assert!(was_reached, "some kill falls inside the commit");
        // Past the first file, so that both sites are there in part.
        let old = fs::read_dir(place.root().join(".public.diglot-staging/old"));
        if old.is_ok_and(|entries| entries.count() > 3) {
            return;
        }
    }
}

#[test]
fn a_recovery_that_is_killed_is_recovered() {
    if shim().is_none() {
        return;
    }
    let versions = Versions::of(2);
    let (place, spare) = (Place::empty(), Place::empty());
    killed_inside(&versions, &place);
    let mut kills = 0;
    for at in 1.. {
        spare.clear();
        for name in place.names() {
            let (from, to) = (place.root().join(&name), spare.root().join(&name));
            if from.is_dir() {
                support::copy_all(&from, &to)
            } else {
                fs::copy(&from, &to).expect("it is copied");
            }
        }
        let (_, was_reached) = build_with(Fault::Kill, at, &versions.broken, &spare);
        if !was_reached {
            break;
        }
        let when = format!("recovery killed at {at}");
        versions.has_no_torn_file(&spare.whole(), &when);
        recover(&versions, &spare, &when);
        assert!(!versions.is_a(&spare.whole(), &when), "{when}: a commit that has begun is completed");
        kills += 1;
    }
    support::say!("kills: {kills} inside a recovery; all completed by the next");
    assert!(kills > 0);
}

#[test]
fn two_builds_at_once_leave_the_site_of_one() {
    let versions = Versions::of(20);
    let place = versions.place();
    let (mut both, mut refused) = (0, 0);
    for round in 0..20 {
        let builds =
            [&versions.a, &versions.b].map(|one| build(one, &place.output()).spawn().expect("it runs"));
        let ended = builds.map(|child| child.wait_with_output().expect("it ends"));
        let codes = ended.each_ref().map(|one| one.status.code().expect("it ends by itself"));
        for one in ended.iter().filter(|one| !one.status.success()) {
            let said = String::from_utf8_lossy(&one.stderr);
            assert_eq!(one.status.code(), Some(3), "{said}");
            assert!(said.contains("another diglot is building it") && said.contains("public"), "{said}");
        }
        assert!(codes.contains(&0), "round {round}: one of the two wins");
        both += usize::from(codes == [0, 0]);
        refused += usize::from(codes != [0, 0]);
        let is_a = versions.is_a(&place.whole(), &format!("round {round}"));
        assert!(codes == [0, 0] || is_a == (codes[0] == 0), "round {round}: it is the winner's site");
        assert_eq!(place.names(), ["public"]);
    }
    support::say!(
        "two builds at once: {refused} times the second was refused, {both} times it came after the first"
    );
}

#[test]
fn a_rebuilt_site_has_no_hard_links() {
    use std::os::unix::fs::MetadataExt;
    let versions = Versions::of(3);
    let place = versions.place();
    assert!(build(&versions.b, &place.output()).status().expect("diglot runs").success());
    for (path, _) in place.whole().iter().filter(|(_, bytes)| bytes.is_some()) {
        assert_eq!(
            fs::symlink_metadata(place.output().join(path)).expect("it is there").nlink(),
            1,
            "{path}"
        );
    }
}
