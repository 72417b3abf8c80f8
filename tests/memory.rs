//! What a build remembers of the last one never shows: after any edits, a build with memory makes
//! the very site that a build without one makes. And it spares work: what did not change is not
//! made again.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use diglot::build::{BuildOptions, Quiet, build};
use support::{Project, Tree};

/// A fixed sequence that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// The files of a project as an author changes them.
struct Author {
    dice: Dice,
    files: BTreeMap<String, String>,
    people: usize,
}

const HAN: [&str; 8] = ["灯", "船", "夜", "水", "人", "字", "钟", "雨"];
const LATIN: [&str; 8] = ["lamp", "boat", "night", "water", "someone", "letter", "bell", "rain"];

/// What transcripts are published in.
const FORMATS: [&str; 9] = ["vtt", "srt", "json", "txt", "md", "podcast-json", "tsv", "tmx", "pinyin"];

impl Author {
    fn new(seed: u64) -> Author {
        let mut author = Author { dice: Dice(seed), files: BTreeMap::new(), people: 3 };
        author.settings();
        author.write_people();
        author.write_show("boats");
        for number in 0..4 + author.dice.below(4) {
            author.add(number);
        }
        author
    }

    fn settings(&mut self) {
        let size = 1 + self.dice.below(4);
        let minify = self.dice.below(8) == 0;
        let feed = 1 + self.dice.below(5);
        let mut text = format!("[build]\nminify = {minify}\npage_size = {size}\nfeed_size = {feed}\n");
        if self.dice.below(2) == 0 {
            text = format!("base_url = \"https://example.org/{}/\"\n{text}", self.dice.one(&LATIN));
        }
        if self.dice.below(3) > 0 {
            text = format!("languages = [\"zh-Hans\", \"en\"]\n{text}");
        }
        if self.dice.below(2) == 0 {
            text = format!("title = \"{}\"\n{text}", self.dice.one(&LATIN));
        }
        if self.dice.below(2) == 0 {
            let formats: Vec<_> = FORMATS.into_iter().filter(|_| self.dice.below(3) == 0).collect();
            let _ = write!(text, "[transcripts]\nformats = {formats:?}\n");
            if self.dice.below(2) == 0 {
                let terms = self.terms();
                text.push_str(&terms);
            }
        }
        if self.dice.below(6) == 0 {
            let [twins, markdown, llms] = [0; 3].map(|_| self.dice.below(2) == 0);
            let _ = write!(text, "[pages]\ntwins = {twins}\nmarkdown = {markdown}\nllms = {llms}\n");
        }
        if self.dice.below(3) == 0 {
            let feed = self.feed();
            text.push_str(&feed);
        }
        let _ = write!(text, "[theme]\naccent = \"#{:06x}\"\n", self.dice.below(1 << 24));
        self.files.insert("site.toml".to_owned(), text);
    }

    fn write_people(&mut self) {
        let mut text = String::new();
        for person in 0..self.people {
            let name = self.dice.one(&LATIN);
            let _ = writeln!(
                text,
                "[p{person}]\nname = {{ en = \"{name} {person}\", \"zh-Hans\" = \"{}{person}\" }}",
                self.dice.one(&HAN)
            );
            if self.dice.below(3) == 0 {
                let _ = writeln!(text, "bio = \"{} {}\"", self.dice.one(&LATIN), self.dice.one(&LATIN));
            }
            if self.dice.below(2) == 0 {
                let _ = writeln!(text, "aliases = [\"Speaker {person}\"]");
            }
        }
        self.files.insert("content/people.toml".to_owned(), text);
    }

    fn write_show(&mut self, folder: &str) {
        let mut text = format!(
            "title = {{ en = \"{} {folder}\", \"zh-Hans\" = \"{}\" }}\n",
            self.dice.one(&LATIN),
            self.dice.one(&HAN)
        );
        if self.dice.below(2) == 0 {
            let _ = writeln!(text, "hosts = [\"p{}\"]", self.dice.below(self.people));
        }
        if self.dice.below(2) == 0 {
            let _ = writeln!(text, "speakers = {{ \"Speaker 0\" = \"p{}\" }}", self.dice.below(self.people));
        }
        if self.dice.below(4) == 0 {
            text.push_str("languages = [\"en\", \"zh-Hans\"]\n");
        }
        if self.dice.below(3) == 0 {
            let terms = self.terms();
            text.push_str(&terms);
        }
        if self.dice.below(3) == 0 {
            let feed = self.feed();
            text.push_str(&feed);
        }
        self.files.insert(format!("content/{folder}/show.toml"), text);
    }

