//! Values → TOML as a person would write it. Never writes a key by itself.

use crate::text::without_controls;

/// A string in quotes.
pub fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in without_controls(text).chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            _ => written.push(character),
        }
    }
    written.push('"');
    written
}

/// A key, bare where TOML lets it be.
pub fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A list of strings.
pub fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A list of `{ title, url }`.
pub fn links(links: &[(String, String)]) -> String {
    let links: Vec<String> = links
        .iter()
        .map(|(title, url)| format!("{{ title = {}, url = {} }}", quoted(title), quoted(url)))
        .collect();
    format!("[{}]", links.join(", "))
}

/// A line that says something to whoever opens the file.
pub fn comment(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("# {text}\n")
}

/// Lines of `key = value`, those with a value.
#[derive(Default)]
pub struct Lines(String);

impl Lines {
    pub fn put(&mut self, key: &str, value: impl AsRef<str>) {
        self.0.push_str(&format!("{key} = {}\n", value.as_ref()));
    }

    pub fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.put(key, quoted(text));
        }
    }

    pub fn maybe(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(key, value.to_string());
        }
    }

    pub fn comment(&mut self, text: &str) {
        self.0.push_str(&comment(text));
    }

    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_back_as_it_was_written() {
        for text in ["a \"b\" \\c\\", "灯\n\tx", "'''", "\u{2028}{# }"] {
            let table: toml::Table = toml::from_str(&format!("k = {}", quoted(text))).unwrap();
            assert_eq!(table["k"].as_str(), Some(text));
            let table: toml::Table = toml::from_str(&format!("{} = 1", key(text))).unwrap();
            assert!(table.contains_key(text));
        }
        assert_eq!(quoted("a\u{1}\u{7f}b"), "\"ab\"");
        assert_eq!((key("lin-yue").as_str(), key("").as_str()), ("lin-yue", "\"\""));
    }
}
