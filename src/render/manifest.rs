//! The web app manifest: what a device shows of a site that a reader keeps on it. Never names an
//! icon that the site does not have.

use serde::Serialize;

use super::page::Site;
use super::templates::Templates;
use crate::slug::SitePath;

/// Where it lies in the site.
pub const NAME: &str = "manifest.webmanifest";

/// The paper of the theme, light.
const PAPER: &str = "#fcfaf6";

#[derive(Serialize)]
struct Manifest {
    name: String,
    description: Option<String>,
    lang: String,
    dir: &'static str,
    id: String,
    start_url: String,
    scope: String,
    display: &'static str,
    background_color: &'static str,
    theme_color: &'static str,
    icons: Vec<Icon>,
}

/// A picture for the site.
#[derive(Serialize)]
pub struct Icon {
    src: String,
    sizes: &'static str,
    r#type: &'static str,
    purpose: &'static str,
}

/// Whether the site brings no manifest of its own.
pub fn is_ours(templates: &Templates) -> bool {
    templates.asset(NAME).is_none()
}

/// The icons, at the addresses of the files in `static/`.
pub fn icons(templates: &Templates) -> Vec<Icon> {
    let icon = |name: &str, sizes, r#type, purpose| {
        templates.asset(name).map(|src| Icon { src: src.to_owned(), sizes, r#type, purpose })
    };
    [
        icon("favicon.svg", "any", "image/svg+xml", "any"),
        icon("icon-512.png", "512x512", "image/png", "any"),
        icon("icon-512.png", "512x512", "image/png", "maskable"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The manifest as JSON.
pub fn manifest(site: &Site) -> Vec<u8> {
    let first = &site.archive.langs[0];
    let home = site.views().link(&SitePath::page(&[]));
    let manifest = Manifest {
        name: site.title().best(first).to_owned(),
        description: site.config.description.as_ref().map(|text| text.best(first).to_owned()),
        lang: first.to_string(),
        dir: first.direction().as_str(),
        id: home.clone(),
        start_url: home.clone(),
        scope: home,
        display: "minimal-ui",
        background_color: PAPER,
        theme_color: PAPER,
        icons: icons(site.templates),
    };
    serde_json::to_vec(&manifest).expect("plain data can always be written")
}
