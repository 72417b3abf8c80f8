//! Which requests are answered: those that a browser on this machine makes of its own accord, for a
//! name that nobody else can point here. Never trusts a name it was not told of.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, Uri, header};

/// Whom a server answers.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The host it was told to listen on.
    host: String,
    /// Whether it listens on every address of the machine.
    is_open: bool,
}

/// Why a request is refused, and what to do about it.
pub type Refusal = (StatusCode, String);

impl Guard {
    pub fn new(host: &str) -> Guard {
        let is_open = host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
        Guard { host: host.to_ascii_lowercase(), is_open }
    }

    /// Refuses what comes under a foreign name, or from a page of another site.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let Some(asked) = asked else {
            return Err((StatusCode::BAD_REQUEST, "a request needs one Host\n".to_owned()));
        };
        let is_one = headers.get_all(header::HOST).iter().count() == 1;
        let names = [Some(asked), uri.authority().map(|authority| authority.as_str())];
        if !is_one || !names.into_iter().flatten().all(|name| self.is_own(name)) {
            let message = "this server is for this machine: use the address it printed, or pass --host\n";
            return Err((StatusCode::FORBIDDEN, message.to_owned()));
        }
        let is_same = |origin: &str| origin.split_once("://").is_some_and(|(_, host)| host == asked);
        let origins = headers.get_all(header::ORIGIN);
        let is_from_here = origins.iter().all(|origin| origin.to_str().is_ok_and(is_same));
        if !is_from_here {
            let message = "a page of another site asks, which gets nothing here\n";
            return Err((StatusCode::FORBIDDEN, message.to_owned()));
        }
        Ok(())
    }

    /// Whether no other machine can stand behind a name: this machine's own, an address in figures
    /// where all are listened on, or the host that was given.
    fn is_own(&self, authority: &str) -> bool {
        let Some(name) = host_of(authority) else { return false };
        let name = name.to_ascii_lowercase();
        if name == "localhost" || name == self.host {
            return true;
        }
        name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback() || self.is_open)
    }
}

/// The host of `host:port`, `[v6]:port` or either without a port.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(guard: &Guard, host: &str, origin: Option<&str>) -> u16 {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        guard.check(&Uri::from_static("/"), &headers).map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let guard = Guard::new("127.0.0.1");
        for host in ["127.0.0.1:4040", "localhost:4040", "LocalHost", "127.0.0.2:1", "[::1]:4040", "[::1]"] {
            assert_eq!(status(&guard, host, None), 200, "{host}");
        }
        let foreign =
            ["evil.example", "evil.example:4040", "localhost.evil.example", "127.0.0.1.evil.example"];
        let odd =
            ["192.168.1.7:4040", "127.0.0.1:4040@evil.example", "[::1", "localhost:x", "localhost:", ""];
        for host in foreign.into_iter().chain(odd) {
            assert_eq!(status(&guard, host, None), 403, "{host}");
        }
    }

    #[test]
    fn a_host_that_was_given_is_answered_and_figures_where_all_are_listened_on() {
        assert_eq!(status(&Guard::new("studio.lan"), "Studio.lan:4040", None), 200);
        assert_eq!(status(&Guard::new("0.0.0.0"), "192.168.1.7:4040", None), 200);
        assert_eq!(status(&Guard::new("0.0.0.0"), "evil.example:4040", None), 403);
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let guard = Guard::new("127.0.0.1");
        assert_eq!(status(&guard, "localhost:4040", Some("http://localhost:4040")), 200);
        for origin in ["http://evil.example", "null", "http://localhost:4041", "http://127.0.0.1:4040"] {
            assert_eq!(status(&guard, "localhost:4040", Some(origin)), 403, "{origin}");
        }
    }
}