    /// A glossary, right or wrong.
    fn terms(&mut self) -> String {
        let (own, other) = (self.dice.one(&HAN), self.dice.one(&LATIN));
        format!("glossary = [{{ zh = \"{own}\", en = \"{other}\" }}]\n")
    }

    /// What a feed says.
    fn feed(&mut self) -> String {
        let mut text = "[feed]\n".to_owned();
        for key in ["author", "copyright", "license", "image"] {
            if self.dice.below(3) == 0 {
                let _ = writeln!(text, "{key} = \"{}\"", self.dice.one(&LATIN));
            }
        }
        if self.dice.below(2) == 0 {
            let _ = writeln!(text, "explicit = {}", self.dice.below(2) == 0);
        }
        if self.dice.below(2) == 0 {
            let _ = writeln!(text, "category = \"{}\"", self.dice.one(&["Arts", "Drama", "History"]));
        }
        if self.dice.below(3) == 0 {
            let persons = self.persons();
            text.push_str(&persons);
        }
        text
    }

    fn persons(&mut self) -> String {
        let role = *self.dice.one(&["editor", "narrator", "guest"]);
        format!("persons = [{{ person = \"p{}\", role = \"{role}\" }}]\n", self.dice.below(self.people))
    }

    /// What only feeds read of an episode, but for its persons.
    fn item(&mut self) -> String {
        let mut text = String::new();
        if self.dice.below(3) == 0 {
            let name = *self.dice.one(&LATIN);
            let _ = writeln!(
                text,
                "audio = {{ en = \"https://a.b/{name}.mp3\", \"zh-Hans\" = \"https://a.b/z.mp3\" }}"
            );
            let _ = writeln!(text, "audio_size = {}", 1 + self.dice.below(9));
        }
        if self.dice.below(4) == 0 {
            let (start, title) = (self.dice.below(60), self.dice.one(&HAN));
            let _ = writeln!(text, "chapters = [{{ start = {start}, title = \"{title}\" }}]");
        }
        if self.dice.below(4) == 0 {
            let _ = writeln!(text, "updated = 2025-01-1{}", self.dice.below(9));
        }
        if self.dice.below(6) == 0 {
            let _ = writeln!(text, "license = \"{}\"\nblock = true", self.dice.one(&LATIN));
        }
        text
    }

    fn transcript(&mut self) -> String {
        let mut text = String::new();
        let is_timed = self.dice.below(3) == 0;
        for line in 0..3 + self.dice.below(8) {
            let words: Vec<_> = (0..1 + self.dice.below(6)).map(|_| self.dice.below(8)).collect();
            let han: String = words.iter().map(|word| HAN[*word]).collect();
            let latin: Vec<_> = words.iter().map(|word| LATIN[*word]).collect();
            let (speaker, latin) = (self.dice.below(4), latin.join(" "));
            let _ = if is_timed {
                write!(text, "[00:1{line}] **Speaker {speaker}**: {han}。\nThe {latin}.\n\n")
            } else {
                write!(text, "Speaker {speaker}\n\n{han}。\n\nThe {latin}.\n\n")
            };
        }
        text
    }

    fn episode(&mut self) -> String {
        let text = self.transcript();
        let mut front = String::new();
        if self.dice.below(4) > 0 {
            let _ = writeln!(
                front,
                "title = {{ en = \"The {}\", \"zh-Hans\" = \"{}\" }}",
                self.dice.one(&LATIN),
                self.dice.one(&HAN)
            );
        }
        if self.dice.below(4) > 0 {
            let _ = writeln!(front, "date = 2024-0{}-1{}", 1 + self.dice.below(9), self.dice.below(9));
        }
        if self.dice.below(2) == 0 {
            let _ = writeln!(front, "tags = [\"{}\", \"{}\"]", self.dice.one(&LATIN), self.dice.one(&HAN));
        }
        if self.dice.below(3) == 0 {
            let quote = text.lines().nth(4).expect("a transcript has lines");
            let _ = writeln!(front, "highlights = [\"{quote}\"]");
        }
        if self.dice.below(3) == 0 {
            let _ = writeln!(front, "speakers = {{ \"Speaker 1\" = \"p{}\" }}", self.dice.below(self.people));
        }
        let item = self.item();
        front.push_str(&item);
        if self.dice.below(5) == 0 {
            let persons = self.persons();
            front.push_str(&persons);
        }
        if self.dice.below(8) == 0 {
            front.push_str("draft = true\n");
        }
        if self.dice.below(8) == 0 {
            let _ = writeln!(front, "show = \"{}\"", self.dice.one(&LATIN));
        }
        if front.is_empty() { text } else { format!("+++\n{front}+++\n{text}") }
    }

