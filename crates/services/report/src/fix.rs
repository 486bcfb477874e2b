use finding::Fix;
use text::Sources;

/// Most lines of a fix that are shown.
const LINES: usize = 3;

/// The lines that a fix takes away (`-`) and adds (`+`), at most three in all; empty where the fix
/// has no edit or a longer one.
pub(crate) fn diff(fix: &Fix, sources: &Sources) -> Vec<(char, String)> {
    let [edit] = fix.edits.as_slice() else { return Vec::new() };
    let Some(source) = sources.of(edit.span) else { return Vec::new() };
    let text = source.text.as_str();
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let Some(head) = text.get(..start) else { return Vec::new() };
    let Some(tail) = text.get(end..) else { return Vec::new() };
    let line_start = head.rfind('\n').map_or(0, |at| at + 1);
    let line_end = end + tail.find('\n').unwrap_or(tail.len());
    let old = text.get(line_start..line_end).unwrap_or_default();
    let new = format!(
        "{}{}{}",
        text.get(line_start..start).unwrap_or_default(),
        edit.replacement,
        text.get(end..line_end).unwrap_or_default()
    );
    let changes = similar::TextDiff::from_lines(old, &new);
    let mut lines = Vec::new();
    for change in changes.iter_all_changes() {
        let sign = match change.tag() {
            similar::ChangeTag::Equal => continue,
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
        };
        lines.push((sign, change.value().trim_end().to_owned()));
    }
    if lines.len() > LINES { Vec::new() } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use text::{Source, Span};

    #[test]
    fn an_insertion_shows_the_new_line_only() {
        let mut sources = Sources::default();
        let id = sources.add(Arc::new(Source::new("t", "a:\n  b: 1\n  c: 2\n")));
        let fix = Fix::replace("x", Span::new(id, 5, 5), "Timeout: 10\n  ");
        assert_eq!(diff(&fix, &sources), [('+', "  Timeout: 10".to_owned())]);
        let fix = Fix::replace("x", Span::new(id, 8, 9), "3");
        let expect = [('-', "  b: 1".to_owned()), ('+', "  b: 3".to_owned())];
        assert_eq!(diff(&fix, &sources), expect);
    }
}
