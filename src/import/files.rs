//! Transcripts in files → episodes: which of them are of one episode, by their names and folders,
//! and where each goes. A file is copied as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::existing::{Existing, path_in};
use super::languages::{Tagged, lang_of_word, tagged, told_by_text};
use super::shown::{Shown, plural};
use super::{Bytes, Plan, Write};
use crate::lang::Lang;
use crate::parse::front_matter::FrontMatter;
use crate::slug::Slug;
use crate::text::Localized;
use crate::written::{Lines, links, list, quoted};

/// A file that was looked at.
#[derive(Debug, Default)]
pub struct FoundFile {
    pub path: PathBuf,
    /// Its name below what was asked for, with `/`.
    pub name: String,
    /// In lower case.
    pub extension: String,
    /// The form it is in.
    pub form: &'static str,
    /// What its name says it is in.
    pub lang: Option<Lang>,
    /// What its text is in, as far as that tells.
    pub langs: Vec<Lang>,
    pub lines: usize,
    pub front: FrontMatter,
    /// Why it is no transcript, if it is none.
    pub problem: Option<String>,
}

/// Extensions of transcripts, those first that say most.
pub const EXTENSIONS: &[&str] = &["vtt", "srt", "json", "tsv", "html", "htm", "md", "markdown", "txt"];

/// Those that may hold the front matter of an episode themselves.
const TEXTS: &[&str] = &["md", "markdown", "txt"];

impl FoundFile {
    /// Where its form stands among those of the same text.
    pub fn rank(&self) -> usize {
        EXTENSIONS.iter().position(|own| *own == self.extension).unwrap_or(EXTENSIONS.len())
    }
}

/// What the command line asks for.
pub struct FilesOrder<'a> {
    /// The show that the author names, or the folder that was given.
    pub show: Option<&'a str>,
    /// The one language that the text of a track is in.
    pub told: &'a dyn Fn(&Path) -> Option<Lang>,
}

/// The files of one episode.
#[derive(Default)]
struct Group {
    /// The folder that they lie in, with a `/` at its end.
    folder: String,
    stem: String,
    files: Vec<(Option<Lang>, FoundFile)>,
}

impl Group {
    fn name(&self) -> String {
        Slug::new(&self.stem).to_string()
    }

    /// With the folder, where another has a file by that name.
    fn long_name(&self) -> String {
        Slug::new(&format!("{}{}", self.folder, self.stem)).to_string()
    }
}

/// Files by episode, and those that are left out.
#[derive(Default)]
struct Grouped {
    groups: Vec<Group>,
    left: Vec<FoundFile>,
}

/// Plans what the files become.
pub fn plan_files(found: Vec<FoundFile>, mut existing: Existing, order: &FilesOrder) -> Plan {
    let mut plan =
        Plan { shown: Shown::new(&["file", "form", "language", "lines", "goes to", ""]), writes: Vec::new() };
    let show = order.show.map(|show| existing.show_called(show));
    let total = found.len();
    let Grouped { groups, left } = group(found);
    let mut told_apart: BTreeMap<String, usize> = BTreeMap::new();
    for group in &groups {
        *told_apart.entry(group.name()).or_default() += 1;
    }
    let (mut episodes, mut tracks, mut added) = (0, 0, 0);
    let mut planned: BTreeSet<String> = BTreeSet::new();
    for group in groups {
        let alone = told_apart.get(&group.name()) == Some(&1);
        let name = if alone { group.name() } else { group.long_name() };
        if existing.is_taken(&path_in(show.as_deref(), &name)) && !planned.contains(&name) {
            added += add_tracks(&group, &path_in(show.as_deref(), &name), &existing, order, &mut plan);
            continue;
        }
        let name = existing.free_name(show.as_deref(), &name);
        planned.insert(name.clone());
        episodes += 1;
        tracks += group.files.len();
        write_group(group, &path_in(show.as_deref(), &name), &mut plan);
    }
    for file in &left {
        let why = format!("left out: {}", file.problem.as_deref().unwrap_or("no transcript"));
        show_row(&mut plan.shown, file, None, "", &why);
    }
    let (left, there) = (left.len(), total - left.len() - tracks - added);
    let beside = if added > 0 { format!("{added} beside tracks of others, ") } else { String::new() };
    plan.shown.sum(format!(
        "{}: {tracks} in {}, {beside}{there} there already, {left} left out",
        plural(total, "file"),
        plural(episodes, "new episode"),
    ));
    plan
}

fn show_row(shown: &mut Shown, file: &FoundFile, lang: Option<&Lang>, target: &str, state: &str) {
    let langs: Vec<&str> = match lang {
        Some(lang) => vec![lang.as_str()],
        None => file.langs.iter().map(Lang::as_str).collect(),
    };
    let lines = if file.lines > 0 { file.lines.to_string() } else { String::new() };
    shown.row([&file.name, file.form, &langs.join(" "), &lines, target, state]);
}

