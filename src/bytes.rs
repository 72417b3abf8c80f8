//! Which kinds of bytes a text has, told many bytes at a time: as wide as the processor can. Never
//! decides what follows from them.

/// How many bytes are looked at in one step.
const STEP: usize = 32;

/// Makes a function of a kernel, compiled once more for processors with AVX2 and run so on them.
/// The kernel is inlined, and both forms give the same.
macro_rules! wide {
    ($(#[$about:meta])* $visibility:vis fn $name:ident = $kernel:ident($($argument:ident: $type:ty),*) -> $result:ty;) => {
        $(#[$about])*
        $visibility fn $name($($argument: $type),*) -> $result {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn with_avx2($($argument: $type),*) -> $result {
                    $kernel($($argument),*)
                }
                if std::is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has just been asked for the one feature that is needed.
                    return unsafe { with_avx2($($argument),*) };
                }
            }
            $kernel($($argument),*)
        }
    };
}
pub(crate) use wide;

/// The kinds of bytes that a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

const WIDE: u8 = 0x80;
const SMALL: u8 = 1;
const LARGE: u8 = 2;
const HTML: u8 = 4;
const MARKDOWN: u8 = 8;

impl Kinds {
    pub fn of(text: &str) -> Kinds {
        Kinds(kinds(text.as_bytes()))
    }

    pub fn is_ascii(self) -> bool {
        self.0 & WIDE == 0
    }

    /// Whether it has letters of ASCII.
    pub fn has_letters(self) -> bool {
        self.0 & (SMALL | LARGE) != 0
    }

    /// Whether it has small letters of ASCII.
    pub fn has_small(self) -> bool {
        self.0 & SMALL != 0
    }

    /// Whether it has what means something in HTML: `&`, `<`, `"`.
    pub fn means_in_html(self) -> bool {
        self.0 & HTML != 0
    }

    /// Whether it may have what means something within a line of Markdown, or is the end of one.
    pub fn may_mean_in_markdown(self) -> bool {
        self.0 & MARKDOWN != 0
    }
}

wide! {
    fn kinds = kinds_of(text: &[u8]) -> u8;
}

#[inline(always)]
fn kinds_of(text: &[u8]) -> u8 {
    let mut found = [0; STEP];
    let mut look = |step: &[u8; STEP]| {
        for (found, byte) in found.iter_mut().zip(step) {
            *found |= kind(*byte);
        }
    };
    let (steps, rest) = text.as_chunks();
    steps.iter().for_each(&mut look);
    match text.last_chunk() {
        _ if rest.is_empty() => {}
        // All steps are of one length: the last looks at some bytes twice.
        Some(last) => look(last),
        None => {
            let mut filled = [b' '; STEP];
            filled[..rest.len()].copy_from_slice(rest);
            look(&filled);
        }
    }
    found.iter().fold(0, |all, one| all | one)
}

/// Without a branch.
#[inline(always)]
fn kind(byte: u8) -> u8 {
    let if_so = |is: bool, kind: u8| u8::from(is).wrapping_neg() & kind;
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let case = if_so(byte & 0x20 != 0, SMALL) | if_so(byte & 0x20 == 0, LARGE);
    let in_both = (byte == b'&') | (byte == b'<');
    // From `[` to the backtick; `^` is taken in with them.
    let is_mark = byte.wrapping_sub(b'[') < 6;
    let in_markdown = in_both | is_mark | (byte == b'*') | (byte == b'\n') | (byte == b'\r');
    (byte & WIDE)
        | (if_so(is_letter, SMALL | LARGE) & case)
        | if_so(in_both | (byte == b'"'), HTML)
        | if_so(in_markdown, MARKDOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_byte_is_found_wherever_it_stands() {
        for byte in (0..=0x7f_u8).chain([0xe4]) {
            let character = if byte < 0x80 { char::from(byte).to_string() } else { "丁".to_owned() };
            for length in [0, 1, 15, 31, 32, 33, 63, 64, 70] {
                for at in 0..=length {
                    let text = format!("{}{character}{}", " ".repeat(at), " ".repeat(length - at));
                    let kinds = Kinds::of(&text);
                    assert_eq!(kinds.is_ascii(), byte < 0x80, "{text:?}");
                    assert_eq!(kinds.has_letters(), byte.is_ascii_alphabetic(), "{text:?}");
                    assert_eq!(kinds.has_small(), byte.is_ascii_lowercase(), "{text:?}");
                    assert_eq!(kinds.means_in_html(), b"&<\"".contains(&byte), "{text:?}");
                    assert_eq!(kinds.may_mean_in_markdown(), b"\\`*_[]<&\n\r^".contains(&byte), "{text:?}");
                    assert_eq!(kinds_of(text.as_bytes()), kinds.0, "as without AVX2: {text:?}");
                }
            }
        }
        assert_eq!(Kinds::of(""), Kinds::default());
    }
}
