//! What the name of a file says of it. Never asks the disk.

use super::File;
use crate::lang::Lang;

/// The name of the file that makes a folder an episode.
pub(super) const EPISODE_FILE: &str = "episode.md";
/// What the transcript in a folder is called, before its tag and extension.
pub(super) const TRANSCRIPT_STEM: &str = "transcript";
/// The settings of a show, in its folder.
pub(super) const SHOW_FILE: &str = "show.toml";
/// The review file of a folder; `NAME.pairs.toml` is that of the tracks `NAME.en.srt` and so on.
pub(super) const PAIRS_FILE: &str = "pairs.toml";
/// The ids of a folder's lines; `NAME.ids` has those of a file.
pub(super) const IDS_FILE: &str = "episode.ids";
pub(super) const IDS_EXTENSION: &str = "ids";
/// Extensions of files that can be transcripts. Of two files in one language the one whose
/// extension stands first is taken.
pub(super) const TRANSCRIPT_EXTENSIONS: &[&str] =
    &["vtt", "srt", "md", "markdown", "txt", "json", "tsv", "html", "htm"];
/// Those of them that are plain text.
const TEXT_EXTENSIONS: &[&str] = &["md", "markdown", "txt"];
/// Those of the others that are nothing but transcripts, by whatever name.
const SUBTITLE_EXTENSIONS: &[&str] = &["vtt", "srt"];
/// Files about the archive rather than in it.
const ABOUT_FILES: &[&str] = &["readme.md", "readme.txt", "sources.md", "license.txt", "license.md"];

/// Whether a name lies in or below what is left out of `content/` by whatever settings.
pub(super) fn is_passed_over(name: &str) -> bool {
    name.strip_prefix("content/").is_some_and(|inside| inside.split('/').any(is_own_affair))
}

/// Whether a file or folder is left out of `content/` without being told.
pub(super) fn is_own_affair(name: &str) -> bool {
    name.starts_with(['.', '_']) || name.ends_with('~')
}

pub(super) fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a file is about the archive, in whichever language: `README.md`, `README.en.md`.
pub fn is_about(name: &str) -> bool {
    let is_listed = |name: &str| ABOUT_FILES.contains(&name.to_ascii_lowercase().as_str());
    is_listed(name)
        || name.rsplit_once('.').is_some_and(|(stem, extension)| {
            let (stem, lang) = split_tag(stem);
            lang.is_some() && is_listed(&format!("{stem}.{extension}"))
        })
}

/// Whether a file of `content/` itself is the page about the archive: `about.md`, `about.en.md`.
pub(super) fn is_about_page(file: &File) -> bool {
    file.extension() == "md" && split_tag(file.stem()).0.eq_ignore_ascii_case("about")
}

/// Splits a name without extension into what it names and the language whose tag it ends in:
/// `012.zh-Hans` → `012`, `zh-Hans`. A word that happens to be a well-formed tag is none.
pub fn split_tag(stem: &str) -> (&str, Option<Lang>) {
    let split = stem.rsplit_once('.').filter(|(name, _)| !name.is_empty());
    match split.and_then(|(name, tag)| Some((name, Lang::of_name(tag)?))) {
        Some((name, lang)) => (name, Some(lang)),
        None => (stem, None),
    }
}

/// Whether a file can be a transcript. Data can be much else; chapters are called so.
pub(super) fn is_transcript(file: &File) -> bool {
    let is_named = TRANSCRIPT_EXTENSIONS.contains(&file.extension().as_str());
    is_named && (is_speech(file) || !file.stem().to_ascii_lowercase().contains("chapters"))
}

pub(super) fn is_text(file: &File) -> bool {
    TEXT_EXTENSIONS.contains(&file.extension().as_str())
}

pub(super) fn is_speech(file: &File) -> bool {
    is_text(file) || SUBTITLE_EXTENSIONS.contains(&file.extension().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_splits_where_it_ends_in_a_language_and_nowhere_else() {
        for (name, stem, tag) in [
            ("012.zh-Hans", "012", Some("zh-Hans")),
            ("012.EN", "012", Some("en")),
            ("talk.pt_br", "talk", Some("pt-BR")),
            ("transcript.es-419", "transcript", Some("es-419")),
            ("a.tlh-US", "a", Some("tlh-US")),
            ("my.talk", "my.talk", None),
            ("v1.2", "v1.2", None),
            ("notes", "notes", None),
            ("en", "en", None),
            ("012_zh", "012_zh", None),
            ("a.final", "a.final", None),
            ("a.tlh", "a.tlh", None),
            ("a.x-en", "a.x-en", None),
            ("talk.mp3", "talk.mp3", None),
        ] {
            let (found, lang) = split_tag(name);
            assert_eq!((found, lang.as_ref().map(Lang::as_str)), (stem, tag), "{name}");
        }
    }
}
