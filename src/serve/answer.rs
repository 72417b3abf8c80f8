//! Request → response: what the site has at an address, with the headers that browsers and players
//! need. Never answers what `guard` refuses.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use axum::body::Body as HttpBody;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode, Uri, header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::events::{self, Viewer};
use super::guard::Guard;
use super::live::{Answer, Body, Live, Open};
use super::media_type::media_type;
use super::page::{EVENTS_NAME, OWN, SCRIPT, SCRIPT_NAME, stand_in, with_script};
use super::range::{Asked, Part, asked};
use super::site::Site;
use crate::key::key_of_bytes;

/// How much of a long file is read at a time.
const PIECE: usize = 1 << 18;

/// How long a browser may keep what has an address that changes with it.
const FOR_GOOD: &str = "max-age=31536000, immutable";

/// What answering needs.
pub struct Answering {
    pub live: Arc<Live>,
    pub guard: Guard,
}

type Reply = Response<HttpBody>;

/// Answers one request.
pub async fn answer(Shared(own): Shared<Arc<Answering>>, request: Request<HttpBody>) -> Reply {
    let (uri, headers) = (request.uri(), request.headers());
    if let Err((status, message)) = own.guard.check(uri, headers) {
        return plain(status, &message);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return with(
            plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n"),
            header::ALLOW,
            "GET, HEAD",
        );
    }
    match own_name(own.live.site().as_deref(), uri.path()) {
        Some(SCRIPT_NAME) => return script(),
        Some(EVENTS_NAME) => return events(&own, request.method(), uri, headers),
        _ => {}
    }
    let (live, uri, headers) = (own.live.clone(), uri.clone(), headers.clone());
    let looked = tokio::task::spawn_blocking(move || of_site(&live, &uri, &headers)).await;
    looked.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "this could not be answered\n"))
}

/// The name of an address of our own: below the site's base, or the root, where no site is yet.
fn own_name<'p>(site: Option<&Site>, path: &'p str) -> Option<&'p str> {
    let below = |base: &str| path.strip_prefix(base)?.strip_prefix(OWN);
    site.and_then(|site| below(&site.link)).or_else(|| below("/"))
}

fn script() -> Reply {
    let reply = typed(StatusCode::OK, media_type(SCRIPT_NAME), SCRIPT.into());
    with(reply, header::CACHE_CONTROL, FOR_GOOD)
}

fn events(own: &Answering, method: &Method, uri: &Uri, headers: &HeaderMap) -> Reply {
    let from = headers.get("sec-fetch-site").and_then(|from| from.to_str().ok());
    if from.is_some_and(|from| from != "same-origin" && from != "none") {
        return plain(StatusCode::FORBIDDEN, "a page of another site asks, which gets nothing here\n");
    }
    if method == Method::HEAD {
        return typed(StatusCode::OK, "text/event-stream", HttpBody::empty());
    }
    let mut viewer = Viewer { page: String::new(), version: String::new() };
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        match &*name {
            "page" => viewer.page = value.into_owned(),
            "version" => viewer.version = value.into_owned(),
            _ => {}
        }
    }
    with(events::follow(own.live.clone(), viewer), header::CACHE_CONTROL, "no-store")
}

/// What the site has at an address.
fn of_site(live: &Live, uri: &Uri, headers: &HeaderMap) -> Reply {
    let (path, site) = (uri.path(), live.site());
    let link = site.as_ref().map_or("/", |site| &site.link);
    match live.open(path) {
        Ok(Answer::File(open)) => {
            let version = open.file.fingerprint.key().version();
            let is_lasting = uri.query().and_then(|query| query.strip_prefix("v=")) == Some(version.as_str());
            let reply = file(open, StatusCode::OK, link, headers);
            if is_lasting { with(reply, header::CACHE_CONTROL, FOR_GOOD) } else { reply }
        }
        Ok(Answer::Lost(_)) if path == "/" => moved(StatusCode::FOUND, link),
        Ok(Answer::Lost(open)) => file(open, StatusCode::NOT_FOUND, link, headers),
        Ok(Answer::Folder) => moved(StatusCode::MOVED_PERMANENTLY, &format!("{path}/")),
        Ok(Answer::Nothing) => plain(StatusCode::NOT_FOUND, "not found\n"),
        Ok(Answer::NoSite) => {
            let page = stand_in(live.state().problem.as_deref());
            let reply = typed(StatusCode::SERVICE_UNAVAILABLE, media_type(".html"), page.into());
            with(reply, header::CACHE_CONTROL, "no-store")
        }
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "this file of the site cannot be read\n"),
    }
}

