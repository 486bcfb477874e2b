use std::collections::{BTreeMap, BTreeSet};

use text::Span;

use super::{Context, samconfig};
use documents::value::{Kind, Value};

/// The value of each parameter: the parent's argument, what the user says, samconfig.toml, default.
pub(super) fn values<'a>(
    template: &'a Value,
    context: &Context<'_>,
    is_root: bool,
) -> BTreeMap<&'a str, Value> {
    let declared = template.get("Parameters").map(Value::members).unwrap_or_default();
    let overrides = match is_root && !declared.is_empty() {
        true => samconfig::overrides(context),
        false => BTreeMap::new(),
    };
    let mut values = BTreeMap::new();
    for member in declared {
        let name = &*member.key;
        let said = context.options.parameters.get(name).filter(|_| is_root);
        let value = if let Some(argument) = context.arguments.get(name) {
            typed(argument.clone(), &member.value)
        } else if let Some(said) = said {
            typed(Value::text(said.clone(), member.key_span), &member.value)
        } else if let Some(said) = overrides.get(name) {
            typed(said.clone(), &member.value)
        } else {
            default(name, member.key_span, &member.value)
        };
        values.insert(name, value);
    }
    values
}

/// Names of the parameters that are not shown.
pub(super) fn secrets(template: &Value) -> BTreeSet<&str> {
    let declared = template.get("Parameters").map(Value::members).unwrap_or_default();
    declared.iter().filter(|it| is_secret(&it.value)).map(|it| &*it.key).collect()
}

fn type_of(declaration: &Value) -> &str {
    declaration.get("Type").and_then(Value::as_str).unwrap_or("String")
}

fn is_secret(declaration: &Value) -> bool {
    match declaration.get("NoEcho").map(|value| &value.kind) {
        Some(Kind::Bool(value)) => *value,
        Some(Kind::Text(text)) => {
            text.literal().is_some_and(|word| word.eq_ignore_ascii_case("true"))
        }
        _ => false,
    }
}

fn default(name: &str, key_span: Span, declaration: &Value) -> Value {
    let kind = type_of(declaration);
    if kind.starts_with("AWS::SSM::Parameter::Value") {
        let why = format!("parameter `{name}` is read from Systems Manager at deployment");
        return Value::unknown(why, key_span);
    }
    match declaration.get("Default") {
        Some(value) if !value.is_null() => typed(value.clone(), declaration),
        _ if is_secret(declaration) => {
            Value::unknown(format!("NoEcho parameter `{name}` has no default"), key_span)
        }
        _ => Value::unknown(format!("parameter `{name}` has no default"), key_span),
    }
}

/// A parameter's value as its type has it: lists are written with commas.
fn typed(mut value: Value, declaration: &Value) -> Value {
    let kind = type_of(declaration);
    if kind != "CommaDelimitedList" && !kind.starts_with("List<") {
        return value;
    }
    let Some(text) = value.scalar_text() else { return value };
    let Some(literal) = text.literal() else {
        // One text with holes may hold one item or several.
        if !text.has_literal(",") {
            let item = Value { tag: None, ..value.clone() };
            value.kind = Kind::List(vec![item]);
        }
        return value;
    };
    let items = literal.split(',').map(str::trim).filter(|item| !item.is_empty());
    let items = items.map(|item| {
        let mut item = Value::text(item, value.span);
        item.origin = value.origin;
        item
    });
    value.kind = Kind::List(items.collect());
    value
}
