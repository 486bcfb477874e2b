//! `aws_iam_policy_document`: statements as blocks, merged with other documents.
//!
//! Source: "Data Source: aws_iam_policy_document" of the AWS provider's documentation.

use text::{Part, PartialText, Span};

use super::evaluate::Evaluator;
use super::json_text;
use super::values;
use documents::value::{Kind, Member, Value};

/// The document as a tree that stands for its JSON text.
pub(super) fn document(evaluator: &Evaluator<'_>, body: &Value, span: Span) -> Value {
    let empty = || Value::list([], span);
    let listed = |name: &str| body.get(name).cloned().unwrap_or_else(empty);
    let mut parts: Vec<Value> = sources(evaluator, &listed("source_policy_documents"));
    parts.extend(body.get("source_json").map(|json| statements_of(evaluator, json)));
    let own = values::distribute(&[listed("statement")], span, &mut |statements| {
        let items = statements.first().map(Value::items).unwrap_or_default();
        Value::new(Kind::List(items.iter().map(statement).collect()), span)
    });
    parts.push(own);
    parts.extend(sources(evaluator, &listed("override_policy_documents")));
    parts.extend(body.get("override_json").map(|json| statements_of(evaluator, json)));
    let statements = values::distribute(&parts, span, &mut |parts| {
        let mut statements: Vec<Value> = Vec::new();
        for part in parts {
            match &part.kind {
                Kind::List(items) => items.iter().for_each(|item| take(item, &mut statements)),
                Kind::Null => {}
                _ => statements.push(Value::unknown(values::why(part), part.span)),
            }
        }
        Value::new(Kind::List(statements), span)
    });
    let version = body.get("version").cloned().unwrap_or_else(|| Value::text("2012-10-17", span));
    let document = Value::map([("Version", version), ("Statement", statements)], span);
    Value { tag: Some(values::JSON.into()), ..document }
}

/// Adds a statement; a later one of the same `Sid` replaces the earlier.
fn take(statement: &Value, statements: &mut Vec<Value>) {
    let sid = statement.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty());
    let same =
        |other: &&mut Value| sid.is_some() && other.get("Sid").and_then(Value::as_str) == sid;
    match statements.iter_mut().find(same) {
        Some(known) => *known = statement.clone(),
        None => statements.push(statement.clone()),
    }
}

fn sources(evaluator: &Evaluator<'_>, list: &Value) -> Vec<Value> {
    match &list.kind {
        Kind::List(items) => items.iter().map(|item| statements_of(evaluator, item)).collect(),
        Kind::Null => Vec::new(),
        Kind::Branches(_) => {
            vec![values::distribute(std::slice::from_ref(list), list.span, &mut |lists| {
                let inner = lists.first().map(|list| sources(evaluator, list)).unwrap_or_default();
                let flat = inner.iter().flat_map(|part| match &part.kind {
                    Kind::List(items) => items.clone(),
                    _ => vec![part.clone()],
                });
                Value::new(Kind::List(flat.collect()), list.span)
            })]
        }
        _ => vec![list.clone()],
    }
}

/// The statements of another document.
fn statements_of(evaluator: &Evaluator<'_>, document: &Value) -> Value {
    values::distribute(std::slice::from_ref(document), document.span, &mut |documents| {
        let Some(document) = documents.first() else { return Value::list([], document.span) };
        let tree = tree(evaluator, document);
        match tree.get("Statement") {
            Some(Value { kind: Kind::Map(_), .. }) => {
                Value::list(tree.get("Statement").cloned(), document.span)
            }
            Some(statements) => statements.clone(),
            None if document.is_null() || document.as_str() == Some("") => {
                Value::list([], document.span)
            }
            None => Value::unknown(values::why(&tree), document.span),
        }
    })
}

/// A value that stands for JSON as a tree; anything else as it is.
pub(super) fn tree(evaluator: &Evaluator<'_>, value: &Value) -> Value {
    if values::is_json(value) {
        return values::finished_tree(value.clone());
    }
    match &value.kind {
        Kind::Text(text) => {
            let pieces = evaluator.pieces_of(text, value);
            let parsed = json_text::parse(&pieces, value.span);
            parsed.map_or_else(|| value.clone(), |tree| Value { origin: value.origin, ..tree })
        }
        Kind::Branches(alternatives) => {
            let alternatives = alternatives
                .iter()
                .map(|alternative| documents::value::Alternative {
                    condition: alternative.condition.clone(),
                    value: tree(evaluator, &alternative.value),
                })
                .collect();
            Value { kind: Kind::Branches(alternatives), tag: None, ..value.clone() }
        }
        _ => value.clone(),
    }
}

