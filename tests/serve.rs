//! The preview server as a process: what it gives and to whom, what it does about changes, and what
//! it leaves behind.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use support::served::{Served, left_in, without_script};
use support::{Project, Tree, say};

const SECRET: &str = "nobody-may-see-this";

fn transcript(words: &str) -> String {
    format!(
        "---\ntitle: {words}\nspeakers: [Ada, Bo]\n---\n\nAda: Good evening, this is {words}.\n\nBo: Good evening.\n"
    )
}

fn project() -> Project {
    Project::of(&[
        (
            "site.toml",
            "title = \"Lamps\"\nbase_url = \"https://example.org/lamp%20s/\"\nlanguages = [\"en\"]\n",
        ),
        ("content/show/001-one.md", &transcript("one")),
        ("content/show/002-two.md", &transcript("two")),
        ("content/show/003-draft.md", &format!("---\ndraft: true\ntitle: {SECRET}\n---\n\nAda: {SECRET}.\n")),
        ("static/own.css", "p { color: red }\n"),
        ("static/sound.mp3", "0123456789"),
        ("notes.txt", SECRET),
        ("templates/unused.txt", SECRET),
    ])
}

/// A clean build of a project, in another folder and without memory.
fn clean(project: &Project) -> Tree {
    let copy = Project::empty();
    for part in ["content", "static", "templates"] {
        if project.path(part).is_dir() {
            support::copy_all(&project.path(part), &copy.path(part));
        }
    }
    fs::copy(project.path("site.toml"), copy.path("site.toml")).expect("the settings are there");
    copy.build();
    let mut site = copy.site();
    site.0.remove(".diglot-manifest");
    site
}

fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'/' | b'.' | b'-' | b'_' => (byte as char).to_string(),
            byte if byte.is_ascii_alphanumeric() => (byte as char).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// What is served is what a clean build makes, file by file.
#[track_caller]
fn serves(served: &Served, wanted: &Tree) {
    assert_eq!(served_otherwise(served, wanted), None);
}

/// The first file that is served with other bytes than those wanted, or not at all.
fn served_otherwise<'t>(served: &Served, wanted: &'t Tree) -> Option<(&'t str, u16)> {
    let mut connection = served.connect();
    wanted.0.iter().find_map(|(path, bytes)| {
        let address = format!("{}{}", served.base, encoded(path));
        let reply = connection.asks("GET", address.as_bytes(), &[("Host", &served.host)]);
        let reply = reply.expect("it answers");
        (reply.status != 200 || reply.built() != *bytes).then_some((path.as_str(), reply.status))
    })
}

/// Waits until what is served, and what lies in the output folder, is a clean build and no more. A
/// build may still be under way, and be of what the project was a moment ago: so all of this is asked
/// again until it holds.
#[track_caller]
fn settles(served: &Served, project: &Project) {
    let wanted = clean(project);
    let is_there = || {
        let site = Tree::look(&project.path("public"));
        site.is_ok_and(|mut site| {
            site.0.remove(".diglot-manifest");
            site == wanted
        }) && served_otherwise(served, &wanted).is_none()
    };
    served.waits(is_there, "the site of a clean build");
}

#[test]
fn the_site_is_served_under_its_base_and_the_script_is_in_served_pages_only() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    assert_eq!(served.base, "/lamp%20s/");
    serves(&served, &clean(&project));
    let page = served.get("/lamp%20s/");
    assert!(String::from_utf8_lossy(&page.body).contains("<script src=\"/lamp%20s/.diglot/live.js?v="));
    let script = served.get("/lamp%20s/.diglot/live.js");
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    for (path, bytes) in project.site().0 {
        assert!(!bytes.windows(8).any(|window| window == b".diglot/"), "{path} has the script");
    }
    assert_eq!(served.get("/").header("location"), Some("/lamp%20s/"));
    assert_eq!(served.get("/lamp%20s").header("location"), Some("/lamp%20s/"));
    assert_eq!(served.get("/lamp%20s/show").header("location"), Some("/lamp%20s/show/"));
    let lost = served.get("/lamp%20s/nothing");
    assert_eq!((lost.status, lost.built() == project.site().0["404.html"]), (404, true));
}

