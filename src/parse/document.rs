//! What one transcript file says, before anyone knows its languages or who its speakers are.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Source, Span};
use crate::table::Findings;
use crate::timestamp::{Millis, Retime};

/// A parsed transcript. Texts borrow from the source wherever they stand in it as they are.
#[derive(Debug, Default)]
pub struct Document<'s> {
    /// What the page around the transcript says of the episode.
    pub page: PageFacts,
    /// Show notes that stand in the same file, as Markdown.
    pub notes: String,
    /// Links that stand in the talk: what they are called and where they lead. The text of a line
    /// is never markup, so they are kept beside it.
    pub links: Vec<(String, String)>,
    /// Speaker labels, each once, in the order they first appear.
    pub labels: Vec<String>,
    /// Where each label stands among them.
    pub label_index: HashMap<String, usize>,
    pub lines: Vec<Line>,
    /// The lines' texts, one after the other.
    pub parts: Vec<Cow<'s, str>>,
    /// The languages that the file itself says its parts are in; none where it does not.
    pub langs: Vec<Lang>,
    /// Which of `langs` each part is in.
    pub part_langs: Vec<usize>,
    /// Section titles and breaks, in order.
    pub marks: Vec<Mark>,
    /// What became of the cues, of a form that has cues.
    pub tally: Tally,
    /// What the form takes for no part of the talk and yet may be one, and why.
    pub left_out: Vec<(Span, &'static str)>,
}

/// What became of a file's cues, so that none is lost in silence: `cues` and `split` together are
/// as many as its lines and all the others.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The cues that the file has, whether they can be read or not.
    pub cues: usize,
    /// Lines that cues became beyond one each: more than one speaks in them.
    pub split: usize,
    /// Cues that are the translation of another, and stand beside it.
    pub joined: usize,
    /// Cues that only show again what others said.
    pub rolled: usize,
    /// Cues that say nothing.
    pub empty: usize,
    /// Cues that cannot be read.
    pub unread: usize,
}

impl Tally {
    /// Whether `lines` are all that should have come of the cues.
    pub fn balances(&self, lines: usize) -> bool {
        self.cues + self.split == lines + self.joined + self.rolled + self.empty + self.unread
    }
}

/// How many labels are looked through one by one.
const FEW_LABELS: usize = 4;

/// Facts about the episode that the file itself states, without front matter.
#[derive(Debug, Default)]
pub struct PageFacts {
    pub show: Option<String>,
    /// Titles as they stand, in the order of the page.
    pub titles: Vec<String>,
    pub summary: String,
}

/// One line of a transcript with its translations: a cue to be.
#[derive(Debug)]
pub struct Line {
    pub span: Span,
    /// Index into `labels`.
    pub label: Option<usize>,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    /// How many of `parts`, from where the line before it ended, are its own.
    pub part_count: usize,
}

impl<'s> Document<'s> {
    /// The index of a label, kept once however often it is said.
    pub fn label(&mut self, label: &str) -> usize {
        // Most transcripts have few labels, and one that is said often stands at the front.
        if let Some(index) = self.labels.iter().take(FEW_LABELS).position(|known| known == label) {
            return index;
        }
        if let Some(index) = self.label_index.get(label) {
            return *index;
        }
        self.labels.push(label.to_owned());
        self.label_index.insert(label.to_owned(), self.labels.len() - 1);
        self.labels.len() - 1
    }

    pub fn push(&mut self, line: Line, parts: impl IntoIterator<Item = Cow<'s, str>>) {
        let before = self.parts.len();
        self.parts.extend(parts);
        let part_count = self.parts.len() - before;
        self.lines.push(Line { part_count, ..line });
    }

    /// Moves all times to another clock. Those that would lie before its start are put there, and
    /// told.
    pub fn retime(&mut self, clock: Retime, source: &Source, findings: &Findings) {
        let mut early = 0;
        for time in self.lines.iter_mut().flat_map(|line| [&mut line.start, &mut line.end]).flatten() {
            *time = clock.of(*time).unwrap_or_else(|| {
                early += 1;
                Millis(0)
            });
        }
        if early > 0 {
            let message = format!(
                "{early} times of {} lie before the recording starts, and are put there",
                source.path
            );
            let finding = Diagnostic::warning("track-early", message)
                .at(source.place(0..0))
                .help("look at `time_shift` of this track: it is added to the track's times");
            findings.borrow_mut().push(finding);
        }
    }

    pub fn mark(&mut self, kind: MarkKind) {
        self.marks.push(Mark { before: self.lines.len(), kind });
    }
}

/// Something between two lines that nobody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The index of the line it stands before; the number of lines where it stands at the end.
    pub before: usize,
    pub kind: MarkKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkKind {
    /// A heading within the transcript, in one or more languages.
    Section(Vec<String>),
    /// A break in the recording: an advert, a jingle.
    Break,
    /// Someone else speaks from here, and neither they nor who spoke before is named.
    Turn,
}