fn moved(status: StatusCode, to: &str) -> Reply {
    with(with(plain(status, ""), header::LOCATION, to), header::CACHE_CONTROL, "no-cache")
}

/// A file of the site, or a part of it, or word that the browser has it.
fn file(open: Open, status: StatusCode, link: &str, headers: &HeaderMap) -> Reply {
    let path = &*open.file.path;
    let (body, tag) = match open.body {
        Body::Bytes(html) if path.ends_with(".html") => {
            let page = with_script(html, link);
            let tag = format!("\"{:032x}\"", key_of_bytes(&page));
            (Body::Bytes(page), tag)
        }
        body => (body, format!("\"{:032x}\"", open.file.fingerprint.hash)),
    };
    let finish = |reply| {
        let reply = with(reply, header::CACHE_CONTROL, "no-cache");
        with(with(reply, header::ETAG, &tag), header::ACCEPT_RANGES, "bytes")
    };
    if status == StatusCode::OK && has(headers, header::IF_NONE_MATCH, &tag) {
        return finish(bare(StatusCode::NOT_MODIFIED));
    }
    let len = match &body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::Long(file) => match file.metadata() {
            Ok(found) => found.len(),
            Err(_) => {
                return plain(StatusCode::INTERNAL_SERVER_ERROR, "this file of the site cannot be read\n");
            }
        },
    };
    let is_same = !headers.contains_key(header::IF_RANGE) || has(headers, header::IF_RANGE, &tag);
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let wanted =
        range.filter(|_| status == StatusCode::OK && is_same).map_or(Asked::Whole, |range| asked(range, len));
    let (status, part) = match wanted {
        Asked::Whole => (status, Part { first: 0, last: len.saturating_sub(1) }),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Asked::Beyond => {
            let reply = plain(StatusCode::RANGE_NOT_SATISFIABLE, "the file is not that long\n");
            return finish(with(reply, header::CONTENT_RANGE, &format!("bytes */{len}")));
        }
    };
    let part_len = if len == 0 { 0 } else { part.len() };
    let body = match body {
        Body::Bytes(mut bytes) => {
            bytes.truncate((part.first + part_len) as usize);
            bytes.drain(..part.first as usize);
            bytes.into()
        }
        Body::Long(file) => stream(file, part),
    };
    let mut reply =
        with(typed(status, media_type(path), body), header::CONTENT_LENGTH, &part_len.to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        reply = with(reply, header::CONTENT_RANGE, &format!("bytes {}-{}/{len}", part.first, part.last));
    }
    finish(reply)
}

/// Whether a header lists a tag.
fn has(headers: &HeaderMap, name: HeaderName, tag: &str) -> bool {
    let values = headers.get_all(name);
    let mut listed = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    listed.any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// Part of a long file, a piece at a time, as fast as it is taken.
fn stream(mut file: File, part: Part) -> HttpBody {
    let (send, receive) = mpsc::channel::<io::Result<Vec<u8>>>(2);
    tokio::task::spawn_blocking(move || {
        let mut left = part.len();
        let mut start = file.seek(SeekFrom::Start(part.first)).map(|_| ());
        while left > 0 {
            let piece = start.and_then(|()| {
                let mut piece = vec![0; left.min(PIECE as u64) as usize];
                file.read_exact(&mut piece).map(|()| piece)
            });
            start = Ok(());
            let is_end = piece.is_err();
            left -= piece.as_ref().map_or(0, |piece| piece.len() as u64);
            // Who stops listening has enough.
            if send.blocking_send(piece).is_err() || is_end {
                return;
            }
        }
    });
    HttpBody::from_stream(ReceiverStream::new(receive))
}

fn plain(status: StatusCode, text: &str) -> Reply {
    typed(status, "text/plain; charset=utf-8", text.to_owned().into())
}

fn typed(status: StatusCode, media_type: &str, body: HttpBody) -> Reply {
    let mut reply = bare(status);
    *reply.body_mut() = body;
    let reply = with(reply, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    with(reply, header::CONTENT_TYPE, media_type)
}

fn bare(status: StatusCode) -> Reply {
    let mut reply = Response::new(HttpBody::empty());
    *reply.status_mut() = status;
    reply
}

fn with(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = value.parse() {
        reply.headers_mut().insert(name, value);
    }
    reply
}
