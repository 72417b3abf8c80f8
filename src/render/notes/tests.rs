//! What notes come out as, whoever wrote them. Tests the whole of them, never a step alone.

use pulldown_cmark::Parser;

use super::code::HIGHLIGHTED_AT_MOST;
use super::emphasis::Emphasis;
use super::sanitise::TAGS;
use super::*;

fn lang(tag: &str) -> Lang {
    Lang::parse(tag).unwrap()
}

/// Notes of a Chinese and English site on its Chinese page.
fn notes(markdown: &str) -> String {
    render_notes(markdown, &[lang("zh-Hans"), lang("en")], &lang("zh-Hans")).html
}

fn english(markdown: &str) -> String {
    render_notes(markdown, &[lang("zh-Hans"), lang("en")], &lang("en")).html
}

#[test]
fn emphasis_closes_next_to_east_asian_punctuation() {
    let cases = [
        ("**真的,**她", "<strong>真的,</strong>她"),
        ("**真的,**她", "<strong>真的,</strong>她"),
        ("**就这些。**他说", "<strong>就这些。</strong>他说"),
        ("他说**“好”**她", "他说<strong>“好”</strong>她"),
        ("**真。**她说**好**", "<strong>真。</strong>她说<strong>好</strong>"),
        ("*真的。*她", "<em>真的。</em>她"),
        ("***真。***她", "<em><strong>真。</strong></em>她"),
        ("**看`码`**她", "<strong>看<code>码</code></strong>她"),
        ("**看[这](u)**她", "<strong>看<a href=\"u\">这</a></strong>她"),
        ("[**真。**她](u)", "<a href=\"u\"><strong>真。</strong>她</a>"),
        ("**한국어(Korean)**은", "<strong>한국어(Korean)</strong>은"),
        ("- **真,**她", "<strong>真,</strong>她"),
    ];
    for (markdown, expected) in cases {
        assert!(notes(markdown).contains(expected), "{markdown}: {}", notes(markdown));
    }
}

#[test]
fn escaped_and_lone_asterisks_stay_literal() {
    let cases = [
        (r"\*\*真的,\*\*她", "<p>**真的,**她</p>"),
        (r"\**真。*她", "<p>*<em>真。</em>她</p>"),
        (r"\\*真。*她", "<p>\\<em>真。</em>她</p>"),
        ("&#42;真。&#42;她", "<p>*真。*她</p>"),
        ("** 真 **她", "<p>** 真 **她</p>"),
        ("真*她", "<p>真*她</p>"),
        ("`**真。**她`", "<p><code>**真。**她</code></p>"),
    ];
    for (markdown, expected) in cases {
        assert_eq!(notes(markdown).trim(), expected, "{markdown}");
    }
}

#[test]
fn emphasis_in_latin_text_is_what_the_parser_says() {
    // Strings of these at random, with and without the second decision.
    let alphabet = ["*", "a", " ", "_", "(", "\\", "**"];
    let mut state = 1u64;
    for _ in 0..40_000 {
        let mut text = String::new();
        for _ in 0..10 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(alphabet[(state >> 33) as usize % alphabet.len()]);
        }
        let (mut once, mut again) = (String::new(), String::new());
        html::push_html(&mut once, Parser::new(&text));
        let events = Emphasis::new(&text).decide(Parser::new(&text).into_offset_iter());
        html::push_html(&mut again, events.into_iter());
        assert_eq!(once, again, "{text:?}");
    }
}

#[test]
fn a_soft_break_between_cjk_characters_disappears() {
    assert_eq!(notes("今天\n天气").trim(), "<p>今天天气</p>");
    assert_eq!(notes("**今天。**\n天气").trim(), "<p><strong>今天。</strong>天气</p>");
    assert_eq!(notes("用 Rust\n写").trim(), "<p>用 Rust\n写</p>");
    assert_eq!(english("one —\n“two”").trim(), "<p>one —\n“two”</p>");
    assert_eq!(english("one\ntwo").trim(), "<p>one\ntwo</p>");
}

#[test]
fn a_block_in_another_language_carries_it() {
    assert_eq!(notes("你好\n\nHello there").trim(), "<p>你好</p>\n<p lang=\"en\">Hello there</p>");
    assert!(english("# 你好").contains("lang=\"zh-Hans\">你好</h2>"));
    assert!(notes("> Hello").contains("<blockquote>\n<p lang=\"en\">Hello</p>"));
    assert!(notes("- Hello\n- 你好").contains("<li lang=\"en\">Hello</li>\n<li>你好</li>"));
    assert!(notes("10 %").contains("<p>10 %</p>"));
    assert!(notes("- ```\n  hello\n  ```").contains("<li>"));
}

