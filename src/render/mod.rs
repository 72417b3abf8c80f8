//! Episode + Archive → pages, as bytes. Pure: one page at a time, in any order, never a file.

mod between;
pub mod captions;
pub mod cue_list;
mod editions;
mod episode_files;
mod episode_markdown;
pub mod feeds;
mod json_ld;
mod listening;
mod llms;
mod manifest;
mod minify;
pub mod notes;
mod outlets;
mod page;
mod page_key;
mod transcripts;
pub mod templates;
mod turns;
pub mod views;
mod words;
mod years;

pub use episode_files::{EpisodeFile, FileKind};
pub use page::{Page, PageBytes, PageKind, Placed, Site};
pub use page_key::PageKeys;
