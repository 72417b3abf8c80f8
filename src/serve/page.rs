//! HTML as it is served: the page as it was built, and a line that loads the script which hears of
//! changes. Also the page that stands in while there is no site. Never writes a file.

use std::borrow::Cow;

use super::live::Problem;
use crate::key::{Key, key_of_bytes};
use crate::render::cue_list::escaped;

/// What listens in the browser.
pub const SCRIPT: &str = concat!(include_str!("in_place.js"), include_str!("live.js"));

/// Our own addresses, below the site's base.
pub const OWN: &str = ".diglot/";
pub const SCRIPT_NAME: &str = "live.js";
pub const EVENTS_NAME: &str = "events";

/// The version of a page, as far as it takes a reload to see it: which version of a style sheet it
/// names does not count, since a style sheet is swapped.
pub fn version(html: &[u8]) -> Key {
    key_of_bytes(&without_style_versions(html))
}

/// HTML with the figures after each `.css?v=` blotted out.
fn without_style_versions(html: &[u8]) -> Cow<'_, [u8]> {
    const MARK: &[u8] = b".css?v=";
    let mut blotted = Cow::Borrowed(html);
    for at in memchr::memmem::find_iter(html, MARK) {
        let figures = html[at + MARK.len()..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        blotted.to_mut()[at + MARK.len()..][..figures].fill(b'0');
    }
    blotted
}

/// A page with the script in it, of a site whose links begin with `base`.
pub fn with_script(mut html: Vec<u8>, base: &str) -> Vec<u8> {
    let tag = script_tag(base, Some(version(&html)));
    let at = memchr::memmem::rfind(&html, b"</body>").unwrap_or(html.len());
    html.splice(at..at, tag.into_bytes());
    html
}

fn script_tag(base: &str, version: Option<Key>) -> String {
    let at = escaped(&format!("{base}{OWN}"));
    let script = key_of_bytes(SCRIPT.as_bytes());
    let version = version.map(version_text).unwrap_or_default();
    format!(
        "<script src=\"{at}{SCRIPT_NAME}?v={script:x}\" data-live=\"{at}{EVENTS_NAME}\" data-version=\"{version}\"></script>"
    )
}

/// A version as the browser keeps it and gives it back.
pub fn version_text(version: Key) -> String {
    format!("{version:032x}")
}

/// The page while there is no site: it is being built, or it cannot be.
pub fn stand_in(problem: Option<&Problem>) -> String {
    let (title, report) = match problem {
        Some(problem) => (problem.title.as_str(), problem.report.as_str()),
        None => ("The site is being built", ""),
    };
    let (title, report) = (escaped(title), escaped(report));
    let hint = match problem {
        Some(_) => "There is no site yet. It comes by itself when this is mended.",
        None => "It comes by itself when it is done.",
    };
    // No base is known before the settings are read: the script is found at the root as well.
    let script = script_tag("/", None);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<main>\n<h1>{title}</h1>\n<p>{hint}</p>\n\
         <pre tabindex=\"0\">{report}</pre>\n</main>\n{script}\n</html>\n"
    )
}

const STYLE: &str = "body{margin:0;font:1rem/1.5 system-ui,sans-serif}main{padding:1.5rem;max-width:70rem;margin:auto}\
h1{font-size:1.25rem}pre{overflow:auto;font:0.875rem/1.45 ui-monospace,monospace}pre:empty{display:none}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_of_a_style_sheet_is_no_other_page() {
        let page = |style: &str, words: &str| {
            version(format!("<link href=\"/a.css?v={style}\"><p>{words}</p>").as_bytes())
        };
        assert_eq!(page("0123abcd", "a"), page("9876fedc", "a"));
        assert_ne!(page("0123abcd", "a"), page("0123abcd", "b"));
    }

    #[test]
    fn the_script_goes_to_the_end_of_the_body() {
        let page = String::from_utf8(with_script(b"<body>a</body></html>".to_vec(), "/b&/")).unwrap();
        assert!(page.starts_with("<body>a<script src=\"/b&amp;/.diglot/live.js?v="), "{page}");
        assert!(page.ends_with("</script></body></html>"), "{page}");
        let bare = String::from_utf8(with_script(b"a".to_vec(), "/")).unwrap();
        assert!(bare.starts_with("a<script"), "{bare}");
    }

    #[test]
    fn what_authors_wrote_is_text_on_the_page_of_errors() {
        let problem = Problem { title: "1 <error>".into(), report: "</pre><script>alert(1)</script>".into() };
        let page = stand_in(Some(&problem));
        assert!(page.contains("&lt;/pre>&lt;script>alert(1)&lt;/script>"), "{page}");
        assert!(page.contains("<h1>1 &lt;error></h1>"), "{page}");
    }
}
