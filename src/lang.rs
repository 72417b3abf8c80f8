//! Languages and scripts: BCP 47 tags, which script a language is written in, which language a
//! line is in. Never reads configuration; no language is special here, they are rows of a table.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_script::{Script, UnicodeScript};

use crate::bytes::{Kinds, wide};

/// A language by its BCP 47 tag in canonical case (`zh-Hans`, `en`, `pt-BR`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Lang(Arc<str>);

impl<'de> Deserialize<'de> for Lang {
    /// Texts of an archive are in few languages: each thread keeps one of each.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lang, D::Error> {
        thread_local! {
            static KNOWN: RefCell<Vec<Lang>> = const { RefCell::new(Vec::new()) };
        }
        let tag = <&str>::deserialize(deserializer)?;
        KNOWN.with_borrow_mut(|known| match known.iter().find(|lang| lang.as_str() == tag) {
            Some(lang) => Ok(lang.clone()),
            None => {
                let lang = Lang(tag.into());
                known.push(lang.clone());
                Ok(lang)
            }
        })
    }
}

/// Writing direction of a language, as HTML's `dir` attribute names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ltr,
    Rtl,
}

/// Languages whose usual script is not Latin, and the name each gives itself.
/// A language that is not listed is taken to be written in Latin script.
const LANGUAGES: &[(&str, Script, &str)] = &[
    ("zh-Hans", Script::Han, "简体中文"),
    ("zh-Hant", Script::Han, "繁體中文"),
    ("zh", Script::Han, "中文"),
    ("yue", Script::Han, "粵語"),
    ("ja", Script::Hiragana, "日本語"),
    ("ko", Script::Hangul, "한국어"),
    ("ru", Script::Cyrillic, "Русский"),
    ("uk", Script::Cyrillic, "Українська"),
    ("bg", Script::Cyrillic, "Български"),
    ("sr", Script::Cyrillic, "Српски"),
    ("mk", Script::Cyrillic, "Македонски"),
    ("be", Script::Cyrillic, "Беларуская"),
    ("kk", Script::Cyrillic, "Қазақша"),
    ("mn", Script::Cyrillic, "Монгол"),
    ("el", Script::Greek, "Ελληνικά"),
    ("ar", Script::Arabic, "العربية"),
    ("fa", Script::Arabic, "فارسی"),
    ("ur", Script::Arabic, "اردو"),
    ("ug", Script::Arabic, "ئۇيغۇرچە"),
    ("he", Script::Hebrew, "עברית"),
    ("yi", Script::Hebrew, "ייִדיש"),
    ("hi", Script::Devanagari, "हिन्दी"),
    ("mr", Script::Devanagari, "मराठी"),
    ("ne", Script::Devanagari, "नेपाली"),
    ("bn", Script::Bengali, "বাংলা"),
    ("ta", Script::Tamil, "தமிழ்"),
    ("te", Script::Telugu, "తెలుగు"),
    ("kn", Script::Kannada, "ಕನ್ನಡ"),
    ("ml", Script::Malayalam, "മലയാളം"),
    ("gu", Script::Gujarati, "ગુજરાતી"),
    ("pa", Script::Gurmukhi, "ਪੰਜਾਬੀ"),
    ("si", Script::Sinhala, "සිංහල"),
    ("th", Script::Thai, "ไทย"),
    ("lo", Script::Lao, "ລາວ"),
    ("km", Script::Khmer, "ខ្មែរ"),
    ("my", Script::Myanmar, "မြန်မာ"),
    ("bo", Script::Tibetan, "བོད་སྐད"),
    ("ka", Script::Georgian, "ქართული"),
    ("hy", Script::Armenian, "Հայերեն"),
    ("am", Script::Ethiopic, "አማርኛ"),
    ("en", Script::Latin, "English"),
    ("fr", Script::Latin, "Français"),
    ("de", Script::Latin, "Deutsch"),
    ("es", Script::Latin, "Español"),
    ("pt", Script::Latin, "Português"),
    ("it", Script::Latin, "Italiano"),
    ("nl", Script::Latin, "Nederlands"),
    ("sv", Script::Latin, "Svenska"),
    ("da", Script::Latin, "Dansk"),
    ("nb", Script::Latin, "Norsk bokmål"),
    ("fi", Script::Latin, "Suomi"),
    ("pl", Script::Latin, "Polski"),
    ("cs", Script::Latin, "Čeština"),
    ("hu", Script::Latin, "Magyar"),
    ("ro", Script::Latin, "Română"),
    ("tr", Script::Latin, "Türkçe"),
    ("vi", Script::Latin, "Tiếng Việt"),
    ("id", Script::Latin, "Bahasa Indonesia"),
];

