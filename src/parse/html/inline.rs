//! The words of one block → a line of Markdown. Emphasis is written only where Markdown reads it
//! as such, and everything else that Markdown would act on is escaped.

/// A piece of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Break,
    Open(Style),
    Close(Style),
    OpenLink,
    /// Where the link leads.
    CloseLink(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Strong,
    Emphasis,
    Code,
}

impl Style {
    fn mark(self) -> &'static str {
        match self {
            Style::Strong => "**",
            Style::Emphasis => "*",
            Style::Code => "`",
        }
    }
}

/// A piece of the line to be: text to escape, or a mark that may still be taken back.
enum Written {
    Text(String),
    /// Without its quotes.
    Code(String),
    /// A bare address, to become a link to itself.
    Address(String),
    Break,
    Open(Style),
    Close(Style),
    OpenLink,
    CloseLink(String),
}

#[derive(Default)]
struct Line {
    pieces: Vec<Written>,
}

/// Writes a block's pieces; nothing where they say nothing.
pub fn write_inline(pieces: &[Inline]) -> String {
    let mut line = Line::default();
    let mut code: Option<String> = None;
    let mut space = true;
    for piece in pieces {
        match piece {
            Inline::Open(Style::Code) => code = Some(String::new()),
            Inline::Close(Style::Code) => {
                if let Some(code) = code.take().filter(|code| !code.trim().is_empty()) {
                    line.pieces.push(Written::Code(code));
                    space = false;
                }
            }
            Inline::Text(text) if code.is_some() => {
                code.get_or_insert_default().push_str(text);
            }
            Inline::Text(text) => space = line.text(text, space),
            Inline::Break => {
                line.pieces.push(Written::Break);
                space = true;
            }
            Inline::Open(style) => line.pieces.push(Written::Open(*style)),
            Inline::Close(style) => line.pieces.push(Written::Close(*style)),
            Inline::OpenLink => line.pieces.push(Written::OpenLink),
            Inline::CloseLink(address) => line.pieces.push(Written::CloseLink(address.clone())),
        }
    }
    line.finish()
}

/// How many backticks stand in a row at most.
pub fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn quoted_code(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let fence = "`".repeat(longest_run(&code) + 1);
    let gap = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{code}{gap}{fence}")
}

impl Line {
    /// Adds a text with each run of white space as one space; says whether it ends in one.
    fn text(&mut self, text: &str, after_space: bool) -> bool {
        let mut plain = String::with_capacity(text.len());
        let mut space = after_space;
        for character in text.chars() {
            // A space that does not break is a character like any other.
            if character.is_ascii_whitespace() {
                if !space {
                    plain.push(' ');
                }
                space = true;
            } else {
                plain.push(character);
                space = false;
            }
        }
        if !plain.is_empty() {
            self.pieces.push(Written::Text(plain));
        }
        space
    }

    /// Makes one text of those that nothing parts any more, since how a character is escaped hangs on
    /// what follows it; and one code of two, whose quotes would meet.
    fn join_texts(&mut self) {
        self.pieces.retain(|piece| !matches!(piece, Written::Text(text) if text.is_empty()));
        self.pieces.dedup_by(|next, before| match (before, next) {
            (Written::Text(before), Written::Text(next)) | (Written::Code(before), Written::Code(next)) => {
                before.push_str(next);
                true
            }
            _ => false,
        });
    }

    fn finish(mut self) -> String {
        self.move_spaces_out();
        self.drop_empty_links();
        self.join_spans();
        self.part_addresses();
        self.drop_idle_marks();
        self.join_texts();
        let mut text = String::new();
        let mut link: Option<usize> = None;
        for piece in &self.pieces {
            match piece {
                Written::Code(code) => text.push_str(&quoted_code(code)),
                Written::Text(own) => push_escaped(&mut text, own),
                Written::Address(address) => text.push_str(&autolink(address)),
                Written::Break => {
                    let kept = text.trim_end_matches(' ').len();
                    text.truncate(kept);
                    text.push_str("\\\n");
                }
                Written::Open(style) | Written::Close(style) => text.push_str(style.mark()),
                Written::OpenLink => link = Some(text.len()),
                Written::CloseLink(address) => {
                    if let Some(start) = link.take() {
                        close_link(&mut text, start, address);
                    }
                }
            }
        }
        without_outer_breaks(&text)
    }

