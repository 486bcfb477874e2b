//! What both versions of the SDK for JavaScript share: one map holds all parameters of a call.

use std::rc::Rc;

use iam::api::{Argument, ENDPOINT, REGION, Service};
use text::Span;

use super::request::CREDENTIALS;
use crate::evaluate::{Arguments, Evaluator, OWN_KEY, Object, Value};

/// A thing of the SDK.
pub(super) fn object(
    kind: &'static str,
    service: &str,
    name: &str,
    values: Vec<(String, Value)>,
) -> Value {
    let (service, name) = (service.to_owned(), name.to_owned());
    Value::Object(Rc::new(Object { kind, service, name, values }))
}

/// A client with the address, region and credentials that its options tell it to use.
pub(super) fn told(
    evaluator: &mut Evaluator<'_>,
    client: Value,
    options: Option<&Value>,
    at: Span,
) -> Value {
    let (Value::Object(made), Some(options @ Value::Map(_))) = (&client, options) else {
        return client;
    };
    let mut values = made.values.clone();
    for (option, name) in [("endpoint", ENDPOINT), ("region", REGION)] {
        let value = evaluator.member(options, option, at);
        if !matches!(value, Value::Null) {
            values.push((name.to_owned(), value));
        }
    }
    let credentials = evaluator.member(options, "credentials", at);
    // Version 2 takes the key itself as well.
    let key = evaluator.member(options, "accessKeyId", at);
    if is_foreign(evaluator, &credentials, at) || is_foreign_key(&key) {
        values.push((CREDENTIALS.to_owned(), Value::Data));
    }
    object(made.kind, &made.service, &made.name, values)
}

/// Providers of credentials of other roles than the function's.
const FOREIGN_PROVIDERS: &[&str] = &["fromCognitoIdentity", "fromWebToken", "fromSSO", "fromIni"];

/// Whether credentials are others than those of the function's role.
fn is_foreign(evaluator: &mut Evaluator<'_>, credentials: &Value, at: Span) -> bool {
    let choices = credentials.choices();
    !choices.is_empty()
        && choices.iter().all(|choice| match choice {
            Value::Data => true,
            Value::Map(_) => {
                let key = evaluator.member(choice, "accessKeyId", at);
                is_foreign_key(&key)
            }
            Value::Foreign(name) => FOREIGN_PROVIDERS.iter().any(|other| name.contains(other)),
            _ => false,
        })
}

/// Whether the id of a key is another than the one that the function has in its environment.
fn is_foreign_key(key: &Value) -> bool {
    let is_own = |one: &Value| match one {
        Value::Null => true,
        Value::Foreign(name) => **name == *OWN_KEY,
        _ => false,
    };
    !key.choices().iter().any(is_own)
}

/// Tells a call of an operation with its map of parameters; of several possible maps, a call each.
pub(super) fn tell(
    evaluator: &mut Evaluator<'_>,
    at: Span,
    service: &str,
    operation: &str,
    input: Option<&Value>,
) {
    let nothing = Value::Null;
    for choice in input.unwrap_or(&nothing).choices() {
        let (arguments, rest_unknown) = parameters(evaluator, choice);
        evaluator.api_call(at, service, operation, arguments, rest_unknown);
    }
}

/// A map of parameters as arguments, and why there may be more.
fn parameters(
    evaluator: &Evaluator<'_>,
    input: &Value,
) -> (Vec<(String, Argument)>, Option<String>) {
    let unknown = "the parameters are known at run time only".to_owned();
    match (input, evaluator.argument(input)) {
        (Value::Null | Value::Function(_) | Value::Bound(_), _) => (Vec::new(), None),
        (_, Argument::Map(entries)) => {
            let mut rest_unknown = None;
            let mut arguments = Vec::new();
            for (key, value) in entries {
                match key.literal() {
                    Some(name) => arguments.push((name.to_owned(), value)),
                    None => rest_unknown = Some(unknown.clone()),
                }
            }
            (arguments, rest_unknown)
        }
        (Value::Unknown(why), _) => (Vec::new(), Some(why.to_string())),
        _ => (Vec::new(), Some(unknown)),
    }
}

/// Tells what an upload in parts calls.
pub(super) fn tell_upload(evaluator: &mut Evaluator<'_>, at: Span, input: Option<&Value>) {
    let calls = [
        "PutObject",
        "CreateMultipartUpload",
        "UploadPart",
        "CompleteMultipartUpload",
        "AbortMultipartUpload",
    ];
    for operation in calls {
        tell(evaluator, at, "s3", operation, input);
    }
}

/// The operation that a method of a document client calls; the rest is named like the API's.
pub(super) fn document_operation(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "get" => "GetItem",
        "put" => "PutItem",
        "update" => "UpdateItem",
        "delete" => "DeleteItem",
        "query" => "Query",
        "scan" => "Scan",
        "batchget" => "BatchGetItem",
        "batchwrite" => "BatchWriteItem",
        "transactget" => "TransactGetItems",
        "transactwrite" => "TransactWriteItems",
        "executestatement" => "ExecuteStatement",
        "batchexecutestatement" => "BatchExecuteStatement",
        "executetransaction" => "ExecuteTransaction",
        _ => return None,
    })
}

/// Calls the callback that stands last among the arguments with no error and data.
pub(super) fn answer(evaluator: &mut Evaluator<'_>, arguments: &Arguments, at: Span) {
    let callback = arguments.positions.last().filter(|last| !matches!(last, Value::Map(_)));
    let Some(callback) = callback.cloned() else { return };
    for choice in callback.choices() {
        if matches!(choice, Value::Function(_) | Value::Bound(_)) {
            evaluator.call(choice, Arguments::of([Value::Null, Value::Data]), at);
        }
    }
}

/// The operation of a service, by whatever case it is written in.
pub(super) fn operation(service: &str, spelled: &str) -> Option<&'static str> {
    Service::named(service)?.operation(spelled)
}