/// How those who learn a language are shown how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Syllables in Latin letters, one per Han character.
    Pinyin,
}

/// The languages that have one.
const READINGS: &[(&str, Reading)] = &[("zh", Reading::Pinyin)];

/// The language a text in Latin script is said to be in when the detector cannot tell.
const LATIN_FALLBACK: &str = "en";

impl Lang {
    /// Reads a BCP 47 tag and puts it into canonical case; the error is a sentence.
    pub fn parse(tag: &str) -> Result<Lang, String> {
        oxilangtag::LanguageTag::parse_and_normalize(tag)
            .map(|tag| Lang(tag.as_str().into()))
            .map_err(|error| format!("`{tag}` is not a BCP 47 language tag ({error})"))
    }

    fn known(tag: &str) -> Lang {
        Lang(tag.into())
    }

    /// The language that a part of a file's name stands for: a tag whose language is listed here,
    /// or one that says a script or a region too. `zh_CN` is written so by many.
    pub fn of_name(tag: &str) -> Option<Lang> {
        let lang = Lang::parse(&tag.replace('_', "-")).ok()?;
        let mut parts = lang.0.split('-');
        let primary = parts.next().unwrap_or_default();
        let is_script = |part: &str| {
            matches!(part, "Hans" | "Hant" | "Jpan" | "Kore") || Script::from_short_name(part).is_some()
        };
        let is_region = |part: &str| {
            let all = |is: fn(&u8) -> bool| part.as_bytes().iter().all(is);
            part.len() == 2 && all(u8::is_ascii_uppercase) || part.len() == 3 && all(u8::is_ascii_digit)
        };
        let is_listed = LANGUAGES.iter().any(|row| row.0.split('-').next() == Some(primary));
        let next = parts.next();
        let tells = match next {
            None => is_listed,
            Some(part) => matches!(primary.len(), 2 | 3) && (is_script(part) || is_region(part)),
        };
        tells.then_some(lang)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone, without script and region: `zh`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    fn row(&self) -> Option<&'static (&'static str, Script, &'static str)> {
        // Asked for every text of a page: one byte tells most rows apart.
        let find = |tag: &str| {
            LANGUAGES.iter().find(|row| row.0.bytes().next() == tag.bytes().next() && row.0 == tag)
        };
        find(&self.0).or_else(|| find(self.primary()))
    }

    /// The script its texts are told by: an explicit script subtag first, the usual one otherwise.
    pub fn script(&self) -> Script {
        let explicit = self.0.split('-').skip(1).find(|part| part.len() == 4);
        match explicit {
            Some("Hans" | "Hant") => Script::Han,
            Some("Jpan") => Script::Hiragana,
            Some("Kore") => Script::Hangul,
            Some(name) => Script::from_short_name(name).unwrap_or(Script::Latin),
            None => self.row().map_or(Script::Latin, |row| row.1),
        }
    }

    pub fn direction(&self) -> Direction {
        match self.script() {
            Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana => Direction::Rtl,
            _ => Direction::Ltr,
        }
    }

    /// The language's name in itself; the tag where the table does not know it.
    pub fn name(&self) -> &str {
        self.row().map_or(&self.0, |row| row.2)
    }

    pub fn reading(&self) -> Option<Reading> {
        READINGS.iter().find(|row| row.0 == self.primary()).map(|row| row.1)
    }

    /// Whether words are written without spaces between them, so that length and reading time
    /// are counted in characters.
    pub fn counts_characters(&self) -> bool {
        matches!(
            self.script(),
            Script::Han | Script::Hiragana | Script::Thai | Script::Lao | Script::Khmer | Script::Myanmar
        )
    }
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Ltr => "ltr",
            Direction::Rtl => "rtl",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Lang({})", self.0)
    }
}

/// The script that tells a line's language: the most frequent one that is not Latin, since names
/// and terms in Latin letters stand in lines of every language; Latin where there is no other;
/// nothing where the line has no letters.
pub fn telling_script(text: &str) -> Option<Script> {
    telling_script_by(text, Kinds::of(text))
}

