//! What is said to a person at a terminal: as wide as that is, and in colour where it may be. Never
//! touches what is said to a file or a pipe.

use std::io::IsTerminal;

use terminal_size::{Width, terminal_size_of};

use crate::report::Look;

/// How a report is drawn on stderr.
pub fn look() -> Look {
    let unset = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
    Look { color: unset("NO_COLOR") && std::io::stderr().is_terminal(), width: width() }
}

/// The columns of the terminal that stderr is, if it is one.
fn width() -> Option<usize> {
    let size = terminal_size_of(std::io::stderr()).filter(|_| std::io::stderr().is_terminal());
    size.map(|(Width(columns), _)| usize::from(columns))
}

/// Says a line on stderr.
pub fn say(line: &str) {
    eprintln!("{}", fitted(line, 0));
}

/// A line as a terminal shows it whole, by words; where it goes on, it begins with some spaces.
pub fn fitted(line: &str, indent: usize) -> String {
    crate::report::wrapped(line, width(), indent)
}
