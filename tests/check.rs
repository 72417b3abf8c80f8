//! `diglot check` on small sites: each code at its place, the three forms of output, and the ways
//! in which a finding is silenced.

mod support;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;
use support::{Project, Run, Tree, repository, shared};

fn check(project: &Project, more: &[&str]) -> Run {
    let mut call = project.diglot(&["check", "--format", "json"]);
    for argument in more {
        call = call.arg(argument);
    }
    call.in_root().run()
}

/// The findings that have a code, each as `path:line:column message`.
fn told(run: &Run, code: &str) -> Vec<String> {
    let all = run.json()["diagnostics"].as_array().expect("a list").clone();
    let own = all.into_iter().filter(|one| one["code"] == code);
    own.map(|one| {
        let at = |key: &str| one[key].as_u64().map_or("-".to_owned(), |number| number.to_string());
        let path = one["path"].as_str().unwrap_or("-");
        format!("{path}:{}:{} {}", at("line"), at("column"), one["message"].as_str().unwrap_or_default())
    })
    .collect()
}

fn codes(run: &Run) -> BTreeSet<String> {
    let all = run.json()["diagnostics"].as_array().expect("a list").clone();
    all.iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
}

const SETTINGS: &str = "base_url = \"https://example.org/\"\nlanguages = [\"zh-Hans\", \"en\"]\n";

/// A project of one saved page whose cues are `label | zh | en`, a text left out by `-`.
fn page(cues: &[(&str, &str, &str)]) -> Project {
    Project::of(&[("site.toml", SETTINGS), ("content/a.txt", &page_text(cues))])
}

fn page_text(cues: &[(&str, &str, &str)]) -> String {
    let mut text = String::new();
    for (label, zh, en) in cues {
        let texts = [zh, en].into_iter().filter(|text| **text != "-").map(|text| format!("{text}\n\n"));
        text += &format!("{label}\n\n{}", texts.collect::<String>());
    }
    text
}

const LIT: (&str, &str, &str) = ("Speaker 0", "灯亮了。", "The lamp is lit.");
const OUT: (&str, &str, &str) = ("Speaker 1", "灯灭了。", "The lamp is out.");

#[test]
fn a_sound_site_is_fine_and_nothing_is_written() {
    let project = page(&[LIT, OUT]);
    let before = Tree::of(&project.path(""));
    let run = check(&project, &["--strict"]).exits(0);
    assert_eq!(codes(&run), BTreeSet::from(["speaker-unknown".to_owned()]), "{}", run.stdout);
    before.equals(&Tree::of(&project.path("")), "after a check");
}

#[test]
fn a_line_without_a_translation_is_told_and_a_run_of_them_once() {
    let project = page(&[
        LIT,
        ("Speaker 0", "船从对岸慢慢地过来了。", "-"),
        OUT,
        ("Speaker 0", "-", "Who is it that rang the bell?"),
        ("Speaker 1", "-", "A friend of the ferryman rang it."),
        OUT,
        LIT,
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "translation-missing"),
        [
            "content/a.txt:9:1 this line has no text in `en`",
            "content/a.txt:19:1 this line and 1 after it have no text in `zh-Hans`"
        ]
    );
    check(&project, &["--strict"]).exits(1);
}

#[test]
fn exclamations_without_a_translation_are_a_note_together() {
    let run =
        check(&page(&[LIT, ("Speaker 0", "-", "Oh."), OUT, ("Speaker 1", "-", "Okay?"), LIT]), &["--strict"]);
    let run = run.exits(0);
    let found = told(&run, "translation-missing");
    assert_eq!(found, ["content/a.txt:9:1 2 short lines have no text in `zh-Hans`, this one first"]);
}

