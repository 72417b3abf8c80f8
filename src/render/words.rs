//! The words of the interface: in the site's first language, and in all that it has words for at
//! once, of which a page shows the reader's. Never decides which that is: the page's script does.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use tera::Value;

use super::cue_list::escaped;
use crate::lang::Lang;
use crate::source::Source;
use crate::table::{Findings, read_toml};

/// The language of words where the site's own has no file.
const FALLBACK: &str = "en";

pub type Table = BTreeMap<String, String>;

/// Words by key.
pub struct Words {
    /// In one language, as plain text.
    plain: Table,
    plain_value: Value,
    /// In each language at once, as HTML.
    every_value: Value,
    langs: Vec<Lang>,
    /// Per language its words.
    tables: Vec<Table>,
}

impl Words {
    /// `files` are those of `templates/` by name, `langs` the site's languages in reading order.
    pub fn load(files: &BTreeMap<&str, Cow<str>>, langs: &[Lang], findings: &Findings) -> Words {
        let fallback = Lang::parse(FALLBACK).expect("it is a language tag");
        let has_words = |lang: &Lang| names(lang).iter().any(|name| files.contains_key(name.as_str()));
        let mut spoken: Vec<Lang> = langs.iter().filter(|lang| has_words(lang)).cloned().collect();
        if langs.first() != spoken.first() || spoken.is_empty() {
            spoken.retain(|lang| *lang != fallback);
            spoken.insert(0, fallback);
        }
        let read = read_all(files, &spoken, langs, findings);
        let tables: Vec<Table> = spoken.iter().map(|lang| table(&read, lang)).collect();
        // A language without a file of its own has the words of the fallback.
        let plain = langs.first().map_or_else(Table::new, |lang| table(&read, lang));
        let keys: BTreeSet<&str> = tables.iter().flat_map(Table::keys).map(String::as_str).collect();
        let every: BTreeMap<&str, Value> =
            keys.into_iter().map(|key| (key, Value::safe_string(&in_every(key, &spoken, &tables)))).collect();
        Words {
            plain_value: Value::from_serializable(&plain),
            every_value: Value::from_serializable(&every),
            plain,
            langs: spoken,
            tables,
        }
    }

    /// A word; the key itself where nobody has it.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.plain.get(key).map_or(key, String::as_str)
    }

    /// The words as plain text, made for templates once.
    pub fn value(&self) -> Value {
        self.plain_value.clone()
    }

    /// The words as HTML, in every language that a reader may choose.
    pub fn say(&self) -> Value {
        self.every_value.clone()
    }

    /// All that pages can say: the plain words, and those in every language.
    pub fn all(&self) -> (&Table, &[Table]) {
        (&self.plain, &self.tables)
    }

    /// The languages there are words in, the one first that stands where no script runs.
    pub fn langs(&self) -> &[Lang] {
        &self.langs
    }
}

/// The files of a language's words, the nearest last.
fn names(lang: &Lang) -> [String; 2] {
    let primary = lang.primary();
    [primary, lang.as_str()].map(|tag| format!("ui/{tag}.toml"))
}

/// The files of all these languages and of the fallback, each read once.
fn read_all(
    files: &BTreeMap<&str, Cow<str>>,
    spoken: &[Lang],
    langs: &[Lang],
    findings: &Findings,
) -> BTreeMap<String, Table> {
    let wanted: BTreeSet<String> =
        spoken.iter().chain(langs.first()).flat_map(names).chain([fallback_name()]).collect();
    let read = |name: String| {
        let text = files.get(name.as_str())?;
        let source = Source::new(format!("templates/{name}"), text.as_ref());
        let whole = 0..source.text.len();
        let words = read_toml(&source, whole, findings, |fields| fields.all_strings());
        Some((name, Table::from_iter(words.unwrap_or_default())))
    };
    wanted.into_iter().filter_map(read).collect()
}

fn fallback_name() -> String {
    format!("ui/{FALLBACK}.toml")
}

/// The words of a language: the nearest file says most; what it lacks, the next one fills. One that
/// counts without a singular does not borrow another's.
fn table(read: &BTreeMap<String, Table>, lang: &Lang) -> Table {
    let mut own = Table::new();
    for words in names(lang).iter().filter_map(|name| read.get(name)) {
        own.extend(words.clone());
    }
    let plural = |key: &str| key.strip_suffix("_one").unwrap_or(key).to_owned();
    let lacks = |key: &str| !own.contains_key(key) && !own.contains_key(&plural(key));
    let rest = read.get(&fallback_name()).into_iter().flatten();
    let rest: Table =
        rest.filter(|(key, _)| lacks(key)).map(|(key, word)| (key.clone(), word.clone())).collect();
    own.extend(rest);
    own
}

/// A word in all languages, those after the first hidden; once, where it is the same in all.
fn in_every(key: &str, langs: &[Lang], tables: &[Table]) -> String {
    let plural = key.strip_suffix("_one").unwrap_or(key);
    let words = tables.iter().map(|table| table.get(key).or_else(|| table.get(plural)));
    let words: Vec<&str> = words.map(|word| word.map_or(key, String::as_str)).collect();
    if words.iter().all(|word| *word == words[0]) {
        return escaped(words[0]);
    }
    let mut html = String::new();
    for (index, (lang, word)) in langs.iter().zip(words).enumerate() {
        let hidden = if index > 0 { " hidden" } else { "" };
        let _ = write!(html, "<span class=u lang={lang}{hidden}>{}</span>", escaped(word));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_something_is_said_in_the_language_of_the_rest() {
        let words = [
            ("ui/en.toml", "a = \"{n} as\"\na_one = \"{n} a\"\nb = \"b\""),
            ("ui/zh.toml", "a = \"{n} 个\""),
        ];
        let files = words.into_iter().map(|(name, text)| (name, Cow::Borrowed(text))).collect();
        let langs = ["zh", "en"].map(|tag| Lang::parse(tag).unwrap());
        let words = Words::load(&files, &langs, &Findings::default());
        let said = in_every("a_one", words.langs(), &words.tables);
        assert_eq!(said, "<span class=u lang=zh>{n} 个</span><span class=u lang=en hidden>{n} a</span>");
        assert_eq!((words.plain.get("a_one"), words.get("b")), (None, "b"));
    }
}
