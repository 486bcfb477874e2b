//! Signed addresses: they need the permission of the operation that is signed.

use iam::api::Argument;
use text::Span;

use super::service_of;
use crate::evaluate::{Arguments, Evaluator, Object, Value};

pub(super) fn is_method(name: &str) -> bool {
    name == "generate_presigned_url"
        || name == "generate_presigned_post"
        || (name.starts_with("generate_db_") && name.ends_with("auth_token"))
}

pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    method: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    if method.name == "generate_presigned_post" {
        let named = [(0, "Bucket"), (1, "Key")].into_iter().filter_map(|(position, name)| {
            let value = arguments.get(position, name)?;
            Some((name.to_owned(), evaluator.argument(value)))
        });
        let named = named.collect();
        evaluator.api_call(at, "s3", "PutObject", named, arguments.rest_unknown.clone());
        return Some(Value::Data);
    }
    if method.name != "generate_presigned_url" {
        let user = arguments.get(2, "DBUsername").map(|user| evaluator.argument(user));
        let named = user.map(|user| ("DBUsername".to_owned(), user)).into_iter().collect();
        let operation = method.name.replace('_', "");
        evaluator.api_call(at, &method.service, &operation, named, arguments.rest_unknown.clone());
        return Some(Value::Data);
    }
    let service = service_of(method)?;
    let name = arguments.get(0, "ClientMethod").cloned().unwrap_or(Value::Null);
    let parameters = arguments.get(1, "Params").map(|value| evaluator.argument(value));
    for choice in name.choices() {
        let Some(operation) = choice.literal().and_then(|name| service.operation(name)) else {
            evaluator.unresolved(at, "the operation that is signed is not known");
            continue;
        };
        let (named, rest) = members(parameters.as_ref());
        evaluator.api_call(at, service.name, operation, named, rest);
    }
    Some(Value::Data)
}

/// A map of parameters as arguments.
fn members(parameters: Option<&Argument>) -> (Vec<(String, Argument)>, Option<String>) {
    match parameters {
        None | Some(Argument::Other) => (Vec::new(), None),
        Some(Argument::Map(entries)) => {
            let known = entries
                .iter()
                .filter_map(|(key, value)| Some((key.literal()?.to_owned(), value.clone())));
            let has_more = entries.iter().any(|(key, _)| key.literal().is_none());
            (known.collect(), has_more.then(|| "`Params`".to_owned()))
        }
        Some(_) => (Vec::new(), Some("`Params`".to_owned())),
    }
}
