//! What templates see: plain data made of the archive, with every address ready.
//! Every decision about what is shown is made here, none in a template.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::archive::Archive;
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::lang::{Lang, only_lang_in, telling_script};
use crate::media::Media;
use crate::picture::{Pictures, Smaller};
pub use crate::slug::is_safe_address;
use crate::slug::{BaseUrl, SitePath, Slug};
use crate::table::Link;
use crate::text::{Localized, brief};

/// Something that many pages show, made ready for templates once; copies of it share it.
#[derive(Debug, Clone)]
pub struct Ready<T>(Arc<(T, tera::Value)>);

impl<T: Serialize> Ready<T> {
    pub fn new(view: T) -> Ready<T> {
        let value = tera::Value::from_serializable(&view);
        Ready(Arc::new((view, value)))
    }
}

impl<T> std::ops::Deref for Ready<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}

/// The template engine takes a value of its own as it is.
impl<T> Serialize for Ready<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.1.serialize(serializer)
    }
}

/// What pages have in common: names and titles, ready for templates.
pub struct Shared {
    /// Per person of the archive.
    names: Vec<Ready<Vec<Variant>>>,
    /// Per show.
    shows: Vec<Ready<Titled>>,
    /// The archive's languages, which most episodes are in.
    langs: Ready<Vec<LangView>>,
    /// Per episode its card, made when the first list shows it.
    cards: Vec<OnceLock<tera::Value>>,
}

