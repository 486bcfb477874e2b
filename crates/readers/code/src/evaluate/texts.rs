//! Texts: joined, formatted, and their methods.

use text::{Part, PartialText, Span};

use super::{Arguments, Evaluator, Value};

/// Texts are not made of more parts, or longer, than this.
const LONGEST_TEXT: usize = 64 << 10;

/// Of several possible texts, as many combinations are told apart.
const MOST_TEXTS: usize = 16;

impl Evaluator<'_> {
    /// Values joined to one text; where parts may be several texts, each combination.
    pub(crate) fn joined(&mut self, parts: &[Value]) -> Value {
        let mut texts = vec![PartialText::default()];
        for part in parts {
            let choices: Vec<PartialText> = match part.choices() {
                [] => Vec::new(),
                choices if choices.len() * texts.len() <= MOST_TEXTS => {
                    choices.iter().map(|choice| self.text_of(choice)).collect()
                }
                _ => vec![PartialText::unknown("one of several values")],
            };
            let mut longer = Vec::new();
            for text in &texts {
                for choice in &choices {
                    let mut text = text.clone();
                    text.extend(choice);
                    if size(&text) > LONGEST_TEXT {
                        text = PartialText::unknown("a text of great length");
                    }
                    longer.push(text);
                }
            }
            if !choices.is_empty() {
                texts = longer;
            }
        }
        Value::either(texts.into_iter().map(Value::Text))
    }

    /// `format % values`.
    pub(crate) fn formatted(&mut self, format: &Value, values: &Value) -> Value {
        let Some(format) = format.literal().map(str::to_owned) else {
            return match format {
                Value::Text(_) => Value::Text(PartialText::unknown("a formatted text")),
                _ => Value::Data,
            };
        };
        let positions: Vec<Value> = match values {
            Value::List(address) => {
                self.heap.list(*address).map(|list| list.items.clone()).unwrap_or_default()
            }
            value => vec![value.clone()],
        };
        let mut positions = positions.into_iter();
        let mut parts = Vec::new();
        let mut rest = format.as_str();
        while let Some((before, after)) = rest.split_once('%') {
            parts.push(Value::text(before));
            if let Some(after) = after.strip_prefix('%') {
                parts.push(Value::text("%"));
                rest = after;
                continue;
            }
            let named = after.strip_prefix('(').and_then(|after| after.split_once(')'));
            let (value, after) = match named {
                Some((name, after)) => {
                    let at = Span::file(text::SourceId(0));
                    (Some(self.index(values, &Value::text(name), at)), after)
                }
                None => (positions.next(), after),
            };
            parts.push(value.unwrap_or_else(|| Value::unknown("a missing value")));
            let end = after.find(|letter: char| letter.is_ascii_alphabetic());
            rest = end.and_then(|end| after.get(end + 1..)).unwrap_or_default();
        }
        parts.push(Value::text(rest));
        self.joined(&parts)
    }

    /// `"…{}…{name}…".format(values)`: the placeholders of Python, also of other languages' libraries.
    pub(crate) fn filled(&mut self, format: &str, arguments: &Arguments, at: Span) -> Value {
        let mut parts = Vec::new();
        let mut position = 0;
        let mut rest = format;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(open);
            parts.push(Value::text(before));
            if after.starts_with("{{") || after.starts_with("}}") {
                parts.push(Value::text(after.get(..1).unwrap_or_default()));
                rest = after.get(2..).unwrap_or_default();
                continue;
            }
            let Some((inside, behind)) = after.split_once('}') else { break };
            let inside = inside.strip_prefix('{').unwrap_or(inside);
            let name = inside.split([':', '!']).next().unwrap_or_default();
            parts.push(self.placeholder(name, &mut position, arguments, at));
            rest = behind;
        }
        parts.push(Value::text(rest));
        self.joined(&parts)
    }

    fn placeholder(
        &mut self,
        name: &str,
        position: &mut usize,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, path) = name.split_at(end);
        let value = match first.parse::<usize>() {
            Ok(index) => arguments.positions.get(index),
            Err(_) if first.is_empty() => {
                *position += 1;
                arguments.positions.get(*position - 1)
            }
            Err(_) => arguments.named(first),
        };
        let Some(mut value) = value.cloned() else { return Value::unknown("a missing value") };
        for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
            value = match step.strip_suffix(']') {
                Some(index) => self.index(&value, &Value::text(index), at),
                None => self.member(&value, step, at),
            };
        }
        value
    }

    /// A method of a text.
    pub(super) fn text_method(
        &mut self,
        text: &PartialText,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        let literal = text.literal().map(str::to_owned);
        let first = arguments.positions.first().cloned();
        match (name, &literal) {
            ("format", Some(format)) => self.filled(format, arguments, at),
            ("format" | "formatted", None) => Value::Text(PartialText::unknown("a formatted text")),
            ("join", _) => self.text_join(text, first, at),
            ("concat", _) => {
                let mut parts = vec![Value::Text(text.clone())];
                parts.extend(arguments.positions.iter().cloned());
                self.joined(&parts)
            }
            (
                "encode" | "decode" | "toString" | "trim" | "strip" | "lstrip" | "rstrip"
                | "valueOf" | "trimEnd" | "trimStart" | "intern" | "stripIndent",
                _,
            ) if arguments.positions.is_empty() || name == "encode" || name == "decode" => {
                Value::Text(text.clone())
            }
            ("lower" | "toLowerCase" | "casefold", Some(text)) => Value::text(text.to_lowercase()),
            ("upper" | "toUpperCase", Some(text)) => Value::text(text.to_uppercase()),
            ("title" | "capitalize", Some(text)) => {
                let mut letters = text.chars();
                let head = letters.next().map(|letter| letter.to_uppercase().to_string());
                Value::text(format!("{}{}", head.unwrap_or_default(), letters.as_str()))
            }
            ("replace" | "replaceAll", _) => self.replaced(text, arguments),
            ("split" | "rsplit", _) => self.split(text, first),
            ("startswith" | "startsWith", Some(text)) => {
                known_truth(first, |part| text.starts_with(part))
            }
            ("endswith" | "endsWith", Some(text)) => {
                known_truth(first, |part| text.ends_with(part))
            }
            ("removeprefix", Some(text)) => {
                let prefix = first.as_ref().and_then(Value::literal);
                Value::text(prefix.and_then(|prefix| text.strip_prefix(prefix)).unwrap_or(text))
            }
            ("removesuffix", Some(text)) => {
                let suffix = first.as_ref().and_then(Value::literal);
                Value::text(suffix.and_then(|suffix| text.strip_suffix(suffix)).unwrap_or(text))
            }
            (
                "lower" | "upper" | "strip" | "lstrip" | "rstrip" | "toLowerCase" | "toUpperCase"
                | "title" | "capitalize" | "removeprefix" | "removesuffix" | "slice" | "substring"
                | "substr" | "zfill" | "ljust" | "rjust" | "padStart" | "padEnd" | "charAt",
                _,
            ) => Value::Text(PartialText::unknown(format!("a text made by `{name}`"))),
            _ => {
                self.call_back_all(arguments, at);
                Value::Data
            }
        }
    }

    fn text_join(&mut self, separator: &PartialText, list: Option<Value>, at: Span) -> Value {
        let Some(list) = list else { return Value::text("") };
        let (items, more) = self.elements(&list, at);
        if more.is_some() {
            return Value::Text(PartialText::unknown("texts of unknown number, joined"));
        }
        let mut parts = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                parts.push(Value::Text(separator.clone()));
            }
            parts.push(item);
        }
        self.joined(&parts)
    }

    fn replaced(&self, text: &PartialText, arguments: &Arguments) -> Value {
        let (Some(old), Some(new)) = (arguments.positions.first(), arguments.positions.get(1))
        else {
            return Value::Text(PartialText::unknown("a text made by `replace`"));
        };
        let (Some(old), new) = (old.literal(), self.text_of(new)) else {
            return Value::Text(PartialText::unknown("a text made by `replace`"));
        };
        let mut replaced = PartialText::default();
        for part in text.parts() {
            match part {
                Part::Literal(literal) if !old.is_empty() => {
                    for (index, piece) in literal.split(old).enumerate() {
                        if index > 0 {
                            replaced.extend(&new);
                        }
                        replaced.push(Part::Literal(piece.to_owned()));
                    }
                }
                part => replaced.push(part.clone()),
            }
        }
        match size(&replaced) {
            0..LONGEST_TEXT => Value::Text(replaced),
            _ => Value::Text(PartialText::unknown("a text of great length")),
        }
    }

    fn split(&mut self, text: &PartialText, separator: Option<Value>) -> Value {
        let literal = text.literal();
        let separator = separator.as_ref().and_then(Value::literal);
        match (literal, separator) {
            (Some(text), Some(separator)) if !separator.is_empty() => {
                let items = text.split(separator).map(Value::text).collect();
                self.list(items, None)
            }
            (Some(text), None) => {
                let items = text.split_whitespace().map(Value::text).collect();
                self.list(items, None)
            }
            _ => {
                let piece = Value::Text(PartialText::unknown("a part of a text"));
                self.list(Vec::new(), Some(piece))
            }
        }
    }
}

/// How much there is of a text.
fn size(text: &PartialText) -> usize {
    let parts = text.parts().iter();
    parts.map(|part| if let Part::Literal(text) = part { text.len() } else { 64 }).sum()
}

fn known_truth(argument: Option<Value>, holds: impl Fn(&str) -> bool) -> Value {
    match argument.as_ref().and_then(Value::literal) {
        Some(part) => Value::Truth(holds(part)),
        None => Value::Data,
    }
}
