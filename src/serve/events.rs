//! Tells each browser what has changed for it, as server-sent events: whether its page is another
//! now, which other files are, and what is wrong. Never tells one of another's page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::live::{Answer, Body, Live, State, can_be_swapped};
use super::page::{version, version_text};
use super::site::Site;

/// How often a browser that hears nothing is told that it still listens.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// What a browser has: which page, in which version.
pub struct Viewer {
    /// The path of the page's address.
    pub page: String,
    /// As `page::version_text` has it; empty where the page stands in for a site.
    pub version: String,
}

#[derive(Serialize, Debug, PartialEq, Eq)]
struct News<'a> {
    /// Whether the page is another now.
    reload: bool,
    /// In which version it is there, if it is.
    version: &'a str,
    /// Style sheets and pictures that have other bytes: path and version.
    files: Vec<(String, String)>,
    problem: Option<Wrong<'a>>,
}

#[derive(Serialize, Debug, PartialEq, Eq)]
struct Wrong<'a> {
    title: &'a str,
    report: &'a str,
}

/// Sends news to one browser, at once and after each change, until it goes.
pub fn follow(live: Arc<Live>, viewer: Viewer) -> Response {
    let (send, receive) = mpsc::channel::<Result<Event, Infallible>>(4);
    tokio::spawn(async move {
        let mut changes = live.follow();
        let mut seen: Option<Arc<Site>> = None;
        let mut viewer = viewer;
        loop {
            let state = changes.borrow_and_update().clone();
            let next = state.site.clone();
            let (live, before) = (live.clone(), seen.take());
            let told = tokio::task::spawn_blocking(move || {
                let event = news(&live, &mut viewer, &state, before);
                (event, viewer)
            });
            let Ok((event, told)) = told.await else { return };
            (seen, viewer) = (next, told);
            if send.send(Ok(event)).await.is_err() {
                return;
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return },
                () = send.closed() => return,
            }
        }
    });
    let stream = Sse::new(ReceiverStream::new(receive));
    stream.keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response()
}

/// What is news to a viewer, who then has the page as it is now.
fn news(live: &Live, viewer: &mut Viewer, state: &State, seen: Option<Arc<Site>>) -> Event {
    let mut files = Vec::new();
    if let (Some(site), Some(seen)) = (&state.site, &seen) {
        for file in site.changed_since(seen) {
            if can_be_swapped(&file.path) {
                let address = format!("{}{}", site.base, file.path);
                files.push((address, file.fingerprint.key().version()));
            }
        }
    }
    let problem = state.problem.as_deref();
    let problem = problem.map(|problem| Wrong { title: &problem.title, report: &problem.report });
    let next = other_version(live, viewer, state.site.as_deref(), seen.as_deref());
    let reload = next.is_some();
    viewer.version = next.unwrap_or(std::mem::take(&mut viewer.version));
    let news = News { reload, version: &viewer.version, files, problem };
    Event::default().data(serde_json::to_string(&news).expect("news are plain data"))
}

/// The version of the page that a browser would be shown, if it is not the one that it has; an empty
/// one where there is no page.
fn other_version(live: &Live, viewer: &Viewer, site: Option<&Site>, seen: Option<&Site>) -> Option<String> {
    let site = site?;
    if seen.is_some_and(|seen| seen.base == site.base && seen.shown(&viewer.page) == site.shown(&viewer.page))
    {
        return None;
    }
    match live.open(&viewer.page) {
        Ok(Answer::File(open) | Answer::Lost(open)) => match open.body {
            Body::Bytes(html) => Some(version_text(version(&html))).filter(|next| *next != viewer.version),
            Body::Long(_) => Some(String::new()),
        },
        // A page that cannot be read now is read at the next change.
        Err(_) | Ok(Answer::NoSite) => None,
        Ok(Answer::Folder | Answer::Nothing) => Some(String::new()),
    }
}
