//! Puts the built site into its folder: every path claimed once, the old site or the new one, and
//! no file that is not ours; and keeps what the next build can use. Never looks into what it
//! writes.

pub mod cache;
mod manifest;
mod registry;
mod transaction;

pub use manifest::Fingerprint;
pub use registry::{Clash, Registry};
pub use transaction::{CommitError, Outcome, Transaction};
