/// Brackets and indentation nest this deep at most; parsing recurses.
const DEEPEST: usize = 1_000;

/// Where code nests too deeply to be parsed, by a scan that takes no heed of texts and comments.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut brackets = 0usize;
    let mut line_start = true;
    let mut indentation = 0usize;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        match byte {
            b'\n' => (line_start, indentation) = (true, 0),
            b' ' | b'\t' if line_start => indentation += 1,
            _ => line_start = false,
        }
        let is_code = !line_start && byte != b'\n';
        // Prefix operators nest without brackets: a row of them is as deep as it is long.
        if brackets > DEEPEST || (is_code && brackets == 0 && indentation > DEEPEST * 2) {
            return Some(offset);
        }
    }
    None
}
