//! What speaker labels look like, in every convention.

/// The length of the longest word, what may join it to its number, and three digits; in bytes.
const MAX_GENERIC: usize = 20;

/// Whether `text` is a label that a recogniser gives: `Speaker 0`, `SPEAKER_00`, `说话人 1`.
pub fn is_generic_label(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "Speaker",
        "SPEAKER",
        "speaker",
        "说话人",
        "發言人",
        "发言人",
        "讲者",
        "講者",
        "話者",
        "Sprecher",
        "Locuteur",
    ];
    // Asked of every line of a page: most are too long to be a label, or begin and end otherwise.
    let ends_as_one =
        text.bytes().last().is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if text.len() > MAX_GENERIC || !ends_as_one {
        return false;
    }
    let Some(rest) = WORDS.iter().find_map(|word| text.strip_prefix(word)) else {
        return false;
    };
    let number = rest.trim_start_matches([' ', '_', '-']);
    let digits = !number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    let letter =
        rest.starts_with(' ') && number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_uppercase());
    digits || letter
}

/// Speaker labels that the author has listed.
pub struct KnownLabels<'k> {
    /// In order.
    names: Vec<&'k str>,
    longest: usize,
}

impl<'k> KnownLabels<'k> {
    pub fn new(names: &[&'k str]) -> KnownLabels<'k> {
        let longest = names.iter().map(|name| name.len()).max().unwrap_or(0);
        let mut names = names.to_vec();
        names.sort_unstable();
        KnownLabels { names, longest }
    }

    /// The length of the longest label, of those that recognisers give and the author's; in bytes.
    pub fn longest(&self) -> usize {
        self.longest.max(MAX_GENERIC)
    }

    /// Whether a text is one of them. Asked of every line of a transcript.
    pub fn contains(&self, text: &str) -> bool {
        text.len() <= self.longest && self.names.binary_search(&text).is_ok()
    }
}

/// The label of a line that nobody is known to say, after lines of someone.
pub const NOBODY: &str = "—";

/// Words that stand where a label does and mark a break in the recording, in lower case.
const BREAKS: &[&str] = &[
    "break",
    "jingle",
    "outro",
    "intro",
    "music",
    "ad",
    "ads",
    "advertisement",
    "sponsor",
    "sponsors",
    "theme music",
    "theme song",
    "commercial",
    "silence",
    "applause",
    "片头",
    "片尾",
    "广告",
    "廣告",
    "音乐",
    "音樂",
    "间奏",
    "片花",
];

/// Whether a label marks a break rather than names a speaker.
pub fn is_break(label: &str) -> bool {
    BREAKS.contains(&label.to_lowercase().as_str())
}

/// Whether `text` could name a speaker where no markup says so: short, no sentence, few words.
pub fn looks_like_name(text: &str) -> bool {
    let length = text.chars().count();
    if length == 0 || length > 40 || text.split_whitespace().count() > 5 {
        return false;
    }
    let first = text.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    let calm = !text.contains([
        '。', '?', '!', '？', '！', ',', '，', ';', '；', '"', '“', '/', '<', '>', '[', ']', '{', '}', '=',
    ]);
    first && calm && !text.ends_with('.') | text.ends_with("Jr.") && !text.contains("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_recognisers_are_known() {
        for label in ["Speaker 0", "SPEAKER_07", "说话人 1", "说话人1", "Speaker A"] {
            assert!(is_generic_label(label), "{label}");
        }
        for text in ["Speaker", "Speaker of the House", "Speaker 0 said", "Speakers 1"] {
            assert!(!is_generic_label(text), "{text}");
        }
    }

    #[test]
    fn breaks_are_not_names() {
        assert!(is_break("Break") && is_break("Outro") && is_break("广告"));
        assert!(!is_break("Jerod Santo"));
        assert!(looks_like_name("Shaun Apps (SA)") && looks_like_name("林岳"));
        assert!(!looks_like_name("So the question is, really"));
    }
}
