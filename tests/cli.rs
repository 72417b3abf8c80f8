//! The contract of the command line: exit codes, what goes to stdout and what to stderr, and the
//! shapes of the data.

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::{Project, Run};

const TALK: &str = "Speaker 0\n\n你好，世界。\n\nHello, world.\n\nSpeaker 1\n\n好。\n\nFine.\n";

fn talk() -> Project {
    Project::of(&[("content/talk.txt", TALK), ("site.toml", "base_url = \"https://example.org/\"\n")])
}

fn call(arguments: &[&str]) -> Run {
    Project::empty().diglot(arguments).run()
}

#[test]
fn without_a_command_it_says_what_to_do() {
    let run = call(&[]).exits(2);
    assert_eq!(run.stdout, "");
    run.says("diglot serve");
    run.says("diglot --help");
}

#[test]
fn what_the_command_line_does_not_know_is_wrong_usage() {
    for arguments in [
        &["--frobnicate"][..],
        &["build", "--frobnicate"],
        &["frobnicate"],
        &["convert"],
        &["convert", "a.txt", "--to", "pdf"],
        &["convert", "a.txt", "--lang", "no such language"],
        &["convert", "a.txt", "--from", "no such form"],
        &["build", "--base-url", "not an address"],
        &["serve", "--port", "many"],
        &["build", "left-over"],
    ] {
        let run = call(arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_misspelt_flag_is_answered_with_the_one_that_was_meant() {
    call(&["build", "--outptu", "x"]).exits(2).says("--output");
}

#[test]
fn version_and_help_are_data() {
    let version = call(&["--version"]).exits(0);
    assert_eq!(version.stdout, format!("diglot {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(version.stderr, "");
    let help = call(&["--help"]).exits(0);
    assert_eq!(help.stderr, "");
    for command in ["build", "serve", "convert"] {
        assert!(help.stdout.contains(command), "{command}");
    }
}

#[test]
fn the_summary_is_one_object_with_every_figure() {
    let run = talk().diglot(&["build", "--json"]).run().exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    let summary = run.json();
    let keys: BTreeSet<_> = summary.as_object().expect("an object").keys().map(String::as_str).collect();
    for key in ["episodes", "cues", "pages", "changed", "unchanged", "removed", "warnings", "bytes", "phases"]
    {
        assert!(keys.contains(key), "no {key} in {summary}");
    }
    assert_eq!((run.number("episodes"), run.number("cues"), run.number("warnings")), (1, 2, 0));
    let phases = summary["phases"].as_object().expect("a time per phase");
    assert!(!phases.is_empty() && phases.values().all(Value::is_number), "{summary}");
}

#[test]
fn the_summary_counts_what_is_there() {
    let project = talk();
    let run = project.build();
    let site = project.site();
    let ours = site.0.iter().filter(|(path, _)| *path != ".diglot-manifest");
    assert_eq!(run.number("pages") as usize, site.pages().count());
    assert_eq!(run.number("bytes") as usize, ours.map(|(_, bytes)| bytes.len()).sum::<usize>());
    assert_eq!(run.number("changed") as usize, site.0.len() - 1);
}

#[test]
fn without_json_a_build_has_no_data() {
    let run = talk().diglot(&["build"]).run().exits(0);
    assert_eq!(run.stdout, "");
    run.says("1 episode, 2 cues");
    run.says("public");
}

#[test]
fn mistakes_in_the_content_are_one_and_leave_stdout_to_data() {
    let project = talk().file("content/other.txt", "+++\ntitel = 1\n+++\n".to_owned() + TALK);
    let run = project.diglot(&["build"]).run().exits(1);
    assert_eq!(run.stdout, "");
    run.says("unknown-key");
    let run = project.diglot(&["build", "--json"]).run().exits(1);
    assert_eq!(run.number("errors"), 1);
}

#[test]
fn strict_lets_a_warning_stop_the_build() {
    let project = Project::of(&[("content/talk.txt", &format!("+++\nslug = \"A b!\"\n+++\n{TALK}"))]);
    let run = project.diglot(&["build", "--strict"]).run().exits(1);
    run.says("warning[slug]");
    assert!(!project.path("public").exists());
    project.diglot(&["build"]).run().exits(0).says("warning[slug]");
    assert!(project.path("public/index.html").exists());
}

#[test]
fn an_output_that_cannot_be_made_is_the_worlds_failure() {
    let project = talk().file("public", "a file");
    let run = project.diglot(&["build"]).run().exits(3);
    assert_eq!(run.stdout, "");
    run.says("public");
    assert_eq!(std::fs::read(project.path("public")).expect("it is still there"), b"a file");

    // A file where a folder is needed stops even a superuser.
    let project = talk().file("full", "a file");
    project.diglot(&["build", "--output", "full/site"]).run().exits(3).says("full");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_the_worlds_failure() {
    use std::os::unix::fs::PermissionsExt;
    let project = talk().file("locked/keep", "");
    let locked = project.path("locked");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o555)).expect("it is ours");
    if std::fs::write(locked.join("probe"), "").is_ok() {
        support::say!("skipped: this user may write anywhere");
        return;
    }
    let run = project.diglot(&["build", "--output", "locked/site"]).run();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    run.exits(3).says("locked");
}

#[test]
fn a_root_or_an_input_that_is_not_there_is_the_worlds_failure() {
    call(&["build", "--root", "nowhere"]).exits(3).says("nowhere");
    let run = call(&["convert", "nowhere.txt"]).exits(3);
    assert_eq!(run.stdout, "");
    run.says("nowhere.txt");
}

#[test]
fn an_output_folder_on_the_command_line_is_from_where_one_stands() {
    let project = talk();
    project.diglot(&["build", "--output", "elsewhere/site", "--base-url", "/sub/"]).run().exits(0);
    assert!(project.path("elsewhere/site/index.html").exists());
    assert!(!project.path("public").exists());
    let home = std::fs::read_to_string(project.path("elsewhere/site/index.html")).expect("the home page");
    assert!(home.contains("/sub/diglot.css"), "{home}");
}

#[test]
fn drafts_are_built_only_when_asked_for() {
    let project = talk().file("content/draft.txt", "+++\ndraft = true\n+++\n".to_owned() + TALK);
    assert_eq!(project.diglot(&["build", "--json"]).run().exits(0).number("episodes"), 1);
    assert_eq!(project.diglot(&["build", "--json", "--drafts"]).run().exits(0).number("episodes"), 2);
}

#[test]
fn force_writes_every_file_again() {
    let project = talk();
    let first = project.build().number("changed");
    let again = project.diglot(&["build", "--json", "--force"]).run().exits(0);
    assert_eq!((again.number("changed"), again.number("unchanged")), (first, 0));
}

#[test]
fn what_is_printed_to_a_file_has_no_colour() {
    let project = talk().file("content/other.txt", "+++\ntitel = 1\n+++\n".to_owned() + TALK);
    for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0"), ("TERM", "xterm-256color")] {
        let run = project.diglot(&["build"]).env(name, value).run().exits(1);
        assert!(!run.stderr.contains('\u{1b}'), "{name}: {}", run.stderr);
    }
}

/// What `convert` makes of a text, without the ids, which are of the form they should have.
fn converted(text: &str) -> Value {
    let project = Project::of(&[("a.md", text)]);
    let run = project.diglot(&["convert", "a.md"]).run().exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    let mut data = run.json();
    let cues = data["cues"].as_array_mut().expect("cues");
    let mut ids = BTreeSet::new();
    for cue in cues {
        let id = cue.as_object_mut().expect("a cue").remove("id").expect("an id");
        assert!(ids.insert(id.as_str().expect("a string").to_owned()), "{id} comes twice");
    }
    data
}

#[test]
fn convert_says_which_form_it_found_and_takes_another_if_told() {
    let project = Project::of(&[("a.txt", "1\n00:00:01,000 --> 00:00:02,000\nOne.\n")]);
    let run = project.diglot(&["convert", "a.txt", "--verbose"]).run().exits(0);
    run.says("a.txt is read as srt: it has lines with two times");
    assert_eq!(run.json()["cues"][0]["start"], json!(1.0));
    let run = project.diglot(&["convert", "a.txt", "--verbose", "--from", "txt"]).run().exits(0);
    run.says("a.txt is read as txt: --from says so");
    assert_eq!(run.json()["cues"].as_array().map(Vec::len), Some(3));
    project.diglot(&["convert", "a.txt", "--from", "pdf"]).run().exits(2).says("whisper-json");
}

#[test]
fn convert_reads_what_it_writes() {
    let project = talk();
    let first = project.diglot(&["convert", "content/talk.txt"]).run().exits(0);
    project.write("again.json", &first.stdout);
    let second = project.diglot(&["convert", "again.json"]).run().exits(0);
    assert_eq!(first.json(), second.json());
}

#[test]
fn convert_reads_page_text() {
    let text = "Talks - 灯 封面\n\n灯\n\nLamps\n\n本集简介\n\n谈灯。\n\n双语字幕\n\n说明。\n\nSpeaker 0\n\n\
                你好。\n\nHello.\n\n展开剩余字幕(还有 2 条)\nSpeaker 1\n\nI\n\nSpeaker 0\n\nAPI。\n\nthe API.\n\n\
                关于 Porch 播客\n\n尾。\n";
    assert_eq!(
        converted(text),
        json!({ "languages": ["zh-Hans", "en"], "cues": [
            { "speaker": "Speaker 0", "text": { "zh-Hans": "你好。", "en": "Hello." } },
            { "speaker": "Speaker 1", "text": { "en": "I" } },
            { "speaker": "Speaker 0", "text": { "zh-Hans": "API。", "en": "the API." } },
        ] })
    );
}

#[test]
fn convert_reads_every_convention_of_markdown() {
    let said = |speaker: &str, text: &str| json!({ "speaker": speaker, "text": { "en": text } });
    let at = |speaker: &str, start: f64, text: &str| json!({ "start": start, "speaker": speaker, "text": { "en": text } });
    for (form, text, cues) in [
        (
            "a strong label, and a paragraph that goes on",
            "**Ada:** The first line is here.\n\nThe turn goes on.\n\n**Bob:** And this is another one.\n",
            vec![
                said("Ada", "The first line is here."),
                said("Ada", "The turn goes on."),
                said("Bob", "And this is another one."),
            ],
        ),
        (
            "the colon outside",
            "**Ada**: The first line is here.\n\n**Bob**: And this is another one.\n",
            vec![said("Ada", "The first line is here."), said("Bob", "And this is another one.")],
        ),
        (
            "escaped times and a break",
            "**Ada:** \\[00:04\\] The first line is here.\n\n**Break:** \\[01:00\\]\n\n\
             **Bob:** \\[01:02:03.50\\] And this is another one.\n\n**Outro**: \\[1:10:00\\]\n",
            vec![at("Ada", 4.0, "The first line is here."), at("Bob", 3723.5, "And this is another one.")],
        ),
        (
            "a time before the label",
            "[0:12] **Ada**: The first line is here.\n\n[00:01:02] **Bob**: And this is another one.\n",
            vec![at("Ada", 12.0, "The first line is here."), at("Bob", 62.0, "And this is another one.")],
        ),
        (
            "a name and its time on a line",
            "Ada Reed (00:00:12):\nThe first line is here.\n\nBob Lin (00:01:02):\nAnd this is another one.\n",
            vec![
                at("Ada Reed", 12.0, "The first line is here."),
                at("Bob Lin", 62.0, "And this is another one."),
            ],
        ),
        (
            "bare names",
            "Ada: The first line is here.\n\nBob: And this is another one.\n\nAda: A third.\n\nBob: A fourth line.\n",
            vec![
                said("Ada", "The first line is here."),
                said("Bob", "And this is another one."),
                said("Ada", "A third."),
                said("Bob", "A fourth line."),
            ],
        ),
        (
            "markup of the text",
            "**Ada:** A *fine* [place](https://example.com/) to be, `code` & all.\n\n**Bob:** This is so.\n",
            vec![said("Ada", "A fine place to be, code & all."), said("Bob", "This is so.")],
        ),
        (
            "front matter of other tools",
            "---\ntitle: A talk\n---\n\n**Ada:** The first line is here.\n\n**Bob:** And this is another one.\n",
            vec![said("Ada", "The first line is here."), said("Bob", "And this is another one.")],
        ),
    ] {
        assert_eq!(converted(text), json!({ "languages": ["en"], "cues": cues }), "{form}");
    }
}

#[test]
fn convert_reads_names_with_the_wide_colon() {
    let text = "林岳：今天我们谈谈印刷。\n\n沈遥：好，从哪里说起？\n\n林岳：从一个逗号。\n\n沈遥：说吧。\n";
    let said = |speaker: &str, text: &str| json!({ "speaker": speaker, "text": { "zh-Hans": text } });
    let cues = [
        said("林岳", "今天我们谈谈印刷。"),
        said("沈遥", "好，从哪里说起？"),
        said("林岳", "从一个逗号。"),
        said("沈遥", "说吧。"),
    ];
    assert_eq!(converted(text), json!({ "languages": ["zh-Hans"], "cues": cues }));
}

#[test]
fn convert_pairs_the_lines_of_a_paragraph() {
    let text = "[00:15] **Anselm**: 两次。\nTwice.\n\n[00:17] **Yao**: 这位是铸钟师傅。\nThis is the bell founder.\n";
    assert_eq!(
        converted(text),
        json!({ "languages": ["zh-Hans", "en"], "cues": [
            { "start": 15.0, "speaker": "Anselm", "text": { "zh-Hans": "两次。", "en": "Twice." } },
            { "start": 17.0, "speaker": "Yao", "text": { "zh-Hans": "这位是铸钟师傅。", "en": "This is the bell founder." } },
        ] })
    );
}

#[test]
fn convert_can_print_text_and_one_language() {
    let project = talk();
    let run = project.diglot(&["convert", "content/talk.txt", "--to", "txt"]).run().exits(0);
    assert_eq!(run.stdout, "Speaker 0:\n你好，世界。\nHello, world.\n\nSpeaker 1:\n好。\nFine.\n\n");
    assert_eq!(run.stderr, "");
    let run = project.diglot(&["convert", "content/talk.txt", "--to", "txt", "--lang", "en"]).run().exits(0);
    assert_eq!(run.stdout, "Speaker 0:\nHello, world.\n\nSpeaker 1:\nFine.\n\n");
    let run = project.diglot(&["convert", "content/talk.txt", "--lang", "zh-hans"]).run().exits(0);
    assert_eq!(run.json()["languages"], json!(["zh-Hans"]));
    assert_eq!(run.json()["cues"][0]["text"], json!({ "zh-Hans": "你好，世界。" }));
}

#[test]
fn convert_writes_every_format() {
    let text = "[00:15] **Anselm**: 两次。\nTwice.\n\n[00:17] **Yao**: 这位是铸钟师傅。\nThis is the bell founder.\n";
    let project = Project::of(&[("a.md", text)]);
    let convert = |flags: &[&str]| {
        let run = project.diglot(&[&["convert", "a.md"], flags].concat()).run().exits(0);
        assert_eq!(run.stderr, "", "{flags:?}");
        run.stdout
    };
    for (format, part) in [
        (
            "vtt",
            "00:00:15.000 --> 00:00:17.000\n<v Anselm><lang zh-Hans>两次。</lang>\n<lang en>Twice.</lang>\n",
        ),
        ("srt", "1\n00:00:15,000 --> 00:00:17,000\nAnselm: 两次。\nTwice.\n"),
        ("md", "[00:15] **Anselm**: 两次。\nTwice.\n"),
        ("podcast-json", "{\"speaker\":\"Anselm\",\"startTime\":15.0,\"body\":\"两次。\\nTwice.\"}"),
        ("tsv", "15000\t17000\tAnselm\t两次。\tTwice.\n"),
        ("tmx", "<tuv xml:lang=\"en\"><seg>Twice.</seg></tuv>"),
    ] {
        let both = convert(&["--to", format]);
        assert!(both.contains(part), "{format}: {both}");
        assert_eq!(convert(&["--to", format, "--bilingual"]), both);
    }
    assert!(convert(&["--to", "vtt", "--lang", "en"]).contains("\n<v Anselm>Twice.\n"));
    assert_eq!(
        convert(&["--to", "tsv", "--lang", "en"]),
        "start\tend\ttext\n15000\t17000\tTwice.\n17000\t22000\tThis is the bell founder.\n"
    );
}

#[test]
fn convert_says_what_a_format_lacks() {
    let project = talk();
    for (flags, words) in [
        (&["--to", "vtt"][..], "error[no-times]: content/talk.txt has times for 0 of its 2 lines"),
        (&["--to", "srt"], "error[no-times]"),
        (&["--to", "podcast-json"], "error[no-times]"),
        (&["--to", "tmx", "--lang", "en"], "error[no-pairs]"),
        (&["--to", "vtt", "--lang", "fr"], "error[language-absent]"),
    ] {
        let run = project.diglot(&[&["convert", "content/talk.txt"], flags].concat()).run().exits(1);
        assert_eq!(run.stdout, "");
        run.says(words);
    }
    project.diglot(&["convert", "content/talk.txt", "--lang", "en", "--bilingual"]).run().exits(2);
}

#[test]
fn convert_leaves_stdout_empty_where_nothing_is_to_convert() {
    let project = Project::of(&[("empty.txt", "")]).file("broken.txt", b"Speaker 0\n\nbro\xff\xfe\x80ken\n");
    for file in ["empty.txt", "broken.txt"] {
        let run = project.diglot(&["convert", file]).run().exits(1);
        assert_eq!(run.stdout, "", "{file}");
        assert!(run.stderr.contains("error["), "{file}: {}", run.stderr);
    }
}

#[test]
fn a_file_in_another_encoding_converts_to_the_same_data() {
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(TALK.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let utf16_be: Vec<u8> =
        "\u{feff}".encode_utf16().chain(TALK.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let project = Project::of(&[
        ("plain.txt", TALK),
        ("mark.txt", &format!("\u{feff}{TALK}")),
        ("crlf.txt", &TALK.replace('\n', "\r\n")),
        ("cr.txt", &TALK.replace('\n', "\r")),
    ])
    .file("utf16.txt", utf16)
    .file("utf16be.txt", utf16_be);
    let plain = project.diglot(&["convert", "plain.txt"]).run().exits(0).stdout;
    for file in ["mark.txt", "crlf.txt", "cr.txt", "utf16.txt", "utf16be.txt"] {
        assert_eq!(project.diglot(&["convert", file]).run().exits(0).stdout, plain, "{file}");
    }
}

#[test]
fn a_reader_who_leaves_early_meets_no_panic() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let project = Project::of(&[("long.txt", &TALK.repeat(20_000))]);
    let mut convert = Command::new(env!("CARGO_BIN_EXE_diglot"))
        .args(["convert", "long.txt"])
        .current_dir(project.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("diglot runs");
    let mut first = [0; 10];
    convert.stdout.take().expect("it is a pipe").read_exact(&mut first).expect("data comes");
    let told = convert.wait_with_output().expect("it ends").stderr;
    let told = String::from_utf8_lossy(&told);
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn align_prints_rows_with_the_numbers_of_their_cues() {
    let zh = "1\n00:00:03,000 --> 00:00:05,000\n你好，欢迎收听。\n\n2\n00:00:05,000 --> 00:00:09,000\n今天谈谈灯。\n";
    let en = "1\n00:00:03,000 --> 00:00:05,000\nHello and welcome.\n\n2\n00:00:05,000 --> 00:00:07,000\nToday we talk\n\n\
              3\n00:00:07,000 --> 00:00:09,000\nabout lamps.\n";
    let pairs = "[[merge]]\nen = [\"Hello and welcome.\", \"Today we talk\"]\n\n[[pair]]\nen = \"Gone.\"\nzh-Hans = []\n";
    let files = [("a.zh.srt", zh), ("a.en.srt", en)];
    let project = Project::of(&files);
    let data = project.diglot(&["align", "a.zh.srt", "a.en.srt"]).run().exits(0).json();
    assert_eq!(data["languages"], json!(["zh-Hans", "en"]));
    let pairs_of = |data: &Value| -> Vec<Value> {
        let cues = data["cues"].as_array().expect("cues");
        cues.iter().map(|cue| json!([cue["pair"]["left"], cue["pair"]["right"]])).collect()
    };
    assert_eq!(pairs_of(&data), [json!([[0], [0]]), json!([[1], [1, 2]])]);
    assert_eq!(
        data["cues"][1]["text"],
        json!({ "zh-Hans": "今天谈谈灯。", "en": "Today we talk about lamps." })
    );
    assert_eq!((&data["cues"][1]["start"], &data["cues"][1]["end"]), (&json!(5.0), &json!(9.0)));

    let tsv = project.diglot(&["align", "a.zh.srt", "a.en.srt", "--to", "tsv"]).run().exits(0).stdout;
    assert!(tsv.starts_with("left\tright\tconfidence\tzh-Hans\ten\n0\t0\t"), "{tsv}");

    let project = Project::of(&[files[0], files[1], ("pairs.toml", pairs)]);
    let run = project.diglot(&["align", "a.zh.srt", "a.en.srt"]).run().exits(0);
    assert!(
        run.stderr.contains("warning[lock-vanished]") && run.stderr.contains("pairs.toml:5"),
        "{}",
        run.stderr
    );
    assert_eq!(pairs_of(&run.json()), [json!([[0, 1], [0, 1, 2]])]);
}

/// Terms in two languages that no dictionary of ours has.
const TERMS: [(&str, &str); 12] = [
    ("sluice", "水闸"),
    ("girder", "大梁"),
    ("rivet", "铆钉"),
    ("gasket", "垫片"),
    ("flange", "法兰"),
    ("piston", "活塞"),
    ("bellows", "风箱"),
    ("trowel", "抹刀"),
    ("chisel", "凿子"),
    ("mallet", "木槌"),
    ("pulley", "滑轮"),
    ("winch", "绞车"),
];

#[test]
fn a_glossary_tells_which_line_was_never_translated() {
    let lost = [3, 4, 9];
    let said = |at: usize| {
        let ((en, zh), (by, other)) = (TERMS[at], TERMS[(at * 5 + 3) % TERMS.len()]);
        (format!("The {en} goes beside the {by}."), format!("{zh}放在{other}旁边。"))
    };
    let kept = || (0..TERMS.len()).filter(|at| !lost.contains(at));
    let english: String = (0..TERMS.len()).map(|at| said(at).0 + "\n\n").collect();
    let chinese: String = kept().map(|at| said(at).1 + "\n\n").collect();
    let entries: Vec<String> =
        TERMS.iter().map(|(en, zh)| format!("{{ en = \"{en}\", zh = [\"{zh}\"] }}")).collect();
    let glossary = format!("glossary = [{}]\n", entries.join(", "));
    let (en, zh) = ("content/tools/001.en.txt", "content/tools/001.zh-Hans.txt");
    let project = Project::of(&[(en, &english), (zh, &chinese), ("terms.toml", &glossary)]);
    let alone = |arguments: &[&str]| -> Vec<usize> {
        let data = project.diglot(&[&["align", en, zh], arguments].concat()).run().exits(0).json();
        let cues = data["cues"].as_array().expect("cues").clone();
        let own = cues.iter().filter(|cue| cue["pair"]["right"] == json!([]));
        own.flat_map(|cue| cue["pair"]["left"].as_array().cloned().unwrap_or_default())
            .filter_map(|number| number.as_u64().map(|number| number as usize))
            .collect()
    };
    assert_ne!(alone(&[]), lost, "they are told apart without a glossary: the test tests nothing");
    assert_eq!(alone(&["--glossary", "terms.toml"]), lost);

    // A site takes it from its own settings, or from those of the show.
    let page = || project.site().text("tools/001/index.html").to_owned();
    let is_right = |page: &str| {
        kept().all(|at| {
            let (en, zh) = said(at);
            page.contains(&format!("<p lang=en>{en}<p lang=zh-Hans>{zh}</div>"))
        })
    };
    project.build();
    assert!(!is_right(&page()), "{}", page());
    for (path, text) in
        [("content/tools/show.toml", glossary.clone()), ("site.toml", format!("[transcripts]\n{glossary}"))]
    {
        project.write(path, text);
        project.build();
        assert!(is_right(&page()), "{path}: {}", page());
        project.remove(path);
        project.build();
        assert!(!is_right(&page()), "{path} is gone");
    }
}