#[test]
fn drafts_are_shown_when_asked_for() {
    let project = project();
    let served = Served::start(&project.path(""), &["--drafts"]);
    let pages = project.site();
    assert!(pages.pages().any(|path| pages.text(path).contains(SECRET)));
    assert_eq!(served.get(&served.base).status, 200);
}

#[test]
fn players_get_parts_and_browsers_hear_that_they_have_a_file() {
    let project = project();
    project.write("static/long.m4a", vec![7; 3_000_000]);
    let served = Served::start(&project.path(""), &[]);
    let path = |name: &str| format!("{}{name}", served.base);
    let part = served.asks("GET", &path("sound.mp3"), &[("Range", "bytes=2-4")]);
    assert_eq!((part.status, &part.body[..]), (206, &b"234"[..]));
    assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(part.header("content-type"), Some("audio/mpeg"));
    let tail = served.asks("GET", &path("long.m4a"), &[("Range", "bytes=-5")]);
    assert_eq!((tail.status, tail.body.len(), tail.header("content-type")), (206, 5, Some("audio/mp4")));
    let beyond = served.asks("GET", &path("sound.mp3"), &[("Range", "bytes=10-")]);
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */10")));
    let whole = served.get(&path("long.m4a"));
    assert_eq!((whole.status, whole.body.len()), (200, 3_000_000));
    assert_eq!(
        (whole.header("accept-ranges"), whole.header("cache-control")),
        (Some("bytes"), Some("no-cache"))
    );
    // What has an address that changes with it is asked for once.
    let page = String::from_utf8(served.get(&path("")).body).unwrap();
    let sheet = page.split("href=\"").map(|rest| rest.split('"').next().unwrap());
    let sheet = sheet.into_iter().find(|address| address.contains("diglot.css?v=")).expect("it has a sheet");
    let kept = |address: &str| served.get(address).header("cache-control").map(str::to_owned);
    assert_eq!(kept(sheet).as_deref(), Some("max-age=31536000, immutable"));
    assert_eq!(kept(&format!("{sheet}0")).as_deref(), Some("no-cache"));
    assert_eq!(kept(sheet.split('?').next().unwrap()).as_deref(), Some("no-cache"));
    for name in ["sound.mp3", "", "long.m4a"] {
        let tag = served.get(&path(name)).header("etag").expect("it has one").to_owned();
        let again = served.asks("GET", &path(name), &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{name}");
    }
    let other =
        served.asks("GET", &path("sound.mp3"), &[("Range", "bytes=2-4"), ("If-Range", "\"another\"")]);
    assert_eq!((other.status, other.body.len()), (200, 10));
    let head = served.asks("HEAD", &path("sound.mp3"), &[]);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("10"), 0));
}

