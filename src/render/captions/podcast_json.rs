//! The JSON transcript of the podcast namespace, which has one text per segment: languages are
//! lines of it.

use super::times::{Times, push_seconds};
use super::{Captions, Unwritten, push_json};

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let times = Times::of(captions.transcript)?;
    let mut out = String::with_capacity(captions.room(80));
    out.push_str("{\"version\":\"1.0.0\",\"segments\":[");
    let mut body = String::new();
    let mut is_first = true;
    for index in times.order() {
        let cue = &captions.cues()[index];
        body.clear();
        for (_, text) in captions.texts(index) {
            if !body.is_empty() {
                body.push('\n');
            }
            super::push_line(text, &mut body);
        }
        if body.is_empty() {
            continue;
        }
        out.push_str(if is_first { "{" } else { ",{" });
        is_first = false;
        if let Some(name) = captions.name(cue) {
            out.push_str("\"speaker\":");
            push_json(name, &mut out);
            out.push(',');
        }
        out.push_str("\"startTime\":");
        push_seconds(times.spans[index].0, &mut out);
        // The format does without an end, so none is made up.
        if let Some(end) = cue.end.filter(|end| cue.start.is_some() && end.0 >= times.spans[index].0) {
            out.push_str(",\"endTime\":");
            push_seconds(end.0, &mut out);
        }
        out.push_str(",\"body\":");
        push_json(&body, &mut out);
        out.push('}');
    }
    out.push_str("]}\n");
    Ok(out)
}
