//! Episode + Archive → pages, as bytes. Pure: one page at a time, in any order, never a file.

pub mod captions;
pub mod cue_list;
mod editions;
mod episode_files;
mod episode_markdown;
pub mod feeds;
mod json_ld;
mod llms;
mod manifest;
pub mod notes;
mod outlets;
mod page;
mod page_key;
mod transcripts;
pub mod templates;
pub mod views;
mod years;

pub use episode_files::{EpisodeFile, FileKind};
pub use page::{Page, PageBytes, PageKind, Placed, Site};
pub use page_key::PageKeys;
