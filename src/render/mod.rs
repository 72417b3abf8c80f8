//! Episode + Archive → pages, as bytes. Pure: one page at a time, in any order, never a file.

pub mod captions;
pub mod cue_list;
pub mod feed;
mod json_ld;
pub mod notes;
mod page;
mod page_key;
mod transcripts;
pub mod templates;
mod turns;
pub mod views;
mod words;

pub use page::{Page, PageBytes, PageKind, Placed, Site};
pub use page_key::PageKeys;
pub use transcripts::TranscriptPage;
