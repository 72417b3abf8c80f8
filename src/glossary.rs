//! Terms and what they are called in other languages, as the author lists them, so that tracks
//! pair by them. Never changes what a text says.

use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::lang::Lang;
use crate::source::Source;
use crate::table::{At, Fields, Findings, Item, read_toml};

/// What an entry is written as.
const WANTED: &str = "a list of tables such as { en = \"attention\", zh-Hans = \"注意力\" }";

/// The author's terms, in their order.
#[derive(Debug, Clone, Default)]
pub struct Glossary {
    terms: Vec<Entry>,
}

/// A term: per language, all that it is called.
type Entry = Vec<(Lang, Vec<String>)>;

/// A term in two languages: all that it is called in either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub left: Vec<String>,
    pub right: Vec<String>,
}

impl Glossary {
    /// Reads the key `glossary` of a table.
    pub fn read(fields: &mut Fields) -> Glossary {
        let entry = |item: Item| match item {
            Item::Table(fields) => Some(fields.items_by_language("a term, or a list of them", read_name)),
            Item::Text(_) => None,
        };
        let mut terms = Vec::new();
        for At { value, span } in fields.items("glossary", WANTED, entry) {
            let named = |entry: &Entry| entry.iter().filter(|(_, names)| !names.is_empty()).count();
            let entry: Entry = value
                .into_iter()
                .map(|(lang, names)| (lang, names.into_iter().map(|name| name.value).collect()))
                .collect();
            if named(&entry) < 2 {
                let finding = Diagnostic::warning("term-alone", "a term is given in one language only");
                let help = "say what it is called in the other: { en = \"attention\", zh-Hans = \"注意力\" }";
                fields.report(finding.help(help), span);
                continue;
            }
            terms.push(entry);
        }
        Glossary { terms }
    }

    /// Reads a file for its glossary alone: that of a site, of a show, or one by itself.
    pub fn read_file(source: &Source, findings: &Findings) -> Glossary {
        let whole = 0..source.text.len();
        let read = |mut fields: Fields| {
            let own = Glossary::read(&mut fields);
            let below = fields.table("transcripts").map(|mut table| Glossary::read(&mut table));
            below.unwrap_or_default().after(&own)
        };
        read_toml(source, whole, findings, read).unwrap_or_default()
    }

    /// These terms behind those of another.
    pub fn after(&self, first: &Glossary) -> Glossary {
        Glossary { terms: first.terms.iter().chain(&self.terms).cloned().collect() }
    }

    /// What is the same for equal glossaries only.
    pub fn key(&self) -> Key {
        key_of(&self.terms)
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The terms that two languages both have a name for.
    pub fn between(&self, left: &Lang, right: &Lang) -> Vec<Term> {
        let both = |entry: &Entry| Some(Term { left: names(entry, left)?, right: names(entry, right)? });
        self.terms.iter().filter_map(both).collect()
    }
}

fn read_name(item: Item) -> Option<String> {
    match item {
        Item::Text(text) => Some(text).filter(|text| !text.is_empty()),
        Item::Table(_) => None,
    }
}

/// What a language calls a term: by its own tag, else by one of the same language, so that `zh`
/// serves `zh-Hans`.
fn names(entry: &Entry, lang: &Lang) -> Option<Vec<String>> {
    let own = entry.iter().find(|(tag, _)| tag == lang);
    let found = own.or_else(|| entry.iter().find(|(tag, _)| tag.primary() == lang.primary()));
    found.map(|(_, names)| names.clone()).filter(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Glossary, Vec<String>) {
        let findings = Findings::default();
        let glossary = Glossary::read_file(&Source::new("show.toml", text.to_owned()), &findings);
        (glossary, findings.into_inner().into_iter().map(|finding| finding.code.0.into_owned()).collect())
    }

    fn between(glossary: &Glossary, left: &str, right: &str) -> Vec<(Vec<String>, Vec<String>)> {
        let terms = glossary.between(&Lang::parse(left).unwrap(), &Lang::parse(right).unwrap());
        terms.into_iter().map(|term| (term.left, term.right)).collect()
    }

    #[test]
    fn terms_are_found_by_language() {
        let (glossary, codes) = read(
            "glossary = [\n  { en = \"attention\", zh = [\"注意力\", \"关注\"] },\n  { en = \"loss\", fr = \"perte\" },\n]\n",
        );
        assert!(codes.is_empty(), "{codes:?}");
        let of = |text: &str| vec![text.to_owned()];
        let attention = (vec!["注意力".to_owned(), "关注".to_owned()], of("attention"));
        assert_eq!(between(&glossary, "zh-Hans", "en-GB"), [attention]);
        assert_eq!(between(&glossary, "en", "fr"), [(of("loss"), of("perte"))]);
        assert_eq!(between(&glossary, "en", "de"), []);
    }

    #[test]
    fn a_file_of_the_site_or_of_a_show_serves() {
        let (site, codes) = read("title = \"A\"\n[transcripts]\nglossary = [{ en = \"a\", fr = \"b\" }]\n");
        assert!(codes.is_empty(), "{codes:?}");
        assert_eq!(between(&site, "en", "fr").len(), 1);
        let (show, _) = read("[[glossary]]\nen = \"c\"\nfr = \"d\"\n");
        let both = site.after(&show);
        assert_eq!(between(&both, "en", "fr")[0].0, ["c"]);
        assert_ne!(both.key(), show.after(&site).key());
        assert_eq!(both.key(), both.clone().key());
    }

    #[test]
    fn every_mistake_is_found_in_one_run() {
        let (glossary, codes) = read(
            "glossary = [\n{ en = \"a\" },\n\"b\",\n{ en = \"c\", \"not a tag\" = \"d\" },\n{ en = 3, fr = \"e\" },\n{ en = \"\", fr = \"f\" },\n]\n",
        );
        assert!(glossary.is_empty());
        let mut codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        codes.sort_unstable();
        let alone = ["term-alone"; 4];
        assert_eq!(codes, [&["language-tag"][..], &alone, &["wrong-type"; 3]].concat());
    }
}
