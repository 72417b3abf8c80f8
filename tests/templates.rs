//! What a site's own templates and static files can do.

mod support;

use std::collections::BTreeMap;

use support::{Project, copy_all, find, repository, text_of};

const TALK: &str = "+++\ntitle = \"A talk\"\n+++\nSpeaker 0\n\n你好 <b>。\n\nHello & welcome.\n\nSpeaker 1\n\n好。\n\nFine.\n";

#[test]
fn a_cue_template_takes_over_the_markup_of_every_cue() {
    let cue = "<p class=mine id='{{ cue.id }}'>{{ cue.speaker }}: {% for t in cue.texts %}<q lang='{{ t.lang }}'>{{ t.text }}</q>{% endfor %}</p>";
    let project = Project::of(&[("content/talks/a.txt", TALK), ("templates/cue.html", cue)]);
    project.build();
    let site = project.site();
    let page = site.text("talks/a/index.html");
    assert_eq!(page.matches("class=mine").count(), 2);
    assert!(
        page.contains(
            "Speaker 0: <q lang=\"zh-Hans\">你好 &lt;b&gt;。</q><q lang=\"en\">Hello &amp; welcome.</q>"
        ),
        "{page}"
    );
}

#[test]
fn a_file_of_the_site_takes_the_place_of_the_themes() {
    let project = Project::of(&[
        ("content/talks/a.txt", TALK),
        (
            "templates/404.html",
            "<!doctype html><title>{{ page.head_title }}</title><p>{{ site.extra.word }}</p>",
        ),
        ("static/diglot.css", "body { color: black }"),
        ("site.toml", "[extra]\nword = \"elsewhere\"\n"),
    ]);
    project.build();
    let site = project.site();
    assert!(site.text("404.html").contains("<p>elsewhere"), "{}", site.text("404.html"));
    assert_eq!(site.text("diglot.css"), "body { color: black }");
    assert!(site.text("index.html").contains("diglot.css?v="), "the theme's other pages stay");
}

#[test]
fn the_interface_speaks_the_words_of_the_sites_own_file() {
    let project = Project::of(&[
        (
            "content/talks/a.txt",
            "Speaker 0\n\nBonjour à tous, nous allons parler de la mer et des bateaux.\n",
        ),
        ("templates/ui/fr.toml", "transcript = \"Transcription\"\n"),
        ("site.toml", "languages = [\"fr\"]\n"),
    ]);
    project.build();
    let site = project.site();
    let page = site.text("talks/a/index.html");
    assert!(page.contains("lang=\"fr\""), "{page}");
    assert!(page.contains("Transcription"), "the site's own word");
    assert!(page.contains("Contents") || page.contains("Episodes"), "what it lacks is in English");
}

const ABOUT_ZH: &str = "# 关于我们\n\n## 联系 FAQ\n\n[信](mailto:a@b.cd)\n";
const ABOUT_EN: &str = "+++\ntitle = \"About us\"\n+++\n## 联系 FAQ\n\n[bad](javascript:x) & *all*\n";

#[test]
fn the_page_about_the_archive_is_in_its_languages_and_is_no_episode() {
    let project = Project::of(&[
        ("content/talks/a.txt", TALK),
        ("content/about.en.md", ABOUT_EN),
        ("content/about.zh-Hans.md", ABOUT_ZH),
        ("site.toml", "languages = [\"zh-Hans\", \"en\"]\nbase_url = \"https://example.org/a/\"\n"),
    ]);
    let run = project.build();
    run.says("content/about.en.md:1:1");
    run.says("a link of the notes is left out: `javascript:x`");
    assert_eq!(run.stderr.matches("warning[").count(), 1, "{}", run.stderr);
    let site = project.site();
    let page = site.page("about/index.html");
    let title: Vec<_> = find(&page, "h1 span").iter().map(|span| (lang_of(span), text_of(span))).collect();
    assert_eq!(title, [("zh-Hans".into(), "关于我们".into()), ("en".into(), "About us".into())]);
    let parts = find(&page, "section.notes");
    assert_eq!(parts.iter().map(lang_of).collect::<Vec<_>>(), ["zh-Hans", "en"]);
    let ids: Vec<_> = find(&page, "section.notes h2")
        .iter()
        .filter_map(|h2| h2.value().attr("id"))
        .map(str::to_owned)
        .collect();
    assert_eq!(ids, ["notes-联系-faq", "notes-en-1-联系-faq"]);
    assert!(!site.text("about/index.html").contains("javascript"), "the address is gone");
    let current = find(&page, "nav [aria-current=page]");
    assert_eq!(current[0].value().attr("href"), Some("/a/about/"));
    assert!(site.text("sitemap.xml").contains("https://example.org/a/about/"));
    assert_eq!(find(&site.page("episodes/index.html"), ".card").len(), 1);
    // What is said of a page that is kept is said again.
    let again = project.build();
    again.says("a link of the notes is left out: `javascript:x`");
}

fn lang_of(element: &scraper::ElementRef) -> String {
    element.value().attr("lang").unwrap_or_default().to_owned()
}

#[test]
fn without_a_page_about_the_archive_nothing_leads_to_one() {
    let project = Project::of(&[("content/talks/a.txt", TALK), ("content/talks/about.md", TALK)]);
    project.build();
    let site = project.site();
    let home = site.page("index.html");
    assert!(find(&home, "a[href='/about/']").is_empty(), "an episode of this name is an episode");
    assert!(site.text("talks/about/index.html").contains("A talk"));
}

