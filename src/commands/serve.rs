//! `diglot serve`: builds, then serves the output until it is stopped.

use super::Exit;
use super::build::build_and_report;
use crate::build::BuildOptions;
use crate::read::WorldError;
use crate::serve::{Address, serve};

/// Builds and serves.
pub fn run(options: &BuildOptions, address: &Address) -> Result<Exit, WorldError> {
    let (built, exit) = build_and_report(options)?;
    if !built.published {
        return Ok(exit);
    }
    serve(&built.summary.output, built.base_url.path(), address)?;
    Ok(Exit::Fine)
}
