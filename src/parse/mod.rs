//! Sources → `Document`s and settings. Pure; never gives up on a file: what it cannot use it
//! reports, and goes on.

pub mod about;
pub mod chapters;
pub mod document;
pub mod feed;
pub mod front_matter;
pub mod html;
pub mod ids;
pub mod nesting;
pub mod pairs;
pub mod people;
pub mod show;
pub mod transcript;
