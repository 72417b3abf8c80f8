//! The bytes of a page, in pieces. Knows nothing of what they say.

/// What stands for the transcript while the template is rendered. It has a character that no text
/// of a page can have: XML and HTML forbid it.
pub(super) const TRANSCRIPT_HOLE: &str = "\u{1}transcript\u{1}";

/// The bytes of a page. An episode's transcript stays by itself, so that it is never copied into
/// what the template made.
pub struct PageBytes {
    frame: Vec<u8>,
    /// Where in the frame the transcript belongs.
    holes: Vec<usize>,
    transcript: Vec<u8>,
}

impl From<Vec<u8>> for PageBytes {
    fn from(whole: Vec<u8>) -> PageBytes {
        PageBytes { frame: whole, holes: Vec::new(), transcript: Vec::new() }
    }
}

impl PageBytes {
    pub(super) fn new(frame: Vec<u8>, transcript: Vec<u8>) -> PageBytes {
        let holes = memchr::memmem::find_iter(&frame, TRANSCRIPT_HOLE).collect();
        PageBytes { frame, holes, transcript }
    }

    /// In the order of the page.
    pub fn pieces(&self) -> Vec<&[u8]> {
        let mut pieces = Vec::with_capacity(self.holes.len() * 2 + 1);
        let mut done = 0;
        for at in &self.holes {
            pieces.extend([&self.frame[done..*at], &self.transcript]);
            done = at + TRANSCRIPT_HOLE.len();
        }
        pieces.push(&self.frame[done..]);
        pieces
    }
}
