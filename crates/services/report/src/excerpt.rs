use text::{Source, Span};
use unicode_width::UnicodeWidthStr;

/// Longest line shown, in columns; longer ones are cut around the token.
const WIDTH: usize = 110;

/// A line of a source with the range of the token in it, both ready for a terminal.
pub(crate) struct Excerpt {
    /// Line number, from 1.
    pub(crate) number: u32,
    /// The line, tabs widened, perhaps cut.
    pub(crate) line: String,
    /// Columns before the token.
    pub(crate) indent: usize,
    /// Columns of the token, at least 1.
    pub(crate) width: usize,
}

/// The line in which `span` begins.
pub(crate) fn excerpt(source: &Source, span: Span) -> Option<Excerpt> {
    let number = source.position(span.start).line;
    let range = source.line_range(number)?;
    let start = (span.start as usize).clamp(range.start, range.end);
    let end = (span.end as usize).clamp(start, range.end);
    let before = widen(source.text.get(range.start..start)?);
    let token = widen(source.text.get(start..end)?);
    let after = widen(source.text.get(end..range.end)?);
    let (before, cut) = last_columns(&before, WIDTH / 2);
    let indent = before.width() + usize::from(cut);
    let token = first_columns(&token, WIDTH - WIDTH / 2);
    let left = WIDTH.saturating_sub(indent + token.width());
    let after = first_columns(&after, left.max(1));
    let mark = if cut { "…" } else { "" };
    let line = format!("{mark}{before}{token}{after}").trim_end().to_owned();
    Some(Excerpt { number, line, indent, width: token.width().max(1) })
}

fn widen(text: &str) -> String {
    visible(&text.replace('\t', "    "))
}

/// A text that cannot steer a terminal: control characters, line ends among them, and those that
/// turn the direction of writing are replaced.
///
/// Source of the latter: Unicode Standard Annex 9, explicit directional formatting characters.
pub fn visible(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|letter| if steers(letter) { '\u{FFFD}' } else { letter }).collect()
}

fn first_columns(text: &str, columns: usize) -> String {
    let mut width = 0;
    let mut shown = String::new();
    for letter in text.chars() {
        width += unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
        if width > columns {
            shown.push('…');
            break;
        }
        shown.push(letter);
    }
    shown
}

fn last_columns(text: &str, columns: usize) -> (String, bool) {
    let mut width = 0;
    let mut kept: Vec<char> = Vec::new();
    for letter in text.chars().rev() {
        width += unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
        if width > columns {
            return (kept.into_iter().rev().collect(), true);
        }
        kept.push(letter);
    }
    (text.to_owned(), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use text::SourceId;

    fn check(text: &str, token: &str, line: &str, indent: usize, width: usize) {
        let start = text.find(token).unwrap();
        let span = Span::new(SourceId(0), start, start + token.len());
        let excerpt = excerpt(&Source::new("t", text), span).unwrap();
        assert_eq!((excerpt.line.as_str(), excerpt.indent, excerpt.width), (line, indent, width));
    }

    #[test]
    fn the_caret_stands_under_the_token() {
        check("a: 1\n  b: \"*\"\n", "\"*\"", "  b: \"*\"", 5, 3);
        check("\tx = 1", "x", "    x = 1", 4, 1);
        check("名: *", "*", "名: *", 4, 1);
    }

    #[test]
    fn a_long_line_is_cut_around_the_token() {
        let text = format!("{}TOKEN{}", "a".repeat(500), "b".repeat(500));
        let span = Span::new(SourceId(0), 500, 505);
        let excerpt = excerpt(&Source::new("t", text), span).unwrap();
        assert!(excerpt.line.contains("TOKEN") && excerpt.line.width() <= WIDTH + 2);
    }
}
