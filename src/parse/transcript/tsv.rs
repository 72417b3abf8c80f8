//! Transcripts as a table with tabs between its columns, as Whisper writes them: `start`, `end`,
//! `text`; besides those `speaker`, and a column per language tag. Never drops a row in silence.

use super::captions::Caption;
use super::few::Few;
use super::vtt::loose_time;
use crate::lang::Lang;
use crate::timestamp::Millis;

#[derive(Clone, PartialEq, Eq)]
enum Column {
    Start,
    End,
    Speaker,
    Text,
    /// A text in the language that the column is called by.
    Said(Lang),
    Other,
}

impl Column {
    fn is_text(&self) -> bool {
        matches!(self, Column::Text | Column::Said(_))
    }
}

/// What stands in the place of a name where someone else speaks, and nobody says who.
const TURN: &str = ">>";

/// Reads the rows of a text that starts at `offset` of its source.
pub fn tsv_captions(text: &str, offset: usize, few: &mut Few) -> Vec<Caption> {
    let mut captions = Vec::new();
    let mut columns = vec![Column::Start, Column::End, Column::Text];
    let mut at = 0;
    let mut first = true;
    for line in text.split('\n') {
        let span = offset + at..offset + at + line.len();
        at += line.len() + 1;
        if line.trim().is_empty() {
            continue;
        }
        if std::mem::take(&mut first)
            && let Some(named) = header(line)
        {
            columns = named;
            continue;
        }
        let mut caption = Caption { span: span.clone(), ..Caption::default() };
        let mut texts = 0;
        for (index, field) in line.splitn(columns.len(), '\t').enumerate() {
            let field = field.trim();
            match &columns[index] {
                Column::Start => caption.start = time(field),
                Column::End => caption.end = time(field),
                Column::Speaker if field == TURN => caption.turn = true,
                Column::Speaker => caption.voice = Some(field.to_owned()).filter(|name| !name.is_empty()),
                column @ (Column::Text | Column::Said(_)) => {
                    texts += 1;
                    // A tab within the last column is one of the text's own.
                    let words = field.replace('\t', " ");
                    if words.is_empty() {
                        continue;
                    }
                    caption.lines.push(words);
                    if let Column::Said(lang) = column {
                        caption.langs.push(lang.clone());
                    }
                }
                Column::Other => {}
            }
        }
        if texts == 0 {
            // Words that stand where times should.
            caption.lines = vec![line.split_whitespace().collect::<Vec<_>>().join(" ")];
            caption.langs.clear();
            caption.start = None;
            caption.end = None;
        }
        caption.told_apart = columns.iter().filter(|column| column.is_text()).count() > 1;
        caption.exact = caption.told_apart && columns.contains(&Column::Speaker);
        if caption.turn
            && !caption.exact
            && let Some(first) = caption.lines.first_mut()
        {
            *first = format!("{TURN} {first}");
        }
        if caption.start.is_none() && columns.contains(&Column::Start) {
            few.warn(
                "bad-timing",
                "the times of this row cannot be read",
                span,
                "write them in milliseconds",
            );
        }
        captions.push(caption);
    }
    captions
}

/// The columns that a line names; none where it is a row.
fn header(line: &str) -> Option<Vec<Column>> {
    if line.split('\t').any(|field| time(field.trim()).is_some()) {
        return None;
    }
    let columns: Vec<Column> = line
        .split('\t')
        .map(|name| match name.trim().to_ascii_lowercase().as_str() {
            "start" => Column::Start,
            "end" => Column::End,
            "speaker" => Column::Speaker,
            "text" => Column::Text,
            "id" | "cue" => Column::Other,
            "und" => Lang::parse("und").map_or(Column::Other, Column::Said),
            _ => Lang::of_name(name.trim()).map_or(Column::Other, Column::Said),
        })
        .collect();
    (columns.contains(&Column::Start) || columns.iter().any(Column::is_text)).then_some(columns)
}

/// Milliseconds as a whole number, or a clock, or seconds with a fraction.
fn time(field: &str) -> Option<Millis> {
    if !field.is_empty() && field.len() <= 15 && field.bytes().all(|byte| byte.is_ascii_digit()) {
        return field.parse().ok().map(Millis);
    }
    loose_time(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::table::Findings;

    /// The start and the texts of a row.
    type Row = (Option<u64>, Vec<String>);

    fn rows(text: &str) -> (Vec<Row>, usize) {
        let source = Source::new("a.tsv", text);
        let findings = Findings::default();
        let mut few = Few::new(&source, &findings);
        let captions = tsv_captions(text, 0, &mut few);
        few.finish();
        let rows = captions.into_iter().map(|one| (one.start.map(|start| start.0), one.lines));
        (rows.collect(), findings.into_inner().len())
    }

    #[test]
    fn rows_are_cues_and_a_row_without_times_keeps_its_words() {
        let (found, findings) = rows("start\tend\ttext\n0\t1500\ta b\tc\nno times\n\n1.5\t0:02\td\n");
        assert_eq!(
            found,
            [
                (Some(0), vec!["a b c".to_owned()]),
                (None, vec!["no times".to_owned()]),
                (Some(1500), vec!["d".to_owned()])
            ]
        );
        assert_eq!(findings, 1);
    }

    #[test]
    fn a_table_without_names_of_columns_is_start_end_and_text() {
        let (found, findings) = rows("0\t1500\thello\n1500\t3000\tb\n");
        assert_eq!(found, [(Some(0), vec!["hello".to_owned()]), (Some(1500), vec!["b".to_owned()])]);
        assert_eq!(findings, 0);
    }

    #[test]
    fn a_column_per_language_gives_a_text_per_language() {
        let (found, _) = rows("id\tstart\tend\tspeaker\tzh-Hans\ten\nx\t0\t1\tA\t灯\tlamp\n");
        assert_eq!(found, [(Some(0), vec!["灯".to_owned(), "lamp".to_owned()])]);
    }
}
