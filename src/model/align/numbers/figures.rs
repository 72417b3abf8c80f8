//! Numbers in figures. Never looks at words.

/// Figures that a text begins with, marks between thousands and before fractions among them; with
/// `is_comma_plain` a comma stands between thousands alone.
pub fn figures(text: &str, is_comma_plain: bool) -> Option<(f64, usize)> {
    let mut plain = String::new();
    let mut length = 0;
    let digit = |text: &str| {
        let first = text.chars().next()?;
        let value = match first {
            '0'..='9' => first,
            '０'..='９' => char::from(b'0' + (first as u32 - '０' as u32) as u8),
            _ => return None,
        };
        Some((value, first.len_utf8()))
    };
    let run = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut fraction = false;
    while let Some((value, size)) = digit(&text[length..]) {
        plain.push(value);
        length += size;
        if plain.len() > 15 {
            return None;
        }
        let rest = &text[length..];
        let Some(mark) = rest.chars().next().filter(|c| matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}'))
        else {
            continue;
        };
        if fraction {
            continue;
        }
        let after = run(&rest[mark.len_utf8()..]);
        match (mark, after) {
            (',' | '\u{a0}' | '\u{202f}', 3) => length += mark.len_utf8(),
            (',', _) if is_comma_plain => {}
            (',' | '.', 1..=6) => {
                plain.push('.');
                fraction = true;
                length += mark.len_utf8();
            }
            _ => {}
        }
    }
    Some((plain.parse().ok()?, length))
}