#[test]
fn an_episode_without_one_of_its_shows_languages_is_told() {
    let project = Project::of(&[("site.toml", SETTINGS), ("content/a.md", "**Ada:** The lamp is lit.\n")]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(told(&run, "translation-missing"), ["content/a.md:1:1 content/a.md has no line in `zh-Hans`"]);
}

#[test]
fn a_translation_that_was_cut_off_is_found_by_the_episodes_own_measure() {
    let zh = "我们在河边等了整整一个晚上，直到对岸的灯一盏一盏地亮起来。";
    let en =
        "We waited by the river for the whole night, until the lamps on the other bank came on one by one.";
    let mut cues = vec![("Speaker 0", zh, en); 40];
    let long = "他说那条船每年只来一次，来的时候不带货，也不带人，只在码头停一刻钟，然后又顺着水走了，没有人知道为什么。";
    cues[20] = ("Speaker 0", long, "He said that the boat comes once.");
    let run = check(&page(&cues), &[]).exits(0);
    let found = told(&run, "translation-length");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("content/a.txt:125:1 this line is "), "{found:?}");
    assert!(found[0].contains("times shorter in `en`, beside `zh-Hans`"), "{found:?}");
}

#[test]
fn numbers_that_differ_are_told_and_other_forms_of_a_number_are_not() {
    let project = page(&[
        ("Speaker 0", "我们有8亿用户。", "We have 800 million users."),
        ("Speaker 0", "大约有百分之三十。", "It is about thirty percent."),
        ("Speaker 0", "那是3月的事。", "That was in March."),
        ("Speaker 0", "他等了3个小时。", "He waited for three hours."),
        ("Speaker 0", "一百二十万本。", "1.2 million copies."),
        ("Speaker 0", "90年代的船。", "A boat of the 1990s."),
        ("Speaker 0", "几十条船。", "Dozens of boats."),
        ("Speaker 0", "二十二条船。", "Twenty-two boats."),
        ("Speaker 0", "第二十一条船。", "The twenty-first boat."),
        ("Speaker 0", "一共两个半小时，在零三年。", "2.5 hours in all, in 2003."),
        ("Speaker 0", "一共十三个半小时。", "Thirteen and a half hours."),
        ("Speaker 0", "百分之三点五，GPT-4o。", "3.5 percent, by GPT four o."),
        ("Speaker 0", "五十多条船，第十二次。", "Many boats, once more."),
        ("Speaker 0", "我们有4.1版，还有24号船。", "We have four one, and boat two four."),
        ("Speaker 1", "我们有80亿用户。", "We have 800 million users."),
        ("Speaker 1", "灯亮了350次。", "The lamp was lit."),
        ("Speaker 1", "那是一种船。", "It is a boat, 100% of it."),
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "numbers-differ"),
        [
            "content/a.txt:87:4 `80亿` (8000000000) in `zh-Hans` is `800 million` (800000000) in `en`",
            "content/a.txt:93:4 `350` is in `zh-Hans`, and no such number in `en`",
            "content/a.txt:101:15 `100` is in `en`, and no such number in `zh-Hans`"
        ]
    );
}

#[test]
fn a_number_is_found_in_the_words_of_a_cue_and_not_in_its_times() {
    let tracks = |zh: &str, en: &str| {
        let cue = |text: &str| format!("3\n00:00:03,000 --> 00:00:33,000\n{text}\n\n");
        Project::of(&[
            ("site.toml", SETTINGS),
            ("content/a/transcript.zh-Hans.srt", &cue(zh)),
            ("content/a/transcript.en.srt", &cue(en)),
        ])
    };
    let run =
        check(&tracks("那里有<i>3</i>盏灯，\n还有3条船。", "There are some lamps,\nand some boats."), &[])
            .exits(0);
    assert_eq!(
        told(&run, "numbers-differ"),
        ["content/a/transcript.zh-Hans.srt:3:7 `3` is in `zh-Hans`, and no such number in `en`"]
    );
    for (zh, en) in [
        ("它是 t^3 的船。", "It is t cubed, a boat."),
        ("大约是 1 / 40 的船。", "It is a fortieth of a boat."),
        ("在（4,1）有一条船。", "There is a boat at 4, 1."),
        ("它重一万亿吨。", "It weighs a trillion tons."),
    ] {
        assert_eq!(told(&check(&tracks(zh, en), &[]).exits(0), "numbers-differ"), [""; 0], "{zh}");
    }
}

