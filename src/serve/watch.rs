//! Hears of changes in a project. Never believes that it heard of all: a change is a reason to build,
//! and the build looks for itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::settle::{AT_MOST, Changes};
use crate::read::WorldError;

/// The folders of a project that are watched with all that is in them.
const FOLDERS: [&str; 3] = ["content", "templates", "static"];
const SETTINGS: &str = "site.toml";

/// How often a project is looked through where it cannot be watched.
const UNWATCHED: Duration = Duration::from_secs(1);

enum Signal {
    Event(notify::Result<Event>),
    Stop,
}

/// A wish that all ends, from wherever it comes.
#[derive(Clone)]
pub struct Stop {
    is_wanted: Arc<AtomicBool>,
    send: Sender<Signal>,
}

impl Stop {
    pub fn stop(&self) {
        self.is_wanted.store(true, Ordering::Relaxed);
        // Where nobody waits, the flag is seen.
        let _ = self.send.send(Signal::Stop);
    }

    pub fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }
}

/// What waiting came to.
#[derive(Debug)]
pub enum Heard {
    /// Something changed, and then nothing for a while.
    Changes(Changes),
    /// Nothing for as long as was asked.
    Nothing,
    Stop,
}

/// A project under watch.
pub struct Watch {
    root: PathBuf,
    stop: Stop,
    receive: Receiver<Signal>,
    /// Nothing where the system does not let us watch.
    watcher: Option<RecommendedWatcher>,
    /// What was heard and not handed out.
    heard: Changes,
    /// Why the project cannot be watched, until it was said.
    trouble: Option<String>,
}

impl Watch {
    /// Watches the project at `root` from now on. `saved` is told of each file that was closed or
    /// moved into place, by name and path, at once and whatever is under way.
    ///
    /// # Errors
    /// A root that is not there.
    pub fn start(root: &Path, saved: impl Fn(&str, &Path) + Send + 'static) -> Result<Watch, WorldError> {
        let root = root.canonicalize().map_err(|error| WorldError::new("open", root, error))?;
        let (send, receive) = channel();
        let stop = Stop { is_wanted: Arc::default(), send: send.clone() };
        let own_root = root.clone();
        let heard = move |event: notify::Result<Event>| {
            if let Some(path) = event.as_ref().ok().and_then(saved_whole)
                && let Some(name) = name(&own_root, path)
            {
                saved(&name, path);
            }
            if !event.as_ref().is_ok_and(is_of_reading) {
                // A closed channel is the end of the program.
                let _ = send.send(Signal::Event(event));
            }
        };
        let mut watch =
            Watch { root, stop, receive, watcher: None, heard: Changes::default(), trouble: None };
        match notify::recommended_watcher(heard) {
            Ok(watcher) => watch.watcher = Some(watcher),
            Err(error) => watch.give_up(&error),
        }
        watch.watch_root();
        for folder in FOLDERS {
            watch.watch_folder(folder);
        }
        Ok(watch)
    }

    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Why the project is looked through every second rather than watched, the first time it is asked.
    pub fn trouble(&mut self) -> Option<String> {
        self.trouble.take()
    }

    fn give_up(&mut self, error: &notify::Error) {
        self.watcher = None;
        let why = match error.kind {
            notify::ErrorKind::MaxFilesWatch => "the system watches no more folders for this user; \
                 on Linux, raise fs.inotify.max_user_watches with sysctl"
                .to_owned(),
            _ => error.to_string(),
        };
        self.trouble =
            Some(format!("the project is looked through every second, as it cannot be watched: {why}"));
    }

    fn watch_root(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        if let Err(error) = watcher.watch(&self.root, RecursiveMode::NonRecursive) {
            self.give_up(&error);
        }
    }

    /// Watches a folder, which may not be there, or be another than before.
    fn watch_folder(&mut self, folder: &str) {
        let Some(watcher) = &mut self.watcher else { return };
        let path = self.root.join(folder);
        // It may never have been watched, or have gone.
        let _ = watcher.unwatch(&path);
        if let Err(error) = watcher.watch(&path, RecursiveMode::Recursive) {
            // One that is not there, or goes just now, is heard of when it comes.
            if path.is_dir() {
                self.give_up(&error);
            }
        }
    }

