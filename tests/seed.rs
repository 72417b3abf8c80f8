//! Real material: the page that the project began with, podcast archives in Markdown, and the demo.
//! The first two lie beside the repository and not everyone has them.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{Project, Tree, find, repository, shared, shown_text, text_of};

const SEED: &str = "seed/a16z-openai-800m.txt";

/// A cue as the seed file has it: who speaks, and one paragraph or two.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    speaker: String,
    texts: Vec<String>,
}

/// Reads the seed on its own: a label, then paragraphs, until the next label.
fn said_in_seed(text: &str) -> Vec<Said> {
    let talk = text.split_once("双语字幕\n").expect("the talk has a heading").1;
    let talk = talk.split_once("\n关于 Bayt 播客").expect("the page has a footer").0;
    let mut said: Vec<Said> = Vec::new();
    for line in talk.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let number = line.strip_prefix("Speaker ").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
        if number.is_some() {
            said.push(Said { speaker: line.to_owned(), texts: Vec::new() });
        } else if line.starts_with("展开剩余字幕(") {
            continue;
        } else if let Some(last) = said.last_mut() {
            last.texts.push(line.to_owned());
        }
    }
    said
}

fn seed_alone() -> Option<(Project, String)> {
    let path = shared(SEED)?;
    let bytes = fs::read(&path).expect("it can be read");
    let text = String::from_utf8(bytes.clone()).expect("it is UTF-8");
    Some((Project::empty().file("content/a16z-openai-800m.txt", bytes), text))
}

#[test]
fn the_seed_alone_makes_a_whole_site() {
    let Some((project, text)) = seed_alone() else { return };
    let run = project.build();
    assert_eq!((run.number("episodes"), run.number("cues")), (1, 800));
    assert_eq!((run.number("warnings"), run.number("errors")), (0, 0), "{}", run.stderr);
    let site = project.site();
    let page = site.page(site.episode_page());
    let title: Vec<_> = find(&page, "h1 [lang]")
        .iter()
        .map(|title| (title.attr("lang").unwrap_or_default().to_owned(), text_of(title)))
        .collect();
    assert_eq!(
        title,
        [
            ("zh-Hans".to_owned(), "OpenAI如何为8亿周活跃用户构建服务:模型专业化与微调".to_owned()),
            (
                "en".to_owned(),
                "How OpenAI Builds for 800 Million Weekly Users: Model Specialization and Fine-Tuning"
                    .to_owned()
            ),
        ]
    );
    let main = find(&page, "main").first().map(text_of).expect("a main part");
    assert!(main.contains("a16z Podcast"));
    for left_out in ["展开剩余字幕", "关于 Bayt 播客", "继续浏览更多播客", "仅展示文本字幕", "封面"]
    {
        assert!(!main.contains(left_out), "{left_out} is no content");
    }
    let size = site.text(site.episode_page()).len();
    assert!(size * 10 <= text.len() * 18, "the page has {size} bytes, the seed {}", text.len());
    for file in [
        "index.html",
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
        "404.html",
        ".nojekyll",
        "speakers/index.html",
    ] {
        assert!(site.0.contains_key(file), "{file}");
    }
}

#[test]
fn every_line_of_the_seed_is_in_the_page_in_order() {
    let Some((project, text)) = seed_alone() else { return };
    project.build();
    let site = project.site();
    let page = site.page(site.episode_page());
    let said = said_in_seed(&text);
    assert_eq!(said.len(), 800);
    assert_eq!(said.iter().filter(|cue| cue.texts.len() == 2).count(), 799);

    let mut found = Vec::new();
    for turn in find(&page, "#transcript .t") {
        let mut speaker = String::new();
        for part in turn.child_elements() {
            if part.value().name() == "div" {
                assert!(part.attr("id").is_some(), "a cue is an anchor");
                let aside = part.child_elements().next().filter(|inner| inner.value().name() == "details");
                let mut lines: Vec<_> = aside.unwrap_or(part).child_elements().collect();
                let listener = aside.map(|_| text_of(&lines.remove(0)));
                assert!(lines.iter().all(|line| line.attr("lang").is_some()), "a line says its language");
                found.push(Said {
                    speaker: listener.unwrap_or_else(|| speaker.clone()),
                    texts: lines.iter().map(text_of).map(|text| text.trim().to_owned()).collect(),
                });
            } else {
                speaker = part.child_elements().next().map(|name| text_of(&name)).unwrap_or_default();
            }
        }
    }
    let once: Vec<_> = said
        .into_iter()
        .map(|mut cue| {
            // Where both languages are the same text it stands once.
            cue.texts.dedup();
            cue
        })
        .collect();
    assert_eq!(found.len(), once.len());
    for (number, (found, wanted)) in found.iter().zip(&once).enumerate() {
        assert_eq!(found, wanted, "cue {}", number + 1);
    }
}