impl Evaluator<'_> {
    fn pieces_of(&self, text: &PartialText, value: &Value) -> Vec<json_text::Piece> {
        let pieces = self.pieces.borrow();
        let mut places = [Some(value.span), value.origin].into_iter().flatten();
        let found = places.find_map(|place| pieces.get(&(place, text.clone())));
        let found = found.or_else(|| {
            // The first of those written alike, so that every run says the same.
            let alike = pieces.iter().filter(|((_, other), _)| other == text);
            alike.min_by_key(|((place, _), _)| *place).map(|(_, pieces)| pieces)
        });
        match found {
            Some(pieces) => pieces.to_vec(),
            None => json_text::pieces_of(text, value.span),
        }
    }
}

/// One `statement` block as a statement of the policy language.
fn statement(block: &Value) -> Value {
    if !matches!(block.kind, Kind::Map(_)) {
        return block.clone();
    }
    let mut members: Vec<Member> = Vec::new();
    let mut say = |key: &str, key_span: Span, value: Value| {
        members.push(Member { key: key.into(), key_span, value });
    };
    for (name, key) in [
        ("sid", "Sid"),
        ("effect", "Effect"),
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        match block.member(name).filter(|member| !member.value.is_null()) {
            Some(member) => say(key, member.key_span, with_variables(&member.value)),
            None if name == "effect" => say(key, block.span, Value::text("Allow", block.span)),
            None => {}
        }
    }
    // A dynamic block without elements is no block.
    let blocks = |name: &str| {
        let empty = |value: &Value| matches!(&value.kind, Kind::List(items) if items.is_empty());
        block.member(name).filter(|member| !empty(&member.value))
    };
    for (name, key) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(member) = blocks(name) {
            say(key, member.key_span, distributed(&member.value, &principals));
        }
    }
    if let Some(member) = blocks("condition") {
        say("Condition", member.key_span, distributed(&member.value, &conditions));
    }
    Value::new(Kind::Map(members), block.span)
}

fn distributed(value: &Value, change: &dyn Fn(&Value) -> Value) -> Value {
    values::distribute(std::slice::from_ref(value), value.span, &mut |values| {
        values.first().map_or_else(|| value.clone(), change)
    })
}

fn principals(blocks: &Value) -> Value {
    let mut by_kind: Vec<Member> = Vec::new();
    for block in blocks.items() {
        let kind = block.get("type").and_then(values::as_string);
        let (Some(kind), Some(identifiers)) = (kind, block.get("identifiers")) else {
            return Value::unknown(values::why(block), block.span);
        };
        if kind == "*" {
            return Value::text("*", block.span);
        }
        match by_kind.iter_mut().find(|member| *member.key == *kind) {
            Some(Member { value: Value { kind: Kind::List(items), .. }, .. }) => {
                items.extend(identifiers.items().iter().cloned());
            }
            _ => by_kind.push(Member {
                key: kind.into(),
                key_span: block.span,
                value: identifiers.clone(),
            }),
        }
    }
    match blocks.kind {
        Kind::List(_) => Value::new(Kind::Map(by_kind), blocks.span),
        _ => blocks.clone(),
    }
}

fn conditions(blocks: &Value) -> Value {
    let mut by_test: Vec<Member> = Vec::new();
    for block in blocks.items() {
        let test = block.get("test").and_then(values::as_string);
        let variable = block.get("variable").and_then(values::as_string);
        let (Some(test), Some(variable), Some(wanted)) = (test, variable, block.get("values"))
        else {
            return Value::unknown(values::why(block), block.span);
        };
        let entry =
            Member { key: variable.into(), key_span: block.span, value: with_variables(wanted) };
        match by_test.iter_mut().find(|member| *member.key == *test) {
            Some(Member { value: Value { kind: Kind::Map(members), .. }, .. }) => {
                members.push(entry);
            }
            _ => by_test.push(Member {
                key: test.into(),
                key_span: block.span,
                value: Value::new(Kind::Map(vec![entry]), block.span),
            }),
        }
    }
    match blocks.kind {
        Kind::List(_) => Value::new(Kind::Map(by_test), blocks.span),
        _ => blocks.clone(),
    }
}

/// Policy variables are written `&{aws:username}` here, because `${` is Terraform's own.
fn with_variables(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(items.iter().map(with_variables).collect()),
        Kind::Text(text) if text.has_literal("&{") => {
            let mut changed = PartialText::default();
            for part in text.parts() {
                changed.push(match part {
                    Part::Literal(literal) => Part::Literal(literal.replace("&{", "${")),
                    part => part.clone(),
                });
            }
            Kind::Text(changed)
        }
        _ => return value.clone(),
    };
    Value { kind, ..value.clone() }
}
