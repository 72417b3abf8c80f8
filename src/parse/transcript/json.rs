//! Transcripts as JSON: the podcast namespace's, Whisper's and its kin's, and our own. Reads JSON
//! itself, since these files have `NaN` in them and are cut off, and to know where each cue stands.
//! Never nests deeper than a transcript does.

use super::captions::Caption;
use super::few::Few;
use super::vtt::loose_time;
use crate::lang::{Lang, is_cjk};
use crate::source::Span;
use crate::timestamp::Millis;

/// How deep lists and objects may lie in each other.
const DEPTH: usize = 32;

/// A value with the place where it stands.
#[derive(Debug)]
struct Value {
    span: Span,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Null, true and false, and numbers that are none.
    Nothing,
    Yes,
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    fn get(&self, key: &str) -> Option<&Value> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|(own, _)| own == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value of the first of several keys that is there.
    fn any(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().find_map(|key| self.get(key)).filter(|value| !matches!(value.kind, Kind::Nothing))
    }

    fn list(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    fn text(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// Why a text is no JSON, and where.
struct Broken {
    at: usize,
    why: &'static str,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    broken: Option<Broken>,
}

impl Parser<'_> {
    fn spaces(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    fn peek(&mut self) -> Option<u8> {
        self.spaces();
        self.text.as_bytes().get(self.at).copied()
    }

    fn stop(&mut self, why: &'static str) {
        if self.broken.is_none() {
            self.broken = Some(Broken { at: self.at, why });
        }
    }

    /// A value; what was read of one that is cut off is kept.
    fn value(&mut self, depth: usize) -> Option<Value> {
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            None => {
                self.stop("it ends too soon");
                return None;
            }
            Some(b'{' | b'[') if depth == DEPTH => {
                self.stop("it is nested too deep");
                return None;
            }
            Some(b'{') => Kind::Map(self.map(depth)),
            Some(b'[') => Kind::List(self.items(depth)),
            Some(b'"') => Kind::Text(self.string()?),
            Some(_) => self.word()?,
        };
        Some(Value { span: start..self.at, kind })
    }

    /// All of a text. Where it is one object after the other, as programs write logs, they are a list.
    fn values(&mut self) -> Option<Value> {
        let first = self.value(0)?;
        if self.broken.is_some() || self.peek().is_none() {
            return Some(first);
        }
        let from = first.span.start;
        let mut all = vec![first];
        while self.broken.is_none() && self.peek().is_some() {
            match self.peek() {
                Some(b'{') => all.extend(self.value(0)),
                _ => self.stop("something stands behind it"),
            }
        }
        if all.len() == 1 {
            return all.pop();
        }
        Some(Value { span: from..self.at, kind: Kind::List(all) })
    }

    fn map(&mut self, depth: usize) -> Vec<(String, Value)> {
        self.at += 1;
        let mut entries = Vec::new();
        while self.broken.is_none() {
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(b'"') => {
                    let Some(key) = self.string() else { break };
                    if self.peek() != Some(b':') {
                        self.stop("a key has no value");
                        break;
                    }
                    self.at += 1;
                    let Some(value) = self.value(depth + 1) else { break };
                    entries.push((key, value));
                }
                Some(_) => self.stop("this is no key"),
                None => self.stop("it ends too soon"),
            }
        }
        entries
    }

    fn items(&mut self, depth: usize) -> Vec<Value> {
        self.at += 1;
        let mut items = Vec::new();
        while self.broken.is_none() {
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => match self.value(depth + 1) {
                    Some(value) => items.push(value),
                    None => break,
                },
                None => self.stop("it ends too soon"),
            }
        }
        items
    }

    /// A number, or one of the names that JSON and Python have for values.
    fn word(&mut self) -> Option<Kind> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        let kind = match word {
            "true" | "True" => Kind::Yes,
            "null" | "None" | "false" | "False" | "NaN" | "nan" | "Infinity" | "-Infinity" | "-NaN"
            | "inf" | "-inf" => Kind::Nothing,
            _ if word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => match word.parse::<f64>() {
                Ok(number) if number.is_finite() => Kind::Number(number),
                Ok(_) => Kind::Nothing,
                Err(_) => {
                    self.stop("this is no number");
                    return None;
                }
            },
            _ => {
                self.stop("this is no value");
                return None;
            }
        };
        self.at += length;
        Some(kind)
    }

    fn string(&mut self) -> Option<String> {
        let bytes = self.text.as_bytes();
        let mut text = String::new();
        let mut from = self.at + 1;
        loop {
            let Some(end) = memchr::memchr2(b'"', b'\\', bytes.get(from..)?) else {
                self.stop("a text does not end");
                return None;
            };
            let end = from + end;
            text.push_str(&self.text[from..end]);
            if bytes[end] == b'"' {
                self.at = end + 1;
                return Some(text);
            }
            let (character, length) = escape(&self.text[end + 1..]);
            text.push(character);
            from = end + 1 + length;
        }
    }
}

