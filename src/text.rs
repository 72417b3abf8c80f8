//! A text that the author gives once, or once per language.
//! Never chooses what is shown where: views do.

use crate::lang::Lang;

/// A title, name or summary: without a language (one for all), or one per language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    variants: Vec<(Option<Lang>, String)>,
}

impl Localized {
    pub fn plain(text: impl Into<String>) -> Localized {
        Localized {
            variants: vec![(None, text.into())],
        }
    }

    /// Adds a variant; empty text is no variant.
    pub fn push(&mut self, lang: Option<Lang>, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.variants.push((lang, text));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.variants.is_empty()
    }

    /// The variants in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&Lang>, &str)> {
        self.variants
            .iter()
            .map(|(lang, text)| (lang.as_ref(), text.as_str()))
    }

    /// The text in `lang`, else the one without a language, else the first.
    pub fn best(&self, lang: &Lang) -> &str {
        let exact = self.iter().find(|(own, _)| *own == Some(lang));
        let plain = || self.iter().find(|(own, _)| own.is_none());
        exact
            .or_else(plain)
            .or_else(|| self.iter().next())
            .map_or("", |(_, text)| text)
    }

    /// Whether any variant is exactly `text`.
    pub fn says(&self, text: &str) -> bool {
        self.iter().any(|(_, own)| own == text)
    }
}
