//! `diglot merge`: the parts of a site, built on several machines, into the whole.

use std::path::PathBuf;

use super::Exit;
use super::build::{Bar, print_summary, report};
use crate::build::{BuildOptions, merge};
use crate::read::WorldError;

/// Merges, prints what was found and what was done.
pub fn run(options: &BuildOptions, parts: &[PathBuf], json: bool) -> Result<Exit, WorldError> {
    let bar = Bar::default();
    let built = merge(options, parts, &bar)?;
    let exit = report(&built, &bar);
    print_summary(&built, json)?;
    Ok(exit)
}