#[test]
fn a_block_inside_another_language_returns_to_the_pages() {
    let html = notes("- Hello\n  - 你好\n  - Bye");
    assert!(html.contains("<li lang=\"en\">Hello"), "{html}");
    assert!(html.contains("<li lang=\"zh-Hans\">你好</li>\n<li>Bye</li>"), "{html}");
}

#[test]
fn a_right_to_left_block_says_so() {
    let langs = [lang("ar"), lang("en")];
    let html = render_notes("Hi\n\nمرحبا", &langs, &langs[1]).html;
    assert!(html.contains("<p lang=\"ar\" dir=\"rtl\">مرحبا</p>"), "{html}");
    let html = render_notes("Hi", &langs, &langs[0]).html;
    assert!(html.contains("<p lang=\"en\" dir=\"ltr\">Hi</p>"), "{html}");
}

#[test]
fn headings_begin_at_two_and_have_unique_ids() {
    let html = english("# Links & more\n\n## Links, more\n\n### Links more\n\n##### `x`\n\n# !");
    assert!(html.contains("<h2 id=\"notes-links-more\">Links &amp; more</h2>"), "{html}");
    assert!(html.contains("<h3 id=\"notes-links-more-2\">"), "{html}");
    assert!(html.contains("<h4 id=\"notes-links-more-3\">"), "{html}");
    assert!(html.contains("<h4 id=\"notes-x\">"), "{html}");
    assert!(html.contains("<h2 id=\"notes-section\">!</h2>"), "{html}");
    assert!(english("## A\n\n### B").contains("<h2 id=\"notes-a\">A</h2>\n<h3 id=\"notes-b\">"));
    assert!(notes("## 节目 链接").contains("id=\"notes-节目-链接\""));
}

#[test]
fn a_suffixed_id_meets_no_heading_that_has_it_already() {
    let html = english("## A\n\n## A 2\n\n## A\n\n## A 2");
    for id in ["notes-a", "notes-a-2", "notes-a-3", "notes-a-2-2"] {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}: {html}");
    }
}

