//! Puts the built site into its folder: every path claimed once, the old site or the new one, and
//! no file that is not ours. Never looks into what it writes.

mod manifest;
mod registry;
mod transaction;

pub use registry::{Clash, Registry};
pub use transaction::{CommitError, Outcome, Transaction};
