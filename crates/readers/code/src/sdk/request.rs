//! Requests as Go and Java write them: a structure whose members are spelled nearly as the API does.

use iam::api::{Argument, ENDPOINT, Operation, REGION, Service};
use text::Span;

use crate::evaluate::{Evaluator, Object, Value};

/// Tells a call of an operation with its request.
pub(crate) fn tell(
    evaluator: &mut Evaluator<'_>,
    service: &Service,
    operation: &Operation,
    request: Option<&Value>,
    at: Span,
) {
    let (arguments, rest_unknown) = arguments(evaluator, operation, request);
    evaluator.api_call(at, service.name, &operation.name, arguments, rest_unknown);
}

/// The value under which a thing is marked that acts with other credentials than the function's role.
pub(crate) const CREDENTIALS: &str = "credentials";

/// What the client of a thing was told and all its calls have: [`ENDPOINT`] and [`REGION`].
fn told(of: &Object) -> impl Iterator<Item = &(String, Value)> {
    let is_told = |name: &str| name == ENDPOINT || name == REGION;
    of.values.iter().filter(move |(name, value)| is_told(name) && !matches!(value, Value::Null))
}

/// The address and region that a thing's client was told to use, as arguments of its calls.
pub(crate) fn of_client(evaluator: &Evaluator<'_>, of: &Object) -> Vec<(String, Argument)> {
    told(of).map(|(name, value)| (name.clone(), evaluator.argument(value))).collect()
}

/// A request's map with the address and region that a thing's client was told to use.
pub(crate) fn with_client(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    request: Option<Value>,
) -> Option<Value> {
    if told(of).next().is_none() {
        return request;
    }
    if let Some(Value::Either(choices)) = &request {
        let each = choices.iter().map(|one| with_client(evaluator, of, Some(one.clone())));
        return Some(Value::either(each.flatten().collect::<Vec<_>>()));
    }
    let merged = match &request {
        Some(unknown @ (Value::Unknown(_) | Value::Data)) => {
            evaluator.map(Vec::new(), Some(unknown.clone()))
        }
        _ => evaluator.map(Vec::new(), None),
    };
    match &request {
        Some(map @ Value::Map(_)) => evaluator.merge_entries(&merged, map),
        Some(Value::Null | Value::Unknown(_) | Value::Data) | None => {}
        Some(Value::Function(_) | Value::Bound(_)) => {}
        Some(_) => return request,
    }
    for (name, value) in told(of) {
        evaluator.set_entry(&merged, Value::text(name.as_str()), value.clone());
    }
    Some(merged)
}

/// The members of a request that may be one of several, and why there may be more.
fn arguments(
    evaluator: &Evaluator<'_>,
    operation: &Operation,
    request: Option<&Value>,
) -> (Vec<(String, Argument)>, Option<String>) {
    let mut arguments: Vec<(String, Argument)> = Vec::new();
    let mut rest_unknown = None;
    for choice in request.map(Value::choices).unwrap_or_default() {
        let map = match choice {
            Value::Map(address) | Value::Instance(_, address) => evaluator.heap.map(*address),
            Value::Null => continue,
            Value::Unknown(why) => {
                rest_unknown = Some(why.to_string());
                continue;
            }
            _ => None,
        };
        let Some(map) = map else {
            rest_unknown = Some("the request is known at run time only".to_owned());
            continue;
        };
        for (key, value) in &map.entries {
            let Some(name) = key.literal() else { continue };
            let name = member_name(operation, name);
            let argument = without_empty(evaluator.argument(value));
            match arguments.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) if *known == argument => {}
                Some((_, Argument::Either(known))) => known.push(argument),
                Some((_, known)) => *known = Argument::Either(vec![known.clone(), argument]),
                None => arguments.push((name, argument)),
            }
        }
        if map.more.is_some() {
            rest_unknown = Some("more members are set, whose names are not known".to_owned());
        }
    }
    (arguments, rest_unknown)
}

/// One of several without the empty text that a variable has before it is set.
fn without_empty(argument: Argument) -> Argument {
    let Argument::Either(mut choices) = argument else { return argument };
    let is_empty =
        |choice: &Argument| matches!(choice, Argument::Text(text) if text.literal() == Some(""));
    choices.retain(|choice| !is_empty(choice));
    match choices.len() {
        1 => choices.swap_remove(0),
        _ => Argument::Either(choices),
    }
}

/// A member in the API's own spelling.
fn member_name(operation: &Operation, spelled: &str) -> String {
    let known = operation.members.iter().find(|(name, _)| name.eq_ignore_ascii_case(spelled));
    known.map_or(spelled, |(name, _)| name.as_str()).to_owned()
}

/// Whether a value may be a request.
pub(crate) fn is_structure(value: &Value) -> bool {
    value.choices().iter().any(|choice| matches!(choice, Value::Map(_)))
}
