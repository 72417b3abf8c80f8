//! The feeds of all shows as a list that podcast programs take in one step. Lists no feed but the
//! site's own.

use std::io;

use super::xml::{around, document, put, put_empty};
use crate::render::views::Views;

/// The name of the file in the site.
pub const OPML: &str = "shows.opml";

/// OPML 2.0. `title` is the site's.
pub fn opml(views: &Views, title: &str) -> io::Result<Vec<u8>> {
    document("opml", &[("version", "2.0")], |writer| {
        around(writer, "head", &[], |writer| {
            put(writer, "title", title)?;
            put(writer, "docs", "http://opml.org/spec2.opml")
        })?;
        around(writer, "body", &[], |writer| {
            for (index, show) in views.archive.shows.iter().enumerate() {
                let page = views.show_path(index);
                let title = views.joined(&show.plan.title);
                let description = show.plan.description.as_ref().map(|text| views.joined(text));
                let feed = views.base.absolute(&page.beside("feed.xml"));
                let url = views.base.absolute(&page);
                let mut attributes = vec![
                    ("type", "rss"),
                    ("text", title.as_str()),
                    ("title", title.as_str()),
                    ("xmlUrl", feed.as_str()),
                    ("htmlUrl", url.as_str()),
                    ("language", views.show_lang(index).as_str()),
                ];
                attributes.extend(description.as_deref().map(|text| ("description", text)));
                put_empty(writer, "outline", &attributes)?;
            }
            Ok(())
        })
    })
}