impl Shared {
    /// `only` is the language of pages in one language.
    pub fn new(archive: &Archive, base: &BaseUrl, only: Option<&Lang>) -> Shared {
        let text = |text| Variant::shown(text, &archive.langs, only);
        let langs = only.map_or(archive.langs.as_slice(), std::slice::from_ref);
        let names = archive.people.list.iter().map(|person| Ready::new(text(&person.name)));
        let shows = archive.shows.iter().map(|show| {
            let path = SitePath::page(&[show.slug.as_str()]);
            Ready::new(Titled { title: text(&show.plan.title), url: base.link(&path.in_edition(only)) })
        });
        Shared {
            names: names.collect(),
            shows: shows.collect(),
            langs: Ready::new(langs.iter().map(LangView::new).collect()),
            cards: archive.episodes.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The card of an episode, which `make` gives where nobody has asked before.
    pub fn card(&self, episode: usize, make: impl FnOnce() -> tera::Value) -> tera::Value {
        self.cards[episode].get_or_init(make).clone()
    }
}

/// One language's form of a text.
#[derive(Serialize, Clone, Debug)]
pub struct Variant {
    pub lang: String,
    pub dir: &'static str,
    pub text: String,
}

impl Variant {
    pub fn new(lang: &Lang, text: impl Into<String>) -> Variant {
        Variant { lang: lang.to_string(), dir: lang.direction().as_str(), text: text.into() }
    }

    /// A text's forms in the order of `langs`; equal ones stand once.
    pub fn list(text: &Localized, langs: &[Lang]) -> Vec<Variant> {
        let place = |lang: &Lang| langs.iter().position(|own| own == lang).unwrap_or(langs.len());
        let mut forms: Vec<(Lang, &str)> = text
            .iter()
            .map(|(lang, own)| (lang.cloned().unwrap_or_else(|| told_lang(own, langs)), own))
            .collect();
        forms.sort_by_key(|(lang, _)| place(lang));
        let mut list: Vec<Variant> = Vec::with_capacity(forms.len());
        for (lang, own) in forms {
            if list.iter().all(|known| known.text != own) {
                list.push(Variant::new(&lang, own));
            }
        }
        list
    }

    /// The forms that pages show: all, or those in `only` one language.
    pub fn shown(text: &Localized, langs: &[Lang], only: Option<&Lang>) -> Vec<Variant> {
        let Some(only) = only else { return Variant::list(text, langs) };
        let best = text.best(only);
        let lang = text.iter().find(|(_, own)| *own == best).and_then(|(lang, _)| lang);
        let lang = lang.cloned().unwrap_or_else(|| told_lang(best, langs));
        if best.is_empty() { Vec::new() } else { vec![Variant::new(&lang, best)] }
    }

    /// Some, where there is anything to show.
    pub fn some(list: Vec<Variant>) -> Option<Vec<Variant>> {
        (!list.is_empty()).then_some(list)
    }
}

/// The language of a text that the author gave no language for.
pub fn told_lang(text: &str, langs: &[Lang]) -> Lang {
    let told = telling_script(text).and_then(|script| {
        only_lang_in(langs, script).or_else(|| langs.iter().position(|lang| lang.script() == script))
    });
    langs[told.unwrap_or(0)].clone()
}

#[derive(Serialize, Clone)]
pub struct DateView {
    pub iso: String,
    pub text: String,
}

#[derive(Serialize, Clone)]
pub struct Cover {
    pub url: String,
    /// Of the picture at `url`, in dots.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// What a page shows where it takes no `srcset`: a copy, or the picture itself.
    pub src: String,
    /// The copies by their widths; none where there is one size only.
    pub srcset: Option<String>,
    /// How many times as wide as its shorter side it is, where that is not once.
    pub ratio: Option<f64>,
}

/// A speaker, or a person.
#[derive(Serialize, Clone)]
pub struct Voice {
    pub name: Ready<Vec<Variant>>,
    pub url: Option<String>,
    /// What they are told by, within an episode nobody else.
    pub mark: String,
    /// What an address calls them by, as the mark.
    pub key: String,
    pub hue: usize,
    pub cue_count: usize,
    /// Percent of the talk.
    pub share: usize,
    #[serde(skip)]
    pub label: String,
}

#[derive(Serialize, Clone, Debug)]
pub struct LangView {
    pub lang: String,
    pub name: String,
    pub dir: &'static str,
}

impl LangView {
    pub fn new(lang: &Lang) -> LangView {
        LangView { lang: lang.to_string(), name: lang.name().to_owned(), dir: lang.direction().as_str() }
    }
}

#[derive(Serialize, Clone, Debug)]
pub struct Titled {
    pub title: Vec<Variant>,
    pub url: String,
}

#[derive(Serialize, Clone)]
pub struct Card {
    pub url: String,
    pub title: Vec<Variant>,
    pub show: Ready<Titled>,
    pub date: Option<DateView>,
    pub number: Option<String>,
    pub summary: Option<Vec<Variant>>,
    pub voices: Vec<Voice>,
    pub duration: Option<String>,
    pub cue_count: usize,
    pub cover: Option<Cover>,
    pub languages: Ready<Vec<LangView>>,
}

#[derive(Serialize, Clone)]
pub struct QuoteView {
    pub texts: Vec<Variant>,
    pub voice: Option<Voice>,
    pub url: String,
    pub episode: Titled,
    pub show: Ready<Titled>,
}

#[derive(Serialize, Clone)]
pub struct ShowView {
    pub url: String,
    pub title: Vec<Variant>,
    pub description: Option<Vec<Variant>>,
    pub cover: Option<Cover>,
    pub episode_count: usize,
    pub links: Vec<Titled>,
    pub hosts: Vec<Voice>,
    pub feed_url: String,
}

#[derive(Serialize)]
pub struct PersonView {
    pub name: Ready<Vec<Variant>>,
    pub url: Option<String>,
    pub mark: String,
    pub hue: usize,
    pub cue_count: usize,
    pub share: usize,
    pub episode_count: usize,
    pub bio: Option<Vec<Variant>>,
    pub image: Option<Cover>,
    pub links: Vec<Titled>,
}

/// A recording to listen to on a page.
#[derive(Serialize)]
pub struct RecordingView {
    #[serde(rename = "type")]
    pub media_type: &'static str,
    pub url: String,
    /// None where it is not in one language.
    pub language: Option<LangView>,
}

#[derive(Serialize)]
pub struct LineView {
    pub url: String,
    pub texts: Vec<Variant>,
    pub time: Option<String>,
}

#[derive(Serialize)]
pub struct TagView {
    pub name: String,
    pub url: String,
    pub count: usize,
}

#[derive(Serialize)]
pub struct Pager {
    pub page: usize,
    pub pages: usize,
    pub prev_url: Option<String>,
    pub next_url: Option<String>,
    pub items: Vec<PagerItem>,
}

#[derive(Serialize)]
pub struct PagerItem {
    pub number: usize,
    pub url: String,
    pub current: bool,
    pub gap: bool,
}

/// Which of a picture's copies, from the smallest on, is shown where none is chosen.
const SHOWN_FIRST: usize = 2;
/// How many hues the theme tells speakers apart by.
pub const HUES: usize = 8;
/// How long a summary in a list is, in characters.
const BRIEF: usize = 140;

/// Makes views of an archive.
pub struct Views<'a> {
    pub archive: &'a Archive,
    pub base: &'a BaseUrl,
    pub shared: &'a Shared,
    /// The language of pages in one language; else they are in all of them.
    pub only: Option<&'a Lang>,
    pub pictures: &'a Pictures,
    /// What transcripts are published in, where the author says so.
    pub formats: Option<&'a [TranscriptFormat]>,
}

impl Views<'_> {
    pub fn text(&self, text: &Localized) -> Vec<Variant> {
        Variant::shown(text, &self.archive.langs, self.only)
    }