#[test]
fn the_list_of_episodes_leads_to_the_page_where_a_year_begins() {
    let mut project = Project::of(&[("site.toml", "languages = [\"en\"]\n[build]\npage_size = 2\n")]);
    for (name, date) in [("a", "2021-01-02"), ("b", "2023-01-02"), ("c", "2023-05-02"), ("d", "2023-06-02")] {
        let text = format!("+++\ndate = {date}\n+++\nSpeaker 0\n\nHello.\n");
        project = project.file(&format!("content/talks/{name}.txt"), text);
    }
    project = project.file("content/talks/e.txt", "Speaker 0\n\nHello.\n");
    project.build();
    let site = project.site();
    let first = site.page("episodes/index.html");
    let links: Vec<_> = find(&first, ".head nav a")
        .iter()
        .filter_map(|a| a.value().attr("href"))
        .map(str::to_owned)
        .collect();
    assert_eq!(links, ["/episodes/#y2023", "/episodes/page/2/#y2021", "/episodes/page/3/#undated"]);
    let headings =
        |page: &str| -> Vec<String> { find(&site.page(page), ".group h2").iter().map(text_of).collect() };
    assert_eq!(headings("episodes/index.html"), ["2023"]);
    assert_eq!(headings("episodes/page/2/index.html"), ["2023", "2021"]);
    assert_eq!(headings("episodes/page/3/index.html"), ["Without a date"]);
    for link in links {
        let (page, anchor) = link.split_once('#').expect("it leads to a heading");
        let page = site.page(&format!("{}index.html", page.trim_start_matches('/')));
        assert_eq!(find(&page, &format!("#{anchor}")).len(), 1, "{link}");
    }
}

#[test]
fn a_device_that_keeps_the_site_finds_its_name_and_icons() {
    let settings = "title = { en = \"Talks\", \"zh-Hans\" = \"谈话\" }\nlanguages = [\"zh-Hans\", \"en\"]\nbase_url = \"https://example.org/a/\"\n";
    let project = Project::of(&[("content/talks/a.txt", TALK), ("site.toml", settings)]);
    project.build();
    let site = project.site();
    let manifest: serde_json::Value =
        serde_json::from_str(site.text("manifest.webmanifest")).expect("it is JSON");
    for (key, value) in [("name", "谈话"), ("lang", "zh-Hans"), ("start_url", "/a/"), ("scope", "/a/")] {
        assert_eq!(manifest[key], value, "{key}");
    }
    let icons = manifest["icons"].as_array().expect("a list");
    assert_eq!(icons.len(), 3);
    for icon in icons {
        let file = icon["src"].as_str().and_then(|src| src.strip_prefix("/a/")).expect("it is of this site");
        let file = file.split('?').next().expect("a name");
        assert!(site.0.contains_key(file), "{file}");
    }
    let page = site.page("index.html");
    assert_eq!(find(&page, "link[rel=manifest]")[0].value().attr("href"), Some("/a/manifest.webmanifest"));
    project.write("static/manifest.webmanifest", "{}");
    project.build();
    assert_eq!(project.site().text("manifest.webmanifest"), "{}", "the site's own takes its place");
}

/// What a template dumps of its values, as JSON: none is written as nothing there.
fn dumped(page: &str) -> serde_json::Value {
    let text = find(&scraper::Html::parse_document(page), "body")[0].text().collect::<String>();
    let none = text.replace("\": ,", "\": null,").replace("\": }", "\": null}").replace("\\u{", "{");
    serde_json::from_str(&none).unwrap_or_else(|error| panic!("{error}: {none}"))
}

/// Every name in a value, with where it stands. What a site names by itself is its own.
fn names(value: &serde_json::Value, at: &str, found: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at}.{name}");
                let is_open = [".ui", ".say", ".site.extra"].contains(&at.as_str());
                found.entry(name.clone()).or_insert_with(|| at.clone());
                if !is_open {
                    names(value, &at, found);
                }
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| names(value, at, found)),
        _ => {}
    }
}

#[test]
fn every_value_that_a_template_gets_is_documented() {
    let project = Project::empty();
    project.write("site.toml", std::fs::read(repository("site.toml")).expect("the demo has settings"));
    copy_all(&repository("content"), &project.path("content"));
    let mut dumps = Vec::new();
    for entry in std::fs::read_dir(repository("templates")).expect("the theme is there") {
        let name = entry.expect("it can be listed").file_name().into_string().expect("its names are text");
        if name.ends_with(".html") && !["base.html", "components.html"].contains(&name.as_str()) {
            project.write(&format!("templates/{name}"), "{{ __tera_context }}");
            dumps.push(name);
        }
    }
    project.build();
    let site = project.site();
    let mut found = BTreeMap::new();
    for page in site.pages().filter(|name| name.ends_with(".html")) {
        names(&dumped(site.text(page)), "", &mut found);
    }
    assert!(dumps.len() > 8 && found.len() > 70, "{} templates, {} names", dumps.len(), found.len());
    let docs = std::fs::read_to_string(repository("docs/templates.md")).expect("it is there");
    let code: Vec<&str> = docs.split('`').skip(1).step_by(2).collect();
    let is_told = |name: &str| {
        code.iter()
            .any(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name))
    };
    let missing: Vec<_> = found.iter().filter(|(name, _)| !is_told(name)).map(|(_, at)| at).collect();
    assert!(missing.is_empty(), "docs/templates.md does not explain {missing:?}");
}
