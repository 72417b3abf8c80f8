//! What search engines read of the site as a whole: its sitemap and `robots.txt`. Never asks the
//! clock when a page changed.

use std::io;

use super::xml::{around, document, put, put_empty};
use crate::render::views::Views;
use crate::slug::SitePath;
use crate::timestamp::Date;

/// A page of the site with its versions in one language each.
#[derive(serde::Serialize)]
pub struct Listed {
    /// The last day that something of it changed, where that is known.
    pub date: Option<Date>,
    /// What each version is listed as, and where it is; the first is the page itself.
    pub versions: Vec<(String, SitePath)>,
}

pub fn sitemap(views: &Views, pages: &[Listed]) -> io::Result<Vec<u8>> {
    let mut attributes = vec![("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")];
    if pages.iter().any(|page| page.versions.len() > 1) {
        attributes.push(("xmlns:xhtml", "http://www.w3.org/1999/xhtml"));
    }
    document("urlset", &attributes, |writer| {
        for page in pages {
            let versions: Vec<(&str, String)> =
                page.versions.iter().map(|(name, path)| (name.as_str(), views.base.absolute(path))).collect();
            for (_, address) in &versions {
                around(writer, "url", &[], |writer| {
                    put(writer, "loc", address)?;
                    if let Some(date) = page.date {
                        put(writer, "lastmod", &date.to_string())?;
                    }
                    let others = if versions.len() > 1 { versions.as_slice() } else { &[] };
                    others.iter().try_for_each(|(name, address)| {
                        let own = [("rel", "alternate"), ("hreflang", name), ("href", address)];
                        put_empty(writer, "xhtml:link", &own)
                    })
                })?;
            }
        }
        Ok(())
    })
}

/// `robots.txt`: everything may be read.
pub fn robots(views: &Views) -> String {
    let sitemap = views.base.absolute(&SitePath::file("sitemap.xml"));
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")
}
