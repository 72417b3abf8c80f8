//! Templates, scripts and style sheets without what only their authors need. Changes nothing of
//! what they do, and never sees a page.

use std::borrow::Cow;

use minify_html::Cfg;
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// A file of the theme: a script or a style sheet gets shorter, any other stays as it is.
pub fn minify_file(name: &str, bytes: &'static [u8]) -> Cow<'static, [u8]> {
    let short = match (name.rsplit('.').next(), std::str::from_utf8(bytes)) {
        (Some("js"), Ok(text)) => script(text),
        (Some("css"), Ok(text)) => style_sheet(text),
        _ => None,
    };
    short.map_or(Cow::Borrowed(bytes), |short| Cow::Owned(short.into_bytes()))
}

/// A module, its own names made short: what it exports keeps its name.
fn script(text: &str) -> Option<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::mjs()).parse();
    if !parsed.errors.is_empty() {
        return None;
    }
    let mut program = parsed.program;
    let mangle = MangleOptions { top_level: true, ..MangleOptions::default() };
    let options = MinifierOptions { mangle: Some(mangle), compress: Some(CompressOptions::safest()) };
    let minifier = Minifier::new(options).minify(&allocator, &mut program);
    let code = Codegen::new().with_options(CodegenOptions::minify()).with_scoping(minifier.scoping);
    Some(code.build(&program).code)
}

/// The minifier knows a style sheet within a page alone, so it is given it as one.
fn style_sheet(text: &str) -> Option<String> {
    let page = ["<style>", text, "</style>"].concat();
    let short = minify_html::minify(page.as_bytes(), &Cfg { minify_css: true, ..Cfg::default() });
    let short = String::from_utf8(short).ok()?;
    Some(short.strip_prefix("<style>")?.strip_suffix("</style>")?.to_owned())
}

/// How many tags of a template may be open at once for it to be minified: the minifier goes down
/// with each, and a thread's stack is small.
const OPEN_TAGS: usize = 500;

/// Whether tags, the ones without an end among them, are never open by the hundred.
fn is_shallow(template: &str) -> bool {
    let mut open = 0usize;
    template.match_indices('<').all(|(at, _)| {
        match template.as_bytes().get(at + 1) {
            Some(b'/') => open = open.saturating_sub(1),
            Some(next) if next.is_ascii_alphabetic() => open += 1,
            _ => {}
        }
        open < OPEN_TAGS
    })
}

/// A template without the spaces and closing quotes that only its authors need.
pub fn minify(template: &str) -> String {
    if !is_shallow(template) {
        return template.to_owned();
    }
    let mut settings = Cfg::new();
    settings.keep_closing_tags = true;
    settings.keep_html_and_head_opening_tags = true;
    settings.preserve_brace_template_syntax = true;
    let template = spaced(template);
    String::from_utf8(minify_html::minify(template.as_bytes(), &settings)).unwrap_or(template)
}

/// A template with a space in each `{{x}}`. The minifier takes the quotes off a value without one,
/// and what is put there when a page is rendered may hold anything.
fn spaced(template: &str) -> String {
    let mut spaced = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, tag) = rest.split_at(at);
        spaced.push_str(before);
        let inside = tag.strip_prefix("{%").map_or("", |tag| tag.trim_start_matches('-').trim_start());
        let end = match () {
            () if inside.starts_with("raw") => tag.find("endraw").unwrap_or(tag.len()),
            () if tag.starts_with("{{-") => 3,
            () if tag.starts_with("{{") => 2,
            () => 1,
        };
        spaced.push_str(&tag[..end]);
        rest = &tag[end..];
        if matches!(end, 2 | 3) && !rest.starts_with(char::is_whitespace) {
            spaced.push(' ');
        }
    }
    spaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_of_thousands_of_open_elements_is_left_as_it_is() {
        let deep = "<div>".repeat(20_000) + " x  y ";
        assert_eq!(minify(&deep), deep);
        assert!(is_shallow(include_str!("../../templates/base.html")));
    }

    #[test]
    fn a_value_in_quotes_stays_in_quotes() {
        let small = minify("<a title=\"{{x}}\" href='{{ y }}' id=\"a{{-z-}}\">{{ t }}</a>");
        for quoted in ["\"{{ x}}\"", "\"{{ y }}\"", "\"a{{- z-}}\""] {
            assert!(small.contains(quoted), "{small}");
        }
        assert_eq!(spaced("a{b}{%raw%}{{x}}{%endraw%}{{y}}"), "a{b}{%raw%}{{x}}{%endraw%}{{ y}}");
    }
}
