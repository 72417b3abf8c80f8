//! diglot's own JSON: all that is known of each cue, and nothing that is not.

use super::times::push_seconds;
use super::{Captions, push_json};

pub fn write(captions: &Captions) -> String {
    let mut out = String::with_capacity(captions.room(96));
    out.push_str("{\"languages\":[");
    for (index, lang) in captions.langs().iter().enumerate() {
        out.push_str(if index > 0 { ",\"" } else { "\"" });
        out.push_str(lang.as_str());
        out.push('"');
    }
    out.push_str("],\"cues\":[");
    for (index, cue) in captions.cues().iter().enumerate() {
        out.push_str(if index > 0 { ",{\"id\":\"" } else { "{\"id\":\"" });
        cue.id.push_to(&mut out);
        out.push('"');
        for (key, time) in [(",\"start\":", cue.start), (",\"end\":", cue.end)] {
            if let Some(time) = time {
                out.push_str(key);
                push_seconds(time.0, &mut out);
            }
        }
        if let Some(name) = captions.name(cue) {
            out.push_str(",\"speaker\":");
            push_json(name, &mut out);
        }
        if captions.is_turn(index) {
            out.push_str(",\"turn\":true");
        }
        out.push_str(",\"text\":{");
        for (place, (lang, text)) in captions.texts(index).enumerate() {
            out.push_str(if place > 0 { ",\"" } else { "\"" });
            out.push_str(lang.as_str());
            out.push_str("\":");
            push_json(text, &mut out);
        }
        out.push_str("}}");
    }
    out.push_str("]}\n");
    out
}