/// The same for a text whose kinds of bytes are known.
pub fn telling_script_by(text: &str, kinds: Kinds) -> Option<Script> {
    if kinds.is_ascii() {
        return kinds.has_letters().then_some(Script::Latin);
    }
    if !kinds.has_small() && is_plain_han(text.as_bytes()) {
        return Some(Script::Han);
    }
    script_of_most(text)
}

fn script_of_most(text: &str) -> Option<Script> {
    let Letters { han, others, latin, latin_words } = letters(text);
    // Kana are what tells Japanese from Chinese, so a few of them outweigh many Han characters.
    if others.iter().any(|(script, _)| *script == Script::Hiragana) {
        return Some(Script::Hiragana);
    }
    let most = han.into_iter().chain(others).max_by_key(|(_, count)| *count);
    match most {
        // A sentence of small Latin words that quotes a few characters of another script.
        Some((_, count)) if latin_words >= 4 && latin_words > 2 * count => Some(Script::Latin),
        Some((script, _)) => Some(script),
        None => latin.then_some(Script::Latin),
    }
}

#[inline(always)]
fn plain_han(text: &[u8]) -> bool {
    /// How many bytes are looked at in one step, and those with the rest of a last character.
    const STEP: usize = 32;
    const WINDOW: usize = STEP + 2;
    let (mut han, mut other) = ([0; STEP], [0; STEP]);
    let mut look = |window: &[u8; WINDOW]| {
        for at in 0..STEP {
            other[at] |= u8::from(is_beside_han(window[at], window[at + 1], window[at + 2]));
            han[at] |= u8::from(is_han_start(window[at]));
        }
    };
    let mut rest = text;
    while let Some(window) = rest.first_chunk() {
        look(window);
        rest = &rest[STEP..];
    }
    let mut filled = [0; WINDOW];
    filled[..rest.len()].copy_from_slice(rest);
    look(&filled);
    if rest.len() > STEP {
        let mut end = [0; WINDOW];
        end[..2].copy_from_slice(&filled[STEP..]);
        look(&end);
    }
    other.iter().all(|one| *one == 0) && han.iter().any(|one| *one != 0)
}

wide! {
    /// Whether a text is Han as most of it is: with the usual punctuation, digits and large Latin letters
    /// at most. Looked at without a branch per character; where it says no, letters are counted.
    fn is_plain_han = plain_han(text: &[u8]) -> bool;
}

/// U+4000 to U+9FFF begin so; all are Han but for the hexagrams.
#[inline(always)]
const fn is_han_start(byte: u8) -> bool {
    byte.wrapping_sub(0xe4) <= 0xe9 - 0xe4
}

/// Whether a character begins here that plain Han text has not. It may have U+2000–203F, U+3000–3020
/// and U+FF00–FF20.
#[inline(always)]
const fn is_beside_han(first: u8, second: u8, third: u8) -> bool {
    let is_wide = ((first == 0xe3) & (second == 0x80)) | ((first == 0xef) & (second == 0xbc));
    let is_mark = (is_wide & (third <= 0xa0)) | ((first == 0xe2) & (second == 0x80));
    let is_hexagram = (first == 0xe4) & (second == 0xb7);
    first.is_ascii_lowercase() | ((first >= 0xc0) & !(is_han_start(first) | is_mark)) | is_hexagram
}

/// The letters of a text by script.
struct Letters {
    han: Option<(Script, u32)>,
    /// Scripts that are neither Latin nor Han.
    others: Vec<(Script, u32)>,
    latin: bool,
    /// Words that begin with a small Latin letter.
    latin_words: u32,
}

fn letters(text: &str) -> Letters {
    let mut found = Letters { han: None, others: Vec::new(), latin: false, latin_words: 0 };
    let mut han = 0;
    let mut in_word = false;
    let mut rest = text.as_bytes();
    loop {
        // U+5000 to U+9FFF: most of what is not ASCII.
        let mut run = 0;
        while let Some(0xe5..=0xe9) = rest.get(run) {
            run += 3;
        }
        han += (run / 3) as u32;
        in_word &= run == 0;
        rest = &rest[run..];
        match rest {
            // U+4000 to U+4FFF, but for the hexagrams.
            [0xe4, second, _, after @ ..] if *second != 0xb7 => {
                han += 1;
                in_word = false;
                rest = after;
            }
            [byte, after @ ..] if *byte < 0x80 => {
                let is_letter = byte.is_ascii_alphabetic();
                found.latin |= is_letter;
                found.latin_words += u32::from(!in_word && byte.is_ascii_lowercase());
                in_word = is_letter || (in_word && matches!(byte, b'\'' | b'-'));
                rest = after;
            }
            // The usual punctuation of Han text.
            [0xe3 | 0xef, _, _, after @ ..] if is_wide_punctuation(rest) => {
                in_word = false;
                rest = after;
            }
            [] => break,
            _ => {
                let at = text.len() - rest.len();
                let character = text[at..].chars().next().expect("the text goes on");
                rest = &rest[character.len_utf8()..];
                let script = script_of(character);
                let starts_word = script == Script::Latin && !in_word && character.is_lowercase();
                found.latin_words += u32::from(starts_word);
                in_word = script == Script::Latin || (in_word && character == '’');
                match script {
                    Script::Common | Script::Inherited | Script::Unknown => {}
                    Script::Latin => found.latin = true,
                    Script::Han => han += 1,
                    script => found.count(script),
                }
            }
        }
    }
    found.han = (han > 0).then_some((Script::Han, han));
    found
}

