//! Loads the templates, the theme's and the site's own over them, and renders them.
//! Templates are minified here, once; pages never are.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use tera::value::Key as Name;
use tera::{Context, Kwargs, Map, State, StringInput, Tera, Value};

use super::minify::{minify, minify_file};
use super::words::Words;
use crate::bytes::wide;
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::lang::Lang;
use crate::source::Source;
use crate::table::Findings;
use crate::text::any_byte;

/// The default theme, in the binary: name below `templates/` and text.
const THEME: &[(&str, &str)] = &[
    ("404.html", include_str!("../../templates/404.html")),
    ("about.html", include_str!("../../templates/about.html")),
    ("base.html", include_str!("../../templates/base.html")),
    ("components.html", include_str!("../../templates/components.html")),
    ("episode.html", include_str!("../../templates/episode.html")),
    ("episodes.html", include_str!("../../templates/episodes.html")),
    ("home.html", include_str!("../../templates/home.html")),
    ("quotes.html", include_str!("../../templates/quotes.html")),
    ("show.html", include_str!("../../templates/show.html")),
    ("shows.html", include_str!("../../templates/shows.html")),
    ("speaker.html", include_str!("../../templates/speaker.html")),
    ("speakers.html", include_str!("../../templates/speakers.html")),
    ("tag.html", include_str!("../../templates/tag.html")),
    ("tags.html", include_str!("../../templates/tags.html")),
    ("ui/en.toml", include_str!("../../templates/ui/en.toml")),
    ("ui/zh-Hans.toml", include_str!("../../templates/ui/zh-Hans.toml")),
    ("ui/zh-Hant.toml", include_str!("../../templates/ui/zh-Hant.toml")),
];

/// The theme's static files: name below `static/` and bytes.
const STATICS: &[(&str, &[u8])] = &[
    ("apple-touch-icon.png", include_bytes!("../../static/apple-touch-icon.png")),
    ("bar.js", include_bytes!("../../static/bar.js")),
    ("columns.js", include_bytes!("../../static/columns.js")),
    ("contents.js", include_bytes!("../../static/contents.js")),
    ("diglot.css", include_bytes!("../../static/diglot.css")),
    ("diglot.js", include_bytes!("../../static/diglot.js")),
    ("words.js", include_bytes!("../../static/words.js")),
    ("find.js", include_bytes!("../../static/find.js")),
    ("learn.css", include_bytes!("../../static/learn.css")),
    ("learn.js", include_bytes!("../../static/learn.js")),
    ("lists.css", include_bytes!("../../static/lists.css")),
    ("lines.js", include_bytes!("../../static/lines.js")),
    ("links.js", include_bytes!("../../static/links.js")),
    ("pick.js", include_bytes!("../../static/pick.js")),
    ("player.css", include_bytes!("../../static/player.css")),
    ("player.js", include_bytes!("../../static/player.js")),
    ("favicon.svg", include_bytes!("../../static/favicon.svg")),
    ("icon-512.png", include_bytes!("../../static/icon-512.png")),
    ("list.js", include_bytes!("../../static/list.js")),
    ("modes.js", include_bytes!("../../static/modes.js")),
    ("return.js", include_bytes!("../../static/return.js")),
    ("voices.js", include_bytes!("../../static/voices.js")),
];

/// A static file of the theme.
pub struct ThemeFile {
    pub name: &'static str,
    /// Its bytes as its authors wrote it.
    pub written: &'static [u8],
    /// The same, shorter, once they were asked for.
    short: OnceLock<Cow<'static, [u8]>>,
}

impl ThemeFile {
    /// Its bytes; `minified`, a script or a style sheet is shorter and does the same.
    pub fn bytes(&self, minified: bool) -> &[u8] {
        let short = || minify_file(self.name, self.written);
        if minified { self.short.get_or_init(short) } else { self.written }
    }
}

/// The theme's static files.
pub fn theme_files() -> &'static [ThemeFile] {
    static FILES: OnceLock<Vec<ThemeFile>> = OnceLock::new();
    let file =
        |(name, written): &(&'static str, &'static [u8])| ThemeFile { name, written, short: OnceLock::new() };
    FILES.get_or_init(|| STATICS.iter().map(file).collect())
}

/// The template that takes over the markup of a cue, where a site has one.
const CUE: &str = "cue.html";

/// The template of the components that all pages share.
const COMPONENTS: &str = "components.html";

