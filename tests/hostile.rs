//! Bad input: thousands of files with everything wrong that files can have, built many at a time.
//! No build panics or hangs; it is published, or its errors name the files; and every word of every
//! transcript is on its page, unless a finding names the file.

mod support;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use diglot::build::{BuildOptions, Built, Quiet, build};
use scraper::{Html, Selector};

/// A build that takes longer hangs.
const HANG: Duration = Duration::from_secs(240);
/// How often a project is built again without the files that its errors name.
const ROUNDS: usize = 8;
const PROJECTS: usize = 52;
const FILES_IN_A_PROJECT: usize = 42;

// ---- Chance ----

/// A fixed sequence that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

// ---- Files before anything is wrong with them ----

const HAN: &[char] =
    &['灯', '船', '夜', '水', '字', '钟', '雨', '河', '桥', '风', '岸', '纸', '墨', '铅', '雪', '石'];

/// Words that occur once in all files: what is looked for on the pages.
struct Words {
    count: usize,
}

impl Words {
    fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    fn latin(&mut self) -> String {
        let mut number = self.next();
        let mut word = String::from("zq");
        for _ in 0..5 {
            word.push(char::from(b'a' + (number % 26) as u8));
            number /= 26;
        }
        word + "x"
    }

    fn han(&mut self) -> String {
        let mut number = self.next();
        let mut word = String::from("鱻");
        for _ in 0..5 {
            word.push(HAN[number % 16]);
            number /= 16;
        }
        word
    }

    fn english(&mut self) -> String {
        format!("The {} is by the {}.", self.latin(), self.latin())
    }

    fn chinese(&mut self) -> String {
        format!("{}在那里，{}。", self.han(), self.han())
    }
}

const NAMES: [&str; 3] = ["Ada Byron", "林岳", "Bo"];

