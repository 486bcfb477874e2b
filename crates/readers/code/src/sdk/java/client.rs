//! Methods of clients, presigners, waiters, transfer managers and parameter providers.

use iam::api::{Operation, Service};
use text::Span;

use super::requests::{self, entry, given};
use super::{PRESIGNER, PROVIDER, SIGNER, TRANSFER, WAITER, object};
use crate::evaluate::{Arguments, Evaluator, Object, Value};
use crate::sdk::request;

/// Methods that are not named as the operation they call: service, method, operation.
const OTHERS: &[(&str, &str, &str)] = &[
    ("s3", "getObjectAsBytes", "GetObject"),
    ("s3", "getObjectAsString", "GetObject"),
    ("s3", "getObjectMetadata", "HeadObject"),
    ("s3", "doesObjectExist", "HeadObject"),
    ("s3", "doesBucketExist", "HeadBucket"),
    ("s3", "doesBucketExistV2", "HeadBucket"),
    ("s3", "listNextBatchOfObjects", "ListObjects"),
    ("s3", "setObjectAcl", "PutObjectAcl"),
    ("s3", "setBucketAcl", "PutBucketAcl"),
    ("s3", "setBucketPolicy", "PutBucketPolicy"),
    ("s3", "setObjectTagging", "PutObjectTagging"),
    ("s3", "getObjectTagging", "GetObjectTagging"),
    ("s3", "initiateMultipartUpload", "CreateMultipartUpload"),
    ("s3", "generatePresignedUrl", "GetObject"),
    ("s3", "restoreObjectV2", "RestoreObject"),
];

/// Methods of clients that call nothing.
const HARMLESS: [&str; 15] = [
    "close",
    "shutdown",
    "serviceName",
    "serviceClientConfiguration",
    "utilities",
    "getUrl",
    "setRegion",
    "setEndpoint",
    "getRegion",
    "getRegionName",
    "getCachedResponseMetadata",
    "waiters",
    "toString",
    "hashCode",
    "equals",
];

/// The token that a method of a service's utilities signs.
fn token(method: &str) -> Option<&'static str> {
    Some(match method {
        "generateAuthenticationToken" | "getAuthToken" => "GenerateDBAuthToken",
        "generateDbConnectAuthToken" => "GenerateDbConnectAuthToken",
        "generateDbConnectAdminAuthToken" => "GenerateDbConnectAdminAuthToken",
        _ => return None,
    })
}

/// Methods that give something else of the SDK.
pub(super) fn method(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    service: &Service,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    if let Some(operation) = token(name) {
        let request = arguments.positions.first().map(|first| given(evaluator, first, at));
        let user = ["username", "userName"].into_iter().find_map(|member| {
            let user = entry(evaluator, request.as_ref()?, member)?;
            Some(("DBUsername".to_owned(), evaluator.argument(&user)))
        });
        evaluator.api_call(at, service.name, operation, user.into_iter().collect(), None);
        return Value::Data;
    }
    match name {
        "waiter" => return object(WAITER, service.name, Vec::new()),
        "utilities" if matches!(service.name, "rds" | "dsql") => {
            return object(SIGNER, service.name, Vec::new());
        }
        _ => {}
    }
    match of.kind {
        PROVIDER => return provided(evaluator, of, service, name, arguments, at),
        PRESIGNER => presigned(evaluator, service, name, arguments, at),
        TRANSFER => transferred(evaluator, of, service, name, arguments, at),
        WAITER => {
            let waiter = name.strip_prefix("waitUntil").and_then(|waiter| service.waiter(waiter));
            if let Some(operation) = waiter.and_then(|name| service.described(name)) {
                called(evaluator, of, service, operation, arguments, at);
            }
        }
        _ => match (name, operation(service, name)) {
            ("copyObject", Some(operation)) if arguments.positions.len() > 1 => {
                copied(evaluator, service, operation, arguments, at);
            }
            ("generatePresignedUrl", _) => signed(evaluator, of, service, arguments, at),
            (_, Some(operation)) => called(evaluator, of, service, operation, arguments, at),
            (_, None) if HARMLESS.contains(&name) => {}
            (_, None) => {
                let why = format!("`{name}` is no operation of `{}` that is known", service.name);
                evaluator.unresolved(at, why);
            }
        },
    }
    evaluator.call_back_all(arguments, at);
    Value::Data
}

/// The operation that a method calls.
fn operation<'s>(service: &'s Service, name: &str) -> Option<&'s Operation> {
    let other = OTHERS.iter().find(|(of, method, _)| *of == service.name && *method == name);
    if let Some((_, _, operation)) = other {
        return service.described(operation);
    }
    let ways = ["Paginator", "Async", "AsyncClient"];
    let names = [name].into_iter().chain(ways.iter().filter_map(|way| name.strip_suffix(way)));
    names.into_iter().find_map(|name| service.described(name))
}

/// Tells a call: with a request, with what a function builds, or with members by position.
fn called(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    service: &Service,
    operation: &Operation,
    arguments: &Arguments,
    at: Span,
) {
    let first = arguments.positions.first().map(|first| given(evaluator, first, at));
    let is_position = |value: &Value| {
        value.choices().iter().any(|choice| matches!(choice, Value::Text(_) | Value::Number(_)))
    };
    let by_position = match &first {
        None | Some(Value::Map(_)) => false,
        Some(first) => is_position(first) || arguments.positions.iter().skip(1).any(is_position),
    };
    let request = match first {
        Some(first) if by_position => {
            let members = requests::positions(service, &operation.name);
            let values = [first].into_iter().chain(arguments.positions.iter().skip(1).cloned());
            let entries = members.into_iter().map(Value::text).zip(values);
            Some(evaluator.map(entries.collect(), None))
        }
        request => request,
    };
    let request = request::with_client(evaluator, of, request);
    request::tell(evaluator, service, operation, request.as_ref(), at);
}

