//! Covers, audio and other files that belong to a page: somewhere on the web, or beside the page.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::read::File;
use crate::slug::{BaseUrl, SitePath, is_safe_address};
use crate::source::Source;
use crate::table::At;

/// Where a picture or a recording is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Media {
    /// At an address of its own.
    Address(String),
    /// In a file that is published beside the page.
    Beside(String),
}

/// What is heard of an episode, in one language or whichever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recording {
    pub lang: Option<Lang>,
    pub media: Media,
    /// In bytes, where it is known.
    pub size: Option<u64>,
}

/// A picture that the author names by its place in the site.
#[derive(Debug, Clone)]
pub struct Named {
    pub path: SitePath,
    /// What is to be said where nothing is published there.
    pub missing: Diagnostic,
}

impl Named {
    /// Nothing for what is at an address of its own.
    pub fn new(image: &At<String>, source: &Source) -> Option<Named> {
        let is_file = is_safe_address(&image.value) && !image.value.contains("://");
        let path = is_file.then(|| SitePath::file(image.value.trim_start_matches('/')))?;
        let message = format!("there is no picture `{}` in the site", path.as_str());
        let missing = Diagnostic::error("missing-file", message).at(source.place(image.span.clone()));
        let help = "put it into static/ and name it by its path below that, or give a whole address";
        Some(Named { path, missing: missing.help(help) })
    }
}

/// A file to publish beside a page.
#[derive(Debug, Clone)]
pub struct Asset {
    pub file: File,
    /// Its path from the page's folder.
    pub name: String,
}

impl Media {
    /// Takes a whole address for what it is. Only `http` and `https` lead to a picture or a
    /// recording; anything else is taken for the name of a file.
    pub fn address(text: &str) -> Option<Media> {
        let scheme = text.split_once("://")?.0;
        let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let url = url::Url::parse(text).ok().filter(|_| web)?;
        Some(Media::Address(url.into()))
    }

    /// Its address for a page's own links.
    pub fn link(&self, base: &BaseUrl, page: &SitePath) -> String {
        match self {
            Media::Address(address) => address.clone(),
            Media::Beside(name) => base.link(&page.beside(name)),
        }
    }

    /// Its address for feeds and metadata.
    pub fn absolute(&self, base: &BaseUrl, page: &SitePath) -> String {
        match self {
            Media::Address(address) => address.clone(),
            Media::Beside(name) => base.absolute(&page.beside(name)),
        }
    }
}
