//! The same input gives the same bytes: on any number of threads, in any time zone and locale, in
//! any checkout, in whatever order the files were made.

mod support;

use std::fmt::Write;

use support::{Project, Tree};

const PEOPLE: &str = "[ada]\nname = { en = \"Ada\", \"zh-Hans\" = \"阿达\" }\n\n[bo]\nname = \"Bo\"\naliases = [\"Speaker 1\"]\n";

/// A fixed sequence that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn transcript(dice: &mut Dice) -> String {
    let chinese = ["灯", "船", "夜", "水", "人", "字", "钟", "雨"];
    let english = ["lamp", "boat", "night", "water", "someone", "letter", "bell", "rain"];
    let mut text = String::new();
    for _ in 0..10 + dice.below(30) {
        let words: Vec<_> = (0..1 + dice.below(6)).map(|_| dice.below(8)).collect();
        let han: String = words.iter().map(|word| chinese[*word]).collect();
        let latin: Vec<_> = words.iter().map(|word| english[*word]).collect();
        let speaker = dice.below(4);
        let _ = write!(text, "Speaker {speaker}\n\n{han}。\n\nThe {}.\n\n", latin.join(" "));
    }
    text
}

/// Twenty episodes in three shows and none, with people, tags, quotes, covers and ties of date.
fn archive() -> Vec<(String, String)> {
    let mut dice = Dice(7);
    let mut files = vec![
        (
            "site.toml".to_owned(),
            "base_url = \"https://example.org/x/\"\n[build]\npage_size = 3\n[extra]\nb = 1\na = 2\n"
                .to_owned(),
        ),
        ("content/people.toml".to_owned(), PEOPLE.to_owned()),
        (
            "content/boats/show.toml".to_owned(),
            "title = { en = \"Boats\", \"zh-Hans\" = \"船\" }\ncover = \"cover.svg\"\n".to_owned(),
        ),
        ("content/boats/cover.svg".to_owned(), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_owned()),
        ("static/extra/note.txt".to_owned(), "note".to_owned()),
    ];
    for (lang, words) in [("en", "lamp"), ("zh-Hans", "灯")] {
        let mut text = String::new();
        for line in 0..30 {
            let said = vec![words; 1 + dice.below(6)].join(if lang == "en" { " " } else { "" });
            let _ = write!(text, "**Speaker {}** [{line}:00]: {said} {line}.\n\n", dice.below(4));
        }
        files.push((format!("content/boats/tracks.{lang}.md"), text.clone()));
        files.push((format!("content/lamps/tracks/transcript.{lang}.md"), text));
    }
    files.push(("content/lamps/tracks/episode.md".to_owned(), "+++\ntitle = \"Tracks\"\n+++\n".to_owned()));
    for number in 0..20 {
        let show = ["boats/", "lamps/", "雨/", ""][number % 4];
        let text = transcript(&mut dice);
        let quote = text.lines().nth(4).expect("a transcript has lines");
        let front = format!(
            "+++\ntitle = {{ \"zh-Hans\" = \"第{number}集\", en = \"Number {number}\" }}\ndate = 2024-0{}-01\ntags = [\"t{}\", \"水\", \"u{}\"]\n\
             highlights = [\"{quote}\"]\nspeakers = {{ \"Speaker 0\" = \"ada\" }}\n+++\n",
            1 + number % 3,
            number % 5,
            number % 2,
        );
        if number % 5 == 0 {
            files.push((
                format!("content/{show}{number:02}/episode.md"),
                format!("{front}\n# Notes\n\n```rust\nlet a = {number};\n```\n"),
            ));
            files.push((format!("content/{show}{number:02}/transcript.txt"), text));
        } else {
            files.push((format!("content/{show}{number:02}.txt"), front + &text));
        }
    }
    files
}

fn project(order: impl Fn(&mut Vec<(String, String)>)) -> Project {
    let mut files = archive();
    order(&mut files);
    files.iter().fold(Project::empty(), |project, (path, text)| project.file(path, text))
}

fn built(project: &Project, variables: &[(&str, &str)]) -> (Tree, String) {
    let call = project.diglot(&["build", "--force"]).in_root();
    let call = variables.iter().fold(call, |call, (name, value)| call.env(name, value));
    let run = call.run().exits(0);
    // The last line is times.
    let told = run.stderr.lines().filter(|line| !line.contains(" ms: ")).collect::<Vec<_>>().join("\n");
    (project.site(), told)
}

#[test]
fn neither_threads_nor_surroundings_reach_the_output() {
    let project = project(|_| {});
    let (expected, told) = built(&project, &[("RAYON_NUM_THREADS", "1")]);
    assert!(expected.pages().count() > 40, "the archive is worth comparing: {}", expected.pages().count());
    for variables in [
        &[("RAYON_NUM_THREADS", "2")][..],
        &[("RAYON_NUM_THREADS", "4")],
        &[("RAYON_NUM_THREADS", "8")],
        &[("RAYON_NUM_THREADS", "8"), ("TZ", "Pacific/Kiritimati")],
        &[("TZ", "America/Adak"), ("LC_ALL", "C")],
        &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")],
        &[("LC_ALL", "zh_CN.GB18030"), ("USER", "someone"), ("HOME", "/nowhere"), ("SOURCE_DATE_EPOCH", "1")],
    ] {
        let (site, also_told) = built(&project, variables);
        site.equals(&expected, &format!("with {variables:?}"));
        assert_eq!(also_told, told, "with {variables:?}");
    }
}

#[test]
fn the_order_in_which_files_were_made_does_not_matter_nor_does_the_checkout() {
    let (expected, told) = built(&project(|_| {}), &[]);
    let backwards: fn(&mut Vec<_>) = |files| files.reverse();
    let shuffled: fn(&mut Vec<_>) = |files| {
        let mut dice = Dice(3);
        for at in (1..files.len()).rev() {
            files.swap(at, dice.below(at + 1));
        }
    };
    for order in [backwards, shuffled] {
        let elsewhere = project(order);
        let (site, also_told) = built(&elsewhere, &[]);
        site.equals(&expected, "in another checkout");
        assert_eq!(also_told, told);
    }
}

#[test]
fn nothing_in_the_output_says_where_it_was_built() {
    let project = project(|_| {});
    let root = project.path("");
    let root = root.to_str().expect("temporary folders have plain names").trim_end_matches('/');
    for (path, bytes) in &built(&project, &[]).0.0 {
        assert!(!String::from_utf8_lossy(bytes).contains(root), "{path}");
    }
}

#[test]
fn many_rebuilds_end_where_a_clean_build_does() {
    let project = project(|_| {});
    let (expected, _) = built(&project, &[]);
    let mut dice = Dice(11);
    let texts: Vec<_> = archive().into_iter().filter(|(path, _)| path.ends_with(".txt")).collect();
    for _ in 0..6 {
        let (path, text) = &texts[dice.below(texts.len())];
        match dice.below(2) {
            0 if !path.ends_with("transcript.txt") => project.remove_if_there(path),
            _ => project.write(path, text.to_owned() + "Speaker 3\n\n再见。\n\nGoodbye.\n"),
        }
        project.build();
    }
    for (path, text) in &texts {
        project.write(path, text);
    }
    project.build();
    project.site().equals(&expected, "after six edits and their undoing");
}