/// Version 1's `copyObject(fromBucket, fromKey, toBucket, toKey)`.
fn copied(
    evaluator: &mut Evaluator<'_>,
    service: &Service,
    operation: &Operation,
    arguments: &Arguments,
    at: Span,
) {
    let position = |index: usize| arguments.positions.get(index).cloned().unwrap_or(Value::Data);
    let source = evaluator.joined(&[position(0), Value::text("/"), position(1)]);
    let entries = vec![
        (Value::text("CopySource"), source),
        (Value::text("Bucket"), position(2)),
        (Value::text("Key"), position(3)),
    ];
    let request = evaluator.map(entries, None);
    request::tell(evaluator, service, operation, Some(&request), at);
}

/// Version 1's presigned URL: for reading, or for the method that is named.
fn signed(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    service: &Service,
    arguments: &Arguments,
    at: Span,
) {
    let named = |value: &Value| match value {
        Value::Foreign(name) => name.rsplit('.').next().map(str::to_owned),
        _ => None,
    };
    let first = arguments.positions.first().cloned().unwrap_or(Value::Null);
    let method = arguments
        .positions
        .iter()
        .find_map(named)
        .or_else(|| entry(evaluator, &first, "method").as_ref().and_then(named));
    let operation = match method.as_deref() {
        Some("PUT") => "PutObject",
        Some("DELETE") => "DeleteObject",
        Some("HEAD") => "HeadObject",
        _ => "GetObject",
    };
    if let Some(operation) = service.described(operation) {
        called(evaluator, of, service, operation, arguments, at);
    }
}

/// `presignGetObject(r -> r.getObjectRequest(…))`.
fn presigned(
    evaluator: &mut Evaluator<'_>,
    service: &Service,
    name: &str,
    arguments: &Arguments,
    at: Span,
) {
    let Some(operation) = name.strip_prefix("presign").and_then(|name| service.described(name))
    else {
        return;
    };
    let request = arguments.positions.first().map(|first| given(evaluator, first, at));
    let inner = format!("{}Request", operation.name);
    let request = request.and_then(|request| entry(evaluator, &request, &inner));
    let request = request.unwrap_or_else(|| Value::unknown("what is signed is not known"));
    request::tell(evaluator, service, operation, Some(&request), at);
}

/// Uploads and downloads of both versions' managers.
fn transferred(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    service: &Service,
    name: &str,
    arguments: &Arguments,
    at: Span,
) {
    let operation = match name {
        _ if name.starts_with("upload") => "PutObject",
        "downloadDirectory" => "ListObjectsV2",
        _ if name.starts_with("download") => "GetObject",
        "copy" => "CopyObject",
        _ => return,
    };
    let Some(described) = service.described(operation) else { return };
    let request = arguments.positions.first().map(|first| given(evaluator, first, at));
    let inner = format!("{operation}Request");
    match request.as_ref().and_then(|request| entry(evaluator, request, &inner)) {
        Some(request) => request::tell(evaluator, service, described, Some(&request), at),
        None => called(evaluator, of, service, described, arguments, at),
    }
    if name == "downloadDirectory"
        && let Some(read) = service.described("GetObject")
    {
        called(evaluator, of, service, read, arguments, at);
    }
}

/// The request of credentials that assume a role.
pub(super) fn role_assumed(evaluator: &mut Evaluator<'_>, arguments: &Arguments, at: Span) {
    let request = arguments.positions.first().map(|first| given(evaluator, first, at));
    if let Some(service) = Service::named("sts")
        && let Some(operation) = service.described("AssumeRole")
    {
        request::tell(evaluator, service, operation, request.as_ref(), at);
    }
}

/// Powertools' `provider.get(name)`, and the cache of secrets.
fn provided(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    service: &Service,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let (operation, member) = match (service.name, name) {
        ("ssm", "get") => ("GetParameter", "Name"),
        ("ssm", "getMultiple") => ("GetParametersByPath", "Path"),
        ("secretsmanager", "getSecretString" | "getSecretBinary") => {
            // The cache asks for the versions first.
            let secret = arguments.positions.first().map(|secret| evaluator.argument(secret));
            let members = secret.map(|secret| ("SecretId".to_owned(), secret));
            let members = members.into_iter().collect();
            evaluator.api_call(at, "secretsmanager", "DescribeSecret", members, None);
            ("GetSecretValue", "SecretId")
        }
        ("secretsmanager", "get") => ("GetSecretValue", "SecretId"),
        ("dynamodb", "get") => ("GetItem", "Key"),
        ("dynamodb", "getMultiple") => ("Query", "Key"),
        ("appconfigdata", "get") => ("GetLatestConfiguration", "Name"),
        _ => return Value::Object(std::rc::Rc::new(of.clone())),
    };
    let first = arguments.positions.first().cloned().unwrap_or(Value::Data);
    let mut entries = vec![(Value::text(member), first)];
    entries.extend(of.values.iter().map(|(name, value)| (Value::text(&**name), value.clone())));
    let request = evaluator.map(entries, None);
    if let Some(operation) = service.described(operation) {
        request::tell(evaluator, service, operation, Some(&request), at);
    }
    Value::Data
}