#[test]
fn a_line_that_was_not_translated_is_told_and_a_term_is_not() {
    let said = "This is the line that nobody has translated.";
    let project = Project::of(&[
        ("site.toml", SETTINGS),
        ("content/a.en.md", &format!("**Ada:** The lamp is lit.\n\n**Bo:** {said}\n\n**Ada:** the API.\n")),
        ("content/a.zh-Hans.md", &format!("**Ada:** 灯亮了。\n\n**Bo:** {said}\n\n**Ada:** API。\n")),
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "untranslated"),
        [format!("content/a.zh-Hans.md:3:9 this line is not in `zh-Hans`: {said}")]
    );
}

#[test]
fn a_sentence_that_another_speaker_ends_is_told_and_an_interjection_is_not() {
    let project = page(&[
        LIT,
        OUT,
        ("Speaker 0", "我认为那条船", "I think that the boat"),
        ("Speaker 1", "今晚不会来。", "will not come tonight."),
        ("Speaker 0", "我认为那条船", "I think that the boat"),
        ("Speaker 1", "对。", "Yes."),
        LIT,
        OUT,
        LIT,
        OUT,
        LIT,
        OUT,
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "sentence-cut"),
        ["content/a.txt:17:3 a sentence of `Speaker 0` goes on under `Speaker 1`"]
    );
}

#[test]
fn times_of_turns_that_go_back_overlap_or_are_empty_are_told() {
    let text = "[0:10] **Ada:** One.\n\n[0:20 - 0:40] **Bo:** Two.\n\n[0:30] **Ada:** Three.\n\n\
                [0:05] **Bo:** Four.\n\n[0:50 - 0:50] **Ada:** Five.\n";
    let run = check(&Project::of(&[("content/a.md", text)]), &[]).exits(0);
    assert_eq!(
        told(&run, "cue-backwards"),
        ["content/a.md:7:1 this line starts at 0:05, the one above it at 0:30"]
    );
    assert_eq!(told(&run, "cue-overlap").len(), 1, "{}", run.stdout);
    assert_eq!(told(&run, "cue-zero-length"), ["content/a.md:9:1 this line is said in no time"]);
}