/// Whether a text begins with U+3000–3004, U+3008–3020 or U+FF01–FF20.
fn is_wide_punctuation(text: &[u8]) -> bool {
    matches!(text, [0xe3, 0x80, 0x80..=0x84 | 0x88..=0xa0, ..] | [0xef, 0xbc, 0x81..=0xa0, ..])
}

impl Letters {
    fn count(&mut self, script: Script) {
        match self.others.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => self.others.push((script, 1)),
        }
    }
}

fn script_of(character: char) -> Script {
    match character {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '\0'..='\u{7f}' => Script::Common,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => Script::Han,
        '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => Script::Common,
        '\u{ff01}'..='\u{ff20}' => Script::Common,
        '\u{30a0}'..='\u{30ff}' if character != '・' && character != 'ー' => Script::Hiragana,
        _ => character.script(),
    }
}

/// The language of `langs` that is written in `script`, if there is exactly one.
pub fn only_lang_in(langs: &[Lang], script: Script) -> Option<usize> {
    let mut found = langs.iter().enumerate().filter(|(_, lang)| lang.script() == script);
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    }
}

/// The language of a longer text that is written in `script`.
pub fn detect(text: &str, script: Script) -> Lang {
    match script {
        Script::Han => Lang::known(han_variant(text)),
        Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari => by_detector(text, script),
        _ => LANGUAGES
            .iter()
            .find(|row| row.1 == script)
            .map_or_else(|| Lang::known("und"), |row| Lang::known(row.0)),
    }
}

/// Which of two or more languages in one script a text is in, by the detector.
pub fn detect_among(text: &str, langs: &[Lang]) -> Option<usize> {
    let allowed: Vec<whatlang::Lang> = langs.iter().filter_map(detector_lang).collect();
    let found = whatlang::Detector::with_allowlist(allowed).detect_lang(text)?;
    langs.iter().position(|lang| detector_lang(lang) == Some(found))
}

fn by_detector(text: &str, script: Script) -> Lang {
    let usual = || match script {
        Script::Latin => LATIN_FALLBACK,
        _ => LANGUAGES.iter().find(|row| row.1 == script).map_or("und", |row| row.0),
    };
    let found = whatlang::detect(text).filter(|info| info.is_reliable());
    let tag = found
        .and_then(|info| {
            LANGUAGES
                .iter()
                .find(|row| row.1 == script && detector_lang(&Lang::known(row.0)) == Some(info.lang()))
        })
        .map_or_else(usual, |row| row.0);
    Lang::known(tag)
}

/// The detector names languages by ISO 639-3; the table above by BCP 47.
fn detector_lang(lang: &Lang) -> Option<whatlang::Lang> {
    use whatlang::Lang::*;
    Some(match lang.as_str().split('-').next()? {
        "en" => Eng,
        "fr" => Fra,
        "de" => Deu,
        "es" => Spa,
        "pt" => Por,
        "it" => Ita,
        "nl" => Nld,
        "sv" => Swe,
        "da" => Dan,
        "nb" | "no" => Nob,
        "fi" => Fin,
        "pl" => Pol,
        "cs" => Ces,
        "hu" => Hun,
        "ro" => Ron,
        "tr" => Tur,
        "vi" => Vie,
        "id" => Ind,
        "ru" => Rus,
        "uk" => Ukr,
        "bg" => Bul,
        "sr" => Srp,
        "mk" => Mkd,
        "be" => Bel,
        "ar" => Ara,
        "fa" => Pes,
        "ur" => Urd,
        "hi" => Hin,
        "mr" => Mar,
        "ne" => Nep,
        _ => return None,
    })
}

