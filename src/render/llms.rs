//! `llms.txt`: what the site has, as Markdown for programs that read texts. Lists shows and
//! episodes, and never says more than the pages do.

use rayon::prelude::*;

use super::captions::push_markdown;
use super::episode_markdown::EPISODE_MARKDOWN;
use super::page::Site;
use crate::slug::SitePath;
use crate::text::{Localized, brief};

/// How much is said of an episode, in characters.
const BRIEF: usize = 200;

impl Site<'_> {
    pub(super) fn llms(&self) -> String {
        let mut out = String::new();
        out.push_str("# ");
        self.push(&self.title(), &mut out);
        if let Some(description) = &self.config.description {
            out.push_str("\n\n> ");
            self.push(description, &mut out);
        }
        out.push('\n');
        for (index, show) in self.archive.shows.iter().enumerate() {
            out.push_str("\n## ");
            self.push(&show.plan.title, &mut out);
            out.push_str("\n\n");
            if let Some(description) = &show.plan.description {
                self.push(description, &mut out);
                out.push_str("\n\n");
            }
            let page = self.views().show_path(index);
            for name in ["feed.xml", "feed.json"] {
                self.push_link(&Localized::plain(name), &page.beside(name), &mut out);
                out.push('\n');
            }
            let episodes = show.episodes.par_iter().map(|episode| self.line_of(*episode));
            out.extend(episodes.collect::<Vec<String>>());
        }
        out
    }

    /// An episode's line. Most of it is to look its summary up.
    fn line_of(&self, episode: usize) -> String {
        let mut out = String::new();
        let facts = &self.archive.episodes[episode].facts;
        let page = self.archive.episode_path(episode);
        let file = if self.config.pages.markdown { page.beside(EPISODE_MARKDOWN) } else { page };
        self.push_link(&facts.title, &file, &mut out);
        let date = facts.date.map(|date| date.to_string());
        let summary = Some(brief(&self.plain(&facts.summary.get().unwrap_or_default()), BRIEF))
            .filter(|text| !text.is_empty());
        for (index, part) in date.into_iter().chain(summary).enumerate() {
            out.push_str(if index == 0 { ": " } else { ". " });
            push_markdown(&part, &mut out);
        }
        out.push('\n');
        out
    }

    fn push_link(&self, title: &Localized, path: &SitePath, out: &mut String) {
        out.push_str("- [");
        self.push(title, out);
        out.push_str("](");
        out.push_str(&self.config.base_url.absolute(path));
        out.push(')');
    }

    fn push(&self, text: &Localized, out: &mut String) {
        push_markdown(&self.plain(text), out);
    }
}
