//! boto3, botocore, aioboto3 and aiobotocore.

mod batch;
mod client;
mod resource;
mod results;
mod signed;
mod transfer;
mod types;

use iam::api::{ENDPOINT, Sdk, Service};
use text::{Part, PartialText, Pseudo, Span};

use crate::evaluate::{Arguments, Evaluator, Object, Value};

pub(crate) use types::typed;

/// The packages that are meant here, on disk or not.
pub(crate) const PACKAGES: &[&str] =
    &["boto3", "botocore", "aioboto3", "aiobotocore", "s3transfer", "types_boto3", "boto3_stubs"];

/// A member of a name or an object of these libraries.
pub(crate) fn member(
    evaluator: &mut Evaluator<'_>,
    object: &Value,
    name: &str,
    at: Span,
) -> Option<Value> {
    let Value::Object(object) = object else { return None };
    match object.kind {
        "session" => Some(session_member(name)),
        "client" => client::member(object, name),
        "paginator" | "waiter" | "transfer" => Some(method(object, name)),
        "resource" => resource::member(evaluator, object, name, at),
        "collection" => resource::collection_member(object, name),
        "batch" => Some(method(object, name)),
        "meta" => Some(match name {
            "region_name" => Value::Text(pseudo(Pseudo::Region)),
            name => object.value(name).cloned().unwrap_or(Value::Data),
        }),
        _ => None,
    }
}

/// A call of a name or an object of these libraries.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    callee: &Value,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    match callee {
        Value::Foreign(name) => call_name(evaluator, name, arguments, at),
        Value::Object(object) => match object.kind {
            "session method" => session_call(&object.name, arguments),
            "operation" => Some(client::call_operation(evaluator, object, arguments, at)),
            "client method" => client::call_method(evaluator, object, arguments, at),
            "method" => call_method(evaluator, object, arguments, at),
            "action" => resource::call(evaluator, object, arguments, at),
            "collection method" => resource::call_collection(evaluator, object, arguments, at),
            _ => None,
        },
        _ => None,
    }
}

/// What going through an object of these libraries gives.
pub(crate) fn element(evaluator: &mut Evaluator<'_>, object: &Value, at: Span) -> Option<Value> {
    match object {
        Value::Object(object) if object.kind == "collection" => {
            resource::element(evaluator, object, at)
        }
        _ => None,
    }
}

/// A method of an object whose methods are all called in one way.
fn method(object: &Object, name: &str) -> Value {
    let values = vec![("object".to_owned(), Value::Object(object.clone().into()))];
    object_value("method", &object.service, name, values)
}

fn object_value(
    kind: &'static str,
    service: &str,
    name: &str,
    values: Vec<(String, Value)>,
) -> Value {
    let (service, name) = (service.to_owned(), name.to_owned());
    Value::Object(Object { kind, service, name, values }.into())
}

fn call_method(
    evaluator: &mut Evaluator<'_>,
    method: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let Some(Value::Object(object)) = method.value("object") else { return None };
    match (object.kind, method.name.as_str()) {
        ("paginator", "paginate") | ("waiter", "wait") => {
            let named = evaluator.named_arguments(arguments);
            let rest = arguments.rest_unknown.clone();
            evaluator.api_call(at, &object.service, &object.name, named, rest);
            Some(Value::Data)
        }
        ("transfer", name) => transfer::call(evaluator, object, name, arguments, at),
        ("batch", name) => Some(batch::call(evaluator, object, name, at)),
        _ => Some(Value::Data),
    }
}

fn call_name(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let (package, rest) = name.split_once('.')?;
    if !PACKAGES.contains(&package) {
        return None;
    }
    Some(match rest {
        "client" | "resource" => session_call(rest, arguments)?,
        "Session"
        | "session.Session"
        | "session.get_session"
        | "session.AioSession"
        | "get_session"
        | "setup_default_session"
        | "_get_default_session" => session(arguments),
        "s3.transfer.S3Transfer" => object_value("transfer", "s3", "", Vec::new()),
        "auth.SigV4Auth" | "auth.S3SigV4Auth" | "crt.auth.CrtSigV4Auth" | "auth.SigV4QueryAuth" => {
            evaluator
                .unresolved(at, "it signs requests by itself: which API they call is not known");
            Value::Data
        }
        _ => {
            evaluator.call_back_all(arguments, at);
            Value::Data
        }
    })
}

/// A session; one with credentials of its own does not act as the function's role.
fn session(arguments: &Arguments) -> Value {
    object_value("session", "", "", foreign_credentials(arguments))
}

fn session_member(name: &str) -> Value {
    match name {
        "region_name" => Value::Text(pseudo(Pseudo::Region)),
        _ => object_value("session method", "", name, Vec::new()),
    }
}

/// What a session's method makes.
fn session_call(name: &str, arguments: &Arguments) -> Option<Value> {
    let kind = match name {
        "client" | "create_client" => "client",
        "resource" => "resource",
        _ => return Some(Value::Data),
    };
    let service = arguments.get(0, "service_name").cloned().unwrap_or(Value::Null);
    let mut made = Vec::new();
    for choice in service.choices() {
        made.push(match choice.literal() {
            Some(service) => match iam::api::client(Sdk::Python, service) {
                Some(service) => {
                    let mut values = foreign_credentials(arguments);
                    let endpoint = arguments.named("endpoint_url");
                    values.extend(endpoint.map(|it| (ENDPOINT.to_owned(), it.clone())));
                    object_value(kind, service.name, "", values)
                }
                None => Value::unknown(format!("the service `{service}` is not known")),
            },
            None => Value::unknown("the name of the service is not known"),
        });
    }
    Some(Value::either(made))
}

/// Marks what acts with other credentials than the function's role.
fn foreign_credentials(arguments: &Arguments) -> Vec<(String, Value)> {
    match arguments.named("aws_access_key_id") {
        None | Some(Value::Null) => Vec::new(),
        Some(_) => vec![("credentials".to_owned(), Value::Data)],
    }
}

/// A text that is one value of the deployment.
fn pseudo(value: Pseudo) -> PartialText {
    let mut text = PartialText::default();
    text.push(Part::Pseudo(value));
    text
}

/// The service of an object.
fn service_of(object: &Object) -> Option<&'static Service> {
    Service::named(&object.service)
}

/// Whether two names are the same but for underscores and case.
fn is_same(one: &str, two: &str) -> bool {
    let letters = |name: &str| name.replace('_', "").to_ascii_lowercase();
    letters(one) == letters(two)
}
