//! Pairs of tracks whose true pairing is known, made from files beside the repository.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use diglot::lang::{Lang, telling_script};
use unicode_script::Script;

use crate::languages::is_unspaced;
use crate::random::Random;
use crate::srt::{Cue, read_srt};

/// Links between source cues: left i, right j.
pub type Links = BTreeSet<(usize, usize)>;

#[derive(Clone, Debug, Default)]
pub struct Own {
    pub text: String,
    pub times: Option<(u64, u64)>,
    pub speaker: Option<String>,
}

/// Two tracks and the links that are true of them.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub langs: [Lang; 2],
    pub left: Vec<Own>,
    pub right: Vec<Own>,
    pub gold: Links,
    /// The left cues whose links are known, where these are not all.
    pub known: Option<BTreeSet<usize>>,
}

// ---- Bilingual subtitles

/// A line of the talk in both languages; either may be empty.
pub struct Line {
    pub start: u64,
    pub end: u64,
    pub texts: [String; 2],
}

pub fn bilingual_files(data: &Path) -> Vec<PathBuf> {
    let folder = data.join("bilingual-srt");
    let mut files = Vec::new();
    for entry in walk(&folder) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = entry.display().to_string();
        let alone = shown.contains("/ios10/en/")
            || shown.contains("/polyu/") && !name.contains("dual")
            || name == "JordanPeterson.mp4.srt";
        if name.ends_with(".srt") && !alone {
            files.push(entry);
        }
    }
    files
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(walk(&path)),
            path => found.push(path),
        }
    }
    found.sort();
    found
}

fn lines_of(cues: Vec<Cue>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for cue in cues {
        let mut texts = [String::new(), String::new()];
        for line in cue.lines {
            let side = usize::from(telling_script(&line) == Some(Script::Han));
            if !texts[side].is_empty() {
                texts[side].push(' ');
            }
            texts[side].push_str(&line);
        }
        match lines.last_mut() {
            // Two cues of one time, one per language.
            Some(last) if (last.start, last.end) == (cue.start, cue.end) => {
                for (own, text) in last.texts.iter_mut().zip(texts) {
                    own.push_str(&text);
                }
            }
            _ => lines.push(Line { start: cue.start, end: cue.end, texts }),
        }
    }
    lines
}

/// What is done to a bilingual file to make two tracks of it.
#[derive(Clone, Copy)]
pub struct Damage {
    pub merge: f64,
    pub split: f64,
    pub drop: f64,
    /// Of the right clock: seconds late, how much slow, standard deviation of each time.
    pub late: f64,
    pub slow: f64,
    pub jitter: f64,
    pub timed: bool,
    /// Lines that are in one language only are left out.
    pub whole: bool,
}

/// A cue of a damaged track, and the lines it has something of.
struct Piece {
    text: String,
    start: u64,
    end: u64,
    of: Vec<usize>,
}

fn damaged(lines: &[Line], side: usize, damage: &Damage, random: &mut Random) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut merge_next = false;
    for (index, line) in lines.iter().enumerate() {
        let text = &line.texts[side];
        if text.is_empty() || random.chance(damage.drop) {
            merge_next = false;
            continue;
        }
        if merge_next && let Some(last) = pieces.last_mut() {
            if is_unspaced(text) {
                last.text.push_str(text);
            } else {
                last.text.push(' ');
                last.text.push_str(text);
            }
            last.end = line.end;
            last.of.push(index);
            merge_next = false;
            continue;
        }
        if random.chance(damage.split)
            && let Some(at) = middle(text)
        {
            let (first, second) = text.split_at(at);
            let share = first.chars().count() as f64 / text.chars().count() as f64;
            let cut = line.start + ((line.end.saturating_sub(line.start)) as f64 * share) as u64;
            pieces.push(Piece { text: first.trim().into(), start: line.start, end: cut, of: vec![index] });
            pieces.push(Piece { text: second.trim().into(), start: cut, end: line.end, of: vec![index] });
            continue;
        }
        pieces.push(Piece { text: text.clone(), start: line.start, end: line.end, of: vec![index] });
        merge_next = random.chance(damage.merge);
    }
    pieces
}

