//! The parsed files of an episode → one talk: a file by itself, or tracks joined. Tells which
//! language each track is in. Never opens a file.

use std::sync::Arc;

use unicode_script::Script;

use super::join::join_tracks;
use super::transcript::{Transcript, model_transcript, sample};
use crate::diagnostic::Diagnostic;
use crate::glossary::Glossary;
use crate::lang::{Lang, detect, detect_among, telling_script};
use crate::parse::document::{Document, PageFacts};
use crate::source::Source;
use crate::table::Findings;
use crate::text::Localized;

/// One file of a transcript, parsed.
#[derive(Debug)]
pub struct Track<'s> {
    pub source: &'s Source,
    /// Its language, where its name or the author says so.
    pub lang: Option<Lang>,
    pub document: Document<'s>,
}

/// What is said in an episode: of however many files it was read.
#[derive(Debug, Default)]
pub struct Talk<'s> {
    pub page: PageFacts,
    /// Show notes that stand in the same files, as Markdown.
    pub notes: String,
    pub links: Vec<(String, String)>,
    /// Who speaks, in the order of `Cue::speaker`.
    pub voices: Vec<Voice>,
    pub transcript: Transcript<'s>,
}

/// Someone who speaks, by the label that they have in each track.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Voice {
    pub label: String,
    /// What each track calls them, where they are one voice of several labels.
    pub names: Localized,
}

/// What there is to go by.
pub struct TalkRules<'a> {
    /// The languages that the show or the site is in, in reading order; may be none.
    pub langs: &'a [Lang],
    /// Labels that the author lists for this episode.
    pub listed: &'a [&'a str],
    /// The author's review file of the pairing.
    pub pairs: Option<&'a Source>,
    /// What the author's terms are called in each language.
    pub glossary: &'a Glossary,
}

impl Track<'_> {
    pub fn lang(&self) -> &Lang {
        self.lang.as_ref().expect("the language of each track has been told")
    }
}

/// Makes one transcript of the files that an episode has.
pub fn model_talk<'s>(mut tracks: Vec<Track<'s>>, rules: &TalkRules, findings: &Findings) -> Talk<'s> {
    if tracks.len() > 1 {
        tell_langs(&mut tracks, rules.langs);
        drop_second(&mut tracks, findings);
    }
    if tracks.len() > 1 {
        report_scripts(&tracks, findings);
        let order = |track: &Track| rules.langs.iter().position(|lang| Some(lang) == track.lang.as_ref());
        // Those that the show does not list stay in the order of their files, behind the others.
        tracks.sort_by_key(|track| order(track).unwrap_or(usize::MAX));
        return join_tracks(tracks, rules, findings);
    }
    if let Some(pairs) = rules.pairs {
        let message = format!("{} says nothing: there are no two tracks to pair", pairs.path);
        findings.borrow_mut().push(
            Diagnostic::warning("unused-file", message)
                .at(pairs.place(0..0))
                .help("put a track of another language beside it, or take it out"),
        );
    }
    match tracks.pop() {
        Some(Track { source, lang: Some(lang), document }) => {
            one(Some(source), document, &with_own(rules.langs, lang))
        }
        Some(Track { source, document, .. }) => one(Some(source), document, rules.langs),
        None => one(None, Document::default(), rules.langs),
    }
}

fn one<'s>(source: Option<&'s Source>, mut document: Document<'s>, langs: &[Lang]) -> Talk<'s> {
    let voice = |label| Voice { label, names: Localized::default() };
    Talk {
        page: std::mem::take(&mut document.page),
        notes: std::mem::take(&mut document.notes),
        links: std::mem::take(&mut document.links),
        voices: std::mem::take(&mut document.labels).into_iter().map(voice).collect(),
        transcript: Transcript { sources: source.into_iter().collect(), ..model_transcript(document, langs) },
    }
}

/// The languages of a show where `lang` is the one of its script.
fn with_own(langs: &[Lang], lang: Lang) -> Vec<Lang> {
    let place = langs.iter().position(|other| other.script() == lang.script()).unwrap_or(0);
    let mut own: Vec<Lang> = langs[..place]
        .iter()
        .chain(langs[place..].iter().filter(|other| other.script() != lang.script()))
        .cloned()
        .collect();
    own.insert(place, lang);
    own
}

