//! JSON within texts: policies, definitions and patterns become trees, with holes and places.

use text::{Part, PartialText, Span};

use documents::value::{Kind, Member, Value};

/// One piece of a text, and where it is written.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) part: Part,
    /// Where it stands; letter by letter for a literal as long as its span.
    pub(super) span: Span,
}

const DEEPEST: usize = 64;

/// Parses JSON text of which parts may be unknown; `None` where it is no JSON.
pub(super) fn parse(pieces: &[Piece], whole: Span) -> Option<Value> {
    let mut parser = Parser { pieces, piece: 0, offset: 0, whole };
    let value = parser.value(0)?;
    parser.space();
    parser.at_end().then_some(value)
}

/// The pieces of a text whose places are not known one by one.
pub(super) fn pieces_of(text: &PartialText, span: Span) -> Vec<Piece> {
    text.parts().iter().map(|part| Piece { part: part.clone(), span }).collect()
}

struct Parser<'a> {
    pieces: &'a [Piece],
    piece: usize,
    offset: usize,
    whole: Span,
}

enum Next<'a> {
    Letter(char),
    Hole(&'a Part),
    End,
}

impl<'a> Parser<'a> {
    fn peek(&mut self) -> Next<'a> {
        loop {
            let Some(piece) = self.pieces.get(self.piece) else { return Next::End };
            match &piece.part {
                Part::Literal(text) => match text.get(self.offset..).and_then(|t| t.chars().next())
                {
                    Some(letter) => return Next::Letter(letter),
                    None => {
                        self.piece += 1;
                        self.offset = 0;
                    }
                },
                part => return Next::Hole(part),
            }
        }
    }

    fn bump(&mut self) {
        match self.peek() {
            Next::Letter(letter) => self.offset += letter.len_utf8(),
            Next::Hole(_) => {
                self.piece += 1;
                self.offset = 0;
            }
            Next::End => {}
        }
    }

    fn at_end(&mut self) -> bool {
        matches!(self.peek(), Next::End)
    }

    fn space(&mut self) {
        while let Next::Letter(' ' | '\t' | '\r' | '\n' | '\u{feff}') = self.peek() {
            self.bump();
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.space();
        match self.peek() {
            Next::Letter(letter) if letter == wanted => {
                self.bump();
                true
            }
            _ => false,
        }
    }

    /// Source offset of the next letter, where it is known.
    fn place(&mut self) -> Option<Span> {
        self.peek();
        let piece = self.pieces.get(self.piece)?;
        match &piece.part {
            Part::Literal(text) if text.len() == (piece.span.end - piece.span.start) as usize => {
                let at = piece.span.start + u32::try_from(self.offset).ok()?;
                Some(Span { source: piece.span.source, start: at, end: at })
            }
            _ => Some(piece.span),
        }
    }

    fn end_place(&self) -> Option<u32> {
        let piece = self.pieces.get(self.piece)?;
        match &piece.part {
            Part::Literal(text) if text.len() == (piece.span.end - piece.span.start) as usize => {
                Some(piece.span.start + u32::try_from(self.offset).ok()?)
            }
            _ => Some(piece.span.end),
        }
    }

    fn since(&self, start: Option<Span>) -> Span {
        match (start, self.end_place()) {
            (Some(start), Some(end)) if end >= start.start => {
                Span { end: end.max(start.end), ..start }
            }
            (Some(start), None) => start,
            _ => self.whole,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        let start = self.place();
        match self.peek() {
            Next::Letter('{') => {
                self.bump();
                self.object(start, depth)
            }
            Next::Letter('[') => {
                self.bump();
                let mut items = Vec::new();
                while !self.eat(']') {
                    items.push(self.value(depth + 1)?);
                    if !self.eat(',') && !matches!(self.peek(), Next::Letter(']')) {
                        return None;
                    }
                }
                Some(Value::new(Kind::List(items), self.since(start)))
            }
            Next::Letter('"') => {
                self.bump();
                let text = self.text()?;
                Some(Value::new(Kind::Text(text), self.since(start)))
            }
            Next::Letter(letter) if letter.is_ascii_alphanumeric() || letter == '-' => {
                self.word(start)
            }
            Next::Hole(part) => {
                let part = part.clone();
                self.bump();
                let kind = match part {
                    Part::Unknown(why) => Kind::Unknown(why),
                    part => {
                        let mut text = PartialText::default();
                        text.push(part);
                        Kind::Text(text)
                    }
                };
                Some(Value::new(kind, start.unwrap_or(self.whole)))
            }
            _ => None,
        }
    }

    fn object(&mut self, start: Option<Span>, depth: usize) -> Option<Value> {
        let mut members: Vec<Member> = Vec::new();
        while !self.eat('}') {
            self.space();
            let key_start = self.place();
            if !self.eat('"') {
                return None;
            }
            let key = self.text()?.to_string();
            let key_span = self.since(key_start);
            if !self.eat(':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            if members.len() < 1_000 {
                members.retain(|member| *member.key != *key);
            }
            members.push(Member { key: key.into(), key_span, value });
            if !self.eat(',') {
                self.space();
                if !matches!(self.peek(), Next::Letter('}')) {
                    return None;
                }
            }
        }
        Some(Value::new(Kind::Map(members), self.since(start)))
    }

    fn text(&mut self) -> Option<PartialText> {
        let mut text = PartialText::default();
        let mut literal = String::new();
        loop {
            match self.peek() {
                Next::End => return None,
                Next::Hole(part) => {
                    text.push(Part::Literal(std::mem::take(&mut literal)));
                    text.push(part.clone());
                    self.bump();
                }
                Next::Letter('"') => {
                    self.bump();
                    text.push(Part::Literal(literal));
                    return Some(text);
                }
                Next::Letter('\\') => {
                    self.bump();
                    let Next::Letter(escape) = self.peek() else { return None };
                    self.bump();
                    literal.push(match escape {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'u' => self.code_point()?,
                        other => other,
                    });
                }
                Next::Letter(letter) => {
                    literal.push(letter);
                    self.bump();
                }
            }
        }
    }

    fn code_point(&mut self) -> Option<char> {
        let mut code = 0;
        for _ in 0..4 {
            let Next::Letter(digit) = self.peek() else { return None };
            code = code * 16 + digit.to_digit(16)?;
            self.bump();
        }
        // Halves of pairs stand for themselves; no policy has them.
        Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn word(&mut self, start: Option<Span>) -> Option<Value> {
        let mut word = String::new();
        while let Next::Letter(letter) = self.peek() {
            if !letter.is_ascii_alphanumeric() && !"+-.".contains(letter) {
                break;
            }
            word.push(letter);
            self.bump();
        }
        let kind = match word.as_str() {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            number if number.parse::<f64>().is_ok() => Kind::Number(number.into()),
            _ => return None,
        };
        Some(Value::new(kind, self.since(start)))
    }
}
