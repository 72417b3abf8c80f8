//! Which part of a file a request asks for. Never gives more than one part: who asks for several
//! gets the whole.

/// A part of a file, from its first byte to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub first: u64,
    pub last: u64,
}

impl Part {
    pub fn len(self) -> u64 {
        self.last - self.first + 1
    }
}

/// What a `Range` header asks of a file of `len` bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    Whole,
    Part(Part),
    /// Nothing that the file has.
    Beyond,
}

/// Reads a `Range` header; one that is not understood asks for the whole (RFC 9110, 14.2).
pub fn asked(header: &str, len: u64) -> Asked {
    let Some(range) = header.trim().strip_prefix("bytes=") else { return Asked::Whole };
    let Some((first, last)) = range.trim().split_once('-') else { return Asked::Whole };
    let number = |text: &str| {
        let digits = text.trim();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // More than fits is more than any file has.
        is_number.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let (first, last) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last),
        (Some(first), None) if last.trim().is_empty() => (first, u64::MAX),
        (None, Some(0)) if first.trim().is_empty() => return Asked::Beyond,
        (None, Some(tail)) if first.trim().is_empty() => (len.saturating_sub(tail), u64::MAX),
        _ => return Asked::Whole,
    };
    if first >= len {
        return Asked::Beyond;
    }
    Asked::Part(Part { first, last: last.min(len - 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_get_the_part_they_ask_for() {
        let part = |first, last| Asked::Part(Part { first, last });
        for (header, wanted) in [
            ("bytes=0-99", part(0, 99)),
            ("bytes=0-", part(0, 999)),
            ("bytes=990-2000", part(990, 999)),
            ("bytes=-10", part(990, 999)),
            ("bytes=-5000", part(0, 999)),
            ("bytes=999-999", part(999, 999)),
            ("bytes=0-99999999999999999999999", part(0, 999)),
            ("bytes=1000-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-1,4-5", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("lines=0-1", Asked::Whole),
        ] {
            assert_eq!(asked(header, 1000), wanted, "{header}");
        }
        assert_eq!(asked("bytes=0-", 0), Asked::Beyond);
    }
}
