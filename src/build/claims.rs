//! Who makes which file of the site, said before any is made. Never lets two make one.

use std::ops::Range;

use xxhash_rust::xxh3::Xxh3;

use super::last::Last;
use super::statics::StaticFile;
use crate::diagnostic::Diagnostic;
use crate::key::Key;
use crate::publish::Registry;
use crate::render::{Page, PageKind, Site};
use crate::slug::SitePath;

/// All that claims a path.
pub struct Claims<'a> {
    pub site: &'a Site<'a>,
    pub pages: &'a [Page],
    /// The files of each episode that are as the last build made them.
    pub same: &'a [Option<Range<usize>>],
    pub last: &'a Last<'a>,
    pub statics: &'a [(SitePath, StaticFile)],
}

impl Claims<'_> {
    /// Gives a key of all claims. A second claim to a path is an error that names both; where the
    /// last build had the very same claims, there is none.
    pub fn check(&self) -> (Key, Vec<Diagnostic>) {
        let mut findings = self.own_transcripts();
        let mut hash = Xxh3::new();
        self.each(|path, origin| {
            for part in [path, origin] {
                hash.update(part.as_bytes());
                // In no text, so it tells where one ends.
                hash.update(b"\xff");
            }
            true
        });
        let key = Key::from(hash.digest128());
        if key != self.last.claims {
            let mut registry = Registry::new();
            self.each(|path, origin| match registry.claim(path, origin) {
                Ok(()) => true,
                Err(clash) => {
                    let message = format!(
                        "two things would be published at {}: {} and {}",
                        clash.path, clash.first, clash.second
                    );
                    let finding = Diagnostic::error("output-clash", message);
                    findings.push(finding.help("rename one of them, or give one a `slug` of its own"));
                    false
                }
            });
        }
        (key, findings)
    }

    /// Tells `claim` of each file and who makes it. What goes beside a page comes after the page, if
    /// that got its path.
    fn each<'s>(&'s self, mut claim: impl FnMut(&str, &'s str) -> bool) {
        for (page, same) in self.pages.iter().zip(self.same) {
            let is_claimed = claim(page.path.as_str(), &page.origin);
            let PageKind::Episode(index) = page.kind else { continue };
            if !is_claimed {
                continue;
            }
            match same {
                Some(files) => {
                    for file in self.last.files[files.clone()].iter().skip(1) {
                        claim(&file.path, &page.origin);
                    }
                }
                None => {
                    let digest = &self.site.archive.episodes[index];
                    for file in self.site.episode_files(page, digest).iter().skip(1) {
                        claim(file.path.as_str(), &page.origin);
                    }
                }
            }
        }
        for (path, file) in self.statics {
            claim(path.as_str(), file.origin());
        }
    }

    /// Transcripts that the author has put beside an episode.
    fn own_transcripts(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for page in self.pages {
            let PageKind::Episode(index) = page.kind else { continue };
            let digest = &self.site.archive.episodes[index];
            if digest.assets.is_empty() {
                continue;
            }
            let transcripts = self.site.transcripts(&page.path, digest);
            let own = transcripts.iter().filter(|file| file.is_authors);
            findings.extend(own.map(|file| own_transcript(&page.origin, &file.path)));
        }
        findings
    }
}

fn own_transcript(origin: &str, path: &SitePath) -> Diagnostic {
    let message = format!("{origin} has a file of its own for {}", path.as_str());
    Diagnostic::note("own-transcript", message).help("it is published, and offered, in place of diglot's")
}
