//! JSON as recognisers write it: with `NaN` in it, cut off, one object after the other. Each value
//! knows where it stands. Never nests deeper than a transcript does, and keeps what it has read.

use crate::source::Span;

/// How deep lists and objects may lie in each other.
const DEPTH: usize = 32;

/// A value with the place where it stands.
#[derive(Debug)]
pub struct Value {
    pub span: Span,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    /// Null, true and false, and numbers that are none.
    Nothing,
    Yes,
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    pub fn get(&self, key: &str) -> Option<&Value> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|(own, _)| own == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value of the first of several keys that is there.
    pub fn any(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().find_map(|key| self.get(key)).filter(|value| !matches!(value.kind, Kind::Nothing))
    }

    pub fn list(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// Why a text is no JSON, and where.
pub struct Broken {
    pub at: usize,
    pub why: &'static str,
}

pub struct Parser<'t> {
    text: &'t str,
    at: usize,
    pub broken: Option<Broken>,
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Parser<'t> {
        Parser { text, at: 0, broken: None }
    }

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
    pub fn values(&mut self) -> Option<Value> {
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