    /// One language of a talk, cut as it likes, in a form that its tag does not tell.
    fn track(&mut self, lang: &str) -> String {
        let mut text = String::new();
        if self.dice.below(4) == 0 {
            let _ = writeln!(text, "---\ntitle: {}\n---", self.dice.one(&LATIN));
        }
        for line in 0..3 + self.dice.below(8) {
            let words: Vec<_> = (0..1 + self.dice.below(6)).map(|_| self.dice.below(8)).collect();
            let said = match lang {
                "en" => {
                    format!("The {}.", words.iter().map(|word| LATIN[*word]).collect::<Vec<_>>().join(" "))
                }
                _ => format!("{}。", words.iter().map(|word| HAN[*word]).collect::<String>()),
            };
            let _ = write!(text, "**Speaker {}** [0:{:02}]: {said}\n\n", self.dice.below(3), line * 4);
        }
        text
    }

    fn add_tracks(&mut self, number: usize) {
        let folder = *self.dice.one(&["boats/", "lamps/", ""]);
        let stem = match self.dice.below(2) {
            0 => {
                let front = *self.dice.one(&["", "", "tracks = [{ lang = \"en\", time_shift = -1.5 }]\n"]);
                let head = format!("+++\ntitle = \"Tracks {number}\"\n{front}+++\n");
                self.files.insert(format!("content/{folder}t{number}/episode.md"), head);
                format!("content/{folder}t{number}/transcript")
            }
            _ => format!("content/{folder}t{number}"),
        };
        for lang in ["en", "zh-Hans"] {
            let text = self.track(lang);
            self.files.insert(format!("{stem}.{lang}.md"), text);
        }
    }