/// Tells the language of each track whose name does not.
fn tell_langs(tracks: &mut [Track], configured: &[Lang]) {
    let mut taken: Vec<Lang> = tracks.iter().filter_map(|track| track.lang.clone()).collect();
    for track in tracks.iter_mut().filter(|track| track.lang.is_none()) {
        let lang = told_lang(&track.document, configured, &taken);
        taken.push(lang.clone());
        track.lang = Some(lang);
    }
}

/// The language that most of a document is in: one of those configured that no other track has,
/// if one is in its script.
fn told_lang(document: &Document, configured: &[Lang], taken: &[Lang]) -> Lang {
    if let [said] = document.langs.as_slice()
        && !taken.contains(said)
    {
        return said.clone();
    }
    let Some(script) = main_script(document) else {
        let free = configured.iter().find(|lang| !taken.contains(lang));
        return free.cloned().unwrap_or_else(|| detect("", Script::Latin));
    };
    let free: Vec<Lang> =
        configured.iter().filter(|lang| lang.script() == script && !taken.contains(lang)).cloned().collect();
    match free.as_slice() {
        [] => detect(&sample(document, script), script),
        [only] => only.clone(),
        several => {
            let index = detect_among(&sample(document, script), several).unwrap_or(0);
            several[index].clone()
        }
    }
}

/// How many texts tell the script of a track as well as all of them would.
const SCRIPT_SAMPLE: usize = 200;

fn scripts_of(document: &Document) -> Vec<(Script, usize)> {
    let mut scripts: Vec<(Script, usize)> = Vec::new();
    let step = (document.parts.len() / SCRIPT_SAMPLE).max(1);
    for script in document.parts.iter().step_by(step | 1).filter_map(|part| telling_script(part)) {
        match scripts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => scripts.push((script, 1)),
        }
    }
    scripts
}

/// The script of most texts. Kana are what tells Japanese from Chinese, so a good part is enough.
fn main_script(document: &Document) -> Option<Script> {
    let scripts = scripts_of(document);
    let total: usize = scripts.iter().map(|(_, count)| count).sum();
    let kana = scripts.iter().find(|(script, count)| *script == Script::Hiragana && count * 4 > total);
    let most = scripts.iter().rev().max_by_key(|(_, count)| *count);
    kana.or(most).map(|(script, _)| *script)
}

/// Leaves one track in each language, the first.
fn drop_second(tracks: &mut Vec<Track>, findings: &Findings) {
    let mut known: Vec<(Lang, Arc<str>)> = Vec::new();
    tracks.retain(|track| {
        let Some(lang) = &track.lang else { return true };
        let Some((_, first)) = known.iter().find(|(known, _)| known == lang) else {
            known.push((lang.clone(), track.source.path.clone()));
            return true;
        };
        let path = &track.source.path;
        let message = format!("{path} is left out: it is in `{lang}`, and so is {first}");
        findings.borrow_mut().push(
            Diagnostic::warning("second-transcript", message)
                .at(track.source.place(0..0))
                .help("name each track by its language, such as `012.en.srt`, or list them in `tracks`"),
        );
        false
    });
}

