//! What expressions of every kind do with unknowns, errors and branches.

use text::{Condition, Part, PartialText, Span};

use documents::value::{Alternative, Kind, Member, Value};

/// Tag of a value that stands for its JSON text, kept as a tree for its places.
pub(super) const JSON: &str = "terraform:json";
/// Tag of an evaluation error, which `try` and `can` look behind.
pub(super) const ERROR: &str = "terraform:error";
/// Tag of a list or mapping whose one element stands for all, of unknown number.
pub(super) const REPRESENTATIVE: &str = "terraform:representative";

/// Most alternatives that a value keeps.
const MOST_ALTERNATIVES: usize = 24;

/// An evaluation error: Terraform would refuse it, `try` takes the next.
pub(super) fn error(why: impl Into<String>, span: Span) -> Value {
    Value { tag: Some(ERROR.into()), ..Value::unknown(why, span) }
}

/// Whether it is an evaluation error.
pub(super) fn is_error(value: &Value) -> bool {
    value.tag.as_deref() == Some(ERROR)
}

/// Whether it is a tree that stands for its JSON text.
pub(super) fn is_json(value: &Value) -> bool {
    value.tag.as_deref() == Some(JSON)
}

/// A boolean.
pub(super) fn boolean(value: bool, span: Span) -> Value {
    Value::new(Kind::Bool(value), span)
}

/// A number.
pub(super) fn number(value: f64, span: Span) -> Value {
    let text = if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        format!("{value}")
    };
    Value::new(Kind::Number(text.into()), span)
}

/// A known text.
pub(super) fn string(value: impl Into<String>, span: Span) -> Value {
    Value::text(value, span)
}

/// A value as a number.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    match &value.kind {
        Kind::Number(number) => number.parse().ok(),
        Kind::Text(text) => text.literal()?.trim().parse().ok(),
        _ => None,
    }
}

/// A value as a boolean, as Terraform converts.
pub(super) fn as_bool(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Bool(value) => Some(*value),
        Kind::Text(text) => match text.literal()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A value as a text; trees that stand for JSON are written out.
pub(super) fn as_text(value: &Value) -> Option<PartialText> {
    if is_json(value) {
        return Some(to_json(value));
    }
    match &value.kind {
        Kind::Unknown(why) => Some(PartialText::unknown(why.clone())),
        _ => value.scalar_text(),
    }
}

/// A value as a wholly known text.
pub(super) fn as_string(value: &Value) -> Option<String> {
    as_text(value)?.literal().map(str::to_owned)
}

/// Whether something in it is known only at deployment.
pub(super) fn has_holes(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(_) | Kind::Branches(_) => true,
        Kind::Text(text) => text.literal().is_none(),
        Kind::List(items) => items.iter().any(has_holes),
        Kind::Map(members) => members.iter().any(|member| has_holes(&member.value)),
        _ => false,
    }
}

/// Why a value is not known.
pub(super) fn why(value: &Value) -> String {
    match &value.kind {
        Kind::Unknown(why) => why.clone(),
        Kind::Text(text) => match text.unknown_reason() {
            Some(why) => why.to_owned(),
            None => format!("`{text}` is known only at deployment"),
        },
        Kind::List(items) => items.iter().find(|item| has_holes(item)).map(why).unwrap_or_default(),
        Kind::Map(members) => members
            .iter()
            .find(|member| has_holes(&member.value))
            .map(|member| why(&member.value))
            .unwrap_or_default(),
        Kind::Branches(_) => "the value depends on conditions".to_owned(),
        _ => "a value of another kind was expected".to_owned(),
    }
}

/// Whether two values are the same, wherever they were written.
pub(super) fn same(first: &Value, second: &Value) -> bool {
    match (&first.kind, &second.kind) {
        (Kind::List(first), Kind::List(second)) => {
            first.len() == second.len()
                && first.iter().zip(second).all(|(first, second)| same(first, second))
        }
        (Kind::Map(first), Kind::Map(second)) => {
            first.len() == second.len()
                && first.iter().all(|member| {
                    second
                        .iter()
                        .any(|other| other.key == member.key && same(&other.value, &member.value))
                })
        }
        (Kind::Number(first_text), Kind::Number(second_text)) => {
            first_text == second_text || as_number(first) == as_number(second)
        }
        (first, second) => first == second,
    }
}