#[test]
fn only_get_and_head_for_a_name_of_this_machine_and_from_its_own_pages() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let page = served.base.clone();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let reply = served.asks(method, &page, &[]);
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
    let events = format!("{page}.diglot/events");
    for path in [&page, &events, &format!("{page}.diglot/live.js")] {
        for host in ["evil.example", "127.0.0.1.evil.example:80", "evil.example:4040", "192.168.0.9"] {
            let reply = served.asks("GET", path, &[("Host", host)]);
            assert_eq!(reply.status, 403, "{path} for {host}");
            assert!(!String::from_utf8_lossy(&reply.body).contains("Lamps"));
        }
        for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
            let reply = served.asks("GET", path, &[("Origin", origin)]);
            assert_eq!(reply.status, 403, "{path} from {origin}");
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
    assert_eq!(served.asks("GET", &events, &[("Sec-Fetch-Site", "cross-site")]).status, 403);
    assert_eq!(served.asks("GET", &page, &[("Host", "localhost:1234")]).status, 200);
    let own = format!("http://{}", served.host);
    let reply = served.asks("GET", &page, &[("Origin", &own)]);
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, None));
    let whole = served.asks("GET", "http://evil.example/lamp%20s/", &[]);
    assert_eq!(whole.status, 403);
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A path that someone up to no good would ask for.
fn bad_path(chance: &mut Chance, base: &str, known: &[String]) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"..",
        b"%2e%2e",
        b".%2e",
        b"%252e%252e",
        b"/",
        b"//",
        b"%2f",
        b"%5c",
        b"\\",
        b"%00",
        b"\0",
        b".",
        b"%2e",
        b"%c0%ae%c0%ae",
        b"%c0%af",
        b"\xff\xfe",
        b"%ff",
        b"%",
        b"%z",
        b"%u002e",
        b"..;",
        b"...",
        b"~",
        b"::$DATA",
        b"%0d%0aX:%20y",
        b"%20",
        b"+",
        b"?",
        b"#",
        b"\xe7\x81\xaf",
        b"%e2%80%ae",
        b"C:",
        b"file://",
        b"con",
        b"site.toml",
        b"notes.txt",
        b"content/show/003-draft.md",
        b"templates/unused.txt",
        b".diglot-manifest",
        b".diglot/cache/site",
        b"/etc/passwd",
        b"proc/self/environ",
        b"public",
        b".diglot/",
        b"events",
        b"live.js",
        b"index.html",
        b"404.html",
        b"show",
    ];
    let mut path = match chance.below(4) {
        0 => b"/".to_vec(),
        1 => base.as_bytes().to_vec(),
        2 => format!("{base}{}", encoded(chance.of::<String>(known))).into_bytes(),
        _ => format!("{base}show/").into_bytes(),
    };
    for _ in 0..=chance.below(8) {
        let piece = *chance.of(PIECES);
        match chance.below(3) {
            0 => path.extend_from_slice(piece),
            1 => path.extend_from_slice(&[b"/", piece].concat()),
            _ => {
                let at = 1 + chance.below(path.len());
                path.splice(at..at, piece.iter().copied());
            }
        }
    }
    if chance.below(50) == 0 {
        path.extend(std::iter::repeat_n(*chance.of(b"a/.%"), 1 << chance.below(18)));
    }
    path.retain(|byte| !matches!(byte, b' ' | b'\r' | b'\n'));
    path
}

#[test]
fn no_address_leads_out_of_the_site() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let site = project.site();
    let known: Vec<String> = site.0.keys().cloned().collect();
    let mut files: BTreeMap<&[u8], &str> =
        site.0.iter().map(|(path, bytes)| (&bytes[..], path.as_str())).collect();
    let manifest = site.0[".diglot-manifest"].clone();
    files.remove(&manifest[..]);
    let script = served.get(&format!("{}.diglot/live.js", served.base)).body;
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut connection = served.connect();
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for number in 0..10_000 {
        let path = bad_path(&mut chance, &served.base, &known);
        let shown = String::from_utf8_lossy(&path[..path.len().min(200)]).into_owned();
        if shown.contains(".diglot/events") {
            // It does not end. What it tells is tested by itself.
            continue;
        }
        let reply = connection.asks("GET", &path, &[("Host", &served.host)]);
        let Ok(reply) = reply else {
            // What is no HTTP is hung up on.
            connection = served.connect();
            continue;
        };
        *counts.entry(reply.status).or_default() += 1;
        let text = String::from_utf8_lossy(&reply.body);
        assert!(
            !text.contains(SECRET) && !text.contains("root:x:0") && !text.contains("diglot manifest"),
            "{number}: {shown}"
        );
        match reply.status {
            200 => {
                assert!(files.contains_key(&reply.built()[..]) || reply.body == script, "{number}: {shown}")
            }
            404 => assert!(reply.built() == site.0["404.html"], "{number}: {shown}"),
            301 | 302 | 400 | 403 | 414 | 431 => assert!(reply.body.len() < 100, "{number}: {shown}"),
            status => panic!("{number}: {status} for {shown}"),
        }
        if reply.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            connection = served.connect();
        }
    }
    say!("fuzzed paths: {counts:?}");
    assert!(counts.get(&404).is_some_and(|count| *count > 3000), "{counts:?}");
    assert!(counts.contains_key(&200), "{counts:?}");
    assert_eq!(served.get(&served.base).status, 200);
}

