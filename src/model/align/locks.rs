//! What the author decided in words → the same in numbers of cues. A cue that is not there any
//! more is reported at its place; never is an entry left out in silence.

use std::collections::HashMap;

use super::{Lock, Side};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::parse::pairs::{CueName, Decision, PairEntry};
use crate::source::Source;
use crate::table::{At, Findings};

/// Finds the cues that entries name. Entries of other languages are passed over.
pub fn find_locks(
    entries: &[PairEntry],
    left: &Side,
    right: &Side,
    source: &Source,
    findings: &Findings,
) -> Vec<Lock> {
    let sides = [Names::of(left), Names::of(right)];
    let mut locks = Vec::new();
    for entry in entries {
        let known = |lang: &Lang| *lang == *left.lang || *lang == *right.lang;
        if !entry.sides.iter().all(|(lang, _)| known(lang)) {
            continue;
        }
        let mut found = [Vec::new(), Vec::new()];
        let mut whole = true;
        for (lang, names) in &entry.sides {
            let side = usize::from(*lang != *left.lang);
            for name in names {
                match sides[side].find(name, source) {
                    Ok(cue) => found[side].push(cue),
                    Err(finding) => {
                        findings.borrow_mut().push(*finding);
                        whole = false;
                    }
                }
            }
        }
        if whole {
            let [mut own, mut other] = found;
            for side in [&mut own, &mut other] {
                side.sort_unstable();
                side.dedup();
            }
            locks.push(lock(entry.decision, own, other));
        }
    }
    locks
}

/// Reports entries of a language that no track is in.
pub fn report_foreign(entries: &[PairEntry], langs: &[&Lang], source: &Source, findings: &Findings) {
    for entry in entries {
        for (lang, _) in entry.sides.iter().filter(|(lang, _)| !langs.contains(&lang)) {
            let known: Vec<&str> = langs.iter().map(|lang| lang.as_str()).collect();
            let finding = Diagnostic::warning("lock-language", format!("no track is in `{lang}`"))
                .at(source.place(entry.span.clone()))
                .help(format!("the tracks are in: {}", known.join(", ")));
            findings.borrow_mut().push(finding);
        }
    }
}

fn lock(decision: Decision, left: Vec<usize>, right: Vec<usize>) -> Lock {
    match (decision, left.first(), right.first()) {
        (Decision::Split, Some(own), Some(other)) => Lock::Split { left: *own, right: *other },
        (Decision::Pair, ..) => Lock::Pair { left, right },
        _ => Lock::Merge { left, right },
    }
}

/// The cues of a track by what they say.
struct Names<'a> {
    lang: &'a Lang,
    cues: HashMap<String, Vec<usize>>,
}

impl<'a> Names<'a> {
    fn of(side: &Side<'a>) -> Names<'a> {
        let mut cues: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, cue) in side.cues.iter().enumerate() {
            cues.entry(spaced(cue.text)).or_default().push(index);
        }
        Names { lang: side.lang, cues }
    }

    fn find(&self, name: &At<CueName>, source: &Source) -> Result<usize, Box<Diagnostic>> {
        let found = self.cues.get(&spaced(&name.value.text)).map_or(&[][..], Vec::as_slice);
        let at = |finding: Diagnostic| Box::new(finding.at(source.place(name.span.clone())));
        match (found, name.value.at) {
            ([], _) => Err(at(Diagnostic::warning(
                "lock-vanished",
                format!("no cue in `{}` says this any more", self.lang),
            )
            .help("write what the cue says now, or take the entry out"))),
            ([only], _) => Ok(*only),
            (several, Some(number)) => {
                let off = |cue: &&usize| cue.abs_diff(number as usize);
                Ok(*several.iter().min_by_key(off).expect("there are several"))
            }
            (several, None) => {
                let numbers: Vec<String> = several.iter().take(8).map(usize::to_string).collect();
                let message = format!("{} cues in `{}` say this", several.len(), self.lang);
                let help = format!(
                    "write {{ text = \"…\", at = … }} with one of their numbers: {}",
                    numbers.join(", ")
                );
                Err(at(Diagnostic::warning("lock-ambiguous", message).help(help)))
            }
        }
    }
}

/// A text with single spaces.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::{Hints, Lock, TrackCue, align};
    use super::*;
    use crate::parse::pairs::read_pairs;

    fn cues<'a>(texts: &[&'a str]) -> Vec<TrackCue<'a>> {
        texts.iter().map(|text| TrackCue { text, start: None, end: None, speaker: None }).collect()
    }

    fn locks_of(text: &str, left: &[&str], right: &[&str]) -> (Vec<Lock>, Vec<String>) {
        let (zh, en) = (Lang::parse("zh-Hans").unwrap(), Lang::parse("en").unwrap());
        let source = Source::new("pairs.toml", text.to_owned());
        let findings = Findings::default();
        let entries = read_pairs(&source, &findings);
        let (left, right) = (cues(left), cues(right));
        let locks = find_locks(
            &entries,
            &Side { lang: &en, cues: &left },
            &Side { lang: &zh, cues: &right },
            &source,
            &findings,
        );
        (locks, findings.into_inner().into_iter().map(|finding| finding.code.0.into_owned()).collect())
    }

    #[test]
    fn a_lock_whose_text_has_vanished_is_reported_and_the_others_hold() {
        let (locks, codes) = locks_of(
            "[[pair]]\nen = \"Gone.\"\nzh-Hans = \"好。\"\n[[pair]]\nen = \"Well.\"\nzh-Hans = \"好。\"\n",
            &["Yes.", "Well."],
            &["对。", "好。"],
        );
        assert_eq!(codes, ["lock-vanished"]);
        assert_eq!(locks, [Lock::Pair { left: vec![1], right: vec![1] }]);
    }

    #[test]
    fn what_is_said_twice_needs_a_number() {
        let (locks, codes) = locks_of(
            "[[pair]]\nen = \"Yes.\"\nzh-Hans = \"对。\"\n[[pair]]\nen = { text = \"Yes.\", at = 5 }\nzh-Hans = \"对。\"\n",
            &["Yes.", "No.", "Yes."],
            &["对。"],
        );
        assert_eq!(codes, ["lock-ambiguous"]);
        assert_eq!(locks, [Lock::Pair { left: vec![2], right: vec![0] }]);
    }

    #[test]
    fn a_locked_pair_stands_whatever_the_texts_say() {
        let en = Lang::parse("en").unwrap();
        let (left, right) = (cues(&["one 1", "two 2", "three 3"]), cues(&["eins 1", "zwei 2", "drei 3"]));
        let side = |cues| Side { lang: &en, cues };
        let locks =
            [Lock::Pair { left: vec![0], right: vec![1] }, Lock::Pair { left: vec![1], right: vec![] }];
        let rows = align(&side(&left), &side(&right), &Hints { locks: &locks, ..Hints::default() }).rows;
        let row = rows.iter().find(|row| row.left == [0]).unwrap();
        assert_eq!((&row.right[..], row.confidence), (&[1][..], 1.0));
        assert!(rows.iter().any(|row| row.left == [1] && row.right.is_empty()));
    }
}
