//! Serves the built site on this machine, at the path it will live under. Looks every address up
//! among the files of the output folder, and serves nothing else.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri, header};
use percent_encoding::percent_decode_str;

use crate::read::WorldError;

/// Where to listen.
#[derive(Debug, Clone)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

/// How many ports after a busy one are tried.
const PORTS: u16 = 20;

struct Files {
    base: String,
    /// Path below the base, decoded → file.
    known: HashMap<String, PathBuf>,
}

/// Serves `output` under `base`, from `/` to `/`, until interrupted.
pub fn serve(output: &Path, base: &str, address: &Address) -> Result<(), WorldError> {
    let files = Arc::new(Files { base: decoded(base), known: list(output) });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| WorldError::new("start a server for", output, error))?;
    runtime.block_on(async {
        let listener = bind(address).await?;
        let local: SocketAddr = listener.local_addr().map_err(|error| cannot_listen(address, error))?;
        eprintln!("look at http://{local}{base} (Ctrl-C stops)");
        let app = Router::new().fallback(answer).with_state(files);
        axum::serve(listener, app)
            .with_graceful_shutdown(async {
                // Where no signal can be heard, the process ends with its terminal.
                let _ = tokio::signal::ctrl_c().await;
            })
            .await
            .map_err(|error| cannot_listen(address, error))
    })
}

fn cannot_listen(address: &Address, error: std::io::Error) -> WorldError {
    WorldError { doing: format!("cannot listen on {}:{}", address.host, address.port), error }
}

/// Takes the port that was asked for, or the next free one.
async fn bind(address: &Address) -> Result<tokio::net::TcpListener, WorldError> {
    let mut port = address.port;
    loop {
        match tokio::net::TcpListener::bind((address.host.as_str(), port)).await {
            Ok(listener) => return Ok(listener),
            Err(error)
                if error.kind() == std::io::ErrorKind::AddrInUse
                    && address.port != 0
                    && port < address.port.saturating_add(PORTS) =>
            {
                eprintln!("port {port} is busy, trying the next");
                port += 1;
            }
            Err(error) => return Err(cannot_listen(address, error)),
        }
    }
}

fn list(output: &Path) -> HashMap<String, PathBuf> {
    walkdir::WalkDir::new(output)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let name = entry.path().strip_prefix(output).ok()?.to_str()?;
            Some((name.replace('\\', "/"), entry.path().to_owned()))
        })
        .collect()
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

impl Files {
    /// The file for a request's path; a folder without its `/` is told apart.
    fn find(&self, path: &str) -> Found<'_> {
        let path = decoded(path);
        let Some(name) = path.strip_prefix(&self.base) else {
            let is_base = format!("{path}/") == self.base;
            return if is_base { Found::Folder } else { Found::Nothing };
        };
        if let Some(file) = self.known.get(name) {
            return Found::File(file);
        }
        if name.is_empty() || name.ends_with('/') {
            let index = self.known.get(&format!("{name}index.html"));
            return index.map_or(Found::Nothing, Found::File);
        }
        let is_folder = self.known.contains_key(&format!("{name}/index.html"));
        if is_folder { Found::Folder } else { Found::Nothing }
    }
}

enum Found<'f> {
    File(&'f PathBuf),
    Folder,
    Nothing,
}

async fn answer(State(files): State<Arc<Files>>, uri: Uri) -> Response<Body> {
    let (status, file) = match files.find(uri.path()) {
        Found::File(file) => (StatusCode::OK, Some(file)),
        Found::Folder => {
            let to = format!("{}/", uri.path());
            return response(StatusCode::MOVED_PERMANENTLY, header::LOCATION, &to, Vec::new());
        }
        Found::Nothing => (StatusCode::NOT_FOUND, files.known.get("404.html")),
    };
    let Some(file) = file else {
        return response(status, header::CONTENT_TYPE, "text/plain", b"not found".to_vec());
    };
    match std::fs::read(file) {
        Ok(bytes) => response(status, header::CONTENT_TYPE, media_type(file), bytes),
        Err(_) => response(StatusCode::NOT_FOUND, header::CONTENT_TYPE, "text/plain", b"not found".to_vec()),
    }
}

fn response(status: StatusCode, name: header::HeaderName, value: &str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
    response
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("ico") => "image/x-icon",
        Some("xml") => "application/xml; charset=utf-8",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("vtt") => "text/vtt; charset=utf-8",
        Some("md") => "text/markdown; charset=utf-8",
        Some("opml") => "text/x-opml; charset=utf-8",
        Some("srt") => "application/x-subrip",
        Some("mp3") => "audio/mpeg",
        Some("m4a" | "mp4") => "audio/mp4",
        Some("ogg" | "opus") => "audio/ogg",
        _ => "application/octet-stream",
    }
}
