use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use text::{PartialText, Problem, SourceId, Span};

use super::yaml::unique_members;
use super::{NESTING_LIMIT, PROBLEM_LIMIT};
use crate::Parsed;
use crate::value::{Kind, Member, Value};

/// Parses JSON; comments and trailing commas are read over. What is wrong is reported and skipped.
pub(super) fn parse(text: &str, begin: usize, id: SourceId) -> Parsed {
    let options = ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let (quoted, placeholders) = with_placeholders_quoted(text);
    let scanner = Scanner::new(quoted.as_deref().unwrap_or(text), &options);
    let problems = Vec::new();
    let mut parser =
        Parser { scanner, id, begin, placeholders, problems, end: begin, closed: false };
    let mut value = None;
    if let Some(token) = parser.next() {
        value = parser.value(token, 0);
        if let Some(_rest) = parser.next() {
            parser.problem("text follows the end of the JSON value");
        }
    }
    Parsed { value, problems: parser.problems }
}

/// The text with every `${name}` that stands in place of a value in quotes, as long as before, and
/// the offsets of these: definitions are filled in that way before they are JSON.
fn with_placeholders_quoted(text: &str) -> (Option<String>, Vec<usize>) {
    let mut placeholders = Vec::new();
    if memchr::memmem::find(text.as_bytes(), b"${").is_none() {
        return (None, placeholders);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut is_quoted = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'\\' if is_quoted => at += 1,
            b'"' => is_quoted = !is_quoted,
            b'$' if !is_quoted && bytes.get(at + 1) == Some(&b'{') => {
                let rest = bytes.get(at..).unwrap_or_default();
                if let Some(length) = memchr::memchr2(b'}', b'\n', rest)
                    && rest.get(length) == Some(&b'}')
                {
                    placeholders.push(at);
                    for place in [at, at + length] {
                        if let Some(byte) = bytes.get_mut(place) {
                            *byte = b'"';
                        }
                    }
                    at += length;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if placeholders.is_empty() {
        (None, placeholders)
    } else {
        (String::from_utf8(bytes).ok(), placeholders)
    }
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    id: SourceId,
    begin: usize,
    /// Offsets of values that are placeholders.
    placeholders: Vec<usize>,
    problems: Vec<Problem>,
    /// Behind the last token.
    end: usize,
    /// Whether the text ended or cannot be read on.
    closed: bool,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        while !self.closed {
            match self.scanner.scan() {
                Ok(Some(Token::CommentLine(_) | Token::CommentBlock(_))) => {}
                Ok(Some(token)) => {
                    self.end = self.begin + self.scanner.token_end();
                    return Some(token);
                }
                Ok(None) => self.closed = true,
                Err(error) => {
                    let range = error.range();
                    let span = Span::new(self.id, self.begin + range.start, self.begin + range.end);
                    let message = error.kind().to_string().to_lowercase();
                    self.problem_at(format!("this is not JSON: {message}"), span);
                    // A string without its end swallows the rest of the text.
                    self.closed = true;
                }
            }
        }
        None
    }

    fn span(&self) -> Span {
        let start = self.begin + self.scanner.token_start();
        Span::new(self.id, start, self.begin + self.scanner.token_end())
    }

    fn problem(&mut self, message: &str) {
        let span = self.span();
        self.problem_at(message, span);
    }

    fn problem_at(&mut self, message: impl Into<String>, span: Span) {
        if self.problems.len() < PROBLEM_LIMIT {
            self.problems.push(Problem::incomplete(message, span.into()));
        }
    }

    /// The value that begins with `token`; `None` where none does.
    fn value(&mut self, token: Token<'a>, depth: usize) -> Option<Value> {
        let span = self.span();
        let kind = match token {
            Token::OpenBrace | Token::OpenBracket if depth >= NESTING_LIMIT => {
                let message = format!("this is nested more than {NESTING_LIMIT} levels deep");
                self.problem_at(message.clone(), span);
                self.skip();
                Kind::Unknown(message)
            }
            Token::OpenBrace => self.object(depth),
            Token::OpenBracket => self.array(depth),
            Token::String(text) => {
                let start = self.scanner.token_start();
                match self.placeholders.binary_search(&start) {
                    Ok(_) => Kind::Text(PartialText::known(format!("${text}}}"))),
                    Err(_) => Kind::Text(PartialText::known(text)),
                }
            }
            Token::Boolean(value) => Kind::Bool(value),
            Token::Number(number) => Kind::Number(number.into()),
            Token::Null => Kind::Null,
            Token::Word(word) => {
                self.problem("a text in JSON needs double quotes");
                Kind::Text(PartialText::known(word))
            }
            _ => {
                self.problem("a value was expected here");
                return None;
            }
        };
        let end = if matches!(kind, Kind::Map(_) | Kind::List(_) | Kind::Unknown(_)) {
            self.end
        } else {
            span.end as usize
        };
        Some(Value::new(kind, Span::new(self.id, span.start as usize, end)))
    }

    /// Reads over a collection whose opening was just read, whatever it holds.
    fn skip(&mut self) {
        let mut open = 1usize;
        while open > 0 {
            match self.next() {
                Some(Token::OpenBrace | Token::OpenBracket) => open += 1,
                Some(Token::CloseBrace | Token::CloseBracket) => open -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    fn unclosed(&mut self, opening: &str) {
        if self.problems.is_empty() {
            let span = Span::new(self.id, self.end, self.end);
            self.problem_at(format!("the text ends before `{opening}` is closed"), span);
        }
    }

    fn object(&mut self, depth: usize) -> Kind {
        let mut members: Vec<Member> = Vec::new();
        let mut expects_comma = false;
        loop {
            let Some(token) = self.next() else {
                self.unclosed("{");
                break;
            };
            match token {
                Token::CloseBrace => break,
                Token::Comma => expects_comma = false,
                Token::CloseBracket => {
                    self.problem("`]` closes nothing here");
                    break;
                }
                Token::String(_) | Token::Word(_) => {
                    let key_span = self.span();
                    if expects_comma {
                        self.problem("a comma is missing before this key");
                    }
                    if matches!(token, Token::Word(_)) {
                        self.problem("a key in JSON needs double quotes");
                    }
                    let key = match token {
                        Token::String(text) => Box::from(&*text),
                        other => Box::from(other.as_str()),
                    };
                    let mut value = self.next();
                    if matches!(value, Some(Token::Colon)) {
                        value = self.next();
                    } else if value.is_some() {
                        self.problem("`:` is missing behind the key");
                    }
                    expects_comma = true;
                    let Some(value) = value else {
                        self.unclosed("{");
                        break;
                    };
                    let closes = matches!(value, Token::CloseBrace);
                    if let Some(value) = self.value(value, depth + 1) {
                        members.push(Member { key, key_span, value });
                    } else if closes {
                        break;
                    }
                }
                _ => self.problem("a key was expected here"),
            }
        }
        let mut advice = Vec::new();
        let members = unique_members(members, &mut advice);
        self.problems.extend(advice);
        Kind::Map(members)
    }

    fn array(&mut self, depth: usize) -> Kind {
        let mut items = Vec::new();
        let mut expects_comma = false;
        loop {
            let Some(token) = self.next() else {
                self.unclosed("[");
                break;
            };
            match token {
                Token::CloseBracket => break,
                Token::Comma => expects_comma = false,
                Token::CloseBrace => {
                    self.problem("`}` closes nothing here");
                    break;
                }
                token => {
                    if expects_comma {
                        self.problem("a comma is missing before this item");
                    }
                    if let Some(item) = self.value(token, depth + 1) {
                        items.push(item);
                    }
                    expects_comma = true;
                }
            }
        }
        Kind::List(items)
    }
}