    /// An edit of an episode of two tracks; gives what it was.
    fn step_tracks(&mut self, number: usize) -> &'static str {
        let Some(path) = self.some(|path| path.ends_with(".en.md") || path.ends_with(".zh-Hans.md")) else {
            self.add_tracks(300 + number);
            return "add tracks";
        };
        let (stem, lang) = match path.strip_suffix(".en.md") {
            Some(stem) => (stem.to_owned(), "en"),
            None => (path.trim_end_matches(".zh-Hans.md").to_owned(), "zh-Hans"),
        };
        match self.dice.below(6) {
            0 => {
                self.files.remove(&path);
                "delete a track"
            }
            1 => {
                let text = self.files.remove(&path).expect("it is there");
                let tag = *self.dice.one(&["zh-Hant", "en-GB", "en"]);
                self.files.insert(format!("{stem}.{tag}.md"), text);
                "rename a track"
            }
            2 => {
                let other = if lang == "en" { "zh-Hans" } else { "en" };
                let text = self.track(other);
                let extension = *self.dice.one(&["md", "txt"]);
                self.files.insert(format!("{stem}.{other}.{extension}"), text);
                "add a track"
            }
            3 => {
                let folder = stem.strip_suffix("transcript");
                let pairs =
                    folder.map_or(format!("{stem}.pairs.toml"), |folder| format!("{folder}pairs.toml"));
                if self.files.remove(&pairs).is_none() {
                    let text = self.pairs(&stem);
                    self.files.insert(pairs, text);
                }
                "pairs"
            }
            _ => {
                let text = self.track(lang);
                self.files.insert(path, text);
                "edit a track"
            }
        }
    }

    /// A review file that decides about lines of the tracks, or about one that is lost.
    fn pairs(&mut self, stem: &str) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.dice.below(2) {
            let kind = *self.dice.one(&["pair", "split", "merge"]);
            let _ = writeln!(text, "[[{kind}]]");
            for lang in ["en", "zh-Hans"] {
                let lines: Vec<String> =
                    self.files.get(&format!("{stem}.{lang}.md")).map_or(Vec::new(), |track| {
                        track.lines().filter_map(|line| Some(line.split_once("]: ")?.1.to_owned())).collect()
                    });
                let lost = "lost".to_owned();
                let line = if lines.is_empty() { &lost } else { self.dice.one(&lines) };
                let _ = writeln!(text, "{lang} = {line:?}");
            }
        }
        text
    }

    fn add(&mut self, number: usize) {
        if self.dice.below(4) == 0 {
            return self.add_tracks(number);
        }
        let folder = *self.dice.one(&["boats/", "lamps/", ""]);
        let text = self.episode();
        if self.dice.below(4) == 0 {
            let head = format!(
                "+++\ntitle = \"Number {number}\"\n+++\n\n[a](javascript:b) and *{}*\n",
                self.dice.one(&LATIN)
            );
            let transcript = self.transcript();
            self.files.insert(format!("content/{folder}f{number}/episode.md"), head);
            self.files.insert(format!("content/{folder}f{number}/transcript.txt"), transcript);
            let name = *self.dice.one(&["note.pdf", "transcript.tmx"]);
            self.files.insert(format!("content/{folder}f{number}/{name}"), text);
        } else {
            self.files.insert(format!("content/{folder}e{number}.txt"), text);
        }
    }

    fn some(&mut self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let found: Vec<&String> = self.files.keys().filter(|path| wanted(path)).collect();
        if found.is_empty() { None } else { Some((*self.dice.one(&found)).clone()) }
    }

    fn some_episode(&mut self) -> Option<String> {
        self.some(|path| path.starts_with("content/") && path.ends_with(".txt"))
    }

    /// One edit; gives what it was.
    fn step(&mut self, number: usize) -> &'static str {
        match self.dice.below(19) {
            0 | 1 => {
                self.add(100 + number);
                "add"
            }
            2..=4 => {
                let Some(path) = self.some_episode() else { return "nothing" };
                let is_whole = !path.ends_with("transcript.txt");
                let text = if is_whole { self.episode() } else { self.transcript() };
                self.files.insert(path, text);
                "edit"
            }
            5 => {
                let Some(path) = self.some_episode() else { return "nothing" };
                let text = self.files.get_mut(&path).expect("it is there");
                text.push_str("Speaker 1\n\n船。\n\nBoat.\n\n");
                "append"
            }
            6 => {
                let Some(path) = self.some(|path| path.contains("/e")) else { return "nothing" };
                let text = self.files.remove(&path).expect("it is there");
                let folder = *self.dice.one(&["boats", "lamps", "bells"]);
                self.files.insert(format!("content/{folder}/e{}.txt", 200 + number), text);
                "rename"
            }
            7 => {
                let Some(path) = self.some_episode() else { return "nothing" };
                self.files.remove(&path);
                "delete"
            }
            8 => {
                self.people = 3 + self.dice.below(3);
                self.write_people();
                "people"
            }
            9 => {
                let name = self.dice.one(&["episode", "card", "show", "speaker"]);
                let text = format!("{}<!--{}-->", theme(name), self.dice.below(3));
                if self.dice.below(3) == 0 {
                    self.files.remove(&format!("templates/{name}.html"));
                } else if *name != "card" {
                    self.files.insert(format!("templates/{name}.html"), text);
                }
                "template"
            }
            10 => {
                self.settings();
                "config"
            }
            11 => {
                let folder = *self.dice.one(&["boats", "lamps"]);
                self.write_show(folder);
                "show"
            }
            12 => {
                let text = format!("body {{ --number: {number} }}");
                let name = *self.dice.one(&["static/diglot.css", "static/own.css"]);
                if self.files.remove(name).is_none() {
                    self.files.insert(name.to_owned(), text);
                }
                "static"
            }
            13..=15 => self.step_tracks(number),
            16 | 17 => {
                let name = *self.dice.one(&["about.md", "about.en.md", "about.zh-Hans.md"]);
                let path = format!("content/{name}");
                if self.files.remove(&path).is_none() {
                    let words = (self.dice.one(&LATIN), self.dice.one(&HAN));
                    let text = format!("# {} {number}\n\n{}。\n\n[a](javascript:b)\n", words.0, words.1);
                    self.files.insert(path, text);
                }
                "about"
            }
            _ => {
                if self.files.remove("templates/cue.html").is_none() {
                    let text = "<p id={{ cue.id }}>{% for t in cue.texts %}<i lang={{ t.lang }}>{{ t.text }}</i>{% endfor %}</p>";
                    self.files.insert("templates/cue.html".to_owned(), text.to_owned());
                }
                "cue template"
            }
        }
    }

    /// Writes what differs from what lies in the folder.
    fn save(&self, root: &Path, before: &BTreeMap<String, String>) {
        for path in before.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(root.join(path)).expect("it was written");
            let _ = fs::remove_dir(root.join(path).parent().expect("a file is in a folder"));
        }
        for (path, text) in self.files.iter().filter(|(path, text)| before.get(*path) != Some(*text)) {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folders can be made");
            fs::write(path, text).expect("a file can be written");
        }
    }
}

