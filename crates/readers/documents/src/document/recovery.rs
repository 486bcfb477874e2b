use std::ops::Range;

use text::{Problem, SourceId, Span};

use super::yaml::{self, Fault};
use crate::Parsed;
use crate::value::Value;

/// Faults of one document that are mended; behind the last the tree ends.
const MENDED_FAULTS: usize = 24;

/// Bytes parsed again to mend one document.
const MENDING_BYTES: usize = 8 << 20;

/// Blocks around a fault that are tried for cutting.
const CUTS_TRIED: usize = 8;

/// Lines looked through for the beginning of a quoted text.
const QUOTED_LINES: usize = 2_000;

/// Parses YAML. Where the syntax is broken, the text is mended without moving any byte, so that
/// every span stays true: quoted texts and tabs are made to fit, else the smallest block around
/// the fault is cut out. Each fault is a problem; the rest of the document is kept.
pub(super) fn parse(text: &str, begin: usize, id: SourceId) -> Parsed {
    let (value, problems, fault) = yaml::attempt(text, begin, id);
    let Some(fault) = fault else { return Parsed { value, problems } };
    let mut mending = Mending {
        text: text.to_owned(),
        begin,
        id,
        bytes_left: MENDING_BYTES,
        value,
        problems,
        notes: Vec::new(),
    };
    let mut fault = Some(fault);
    for _ in 0..MENDED_FAULTS {
        let Some(found) = fault.take() else { break };
        match mending.mend(found) {
            Ok(next) => fault = next,
            Err(unmended) => {
                fault = Some(unmended);
                break;
            }
        }
    }
    let mut problems = mending.notes;
    problems.extend(fault.map(Fault::into_problem));
    problems.extend(mending.problems);
    Parsed { value: mending.value, problems }
}

struct Mending {
    /// The text, mended so far; as long as the original.
    text: String,
    begin: usize,
    id: SourceId,
    bytes_left: usize,
    value: Option<Value>,
    /// Problems of the last parse.
    problems: Vec<Problem>,
    /// Faults mended so far.
    notes: Vec<Problem>,
}

impl Mending {
    /// Mends one fault; answers with the next one, or with the fault itself if nothing helps.
    fn mend(&mut self, fault: Fault) -> Result<Option<Fault>, Fault> {
        if let Some(joined) = joined_quote(&self.text, fault.offset)
            && let Some(next) = self.retry(joined, fault.offset)
        {
            let note =
                fault.into_advice("this line of a quoted text is indented less than its key");
            self.notes.push(note.help("indent every line of a quoted text deeper than its key"));
            return Ok(next);
        }
        if let Some(spaced) = without_tabs(&self.text, fault.offset)
            && let Some(next) = self.retry(spaced, fault.offset)
        {
            let note = fault.into_problem();
            self.notes.push(note.help("YAML is indented with spaces, never with tabs"));
            return Ok(next);
        }
        // A quote that is not closed swallows what follows: its own line is to blame.
        if let Some(open) = open_quote_above(&self.text, fault.offset)
            && let Some(next) = self.cut(block_at(&self.text, line_start(&self.text, open)), &fault)
        {
            let at = Span::new(self.id, self.begin + open, self.begin + open + 1);
            let note = Problem::incomplete("this quote is not closed", at.into());
            self.notes.push(note.help("this line was left out"));
            return Ok(next);
        }
        for block in blocks_around(&self.text, fault.offset).into_iter().take(CUTS_TRIED) {
            let lines = self.text.get(block.clone()).unwrap_or_default().lines().count().max(1);
            if let Some(next) = self.cut(block, &fault) {
                let note = fault.into_problem();
                let help = match lines {
                    1 => "this line was left out".to_owned(),
                    _ => format!("{lines} lines here were left out"),
                };
                self.notes.push(note.help(help));
                return Ok(next);
            }
        }
        Err(fault)
    }

    /// Leaves a block out.
    fn cut(&mut self, block: Range<usize>, fault: &Fault) -> Option<Option<Fault>> {
        let reached = match block.contains(&fault.offset) {
            true => block.end.saturating_sub(1),
            false => fault.offset,
        };
        let cut = blanked(&self.text, block);
        self.retry(cut, reached)
    }

    /// Parses a mended text; takes it if the next fault lies behind `reached`.
    fn retry(&mut self, text: String, reached: usize) -> Option<Option<Fault>> {
        self.bytes_left = self.bytes_left.checked_sub(text.len())?;
        let (value, problems, fault) = yaml::attempt(&text, self.begin, self.id);
        if fault.as_ref().is_some_and(|fault| fault.offset <= reached) {
            return None;
        }
        self.text = text;
        self.value = value;
        self.problems = problems;
        Some(fault)
    }
}

