//! What many pages show, made ready for templates once. Decides nothing of it.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::{LangView, Titled, Variant};
use crate::archive::Archive;
use crate::lang::Lang;
use crate::slug::{BaseUrl, SitePath};

/// Something that many pages show, made ready for templates once; copies of it share it.
#[derive(Debug, Clone)]
pub struct Ready<T>(Arc<(T, tera::Value)>);

impl<T: Serialize> Ready<T> {
    pub fn new(view: T) -> Ready<T> {
        let value = tera::Value::from_serializable(&view);
        Ready(Arc::new((view, value)))
    }
}

impl<T> std::ops::Deref for Ready<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}

/// The template engine takes a value of its own as it is.
impl<T> Serialize for Ready<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.1.serialize(serializer)
    }
}

/// What pages have in common: names and titles, ready for templates.
pub struct Shared {
    /// Per person of the archive.
    pub(super) names: Vec<Ready<Vec<Variant>>>,
    /// Per show.
    pub(super) shows: Vec<Ready<Titled>>,
    /// The archive's languages, which most episodes are in.
    pub(super) langs: Ready<Vec<LangView>>,
    /// Per episode its card, made when the first list shows it.
    cards: Vec<OnceLock<tera::Value>>,
}

impl Shared {
    /// `only` is the language of pages in one language.
    pub fn new(archive: &Archive, base: &BaseUrl, only: Option<&Lang>) -> Shared {
        let text = |text| Variant::shown(text, &archive.langs, only);
        let langs = only.map_or(archive.langs.as_slice(), std::slice::from_ref);
        let names = archive.people.list.iter().map(|person| Ready::new(text(&person.name)));
        let shows = archive.shows.iter().map(|show| {
            let path = SitePath::page(&[show.slug.as_str()]);
            Ready::new(Titled { title: text(&show.plan.title), url: base.link(&path.in_edition(only)) })
        });
        Shared {
            names: names.collect(),
            shows: shows.collect(),
            langs: Ready::new(langs.iter().map(LangView::new).collect()),
            cards: archive.episodes.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The card of an episode, which `make` gives where nobody has asked before.
    pub fn card(&self, episode: usize, make: impl FnOnce() -> tera::Value) -> tera::Value {
        self.cards[episode].get_or_init(make).clone()
    }
}
