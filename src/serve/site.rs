//! The files of one built site, by address: what a request may get, and nothing else. Never looks
//! into a folder: what is not in the build's own list is not there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::publish::{Fingerprint, Listing, Owned};
use crate::read::WorldError;
use crate::slug::BaseUrl;

/// A site as one build left it.
#[derive(Debug, PartialEq, Eq)]
pub struct Site {
    output: PathBuf,
    /// The path it lives under, decoded, from `/` to `/`.
    pub base: String,
    /// The same as links have it.
    pub link: String,
    files: Listing,
    /// Files that were saved since, and are shown before they are built: by path, their bytes and
    /// whether a build that began later has them.
    ahead: BTreeMap<Box<str>, (Arc<[u8]>, bool)>,
}

/// What there is at an address.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'s> {
    File(&'s Owned),
    /// A folder, asked for without its `/`.
    Folder,
    Nothing,
}

impl Site {
    /// The site that the last build left in `output`.
    ///
    /// # Errors
    /// A list of files that cannot be read.
    pub fn read(output: &Path, base: &BaseUrl) -> Result<Site, WorldError> {
        let files = Listing::read(output)?.unwrap_or_default();
        Ok(Site::of(output, base, files))
    }

    fn of(output: &Path, base: &BaseUrl, files: Listing) -> Site {
        let link = base.path().to_owned();
        let base = percent_decode_str(&link).decode_utf8_lossy().into_owned();
        Site { output: output.to_owned(), base, link, files, ahead: BTreeMap::new() }
    }

    /// The same site with other bytes of one of its files; nothing where they are no others, or the
    /// file is none of its own.
    pub fn with_ahead(&self, path: &str, bytes: Arc<[u8]>) -> Option<Site> {
        let index = self.files.find(path)?;
        let fingerprint = Fingerprint::of(&bytes);
        if self.files.files()[index].fingerprint == fingerprint {
            return None;
        }
        let mut files = self.files.files().to_vec();
        files[index].fingerprint = fingerprint;
        let mut ahead = self.ahead.clone();
        ahead.insert(path.into(), (bytes, false));
        let Site { output, base, link, .. } = self;
        let (output, base, link) = (output.clone(), base.clone(), link.clone());
        Some(Site { output, base, link, files: Listing::new(files), ahead })
    }

    /// The same site, when a build begins that will have what was saved so far.
    pub fn with_build_begun(&self) -> Option<Site> {
        let is_new = self.ahead.values().any(|(_, is_built)| !is_built);
        is_new.then(|| {
            let ahead = self.ahead.iter().map(|(path, (bytes, _))| (path.clone(), (bytes.clone(), true)));
            Site {
                output: self.output.clone(),
                base: self.base.clone(),
                link: self.link.clone(),
                files: self.files.clone(),
                ahead: ahead.collect(),
            }
        })
    }

    /// A site that was built, with what was saved after its build began.
    pub fn after(self, before: &Site) -> Site {
        let later = before.ahead.iter().filter(|(_, (_, is_built))| !is_built);
        later.fold(self, |site, (path, (bytes, _))| site.with_ahead(path, bytes.clone()).unwrap_or(site))
    }

    /// The bytes of a file that is shown before it is built.
    pub fn ahead(&self, file: &Owned) -> Option<&[u8]> {
        self.ahead.get(&*file.path).map(|(bytes, _)| &**bytes)
    }

