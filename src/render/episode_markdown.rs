//! An episode as one Markdown file: what its page says, for programs that read texts. Has all
//! languages, and nothing of the interface but its headings.

use super::captions::{Captions, push_markdown, write};
use super::page::Site;
use crate::config::TranscriptFormat;
use crate::digest::Digest;
use crate::model::Episode;
use crate::text::Localized;

/// The name of the file beside an episode's page.
pub const EPISODE_MARKDOWN: &str = "index.md";

impl Site<'_> {
    /// The file of an episode of a show.
    pub fn episode_markdown(&self, show: usize, digest: &Digest, episode: &Episode) -> String {
        let facts = &digest.facts;
        let views = self.views();
        let mut out = String::from("# ");
        self.push_line(&facts.title, &mut out);
        self.push_facts(show, digest, &mut out);
        for variant in views.text(&facts.summary.get().unwrap_or_default()) {
            out.push_str("\n\n");
            push_markdown(&variant.text, &mut out);
        }
        for link in views.links(&facts.links) {
            let title: Vec<&str> = link.title.iter().map(|variant| variant.text.as_str()).collect();
            out.push_str("\n\n<");
            out.push_str(&link.url);
            out.push_str("> ");
            push_markdown(&title.join(" / "), &mut out);
        }
        if !episode.notes.is_empty() {
            out.push_str(&format!("\n\n## {}\n\n{}", self.words().get("notes"), episode.notes));
        }
        let captions = Captions {
            title: Vec::new(),
            transcript: &episode.transcript,
            only: None,
            names: self.names(digest, self.lang()),
            readings: &self.config.readings,
        };
        let text = write(TranscriptFormat::Md, &captions).expect("Markdown takes any transcript");
        if !text.is_empty() {
            out.push_str(&format!("\n\n## {}\n\n{}", self.words().get("transcript"), text.trim_end()));
        }
        out.push('\n');
        out
    }

    /// Where it is, when it came out, who is heard.
    fn push_facts(&self, show: usize, digest: &Digest, out: &mut String) {
        let facts = &digest.facts;
        let base = &self.config.base_url;
        out.push_str("\n\n- url: ");
        out.push_str(&base.absolute(&self.archive.path_in(show, facts)));
        let mut put = |name: &str, text: String| {
            out.push_str("\n- ");
            out.push_str(name);
            out.push_str(": ");
            push_markdown(&text, out);
        };
        put("show", self.plain(&self.archive.shows[show].plan.title));
        for (name, value) in [
            ("date", facts.date.map(|date| date.to_string())),
            ("updated", facts.updated.map(|date| date.to_string())),
            ("season", facts.season.map(|number| number.to_string())),
            ("episode", facts.number.map(|number| number.to_string())),
            ("duration", facts.duration.map(|length| length.to_string())),
        ] {
            if let Some(value) = value {
                put(name, value);
            }
        }
        let names: Vec<String> = self.views().voices(digest).iter().map(joined).collect();
        for (name, list) in [("speakers", names), ("tags", facts.tags.clone())] {
            if !list.is_empty() {
                put(name, list.join(", "));
            }
        }
    }

    fn push_line(&self, text: &Localized, out: &mut String) {
        push_markdown(&self.plain(text), out);
    }
}

fn joined(voice: &super::views::Voice) -> String {
    let names: Vec<&str> = voice.name.iter().map(|name| name.text.as_str()).collect();
    names.join(" / ")
}
