//! Reads TOML tables key by key, so that every mistake is found in one run, each at its place:
//! wrong types, unknown keys, bad language tags. Knows no key by itself.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::lang::Lang;
use crate::slug::is_safe_address;
use crate::source::{Source, Span};
use crate::text::{Localized, is_control, without_controls};
use crate::timestamp::Date;

/// A value and where it stands in its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

/// A title and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub title: Localized,
    pub url: String,
}

/// Where findings go while a file is read.
pub type Findings = RefCell<Vec<Diagnostic>>;

/// How many languages a list or a text may have: a line has a place for each of them.
const LANGUAGES_AT_MOST: usize = 40;

/// One table of a TOML file, asked for its keys one by one; `finish` reports the keys that nobody
/// asked for.
pub struct Fields<'a> {
    source: &'a Source,
    offset: usize,
    table: &'a DeTable<'a>,
    /// How messages name the table: `site.toml`, `[build]`.
    name: String,
    asked: Vec<&'static str>,
    findings: &'a Findings,
}

/// Parses the TOML text at `span` of `source` and hands its top table to `read`.
/// A syntax error is reported and gives `None`.
pub fn read_toml<T>(
    source: &Source,
    span: Span,
    findings: &Findings,
    read: impl FnOnce(Fields) -> T,
) -> Option<T> {
    let offset = span.start;
    let text = &source.text[span];
    match DeTable::parse(text) {
        Ok(table) => {
            let fields = Fields {
                source,
                offset,
                table: table.get_ref(),
                name: source.path.to_string(),
                asked: Vec::new(),
                findings,
            };
            if text.contains('\\') {
                fields.report_controls(table.get_ref());
            }
            Some(read(fields))
        }
        Err(error) => {
            let at = error.span().unwrap_or(0..0);
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            findings.borrow_mut().push(
                Diagnostic::error("toml-syntax", format!("this is not valid TOML: {message}"))
                    .at(source.place(offset + at.start..offset + at.end))
                    .help("strings need quotes, and an inline table { … } stays on one line"),
            );
            None
        }
    }
}

impl<'a> Fields<'a> {
    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn span(&self, value: &Spanned<DeValue>) -> Span {
        self.offset + value.span().start..self.offset + value.span().end
    }

    /// Where the value of a key stands.
    pub fn place_of(&self, key: &str) -> Span {
        self.table.get(key).map_or(self.offset..self.offset, |value| self.span(value))
    }

    /// Escapes can write control characters, which the getters leave out.
    fn report_controls(&self, table: &DeTable) {
        let mut rest: Vec<&Spanned<DeValue>> = table.iter().map(|(_, value)| value).collect();
        while let Some(value) = rest.pop() {
            match value.get_ref() {
                DeValue::String(text) if text.contains(is_control) => {
                    let message = "this text holds control characters, which are left out";
                    let finding = Diagnostic::warning("control-characters", message);
                    self.report(finding.help("take their escapes out"), self.span(value));
                }
                DeValue::Array(items) => rest.extend(items.iter()),
                DeValue::Table(table) => rest.extend(table.iter().map(|(_, value)| value)),
                _ => {}
            }
        }
    }

    pub fn report(&self, diagnostic: Diagnostic, span: Span) {
        let diagnostic = diagnostic.at(self.source.place(span));
        self.findings.borrow_mut().push(diagnostic);
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue>, wanted: &str) {
        let found = value.get_ref().type_str();
        let message = format!("`{key}` takes {wanted}, and this is a value of type {found}");
        self.report(Diagnostic::error("wrong-type", message), self.span(value));
    }

