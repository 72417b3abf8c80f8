//! Files that are published as they are: the theme's and the site's `static/`, covers, assets.
//! Never looks into them.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::Files;
use super::pictures::Copied;
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of_bytes};
use crate::media::Asset;
use crate::project::Project;
use crate::publish::{Fingerprint, Outlet};
use crate::read::{File, WorldError};
use crate::render::templates::{ThemeFile, theme_files};
use crate::slug::{BaseUrl, SitePath};
use crate::table::Findings;

/// A file to publish as it is.
pub enum StaticFile {
    Project(Asset),
    /// Of the theme, and whether it is made shorter.
    Theme(&'static ThemeFile, bool),
    /// Of a picture, made smaller.
    Copy(Copied),
}

impl StaticFile {
    /// Who claims its path.
    pub fn origin(&self) -> &str {
        match self {
            StaticFile::Project(asset) => &asset.file.name,
            StaticFile::Theme(..) => "the theme",
            StaticFile::Copy(copied) => &copied.of.name,
        }
    }

    /// The file of the project that it is.
    pub fn in_project(&self) -> Option<&File> {
        match self {
            StaticFile::Project(asset) => Some(&asset.file),
            StaticFile::Theme(..) | StaticFile::Copy(_) => None,
        }
    }

    /// Puts it into the site, where its bytes are not there already.
    pub fn publish(
        &self,
        path: &SitePath,
        files: &Files,
        outlet: &dyn Outlet,
    ) -> Result<Fingerprint, WorldError> {
        match self {
            StaticFile::Theme(file, minified) => match known_print(file, *minified, files) {
                Some(known) => outlet.put_made(path, known, &|| Ok(file.bytes(*minified).to_vec())),
                None => outlet.put(path, file.bytes(*minified)),
            },
            StaticFile::Copy(copied) => copied.publish(path, files, outlet),
            StaticFile::Project(Asset { file, .. }) => {
                // The site's manifest tells files by the same hash.
                let known =
                    files.known(file).map(|key| Fingerprint { hash: key.into(), len: file.stamp.len });
                if let Some(known) = known.filter(|known| outlet.keep(path.as_str(), *known)) {
                    return Ok(known);
                }
                let copied = outlet.put_file(path, &file.path)?;
                files.note(file, copied.hash.into());
                Ok(copied)
            }
        }
    }
}

fn own_name(name: &str) -> &str {
    name.strip_prefix("static/").unwrap_or(name)
}

/// All files to publish as they are, with their places in the site.
pub fn all_statics(project: &Project, archive: &Archive) -> Vec<(SitePath, StaticFile)> {
    let mut found: Vec<(SitePath, StaticFile)> = Vec::new();
    for file in &project.inventory.statics {
        let name = own_name(&file.name).to_owned();
        found.push((SitePath::file(name.clone()), StaticFile::Project(Asset { file: file.clone(), name })));
    }
    for theme in theme_files() {
        let shadowed = project.inventory.statics.iter().any(|file| own_name(&file.name) == theme.name);
        if !shadowed {
            let file = StaticFile::Theme(theme, project.config.build.minify);
            found.push((SitePath::file(theme.name), file));
        }
    }
    let mut beside = |page: SitePath, assets: &[Asset]| {
        for asset in assets {
            found.push((page.beside(&asset.name), StaticFile::Project(asset.clone())));
        }
    };
    for show in &archive.shows {
        beside(SitePath::page(&[show.slug.as_str()]), &show.plan.assets);
    }
    for (index, episode) in archive.episodes.iter().enumerate() {
        if !episode.assets.is_empty() {
            beside(archive.episode_path(index), &episode.assets);
        }
    }
    found
}

/// The address of each static file, which changes with its bytes, so that browsers may keep it.
pub fn addresses(project: &Project, files: &Files) -> BTreeMap<String, String> {
    let base = &project.config.base_url;
    let minified = project.config.build.minify;
    let theme = theme_files().par_iter().map(|file| {
        let known = known_print(file, minified, files);
        let key = known.map_or_else(|| key_of_bytes(file.bytes(minified)), Fingerprint::key);
        (file.name.to_owned(), fingerprinted(base, file.name, key))
    });
    let mut found: BTreeMap<String, String> = theme.collect();
    let own: Vec<(&str, String)> = project
        .inventory
        .statics
        .par_iter()
        .map(|file| {
            let name = own_name(&file.name);
            // A file that cannot be read is reported when it is published.
            (name, fingerprinted(base, name, files.key(file).unwrap_or_default()))
        })
        .collect();
    found.extend(own.into_iter().map(|(name, address)| (name.to_owned(), address)));
    found
}

/// The fingerprint of a file of the theme that is made shorter, where memory tells: what it takes to
/// make it is more than all else about it.
fn known_print(file: &ThemeFile, minified: bool, files: &Files) -> Option<Fingerprint> {
    let (hash, len) = files.memory().minified(key_of_bytes(file.written)).filter(|_| minified)?;
    Some(Fingerprint { hash: hash.into(), len })
}

fn fingerprinted(base: &BaseUrl, name: &str, key: Key) -> String {
    format!("{}?v={}", base.link(&SitePath::file(name)), key.version())
}

/// Names what lies in a show's folder and goes nowhere: nothing is left out in silence.
pub fn name_unused(project: &Project, statics: &[(SitePath, StaticFile)], findings: &Findings) {
    let used: HashSet<&str> = statics.iter().map(|(_, file)| file.origin()).collect();
    let shows = &project.inventory.shows;
    for file in shows.iter().flat_map(|show| &show.assets).filter(|file| !used.contains(&*file.name)) {
        let message =
            format!("{} is left out: it is no transcript that is read, and nothing names it", file.name);
        findings.borrow_mut().push(
            Diagnostic::warning("unused-file", message)
                .help("put it into an episode's folder or into static/, or list it in [build] ignore"),
        );
    }
    if shows.iter().all(|show| show.episodes.is_empty()) {
        findings.borrow_mut().push(
            Diagnostic::note("empty-archive", "there is no transcript in content/")
                .help("put a text file there, or say where the project is with --root"),
        );
    }
}
