//! What the author should know about their content, as data. Never prints: `report` does.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Place;

/// How much a finding weighs. An error stops the build before anything is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// The stable name of a kind of finding, as the documentation lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code(pub Cow<'static, str>);

/// A finding about the author's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// Where it is, and what to say under the marked text.
    pub place: Option<Box<Place>>,
    pub label: String,
    /// Another place that has to do with it, and what to say there.
    pub other: Option<Box<(Place, String)>>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: Code(Cow::Borrowed(code)),
            severity,
            message: message.into(),
            place: None,
            label: String::new(),
            other: None,
            help: None,
        }
    }

    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message)
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message)
    }

    pub fn note(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message)
    }

    pub fn at(mut self, place: Place) -> Diagnostic {
        self.place = Some(Box::new(place));
        self
    }

    /// What to say under the marked text.
    pub fn saying(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    pub fn and(mut self, place: Place, label: impl Into<String>) -> Diagnostic {
        self.other = Some(Box::new((place, label.into())));
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// The longest name that is compared with others, in bytes.
const NAME: usize = 100;

/// The known name nearest to a misspelt one, if one is near enough to be meant.
pub fn did_you_mean<'a>(misspelt: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes the product of both lengths, and nobody misspells a whole page.
    let near = |name: &&str| name.len() <= NAME && name.len().abs_diff(misspelt.len()) <= NAME / 4;
    if misspelt.len() > NAME {
        return None;
    }
    known
        .into_iter()
        .filter(near)
        .map(|name| (strsim::damerau_levenshtein(misspelt, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