#[test]
fn a_busy_port_is_named_and_the_next_free_one_is_taken() {
    let busy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = busy.local_addr().unwrap().port().to_string();
    let project = project();
    let served = Served::start_on(&port, &project.path(""), &[]);
    assert!(served.said().contains(&format!("port {port} is busy: ")), "{}", served.said());
    assert_ne!(served.host, format!("127.0.0.1:{port}"));
    assert_eq!(served.get(&served.base).status, 200);
}

#[cfg(unix)]
#[test]
fn a_browser_is_opened_when_asked_for_and_serving_goes_on_without_one() {
    use std::os::unix::fs::PermissionsExt;
    let project = project();
    let (browser, asked) = (project.path("browser"), project.path("asked.txt"));
    fs::write(&browser, "#!/bin/sh\nprintf '%s ' \"$@\" > \"$ASKED.part\"; mv \"$ASKED.part\" \"$ASKED\"\n")
        .unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let start = |arguments: &[&str], browser: &Path| {
        Served::start_with("0", &project.path(""), arguments, &[("BROWSER", browser), ("ASKED", &asked)])
    };
    let served = start(&["--open"], &browser);
    served.waits(|| asked.exists(), "the browser is told");
    assert_eq!(fs::read_to_string(&asked).unwrap(), format!("http://{}{} ", served.host, served.base));
    drop(served);

    fs::remove_file(&asked).unwrap();
    let served = start(&["--open"], &project.path("no-browser"));
    served.waits_for("no browser could be opened (");
    assert_eq!(served.get(&served.base).status, 200);
    drop(served);

    let served = start(&[], &browser);
    assert_eq!(served.get(&served.base).status, 200);
    assert!(!asked.exists(), "a browser is opened unasked");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_nothing_left_behind() {
    for signal in ["INT", "TERM"] {
        let project = project();
        let served = Served::start(&project.path(""), &[]);
        // Someone still listens.
        let _listening = served.connect().follow(&served.host, &served.base, "page=/&version=");
        assert_eq!(served.ends_by(signal), Some(0), "{signal}");
        assert_eq!(left_in(&project.path("")), [] as [&str; 0], "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_during_a_build_ends_it_with_nothing_left_behind() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    for number in 0..400 {
        project.write(&format!("content/show/{number}-more.md"), transcript(&format!("more {number}")));
    }
    let staging = project.path(".public.diglot-staging");
    served.waits(|| staging.exists() || served.said().contains(" written, "), "a build that writes");
    assert_eq!(served.ends_by("INT"), Some(0));
    assert_eq!(left_in(&project.path("")), [] as [&str; 0]);
    assert_eq!(project.try_build().code, 0);
}

#[test]
fn a_first_build_that_fails_is_shown_and_mended() {
    let project = project();
    project.write("content/show/001-one.md", "+++\nspeakers = { Ada = \"<b>x</b>\" }\n+++\n\nAda: Hello.\n");
    let served = Served::start(&project.path(""), &[]);
    let page = served.get(&served.base);
    let text = String::from_utf8(page.body).unwrap();
    assert_eq!(page.status, 503);
    assert!(text.contains("1 error") && text.contains("content/show/001-one.md:"), "{text}");
    assert!(text.contains("&lt;b>x&lt;/b>") && !text.contains("<b>x"), "{text}");
    let mut events = served.connect().follow(&served.host, "/", &format!("page={}&version=", served.base));
    let news = events.next();
    assert_eq!((&news["reload"], &news["problem"]["title"]), (&false.into(), &"1 error".into()), "{news}");
    project.write("content/show/001-one.md", transcript("one"));
    assert_eq!(events.next()["reload"], true);
    serves(&served, &clean(&project));
    served.waits_for("content/show/001-one.md: mended, ");
}

#[test]
fn settings_that_cannot_be_read_are_shown_and_mended() {
    let project = project();
    let good = fs::read_to_string(project.path("site.toml")).unwrap();
    project.write("site.toml", "title = ");
    let served = Served::start(&project.path(""), &[]);
    assert_eq!(served.get("/").status, 503);
    project.write("site.toml", good);
    served.waits(|| served.get("/").status == 302, "the site is there");
    assert_eq!(served.get("/lamp%20s/").status, 200);
}

#[test]
fn an_error_leaves_the_last_good_site_and_only_the_page_that_changed_is_told_to_reload() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let follow = |path: &str| {
        let page = format!("{}{path}", served.base);
        let text = String::from_utf8(served.get(&page).body).unwrap();
        let version = text.split("data-version=\"").nth(1).expect("it has one").split('"').next().unwrap();
        let query = format!("page={}&version={version}", page.replace('%', "%25"));
        let mut events = served.connect().follow(&served.host, &served.base, &query);
        let news = events.next();
        assert_eq!((&news["reload"], &news["problem"]), (&false.into(), &serde_json::Value::Null), "{news}");
        events
    };
    let before = project.site();
    let (mut one, mut two) = (follow("show/001-one/"), follow("show/002-two/"));

    project.write("content/show/001-one.md", "+++\ntitle = [\n+++\n\nAda: Hello.\n");
    let (told, also) = (one.next(), two.next());
    assert_eq!(told["reload"], false);
    let report = told["problem"]["report"].as_str().expect("it says what is wrong");
    assert!(report.contains("content/show/001-one.md:2"), "{report}");
    assert_eq!((&told["problem"], &also["reload"]), (&also["problem"], &false.into()));
    project.site().equals(&before, "after an error");
    assert_eq!(served.get(&format!("{}show/001-one/", served.base)).status, 200);
    served.waits_for("the last good site stays");

    project.write("content/show/001-one.md", transcript("one").replace("evening", "morning"));
    assert_eq!(one.next()["reload"], true);
    let news = two.next();
    assert_eq!((&news["reload"], &news["problem"]), (&false.into(), &serde_json::Value::Null), "{news}");

    project.write("static/own.css", "p { color: blue }\n");
    let news = two.next();
    assert_eq!((&news["reload"], &news["files"][0][0]), (&false.into(), &"/lamp s/own.css".into()), "{news}");
}

#[test]
fn a_build_elsewhere_into_the_same_folder_is_waited_for() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let lock = fs::File::create(project.path(".public.diglot-lock")).unwrap();
    lock.lock().unwrap();
    project.write("content/show/001-one.md", transcript("one").replace("evening", "morning"));
    served.waits_for("waiting: cannot publish to ");
    let old = served.get(&format!("{}show/001-one/", served.base)).built();
    drop(lock);
    let _ = fs::remove_file(project.path(".public.diglot-lock"));
    served.waits_for("content/show/001-one.md: ");
    assert_ne!(served.get(&format!("{}show/001-one/", served.base)).built(), old);
    assert_eq!(served.said().matches("waiting: ").count(), 1);
}

