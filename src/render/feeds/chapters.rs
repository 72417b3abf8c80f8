//! The chapters of a recording as a file for podcast programs, version 1.2 of its format. Never
//! writes a file where the author names one.

use serde::Serialize;

use crate::channel::Chapter;
use crate::render::views::{Views, one_line};

/// The name of the file beside an episode's page.
pub const CHAPTERS: &str = "chapters.json";
pub const CHAPTERS_TYPE: &str = "application/json+chapters";

#[derive(Serialize)]
struct File {
    version: &'static str,
    chapters: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    start_time: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Seconds>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    img: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    toc: Option<bool>,
}

/// Seconds, whole where they are.
#[derive(Serialize)]
#[serde(untagged)]
enum Seconds {
    Whole(u64),
    Parts(f64),
}

impl Seconds {
    fn of(millis: u64) -> Seconds {
        if millis.is_multiple_of(1000) {
            Seconds::Whole(millis / 1000)
        } else {
            Seconds::Parts(millis as f64 / 1000.0)
        }
    }
}

pub fn chapters(views: &Views, chapters: &[Chapter]) -> Vec<u8> {
    let entry = |chapter: &Chapter| Entry {
        start_time: Seconds::of(chapter.start.0),
        end_time: chapter.end.map(|end| Seconds::of(end.0)),
        title: one_line(&views.joined(&chapter.title)),
        img: chapter.image.clone(),
        url: chapter.url.clone(),
        toc: (!chapter.listed).then_some(false),
    };
    let file = File { version: "1.2.0", chapters: chapters.iter().map(entry).collect() };
    super::json(&file)
}
