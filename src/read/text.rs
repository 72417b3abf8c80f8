//! A file → its bytes, or its text. Never reads more than the limits allow, or replaces a byte.

use std::fs;
use std::io::{self, Read};

use super::{File, WorldError};
use crate::diagnostic::Diagnostic;
use crate::key::Key;
use crate::source::{Decoded, Place, Source, decode};
use crate::table::Findings;
use crate::text::{has_controls, is_control, without_controls};

/// The first `most` bytes of a file, as far as they are UTF-8.
pub fn read_start(file: &File, most: u64) -> Option<String> {
    let mut start = Vec::with_capacity(file.stamp.len.min(most) as usize + 1);
    fs::File::open(&file.path).ok()?.take(most).read_to_end(&mut start).ok()?;
    let start = String::from_utf8(start).or_else(|error| {
        let whole = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(whole);
        String::from_utf8(bytes)
    });
    start.ok()
}

/// The key of a file's bytes, which may be more than fit into memory.
pub fn read_key(file: &File) -> Result<Key, WorldError> {
    let failed = |error| WorldError::new("read", &file.path, error);
    let mut opened = fs::File::open(&file.path).map_err(failed)?;
    let mut hash = xxhash_rust::xxh3::Xxh3::new();
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match opened.read(&mut chunk) {
            Ok(0) => return Ok(hash.digest128().into()),
            Ok(count) => hash.update(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The bytes of a file; `None` where they are more than `most`.
pub fn read_bytes(file: &File, most: u64) -> Result<Option<Vec<u8>>, WorldError> {
    let world = |error| WorldError::new("read", &file.path, error);
    let mut bytes = Vec::with_capacity(file.stamp.len.min(most) as usize + 1);
    let open = fs::File::open(&file.path).map_err(world)?;
    open.take(most + 1).read_to_end(&mut bytes).map_err(world)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most))
}

/// The text of a file; `None`, and a finding, where its bytes are no text or too many.
pub fn read_source(file: &File, findings: &Findings) -> Result<Option<Source>, WorldError> {
    Ok(read_text(file, findings)?.and_then(|bytes| source_of(file, bytes, findings)))
}

/// The bytes of a text file; `None`, and a finding, where they are too many. A file that is too
/// large is not read.
pub fn read_text(file: &File, findings: &Findings) -> Result<Option<Vec<u8>>, WorldError> {
    let world = |error| WorldError::new("read", &file.path, error);
    let most = file.limits.file_size;
    let open = fs::File::open(&file.path).map_err(world)?;
    let size = open.metadata().map_err(world)?.len();
    let mut bytes = Vec::new();
    if size <= most {
        bytes.reserve(size as usize + 1);
        // It may grow while it is read.
        open.take(most + 1).read_to_end(&mut bytes).map_err(world)?;
    }
    let size = size.max(bytes.len() as u64);
    if size > most {
        let message = format!("{} is too large: {size} bytes, and {most} are read at most", file.name);
        findings.borrow_mut().push(
            Diagnostic::error("file-too-large", message)
                .at(Place::start_of(file.name.clone()))
                .help("cut it into several files, or raise `file_size` in [limits] of site.toml"),
        );
        return Ok(None);
    }
    Ok(Some(bytes))
}

/// The text of a file's bytes; `None`, and a finding, where they are no text that is taken.
pub fn source_of(file: &File, bytes: Vec<u8>, findings: &Findings) -> Option<Source> {
    let name = &*file.name;
    let report = |diagnostic| findings.borrow_mut().push(diagnostic);
    if let Some(kind) = document_kind(&bytes) {
        report(
            Diagnostic::error("not-text", format!("{name} is {kind}, and not text"))
                .help("save it as plain text from the program that wrote it"),
        );
        return None;
    }
    let text = match decode(bytes) {
        Decoded::Utf8(text) => text,
        Decoded::Other(text, encoding) => {
            report(
                Diagnostic::note("encoding", format!("{name} is read as {encoding}"))
                    .help("save it as UTF-8 to be sure of every character"),
            );
            text
        }
        Decoded::Invalid(offset) => {
            report(
                Diagnostic::error(
                    "not-text",
                    format!(
                        "{name} is not text: the byte at offset {offset} fits no encoding that it could be in"
                    ),
                )
                .help("save it as UTF-8"),
            );
            return None;
        }
    };
    let source = Source::new(name, clean(name, text, findings)).with_limits(file.limits);
    // What programs write for programs stands in one line, however long.
    let one_line = matches!(file.extension().as_str(), "json" | "html" | "htm");
    let most = if one_line { usize::MAX } else { file.limits.line_length };
    match long_line(&source.text, most) {
        Some((at, length)) => {
            let most = file.limits.line_length;
            report(
                Diagnostic::error(
                    "line-too-long",
                    format!("this line has {length} characters, and {most} are read at most"),
                )
                .at(source.place(at..at))
                .help("break it, or raise `line_length` in [limits] of site.toml"),
            );
            None
        }
        None => Some(source),
    }
}

/// What kind of document begins so, which holds its text among other things.
fn document_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "an archive, as word processors write"),
        (b"%PDF-", "a PDF"),
        (b"{\\rtf", "rich text"),
        (b"\xd0\xcf\x11\xe0", "a document of an old word processor"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

/// Takes out the control characters that no page can hold, and says so.
fn clean(name: &str, text: String, findings: &Findings) -> String {
    if !has_controls(&text) {
        return text;
    }
    let count = text.chars().filter(|character| is_control(*character)).count();
    if text.starts_with("WEBVTT") {
        return marked(name, text, count, findings);
    }
    let message = format!("{name} holds {count} control characters, which are left out");
    findings
        .borrow_mut()
        .push(Diagnostic::warning("control-characters", message).help("save it as plain text"));
    without_controls(&text).into_owned()
}

/// The same for WebVTT, whose readers see a form feed as a space and a mark for what is no text:
/// without them, times that are broken would be whole.
fn marked(name: &str, text: String, count: usize, findings: &Findings) -> String {
    let message = format!("{name} holds {count} control characters, which are shown as `\u{fffd}`");
    findings
        .borrow_mut()
        .push(Diagnostic::warning("control-characters", message).help("save it as plain text"));
    text.replace('\u{c}', " ").replace(is_control, "\u{fffd}")
}

/// Where the first line of more than `most` characters starts, and how many it has.
fn long_line(text: &str, most: usize) -> Option<(usize, usize)> {
    if text.len() <= most {
        return None;
    }
    let mut at = 0;
    for line in text.split('\n') {
        // Bytes are never fewer than characters.
        let length = if line.len() > most { line.chars().count() } else { 0 };
        if length > most {
            return Some((at, length));
        }
        at += line.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::Stamp;
    use super::*;
    use crate::source::Limits;

    fn read(bytes: &[u8], limits: Limits) -> (Option<String>, Vec<Diagnostic>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, bytes).unwrap();
        let file = File { path, name: "content/a.txt".into(), stamp: Stamp::default(), limits };
        let findings = Findings::default();
        let text = read_source(&file, &findings).unwrap().map(|source| source.text);
        (text, findings.into_inner())
    }

    #[test]
    fn documents_that_hold_more_than_text_are_named() {
        for bytes in [&b"PK\x03\x04\0\0word/document.xml"[..], b"%PDF-1.7\n", b"{\\rtf1 Hello}"] {
            let (text, findings) = read(bytes, Limits::default());
            assert_eq!((text, findings[0].code.0.as_ref()), (None, "not-text"));
        }
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let limits = Limits { file_size: 6, ..Limits::default() };
        assert_eq!(read(b"123456", limits), (Some("123456".into()), vec![]));
        let (text, findings) = read(b"1234567", limits);
        assert_eq!((text, findings[0].code.0.as_ref()), (None, "file-too-large"));
        assert!(findings[0].help.as_ref().unwrap().contains("`file_size`"));
        assert_eq!(&*findings[0].place.as_ref().unwrap().path, "content/a.txt");
    }

    #[test]
    fn a_line_over_the_limit_is_told_with_its_place() {
        let limits = Limits { line_length: 3, ..Limits::default() };
        assert!(read("灯灯灯\nabc\n".as_bytes(), limits).1.is_empty());
        let (text, findings) = read("灯灯灯\nabcd\n".as_bytes(), limits);
        assert_eq!((text, findings[0].code.0.as_ref()), (None, "line-too-long"));
        assert_eq!(findings[0].place.as_ref().unwrap().line, 2);
        assert!(findings[0].help.as_ref().unwrap().contains("`line_length`"));
    }
}
