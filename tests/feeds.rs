//! What programs read of a site: feeds that are well formed whatever titles say, ids that stay,
//! and pages in one language each that name each other.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use scraper::Selector;
use support::{Project, Tree};

const SITE: &str =
    "title = \"Lamps\"\nbase_url = \"https://example.org/lamps/\"\nlanguages = [\"zh-Hans\", \"en\"]\n";
const TALK: &str = "Speaker 0\n\n这是灯。\n\nThis is a lamp.\n\nSpeaker 1\n\n亮了。\n\nIt is lit.\n";

/// The texts and attributes of an XML file; panics where it is not well formed.
#[track_caller]
fn read(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml}")) {
            Event::Start(tag) => {
                depth += 1;
                found.extend(tag.attributes().map(|own| value(&own.expect("it is whole"))));
            }
            Event::Empty(tag) => found.extend(tag.attributes().map(|own| value(&own.expect("it is whole")))),
            Event::End(_) => depth -= 1,
            Event::Text(text) => found.push(text.xml_content(XmlVersion::Explicit1_0).into_owned()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(fits), "a character that XML forbids");
    found
}

fn value(own: &quick_xml::events::attributes::Attribute) -> String {
    own.normalized_value(XmlVersion::Explicit1_0).expect("it decodes").into_owned()
}

fn project(front: &str, settings: &str) -> Project {
    let episode = format!("+++\n{front}\n+++\n{TALK}");
    Project::of(&[("site.toml", &format!("{SITE}{settings}")), ("content/talks/1.txt", &episode)])
}

#[test]
fn feeds_are_well_formed_whatever_titles_say() {
    let titles = [
        "</title><script>alert(1)</script>",
        "]]> <![CDATA[ a & b < c > \\\" ' &amp;",
        "a\\u0000\\u0001\\u0008\\u000b\\u001f\\u007f\\u0085\\ufffe\\uffff b",
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a \\\"b\\\">]>&a;",
        "\\u202e\\u2028\\u200f灯 אור 🪔",
        "line\\nbreak\\ttab\\r\\n",
        "{{ site }} {% raw %} ](x) <!-- --",
    ];
    for title in titles {
        let front = format!(
            "title = \"{title}\"\nsummary = \"{title}\"\ntags = [\"{title}\"]\nguid = \"{title}\"\n\
             audio = {{ en = \"https://a.b/1.mp3?x=1&y=2\", \"zh-Hans\" = \"https://a.b/2.mp3\" }}\n\
             persons = [{{ name = \"{title}\", role = \"editor\" }}]\nlicense = \"{title}\"\n\
             chapters = [{{ start = 0, title = \"{title}\" }}]"
        );
        let settings = format!(
            "description = \"{title}\"\n[pages]\ntwins = true\nmarkdown = true\n\
             [feed]\nauthor = \"{title}\"\ncopyright = \"{title}\"\nowner = {{ name = \"{title}\", email = \"a@b.c\" }}\n"
        );
        let project = project(&front, &settings);
        let show = format!("title = \"{title}\"\ndescription = \"{title}\"\n");
        project.write("content/talks/show.toml", show);
        project.build();
        let site = project.site();
        for path in ["feed.xml", "talks/feed.xml", "shows.opml", "sitemap.xml"] {
            read(site.text(path));
        }
        for path in ["feed.json", "talks/feed.json", "talks/1/chapters.json"] {
            serde_json::from_str::<serde_json::Value>(site.text(path)).expect("it is JSON");
        }
    }
}

#[test]
fn a_feed_is_called_the_same_wherever_its_address_is_written() {
    let project = project("title = \"A\"", "");
    project.build();
    let guid = |project: &Project| {
        let site = project.site();
        let text = site.text("talks/feed.xml").to_owned();
        text.split("<podcast:guid>").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned)
    };
    let first = guid(&project).expect("it has an id");
    project.write("site.toml", SITE.replace("https:", "http:"));
    project.build();
    assert_eq!(guid(&project), Some(first.clone()), "the scheme is no part of it");
    project.write("site.toml", SITE.replace("/lamps/", "/"));
    project.build();
    assert_ne!(guid(&project), Some(first.clone()));
    project.write("content/talks/show.toml", format!("[feed]\nguid = \"{first}\"\n"));
    project.build();
    assert_eq!(guid(&project), Some(first), "a feed that moved keeps it");
    project.write("site.toml", "languages = [\"zh-Hans\", \"en\"]\n");
    project.remove("content/talks/show.toml");
    project.build();
    assert_eq!(guid(&project), None, "without an address there is nothing to name it by");
}