/// A file that may be of an episode: what its name names, and its language.
type Candidate = (String, Option<Lang>, FoundFile);

/// Puts the files of each episode together, and those aside that are no transcripts.
fn group(found: Vec<FoundFile>) -> Grouped {
    let (left, fine): (Vec<_>, Vec<_>) = found.into_iter().partition(|file| file.problem.is_some());
    let folders = language_folders(&fine);
    // How many files there are by each name without a language: a tag that may be a word is taken
    // for one where another file differs in nothing else.
    let mut alike: BTreeMap<(String, String), usize> = BTreeMap::new();
    for file in &fine {
        let (place, stem, _) = place(file, &folders, |_| true);
        *alike.entry((place, stem.to_lowercase())).or_default() += 1;
    }
    let mut named: BTreeMap<(String, String), Vec<Candidate>> = BTreeMap::new();
    for file in fine {
        let is_tag =
            |(place, name): (&str, &str)| alike.get(&(place.to_owned(), name.to_lowercase())) > Some(&1);
        let (place, stem, lang) = place(&file, &folders, is_tag);
        named.entry((place, stem.to_lowercase())).or_default().push((stem, lang, file));
    }
    let mut grouped = Grouped { groups: Vec::new(), left };
    for ((folder, _), files) in named {
        split_group(folder, files, &mut grouped);
    }
    grouped
}

/// Folders that are called by a language and lie beside one that is called by another:
/// `english/` and `chinese/`.
fn language_folders(files: &[FoundFile]) -> BTreeSet<String> {
    let mut langs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let (folder, _) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
        let (parent, own) = folder.rsplit_once('/').unwrap_or(("", folder));
        if let Some(lang) = lang_of_word(own) {
            langs.entry(parent.to_owned()).or_default().insert(lang.to_string());
        }
    }
    langs.into_iter().filter(|(_, langs)| langs.len() > 1).map(|(parent, _)| parent).collect()
}

/// The folder that a file counts as in, what its name names, and its language. `is_tag` decides
/// for a folder and a name whether what follows the name is a language, where it may be a word.
fn place(
    file: &FoundFile,
    folders: &BTreeSet<String>,
    is_tag: impl Fn((&str, &str)) -> bool,
) -> (String, String, Option<Lang>) {
    let (folder, name) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (parent, own) = folder.rsplit_once('/').unwrap_or(("", folder));
    let by_folder = lang_of_word(own).filter(|_| folders.contains(parent));
    let place = format!("{}/", if by_folder.is_some() { parent } else { folder });
    let tagged = tagged(without_media(stem));
    let tagged = tagged.filter(|tagged| tagged.is_sure || is_tag((&place, without_media(tagged.name))));
    let (stem, lang) = match tagged {
        Some(Tagged { name, lang, .. }) => (name, Some(lang)),
        None => (stem, by_folder),
    };
    (place, without_media(stem).to_owned(), lang.map(|lang| told_by_text(&lang, &file.langs)))
}

/// A name without that of the recording: `talk.mp3.srt`.
fn without_media(stem: &str) -> &str {
    const MEDIA: &[&str] = &["mp3", "mp4", "m4a", "wav", "ogg", "opus", "webm", "mkv", "mov", "aac", "flac"];
    let is_media = |end: &str| MEDIA.iter().any(|own| own.eq_ignore_ascii_case(end));
    stem.rsplit_once('.')
        .filter(|(name, end)| !name.is_empty() && is_media(end))
        .map_or(stem, |(name, _)| name)
}

/// One episode of files by one name, where they are in different languages. Of files in one
/// language the form that says most is taken. A text in several languages stands for itself.
fn split_group(folder: String, mut files: Vec<Candidate>, grouped: &mut Grouped) {
    files.sort_by(|a, b| a.2.rank().cmp(&b.2.rank()).then_with(|| a.2.name.cmp(&b.2.name)));
    let several = files.len() > 1;
    let mut group = Group { folder, ..Group::default() };
    for (stem, lang, mut file) in files {
        // Beside a file with a tag, one without is in the other language.
        let lang = if several { lang.or_else(|| only(&file.langs)) } else { lang };
        match group.files.iter().find(|(own, _)| *own == lang || own.is_none() || lang.is_none()) {
            Some((_, other)) => {
                file.problem = Some(format!("{} says it in the same language", other.name));
                grouped.left.push(file);
            }
            None => {
                group.stem = stem;
                group.files.push((lang, file));
            }
        }
    }
    group.files.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    grouped.groups.push(group);
}