/// Bytes replaced by spaces, but for line breaks.
fn blanked(text: &str, range: Range<usize>) -> String {
    replaced(text, range, |byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' })
}

fn replaced(text: &str, range: Range<usize>, change: impl Fn(u8) -> u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in bytes.get_mut(range).unwrap_or_default() {
        *byte = change(*byte);
    }
    // Whole characters are replaced; should one be torn all the same, nothing is mended.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The text with the quoted scalar around `offset` written on one line.
fn joined_quote(text: &str, offset: usize) -> Option<String> {
    let open = open_quote_above(text, offset)?;
    let range = open..closing_quote(text, open)?;
    let inner = text.get(range.clone())?;
    let indent = indent_of(text, line_start(text, open))?;
    // Keys of the mapping around the quote: its end is missing, not its indentation.
    let holds_keys = inner.lines().skip(1).any(|line| {
        let word = line.trim_start();
        let name = word.split(':').next().unwrap_or_default();
        line.len() - word.len() <= indent
            && name.len() < word.len()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    });
    if holds_keys || !inner.contains('\n') {
        return None;
    }
    Some(replaced(text, range, |byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }))
}

/// The quote that is opened on a line above `offset` and not closed before it.
fn open_quote_above(text: &str, offset: usize) -> Option<usize> {
    let mut end = line_start(text, offset.max(1));
    if offset >= text.len() {
        end = text.len();
    }
    for _ in 0..QUOTED_LINES {
        if end == 0 {
            return None;
        }
        let start = line_start(text, end - 1);
        if let Some(at) = opened_quote(text.get(start..end)?) {
            let is_closed = closing_quote(text, start + at).is_some_and(|end| end < offset);
            return (!is_closed).then_some(start + at);
        }
        end = start;
    }
    None
}

/// Where on a line a quoted scalar begins that does not end there.
fn opened_quote(line: &str) -> Option<usize> {
    let value = line.find(": ").map(|at| at + 2).or_else(|| {
        let indent = line.len() - line.trim_start().len();
        line.trim_start().starts_with("- ").then_some(indent + 2)
    })?;
    let mut at = value;
    // A tag may stand before the quote.
    let mut rest = line.get(at..)?;
    loop {
        let trimmed = rest.trim_start_matches([' ', '-', '[']);
        at += rest.len() - trimmed.len();
        if trimmed.starts_with('!') {
            let word = trimmed.find(' ')?;
            at += word;
            rest = trimmed.get(word..)?;
            continue;
        }
        let is_open = trimmed.starts_with(['\'', '"']) && closing_quote(line, at).is_none();
        return is_open.then_some(at);
    }
}

/// The byte behind the quote that closes the one at `open`.
fn closing_quote(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(open)?;
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        let is_escape = *byte == b'\\' && quote == b'"';
        if is_escape || (*byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote)) {
            at += 2;
        } else if *byte == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
    None
}

/// The text with a space for every tab that indents, if the line of the fault has one.
fn without_tabs(text: &str, offset: usize) -> Option<String> {
    let start = line_start(text, offset);
    let is_indent = |byte: &u8| matches!(byte, b' ' | b'\t');
    let here = text.as_bytes().get(start..)?;
    if !here.iter().take_while(|byte| is_indent(byte)).any(|byte| *byte == b'\t') {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut indents = true;
    for byte in &mut bytes {
        match *byte {
            b'\n' => indents = true,
            b'\t' if indents => *byte = b' ',
            b' ' => {}
            _ => indents = false,
        }
    }
    String::from_utf8(bytes).ok()
}

/// Blocks that a fault may lie in, the smallest first: a line with the deeper lines below it.
fn blocks_around(text: &str, offset: usize) -> Vec<Range<usize>> {
    let mut starts = Vec::new();
    let here = line_start(text, offset);
    starts.push(here);
    // The line before may be to blame, and then whatever lies around it.
    let mut indent = usize::MAX;
    let mut start = here;
    for _ in 0..QUOTED_LINES {
        if start == 0 || indent == 0 {
            break;
        }
        start = line_start(text, start - 1);
        if let Some(own) = indent_of(text, start)
            && own < indent
        {
            indent = own;
            starts.push(start);
        }
    }
    let mut blocks: Vec<Range<usize>> = Vec::new();
    for start in starts {
        let block = block_at(text, start);
        if !block.is_empty() && !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    blocks
}

/// A line and the lines below it that are indented deeper.
fn block_at(text: &str, start: usize) -> Range<usize> {
    let indent = indent_of(text, start).unwrap_or(0);
    let mut end = line_end(text, start);
    while end < text.len() {
        match indent_of(text, end) {
            Some(own) if own <= indent => break,
            _ => end = line_end(text, end),
        }
    }
    start..end
}

/// White space a line begins with; `None` for a blank line.
fn indent_of(text: &str, start: usize) -> Option<usize> {
    let line = text.get(start..line_end(text, start))?;
    let trimmed = line.trim_start_matches([' ', '\t']);
    (!trimmed.trim().is_empty()).then(|| line.len() - trimmed.len())
}

fn line_start(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
    memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    let behind = text.as_bytes().get(offset..).unwrap_or_default();
    memchr::memchr(b'\n', behind).map_or(text.len(), |at| offset + at + 1)
}
