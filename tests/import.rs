//! `diglot import`: what feeds and files become, what is never touched, and what hostile feeds get.

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use support::{Project, Run, Tree, say, shared};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
    xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
    xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
    xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"><channel>";

const CHANNEL: &str = "<title>Night Ferry</title><link>https://ferry.example/</link>\
    <description>&lt;p&gt;Late talks.&lt;/p&gt;</description><language>en-us</language>\
    <itunes:author>Shen Yao</itunes:author><itunes:image href=\"https://ferry.example/c.png\"/>\
    <podcast:person href=\"https://ferry.example/yao\">Shen Yao</podcast:person>";

const FOG: &str = "<item><title>Fog &amp;amp; Rain</title><guid isPermaLink=\"false\">fog-1</guid>\
    <link>https://ferry.example/fog</link><pubDate>Fri, 09 Oct 2020 04:30:38 GMT</pubDate>\
    <itunes:season>1</itunes:season><itunes:episode>3</itunes:episode><itunes:duration>3723</itunes:duration>\
    <enclosure url=\"https://ferry.example/fog.mp3?a=1&amp;b=2\" type=\"audio/mpeg\" length=\"48211456\"/>\
    <description>In short.</description>\
    <content:encoded><![CDATA[<p>We talk about <b>fog</b>.</p><ul><li><a href=\"/lamps\">Lamps</a></li></ul>\
    <script>alert(1)</script><p>a * b &lt;script&gt;</p>]]></content:encoded>\
    <podcast:person role=\"guest\">Lin Yue</podcast:person>\
    <podcast:person role=\"cover art designer\">Nobody</podcast:person>\
    <podcast:transcript url=\"t/fog.vtt\" type=\"text/vtt\" language=\"en\"/>\
    <podcast:transcript url=\"https://ferry.example/fog.srt\" type=\"application/x-subrip\"/></item>";

const VTT: &str = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Lin Yue>Good evening to all of you.\n\n\
    00:02.000 --> 00:04.000\n<v Shen Yao>And to you, and to the fog.\n";

fn feed(items: &str) -> String {
    format!("{HEAD}{CHANNEL}{items}</channel></rss>")
}

fn ferry() -> Project {
    Project::of(&[("in/feed.xml", &feed(FOG)), ("in/t/fog.vtt", VTT), ("content/.keep", "")])
}

fn import(project: &Project, arguments: &[&str]) -> Run {
    let mut all = vec!["import"];
    all.extend(arguments);
    project.diglot(&all).in_root().run()
}

