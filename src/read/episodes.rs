//! The files of a folder → its episodes, by what they are called. Never asks the disk.

use std::collections::{HashMap, HashSet};

use super::names::{
    IDS_EXTENSION, PAIRS_FILE, SHOW_FILE, TRANSCRIPT_EXTENSIONS, TRANSCRIPT_STEM, is_speech, is_text,
    is_transcript, split_tag,
};
use super::{EpisodeFiles, File, ShowFiles, TrackFile};
use crate::lang::Lang;

pub(super) fn sort_file(file: File, show: &mut ShowFiles) {
    if file.file_name() == SHOW_FILE {
        show.settings = Some(file);
    } else if is_transcript(&file) {
        let (stem, lang) = split_tag(file.stem());
        let stem = stem.to_owned();
        let tracks = vec![TrackFile { file, lang }];
        show.episodes.push(EpisodeFiles { stem, tracks, ..EpisodeFiles::default() });
    } else {
        show.assets.push(file);
    }
}

/// Makes one episode of the files in a folder whose names differ only in the language's tag and
/// the extension. It stands where the first of them does. Texts without a tag stay by themselves.
pub(super) fn join_side_by_side(show: &mut ShowFiles) {
    let mut episodes: Vec<EpisodeFiles> = Vec::with_capacity(show.episodes.len());
    let mut known: HashMap<String, usize> = HashMap::new();
    let joins = |track: &TrackFile| track.lang.is_some() || !is_text(&track.file);
    let joining: HashSet<String> = show
        .episodes
        .iter()
        .filter(|episode| episode.tracks.iter().any(joins))
        .filter_map(side_by_side)
        .collect();
    for mut episode in std::mem::take(&mut show.episodes) {
        let place = if joining.is_empty() { None } else { side_by_side(&episode) };
        match place.filter(|place| joining.contains(place)) {
            Some(place) => match known.get(&place) {
                Some(first) => episodes[*first].tracks.append(&mut episode.tracks),
                None => {
                    known.insert(place, episodes.len());
                    episodes.push(episode);
                }
            },
            None => episodes.push(episode),
        }
    }
    for index in known.values() {
        let episode = &mut episodes[*index];
        take_head(episode);
        one_of_each(episode, &mut show.assets);
    }
    take_pairs(&mut episodes, &mut show.assets);
    take_ids(&mut episodes, &mut show.assets);
    show.episodes = episodes;
}

/// Where the file of an episode that is no folder lies, and what it is called without its tag.
fn side_by_side(episode: &EpisodeFiles) -> Option<String> {
    let track = episode.tracks.first().filter(|_| !episode.is_folder)?;
    let folder = track.file.name.strip_suffix(track.file.file_name())?;
    Some(format!("{folder}{}", episode.stem))
}

/// An untagged Markdown file beside two or more tagged tracks is to them what `episode.md` is to
/// a folder.
fn take_head(episode: &mut EpisodeFiles) {
    let tracks = &mut episode.tracks;
    let is_head = |track: &TrackFile| track.lang.is_none() && track.file.extension() == "md";
    let mut langs: Vec<&Lang> = tracks.iter().filter_map(|track| track.lang.as_ref()).collect();
    langs.sort();
    langs.dedup();
    if langs.len() > 1
        && let Some(index) = tracks.iter().position(is_head)
    {
        episode.head = Some(tracks.remove(index).file);
    }
}

/// Leaves an episode one track in each language, and one whose name tells none.
pub(super) fn one_of_each(episode: &mut EpisodeFiles, assets: &mut Vec<File>) {
    let rank = |file: &File| {
        let extension = file.extension();
        TRANSCRIPT_EXTENSIONS.iter().position(|known| *known == extension).unwrap_or(usize::MAX)
    };
    let mut best: HashMap<Option<Lang>, (usize, usize)> = HashMap::new();
    for (index, track) in episode.tracks.iter().enumerate() {
        let own = (rank(&track.file), index);
        let best = best.entry(track.lang.clone()).or_insert(own);
        *best = own.min(*best);
    }
    for (index, track) in std::mem::take(&mut episode.tracks).into_iter().enumerate() {
        if best[&track.lang].1 == index {
            episode.tracks.push(track);
        } else if track.lang.is_some() || is_speech(&track.file) {
            episode.others.push(track.file);
        } else {
            assets.push(track.file);
        }
    }
}