#[test]
fn the_languages_of_the_seeds_lines_alternate_as_in_the_file() {
    let Some((project, text)) = seed_alone() else { return };
    let run = project.diglot(&["convert", "content/a16z-openai-800m.txt"]).run().exits(0);
    let data = run.json();
    assert_eq!(data["languages"], serde_json::json!(["zh-Hans", "en"]));
    let cues = data["cues"].as_array().expect("cues");
    let said = said_in_seed(&text);
    assert_eq!(cues.len(), said.len());
    let mut ids = BTreeSet::new();
    for (cue, said) in cues.iter().zip(&said) {
        assert_eq!(cue["speaker"], said.speaker.as_str());
        assert!(ids.insert(cue["id"].as_str().expect("an id")), "{cue}");
        if let [chinese, english] = said.texts.as_slice() {
            assert_eq!(cue["text"], serde_json::json!({ "zh-Hans": chinese, "en": english }));
        } else {
            assert_eq!(cue["text"], serde_json::json!({ "en": said.texts[0] }));
        }
    }
}

#[test]
fn all_ids_of_a_page_are_different() {
    let Some((project, _)) = seed_alone() else { return };
    project.build();
    let site = project.site();
    for path in site.pages() {
        let page = site.page(path);
        let mut ids = BTreeSet::new();
        for element in find(&page, "[id]") {
            let id = element.attr("id").unwrap_or_default();
            assert!(ids.insert(id.to_owned()), "{path}: {id} comes twice");
        }
    }
}

fn demo() -> Project {
    let project = Project::empty().copy(&repository("content"), "content");
    project.file("site.toml", fs::read(repository("site.toml")).expect("the demo has settings"))
}

#[test]
fn minifying_templates_changes_no_text_that_a_reader_sees() {
    let mut projects = vec![demo()];
    projects.extend(seed_alone().map(|(project, _)| project));
    for project in projects {
        let minified = project.build();
        let before = project.site();
        let settings = project.path("site.toml");
        let own = fs::read_to_string(&settings).unwrap_or_default();
        project.write("site.toml", own + "\n[build]\nminify = false\n");
        let whole = project.build();
        let after = project.site();
        assert!(whole.number("bytes") > minified.number("bytes"), "minifying does something");
        assert_eq!(before.pages().collect::<Vec<_>>(), after.pages().collect::<Vec<_>>());
        let mut wrong = Vec::new();
        for path in before.pages() {
            let (small, large) = (shown_text(&before.page(path)), shown_text(&after.page(path)));
            if small != large {
                let at = small
                    .iter()
                    .zip(&large)
                    .position(|(a, b)| a != b)
                    .unwrap_or(small.len().min(large.len()));
                wrong.push(format!("{path}: {:?} was {:?}", small.get(at), large.get(at)));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn the_demo_builds_without_a_warning() {
    let run = demo().build();
    assert_eq!((run.number("warnings"), run.number("errors")), (0, 0), "{}", run.stderr);
}

/// Elements of a recording that look like speakers and are none.
const NO_SPEAKERS: &[&str] = &["break", "jingle", "outro"];

fn is_no_speaker(label: &str) -> bool {
    NO_SPEAKERS.contains(&label.trim().trim_end_matches(':').to_lowercase().as_str())
}

fn names_in(site: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in site.pages() {
        let page = site.page(path);
        for name in find(&page, ".w > b, .w > a > b, .voice > span, .voices li") {
            names.insert(text_of(&name).trim().to_owned());
        }
    }
    names
}

#[test]
fn archives_in_markdown_build_and_a_break_is_nobody() {
    for folder in ["data/changelog-md", "data/other-md"] {
        let Some(from) = shared(folder) else { return };
        let project = Project::empty().copy(&from, "content");
        let run = project.try_build();
        assert!(!run.stderr.contains("panicked"), "{folder}: {}", run.stderr);
        let run = run.exits(0);
        assert!(run.number("episodes") >= 5 && run.number("cues") > 1000, "{folder}: {}", run.stdout);
        let names = names_in(&project.site());
        assert!(names.len() > 10, "{folder} has speakers: {names:?}");
        let wrong: Vec<_> = names.iter().filter(|name| is_no_speaker(name)).collect();
        assert!(wrong.is_empty(), "{folder}: {wrong:?}");

        for path in Tree::of(&from).0.keys() {
            let name = path.rsplit('/').next().unwrap_or(path);
            if ["SOURCES.md", "README.md", "LICENSE.md"].contains(&name) {
                continue;
            }
            let run = project.diglot(&["convert"]).arg(project.path("content").join(path)).run().exits(0);
            let data = run.json();
            let cues = data["cues"].as_array().expect("cues");
            assert!(!cues.is_empty(), "{path}");
            for cue in cues {
                let speaker = cue["speaker"].as_str().unwrap_or_default();
                assert!(!is_no_speaker(speaker), "{folder}/{path}: {cue}");
                let texts = cue["text"].as_object().expect("texts");
                assert!(
                    texts.values().all(|text| text.as_str().is_some_and(|text| !text.trim().is_empty())),
                    "{path}: {cue}"
                );
                let labelled = |text: &str| text.starts_with("**") || text.starts_with("\\[");
                assert!(
                    !texts.values().any(|text| labelled(text.as_str().unwrap_or_default())),
                    "{path}: markup in {cue}"
                );
            }
        }
    }
}