fn only(langs: &[Lang]) -> Option<Lang> {
    match langs {
        [lang] => Some(lang.clone()),
        _ => None,
    }
}

/// Puts tracks beside those that an episode has, in languages that it lacks; gives how many.
fn add_tracks(group: &Group, path: &str, existing: &Existing, order: &FilesOrder, plan: &mut Plan) -> usize {
    let mut added = 0;
    for (lang, file) in &group.files {
        // A file without a tag may be a translation too, if its text is in one language.
        let lang = lang.clone().or_else(|| only(&file.langs));
        let lacking = lang.and_then(|lang| Some((existing.lacks(path, &lang, order.told)?, lang)));
        let Some((prefix, lang)) = lacking else {
            show_row(&mut plan.shown, file, None, "", "there already");
            continue;
        };
        let path = format!("{prefix}.{lang}.{}", file.extension);
        show_row(&mut plan.shown, file, Some(&lang), &path, "added");
        plan.writes.push(Write::File { path, bytes: Bytes::Copy(file.path.clone()) });
        added += 1;
    }
    added
}

fn track_name(lang: Option<&Lang>, file: &FoundFile) -> String {
    let tag = lang.map_or(String::new(), |lang| format!(".{lang}"));
    format!("transcript{tag}.{}", file.extension)
}

fn write_group(group: Group, path: &str, plan: &mut Plan) {
    if let [(lang, file)] = group.files.as_slice()
        && TEXTS.contains(&file.extension.as_str())
        && (lang.is_none() || file.langs.len() > 1)
    {
        // A text says all of itself.
        let target = format!("{path}.{}", file.extension);
        show_row(&mut plan.shown, file, lang.as_ref(), &target, "new");
        plan.writes.push(Write::File { path: target, bytes: Bytes::Copy(file.path.clone()) });
        return;
    }
    let mut files = vec![("episode.md".to_owned(), Bytes::Text(head_text(&group)))];
    for (lang, file) in &group.files {
        let name = track_name(lang.as_ref(), file);
        show_row(&mut plan.shown, file, lang.as_ref(), &format!("{path}/{name}"), "new");
        files.push((name, Bytes::Copy(file.path.clone())));
    }
    plan.writes.push(Write::Folder { path: path.to_owned(), files });
}

/// What the files say of the episode, in the order of their names.
fn head_text(group: &Group) -> String {
    let mut front = FrontMatter::default();
    for (index, (lang, file)) in group.files.iter().enumerate() {
        let mut own = file.front.clone();
        if index == 0 {
            let (title, summary) = (own.title.take(), own.summary.take());
            front = own;
            let first = FrontMatter { title, summary, ..FrontMatter::default() };
            front.add(first, lang.as_ref());
        } else {
            front.add(own, lang.as_ref());
        }
    }
    let mut lines = Lines::default();
    let title = front.title.unwrap_or_else(|| Localized::plain(title_of(&group.stem)));
    put_text(&mut lines, "title", &title);
    put_text(&mut lines, "summary", &front.summary.unwrap_or_default());
    lines.maybe("date", front.date.or_else(|| group.stem.get(..10).and_then(|day| day.parse().ok())));
    lines.maybe("season", front.season);
    lines.maybe("episode", front.episode);
    lines.maybe("duration", front.duration.map(|length| quoted(&length.to_string())));
    lines.text("show", front.show.as_deref().unwrap_or_default());
    if !front.tags.is_empty() {
        lines.put("tags", list(front.tags.iter().map(String::as_str)));
    }
    if !front.links.is_empty() {
        let led: Vec<(String, String)> = front
            .links
            .iter()
            .map(|link| {
                (link.title.iter().next().map_or("", |(_, title)| title).to_owned(), link.url.clone())
            })
            .collect();
        lines.put("links", links(&led));
    }
    if front.draft {
        lines.put("draft", "true");
    }
    format!("+++\n{}+++\n", lines.finish())
}

fn put_text(lines: &mut Lines, key: &str, text: &Localized) {
    let texts: Vec<(Option<&Lang>, &str)> = text.iter().collect();
    match texts.as_slice() {
        [] => {}
        [(None, own), ..] => lines.text(key, own),
        all => {
            let pairs: Vec<String> = all
                .iter()
                .filter_map(|(lang, own)| {
                    Some(format!("{} = {}", quoted(lang.as_ref()?.as_str()), quoted(own)))
                })
                .collect();
            lines.put(key, format!("{{ {} }}", pairs.join(", ")));
        }
    }
}

fn title_of(stem: &str) -> String {
    let words: Vec<&str> = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty()).collect();
    let words = words.join(" ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => stem.to_owned(),
    }
}