/// A temporary folder, in memory where the system has files there: thousands are written.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder can be made")
}

fn theme(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(format!("{name}.html"));
    fs::read_to_string(path).unwrap_or_default()
}

fn options(root: &Path, output: &str, drafts: bool) -> BuildOptions {
    BuildOptions { root: root.to_owned(), output: Some(root.join(output)), drafts, ..BuildOptions::default() }
}

/// What a clean build of these files makes, and what it says.
fn clean(author: &Author, drafts: bool) -> (Tree, Vec<String>) {
    let place = folder();
    author.save(place.path(), &BTreeMap::new());
    let built = build(&options(place.path(), "public", drafts), &Quiet).expect("the disk works");
    (Tree::of(&place.path().join("public")), messages(&built.diagnostics))
}

fn messages(diagnostics: &[diglot::diagnostic::Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|one| format!("{} {} {:?}", one.code.0, one.message, one.place)).collect()
}

const SCRIPTS: u64 = 300;
const STEPS: usize = 10;

#[test]
fn after_any_edits_the_site_is_that_of_a_clean_build() {
    use rayon::prelude::*;
    let counts: Vec<(usize, usize, usize)> = (0..SCRIPTS).into_par_iter().map(play).collect();
    let (mut published, mut rendered, mut kept) = (0, 0, 0);
    for (one, two, three) in counts {
        published += one;
        rendered += two;
        kept += three;
    }
    support::say!(
        "edit scripts: {SCRIPTS} of {STEPS} steps, {published} builds published; \
         {rendered} pages rendered, {kept} kept; each site as a clean build makes it"
    );
    // An edit of the settings renders all pages, of which there are three times as many with twins.
    assert!(kept > rendered / 3, "memory is of use");
}

/// Plays one script; gives how many builds published, and how many pages they rendered and kept.
fn play(seed: u64) -> (usize, usize, usize) {
    let place = folder();
    let root = place.path();
    let mut author = Author::new(seed);
    let mut before = BTreeMap::new();
    let (mut published, mut rendered, mut kept) = (0, 0, 0);
    let mut steps = Vec::new();
    for number in 0..=STEPS {
        if number > 0 {
            steps.push(author.step(number));
        }
        author.save(root, &before);
        before.clone_from(&author.files);
        let drafts = seed.is_multiple_of(3) && number.is_multiple_of(4);
        let built = build(&options(root, "public", drafts), &Quiet).expect("the disk works");
        let (expected, said) = clean(&author, drafts);
        assert_eq!(messages(&built.diagnostics), said, "script {seed}: {steps:?}");
        if built.published {
            published += 1;
            rendered += built.summary.rendered;
            kept += built.summary.pages.saturating_sub(built.summary.rendered);
            let site = Tree::of(&root.join("public"));
            for (path, bytes) in &expected.0 {
                assert!(site.0.get(path) == Some(bytes), "script {seed}: {steps:?}: {path} differs");
            }
            assert_eq!(site.0.len(), expected.0.len(), "script {seed}: {steps:?}");
        }
    }
    (published, rendered, kept)
}

fn demo() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Project::empty()
        .copy(&root.join("content"), "content")
        .file("site.toml", fs::read(root.join("site.toml")).expect("the demo has settings"))
}

#[test]
fn a_build_with_nothing_changed_renders_nothing() {
    let project = demo();
    let first = project.build();
    assert!(first.number("rendered") > 20);
    let again = project.build();
    assert_eq!((again.number("rendered"), again.number("changed")), (0, 0));
    assert_eq!(again.stderr.lines().count(), first.stderr.lines().count(), "every finding is told again");
}