type Form = (&'static str, fn(&mut Dice, &mut Words) -> String);

/// Every form of transcript that is read.
const FORMS: &[Form] = &[
    ("txt", |dice, words| {
        blocks(dice, |dice, _| {
            format!("Speaker {}\n\n{}\n\n{}\n\n", dice.below(3), words.chinese(), words.english())
        })
    }),
    ("txt", |dice, words| {
        let head = "夜谈 - 关于灯 封面\n\n关于灯\n\nOn lamps\n\n本集简介\n\n我们谈灯。 要点: • 第一点 • 第二点\n\n双语字幕\n\n仅展示文本。\n\n";
        let talk = blocks(dice, |dice, _| {
            format!("说话人 {}\n\n{}\n\n{}\n\n", dice.below(3), words.chinese(), words.english())
        });
        format!("{head}{talk}关于 夜谈 播客\n\n继续浏览更多播客\n")
    }),
    ("md", |dice, words| {
        blocks(dice, |dice, _| format!("**{}:** {}\n\n", dice.pick(&NAMES), words.english()))
    }),
    ("md", |dice, words| {
        blocks(dice, |dice, index| {
            format!(
                "**{}**: \\[{:02}:{:02}\\] {}\n\n{}\n\n",
                dice.pick(&NAMES),
                index,
                index,
                words.english(),
                words.english()
            )
        })
    }),
    ("md", |dice, words| {
        blocks(dice, |dice, index| {
            format!("[{index:02}:15] **{}**: {}\n{}\n\n", dice.pick(&NAMES), words.chinese(), words.english())
        })
    }),
    ("md", |dice, words| {
        let talk = blocks(dice, |dice, index| {
            format!("{} (00:{index:02}:01):\n{}\n\n", dice.pick(&NAMES), words.english())
        });
        format!("# On lamps\n\nNotes with a [link](https://example.org/).\n\n## Transcript\n\n{talk}")
    }),
    ("md", |dice, words| {
        blocks(dice, |dice, index| {
            let section = if index % 4 == 0 { "## 铸坑 / The Pit\n\n---\n\n" } else { "" };
            format!(
                "{section}**{}:** {}\n\n{}\n\n**Break:** \\[06:21\\]\n\n",
                dice.pick(&NAMES),
                words.chinese(),
                words.english()
            )
        })
    }),
    ("txt", |dice, words| blocks(dice, |dice, _| format!("{}: {}\n", dice.pick(&NAMES), words.english()))),
    ("txt", |dice, words| {
        blocks(dice, |dice, _| format!("{}：{}\n{}\n\n", dice.pick(&NAMES), words.chinese(), words.english()))
    }),
    ("txt", |dice, words| {
        blocks(dice, |dice, index| format!("[00:{index:02}] {}: {}\n", dice.pick(&NAMES), words.english()))
    }),
    ("txt", |dice, words| blocks(dice, |_, _| format!("{}\n\n{}\n\n", words.chinese(), words.english()))),
    ("md", |dice, words| {
        let list = blocks(dice, |_, _| format!("- {}\n  > {}\n", words.english(), words.english()));
        format!("{list}\n```\n{}\n```\n", words.english())
    }),
    ("txt", |dice, words| {
        blocks(dice, |dice, _| {
            format!("Speaker {}\n\nمرحبا بكم في الليل.\n\n{}\n\n", dice.below(2), words.english())
        })
    }),
    ("srt", |dice, words| {
        blocks(dice, |dice, index| {
            let times = format!("00:00:{index:02},000 --> 00:00:{index:02},900");
            format!("{index}\n{times}\n{}: {}\n\n", dice.pick(&NAMES), words.english())
        })
    }),
    ("srt", |dice, words| {
        blocks(dice, |_, index| {
            let times = format!("00:00:{index:02},000 --> 00:00:{index:02},900");
            format!("{index}\n{times}\n{}\n{}\n\n", words.chinese(), words.english())
        })
    }),
];

fn blocks(dice: &mut Dice, mut block: impl FnMut(&mut Dice, usize) -> String) -> String {
    (0..6 + dice.below(14)).map(|index| block(dice, index)).collect()
}

const TOML: &str = "+++\ntitle = { \"zh-Hans\" = \"灯\", en = \"A lamp\" }\nsummary = \"See https://example.org/a.\"\ndate = 2026-03-14\nseason = 1\nepisode = 2\nduration = \"1:02:03\"\naudio = \"https://example.org/a.mp3\"\ntags = [\"灯\", \"C++\"]\nlinks = [{ title = \"Studio\", url = \"https://example.org/\" }]\n\n[speakers]\n\"Speaker 0\" = \"ada\"\n+++\n";
const YAML: &str = "---\ntitle: 'On lamps'\ntags:\n- light\n- x\ndate: 2021-11-16\nepisode: 3\nnested: {a: [1, {b: c}]}\n---\n";
const SITE: &str = "title = { en = \"Hostile\", \"zh-Hans\" = \"敌\" }\nbase_url = \"https://example.org/x/\"\nlanguages = [\"zh-Hans\", \"en\"]\n\n[build]\npage_size = 20\nminify = true\n\n[limits]\nnesting = 40\n\n[theme]\naccent = \"#b3392f\"\nfooter = \"foot\"\n\n[extra]\na = [1, [2, [3]]]\n";
const PEOPLE: &str = "[ada]\nname = { en = \"Ada\", \"zh-Hans\" = \"阿达\" }\naliases = [\"Ada Byron\"]\nbio = \"Writes.\"\nlinks = [{ title = \"S\", url = \"https://example.org/\" }]\n\n[bo]\nname = \"Bo\"\n";
const SHOW: &str = "title = { en = \"Boats\", \"zh-Hans\" = \"船\" }\ndescription = \"About boats.\"\nlanguages = [\"zh-Hans\", \"en\"]\nhosts = [\"ada\"]\n";
const NOTES: &str = "+++\ntitle = \"An episode\"\n+++\n# Notes\n\n**真的,**她 said *so*.\n\n- a\n  - b\n\n> c\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nlet a = 1;\n```\n\n<div class=\"notes-a\">x <kbd>y</kbd></div>\n\n[l](https://example.org) ![i](a.png)\n";
const TEMPLATE: &str = "<div id=\"{{ cue.id }}\">{% for t in cue.texts %}<p lang=\"{{ t.lang }}\">{{ t.text }}</p>{% endfor %}</div>\n";
const WORDS_OF_UI: &str = "latest = \"Latest\"\nnav_quotes = \"Lines\"\n";

// ---- What goes wrong ----

type Wrong = (&'static str, fn(&mut Dice, Vec<u8>) -> Vec<u8>);

const WRONGS: &[Wrong] = &[
    ("bytes flipped", |dice, mut bytes| {
        for _ in 0..1 + dice.below(6) {
            let at = dice.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        bytes
    }),
    ("cut off", |dice, mut bytes| {
        bytes.truncate(dice.below(bytes.len() + 1));
        bytes
    }),
    ("beginning lost", |dice, bytes| bytes[dice.below(bytes.len() + 1)..].to_vec()),
    ("controls", |dice, bytes| {
        strewn(dice, bytes, &["\0", "\u{1}", "\u{1b}[31m", "\u{7f}", "\u{8}", "\u{b}", "\u{c}", "\u{85}"])
    }),
    ("bidi", |dice, bytes| {
        strewn(dice, bytes, &["\u{202e}", "\u{2066}", "\u{2069}", "\u{200f}", "\u{61c}", "\u{202a}"])
    }),
    ("odd characters", |dice, bytes| {
        strewn(
            dice,
            bytes,
            &[
                "\u{2028}",
                "\u{2029}",
                "\u{fffe}",
                "\u{ffff}",
                "\u{feff}",
                "\u{200d}",
                "\u{e0001}",
                "\u{301}\u{301}\u{301}",
                "\u{10ffff}",
                "\u{ad}",
                "\u{fdd0}",
            ],
        )
    }),
    ("no UTF-8", |dice, bytes| {
        let pieces: [&[u8]; 7] = [
            b"\xff",
            b"\xfe\xff",
            b"\xc0\xaf",
            b"\xed\xa0\x80\xed\xb0\x80",
            b"\xf5\x80\x80\x80",
            b"\xe4\xb8",
            b"\x80",
        ];
        strewn_bytes(dice, bytes, &pieces)
    }),
    ("marks", |_, bytes| [b"\xef\xbb\xbf\xef\xbb\xbf", bytes.as_slice()].concat()),
    ("UTF-16", |dice, bytes| {
        let text = format!("\u{feff}{}", String::from_utf8_lossy(&bytes));
        let little = dice.below(2) == 0;
        let mut wide: Vec<u8> = text
            .encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect();
        wide.truncate(wide.len() - dice.below(2));
        wide
    }),
    ("UTF-16 without a mark", |_, bytes| {
        String::from_utf8_lossy(&bytes).encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
    ("GB18030", |_, bytes| encoding_rs::GB18030.encode(&String::from_utf8_lossy(&bytes)).0.into_owned()),
    ("Big5", |_, bytes| encoding_rs::BIG5.encode(&String::from_utf8_lossy(&bytes)).0.into_owned()),
    ("Latin-1", |_, bytes| encoding_rs::WINDOWS_1252.encode(&String::from_utf8_lossy(&bytes)).0.into_owned()),
    ("line ends", |dice, bytes| {
        let mut mixed = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' => mixed.extend_from_slice(dice.pick::<[u8]>(&[b"\n", b"\r\n", b"\r", b"\n\r"])),
                other => mixed.push(other),
            }
        }
        mixed
    }),
    ("one line", |_, bytes| bytes.into_iter().map(|byte| if byte == b'\n' { b' ' } else { byte }).collect()),
    ("giant line", |dice, mut bytes| {
        let at = line_start(dice, &bytes);
        let piece = dice.pick(&[
            "很",
            "a",
            "[",
            "* ",
            "**真",
            "&amp;",
            "<",
            "`",
            "\\",
            "- ",
            "[0:01]",
            "http://a)",
            "\u{301}",
        ]);
        bytes.splice(at..at, piece.repeat(2_000).into_bytes());
        bytes
    }),
    ("deep", |dice, mut bytes| {
        let at = line_start(dice, &bytes);
        let piece = dice.pick(&[
            "> ",
            "- ",
            "1. ",
            "<div>",
            "<b>",
            "[",
            "{",
            "*a **b ",
            "((",
            "{% if a %}",
            "<!--",
            "<a b='",
        ]);
        bytes.splice(at..at, piece.repeat(20 + dice.below(400)).into_bytes());
        bytes
    }),
    ("blocks again", |dice, bytes| {
        let mut lines = lines_of(&bytes);
        let (from, at) = (dice.below(lines.len()), dice.below(lines.len()));
        let some: Vec<_> = lines.iter().skip(from).take(8).copied().collect();
        lines.splice(at..at, some);
        lines.concat()
    }),
    ("blocks elsewhere", |dice, bytes| {
        let mut lines = lines_of(&bytes);
        for _ in 0..4 {
            let (from, to) = (dice.below(lines.len()), dice.below(lines.len()));
            if !lines.is_empty() {
                let line = lines.remove(from);
                lines.insert(to.min(lines.len()), line);
            }
        }
        lines.concat()
    }),
    ("a line lost", |dice, bytes| {
        let mut lines = lines_of(&bytes);
        if !lines.is_empty() {
            lines.remove(dice.below(lines.len()));
        }
        lines.concat()
    }),
    ("numbers", |dice, bytes| {
        let huge =
            dice.pick(&["99999999999999999999", "-1", "0", "00000", "1e400", "4294967296", "٣", "9:99:99"]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let at = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let at = text[at..]
            .match_indices(|c: char| c.is_ascii_digit())
            .nth(dice.below(6))
            .map_or(at, |(more, _)| at + more);
        let mut text = text;
        text.insert_str(at, huge);
        text.into_bytes()
    }),
    ("markup", |dice, bytes| {
        strewn(
            dice,
            bytes,
            &[
                "**",
                "](",
                "<script>",
                "-->",
                "```\n",
                "\n+++\n",
                "\n---\n",
                "\"\"\"",
                "&#1;",
                "{{ x }}",
                "{% raw %}",
                "\n# ",
                "\n[x]: y\n",
                "|",
                "\\",
                "'",
                "\"",
                "]]>",
                "</div>",
            ],
        )
    }),
    ("empty", |dice, _| {
        dice.pick::<[u8]>(&[b"", b"\n", b"\xef\xbb\xbf", b"+++", b"+++\n+++\n", b"---\n---\n", b" ", b"\0"])
            .to_vec()
    }),
    ("as it was", |_, bytes| bytes),
];

fn strewn(dice: &mut Dice, bytes: Vec<u8>, pieces: &[&str]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
    strewn_bytes(dice, bytes, &pieces)
}

/// Puts pieces between characters, where there are characters.
fn strewn_bytes(dice: &mut Dice, mut bytes: Vec<u8>, pieces: &[&[u8]]) -> Vec<u8> {
    for _ in 0..1 + dice.below(5) {
        let mut at = dice.below(bytes.len() + 1);
        while at < bytes.len() && (0x80..0xc0).contains(&bytes[at]) {
            at += 1;
        }
        bytes.splice(at..at, dice.pick(pieces).iter().copied());
    }
    bytes
}

fn line_start(dice: &mut Dice, bytes: &[u8]) -> usize {
    let starts: Vec<usize> =
        bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    if starts.is_empty() { 0 } else { starts[dice.below(starts.len())] }
}

fn lines_of(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

// ---- Projects ----

/// A file of a project, and the words of its talk if it is a transcript.
struct Bad {
    path: PathBuf,
    bytes: Vec<u8>,
    is_talk: bool,
}

const STRANGE_NAMES: &[&str] = &[
    "CON.txt",
    "aux.md",
    "NUL",
    "com1.txt",
    "dots...txt",
    "space .txt",
    " lead.txt",
    "-rf.txt",
    "a:b.txt",
    "a?b*c.txt",
    "a\\b.txt",
    "%2e%2e.txt",
    "é.txt",
    "e\u{301}.txt",
    "ｅ.txt",
    "İ.txt",
    "ß.md",
    "SS.md",
    "line\nbreak.txt",
    "bell\u{7}.txt",
    "\u{202e}txt.md",
    "emoji👩‍👩‍👧.txt",
    "index.html.md",
    "feed.xml.txt",
    "page.md",
    "<b>.txt",
    "'quote\".txt",
    "#frag.txt",
    "a;b&c.txt",
    "$(id).txt",
    "{{x}}.txt",
    "Ep.txt",
    "ep.txt",
    "EP.md",
];

fn project(number: usize, words: &mut Words) -> Vec<Bad> {
    let mut dice = Dice(number as u64 + 1);
    let mut files: BTreeMap<PathBuf, Bad> = BTreeMap::new();
    let mut put = |path: PathBuf, bytes: Vec<u8>, is_talk| {
        files.insert(path.clone(), Bad { path, bytes, is_talk });
    };
    for index in 0..FILES_IN_A_PROJECT - 6 {
        let (extension, form) = FORMS[dice.below(FORMS.len())];
        let front = dice.pick(&["", "", "", TOML, YAML]);
        let (_, wrong) = WRONGS[(index + number) % WRONGS.len()];
        let text = format!("{front}{}", form(&mut dice, words));
        let mut bytes = wrong(&mut dice, text.into_bytes());
        if dice.below(4) == 0 {
            let (_, wrong) = WRONGS[dice.below(WRONGS.len())];
            bytes = wrong(&mut dice, bytes);
        }
        let name = match index {
            0..=2 => STRANGE_NAMES[(number * 3 + index) % STRANGE_NAMES.len()].to_owned(),
            3 => format!("{}.txt", "很".repeat(83)),
            4 => format!("{}.md", "n".repeat(252)),
            _ => format!("{index:03}.{extension}"),
        };
        let folder = dice.pick(&["content", "content/boats", "content/boats/one/two"]);
        put(Path::new(folder).join(name), bytes, true);
    }
    for (path, text) in [
        ("site.toml", SITE),
        ("content/people.toml", PEOPLE),
        ("content/boats/show.toml", SHOW),
        ("content/boats/folder/episode.md", NOTES),
        ("templates/cue.html", TEMPLATE),
        ("templates/ui/zh-Hans.toml", WORDS_OF_UI),
    ] {
        let (name, wrong) = WRONGS[dice.below(WRONGS.len())];
        // A site's template decides what a page shows, so words are counted with the built-in one.
        let skipped = path.starts_with("templates/") && !number.is_multiple_of(4);
        let nothing = path == "templates/cue.html" && name == "empty";
        if !(skipped || nothing) {
            put(PathBuf::from(path), wrong(&mut dice, text.as_bytes().to_vec()), false);
        }
    }
    files.into_values().collect()
}

fn write(root: &Path, files: &[Bad]) {
    for file in files {
        let path = root.join(&file.path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folders can be made");
        fs::write(&path, &file.bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// Links to nowhere, round and out, names that are no Unicode, folders without end.
#[cfg(unix)]
fn write_odd_entries(root: &Path, outside: &Path) -> usize {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let content = root.join("content");
    fs::create_dir_all(&content).expect("folders can be made");
    fs::write(outside.join("secret.txt"), "Speaker 0\n\nzqsecretx\n").expect("a file can be written");
    let links: [(&str, &Path); 7] = [
        ("nowhere.txt", Path::new("no/such/file")),
        ("self.txt", Path::new("self.txt")),
        ("up", Path::new("..")),
        ("round", Path::new(".")),
        ("out.txt", &outside.join("secret.txt")),
        ("outside", outside),
        ("null.txt", Path::new("/dev/null")),
    ];
    for (name, target) in links {
        symlink(target, content.join(name)).expect("a link can be made");
    }
    fs::write(content.join(OsStr::from_bytes(b"no\xffunicode.txt")), "Speaker 0\n\nx\n")
        .expect("a file can be written");
    let deep = (0..110).fold(content, |folder, _| folder.join("d"));
    fs::create_dir_all(&deep).expect("folders can be made");
    fs::write(deep.join("deep.txt"), "Speaker 0\n\nx\n").expect("a file can be written");
    links.len() + 2
}

#[cfg(not(unix))]
fn write_odd_entries(_: &Path, _: &Path) -> usize {
    0
}

// ---- Building ----

/// Builds in this process, with an eye on the clock.
fn watched(root: &Path, output: &Path, what: &str) -> Built {
    let options =
        BuildOptions { root: root.to_owned(), output: Some(output.to_owned()), ..BuildOptions::default() };
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || {
        let built = catch_unwind(AssertUnwindSafe(|| build(&options, &Quiet)));
        let _ = done.send(built);
    });
    match wait.recv_timeout(HANG) {
        Ok(Ok(Ok(built))) => built,
        Ok(Ok(Err(world))) => panic!("{what}: a file cannot make the world fail: {world}"),
        Ok(Err(_)) => panic!("{what}: a panic (its message is above)"),
        Err(_) => panic!("{what}: the build hangs"),
    }
}

/// The files of the project that findings name: at their place, or in their words.
fn named(built: &Built, files: &[Bad], errors_only: bool) -> BTreeSet<usize> {
    use diglot::diagnostic::Severity;
    let mut found = BTreeSet::new();
    for diagnostic in &built.diagnostics {
        if errors_only && diagnostic.severity != Severity::Error {
            continue;
        }
        for (index, file) in files.iter().enumerate() {
            let name = file.path.to_str().expect("the generated names are Unicode");
            let folder = name.strip_suffix("/episode.md");
            let template = name.strip_prefix("templates/");
            let at = diagnostic.place.as_ref().is_some_and(|place| &*place.path == name);
            let spelt = format!("{}", name.escape_debug());
            let says = |name: &str| diagnostic.message.contains(name);
            if at || says(name) || says(&spelt) || folder.is_some_and(says) || template.is_some_and(says) {
                found.insert(index);
            }
        }
    }
    found
}

#[derive(Default)]
struct Counts {
    files: usize,
    odd: usize,
    builds: usize,
    cues: usize,
    words: usize,
    reported: usize,
    refused: usize,
}

/// Builds until nothing is refused; then everything must be there.
fn survive(number: usize, mut files: Vec<Bad>, counts: &mut Counts) -> Vec<String> {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let home = home.path().canonicalize().expect("it is there");
    let (root, output, outside) = (home.join("site"), home.join("out"), home.join("outside"));
    fs::create_dir_all(&outside).expect("folders can be made");
    write(&root, &files);
    counts.files += files.len();
    if number.is_multiple_of(13) {
        counts.odd += write_odd_entries(&root, &outside);
        let built = watched(&root, &output, &format!("project {number}, odd entries"));
        assert!(built.diagnostics.iter().any(|one| one.code.0 == "nested-too-deep"), "deep folders are told");
        for code in ["symlink", "name-not-unicode"] {
            assert!(built.diagnostics.iter().any(|one| one.code.0 == code), "{code} is told");
        }
        fs::remove_dir_all(root.join("content/d")).expect("it is there");
    }
    for _ in 0..ROUNDS {
        let built = watched(&root, &output, &format!("project {number}"));
        counts.builds += 1;
        if built.published {
            return missing_words(number, &built, &files, &output, counts);
        }
        let refused = named(&built, &files, true);
        if refused.is_empty() {
            return vec![format!("project {number} is refused, and no file is named: {:#?}", errors(&built))];
        }
        counts.refused += refused.len();
        counts.reported += refused.len();
        for index in refused.into_iter().rev() {
            fs::remove_file(root.join(&files[index].path)).expect("it was written");
            files.remove(index);
        }
    }
    vec![format!("project {number} is still refused after {ROUNDS} rounds")]
}

fn errors(built: &Built) -> Vec<String> {
    built.diagnostics.iter().map(|one| format!("{}: {}", one.code.0, one.message)).collect()
}

// ---- Counting what is there ----

/// Every word that marks a cue in what a file says, by an eye of this test's own: what stands below
/// the front matter, outside of HTML tags and of the addresses of links.
fn words_in(bytes: &[u8], is_markdown: bool) -> Option<Vec<String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let fence = ["+++", "---"]
        .into_iter()
        .find(|fence| text.lines().next().is_some_and(|line| line.trim_end() == *fence));
    let body = fence.and_then(|fence| {
        let mut at = text.find('\n')? + 1;
        for line in text[at..].split_inclusive('\n') {
            at += line.len();
            if line.trim_end() == fence {
                return Some(&text[at..]);
            }
        }
        None
    });
    let body: String =
        body.unwrap_or(&text).chars().filter(|c| !c.is_ascii_control() || *c == '\n').collect();
    let body = if is_markdown || body.contains("**") { without_hidden(&body) } else { body };
    Some(marked_words(&body))
}

/// Takes out what Markdown hides: tags, comments, addresses, the words beside a fence.
fn without_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', ']', '`', '~']) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = match rest.as_bytes() {
            [b'<', b'!', b'-', b'-', ..] => rest.find("-->").map_or(rest.len(), |end| end + 3),
            [b'<', ..] => rest.find('>').map_or(1, |end| end + 1),
            [b']', b'(', ..] => rest.find(')').map_or(1, |end| end + 1),
            [b']', b':', ..] | [b'`', b'`', b'`', ..] | [b'~', b'~', b'~', ..] => {
                rest.find('\n').unwrap_or(rest.len())
            }
            _ => 1,
        };
        shown.push(' ');
        rest = &rest[end..];
    }
    shown + rest
}

/// The words that `Words` makes, wherever they stand whole.
fn marked_words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        if word.len() == 8 && word.starts_with("zq") && word.ends_with('x') {
            found.push(word.to_owned());
        }
    }
    for (at, _) in text.match_indices('鱻') {
        let word: String = text[at..].chars().take(6).collect();
        if word.chars().skip(1).all(|c| HAN.contains(&c)) && word.chars().count() == 6 {
            found.push(word);
        }
    }
    found
}

