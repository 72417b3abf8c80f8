//! What is served at the moment, and word of every change: one site, swapped for the next in one
//! step. Never lets a reader see the output folder while a build is moving files into it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, RwLock};

use tokio::sync::watch;

use super::media_type::media_type;
use super::site::{Found, Site};
use crate::publish::Owned;

/// Why a lock cannot be poisoned.
const NO_PANIC: &str = "nothing panics while it holds this lock";

/// How large a file that is no page may be to be read at once.
const AT_ONCE: u64 = 1 << 20;

/// Why the site on show is not what the project says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub title: String,
    /// What the terminal shows.
    pub report: String,
}

/// What browsers are told.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Nothing before the first build that succeeds.
    pub site: Option<Arc<Site>>,
    pub problem: Option<Arc<Problem>>,
}

/// The site on show. The build swaps it, the server reads it.
pub struct Live {
    /// Held for writing while files move, for reading while one is opened.
    site: RwLock<Option<Arc<Site>>>,
    state: watch::Sender<State>,
}

/// A file, opened: whatever a build does next, these are its bytes.
pub struct Open {
    pub file: Owned,
    pub body: Body,
}

pub enum Body {
    Bytes(Vec<u8>),
    Long(File),
}

/// What a request gets.
pub enum Answer {
    File(Open),
    /// The page for lost ones.
    Lost(Open),
    Folder,
    Nothing,
    /// There is no site yet.
    NoSite,
}

impl Default for Live {
    fn default() -> Live {
        Live { site: RwLock::default(), state: watch::Sender::new(State::default()) }
    }
}

impl Live {
    /// Lets `commit` move files while nobody reads, and puts the site that it gives on show.
    pub fn swap(&self, commit: impl FnOnce() -> Option<Site>) {
        let mut on_show = self.site.write().expect(NO_PANIC);
        let Some(mut site) = commit() else { return };
        if let Some(before) = &*on_show {
            site = site.after(before);
        }
        let site = Arc::new(site);
        *on_show = Some(site.clone());
        drop(on_show);
        self.state.send_replace(State { site: Some(site), problem: None });
    }

    /// Shows a static file as it was saved, before any page is built with it; only one that the site
    /// has, and that pages take without being loaded again.
    pub fn show_ahead(&self, name: &str, path: &Path) {
        let Some(own) = name.strip_prefix("static/").filter(|own| can_be_swapped(own)) else { return };
        let is_plain =
            fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() <= AT_ONCE);
        let Some(bytes) = is_plain.then(|| fs::read(path).ok()).flatten() else { return };
        self.change(|site| site.with_ahead(own, bytes.into()));
    }

    /// Says that a build begins, which will have all that was saved so far.
    pub fn build_begins(&self) {
        self.change(Site::with_build_begun);
    }

    /// Puts a site on show that is made of the one there.
    fn change(&self, next: impl FnOnce(&Site) -> Option<Site>) {
        let mut on_show = self.site.write().expect(NO_PANIC);
        let Some(site) = on_show.as_deref().and_then(next).map(Arc::new) else { return };
        *on_show = Some(site.clone());
        drop(on_show);
        self.state.send_modify(|state| state.site = Some(site));
    }

    /// Says why the site on show is an old one.
    pub fn fail(&self, problem: Problem) {
        self.state.send_modify(|state| state.problem = Some(Arc::new(problem)));
    }

    /// Says that the site on show is as it should be.
    pub fn mend(&self) {
        self.state.send_if_modified(|state| state.problem.take().is_some());
    }

    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Word of every change from now on.
    pub fn follow(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// The site on show.
    pub fn site(&self) -> Option<Arc<Site>> {
        self.site.read().expect(NO_PANIC).clone()
    }

    /// Opens what the path of a request leads to.
    ///
    /// # Errors
    /// A file of the site that cannot be read.
    pub fn open(&self, path: &str) -> io::Result<Answer> {
        let site = self.site.read().expect(NO_PANIC);
        let Some(site) = site.as_ref() else { return Ok(Answer::NoSite) };
        Ok(match site.find(path) {
            Found::File(file) => Answer::File(opened(site, file)?),
            Found::Folder => Answer::Folder,
            Found::Nothing => match site.shown(path) {
                Some(lost) => Answer::Lost(opened(site, lost)?),
                None => Answer::Nothing,
            },
        })
    }
}

/// Whether a browser can take another version of a file into a page that it shows.
pub fn can_be_swapped(path: &str) -> bool {
    let kind = media_type(path);
    kind.starts_with("text/css") || kind.starts_with("image/")
}

fn opened(site: &Site, owned: &Owned) -> io::Result<Open> {
    if let Some(bytes) = site.ahead(owned) {
        return Ok(Open { file: owned.clone(), body: Body::Bytes(bytes.to_vec()) });
    }
    let mut file = File::open(site.on_disk(owned))?;
    let len = file.metadata()?.len();
    // A page gets a line more on its way, so it is taken whole.
    let body = if len > AT_ONCE && !owned.path.ends_with(".html") {
        Body::Long(file)
    } else {
        let mut bytes = Vec::with_capacity(len as usize + 1);
        file.read_to_end(&mut bytes)?;
        Body::Bytes(bytes)
    };
    Ok(Open { file: owned.clone(), body })
}