#[test]
fn a_style_sheet_is_shown_before_the_pages_that_name_its_version_are_built() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let mut events = served.connect().follow(&served.host, &served.base, "page=/nowhere&version=");
    events.next();
    // No build can begin.
    let lock = fs::File::create(project.path(".public.diglot-lock")).unwrap();
    lock.lock().unwrap();
    project.write("static/own.css", "p { color: blue }\n");
    assert_eq!(events.next()["files"][0][0], "/lamp s/own.css");
    let sheet = format!("{}own.css", served.base);
    assert_eq!(served.get(&sheet).body, b"p { color: blue }\n");
    assert_ne!(project.site().0["own.css"], b"p { color: blue }\n");
    // What the site does not have is not shown, and what is no style sheet or picture waits.
    project.write("static/other.css", SECRET);
    project.write("static/sound.mp3", "9876543210");
    project.write("static/own.css", "p { color: lime }\n");
    assert_eq!(events.next()["files"][0][0], "/lamp s/own.css");
    assert_eq!(served.get(&sheet).body, b"p { color: lime }\n");
    assert_eq!(served.get(&format!("{}other.css", served.base)).status, 404);
    assert_eq!(served.get(&format!("{}sound.mp3", served.base)).body, b"0123456789");
    drop(lock);
    let _ = fs::remove_file(project.path(".public.diglot-lock"));
    settles(&served, &project);
}