    /// The texts of a line, as pages show them.
    pub fn texts(&self, texts: &[(Lang, String)]) -> Vec<Variant> {
        let is_own = |lang: &Lang| self.only == Some(lang);
        let has_own = texts.iter().any(|(lang, _)| is_own(lang));
        let shown = texts.iter().filter(|(lang, _)| !has_own || is_own(lang));
        shown.map(|(lang, text)| Variant::new(lang, text.as_str())).collect()
    }

    /// The language that leads.
    pub fn first(&self) -> &Lang {
        self.only.unwrap_or(&self.archive.langs[0])
    }

    /// The address of a file; pages in one language link to each other.
    pub fn link(&self, path: &SitePath) -> String {
        if self.only.is_some() && path.is_page() {
            return self.base.link(&path.in_edition(self.only));
        }
        self.base.link(path)
    }

    pub fn episode_url(&self, episode: usize) -> String {
        self.page_url(&self.archive.episodes[episode], self.archive.show_of[episode])
    }

    /// The page of an episode of a show. Where no line is in the one language of these pages, that
    /// is the page in all of them.
    fn page_url(&self, digest: &Digest, show: usize) -> String {
        let path = self.archive.path_in(show, &digest.facts);
        match self.only {
            Some(only) if !digest.written_langs.contains(only) => self.base.link(&path),
            _ => self.link(&path),
        }
    }

    pub fn episode_titled(&self, episode: usize) -> Titled {
        Titled {
            title: self.text(&self.archive.episodes[episode].facts.title),
            url: self.episode_url(episode),
        }
    }

    pub fn show_path(&self, show: usize) -> SitePath {
        SitePath::page(&[self.archive.shows[show].slug.as_str()])
    }

    pub fn show_titled(&self, show: usize) -> Ready<Titled> {
        self.shared.shows[show].clone()
    }

    /// The languages of an episode.
    fn languages(&self, digest: &Digest) -> Ready<Vec<LangView>> {
        if digest.langs == self.archive.langs || self.only.is_some_and(|only| digest.langs.contains(only)) {
            return self.shared.langs.clone();
        }
        Ready::new(digest.langs.iter().map(LangView::new).collect())
    }

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

    /// The card of an episode of a show.
    pub fn card_of(&self, digest: &Digest, show: usize) -> Card {
        let facts = &digest.facts;
        let path = self.archive.path_in(show, facts);
        let summary = self
            .text(&facts.summary)
            .into_iter()
            .map(|variant| Variant { text: brief(&variant.text, BRIEF), ..variant });
        Card {
            url: self.page_url(digest, show),
            title: self.text(&facts.title),
            show: self.show_titled(show),
            date: facts.date.map(|date| DateView { iso: date.to_string(), text: date.to_string() }),
            number: number(facts.season, facts.number),
            summary: Variant::some(summary.collect()),
            voices: self.voices(digest),
            duration: facts.duration.map(|length| length.to_string()),
            cue_count: digest.cue_count,
            cover: digest.cover.as_ref().map(|cover| self.cover(cover, &path)),
            languages: self.languages(digest),
        }
    }