fn shown_words(output: &Path) -> HashSet<String> {
    let main = Selector::parse("main").expect("a selector");
    let mut shown = HashSet::new();
    for entry in walkdir::WalkDir::new(output) {
        let entry = entry.expect("the site can be walked");
        if entry.file_name() != "index.html" {
            continue;
        }
        let html = fs::read_to_string(entry.path()).expect("pages are UTF-8");
        if html.contains("is-episode") {
            let page = Html::parse_document(&html);
            for element in page.select(&main) {
                let text: String = element.text().collect();
                assert!(!text.contains("zqsecretx"), "a link out of the project was followed");
                shown.extend(marked_words(&text));
            }
        }
    }
    shown
}

fn missing_words(
    number: usize,
    built: &Built,
    files: &[Bad],
    output: &Path,
    counts: &mut Counts,
) -> Vec<String> {
    let shown = shown_words(output);
    let reported = named(built, files, false);
    counts.cues += built.summary.cues;
    counts.reported += reported.len();
    let mut lost = Vec::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| file.is_talk) {
        let is_markdown = file.path.extension().is_some_and(|extension| extension == "md");
        let Some(words) = words_in(&file.bytes, is_markdown) else {
            if !reported.contains(&index) {
                lost.push(format!(
                    "project {number}: {} is not UTF-8, and nothing says so",
                    file.path.display()
                ));
            }
            continue;
        };
        counts.words += words.len();
        let missing: Vec<_> = words.iter().filter(|word| !shown.contains(*word)).collect();
        if !missing.is_empty() && !reported.contains(&index) {
            lost.push(format!(
                "project {number}: {} lost {} of {} words: {:?}",
                file.path.display(),
                missing.len(),
                words.len(),
                &missing[..missing.len().min(4)]
            ));
        }
    }
    // What a site's own template shows is the site's to say.
    if files.iter().any(|file| file.path.ends_with("templates/cue.html")) {
        lost.clear();
    }
    lost
}

