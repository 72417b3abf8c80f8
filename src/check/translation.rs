//! Lines without a translation, and lines that were not translated. Never says which language
//! came first.

use super::length::{letters, median};
use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::{is_cjk, telling_script};
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
    let total = transcript.cues.len();
    let help = format!("add the line in `{tag}`");
    let Some(first) = missing.first() else { return };
    // Where most is missing, it was never meant to be there line by line.
    if missing.len() * 2 > total {
        let message = format!("{} of {total} lines have no text in `{tag}`", missing.len());
        let finding = Diagnostic::warning("translation-missing", message);
        return found.push(finding.at(open.place_of_cue(*first)).saying("the first of them").help(help));
    }
    let elsewhere = Elsewhere::new(transcript, lang);
    let runs = missing.chunk_by(|a, b| a + 1 == *b).filter(|run| !elsewhere.has(run));
    let is_short =
        |run: &&[usize]| run.iter().all(|cue| transcript.texts(*cue).all(|(_, text)| is_brief(text)));
    let (brief, long): (Vec<&[usize]>, Vec<&[usize]>) = runs.partition(is_short);
    // `Oh.` and `Okay?` are left out by many who translate.
    if let Some(first) = brief.first() {
        let message = match brief.iter().map(|run| run.len()).sum() {
            1 => format!("this short line has no text in `{tag}`"),
            count => format!("{count} short lines have no text in `{tag}`, this one first"),
        };
        let finding = Diagnostic::note("translation-missing", message);
        found.push(finding.at(open.place_of_cue(first[0])).help(help.clone()));
    }
    for run in long {
        let message = match run.len() {
            1 => format!("this line has no text in `{tag}`"),
            count => format!("this line and {} after it have no text in `{tag}`", count - 1),
        };
        let finding = Diagnostic::warning("translation-missing", message);
        found.push(finding.at(open.place_of_cue(run[0])).help(help.clone()));
    }
}

/// Where what a line lacks may stand: tracks that are paired may be cut at other places.
struct Elsewhere<'e> {
    transcript: &'e Transcript<'e>,
    lang: usize,
    /// How much longer texts of this language are than those of the others, if that can be told.
    ratio: Option<f64>,
}

impl<'e> Elsewhere<'e> {
    fn new(transcript: &'e Transcript<'e>, lang: usize) -> Elsewhere<'e> {
        let mut elsewhere = Elsewhere { transcript, lang, ratio: None };
        // In one file lines stand with their translations.
        if transcript.sources.len() > 1 {
            let cues = 0..transcript.cues.len();
            let ratios: Vec<f64> =
                cues.filter_map(|cue| elsewhere.lengths(cue)).map(|(own, other)| own / other).collect();
            elsewhere.ratio = (!ratios.is_empty()).then(|| median(ratios));
        }
        elsewhere
    }

    /// How long a cue is in this language and in another, where it has both.
    fn lengths(&self, cue: usize) -> Option<(f64, f64)> {
        let own = self.transcript.text(cue, self.lang).map(letters).filter(|length| *length > 0.0)?;
        Some((own, Some(self.other(cue)).filter(|other| *other > 0.0)?))
    }

    fn other(&self, cue: usize) -> f64 {
        let others = self.transcript.texts(cue).filter(|(lang, _)| *lang != self.lang);
        others.map(|(_, text)| letters(text)).fold(0.0, f64::max)
    }

    /// Whether what a run of lines lacks stands beside it: as a line that lacks the other
    /// language, or as a part of one that is the longer for it.
    fn has(&self, run: &[usize]) -> bool {
        let Some(ratio) = self.ratio else { return false };
        let said: f64 = run.iter().map(|cue| self.other(*cue)).sum();
        let before = run[0].checked_sub(1);
        let after = run.last().map(|last| last + 1).filter(|after| *after < self.transcript.cues.len());
        before.into_iter().chain(after).any(|beside| {
            let Some((own, other)) = self.lengths(beside) else {
                return self.transcript.text(beside, self.lang).is_some();
            };
            let off = |other: f64| (own / (other * ratio)).ln().abs();
            off(other + said) < off(other)
        })
    }
}

/// Whether a text is an exclamation rather than a sentence.
fn is_brief(text: &str) -> bool {
    let wide = text.chars().filter(|c| c.is_alphabetic() && is_cjk(*c)).count();
    text.split_whitespace().count() < 5 && wide < 6
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