/// Gives tracks that lie side by side their review file.
fn take_pairs(episodes: &mut [EpisodeFiles], assets: &mut Vec<File>) {
    let is_pairs = |file: &File| file.name.ends_with(PAIRS_FILE) && file.name.len() > PAIRS_FILE.len();
    if !assets.iter().any(is_pairs) {
        return;
    }
    let mut by_place: HashMap<String, usize> = HashMap::new();
    for (index, episode) in episodes.iter().enumerate().filter(|(_, episode)| episode.tracks.len() > 1) {
        if let Some(folder) = episode.tracks[0].file.name.strip_suffix(episode.tracks[0].file.file_name()) {
            by_place.insert(format!("{folder}{}.{PAIRS_FILE}", episode.stem), index);
        }
    }
    for file in std::mem::take(assets) {
        match by_place.get(&*file.name) {
            Some(index) => episodes[*index].pairs = Some(file),
            None => assets.push(file),
        }
    }
}

/// Gives episodes that are no folders the ids of their lines.
fn take_ids(episodes: &mut [EpisodeFiles], assets: &mut Vec<File>) {
    if !assets.iter().any(|file| file.extension() == IDS_EXTENSION) {
        return;
    }
    let places = episodes.iter().enumerate().filter_map(|(index, one)| Some((one.ids_place()?.1, index)));
    let by_place: HashMap<String, usize> = places.collect();
    for file in std::mem::take(assets) {
        match by_place.get(&*file.name) {
            Some(index) => episodes[*index].ids = Some(file),
            None => assets.push(file),
        }
    }
}

