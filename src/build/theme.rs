//! The templates of a build, for the languages of its pages: loaded once, whoever asks. Never
//! renders.

use std::sync::{Arc, Mutex};

use super::{Files, statics};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::project::Project;
use crate::render::templates::{TemplateOptions, Templates};
use crate::table::Findings;

/// Where the templates come from, and those that were loaded last.
pub struct Theme<'a> {
    project: &'a Project,
    files: &'a Files<'a>,
    last: Mutex<Option<Loaded>>,
}

#[derive(Clone)]
struct Loaded {
    langs: Vec<Lang>,
    templates: Option<Arc<Templates>>,
    findings: Vec<Diagnostic>,
}

impl<'a> Theme<'a> {
    pub fn new(project: &'a Project, files: &'a Files<'a>) -> Theme<'a> {
        Theme { project, files, last: Mutex::default() }
    }

    /// The templates for pages in these languages; mistakes in them are reported to each who asks.
    pub fn templates(&self, langs: &[Lang], findings: &Findings) -> Option<Arc<Templates>> {
        let mut last = self.last.lock().expect("loading templates does not panic");
        let loaded = match last.take().filter(|loaded| loaded.langs == langs) {
            Some(loaded) => loaded,
            None => self.load(langs),
        };
        findings.borrow_mut().extend(loaded.findings.iter().cloned());
        last.insert(loaded).templates.clone()
    }

    fn load(&self, langs: &[Lang]) -> Loaded {
        let Theme { project, files, .. } = self;
        let findings = Findings::default();
        let options = TemplateOptions {
            langs,
            editions: project.config.pages.twins,
            minify: project.config.build.minify,
            assets: statics::addresses(project, files),
        };
        let templates = Templates::load(&project.templates, options, &findings).map(Arc::new);
        Loaded { langs: langs.to_vec(), templates, findings: findings.into_inner() }
    }
}