/// Where to cut a line in two: the word boundary nearest its middle.
fn middle(text: &str) -> Option<usize> {
    let half = text.len() / 2;
    let spaced = !is_unspaced(text);
    let places = text.char_indices().skip(1);
    let fits = places.filter(|(_, c)| if spaced { *c == ' ' } else { c.len_utf8() > 1 || *c == ' ' });
    fits.map(|(at, _)| at).min_by_key(|at| at.abs_diff(half)).filter(|_| text.chars().count() > 8)
}

pub fn bilingual_case(file: &Path, damage: &Damage, seed: u64) -> Case {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut lines = lines_of(read_srt(&text));
    if damage.whole {
        lines.retain(|line| line.texts.iter().all(|text| !text.is_empty()));
    }
    damaged_case(name_of(file), [lang("en"), lang("zh-Hans")], &lines, damage, Random(seed))
}

/// Two tracks of a talk, each damaged by itself, and their true links.
pub fn damaged_case(
    name: String,
    langs: [Lang; 2],
    lines: &[Line],
    damage: &Damage,
    mut random: Random,
) -> Case {
    let left = damaged(lines, 0, damage, &mut random);
    let right = damaged(lines, 1, damage, &mut random);
    let mut holders: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, piece) in right.iter().enumerate() {
        for line in &piece.of {
            holders.entry(*line).or_default().push(index);
        }
    }
    let mut gold = Links::new();
    for (index, piece) in left.iter().enumerate() {
        for line in &piece.of {
            gold.extend(holders.get(line).into_iter().flatten().map(|other| (index, *other)));
        }
    }
    let mut moved = |time: u64| {
        let time = time as f64 * (1.0 + damage.slow) + damage.late * 1000.0;
        (time + random.normal() * damage.jitter * 1000.0).max(0.0).round() as u64
    };
    let right = right
        .into_iter()
        .map(|piece| {
            let (start, end) = (moved(piece.start), moved(piece.end));
            Own { text: piece.text, times: damage.timed.then_some((start, end.max(start))), speaker: None }
        })
        .collect();
    let left = left.into_iter().map(|piece| Own {
        text: piece.text,
        times: damage.timed.then_some((piece.start, piece.end)),
        speaker: None,
    });
    Case { name, langs, left: left.collect(), right, gold, known: None }
}

fn name_of(file: &Path) -> String {
    let parent = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    format!("{parent}/{}", name.chars().take(20).collect::<String>())
}

pub fn lang(tag: &str) -> Lang {
    Lang::parse(tag).expect("a tag of this file is one")
}

// ---- Sentences of which two tracks are cut independently

/// Videos whose gold is none: the clock of the one's translation is torn to pieces, and the
/// other's translations stand beside the sentence before from the middle on.
const NO_GOLD: [&str; 2] = ["2016/change-of-basis", "2017/neural-networks"];

/// The videos whose sentences can be found in both tracks.
pub fn sentence_folders(data: &Path) -> Vec<PathBuf> {
    let folder = data.join("3b1b-pairs");
    let list = fs::read_to_string(folder.join("gold-exact.txt")).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| !NO_GOLD.contains(name))
        .map(|name| folder.join(name))
        .collect()
}

/// What is done to the right clock: by how many seconds it is late, from which share of the talk.
pub type Late = [(f64, f64)];