fn text(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn content(project: &Project) -> Tree {
    Tree::of(&project.path("content"))
}

#[test]
fn a_feed_becomes_a_show_with_its_episodes_and_people() {
    let project = ferry();
    let run = import(&project, &["--feed", "in/feed.xml"]).exits(0);
    let episode = text(&project, "content/night-ferry/003-fog-and-rain/episode.md");
    assert_eq!(
        episode,
        "+++\n\
         title = \"Fog & Rain\"\n\
         summary = \"In short.\"\n\
         date = 2020-10-09\n\
         season = 1\n\
         episode = 3\n\
         duration = \"1:02:03\"\n\
         audio = \"https://ferry.example/fog.mp3?a=1&b=2\"\n\
         audio_size = 48211456\n\
         speakers = { \"Lin Yue\" = \"lin-yue\" }\n\
         links = [{ title = \"Fog & Rain\", url = \"https://ferry.example/fog\" }]\n\
         guid = \"fog-1\"\n\
         # a transcript not fetched: https://ferry.example/fog.srt (application/x-subrip)\n\
         +++\n\
         \n\
         We talk about **fog**.\n\
         \n\
         - [Lamps](https://ferry.example/lamps)\n\
         \n\
         a \\* b \\<script>\n"
    );
    assert_eq!(
        text(&project, "content/night-ferry/show.toml"),
        "title = \"Night Ferry\"\n\
         description = \"Late talks.\"\n\
         languages = [\"en\"]\n\
         cover = \"https://ferry.example/c.png\"\n\
         hosts = [\"shen-yao\"]\n\
         links = [{ title = \"Night Ferry\", url = \"https://ferry.example/\" }]\n"
    );
    assert_eq!(
        text(&project, "content/people.toml"),
        "[shen-yao]\nname = \"Shen Yao\"\nlinks = [{ title = \"Shen Yao\", url = \"https://ferry.example/yao\" }]\n\
         \n[lin-yue]\nname = \"Lin Yue\"\n"
    );
    assert_eq!(text(&project, "content/night-ferry/003-fog-and-rain/transcript.en.vtt"), VTT);
    assert!(run.stdout.contains("1 item: 1 new, 0 there already; 2 new in people.toml"), "{}", run.stdout);
    assert!(run.stdout.contains("en.vtt, 1 not fetched"), "{}", run.stdout);
    let built = project.build();
    assert_eq!((built.number("episodes"), built.number("cues"), built.number("errors")), (1, 2, 0));
    assert!(text(&project, "public/feed.xml").contains("<guid isPermaLink=\"false\">fog-1</guid>"));
}

#[test]
fn a_second_import_adds_what_is_new_and_leaves_edits_alone() {
    let project = ferry();
    import(&project, &["--feed", "in/feed.xml"]).exits(0);
    let again = content(&project);
    let run = import(&project, &["--feed", "in/feed.xml"]).exits(0);
    content(&project).equals(&again, "nothing is new");
    assert!(run.stdout.contains("0 new, 1 there already"), "{}", run.stdout);
    // The author renames folder, title and person, and the show is called otherwise.
    fs::rename(project.path("content/night-ferry"), project.path("content/ferry")).unwrap();
    fs::rename(project.path("content/ferry/003-fog-and-rain"), project.path("content/ferry/fog")).unwrap();
    project
        .write("content/ferry/fog/episode.md", "+++\ntitle = \"Mine\"\nguid = \"fog-1\"\n+++\nMy notes.\n");
    project
        .write("content/people.toml", "[yao]\nname = \"沈遥\"\naliases = [\"Shen Yao\"]\n[lin-yue]\n# mine");
    let show = text(&project, "content/ferry/show.toml").replace("shen-yao", "yao");
    project.write("content/ferry/show.toml", show);
    let rain =
        FOG.replace("fog-1", "rain-2").replace("Fog &amp;amp; Rain", "Rain").replace("Lin Yue", "Tang Qiu");
    let host = rain.replace("role=\"guest\"", "role=\"host\"").replace("Tang Qiu", "Shen Yao");
    let host = host.replace("rain-2", "ice-3").replace("Rain", "Ice");
    project.write("in/feed.xml", feed(&format!("{host}{rain}{FOG}")));
    let before = content(&project);
    import(&project, &["--feed", "in/feed.xml"]).exits(0);
    let after = content(&project);
    for path in before.0.keys().filter(|path| *path != "people.toml") {
        assert_eq!(after.text(path), before.text(path), "{path}");
    }
    assert_eq!(
        after.text("people.toml"),
        "[yao]\nname = \"沈遥\"\naliases = [\"Shen Yao\"]\n[lin-yue]\n# mine\n\n[tang-qiu]\nname = \"Tang Qiu\"\n"
    );
    assert!(after.text("ferry/003-rain/episode.md").contains("\"tang-qiu\""));
    assert!(after.text("ferry/003-ice/episode.md").contains("\"Shen Yao\" = \"yao\""));
    project.build();
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = ferry();
    let before = content(&project);
    let run = import(&project, &["--feed", "in/feed.xml", "--dry-run"]).exits(0);
    content(&project).equals(&before, "a dry run");
    assert!(run.stdout.contains("content/night-ferry/003-fog-and-rain/"), "{}", run.stdout);
    let project = Project::of(&[("in/a.txt", "Ada: Hello you.\n\nBob: And you.\n\nAda: Yes.\n\nBob: No.\n")]);
    import(&project, &["in/a.txt", "--dry-run"]).exits(0);
    assert!(!project.path("content").exists());
}

#[test]
fn a_feed_is_fetched_by_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/feed.xml", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        for index in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let body = feed(FOG);
            let answer = match index {
                0 => "HTTP/1.1 302 Found\r\nLocation: /other.xml\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
                _ => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()),
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let project = Project::of(&[("t/fog.vtt", VTT)]);
    import(&project, &["--feed", &address, "--show", "Boats"]).exits(0);
    server.join().unwrap();
    assert!(text(&project, "content/boats/show.toml").contains(&address));
    // What lies on this machine is none of a foreign feed's business.
    assert!(!project.path("content/boats/003-fog-and-rain/transcript.en.vtt").exists());
    let run = import(&project, &["--feed", &address]).exits(3);
    run.says("cannot fetch");
}

