//! `diglot serve` as a process, and requests to it byte by byte, as no client would send them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long anything may take on a machine that has much else to do.
const LONG: Duration = Duration::from_secs(60);

/// A server under test; it is ended when this goes.
pub struct Served {
    child: Child,
    root: PathBuf,
    /// `127.0.0.1:port`.
    pub host: String,
    /// The path of the site, from `/` to `/`.
    pub base: String,
    said: Arc<Mutex<String>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The body as the build made it.
    pub fn built(&self) -> Vec<u8> {
        without_script(&self.body)
    }
}

/// A page without what `serve` puts into it.
pub fn without_script(page: &[u8]) -> Vec<u8> {
    let find = |text: &[u8], from: usize| {
        page[from..].windows(text.len()).position(|window| window == text).map(|at| at + from)
    };
    let mark = b".diglot/live.js?v=";
    let Some(at) = find(mark, 0) else { return page.to_vec() };
    let start = page[..at].windows(7).rposition(|window| window == b"<script").expect("the tag opens");
    let end = find(b"</script>", at).expect("the tag closes") + b"</script>".len();
    [&page[..start], &page[end..]].concat()
}

impl Served {
    /// Serves the project at `root` on a free port, with more arguments.
    pub fn start(root: &Path, arguments: &[&str]) -> Served {
        Served::start_on("0", root, arguments)
    }

    pub fn start_on(port: &str, root: &Path, arguments: &[&str]) -> Served {
        Served::start_with(port, root, arguments, &[])
    }

    /// Serves with variables of the environment set.
    pub fn start_with(port: &str, root: &Path, arguments: &[&str], variables: &[(&str, &Path)]) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diglot"));
        command.args(["serve", "--port", port, "--root"]).arg(root).args(arguments);
        let mut child = command
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("diglot runs");
        let said = Arc::new(Mutex::new(String::new()));
        let (hears, stderr) = (said.clone(), child.stderr.take().expect("it is piped"));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                hears.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut served =
            Served { child, root: root.to_owned(), host: String::new(), base: String::new(), said };
        served.waits_for("look at http://");
        let said = served.said();
        let address = said.split("look at http://").nth(1).expect("it says where").split(' ').next().unwrap();
        let (host, base) = address.split_once('/').expect("it ends in a path");
        (served.host, served.base) = (host.to_owned(), format!("/{base}"));
        served
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has said something.
    #[track_caller]
    pub fn waits_for(&self, words: &str) {
        self.waits(|| self.said().contains(words), words);
    }

    /// Waits until something holds.
    #[track_caller]
    pub fn waits(&self, holds: impl Fn() -> bool, what: &str) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < LONG, "not after {LONG:?}: {what}\n{}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn connect(&self) -> Connection {
        let stream = TcpStream::connect(&self.host).expect("it listens");
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection(BufReader::new(stream))
    }

    /// A request of its own connection.
    pub fn get(&self, path: &str) -> Reply {
        self.asks("GET", path, &[])
    }

    pub fn asks(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let host = [("Host", self.host.as_str())];
        let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let all: Vec<_> = host.iter().filter(|_| !has_host).chain(headers).copied().collect();
        self.connect().asks(method, path.as_bytes(), &all).expect("it answers")
    }

    /// Sends a signal and waits for the end; gives the exit code.
    #[cfg(unix)]
    pub fn ends_by(mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([format!("-{signal}"), self.pid().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is ours to wait for") {
                return status.code();
            }
            assert!(start.elapsed() < LONG, "it does not end\n{}", self.said());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The memory that the process holds, in KiB.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("it runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux says so");
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// What is left in the project's folder that is no part of it.
    pub fn left(&self) -> Vec<String> {
        left_in(&self.root)
    }
}

/// Locks, staging and other temporary names in a project's folder.
pub fn left_in(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root).expect("it is there").map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.') && name != ".diglot").collect()
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Sends a request and reads what comes back; nothing where the connection was closed.
    pub fn asks(&mut self, method: &str, path: &[u8], headers: &[(&str, &str)]) -> std::io::Result<Reply> {
        let mut request = [method.as_bytes(), b" ", path, b" HTTP/1.1\r\n"].concat();
        for (name, value) in headers {
            request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        self.0.get_mut().write_all(&request)?;
        let head = self.head()?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut reply = Reply {
            status: status.ok_or_else(|| std::io::Error::other("no status"))?,
            head,
            body: Vec::new(),
        };
        let len = reply.header("content-length").and_then(|len| len.parse().ok()).unwrap_or(0);
        if method != "HEAD" && reply.status != 304 {
            reply.body = vec![0; len];
            self.0.read_exact(&mut reply.body)?;
        }
        Ok(reply)
    }

    fn head(&mut self) -> std::io::Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(head)
    }

    /// Follows the events for a page; `next` gives each as it comes.
    pub fn follow(mut self, host: &str, base: &str, query: &str) -> Connection {
        let path = format!("{base}.diglot/events?{query}");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes()).expect("it listens");
        let head = self.head().expect("it answers");
        assert!(head.contains("text/event-stream"), "{head}");
        self
    }

    /// The next event.
    pub fn next(&mut self) -> serde_json::Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("it goes on") > 0, "the events end");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("events are JSON");
            }
        }
    }
}
