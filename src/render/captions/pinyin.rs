//! How the Han characters of each line are read, for learners: a list in JSON with a text per cue,
//! and in it a syllable per character, in order. The author's readings come first.

use pinyin::ToPinyin;

use super::{Captions, Unwritten, push_json};
use crate::lang::Reading;
use crate::readings::Readings;

/// What stands for a character whose reading is not known.
const UNKNOWN: &str = "-";

pub fn write(captions: &Captions) -> Result<String, Unwritten> {
    let is_read = |lang: &usize| captions.transcript.langs[*lang].reading() == Some(Reading::Pinyin);
    let mut langs = 0..captions.transcript.langs.len();
    let lang = captions.only.or_else(|| langs.find(is_read)).filter(is_read).ok_or(Unwritten::NoReadings)?;
    let mut out = String::with_capacity(captions.room(8));
    let mut line = String::new();
    for cue in 0..captions.cues().len() {
        out.push_str(if cue == 0 { "[\n" } else { ",\n" });
        line.clear();
        push_syllables(captions.transcript.text(cue, lang).unwrap_or_default(), captions.readings, &mut line);
        push_json(&line, &mut out);
    }
    out.push_str(if captions.cues().is_empty() { "[]\n" } else { "\n]\n" });
    Ok(out)
}

/// A character that has a reading, by itself or as a part of a word.
fn is_han(character: char) -> bool {
    use unicode_script::{Script, UnicodeScript};
    character.script() == Script::Han && character.is_alphabetic()
}

fn push_syllables(text: &str, readings: &Readings, out: &mut String) {
    let mut rest = text;
    let mut push = |syllable: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(syllable);
    };
    while let Some(character) = rest.chars().next() {
        if let Some((word, syllables)) = readings.at(rest) {
            syllables
                .split(' ')
                .zip(word.chars())
                .filter(|(_, own)| is_han(*own))
                .for_each(|(one, _)| push(one));
            rest = &rest[word.len()..];
            continue;
        }
        if is_han(character) {
            push(character.to_pinyin().map_or(UNKNOWN, pinyin::Pinyin::with_tone));
        }
        rest = &rest[character.len_utf8()..];
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::transcript;
    use super::*;

    fn written(texts: &[&str], readings: &[(&str, &str)]) -> String {
        let cues: Vec<_> = texts.iter().map(|text| (None, None, None, vec![*text])).collect();
        let transcript = transcript(&["zh-Hans"], &cues);
        let readings =
            Readings::new(readings.iter().map(|(word, read)| ((*word).to_owned(), (*read).to_owned())));
        write(&Captions {
            title: Vec::new(),
            transcript: &transcript,
            only: None,
            names: Vec::new(),
            readings: &readings,
        })
        .unwrap()
    }

    #[test]
    fn each_han_character_has_a_syllable() {
        assert_eq!(written(&["灯，A 船！"], &[]), "[\n\"dēng chuán\"\n]\n");
    }

    #[test]
    fn the_authors_longest_word_comes_first() {
        let readings = [("重", "zhòng"), ("重庆", "chóng qìng")];
        assert_eq!(written(&["重庆很重。"], &readings), "[\n\"chóng qìng hěn zhòng\"\n]\n");
    }
}
