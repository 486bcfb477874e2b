//! How deep a text could nest, told from its characters before anything descends into it.

/// The depth that a thread with a large stack can take.
const LIMIT: usize = 8_000;

/// The offset at which a text nests deeper than can be read, if it does.
///
/// An upper bound: a bracket, and each operator, keyword or member since the last comma, semicolon
/// or end of a statement, may be one level. Strings, comments and templates are skipped roughly.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Words and operators so far, for each open bracket.
    let mut open: Vec<usize> = vec![0];
    let mut total = 0usize;
    let mut offset = 0;
    let mut previous = b';';
    while let Some(byte) = bytes.get(offset).copied() {
        let start = offset;
        offset += 1;
        match byte {
            b'"' | b'\'' | b'`' => offset = after_string(bytes, offset, byte),
            b'/' if bytes.get(offset) == Some(&b'/') => {
                offset += rest_of_line(bytes, offset);
                continue;
            }
            b'/' if bytes.get(offset) == Some(&b'*') => {
                offset = after_comment(bytes, offset + 1);
                continue;
            }
            b'(' | b'[' | b'{' => {
                open.push(0);
                total += 1;
            }
            b')' | b']' | b'}' => {
                if open.len() > 1 {
                    total -= open.pop().unwrap_or(0) + 1;
                }
                if byte == b'}' && !goes_on(bytes, offset) {
                    clear(&mut open, &mut total);
                }
            }
            b',' | b';' => clear(&mut open, &mut total),
            b'\n' if ends_statement(previous) && !goes_on(bytes, offset) => {
                clear(&mut open, &mut total)
            }
            byte if byte.is_ascii_whitespace() => continue,
            byte if is_word(byte) => {
                while bytes.get(offset).is_some_and(|next| is_word(*next)) {
                    offset += 1;
                }
                count(&mut open, &mut total);
            }
            _ => count(&mut open, &mut total),
        }
        previous = byte;
        if total > LIMIT {
            return Some(start);
        }
    }
    None
}

fn count(open: &mut [usize], total: &mut usize) {
    if let Some(level) = open.last_mut() {
        *level += 1;
        *total += 1;
    }
}

fn clear(open: &mut [usize], total: &mut usize) {
    if let Some(level) = open.last_mut() {
        *total -= *level;
        *level = 0;
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 128..)
}

fn ends_statement(previous: u8) -> bool {
    is_word(previous) || matches!(previous, b')' | b']' | b'}' | b'"' | b'\'' | b'`')
}

/// Whether what follows may belong to the statement before it.
fn goes_on(bytes: &[u8], offset: usize) -> bool {
    let rest = bytes.get(offset..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = rest.get(blank..).unwrap_or_default();
    match rest.first() {
        None => false,
        Some(byte) if is_word(*byte) => {
            const WORDS: [&[u8]; 7] =
                [b"else", b"catch", b"finally", b"while", b"in", b"instanceof", b"as"];
            WORDS.iter().any(|word| {
                rest.starts_with(word) && !rest.get(word.len()).is_some_and(|next| is_word(*next))
            })
        }
        Some(byte) => !matches!(byte, b'}' | b'@' | b'#' | b'"' | b'\''),
    }
}

fn rest_of_line(bytes: &[u8], offset: usize) -> usize {
    bytes.get(offset..).unwrap_or_default().iter().take_while(|byte| **byte != b'\n').count()
}

fn after_comment(bytes: &[u8], offset: usize) -> usize {
    let rest = bytes.get(offset..).unwrap_or_default();
    rest.windows(2).position(|pair| pair == b"*/").map_or(bytes.len(), |length| offset + length + 2)
}

/// Behind the closing quote; for what has none on its line (a quote in a pattern), behind the first.
fn after_string(bytes: &[u8], offset: usize, quote: u8) -> usize {
    // What a template holds in its braces counts like other text.
    if quote == b'`' {
        return offset;
    }
    let mut end = offset;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 2,
            b'\n' => return offset,
            byte if *byte == quote => return end + 1,
            _ => end += 1,
        }
    }
    offset
}
