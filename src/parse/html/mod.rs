//! Foreign HTML → Markdown or plain words, for what others wrote to be edited as one's own.
//! Never fails, never takes the square of the length, and never yields markup that it did not
//! write itself: every character of a text that Markdown would act on is escaped, links lead only
//! where `is_safe_address` lets them, and what a page would run or load is left out.

mod inline;
mod tags;

use url::Url;

use crate::text::{has_controls, is_control, without_controls};
pub use inline::escaped_line;
use inline::{Inline, Style, write_inline};
pub use tags::{Piece, Pieces, Tag, unescaped};

/// What was made of some HTML.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Markdown {
    pub text: String,
    /// Addresses of links that were refused; their words stayed.
    pub dropped_links: Vec<String>,
}

/// How deep quotes and lists lie in each other; what is deeper becomes part of what is around it.
const DEPTH: usize = 12;

/// How long an address may be, in bytes.
const ADDRESS: usize = 2000;

/// Elements whose inside is no text.
const EMPTIED: &[&str] = &[
    "script", "style", "head", "title", "iframe", "object", "template", "noscript", "svg", "math",
    "textarea", "select", "audio", "video", "canvas",
];

/// Elements that end the line they stand in.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "body",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "html",
    "main",
    "nav",
    "p",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
];

/// Whether a text is HTML: it has something that reads as a tag or an entity.
pub fn is_html(text: &str) -> bool {
    Pieces::new(text).any(|piece| !matches!(piece, Piece::Text(_)))
        || text.match_indices('&').take(1000).any(|(at, _)| tags::entity(&text[at..]).is_some())
}

/// Markdown that shows what the HTML shows. `base`: where addresses without a host lead from.
pub fn markdown_of_html(html: &str, base: Option<&Url>) -> Markdown {
    let mut writer = Writer::new(base);
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => writer.text(&tags::unescaped(text)),
            Piece::Tag(tag) if EMPTIED.contains(&tag.name.as_str()) => {
                if matches!(tag.name.as_str(), "iframe" | "audio" | "video") && !tag.closes {
                    writer.embedded(&tag);
                }
                if !tag.closes && !tag.closed {
                    writer.part_words();
                    pieces.skip_past(&tag.name);
                }
            }
            Piece::Tag(tag) => writer.tag(&tag),
            Piece::Comment => {}
        }
    }
    writer.finish()
}

/// The same of a text that is no HTML: its lines and paragraphs as they are.
pub fn markdown_of_text(text: &str) -> Markdown {
    let mut writer = Writer::new(None);
    for line in text.lines() {
        if line.trim().is_empty() {
            writer.end_block();
        } else {
            if !writer.inline.is_empty() {
                writer.inline.push(Inline::Break);
            }
            writer.text(line.trim());
        }
    }
    writer.finish()
}

/// A text without control characters, where those that part words are spaces.
fn spaced(text: &str) -> String {
    if has_controls(text) {
        let parts = |c: char| is_control(c) && c.is_whitespace();
        return without_controls(&text.replace(parts, " ")).into_owned();
    }
    text.to_owned()
}

/// The words alone, in one line.
pub fn words_of_html(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => words.push_str(&tags::unescaped(text)),
            Piece::Tag(tag) if EMPTIED.contains(&tag.name.as_str()) && !tag.closes && !tag.closed => {
                words.push(' ');
                pieces.skip_past(&tag.name);
            }
            Piece::Tag(tag) if ends_line(&tag.name) || tag.name == "img" => words.push(' '),
            _ => {}
        }
    }
    one_line(&words)
}