#[test]
fn what_a_build_reports_of_subtitles_is_told_once() {
    let text = "WEBVTT\n\n00:00.000 --> 00:05.000\nOne.\n\n00:03.000 --> 00:06.000\nTwo.\n";
    let project = Project::of(&[("content/a.vtt", text)]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(told(&run, "cue-overlap"), ["content/a.vtt:6:1 this cue starts before the one above it ends"]);
    let built = project.build();
    built.says("warning[cue-overlap]");
}

#[test]
fn labels_that_are_nearly_one_another_or_nearly_somebody_are_told() {
    let project = Project::of(&[
        ("content/people.toml", "[shen-yao]\nname = { \"zh-Hans\" = \"沈遥\", en = \"Shen Yao\" }\n"),
        (
            "content/a.md",
            "**Sherwin:** One.\n\n**Sherwin:** Two.\n\n**Shen Yao:** Three.\n\n**Sherwin:** Four.\n",
        ),
        ("content/b.md", "**Sherman:** One.\n\n**Shen Yau:** Two.\n\n**Lin Yue:** Three.\n"),
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "label-near"),
        ["content/b.md:1:3 `Sherman` is nearly `Sherwin`, which 3 lines have"]
    );
    assert_eq!(
        told(&run, "label-alias"),
        ["content/b.md:3:3 `Shen Yau` may be `Shen Yao`, whom content/people.toml knows"]
    );
    assert_eq!(
        told(&run, "speaker-unknown"),
        ["content/a.md:1:3 `Sherwin` stands for nobody", "content/b.md:5:3 `Lin Yue` stands for nobody"]
    );
}

#[test]
fn two_who_talk_with_each_other_are_two() {
    let turns = "**Marian:** One.\n\n**Marion:** Two.\n\n".repeat(6);
    let run = check(&Project::of(&[("content/a.md", &turns)]), &[]).exits(0);
    assert_eq!(told(&run, "label-near"), [""; 0]);
}

#[test]
fn a_quote_that_no_longer_holds_is_an_error() {
    let project = Project::of(&[(
        "content/a.txt",
        "+++\nhighlights = [\"The lamp is red.\"]\n+++\nSpeaker 0\n\nThe lamp is lit.\n\nSpeaker 1\n\nYes.\n",
    )]);
    let run = check(&project, &[]).exits(1);
    assert_eq!(
        told(&run, "quote-not-verbatim"),
        ["content/a.txt:2:15 this highlight is not in the transcript"]
    );
}

#[test]
fn half_width_marks_between_wide_characters_are_counted() {
    let project = page(&[
        ("Speaker 0", "灯,亮了?", "The lamp, lit?"),
        ("Speaker 1", "版本2.0,好。", "Version 2.0, good."),
    ]);
    let run = check(&project, &["--strict"]).exits(0);
    assert_eq!(
        told(&run, "half-width"),
        [
            "content/a.txt:3:2 2 half-width marks stand between wide characters, in 1 of the lines in `zh-Hans`"
        ]
    );
}

#[test]
fn words_that_a_recogniser_said_twice_are_told_and_those_doubled_on_purpose_are_not() {
    let project = page(&[
        ("Speaker 0", "我们我们等船。", "We wait for the the boat."),
        ("Speaker 1", "一个一个来，哈哈哈哈哈哈。", "It is very very far, more and more and more."),
        ("Speaker 0", "因为他不知道他不知道。", "I think I think so."),
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "said-twice"),
        [
            "content/a.txt:3:1 `我们` stands here twice",
            "content/a.txt:5:13 `the` stands here twice",
            "content/a.txt:15:3 `他不知道` stands here twice",
            "content/a.txt:17:1 `I think` stands here twice",
        ]
    );
    let many = "**Ada:** Wait for the the boat.\n\n".repeat(9) + "**Bo:** Yes.\n";
    let run = check(&Project::of(&[("content/a.md", &many)]), &[]).exits(0);
    let found = told(&run, "said-twice");
    assert!(
        found[1].ends_with("words stand twice in a row at 9 places in `en`; the first is `the`"),
        "{found:?}"
    );
    let again = "**Ada:** The lamp is lit.\n\n".repeat(4) + "**Bo:** Yes.\n";
    let run = check(&Project::of(&[("content/a.md", &again)]), &[]).exits(0);
    assert_eq!(told(&run, "said-twice"), ["content/a.md:1:10 this line comes 4 times in a row"]);
}

const NOTES: &str = "+++\ntitle = \"A\"\n+++\n\n## Part one\n\nSee [the other](../b/), [nothing](../c/), \
                     [here](#notes-part-one), [nowhere](#part), [there](../b/#zzzzzz), [root](/x/) and ![](light.png).\n";

fn linked() -> Project {
    Project::of(&[
        ("site.toml", "base_url = \"https://example.org/pods/\"\n"),
        ("content/talks/a/episode.md", NOTES),
        ("content/talks/a/transcript.txt", &page_text(&[LIT, OUT])),
        ("content/talks/a/light.png", "no picture"),
        ("content/talks/b.txt", &page_text(&[LIT, OUT])),
    ])
}

#[test]
fn links_and_anchors_of_the_notes_must_lead_somewhere() {
    let run = check(&linked(), &[]).exits(0);
    let path = "content/talks/a/episode.md";
    assert_eq!(
        told(&run, "link-broken"),
        [
            format!("{path}:7:35 `../c/` leads to nothing in the site"),
            format!("{path}:7:116 `/x/` leads out of the site, which lives under /pods/"),
        ]
    );
    assert_eq!(
        told(&run, "anchor-broken"),
        [
            format!("{path}:7:78 `#part` leads to no place on its page"),
            format!("{path}:7:94 `../b/#zzzzzz` leads to no place on its page"),
        ]
    );
    assert_eq!(
        told(&run, "image-alt"),
        [format!("{path}:7:125 the picture `light.png` has no alternative text")]
    );
}

#[test]
fn a_broken_link_of_a_template_is_told_once_at_its_place() {
    let own = "<!DOCTYPE html><html lang=en><title>x</title><p><a href=\"/about/\">about</a> <img src=\"/lamp.png\">";
    let project = linked().file("templates/show.html", own).file("templates/tags.html", own);
    let run = check(&project, &[]).exits(0);
    let own: Vec<_> = told(&run, "link-broken").into_iter().filter(|one| one.contains("/about/")).collect();
    assert_eq!(own, ["templates/show.html:1:58 `/about/` leads out of the site, which lives under /pods/"]);
    let alt: Vec<_> = told(&run, "image-alt").into_iter().filter(|one| one.contains("lamp")).collect();
    assert_eq!(alt, ["templates/show.html:1:87 the picture `/lamp.png` has no alternative text"]);
}

#[test]
fn what_github_pages_refuses_is_told_for_that_target_alone() {
    let project = page(&[LIT, OUT]).file("static/CNAME", "https://pods.example.org/\n");
    project.build();
    #[cfg(unix)]
    std::os::unix::fs::symlink("index.html", project.path("public/again.html")).expect("a link can be made");
    std::fs::hard_link(project.path("public/index.html"), project.path("public/twice.html"))
        .expect("so can this");
    let run = check(&project, &[]).exits(0);
    assert!(!codes(&run).iter().any(|code| code.starts_with("pages-")), "{}", run.stdout);
    let run = check(&project, &["--target", "github-pages"]).exits(1);
    let links = told(&run, "pages-link");
    #[cfg(unix)]
    assert_eq!(links.len(), 3, "{links:?}");
    assert!(
        links.iter().any(|one| one.contains("again.html in the output folder is a symbolic link")),
        "{links:?}"
    );
    assert_eq!(told(&run, "pages-cname"), ["static/CNAME:1:1 CNAME is not one domain"]);
    let run = check(&page(&[LIT]), &["--target", "github-pages", "--base-url", "/pods/"]).exits(0);
    assert_eq!(told(&run, "pages-base-url").len(), 1, "{}", run.stdout);
}

/// A host that knows one page.
fn host() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("this machine talks to itself");
    let address = listener.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("it connects");
            let mut asked = [0; 2048];
            let length = stream.read(&mut asked).unwrap_or(0);
            let asked = String::from_utf8_lossy(&asked[..length]).into_owned();
            let status = match asked.split(' ').nth(1) {
                Some("/there") => "200 OK",
                Some("/closed") => "403 Forbidden",
                _ => "404 Not Found",
            };
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    format!("http://{address}")
}

