//! Rows → a table that lines up in a terminal, where Han characters are two columns wide.
//! Never lets a character through that moves the cursor.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table as it is printed: the heads of its columns, its rows, and a sentence below.
#[derive(Debug, Default)]
pub struct Shown {
    pub heads: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    pub sums: Vec<String>,
}

/// How wide a column is at most.
const WIDEST: usize = 44;

/// The head of the column that is shown whole.
const WHOLE: &str = "goes to";

/// `1 file`, `2 files`.
pub fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl Shown {
    pub fn new(heads: &[&'static str]) -> Shown {
        Shown { heads: heads.to_vec(), ..Shown::default() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        let widest = |index: usize| if self.heads.get(index) == Some(&WHOLE) { usize::MAX } else { WIDEST };
        let cells = cells.into_iter().enumerate();
        self.rows.push(cells.map(|(index, cell)| fitted(&cell.into(), widest(index))).collect());
    }

    pub fn sum(&mut self, sentence: impl Into<String>) {
        self.sums.push(sentence.into());
    }

    /// The whole as text. A column that no row fills is left out.
    pub fn text(&self) -> String {
        let heads: Vec<String> = self.heads.iter().map(|head| (*head).to_owned()).collect();
        let column = |index: usize| self.rows.iter().filter_map(move |row| row.get(index));
        let filled: Vec<usize> =
            (0..heads.len()).filter(|index| column(*index).any(|cell| !cell.is_empty())).collect();
        let width = |index: usize| {
            column(index).map(|cell| cell.width()).max().unwrap_or(0).max(heads[index].width())
        };
        let widths: Vec<usize> = filled.iter().map(|index| width(*index)).collect();
        let mut text = String::new();
        let rows = if self.rows.is_empty() { &[][..] } else { std::slice::from_ref(&heads) };
        for row in rows.iter().chain(&self.rows) {
            let mut line = String::new();
            for (index, width) in filled.iter().zip(&widths) {
                let cell = row.get(*index).map_or("", String::as_str);
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for sum in &self.sums {
            text.push_str(sum);
            text.push('\n');
        }
        text
    }
}

/// A cell that is not too wide and does nothing to a terminal.
fn fitted(cell: &str, widest: usize) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = cell.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    if clean.width() <= widest {
        return clean;
    }
    let mut fitted = String::new();
    let mut width = 0;
    for character in clean.chars() {
        width += character.width().unwrap_or(0);
        if width >= widest {
            break;
        }
        fitted.push(character);
    }
    format!("{}…", fitted.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let mut shown = Shown::new(&["episode", "none", "goes to"]);
        shown.row(["关于灯", "", "a"]);
        shown.row(["On lamps\u{1b}[2J", "", "b"]);
        shown.sum("2 episodes");
        assert_eq!(shown.text(), "episode      goes to\n关于灯       a\nOn lamps[2J  b\n2 episodes\n");
        shown.row(["很".repeat(80), String::new(), "c".to_owned()]);
        assert!(shown.text().lines().all(|line| line.width() < 60));
    }
}
