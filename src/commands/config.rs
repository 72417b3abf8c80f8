//! `diglot config`: every key of `site.toml`, its value, and where that came from; itself TOML.

use super::{Exit, print_data, print_diagnostics};
use crate::build::BuildOptions;
use crate::config::Config;
use crate::read::{WorldError, find_file, read_source};
use crate::slug::SitePath;
use crate::start::{Overlaid, Setting, settings};
use crate::table::Findings;
use crate::written::quoted;

/// Prints the settings that a build with these options has.
pub fn run(options: &BuildOptions) -> Result<Exit, WorldError> {
    let findings = Findings::default();
    let source = match find_file(&options.root, "site.toml", &findings)? {
        Some(file) => read_source(&file, &findings)?,
        None => None,
    };
    if let Some(source) = &source {
        Config::read(source, &findings);
    }
    let failed = print_diagnostics(&findings.into_inner());
    print_data(&shown(&settings(source.as_ref(), &overlaid(options))))?;
    Ok(if failed { Exit::Content } else { Exit::Fine })
}

fn overlaid(options: &BuildOptions) -> Vec<Overlaid> {
    let mut overlaid = Vec::new();
    let mut put = |table, key, value, flag| overlaid.push(Overlaid { table, key, value, flag });
    if let Some(base) = &options.base_url {
        put("", "base_url", quoted(&base.absolute(&SitePath::page(&[]))), "--base-url");
    }
    if let Some(output) = &options.output {
        put("build", "output", quoted(&output.display().to_string()), "--output");
    }
    if options.drafts {
        put("build", "drafts", "true".to_owned(), "--drafts");
    }
    overlaid
}

/// How far to the right a value may push what it is said to come from.
const WIDE: usize = 48;

fn shown(settings: &[Setting]) -> String {
    let line = |setting: &Setting| match &setting.value {
        Some(value) => format!("{} = {value}", setting.key),
        None => format!("# {} has no value", setting.key),
    };
    let last_line = |text: &str| text.lines().last().unwrap_or_default().chars().count();
    let width = settings.iter().map(|one| last_line(&line(one))).filter(|width| *width <= WIDE).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    let mut table = "";
    for setting in settings {
        if setting.table != table {
            table = setting.table;
            text.push_str(&format!("\n[{table}]\n"));
        }
        let line = line(setting);
        let gap = " ".repeat(width.saturating_sub(last_line(&line)));
        text.push_str(&format!("{line}{gap}  # {}\n", setting.origin));
    }
    text
}
