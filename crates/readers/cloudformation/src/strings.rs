use text::{Part, PartialText, Pseudo, Span};

use super::branches::spread;
use super::evaluator::{Evaluator, State};
use documents::value::{Kind, Value};

/// A piece of the text that `Sub` takes.
pub(super) enum Piece<'a> {
    /// As it will be.
    Literal(&'a str),
    /// A name in `${}`, and where that begins.
    Name(&'a str, usize),
}

/// Splits the text of a `Sub` at its names; `${!name}` stands for `${name}` itself.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut offset = 0;
    while let Some(begin) = rest.find("${") {
        let (before, opened) = rest.split_at(begin);
        let Some(end) = opened.find('}') else { break };
        let name = opened.get(2..end).unwrap_or_default();
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        match name.strip_prefix('!') {
            Some(literal) => {
                pieces.push(Piece::Literal("${"));
                pieces.push(Piece::Literal(literal));
                pieces.push(Piece::Literal("}"));
            }
            None => pieces.push(Piece::Name(name.trim(), offset + begin)),
        }
        rest = opened.get(end + 1..).unwrap_or_default();
        offset += begin + end + 1;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// Puts known parts of values together; what is no text becomes an unknown part.
pub(super) fn append(text: &mut PartialText, value: &Value) {
    match &value.kind {
        Kind::Text(other) => text.extend(other),
        Kind::Number(number) => text.push(Part::Literal(number.to_string())),
        Kind::Bool(value) => text.push(Part::Literal(value.to_string())),
        Kind::Null => {}
        Kind::Unknown(why) => text.push(Part::Unknown(why.clone())),
        Kind::List(items) => {
            // CloudFormation writes lists of texts with commas.
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(Part::Literal(",".to_owned()));
                }
                append(text, item);
            }
        }
        Kind::Map(_) => text.push(Part::Unknown("a mapping stands where a text belongs".into())),
        Kind::Branches(_) => text.push(Part::Unknown("this depends on conditions".into())),
    }
}

/// A text as a value; a text that is nothing but one unknown is an unknown.
pub(super) fn text_value(text: PartialText, span: Span) -> Value {
    let text = match text.parts().iter().any(is_resolve) {
        true => without_dynamic_references(&text),
        false => text,
    };
    match text.parts() {
        // A dynamic reference stays a text: rules look for where it stands.
        [Part::Unknown(why)] if !why.starts_with(DYNAMIC) => Value::unknown(why.clone(), span),
        _ => Value::new(Kind::Text(text), span),
    }
}

/// What the reason of a dynamic reference begins with.
const DYNAMIC: &str = "dynamic reference to";

fn is_resolve(part: &Part) -> bool {
    matches!(part, Part::Literal(text) if text.contains("{{resolve:"))
}

/// Replaces `{{resolve:…}}` by an unknown part that names the service.
///
/// Source: CloudFormation user guide, "Get values stored in other services using dynamic
/// references".
pub(super) fn without_dynamic_references(text: &PartialText) -> PartialText {
    let mut result = PartialText::default();
    // The reference being read, as it is shown.
    let mut open: Option<String> = None;
    for part in text.parts() {
        let Part::Literal(literal) = part else {
            match &mut open {
                Some(reference) => {
                    let mut alone = PartialText::default();
                    alone.push(part.clone());
                    reference.push_str(&alone.to_string());
                }
                None => result.push(part.clone()),
            }
            continue;
        };
        let mut rest = literal.as_str();
        loop {
            match &mut open {
                Some(reference) => match rest.split_once("}}") {
                    Some((inside, behind)) => {
                        reference.push_str(inside);
                        result.push(Part::Unknown(dynamic_reference(reference)));
                        open = None;
                        rest = behind;
                    }
                    None => {
                        reference.push_str(rest);
                        break;
                    }
                },
                None => match rest.split_once("{{resolve:") {
                    Some((before, inside)) => {
                        result.push(Part::Literal(before.to_owned()));
                        open = Some(String::new());
                        rest = inside;
                    }
                    None => {
                        result.push(Part::Literal(rest.to_owned()));
                        break;
                    }
                },
            }
        }
    }
    if let Some(reference) = open {
        result.push(Part::Unknown(dynamic_reference(&reference)));
    }
    result
}

fn dynamic_reference(inside: &str) -> String {
    let service = match inside.split(':').next().unwrap_or_default() {
        "secretsmanager" => "Secrets Manager",
        "ssm" => "Systems Manager",
        "ssm-secure" => "Systems Manager (secure)",
        other => other,
    };
    format!("{DYNAMIC} {service}: `{{{{resolve:{inside}}}}}`")
}

