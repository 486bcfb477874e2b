//! Code that stands in a template: read like a file, told at its place in the template.

use text::{Place, Problem, Source, SourceId, Span};

use super::Evaluator;
use crate::tree;

/// The source of inline code while it is followed.
const INLINE: SourceId = SourceId(u32::MAX);

impl Evaluator<'_> {
    /// The tree of inline code, if that is what the path means.
    pub(super) fn parse_inline(&self, path: &str) -> Option<(tree::Module, Vec<Problem>)> {
        let inline = self.entry.inline.as_ref()?;
        let is_index =
            path.strip_prefix("index.").is_some_and(|ending| !ending.contains(['/', '.']));
        is_index.then(|| self.language.parse(&inline.value, INLINE, path))
    }

    /// The code at a place.
    pub(super) fn code_at(&self, at: Span) -> Option<String> {
        if at.source == INLINE {
            let inline = self.entry.inline.as_ref()?;
            return inline.value.get(at.start as usize..at.end as usize).map(str::to_owned);
        }
        Some(self.files.source(at.source)?.slice(at).to_owned())
    }

    /// Moves every place in inline code into the template.
    pub(super) fn place_inline(&mut self) {
        let Some(inline) = &self.entry.inline else { return };
        let Some(template) = self.files.source(inline.span.source) else { return };
        let code = Source::new("", inline.value.as_str());
        let place = |span: &mut Span| {
            if span.source == INLINE {
                let start = offset(&template, inline.span, &code, span.start);
                let end = offset(&template, inline.span, &code, span.end);
                *span = Span { source: inline.span.source, start, end: end.max(start) };
            }
        };
        let behaviour = &mut self.behaviour;
        behaviour.file = Some(template.path.clone());
        behaviour.handler.iter_mut().for_each(place);
        for call in &mut behaviour.calls {
            place(&mut call.span);
            call.through.iter_mut().for_each(place);
        }
        behaviour.destinations.iter_mut().for_each(|found| place(&mut found.span));
        behaviour.processes.iter_mut().for_each(|found| place(&mut found.span));
        behaviour.files.iter_mut().for_each(|found| place(&mut found.span));
        behaviour.unresolved.iter_mut().for_each(|found| place(&mut found.span));
        for problem in &mut self.problems {
            if let Place::Span(span) = &mut problem.place {
                place(span);
            }
        }
    }
}

/// Where a byte of the code is in the template: the line counted from where the code begins, and
/// there the same text; a line that the template writes otherwise is meant as a whole.
fn offset(template: &Source, written: Span, code: &Source, offset: u32) -> u32 {
    let position = code.position(offset);
    let Some(line) = code.line(position.line) else { return written.start };
    let before: u32 =
        line.chars().take(position.column as usize - 1).map(|c| c.len_utf8() as u32).sum();
    let first = template.position(written.start).line;
    // A block's text begins on the line behind its `|`.
    for skipped in [1, 0] {
        let Some(range) = template.line_range(first + position.line - 1 + skipped) else {
            continue;
        };
        let Some(text) = template.text.get(range.clone()) else { continue };
        if let Some(found) = text.find(line) {
            return (range.start + found) as u32 + before;
        }
    }
    written.start
}
