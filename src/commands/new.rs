//! `diglot new`: an episode to fill in. Never writes over a file that is there.

use std::path::PathBuf;

use super::place::place;
use super::terminal::say;
use super::{Exit, print_data, print_diagnostics};
use crate::project::{Project, open_project, outline};
use crate::read::WorldError;
use crate::start::{ShowFolder, new_episode};
use crate::table::Findings;

#[derive(Debug)]
pub struct NewOptions {
    pub root: PathBuf,
    pub title: String,
    /// Its show, by folder or title.
    pub show: Option<String>,
}

/// Writes the episode's folder and prints its path.
pub fn run(options: &NewOptions) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let project = open_project(outline(&options.root, |_| {}, &findings)?, &findings)?;
    if print_diagnostics(&findings.into_inner()) {
        eprintln!("nothing was written");
        return Ok(Exit::Content);
    }
    let today = jiff::ZonedDateTime::now().date();
    match new_episode(&options.title, options.show.as_deref(), &shows(&project), today) {
        Ok(new) => {
            place(&options.root, std::slice::from_ref(&new.write))?;
            print_data(&format!("{}/episode.md\n", new.write.path()))?;
            say(&format!(
                "put {} beside it, or any transcript that you have; `diglot serve --drafts` shows it",
                new.tracks.join(" and ")
            ));
            Ok(Exit::Fine)
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            Ok(Exit::Usage)
        }
    }
}

fn shows(project: &Project) -> Vec<ShowFolder> {
    let of = |(plan, files): (&crate::model::ShowPlan, &crate::read::ShowFiles)| ShowFolder {
        folder: plan.folder.clone(),
        names: plan.names().iter().map(ToString::to_string).collect(),
        episodes: files.episodes.iter().map(|episode| episode.stem.clone()).collect(),
        langs: plan.langs.clone(),
    };
    project.plans.iter().zip(&project.inventory.shows).map(of).collect()
}