/// Templates ready to render.
pub struct Templates {
    tera: Tera,
    /// The words of pages in all languages, and of those in one.
    words: Words,
    editions: Vec<(Lang, Words)>,
    /// The templates as they were written, where the ones above are minified, and what they need:
    /// an error is told by the author's own lines.
    written: Vec<(String, String)>,
    assets: BTreeMap<String, String>,
    /// Per template, what it and all that it calls are made of.
    keys: BTreeMap<String, Key>,
    /// Whether the component of cards takes one that was made before.
    takes_made_cards: bool,
    /// Whether the site has no templates of its own.
    is_theme: bool,
}

/// How templates are loaded.
pub struct TemplateOptions<'a> {
    /// The site's languages, in reading order.
    pub langs: &'a [Lang],
    /// Whether there are pages in one language each.
    pub editions: bool,
    pub minify: bool,
    /// Address of each static file by its name.
    pub assets: BTreeMap<String, String>,
}

impl Templates {
    /// Loads the theme and `own`, the site's files below `templates/` by name; a file of the same
    /// name takes the theme's place. Mistakes in them are reported.
    pub fn load(own: &[Source], options: TemplateOptions, findings: &Findings) -> Option<Templates> {
        let mut files: BTreeMap<&str, Cow<str>> =
            THEME.iter().map(|(name, text)| (*name, Cow::Borrowed(*text))).collect();
        for source in own {
            let name = source.path.strip_prefix("templates/").unwrap_or(&source.path);
            files.insert(name, Cow::Borrowed(&source.text));
        }
        let words = Words::load(&files, options.langs, findings);
        let editions = options.langs.iter().filter(|_| options.editions);
        let editions = editions.map(|lang| {
            (lang.clone(), Words::load(&files, std::slice::from_ref(lang), &Findings::default()))
        });
        let editions = editions.collect();
        let written: Vec<(String, String)> = files
            .iter()
            .filter(|(name, _)| name.ends_with(".html") || name.ends_with(".xml"))
            .map(|(name, text)| ((*name).to_owned(), text.to_string()))
            .collect();
        let ready = |(name, text): &(String, String)| {
            let minified = options.minify && name.ends_with(".html");
            (name.clone(), if minified { minify(text) } else { text.clone() })
        };
        let loaded = load(written.iter().map(ready), &options.assets);
        match loaded {
            Ok(tera) => {
                let keys = written
                    .iter()
                    .map(|(name, _)| (name.clone(), template_key(name, &written, &options)))
                    .collect();
                let takes_made_cards =
                    written.iter().any(|(name, text)| name == COMPONENTS && text.contains("card.made"));
                let assets = options.assets;
                let is_theme = own.is_empty();
                Some(Templates { tera, words, editions, written, assets, keys, takes_made_cards, is_theme })
            }
            Err(error) => {
                // The original says the place better than the minified text does.
                let error = load(written.iter().cloned(), &options.assets).err().unwrap_or(error);
                findings.borrow_mut().push(
                    Diagnostic::error("template", format!("a template cannot be read: {}", told(&error)))
                        .help("see docs/templates.md for what templates can say"),
                );
                None
            }
        }
    }