impl Evaluator<'_> {
    /// `Sub`: a text with names in it, or that text and a mapping of further names.
    pub(super) fn sub(&self, argument: &Value, span: Span, state: &State) -> Value {
        let (template, variables) = match &argument.kind {
            Kind::List(items) => match items.as_slice() {
                [template] => (template, None),
                [template, variables] => (template, Some(variables)),
                _ => return self.misused("Sub", "a text, or a text and a mapping", span),
            },
            _ => (argument, None),
        };
        // A text alone may bear the tag of `Sub` itself.
        let own_tag = variables.is_none() && std::ptr::eq(template, argument);
        let evaluated;
        let text = match template.as_str().filter(|_| own_tag || template.tag.is_none()) {
            Some(text) => text,
            None => {
                evaluated = match own_tag {
                    true => self.untagged(template, state),
                    false => self.value(template, state),
                };
                match evaluated.as_str() {
                    Some(text) => text,
                    None => {
                        if let Some(text) = evaluated.scalar_text() {
                            return text_value(text, span);
                        }
                        return self.misused("Sub", "a text, or a text and a mapping", span);
                    }
                }
            }
        };
        let mut names = Vec::new();
        for member in variables.map(Value::members).unwrap_or_default() {
            names.push((&*member.key, self.value(&member.value, state)));
        }
        self.substituted(text, template.span, &names, span, state)
    }

    /// A text of `Sub` with its names replaced.
    pub(super) fn substituted(
        &self,
        text: &str,
        written: Span,
        names: &[(&str, Value)],
        span: Span,
        state: &State,
    ) -> Value {
        let pieces = pieces(text);
        let begin = self.begin_within(written, text);
        let mut values: Vec<Value> = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            values.push(match piece {
                Piece::Literal(literal) => Value::text(*literal, span),
                Piece::Name(name, offset) => match names.iter().find(|(own, _)| own == name) {
                    Some((_, value)) => value.clone(),
                    None => {
                        let place = begin.map_or(written, |begin| {
                            let start = begin + offset;
                            Span::new(written.source, start, start + name.len() + 3)
                        });
                        self.named(name, place, state)
                    }
                },
            });
        }
        let arguments: Vec<&Value> = values.iter().collect();
        spread(&arguments, span, &|values| {
            let mut text = PartialText::default();
            let is_secret = |piece: &Piece<'_>| match piece {
                Piece::Name(name, _) => self.secrets.contains(name),
                Piece::Literal(_) => false,
            };
            // Of several origins the one that is not shown tells what is wrong with the text.
            let secret = pieces.iter().zip(values).filter(|(piece, _)| is_secret(piece));
            let secret = sole(secret.filter_map(|(_, value)| value.origin));
            let origin = secret.or_else(|| sole(values.iter().filter_map(|value| value.origin)));
            values.iter().for_each(|value| append(&mut text, value));
            let mut value = text_value(text, span);
            value.origin = origin;
            value
        })
    }

    /// What `${name}` gives: a reference, or an attribute behind a dot.
    fn named(&self, name: &str, span: Span, state: &State) -> Value {
        match name.split_once('.') {
            Some((id, attribute)) if state.bound(name).is_none() => {
                let id = state.bound(id).and_then(Value::as_str).unwrap_or(id);
                self.attribute(id, attribute, span, state)
            }
            _ => self.reference(name, span, state),
        }
    }

    /// Where a text begins in the source, if it stands there as it is.
    fn begin_within(&self, written: Span, text: &str) -> Option<usize> {
        let source = self.context.files.source(written.source)?;
        let begin = source.slice(written).find(text)?;
        Some(written.start as usize + begin)
    }

    /// `Join`: a delimiter and a list.
    pub(super) fn join(&self, argument: &Value, span: Span, state: &State) -> Value {
        let [delimiter, list] = argument.items() else {
            return self.misused("Join", "a delimiter and a list", span);
        };
        let delimiter = self.value(delimiter, state);
        let list = self.value(list, state);
        spread(&[&delimiter, &list], span, &|values| {
            let [delimiter, list] = values else { return Value::new(Kind::Null, span) };
            let items = match &list.kind {
                Kind::List(items) => items.as_slice(),
                Kind::Unknown(why) => return Value::unknown(why.clone(), span),
                _ => std::slice::from_ref(*list),
            };
            let items: Vec<&Value> = items.iter().collect();
            spread(&items, span, &|items| {
                let mut text = PartialText::default();
                let present = items.iter().filter(|item| !item.is_null());
                for (index, item) in present.enumerate() {
                    if index > 0 {
                        append(&mut text, delimiter);
                    }
                    append(&mut text, item);
                }
                text_value(text, span)
            })
        })
    }

    /// `Split`: a delimiter and a text.
    pub(super) fn split(&self, argument: &Value, span: Span, state: &State) -> Value {
        let [delimiter, text] = argument.items() else {
            return self.misused("Split", "a delimiter and a text", span);
        };
        let delimiter = self.value(delimiter, state);
        let text = self.value(text, state);
        spread(&[&delimiter, &text], span, &|values| {
            let [delimiter, text] = values else { return Value::new(Kind::Null, span) };
            match divided(delimiter, text) {
                Ok(Divided { pieces, open: None }) => {
                    let items = pieces.into_iter().map(|piece| text_value(piece, span));
                    Value::list(items, span)
                }
                Ok(Divided { open: Some(why), .. }) | Err(why) => Value::unknown(why, span),
            }
        })
    }

    /// `Select`: an index and a list.
    pub(super) fn select(&self, argument: &Value, span: Span, state: &State) -> Value {
        let [index, list] = argument.items() else {
            return self.misused("Select", "an index and a list", span);
        };
        let index = self.value(index, state);
        // Pieces before the first unknown part of a text are known all the same.
        let split = match (&list.tag, list.members()) {
            (Some(tag), _) if &**tag == "!Split" => Some(list.items()),
            (None, [member]) if &*member.key == "Fn::Split" => Some(member.value.items()),
            _ => None,
        };
        if let Some([delimiter, text]) = split {
            let delimiter = self.value(delimiter, state);
            let text = self.value(text, state);
            return spread(&[&index, &delimiter, &text], span, &|values| {
                let [index, delimiter, text] = values else { return Value::new(Kind::Null, span) };
                let Some(index) = index_of(index) else {
                    return Value::unknown("the index is known only at deployment", span);
                };
                match divided(delimiter, text) {
                    Ok(mut divided) if index < divided.pieces.len() => {
                        text_value(divided.pieces.swap_remove(index), span)
                    }
                    Ok(Divided { open: Some(why), .. }) | Err(why) => Value::unknown(why, span),
                    Ok(_) => Value::unknown(format!("the list has no item {index}"), span),
                }
            });
        }
        let list = self.value(list, state);
        spread(&[&index, &list], span, &|values| {
            let [index, list] = values else { return Value::new(Kind::Null, span) };
            let Some(index) = index_of(index) else {
                return Value::unknown("the index is known only at deployment", span);
            };
            match &list.kind {
                Kind::List(items) => match items.get(index) {
                    Some(item) => Value { span, origin: item.origin, ..item.clone() },
                    None => Value::unknown(format!("the list has no item {index}"), span),
                },
                Kind::Unknown(why) => Value::unknown(why.clone(), span),
                _ => Value::unknown("an item of a list is known only at deployment", span),
            }
        })
    }
}