#[test]
fn an_atom_feed_is_read_as_an_rss_feed_is() {
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\" \
        xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><title>Night Ferry</title>\
        <subtitle>Late talks.</subtitle><link href=\"https://ferry.example/\"/><author><name>Shen Yao</name></author>\
        <entry><id>tag:fog</id><title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">Fog &amp; <b>Rain</b></div></title>\
        <updated>2021-01-01T00:00:00Z</updated><published>2020-10-09T04:30:38Z</published>\
        <link href=\"https://ferry.example/fog\"/><link rel=\"enclosure\" type=\"text/vtt\" href=\"https://ferry.example/fog.vtt\"/>\
        <link rel=\"enclosure\" type=\"audio/mpeg\" href=\"https://ferry.example/fog.mp3\"/>\
        <category term=\"fog\"/><summary>In short.</summary><itunes:duration>3723</itunes:duration>\
        <content type=\"html\">&lt;p&gt;We talk about &lt;b&gt;fog&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</content>\
        <source><id>other</id><title>Other</title></source></entry></feed>";
    let project = Project::of(&[("feed.xml", atom)]);
    let run = import(&project, &["--feed", "feed.xml"]).exits(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    assert_eq!(
        text(&project, "content/night-ferry/fog-and-rain/episode.md"),
        "+++\ntitle = \"Fog & Rain\"\nsummary = \"In short.\"\ndate = 2020-10-09\nduration = \"1:02:03\"\n\
         audio = \"https://ferry.example/fog.mp3\"\ntags = [\"fog\"]\n\
         links = [{ title = \"Fog & Rain\", url = \"https://ferry.example/fog\" }]\nguid = \"tag:fog\"\n+++\n\n\
         We talk about **fog**.\n"
    );
    let show = text(&project, "content/night-ferry/show.toml");
    assert!(
        show.contains("title = \"Night Ferry\"\ndescription = \"Late talks.\"\nlanguages = [\"en\"]"),
        "{show}"
    );
    assert!(import(&project, &["--feed", "feed.xml"]).stdout.contains(" 0 new, "));
}

#[test]
fn what_is_no_feed_is_an_error_that_says_what_it_is() {
    for (text, says) in [
        ("<!DOCTYPE html><html><body>x</body></html>", "a web page"),
        ("just words", "it is no XML"),
        ("", "it is no XML"),
        ("{\"a\": 1}", "no XML"),
        ("<opml/>", "OPML"),
        ("<rss><channel><item><title>a</title></item>", "cut off"),
        ("<rss><channel><title>a</channel></rss>", "not well-formed"),
    ] {
        let project = Project::of(&[("feed.xml", text)]);
        let run = import(&project, &["--feed", "feed.xml"]).exits(1);
        run.says(says);
        run.says("nothing was written");
        assert!(!project.path("content").exists());
    }
    import(&Project::empty(), &["--feed", "none.xml"]).exits(3).says("none.xml");
}

#[test]
fn a_feed_that_attacks_gets_nowhere() {
    // Entities that would grow to gigabytes stay names.
    let mut laughs = "<!DOCTYPE rss [<!ENTITY lol \"lol\">".to_owned();
    for level in 1..10 {
        laughs.push_str(&format!("<!ENTITY lol{level} \"{}\">", format!("&lol{};", level - 1).repeat(10)));
    }
    laughs.push_str("<!ENTITY file SYSTEM \"file:///etc/passwd\">]>");
    let body = feed("<item><title>&lol9; &file;</title><guid>a</guid></item>");
    let project = Project::of(&[("feed.xml", &body.replacen("<rss", &format!("{laughs}<rss"), 1))]);
    let run = import(&project, &["--feed", "feed.xml"]).exits(0);
    run.says("feed-dtd");
    assert!(
        text(&project, "content/night-ferry/and-lol9-and-file/episode.md")
            .contains("title = \"&lol9; &file;\"")
    );

    // Names lead nowhere, titles are no markup, control characters are gone.
    let items = "<item><title>../../etc/passwd</title><guid>../a\u{1}b</guid></item>\
        <item><title>con</title><guid>c</guid><link>javascript:alert(1)</link></item>\
        <item><title>\"+++&#10;draft = true &#x1b;[2J</title><guid>d</guid></item>\
        <item><guid>e</guid><description>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;![x](javascript:y)</description>\
        <podcast:transcript url=\"../secret.vtt\"/><podcast:transcript url=\"/etc/passwd\"/></item>";
    let project = Project::of(&[("in/feed.xml", &feed(items)), ("secret.vtt", VTT)]);
    import(&project, &["--feed", "in/feed.xml"]).exits(0);
    let tree = content(&project);
    let names: Vec<_> = tree.0.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "night-ferry/con-x/episode.md",
            "night-ferry/e/episode.md",
            "night-ferry/etc-passwd/episode.md",
            "night-ferry/plusplusplus-draft-true-2j/episode.md",
            "night-ferry/show.toml",
            "people.toml",
        ]
    );
    assert!(
        tree.text("night-ferry/plusplusplus-draft-true-2j/episode.md")
            .starts_with("+++\ntitle = \"\\\"+++ draft")
    );
    let built = project.build();
    assert_eq!((built.number("episodes"), built.number("errors")), (4, 0));
    let page = fs::read_to_string(project.path("public/night-ferry/e/index.html")).unwrap();
    assert!(!page.contains("onerror") && !page.contains("javascript:y\""), "{page}");
}

