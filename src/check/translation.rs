//! Lines without a translation, and lines that were not translated. Never says which language
//! came first.

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::telling_script;
use crate::model::Transcript;
use crate::text::shortened;

/// A word that is the same in both languages is a name or a term; so many words are a sentence.
const WORDS: usize = 5;

/// Reports what is missing in a language, and what is not in it.
pub fn check_translation(open: &Open, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    if transcript.langs.len() < 2 {
        return;
    }
    for lang in 0..transcript.langs.len() {
        report_missing(open, lang, found);
    }
    for cue in 0..transcript.cues.len() {
        report_untranslated(open, cue, found);
    }
}

fn report_missing(open: &Open, lang: usize, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    let tag = &transcript.langs[lang];
    let lacks = |cue: &usize| {
        transcript.text(*cue, lang).is_none() && transcript.texts(*cue).any(|(_, text)| says_something(text))
    };
    let missing: Vec<usize> = (0..transcript.cues.len()).filter(lacks).collect();
    let Some(first) = missing.first() else { return };
    let total = transcript.cues.len();
    let help = format!("add the line in `{tag}`");
    // Where most is missing, it was never meant to be there line by line.
    if missing.len() * 2 > total {
        let message = format!("{} of {total} lines have no text in `{tag}`", missing.len());
        let finding = Diagnostic::warning("translation-missing", message);
        return found.push(finding.at(open.place_of_cue(*first)).saying("the first of them").help(help));
    }
    for run in missing.chunk_by(|a, b| a + 1 == *b) {
        let message = match run.len() {
            1 => format!("this line has no text in `{tag}`"),
            count => format!("this line and {} after it have no text in `{tag}`", count - 1),
        };
        let finding = Diagnostic::warning("translation-missing", message);
        found.push(finding.at(open.place_of_cue(run[0])).help(help.clone()));
    }
}

fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

fn report_untranslated(open: &Open, cue: usize, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    for (lang, text) in transcript.texts(cue) {
        let Some(other) = untranslated(transcript, cue, lang, text) else { continue };
        let tag = &transcript.langs[lang];
        let message = match other {
            Some(other) => format!("this line is the same in `{tag}` and `{}`", transcript.langs[other]),
            None => format!("this line is not in `{tag}`: {}", shortened(text, 60)),
        };
        let finding = Diagnostic::warning("untranslated", message);
        found.push(finding.at(open.place_of(cue, lang)).help(format!("translate it into `{tag}`")));
        return;
    }
}

/// Whether the text of a language is not in it: where it is that of another language, which.
fn untranslated(transcript: &Transcript, cue: usize, lang: usize, text: &str) -> Option<Option<usize>> {
    let own = transcript.langs[lang].script();
    let told = telling_script(text)?;
    let fits = told == own || is_east_asian(told) && is_east_asian(own);
    if word_count(text) < WORDS {
        return None;
    }
    let same = transcript.texts(cue).find(|(other, said)| *other < lang && *said == text);
    match same {
        // Of two languages in one script it is not known which one it is in.
        Some((other, _)) => Some(Some(other)),
        None => (!fits).then_some(None),
    }
}

/// A Japanese line may have no kana, and a Korean one nothing but Han.
fn is_east_asian(script: unicode_script::Script) -> bool {
    use unicode_script::Script::{Han, Hangul, Hiragana};
    matches!(script, Han | Hangul | Hiragana)
}

/// How many words a text has that are not names: in a script with cases those in small letters, in
/// one without spaces two characters count as one.
fn word_count(text: &str) -> usize {
    let small = text.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count();
    let uncased =
        text.chars().filter(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()).count();
    small + uncased / 2
}
