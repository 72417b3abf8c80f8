//! Where a format has a name and a colon and nothing else to say who speaks: which names are said
//! once more, so that a reader can tell that they are names. Never says who speaks.

use std::collections::{HashMap, HashSet};

use super::Captions;
use super::times::Card;

/// The names of a file that is being written.
pub struct Names<'a> {
    all: HashSet<&'a str>,
    /// Those that begin to speak once in all, and have not been said again.
    once: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    pub fn of(captions: &Captions<'a>, cards: &[Card]) -> Names<'a> {
        let mut begins: HashMap<&str, usize> = HashMap::new();
        let mut last = None;
        for card in cards.iter().filter(|card| captions.shown(card).next().is_some()) {
            let name = captions.name(&captions.cues()[card.cue]);
            if let Some(name) = name.filter(|_| name != last) {
                *begins.entry(name).or_default() += 1;
            }
            last = name;
        }
        let once = begins.iter().filter(|(_, count)| **count == 1).map(|(name, _)| *name).collect();
        Names { all: begins.into_keys().collect(), once }
    }

    /// Whether the name of someone who goes on to speak is said again before a text: if it would be
    /// said once in all, or the text begins as if another name stood before it.
    pub fn restate(&mut self, name: &str, text: &str) -> bool {
        self.once.remove(name) || self.is_misread(text)
    }

    /// Whether a text begins with a name and a colon.
    pub fn is_misread(&self, text: &str) -> bool {
        let before = text.split_once([':', '：']).map(|(before, _)| before.trim());
        before.is_some_and(|before| self.all.contains(before))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }
}