    pub fn string(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(At { value: plain(text), span: self.span(value) }),
            None => {
                self.wrong_type(key, value, "a string");
                None
            }
        }
    }

    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(key, value, "true or false");
        }
        found
    }

    /// A language tag.
    pub fn lang(&mut self, key: &'static str) -> Option<At<Lang>> {
        let At { value, span } = self.string(key)?;
        match Lang::parse(&value) {
            Ok(lang) => Some(At { value: lang, span }),
            Err(problem) => {
                self.bad_tag(problem, span);
                None
            }
        }
    }

    /// A whole number from `least` on.
    pub fn integer(&mut self, key: &'static str, least: u32) -> Option<u32> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer();
        let found = number
            .and_then(|number| number.as_str().replace('_', "").parse().ok())
            .filter(|number| *number >= least);
        if found.is_none() {
            self.wrong_type(key, value, &format!("a whole number of at least {least}"));
        }
        found
    }

    /// A number of bytes, or one per language.
    pub fn sizes(&mut self, key: &'static str) -> Vec<(Option<Lang>, u64)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let mut found = Vec::new();
        let mut put = |lang: Option<Lang>, value: &Spanned<DeValue>| {
            let number = value.get_ref().as_integer();
            match number.and_then(|number| number.as_str().replace('_', "").parse().ok()) {
                Some(size) => found.push((lang, size)),
                None => self.wrong_type(key, value, "a whole number of bytes, or one per language"),
            }
        };
        let Some(table) = value.get_ref().as_table() else {
            put(None, value);
            return found;
        };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(tag, _)| tag.span().start);
        for (tag, value) in entries {
            match Lang::parse(tag.get_ref()) {
                Ok(lang) => put(Some(lang), value),
                Err(problem) => {
                    let span = self.offset + tag.span().start..self.offset + tag.span().end;
                    self.bad_tag(problem, span);
                }
            }
        }
        found
    }

    fn bad_tag(&self, problem: String, span: Span) {
        let finding = Diagnostic::error("language-tag", problem);
        self.report(finding.help("use tags such as \"zh-Hans\", \"en\", \"pt-BR\""), span);
    }

    /// A number, or a text that says one in another way; as it is written.
    pub fn number_or_string(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        let found = match value.get_ref() {
            DeValue::String(text) => Some(plain(text)),
            DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
            DeValue::Float(number) => Some(number.as_str().replace('_', "")),
            _ => None,
        };
        if found.is_none() {
            self.wrong_type(key, value, "a number or a string");
        }
        found.map(|found| At { value: found, span: self.span(value) })
    }

    /// A day: a TOML date, a date with a time (whose day counts), or a string `YYYY-MM-DD`.
    pub fn date(&mut self, key: &'static str) -> Option<Date> {
        let value = self.get(key)?;
        let found = match value.get_ref() {
            DeValue::Datetime(moment) => {
                moment.date.and_then(|day| Date::new(day.year as i16, day.month as i8, day.day as i8).ok())
            }
            DeValue::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if found.is_none() {
            self.wrong_type(key, value, "a day such as 2026-03-14");
        }
        found
    }

    /// A string, or a table of strings by language.
    pub fn text(&mut self, key: &'static str) -> Option<Localized> {
        let value = self.get(key)?;
        self.text_of(key, value)
    }

    /// The same, with its place.
    pub fn text_at(&mut self, key: &'static str) -> Option<At<Localized>> {
        let value = self.get(key)?;
        Some(At { value: self.text_of(key, value)?, span: self.span(value) })
    }

    fn text_of(&self, key: &str, value: &Spanned<DeValue>) -> Option<Localized> {
        match value.get_ref() {
            DeValue::String(text) => {
                let mut plain = Localized::default();
                plain.push(None, text.trim());
                Some(plain)
            }
            DeValue::Table(table) => Some(self.by_language(key, table)),
            _ => {
                self.wrong_type(key, value, "a string, or one per language");
                None
            }
        }
    }

    fn by_language(&self, key: &str, table: &DeTable) -> Localized {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(tag, _)| tag.span().start);
        let mut text = Localized::default();
        for (index, (tag, value)) in entries.into_iter().enumerate() {
            if index == LANGUAGES_AT_MOST {
                self.too_many_languages(self.span(value));
                break;
            }
            match (Lang::parse(tag.get_ref()), value.get_ref().as_str()) {
                (Ok(lang), Some(own)) => text.push(Some(lang), own.trim()),
                (Ok(_), None) => self.wrong_type(&format!("{key}.{}", tag.get_ref()), value, "a string"),
                (Err(problem), _) => {
                    let span = self.offset + tag.span().start..self.offset + tag.span().end;
                    self.bad_tag(problem, span);
                }
            }
        }
        text
    }

    fn too_many_languages(&self, span: Span) {
        let message = format!("more than {LANGUAGES_AT_MOST} languages are listed");
        let finding = Diagnostic::error("too-many-languages", message);
        self.report(finding.help("leave some of them out"), span);
    }

    /// A list of strings; one string counts as a list of one.
    pub fn strings(&mut self, key: &'static str) -> Option<Vec<At<String>>> {
        let items = self.list(key, "a list of strings")?;
        let mut found = Vec::new();
        for value in items {
            match value.get_ref().as_str() {
                Some(text) => found.push(At { value: plain(text), span: self.span(value) }),
                None => self.wrong_type(key, value, "a list of strings"),
            }
        }
        Some(found)
    }

    fn list(&mut self, key: &'static str, wanted: &str) -> Option<Vec<&'a Spanned<DeValue<'a>>>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Array(items) => Some(items.iter().collect()),
            DeValue::String(_) | DeValue::Table(_) => Some(vec![value]),
            _ => {
                self.wrong_type(key, value, wanted);
                None
            }
        }
    }

    /// A list of language tags.
    pub fn langs(&mut self, key: &'static str) -> Option<Vec<Lang>> {
        let tags = self.strings(key)?;
        let mut langs: Vec<Lang> = Vec::new();
        for tag in tags {
            match Lang::parse(&tag.value) {
                Ok(_) if langs.len() == LANGUAGES_AT_MOST => {
                    self.too_many_languages(tag.span);
                    break;
                }
                Ok(lang) if langs.contains(&lang) => self.report(
                    Diagnostic::error("language-twice", format!("`{lang}` is listed twice")),
                    tag.span,
                ),
                Ok(lang) => langs.push(lang),
                Err(problem) => self.report(Diagnostic::error("language-tag", problem), tag.span),
            }
        }
        Some(langs)
    }

    /// A table of strings by any name, in the order of the file.
    pub fn string_map(&mut self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table of strings");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (name, value) in table.iter() {
            match value.get_ref().as_str() {
                Some(text) => found.push((
                    At {
                        value: plain(name.get_ref()),
                        span: self.offset + name.span().start..self.offset + name.span().end,
                    },
                    At { value: plain(text), span: self.span(value) },
                )),
                None => self.wrong_type(&format!("{key}.{}", name.get_ref()), value, "a string"),
            }
        }
        found.sort_by_key(|(name, _)| name.span.start);
        found
    }

    /// A list of `{ title, url }`; a bare string is an address that is its own title.
    pub fn links(&mut self, key: &'static str) -> Vec<Link> {
        let Some(items) = self.list(key, "a list of { title, url }") else {
            return Vec::new();
        };
        let mut links = Vec::new();
        for value in items {
            match value.get_ref() {
                DeValue::String(url) => {
                    self.push_link(Localized::plain(url.trim()), plain(url), value, &mut links)
                }
                DeValue::Table(table) => {
                    let mut fields = self.inner(table, format!("`{key}`"));
                    let title = fields.text("title");
                    match fields.string("url") {
                        Some(url) => {
                            let title = title.unwrap_or_else(|| Localized::plain(&url.value));
                            self.push_link(title, url.value, value, &mut links);
                        }
                        None => self.report(
                            Diagnostic::error("missing-key", "a link needs a `url`"),
                            self.span(value),
                        ),
                    }
                    fields.finish();
                }
                _ => self.wrong_type(key, value, "a list of { title, url }"),
            }
        }
        links
    }

    fn push_link(&self, title: Localized, url: String, value: &Spanned<DeValue>, links: &mut Vec<Link>) {
        if is_safe_address(&url) {
            return links.push(Link { title, url });
        }
        let message = format!("this link is left out: `{}`", crate::text::shortened(&url, 80));
        let finding = Diagnostic::warning("unsafe-link", message)
            .help("links take http, https, mailto, tel, or a path in the site");
        self.report(finding, self.span(value));
    }

    fn inner(&self, table: &'a DeTable<'a>, name: String) -> Fields<'a> {
        Fields {
            source: self.source,
            offset: self.offset,
            table,
            name,
            asked: Vec::new(),
            findings: self.findings,
        }
    }

    /// A table below this one.
    pub fn table(&mut self, key: &'static str) -> Option<Fields<'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.inner(table, format!("[{key}]"))),
            _ => {
                self.wrong_type(key, value, "a table");
                None
            }
        }
    }

    /// A list whose items `read` takes, each as text, table or neither.
    pub fn items<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl Fn(Item<'a>) -> Option<T>,
    ) -> Vec<At<T>> {
        let mut found = Vec::new();
        for value in self.list(key, wanted).unwrap_or_default() {
            let item = match value.get_ref() {
                DeValue::String(text) => Some(Item::Text(plain(text))),
                DeValue::Table(table) => Some(Item::Table(self.inner(table, format!("`{key}`")))),
                _ => None,
            };
            match item.and_then(&read) {
                Some(read) => found.push(At { value: read, span: self.span(value) }),
                None => self.wrong_type(key, value, wanted),
            }
        }
        found
    }

    /// Every key of this table with its list of items, each as text, table or neither, in the
    /// order of the file.
    fn item_lists<T>(
        &self,
        wanted: &str,
        read: impl Fn(Item<'a>) -> Option<T>,
    ) -> Vec<(At<String>, Vec<At<T>>)> {
        let mut found = Vec::new();
        for (name, value) in self.table.iter() {
            let key = At {
                value: plain(name.get_ref()),
                span: self.offset + name.span().start..self.offset + name.span().end,
            };
            let values: Vec<&Spanned<DeValue>> = match value.get_ref() {
                DeValue::Array(items) => items.iter().collect(),
                _ => vec![value],
            };
            let mut items = Vec::new();
            for value in values {
                let item = match value.get_ref() {
                    DeValue::String(text) => Some(Item::Text(plain(text))),
                    DeValue::Table(table) => Some(Item::Table(self.inner(table, format!("`{}`", key.value)))),
                    _ => None,
                };
                match item.and_then(&read) {
                    Some(read) => items.push(At { value: read, span: self.span(value) }),
                    None => self.wrong_type(&key.value, value, wanted),
                }
            }
            found.push((key, items));
        }
        found.sort_by_key(|(name, _)| name.span.start);
        found
    }

    /// The same where each key is a language tag; those that are none are reported.
    pub fn items_by_language<T>(
        &self,
        wanted: &str,
        read: impl Fn(Item<'a>) -> Option<T>,
    ) -> Vec<(Lang, Vec<At<T>>)> {
        let mut found = Vec::new();
        for (tag, items) in self.item_lists(wanted, read) {
            match Lang::parse(&tag.value) {
                Ok(lang) => found.push((lang, items)),
                Err(problem) => self.bad_tag(problem, tag.span),
            }
        }
        found
    }

    /// Where the keys of this table stand, from the first to the last.
    pub fn span_of_all(&self) -> Span {
        let spans = || self.table.iter().map(|(name, value)| (name.span().start, value.span().end));
        let from = spans().map(|span| span.0).min().unwrap_or(0);
        let to = spans().map(|span| span.1).max().unwrap_or(from);
        self.offset + from..self.offset + to
    }

    /// Every table below this one, by name, in the order of the file.
    pub fn tables(&mut self) -> Vec<(At<String>, Fields<'a>)> {
        let mut found = Vec::new();
        for (name, value) in self.table.iter() {
            let key = At {
                value: without_controls(name.get_ref()).into_owned(),
                span: self.offset + name.span().start..self.offset + name.span().end,
            };
            match value.get_ref() {
                DeValue::Table(table) => {
                    let fields = self.inner(table, format!("[{}]", key.value));
                    found.push((key, fields));
                }
                _ => self.wrong_type(&key.value, value, "a table"),
            }
        }
        found.sort_by_key(|(name, _)| name.span.start);
        found
    }

    /// A table of anything, as templates will see it.
    pub fn anything(&mut self, key: &'static str) -> serde_json::Map<String, serde_json::Value> {
        match self.get(key).map(Spanned::get_ref) {
            Some(value @ DeValue::Table(_)) => match json_of(value) {
                serde_json::Value::Object(map) => map,
                _ => serde_json::Map::new(),
            },
            Some(_) => {
                if let Some(value) = self.table.get(key) {
                    self.wrong_type(key, value, "a table");
                }
                serde_json::Map::new()
            }
            None => serde_json::Map::new(),
        }
    }

    /// Whether the table has any of `keys`, asked or not.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The names of all keys, in the order of the file.
    pub fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<_> = self.table.iter().map(|(name, _)| (name.span().start, name)).collect();
        names.sort_by_key(|(at, _)| *at);
        names.into_iter().map(|(_, name)| name.get_ref().as_ref()).collect()
    }

    /// Reads this whole table as a text by language.
    pub fn as_text_by_language(self) -> Localized {
        self.by_language(&self.name, self.table)
    }

    /// Every key of this table with its string.
    pub fn all_strings(self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (key, value) in self.table.iter() {
            match value.get_ref().as_str() {
                Some(text) => found.push((key.get_ref().to_string(), without_controls(text).into_owned())),
                None => self.wrong_type(key.get_ref(), value, "a string"),
            }
        }
        found
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let help = match did_you_mean(name, self.asked.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are: {}", self.asked.join(", ")),
            };
            let message = format!("unknown key `{name}` in {}", self.name);
            let span = self.offset + key.span().start..self.offset + key.span().end;
            self.report(Diagnostic::error("unknown-key", message).help(help), span);
        }
    }
}

fn plain(text: &str) -> String {
    without_controls(text.trim()).into_owned()
}

/// One entry of a list that takes strings and tables.
pub enum Item<'a> {
    Text(String),
    Table(Fields<'a>),
}

fn json_of(value: &DeValue) -> serde_json::Value {
    match value {
        DeValue::String(text) => without_controls(text).into(),
        DeValue::Integer(number) => match number.as_str().replace('_', "").parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => number.as_str().into(),
        },
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(number) => number.into(),
            Err(_) => number.as_str().into(),
        },
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Datetime(moment) => moment.to_string().into(),
        DeValue::Array(items) => items.iter().map(|item| json_of(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let key = |key: &str| without_controls(key).into_owned();
            table.iter().map(|(name, value)| (key(name.get_ref()), json_of(value.get_ref()))).collect()
        }
    }
}