    /// The words of the interface, on pages in all languages or in `only` one.
    pub fn words(&self, only: Option<&Lang>) -> &Words {
        let own = only.and_then(|lang| self.editions.iter().find(|(own, _)| own == lang));
        own.map_or(&self.words, |(_, words)| words)
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> Option<&str> {
        self.assets.get(name).map(String::as_str)
    }

    /// The key of a template with all that it calls.
    pub fn key(&self, name: &str) -> Key {
        self.keys.get(name).copied().unwrap_or_default()
    }

    /// Whether the site brings its own markup for a cue.
    pub fn has_cue(&self) -> bool {
        self.tera.contains_template(CUE)
    }

    /// Appends one cue by the site's own template.
    pub fn render_cue(&self, cue: &impl serde::Serialize, out: &mut Vec<u8>) -> Result<(), String> {
        let mut context = Context::new();
        context.insert("cue", cue);
        self.tera.render_to(CUE, &context, out).map_err(|error| self.explained(CUE, &context, &error))
    }

    /// A card with its markup as lists of several shows have it, where the component of cards takes
    /// that. What is wrong with it is told by the first page that shows it.
    pub fn with_markup(&self, card: Value, say: Value) -> Value {
        if !self.takes_made_cards {
            return card;
        }
        let (mut own, mut around) = (Context::new(), Context::new());
        own.insert_value("card", card.clone());
        around.insert_value("say", say);
        let Ok(made) = self.tera.render_component_with_implicits("card", &own, &around, None, true) else {
            return card;
        };
        drop(own);
        // The theme shows nothing else of a card, and thousands of them are kept.
        let rest = if self.is_theme { Map::new() } else { card.into_map().expect("a card is a struct") };
        let made = [(Name::Str("made"), Value::safe_string(made.trim()))];
        rest.into_iter().chain(made).collect::<Map>().into()
    }

    /// Renders a template.
    pub fn render(&self, name: &str, context: &Context) -> Result<Vec<u8>, String> {
        let mut page = Vec::with_capacity(16 * 1024);
        self.tera
            .render_to(name, context, &mut page)
            .map_err(|error| self.explained(name, context, &error))?;
        Ok(page)
    }
}

impl Templates {
    /// What an error says of the templates as they were written.
    fn explained(&self, name: &str, context: &Context, error: &tera::Error) -> String {
        let original = load(self.written.iter().cloned(), &self.assets)
            .and_then(|tera| tera.render_to(name, context, std::io::sink()));
        told(original.as_ref().err().unwrap_or(error))
    }
}

fn load(
    templates: impl Iterator<Item = (String, String)>,
    assets: &BTreeMap<String, String>,
) -> tera::TeraResult<Tera> {
    let texts: Vec<(String, String)> = templates.collect();
    let mut tera = Tera::default();
    tera.autoescape_on(vec![".html", ".xml"]);
    register(&mut tera, assets.clone());
    tera.add_raw_templates(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    Ok(tera)
}

/// The key of a template: its text, those of the templates it names or could call, and the
/// addresses of the static files that these ask for.
fn template_key(name: &str, written: &[(String, String)], options: &TemplateOptions) -> Key {
    let mut reached: Vec<&str> = vec![name];
    let mut texts: Vec<(&str, &str)> = Vec::new();
    while let Some(name) = reached.pop() {
        let Some((name, text)) = written.iter().find(|(own, _)| own == name) else {
            continue;
        };
        if texts.iter().any(|(known, _)| known == name) {
            continue;
        }
        texts.push((name, text));
        let calls = |(other, own): &&(String, String)| {
            // A component can be called from anywhere by its own name.
            text.contains(other.as_str())
                || own.contains("component")
                || chooses(text, &["include", "extends"])
        };
        reached.extend(written.iter().filter(calls).map(|(other, _)| other.as_str()));
        if name == "episode.html" {
            reached.push(CUE);
        }
    }
    texts.sort_unstable();
    let any = texts.iter().any(|(_, text)| chooses(text, &["path="]));
    let assets: Vec<_> = options
        .assets
        .iter()
        .filter(|(name, _)| any || texts.iter().any(|(_, text)| text.contains(name.as_str())))
        .collect();
    key_of(&(options.minify, texts, assets))
}

/// Whether a word in a template is followed by something that is worked out rather than written.
fn chooses(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.match_indices(word)
            .any(|(at, _)| !text[at + word.len()..].trim_start().starts_with(['"', '\'', '`']))
    })
}

/// An error of the template engine, without the word that stands before it anyway.
fn told(error: &tera::Error) -> String {
    let text = error.to_string();
    text.trim_start_matches("error: ").to_owned()
}

fn register(tera: &mut Tera, assets: BTreeMap<String, String>) {
    tera.register_function("asset", move |arguments: Kwargs, _: &State| -> tera::TeraResult<String> {
        let path: &str = arguments.must_get("path")?;
        let known = assets.get(path);
        known.cloned().ok_or_else(|| tera::Error::message(format!("there is no file static/{path}")))
    });
    tera.register_filter("runs", |texts: Value, _: Kwargs, state: &State| {
        in_elements(&texts, "span", " ", state)
    });
    tera.register_filter("paragraphs", |texts: Value, _: Kwargs, state: &State| {
        in_elements(&texts, "p", "", state)
    });
    tera.register_filter(
        "fill",
        |text: StringInput, arguments: Kwargs, state: &State| -> tera::TeraResult<Value> {
            let mut filled = text.as_str().to_owned();
            for key in ["n", "share", "page", "pages", "name", "title"] {
                if let Some(value) = arguments.get::<Value>(key)? {
                    let value = value.to_string();
                    let value = if text.is_safe() { state.escape(&value)? } else { value };
                    filled = filled.replace(&format!("{{{key}}}"), &value);
                }
            }
            Ok(text.inherit_safety(filled))
        },
    );
    tera.register_filter("count", |words: Value, arguments: Kwargs, _: &State| -> tera::TeraResult<Value> {
        let key: &str = arguments.must_get("key")?;
        let number: u64 = arguments.must_get("n")?;
        let single = format!("{key}_one");
        let one = (number == 1).then(|| words.get_from_path(&single)).flatten();
        let word = one.or_else(|| words.get_from_path(key)).cloned().unwrap_or_else(|| Value::from(key));
        let text = word.as_str().unwrap_or(key).replace("{n}", &number.to_string());
        Ok(if word.is_safe() { Value::safe_string(&text) } else { Value::from(text) })
    });
}

