//! What GitHub Pages asks of a site: its size, no links among its files, where it lives, and the
//! files that mean something there. Never asks GitHub.

use std::collections::HashMap;

use url::Url;

use super::links::Seen;
use crate::build::Summary;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::publish::{LinkKind, links_in};
use crate::read::{WorldError, read_source};
use crate::slug::SitePath;
use crate::source::Source;
use crate::table::Findings;

/// The largest site that is taken, in bytes.
const SIZE: u64 = 1_000_000_000;
/// How many links are named.
const LINKS: usize = 20;

/// Reports what GitHub Pages would refuse or serve otherwise than it is meant.
pub fn check_pages(
    project: &Project,
    summary: &Summary,
    seen: &HashMap<String, Seen>,
    is_whole: bool,
) -> Result<Vec<Diagnostic>, WorldError> {
    let mut found = Vec::new();
    found.extend(too_large(summary.bytes));
    for (path, kind) in links_in(&summary.output)?.into_iter().take(LINKS) {
        let what = if kind == LinkKind::Symbolic {
            "a symbolic link"
        } else {
            "a file with a second name (a hard link)"
        };
        let message = format!("{path} in the output folder is {what}, which GitHub Pages refuses");
        found
            .push(Diagnostic::error("pages-link", message).help("put the file itself there, or take it out"));
    }
    if is_whole {
        found.extend(missing(|name| seen.contains_key(name)));
    }
    let base =
        project.config.base_url.is_absolute().then(|| project.config.base_url.absolute(&SitePath::page(&[])));
    let base = base.and_then(|base| Url::parse(&base).ok());
    found.extend(check_base(base.as_ref()));
    let is_cname = |file: &&crate::read::File| &*file.name == "static/CNAME";
    let cname = match project.inventory.statics.iter().find(is_cname) {
        Some(file) => read_source(file, &Findings::default())?,
        None => None,
    };
    found.extend(check_cname(cname.as_ref(), base.as_ref()));
    Ok(found)
}

fn too_large(bytes: u64) -> Option<Diagnostic> {
    (bytes > SIZE).then(|| {
        let message = format!("the site has {:.0} MB, and GitHub Pages takes 1,000", bytes as f64 / 1e6);
        Diagnostic::error("pages-size", message).help("see docs/large-archives.md for where larger sites go")
    })
}

/// Files that must be there, by what comes of it where they are not.
fn missing(has: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let needed = [
        (".nojekyll", "files and folders that begin with `_` are left out by GitHub Pages without it"),
        ("404.html", "readers of a dead link see GitHub's own page without it"),
        ("index.html", "there is no first page without it"),
    ];
    let lacking = needed.into_iter().filter(|(name, _)| !has(name));
    lacking
        .map(|(name, why)| Diagnostic::error("pages-file", format!("the site has no {name}: {why}")))
        .collect()
}

fn is_github(host: &str) -> bool {
    host.ends_with(".github.io")
}

/// Where GitHub Pages serves a site: `https://NAME.github.io/` or one folder below it.
fn check_base(base: Option<&Url>) -> Option<Diagnostic> {
    let Some(base) = base else {
        let message =
            "the address of the site is not known, and links of a project's site would lead past it";
        return Some(
            Diagnostic::warning("pages-base-url", message)
                .help("set base_url = \"https://NAME.github.io/REPO/\", or give --base-url"),
        );
    };
    let depth = base.path_segments().map_or(0, |parts| parts.filter(|part| !part.is_empty()).count());
    let host = base.host_str().unwrap_or_default();
    let problem = if base.scheme() != "https" {
        "GitHub Pages serves sites by https"
    } else if is_github(host) && depth > 1 {
        "a site on GitHub Pages lives at the root of its host, or one folder below it"
    } else {
        return None;
    };
    let help = "write https://NAME.github.io/REPO/, or the site's own domain";
    Some(Diagnostic::warning("pages-base-url", format!("`{base}`: {problem}")).help(help))
}

/// `CNAME` names the site's own domain, and nothing else.
fn check_cname(cname: Option<&Source>, base: Option<&Url>) -> Option<Diagnostic> {
    let host = base.and_then(Url::host_str).unwrap_or_default();
    let Some(source) = cname else {
        let message = format!("the site lives at {host}, and has no CNAME");
        let help = "put a file CNAME with that name into static/, unless the domain is set in the repository's settings";
        return (!host.is_empty() && !is_github(host))
            .then(|| Diagnostic::note("pages-cname", message).help(help));
    };
    let name = source.text.trim();
    let wrong = |message: String, help: String| {
        Some(
            Diagnostic::warning("pages-cname", message)
                .at(source.place(0..source.text.trim_end().len()))
                .help(help),
        )
    };
    let is_host = !name.is_empty()
        && name.contains('.')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if !is_host {
        return wrong(
            "CNAME is not one domain".to_owned(),
            "write the bare domain: pods.example.org".to_owned(),
        );
    }
    let is_own = host.is_empty() || host.eq_ignore_ascii_case(name);
    if !is_own {
        return wrong(
            format!("CNAME says {name}, and base_url {host}"),
            format!("set base_url = \"https://{name}/\""),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_of_more_than_a_gigabyte_is_refused() {
        assert!(too_large(1_000_000_000).is_none());
        assert!(too_large(1_200_000_000).is_some_and(|finding| finding.message.contains("1200 MB")));
    }

    #[test]
    fn files_that_mean_something_are_missed() {
        let names: Vec<_> = missing(|name| name != "404.html").into_iter().map(|one| one.message).collect();
        assert_eq!(names.len(), 1);
        assert!(names[0].contains("404.html"));
    }

    #[test]
    fn a_base_is_where_pages_serves() {
        let told = |url: &str| check_base(Some(&Url::parse(url).unwrap())).is_some();
        assert!(
            !told("https://a.github.io/") && !told("https://a.github.io/b/") && !told("https://b.org/c/d/")
        );
        assert!(told("https://a.github.io/b/c/") && told("http://a.github.io/"));
        assert!(check_base(None).is_some());
    }

    #[test]
    fn cname_is_the_host_of_the_site() {
        let told = |text: &str, url: &str| {
            let source = Source::new("static/CNAME", text);
            check_cname(Some(&source), Some(&Url::parse(url).unwrap())).map(|finding| finding.message)
        };
        assert_eq!(told("pods.example.org\n", "https://pods.example.org/"), None);
        assert!(told("https://pods.example.org", "https://pods.example.org/").is_some());
        assert!(
            told("pods.example.org", "https://a.github.io/b/")
                .is_some_and(|told| told.contains("a.github.io"))
        );
        let none = check_cname(None, Some(&Url::parse("https://pods.example.org/").unwrap()));
        assert!(none.is_some());
    }
}
