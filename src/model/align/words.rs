//! Words that are known beforehand to mean each other: a small table of the most usual ones in
//! some languages, and the author's glossary. No language is special: each is a column.

use super::lexicon::Lesson;
use super::numbers::Numbers;
use super::tokens::{Token, Vocabulary, tokens};
use crate::glossary::Term;
use crate::lang::Lang;

/// A row a notion, a column a language; words of one language that mean the same have commas
/// between them.
const TABLE: &str = include_str!("words.tsv");

/// Two texts that mean each other, as words, and how many sightings that is worth.
pub struct Known {
    pub left: Vec<Token>,
    pub right: Vec<Token>,
    pub weight: f32,
}

/// What a term of the glossary is worth; what a word of the table.
const TERM: f32 = 16.0;
const USUAL: f32 = 8.0;

/// What is known of two languages, as far as both texts have the words.
pub fn known(left: &Lang, right: &Lang, glossary: &[Term], vocabulary: &mut Vocabulary) -> Vec<Known> {
    let numbers = (Numbers::of(left), Numbers::of(right));
    let mut found = Vec::new();
    let mut push = |own: &str, other: &str, weight: f32| {
        let (left, right) = (tokens(own, &numbers.0, vocabulary), tokens(other, &numbers.1, vocabulary));
        if !left.is_empty() && !right.is_empty() {
            found.push(Known { left, right, weight });
        }
    };
    for term in glossary {
        let weight = TERM / term.right.len().max(1) as f32;
        for own in &term.left {
            term.right.iter().for_each(|other| push(own, other, weight));
        }
    }
    let mut rows = TABLE.lines().map(|line| line.split('\t'));
    let heads: Vec<&str> = rows.next().into_iter().flatten().collect();
    let column = |lang: &Lang| {
        let primary = lang.primary();
        heads.iter().position(|head| *head == primary)
    };
    if let (Some(own), Some(other)) = (column(left), column(right)) {
        for mut row in rows {
            let cells: Vec<&str> = row.by_ref().collect();
            let words = |column: usize| {
                cells.get(column).copied().unwrap_or_default().split(',').filter(|word| !word.is_empty())
            };
            let count = words(other).count() as f32;
            for word in words(own) {
                for meant in words(other) {
                    push(word, meant, USUAL / count);
                }
            }
        }
    }
    found
}

impl Known {
    pub fn lesson(&self, part: usize) -> Lesson<'_> {
        Lesson { left: vec![&self.left], right: vec![&self.right], weight: self.weight, part }
    }
}