    /// Waits for changes, until they have settled.
    pub fn wait(&mut self, at_most: Option<Duration>) -> Heard {
        let unwatched = self.watcher.is_none().then_some(UNWATCHED);
        let mut left = match (at_most, unwatched) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let mut since: Option<Instant> = None;
        loop {
            if self.stop.is_wanted() {
                return Heard::Stop;
            }
            if !self.heard.is_empty() {
                let waited = since.get_or_insert_with(Instant::now).elapsed();
                left = Some(self.heard.quiet().min(AT_MOST.saturating_sub(waited)));
            }
            let signal = match left {
                Some(left) => self.receive.recv_timeout(left),
                None => self.receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match signal {
                Ok(Signal::Event(event)) => self.take(event),
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return Heard::Stop,
                Err(RecvTimeoutError::Timeout) if self.heard.is_empty() => return Heard::Nothing,
                Err(RecvTimeoutError::Timeout) => return Heard::Changes(std::mem::take(&mut self.heard)),
            }
        }
    }

    /// Whether something has happened that was not handed out.
    pub fn has_news(&mut self) -> bool {
        while let Ok(Signal::Event(event)) = self.receive.try_recv() {
            self.take(event);
        }
        !self.heard.is_empty()
    }

    fn take(&mut self, event: notify::Result<Event>) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                // A folder that cannot be watched any more, or too many of them.
                self.heard.is_unsure = true;
                if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) {
                    self.give_up(&error);
                }
                return;
            }
        };
        let root = self.root.clone();
        self.heard.take(&event, |path| name(&root, path));
        if matches!(event.kind, notify::EventKind::Access(_)) {
            return;
        }
        for folder in FOLDERS {
            if event.paths.iter().any(|path| *path == root.join(folder)) {
                self.watch_folder(folder);
            }
        }
    }
}

/// Whether a file was only looked at, as a build does with all of them.
fn is_of_reading(event: &Event) -> bool {
    use notify::event::{AccessKind, AccessMode, EventKind};
    let written = AccessKind::Close(AccessMode::Write);
    matches!(event.kind, EventKind::Access(kind) if kind != written)
}

/// The file that an event says is whole now.
fn saved_whole(event: &Event) -> Option<&PathBuf> {
    use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => event.paths.first(),
        _ => None,
    }
}

/// Where in a project a path is, if it is in what is watched.
fn name(root: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let first = inside.components().next()?.as_os_str();
    let is_ours = first == SETTINGS || FOLDERS.iter().any(|folder| first == *folder);
    is_ours.then(|| inside.to_string_lossy().replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LONG: Duration = Duration::from_secs(10);

    #[track_caller]
    fn names(watch: &mut Watch) -> Vec<String> {
        match watch.wait(Some(LONG)) {
            Heard::Changes(changes) => changes.names().map(str::to_owned).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn folders_that_come_late_or_come_back_are_watched() {
        let home = tempfile::tempdir().unwrap();
        let content = home.path().join("content");
        let mut watch = Watch::start(home.path(), |_, _| {}).unwrap();
        for round in 0..3 {
            fs::create_dir(&content).unwrap();
            fs::create_dir(content.join("show")).unwrap();
            assert!(!names(&mut watch).is_empty(), "round {round}");
            while let Heard::Changes(_) = watch.wait(Some(Duration::from_millis(300))) {}
            fs::write(content.join("show/a.txt"), "a").unwrap();
            assert_eq!(names(&mut watch), ["content/show/a.txt"], "round {round}");
            fs::remove_dir_all(&content).unwrap();
            assert!(!names(&mut watch).is_empty(), "round {round}");
            while let Heard::Changes(_) = watch.wait(Some(Duration::from_millis(300))) {}
        }
    }

    #[test]
    fn what_is_none_of_the_projects_matter_is_not_heard() {
        let home = tempfile::tempdir().unwrap();
        let mut watch = Watch::start(home.path(), |_, _| {}).unwrap();
        fs::create_dir(home.path().join("public")).unwrap();
        fs::write(home.path().join("notes.txt"), "a").unwrap();
        assert!(matches!(watch.wait(Some(Duration::from_millis(300))), Heard::Nothing));
        fs::write(home.path().join("site.toml"), "").unwrap();
        assert_eq!(names(&mut watch), ["site.toml"]);
    }

    #[test]
    fn a_wish_to_stop_ends_the_waiting() {
        let home = tempfile::tempdir().unwrap();
        let mut watch = Watch::start(home.path(), |_, _| {}).unwrap();
        let stop = watch.stop();
        let waiting = std::thread::spawn(move || watch.wait(None));
        stop.stop();
        assert!(matches!(waiting.join().unwrap(), Heard::Stop));
    }
}
