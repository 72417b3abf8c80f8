//! Which labels of several tracks are one speaker's. Never knows persons: they are found for a
//! label in every build.

use std::collections::HashMap;

use super::talk::Voice;
use crate::lang::Lang;
use crate::parse::transcript::is_generic_label;
use crate::text::Localized;

/// The voices of a talk, and which of them each track's labels are.
pub struct Voices {
    pub list: Vec<Voice>,
    /// Per track, the voice of each of its labels.
    pub of_label: Vec<Vec<usize>>,
}

/// How many rows must say that two labels are one speaker's.
const LEAST_ROWS: usize = 2;

/// Joins the labels of tracks. `together` counts, for each track but the first, the rows that
/// have a label of the first and one of its own. Two labels are one speaker's where each is the
/// other's most frequent; `listed` are those that the author knows.
pub fn join_voices(
    labels: &[(Lang, &[String])],
    together: &[HashMap<(usize, usize), usize>],
    listed: &[&str],
) -> Voices {
    let (first, others) = labels.split_first().expect("a talk has tracks");
    let (lang, first) = first;
    let mut named: Vec<Vec<(&Lang, &str)>> = first.iter().map(|label| vec![(lang, label.as_str())]).collect();
    let mut of_label = vec![(0..first.len()).collect::<Vec<usize>>()];
    for ((lang, own), counts) in others.iter().zip(together) {
        let base_of = mutual(counts, first.len(), own.len());
        let mut voices = Vec::with_capacity(own.len());
        for (index, label) in own.iter().enumerate() {
            let is_label = |names: &[(&Lang, &str)]| names.iter().any(|(_, name)| name == label);
            let same = || named.iter().position(|names| is_label(names));
            let by_name = if is_generic_label(label) { None } else { same() };
            let voice = by_name.or(base_of[index]).or_else(same).unwrap_or(named.len());
            match named.get_mut(voice) {
                Some(names) if is_label(names) => {}
                Some(names) => names.push((lang, label)),
                None => named.push(vec![(lang, label)]),
            }
            voices.push(voice);
        }
        of_label.push(voices);
    }
    let list = named.into_iter().map(|names| voice(&names, listed)).collect();
    Voices { list, of_label }
}

/// For each label of a track, the label of the first track that is most often in its rows, where
/// the same holds the other way round.
fn mutual(
    counts: &HashMap<(usize, usize), usize>,
    base_count: usize,
    own_count: usize,
) -> Vec<Option<usize>> {
    let mut pairs: Vec<(usize, usize, usize)> =
        counts.iter().map(|((base, own), count)| (*count, *base, *own)).collect();
    // Of two that are as frequent the first label counts: maps have no order.
    pairs.sort_by_key(|(count, base, own)| (std::cmp::Reverse(*count), *base, *own));
    let mut best_of_base = vec![None; base_count];
    let mut best_of_own = vec![None; own_count];
    for (count, base, own) in pairs.into_iter().filter(|(count, ..)| *count >= LEAST_ROWS) {
        let _ = count;
        best_of_base[base].get_or_insert(own);
        best_of_own[own].get_or_insert(base);
    }
    (0..own_count)
        .map(|own| best_of_own[own].filter(|base: &usize| best_of_base[*base] == Some(own)))
        .collect()
}

/// A label that the author lists goes first, then one that is a name.
fn voice(names: &[(&Lang, &str)], listed: &[&str]) -> Voice {
    let rank = |(_, name): &&(&Lang, &str)| (!listed.contains(name), is_generic_label(name));
    let (_, label) = names.iter().min_by_key(rank).expect("a voice has a label");
    let mut by_lang = Localized::default();
    for (lang, name) in names.iter().filter(|_| names.len() > 1) {
        by_lang.push(Some((*lang).clone()), *name);
    }
    Voice { label: (*label).to_owned(), names: by_lang }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        labels: [&[&str]; 2],
        together: &[(usize, usize, usize)],
        listed: &[&str],
        expected: &[&[&str]],
    ) -> Vec<usize> {
        let labels = labels.map(|labels| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>());
        let lang = |tag| Lang::parse(tag).unwrap();
        let labels = [(lang("zh-Hans"), &labels[0][..]), (lang("en"), &labels[1][..])];
        let counts = together.iter().map(|(base, own, count)| ((*base, *own), *count)).collect();
        let voices = join_voices(&labels, &[counts], listed);
        let found: Vec<Vec<&str>> = voices
            .list
            .iter()
            .map(|voice| {
                let others = voice.names.iter().map(|(_, name)| name).filter(|name| *name != voice.label);
                std::iter::once(voice.label.as_str()).chain(others).collect()
            })
            .collect();
        assert_eq!(found, expected);
        voices.of_label[1].clone()
    }

    #[test]
    fn labels_that_are_in_the_same_rows_are_one_speakers() {
        let own = check(
            [&["沈遥", "林岳"], &["Lin Yue", "Shen Yao"]],
            &[(0, 1, 9), (1, 0, 7), (0, 0, 2)],
            &[],
            &[&["沈遥", "Shen Yao"], &["林岳", "Lin Yue"]],
        );
        assert_eq!(own, [1, 0]);
    }

    #[test]
    fn a_name_goes_before_a_number_and_what_the_author_lists_before_all() {
        check([&["Speaker 0"], &["Shen Yao"]], &[(0, 0, 3)], &[], &[&["Shen Yao", "Speaker 0"]]);
        check([&["Speaker 0"], &["Shen Yao"]], &[(0, 0, 3)], &["Speaker 0"], &[&["Speaker 0", "Shen Yao"]]);
    }

    #[test]
    fn one_row_together_is_chance_and_a_third_label_stays_by_itself() {
        check([&["沈遥"], &["Shen Yao"]], &[(0, 0, 1)], &[], &[&["沈遥"], &["Shen Yao"]]);
        check(
            [&["沈遥"], &["Shen Yao", "Lin"]],
            &[(0, 0, 5), (0, 1, 3)],
            &[],
            &[&["沈遥", "Shen Yao"], &["Lin"]],
        );
    }

    #[test]
    fn equal_names_are_one_speaker_and_equal_numbers_only_if_the_rows_agree() {
        check([&["Ada"], &["Ada"]], &[], &[], &[&["Ada"]]);
        let own = check(
            [&["Speaker 0", "Speaker 1"], &["Speaker 0", "Speaker 1"]],
            &[(0, 1, 5), (1, 0, 5)],
            &[],
            &[&["Speaker 0", "Speaker 1"], &["Speaker 1", "Speaker 0"]],
        );
        assert_eq!(own, [1, 0]);
    }
}
