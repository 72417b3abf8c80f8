//! What templates see: plain data made of the archive, with every address ready.
//! Every decision about what is shown is made here, none in a template.

mod marks;
mod people;
mod shared;
mod variant;

use serde::Serialize;

use crate::archive::Archive;
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::media::Media;
use crate::picture::{Pictures, Smaller};
pub use crate::slug::is_safe_address;
use crate::slug::{BaseUrl, SitePath};
use crate::table::Link;
use crate::text::{Localized, brief};

pub use shared::{Ready, Shared};
pub use variant::{Variant, told_lang};

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

    /// The card of an episode of a show.
    pub fn card_of(&self, digest: &Digest, show: usize) -> Card {
        let facts = &digest.facts;
        let path = self.archive.path_in(show, facts);
        let summary = self
            .text(&facts.summary.get().unwrap_or_default())
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
            texts: self.texts(&digest.facts.quotes[quote].texts.get().unwrap_or_default()),
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

/// A text without its line breaks.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address as a URL is written: what it must not hold is percent-encoded.
fn written(address: &str) -> String {
    url::Url::parse(address).map_or_else(|_| address.replace([' ', '"'], "%20"), String::from)
}