/// Both conditions, or `None` where they contradict each other.
pub(super) fn conjoin(first: &Condition, second: &Condition) -> Option<Condition> {
    let atoms: Vec<&str> = first.split(" and ").collect();
    let mut joined = first.to_string();
    for atom in second.split(" and ") {
        if atoms.contains(&atom) {
            continue;
        }
        if atoms.iter().any(|known| negation(known).as_deref() == Some(atom)) {
            return None;
        }
        joined.push_str(" and ");
        joined.push_str(atom);
    }
    Some(Condition::from(joined))
}

fn negation(atom: &str) -> Option<String> {
    let text = atom.strip_suffix(" is true").map(|text| format!("{text} is false"));
    text.or_else(|| Some(format!("{} is true", atom.strip_suffix(" is false")?)))
}

/// A conditional value; alternatives within alternatives are flattened, equal ones are one.
pub(super) fn branches(alternatives: Vec<Alternative>, span: Span) -> Value {
    let mut flat: Vec<Alternative> = Vec::new();
    for alternative in alternatives {
        match alternative.value.kind {
            Kind::Branches(inner) => {
                for Alternative { condition, value } in inner {
                    if let Some(condition) = conjoin(&alternative.condition, &condition) {
                        flat.push(Alternative { condition, value });
                    }
                }
            }
            _ => flat.push(alternative),
        }
    }
    if flat.len() > MOST_ALTERNATIVES {
        return Value::unknown("the value depends on too many conditions", span);
    }
    let mut alternatives = flat.into_iter();
    let Some(first) = alternatives.next() else {
        return Value::unknown("no branch of the condition can hold", span);
    };
    let rest: Vec<Alternative> = alternatives.collect();
    if rest.iter().all(|other| same(&other.value, &first.value)) {
        return first.value;
    }
    Value::new(Kind::Branches(std::iter::once(first).chain(rest).collect()), span)
}

/// Most combinations of alternatives that are tried.
const MOST_COMBINATIONS: usize = 512;

/// Applies `function` to every combination of the arguments' alternatives.
pub(super) fn distribute(
    arguments: &[Value],
    span: Span,
    function: &mut dyn FnMut(&[Value]) -> Value,
) -> Value {
    let mut left = MOST_COMBINATIONS;
    combined(arguments, span, &mut left, function)
}

fn combined(
    arguments: &[Value],
    span: Span,
    left: &mut usize,
    function: &mut dyn FnMut(&[Value]) -> Value,
) -> Value {
    let conditional =
        arguments.iter().enumerate().find_map(|(index, argument)| match &argument.kind {
            Kind::Branches(alternatives) => Some((index, alternatives)),
            _ => None,
        });
    let Some((index, alternatives)) = conditional else {
        let mut value = function(arguments);
        // What a default decided, it decided through every function: conditions ask for it.
        if value.origin.is_none() {
            value.origin = arguments.iter().find_map(|argument| argument.origin);
        }
        return value;
    };
    let mut results = Vec::new();
    for alternative in alternatives {
        let chosen: Vec<Value> = arguments
            .iter()
            .enumerate()
            .map(|(other, argument)| {
                if other == index {
                    alternative.value.clone()
                } else {
                    narrowed(argument, &alternative.condition)
                }
            })
            .collect();
        *left = left.saturating_sub(1);
        if *left == 0 {
            return Value::unknown("the value depends on too many conditions", span);
        }
        let value = combined(&chosen, span, left, function);
        results.push(Alternative { condition: alternative.condition.clone(), value });
        if results.len() > MOST_ALTERNATIVES {
            return Value::unknown("the value depends on too many conditions", span);
        }
    }
    branches(results, span)
}

/// The value when `condition` holds.
pub(super) fn narrowed(value: &Value, condition: &Condition) -> Value {
    let Kind::Branches(alternatives) = &value.kind else { return value.clone() };
    let possible: Vec<Alternative> = alternatives
        .iter()
        .filter(|alternative| conjoin(condition, &alternative.condition).is_some())
        .cloned()
        .collect();
    match possible.as_slice() {
        [] => value.clone(),
        [only] => only.value.clone(),
        _ => Value { kind: Kind::Branches(possible), ..value.clone() },
    }
}

