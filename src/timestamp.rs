//! Times within a recording and days on a calendar. Never asks the clock.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A time within a recording, or a length of one, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Millis(pub u64);

/// A day, as `YYYY-MM-DD`.
pub use jiff::civil::Date;

impl Millis {
    /// Reads `mm:ss` or `hh:mm:ss`, with an optional fraction after `.` or `,`.
    pub fn parse_clock(text: &str) -> Option<Millis> {
        let (clock, fraction) = match text.split_once(['.', ',']) {
            Some((clock, fraction)) => (clock, Some(fraction)),
            None => (text, None),
        };
        let mut parts = clock.split(':');
        let mut seconds = digits(parts.next()?, 1..=5)?;
        let mut count = 1;
        for part in parts.by_ref().take(2) {
            seconds = seconds * 60 + digits(part, 1..=2).filter(|value| *value < 60)?;
            count += 1;
        }
        if count < 2 || parts.next().is_some() {
            return None;
        }
        let millis = match fraction {
            Some(fraction) => {
                let value = digits(fraction, 1..=9)?;
                value * 1000 / 10u64.pow(fraction.len() as u32)
            }
            None => 0,
        };
        Some(Millis(seconds * 1000 + millis))
    }

    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// An ISO 8601 duration, as schema.org takes it.
    pub fn iso_duration(self) -> String {
        let seconds = self.0 / 1000;
        format!("PT{}H{}M{}S", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// How the clock of one file differs from that of the recording: a time is multiplied by `scale`,
/// then `shift` is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retime {
    /// In milliseconds.
    pub shift: i64,
    pub scale: f64,
}

impl Default for Retime {
    fn default() -> Retime {
        Retime { shift: 0, scale: 1.0 }
    }
}

impl Retime {
    /// A hundred hours: no recording is that long.
    const FARTHEST: f64 = 360_000_000.0;

    /// Reads a shift: seconds or a clock, with a sign or without.
    pub fn parse_shift(text: &str) -> Option<i64> {
        let text = text.trim();
        let (sign, length) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(length) => (-1, length),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let millis = if length.contains(':') {
            Millis::parse_clock(length)?.0 as f64
        } else {
            let plain = length.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            (length.parse::<f64>().ok().filter(|_| plain)? * 1000.0).round()
        };
        (millis <= Self::FARTHEST).then_some(sign * millis as i64)
    }

    /// Reads a scale.
    pub fn parse_scale(text: &str) -> Option<f64> {
        text.trim().parse().ok().filter(|scale| (0.01..=100.0).contains(scale))
    }

    /// This, or what another place says where this says nothing.
    pub fn or(self, other: Option<Retime>) -> Retime {
        if self == Retime::default() { other.unwrap_or_default() } else { self }
    }

    /// A time by the clock of the recording; nothing where that would be before it starts.
    pub fn of(&self, time: Millis) -> Option<Millis> {
        if *self == Retime::default() {
            return Some(time);
        }
        let moved = (time.0 as f64 * self.scale).round() + self.shift as f64;
        (moved >= 0.0).then_some(Millis(moved as u64))
    }
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let fits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// As a reader writes it: `4:05`, `1:02:03`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let seconds = self.0 / 1000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(f, "{hours}:{minutes:02}:{seconds:02}")
        } else {
            write!(f, "{minutes}:{seconds:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_with_and_without_hours_and_fractions() {
        assert_eq!(Millis::parse_clock("00:31"), Some(Millis(31_000)));
        assert_eq!(Millis::parse_clock("00:27:10.07"), Some(Millis(1_630_070)));
        assert_eq!(Millis::parse_clock("1:02:03,5"), Some(Millis(3_723_500)));
        for bad in ["", "31", "1:2:3:4", "1:0:0:0:0:0:0:0:0:0:0:0:0:0:0", "00:61", "a:b", "1:-2", "١:٢٠"] {
            assert_eq!(Millis::parse_clock(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_shift_is_seconds_or_a_clock_and_a_scale_is_a_factor() {
        for (text, millis) in [("-2.4", -2400), ("+3", 3000), ("1:02.5", 62_500), ("-0:01", -1000), ("0", 0)]
        {
            assert_eq!(Retime::parse_shift(text), Some(millis), "{text}");
        }
        for bad in ["", "-", "a", "1e9", "--2", "999999999", "inf", "NaN", "1:99"] {
            assert_eq!(Retime::parse_shift(bad), None, "{bad}");
        }
        assert_eq!(Retime::parse_scale("1.001"), Some(1.001));
        for bad in ["0", "-1", "300", "NaN", "x"] {
            assert_eq!(Retime::parse_scale(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_time_is_scaled_then_shifted() {
        let retime = Retime { shift: -1000, scale: 1.5 };
        assert_eq!(retime.of(Millis(2000)), Some(Millis(2000)));
        assert_eq!(retime.of(Millis(600)), None);
        assert_eq!(Retime::default().of(Millis(u64::MAX)), Some(Millis(u64::MAX)));
    }

    #[test]
    fn a_time_shows_as_a_reader_writes_it() {
        assert_eq!(Millis(245_000).to_string(), "4:05");
        assert_eq!(Millis(3_723_000).to_string(), "1:02:03");
        assert_eq!(Millis(3_723_000).iso_duration(), "PT1H2M3S");
    }
}
