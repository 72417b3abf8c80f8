//! A text in the languages that it is shown in. Translates nothing.

use serde::Serialize;

use crate::lang::{Lang, only_lang_in, telling_script};
use crate::text::Localized;

/// One language's form of a text.
#[derive(Serialize, Clone, Debug)]
pub struct Variant {
    pub lang: String,
    pub dir: &'static str,
    pub text: String,
}

impl Variant {
    pub fn new(lang: &Lang, text: impl Into<String>) -> Variant {
        Variant { lang: lang.to_string(), dir: lang.direction().as_str(), text: text.into() }
    }

    /// A text's forms in the order of `langs`; equal ones stand once.
    pub fn list(text: &Localized, langs: &[Lang]) -> Vec<Variant> {
        let place = |lang: &Lang| langs.iter().position(|own| own == lang).unwrap_or(langs.len());
        let mut forms: Vec<(Lang, &str)> = text
            .iter()
            .map(|(lang, own)| (lang.cloned().unwrap_or_else(|| told_lang(own, langs)), own))
            .collect();
        forms.sort_by_key(|(lang, _)| place(lang));
        let mut list: Vec<Variant> = Vec::with_capacity(forms.len());
        for (lang, own) in forms {
            if list.iter().all(|known| known.text != own) {
                list.push(Variant::new(&lang, own));
            }
        }
        list
    }

    /// The forms that pages show: all, or those in `only` one language.
    pub fn shown(text: &Localized, langs: &[Lang], only: Option<&Lang>) -> Vec<Variant> {
        let Some(only) = only else { return Variant::list(text, langs) };
        let best = text.best(only);
        let lang = text.iter().find(|(_, own)| *own == best).and_then(|(lang, _)| lang);
        let lang = lang.cloned().unwrap_or_else(|| told_lang(best, langs));
        if best.is_empty() { Vec::new() } else { vec![Variant::new(&lang, best)] }
    }

    /// Some, where there is anything to show.
    pub fn some(list: Vec<Variant>) -> Option<Vec<Variant>> {
        (!list.is_empty()).then_some(list)
    }
}

/// The language of a text that the author gave no language for.
pub fn told_lang(text: &str, langs: &[Lang]) -> Lang {
    let told = telling_script(text).and_then(|script| {
        only_lang_in(langs, script).or_else(|| langs.iter().position(|lang| lang.script() == script))
    });
    langs[told.unwrap_or(0)].clone()
}
