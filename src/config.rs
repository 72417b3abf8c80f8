//! `site.toml` → `Config`: every setting with its default in one place. Never reads a file.

use std::path::PathBuf;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::channel::FeedSettings;
use crate::codes::read_allowed;
use crate::diagnostic::Diagnostic;
use crate::glossary::Glossary;
use crate::lang::{Lang, Reading};
use crate::readings::{Readings, fits};
use crate::slug::BaseUrl;
use crate::source::{Limits, Source};
use crate::table::{Fields, Findings, read_toml};
use crate::text::Localized;

/// Everything that `site.toml` and the command line decide.
#[derive(Clone, Debug)]
pub struct Config {
    /// The archive's name; without one, the name of its only show, else a word of the interface.
    pub title: Option<Localized>,
    pub description: Option<Localized>,
    pub base_url: BaseUrl,
    /// Languages in reading order; empty: found from the transcripts.
    pub languages: Vec<Lang>,
    pub build: BuildConfig,
    pub pages: PagesConfig,
    /// `[feed]`: of the feed of all shows, and of each show that says nothing itself.
    pub feed: FeedSettings,
    /// `[transcripts] formats`: what transcripts are published in beside their page. Without it,
    /// what most can use: see `transcript_files`.
    pub transcript_formats: Option<Vec<TranscriptFormat>>,
    /// `[check] allow`: codes that `check` keeps to itself.
    pub allow: Vec<String>,
    /// `[limits]`.
    pub limits: Limits,
    /// `[transcripts] readings`: how words are read, where that is not as usual.
    pub readings: Readings,
    /// `[transcripts] glossary`: terms by which tracks pair.
    pub glossary: Glossary,
    /// `[theme]`: what the templates know as `site.theme`.
    pub theme: Map<String, Value>,
    /// `[extra]`: the site's own, as `site.extra`.
    pub extra: Map<String, Value>,
}

/// `[build]`.
#[derive(Clone, Debug)]
pub struct BuildConfig {
    /// Where the site goes, from the project's root.
    pub output: PathBuf,
    /// Whether episodes with `draft = true` are built.
    pub drafts: bool,
    /// Whether templates are minified when they load.
    pub minify: bool,
    /// How many entries a list shows before it goes on on a second page.
    pub page_size: usize,
    /// How many items a feed holds, the newest first.
    pub feed_size: usize,
    /// Files in `content/` that are not part of the archive, as globs from `content/`.
    pub ignore: GlobSet,
}

/// `[pages]`: what is published beside the pages.
#[derive(Clone, Copy, Debug)]
pub struct PagesConfig {
    /// Whether each page also exists in each of the site's languages alone.
    pub twins: bool,
    /// Whether each episode is a Markdown file too.
    pub markdown: bool,
    /// Whether there is an `llms.txt`.
    pub llms: bool,
}

/// A form in which a transcript is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum TranscriptFormat {
    Json,
    Vtt,
    Srt,
    Txt,
    Md,
    PodcastJson,
    Tsv,
    Tmx,
    /// How Han characters are read, for learners.
    Pinyin,
}

impl TranscriptFormat {
    const ALL: [TranscriptFormat; 9] = [
        TranscriptFormat::Json,
        TranscriptFormat::Vtt,
        TranscriptFormat::Srt,
        TranscriptFormat::Txt,
        TranscriptFormat::Md,
        TranscriptFormat::PodcastJson,
        TranscriptFormat::Tsv,
        TranscriptFormat::Tmx,
        TranscriptFormat::Pinyin,
    ];

    pub fn names() -> [&'static str; 9] {
        Self::ALL.map(TranscriptFormat::name)
    }

