//! TMX 1.4, which translators' programs read: a unit per cue that is in more than one language.

use super::{Captions, Replacements, Unwritten, push_replaced};

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let mut out = String::with_capacity(captions.room(128));
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n");
    out.push_str("<header creationtool=\"diglot\" creationtoolversion=\"");
    out.push_str(env!("CARGO_PKG_VERSION"));
    out.push_str("\" segtype=\"phrase\" o-tmf=\"diglot\" adminlang=\"en\" srclang=\"");
    out.push_str(captions.langs()[0].as_str());
    out.push_str("\" datatype=\"plaintext\"/>\n<body>\n");
    let before = out.len();
    for (index, cue) in captions.cues().iter().enumerate() {
        if captions.texts(index).nth(1).is_none() {
            continue;
        }
        out.push_str("<tu tuid=\"");
        cue.id.push_to(&mut out);
        out.push_str("\">\n");
        for (lang, text) in captions.texts(index) {
            out.push_str("<tuv xml:lang=\"");
            out.push_str(lang.as_str());
            out.push_str("\"><seg>");
            push_xml(text, &mut out);
            out.push_str("</seg></tuv>\n");
        }
        out.push_str("</tu>\n");
    }
    if out.len() == before {
        return Err(Unwritten::NoPairs);
    }
    out.push_str("</body>\n</tmx>\n");
    Ok(out)
}

/// A text without the characters that XML 1.0 cannot hold.
fn push_xml(text: &str, out: &mut String) {
    const REPLACED: Replacements<5> =
        [(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'\n', " "), (b'\r', " ")];
    let is_foreign =
        |c: char| matches!(c, '\u{fffe}' | '\u{ffff}' | '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f');
    for part in text.split(is_foreign) {
        push_replaced(part, out, &REPLACED);
    }
}