#[test]
fn readers_see_one_site_or_the_next_while_it_is_swapped() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let path = format!("{}show/001-one/", served.base);
    let versions: Vec<String> =
        (0..12).map(|number| transcript("one").replace("Good", &format!("Number{number}"))).collect();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let read = || {
            let mut connection = served.connect();
            let mut count = 0;
            while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                let reply =
                    connection.asks("GET", path.as_bytes(), &[("Host", &served.host)]).expect("it answers");
                assert_eq!(reply.status, 200);
                let text = String::from_utf8(reply.built()).unwrap();
                assert!(text.trim_end().ends_with("</html>"), "a page in part");
                count += 1;
            }
            count
        };
        let readers = [scope.spawn(read), scope.spawn(read)];
        for (number, version) in versions.iter().enumerate() {
            project.write("content/show/001-one.md", version);
            let words = format!("Number{number} evening");
            served.waits(|| String::from_utf8_lossy(&served.get(&path).body).contains(&words), &words);
        }
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        let counts = readers.map(|reader| reader.join().expect("every page is whole"));
        say!("pages read during 12 swaps: {counts:?}");
    });
}

/// One save, as some editor or tool does it.
fn save(project: &Project, chance: &mut Chance, number: usize) {
    let name = format!("content/show/{:03}-episode.md", chance.below(30));
    let path = project.path(&name);
    let text = transcript(&format!("save {number}"));
    match chance.below(10) {
        0..=3 => project.write(&name, text),
        4..=5 => {
            project.write("content/show/.tmp~", text);
            fs::rename(project.path("content/show/.tmp~"), path).unwrap();
        }
        6 => project.remove_if_there(&name),
        7 => {
            let _ =
                fs::rename(path, project.path(&format!("content/show/{:03}-episode.md", chance.below(30))));
        }
        8 if chance.below(4) == 0 => project.write("content/show/broken.md", "+++\ntitle = [\n+++\n"),
        8 => project.remove_if_there("content/show/broken.md"),
        _ => {
            let folder = project.path("content/other");
            match folder.is_dir() {
                true => fs::remove_dir_all(folder).unwrap(),
                false => project.write("content/other/001-one.md", text),
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn after_bursts_of_saves_what_is_served_is_a_clean_build() {
    let saves: usize =
        std::env::var("DIGLOT_SAVES").ok().and_then(|saves| saves.parse().ok()).unwrap_or(1000);
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    let mut chance = Chance(88172645463325252);
    let settled = |number: usize| {
        // What is broken is mended, so that there is a clean build to compare with.
        if project.path("content/show/broken.md").exists() {
            project.write("content/show/broken.md", transcript(&format!("mended {number}")));
        }
        settles(&served, &project);
    };
    let mut memory = Vec::new();
    let start = Instant::now();
    for number in 0..saves {
        save(&project, &mut chance, number);
        // Bursts of a dozen saves each, and pauses of which some are longer than a build.
        if chance.below(12) == 0 {
            std::thread::sleep(Duration::from_millis(chance.below(500) as u64));
        }
        if (number + 1) % (saves / 5).max(1) == 0 {
            settled(number);
            memory.push(served.memory());
        }
    }
    let rebuilds = served.said().matches(" ms").count();
    say!("{saves} saves in {:?}, {rebuilds} lines; KiB of memory: {memory:?}", start.elapsed());
    let (first, last) = (memory[0], *memory.last().unwrap());
    assert!(last < first + first / 2 + 16 * 1024, "memory grows: {memory:?}");
    assert!(served.left().is_empty(), "{:?}", served.left());
}

/// A save of one thing that a site is made of, whichever.
fn save_something(project: &Project, number: usize) {
    let episode = |name: &str| project.write(name, transcript(&format!("number {number}")));
    match number {
        0 | 7 | 13 => episode("content/show/001-one.md"),
        1 => project.write("static/own.css", "p { color: green }\n"),
        2 => project.write("content/people.toml", "[ada]\nname = \"Ada L\"\naliases = [\"Ada\"]\n"),
        3 => project.write("content/show/show.toml", "title = \"The Show\"\nhosts = [\"ada\"]\n"),
        4 => episode("content/show/004-four/episode.md"),
        5 => project.write("content/show/004-four/notes.pdf", "one"),
        6 => project.write("content/show/004-four/notes.pdf", "another"),
        8 => project.write("templates/404.html", "<!doctype html><title>Lost {{ site.title }}</title>"),
        9 => project.write("static/new.txt", "new"),
        10 => fs::rename(project.path("content/show/002-two.md"), project.path("content/show/005-two.md"))
            .unwrap(),
        11 => {
            project.write("site.toml", "title = \"Lanterns\"\nbase_url = \"https://example.org/lamp%20s/\"\n")
        }
        12 => fs::remove_dir_all(project.path("content/show/004-four")).unwrap(),
        14 => project.write("content/about.md", "# About\n\nA lamp.\n"),
        15 => project.write("content/people.toml", "[ada]\nname = \"Ada King\"\naliases = [\"Ada\"]\n"),
        16 => project.write("static/sound.mp3", "01234567890123456789"),
        _ => episode("content/show/005-two.md"),
    }
}

#[test]
fn after_each_save_of_whatever_is_in_a_project_what_is_served_is_a_clean_build() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    for number in 0..20 {
        save_something(&project, number);
        settles(&served, &project);
    }
    assert!(!served.said().contains("error"), "{}", served.said());
}

#[test]
fn a_page_that_someone_deleted_comes_back_when_all_is_quiet() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    fs::remove_file(project.path("public/show/002-two/index.html")).unwrap();
    project.write("content/show/001-one.md", transcript("once more"));
    settles(&served, &project);
}

#[test]
fn a_thousand_files_at_once_are_a_few_builds() {
    let project = project();
    let served = Served::start(&project.path(""), &[]);
    for number in 0..1000 {
        project.write(&format!("content/show/{number:04}-many.md"), transcript(&format!("many {number}")));
    }
    let wanted = project.path("public/show/many-0999");
    let is_there = |path: &Path| fs::read_dir(path.parent().unwrap()).is_ok_and(|all| all.count() > 1000);
    served.waits(|| is_there(&wanted), "a thousand pages");
    served.waits_for(" more: ");
    let lines = served.said().lines().filter(|line| line.contains(" written")).count();
    assert!(lines <= 20, "{}", served.said());
}

#[test]
fn what_serve_puts_into_a_page_can_be_taken_out() {
    assert_eq!(without_script(b"a<script src=\"/.diglot/live.js?v=1\"></script>b"), b"ab");
}
