//! What stands on top of a file between `+++` (ours, TOML) or `---` (others', YAML).
//! TOML is read strictly, key by key; of YAML only what is known is taken, nothing is required.

use crate::channel::{ItemSettings, read_item};
use crate::codes::{allowed, read_allowed};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Source, Span};
use crate::table::{At, Fields, Findings, Item, Link, read_toml};
use crate::text::{Localized, shortened, without_controls};
use crate::timestamp::{Date, Millis, Retime};

/// What the author says about an episode. All of it is optional.
#[derive(Debug, Default, Clone)]
pub struct FrontMatter {
    pub title: Option<Localized>,
    pub summary: Option<Localized>,
    pub show: Option<String>,
    pub date: Option<Date>,
    pub season: Option<u32>,
    pub episode: Option<u32>,
    pub duration: Option<Millis>,
    /// An address or a file beside the episode; one, or one per language.
    pub audio: Option<At<Localized>>,
    pub cover: Option<At<String>>,
    pub slug: Option<At<String>>,
    pub draft: bool,
    pub tags: Vec<String>,
    /// Label in the transcript → id of a person.
    pub speakers: Vec<(At<String>, At<String>)>,
    pub highlights: Vec<At<Highlight>>,
    pub links: Vec<Link>,
    /// What the episode is called in the feed that it came from.
    pub guid: Option<String>,
    pub tracks: Vec<At<TrackEntry>>,
    /// The language that was spoken.
    pub original: Option<At<Lang>>,
    /// What the transcript's times are off by.
    pub clock: Retime,
    /// The last day that something was changed.
    pub updated: Option<Date>,
    /// What only feeds read.
    pub feed: Option<Box<ItemSettings>>,
    /// Codes that the author does not want to be told of here.
    pub allow: Vec<String>,
}

/// What the author says of one language's file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrackEntry {
    /// A file beside the episode; without one, the track that is in `lang` by its name.
    pub file: Option<At<String>>,
    pub lang: Option<Lang>,
    pub clock: Retime,
}

/// Which line the author wants quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Highlight {
    /// A cue by its id, two ids joined by `..`, or the words themselves.
    Words(String),
    /// From one cue to another, each by id or words.
    Range { from: String, to: String },
    /// The words in each language, all of one cue.
    ByLanguage(Localized),
}

/// Splits a source into its front matter and the span of the rest.
pub fn read_front_matter(source: &Source, findings: &Findings) -> (FrontMatter, Span) {
    let text = source.text.as_str();
    match fenced(text) {
        Some((Fence::Toml, inner, rest)) => {
            let matter = read_toml(source, inner, findings, FrontMatter::from_fields);
            (matter.unwrap_or_default(), rest)
        }
        Some((Fence::Yaml, inner, rest)) => {
            let matter = from_yaml(source, inner, findings);
            (matter, rest)
        }
        None => {
            report_open(source, findings);
            (FrontMatter::default(), 0..text.len())
        }
    }
}

/// The same for a text that is no episode: a title is all that its front matter has.
pub fn read_title(source: &Source, findings: &Findings) -> (Option<Localized>, Span) {
    let text = source.text.as_str();
    match fenced(text) {
        Some((Fence::Toml, inner, rest)) => {
            let title = read_toml(source, inner, findings, |mut fields| {
                let title = fields.text("title");
                fields.finish();
                title
            });
            (title.flatten(), rest)
        }
        Some((Fence::Yaml, inner, rest)) => (from_yaml(source, inner, findings).title, rest),
        None => {
            report_open(source, findings);
            (None, 0..text.len())
        }
    }
}

/// The front matter of a file of which only the beginning was read, for when all of it is.
pub struct Glanced {
    matter: FrontMatter,
    /// What the file began with, up to where the front matter ended.
    beginning: String,
}

impl Glanced {
    /// Reads the front matter that `start` has whole; also says whether there is one without a
    /// finding, to be read no more.
    pub fn read(start: &Source) -> (FrontMatter, Option<Glanced>) {
        let findings = Findings::default();
        let (matter, rest) = read_front_matter(start, &findings);
        let beginning = &start.text[..rest.start];
        // Where the start was cut off within the last line of a fence, that may be none.
        let is_right = beginning.ends_with('\n') && findings.into_inner().is_empty();
        let glanced = is_right.then(|| Glanced { matter: matter.clone(), beginning: beginning.to_owned() });
        (matter, glanced)
    }

