//! The transcript of an episode page, as minimal HTML: the hot path of a build.
//! Every text is escaped here; nothing of it is ever markup.

use std::io::Write;

use serde::Serialize;

use super::between::{Between, Kind, between};
use super::templates::Templates;
use super::turns::{Place, places};
use super::views::{Variant, Voice};
use crate::channel::Chapter;
use crate::lang::{Direction, Lang, only_lang_in, telling_script};
use crate::model::Transcript;

/// A part of the transcript that the contents list leads to.
pub struct ContentsEntry {
    /// The fragment, with `#`.
    pub url: String,
    pub label: Vec<Variant>,
    pub time: Option<String>,
}

/// The transcript's HTML and its contents.
pub struct CueList {
    pub html: Vec<u8>,
    pub contents: Vec<ContentsEntry>,
}

/// How many cues a part of the contents holds where the author gave no sections.
const PART: usize = 80;

/// About how much markup a cue takes, with its part of that of its turn, in bytes.
const ROOM: usize = 100;

/// From what length on a line tells what a part is about, in bytes.
const TELLING: usize = 40;

/// A cue as a site's own `cue.html` sees it.
#[derive(Serialize)]
struct CueView<'a> {
    id: String,
    texts: Vec<Variant>,
    speaker: Option<&'a str>,
    time: Option<String>,
    url: String,
}

/// Writes the transcript; `voices` are the episode's speakers by index. Chapters divide one that
/// has no sections.
pub fn write_cue_list(
    transcript: &Transcript,
    chapters: &[Chapter],
    voices: &[Voice],
    templates: &Templates,
) -> Result<CueList, String> {
    let writer = Writer {
        transcript,
        voices,
        own_cue: templates.has_cue().then_some(templates),
        openings: transcript.langs.iter().map(opening).collect(),
        turns: voices.iter().map(turn_opening).collect(),
        asides: voices.iter().map(aside_opening).collect(),
        html: Vec::with_capacity(transcript.size() + transcript.cues.len() * ROOM),
        contents: Vec::new(),
    };
    writer.write(&between(transcript, chapters))
}

struct Writer<'t> {
    transcript: &'t Transcript<'t>,
    voices: &'t [Voice],
    own_cue: Option<&'t Templates>,
    /// `<p lang=…>` per language.
    openings: Vec<String>,
    /// What a turn begins with, from its speaker's class up to the fragment of its first cue, per
    /// speaker.
    turns: Vec<Vec<u8>>,
    /// What follows the id of a listener's cue, up to its texts, per speaker.
    asides: Vec<Vec<u8>>,
    html: Vec<u8>,
    contents: Vec<ContentsEntry>,
}

fn opening(lang: &Lang) -> String {
    match lang.direction() {
        Direction::Ltr => format!("<p lang={lang}>"),
        Direction::Rtl => format!("<p lang={lang} dir=rtl>"),
    }
}

fn turn_opening(voice: &Voice) -> Vec<u8> {
    let mut turn = format!("s{}\" data-m=\"", voice.hue).into_bytes();
    push_escaped(&voice.mark, &mut turn);
    turn.extend_from_slice(b"\"><p class=w>");
    if let Some(url) = &voice.url {
        let _ = write!(turn, "<a href=\"{}\">", escaped(url));
    }
    push_names(voice, &mut turn);
    let end = if voice.url.is_some() { "</a>" } else { "" };
    turn.extend([end, "<a class=at href=#"].concat().bytes());
    turn
}

fn aside_opening(voice: &Voice) -> Vec<u8> {
    let mut aside = format!(" class=\"b s{}\"><details><summary data-m=\"", voice.hue).into_bytes();
    push_escaped(&voice.mark, &mut aside);
    aside.extend_from_slice(b"\">");
    push_names(voice, &mut aside);
    aside.extend_from_slice(b"</summary>");
    aside
}

fn push_names(voice: &Voice, out: &mut Vec<u8>) {
    for name in voice.name.iter() {
        let _ = write!(out, "<b lang={}>", name.lang);
        push_escaped(&name.text, out);
        out.extend_from_slice(b"</b>");
    }
}

