//! The author's terms, found in the texts: each is one word that both sides have, and so an
//! anchor. Never looks at a term that only one of the tracks has.

use aho_corasick::{AhoCorasick, MatchKind};

use super::Side;
use super::dp::Unit;
use super::tokens::{Vocabulary, is_spaced};
use crate::glossary::Term;

/// No text has these words.
const TERM: &str = "\u{1}term ";
/// So many letters may follow a term that ends in one: `boats` is `boat`.
const ENDING: usize = 2;

/// Adds to each unit, which is a cue here, the terms that are in it.
pub fn add(
    terms: &[Term],
    (left, left_units): (&Side, &mut [Unit]),
    (right, right_units): (&Side, &mut [Unit]),
    vocabulary: &mut Vocabulary,
) {
    if terms.is_empty() {
        return;
    }
    let found = (
        Finder::new(terms.iter().map(|term| &term.left)).map(|finder| finder.in_cues(left)),
        Finder::new(terms.iter().map(|term| &term.right)).map(|finder| finder.in_cues(right)),
    );
    let (Some(own), Some(other)) = found else { return };
    let mut met = (vec![false; terms.len()], vec![false; terms.len()]);
    own.iter().flatten().for_each(|term| met.0[*term] = true);
    other.iter().flatten().for_each(|term| met.1[*term] = true);
    for (units, found) in [(left_units, own), (right_units, other)] {
        for (unit, terms) in units.iter_mut().zip(found) {
            let both = terms.into_iter().filter(|term| met.0[*term] && met.1[*term]);
            unit.tokens.extend(both.map(|term| vocabulary.number(&format!("{TERM}{term}"))));
        }
    }
}

/// Finds what terms are called in one language.
struct Finder {
    names: AhoCorasick,
    /// Per name: its term, and whether it begins and ends with a letter of a word with spaces.
    of: Vec<(usize, bool, bool)>,
}

impl Finder {
    /// Nothing where the names are too many to be looked for at once.
    fn new<'t>(terms: impl Iterator<Item = &'t Vec<String>>) -> Option<Finder> {
        let mut names = Vec::new();
        let mut of = Vec::new();
        for (term, called) in terms.enumerate() {
            for name in called {
                let name = name.to_lowercase();
                let (first, last) = (name.chars().next()?, name.chars().next_back()?);
                of.push((term, is_spaced(first), is_spaced(last)));
                names.push(name);
            }
        }
        let names = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names).ok()?;
        Some(Finder { names, of })
    }

    fn in_cues(&self, side: &Side) -> Vec<Vec<usize>> {
        side.cues.iter().map(|cue| self.in_text(&cue.text.to_lowercase())).collect()
    }

    /// The terms of a text in small letters, each once.
    fn in_text(&self, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(one) = text.get(from..).and_then(|rest| self.names.find(rest)) {
            let (start, end) = (from + one.start(), from + one.end());
            let (term, begins, ends) = self.of[one.pattern().as_usize()];
            let opens = !begins || !text[..start].chars().next_back().is_some_and(is_spaced);
            let ending = text[end..].chars().take_while(|c| is_spaced(*c)).take(ENDING + 1).count();
            if opens && (!ends || ending <= ENDING) {
                found.push(term);
                from = end;
            } else {
                // Another may begin within it.
                from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&[&str]], text: &str) -> Vec<usize> {
        let names: Vec<Vec<String>> =
            names.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect();
        Finder::new(names.iter()).unwrap().in_text(&text.to_lowercase())
    }

    #[test]
    fn a_term_is_a_word_however_it_is_bent_and_the_longest_one() {
        let names: &[&[&str]] = &[&["boat"], &["life boat", "lifeboat"], &["GPU"], &["über"]];
        assert_eq!(found(names, "Two boats and a GPU"), [0, 2]);
        assert_eq!(found(names, "Life boats!"), [1]);
        assert_eq!(found(names, "A steamboat, a boatswain"), [] as [usize; 0]);
        assert_eq!(found(names, "steamboat boat"), [0]);
        assert_eq!(found(names, "ÜBER und über"), [3]);
    }

    #[test]
    fn where_words_have_no_spaces_a_term_may_stand_anywhere() {
        assert_eq!(found(&[&["注意力"], &["语言模型", "大语言模型"]], "大语言模型的注意力很好"), [0, 1]);
        assert_eq!(found(&[&["GPU"]], "用GPU来算"), [0]);
    }
}
