use std::sync::{Arc, OnceLock};

use crate::{SourceId, Span};

/// One text file as it was read.
#[derive(Debug)]
pub struct Source {
    /// Path as shown to the user, with `/` between folders.
    pub path: String,
    /// The whole text.
    pub text: String,
    line_starts: OnceLock<Vec<u32>>,
}

/// A place for people: both counts begin at 1, columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl Source {
    /// Makes a source from its path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), line_starts: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(offset, _)| offset as u32 + 1)).collect()
        })
    }

    /// Line and column of a byte offset; an offset behind the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (offset as usize).clamp(start, self.text.len().max(start));
        let before = self.text.as_bytes().get(start..end).unwrap_or_default();
        // Continuation bytes of UTF-8 do not begin a character.
        let column = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        Position { line: line as u32, column: column as u32 + 1 }
    }

    /// Byte range of a line (from 1), without its line break.
    pub fn line_range(&self, line: u32) -> Option<std::ops::Range<usize>> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)? as usize)? as usize;
        let end = starts.get(line as usize).map_or(self.text.len(), |next| *next as usize - 1);
        let line_text = self.text.get(start..end)?;
        Some(start..start + line_text.trim_end_matches('\r').len())
    }

    /// Text of a line (from 1), without its line break.
    pub fn line(&self, line: u32) -> Option<&str> {
        self.text.get(self.line_range(line)?)
    }

    /// Number of lines.
    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }

    /// The text under a span; empty when the span does not fit.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// All sources of a run, by [`SourceId`].
#[derive(Debug, Clone, Default)]
pub struct Sources(Vec<Arc<Source>>);

impl Sources {
    /// Adds a source and names it.
    pub fn add(&mut self, source: Arc<Source>) -> SourceId {
        self.0.push(source);
        SourceId(self.0.len() as u32 - 1)
    }

    /// The source of that id.
    pub fn get(&self, id: SourceId) -> Option<&Arc<Source>> {
        self.0.get(id.0 as usize)
    }

    /// The source a span lies in.
    pub fn of(&self, span: Span) -> Option<&Arc<Source>> {
        self.get(span.source)
    }

    /// Every source with its id.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
        self.0.iter().enumerate().map(|(index, source)| (SourceId(index as u32), source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_survive_crlf() {
        let source = Source::new("a", "é: 1\r\nb: 2");
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.line(1), Some("é: 1"));
        assert_eq!(source.line(2), Some("b: 2"));
        assert_eq!(source.position(999), Position { line: 2, column: 5 });
    }
}