/// A text in one line, without control characters.
pub fn one_line(text: &str) -> String {
    spaced(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ends_line(name: &str) -> bool {
    BLOCKS.contains(&name)
        || matches!(name, "br" | "hr" | "li" | "ul" | "ol" | "blockquote" | "pre" | "td" | "th")
        || heading(name).is_some()
}

fn heading(name: &str) -> Option<usize> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

enum Container {
    Quote,
    /// The number of the next item, where they are numbered.
    List {
        next: Option<u32>,
        items: usize,
    },
    /// The sign before its first line; whether that is still to be written.
    Item {
        marker: String,
        fresh: bool,
        first: bool,
    },
}

struct Writer<'a> {
    base: Option<&'a Url>,
    out: String,
    containers: Vec<Container>,
    /// Containers beyond the depth, whose ends are passed over.
    beyond: usize,
    inline: Vec<Inline>,
    styles: Vec<Style>,
    /// Where the open link leads; empty where it was refused.
    link: Option<String>,
    heading: usize,
    pre: Option<String>,
    dropped: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(base: Option<&'a Url>) -> Writer<'a> {
        Writer {
            base,
            out: String::new(),
            containers: Vec::new(),
            beyond: 0,
            inline: Vec::new(),
            styles: Vec::new(),
            link: None,
            heading: 0,
            pre: None,
            dropped: Vec::new(),
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.pre {
            Some(code) => code.push_str(&without_controls(text)),
            None => self.inline.push(Inline::Text(spaced(text))),
        }
    }

    /// What is left out parts the words around it, and no code.
    fn part_words(&mut self) {
        if self.pre.is_none() {
            self.text(" ");
        }
    }

    fn tag(&mut self, tag: &Tag) {
        if self.pre.is_some() && tag.name != "pre" {
            if tag.name == "br" {
                self.text("\n");
            }
            return;
        }
        match (tag.name.as_str(), tag.closes) {
            ("br", _) => self.inline.push(Inline::Break),
            ("hr", false) => self.rule(),
            ("b" | "strong", closes) => self.style(Style::Strong, closes),
            ("i" | "em" | "cite", closes) => self.style(Style::Emphasis, closes),
            ("code" | "tt" | "kbd", closes) => self.style(Style::Code, closes),
            ("a", false) => self.open_link(tag),
            ("a", true) => self.close_link(),
            ("img", false) => self.embedded(tag),
            ("td" | "th", false) => self.cell(),
            ("pre", closes) => self.code_block(closes),
            ("ul", false) => self.open(Container::List { next: None, items: 0 }),
            ("ol", false) => {
                let start = tag.attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.open(Container::List { next: Some(start), items: 0 });
            }
            ("li", false) => self.open_item(),
            ("blockquote", false) => self.open(Container::Quote),
            ("ul" | "ol", true) => self.close(|container| matches!(container, Container::List { .. })),
            ("li", true) => self.close_item(),
            ("blockquote", true) => self.close(|container| matches!(container, Container::Quote)),
            (name, closes) => self.other(name, closes),
        }
    }

    fn other(&mut self, name: &str, closes: bool) {
        if let Some(level) = heading(name) {
            self.end_block();
            self.heading = if closes { 0 } else { level.max(2) };
        } else if BLOCKS.contains(&name) {
            self.end_block();
        }
    }

    // ---- Within a line

    fn style(&mut self, style: Style, closes: bool) {
        let open = self.styles.iter().position(|own| *own == style);
        match (open, closes) {
            (None, false) => {
                self.styles.push(style);
                self.inline.push(Inline::Open(style));
            }
            (Some(at), true) => {
                // What was opened inside closes first, and goes on after it.
                let inner: Vec<Style> = self.styles.drain(at..).skip(1).collect();
                self.inline.extend(inner.iter().rev().map(|style| Inline::Close(*style)));
                self.inline.push(Inline::Close(style));
                self.inline.extend(inner.iter().map(|style| Inline::Open(*style)));
                self.styles.extend(inner);
            }
            _ => {}
        }
    }

    fn open_link(&mut self, tag: &Tag) {
        self.close_link();
        let Some(href) = tag.attribute("href").filter(|href| !href.trim().is_empty()) else { return };
        match self.address(&href) {
            Some(address) => {
                self.between_styles(Inline::OpenLink);
                self.link = Some(address);
            }
            None => self.dropped.push(href),
        }
    }

    fn close_link(&mut self) {
        if let Some(address) = self.link.take() {
            self.between_styles(Inline::CloseLink(address));
        }
    }

    /// Adds a piece that no emphasis may lie across.
    fn between_styles(&mut self, piece: Inline) {
        self.inline.extend(self.styles.iter().rev().map(|style| Inline::Close(*style)));
        self.inline.push(piece);
        self.inline.extend(self.styles.iter().map(|style| Inline::Open(*style)));
    }

    /// A whole address that a reader may be led to.
    fn address(&self, href: &str) -> Option<String> {
        safe_address(href, self.base)
    }

    /// What is embedded lies with somebody else, who would learn of every reader: a link leads there.
    fn embedded(&mut self, tag: &Tag) {
        let tiny = |name| tag.attribute(name).is_some_and(|size| matches!(size.trim(), "0" | "1"));
        let source = tag.attribute("src").filter(|_| !tiny("width") && !tiny("height"));
        let Some(source) = source else { return self.part_words() };
        let alt = one_line(&tag.attribute("alt").unwrap_or_default());
        let shown = if alt.is_empty() { " " } else { &alt };
        if self.link.is_some() {
            return self.text(shown);
        }
        let Some(address) = self.address(&source) else {
            self.text(shown);
            return self.dropped.push(source);
        };
        let last = || address.rsplit(['/', '=']).find(|part| !part.is_empty()).unwrap_or(&address);
        let name = || if tag.name == "img" { last().to_owned() } else { address.clone() };
        let words = if alt.is_empty() { name() } else { alt };
        self.between_styles(Inline::OpenLink);
        self.text(&words);
        self.between_styles(Inline::CloseLink(address));
    }

    fn cell(&mut self) {
        if !self.inline.is_empty() {
            self.text(" · ");
        }
    }

    // ---- Blocks

    fn code_block(&mut self, closes: bool) {
        if !closes && self.pre.is_none() {
            self.end_block();
            self.pre = Some(String::new());
        } else if closes && let Some(code) = self.pre.take() {
            self.write_code(&code);
        }
    }

    fn write_code(&mut self, code: &str) {
        let code = code.trim_matches('\n');
        if code.trim().is_empty() {
            return;
        }
        let fence = "`".repeat(inline::longest_run(code).max(2) + 1);
        self.write_block(&format!("{fence}\n{code}\n{fence}"));
    }

    fn rule(&mut self) {
        self.end_block();
        self.write_block("* * *");
    }

    fn open(&mut self, container: Container) {
        self.end_block();
        if self.containers.len() >= DEPTH {
            self.beyond += 1;
        } else {
            self.containers.push(container);
        }
    }

    fn open_item(&mut self) {
        self.end_block();
        self.close_item();
        if self.beyond > 0 {
            return;
        }
        if !matches!(self.containers.last(), Some(Container::List { .. })) {
            if self.containers.len() + 1 >= DEPTH {
                return;
            }
            self.containers.push(Container::List { next: None, items: 0 });
        }
        let Some(Container::List { next, items }) = self.containers.last_mut() else { return };
        let marker = match next {
            Some(number) => {
                let marker = format!("{}. ", (*number).min(999_999_999));
                *number = number.saturating_add(1);
                marker
            }
            None => "- ".to_owned(),
        };
        *items += 1;
        let first = *items == 1;
        self.containers.push(Container::Item { marker, fresh: true, first });
    }

    /// An item ends where the next one begins.
    fn close_item(&mut self) {
        self.end_block();
        if matches!(self.containers.last(), Some(Container::Item { .. })) {
            self.containers.pop();
        }
    }

    fn close(&mut self, kind: impl Fn(&Container) -> bool) {
        self.end_block();
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(at) = self.containers.iter().rposition(kind) {
            self.containers.truncate(at);
        }
    }

    fn end_block(&mut self) {
        let link = self.link.take();
        self.inline.extend(self.styles.iter().rev().map(|style| Inline::Close(*style)));
        self.inline.extend(link.clone().map(Inline::CloseLink));
        let inline = std::mem::take(&mut self.inline);
        let text = write_inline(&inline);
        if !text.is_empty() {
            match self.heading {
                0 => self.write_block(&text),
                level => self.write_block(&format!("{} {}", "#".repeat(level), text.replace("\\\n", " "))),
            }
        }
        // What is still open goes on in the next block.
        self.inline.extend(link.is_some().then_some(Inline::OpenLink));
        self.inline.extend(self.styles.iter().map(|style| Inline::Open(*style)));
        self.link = link;
    }

    fn write_block(&mut self, text: &str) {
        let (first, rest, spaced) = self.prefixes();
        if !self.out.is_empty() && spaced {
            self.out.push_str(rest.trim_end());
            self.out.push('\n');
        }
        for (index, line) in text.split('\n').enumerate() {
            let prefix = if index == 0 { &first } else { &rest };
            let whole = format!("{prefix}{line}");
            // A hard break is a backslash, so no space at an end means anything.
            self.out.push_str(whole.trim_end());
            self.out.push('\n');
        }
    }

    /// What stands before the first and the other lines of a block, and whether an empty line
    /// separates it from what is before it.
    fn prefixes(&mut self) -> (String, String, bool) {
        let (mut first, mut rest, mut spaced) = (String::new(), String::new(), true);
        let lists = self.containers.iter().filter(|one| matches!(one, Container::List { .. })).count();
        for container in &mut self.containers {
            match container {
                Container::Quote => {
                    first.push_str("> ");
                    rest.push_str("> ");
                }
                Container::List { .. } => {}
                Container::Item { marker, fresh, first: leads } => {
                    let indent = " ".repeat(marker.len());
                    first.push_str(if *fresh { marker } else { &indent });
                    rest.push_str(&indent);
                    if *fresh {
                        spaced = *leads && (lists == 1 || !matches!(marker.as_str(), "- " | "1. "));
                    }
                    *fresh = false;
                }
            }
        }
        (first, rest, spaced)
    }

    fn finish(mut self) -> Markdown {
        if let Some(code) = self.pre.take() {
            self.write_code(&code);
        }
        self.close_link();
        self.end_block();
        Markdown { text: self.out.trim_end().to_owned(), dropped_links: self.dropped }
    }
}

/// A whole address with a scheme that runs nothing, as an address bar would show it.
pub fn safe_address(address: &str, base: Option<&Url>) -> Option<String> {
    let address: String = address.trim().chars().filter(|c| !c.is_control()).collect();
    if address.is_empty() || address.len() > ADDRESS {
        return None;
    }
    let url = match Url::parse(&address) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(&address).ok()?,
        Err(_) => return None,
    };
    let fine = matches!(url.scheme(), "http" | "https" | "mailto" | "tel");
    (fine && crate::slug::is_safe_address(url.as_str())).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, markdown: &str) {
        assert_eq!(markdown_of_html(html, None).text, markdown, "{html}");
    }

    #[test]
    fn paragraphs_breaks_and_headings_stay() {
        check("<p>One <br/>two.</p>\n<p>Three&nbsp;&amp; four</p>", "One\\\ntwo.\n\nThree\u{a0}& four");
        check("<h1>Notes</h1>text<h3>More</h3>", "## Notes\n\ntext\n\n### More");
        check("a<hr>b", "a\n\n* * *\n\nb");
    }

    #[test]
    fn lists_and_quotes_lie_in_each_other() {
        check("x<ul><li>a<li>b<ol><li>c</li></ol></li></ul>y", "x\n\n- a\n- b\n  1. c\n\ny");
        check("<ol start=3><li><p>a</p><p>b</p></li></ol>", "3. a\n\n   b");
        check("<blockquote>a<ul><li>b</ul></blockquote>c", "> a\n>\n> - b\n\nc");
        let deep = markdown_of_html(&"<ul><li>a".repeat(10_000), None).text;
        assert!(deep.lines().all(|line| line.len() < 40), "{}", deep.len());
        assert_eq!(deep.matches('a').count(), 10_000);
    }

    #[test]
    fn emphasis_is_written_where_markdown_reads_it() {
        check("a <b>b</b> <i>c</i>", "a **b** *c*");
        check("<b> a </b>b", "**a** b");
        check("<b><i>a</b> b</i>", "***a*** *b*");
        // Markdown would read no emphasis here: the words alone stay.
        check("a<b>(b)</b>c", "a(b)c");
        check("<b></b><i> </i>x", "x");
        check("a<b>https://b.c/</b> <b>https://b.c/</b>d", "a<https://b.c/> <https://b.c/>d");
        check("<b>https://b.c/</b>: <i>d https://b.c/</i>", "**<https://b.c/>**: *d <https://b.c/>*");
        // Marks that meet: one span of two, and none where it cannot be told.
        check("<b>a</b><b>b</b> <b>c</b><i>d</i>", "**ab** **c***d*");
        check("<b><i>a</i></b><b><i>b</i>c</b>", "***ab*c**");
        check("<i>a<b>b</i>c</b>", "*a**b***c");
        check("<i><b>a</b>b<b>c</b>d</i>", "***a**bcd*");
        check("<i>a<b>b</b>c <b>d</b></i>", "*a**b**c **d***");
        check("<b>a<a href=https://b.c/> </a>d</b><i>e<a href=https://b.c/></a>f", "**a** **d***ef*");
        check("a<a href=https://b.c/><br></a>d", "a\\\nd");
        check("<b><p>a</p><p>b</p></b>", "**a**\n\n**b**");
    }

    #[test]
    fn links_lead_out_or_are_words() {
        check("<a href='https://a.b/x y'>A *</a>", "[A \\*](https://a.b/x%20y)");
        check("<a href=https://a.b/>https://a.b/</a>", "<https://a.b/>");
        check("see https://a.b/c_d, or", "see <https://a.b/c_d>, or");
        check("<a href=\"https://a.b/\"><img src=https://c.d/e.png alt=Cover></a>", "[Cover](https://a.b/)");
        check("<img src=https://a.b/c.png alt='A cat'>", "[A cat](https://a.b/c.png)");
        check("<img src=https://a.b/track.gif width=1 height=1>", "");
        check("<iframe src=https://a.b/c></iframe> <a@b.c>", "<https://a.b/c> \\<a@b.c>");
        let made = markdown_of_html("<a href='java\nscript:alert(1)'>x</a><a href='/c'>y</a>", None);
        assert_eq!((made.text.as_str(), made.dropped_links.len()), ("xy", 2));
        let base = Url::parse("https://a.b/d/").unwrap();
        let made = markdown_of_html("<a href='c'>y</a>", Some(&base));
        assert_eq!(made.text, "[y](https://a.b/d/c)");
    }

    #[test]
    fn a_text_is_never_markup() {
        check("&lt;script&gt;alert(1)&lt;/script&gt;", "\\<script>alert(1)\\</script>");
        check("# a", "\\# a");
        check("1. a *b* _c_ `d` [e](f) ~g~", "1\\. a \\*b\\* \\_c\\_ \\`d\\` \\[e\\](f) \\~g\\~");
        check("&amp;lt;b&amp;gt;", "\\&lt;b\\&gt;");
        check("a<br>| b |<br>|---|", "a\\\n\\| b |\\\n\\|---|");
        check("a<br>===", "a\\\n\\===");
        check("<script>alert('</b>')</script><style>p{}</style>x", "x");
        check("<p onclick=\"x('>')\">a</p>", "a");
        check("<!-- <b> -->a < b <3 <", "a \\< b \\<3 \\<");
        check("Go!<a href=https://a.b/>x</a>", "Go\\![x](https://a.b/)");
        // Of several texts that nothing parts in the end.
        check("&<b></b>lt;b &<i> </i>amp;", "\\&lt;b & amp;");
        // What is left out parts words, and an address ends there.
        check("https://a.b/<script>x</script>c<img alt=d>e", "<https://a.b/> c e");
        check("https://a.b/<img src=c:d>e", "<https://a.b/> e");
        check("a\u{1}b&#1;c", "abc");
        check("https://a.b/&#13;c\u{b}d<pre>e\u{b}f</pre>", "<https://a.b/> c d\n\n```\nef\n```");
    }

    #[test]
    fn code_is_kept_to_the_letter() {
        check("<pre><code>a  b\n```\n&lt;c&gt;</code></pre>", "````\na  b\n```\n<c>\n````");
        check("run <code>a`b</code>", "run ``a`b``");
        check("<pre><svg><path/></svg>a<script>x</script>b<iframe></iframe></pre>", "```\nab\n```");
        check("<code>a</code><b></b><code>b</code>`", "`ab`\\`");
    }

    #[test]
    fn plain_text_keeps_its_lines() {
        let made = markdown_of_text("One\n  two\n\n- three https://a.b.\n");
        assert_eq!(made.text, "One\\\ntwo\n\n\\- three <https://a.b/>.");
        assert!(!is_html("a < b & c") && is_html("a &amp; b") && is_html("a<br>"));
        assert_eq!(words_of_html("<p>a</p><p>b &amp; c</p>"), "a b & c");
        assert_eq!(one_line("\u{7f} a\u{b}b \u{1} c\u{1}\n"), "a b c");
        assert_eq!(words_of_html("a<img alt=b>c<iframe>d</iframe>e"), "a c e");
    }

    #[test]
    fn broken_html_takes_no_square_of_its_length() {
        for part in ["<a \"", "<", "</", "<!--", "<b><i>", "&", "<a href='", "<script>", "[", "<li>", "</ul>"]
        {
            let made = markdown_of_html(&part.repeat(200_000 / part.len()), None);
            assert!(made.text.len() <= 2_000_000, "{part}");
        }
    }
}