// ---- Tests ----

#[test]
fn two_thousand_hostile_files_are_survived_and_no_cue_is_lost_in_silence() {
    let mut words = Words { count: 0 };
    let projects: Vec<Vec<Bad>> = (0..PROJECTS).map(|number| project(number, &mut words)).collect();
    let mut counts = Counts::default();
    let mut troubles = Vec::new();
    for (number, files) in projects.into_iter().enumerate() {
        troubles.extend(survive(number, files, &mut counts));
    }
    let Counts { files, odd, builds, cues, words, reported, refused } = counts;
    support::say!(
        "hostile: {} files in {PROJECTS} projects, {builds} builds; {cues} cues and {words} marked words out; \
         {reported} files reported, {refused} of them refused",
        files + odd
    );
    assert!(files + odd >= 2_000, "{files} files");
    assert!(troubles.is_empty(), "{} troubles:\n{}", troubles.len(), troubles.join("\n"));
}

/// Its name, its file, and its text of about that many bytes.
type Nasty = (&'static str, &'static str, fn(usize) -> String);

/// Inputs that take the square of their length where something looks back from every place: labels,
/// marks, brackets, lists, keys and findings by the thousand.
const NASTY: &[Nasty] = &[
    ("labels", "content/a.md", |n| (0..n / 14).map(|i| format!("**Ab{i}:** x\n\n")).collect()),
    ("names", "content/a.txt", |n| {
        (0..n / 24).map(|i| format!("Ab ({i}): x\n{i}A: y\n{i}A: y\n\n")).collect()
    }),
    ("a paragraph of lines", "content/a.md", |n| "真的 word\n".repeat(n / 12)),
    ("times", "content/a.md", |n| "[0:01]".repeat(n / 12) + &"**a** ".repeat(n / 12)),
    ("an open bracket", "content/a.md", |n| "[ ".to_owned() + &"**a** ".repeat(n / 6)),
    ("sections", "content/a.md", |n| "## a\n\n真\n\nb\n\n".repeat(n / 15)),
    ("links", "content/a.md", |n| (0..n / 24).map(|i| format!("[a](http://a.b/{i})\n\n")).collect()),
    ("deep quotes", "content/a.md", |n| "> ".repeat(n / 2) + "x"),
    ("unknown keys", "content/a.txt", |n| front((0..n / 10).map(|i| format!("k{i} = 1\n")).collect())),
    ("findings in a line", "content/a.txt", |n| front(format!("tags=[{}]", "1,".repeat(n / 2)))),
    ("a long key", "content/a.txt", |n| front(format!("{} = 1", "k".repeat(n)))),
    ("tags of a feather", "content/a.txt", |n| front(format!("tags=[{}]", "\"a\",".repeat(n / 4)))),
    ("deep TOML", "content/a.txt", |n| front(format!("a = {}", "[".repeat(n)))),
    ("dotted TOML", "content/a.txt", |n| front(format!("{}a = 1", "a.".repeat(n / 2)))),
    ("YAML that multiplies", "content/a.txt", |_| {
        let lines = ('b'..='g')
            .map(|c| format!("{c}: &{c} [{}]\n", vec![format!("*{}", (c as u8 - 1) as char); 9].join(",")));
        format!("---\na: &a [x,x,x]\n{}---\nSpeaker 0\n\nx\n", lines.collect::<String>())
    }),
    ("highlights", "content/a.txt", |n| {
        let quotes: String = (0..n / 20).map(|i| format!("\"hello {i} x\",")).collect();
        let talk: String = (0..n / 40).map(|i| format!("Speaker 1\n\nhello you {i}\n\n")).collect();
        format!("+++\nhighlights=[{quotes}]\n+++\n{talk}")
    }),
    ("speakers", "content/a.txt", |n| {
        let map: String = (0..n / 24).map(|i| format!("\"A{i}\" = \"p{i}\"\n")).collect();
        front(format!("[speakers]\n{map}"))
    }),
    ("languages", "content/a.txt", |n| {
        front(format!(
            "title={{{}}}",
            (0..n / 20).map(|i| format!("en-x-a{i:05}=\"{i}\",")).collect::<String>()
        ))
    }),
    ("brackets after an address", "content/a.txt", |n| {
        front(format!("summary=\"http://a{}\"", ")".repeat(n)))
    }),
    ("marks on a letter", "content/a.txt", |n| {
        front(format!("slug=\"a{}\"", "\u{301}\u{323}".repeat(n / 4)))
    }),
    ("asterisks", "content/e/episode.md", |n| "**真。".repeat(n / 8)),
    ("emphasis in emphasis", "content/e/episode.md", |n| "真*a ".repeat(n / 14) + &"a*真 ".repeat(n / 14)),
    ("ampersands", "content/e/episode.md", |n| "&amp;".repeat(n / 5)),
    ("open elements", "content/e/episode.md", |n| {
        (0..90).map(|i| format!("<b id=a{i}>")).collect::<String>() + "\n\n" + &"x\n\n".repeat(n / 3)
    }),
    ("attributes", "content/e/episode.md", |n| {
        format!("<b {}>", (0..n / 8).map(|i| format!("a{i}=b\n")).collect::<String>())
    }),
    ("a table", "content/e/episode.md", |n| {
        "|a".repeat(n / 8) + "|\n" + &"|-".repeat(n / 8) + "|\n" + &"|\n".repeat(n / 8)
    }),
    ("a cue of lines", "content/a.srt", |n| {
        "1\n00:00:01,000 --> 00:00:02,000\n".to_owned() + &"真的 word\n".repeat(n / 12)
    }),
    ("numbers", "content/a.srt", |n| {
        "00:00:01,000 --> 00:00:02,000\nx\n\n".to_owned() + &"1\n\n".repeat(n / 3)
    }),
    ("one time", "content/a.srt", |n| "00:00:01,000 --> 00:00:02,000\nx\n\n".repeat(n / 33)),
    ("open voices", "content/a.vtt", |n| {
        "WEBVTT\n\n00:01.000 --> 00:02.000\n".to_owned() + &"<v A>x".repeat(n / 6)
    }),
    ("arrows", "content/a.vtt", |n| {
        "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n".to_owned() + &"-->\n".repeat(n / 4)
    }),
    ("open tags", "content/a.html", |n| "<cite>a</cite><p>x</p>".to_owned() + &"<a b=\"".repeat(n / 6)),
    ("deep JSON", "content/a.json", |n| "{\"segments\":[{\"text\":\"x\"},".to_owned() + &"[".repeat(n)),
    ("keys", "content/a.json", |n| {
        let keys: String = (0..n / 12).map(|i| format!("\"k{i}\":1,")).collect();
        format!("{{{keys}\"segments\":[{{{keys}\"text\":\"x\"}}]}}")
    }),
    ("tabs", "content/a.tsv", |n| "start\tend\ttext\n0\t1\tx".to_owned() + &"\t".repeat(n)),
    ("a deep template", "templates/404.html", |n| "<div>".repeat(n / 5)),
    ("deep brackets in a template", "templates/404.html", |n| format!("{{{{ {} }}}}", "(".repeat(n))),
    ("deep conditions in a template", "templates/404.html", |n| "{% if a %}".repeat(n / 10)),
    ("code in one line", "content/e/episode.md", |n| format!("```sh\n{}\n```", "[".repeat(n.min(30_000)))),
];

