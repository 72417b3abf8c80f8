//! Puts the built site into its folder: every path claimed once, the old site or the new one, and
//! no file that is not ours; and keeps what the next build can use. Never looks into what it
//! writes.

pub mod cache;
mod manifest;
mod registry;
mod place;
mod lock;
mod journal;
mod carry;
mod recover;
mod copy;
mod walk;
mod plan;
mod staging;
mod there;
mod transaction;
mod outlet;
mod links;
mod commit;
#[cfg(test)]
mod tests;

pub use commit::{CommitError, Outcome};
pub use links::{LinkKind, links_in};
pub use manifest::{Fingerprint, Listing, Owned};
pub use outlet::{Content, Outlet, Rehearsal};
pub use recover::{Recovered, recover};
pub use registry::{Clash, Registry};
pub use transaction::Transaction;
