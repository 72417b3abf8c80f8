//! Names in addresses, and the paths made of them: `Slug` for one segment, `SitePath` for a file
//! of the built site. The only place that turns a path into a URL.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::lang::Lang;

/// The longest segment, in bytes: file systems take 255, and a page number may follow.
const MAX_BYTES: usize = 120;

/// Names that Windows keeps for devices, with any extension.
const RESERVED: &[&str] = &[
    "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// One segment of an address: lower-case letters, digits and marks of any script, joined by `-`.
/// Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slug(String);

impl Slug {
    /// Makes a slug of any text. Symbols that tell names apart (`C++`, `C#`, `R&D`) become words;
    /// a text without a letter or digit becomes a digest of itself.
    pub fn new(text: &str) -> Slug {
        let mut slug = String::with_capacity(text.len());
        let mut gap = false;
        let put = |slug: &mut String, gap: &mut bool, part: &str| {
            if *gap && !slug.is_empty() {
                slug.push('-');
            }
            *gap = false;
            slug.push_str(part);
        };
        for character in text.nfkc().flat_map(char::to_lowercase) {
            let word = match character {
                '+' => Some("plus"),
                '#' => Some("sharp"),
                '&' => Some("and"),
                '@' => Some("at"),
                '%' => Some("percent"),
                _ => None,
            };
            if let Some(word) = word {
                gap |= character == '&' || character == '@';
                put(&mut slug, &mut gap, word);
                gap |= character == '&' || character == '@';
            } else if is_part(character, !slug.is_empty() && !gap) {
                put(&mut slug, &mut gap, character.encode_utf8(&mut [0; 4]));
            } else if character != '\'' && character != '’' {
                gap = true;
            }
        }
        let slug: String = slug.nfc().collect();
        Slug(made_safe(slug, text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character stands in a slug. A mark needs a letter before it: without one it would
/// change places when the name is read again.
fn is_part(character: char, follows: bool) -> bool {
    if is_combining_mark(character) { follows } else { character.is_alphanumeric() }
}

fn made_safe(slug: String, text: &str) -> String {
    if slug.is_empty() {
        return format!("x-{}", short_digest(text));
    }
    if RESERVED.contains(&slug.as_str()) {
        return format!("{slug}-x");
    }
    if slug.len() <= MAX_BYTES {
        return slug;
    }
    let cut = slug.floor_char_boundary(MAX_BYTES - 9);
    format!("{}-{}", slug[..cut].trim_end_matches('-'), short_digest(text))
}

fn short_digest(text: &str) -> String {
    format!("{:08x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()) as u32)
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file of the built site, relative to the output folder, with `/` between segments.
/// A page's path ends in `index.html`, which its address leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SitePath(String);

impl SitePath {
    /// The page of a folder: `["shows", "a"]` is `shows/a/index.html`.
    pub fn page(segments: &[&str]) -> SitePath {
        let length: usize = segments.iter().map(|segment| segment.len() + 1).sum();
        let mut path = String::with_capacity(length + "index.html".len());
        for segment in segments {
            path.push_str(segment);
            path.push('/');
        }
        path.push_str("index.html");
        SitePath(path)
    }

    /// A file by its path.
    pub fn file(path: impl Into<String>) -> SitePath {
        SitePath(path.into())
    }

    /// A file beside a page.
    pub fn beside(&self, name: &str) -> SitePath {
        let folder = self.0.rfind('/').map_or("", |end| &self.0[..=end]);
        SitePath(format!("{folder}{name}"))
    }

    /// The same page in one language, where there is one.
    pub fn in_edition(&self, lang: Option<&Lang>) -> SitePath {
        match lang {
            Some(lang) => SitePath(format!("{lang}/{}", self.0)),
            None => self.clone(),
        }
    }

    /// Whether it is the page of a folder.
    pub fn is_page(&self) -> bool {
        self.0.strip_suffix("index.html").is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn folded(&self) -> String {
        folded(&self.0)
    }
}

/// What two paths must differ in to be two files on every file system: compared without case and in
/// one Unicode normal form.
pub fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

/// Whether an address may stand in a link: it has no scheme, or one that runs nothing. Browsers pass
/// over control characters and white space in a scheme, so they do not count.
pub fn is_safe_address(address: &str) -> bool {
    let ignored = |c: char| c.is_control() || c.is_whitespace();
    let Some((scheme, _)) = address.split_once(':') else { return true };
    let scheme: String = scheme.chars().filter(|c| !ignored(*c)).collect();
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    !is_scheme || ["http", "https", "mailto", "tel"].iter().any(|safe| scheme.eq_ignore_ascii_case(safe))
}

/// Where the site lives: the address of its root, always ending in `/`, and the path part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    root: String,
    path_start: usize,
}

/// Everything but the unreserved characters of RFC 3986 and `/`.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'+')
    .add(b':')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl BaseUrl {
    /// Reads an `http` or `https` address, or a bare path such as `/` or `/repo/`.
    pub fn parse(text: &str) -> Result<BaseUrl, String> {
        if text.starts_with('/') && !text.starts_with("//") {
            let mut root = utf8_percent_encode(text.trim_end_matches('/'), SEGMENT).to_string();
            root.push('/');
            return Ok(BaseUrl { root, path_start: 0 });
        }
        let url = url::Url::parse(text).map_err(|error| format!("`{text}`: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
            return Err(format!(
                "`{text}` is not the address of a site: it takes http or https, a host and a path"
            ));
        }
        let path_start = url[..url::Position::BeforePath].len();
        let mut root = url.to_string();
        if !root.ends_with('/') {
            root.push('/');
        }
        Ok(BaseUrl { root, path_start })
    }

    /// The path the site lives under, from `/` to `/`.
    pub fn path(&self) -> &str {
        &self.root[self.path_start..]
    }

    pub fn is_absolute(&self) -> bool {
        self.path_start > 0
    }

    /// The address of a file for links inside the site.
    pub fn link(&self, path: &SitePath) -> String {
        join(self.path(), path)
    }

    /// The address of a file for feeds, sitemap and metadata: absolute where the site's base is.
    pub fn absolute(&self, path: &SitePath) -> String {
        join(&self.root, path)
    }
}

fn join(base: &str, path: &SitePath) -> String {
    let shown = path.0.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/'));
    let mut url = String::with_capacity(base.len() + path.0.len());
    url.push_str(base);
    url.extend(utf8_percent_encode(shown.unwrap_or(&path.0), SEGMENT));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_every_script() {
        assert_eq!(Slug::new("夜渡 Night Ferry!").as_str(), "夜渡-night-ferry");
        assert_eq!(Slug::new("हिन्दी भाषा").as_str(), "हिन्दी-भाषा");
        assert_eq!(Slug::new("Ünïcode  --  Straße").as_str(), "ünïcode-straße");
    }

    #[test]
    fn symbols_that_tell_names_apart_become_words() {
        assert_eq!(Slug::new("C++").as_str(), "cplusplus");
        assert_eq!(Slug::new("C#").as_str(), "csharp");
        assert_eq!(Slug::new("R&D").as_str(), "r-and-d");
    }

    #[test]
    fn a_slug_is_never_empty_reserved_or_too_long() {
        assert!(Slug::new("???").as_str().starts_with("x-"));
        assert_ne!(Slug::new("???"), Slug::new("!!!"));
        assert_eq!(Slug::new("CON").as_str(), "con-x");
        let long = "很".repeat(300);
        assert!(Slug::new(&long).as_str().len() <= MAX_BYTES);
        assert_ne!(Slug::new(&long), Slug::new(&format!("{long}a")));
        assert_eq!(Slug::new("../../etc/passwd").as_str(), "etc-passwd");
    }

    #[test]
    fn only_addresses_that_run_nothing_are_linked() {
        for safe in ["https://a.org/x:y", "a/b", "灯:b", "mailto:a@b", "?a:b", "#a:b", "HTTP://a"] {
            assert!(is_safe_address(safe), "{safe}");
        }
        for unsafe_one in
            ["java\nscript:alert(1)", "DATA:text/html,x", "\u{1}javascript:x", "blob:x", "javascript://a"]
        {
            assert!(!is_safe_address(unsafe_one), "{unsafe_one}");
        }
        assert!(!is_safe_address(&format!("{}:x", "a".repeat(100))));
    }

    #[test]
    fn a_slug_of_a_slug_is_the_same() {
        for text in ["a \u{345}'\u{345}\u{305} b", "\u{345}", "İ ẞ ǅ ﬁ ½", "ा हिन्दी", "C++ & C#"]
        {
            let slug = Slug::new(text);
            assert_eq!(Slug::new(slug.as_str()), slug, "{text}");
        }
    }

    #[test]
    fn addresses_hold_under_a_sub_path() {
        let base = BaseUrl::parse("https://name.github.io/repo").unwrap();
        let page = SitePath::page(&["夜渡", "e 1"]);
        assert_eq!(base.path(), "/repo/");
        assert_eq!(base.link(&page), "/repo/%E5%A4%9C%E6%B8%A1/e%201/");
        assert_eq!(base.absolute(&SitePath::file("feed.xml")), "https://name.github.io/repo/feed.xml");
        assert_eq!(BaseUrl::parse("/").unwrap().link(&SitePath::page(&[])), "/");
        assert!(BaseUrl::parse("ftp://x").is_err());
        assert!(BaseUrl::parse("example.org").is_err());
    }

    #[test]
    fn paths_that_one_file_system_confuses_fold_alike() {
        let composed = SitePath::file("caf\u{e9}/A.html");
        let decomposed = SitePath::file("cafe\u{301}/a.html");
        assert_eq!(composed.folded(), decomposed.folded());
    }
}