impl Writer<'_> {
    fn write(mut self, between: &[Between]) -> Result<CueList, String> {
        let has_titles = between.iter().any(|one| matches!(one.kind, Kind::Title(..)));
        let places = places(self.transcript, between, self.own_cue.is_none());
        let mut between = between.iter().peekable();
        let mut open = false;
        let mut last_part = 0;
        for (index, place) in places.into_iter().enumerate() {
            while let Some(one) = between.next_if(|one| one.before <= index) {
                self.close(&mut open);
                self.between(&one.kind);
            }
            let opens = matches!(place, Place::Turn | Place::Cut);
            if opens {
                self.close(&mut open);
            }
            if (opens || place == Place::Paragraph) && !has_titles && self.begins_part(index, last_part) {
                last_part = index;
                self.part(index);
            }
            if opens {
                self.open_turn(index, place);
                open = true;
            }
            self.cue(index, place)?;
        }
        self.close(&mut open);
        for one in between {
            self.between(&one.kind);
        }
        if self.contents.len() < 2 {
            self.contents.clear();
        }
        Ok(CueList { html: self.html, contents: self.contents })
    }

    fn close(&mut self, open: &mut bool) {
        if std::mem::take(open) {
            self.html.extend_from_slice(b"</div>\n");
        }
    }

    fn between(&mut self, kind: &Kind) {
        match kind {
            Kind::Break => self.html.extend_from_slice(b"<hr class=br>\n"),
            Kind::Turn => {}
            Kind::Title(title, start) => {
                let id = format!("part-{}", self.contents.len() + 1);
                let label = Variant::list(title, &self.transcript.langs);
                let _ = write!(self.html, "<h3 class=sec id={id}>");
                for (index, variant) in label.iter().enumerate() {
                    let gap = if index > 0 { " " } else { "" };
                    let _ = write!(self.html, "{gap}<span lang={}>", variant.lang);
                    push_escaped(&variant.text, &mut self.html);
                    self.html.extend_from_slice(b"</span>");
                }
                self.html.extend_from_slice(b"</h3>\n");
                self.contents.push(ContentsEntry {
                    url: format!("#{id}"),
                    label,
                    time: start.map(|start| start.to_string()),
                });
            }
        }
    }

    /// Whether a part of the contents begins with the turn at `index`: after enough cues, at a
    /// line that says something; a turn of one word does so only where none else comes.
    fn begins_part(&self, index: usize, last_part: usize) -> bool {
        let length = self.transcript.texts(index).map(|(_, text)| text.len()).max();
        let since = index - last_part;
        index == 0 || since >= PART && (length >= Some(TELLING) || since >= 2 * PART)
    }

    /// A part without a title is called by its first words.
    fn part(&mut self, cue: usize) {
        let label = self
            .transcript
            .texts(cue)
            .map(|(lang, text)| Variant::new(&self.transcript.langs[lang], crate::text::shortened(text, 28)));
        let label = label.collect();
        let entry = ContentsEntry {
            url: format!("#{}", self.transcript.cues[cue].id),
            label,
            time: self.transcript.cues[cue].start.map(|time| time.to_string()),
        };
        self.contents.push(entry);
    }

    fn open_turn(&mut self, index: usize, place: Place) {
        let cue = &self.transcript.cues[index];
        let Some(speaker) = cue.speaker else {
            self.html.extend_from_slice(b"<div class=t>\n");
            return;
        };
        self.html.extend_from_slice(if place == Place::Cut {
            b"<div class=\"t k "
        } else {
            b"<div class=\"t "
        });
        self.html.extend_from_slice(&self.turns[speaker]);
        cue.id.write_to(&mut self.html);
        match cue.start {
            Some(start) => {
                let _ = writeln!(self.html, ">{start}</a></p>");
            }
            None => self.html.extend_from_slice(b">#</a></p>\n"),
        }
    }

    /// Anchors for the ids that a line had before, so that links by them lead to it.
    fn past_ids(&mut self, index: usize) {
        let past = &self.transcript.past_ids;
        if past.is_empty() {
            return;
        }
        let from = past.partition_point(|(cue, _)| *cue < index);
        for (_, id) in past[from..].iter().take_while(|(cue, _)| *cue == index) {
            self.html.extend_from_slice(b"<span class=was id=");
            id.write_to(&mut self.html);
            self.html.extend_from_slice(b"></span>");
        }
    }

    fn cue(&mut self, index: usize, place: Place) -> Result<(), String> {
        let cue = &self.transcript.cues[index];
        if let Some(templates) = self.own_cue {
            let view = CueView {
                id: cue.id.to_string(),
                texts: self
                    .transcript
                    .texts(index)
                    .map(|(lang, text)| Variant::new(&self.transcript.langs[lang], text))
                    .collect(),
                speaker: cue.speaker.map(|speaker| self.voices[speaker].label.as_str()),
                time: cue.start.map(|start| start.to_string()),
                url: format!("#{}", cue.id),
            };
            self.past_ids(index);
            return templates.render_cue(&view, &mut self.html);
        }
        self.past_ids(index);
        self.html.extend_from_slice(b"<div id=");
        cue.id.write_to(&mut self.html);
        match (place, cue.speaker) {
            (Place::Aside, Some(speaker)) => self.html.extend_from_slice(&self.asides[speaker]),
            (Place::Paragraph, _) => self.html.extend_from_slice(b" class=p>"),
            _ => self.html.push(b'>'),
        }
        let mut written = "";
        for (lang, text) in self.transcript.texts(index) {
            // The same text in two languages stands once, in the language whose script it is in.
            if text == written {
                continue;
            }
            let alike = written.is_empty()
                && self.transcript.texts(index).any(|(other, own)| other != lang && own == text);
            let shown = if alike { told_or(&self.transcript.langs, text, lang) } else { lang };
            written = text;
            self.html.extend_from_slice(self.openings[shown].as_bytes());
            if self.transcript.kinds(index, lang).means_in_html() {
                push_escaped(text, &mut self.html);
            } else {
                self.html.extend_from_slice(text.as_bytes());
            }
        }
        if place == Place::Aside {
            self.html.extend_from_slice(b"</details>");
        }
        self.html.extend_from_slice(b"</div>\n");
        Ok(())
    }
}

/// The language of `langs` that a text's script tells, else `otherwise`.
fn told_or(langs: &[Lang], text: &str, otherwise: usize) -> usize {
    telling_script(text).and_then(|script| only_lang_in(langs, script)).unwrap_or(otherwise)
}

/// Appends text with the characters escaped that mean something in HTML.
pub fn push_escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for at in memchr::memchr3_iter(b'&', b'<', b'"', bytes) {
        out.extend_from_slice(&bytes[done..at]);
        out.extend_from_slice(match bytes[at] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            _ => b"&quot;",
        });
        done = at + 1;
    }
    out.extend_from_slice(&bytes[done..]);
}

/// A text escaped for HTML, in and out of attributes in double quotes.
pub fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    push_escaped(text, &mut out);
    String::from_utf8(out).expect("escaping keeps UTF-8")
}
