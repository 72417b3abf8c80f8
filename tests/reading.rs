//! The transcript on an episode's page: however it is set, it is all there, once and in order.

mod support;

use std::path::Path;

use support::{Project, Tree, find, repository, shared, text_of};

/// What a cue says: its id, who says it by their mark, and its texts.
type Said = (String, Option<String>, Vec<(String, String)>);

/// The cues of a page in the order of its text.
fn said_on(site: &Tree, path: &str) -> Vec<Said> {
    let page = site.page(path);
    let mut said = Vec::new();
    for turn in find(&page, "#transcript .t") {
        for cue in turn.child_elements().filter(|part| part.value().name() == "div") {
            let aside = cue.child_elements().next().filter(|inner| inner.value().name() == "details");
            let mark = match &aside {
                Some(details) => details.child_elements().next().expect("a summary").attr("data-m"),
                None => turn.attr("data-m"),
            };
            let texts = aside.unwrap_or(cue).child_elements().filter(|text| text.value().name() == "p");
            let texts = texts.map(|text| (text.attr("lang").expect("a language").to_owned(), text_of(&text)));
            let texts = texts.map(|(lang, text)| (lang, text.trim().to_owned()));
            said.push((cue.attr("id").expect("an id").to_owned(), mark.map(str::to_owned), texts.collect()));
        }
    }
    said
}

/// Compares each episode's page with what `convert` says of its file, and gives how many cues were
/// the same and how many of them are folded.
fn compare(project: &Project, files: &[String]) -> (usize, usize) {
    let site = project.site();
    let (mut count, mut folded) = (0, 0);
    for file in files {
        let data = project.diglot(&["convert", file]).run().exits(0).json();
        let cues = data["cues"].as_array().expect("cues");
        let first = cues[0]["id"].as_str().expect("an id");
        let path = site
            .pages()
            .find(|path| site.text(path).contains(&format!("<div id={first}>")))
            .unwrap_or_else(|| panic!("{file} has a page"));
        let said = said_on(&site, path);
        assert_eq!(said.len(), cues.len(), "{file}");
        let mut marks: Vec<(String, String)> = Vec::new();
        for ((id, mark, texts), cue) in said.iter().zip(cues) {
            assert_eq!(cue["id"], id.as_str(), "{file}");
            let wanted = cue["text"].as_object().expect("texts");
            for (lang, text) in texts {
                assert_eq!(wanted[lang], text.as_str(), "{file}#{id}");
            }
            let all = wanted.values().all(|text| texts.iter().any(|(_, own)| *text == own.as_str()));
            assert!(all, "{file}#{id} lacks a text");
            // Each speaker has one mark, and each mark one speaker.
            if let (Some(mark), Some(label)) = (mark, cue["speaker"].as_str()) {
                let known = marks.iter().find(|(own, other)| own == mark || other == label);
                match known {
                    Some(known) => assert_eq!((known.0.as_str(), known.1.as_str()), (mark.as_str(), label)),
                    None => marks.push((mark.clone(), label.to_owned())),
                }
            }
        }
        count += cues.len();
        folded += site.text(path).matches("<details><summary data-m").count();
    }
    (count, folded)
}

fn files_in(folder: &Path, prefix: &str) -> Vec<String> {
    let tree = Tree::of(folder);
    let is_talk = |path: &&String| path.ends_with(".txt") || path.ends_with(".md");
    tree.0.keys().filter(is_talk).map(|path| format!("{prefix}/{path}")).collect()
}

#[test]
fn the_seeds_page_says_what_its_transcript_says() {
    let Some(seed) = shared("seed/a16z-openai-800m.txt") else { return };
    let text = std::fs::read(seed).expect("it can be read");
    let project = Project::empty().file("content/talk.txt", text);
    project.build();
    let (count, folded) = compare(&project, &["content/talk.txt".to_owned()]);
    assert_eq!(count, 800);
    assert!((5..200).contains(&folded), "{folded} lines are folded");
}

#[test]
fn the_demos_pages_say_what_their_transcripts_say() {
    let project = Project::empty().copy(&repository("content"), "content");
    project.diglot(&["build", "--drafts"]).in_root().run().exits(0);
    let files: Vec<String> = files_in(&project.path("content"), "content")
        .into_iter()
        .filter(|file| file.matches('/').count() == 2)
        .collect();
    assert!(files.len() >= 5, "{files:?}");
    assert!(compare(&project, &files).0 > 100);
}

const TALK: &str = "\
Speaker 1\n\n我们先看第一座桥。\n\nFirst we look at the first bridge.\n\n\
Speaker 2\n\n对。\n\nRight.\n\n\
Speaker 1\n\n然后是第二座,它更长。\n\nThen the second one, which is longer.\n\n\
Speaker 2\n\n它有多长?\n\nHow long is it?\n\n\
Speaker 1\n\n对。\n\nRight.\n\n\
Speaker 2\n\n那么第三座在\n\nSo the third one is at\n\n\
Speaker 1\n\n河的那一边。\n\nthe other side of the river.\n";

