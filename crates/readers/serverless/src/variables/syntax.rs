//! The syntax of variables in texts: `${source(arguments):address, fallback}`.

use documents::value::Value;

/// How variables begin and end in a service's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delimiters {
    opening: String,
    closing: String,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Taken as it is.
    Literal(&'a str),
    /// What stands between the delimiters.
    Variable(&'a str),
}

/// One alternative of a variable: the first that is found counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// `self`, `file`, `opt`.
    pub(super) source: &'a str,
    /// What stands in parentheses.
    pub(super) arguments: Option<&'a str>,
    /// What follows the colon.
    pub(super) address: &'a str,
}

impl Delimiters {
    /// The usual ones, or those of versions 1 and 2's `provider.variableSyntax`, a regular
    /// expression of which the texts before and after the group count.
    pub(super) fn of(variable_syntax: Option<&Value>) -> Self {
        let custom = variable_syntax.and_then(Value::as_str).and_then(|pattern| {
            let pattern = pattern.replace('\\', "");
            let (opening, _) = pattern.split_once('(')?;
            let (_, closing) = pattern.rsplit_once(')')?;
            let usable = !opening.is_empty() && !closing.is_empty();
            usable.then(|| Self { opening: opening.to_owned(), closing: closing.to_owned() })
        });
        custom.unwrap_or_else(|| Self { opening: "${".to_owned(), closing: "}".to_owned() })
    }

    /// Whether a text may hold variables.
    pub(super) fn occur_in(&self, text: &str) -> bool {
        text.contains(&self.opening)
    }

    /// Splits a text; what only looks like a variable (`${AWS::Region}`, `${Table.Arn}`) stays
    /// literal.
    pub(super) fn split<'a>(&self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut literal_start = 0;
        let mut position = 0;
        while let Some(start) = find_from(text, &self.opening, position) {
            let inside = start + self.opening.len();
            let Some(end) = self.end_of(text, inside) else { break };
            let inner = text.get(inside..end).unwrap_or_default();
            if self.is_variable(inner) {
                if literal_start < start {
                    pieces.push(Piece::Literal(text.get(literal_start..start).unwrap_or_default()));
                }
                pieces.push(Piece::Variable(inner));
                position = end + self.closing.len();
                literal_start = position;
            } else {
                // Variables may stand inside what is none: `${${self:custom.table}.Arn}`.
                position = inside;
            }
        }
        if literal_start < text.len() {
            pieces.push(Piece::Literal(text.get(literal_start..).unwrap_or_default()));
        }
        pieces
    }

    /// Where the variable that begins at `inside` ends, nested ones skipped.
    fn end_of(&self, text: &str, inside: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let mut position = inside;
        loop {
            let rest = text.get(position..)?;
            if rest.starts_with(&self.opening) {
                depth += 1;
                position += self.opening.len();
            } else if rest.starts_with(&self.closing) {
                if depth == 0 {
                    return Some(position);
                }
                depth -= 1;
                position += self.closing.len();
            } else {
                position += rest.chars().next()?.len_utf8();
            }
        }
    }

    fn is_variable(&self, inner: &str) -> bool {
        let inner = inner.trim_start();
        if inner.starts_with(&self.opening) {
            // `${${self:x}}` is a variable, `${${self:x}.Arn}` is CloudFormation's.
            return self.end_of(inner, self.opening.len()).is_some_and(|end| {
                let rest = inner.get(end + self.closing.len()..).unwrap_or_default().trim_start();
                rest.is_empty() || rest.starts_with(',')
            });
        }
        parse_call(inner).is_some()
    }
}

fn find_from(text: &str, needle: &str, from: usize) -> Option<usize> {
    Some(from + text.get(from..)?.find(needle)?)
}

/// Splits a variable's inside at its commas, not at those in quotes, parentheses or braces.
pub(super) fn alternatives(inner: &str) -> Vec<&str> {
    let mut alternatives = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut quote = None;
    for (index, letter) in inner.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '{') => depth += 1,
            (None, ')' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                alternatives.push(inner.get(start..index).unwrap_or_default().trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    alternatives.push(inner.get(start..).unwrap_or_default().trim());
    alternatives
}

/// Reads `source(arguments):address`; `None` where it is none, as `AWS::Region`.
pub(super) fn parse_call(text: &str) -> Option<Call<'_>> {
    let text = text.trim();
    let name_end = text
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_')?;
    let (source, rest) = text.split_at(name_end);
    if source.is_empty() {
        return None;
    }
    if let Some(inside) = rest.strip_prefix('(') {
        let (arguments, behind) = split_at_parenthesis(inside)?;
        let behind = behind.trim_start();
        // What follows a closed parenthesis may be a fallback, when this asks for a variable.
        let address = match behind.strip_prefix(':') {
            Some(address) => address,
            None if behind.is_empty() || behind.starts_with(',') => "",
            None => return None,
        };
        return Some(Call { source, arguments: Some(arguments.trim()), address: address.trim() });
    }
    let address = rest.strip_prefix(':')?;
    let is_pseudo = address.starts_with(':');
    (!is_pseudo).then(|| Call { source, arguments: None, address: address.trim() })
}

fn split_at_parenthesis(inside: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (index, letter) in inside.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((inside.get(..index)?, inside.get(index + 1..)?)),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Piece<'_>]) {
        assert_eq!(Delimiters::of(None).split(text), expected, "{text}");
    }

    #[test]
    fn variables_are_told_from_cloudformations_own() {
        check("plain", &[Piece::Literal("plain")]);
        check("${self:a}-x", &[Piece::Variable("self:a"), Piece::Literal("-x")]);
        check("arn:${AWS::Region}:x", &[Piece::Literal("arn:${AWS::Region}:x")]);
        check("${Table.Arn}", &[Piece::Literal("${Table.Arn}")]);
        check(
            "${${self:a}.Arn}",
            &[Piece::Literal("${"), Piece::Variable("self:a"), Piece::Literal(".Arn}")],
        );
        check(
            "${self:custom.${opt:stage, 'dev'}.x}",
            &[Piece::Variable("self:custom.${opt:stage, 'dev'}.x")],
        );
        check("${strToBool(true)}", &[Piece::Variable("strToBool(true)")]);
        check("${self:open", &[Piece::Literal("${self:open")]);
    }

    #[test]
    fn a_custom_syntax_replaces_the_delimiters() {
        let span = text::Span::file(text::SourceId(0));
        let pattern = Value::text("\\${{([ ~:a-zA-Z0-9._,\\-\\/\\(\\)]+?)}}", span);
        let pieces = Delimiters::of(Some(&pattern)).split("${{self:a}} ${self:b}");
        assert_eq!(pieces, [Piece::Variable("self:a"), Piece::Literal(" ${self:b}")]);
    }

    #[test]
    fn alternatives_respect_quotes_and_nesting() {
        assert_eq!(alternatives("opt:a, 'x, y'"), ["opt:a", "'x, y'"]);
        assert_eq!(alternatives("file(a,b):c, ${opt:x, 'y'}"), ["file(a,b):c", "${opt:x, 'y'}"]);
    }

    #[test]
    fn calls_are_parsed() {
        let call = parse_call("file(./a.yml):b.c").unwrap();
        assert_eq!((call.source, call.arguments, call.address), ("file", Some("./a.yml"), "b.c"));
        let call = parse_call("self:custom.x").unwrap();
        assert_eq!((call.source, call.arguments, call.address), ("self", None, "custom.x"));
        assert_eq!(parse_call("AWS::Region"), None);
        assert_eq!(parse_call("Table.Arn"), None);
        assert_eq!(parse_call("!Literal"), None);
    }
}
