//! diglot publishes podcast archives with transcripts in two languages as static sites.
//!
//! The modules stand in the order of the pipeline; each uses only those above it. `build` is the
//! whole sequence: read, parse and model each episode into a digest, put the archive together,
//! render each page, publish all of them or none.

pub mod bytes;
pub mod lang;
pub mod readings;
pub mod text;
pub mod key;
pub mod packed;
pub mod timestamp;
pub mod slug;
pub mod source;
pub mod diagnostic;
pub mod table;
pub mod glossary;
pub mod channel;
pub mod codes;
pub mod written;
pub mod config;
pub mod read;
pub mod media;
pub mod picture;
pub mod parse;
pub mod model;
pub mod digest;
pub mod tracks;
pub mod import;
pub mod start;
pub mod project;
pub mod archive;
pub mod render;
pub mod publish;
pub mod memory;
pub mod build;
pub mod check;
pub mod report;
pub mod serve;
pub mod cli;
pub mod commands;
