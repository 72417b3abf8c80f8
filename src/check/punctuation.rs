//! Half-width punctuation between characters whose own punctuation is wide. Told once per
//! episode and language: who types it does so everywhere. Never takes it in Latin text for one.

use super::spot::Open;
use crate::diagnostic::Diagnostic;
use crate::lang::is_cjk_letter;

/// Each mark and the wide one in its place.
const WIDE: &[(char, char)] = &[(',', '，'), ('.', '。'), ('?', '？'), ('!', '！'), (';', '；'), (':', '：')];

/// Reports half-width marks after a wide letter, before another or at the end of the line.
pub fn check_punctuation(open: &Open, found: &mut Vec<Diagnostic>) {
    let transcript = open.transcript();
    for lang in 0..transcript.langs.len() {
        let mut first: Option<(usize, usize, char, char)> = None;
        let (mut count, mut lines) = (0, 0);
        for cue in 0..transcript.cues.len() {
            let text = transcript.text(cue, lang).unwrap_or_default();
            let before = count;
            for (at, mark, wide) in marks(text) {
                count += 1;
                first.get_or_insert((cue, at, mark, wide));
            }
            lines += usize::from(count > before);
        }
        let Some((cue, at, mark, wide)) = first else { continue };
        let message = match (count, lines) {
            (1, _) => "a half-width mark stands between wide characters".to_owned(),
            _ => format!(
                "{count} half-width marks stand between wide characters, in {lines} of the lines in `{}`",
                transcript.langs[lang]
            ),
        };
        found.push(
            Diagnostic::note("half-width", message)
                .at(open.place(cue, lang, at..at + mark.len_utf8()))
                .saying(if count == 1 { "" } else { "the first of them" })
                .help(format!("write `{wide}`")),
        );
    }
}

/// Where half-width marks stand that should be wide.
fn marks(text: &str) -> impl Iterator<Item = (usize, char, char)> {
    text.char_indices().filter_map(move |(at, mark)| {
        let (_, wide) = WIDE.iter().find(|(half, _)| *half == mark)?;
        let before = text[..at].chars().next_back()?;
        let after = text[at + 1..].trim_start().chars().next();
        (is_cjk_letter(before) && after.is_none_or(is_cjk_letter)).then_some((at, mark, *wide))
    })
}