/// A text in all its languages, each in an element of its own.
fn in_elements(texts: &Value, element: &str, gap: &str, state: &State) -> tera::TeraResult<Value> {
    let no_text = || tera::Error::message("this is no text: a list of `{lang, dir, text}`");
    let mut html = String::new();
    for text in texts.as_array().ok_or_else(no_text)? {
        let fields = text.as_map().ok_or_else(no_text)?;
        let field = |name| fields.get(&Name::Str(name)).and_then(Value::as_str).ok_or_else(no_text);
        let (dir, lang, words) = (field("dir")?, field("lang")?, escaped(field("text")?, state)?);
        let (dir, lang) = (escaped(dir, state)?, escaped(lang, state)?);
        html.reserve(words.len() + 64);
        if !html.is_empty() {
            html.push_str(gap);
        }
        for piece in ["<", element, " dir=\"", &dir, "\" lang=\"", &lang, "\">", &words, "</", element, ">"] {
            html.push_str(piece);
        }
    }
    Ok(Value::safe_string(&html))
}

/// A text as the template engine escapes it: most have nothing to escape.
fn escaped<'t>(text: &'t str, state: &State) -> tera::TeraResult<Cow<'t, str>> {
    Ok(if means_something(text.as_bytes()) { Cow::Owned(state.escape(text)?) } else { Cow::Borrowed(text) })
}

wide! {
    fn means_something = any_means_something(text: &[u8]) -> bool;
}

/// Whether a text has a character that may mean something in HTML.
#[inline(always)]
fn any_means_something(text: &[u8]) -> bool {
    any_byte(text, |byte| {
        (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == b'\'') | (byte == b'/')
    })
}

/// What plain data looks like to templates.
pub fn value_of(view: &(impl serde::Serialize + ?Sized)) -> tera::Value {
    tera::Value::from_serializable(view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_become_an_attribute() {
        let own = [Source::new("templates/404.html", "<p title=\"{{site.title}}\">x</p>")];
        let lang = Lang::parse("en").unwrap();
        let langs = std::slice::from_ref(&lang);
        let options = TemplateOptions { langs, editions: false, minify: true, assets: BTreeMap::new() };
        let templates = Templates::load(&own, options, &Findings::default()).unwrap();
        let mut context = Context::new();
        context.insert("site", &serde_json::json!({"title": "a onmouseover=x \"'"}));
        let page = String::from_utf8(templates.render("404.html", &context).unwrap()).unwrap();
        assert_eq!(page, "<p title=\"a onmouseover=x &quot;&#39;\">x</p>");
    }

    #[test]
    fn scripts_and_style_sheets_get_shorter_and_nothing_else_changes() {
        for file in theme_files() {
            let (name, written, short) = (file.name, file.written, file.bytes(true));
            let is_text = name.ends_with(".js") || name.ends_with(".css");
            let room = if is_text { written.len() * 9 / 10 } else { written.len() };
            assert!(short.len() <= room && (is_text || written == short), "{name}: {}", short.len());
            assert_eq!(file.bytes(false), written);
        }
    }

    #[test]
    fn the_binary_carries_every_file_of_the_theme() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for (folder, known) in [
            ("templates", THEME.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
            ("static", STATICS.iter().map(|(name, _)| *name).collect()),
        ] {
            let mut found: Vec<String> = walkdir::WalkDir::new(root.join(folder))
                .into_iter()
                .filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_file())
                .map(|entry| entry.path().strip_prefix(root.join(folder)).unwrap().display().to_string())
                .collect();
            found.sort();
            let mut known = known;
            known.sort_unstable();
            assert_eq!(found, known, "{folder}");
        }
    }
}