/// The origin, if there is exactly one.
fn sole(mut origins: impl Iterator<Item = Span>) -> Option<Span> {
    origins.next().filter(|_| origins.next().is_none())
}

fn index_of(index: &Value) -> Option<usize> {
    index.scalar_text()?.literal()?.trim().parse().ok()
}

struct Divided {
    /// Known pieces.
    pieces: Vec<PartialText>,
    /// Why more may follow.
    open: Option<String>,
}

fn divided(delimiter: &Value, text: &Value) -> Result<Divided, String> {
    let why = |value: &Value| match &value.kind {
        Kind::Unknown(why) => why.clone(),
        _ => "a text was expected here".to_owned(),
    };
    let delimiter = delimiter.scalar_text().ok_or_else(|| why(delimiter))?;
    let Some(delimiter) = delimiter.literal().filter(|delimiter| !delimiter.is_empty()) else {
        return Err("the delimiter is known only at deployment".to_owned());
    };
    let text = text.scalar_text().ok_or_else(|| why(text))?;
    let mut pieces = Vec::new();
    let mut piece = PartialText::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => {
                for (index, section) in literal.split(delimiter).enumerate() {
                    if index > 0 {
                        pieces.push(std::mem::take(&mut piece));
                    }
                    piece.push(Part::Literal(section.to_owned()));
                }
            }
            // None of these holds a usual delimiter.
            Part::Pseudo(pseudo) if *pseudo != Pseudo::StackId => piece.push(part.clone()),
            Part::Unknown(why) => return Ok(Divided { pieces, open: Some(why.clone()) }),
            // `https://ID.lambda-url.REGION.on.aws/`: all but the host is the same for every URL.
            Part::Reference(reference)
                if &*reference.attribute == "FunctionUrl" && delimiter == "/" =>
            {
                piece.push(Part::Literal("https:".to_owned()));
                pieces.push(std::mem::take(&mut piece));
                pieces.push(PartialText::default());
                pieces.push(PartialText::reference(reference.entity.clone(), "FunctionUrl"));
            }
            _ => {
                let why = format!("a piece of `{text}` is known only at deployment");
                return Ok(Divided { pieces, open: Some(why) });
            }
        }
    }
    pieces.push(piece);
    Ok(Divided { pieces, open: None })
}
