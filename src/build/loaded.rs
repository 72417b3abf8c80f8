//! Templates that were loaded once, for as long as nothing they are made of changes. Never says of
//! templates what loading them would not say.

use std::sync::{Arc, Mutex};

use super::{Files, statics};
use crate::diagnostic::Diagnostic;
use crate::key::{Key, key_of};
use crate::lang::Lang;
use crate::project::Project;
use crate::render::templates::{TemplateOptions, Templates};
use crate::table::Findings;

/// The templates that were loaded last.
#[derive(Default)]
pub struct Loaded(Mutex<Option<Kept>>);

struct Kept {
    /// Of all that they are made of.
    key: Key,
    templates: Arc<Templates>,
    findings: Vec<Diagnostic>,
}

impl Loaded {
    /// The templates of a project for an archive in these languages; nothing where one cannot be
    /// read, which is among the findings.
    pub fn load(
        &self,
        project: &Project,
        files: &Files,
        langs: &[Lang],
        findings: &Findings,
    ) -> Option<Arc<Templates>> {
        let assets = statics::addresses(project, files);
        let editions = project.config.pages.twins;
        let options = TemplateOptions { langs, editions, minify: project.config.build.minify, assets };
        let texts: Vec<_> = project.templates.iter().map(|own| (&own.path, &own.text)).collect();
        let key = key_of(&(texts, langs, editions, options.minify, &options.assets));
        let mut kept = self.0.lock().expect("nothing panics while it holds this lock");
        if kept.as_ref().is_none_or(|kept| kept.key != key) {
            let own = Findings::default();
            let loaded = Templates::load(&project.templates, options, &own);
            let found = own.into_inner();
            let Some(templates) = loaded else {
                findings.borrow_mut().extend(found);
                return None;
            };
            *kept = Some(Kept { key, templates: Arc::new(templates), findings: found });
        }
        let kept = kept.as_ref()?;
        findings.borrow_mut().extend(kept.findings.iter().cloned());
        Some(kept.templates.clone())
    }
}