#[test]
fn a_feed_of_too_much_is_cut_or_refused() {
    let much = "x".repeat(1 << 20);
    let items = format!("<item><title>a</title><guid>a</guid><description>{much}</description></item>");
    let project = Project::of(&[("feed.xml", &feed(&items))]);
    import(&project, &["--feed", "feed.xml"]).exits(0).says("feed-text-cut");
    assert!(text(&project, "content/night-ferry/a/episode.md").len() < 300_000);
    project.build();

    let huge = "x".repeat(50 << 20);
    let project = Project::of(&[("feed.xml", &feed(&format!("<item><title>{huge}</title></item>")))]);
    import(&project, &["--feed", "feed.xml"]).exits(1).says("file-too-large");

    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let project = Project::of(&[("feed.xml", &feed(&format!("<item><guid>a</guid>{deep}</item>")))]);
    import(&project, &["--feed", "feed.xml"]).exits(1).says("feed-limit");

    let nested = format!("{}x{}", "&lt;div&gt;".repeat(10_000), "&lt;ul&gt;&lt;li&gt;".repeat(10_000));
    let items = format!("<item><title>a</title><guid>a</guid><description>{nested}</description></item>");
    let project = Project::of(&[("feed.xml", &feed(&items))]);
    import(&project, &["--feed", "feed.xml"]).exits(0);
    project.build();

    let items =
        format!("<item><guid>a</guid><description><![CDATA[{}]]></description></item>", "&".repeat(200_000));
    let project = Project::of(&[("feed.xml", &feed(&items))]);
    import(&project, &["--feed", "feed.xml"]).exits(1).says("notes-too-long");

    let many = "<item/>".repeat(20_001);
    let project = Project::of(&[("feed.xml", &feed(&many))]);
    import(&project, &["--feed", "feed.xml"]).exits(1).says("more than 20000 items");
}

#[test]
fn items_are_told_apart_or_reported() {
    let items = "<item><guid>a</guid><title>One</title><enclosure url=\"https://a.b/1.mp3\"/></item>\
        <item><guid>a</guid><title>Two</title><enclosure url=\"https://a.b/2.mp3\"/></item>\
        <item><guid>a</guid><title>Two</title><enclosure url=\"https://a.b/2.mp3\"/></item>\
        <item><title>Three</title></item><item><description>nameless</description></item>\
        <item><guid>b</guid></item><item><title>Bad</title><pubDate>soon</pubDate><itunes:duration>long</itunes:duration></item>";
    let project = Project::of(&[("feed.xml", &feed(items))]);
    let run = import(&project, &["--feed", "feed.xml"]).exits(0);
    for says in [
        "feed-guid-twice",
        "the second one is left out",
        "feed-item-nameless",
        "`soon` in <pubdate>",
        "`long`",
    ] {
        run.says(says);
    }
    assert!(run.stdout.contains("7 items: 5 new, 0 there already, 2 left out"), "{}", run.stdout);
    let before = content(&project);
    import(&project, &["--feed", "feed.xml"]).exits(0);
    content(&project).equals(&before, "they are known again");
    project.build();
}

