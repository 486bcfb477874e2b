//! Clients: their operations, paginators, waiters.

use text::Span;

use super::{object_value, results, service_of, signed, transfer};
use crate::evaluate::{Arguments, Evaluator, Object, Value};
use crate::sdk::request::{CREDENTIALS, of_client};

/// Members of a client that are no operations and call nothing.
const HARMLESS: &[&str] = &["can_paginate", "close", "exceptions", "waiter_names", "events"];

pub(super) fn member(client: &Object, name: &str) -> Option<Value> {
    let service = service_of(client)?;
    if let Some(operation) = service.operation(name).filter(|_| is_plain(name)) {
        return Some(object_value("operation", service.name, operation, client.values.clone()));
    }
    if name == "meta" {
        let mut values = client.values.clone();
        values.push(("client".to_owned(), Value::Object(client.clone().into())));
        return Some(object_value("meta", service.name, "", values));
    }
    if HARMLESS.contains(&name) || name.starts_with('_') {
        return Some(Value::Data);
    }
    let is_method = matches!(name, "get_paginator" | "get_waiter")
        || signed::is_method(name)
        || (service.name == "s3" && transfer::is_method(name));
    is_method.then(|| object_value("client method", service.name, name, client.values.clone()))
}

/// Python spells operations in lower case.
fn is_plain(name: &str) -> bool {
    !name.chars().any(|letter| letter.is_ascii_uppercase())
}

pub(super) fn call_operation(
    evaluator: &mut Evaluator<'_>,
    operation: &Object,
    arguments: &Arguments,
    at: Span,
) -> Value {
    if operation.value(CREDENTIALS).is_none() {
        let mut named = evaluator.named_arguments(arguments);
        named.extend(of_client(evaluator, operation));
        let rest = arguments.rest_unknown.clone();
        evaluator.api_call(at, &operation.service, &operation.name, named, rest);
    }
    results::of(evaluator, &operation.service, &operation.name, arguments)
}

pub(super) fn call_method(
    evaluator: &mut Evaluator<'_>,
    method: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let service = service_of(method)?;
    match method.name.as_str() {
        "get_paginator" => {
            let name = arguments.get(0, "operation_name").cloned().unwrap_or(Value::Null);
            Some(named(evaluator, method, &name, at, "paginator", |name| service.paginator(name)))
        }
        "get_waiter" => {
            let name = arguments.get(0, "waiter_name").cloned().unwrap_or(Value::Null);
            Some(named(evaluator, method, &name, at, "waiter", |name| service.waiter(name)))
        }
        name if signed::is_method(name) => signed::call(evaluator, method, arguments, at),
        name => transfer::call(evaluator, method, name, arguments, at),
    }
}

/// A paginator or waiter by its name.
fn named(
    evaluator: &mut Evaluator<'_>,
    method: &Object,
    name: &Value,
    at: Span,
    kind: &'static str,
    operation: impl Fn(&str) -> Option<&'static str>,
) -> Value {
    let mut made = Vec::new();
    for choice in name.choices() {
        match choice.literal().and_then(&operation) {
            Some(operation) => {
                made.push(object_value(kind, &method.service, operation, method.values.clone()));
            }
            None => {
                evaluator.unresolved(at, format!("the name of the {kind} is not known"));
                made.push(Value::Data);
            }
        }
    }
    Value::either(made)
}
