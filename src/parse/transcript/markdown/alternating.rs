//! Paragraphs that alternate between two scripts. Never joins lines that a mark parts.

use std::collections::HashSet;

use unicode_script::Script;

use crate::lang::telling_script;
use crate::parse::document::{Document, Line};

/// Where paragraphs alternate between two scripts, each second one translates the one before.
pub fn join_alternating<'s>(document: Document<'s>, unlabelled: &[usize]) -> Document<'s> {
    let mut starts = Vec::with_capacity(document.lines.len());
    let mut at = 0;
    for line in &document.lines {
        starts.push(at);
        at += line.part_count;
    }
    let script = |index: usize| -> Option<Script> {
        (document.lines[index].part_count == 1)
            .then(|| telling_script(&document.parts[starts[index]]))
            .flatten()
    };
    let marks: HashSet<usize> = document.marks.iter().map(|mark| mark.before).collect();
    let marked = |index: usize| marks.contains(&index);
    let mut translates = vec![false; document.lines.len()];
    for &index in unlabelled.iter().filter(|index| **index > 0) {
        translates[index] = !translates[index - 1]
            && !marked(index)
            && script(index).is_some()
            && script(index - 1).is_some_and(|before| Some(before) != script(index));
    }
    let count = translates.iter().filter(|translates| **translates).count();
    if count * 3 < document.lines.len() {
        return document;
    }
    let mut lines: Vec<Line> = Vec::with_capacity(document.lines.len());
    let mut moved = Vec::with_capacity(document.lines.len() + 1);
    for (line, translates) in document.lines.into_iter().zip(translates) {
        moved.push(lines.len());
        match lines.last_mut() {
            Some(before) if translates => {
                before.part_count += line.part_count;
                before.span.end = line.span.end;
            }
            _ => lines.push(line),
        }
    }
    moved.push(lines.len());
    let mut marks = document.marks;
    for mark in &mut marks {
        mark.before = moved[mark.before];
    }
    Document { lines, marks, ..document }
}
