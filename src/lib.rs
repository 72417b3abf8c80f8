//! diglot publishes podcast archives with transcripts in two languages as static sites.
//!
//! The modules stand in the order of the pipeline; each uses only those above it. `build` is the
//! whole sequence: read, parse and model each episode into a digest, put the archive together,
//! render each page, publish all of them or none.

pub mod archive;
pub mod build;
pub mod cli;
pub mod commands;
pub mod config;
pub mod diagnostic;
pub mod digest;
pub mod lang;
pub mod media;
pub mod model;
pub mod parse;
pub mod project;
pub mod publish;
pub mod read;
pub mod render;
pub mod report;
pub mod serve;
pub mod slug;
pub mod source;
pub mod table;
pub mod text;
pub mod timestamp;
