//! Fetches a feed by its address, and nothing else: so many bytes, so many redirects, so long.

use std::io;

use crate::read::WorldError;

fn failed(address: &str, error: io::Error) -> WorldError {
    WorldError { doing: format!("cannot fetch {address}"), error }
}

/// The bytes at an address; nothing where they are more than `most`.
#[cfg(feature = "fetch")]
pub fn fetch(address: &str, most: u64) -> Result<Option<Vec<u8>>, WorldError> {
    use std::io::Read;
    use std::time::Duration;

    /// For all of it, from the name of the host to the last byte.
    const SECONDS: u64 = 60;
    const REDIRECTS: u32 = 5;

    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(SECONDS)))
        .max_redirects(REDIRECTS)
        .user_agent(concat!("diglot/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let call = agent.get(address).header("accept", "application/rss+xml, application/xml, text/xml, */*");
    let response = call.call().map_err(|error| failed(address, error.into_io()))?;
    let mut bytes = Vec::new();
    let mut body = response.into_body().into_reader().take(most + 1);
    body.read_to_end(&mut bytes).map_err(|error| failed(address, error))?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// This program was built without the network.
#[cfg(not(feature = "fetch"))]
pub fn fetch(address: &str, _: u64) -> Result<Option<Vec<u8>>, WorldError> {
    let why = "this diglot was built without the feature `fetch`: save the feed, and give the file";
    Err(failed(address, io::Error::new(io::ErrorKind::Unsupported, why)))
}
