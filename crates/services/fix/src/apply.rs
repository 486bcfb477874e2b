//! Edits applied to texts.

use std::collections::BTreeMap;

use finding::Edit;
use text::{SourceId, Sources};

/// The new texts of the files that edits change; an error says which edits contradict each other.
///
/// Edits that are the same count once; several insertions at one place keep their order.
pub fn apply(sources: &Sources, edits: &[Edit]) -> Result<BTreeMap<SourceId, String>, String> {
    let mut by_file: BTreeMap<SourceId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        let known = by_file.entry(edit.span.source).or_default();
        if !known.contains(&edit) {
            known.push(edit);
        }
    }
    let mut texts = BTreeMap::new();
    for (id, mut edits) in by_file {
        let source = sources.get(id).ok_or("a file to be changed was not read")?;
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut text = String::with_capacity(source.text.len());
        let mut done = 0;
        for edit in edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            let between = source.text.get(done..start).filter(|_| start >= done);
            let Some(between) = between else {
                let line = source.position(edit.span.start).line;
                return Err(format!("two changes of `{}` meet at line {line}", source.path));
            };
            text.push_str(between);
            // The file's own line ends.
            match source.text.contains("\r\n") {
                true => {
                    let unix = edit.replacement.replace("\r\n", "\n");
                    text.push_str(&unix.replace('\n', "\r\n"));
                }
                false => text.push_str(&edit.replacement),
            }
            done = end;
        }
        text.push_str(source.text.get(done..).unwrap_or_default());
        texts.insert(id, text);
    }
    Ok(texts)
}

/// The change of one file as a unified diff.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}