#[test]
fn files_become_episodes_with_their_pairs() {
    let srt = |text: &str| {
        format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n\n2\n00:00:03,000 --> 00:00:04,000\n{text}\n")
    };
    let (en, zh) = (srt("Good evening to all of you."), srt("各位晚上好，这里是夜渡。"));
    let project = Project::of(&[
        ("in/012.en.srt", &en),
        ("in/012.zh-Hans.vtt", &format!("WEBVTT\n\n{}", zh.replace(",000", ".000"))),
        ("in/013_zh.srt", &zh),
        ("in/013_en.srt", &en),
        ("in/english/fog.srt", &en),
        ("in/chinese/fog.srt", &zh),
        (
            "in/talk.md",
            "---\ntitle: On Lamps\ndate: 2021-03-04\n---\n\n**Ada:** Hello there.\n\n**Bob:** And you.\n",
        ),
        ("in/talk.zh.md", "---\ntitle: 关于灯\n---\n\n**Ada:** 你们好呀。\n\n**Bob:** 你也好。\n"),
        ("in/alone.txt", "Ada: Hello you.\n\nBob: And you.\n\nAda: Yes.\n\nBob: No.\n"),
        ("in/README.md", "About."),
        ("in/cover.png", "png"),
        ("in/empty.srt", ""),
    ]);
    let run = import(&project, &["in", "--show", "Night Ferry"]).exits(0);
    let tree = content(&project);
    let names: Vec<_> = tree.0.keys().map(|name| name.trim_start_matches("night-ferry/")).collect();
    assert_eq!(
        names,
        [
            "012/episode.md",
            "012/transcript.en.srt",
            "012/transcript.zh-Hans.vtt",
            "013/episode.md",
            "013/transcript.en.srt",
            "013/transcript.zh-Hans.srt",
            "alone.txt",
            "fog/episode.md",
            "fog/transcript.en.srt",
            "fog/transcript.zh-Hans.srt",
            "talk/episode.md",
            "talk/transcript.en.md",
            "talk/transcript.zh-Hans.md",
        ],
        "{}",
        run.stdout
    );
    assert_eq!(
        tree.text("night-ferry/talk/episode.md"),
        "+++\ntitle = { \"en\" = \"On Lamps\", \"zh-Hans\" = \"关于灯\" }\ndate = 2021-03-04\n+++\n"
    );
    assert!(
        run.stdout.contains("12 files: 9 in 5 new episodes, 0 there already, 3 left out"),
        "{}",
        run.stdout
    );
    for why in ["left out: not in a form that is read", "left out: a file about the others"] {
        assert!(run.stdout.contains(why), "{}", run.stdout);
    }
    let built = project.build();
    assert_eq!((built.number("episodes"), built.number("errors")), (5, 0), "{}", built.stderr);
    project.write("content/night-ferry/012/transcript.en.srt", "mine");
    let before = content(&project);
    let run = import(&project, &["in", "--show", "Night Ferry"]).exits(0);
    content(&project).equals(&before, "nothing is written over");
    assert!(run.stdout.contains("9 there already"), "{}", run.stdout);
}

#[test]
fn a_translation_that_comes_later_is_put_beside_its_track() {
    let srt = |text: &str| format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n");
    let (en, zh) = (srt("The lamp is lit and we are here."), srt("灯亮了，我们在这里。"));
    let both = srt("The lamp is lit and we are here.\n灯亮了，我们在这里。");
    let article = "The lamp is lit.\n\nAnd we are here to see it.\n";
    let project = Project::of(&[
        ("in/012.en.srt", &en),
        ("in/013.srt", &en),
        ("in/014.srt", &both),
        ("in/015.md", article),
    ]);
    import(&project, &["in", "--show", "ferry"]).exits(0);
    project.write("content/ferry/012/transcript.en.srt", srt("Mine."));
    project.write("in/012.zh-Hans.srt", &zh);
    project.write("in/013.zh-Hans.srt", &zh);
    project.write("in/014.zh-Hans.srt", &zh);
    project.write("in/015.zh.md", "灯亮了。\n\n我们在这里看它。\n");
    let before = content(&project);
    let run = import(&project, &["in", "--show", "ferry"]).exits(0);
    let says = "8 files: 0 in 0 new episodes, 3 beside tracks of others, 4 there already, 1 left out";
    assert!(run.stdout.contains(says), "{}", run.stdout);
    assert_eq!(text(&project, "content/ferry/012/transcript.zh-Hans.srt"), zh);
    // What the name of a track does not tell its text does; one in both languages has this one.
    assert_eq!(text(&project, "content/ferry/013/transcript.zh-Hans.srt"), zh);
    assert!(!project.path("content/ferry/014/transcript.zh-Hans.srt").exists());
    let built = project.build();
    assert_eq!((built.number("episodes"), built.number("errors")), (4, 0), "{}", built.stderr);
    let page = project.site().text("ferry/015/index.html").to_owned();
    assert!(page.contains("The lamp is lit.") && page.contains("灯亮了。"), "{page}");
    import(&project, &["in", "--show", "ferry"]).exits(0).says("there is nothing new");
    for name in ["012/transcript.zh-Hans.srt", "013/transcript.zh-Hans.srt", "015.zh-Hans.md"] {
        project.remove(&format!("content/ferry/{name}"));
    }
    content(&project).equals(&before, "nothing is written over");
}

