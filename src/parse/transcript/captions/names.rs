//! Which names before a colon are names in a file that marks them in no other way. Never takes a
//! word of the talk for one.

use std::collections::HashMap;

use super::Caption;
use super::speakers::{name_and_rest, turn_mark};

/// What stands before a colon in a file, and what else is said there.
pub struct Counts<'c> {
    names: HashMap<&'c str, Count>,
    /// What the file opens with.
    first: Option<&'c str>,
    /// How often each word is said in small letters.
    small: HashMap<&'c str, usize>,
    cues: usize,
}

#[derive(Default, Clone, Copy)]
struct Count {
    all: usize,
    /// Whether a cue opens with it.
    opens: bool,
}

impl<'c> Counts<'c> {
    pub fn of(captions: &'c [Caption]) -> Counts<'c> {
        let (names, small) = (HashMap::new(), HashMap::new());
        let mut counts = Counts { names, first: None, small, cues: captions.len() };
        for (cue, caption) in captions.iter().enumerate() {
            for (index, line) in caption.lines.iter().enumerate() {
                if let Some((name, _)) = name_and_rest(turn_mark(line).1) {
                    let count = counts.names.entry(name).or_default();
                    count.all += 1;
                    count.opens |= index == 0;
                    counts.first = counts.first.or((cue == 0).then_some(name));
                }
            }
        }
        if !counts.names.is_empty() {
            let lines = captions.iter().flat_map(|caption| &caption.lines);
            for word in lines.flat_map(|line| line.split(' ')) {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric());
                if word.starts_with(char::is_lowercase) {
                    *counts.small.entry(word).or_default() += 1;
                }
            }
        }
        counts
    }

    /// The names, each with how often it stands there.
    pub fn names(&self) -> impl Iterator<Item = (&'c str, usize)> {
        // What is said once is a name beside others that are said twice, or where many cues have one.
        let others = self.names.iter().any(|(name, count)| self.is_repeated(name, *count));
        let opened: usize = self.names.values().filter(|count| count.opens).map(|count| count.all).sum();
        let many = self.first.is_some() && self.names.len() > 1 && opened * 4 >= self.cues;
        let is_name = move |name: &str, count: Count| {
            let beside = others && (self.first == Some(name) || (count.opens && self.is_proper(name)));
            self.is_repeated(name, count) || beside || (many && count.opens && self.is_capital(name))
        };
        let found = self.names.iter().filter(|(name, count)| is_name(name, **count));
        found.map(|(name, count)| (*name, count.all)).collect::<Vec<_>>().into_iter()
    }

    fn is_repeated(&self, name: &str, count: Count) -> bool {
        count.all >= 2 && self.in_small(name) <= count.all / 4
    }

    /// Whether it is several words, and the talk has none of them in small letters.
    fn is_proper(&self, name: &str) -> bool {
        name.contains(' ') && name.split_whitespace().all(|word| self.is_capital(word))
    }

    /// Whether its capital tells it from the words of the talk, in scripts that have some.
    fn is_capital(&self, name: &str) -> bool {
        name.contains(char::is_uppercase) && self.in_small(name) == 0
    }

    fn in_small(&self, name: &str) -> usize {
        self.small.get(name.to_lowercase().as_str()).copied().unwrap_or(0)
    }
}