#[test]
fn hosts_are_named_again_where_an_episode_has_others() {
    let project = project("speakers = { \"Speaker 1\" = \"b\" }", "");
    project.write("content/people.toml", "[a]\nname = \"Ada\"\n[b]\nname = \"Bo\"\n");
    project.write("content/talks/show.toml", "hosts = [\"a\"]\nspeakers = { \"Speaker 0\" = \"a\" }\n");
    project.write("content/talks/2.txt", "Speaker 0\n\n独白。\n\nA monologue.\n");
    project.build();
    let site = project.site();
    let items: Vec<Vec<&str>> = site
        .text("talks/feed.xml")
        .split("<item>")
        .map(|part| part.split("<podcast:person ").skip(1).filter_map(|tag| tag.split("</").next()).collect())
        .collect();
    let role = |tags: &[&str]| -> Vec<String> {
        let name = |tag: &&str| {
            let role = tag.split('"').nth(1).unwrap_or_default();
            format!("{role} {}", tag.rsplit('>').next().unwrap_or_default())
        };
        tags.iter().map(name).collect()
    };
    assert_eq!(role(&items[0]), ["host Ada"]);
    assert_eq!(role(&items[1]), [""; 0], "an episode without others takes the show's");
    assert_eq!(role(&items[2]), ["host Ada", "guest Bo"]);
}

#[test]
fn a_size_that_is_not_known_is_told_once() {
    let project = project("audio = \"https://a.b/1.mp3\"", "");
    project.write("content/talks/2.txt", format!("+++\naudio = \"https://a.b/2.mp3\"\n+++\n{TALK}"));
    let run = project.build();
    run.says("note[audio-size]");
    assert_eq!(run.stderr.matches("audio-size").count(), 1);
    assert!(project.site().text("feed.xml").contains("length=\"0\""));
    project.write(
        "content/talks/1.txt",
        format!("+++\naudio = \"https://a.b/1.mp3\"\naudio_size = 7\n+++\n{TALK}"),
    );
    project.write("content/talks/2.txt", format!("+++\naudio = \"own.mp3\"\n+++\n{TALK}"));
    project.write("content/talks/own.mp3", [0; 5000]);
    assert!(!project.build().stderr.contains("audio-size"));
    let site = project.site();
    assert!(["length=\"7\"", "length=\"5000\""].iter().all(|length| site.text("feed.xml").contains(length)));
}

#[test]
fn mistakes_in_what_feeds_say_stop_the_build_at_their_place() {
    let project = project("persons = [{ person = \"nobody\" }]\ntype = \"half\"", "");
    let show = "[feed]\ncategory = \"Documentry\"\nowner = { email = \"nobody\" }\nguid = \"1\"\n\
                medium = \"radio\"\npersons = [{ name = \"A\", role = \"boss\" }]\ntyp = 1\n";
    project.write("content/talks/show.toml", show);
    let run = project.try_build().exits(1);
    for words in [
        "error[unknown-person]",
        "error[choice]: `type` cannot be `half`",
        "did you mean `Documentary`?",
        "error[email]",
        "error[feed-guid]",
        "error[choice]: `medium`",
        "error[role]",
        "unknown key `typ` in [feed]",
        "content/talks/show.toml:2:",
        "content/talks/1.txt:2:",
    ] {
        run.says(words);
    }
}

/// What each page says of its versions: `hreflang` → address.
fn alternates(site: &Tree) -> BTreeMap<String, BTreeMap<String, String>> {
    let links = Selector::parse("head link[rel=alternate][hreflang]").expect("it is a selector");
    let pages = site.0.keys().filter(|path| path.ends_with("index.html"));
    pages
        .map(|path| {
            let page = site.page(path);
            let of =
                |name| page.select(&links).filter_map(move |link| link.value().attr(name).map(str::to_owned));
            (path.clone(), of("hreflang").zip(of("href")).collect())
        })
        .collect()
}

fn path_of(address: &str) -> String {
    let path = address.strip_prefix("https://example.org/lamps/").expect("it is whole, and of this site");
    format!("{path}index.html")
}