/// The character that stands after a backslash, and how many bytes it takes.
fn escape(after: &str) -> (char, usize) {
    let Some(first) = after.chars().next() else { return ('\\', 0) };
    let plain = match first {
        'n' => '\n',
        't' => '\t',
        'r' => '\n',
        'b' | 'f' => ' ',
        'u' => return unicode_escape(after),
        other => other,
    };
    (plain, first.len_utf8())
}

fn unicode_escape(after: &str) -> (char, usize) {
    let unit = |text: Option<&str>| u32::from_str_radix(text?, 16).ok();
    let Some(high) = unit(after.get(1..5)) else { return ('u', 1) };
    if (0xd800..0xdc00).contains(&high)
        && after.get(5..7) == Some("\\u")
        && let Some(low) = unit(after.get(7..11)).filter(|low| (0xdc00..0xe000).contains(low))
    {
        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11);
    }
    (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 5)
}

/// Reads the cues of a JSON text that starts at `offset` of its source. `unread` counts those that
/// no one can read.
pub fn json_captions(text: &str, offset: usize, few: &mut Few, unread: &mut usize) -> Vec<Caption> {
    let mut parser = Parser { text, at: 0, broken: None };
    let root = parser.values();
    if let Some(Broken { at, why }) = parser.broken {
        let message = format!("this is no JSON any more: {why}; what stands before it is taken");
        few.warn("json-broken", &message, offset + at..offset + at, "write the file anew, or mend it here");
    }
    let Some(root) = root else { return Vec::new() };
    let mut captions = Vec::new();
    for segment in segments(&root) {
        match caption(segment, offset, few) {
            Some(caption) => captions.push(caption),
            None => {
                let span = offset + segment.span.start..offset + segment.span.end;
                *unread += 1;
                few.warn("stray-text", "this is no cue, and is left out", span, "give it a text");
            }
        }
    }
    if segments(&root).iter().all(|segment| has_whole_times(segment, text)) {
        from_millis(&mut captions, few);
    }
    if captions.is_empty()
        && let Some(whole) = root.get("text").and_then(Value::text)
    {
        // A recogniser that was asked for no times.
        let mut caption =
            Caption { span: offset + root.span.start..offset + root.span.end, ..Caption::default() };
        caption.set_text(&whole);
        captions.extend(Some(caption).filter(|caption| !caption.lines.is_empty()));
    }
    captions
}

/// Whether a segment has times under the names that services use, and in whole numbers.
fn has_whole_times(segment: &Value, text: &str) -> bool {
    let is_whole = |key: &str| segment.get(key).is_some_and(|time| !text[time.span.clone()].contains('.'));
    is_whole("start") && is_whole("end")
}

/// Nobody says so few characters in a second, in a talk.
const SLOWEST: f64 = 0.3;
/// Fewer seconds are no talk.
const SHORTEST: u64 = 200;

/// Takes whole seconds for milliseconds where otherwise nobody would say anything for hours.
fn from_millis(captions: &mut [Caption], few: &mut Few) {
    let times = || captions.iter().flat_map(|caption| [caption.start, caption.end]).flatten();
    let latest = times().max().map_or(0, |time| time.0 / 1000);
    let said: usize =
        captions.iter().flat_map(|caption| &caption.lines).map(|line| line.chars().count()).sum();
    if latest < SHORTEST || said as f64 > latest as f64 * SLOWEST || times().any(|time| time.0 % 1000 != 0) {
        return;
    }
    let span = captions.first().map_or(0..0, |caption| caption.span.clone());
    few.note(
        "loose-timing",
        "these times are read as milliseconds: as seconds, they would be hours apart",
        span,
    );
    for time in captions.iter_mut().flat_map(|caption| [&mut caption.start, &mut caption.end]).flatten() {
        time.0 /= 1000;
    }
}

