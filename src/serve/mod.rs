//! Shows the built site on this machine, at the path it will live under, and tells browsers of every
//! change. Never builds, and serves nothing but the files of a build.

mod answer;
mod events;
mod guard;
mod live;
mod media_type;
mod page;
mod range;
mod settle;
mod site;
mod watch;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::read::WorldError;
use answer::{Answering, answer};
use guard::Guard;
pub use live::{Live, Problem};
pub use settle::Changes;
pub use site::Site;
pub use watch::{Heard, Stop, Watch};

/// Where to listen.
#[derive(Debug, Clone)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

/// How many ports after a busy one are tried.
const PORTS: u16 = 20;

/// A server that listens.
pub struct Server {
    /// Where a browser finds it, up to the path.
    pub origin: String,
    /// Stops with all its connections when it is dropped.
    runtime: Runtime,
}

impl Server {
    /// Listens, and shows what is live from now on. `stop` is told when the user or the system
    /// wants an end.
    ///
    /// # Errors
    /// A host or port that cannot be listened on.
    pub fn start(live: Arc<Live>, address: &Address, stop: Stop) -> Result<Server, WorldError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| WorldError::new("start a server for", Path::new(&address.host), error))?;
        let listener = runtime.block_on(bind(address))?;
        let local = listener.local_addr().map_err(|error| cannot_listen(address, error))?;
        let answering = Arc::new(Answering { live, guard: Guard::new(&address.host) });
        let app = Router::new().fallback(answer).with_state(answering);
        let failed = stop.clone();
        runtime.spawn(async move {
            if axum::serve(listener, app).await.is_err() {
                failed.stop();
            }
        });
        runtime.spawn(async move {
            asked_to_end().await;
            stop.stop();
        });
        Ok(Server { origin: format!("http://{}", for_browser(local, &address.host)), runtime })
    }

    /// Ends at once, whoever still listens.
    pub fn end(self) {
        self.runtime.shutdown_background();
    }
}

/// Waits for Ctrl-C, or for the system's request to end. Where neither can be heard, the process
/// ends with its terminal.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                Ok(()) = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The address to type: one that listens everywhere is found on this machine too.
fn for_browser(local: SocketAddr, host: &str) -> String {
    if local.ip().is_unspecified() {
        return format!("localhost:{}", local.port());
    }
    match host.parse::<std::net::IpAddr>() {
        Ok(_) => local.to_string(),
        Err(_) => format!("{host}:{}", local.port()),
    }
}

fn cannot_listen(address: &Address, error: std::io::Error) -> WorldError {
    WorldError { doing: format!("cannot listen on {}:{}", address.host, address.port), error }
}

/// Takes the port that was asked for, or the next free one, and says so.
async fn bind(address: &Address) -> Result<TcpListener, WorldError> {
    let last = if address.port == 0 { 0 } else { address.port.saturating_add(PORTS) };
    for port in address.port..=last {
        match TcpListener::bind((address.host.as_str(), port)).await {
            Ok(listener) if port == address.port => return Ok(listener),
            Ok(listener) => {
                eprintln!("port {} is busy: {port} is used instead", address.port);
                return Ok(listener);
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse && port < last => {}
            Err(error) => return Err(cannot_listen(address, error)),
        }
    }
    unreachable!("the last port is taken or its error given")
}
