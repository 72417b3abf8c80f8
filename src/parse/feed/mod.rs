//! An RSS or Atom feed → what it says, as plain data. A feed comes from somebody else: what it holds is
//! bounded in number, length and depth, entities are never expanded beyond one character or name,
//! and nothing it names is opened. Whatever cannot be used is reported.

mod atom;
mod fields;
mod reader;
mod values;

use encoding_rs::Encoding;

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Decoded, Limits, Place, Source, Span, decode};
use crate::table::Findings;
use crate::timestamp::{Date, Millis};

pub use reader::read_feed;

/// A feed's channel. What stands as HTML in the feed is HTML here.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FeedDocument {
    pub title: String,
    pub description: String,
    pub language: Option<Lang>,
    pub author: String,
    /// The show's page.
    pub link: Option<String>,
    /// Where the feed itself is.
    pub address: Option<String>,
    pub image: Option<String>,
    pub people: Vec<FeedPerson>,
    /// Where listeners may give: what it is called, and the address.
    pub funding: Vec<(String, String)>,
    /// The items that can be told from each other, in the order of the feed.
    pub items: Vec<FeedItem>,
    /// How many items the feed has, told apart or not.
    pub item_count: usize,
}

/// An item: an episode to be.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// Where it stands in the feed.
    pub span: Span,
    /// What tells it from all others, now and in later versions of the feed: its guid, else where
    /// its recording or its page is, else its title.
    pub identity: String,
    pub guid: String,
    pub title: String,
    pub link: Option<String>,
    pub date: Option<Date>,
    pub season: Option<u32>,
    pub number: Option<u32>,
    pub duration: Option<Millis>,
    pub audio: Option<String>,
    /// How many bytes the recording has.
    pub audio_size: Option<u64>,
    pub image: Option<String>,
    pub author: String,
    pub subtitle: String,
    pub summary: String,
    pub description: String,
    pub content: String,
    pub tags: Vec<String>,
    pub people: Vec<FeedPerson>,
    pub transcripts: Vec<FeedTranscript>,
}

/// `podcast:person`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FeedPerson {
    pub name: String,
    /// In lower case; `host` where none is given.
    pub role: String,
    pub image: Option<String>,
    pub link: Option<String>,
}

/// `podcast:transcript`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FeedTranscript {
    pub span: Span,
    /// An address, or the name of a file beside the feed.
    pub url: String,
    /// Its media type, as far as the feed says.
    pub kind: String,
    pub language: Option<Lang>,
}

/// How many items a feed may have.
pub const ITEMS: usize = 20_000;
/// How deep its elements may lie in each other.
pub const DEPTH: usize = 64;
/// How long notes and descriptions may be, in bytes.
pub const LONG_TEXT: usize = 256 * 1024;
/// How long everything else may be.
pub const SHORT_TEXT: usize = 4 * 1024;
/// How many people, tags, transcripts or links one item or the channel may list.
pub const LISTED: usize = 100;

impl FeedPerson {
    /// Whether someone with this role is heard.
    pub fn speaks(&self) -> bool {
        const HEARD: &[&str] =
            &["host", "co-host", "guest", "guest host", "narrator", "reporter", "voice actor", "announcer"];
        HEARD.contains(&self.role.as_str())
    }

    pub fn hosts(&self) -> bool {
        matches!(self.role.as_str(), "host" | "co-host")
    }
}

/// The text of a feed's bytes, in the encoding that it says it is in.
pub fn decode_feed(name: &str, bytes: Vec<u8>, limits: Limits, findings: &Findings) -> Option<Source> {
    if bytes.len() as u64 > limits.file_size {
        let message = format!("{name} has more than {} bytes, and is not read", limits.file_size);
        let help = "if it is what it should be, raise `file_size` in [limits] of site.toml";
        findings.borrow_mut().push(Diagnostic::error("feed-limit", message).help(help));
        return None;
    }
    let decoded = match declared_encoding(&bytes) {
        Some(encoding) => match encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
            Some(text) => Decoded::Other(text.into_owned(), encoding.name()),
            None => Decoded::Invalid(0),
        },
        None => decode(bytes),
    };
    match decoded {
        Decoded::Utf8(text) | Decoded::Other(text, _) => Some(Source::new(name, text).with_limits(limits)),
        Decoded::Invalid(at) => {
            let message = format!("{name} is no text: its bytes make no sense from byte {at} on");
            let finding = Diagnostic::error("not-text", message).at(Place::start_of(name.into()));
            findings.borrow_mut().push(finding.help("see that it is the feed itself, not packed or cut off"));
            None
        }
    }
}

/// How far into a file its XML declaration reaches.
const DECLARATION: usize = 200;

/// The encoding that an XML declaration names, unless it is one that the bytes themselves tell.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    if !start.starts_with(b"<?xml") {
        return None;
    }
    let end = memchr::memmem::find(start, b"?>")?;
    let declaration = std::str::from_utf8(&start[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let encoding = Encoding::for_label(value[1..].split(quote).next()?.as_bytes())?;
    // A file that says UTF-16 in single bytes is not in it.
    let told_by_bytes = [encoding_rs::UTF_8, encoding_rs::UTF_16LE, encoding_rs::UTF_16BE];
    (!told_by_bytes.contains(&encoding)).then_some(encoding)
}