#[test]
fn links_out_of_the_site_are_visited_when_asked() {
    let host = host();
    let notes = format!(
        "+++\ntitle = \"A\"\n+++\n\n[one]({host}/there#x) [two]({host}/gone) [three]({host}/closed)\n"
    );
    let project =
        Project::of(&[("content/a/episode.md", &notes), ("content/a/transcript.txt", &page_text(&[LIT]))]);
    let run = check(&project, &[]).exits(0);
    assert!(told(&run, "link-dead").is_empty());
    let run = check(&project, &["--external"]).exits(0);
    let dead = told(&run, "link-dead");
    assert_eq!(dead.len(), 1, "{}", run.stdout);
    assert!(
        dead[0].starts_with("content/a/episode.md:5:")
            && dead[0].contains("/gone is not there: its host answers 404"),
        "{dead:?}"
    );
    let refused = told(&run, "link-refused");
    assert!(
        refused.len() == 1 && refused[0].contains("/closed was not shown: its host answers 403"),
        "{refused:?}"
    );
}

#[test]
fn a_finding_is_silenced_in_settings_in_front_matter_and_by_a_comment() {
    let text = "**Ada:** Wait for the the boat.\n\n**Bo:** It is the the boat.\n";
    let silent = |project: Project| {
        let run = check(&project, &[]).exits(0);
        told(&run, "said-twice")
    };
    let site = |settings: &str, text: &str| Project::of(&[("site.toml", settings), ("content/a.md", text)]);
    assert_eq!(silent(site("", text)).len(), 2);
    assert_eq!(silent(site("[check]\nallow = [\"said-twice\"]\n", text)), [""; 0]);
    assert_eq!(silent(site("", &format!("+++\nallow = [\"said-twice\"]\n+++\n{text}"))), [""; 0]);
    assert_eq!(silent(site("", &format!("---\nallow: [said-twice]\n---\n{text}"))), [""; 0]);
    let above = silent(site("", &format!("<!-- diglot-allow said-twice -->\n{text}")));
    assert_eq!(above.len(), 1, "the line that follows alone: {above:?}");
    assert!(above[0].starts_with("content/a.md:4:"), "{above:?}");
    let below = text.replace("\n\n", "\n\n<!-- diglot-allow cue-overlap said-twice -->\n\n");
    let below = silent(site("", &below));
    assert!(below.len() == 1 && below[0].starts_with("content/a.md:1:"), "{below:?}");
}

