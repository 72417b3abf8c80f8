//! What a process that builds one project again and again keeps in between: the project as it was
//! opened, what is remembered of it, its templates. Never makes a site another: a build with it gives
//! the same bytes as one that begins from the disk.

use super::loaded::Loaded;
use super::opened;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::memory::Memory;
use crate::project::{Outline, Project};
use crate::read::{File, WorldError};

/// What is kept between builds. The options must stay the same, but for `force`.
#[derive(Default)]
pub struct Warm {
    /// Whether another build follows: else nothing is kept.
    pub stays: bool,
    pub memory: Option<Memory>,
    pub loaded: Loaded,
    /// The files that changed since the last build, where it is known that no others have.
    changed: Option<Vec<String>>,
    open: Option<Open>,
}

/// A project as a build opened it, and what was found on the way.
pub struct Open {
    pub project: Project,
    pub early: Vec<Diagnostic>,
    pub later: Vec<Diagnostic>,
}

/// What a build begins with.
pub enum Begun {
    Listed(Box<Outline>),
    Open(Box<Open>),
}

impl Warm {
    /// For a process that builds again and again.
    pub fn staying() -> Warm {
        Warm { stays: true, ..Warm::default() }
    }

    /// Lets the next build believe that only these files have changed since the last one. It then
    /// neither lists the project again nor looks whether the output folder is as it was left: so
    /// another build that believes nothing has to follow.
    pub fn believe(&mut self, changed: Vec<String>) {
        self.changed = Some(changed);
    }

    /// The project of the last build, if all that changed since is what its episodes' files and
    /// static files say; as the next build needs it.
    pub fn begun(&mut self) -> Option<Box<Open>> {
        let changed = self.changed.take()?;
        let mut open = self.open.take()?;
        let is_known = changed.iter().all(|name| open.project.inventory.renew(name));
        is_known.then(|| Box::new(open))
    }

    /// Keeps what the next build can begin with; gives the memory back where none follows.
    pub fn keep(&mut self, memory: Memory, open: Open) -> Option<Memory> {
        if !self.stays {
            return Some(memory);
        }
        self.memory = Some(memory);
        self.open = Some(open);
        None
    }
}

impl Begun {
    pub fn config(&self) -> &Config {
        match self {
            Begun::Listed(outline) => &outline.config,
            Begun::Open(open) => &open.project.config,
        }
    }

    /// Every file that the site can be made of.
    pub fn files(&self) -> Box<dyn Iterator<Item = &File> + '_> {
        match self {
            Begun::Listed(outline) => Box::new(outline.files()),
            Begun::Open(open) => Box::new(open.project.sources()),
        }
    }

    /// The project, and what was found when it was opened.
    pub fn open(self) -> Result<(Project, Vec<Diagnostic>), WorldError> {
        match self {
            Begun::Listed(outline) => opened(*outline),
            Begun::Open(open) => Ok((open.project, open.later)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::build::{BuildOptions, Quiet, build_again};

    #[test]
    fn the_next_build_of_a_process_knows_all_that_the_first_one_read() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("content/show")).unwrap();
        fs::write(home.path().join("content/show/001.md"), "---\ntitle: One\n---\n\nAda: Hello.\n").unwrap();
        let options = BuildOptions { root: home.path().to_owned(), ..BuildOptions::default() };
        let mut warm = Warm::staying();
        for _ in 0..2 {
            assert!(build_again(&options, &Quiet, &mut warm).unwrap().published);
            let memory = warm.memory.as_ref().expect("it stays");
            assert!(memory.digests.recall("content/show/001.md").is_some());
            assert!(!memory.site.files.is_empty());
        }
    }
}