    /// Markdown reads no emphasis that begins or ends with a space: spaces go outside.
    fn move_spaces_out(&mut self) {
        let mut moved: Vec<Written> = Vec::with_capacity(self.pieces.len());
        let mut owed = false;
        for piece in std::mem::take(&mut self.pieces) {
            match piece {
                Written::Close(_) | Written::CloseLink(_) => {
                    if let Some(Written::Text(before)) = moved.last_mut()
                        && before.ends_with(' ')
                    {
                        before.pop();
                        owed = true;
                        if before.is_empty() {
                            moved.pop();
                        }
                    }
                    moved.push(piece);
                    continue;
                }
                Written::Text(text) if text.starts_with(' ') => {
                    let opens = |piece: &Written| matches!(piece, Written::Open(_) | Written::OpenLink);
                    let at = moved.iter().rposition(|piece| !opens(piece)).map_or(0, |at| at + 1);
                    moved.insert(at, Written::Text(" ".to_owned()));
                    owed = false;
                    if text.len() > 1 {
                        moved.push(Written::Text(text[1..].to_owned()));
                    }
                    continue;
                }
                piece => {
                    if std::mem::take(&mut owed) {
                        moved.push(Written::Text(" ".to_owned()));
                    }
                    moved.push(piece);
                }
            }
        }
        self.pieces = moved;
    }

    /// A link around nothing that shows is none, and marks beside it meet.
    fn drop_empty_links(&mut self) {
        let mut kept: Vec<Written> = Vec::with_capacity(self.pieces.len());
        let mut empty: Option<usize> = None;
        for piece in std::mem::take(&mut self.pieces) {
            match &piece {
                Written::OpenLink => empty = Some(kept.len()),
                Written::CloseLink(_) => {
                    if let Some(start) = empty.take() {
                        kept.remove(start);
                        continue;
                    }
                }
                Written::Text(_) | Written::Code(_) | Written::Address(_) => empty = None,
                Written::Break | Written::Open(_) | Written::Close(_) => {}
            }
            kept.push(piece);
        }
        self.pieces = kept;
    }

    /// Emphasis that ends where the same begins goes on: Markdown would read its four marks as text.
    fn join_spans(&mut self) {
        let mut joined: Vec<Written> = Vec::with_capacity(self.pieces.len());
        for piece in std::mem::take(&mut self.pieces) {
            match (joined.last(), &piece) {
                (Some(Written::Close(before)), Written::Open(next)) if before == next => _ = joined.pop(),
                _ => joined.push(piece),
            }
        }
        self.pieces = joined;
    }

    /// Makes pieces of their own of the bare addresses outside links, before marks are taken back:
    /// what stood beside such a mark is no part of the address.
    fn part_addresses(&mut self) {
        let mut parted: Vec<Written> = Vec::with_capacity(self.pieces.len());
        let mut in_link = false;
        for piece in std::mem::take(&mut self.pieces) {
            match &piece {
                Written::OpenLink => in_link = true,
                Written::CloseLink(_) => in_link = false,
                Written::Text(text) if !in_link => {
                    push_addresses(&mut parted, text);
                    continue;
                }
                _ => {}
            }
            parted.push(piece);
        }
        self.pieces = parted;
    }

    /// Takes back marks around nothing, and those that Markdown would not read as marks.
    fn drop_idle_marks(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        let mut idle: Vec<usize> = Vec::new();
        for index in 0..self.pieces.len() {
            match self.pieces[index] {
                Written::Open(_) => open.push(index),
                Written::Close(_) => match open.pop() {
                    Some(start) if self.reads_as_marks(start, index, &open) => {}
                    Some(start) => idle.extend([start, index]),
                    None => idle.push(index),
                },
                _ => {}
            }
        }
        idle.extend(open);
        for index in idle {
            self.pieces[index] = Written::Text(String::new());
        }
    }

    /// `around`: the marks that are open around these.
    fn reads_as_marks(&self, start: usize, end: usize, around: &[usize]) -> bool {
        let is_mark = |piece: &&Written| matches!(piece, Written::Open(_) | Written::Close(_));
        let closes = |piece: &Written| matches!((piece, &self.pieces[start]), (Written::Close(own), Written::Open(style)) if own == style);
        if self.pieces[..start].iter().rev().take_while(is_mark).any(closes) {
            // Where marks of both kinds meet, these are not told from those before.
            return false;
        }
        let inside = &self.pieces[start + 1..end];
        let first = inside.iter().find_map(|piece| edge(piece, false));
        let last = inside.iter().rev().find_map(|piece| edge(piece, true));
        let (Some(first), Some(last)) = (first, last) else { return false };
        let before = self.pieces[..start].iter().rev().find_map(|piece| edge(piece, true)).unwrap_or(' ');
        let after = self.pieces[end + 1..].iter().find_map(|piece| edge(piece, false)).unwrap_or(' ');
        // Marks that meet are counted together, and what begins within a word would end one of them.
        let is_mark_at = |at: usize| self.pieces.get(at).is_some_and(|piece| is_mark(&piece));
        let meets = |at: &usize| is_mark_at(at.wrapping_sub(1)) || is_mark_at(at + 1);
        let ends_outer = flanks(first, before) && around.iter().any(meets);
        flanks(before, first) && flanks(after, last) && !ends_outer
    }
}