#[test]
fn a_comment_of_webvtt_and_one_in_notes_silence_what_follows() {
    let text = "WEBVTT\n\n00:00.000 --> 00:05.000\nOne.\n\nNOTE diglot-allow cue-overlap\n\n00:03.000 --> 00:06.000\nTwo.\n\n00:04.000 --> 00:07.000\nThree.\n";
    let run = check(&Project::of(&[("content/a.vtt", text)]), &[]).exits(0);
    assert_eq!(
        told(&run, "cue-overlap"),
        ["content/a.vtt:11:1 this cue starts before the one above it ends"]
    );
    let notes = NOTES.replace("See [the", "<!-- diglot-allow link-broken image-alt -->\n\nSee [the");
    let run = check(&linked().file("content/talks/a/episode.md", &notes), &[]).exits(0);
    assert_eq!((told(&run, "link-broken").len(), told(&run, "image-alt").len()), (0, 0), "{}", run.stdout);
    assert_eq!(told(&run, "anchor-broken").len(), 2);
}

#[test]
fn what_cannot_be_silenced_is_told() {
    let project = Project::of(&[
        ("site.toml", "[check]\nallow = [\"said-twise\", \"no-cues\"]\n"),
        ("content/a.md", "<!-- diglot-allow nothing -->\n**Ada:** The lamp is lit.\n"),
        ("content/b.md", "+++\nallow = [\"half-widht\"]\n+++\n**Ada:** The lamp is lit.\n"),
    ]);
    let run = check(&project, &[]).exits(0);
    assert_eq!(
        told(&run, "allow"),
        [
            "content/a.md:1:6 there is no code `nothing`",
            "content/b.md:2:10 there is no code `half-widht`",
            "site.toml:2:10 there is no code `said-twise`",
            "site.toml:2:24 `no-cues` is an error, and cannot be silenced",
        ]
    );
    let help: Vec<Value> = run.json()["diagnostics"].as_array().expect("a list").to_vec();
    assert!(help.iter().any(|one| one["help"] == "did you mean `said-twice`?"));
}

fn mixed() -> Project {
    Project::of(&[
        ("site.toml", "base_url = \"https://example.org/\"\n"),
        ("content/100%: a, b.md", "**Ada:** Wait for the the boat.\n\n**Bo:** Yes.\n"),
        ("content/c.txt", "+++\ntitel = \"C\"\n+++\nSpeaker 0\n\nHello.\n"),
    ])
}

#[test]
fn a_person_reads_findings_as_a_build_tells_them_and_a_last_line() {
    let run = mixed().diglot(&["check"]).in_root().run().exits(1);
    assert_eq!(run.stdout, "");
    assert_eq!(
        run.stderr,
        "\
note[said-twice]: `the` stands here twice
 --> content/100%: a, b.md:1:19
  |
1 | **Ada:** Wait for the the boat.
  |                   ^^^^^^^
  |
  = help: take one of the two out, if it was said once
error[unknown-key]: unknown key `titel` in content/c.txt
 --> content/c.txt:2:1
  |
2 | titel = \"C\"
  | ^^^^^
  |
  = help: did you mean `title`?
note[speaker-unknown]: `Speaker 0` stands for nobody
 --> content/c.txt:4:1
  |
4 | Speaker 0
  | ^^^^^^^^^
  |
  = help: say who it is under [speakers] in the front matter, with a table in content/people.toml
2 episodes, 3 cues: 1 error, 0 warnings, 2 notes
"
    );
}

#[test]
fn data_has_every_key_of_every_finding() {
    let run = check(&mixed(), &[]).exits(1);
    assert_eq!(run.stderr, "");
    assert_eq!(
        run.json()["diagnostics"][1],
        serde_json::json!({
            "code": "unknown-key", "severity": "error", "message": "unknown key `titel` in content/c.txt",
            "path": "content/c.txt", "line": 2, "column": 1, "help": "did you mean `title`?"
        })
    );
    let run = check(&Project::empty(), &[]).exits(0);
    let none = &run.json()["diagnostics"][0];
    assert_eq!(
        (none["code"].as_str(), &none["path"], &none["line"]),
        (Some("empty-archive"), &Value::Null, &Value::Null)
    );
}