/// A tree as JSON text, with holes for what is not known.
pub(super) fn to_json(value: &Value) -> PartialText {
    let mut text = PartialText::default();
    write_json(value, true, &mut text);
    text
}

fn write_json(value: &Value, root: bool, text: &mut PartialText) {
    let mut literal = |piece: &str| text.push(Part::Literal(piece.to_owned()));
    if is_json(value) && !root {
        write_json_text(&to_json(value), text);
        return;
    }
    match &value.kind {
        Kind::Null => literal("null"),
        Kind::Bool(value) => literal(if *value { "true" } else { "false" }),
        Kind::Number(number) => literal(number),
        Kind::Text(inner) => write_json_text(inner, text),
        Kind::List(items) => {
            literal("[");
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(Part::Literal(",".to_owned()));
                }
                write_json(item, false, text);
            }
            text.push(Part::Literal("]".to_owned()));
        }
        Kind::Map(members) => {
            literal("{");
            for (index, Member { key, value, .. }) in members.iter().enumerate() {
                if index > 0 {
                    text.push(Part::Literal(",".to_owned()));
                }
                write_json_text(&PartialText::known(&**key), text);
                text.push(Part::Literal(":".to_owned()));
                write_json(value, false, text);
            }
            text.push(Part::Literal("}".to_owned()));
        }
        Kind::Unknown(why) => text.push(Part::Unknown(why.clone())),
        Kind::Branches(_) => text.push(Part::Unknown("depends on conditions".to_owned())),
    }
}

fn write_json_text(inner: &PartialText, text: &mut PartialText) {
    text.push(Part::Literal("\"".to_owned()));
    for part in inner.parts() {
        match part {
            Part::Literal(literal) => text.push(Part::Literal(escaped(literal))),
            part => text.push(part.clone()),
        }
    }
    text.push(Part::Literal("\"".to_owned()));
}

fn escaped(literal: &str) -> String {
    let mut escaped = String::with_capacity(literal.len());
    for letter in literal.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            control if control.is_control() => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Takes away this evaluation's tags; trees that stand for JSON become texts.
pub(super) fn finished(value: Value) -> Value {
    if is_json(&value) {
        let span = value.span;
        let origin = value.origin;
        return Value { origin, ..Value::new(Kind::Text(to_json(&value)), span) };
    }
    finished_tree(value)
}

/// As [`finished`], keeping a tree at the root.
pub(super) fn finished_tree(value: Value) -> Value {
    let kind = match value.kind {
        Kind::List(items) => Kind::List(items.into_iter().map(finished).collect()),
        Kind::Map(members) => Kind::Map(
            members
                .into_iter()
                .map(|member| Member { value: finished(member.value), ..member })
                .collect(),
        ),
        Kind::Branches(alternatives) => Kind::Branches(
            alternatives
                .into_iter()
                .map(|Alternative { condition, value }| Alternative {
                    condition,
                    value: finished(value),
                })
                .collect(),
        ),
        // A text that is one unknown and nothing else is an unknown.
        Kind::Text(text) => match text.parts() {
            [Part::Unknown(why)] => Kind::Unknown(why.clone()),
            _ => Kind::Text(text),
        },
        kind => kind,
    };
    Value { kind, tag: None, span: value.span, origin: value.origin }
}

/// How much a value costs to copy: its nodes, and its text in pieces of 64 bytes.
pub(super) fn size(value: &Value) -> usize {
    let inner: usize = match &value.kind {
        Kind::Text(text) => {
            let parts = text.parts().iter();
            parts.map(|part| if let Part::Literal(text) = part { text.len() / 64 } else { 1 }).sum()
        }
        Kind::List(items) => items.iter().map(size).sum(),
        Kind::Map(members) => members.iter().map(|member| size(&member.value)).sum(),
        Kind::Branches(alternatives) => {
            alternatives.iter().map(|alternative| size(&alternative.value)).sum()
        }
        _ => 0,
    };
    inner.saturating_add(1)
}
