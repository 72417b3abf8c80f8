//! What stands above the talk: the title, and notes. Never takes a heading within it.

use pulldown_cmark::HeadingLevel;

use super::blocks::Block;
use crate::parse::document::Document;

/// Headings that say that the transcript begins, in lower case.
const TRANSCRIPT_HEADINGS: &[&str] = &[
    "transcript",
    "transcription",
    "full transcript",
    "文字稿",
    "逐字稿",
    "中文文稿",
    "英文原文",
    "字幕",
    "双语字幕",
    "对话",
    "文稿",
];

/// The one first-level heading on top of a text is the episode's title.
pub fn take_title(blocks: &mut Vec<Block>, document: &mut Document) {
    let is_title = |block: &Block| matches!(block, Block::Heading { level: HeadingLevel::H1, .. });
    if blocks.first().is_some_and(is_title)
        && blocks.iter().filter(|block| is_title(block)).count() == 1
        && let Block::Heading { title, .. } = blocks.remove(0)
        && !is_transcript_heading(&title)
    {
        document.page.titles.push(title);
    }
}

pub fn is_transcript_heading(title: &str) -> bool {
    TRANSCRIPT_HEADINGS.contains(&title.trim_end_matches([':', '：']).to_lowercase().as_str())
}

/// What stands before the heading that opens the transcript are notes.
pub fn take_notes(blocks: &mut Vec<Block>, text: &str, document: &mut Document) {
    let opening = blocks
        .iter()
        .position(|block| matches!(block, Block::Heading { title, .. } if is_transcript_heading(title)));
    let Some(index) = opening else {
        return;
    };
    if let Block::Heading { span, .. } = &blocks[index] {
        let mut before = text[..span.start].trim();
        if !document.page.titles.is_empty() {
            // The title's own heading is not repeated in the notes.
            before = before.split_once('\n').map_or("", |(_, rest)| rest.trim());
        }
        document.notes = before.to_owned();
    }
    blocks.drain(..=index);
}