#[test]
fn annotations_are_escaped_as_github_asks_and_lead_from_where_one_stands() {
    let project = mixed();
    let run = project.diglot(&["check", "--format", "github", "--root", "."]).run().exits(1);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "::notice file=content/100%25%3A a%2C b.md,line=1,col=19,title=said-twice::`the` stands here twice%0Ahelp: take one of the two out, if it was said once",
            "::error file=content/c.txt,line=2,col=1,title=unknown-key::unknown key `titel` in content/c.txt%0Ahelp: did you mean `title`?",
            "::notice file=content/c.txt,line=4,col=1,title=speaker-unknown::`Speaker 0` stands for nobody%0Ahelp: say who it is under [speakers] in the front matter, with a table in content/people.toml",
        ]
    );
    let below = Project::of(&[("pods/content/a.md", "**Ada:** Wait for the the boat.\n")]);
    let run = below.diglot(&["check", "--format", "github", "--root", "pods"]).run().exits(0);
    assert!(run.stdout.contains("file=pods/content/a.md,"), "{}", run.stdout);
}

#[test]
fn a_usage_that_is_not_understood_ends_with_two_and_a_missing_folder_with_three() {
    let project = Project::empty();
    project.diglot(&["check", "--format", "xml"]).run().exits(2);
    project.diglot(&["check", "--target", "elsewhere"]).run().exits(2);
    project.diglot(&["check", "--root", "nowhere"]).run().exits(3);
}

#[test]
fn every_code_of_the_documentation_is_explained() {
    let project = Project::empty();
    let page = std::fs::read_to_string(repository("docs/codes.md")).expect("it is there");
    let list = project.diglot(&["explain"]).run().exits(0).stdout;
    let codes: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(codes.len() > 80, "{}", codes.len());
    for code in codes {
        let run = project.diglot(&["explain", code]).run().exits(0);
        assert!(
            run.stdout.starts_with(&format!("{code} (")) && run.stdout.contains("What to do: "),
            "{}",
            run.stdout
        );
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
        assert!(list.contains(&format!("  {code} ")), "{code}");
    }
    let run = project.diglot(&["explain", "cue-overlp"]).run().exits(2);
    run.says("did you mean `cue-overlap`?");
}

#[test]
fn a_check_does_not_disturb_what_builds_remember() {
    let project = page(&[LIT, OUT]);
    project.build();
    let before = Tree::of(&project.path(""));
    check(&project, &[]).exits(0);
    before.equals(&Tree::of(&project.path("")), "after a check");
    assert_eq!(project.build().number("rendered"), 0);
}

#[test]
fn the_same_findings_come_with_any_number_of_threads() {
    let project = linked().copy(&repository("content"), "content");
    let one = project.diglot(&["check", "--format", "json"]).env("RAYON_NUM_THREADS", "1").in_root().run();
    for threads in ["2", "7"] {
        let other =
            project.diglot(&["check", "--format", "json"]).env("RAYON_NUM_THREADS", threads).in_root().run();
        assert_eq!(one.stdout, other.stdout, "{threads} threads");
    }
}

#[test]
fn the_demo_has_nothing_to_mend() {
    let project = Project::empty().copy(&repository("content"), "content");
    let project =
        project.file("site.toml", std::fs::read(repository("site.toml")).expect("the demo has settings"));
    let run = check(&project, &["--strict", "--target", "github-pages"]).exits(0);
    let all = run.json()["diagnostics"].as_array().expect("a list").clone();
    let worse: Vec<_> = all.iter().filter(|one| one["severity"] != "note").collect();
    assert!(worse.is_empty(), "{worse:?}");
}

#[test]
fn the_truncated_translation_of_the_seed_is_found() {
    let Some(seed) = shared("seed/a16z-openai-800m.txt") else { return };
    let project = Project::empty().file("content/a.txt", std::fs::read(seed).expect("it can be read"));
    let run = check(&project, &[]).exits(0);
    assert!(!told(&run, "translation-length").is_empty());
    assert_eq!(told(&run, "translation-missing").len(), 1, "cue 320 has one text");
}
