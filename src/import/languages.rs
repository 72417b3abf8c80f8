//! Which language a name or a foreign tag means: tables. Never looks into a text.

use crate::lang::Lang;

/// Words that people name folders and files by, and the tag of each.
const WORDS: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("chs", "zh-Hans"),
    ("cn", "zh-Hans"),
    ("cht", "zh-Hant"),
    ("chi", "zh"),
    ("zho", "zh"),
    ("simplified", "zh-Hans"),
    ("traditional", "zh-Hant"),
    ("dutch", "nl"),
    ("english", "en"),
    ("eng", "en"),
    ("french", "fr"),
    ("german", "de"),
    ("hindi", "hi"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("jp", "ja"),
    ("jpn", "ja"),
    ("korean", "ko"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("spa", "es"),
    ("vietnamese", "vi"),
    ("中文", "zh"),
    ("简体", "zh-Hans"),
    ("繁體", "zh-Hant"),
    ("英文", "en"),
    ("日本語", "ja"),
];

/// Tags whose region stands for a script, and the tag that says so.
const SCRIPTS: &[(&str, &str)] = &[
    ("zh-CN", "zh-Hans"),
    ("zh-SG", "zh-Hans"),
    ("zh-MY", "zh-Hans"),
    ("zh-TW", "zh-Hant"),
    ("zh-HK", "zh-Hant"),
    ("zh-MO", "zh-Hant"),
];

fn known(tag: &str) -> Lang {
    Lang::parse(tag).expect("a tag of the tables is one")
}

/// The language that a word or tag of a name means.
pub fn lang_of_word(word: &str) -> Option<Lang> {
    let lower = word.to_lowercase();
    let by_word = WORDS.iter().find(|(own, _)| *own == lower).map(|(_, tag)| known(tag));
    by_word.or_else(|| Lang::of_name(word).map(|lang| with_script(&lang)))
}

/// A tag that tells the script where its region does.
fn with_script(lang: &Lang) -> Lang {
    SCRIPTS.iter().find(|(tag, _)| *tag == lang.as_str()).map_or_else(|| lang.clone(), |(_, tag)| known(tag))
}

/// What the text of a file tells of its language beyond its name: `zh` is in one of two scripts.
pub fn told_by_text(named: &Lang, texts: &[Lang]) -> Lang {
    let finer =
        |lang: &&Lang| lang.as_str().strip_prefix(named.as_str()).is_some_and(|rest| rest.starts_with('-'));
    texts.iter().find(finer).unwrap_or(named).clone()
}

/// The language that a feed is in, as transcripts are tagged: where it is spoken is left out.
pub fn spoken(lang: &Lang) -> Lang {
    let lang = with_script(lang);
    let kept: Vec<&str> = lang.as_str().split('-').take_while(|part| !is_region(part)).take(2).collect();
    Lang::parse(&kept.join("-")).unwrap_or(lang)
}

fn is_region(part: &str) -> bool {
    (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
        || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A name that ends in a language.
#[derive(Debug, PartialEq, Eq)]
pub struct Tagged<'n> {
    /// What it names beside the language.
    pub name: &'n str,
    pub lang: Lang,
    /// Whether it can mean nothing else: `how_we_got_it` need not be in Italian.
    pub is_sure: bool,
}

/// What a name names, and the language that it ends in: `012.zh-Hans`, `012_zh`, `012-english`.
/// A word that is all of a name names nothing but the language.
pub fn tagged(stem: &str) -> Option<Tagged<'_>> {
    // The last sign that parts something off, and the one before it: `a.zh-Hans`, `a_zh_CN`.
    let mut signs = stem.rmatch_indices(['.', '_', '-', ' ', '(', '[']).map(|(at, _)| at).take(2);
    let (last, before) = (signs.next(), signs.next());
    [before, last].into_iter().flatten().filter(|at| *at > 0).find_map(|at| {
        let word = stem[at + 1..].trim_end_matches([')', ']']);
        let primary = word.split(['-', '_']).next().unwrap_or(word);
        let lang = lang_of_word(word).filter(|_| lang_of_word(primary).is_some())?;
        let is_sure = !stem[at..].starts_with(['_', '-', ' ']) || word.chars().count() > 3;
        let name = stem[..at].trim_end_matches(['.', '_', '-', ' ']);
        (!name.is_empty()).then_some(Tagged { name, lang, is_sure })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_language_in_many_ways() {
        for (name, stem, tag, is_sure) in [
            ("012.en", "012", "en", true),
            ("012.zh-Hans", "012", "zh-Hans", true),
            ("012_zh", "012", "zh", false),
            ("012.zh_CN", "012", "zh-Hans", true),
            ("012_zh_TW", "012", "zh-Hant", true),
            ("talk-english", "talk", "en", true),
            ("talk (Chinese)", "talk", "zh", true),
            ("灯.中文", "灯", "zh", true),
            ("how-we-got-it", "how-we-got", "it", false),
        ] {
            let found = tagged(name).map(|tagged| (tagged.name, tagged.lang.to_string(), tagged.is_sure));
            assert_eq!(found, Some((stem, tag.to_owned(), is_sure)), "{name}");
        }
        for name in ["v1.2", "en", "talk_python_to_me", "_en", "灯", ""] {
            assert_eq!(tagged(name), None, "{name}");
        }
    }

    #[test]
    fn where_a_language_is_spoken_does_not_tell_transcripts_apart() {
        let spoken = |tag| spoken(&Lang::parse(tag).unwrap()).to_string();
        assert_eq!(["en-us", "zh-cn", "de", "zh-Hant-HK"].map(spoken), ["en", "zh-Hans", "de", "zh-Hant"]);
    }
}
