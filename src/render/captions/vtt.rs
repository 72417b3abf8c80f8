//! WebVTT, as the W3C's own parser takes it: an identifier, a voice and the text of each cue, and
//! a line per language.

use super::times::{Times, push_clock};
use super::{Captions, Unwritten, push_replaced};

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let times = Times::of(captions.transcript)?;
    let mut out = String::with_capacity(captions.room(64));
    let tagged = captions.is_bilingual();
    out.push_str("WEBVTT\n");
    for index in times.order() {
        let cue = &captions.cues()[index];
        let mut texts = captions.texts(index).peekable();
        if texts.peek().is_none() {
            continue;
        }
        out.push('\n');
        cue.id.push_to(&mut out);
        out.push('\n');
        let (start, end) = times.spans[index];
        push_clock(start, '.', &mut out);
        out.push_str(" --> ");
        push_clock(end, '.', &mut out);
        out.push('\n');
        if let Some(name) = captions.name(cue) {
            out.push_str("<v ");
            push_text(name, &mut out);
            out.push('>');
        }
        for (lang, text) in texts {
            if tagged {
                out.push_str("<lang ");
                out.push_str(lang.as_str());
                out.push('>');
            }
            push_text(text, &mut out);
            if tagged {
                out.push_str("</lang>");
            }
            out.push('\n');
        }
    }
    Ok(out)
}

/// A line with all characters escaped that mean something in a cue.
fn push_text(text: &str, out: &mut String) {
    push_replaced(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\n' | b'\r' => Some(" "),
        _ => None,
    });
}