pub fn sentence_case(folder: &Path, late: &Late, timed: bool) -> Option<Case> {
    let left = read_srt(&fs::read_to_string(folder.join("english/captions.srt")).ok()?);
    let right = read_srt(&fs::read_to_string(folder.join("chinese/auto_generated.srt")).ok()?);
    let json = |name: &str| -> Option<serde_json::Value> {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).ok()?).ok()
    };
    let spoken: Vec<Sentence> = json("english/sentence_timings.json")?
        .as_array()?
        .iter()
        .map(|row| Sentence::new(row[0].as_str(), &row[1], &row[2]))
        .collect();
    let translated = json("chinese/sentence_translations.json")?;
    let translated = translated.as_array()?;
    let inputs: Vec<Sentence> = translated
        .iter()
        .map(|row| Sentence::new(row["input"].as_str(), &row["start"], &row["end"]))
        .collect();
    let words =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).count();
    let marks = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let of_left = holders(&left, spoken.iter().map(|one| words(&one.text)), words);
    let translations = translated.iter().map(|row| marks(row["translatedText"].as_str().unwrap_or_default()));
    let of_right = holders(&right, translations, marks);
    let mut gold = Links::new();
    for (index, partners) in joined(&spoken, &inputs).into_iter().enumerate() {
        for partner in partners {
            for i in &of_left[partner] {
                gold.extend(of_right[index].iter().map(|j| (*i, *j)));
            }
        }
    }
    let last = right.last().map_or(0, |cue| cue.end) as f64;
    let moved = |cue: &Cue| {
        let by = late.iter().rev().find(|(from, _)| cue.start as f64 >= from * last);
        let by = by.map_or(0, |(_, by)| (by * 1000.0) as u64);
        Cue { start: cue.start + by, end: cue.end + by, ..cue.clone() }
    };
    let own = |cue: &Cue| Own {
        text: cue.lines.join(" "),
        times: timed.then_some((cue.start, cue.end)),
        speaker: None,
    };
    Some(Case {
        name: name_of(&folder.join("x")),
        langs: [lang("en"), lang("zh-Hans")],
        left: left.iter().map(own).collect(),
        right: right.iter().map(|cue| own(&moved(cue))).collect(),
        gold,
        known: None,
    })
}

struct Sentence {
    text: String,
    start: f64,
    end: f64,
}

impl Sentence {
    fn new(text: Option<&str>, start: &serde_json::Value, end: &serde_json::Value) -> Sentence {
        let text = text.unwrap_or_default().trim().to_owned();
        Sentence { text, start: start.as_f64().unwrap_or(0.0), end: end.as_f64().unwrap_or(0.0) }
    }
}

/// For each sentence the cues that have something of it, by counting characters.
fn holders(
    cues: &[Cue],
    sentences: impl Iterator<Item = usize>,
    count: impl Fn(&str) -> usize,
) -> Vec<Vec<usize>> {
    let mut owners = Vec::new();
    let mut sentence_count = 0;
    for (index, length) in sentences.enumerate() {
        owners.extend(std::iter::repeat_n(index, length));
        sentence_count = index + 1;
    }
    let mut found = vec![Vec::new(); sentence_count];
    let mut at = 0;
    for (index, cue) in cues.iter().enumerate() {
        let length = count(&cue.lines.join(" "));
        for owner in owners.iter().skip(at).take(length) {
            if found[*owner].last() != Some(&index) {
                found[*owner].push(index);
            }
        }
        at += length;
    }
    found
}

/// For each translated sentence the spoken ones: by text, else by time.
fn joined(spoken: &[Sentence], inputs: &[Sentence]) -> Vec<Vec<usize>> {
    let by_text = |input: &Sentence| {
        let same = spoken.iter().enumerate().filter(|(_, one)| one.text == input.text);
        same.min_by(|a, b| (a.1.start - input.start).abs().total_cmp(&(b.1.start - input.start).abs()))
    };
    let overlap = |a: &Sentence, b: &Sentence| a.end.min(b.end) - a.start.max(b.start);
    inputs
        .iter()
        .map(|input| match by_text(input) {
            Some((index, _)) => vec![index],
            None => (0..spoken.len()).filter(|index| overlap(&spoken[*index], input) > 0.05).collect(),
        })
        .collect()
}
