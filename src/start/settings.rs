//! Every key of `site.toml`, its value, and where that came from. Never decides a value: `config`
//! does, and a test compares.

use crate::source::Source;
use crate::table::{Fields, Findings, read_toml};

/// A key as it is in force.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// The table it is in; nothing for the top.
    pub table: &'static str,
    pub key: String,
    /// As TOML writes it; `None` where it has no value.
    pub value: Option<String>,
    pub origin: String,
}

/// A value that the command line puts over that of a key.
#[derive(Debug)]
pub struct Overlaid {
    pub table: &'static str,
    pub key: &'static str,
    /// As TOML writes it.
    pub value: String,
    /// The flag that gave it.
    pub flag: &'static str,
}

/// What a key is where nobody gives it: a value as TOML writes it, or in words what stands in.
enum Usual {
    Value(&'static str),
    Words(&'static str),
}

/// Every key with a name of its own, table by table.
const KEYS: &[(&str, &str, Usual)] = &[
    ("", "title", Usual::Words("the title of the only show, else \"Podcast archive\"")),
    ("", "description", Usual::Words("none")),
    ("", "base_url", Usual::Value("\"/\"")),
    ("", "languages", Usual::Words("found from the transcripts")),
    ("build", "output", Usual::Value("\"public\"")),
    ("build", "drafts", Usual::Value("false")),
    ("build", "minify", Usual::Value("true")),
    ("build", "page_size", Usual::Value("50")),
    ("build", "feed_size", Usual::Value("50")),
    ("build", "ignore", Usual::Value("[]")),
    ("transcripts", "formats", Usual::Words("WebVTT where there are times, else Markdown")),
    ("transcripts", "readings", Usual::Words("none")),
    ("transcripts", "glossary", Usual::Words("none")),
    ("pages", "twins", Usual::Value("false")),
    ("pages", "markdown", Usual::Value("false")),
    ("pages", "llms", Usual::Value("true")),
    ("feed", "author", Usual::Words("the show's hosts, else its title")),
    ("feed", "owner", Usual::Words("none")),
    ("feed", "category", Usual::Words("none")),
    ("feed", "explicit", Usual::Words("false")),
    ("feed", "type", Usual::Words("\"episodic\"")),
    ("feed", "image", Usual::Words("the show's cover")),
    ("feed", "copyright", Usual::Words("none")),
    ("feed", "license", Usual::Words("none")),
    ("feed", "medium", Usual::Words("none, which is \"podcast\"")),
    ("feed", "locked", Usual::Words("none")),
    ("feed", "persons", Usual::Words("none")),
    ("feed", "guid", Usual::Words("made of the feed's address")),
    ("feed", "complete", Usual::Value("false")),
    ("feed", "block", Usual::Value("false")),
    ("check", "allow", Usual::Value("[]")),
    ("limits", "file_size", Usual::Value("33554432")),
    ("limits", "line_length", Usual::Value("1000000")),
    ("limits", "nesting", Usual::Value("100")),
    ("theme", "accent", Usual::Words("the theme's own")),
    ("theme", "footer", Usual::Words("none")),
    ("theme", "learners", Usual::Value("false")),
];

/// The tables that take keys of any name.
const OPEN: [&str; 2] = ["theme", "extra"];

/// The settings in force: those of the command line over those of `site.toml` over the defaults.
pub fn settings(source: Option<&Source>, overlaid: &[Overlaid]) -> Vec<Setting> {
    let blank = Source::new("site.toml", "");
    let source = source.unwrap_or(&blank);
    // Whoever asks has the findings from `Config::read`, which knows more of each key.
    let unheard = Findings::default();
    let read = |fields: Fields| listed(fields, source, overlaid);
    read_toml(source, 0..source.text.len(), &unheard, read).unwrap_or_default()
}

fn listed(mut top: Fields, source: &Source, overlaid: &[Overlaid]) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut tables: Vec<&str> = KEYS.iter().map(|(table, ..)| *table).chain(OPEN).collect();
    let mut seen = Vec::new();
    tables.retain(|table| {
        !seen.contains(table) && {
            seen.push(*table);
            true
        }
    });
    for table in tables {
        let inner = if table.is_empty() { None } else { top.table(table) };
        let fields = if table.is_empty() { Some(&top) } else { inner.as_ref() };
        let own = KEYS.iter().filter(|(of, ..)| *of == table);
        settings.extend(own.map(|(_, key, usual)| {
            let flag = overlaid.iter().find(|over| (over.table, over.key) == (table, *key));
            let given = fields.and_then(|fields| written(fields, key, source));
            let (value, origin) = match (flag, given, usual) {
                (Some(over), ..) => (Some(over.value.clone()), over.flag.to_owned()),
                (None, Some((value, line)), _) => (Some(value), format!("site.toml:{line}")),
                (None, None, Usual::Value(value)) => (Some((*value).to_owned()), "default".to_owned()),
                (None, None, Usual::Words(words)) => (None, format!("default: {words}")),
            };
            Setting { table, key: (*key).to_owned(), value, origin }
        }));
        if OPEN.contains(&table)
            && let Some(fields) = fields
        {
            settings.extend(others(fields, table, source));
        }
    }
    settings
}

/// The keys of an open table that the program knows nothing of.
fn others(fields: &Fields, table: &'static str, source: &Source) -> Vec<Setting> {
    let known = |key: &str| KEYS.iter().any(|(of, name, _)| *of == table && *name == key);
    let own = fields.names().into_iter().filter(|key| !known(key));
    own.filter_map(|key| {
        let (value, line) = written(fields, key, source)?;
        let origin = format!("site.toml:{line}");
        Some(Setting { table, key: crate::written::key(key), value: Some(value), origin })
    })
    .collect()
}

/// The value of a key as it stands in the file, and the line.
fn written(fields: &Fields, key: &str, source: &Source) -> Option<(String, usize)> {
    let span = fields.has(key).then(|| fields.place_of(key))?;
    Some((source.text[span.clone()].to_owned(), source.place(span).line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn of(text: &str, overlaid: &[Overlaid]) -> Vec<(String, Option<String>, String)> {
        let source = Source::new("site.toml", text);
        let shown =
            |setting: Setting| (format!("{}.{}", setting.table, setting.key), setting.value, setting.origin);
        settings(Some(&source), overlaid).into_iter().map(shown).collect()
    }

    #[test]
    fn a_value_is_that_of_the_flag_else_of_the_file_else_the_default() {
        let text = "title = { en = \"A\" }\n[build]\noutput = \"site\"\n[extra]\n\"a b\" = [1,\n 2]\n";
        let over = Overlaid { table: "build", key: "drafts", value: "true".to_owned(), flag: "--drafts" };
        let settings = of(text, &[over]);
        let find = |name: &str| settings.iter().find(|(key, ..)| key == name).unwrap().clone();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(find(".title"), (".title".into(), some("{ en = \"A\" }"), "site.toml:1".into()));
        assert_eq!(find("build.output").2, "site.toml:3");
        assert_eq!(find("build.drafts"), ("build.drafts".into(), some("true"), "--drafts".into()));
        assert_eq!(find("build.feed_size").2, "default");
        assert_eq!(
            find(".languages"),
            (".languages".into(), None, "default: found from the transcripts".into())
        );
        assert_eq!(find("extra.\"a b\"").1, some("[1,\n 2]"));
    }

    #[test]
    fn every_key_that_the_settings_ask_for_is_listed() {
        let mut tables = vec![""];
        tables.extend(KEYS.iter().map(|(table, ..)| *table).filter(|table| !OPEN.contains(table)));
        tables.dedup();
        for table in tables {
            let text = if table.is_empty() {
                "qqqqqqqqqq = 1".to_owned()
            } else {
                format!("[{table}]\nqqqqqqqqqq = 1")
            };
            let findings = Findings::default();
            Config::read(&Source::new("site.toml", text), &findings);
            let help = findings.into_inner().remove(0).help.unwrap();
            let asked = help.strip_prefix("the keys here are: ").unwrap().split(", ");
            let is_table = |key: &str| KEYS.iter().any(|(table, ..)| *table == key) || OPEN.contains(&key);
            for key in asked.filter(|key| !is_table(key)) {
                assert!(KEYS.iter().any(|(of, name, _)| (*of, *name) == (table, key)), "[{table}] {key}");
            }
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_settings() {
        let mut text = String::new();
        let mut last = "";
        for (table, key, usual) in KEYS {
            if table != &last {
                text.push_str(&format!("[{table}]\n"));
                last = table;
            }
            if let Usual::Value(value) = usual {
                text.push_str(&format!("{key} = {value}\n"));
            }
        }
        let findings = Findings::default();
        let read = Config::read(&Source::new("site.toml", text), &findings);
        assert!(findings.borrow().is_empty(), "{findings:?}");
        assert_eq!(format!("{read:?}"), format!("{:?}", Config::default()));
    }
}
