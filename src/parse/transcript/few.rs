//! Findings of which a file may have thousands: the first of each kind are told one by one, the
//! rest are counted. Never drops a kind.

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};
use crate::table::Findings;

/// How many of a kind are told one by one.
const MOST: usize = 3;

pub struct Few<'f> {
    source: &'f Source,
    findings: &'f Findings,
    /// Per kind, how many there were, and where the first of those that are only counted stands.
    counts: Vec<(&'static str, usize, Span)>,
}

impl<'f> Few<'f> {
    pub fn new(source: &'f Source, findings: &'f Findings) -> Few<'f> {
        Few { source, findings, counts: Vec::new() }
    }

    pub fn warn(&mut self, code: &'static str, message: &str, span: Span, help: &str) {
        if self.counted(code, &span) <= MOST {
            let finding = Diagnostic::warning(code, message).at(self.source.place(span)).help(help);
            self.findings.borrow_mut().push(finding);
        }
    }

    pub fn note(&mut self, code: &'static str, message: &str, span: Span) {
        let finding = Diagnostic::note(code, message).at(self.source.place(span));
        self.findings.borrow_mut().push(finding);
    }

    fn counted(&mut self, code: &'static str, span: &Span) -> usize {
        match self.counts.iter_mut().find(|(known, ..)| *known == code) {
            Some((_, count, first)) => {
                *count += 1;
                if *count == MOST + 1 {
                    first.clone_from(span);
                }
                *count
            }
            None => {
                self.counts.push((code, 1, span.clone()));
                1
            }
        }
    }

    /// Tells how many more there are of each kind.
    pub fn finish(&mut self) {
        for (code, count, span) in std::mem::take(&mut self.counts) {
            if count > MOST {
                let more = count - MOST;
                let message = format!("and {more} more of the same in this file; this is the next");
                let finding = Diagnostic::warning(code, message).at(self.source.place(span));
                self.findings.borrow_mut().push(finding);
            }
        }
    }
}
