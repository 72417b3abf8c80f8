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

/// A time of a clock that goes wrong: `scale` times as fast, and then `shift` milliseconds later.
/// None is before the start.
pub fn retime(time: Millis, shift: i64, scale: f64) -> Millis {
    let scaled = if scale == 1.0 { time.0 } else { (time.0 as f64 * scale).round() as u64 };
    Millis(scaled.saturating_add_signed(shift))
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
    fn a_clock_is_set_right_and_never_before_the_start() {
        assert_eq!(retime(Millis(10_000), -2_400, 1.0), Millis(7_600));
        assert_eq!(retime(Millis(10_000), 500, 1.001), Millis(10_510));
        assert_eq!(retime(Millis(1_000), -2_400, 1.0), Millis(0));
        assert_eq!(retime(Millis(u64::MAX), i64::MAX, 100.0), Millis(u64::MAX));
    }

    #[test]
    fn a_time_shows_as_a_reader_writes_it() {
        assert_eq!(Millis(245_000).to_string(), "4:05");
        assert_eq!(Millis(3_723_000).to_string(), "1:02:03");
        assert_eq!(Millis(3_723_000).iso_duration(), "PT1H2M3S");
    }
}
