//! Whether two texts in one script are a line and its translation all the same: `API。` and
//! `the API.`, a name and the name. Never asks which languages they are in.

use std::collections::HashMap;

use unicode_script::Script;

use crate::lang::{is_cjk, telling_script};

/// What a file's twos of texts tell of those that stand in one script.
#[derive(Default)]
pub struct Twins {
    /// Whether nearly all of them are in two scripts, in one order: then so is any other.
    usual: bool,
}

/// Fewer twos tell nothing of others.
const FEW: usize = 2;

impl Twins {
    /// `groups` are the texts that stand together, such as the lines of each cue.
    pub fn of<'t>(groups: impl Iterator<Item = &'t [String]>) -> Twins {
        let mut orders: HashMap<[Script; 2], usize> = HashMap::new();
        let (mut several, mut more) = (0, 0);
        for group in groups.filter(|group| group.len() > 1) {
            several += 1;
            match group {
                [first, second] => {
                    if let (Some(first), Some(second)) = (telling_script(first), telling_script(second)) {
                        *orders.entry([first, second]).or_default() += usize::from(first != second);
                    }
                }
                _ => more += 1,
            }
        }
        let most = orders.values().max().copied().unwrap_or(0);
        Twins { usual: most >= FEW && more * 50 <= several && most * 10 >= several * 9 }
    }

    /// Whether any two texts of the file are a line and its translation.
    pub fn usual(&self) -> bool {
        self.usual
    }

    /// Whether two texts in one script are.
    pub fn are(&self, first: &str, second: &str) -> bool {
        self.usual || say_the_same(first, second)
    }
}

/// How many words of a text are compared.
const TERM_WORDS: usize = 12;

/// Whether one says nothing that the other does not, or has the punctuation of Han text, and the
/// other none.
fn say_the_same(first: &str, second: &str) -> bool {
    if first.chars().any(is_wide) != second.chars().any(is_wide) {
        return true;
    }
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        split.map(str::to_lowercase).take(TERM_WORDS).collect()
    };
    let (first, second) = (words(first), words(second));
    let shared = first.iter().filter(|word| second.contains(word)).count();
    shared > 0 && (shared * 2 >= first.len().max(second.len()) || shared >= first.len().min(second.len()))
}

/// Whether a character is of Han text alone: quotes and dashes are not.
fn is_wide(character: char) -> bool {
    is_cjk(character) && !"“”‘’…—".contains(character)
}