    pub fn named(name: &str) -> Option<TranscriptFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What settings and the command line call it.
    pub fn name(self) -> &'static str {
        self.facts().0
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        self.facts().1
    }

    pub fn media_type(self) -> &'static str {
        self.facts().2
    }

    fn facts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            TranscriptFormat::Json => ("json", "JSON", "application/json"),
            TranscriptFormat::Vtt => ("vtt", "WebVTT", "text/vtt"),
            TranscriptFormat::Srt => ("srt", "SubRip", "application/x-subrip"),
            TranscriptFormat::Txt => ("txt", "TXT", "text/plain"),
            TranscriptFormat::Md => ("md", "Markdown", "text/markdown"),
            TranscriptFormat::PodcastJson => ("podcast-json", "Podcast JSON", "application/json"),
            TranscriptFormat::Tsv => ("tsv", "TSV", "text/tab-separated-values"),
            TranscriptFormat::Tmx => ("tmx", "TMX", "application/x-tmx+xml"),
            TranscriptFormat::Pinyin => ("pinyin", "Pinyin", "application/json"),
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            TranscriptFormat::PodcastJson => "json",
            TranscriptFormat::Pinyin => "pinyin.json",
            other => other.name(),
        }
    }

    /// Whether programs that read it show one language, so that each has a file.
    pub fn is_per_lang(self) -> bool {
        matches!(self, TranscriptFormat::Vtt | TranscriptFormat::PodcastJson | TranscriptFormat::Pinyin)
    }

    /// Whether every cue must have a time.
    pub fn needs_times(self) -> bool {
        matches!(self, TranscriptFormat::Vtt | TranscriptFormat::Srt | TranscriptFormat::PodcastJson)
    }

    /// Whether it can be made of a transcript in a language.
    pub fn takes(self, lang: &Lang) -> bool {
        self != TranscriptFormat::Pinyin || lang.reading() == Some(Reading::Pinyin)
    }

    /// Whether it holds nothing but lines in two languages.
    pub fn needs_pairs(self) -> bool {
        self == TranscriptFormat::Tmx
    }

    /// Whether feeds announce it. What podcast programs take for JSON is a form of its own, and
    /// tables, pairs and readings are for people who work on a text.
    pub fn is_announced(self) -> bool {
        use TranscriptFormat::{Json, Pinyin, Tmx, Tsv};
        !matches!(self, Json | Tsv | Tmx | Pinyin)
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: None,
            description: None,
            base_url: BaseUrl::parse("/").expect("a bare slash is a base path"),
            languages: Vec::new(),
            build: BuildConfig {
                output: PathBuf::from("public"),
                drafts: false,
                minify: true,
                page_size: 50,
                feed_size: 50,
                ignore: GlobSet::empty(),
            },
            pages: PagesConfig { twins: false, markdown: false, llms: true },
            feed: FeedSettings::default(),
            transcript_formats: None,
            readings: Readings::none(),
            glossary: Glossary::default(),
            allow: Vec::new(),
            limits: Limits::default(),
            theme: default_theme(),
            extra: Map::new(),
        }
    }
}

/// The keys of `[theme]` that the default theme reads.
fn default_theme() -> Map<String, Value> {
    let mut theme = Map::new();
    theme.insert("accent".into(), Value::Null);
    theme.insert("footer".into(), Value::Null);
    theme.insert("learners".into(), Value::Bool(false));
    theme
}

impl Config {
    /// Reads `site.toml`. Mistakes are reported, and the default stands in.
    pub fn read(source: &Source, findings: &Findings) -> Config {
        let whole = 0..source.text.len();
        read_toml(source, whole, findings, Config::from_fields).unwrap_or_default()
    }

    fn from_fields(mut fields: Fields) -> Config {
        let mut config = Config {
            title: fields.text("title"),
            description: fields.text("description"),
            languages: fields.langs("languages").unwrap_or_default(),
            ..Config::default()
        };
        if let Some(url) = fields.string("base_url") {
            match BaseUrl::parse(&url.value) {
                Ok(base) => config.base_url = base,
                Err(problem) => fields.report(
                    Diagnostic::error("base-url", problem)
                        .help("write it whole: \"https://name.github.io/repo/\""),
                    url.span,
                ),
            }
        }
        if let Some(mut build) = fields.table("build") {
            config.build.read(&mut build);
            build.finish();
        }
        if let Some(mut pages) = fields.table("pages") {
            config.pages.read(&mut pages);
            pages.finish();
        }
        if let Some(mut feed) = fields.table("feed") {
            config.feed = FeedSettings::read(&mut feed);
            feed.finish();
        }
        if let Some(mut transcripts) = fields.table("transcripts") {
            config.transcript_formats = read_formats(&mut transcripts);
            config.readings = read_readings(&mut transcripts);
            config.glossary = Glossary::read(&mut transcripts);
            transcripts.finish();
        }
        if let Some(mut check) = fields.table("check") {
            config.allow = read_allowed(&mut check);
            check.finish();
        }
        if let Some(mut limits) = fields.table("limits") {
            config.limits = read_limits(&mut limits);
            limits.finish();
        }
        config.theme.extend(fields.anything("theme"));
        config.check_accent(&fields);
        config.extra = fields.anything("extra");
        fields.finish();
        config
    }
}

impl Config {
    /// The accent stands in a style sheet of every page, so it must be a colour and no more.
    fn check_accent(&mut self, fields: &Fields) {
        let Some(accent) = self.theme.get("accent").and_then(Value::as_str) else {
            return;
        };
        if !is_colour(accent) {
            let message = format!("`{}` is not a colour", crate::text::shortened(accent, 40));
            let finding = Diagnostic::error("colour", message)
                .help("write a name, \"#b3392f\", or a function such as \"rgb(179 57 47)\"");
            fields.report(finding, fields.place_of("theme"));
            self.theme.insert("accent".into(), Value::Null);
        }
    }
}

