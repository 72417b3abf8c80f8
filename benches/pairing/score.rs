//! Precision, recall and F1 of links.

use crate::cases::{Case, Links};

/// Counts that add up over files.
#[derive(Clone, Copy, Default, Debug)]
pub struct Score {
    pub found: usize,
    pub wanted: usize,
    pub right: usize,
}

impl Score {
    pub fn of(found: &Links, case: &Case) -> Score {
        let known = |link: &&(usize, usize)| case.known.as_ref().is_none_or(|known| known.contains(&link.0));
        let right = found.intersection(&case.gold).filter(known).count();
        let count = |links: &Links| links.iter().filter(known).count();
        Score { found: count(found), wanted: count(&case.gold), right }
    }

    pub fn add(self, other: Score) -> Score {
        Score {
            found: self.found + other.found,
            wanted: self.wanted + other.wanted,
            right: self.right + other.right,
        }
    }

    pub fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    pub fn recall(self) -> f64 {
        self.right as f64 / self.wanted.max(1) as f64
    }

    pub fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.wanted).max(1) as f64
    }
}
