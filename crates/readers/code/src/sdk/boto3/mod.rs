//! boto3, botocore, aioboto3 and aiobotocore.

mod batch;
mod client;
mod resource;
mod results;
mod signed;
mod transfer;
mod types;

use iam::api::{ENDPOINT, REGION, Sdk, Service};
use text::{Part, PartialText, Pseudo, Span};

use crate::evaluate::{Arguments, Evaluator, OWN_KEY, Object, Value};
use crate::sdk::request::{CREDENTIALS, of_client};

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
        "session" => Some(session_member(object, name)),
        "client" => client::member(object, name),
        "paginator" | "waiter" | "transfer" => Some(method(object, name)),
        "resource" => resource::member(evaluator, object, name, at),
        "collection" => resource::collection_member(object, name),
        "batch" => Some(method(object, name)),
        "meta" => Some(match name {
            "region_name" => region_of(object),
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
            "session method" => session_call(&object.name, &object.values, arguments),
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
            if object.value(CREDENTIALS).is_some() {
                return Some(Value::Data);
            }
            let mut named = evaluator.named_arguments(arguments);
            named.extend(of_client(evaluator, object));
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
        "client" | "resource" => session_call(rest, &[], arguments)?,
        "Session"
        | "session.Session"
        | "session.get_session"
        | "session.AioSession"
        | "get_session"
        | "setup_default_session"
        | "_get_default_session" => session(arguments),
        "s3.transfer.S3Transfer" => object_value("transfer", "s3", "", Vec::new()),
        "auth.SigV4Auth" | "auth.S3SigV4Auth" | "crt.auth.CrtSigV4Auth" | "auth.SigV4QueryAuth" => {
            evaluator.signs_for(at, arguments.get(1, "service_name"));
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
    object_value("session", "", "", told(&[], arguments))
}

fn session_member(session: &Object, name: &str) -> Value {
    match name {
        "region_name" => region_of(session),
        _ => object_value("session method", "", name, session.values.clone()),
    }
}

/// What a session's method makes.
fn session_call(name: &str, session: &[(String, Value)], arguments: &Arguments) -> Option<Value> {
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
                    let mut values = told(session, arguments);
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

/// What a session or client is told: the region, and whether it acts with other credentials than
/// the function's role; a client has from its session what it is not told itself.
fn told(session: &[(String, Value)], arguments: &Arguments) -> Vec<(String, Value)> {
    let is_given = |value: &&Value| !matches!(value, Value::Null);
    let mut told = session.to_vec();
    if let Some(region) = arguments.named("region_name").filter(is_given) {
        told.retain(|(name, _)| name != REGION);
        told.push((REGION.to_owned(), region.clone()));
    }
    let is_own = |key: &Value| matches!(key, Value::Foreign(name) if **name == *OWN_KEY);
    let key = arguments.named("aws_access_key_id").filter(is_given);
    if key.is_some_and(|key| !is_own(key)) {
        told.push((CREDENTIALS.to_owned(), Value::Data));
    }
    told
}

/// The region of a session or client: the function's own where none is told.
fn region_of(object: &Object) -> Value {
    object.value(REGION).cloned().unwrap_or_else(|| Value::Text(pseudo(Pseudo::Region)))
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