fn front(matter: String) -> String {
    format!("+++\n{matter}\n+++\nSpeaker 0\n\nhello there\n\nSpeaker 1\n\nfine\n")
}

#[test]
fn nothing_takes_the_square_of_a_long_input() {
    for (name, path, text) in NASTY {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let root = home.path().join("site");
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("folders can be made");
        fs::write(&file, text(100_000)).expect("a file can be written");
        let built = watched(&root, &home.path().join("out"), name);
        assert!(built.published || errors(&built).len() > 1, "{name}");
    }
    support::say!("hostile: {} long inputs", NASTY.len());
}

/// Real transcripts with the same things wrong, where they are at hand.
#[test]
fn real_files_are_survived_too() {
    let Some(folder) = support::shared("data") else { return };
    let mut real: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| {
            path.extension()
                .is_some_and(|own| ["md", "txt", "srt", "vtt", "json"].iter().any(|known| own == *known))
        })
        .collect();
    real.sort();
    let step = (real.len() / 240).max(1);
    let mut dice = Dice(99);
    let mut counts = Counts::default();
    let mut troubles = Vec::new();
    let real: Vec<_> = real.into_iter().step_by(step).collect();
    for (number, some) in real.chunks(40).enumerate() {
        let mut files = Vec::new();
        for (index, path) in some.iter().enumerate() {
            let mut bytes = fs::read(path).expect("the file can be read");
            bytes.truncate(12_000);
            let (_, wrong) = WRONGS[dice.below(WRONGS.len())];
            let extension = if dice.below(2) == 0 { "md" } else { "txt" };
            let path = PathBuf::from(format!("content/real/{index:03}.{extension}"));
            files.push(Bad { path, bytes: wrong(&mut dice, bytes), is_talk: false });
        }
        troubles.extend(survive(100 * 13 + number + 1, files, &mut counts));
    }
    support::say!(
        "hostile: {} files made of real ones; {} cues out; {} files reported, {} of them refused",
        counts.files,
        counts.cues,
        counts.reported,
        counts.refused
    );
    assert!(troubles.is_empty(), "{} troubles:\n{}", troubles.len(), troubles.join("\n"));
}
