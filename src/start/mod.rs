//! What a new site and a new episode begin with → a plan of what to write. Never touches the disk.

mod episode;
mod settings;

pub use episode::{NewEpisode, ShowFolder, new_episode};
pub use settings::{Overlaid, Setting, settings};

use crate::import::{Bytes, Write};

/// The workflow that builds a site and publishes it, from the site's folder.
pub const WORKFLOW: &str = ".github/workflows/pages.yml";

/// A whole sample site; with `github_pages` its workflow too. Each is written where nothing is, so
/// that they fit around what a folder has.
pub fn new_site(github_pages: bool) -> Vec<Write> {
    let mut writes = vec![
        file("site.toml", include_str!("sample/site.toml")),
        file(".gitignore", include_str!("sample/gitignore")),
        file("content/people.toml", include_str!("sample/people.toml")),
        Write::Folder {
            path: "content/before-it-boils".to_owned(),
            files: vec![
                text("show.toml", include_str!("sample/show.toml")),
                text("001-the-whistle.md", include_str!("sample/001-the-whistle.md")),
            ],
        },
        Write::Folder {
            path: "content/before-it-boils/002-exactly-one-cup".to_owned(),
            files: vec![
                text("episode.md", include_str!("sample/episode.md")),
                text("transcript.zh-Hans.vtt", include_str!("sample/transcript.zh-Hans.vtt")),
                text("transcript.en.srt", include_str!("sample/transcript.en.srt")),
            ],
        },
    ];
    if github_pages {
        writes.push(file(WORKFLOW, &workflow()));
    }
    writes
}

/// Whether a write of `new_site` belongs to the sample show, which a folder with content of its own
/// has no use for.
pub fn is_sample(write: &Write) -> bool {
    write.path().starts_with("content/")
}

fn workflow() -> String {
    include_str!("sample/pages.yml")
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@REPOSITORY@", env!("CARGO_PKG_REPOSITORY"))
}

fn file(path: &str, text: &str) -> Write {
    Write::File { path: path.to_owned(), bytes: Bytes::Text(text.to_owned()) }
}

fn text(name: &str, text: &str) -> (String, Bytes) {
    (name.to_owned(), Bytes::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workflow_names_this_version_and_leaves_nothing_open() {
        let workflow = workflow();
        assert!(workflow.contains(&format!("DIGLOT_VERSION: \"{}\"", env!("CARGO_PKG_VERSION"))));
        assert!(!workflow.contains('@') || !workflow.contains("@REPOSITORY@"));
        assert!(workflow.contains(env!("CARGO_PKG_REPOSITORY")));
    }
}
