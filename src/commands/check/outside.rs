//! Asks the web whether the addresses that the site leads to are there: so many of them, so long
//! each. Never reads what they hold.

use crate::build::Progress;
use crate::diagnostic::Diagnostic;
use crate::read::WorldError;
use crate::source::Place;

/// Visits the addresses, each with the place that names it, and reports those that are not there.
#[cfg(feature = "fetch")]
pub fn visit(
    addresses: &[(String, Option<Place>)],
    progress: &dyn Progress,
) -> Result<Vec<Diagnostic>, WorldError> {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// How many are visited, and how many at once.
    const MOST: usize = 500;
    const AT_ONCE: usize = 16;
    /// For one address, from the name of its host to its answer.
    const SECONDS: u64 = 10;
    const REDIRECTS: u32 = 5;

    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(SECONDS)))
        .max_redirects(REDIRECTS)
        .http_status_as_error(false)
        .user_agent(concat!("diglot/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let visited = &addresses[..addresses.len().min(MOST)];
    progress.start("visiting", visited.len());
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(visited.len()) {
            scope.spawn(|| {
                while let Some((address, place)) = visited.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let told = asked(&agent, address).map(|wrong| at(wrong, place.as_ref()));
                    found.lock().expect("nothing panics while it holds this lock").extend(told);
                    progress.step();
                }
            });
        }
    });
    let mut found = found.into_inner().expect("nothing panics while it holds this lock");
    if addresses.len() > visited.len() {
        let message =
            format!("{} of {} addresses were not visited", addresses.len() - visited.len(), addresses.len());
        found.push(Diagnostic::note("link-unvisited", message));
    }
    Ok(found)
}

#[cfg(feature = "fetch")]
fn at(finding: Diagnostic, place: Option<&Place>) -> Diagnostic {
    match place {
        Some(place) => finding.at(place.clone()),
        None => finding,
    }
}

/// What is wrong with an address, if anything is. Some hosts do not answer `HEAD`.
#[cfg(feature = "fetch")]
fn asked(agent: &ureq::Agent, address: &str) -> Option<Diagnostic> {
    use crate::text::shortened;

    let whole = address.split('#').next().unwrap_or(address);
    let status = |answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>| {
        answer.map(|answer| answer.status().as_u16())
    };
    let answer = match status(agent.head(whole).call()) {
        Ok(200..400) => return None,
        _ => status(agent.get(whole).call()),
    };
    let shown = shortened(address, 100);
    match answer {
        Ok(0..400) => None,
        Ok(code @ (404 | 410)) => {
            let message = format!("{shown} is not there: its host answers {code}");
            Some(Diagnostic::warning("link-dead", message).help("take the link out, or give the new address"))
        }
        // Who asks by a program may be refused what a reader gets.
        Ok(code) => {
            let message = format!("{shown} was not shown: its host answers {code}");
            Some(Diagnostic::note("link-refused", message).help("look at it in a browser"))
        }
        Err(error) => {
            let message = format!("{shown} cannot be reached: {error}");
            Some(Diagnostic::warning("link-dead", message).help("take the link out, or give the new address"))
        }
    }
}

/// This program was built without the network.
#[cfg(not(feature = "fetch"))]
pub fn visit(_: &[(String, Option<Place>)], _: &dyn Progress) -> Result<Vec<Diagnostic>, WorldError> {
    let why = "this diglot was built without the feature `fetch`";
    let error = std::io::Error::new(std::io::ErrorKind::Unsupported, why);
    Err(WorldError { doing: "cannot visit links".to_owned(), error })
}
