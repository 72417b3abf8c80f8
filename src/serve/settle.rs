//! When a burst of changes is over. One file that is closed or moved into place is whole at once; of
//! many, or of one that is still open, more is likely to come. Never reads a file: what has really
//! changed, the build finds out.

use std::collections::BTreeMap;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{Event, event::Flag};

/// How long nothing must happen after a few files that are whole.
const WHOLE: Duration = Duration::from_millis(6);
/// After a file that may still be written, or one that went and may come back.
const OPEN: Duration = Duration::from_millis(50);
/// In a burst.
const BURST: Duration = Duration::from_millis(100);
/// How many files are a few, and from how many on it is a burst.
const FEW: usize = 4;
const MANY: usize = 32;
/// When a burst that does not end is built all the same.
pub const AT_MOST: Duration = Duration::from_secs(2);

/// What has happened to a file so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// It is being written, or it has gone.
    Open { is_new: bool },
    /// Its writer has closed it, or it was moved into place.
    Whole { is_new: bool },
}

/// Changes that belong together, by name from the project's root.
#[derive(Debug, Default)]
pub struct Changes {
    files: BTreeMap<String, Seen>,
    /// Whether changes may have gone unheard: events were lost, or there is a new folder in which
    /// something may have happened before it was watched.
    pub is_unsure: bool,
}

impl Changes {
    /// Takes one event in; `name` tells where in the project a path is, and nothing for one that does
    /// not matter.
    pub fn take(&mut self, event: &Event, name: impl Fn(&std::path::Path) -> Option<String>) {
        if event.flag() == Some(Flag::Rescan) {
            self.is_unsure = true;
        }
        let names: Vec<Option<String>> = event.paths.iter().map(|path| name(path)).collect();
        let first = names.first().cloned().flatten();
        match event.kind {
            // A build reads, and must not start the next.
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => self.note(first, true, false),
            EventKind::Access(_) => {}
            EventKind::Create(kind) => {
                self.is_unsure |= first.is_some() && kind != CreateKind::File;
                self.note(first, false, true);
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => {
                // It may be a folder.
                let is_folder = event.paths.first().is_some_and(|path| path.extension().is_none());
                self.is_unsure |= first.is_some() && is_folder;
                self.note(first, true, true);
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => {
                self.forget_new(first);
                self.note(names.into_iter().nth(1).flatten(), true, true);
            }
            EventKind::Remove(_) => {
                if !self.forget_new(first.clone()) {
                    self.note(first, false, false);
                }
            }
            // What is not known is looked at.
            _ => names.into_iter().for_each(|name| self.note(name, false, false)),
        }
    }

    fn note(&mut self, name: Option<String>, is_whole: bool, is_new: bool) {
        let Some(name) = name else { return };
        let was_new = self.files.get(&name).map(|seen| match seen {
            Seen::Open { is_new } | Seen::Whole { is_new } => *is_new,
        });
        let is_new = was_new.unwrap_or(is_new);
        self.files.insert(name, if is_whole { Seen::Whole { is_new } } else { Seen::Open { is_new } });
    }

    /// Forgets a file that came and went meanwhile, as editors' own files do.
    fn forget_new(&mut self, name: Option<String>) -> bool {
        let Some(name) = name else { return false };
        let is_new =
            matches!(self.files.get(&name), Some(Seen::Open { is_new: true } | Seen::Whole { is_new: true }));
        if is_new {
            self.files.remove(&name);
        }
        is_new
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.is_unsure
    }

    /// How long nothing more must happen until this counts as all.
    pub fn quiet(&self) -> Duration {
        let is_whole = |seen: &Seen| matches!(seen, Seen::Whole { .. });
        match self.files.len() {
            count if count > MANY => BURST,
            count if count <= FEW && !self.is_unsure && self.files.values().all(is_whole) => WHOLE,
            _ => OPEN,
        }
    }

    /// The files that have changed, where it is likely that these are all: no folder came or went,
    /// and there are not so many that some may have gone unheard.
    pub fn known(&self) -> Option<Vec<String>> {
        let is_known = !self.is_unsure && !self.files.is_empty() && self.files.len() <= MANY;
        is_known.then(|| self.files.keys().cloned().collect())
    }

    /// The files' names.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// These and those before them, which have not been built yet.
    pub fn after(mut self, before: Changes) -> Changes {
        self.is_unsure |= before.is_unsure;
        self.files.extend(before.files);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{DataChange, RemoveKind};

    fn after(events: &[(EventKind, &[&str])]) -> Changes {
        let mut changes = Changes::default();
        for (kind, paths) in events {
            let event = paths.iter().fold(Event::new(*kind), |event, path| event.add_path(path.into()));
            changes.take(&event, |path| path.to_str().map(str::to_owned));
        }
        changes
    }

    const CREATED: EventKind = EventKind::Create(CreateKind::File);
    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const READ: EventKind = EventKind::Access(AccessKind::Open(AccessMode::Any));
    const GONE: EventKind = EventKind::Remove(RemoveKind::File);

    fn renamed(mode: RenameMode) -> EventKind {
        EventKind::Modify(ModifyKind::Name(mode))
    }

    #[test]
    fn a_file_that_is_closed_is_built_at_once_and_one_still_open_is_waited_for() {
        assert_eq!(after(&[(WRITTEN, &["a"]), (CLOSED, &["a"])]).quiet(), WHOLE);
        assert_eq!(after(&[(CLOSED, &["a"]), (WRITTEN, &["a"])]).quiet(), OPEN);
    }

    #[test]
    fn an_editor_that_saves_by_rename_changes_one_file() {
        let saved = after(&[
            (CREATED, &["a.tmp"]),
            (WRITTEN, &["a.tmp"]),
            (CLOSED, &["a.tmp"]),
            (renamed(RenameMode::From), &["a.tmp"]),
            (renamed(RenameMode::To), &["a.txt"]),
            (renamed(RenameMode::Both), &["a.tmp", "a.txt"]),
        ]);
        assert_eq!(saved.names().collect::<Vec<_>>(), ["a.txt"]);
        assert_eq!(saved.quiet(), WHOLE);
    }

    #[test]
    fn a_file_that_goes_may_come_back() {
        assert_eq!(after(&[(GONE, &["a"])]).quiet(), OPEN);
        assert_eq!(after(&[(GONE, &["a"]), (CREATED, &["a"]), (CLOSED, &["a"])]).quiet(), WHOLE);
    }

    #[test]
    fn reading_changes_nothing() {
        assert!(after(&[(READ, &["a"])]).is_empty());
        assert!(after(&[(CREATED, &["a"]), (CLOSED, &["a"]), (GONE, &["a"])]).is_empty());
    }

    #[test]
    fn a_burst_is_waited_for() {
        let names: Vec<String> = (0..=MANY).map(|number| number.to_string()).collect();
        let events: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
        let closed: Vec<(EventKind, &[&str])> = events.iter().map(|name| (CLOSED, &name[..])).collect();
        assert_eq!(after(&closed).quiet(), BURST);
        assert_eq!(after(&closed).known(), None);
    }

    #[test]
    fn a_new_folder_is_looked_at_twice() {
        assert_eq!(after(&[(EventKind::Create(CreateKind::Folder), &["show"])]).known(), None);
        assert_eq!(after(&[(CREATED, &["a.txt"])]).known().as_deref(), Some(&["a.txt".to_owned()][..]));
    }
}
