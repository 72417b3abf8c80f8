//! Lines whose translation is far shorter or longer than the episode's own usually is: often it
//! was cut off. What is usual is told by the episode itself. Never knows a ratio beforehand.

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::is_word_char;

/// Fewer pairs do not tell what is usual.
const PAIRS: usize = 30;
/// How many times the usual deviation is far.
const FAR: f64 = 6.0;
/// How many times shorter or longer than usual is far.
const FACTOR: f64 = 2.2;
/// Shorter lines vary at will, in letters.
const LETTERS: f64 = 40.0;

/// A line in two languages.
struct Pair {
    cue: usize,
    first: f64,
    second: f64,
}

/// Reports lines whose lengths in two languages do not go together.
pub fn check_length(open: &Open, found: &mut Vec<Diagnostic>) {
    let count = open.transcript().langs.len();
    for lang in 1..count {
        check_pair(open, lang, found);
    }
}

fn check_pair(open: &Open, lang: usize, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    let length =
        |cue: usize, lang: usize| transcript.text(cue, lang).map(letters).filter(|length| *length > 0.0);
    let pairs: Vec<Pair> = (0..transcript.cues.len())
        .filter_map(|cue| Some(Pair { cue, first: length(cue, 0)?, second: length(cue, lang)? }))
        .collect();
    if pairs.len() < PAIRS {
        return;
    }
    let ratio = median(pairs.iter().map(|pair| pair.first / pair.second).collect());
    // In the letters of the second language, so that one bound serves all. The longer a line, the
    // smaller a part of it is left to chance.
    let deviation = |pair: &Pair| {
        let usual = pair.first / ratio;
        (pair.second - usual) / ((pair.second + usual) / 2.0).sqrt()
    };
    let middle = median(pairs.iter().map(deviation).collect());
    let spread = 1.4826 * median(pairs.iter().map(|pair| (deviation(pair) - middle).abs()).collect());
    for pair in &pairs {
        let usual = pair.first / ratio;
        let factor = (pair.second / usual).max(usual / pair.second);
        let is_far = (deviation(pair) - middle).abs() > FAR * spread.max(0.1);
        if !is_far || factor < FACTOR || pair.second.max(usual) < LETTERS {
            continue;
        }
        let (short, long) = if pair.second < usual { (lang, 0) } else { (0, lang) };
        let (tag, other) = (&transcript.langs[short], &transcript.langs[long]);
        let message = format!(
            "this line is {factor:.1} times shorter in `{tag}`, beside `{other}`, than this episode's lines are"
        );
        found.push(
            Diagnostic::warning("translation-length", message)
                .at(open.place_of(pair.cue, short))
                .and(open.place_of(pair.cue, long), "says more")
                .help("see whether the translation was cut off, or says more than the line"),
        );
    }
}

/// Letters and digits: punctuation and spaces are not what is said.
pub fn letters(text: &str) -> f64 {
    text.chars().filter(|c| is_word_char(*c)).count() as f64
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
