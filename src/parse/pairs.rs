//! `pairs.toml` → what the author decided about the pairing of tracks. Never looks whether the
//! cues it names are there.

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Source, Span};
use crate::table::{At, Fields, Findings, Item, read_toml};

/// What is decided of the cues that an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They are a row, and nothing else is in it.
    Pair,
    /// A row begins with them.
    Split,
    /// They are in one row, with whatever belongs to them.
    Merge,
}

/// One entry of the file.
#[derive(Debug, Clone)]
pub struct PairEntry {
    pub decision: Decision,
    /// Per language, the cues it names.
    pub sides: Vec<(Lang, Vec<At<CueName>>)>,
    pub span: Span,
}

/// How a cue is named: by what it says, and, where that is said more than once, by about which
/// number it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CueName {
    pub text: String,
    pub at: Option<u32>,
}

/// Reads the entries: pairs, splits, merges, each in the order of the file.
pub fn read_pairs(source: &Source, findings: &Findings) -> Vec<PairEntry> {
    let whole = 0..source.text.len();
    read_toml(source, whole, findings, |mut fields| {
        let mut entries = Vec::new();
        for (key, decision) in
            [("pair", Decision::Pair), ("split", Decision::Split), ("merge", Decision::Merge)]
        {
            let read = |item: Item| match item {
                Item::Table(fields) => Some(read_entry(decision, fields, findings, source)),
                Item::Text(_) => None,
            };
            for entry in fields.items(key, "a list of tables, as [[…]] writes them", read) {
                entries.extend(entry.value.map(|sides| PairEntry { decision, sides, span: entry.span }));
            }
        }
        fields.finish();
        entries
    })
    .unwrap_or_default()
}

fn read_entry(
    decision: Decision,
    fields: Fields,
    findings: &Findings,
    source: &Source,
) -> Option<Vec<(Lang, Vec<At<CueName>>)>> {
    let whole = fields.span_of_all();
    let sides = fields.items_by_language("the text of a cue, { text, at }, or a list of them", read_name);
    let named = sides.iter().filter(|(_, names)| !names.is_empty()).count();
    let fits = match decision {
        Decision::Pair => named >= 1 && sides.len() >= 2,
        Decision::Split => named >= 2 && sides.iter().all(|(_, names)| names.len() == 1),
        Decision::Merge => sides.iter().map(|(_, names)| names.len()).sum::<usize>() >= 2,
    };
    if !fits {
        let needs = match decision {
            Decision::Pair => "a pair names cues of two languages; an empty list stands for nothing",
            Decision::Split => "a split names one cue of each language: those that begin the new row",
            Decision::Merge => "a merge names two cues or more",
        };
        let finding = Diagnostic::error("lock-incomplete", needs).at(source.place(whole));
        findings.borrow_mut().push(finding.help("see docs/pairing.md"));
    }
    fits.then_some(sides)
}

fn read_name(item: Item) -> Option<CueName> {
    match item {
        Item::Text(text) => Some(CueName { text, at: None }),
        Item::Table(mut fields) => {
            let text = fields.string("text").map(|text| text.value);
            let at = fields.integer("at", 0);
            fields.finish();
            Some(CueName { text: text?, at })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<PairEntry>, Vec<String>) {
        let source = Source::new("pairs.toml", text.to_owned());
        let findings = Findings::default();
        let entries = read_pairs(&source, &findings);
        let codes = findings.into_inner().into_iter().map(|finding| finding.code.0.into_owned());
        (entries, codes.collect())
    }

    #[test]
    fn pairs_splits_and_merges_are_read() {
        let (entries, codes) = read(
            "[[pair]]\nen = \"Yes.\"\nzh-Hans = [{ text = \"对。\", at = 4 }, \"是。\"]\n\n[[pair]]\nen = []\nzh-Hans = \"（笑）\"\n\n\
             [[split]]\nen = \"Now\"\nzh-Hans = \"现在\"\n[[merge]]\nen = [\"One\", \"two\"]\n",
        );
        assert!(codes.is_empty(), "{codes:?}");
        assert_eq!(
            entries.iter().map(|entry| entry.decision).collect::<Vec<_>>(),
            [Decision::Pair, Decision::Pair, Decision::Split, Decision::Merge]
        );
        let (lang, names) = &entries[0].sides[1];
        assert_eq!(lang.as_str(), "zh-Hans");
        assert_eq!(names[0].value, CueName { text: "对。".into(), at: Some(4) });
        assert_eq!(names[1].value, CueName { text: "是。".into(), at: None });
    }

    #[test]
    fn every_mistake_is_found_in_one_run() {
        let (entries, codes) = read(
            "[[pair]]\nen = \"alone\"\n[[split]]\nen = 3\nzh-Hans = \"好\"\n[[merge]]\n\"not a tag\" = [\"a\", \"b\"]\n[[peace]]\nen = 1\n",
        );
        assert!(entries.is_empty());
        let expected = [
            "lock-incomplete",
            "wrong-type",
            "lock-incomplete",
            "language-tag",
            "lock-incomplete",
            "unknown-key",
        ];
        assert_eq!(codes, expected);
    }
}
