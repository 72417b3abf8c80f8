//! A new episode: its folder and its front matter, named after those that its show has.
//! Never touches the disk.

use crate::diagnostic::did_you_mean;
use crate::import::{Bytes, Write};
use crate::lang::Lang;
use crate::slug::Slug;
use crate::timestamp::Date;
use crate::written::{Lines, quoted};

/// What a show has, as far as a new episode has to know.
#[derive(Debug, Default)]
pub struct ShowFolder {
    /// Its folder in `content/`; nothing for `content/` itself.
    pub folder: Option<String>,
    /// Every name it goes by.
    pub names: Vec<String>,
    /// The names of its episodes' files and folders, without extension.
    pub episodes: Vec<String>,
    /// The languages of its transcripts, in reading order.
    pub langs: Vec<Lang>,
}

/// What to write, and what the author puts beside it.
#[derive(Debug)]
pub struct NewEpisode {
    pub write: Write,
    /// The names of the transcript's files, one per language.
    pub tracks: Vec<String>,
}

/// Plans an episode. `show` is how the author names its show; without it there must be one only.
///
/// # Errors
/// What the author has to say differently.
pub fn new_episode(
    title: &str,
    show: Option<&str>,
    shows: &[ShowFolder],
    today: Date,
) -> Result<NewEpisode, String> {
    let title = title.trim();
    if title.is_empty() {
        return Err("an episode needs a title".to_owned());
    }
    let show = the_show(show, shows)?;
    let number = Numbering::of(&show.episodes);
    let slug = Slug::new(title);
    let name = match &number {
        Some(numbering) => format!("{:0width$}-{slug}", numbering.next, width = numbering.width),
        None => slug.to_string(),
    };
    let path = match &show.folder {
        Some(folder) => format!("content/{folder}/{name}"),
        None => format!("content/{name}"),
    };
    let tracks: Vec<String> = match show.langs.as_slice() {
        [] => vec!["transcript.srt".to_owned()],
        langs => langs.iter().map(|lang| format!("transcript.{lang}.srt")).collect(),
    };
    let head = head(title, number.map(|numbering| numbering.next), today, &tracks);
    let files = vec![("episode.md".to_owned(), Bytes::Text(head))];
    Ok(NewEpisode { write: Write::Folder { path, files }, tracks })
}

fn head(title: &str, number: Option<u32>, today: Date, tracks: &[String]) -> String {
    let mut lines = Lines::default();
    lines.put("title", quoted(title));
    lines.put("date", today.to_string());
    lines.maybe("episode", number);
    lines.comment("A draft is left out of the site, but for `diglot serve --drafts`.");
    lines.put("draft", "true");
    let tracks: Vec<String> = tracks.iter().map(|track| format!("`{track}`")).collect();
    format!(
        "+++\n{}+++\n\n<!-- Show notes, in Markdown. The transcript goes beside this file: {}, or any other \
         form that diglot reads. -->\n",
        lines.finish(),
        tracks.join(" and "),
    )
}

fn the_show<'s>(wanted: Option<&str>, shows: &'s [ShowFolder]) -> Result<&'s ShowFolder, String> {
    let folders = || shows.iter().filter_map(|show| show.folder.as_deref());
    let listed = || folders().map(|folder| format!("--show {folder}")).collect::<Vec<_>>().join(", ");
    let Some(wanted) = wanted else {
        let mut own = shows.iter().filter(|show| show.folder.is_some());
        return match (own.next(), own.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => {
                Err(format!("there are several shows: say which one it is for with {}", listed()))
            }
            (None, _) => Err("there is no show yet: make a folder in content/ for it".to_owned()),
        };
    };
    let slug = Slug::new(wanted);
    let found = shows.iter().find(|show| {
        show.folder.as_deref() == Some(wanted) || show.names.iter().any(|name| Slug::new(name) == slug)
    });
    found.ok_or_else(|| match did_you_mean(wanted, folders()) {
        Some(near) => format!("there is no show `{wanted}`: did you mean `{near}`?"),
        None if shows.is_empty() => format!("there is no show `{wanted}`: make the folder content/{slug}"),
        None => format!("there is no show `{wanted}`: there is {}", listed()),
    })
}

/// How the episodes of a show are numbered by their names.
#[derive(Debug, PartialEq, Eq)]
struct Numbering {
    next: u32,
    /// How many digits a number has at the least.
    width: usize,
}

impl Numbering {
    /// From names such as `010-the-lid`; a show without an episode begins at 001, and one whose
    /// names bear no numbers goes on without.
    fn of(names: &[String]) -> Option<Numbering> {
        if names.is_empty() {
            return Some(Numbering { next: 1, width: 3 });
        }
        let digits = |name: &String| {
            let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
            name[..end].parse::<u32>().ok().map(|number| (number, end))
        };
        let (last, width) = names.iter().filter_map(digits).max()?;
        Some(Numbering { next: last.checked_add(1)?, width })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(folder: &str, episodes: &[&str]) -> ShowFolder {
        ShowFolder {
            folder: Some(folder.to_owned()),
            names: vec![folder.to_owned(), "夜渡".to_owned()],
            episodes: episodes.iter().map(|name| (*name).to_owned()).collect(),
            langs: vec![Lang::parse("zh-Hans").unwrap(), Lang::parse("en").unwrap()],
        }
    }

    fn today() -> Date {
        "2026-02-03".parse().unwrap()
    }

    #[test]
    fn an_episode_takes_the_next_number_and_a_folder_of_its_own() {
        let shows = [show("night", &["009-fog", "010-the-lid", "extra"])];
        let new = new_episode("A \"Lamp\"", None, &shows, today()).unwrap();
        assert_eq!(new.write.path(), "content/night/011-a-lamp");
        assert_eq!(new.tracks, ["transcript.zh-Hans.srt", "transcript.en.srt"]);
        let Write::Folder { files, .. } = new.write else { panic!("an episode is a folder") };
        let Bytes::Text(text) = &files[0].1 else { panic!("it is a text") };
        assert!(text.contains("title = \"A \\\"Lamp\\\"\"\ndate = 2026-02-03\nepisode = 11\n"), "{text}");
        assert!(text.contains("draft = true"), "{text}");
    }

    #[test]
    fn names_without_numbers_get_none_and_the_first_is_001() {
        let path = |episodes: &[&str]| {
            new_episode("灯", None, &[show("s", episodes)], today()).unwrap().write.path().to_owned()
        };
        assert_eq!(path(&["fog", "lamp"]), "content/s/灯");
        assert_eq!(path(&[]), "content/s/001-灯");
        assert_eq!(path(&["7", "12-x"]), "content/s/13-灯");
    }

    #[test]
    fn the_show_is_found_by_any_of_its_names_or_asked_for() {
        let shows = [show("night", &[]), ShowFolder { names: Vec::new(), ..show("day", &[]) }];
        let path = |name| new_episode("x", name, &shows, today()).map(|new| new.write.path().to_owned());
        assert_eq!(path(Some("夜渡")).unwrap(), "content/night/001-x");
        assert_eq!(path(Some("day")).unwrap(), "content/day/001-x");
        assert!(path(None).unwrap_err().contains("--show night, --show day"));
        assert!(path(Some("nigt")).unwrap_err().contains("did you mean `night`"));
        assert!(new_episode("x", None, &[], today()).unwrap_err().contains("no show yet"));
        assert!(new_episode(" ", None, &shows, today()).unwrap_err().contains("title"));
    }
}