    /// The recordings of an episode whose page in all languages is at `main`, first the one that a
    /// reader of these pages wants.
    pub fn recordings(&self, digest: &Digest, main: &SitePath) -> Vec<RecordingView> {
        let views = digest.audio.iter().map(|recording| {
            let url = recording.media.link(self.base, main);
            RecordingView {
                media_type: super::feeds::audio_type(&url),
                url,
                language: recording.lang.as_ref().map(LangView::new),
            }
        });
        let mut views: Vec<_> = views.filter(|view| is_safe_address(&view.url)).collect();
        if let Some(only) = self.only {
            views.sort_by_key(|view| view.language.as_ref().is_none_or(|own| own.lang != only.as_str()));
        }
        views
    }

    /// A picture that belongs to a page.
    pub fn cover(&self, media: &Media, page: &SitePath) -> Cover {
        let url = media.link(self.base, page);
        match media {
            Media::Beside(name) => self.picture_at(url, &page.beside(name)),
            Media::Address(_) => self.picture_at(url, &SitePath::file("")),
        }
    }

    /// A picture by its address, and where it is published if it is.
    fn picture_at(&self, url: String, path: &SitePath) -> Cover {
        let Some((key, picture)) = self.pictures.get(path) else {
            return Cover { src: url.clone(), url, width: None, height: None, srcset: None, ratio: None };
        };
        let link = |copy: &Smaller| (self.base.link(&copy.path(key)), copy.width);
        let mut sizes: Vec<(String, u32)> = picture.copies.iter().map(link).collect();
        if picture.is_small() {
            sizes.push((url.clone(), picture.width));
        }
        let src = sizes.get(SHOWN_FIRST).or(sizes.last()).map_or_else(|| url.clone(), |size| size.0.clone());
        let list = sizes.iter().map(|(url, width)| format!("{url} {width}w")).collect::<Vec<_>>();
        let ratio = Some(picture.ratio()).filter(|ratio| *ratio > 100);
        Cover {
            width: Some(picture.width),
            height: Some(picture.height),
            srcset: (list.len() > 1).then(|| list.join(", ")),
            ratio: ratio.map(|ratio| f64::from(ratio) / 100.0),
            src,
            url,
        }
    }

    pub fn quote(&self, episode: usize, quote: usize) -> QuoteView {
        self.quote_of(&self.archive.episodes[episode], self.archive.show_of[episode], quote)
    }

    /// A quote from an episode of a show.
    pub fn quote_of(&self, digest: &Digest, show: usize, quote: usize) -> QuoteView {
        let url = self.page_url(digest, show);
        let (id, speaker) = &digest.quotes[quote];
        QuoteView {
            texts: self.texts(&digest.facts.quotes[quote].texts),
            voice: speaker.map(|speaker| self.voice(digest, speaker)),
            url: format!("{url}#{id}"),
            episode: Titled { title: self.text(&digest.facts.title), url },
            show: self.show_titled(show),
        }
    }

    pub fn show(&self, show: usize) -> ShowView {
        let own = &self.archive.shows[show];
        let titled = self.show_titled(show);
        let page = self.show_path(show);
        ShowView {
            feed_url: self.link(&page.beside("feed.xml")),
            description: own.plan.description.as_ref().and_then(|text| Variant::some(self.text(text))),
            cover: own.plan.cover.as_ref().map(|cover| self.cover(cover, &page)),
            episode_count: own.episodes.len(),
            links: self.links(&own.plan.links),
            hosts: own
                .plan
                .hosts
                .iter()
                .enumerate()
                .map(|(place, host)| self.person_voice(*host, place))
                .collect(),
            url: titled.url.clone(),
            title: titled.title.clone(),
        }
    }

