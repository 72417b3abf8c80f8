//! The values of a feed's elements: days, lengths, numbers, addresses, each as loosely as feeds
//! write them. Never asks the clock for what a value leaves out.

use crate::timestamp::{Date, Millis};

/// The day of `Fri, 09 Oct 2020 04:30:38 GMT` or `2020-10-09T04:30:38Z`, as it is where the
/// publisher is.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(date) = text.get(..10).and_then(|day| day.parse().ok()) {
        return Some(date);
    }
    let mut parts = text.split([' ', ',', '-', '\t']).filter(|part| !part.is_empty()).take(4).peekable();
    parts.next_if(|first| first.starts_with(|c: char| c.is_ascii_alphabetic()));
    let day = parts.next()?.parse().ok()?;
    let month = month(parts.next()?)?;
    let year = year(parts.next()?)?;
    Date::new(year, month, day).ok()
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = name.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == start).map(|index| index as i8 + 1)
}

/// A year of four digits, or of two as RFC 822 had it.
fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 => Some(year + if year < 70 { 2000 } else { 1900 }),
        _ => None,
    }
}

/// A length in seconds or as a clock shows it.
pub fn length(text: &str) -> Option<Millis> {
    let text = text.trim();
    let seconds = || {
        let whole = text.split('.').next().unwrap_or(text);
        let digits = !whole.is_empty() && whole.len() <= 7 && whole.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| whole.parse().ok().map(|seconds: u64| Millis(seconds * 1000))).flatten()
    };
    Millis::parse_clock(text).or_else(seconds)
}

/// A whole number, or the whole part of one.
pub fn number(text: &str) -> Option<u32> {
    text.trim().split('.').next()?.parse().ok()
}

/// An address on the web.
pub fn web_address(text: &str) -> Option<String> {
    crate::parse::html::safe_address(text, None).filter(|address| address.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_feeds_write_them() {
        let day_of = |text| day(text).map(|day| day.to_string());
        for text in [
            "Fri, 09 Oct 2020 04:30:38 GMT",
            "9 October 2020 04:30 +0800",
            "2020-10-09T23:30:38-07:00",
            "09 Oct 20",
        ] {
            assert_eq!(day_of(text).as_deref(), Some("2020-10-09"), "{text}");
        }
        for text in ["", "yesterday", "Fri, 32 Oct 2020", "09 Okt 20200", "二〇二〇年", "1 Jän 2020"] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_are_seconds_or_clocks() {
        assert_eq!(length("3723"), Some(Millis(3_723_000)));
        assert_eq!(length("62:03"), Some(Millis(3_723_000)));
        assert_eq!(length(" 1:02:03 "), Some(Millis(3_723_000)));
        assert_eq!((length("an hour"), length(""), length("99999999999")), (None, None, None));
    }
}