/// Whether a text is in the form of a CSS colour: nothing in it ends a declaration, opens a string
/// or asks for a file.
fn is_colour(text: &str) -> bool {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '#' | '(' | ')' | ',' | '.' | '%' | '/' | ' ' | '-' | '+')
    };
    let mut depth = 0i32;
    let balanced = text.bytes().all(|byte| {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        depth >= 0
    });
    let comment = text.contains("/*") || text.contains("//");
    let asks = ["url(", "src(", "image("].iter().any(|name| text.to_ascii_lowercase().contains(name));
    !text.trim().is_empty() && text.chars().all(plain) && balanced && depth == 0 && !comment && !asks
}

/// Each format once, however often it is listed.
fn read_readings(fields: &mut Fields) -> Readings {
    let words = fields.string_map("readings");
    for (word, read) in words.iter().filter(|(word, read)| !fits(&word.value, &read.value)) {
        let count = word.value.chars().count();
        let message =
            format!("`{}` is not read in {count} syllables", crate::text::shortened(&word.value, 40));
        let finding = Diagnostic::error("reading", message);
        fields.report(finding.help("write a syllable per character, with spaces between"), read.span.clone());
    }
    Readings::new(words.into_iter().map(|(word, read)| (word.value, read.value)))
}

fn read_formats(fields: &mut Fields) -> Option<Vec<TranscriptFormat>> {
    let mut formats = Vec::new();
    for name in fields.strings("formats")? {
        match TranscriptFormat::named(&name.value) {
            Some(format) if formats.contains(&format) => {}
            Some(format) => formats.push(format),
            None => {
                let names = TranscriptFormat::names();
                let message = format!(
                    "`{}` is no format that transcripts are written in",
                    crate::text::shortened(&name.value, 40)
                );
                let finding = Diagnostic::error("transcript-format", message)
                    .help(format!("the formats are {}", names.join(", ")));
                fields.report(finding, name.span);
            }
        }
    }
    Some(formats)
}

fn read_limits(fields: &mut Fields) -> Limits {
    let usual = Limits::default();
    Limits {
        file_size: fields.integer("file_size", 1).map_or(usual.file_size, u64::from),
        line_length: fields.integer("line_length", 1).map_or(usual.line_length, |length| length as usize),
        nesting: fields.integer("nesting", 1).map_or(usual.nesting, |depth| depth as usize),
    }
}

impl BuildConfig {
    fn read(&mut self, fields: &mut Fields) {
        if let Some(output) = fields.string("output") {
            self.output = PathBuf::from(output.value);
        }
        self.drafts = fields.boolean("drafts").unwrap_or(self.drafts);
        self.minify = fields.boolean("minify").unwrap_or(self.minify);
        let page_size = fields.integer("page_size", 1);
        self.page_size = page_size.map_or(self.page_size, |size| size as usize);
        let feed_size = fields.integer("feed_size", 1);
        self.feed_size = feed_size.map_or(self.feed_size, |size| size as usize);
        let mut globs = GlobSetBuilder::new();
        for pattern in fields.strings("ignore").unwrap_or_default() {
            match Glob::new(&pattern.value) {
                Ok(glob) => {
                    globs.add(glob);
                }
                Err(error) => {
                    fields.report(Diagnostic::error("glob", error.kind().to_string()), pattern.span)
                }
            }
        }
        self.ignore = globs.build().unwrap_or_else(|_| GlobSet::empty());
    }
}

impl PagesConfig {
    fn read(&mut self, fields: &mut Fields) {
        self.twins = fields.boolean("twins").unwrap_or(self.twins);
        self.markdown = fields.boolean("markdown").unwrap_or(self.markdown);
        self.llms = fields.boolean("llms").unwrap_or(self.llms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_a_colour_and_no_more() {
        for colour in
            ["#b3392f", "teal", "rgb(179 57 47 / 50%)", "oklch(0.6 0.1 30)", "color-mix(in oklab, red, #fff)"]
        {
            assert!(is_colour(colour), "{colour}");
        }
        for other in
            ["red; } * { color: blue", "url(//a.b/c)", "</style>", "red /* ", "rgb(", ")", "", "red\\"]
        {
            assert!(!is_colour(other), "{other}");
        }
    }

    #[test]
    fn limits_have_defaults_and_take_whole_numbers() {
        let findings = Findings::default();
        let config = Config::read(&Source::new("site.toml", "[limits]\nnesting = 7\n"), &findings);
        assert_eq!(config.limits, Limits { nesting: 7, ..Limits::default() });
        assert!(findings.borrow().is_empty());
        Config::read(&Source::new("site.toml", "[limits]\nnesting = 0\nfile_size = \"1 MB\"\n"), &findings);
        let codes: Vec<_> = findings.borrow().iter().map(|finding| finding.code.0.clone()).collect();
        assert_eq!(codes, ["wrong-type", "wrong-type"]);
    }
}
