//! One `Episode` → `Digest`: the few kilobytes that the rest of the archive must know of it.
//! Never keeps the transcript.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::lang::Lang;
use crate::media::{Asset, Media, Recording};
use crate::model::{CueId, Episode, EpisodeFacts};
use crate::packed::{Packed, Parcel};
use crate::timestamp::Millis;

/// An episode as other pages see it. What hangs on other files of the project (show, people,
/// media) is not kept between builds but found again in each: `Project::settle`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Digest {
    /// The file or folder it comes from, as messages name it.
    #[serde(skip)]
    pub origin: Arc<str>,
    #[serde(skip)]
    pub show: ShowKey,
    pub facts: EpisodeFacts,
    #[serde(skip)]
    pub cover: Option<Media>,
    /// The first is what one hears who does not choose.
    #[serde(skip)]
    pub audio: Vec<Recording>,
    /// A file with chapters.
    #[serde(skip)]
    pub chapters: Option<Media>,
    /// Files that go beside its page.
    #[serde(skip)]
    pub assets: Vec<Asset>,
    /// Hash of all that its transcript and notes come from.
    pub source: Key,
    /// The languages of its transcript, in reading order.
    pub langs: Vec<Lang>,
    /// Those of them that lines are in.
    pub written_langs: Vec<Lang>,
    /// Whether its lines have times, and whether any is in two languages: which files can be made
    /// of it.
    pub timed: bool,
    pub paired: bool,
    pub cue_count: usize,
    /// How long one reads one language of it, in minutes.
    pub reading_minutes: usize,
    /// One per speaker of `facts`.
    pub voices: Vec<VoiceDigest>,
    /// The words of each of `facts.quotes` stand in the facts; here is where they lead and who
    /// says them: cue and index of the speaker.
    pub quotes: Vec<(CueId, Option<usize>)>,
}

/// Which show an episode belongs to, before all shows are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub enum ShowKey {
    /// Index into the project's list of shows.
    Planned(usize),
    /// A show that only its episodes name.
    Named(String),
    /// None.
    #[default]
    Loose,
}

/// What one speaker said in an episode, in numbers and a few lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct VoiceDigest {
    pub cue_count: usize,
    /// Size of what they said, in bytes of one language.
    pub size: usize,
    /// A few of their lines, in order.
    pub lines: Packed<Vec<LineDigest>>,
}

/// One line of a speaker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LineDigest {
    pub id: CueId,
    pub start: Option<Millis>,
    pub texts: Vec<(Lang, String)>,
}

impl Digest {
    /// How much is said in all, in bytes of one language.
    pub fn size(&self) -> usize {
        self.voices.iter().map(|voice| voice.size).sum()
    }

    /// The bytes of what few look at, in a fixed order: they are kept by themselves.
    pub fn parcels(&self) -> impl Iterator<Item = &Parcel> {
        let quotes = self.facts.quotes.iter().map(|quote| quote.texts.parcel());
        let lines = self.voices.iter().map(|voice| voice.lines.parcel());
        std::iter::once(self.facts.summary.parcel()).chain(quotes).chain(lines)
    }

    /// The same, to say where they are.
    pub fn parcels_mut(&mut self) -> impl Iterator<Item = &mut Parcel> {
        let quotes = self.facts.quotes.iter_mut().map(|quote| quote.texts.parcel_mut());
        let lines = self.voices.iter_mut().map(|voice| voice.lines.parcel_mut());
        std::iter::once(self.facts.summary.parcel_mut()).chain(quotes).chain(lines)
    }

    /// A speaker's part of the talk, whose size is `total`, in percent.
    pub fn share(&self, speaker: usize, total: usize) -> usize {
        (self.voices[speaker].size * 100 + total / 2) / total.max(1)
    }
}

/// How many lines of a speaker an episode's digest keeps.
const LINES: usize = 3;
/// The length that a line to be shown by itself should have, in bytes of one language.
const GOOD_LINE: std::ops::RangeInclusive<usize> = 48..=320;
/// How much one reads in a minute.
const CHARACTERS_A_MINUTE: usize = 350;
const WORDS_A_MINUTE: usize = 220;

/// Takes what other pages need of an episode; its files are the project's to find.
pub fn digest_episode(origin: Arc<str>, show: ShowKey, episode: &Episode) -> Digest {
    let transcript = &episode.transcript;
    let mut voices = vec![VoiceDigest::default(); episode.facts.speakers.len()];
    let mut sizes = vec![0; transcript.langs.len()];
    let mut paired = false;
    let mut candidates: Vec<Vec<(usize, usize)>> = vec![Vec::new(); voices.len()];
    for (index, cue) in transcript.cues.iter().enumerate() {
        let mut size = 0;
        let mut count = 0;
        for (lang, text) in transcript.texts(index) {
            sizes[lang] += text.len();
            size = size.max(text.len());
            count += 1;
        }
        paired |= count > 1;
        if let Some(speaker) = cue.speaker {
            voices[speaker].cue_count += 1;
            voices[speaker].size += size;
            candidates[speaker].push((index, size));
        }
    }
    for (voice, candidates) in voices.iter_mut().zip(candidates) {
        let lines = chosen(&candidates)
            .into_iter()
            .map(|index| LineDigest {
                id: transcript.cues[index].id,
                start: transcript.cues[index].start,
                texts: line_texts(episode, index),
            })
            .collect();
        voice.lines = Packed::new(&lines);
    }
    let written = transcript.langs.iter().zip(&sizes).filter(|(_, size)| **size > 0);
    let minutes = transcript.langs.iter().zip(&sizes).map(|(lang, size)| minutes(lang, *size));
    Digest {
        origin,
        show,
        cover: None,
        audio: Vec::new(),
        chapters: None,
        assets: Vec::new(),
        source: Key::default(),
        langs: transcript.langs.clone(),
        written_langs: written.map(|(lang, _)| lang.clone()).collect(),
        timed: transcript.is_timed(),
        paired,
        cue_count: transcript.cues.len(),
        reading_minutes: minutes.max().unwrap_or(0).max(1),
        voices,
        quotes: episode
            .facts
            .quotes
            .iter()
            .map(|quote| {
                let cue = &transcript.cues[quote.cues.start];
                (cue.id, cue.speaker)
            })
            .collect(),
        facts: episode.facts.clone(),
    }
}

/// Three bytes make a character of a language that counts them, six a word with its space.
fn minutes(lang: &Lang, size: usize) -> usize {
    if lang.counts_characters() {
        (size / 3).div_ceil(CHARACTERS_A_MINUTE)
    } else {
        (size / 6).div_ceil(WORDS_A_MINUTE)
    }
}

fn line_texts(episode: &Episode, cue: usize) -> Vec<(Lang, String)> {
    let transcript = &episode.transcript;
    let mut texts: Vec<(Lang, String)> = Vec::new();
    for (lang, text) in transcript.texts(cue) {
        if texts.iter().all(|(_, known)| known != text) {
            texts.push((transcript.langs[lang].clone(), crate::text::shortened(text, 240)));
        }
    }
    texts
}

/// The longest line of good length from each part of what someone said.
fn chosen(candidates: &[(usize, usize)]) -> Vec<usize> {
    let part = candidates.len().div_ceil(LINES).max(1);
    let mut found = Vec::new();
    for lines in candidates.chunks(part) {
        let rank =
            |size: usize| if GOOD_LINE.contains(&size) { size } else { size.min(GOOD_LINE.start() - 1) };
        let best = lines.iter().max_by_key(|(index, size)| (rank(*size), usize::MAX - index));
        found.extend(best.map(|(index, _)| *index));
    }
    found
}
