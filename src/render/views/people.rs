//! Who speaks: a person by themselves, and in an episode. Decides nobody's name.

use super::marks::{mark, marks};
use super::{HUES, PersonView, Ready, Variant, Views, Voice, is_safe_address};
use crate::digest::Digest;
use crate::media::Media;
use crate::slug::{SitePath, Slug};

impl Views<'_> {
    pub fn person_path(&self, person: usize) -> SitePath {
        SitePath::page(&["speakers", self.archive.people.list[person].slug.as_str()])
    }

    /// A person by themselves; `place` picks the hue.
    pub fn person_voice(&self, person: usize, place: usize) -> Voice {
        let own = &self.archive.people.list[person];
        let speaks = self.archive.speaker_of(person);
        Voice {
            name: self.shared.names[person].clone(),
            url: speaks.map(|_| self.link(&self.person_path(person))),
            mark: mark(own.name.best(self.first())),
            key: own.slug.to_string(),
            hue: place % HUES,
            cue_count: speaks.map_or(0, |speaks| speaks.cue_count),
            share: 0,
            label: String::new(),
        }
    }

    /// A speaker in an episode.
    pub fn voice(&self, digest: &Digest, speaker: usize) -> Voice {
        self.voice_of(digest, speaker, digest.size(), &self.marks(digest))
    }

    /// The marks of an episode's speakers, each its own.
    fn marks(&self, digest: &Digest) -> Vec<String> {
        let names = digest.facts.speakers.iter().map(|own| match own.person {
            Some(person) => self.archive.people.list[person].name.best(self.first()),
            None => &own.label,
        });
        marks(&names.collect::<Vec<_>>())
    }

    /// `total` is the size of all that is said.
    fn voice_of(&self, digest: &Digest, speaker: usize, total: usize, marks: &[String]) -> Voice {
        let own = &digest.facts.speakers[speaker];
        let voice = &digest.voices[speaker];
        let mut view = match own.person {
            Some(person) => Voice {
                // Whoever speaks here has a page.
                url: Some(self.link(&self.person_path(person))),
                ..self.person_voice(person, speaker)
            },
            None => Voice {
                name: Ready::new(self.text(&own.name())),
                url: None,
                mark: String::new(),
                key: Slug::new(&own.label).to_string(),
                hue: speaker % HUES,
                cue_count: 0,
                share: 0,
                label: String::new(),
            },
        };
        view.cue_count = voice.cue_count;
        view.share = digest.share(speaker, total);
        view.label.clone_from(&own.label);
        view.mark.clone_from(&marks[speaker]);
        view
    }

    pub fn voices(&self, digest: &Digest) -> Vec<Voice> {
        self.some_voices(digest, 0..digest.voices.len())
    }

    /// Some of the speakers of an episode.
    pub fn some_voices(&self, digest: &Digest, speakers: impl IntoIterator<Item = usize>) -> Vec<Voice> {
        let total = digest.size();
        let marks = self.marks(digest);
        speakers.into_iter().map(|speaker| self.voice_of(digest, speaker, total, &marks)).collect()
    }

    pub fn person(&self, person: usize, place: usize) -> PersonView {
        let own = &self.archive.people.list[person];
        let voice = self.person_voice(person, place);
        let path = self.person_path(person);
        let address = own.image.as_ref().filter(|image| is_safe_address(&image.value));
        PersonView {
            episode_count: self.archive.speaker_of(person).map_or(0, |speaks| speaks.episodes.len()),
            bio: own.bio.as_ref().and_then(|bio| Variant::some(self.text(bio))),
            image: match own.picture() {
                Some(path) => Some(self.picture_at(self.link(&path), &path)),
                None => address.map(|address| self.cover(&Media::Address(address.value.clone()), &path)),
            },
            links: self.links(&own.links),
            name: voice.name,
            url: voice.url,
            mark: voice.mark,
            hue: voice.hue,
            cue_count: voice.cue_count,
            share: 0,
        }
    }
}
