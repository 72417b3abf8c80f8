//! Character references of HTML, which WebVTT shares. Never yields a character that no page holds.

use markup5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name of the table, in bytes.
const LONGEST: usize = 33;

/// Reads the reference that stands after a `&`: what it stands for, and how many bytes it takes.
pub fn reference(after: &str) -> Option<(String, usize)> {
    match after.strip_prefix('#') {
        Some(number) => numeric(number).map(|(character, length)| (character.to_string(), length + 1)),
        None => named(after),
    }
}

fn numeric(number: &str) -> Option<(char, usize)> {
    let (digits, radix, mark) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (number, 10, 0),
    };
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((character(code), mark + length + semicolon))
}

fn character(code: u32) -> char {
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => C1_REPLACEMENTS[(code - 0x80) as usize].unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// The longest name that the text begins with.
fn named(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let most = bytes.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let most = most + usize::from(bytes.get(most) == Some(&b';'));
    (1..=most).rev().find_map(|length| {
        let (first, second) = *NAMED_ENTITIES.get(&text[..length]).filter(|(first, _)| *first != 0)?;
        let characters = [first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32);
        Some((characters.collect(), length))
    })
}

/// A text with its references replaced.
pub fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((characters, length)) => {
                decoded.push_str(&characters);
                rest = &rest[length..];
            }
            None => decoded.push('&'),
        }
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_by_name_and_number_with_or_without_their_end() {
        for (text, expected) in [
            ("a &amp; b &lt;c&gt;", "a & b <c>"),
            ("&notit; &notin;", "¬it; ∉"),
            ("&#20320;&#x597d; &#x80;", "你好 €"),
            ("& &; &# &#x; &unknown;", "& &; &# &#x; &unknown;"),
            ("&#0;&#xffffffffffff;", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(decoded(text), expected);
        }
    }
}
