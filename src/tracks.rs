//! Which texts an episode is made of: by the names of its files, and by what the author says in
//! `tracks`. Never looks at what is said in them.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::parse::front_matter::{
    FrontMatter, TrackEntry, has_front_matter, read_front_matter, written_front_matter,
};
use crate::read::{EpisodeFiles, File, split_tag};
use crate::source::Source;
use crate::table::{At, Findings};
use crate::timestamp::Retime;

/// The texts that an episode is made of, or may be.
#[derive(Debug, Default)]
pub struct EpisodeTexts {
    pub head: Option<Source>,
    tracks: Vec<TrackText>,
    pub pairs: Option<Source>,
    pub ids: Option<Source>,
    /// The file of chapters that the front matter names.
    pub chapters: Option<Source>,
}

/// A file that is a track by its name, or that the author names as one.
#[derive(Debug)]
struct TrackText {
    source: Source,
    /// Nothing where the name does not tell.
    lang: Option<Lang>,
}

/// A text that is a track of the episode.
#[derive(Debug)]
pub struct Chosen<'s> {
    pub source: &'s Source,
    pub lang: Option<Lang>,
    pub clock: Retime,
}

impl EpisodeTexts {
    /// Reads with `take` what an episode needs of its files: what its names say, and what its
    /// front matter names, also among what lies `beside` it in its show's folder. Nothing, where
    /// `take` gives nothing for one of them.
    pub fn read<E>(
        files: &EpisodeFiles,
        beside: &[File],
        mut take: impl FnMut(&File) -> Result<Option<Source>, E>,
    ) -> Result<Option<EpisodeTexts>, E> {
        let mut texts = EpisodeTexts::default();
        // All of them are looked at, so that all that is wrong is said in one run.
        let mut is_whole = true;
        let mut text = |file: &File| -> Result<Option<Source>, E> {
            let source = take(file)?;
            is_whole &= source.is_some();
            Ok(source)
        };
        if let Some(head) = &files.head {
            texts.head = text(head)?;
        }
        for track in &files.tracks {
            let source = text(&track.file)?;
            texts.tracks.extend(source.map(|source| TrackText { source, lang: track.lang.clone() }));
        }
        if let Some(pairs) = &files.pairs {
            texts.pairs = text(pairs)?;
        }
        if let Some(ids) = &files.ids {
            texts.ids = text(ids)?;
        }
        if let Some(chapters) = texts.named_chapters(files, beside) {
            texts.chapters = text(chapters)?;
        }
        for file in texts.named(files) {
            let lang = lang_of(file);
            texts.tracks.extend(text(file)?.map(|source| TrackText { source, lang }));
        }
        Ok(is_whole.then_some(texts))
    }

    /// The text whose front matter is the episode's.
    pub fn front(&self) -> Option<&Source> {
        let sources = || self.tracks.iter().map(|track| &track.source);
        let first_of_several = || {
            if self.tracks.len() > 1 { sources().find(|source| has_front_matter(&source.text)) } else { None }
        };
        self.head.as_ref().or_else(first_of_several).or_else(|| sources().next())
    }

    /// The file that the front matter names for chapters.
    fn named_chapters<'f>(&self, files: &'f EpisodeFiles, beside: &'f [File]) -> Option<&'f File> {
        let front = self.front().filter(|front| written_front_matter(&front.text).contains("chapters"))?;
        let (front, _) = read_front_matter(front, &Findings::default());
        let name = front.feed?.chapters_file?.value;
        files.assets.iter().chain(beside).find(|file| is_called(&file.name, &name))
    }

