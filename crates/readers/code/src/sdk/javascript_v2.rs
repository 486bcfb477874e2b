//! The AWS SDK for JavaScript, version 2: `aws-sdk`, and its document client.

use iam::api::{Sdk, Service, client};
use text::Span;

use super::javascript::{answer, document_operation, object, operation, tell, tell_upload, told};
use super::request::{CREDENTIALS, with_client};
use crate::evaluate::{Arguments, Evaluator, Object, Value};

/// A client; its name is `document` for the document client.
const CLIENT: &str = "client of version 2";
/// A method of a client.
const METHOD: &str = "method of version 2";

/// What `name` of a client is.
pub(crate) fn member(thing: &Object, name: &str) -> Option<Value> {
    match (thing.kind, name) {
        (CLIENT, "config" | "endpoint" | "apiVersions") => Some(Value::Data),
        (CLIENT, "service") => Some(object(CLIENT, &thing.service, "", Vec::new())),
        (CLIENT, _) => {
            let of = ("of".to_owned(), Value::text(thing.name.as_str()));
            let values = std::iter::once(of).chain(thing.values.clone()).collect();
            Some(object(METHOD, &thing.service, name, values))
        }
        _ => None,
    }
}

/// What a call of a client's method gives: the request, which is plain data to whoever asks it.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    thing: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    if thing.kind != METHOD {
        return None;
    }
    if thing.value(CREDENTIALS).is_some() {
        answer(evaluator, arguments, at);
        return Some(Value::Data);
    }
    let service = thing.service.as_str();
    let is_document = thing.value("of").and_then(Value::literal) == Some("document");
    let first = with_bound(evaluator, thing, arguments.positions.first());
    let first = with_client(evaluator, thing, first);
    let second = with_bound(evaluator, thing, arguments.positions.get(1));
    match (service, thing.name.as_str()) {
        ("s3", "getSignedUrl" | "getSignedUrlPromise")
        | (_, "makeRequest" | "makeUnauthenticatedRequest") => {
            named(evaluator, service, arguments, at, second.as_ref());
        }
        ("s3", "createPresignedPost") => {
            tell(evaluator, at, "s3", "PutObject", first.as_ref());
        }
        ("s3", "upload") => tell_upload(evaluator, at, first.as_ref()),
        (_, "waitFor") => {
            let state = arguments.positions.first().and_then(Value::literal);
            match state.and_then(|state| Service::named(service)?.waiter(state)) {
                Some(operation) => tell(evaluator, at, service, operation, second.as_ref()),
                None => evaluator.unresolved(at, "what is waited for is not known"),
            }
        }
        (_, "createSet" | "setupRequestListeners" | "customizeRequests") => {}
        (_, name) => {
            let document = is_document.then(|| document_operation(name)).flatten();
            match document.or_else(|| operation(service, name)) {
                Some(operation) => tell(evaluator, at, service, operation, first.as_ref()),
                None => {
                    evaluator.unresolved(at, format!("a client of `{service}` has no `{name}`"))
                }
            }
        }
    }
    answer(evaluator, arguments, at);
    Some(Value::Data)
}

/// Tells the call of the operation that the first argument names.
fn named(
    evaluator: &mut Evaluator<'_>,
    service: &str,
    arguments: &Arguments,
    at: Span,
    input: Option<&Value>,
) {
    let names = arguments.positions.first().cloned().unwrap_or(Value::Null);
    for name in names.choices() {
        match name.literal().and_then(|name| operation(service, name)) {
            Some(operation) => tell(evaluator, at, service, operation, input),
            None => evaluator.unresolved(at, "the operation is known at run time only"),
        }
    }
}

/// A map of parameters over those that the client was made with (`params`).
fn with_bound(
    evaluator: &mut Evaluator<'_>,
    thing: &Object,
    input: Option<&Value>,
) -> Option<Value> {
    let Some(bound @ Value::Map(_)) = thing.value("params") else { return input.cloned() };
    let merged = evaluator.map(Vec::new(), None);
    evaluator.merge_entries(&merged, bound);
    match input {
        Some(input @ Value::Map(_)) => evaluator.merge_entries(&merged, input),
        Some(Value::Function(_) | Value::Bound(_) | Value::Null) | None => {}
        Some(other) => return Some(other.clone()),
    }
    Some(merged)
}

/// What a call of a name of this SDK gives; `None` for other packages.
pub(crate) fn call_name(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let name = class(name)?;
    let first = arguments.positions.first().cloned().unwrap_or(Value::Null);
    match name.as_str() {
        "S3.ManagedUpload" => {
            let params = evaluator.member(&first, "params", at);
            tell_upload(evaluator, at, Some(&params));
            Some(Value::Data)
        }
        "TemporaryCredentials" | "ChainableTemporaryCredentials" => {
            let params = evaluator.member(&first, "params", at);
            let params = if matches!(params, Value::Map(_)) { params } else { first };
            tell(evaluator, at, "sts", "AssumeRole", Some(&params));
            Some(Value::Data)
        }
        // The function's own role.
        "EnvironmentCredentials" | "CredentialProviderChain" => Some(Value::Null),
        "Signers.V4" => {
            evaluator.signs_for(at, arguments.positions.get(1));
            Some(Value::Data)
        }
        name => {
            let Some(Value::Object(made)) = instance(name) else {
                evaluator.call_back_all(arguments, at);
                return Some(Value::Data);
            };
            let params = match &first {
                Value::Map(_) => evaluator.member(&first, "params", at),
                _ => Value::Null,
            };
            let values = vec![("params".to_owned(), params)];
            let client = object(CLIENT, &made.service, &made.name, values);
            Some(told(evaluator, client, Some(&first), at))
        }
    }
}

/// An instance of a type of this SDK, if it is a client's.
pub(crate) fn typed(name: &str) -> Option<Value> {
    instance(&class(name)?)
}

fn instance(class: &str) -> Option<Value> {
    if class == "DynamoDB.DocumentClient" {
        return Some(object(CLIENT, "dynamodb", "document", Vec::new()));
    }
    let service = client(Sdk::JavaScript2, class)?;
    Some(object(CLIENT, service.name, "", Vec::new()))
}

/// The class that a name of this SDK means: `S3` for `aws-sdk.S3` and for `aws-sdk/clients/s3`.
fn class(name: &str) -> Option<String> {
    let name = name.strip_prefix("aws-sdk").filter(|rest| rest.starts_with(['.', '/']))?;
    let Some(path) = name.strip_prefix("/clients/") else {
        return Some(name.trim_start_matches('.').trim_start_matches("default.").to_owned());
    };
    let (module, rest) = path.split_once('.').map_or((path, ""), |(module, rest)| (module, rest));
    let rest = rest.trim_start_matches("default.");
    match (module, rest) {
        ("all", rest) => Some(rest.to_owned()),
        ("dynamodb", "DocumentClient") => Some("DynamoDB.DocumentClient".to_owned()),
        ("s3", "ManagedUpload") => Some("S3.ManagedUpload".to_owned()),
        (module, _) => Some(module.trim_end_matches(".js").to_owned()),
    }
}