/// Traditional or Simplified, by characters that only one of the two uses: those in Big5's
/// frequent level but outside GB 2312, against those in GB 2312 but outside Big5.
fn han_variant(text: &str) -> &'static str {
    let (mut traditional, mut simplified) = (0usize, 0usize);
    let mut buffer = [0u8; 4];
    for character in text.chars().filter(|c| script_of(*c) == Script::Han).take(20_000) {
        let one = character.encode_utf8(&mut buffer);
        let in_gb2312 = matches!(encoding_rs::GBK.encode(one).0.as_ref(), [0xb0..=0xf7, 0xa1..=0xfe]);
        let (big5, _, unmappable) = encoding_rs::BIG5.encode(one);
        let in_big5 = !unmappable;
        let frequent = in_big5 && matches!(big5.as_ref(), [0xa4..=0xc6, _]);
        traditional += usize::from(frequent && !in_gb2312);
        simplified += usize::from(in_gb2312 && !in_big5);
    }
    if traditional > simplified { "zh-Hant" } else { "zh-Hans" }
}

/// Whether a character is Han, kana, or the punctuation set with them: text in which a line
/// break stands for nothing.
pub fn is_cjk(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ff60}'
        | '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Whether a character is a letter or a digit of those that stand without spaces.
pub fn is_cjk_letter(character: char) -> bool {
    is_cjk(character) && is_word_char(character)
}

/// Whether a character is a letter or a digit: what is usual is told without a table.
pub fn is_word_char(character: char) -> bool {
    match character {
        '\0'..='\x7f' => character.is_ascii_alphanumeric(),
        '\u{4e00}'..='\u{9fff}' => true,
        _ => character.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_answer_on_letters_is_the_right_one() {
        for character in '\0'..='\u{ffff}' {
            assert_eq!(is_word_char(character), character.is_alphanumeric(), "{character:?}");
        }
    }

    #[test]
    fn a_tag_is_put_into_canonical_case() {
        assert_eq!(Lang::parse("ZH-hans").unwrap().as_str(), "zh-Hans");
        assert_eq!(Lang::parse("en-us").unwrap().as_str(), "en-US");
        assert!(Lang::parse("not a tag").is_err());
    }

    #[test]
    fn one_han_character_outweighs_a_latin_name() {
        assert_eq!(telling_script("用 ChatGPT Enterprise"), Some(Script::Han));
        assert_eq!(telling_script("API。"), Some(Script::Latin));
        assert_eq!(telling_script("東京へ行く"), Some(Script::Hiragana));
        assert_eq!(telling_script("10 %"), None);
        assert_eq!(telling_script("He wrote 渡 on the wall and left it."), Some(Script::Latin));
    }

    #[test]
    fn text_that_looks_plainly_han_is_so_when_letters_are_counted() {
        let mut plain = 0;
        for character in ('\0'..='\u{ffff}').chain("𠮷😀".chars()) {
            for text in [format!("好{character}"), format!("{character}，十二个字的一句话{character}")]
            {
                if is_plain_han(text.as_bytes()) {
                    assert_eq!(script_of_most(&text), Some(Script::Han), "{text:?}");
                    plain += 1;
                }
            }
        }
        assert!(plain > 40_000, "{plain}");
        assert!(!is_plain_han("。，“”".as_bytes()) && !is_plain_han("漢字かな".as_bytes()));
    }

    #[test]
    fn simplified_and_traditional_are_told_apart() {
        assert_eq!(detect("我们这个时候", Script::Han).as_str(), "zh-Hans");
        assert_eq!(detect("我們這個時候說", Script::Han).as_str(), "zh-Hant");
        assert_eq!(detect("天地山水", Script::Han).as_str(), "zh-Hans");
    }

    #[test]
    fn latin_script_is_told_by_the_detector_and_a_short_one_falls_back() {
        let french = "Nous avons parlé de cela pendant des heures, et personne ne voulait partir.";
        assert_eq!(detect(french, Script::Latin).as_str(), "fr");
        assert_eq!(detect("Right?", Script::Latin).as_str(), "en");
    }

    #[test]
    fn direction_and_name_come_from_the_table() {
        let arabic = Lang::parse("ar-EG").unwrap();
        assert_eq!(arabic.direction(), Direction::Rtl);
        assert_eq!(Lang::parse("tlh").unwrap().name(), "tlh");
    }
}