    /// The files that the front matter names as tracks and that are none by their names.
    fn named<'f>(&self, files: &'f EpisodeFiles) -> Vec<&'f File> {
        if files.others.is_empty() && files.assets.is_empty() {
            return Vec::new();
        }
        let says_tracks = |front: &&Source| written_front_matter(&front.text).contains("tracks");
        let Some(front) = self.front().filter(says_tracks) else {
            return Vec::new();
        };
        let (front, _) = read_front_matter(front, &Findings::default());
        let mut named: Vec<&File> = Vec::new();
        for name in front.tracks.iter().filter_map(|entry| entry.value.file.as_ref()) {
            let is_track = files.tracks.iter().any(|track| is_called(&track.file.name, &name.value));
            let found =
                files.others.iter().chain(&files.assets).find(|file| is_called(&file.name, &name.value));
            if let Some(file) = found.filter(|file| !is_track && !named.contains(file)) {
                named.push(file);
            }
        }
        named
    }

    /// The tracks of the episode: those that the author lists, else those by their names.
    pub fn choose(
        &self,
        files: &EpisodeFiles,
        front: &FrontMatter,
        front_source: &Source,
        findings: &Findings,
    ) -> Vec<Chosen<'_>> {
        let mut chosen: Vec<Chosen> = Vec::with_capacity(self.tracks.len());
        if front.tracks.iter().any(|entry| entry.value.file.is_some()) {
            for entry in &front.tracks {
                self.choose_one(entry, &mut chosen, front_source, findings);
            }
        } else {
            chosen.extend(self.tracks.iter().map(|TrackText { source, lang }| Chosen {
                source,
                lang: lang.clone(),
                clock: Retime::default(),
            }));
            for entry in &front.tracks {
                set_clock(entry, &mut chosen, front_source, findings);
            }
        }
        let unused = files.tracks.iter().map(|track| &track.file).chain(&files.others);
        for file in unused.filter(|file| chosen.iter().all(|chosen| chosen.source.path != file.name)) {
            findings.borrow_mut().push(
                Diagnostic::warning(
                    "second-transcript",
                    format!("{} is left out: the episode has a transcript already", file.name),
                )
                .help("name the transcript `transcript.txt` or `transcript.md`, tracks by their languages (`transcript.en.srt`), and keep other texts elsewhere"),
            );
        }
        chosen
    }

    fn choose_one<'s>(
        &'s self,
        entry: &At<TrackEntry>,
        chosen: &mut Vec<Chosen<'s>>,
        front_source: &Source,
        findings: &Findings,
    ) {
        let TrackEntry { file, lang, clock } = &entry.value;
        let found = match (file, lang) {
            (Some(file), _) => self.tracks.iter().find(|track| is_called(&track.source.path, &file.value)),
            (None, Some(lang)) => self.tracks.iter().find(|track| track.lang.as_ref() == Some(lang)),
            (None, None) => None,
        };
        let Some(track) = found else {
            return findings.borrow_mut().push(missing(entry, front_source));
        };
        let lang = lang.clone().or_else(|| track.lang.clone());
        let is_file = chosen.iter().any(|other| other.source.path == track.source.path);
        let is_lang = lang.is_some() && chosen.iter().any(|other| other.lang == lang);
        if let Some(twice) = lang.as_ref().filter(|_| is_lang) {
            report_twice(
                "language-twice",
                format!("`{twice}` has two tracks"),
                entry,
                front_source,
                findings,
            );
        } else if is_file {
            let message = format!("{} is listed twice", track.source.path);
            report_twice("track-twice", message, entry, front_source, findings);
        } else {
            chosen.push(Chosen { source: &track.source, lang, clock: *clock });
        }
    }
}

fn report_twice(
    code: &'static str,
    message: String,
    entry: &At<TrackEntry>,
    source: &Source,
    findings: &Findings,
) {
    let place = source.place(entry.span.clone());
    findings.borrow_mut().push(Diagnostic::error(code, message).at(place).help("leave one of them"));
}

/// Sets the clock of a track that is named by its language, or the only one.
fn set_clock(entry: &At<TrackEntry>, chosen: &mut [Chosen], source: &Source, findings: &Findings) {
    let TrackEntry { lang, clock, .. } = &entry.value;
    let found = match (lang, &mut *chosen) {
        (None, [only]) => Some(only),
        (Some(lang), [only]) if only.lang.is_none() => {
            only.lang = Some(lang.clone());
            Some(only)
        }
        (None, _) => None,
        (lang, all) => all.iter_mut().find(|track| track.lang == *lang),
    };
    match found {
        Some(track) => track.clock = *clock,
        None => findings.borrow_mut().push(missing(entry, source)),
    }
}

fn missing(entry: &At<TrackEntry>, source: &Source) -> Diagnostic {
    let (message, span) = match (&entry.value.file, &entry.value.lang) {
        (Some(file), _) => {
            let span = if file.span.is_empty() { &entry.span } else { &file.span };
            (format!("there is no file `{}` here", file.value), span)
        }
        (None, Some(lang)) => (format!("no track is in `{lang}` by its name"), &entry.span),
        (None, None) => ("a track needs a `file`, or a `lang`".to_owned(), &entry.span),
    };
    Diagnostic::error("missing-file", message)
        .at(source.place(span.clone()))
        .help("put the track beside this file, and name it here with its extension")
}

/// Whether a file of the project is what the author calls it beside the episode.
fn is_called(path: &str, name: &str) -> bool {
    let name = name.trim_start_matches("./");
    path.strip_suffix(name).is_some_and(|before| before.ends_with('/'))
}

fn lang_of(file: &File) -> Option<Lang> {
    split_tag(file.stem()).1.or_else(|| Lang::of_name(file.stem()))
}

/// The files beside an episode that are published as they are, unless they are its tracks.
pub fn tracks_among_assets(files: &EpisodeFiles, chosen: &[Chosen]) -> Vec<Arc<str>> {
    let is_track = |file: &&File| chosen.iter().any(|chosen| chosen.source.path == file.name);
    files.assets.iter().filter(is_track).map(|file| file.name.clone()).collect()
}