    /// Links that lead somewhere a reader may be sent.
    pub fn links(&self, links: &[Link]) -> Vec<Titled> {
        links
            .iter()
            .filter(|link| is_safe_address(&link.url))
            .map(|link| Titled { title: self.text(&link.title), url: written(&link.url) })
            .collect()
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

    /// The pager of a list of `pages` pages at `path(page)`; nothing for one page.
    pub fn pager(&self, page: usize, pages: usize, path: impl Fn(usize) -> SitePath) -> Option<Pager> {
        if pages < 2 {
            return None;
        }
        let url = |page: usize| self.link(&path(page));
        let shown = |number: usize| number == 1 || number == pages || number.abs_diff(page) <= 2;
        let mut items: Vec<PagerItem> = Vec::new();
        for number in 1..=pages {
            if shown(number) {
                items.push(PagerItem { number, url: url(number), current: number == page, gap: false });
            } else if items.last().is_some_and(|item| !item.gap) {
                items.push(PagerItem { number, url: String::new(), current: false, gap: true });
            }
        }
        Some(Pager {
            page,
            pages,
            prev_url: (page > 1).then(|| url(page - 1)),
            next_url: (page < pages).then(|| url(page + 1)),
            items,
        })
    }
}

/// `S1 E3`, `E3`.
fn number(season: Option<u32>, episode: Option<u32>) -> Option<String> {
    match (season, episode) {
        (Some(season), Some(episode)) => Some(format!("S{season} E{episode}")),
        (None, Some(episode)) => Some(format!("E{episode}")),
        (Some(season), None) => Some(format!("S{season}")),
        (None, None) => None,
    }
}

/// The letter by which a name is told: its first, or the number of a numbered speaker.
fn mark(name: &str) -> String {
    let digits = name
        .rsplit([' ', '_'])
        .next()
        .filter(|last| !last.is_empty() && last.len() <= 2 && last.bytes().all(|byte| byte.is_ascii_digit()));
    match digits {
        Some(digits) => digits.to_owned(),
        None => {
            name.chars().find(|c| c.is_alphanumeric()).map_or(String::new(), |c| c.to_uppercase().collect())
        }
    }
}

/// The marks of people who stand together: where two have one letter, those of both are longer,
/// and where that is not enough, they are counted.
fn marks(names: &[&str]) -> Vec<String> {
    let mut marks: Vec<String> = names.iter().map(|name| mark(name)).collect();
    for longer in
        [|name: &str, _: usize| longer_mark(name), |name: &str, place| format!("{}{place}", mark(name))]
    {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for own in &marks {
            *counts.entry(own.clone()).or_default() += 1;
        }
        for (place, own) in marks.iter_mut().enumerate() {
            if counts[own.as_str()] > 1 {
                *own = longer(names[place], place + 1);
            }
        }
    }
    marks
}

/// The first letters of the first and the last word; of one word its first two.
fn longer_mark(name: &str) -> String {
    let letters =
        |word: &str, count| word.chars().filter(|c| c.is_alphanumeric()).take(count).collect::<String>();
    let mut words = name.split_whitespace();
    match (words.next(), words.next_back()) {
        (Some(first), Some(last)) => (letters(first, 1) + &letters(last, 1)).to_uppercase(),
        (only, _) => letters(only.unwrap_or_default(), 2),
    }
}

/// A text without its line breaks.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address as a URL is written: what it must not hold is percent-encoded.
fn written(address: &str) -> String {
    url::Url::parse(address).map_or_else(|_| address.replace([' ', '"'], "%20"), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_who_stand_together_have_marks_of_their_own() {
        assert_eq!(
            marks(&["Ida Marren", "林岳", "Ivo Tal", "林遥", "Bo"]),
            ["IM", "林岳", "IT", "林遥", "B"]
        );
        assert_eq!(marks(&["Ann", "Ann", "Anna"]), ["A1", "A2", "A3"]);
        assert_eq!(marks(&["", ""]), ["1", "2"]);
    }

    #[test]
    fn a_mark_is_the_first_letter_or_the_number() {
        assert_eq!(mark("林岳"), "林");
        assert_eq!(mark("ida Marren"), "I");
        assert_eq!(mark("Speaker 12"), "12");
    }
}