#[test]
fn fenced_code_is_highlighted_by_classes() {
    let html = english("```rust\nlet a = \"<b>\"; // **x**\n```");
    assert!(html.contains("class=\"hl\""), "{html}");
    assert!(html.contains("tabindex=\"0\"") && html.contains("translate=\"no\""), "{html}");
    assert!(html.contains("<code class=\"language-rust\"><span class=\"hl-source hl-rust\">"), "{html}");
    assert!(html.contains("&lt;b&gt;") && html.contains("**x**"), "{html}");
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn code_in_an_unknown_language_is_plain() {
    let html = english("```nosuch\n<a> & 'b'\n```");
    assert!(html.contains("<code class=\"language-nosuch\">&lt;a&gt; &amp; 'b'\n</code></pre>"), "{html}");
    assert!(english("    x < y").contains("<code>x &lt; y</code></pre>"));
    assert!(
        english("```\"><script>\nx\n```").contains("&lt;script"),
        "stays in the attribute's value or goes"
    );
    let long = format!("```rust\n{}\n```", "a".repeat(HIGHLIGHTED_AT_MOST));
    assert!(!english(&long).contains("<span"));
}

#[test]
fn tables_have_a_head_and_a_body() {
    let html = english("| a | b |\n|---|--:|\n| 你好 | 1 |");
    assert!(html.contains("<thead><tr><th scope=\"col\">a</th>"), "{html}");
    assert!(
        html.contains("<tbody>\n<tr><td lang=\"zh-Hans\">你好</td><td class=\"notes-right\">1</td></tr>"),
        "{html}"
    );
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn strikethrough_lists_and_rules_are_rendered() {
    assert!(english("~~a~~").contains("<del>a</del>"));
    assert!(english("3. a\n4. b").contains("<ol start=\"3\">"));
    assert!(english("a\n\n---").contains("<hr>"));
}

#[test]
fn an_image_is_lazy_and_keeps_its_alt() {
    let html = english("![a *b*](c.png \"t\")");
    assert!(html.contains("alt=\"a b\"") && html.contains("loading=\"lazy\""), "{html}");
    assert!(html.contains("src=\"c.png\"") && html.contains("title=\"t\""), "{html}");
}

#[test]
fn allowed_links_stay() {
    for url in [
        "http://a.b/",
        "HTTPS://a.b/?x=1:2",
        "mailto:a@b.c",
        "tel:+123",
        "/a",
        "a/b:c",
        "#x",
        "?a:b",
        "//a.b/",
    ] {
        let notes = render_notes(&format!("[x]({url})"), &[lang("en")], &lang("en"));
        assert!(notes.html.contains("<a href="), "{url}: {}", notes.html);
        assert!(notes.dropped_links.is_empty(), "{url}");
    }
    assert!(english("<a@b.cd>").contains("href=\"mailto:a@b.cd\""));
}

#[test]
fn a_refused_link_leaves_its_text_and_is_handed_back() {
    let markdown = "[a **b**](javascript:x) ![c](data:image/png;base64,AA) [d](ok)";
    let notes = render_notes(markdown, &[lang("en")], &lang("en"));
    assert_eq!(notes.html.trim(), "<p>a <strong>b</strong> c <a href=\"ok\">d</a></p>");
    assert_eq!(notes.dropped_links, ["javascript:x", "data:image/png;base64,AA"]);
}

#[test]
fn a_refused_address_of_raw_html_is_handed_back_too() {
    let markdown =
        "<a href=\"java\nscript:x\">a</a> <img src=\"data:image/png,x\"> <a href=\"FILE:///c\">e</a>";
    let notes = render_notes(markdown, &[lang("en")], &lang("en"));
    assert_eq!(notes.dropped_links, ["java\nscript:x", "data:image/png,x", "FILE:///c"]);
    assert!(!notes.html.contains("href"), "{}", notes.html);
}

#[test]
fn entities_write_no_control_characters() {
    for markdown in ["a&#1;b&#x1;c", "<p title=\"&#1;\">a&#1;b</p>", "`a`&#27;[0m", "# a&#1;b"] {
        let html = english(markdown);
        assert!(!html.contains(|c: char| c.is_control() && c != '\n'), "{html:?}");
    }
}

#[test]
fn no_attack_gets_through() {
    let attacks = [
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;avascript&colon;alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](java&Tab;script:alert(1))",
        "[x](java&NewLine;script:alert(1))",
        "[x](&#1;javascript:alert(1))",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/svg+xml,<svg onload=alert(1)>)",
        "[x]\n\n[x]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "[x](u \"a\\\" onmouseover=alert(1) b=\\\"\")",
        "![\" onerror=\"alert(1)](u)",
        "<script>alert(1)</script>",
        "a <script src=//e.vil></script> b",
        "<ScRiPt\n>alert(1)</script\n>",
        "<img src=x onerror=alert(1)>",
        "a <img src=x onerror=alert(1)//",
        "<base href=//e.vil/>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\" java\nscript:alert(1)\">x</a>",
        "<p style=\"background:url(javascript:alert(1))\">x</p>",
        "<details open ontoggle=alert(1)><summary>x</summary></details>",
        "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
        "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<link rel=stylesheet href=//e.vil/a.css><style>@import '//e.vil'</style>",
        "```\" onmouseover=\"alert(1)\nx\n```",
        "## <img src=x onerror=alert(1)>",
        "| <script>alert(1)</script> |\n|---|\n| [x](javascript:1) |",
    ];
    for attack in attacks {
        for markdown in [attack.to_owned(), format!("真。{attack}"), format!("> - {attack}")] {
            assert_harmless(&notes(&markdown), &markdown);
        }
    }
    for text in [
        "<script>alert(1)</script>",
        "http://a.b/\"onmouseover=alert(1)",
        "javascript:alert(1) http://a.b/'x'",
    ] {
        assert_harmless(&render_paragraphs(text, &lang("en")), text);
    }
}

/// Looks at the tags alone: what is escaped may say anything.
fn assert_harmless(html: &str, source: &str) {
    for tag in tags(html) {
        let name: String =
            tag.chars().skip_while(|c| *c == '/').take_while(|c| c.is_alphanumeric()).collect();
        assert!(TAGS.contains(&name.as_str()), "{source}: {html}");
        let names = attribute_names(tag);
        assert!(!names.iter().any(|name| name.starts_with("on") || name == "style"), "{source}: {html}");
        for value in ["\"javascript:", "\"vbscript:", "\"data:"] {
            let links = tag.replace(' ', "").to_lowercase();
            assert!(!links.contains(&format!("href={value}")), "{source}: {html}");
            assert!(!links.contains(&format!("src={value}")), "{source}: {html}");
        }
    }
}

/// The tags of serialised HTML, without their brackets; a `>` in a value does not end one.
fn tags(html: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let mut quoted = false;
        let end = rest[start..].find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let end = start + end.expect("every tag is closed");
        tags.push(&rest[start + 1..end]);
        rest = &rest[end + 1..];
    }
    tags
}