#[test]
fn a_line_that_changes_renders_the_pages_that_show_it() {
    let project = demo();
    project.build();
    let path = "content/night-ferry/004-fourteen-characters.txt";
    let text = fs::read_to_string(project.path(path)).expect("the demo has it");
    let changed = text.replace("I’m not translating.", "I’m not rendering.");
    assert_ne!(text, changed);
    project.write(path, changed);
    let run = project.build();
    // Its own page, and that of whoever says it, which has some of their lines.
    let rendered = run.number("rendered");
    assert!((1..=2).contains(&rendered), "{rendered} pages rendered for one line");
    // The transcript is a file beside the page too.
    assert!((2..=3).contains(&run.number("changed")));
}

#[test]
fn a_damaged_or_foreign_memory_is_ignored_with_one_line_and_the_site_is_the_same() {
    let project = demo();
    project.build();
    let site = project.site();
    let folder = project.path(".diglot/cache");
    let files: Vec<_> =
        fs::read_dir(&folder).expect("the memory is there").flatten().map(|file| file.path()).collect();
    assert!(files.len() > 2);
    type Damage = fn(&[u8]) -> Vec<u8>;
    let damages: [Damage; 5] = [
        |_| Vec::new(),
        |bytes| bytes[..bytes.len() / 2].to_vec(),
        |bytes| bytes.iter().map(|byte| byte ^ 0x55).collect(),
        |bytes| [bytes, b"more"].concat(),
        |bytes| bytes.iter().enumerate().map(|(at, byte)| if at == 20 { byte ^ 1 } else { *byte }).collect(),
    ];
    for damage in damages {
        for file in &files {
            let bytes = fs::read(file).expect("it can be read");
            fs::write(file, damage(&bytes)).expect("it can be written");
        }
        let run = project.build();
        assert_eq!(run.stderr.matches("cache-ignored").count(), 1, "{}", run.stderr);
        assert_eq!(run.number("changed"), 0);
        assert!(project.site() == site);
        assert!(!project.build().stderr.contains("cache-ignored"), "the memory is whole again");
    }
}

#[test]
fn texts_that_memory_has_lost_are_taken_from_their_files_again() {
    let path = "content/night-ferry/004-fourteen-characters.txt";
    let project = demo();
    let text = fs::read_to_string(project.path(path)).expect("the demo has it");
    type Damage = fn(&Path) -> std::io::Result<()>;
    let damages: [Damage; 3] = [
        |file| fs::remove_file(file),
        |file| fs::write(file, b""),
        |file| fs::write(file, fs::read(file)?.iter().map(|byte| byte ^ 0x55).collect::<Vec<u8>>()),
    ];
    for (number, damage) in damages.iter().enumerate() {
        project.build();
        assert!(lose_texts(&project, *damage) > 3, "episodes have their texts in several files");
        let changed = text.replace("Fourteen Characters", &format!("{number} Characters"));
        assert_ne!(text, changed);
        project.write(path, &changed);
        let run = project.build();
        assert_eq!(run.stderr.matches("cache-ignored").count(), 1, "{}", run.stderr);
        let clean = demo().file(path, &changed);
        assert_eq!(run.stderr.lines().count(), clean.build().stderr.lines().count() + 1);
        assert!(project.site() == clean.site());
        assert!(!project.build().stderr.contains("cache-ignored"), "the memory is whole again");
    }
}

/// Damages the files of texts that hold any; gives how many there are.
fn lose_texts(project: &Project, damage: fn(&Path) -> std::io::Result<()>) -> usize {
    let folder = fs::read_dir(project.path(".diglot/cache")).expect("the memory is there");
    let is_of_texts = |path: &Path| {
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        name.starts_with("texts-") && fs::metadata(path).expect("it is there").len() > 1000
    };
    let files: Vec<_> = folder.flatten().map(|file| file.path()).filter(|path| is_of_texts(path)).collect();
    files.iter().for_each(|file| damage(file).expect("it can be damaged"));
    files.len()
}

#[test]
fn a_file_of_the_site_that_went_or_changed_its_length_is_made_again() {
    let project = demo();
    project.build();
    let site = project.site();
    project.remove("public/index.html");
    project.write("public/404.html", "other");
    let run = project.build();
    assert_eq!(run.number("changed"), 2);
    assert!(project.site() == site);
}