#[test]
fn what_is_no_transcript_is_not_imported() {
    let project = Project::of(&[("a.png", "x")]);
    import(&project, &["a.png"]).exits(1).says("import-nothing");
    import(&project, &[]).exits(2);
    import(&project, &["a.png", "--feed", "b.xml"]).exits(2);
    import(&project, &["none.srt"]).exits(3).says("none.srt");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_not_followed() {
    let project = ferry();
    fs::create_dir(project.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(project.path("elsewhere"), project.path("content/night-ferry")).unwrap();
    import(&project, &["--feed", "in/feed.xml"]).exits(3).says("it is a link or a file");
    assert_eq!(fs::read_dir(project.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn settings_that_cannot_be_read_stop_an_import() {
    let project = ferry().file("content/a/b/episode.md", "+++\nguid = \"x\n+++\n");
    import(&project, &["--feed", "in/feed.xml"]).exits(1).says("nothing was written");
    let project = ferry().file("content/people.toml", "[a\n");
    import(&project, &["--feed", "in/feed.xml"]).exits(1).says("toml-syntax");
}

fn number_before(text: &str, word: &str) -> usize {
    let before = text.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[test]
fn feeds_of_others_are_imported_whole() {
    let Some(feeds) = shared("data/feeds") else { return };
    let (mut files, mut imported, mut items, mut episodes, mut built) = (0, 0, 0, 0, 0);
    for path in all_files(&feeds).into_iter().filter(|path| path.extension().is_some_and(|end| end == "xml"))
    {
        files += 1;
        let project = Project::empty();
        let run = import(&project, &["--feed", path.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}: {}", path.display(), run.stderr);
        imported += 1;
        let sums = run.stdout.lines().last().unwrap_or_default();
        let (all, new, left) =
            (number_before(sums, " item"), number_before(sums, " new"), number_before(sums, " left out"));
        let made =
            all_files(&project.path("content")).iter().filter(|path| path.ends_with("episode.md")).count();
        assert_eq!((all - left, made), (new, new), "{}: {sums}", path.display());
        assert!(project.path("content").read_dir().unwrap().count() > 0);
        items += all;
        episodes += made;
        let site = project.try_build();
        assert_eq!(site.code, 0, "{}: {}", path.display(), site.stderr);
        assert_eq!(site.number("episodes") as usize, made);
        built += 1;
        let again = import(&project, &["--feed", path.to_str().unwrap()]);
        assert!(again.stdout.contains(" 0 new, "), "{}: {}", path.display(), again.stdout);
    }
    say!(
        "{files} feeds: {imported} imported; {items} items, {episodes} episodes; {built} built without an error"
    );
}

#[test]
fn folders_of_others_are_imported_whole() {
    for folder in ["talkpython-vtt", "podcast-srt", "bilingual-srt", "changelog-md", "btc-md-pairs"] {
        let Some(path) = shared(&format!("data/{folder}")) else { return };
        let project = Project::empty();
        let run = import(&project, &[path.to_str().unwrap()]).exits(0);
        let sums = run.stdout.lines().last().unwrap_or_default().to_owned();
        let files = all_files(&path).len();
        let tracks = number_before(&sums, " in ");
        let left = number_before(&sums, " left out");
        assert_eq!((number_before(&sums, " file"), tracks + left), (files, files), "{folder}: {sums}");
        let written = all_files(&project.path("content"));
        let heads = written.iter().filter(|path| path.ends_with("episode.md")).count();
        assert_eq!(written.len() - heads, tracks, "{folder}: {}", run.stdout);
        let site = project.try_build();
        say!(
            "{folder}: {sums}; built with {} episodes, {} cues, {} errors, {} warnings",
            site.number("episodes"),
            site.number("cues"),
            site.number("errors"),
            site.number("warnings")
        );
        assert_eq!(site.code, 0, "{folder}: {}", site.stderr);
    }
}

fn all_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