    /// What `read_front_matter` gives for a source that begins with the same.
    pub fn of(self, source: &Source) -> Option<(FrontMatter, Span)> {
        let rest = source.text.strip_prefix(&self.beginning)?;
        Some((self.matter, source.text.len() - rest.len()..source.text.len()))
    }
}

fn report_open(source: &Source, findings: &Findings) {
    if source.text.starts_with("+++\n") {
        let finding = Diagnostic::error("front-matter-open", "the front matter is not closed")
            .at(source.place(0..3))
            .help("put a line +++ after its last key");
        findings.borrow_mut().push(finding);
    }
}

/// Whether a text opens with front matter.
pub fn has_front_matter(text: &str) -> bool {
    text.starts_with("+++\n") || fenced(text).is_some()
}

/// The front matter that a text opens with, as it is written; nothing where there is none.
pub fn written_front_matter(text: &str) -> &str {
    fenced(text).map_or("", |(_, inner, _)| &text[inner])
}

/// Whether a text that may be cut off has all of its front matter, if it has any.
pub fn has_whole_front_matter(text: &str) -> bool {
    !text.starts_with("+++") && !text.starts_with("---") || fenced(text).is_some()
}

enum Fence {
    Toml,
    Yaml,
}

/// The spans of the front matter and of what follows, where the text opens with a fence line and
/// has the same line again.
fn fenced(text: &str) -> Option<(Fence, Span, Span)> {
    let first_end = text.find('\n')?;
    let (fence, kind) = match text[..first_end].trim_end() {
        "+++" => ("+++", Fence::Toml),
        "---" => ("---", Fence::Yaml),
        _ => return None,
    };
    let inner_start = first_end + 1;
    let mut at = inner_start;
    for line in text[inner_start..].split_inclusive('\n') {
        if line.trim_end() == fence {
            return Some((kind, inner_start..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    None
}

impl FrontMatter {
    /// Takes the title and the summary of another track's front matter, which is in `lang`.
    pub fn add(&mut self, other: FrontMatter, lang: Option<&Lang>) {
        for (own, other) in [(&mut self.title, other.title), (&mut self.summary, other.summary)] {
            for (tag, text) in other.iter().flat_map(Localized::iter) {
                let own = own.get_or_insert_default();
                let tag = tag.or(lang);
                if !own.says(text) && own.iter().all(|(known, _)| known != tag || tag.is_none()) {
                    own.push(tag.cloned(), text);
                }
            }
        }
    }

    fn from_fields(mut fields: Fields) -> FrontMatter {
        let matter = FrontMatter {
            title: fields.text("title"),
            summary: fields.text("summary"),
            show: fields.string("show").map(|show| show.value),
            date: fields.date("date"),
            season: fields.integer("season", 0),
            episode: fields.integer("episode", 0),
            duration: read_duration(&mut fields),
            audio: fields.text_at("audio"),
            cover: fields.string("cover"),
            slug: fields.string("slug"),
            draft: fields.boolean("draft").unwrap_or(false),
            tags: values(fields.strings("tags")),
            speakers: fields.string_map("speakers"),
            highlights: fields.items("highlights", "a line's words, its id, or { from, to }", read_highlight),
            links: fields.links("links"),
            guid: fields.string("guid").map(|guid| guid.value).filter(|guid| !guid.is_empty()),
            tracks: fields.items("tracks", "files, or { file, lang, time_shift, time_scale }", read_track),
            original: fields.lang("original"),
            clock: read_clock(&mut fields),
            updated: fields.date("updated"),
            feed: read_item(&mut fields),
            allow: read_allowed(&mut fields),
        };
        fields.finish();
        matter
    }
}

fn values(strings: Option<Vec<At<String>>>) -> Vec<String> {
    let strings = strings.unwrap_or_default().into_iter().map(|at| at.value);
    strings.filter(|value| !value.is_empty()).collect()
}

fn read_duration(fields: &mut Fields) -> Option<Millis> {
    let duration = fields.string("duration")?;
    let found = Millis::parse_clock(&duration.value);
    if found.is_none() {
        fields.report(
            Diagnostic::error("duration", format!("`{}` is not a length of time", duration.value))
                .help("write \"48:20\" or \"1:02:03\""),
            duration.span,
        );
    }
    found
}

fn read_highlight(item: Item) -> Option<Highlight> {
    match item {
        Item::Text(words) if words.is_empty() => None,
        Item::Text(words) => Some(Highlight::Words(words)),
        Item::Table(mut fields) if fields.has("from") || fields.has("to") => {
            let from = fields.string("from").map(|at| at.value);
            let to = fields.string("to").map(|at| at.value);
            fields.finish();
            Some(Highlight::Range { from: from?, to: to? })
        }
        Item::Table(fields) => {
            let words = fields.as_text_by_language();
            (!words.is_empty()).then_some(Highlight::ByLanguage(words))
        }
    }
}

fn read_track(item: Item) -> Option<TrackEntry> {
    let mut fields = match item {
        Item::Text(name) if name.is_empty() => return None,
        Item::Text(value) => {
            // It stands where the entry does.
            return Some(TrackEntry { file: Some(At { value, span: 0..0 }), ..TrackEntry::default() });
        }
        Item::Table(fields) => fields,
    };
    let entry = TrackEntry {
        file: fields.string("file"),
        lang: fields.lang("lang").map(|lang| lang.value),
        clock: read_clock(&mut fields),
    };
    fields.finish();
    Some(entry)
}

fn read_clock(fields: &mut Fields) -> Retime {
    Retime {
        shift: read_amount(fields, "time_shift", Retime::parse_shift, SHIFT_HELP).unwrap_or(0),
        scale: read_amount(fields, "time_scale", Retime::parse_scale, SCALE_HELP).unwrap_or(1.0),
    }
}

const SHIFT_HELP: &str = "write seconds, such as -2.4, or a clock, such as \"1:02.5\"";
const SCALE_HELP: &str = "write a number such as 1.001";

fn read_amount<T>(
    fields: &mut Fields,
    key: &'static str,
    read: impl Fn(&str) -> Option<T>,
    help: &'static str,
) -> Option<T> {
    let At { value, span } = fields.number_or_string(key)?;
    let found = read(&value);
    if found.is_none() {
        let message = format!("`{key}` cannot be `{}`", shortened(&value, 40));
        fields.report(Diagnostic::error("duration", message).help(help), span);
    }
    found
}

/// How large another tool's front matter may be before it is taken for something else.
const YAML_LIMIT: usize = 64 * 1024;

fn from_yaml(source: &Source, span: Span, findings: &Findings) -> FrontMatter {
    let text = &source.text[span.clone()];
    let parsed = if text.len() > YAML_LIMIT {
        Err("it is longer than 64 KiB".to_owned())
    } else {
        serde_saphyr::from_str_with_options::<serde_json::Value>(
            text,
            serde_saphyr::options! { strict_booleans: true },
        )
        .map_err(|error| error.to_string())
    };
    let value = match parsed {
        Ok(value) => value,
        Err(problem) => {
            let problem = problem.lines().next().unwrap_or_default().to_owned();
            let finding =
                Diagnostic::warning("yaml-front-matter", format!("the front matter is left out: {problem}"))
                    .at(source.place(span.start..span.start))
                    .help("mend it, or write it as TOML between +++ lines");
            findings.borrow_mut().push(finding);
            return FrontMatter::default();
        }
    };
    let string = |keys: &[&str]| keys.iter().find_map(|key| scalar(&value[*key]));
    let list = |keys: &[&str]| keys.iter().find_map(|key| scalars(&value[*key])).unwrap_or_default();
    let day = string(&["date", "pub_date", "published"]);
    FrontMatter {
        title: string(&["title"]).map(Localized::plain),
        summary: string(&["description", "summary", "subtitle"]).map(Localized::plain),
        date: day.and_then(|day| day.get(..10).and_then(|day| day.parse().ok())),
        episode: string(&["episode", "number"]).and_then(|number| number.parse().ok()),
        season: string(&["season"]).and_then(|number| number.parse().ok()),
        duration: string(&["duration"]).and_then(|text| Millis::parse_clock(&text)),
        show: string(&["show", "channel", "podcast"]),
        draft: value["draft"] == serde_json::Value::Bool(true),
        tags: list(&["tags", "keywords"]),
        links: string(&["media", "youtube_url", "url"])
            .filter(|url| url.starts_with("http"))
            .map(|url| Link { title: Localized::plain(&url), url })
            .into_iter()
            .collect(),
        tracks: yaml_tracks(source, &span, &value["tracks"], findings),
        allow: allowed(list(&["allow"]), |_, wrong| {
            findings.borrow_mut().push(wrong.at(source.place(span.start..span.start)));
        }),
        clock: yaml_clock(&value, |code, message, help| {
            report_at(source, span.start..span.start, code, message, help, findings);
        }),
        ..FrontMatter::default()
    }
}

fn report_at(
    source: &Source,
    span: Span,
    code: &'static str,
    message: String,
    help: &str,
    findings: &Findings,
) {
    findings.borrow_mut().push(Diagnostic::error(code, message).at(source.place(span)).help(help));
}

fn yaml_clock(table: &serde_json::Value, wrong: impl Fn(&'static str, String, &str)) -> Retime {
    let mut clock = Retime::default();
    let refuse = |key: &str, text: &str, help: &str| {
        wrong("duration", format!("`{key}` cannot be `{}`", shortened(text, 40)), help);
    };
    if let Some(text) = scalar(&table["time_shift"]) {
        match Retime::parse_shift(&text) {
            Some(shift) => clock.shift = shift,
            None => refuse("time_shift", &text, SHIFT_HELP),
        }
    }
    if let Some(text) = scalar(&table["time_scale"]) {
        match Retime::parse_scale(&text) {
            Some(scale) => clock.scale = scale,
            None => refuse("time_scale", &text, SCALE_HELP),
        }
    }
    clock
}

/// Tracks as YAML lists them. Where in the text a value stands is not known.
fn yaml_tracks(
    source: &Source,
    span: &Span,
    value: &serde_json::Value,
    findings: &Findings,
) -> Vec<At<TrackEntry>> {
    let at = span.start..span.start;
    let wrong =
        |code, message: String, help: &str| report_at(source, at.clone(), code, message, help, findings);
    let mut tracks = Vec::new();
    for item in value.as_array().into_iter().flatten() {
        let file = scalar(item).or_else(|| scalar(&item["file"]));
        let mut entry =
            TrackEntry { file: file.map(|value| At { value, span: at.clone() }), ..TrackEntry::default() };
        match scalar(&item["lang"]).map(|tag| Lang::parse(&tag)) {
            Some(Ok(lang)) => entry.lang = Some(lang),
            Some(Err(problem)) => wrong("language-tag", problem, "use tags such as zh-Hans, en, pt-BR"),
            None => {}
        }
        entry.clock = yaml_clock(item, wrong);
        tracks.push(At { value: entry, span: at.clone() });
    }
    tracks
}

fn scalar(value: &serde_json::Value) -> Option<String> {
    let text = match value {
        serde_json::Value::String(text) => {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            without_controls(&words).into_owned()
        }
        serde_json::Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn scalars(value: &serde_json::Value) -> Option<Vec<String>> {
    match value {
        serde_json::Value::Array(items) => Some(items.iter().filter_map(scalar).collect()),
        other => scalar(other).map(|one| vec![one]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (FrontMatter, String, Vec<Diagnostic>) {
        let source = Source::new("content/a.txt", text);
        let findings = Findings::default();
        let (matter, rest) = read_front_matter(&source, &findings);
        let rest = source.text[rest].to_owned();
        (matter, rest, findings.into_inner())
    }

    #[test]
    fn toml_front_matter_is_taken_off_the_text() {
        let (matter, rest, findings) = read(
            "+++\ntitle = { en = \"A\", \"zh-Hans\" = \"甲\" }\ndate = 2026-03-14\nduration = \"1:00\"\nhighlights = [\"words\", { from = \"a\", to = \"b\" }]\n+++\nbody\n",
        );
        assert_eq!(findings, []);
        assert_eq!(rest, "body\n");
        assert_eq!(matter.date, "2026-03-14".parse().ok());
        assert_eq!(matter.duration, Some(Millis(60_000)));
        assert_eq!(matter.highlights.len(), 2);
    }

    #[test]
    fn a_clock_is_set_right_by_seconds_or_a_clock() {
        for (written, shift) in
            [("-2.4", -2400), ("3", 3000), ("\"-0:02.4\"", -2400), ("\"+1:00:00\"", 3_600_000)]
        {
            let (matter, _, findings) =
                read(&format!("+++\ntime_shift = {written}\ntime_scale = 1.001\n+++\n"));
            assert_eq!((findings.len(), matter.clock), (0, Retime { shift, scale: 1.001 }), "{written}");
        }
        let (matter, _, findings) = read("+++\ntime_shift = \"soon\"\ntime_scale = -1\n+++\n");
        assert_eq!((findings.len(), matter.clock), (2, Retime::default()));
    }

    #[test]
    fn every_mistake_is_reported_in_one_run_at_its_place() {
        let (.., findings) = read("+++\ntitel = \"A\"\nseason = \"one\"\nduration = \"long\"\n+++\n");
        let places: Vec<_> = findings
            .iter()
            .map(|finding| (finding.code.0.as_ref(), finding.place.as_ref().unwrap().line))
            .collect();
        assert_eq!(places, [("wrong-type", 3), ("duration", 4), ("unknown-key", 2)]);
        assert_eq!(findings[2].help.as_deref(), Some("did you mean `title`?"));
    }

    #[test]
    fn escapes_write_no_control_characters_and_links_run_nothing() {
        let (matter, _, findings) = read(
            "+++\ntitle = \"a\\u0001b\"\ntags = [\"\\u001Bx\"]\nlinks = [\"javascript:a\", \"https://b.c\"]\n+++\n",
        );
        assert!(matter.title.unwrap().says("ab"));
        assert_eq!((matter.tags, matter.links.len()), (vec!["x".to_owned()], 1));
        let codes: Vec<_> = findings.iter().map(|finding| finding.code.0.clone()).collect();
        assert_eq!(codes, ["control-characters", "control-characters", "unsafe-link"]);
        let (matter, ..) = read("---\ntitle: \"a\\x01b\"\n---\n");
        assert!(matter.title.unwrap().says("ab"));
    }

    #[test]
    fn yaml_of_other_tools_is_taken_for_what_it_says() {
        let (matter, rest, findings) =
            read("---\ntitle: 'A\n  b'\ntags:\n- x\n- y\ndate: 2021-11-16\nwhatever: 1\n---\nText\n");
        assert_eq!(findings, []);
        assert!(matter.title.unwrap().says("A b"));
        assert_eq!(matter.tags, ["x", "y"]);
        assert_eq!(matter.date, "2021-11-16".parse().ok());
        assert_eq!(rest, "Text\n");
    }

    #[test]
    fn what_was_glanced_at_holds_for_a_text_that_begins_with_it() {
        let source = |text: &str| Source::new("a.md", text);
        let glance = |text: &str| Glanced::read(&source(text)).1;
        let start = "+++\ntitle = \"A\"\n+++\nOne";
        let whole = source(&format!("{start} two"));
        let (matter, rest) = glance(start).and_then(|glanced| glanced.of(&whole)).expect("it is the same");
        assert!(matter.title.is_some_and(|title| title.says("A")));
        assert_eq!(&whole.text[rest], "One two");
        assert!(glance(start).and_then(|glanced| glanced.of(&source("+++\n+++\nOne"))).is_none());
        assert!(glance("One").is_none(), "there is nothing to keep");
        assert!(glance("+++\ntitle = \"A\"\n+++").is_none(), "`+++x` would be no fence");
        assert!(glance("+++\ntitel = \"A\"\n+++\n").is_none(), "what is wrong is said by who reads it all");
    }

    #[test]
    fn a_rule_at_the_top_of_a_text_is_not_front_matter() {
        let (_, rest, findings) = read("---\njust a line\n");
        assert_eq!((rest.as_str(), findings.len()), ("---\njust a line\n", 0));
    }
}