fn attribute_names(tag: &str) -> Vec<String> {
    let outside: String = tag.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let names = outside.split_whitespace().skip(1);
    names.map(|name| name.trim_end_matches('=').to_lowercase()).collect()
}

#[test]
fn raw_html_keeps_what_is_harmless() {
    let html = english(
        "<div class=\"site-nav notes-box\" id=\"top\" dir=\"rtl\" lang=\"ar\">a</div>\n\nb <kbd>c</kbd>",
    );
    assert!(html.contains("class=\"notes-box\"") && html.contains("id=\"notes-top\""), "{html}");
    assert!(html.contains("dir=\"rtl\"") && html.contains("lang=\"ar\""), "{html}");
    assert!(html.contains("<p>b <kbd>c</kbd></p>"), "{html}");
}

#[test]
fn two_texts_of_a_page_share_no_id() {
    let langs = [lang("en")];
    let html = render_notes_under("notes-en-", "## A\n\n<p id=\"b\">x</p>", &langs, &langs[0]).html;
    assert!(html.contains("id=\"notes-en-a\"") && html.contains("id=\"notes-en-b\""), "{html}");
}

#[test]
fn an_id_is_given_once() {
    let html = english("<div id=\"a\">x</div>\n\n## A");
    assert_eq!(html.matches("id=\"notes-a\"").count(), 1, "{html}");
}

#[test]
fn deep_and_odd_input_ends() {
    notes(&"> ".repeat(2_000));
    notes(&"*真".repeat(20_000));
    notes(&"**真。".repeat(20_000));
    notes(&"[".repeat(5_000));
    notes("\0**\u{feff}真");
    notes("");
    notes("```");
    for token in ["rust", "html", "md", "cpp", "py", "js", "sh", "json", "yaml", "sql", "rb"] {
        notes(&format!("```{token}\n\"'`<?{{(真\0\\\n```"));
    }
}

#[test]
fn blank_lines_separate_paragraphs() {
    let html = render_paragraphs("a & b\nc\r\n \r\n\r\n<d>\n", &lang("en"));
    assert_eq!(html, "<p lang=\"en\">a &amp; b\nc</p>\n<p lang=\"en\">&lt;d&gt;</p>\n");
    assert_eq!(render_paragraphs("今天\n天气", &lang("zh-Hans")), "<p lang=\"zh-Hans\">今天天气</p>\n");
    assert_eq!(render_paragraphs(" \n\n", &lang("en")), "");
    assert_eq!(render_paragraphs("x", &lang("ar")), "<p lang=\"ar\" dir=\"rtl\">x</p>\n");
}

#[test]
fn a_summary_of_brackets_is_read_in_no_time() {
    // With a count for each bracket this would take minutes.
    let text = format!("http://a{}", ")]".repeat(200_000));
    let html = render_paragraphs(&text, &lang("en"));
    assert!(html.contains("<a href=\"http://a\">http://a</a>)])]"));
}

#[test]
fn bare_addresses_become_links() {
    let cases = [
        ("see https://a.b/c?d=1&e=2.", "https://a.b/c?d=1&amp;e=2", "."),
        ("见https://a.b/c。好", "https://a.b/c", "。好"),
        ("见https://a.b了解", "https://a.b", "了解"),
        ("https://zh.w.org/wiki/中文", "https://zh.w.org/wiki/中文", ""),
        ("(http://a.b/c_(d))", "http://a.b/c_(d)", ")"),
        ("HTTP://a.b!", "HTTP://a.b", "!"),
        ("http://a.b/c)])]].", "http://a.b/c", ")])]]."),
        ("http://a.b/(c]).", "http://a.b/(c])", "."),
    ];
    for (text, address, after) in cases {
        let html = render_paragraphs(text, &lang("en"));
        let expected = format!("<a href=\"{address}\">{address}</a>{after}</p>");
        assert!(html.contains(&expected), "{text}: {html}");
    }
    for text in ["https://", "xhttp://a.b", "http:// a", "ftp://a.b", "https://。"] {
        assert!(!render_paragraphs(text, &lang("en")).contains("<a"), "{text}");
    }
}