/// The list of what is said.
fn segments(root: &Value) -> &[Value] {
    if let Some(items) = root.list() {
        return items;
    }
    let keys = [
        "segments",
        "cues",
        "transcription",
        "results",
        "transcript",
        "monologues",
        "utterances",
        "captions",
    ];
    let own = keys.iter().find_map(|key| root.get(key).and_then(Value::list));
    // Some services put all they found into one object.
    own.or_else(|| root.get("results").map(segments)).unwrap_or(&[])
}

fn caption(value: &Value, offset: usize, few: &mut Few) -> Option<Caption> {
    let span = offset + value.span.start..offset + value.span.end;
    let (start, end) = times(value, &span, few);
    let voice = value.any(&["speaker", "speaker_label", "speakerName", "speaker_name"]).and_then(Value::text);
    let voice = voice.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let mut caption = Caption { span, start, end, voice, ..Caption::default() };
    let said = value.any(&["body", "text", "transcript", "content"]);
    match said.map(|said| &said.kind) {
        Some(Kind::Map(texts)) => {
            // A text per language.
            for (tag, text) in texts {
                let Some(text) = text.text().map(|text| one_line(&text)).filter(|text| !text.is_empty())
                else {
                    continue;
                };
                caption.lines.push(text);
                caption.langs.extend(Lang::parse(tag));
            }
            caption.told_apart = true;
            caption.exact = true;
            caption.turn = value.get("turn").is_some_and(|turn| matches!(turn.kind, Kind::Yes));
        }
        Some(_) => caption.set_text(&said?.text()?),
        None => {
            caption.set_text(&words(value)?);
            let words = value.any(&["words", "elements"]).and_then(Value::list).unwrap_or_default();
            let (first, last) = (words.first(), words.iter().rev().find(|word| times_of(word).1.is_some()));
            caption.start = caption.start.or_else(|| times_of(first?).0);
            caption.end = caption.end.or_else(|| times_of(last?).1);
        }
    }
    Some(caption)
}