/// The first or last character that a piece shows.
fn edge(piece: &Written, last: bool) -> Option<char> {
    match piece {
        Written::Text(text) if last => text.chars().next_back(),
        Written::Text(text) => text.chars().next(),
        Written::Code(_) => Some('`'),
        Written::Address(_) => Some(if last { '>' } else { '<' }),
        Written::Break => Some('\n'),
        Written::OpenLink | Written::CloseLink(_) => Some(if last { ')' } else { '[' }),
        Written::Open(_) | Written::Close(_) => None,
    }
}

/// Whether a mark between these two opens towards `inner`, by CommonMark's rule.
fn flanks(outer: char, inner: char) -> bool {
    let punctuation = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    !inner.is_whitespace() && (!punctuation(inner) || outer.is_whitespace() || punctuation(outer))
}

fn close_link(text: &mut String, start: usize, address: &str) {
    let words = without_outer_breaks(&text[start..]);
    let shown = words.replace('\\', "");
    text.truncate(start);
    if shown == address || format!("{shown}/") == address {
        return text.push_str(&autolink(address));
    }
    // With the mark before it, it would be a picture.
    if text.ends_with('!') {
        text.insert(text.len() - 1, '\\');
    }
    let words = words.replace("\\\n", " ");
    text.push_str(&format!("[{words}]({})", destination(address)));
}

/// `<https://…>`, where Markdown reads that as a link.
fn autolink(address: &str) -> String {
    format!("<{}>", address.replace('<', "%3C").replace('>', "%3E").replace(' ', "%20"))
}

/// An address that stands between the brackets of a link.
fn destination(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    let entities = address.contains(';');
    for character in address.chars() {
        match character {
            '(' => written.push_str("%28"),
            ')' => written.push_str("%29"),
            '\\' => written.push_str("%5C"),
            '<' => written.push_str("%3C"),
            '>' => written.push_str("%3E"),
            ' ' => written.push_str("%20"),
            '&' if entities => written.push_str("&amp;"),
            _ => written.push(character),
        }
    }
    written
}

/// A text without breaks before its first and after its last word.
fn without_outer_breaks(text: &str) -> String {
    let mut text = text.trim_matches(' ');
    while let Some(rest) = text.strip_suffix("\\\n").or_else(|| text.strip_prefix("\\\n")) {
        text = rest.trim_matches(' ');
    }
    text.to_owned()
}

/// Adds a text, and the bare addresses in it that a reader may be led to.
fn push_addresses(pieces: &mut Vec<Written>, text: &str) {
    let (mut written, mut from) = (0, 0);
    while let Some(at) = next_address(text, from) {
        from = at + address_length(&text[at..]);
        if let Some(address) = super::safe_address(&text[at..from], None) {
            pieces.push(Written::Text(text[written..at].to_owned()));
            pieces.push(Written::Address(address));
            written = from;
        }
    }
    pieces.push(Written::Text(text[written..].to_owned()));
}

/// Where the next address begins, at `from` or after it.
fn next_address(text: &str, mut from: usize) -> Option<usize> {
    loop {
        let at = from + text[from..].find("http")?;
        let rest = &text[at..];
        let host = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"));
        let in_word = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if !in_word && host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric())) {
            return Some(at);
        }
        from = at + 4;
    }
}

fn address_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"`\\{}|^[]".contains(c) || is_wide(c);
    let address = &text[..text.find(ends).unwrap_or(text.len())];
    let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '~']);
    let unopened = address.ends_with(')') && !address.contains('(');
    address.len() - usize::from(unopened)
}

/// Chinese and Japanese text follows an address without a space.
fn is_wide(character: char) -> bool {
    crate::lang::is_cjk(character)
}

/// A text in one line as Markdown that shows it.
pub fn escaped_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 8);
    push_escaped(&mut line, text);
    line
}

fn push_escaped(line: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        if needs_escape(line, character, next) {
            line.push('\\');
        }
        line.push(character);
    }
}

fn needs_escape(line: &str, character: char, next: Option<char>) -> bool {
    match character {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => true,
        '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
        '#' | '+' | '-' | '=' | '>' | '|' | ':' => starts_line(line),
        '.' | ')' => {
            let digits = line.len() - line.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            (1..=9).contains(&digits) && starts_line(&line[..line.len() - digits])
        }
        '!' => next == Some('['),
        _ => false,
    }
}

fn starts_line(line: &str) -> bool {
    line.trim_end_matches(' ').is_empty() || line.trim_end_matches(' ').ends_with('\n')
}