#[test]
fn a_nod_folds_into_the_turn_and_a_cut_sentence_is_told() {
    let project = Project::of(&[("content/bridges/a.txt", TALK)]);
    project.build();
    let site = project.site();
    let path = site.episode_page();
    let page = site.page(path);
    let marks = |selector: &str| -> Vec<String> {
        find(&page, selector).iter().map(|part| part.attr("data-m").unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(marks("#transcript .t"), ["1", "2", "1", "2", "1"]);
    assert_eq!(marks("#transcript .b summary"), ["2"]);
    assert_eq!(marks("#transcript .t.k"), ["1"], "the last turn ends the sentence of another");
    assert_eq!(compare(&project, &["content/bridges/a.txt".to_owned()]), (7, 1));
}

#[test]
fn a_cue_takes_at_most_sixty_bytes_beside_its_text() {
    let long: String = (0..200)
        .map(|line| format!("Speaker 1\n\n第{line}句话在这里。\n\nSentence number {line} stands here.\n\n"))
        .collect();
    let project =
        Project::of(&[("content/talks/a.txt", &long), ("site.toml", "languages = [\"zh-Hans\", \"en\"]\n")]);
    project.build();
    let site = project.site();
    let cues = site.text("talks/a/index.html").lines().filter(|line| line.starts_with("<div id="));
    let mut count = 0;
    for cue in cues {
        let text = cue.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.len());
        let text: usize = text.sum();
        assert!(cue.len() + 1 - text <= 60, "{cue}");
        count += 1;
    }
    assert_eq!(count, 200);
}

#[test]
fn chapters_stand_in_the_talk_where_they_begin_and_in_its_contents() {
    let episode = "+++\ntitle = \"Two bridges\"\nchapters = [\n\
        { start = \"0:00\", title = { zh-Hans = \"第一座\", en = \"The first\" } },\n\
        { start = \"0:05\", title = \"Unlisted\", listed = false },\n\
        { start = \"0:09\", title = { zh-Hans = \"第二座\", en = \"The second\" } },\n\
        { start = \"9:00\", title = \"After the end\" },\n]\n+++\n";
    let talk = "1\n00:00:01,000 --> 00:00:04,000\n这是第一座桥。\nThis is the first bridge.\n\n\
        2\n00:00:10,000 --> 00:00:14,000\n这是第二座桥。\nThis is the second bridge.\n";
    let project = Project::of(&[
        ("content/bridges/one/episode.md", episode),
        ("content/bridges/one/transcript.srt", talk),
        ("site.toml", "languages = [\"zh-Hans\", \"en\"]\n"),
    ]);
    project.build();
    let site = project.site();
    let page = site.page("bridges/one/index.html");
    let order: Vec<String> = find(&page, "#transcript .sec, #transcript .t > div")
        .iter()
        .map(|part| text_of(part).trim().to_owned())
        .collect();
    assert_eq!(
        order,
        [
            "第一座 The first",
            "这是第一座桥。This is the first bridge.",
            "第二座 The second",
            "这是第二座桥。This is the second bridge."
        ]
    );
    let links: Vec<(String, String)> = find(&page, ".contents a")
        .iter()
        .map(|link| (link.attr("href").expect("an address").to_owned(), text_of(link)))
        .collect();
    let wanted = [("#part-1", "0:00第一座 The first"), ("#part-2", "0:09第二座 The second")];
    assert_eq!(links, wanted.map(|(url, text)| (url.to_owned(), text.to_owned())));
}

#[test]
fn a_folder_of_tracks_alone_is_an_episode_wherever_it_lies() {
    let srt = |text: &str| format!("1\n00:00:01,000 --> 00:00:03,000\n{text}\n");
    let (en, zh) = (srt("The lamp is lit."), srt("灯亮了。"));
    let project = Project::of(&[
        ("site.toml", "languages = [\"zh-Hans\", \"en\"]\n"),
        ("content/loose/transcript.en.srt", &en),
        ("content/loose/transcript.zh-Hans.srt", &zh),
        ("content/ferry/one/transcript.en.srt", &en),
        ("content/ferry/one/transcript.zh-Hans.srt", &zh),
        ("content/ferry/two/en.srt", &en),
        ("content/ferry/two/zh-Hans.srt", &zh),
        ("content/ferry/season/transcript.en.srt", &en),
        ("content/ferry/season/other.srt", &en),
        ("content/lamps/show.toml", "title = \"Lamps\"\n"),
        ("content/lamps/transcript.en.srt", &en),
    ]);
    project.build();
    let site = project.site();
    let pages = [
        "archive/loose/",
        "ferry/one/",
        "ferry/two/",
        "ferry/transcript/",
        "ferry/other/",
        "lamps/transcript/",
    ];
    for page in pages {
        assert!(site.0.contains_key(&format!("{page}index.html")), "{page}: {:?}", site.0.keys());
    }
    for page in &pages[..3] {
        let text = site.text(&format!("{page}index.html"));
        assert!(text.contains("灯亮了。") && text.contains("The lamp is lit."), "{page}");
    }
}