    /// What the path of a request leads to.
    pub fn find(&self, path: &str) -> Found<'_> {
        let Ok(path) = percent_decode_str(path).decode_utf8() else { return Found::Nothing };
        let Some(name) = path.strip_prefix(self.base.as_str()) else {
            let is_base = self.base.strip_suffix('/') == Some(&*path);
            return if is_base { Found::Folder } else { Found::Nothing };
        };
        if let Some(file) = self.file(name) {
            return Found::File(file);
        }
        if name.is_empty() || name.ends_with('/') {
            return self.file(&format!("{name}index.html")).map_or(Found::Nothing, Found::File);
        }
        match self.file(&format!("{name}/index.html")) {
            Some(_) => Found::Folder,
            None => Found::Nothing,
        }
    }

    /// The file that a request for a path is shown: the page for lost ones, where there is nothing.
    pub fn shown(&self, path: &str) -> Option<&Owned> {
        match self.find(path) {
            Found::File(file) => Some(file),
            Found::Folder | Found::Nothing => self.file("404.html"),
        }
    }

    fn file(&self, name: &str) -> Option<&Owned> {
        self.files.find(name).map(|index| &self.files.files()[index])
    }

    /// Where a file lies.
    pub fn on_disk(&self, file: &Owned) -> PathBuf {
        self.output.join(&*file.path)
    }

    /// The files that another site has with other bytes, or not at all.
    pub fn changed_since(&self, before: &Site) -> Vec<&Owned> {
        let is_new = |file: &&Owned| before.fingerprint(&file.path) != Some(file.fingerprint);
        self.files.files().iter().filter(is_new).collect()
    }

    fn fingerprint(&self, path: &str) -> Option<Fingerprint> {
        self.file(path).map(|file| file.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base: &str) -> Site {
        let file = |path: &str| Owned { path: path.into(), fingerprint: Fingerprint::of(path.as_bytes()) };
        let files = ["index.html", "404.html", "灯/index.html", "a b.css", "灯/x.vtt"].map(file);
        Site::of(Path::new("public"), &BaseUrl::parse(base).unwrap(), Listing::new(files.into()))
    }

    fn path<'s>(site: &'s Site, asked: &str) -> Option<&'s str> {
        match site.find(asked) {
            Found::File(file) => Some(&file.path),
            Found::Folder => Some("/"),
            Found::Nothing => None,
        }
    }

    #[test]
    fn an_address_leads_to_a_built_file_or_nowhere() {
        let site = site("/夜/");
        for (asked, found) in [
            ("/%E5%A4%9C/", Some("index.html")),
            ("/%E5%A4%9C", Some("/")),
            ("/%E5%A4%9C/%E7%81%AF", Some("/")),
            ("/%E5%A4%9C/%e7%81%af/", Some("灯/index.html")),
            ("/%E5%A4%9C/a%20b.css", Some("a b.css")),
            ("/", None),
            ("/index.html", None),
            ("/%E5%A4%9C//", None),
            ("/%E5%A4%9C/%E7%81%AF/../index.html", None),
            ("/%E5%A4%9C/%E7%81%AF%2f..%2findex.html", None),
            ("/%E5%A4%9C/index.html%00", None),
            ("/%E5%A4%9C/%E7%81%AF\\x.vtt", None),
            ("/%E5%A4%9C/%FF", None),
            ("/%E5%A4%9C/.diglot-manifest", None),
        ] {
            assert_eq!(path(&site, asked), found, "{asked}");
        }
    }

    #[test]
    fn what_is_saved_is_shown_until_a_build_that_began_later() {
        let built = site("/");
        let bytes = |text: &str| Arc::from(text.as_bytes());
        assert!(built.with_ahead("site.toml", bytes("a")).is_none());
        let saved = built.with_ahead("a b.css", bytes("a")).unwrap();
        let shown = |site: &Site| site.file("a b.css").and_then(|file| site.ahead(file)).map(<[u8]>::to_vec);
        assert_eq!(shown(&saved), Some(b"a".to_vec()));
        assert_eq!(saved.changed_since(&built).len(), 1);
        // This one began before the save, the next after it.
        assert_eq!(shown(&site("/").after(&saved)), Some(b"a".to_vec()));
        let begun = saved.with_build_begun().unwrap();
        assert_eq!(shown(&begun), Some(b"a".to_vec()));
        assert_eq!(shown(&site("/").after(&begun)), None);
        let again = begun.with_ahead("a b.css", bytes("b")).unwrap();
        assert_eq!(shown(&site("/").after(&again)), Some(b"b".to_vec()));
    }

    #[test]
    fn where_nothing_is_the_page_for_the_lost_is_shown() {
        assert_eq!(site("/").shown("/nothing").map(|file| &*file.path), Some("404.html"));
    }
}