#[test]
fn pages_in_one_language_and_the_one_in_all_name_each_other() {
    let project = project(
        "title = { en = \"A lamp\", \"zh-Hans\" = \"一盏灯\" }\ntags = [\"t\"]",
        "[pages]\ntwins = true\n",
    );
    project.write(
        "content/talks/2.txt",
        "Speaker 0\n\nThis one is in English, every line of it.\n\nSpeaker 1\n\nIt is, and nobody minds.\n",
    );
    project.build();
    let site = project.site();
    let all = alternates(&site);
    assert!(all.len() >= 20, "{:?}", all.keys());
    for (path, versions) in &all {
        let own: BTreeSet<String> = versions.values().map(|address| path_of(address)).collect();
        assert!(own.contains(path), "{path} does not name itself: {versions:?}");
        assert!(versions.contains_key("x-default"));
        let lang =
            path.split('/').next().filter(|first| ["en", "zh-Hans"].contains(first)).unwrap_or("x-default");
        assert_eq!(path_of(&versions[lang]), *path);
        for other in own {
            assert_eq!(all.get(&other), Some(versions), "{path} and {other} say the same of each other");
        }
    }
    assert_eq!(all["talks/1/index.html"].len(), 3);
    let english = &all["talks/2/index.html"];
    assert_eq!(english.keys().collect::<Vec<_>>(), ["en", "x-default"], "nobody put it into Chinese");
    assert!(!site.0.contains_key("zh-Hans/talks/2/index.html"));

    let sitemap = site.text("sitemap.xml");
    assert_eq!(sitemap.matches("<loc>").count(), all.len());
    assert_eq!(sitemap.matches("hreflang=\"x-default\"").count(), all.len());
    read(sitemap);
}

#[test]
fn a_page_in_one_language_says_nothing_in_another() {
    let front = "title = { en = \"A lamp\", \"zh-Hans\" = \"一盏灯\" }\nsummary = { en = \"Lit.\", \"zh-Hans\" = \"亮。\" }\nhighlights = [\"It is lit.\"]";
    let project = project(front, "[pages]\ntwins = true\n[transcripts]\nformats = []\n");
    project.build();
    let site = project.site();
    let main = |path: &str| {
        let text = site.text(path);
        text[text.find("<main").expect("it has one")..text.find("</main>").expect("it ends")].to_owned()
    };
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for path in ["en/talks/1/index.html", "en/index.html", "en/talks/index.html", "en/quotes/index.html"] {
        assert!(!main(path).contains(is_han), "{path}: {}", main(path));
        let html = site.page(path).root_element().value().attr("lang").map(str::to_owned);
        assert_eq!(html.as_deref(), Some("en"), "{path}");
    }
    for words in ["A lamp", "This is a lamp.", "Lit."] {
        assert!(!main("zh-Hans/talks/1/index.html").contains(words));
        assert!(main("en/talks/1/index.html").contains(words));
    }
    // The words of the interface too.
    assert!(
        site.text("en/index.html").contains("Episodes") && site.text("zh-Hans/index.html").contains("单集")
    );
    // Anchors are those of the page in both.
    let ids = |path: &str| -> BTreeSet<String> {
        let lines = Selector::parse(".t > div[id]").expect("it is a selector");
        site.page(path).select(&lines).filter_map(|line| line.value().id().map(str::to_owned)).collect()
    };
    assert_eq!(ids("en/talks/1/index.html"), ids("talks/1/index.html"));
    assert_eq!(ids("en/talks/1/index.html").len(), 2);
    // What leads on from there stays in the language, where it can.
    let links = Selector::parse("a[href]").expect("it is a selector");
    for link in site.page("en/index.html").select(&links) {
        let href = link.value().attr("href").expect("it has one");
        let stays = href.starts_with("/lamps/en/")
            || href.ends_with(".xml")
            || link.value().attr("aria-current").is_some();
        assert!(stays || href.starts_with('#'), "{href}");
    }
}

#[test]
fn nothing_is_published_twice_unless_it_is_asked_for() {
    let project = project("title = \"A\"", "");
    project.build();
    let site = project.site();
    assert!(site.0.keys().all(|path| !path.starts_with("en/") && !path.ends_with("index.md")));
    assert!(site.0.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("hreflang")));
    assert!(site.0.contains_key("llms.txt"));
    project.write("site.toml", format!("{SITE}[pages]\nllms = false\nmarkdown = true\n"));
    project.build();
    let site = project.site();
    assert!(!site.0.contains_key("llms.txt") && site.0.contains_key("talks/1/index.md"));
}

#[test]
fn the_sitemap_has_the_day_of_the_last_change() {
    let project = project("date = 2024-01-05", "");
    project
        .write("content/talks/2.txt", format!("+++\ndate = 2024-01-01\nupdated = 2024-03-01\n+++\n{TALK}"));
    project.build();
    let site = project.site();
    let sitemap = site.text("sitemap.xml");
    for (page, day) in
        [("talks/1/", "2024-01-05"), ("talks/2/", "2024-03-01"), ("talks/", "2024-03-01"), ("", "2024-03-01")]
    {
        let entry = format!("<loc>https://example.org/lamps/{page}</loc><lastmod>{day}</lastmod>");
        assert!(sitemap.contains(&entry), "{entry} in {sitemap}");
    }
}