/// Reports tracks that are mostly in another script than their language is written in: all of
/// their text is shown as that language.
fn report_scripts(tracks: &[Track], findings: &Findings) {
    for track in tracks {
        let lang = track.lang();
        let fits = |script: &Script| {
            // A Japanese line may have no kana, and a Korean one nothing but Han.
            *script == lang.script()
                || *script == Script::Han && matches!(lang.script(), Script::Hiragana | Script::Hangul)
        };
        let scripts = scripts_of(&track.document);
        let total: usize = scripts.iter().map(|(_, count)| count).sum();
        let others: usize = scripts.iter().filter(|(script, _)| !fits(script)).map(|(_, count)| count).sum();
        if others * 3 > total {
            let path = &track.source.path;
            let message = format!("a good part of {path} is not in `{lang}`, and is shown as if it were");
            findings.borrow_mut().push(
                Diagnostic::warning("track-language", message)
                    .at(track.source.place(0..0))
                    .help("name each track by its language; a file that holds both languages stands alone"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::transcript::parse_transcript;

    fn langs(tags: &[&str]) -> Vec<Lang> {
        tags.iter().map(|tag| Lang::parse(tag).unwrap()).collect()
    }

    /// The languages of a talk made of these files, its cues, and what is reported.
    fn talk(
        configured: &[&str],
        files: &[(&str, Option<&str>, &str)],
    ) -> (Vec<String>, Vec<String>, Vec<String>) {
        let findings = Findings::default();
        let sources: Vec<Source> = files.iter().map(|(name, _, text)| Source::new(*name, *text)).collect();
        let tracks = sources.iter().zip(files).map(|(source, (_, lang, _))| Track {
            source,
            lang: lang.map(|tag| Lang::parse(tag).unwrap()),
            document: parse_transcript(source, 0..source.text.len(), &[], &findings),
        });
        let configured = langs(configured);
        let glossary = Glossary::default();
        let rules = TalkRules { langs: &configured, listed: &[], pairs: None, glossary: &glossary };
        let talk = model_talk(tracks.collect(), &rules, &findings);
        let transcript = &talk.transcript;
        let cues = (0..transcript.cues.len()).map(|cue| {
            let texts = transcript.texts(cue).map(|(_, text)| text).collect::<Vec<_>>();
            texts.join(" | ")
        });
        let findings = findings.into_inner();
        let codes = findings.iter().map(|one| one.code.0.to_string());
        // Two lines are too few to be sure of.
        let codes: Vec<String> = codes.filter(|code| code != "pair-unsure").collect();
        (transcript.langs.iter().map(Lang::to_string).collect(), cues.collect(), codes)
    }

    #[test]
    fn a_track_is_in_the_language_of_its_name_else_of_its_script() {
        let zh = ("a.zh-Hant.txt", Some("zh-Hant"), "灯亮了。\n\n船来了。\n");
        let en = ("a.txt", None, "The lamp is lit.\n\nThe boat is here.\n");
        let (langs, cues, codes) = talk(&["en", "zh-Hans"], &[zh, en]);
        assert_eq!(langs, ["en", "zh-Hant"]);
        assert_eq!(cues, ["The lamp is lit. | 灯亮了。", "The boat is here. | 船来了。"]);
        assert!(codes.is_empty(), "{codes:?}");
    }

    #[test]
    fn a_lone_file_is_in_the_language_of_its_name_wherever_the_script_allows() {
        let en = ("a.fr.txt", Some("fr"), "La lampe est allumée.\n");
        assert_eq!(talk(&["zh-Hans", "en"], &[en]).0, ["fr"]);
        assert_eq!(
            with_own(&langs(&["en", "zh-Hans", "fr"]), Lang::parse("fr").unwrap()),
            langs(&["fr", "zh-Hans"])
        );
        assert_eq!(with_own(&langs(&["en"]), Lang::parse("ja").unwrap()), langs(&["ja", "en"]));
        assert_eq!(with_own(&[], Lang::parse("ja").unwrap()), langs(&["ja"]));
    }

    #[test]
    fn a_second_track_in_one_language_is_reported() {
        let one = ("a.txt", None, "The lamp is lit.\n");
        let two = ("a.en.txt", Some("en"), "The lamp is out.\n");
        let (langs, cues, codes) = talk(&["en"], &[two, one]);
        assert_eq!((langs, cues), (vec!["en".to_owned()], vec!["The lamp is out.".to_owned()]));
        assert_eq!(codes, ["second-transcript"]);
    }

    #[test]
    fn a_track_in_another_script_than_its_name_says_is_reported() {
        let zh = ("a.zh-Hans.txt", Some("zh-Hans"), "The lamp is lit.\n");
        let en = ("a.en.txt", Some("en"), "The lamp is lit.\n");
        let (langs, cues, codes) = talk(&[], &[zh, en]);
        assert_eq!(langs, ["zh-Hans", "en"]);
        assert_eq!(cues, ["The lamp is lit. | The lamp is lit."]);
        assert_eq!(codes, ["track-language"]);
    }
}