fn one_line(text: &str) -> String {
    let text = crate::text::without_controls(text);
    text.split(['\n', '\t']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text of a segment that has nothing but its words.
fn words(value: &Value) -> Option<String> {
    let words = value.any(&["words", "elements"])?.list()?;
    let texts = words.iter().filter_map(|word| word.any(&["word", "text", "value"])?.text());
    let texts: Vec<String> = texts.collect();
    let is_spaced = |text: &String| text.starts_with(' ') || text.ends_with(' ');
    let close = texts.iter().any(is_spaced) || texts.iter().any(|text| text.chars().any(is_cjk));
    Some(texts.join(if close { "" } else { " " }))
}

fn times(value: &Value, span: &Span, few: &mut Few) -> (Option<Millis>, Option<Millis>) {
    if let Some(offsets) = value.get("offsets") {
        // Of whisper.cpp, in milliseconds.
        let at = |key: &str| offsets.get(key).and_then(|value| millis(value, 1.0));
        return (at("from"), at("to"));
    }
    if let Some(clocks) = value.get("timestamps") {
        let at = |key: &str| clocks.get(key).and_then(|value| millis(value, 1000.0));
        return (at("from"), at("to"));
    }
    let mut at = |keys: &[&str]| {
        let value = value.any(keys)?;
        let time = millis(value, 1000.0);
        if time.is_none() {
            few.warn(
                "bad-timing",
                "this cue has a time that cannot be read",
                span.clone(),
                "write it in seconds",
            );
        }
        time
    };
    (at(&["startTime", "start", "start_time", "begin"]), at(&["endTime", "end", "end_time"]))
}

/// When a word begins and ends.
fn times_of(word: &Value) -> (Option<Millis>, Option<Millis>) {
    let at = |keys: &[&str]| word.any(keys).and_then(|time| millis(time, 1000.0));
    (at(&["start", "ts"]), at(&["end", "end_ts"]))
}

/// The latest time that is one, in milliseconds: a few hundred years.
const LATEST: f64 = 1e13;

/// A time as a number of `unit` milliseconds, or as a clock.
fn millis(value: &Value, unit: f64) -> Option<Millis> {
    match &value.kind {
        Kind::Number(number) => {
            let millis = (number * unit).round();
            (0.0..=LATEST).contains(&millis).then_some(Millis(millis as u64))
        }
        Kind::Text(text) => loose_time(text.trim()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::table::Findings;

    fn read(text: &str) -> (Vec<Caption>, Vec<String>) {
        let source = Source::new("a.json", text);
        let findings = Findings::default();
        let mut few = Few::new(&source, &findings);
        let captions = json_captions(text, 0, &mut few, &mut 0);
        few.finish();
        (captions, findings.into_inner().into_iter().map(|finding| finding.code.0.into_owned()).collect())
    }

    /// Start, end, label and text.
    type Short = (Option<u64>, Option<u64>, Option<String>, String);

    fn short(text: &str) -> Vec<Short> {
        let time = |time: Option<Millis>| time.map(|time| time.0);
        let (captions, codes) = read(text);
        assert_eq!(codes, [] as [&str; 0]);
        captions
            .into_iter()
            .map(|one| (time(one.start), time(one.end), one.voice, one.lines.join("/")))
            .collect()
    }

    #[test]
    fn segments_of_every_kind_are_read() {
        let own = |name: &str| Some(name.to_owned());
        assert_eq!(
            short(
                r#"{"version":"1.0.0","segments":[{"speaker":"A","startTime":0.5,"endTime":0.75,"body":"a"}]}"#
            ),
            [(Some(500), Some(750), own("A"), "a".into())]
        );
        assert_eq!(
            short(
                r#"{"text":" a","segments":[{"start":0.0,"end":NaN,"text":" a","speaker":"SPEAKER_00","words":[{"word":"a","score":NaN}]}],"language":"en"}"#
            ),
            [(Some(0), None, own("SPEAKER_00"), "a".into())]
        );
        assert_eq!(
            short(
                r#"{"transcription":[{"timestamps":{"from":"00:00:00,000","to":"00:00:03,300"},"offsets":{"from":0,"to":3300},"text":" a"}]}"#
            ),
            [(Some(0), Some(3300), None, "a".into())]
        );
        assert_eq!(
            short(
                r#"{"languages":["zh-Hans","en"],"cues":[{"id":"x","start":1,"speaker":"A","text":{"zh-Hans":"灯","en":"a\nlamp"}}]}"#
            ),
            [(Some(1000), None, own("A"), "灯/a lamp".into())]
        );
        assert_eq!(short(r#"[{"start":1,"end":2,"text":"\u4f60\ud83d\ude00\q"}]"#)[0].3, "你😀q");
    }

    #[test]
    fn what_services_write_is_read() {
        let own = |name: &str| Some(name.to_owned());
        let words = r#"{"results":{"utterances":[{"start":0.5,"end":1,"speaker":0,"words":[{"word":"One"},{"word":"lamp"}]}]}}"#;
        assert_eq!(short(words), [(Some(500), Some(1000), own("0"), "One lamp".into())]);
        let elements = r#"{"monologues":[{"speaker":1,"elements":[{"value":"灯","ts":2,"end_ts":2.5},{"value":"。"}]}]}"#;
        assert_eq!(short(elements), [(Some(2000), Some(2500), own("1"), "灯。".into())]);
    }

    #[test]
    fn whole_numbers_that_no_talk_takes_are_milliseconds() {
        let of = |end: &str| read(&format!(r#"[{{"start":250,"end":{end},"text":"One lamp and two"}}]"#));
        let (captions, codes) = of("260000");
        assert_eq!((captions[0].start, captions[0].end), (Some(Millis(250)), Some(Millis(260_000))));
        assert_eq!(codes, ["loose-timing"]);
        assert_eq!(of("260000.0").0[0].start, Some(Millis(250_000)));
    }

    #[test]
    fn a_file_that_is_cut_off_gives_what_it_has() {
        let (captions, codes) = read(r#"{"segments":[{"start":0,"end":1,"text":"a"},{"start":1,"end":2,"te"#);
        assert_eq!(captions[0].lines, ["a"]);
        assert_eq!(codes, ["json-broken", "stray-text"]);
    }

    #[test]
    fn objects_in_lines_are_a_list_and_what_stands_behind_is_told() {
        let (captions, codes) = read("{\"start\":0,\"text\":\"a\"}\n{\"start\":1,\"text\":\"b\"}\n");
        assert_eq!((captions.len(), codes.len()), (2, 0));
        let (captions, codes) = read(r#"[{"start":0,"text":"a"}] and more"#);
        assert_eq!((captions.len(), codes), (1, vec!["json-broken".to_owned()]));
    }

    #[test]
    fn impossible_times_and_depths_are_told() {
        let (captions, codes) = read(r#"{"segments":[{"start":-1,"end":1e300,"text":"a"}]}"#);
        assert_eq!((captions.len(), captions[0].start), (1, None));
        assert_eq!(codes, ["bad-timing", "bad-timing"]);
        let (captions, codes) = read(&"[".repeat(100_000));
        assert_eq!((captions.len(), codes.len()), (0, 2));
    }
}