/// Which of the files in an episode's folder are its transcript, and in which languages, by their
/// names: those called `transcript`, else those that differ only in a tag, else those that are
/// called by a tag, else the first text.
pub(super) fn tracks_of_folder(files: &[File]) -> Vec<Option<Option<Lang>>> {
    let split: Vec<(&str, Option<Lang>)> = files.iter().map(|file| split_tag(file.stem())).collect();
    let called = |stem: &str| -> Vec<Option<Option<Lang>>> {
        split.iter().map(|(own, lang)| (*own == stem).then(|| lang.clone())).collect()
    };
    let several = |langs: &[&Lang]| langs.iter().any(|lang| Some(lang) != langs.first());
    if split.iter().any(|(stem, _)| *stem == TRANSCRIPT_STEM) {
        let mut named = called(TRANSCRIPT_STEM);
        let is_plain = |index: usize| named[index] == Some(None) && is_text(&files[index]);
        if (0..files.len()).any(is_plain) {
            for (named, _) in named.iter_mut().zip(files).filter(|(_, file)| !is_text(file)) {
                // It may have lain beside the transcript to be published.
                named.take_if(|lang| lang.is_none());
            }
        }
        return named;
    }
    let mut by_stem: HashMap<&str, Vec<&Lang>> = HashMap::new();
    for (stem, lang) in &split {
        by_stem.entry(stem).or_default().extend(lang);
    }
    if let Some((stem, _)) = split.iter().find(|(stem, _)| several(&by_stem[stem])) {
        return called(stem);
    }
    let bare: Vec<Option<Lang>> = files.iter().map(|file| Lang::of_name(file.stem())).collect();
    if several(&bare.iter().flatten().collect::<Vec<_>>()) {
        return bare.into_iter().map(|lang| lang.map(Some)).collect();
    }
    let first = files.iter().position(is_text).or_else(|| files.iter().position(is_speech));
    let lang = |index: usize| (Some(index) == first).then(|| split[index].1.clone());
    (0..files.len()).map(lang).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Stamp;
    use super::*;
    use crate::source::Limits;
    use std::path::PathBuf;

    fn file(name: &str) -> File {
        let (path, stamp, limits) = (PathBuf::from(name), Stamp::default(), Limits::default());
        File { path, name: name.into(), stamp, limits }
    }

    /// What the files of a show become: per episode `stem: tracks; head; others; pairs`, then what
    /// is left.
    fn side_by_side_of(names: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut show = ShowFiles::default();
        for name in names {
            sort_file(file(&format!("content/a/{name}")), &mut show);
        }
        join_side_by_side(&mut show);
        let name = |file: &File| file.file_name().to_owned();
        let episodes = show.episodes.iter().map(|episode| {
            let tracks: Vec<_> = episode.tracks.iter().map(|track| name(&track.file)).collect();
            let others = episode.head.iter().chain(&episode.others).chain(&episode.pairs);
            let others = others.chain(&episode.ids).map(name);
            let others: Vec<_> = others.collect();
            format!("{}: {}; {}", episode.stem, tracks.join(" "), others.join(" "))
        });
        (episodes.collect(), show.assets.iter().map(name).collect())
    }

    #[test]
    fn files_that_differ_in_the_tag_alone_are_one_episode() {
        let (episodes, assets) = side_by_side_of(&[
            "012.en.srt",
            "012.pairs.toml",
            "012.ids",
            "012.zh-Hans.vtt",
            "013.en.srt",
            "014.md",
            "014.en.txt",
            "014.fr.txt",
            "015.md",
            "015.txt",
            "016.txt",
            "016.zh.txt",
            "cover.svg",
            "lost.ids",
            "lost.pairs.toml",
        ]);
        assert_eq!(
            episodes,
            [
                "012: 012.en.srt 012.zh-Hans.vtt; 012.pairs.toml 012.ids",
                "013: 013.en.srt; ",
                "014: 014.en.txt 014.fr.txt; 014.md",
                "015: 015.md; ",
                "015: 015.txt; ",
                "016: 016.txt 016.zh.txt; ",
            ]
        );
        assert_eq!(assets, ["cover.svg", "lost.ids", "lost.pairs.toml"]);
    }

    #[test]
    fn of_two_files_in_one_language_the_one_with_times_is_taken() {
        let (episodes, assets) =
            side_by_side_of(&["a.en.srt", "a.en.txt", "a.en.vtt", "a.zh.json", "b.json", "b.srt", "b.txt"]);
        assert_eq!(episodes, ["a: a.en.vtt a.zh.json; a.en.srt a.en.txt", "b: b.srt; b.txt"]);
        assert_eq!(assets, ["b.json"]);
    }

    #[test]
    fn the_tracks_of_a_folder_are_told_by_their_names() {
        let tracks = |names: &[&str]| -> Vec<String> {
            let files: Vec<File> = names.iter().map(|name| file(name)).collect();
            let found = tracks_of_folder(&files);
            let named = names.iter().zip(found).filter_map(|(name, lang)| Some((name, lang?)));
            named
                .map(|(name, lang)| format!("{name} {}", lang.map_or("?".into(), |lang| lang.to_string())))
                .collect()
        };
        assert_eq!(
            tracks(&["notes.txt", "transcript.en.srt", "transcript.zh.srt"]),
            ["transcript.en.srt en", "transcript.zh.srt zh"]
        );
        assert_eq!(tracks(&["a.md", "talk.en.vtt", "talk.fr.vtt"]), ["talk.en.vtt en", "talk.fr.vtt fr"]);
        assert_eq!(tracks(&["en.srt", "zh-Hans.srt"]), ["en.srt en", "zh-Hans.srt zh-Hans"]);
        assert_eq!(tracks(&["it.txt", "other.txt"]), ["it.txt ?"]);
        assert_eq!(tracks(&["captions.vtt", "text.txt"]), ["text.txt ?"]);
        assert_eq!(tracks(&["transcript.txt", "transcript.vtt"]), ["transcript.txt ?"]);
        assert_eq!(tracks(&["captions.vtt"]), ["captions.vtt ?"]);
        assert!(tracks(&["data.json"]).is_empty());
    }
}
