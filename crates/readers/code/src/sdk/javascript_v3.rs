//! The AWS SDK for JavaScript, version 3: `@aws-sdk/client-*`, and the libraries beside it.

use iam::api::{Sdk, Service, client};
use text::Span;

use super::javascript::{answer, document_operation, object, operation, tell, tell_upload, told};
use super::request::{CREDENTIALS, with_client};
use crate::evaluate::{Arguments, Evaluator, Object, Value};

/// A client; its name is `document` for one of `lib-dynamodb`.
const CLIENT: &str = "client";
/// A command with its parameters.
const COMMAND: &str = "command";
/// A method of a client.
const METHOD: &str = "method";
/// What signs tokens to connect to a database.
const SIGNER: &str = "token signer";
/// The method that signs one.
const TOKEN: &str = "token";
/// An upload in parts that has not begun.
const UPLOAD: &str = "upload";

/// What `name` of a thing of this SDK is.
pub(crate) fn member(thing: &Object, name: &str) -> Option<Value> {
    let held = |key: &str| thing.value(key).cloned().unwrap_or(Value::Null);
    match (thing.kind, name) {
        (CLIENT, "config" | "middlewareStack" | "destroy") => Some(Value::Data),
        (CLIENT | UPLOAD, _) => {
            let values = vec![("of".to_owned(), Value::text(thing.name.as_str()))];
            let values = values.into_iter().chain(thing.values.clone()).collect();
            let kind = if thing.kind == CLIENT { METHOD } else { "upload method" };
            Some(object(kind, &thing.service, name, values))
        }
        (SIGNER, _) => Some(object(TOKEN, &thing.service, name, thing.values.clone())),
        (COMMAND, "input") => Some(held("input")),
        (COMMAND, _) => Some(Value::Data),
        (METHOD | "upload method", "bind" | "call" | "apply") => None,
        _ => None,
    }
}

/// What a call of a thing of this SDK gives.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    thing: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    match (thing.kind, thing.name.as_str()) {
        // Who acts with other credentials needs nothing of the function's role.
        (METHOD | "upload method", _) if thing.value(CREDENTIALS).is_some() => {
            answer(evaluator, arguments, at);
            Some(Value::Data)
        }
        (METHOD, "send") => {
            match arguments.positions.first() {
                Some(command) => send(evaluator, Some(thing), command, at),
                None => evaluator.unresolved(at, "nothing is known of what is sent"),
            }
            answer(evaluator, arguments, at);
            Some(Value::Data)
        }
        (METHOD, name) => {
            let is_document = thing.value("of").and_then(Value::literal) == Some("document");
            let known = match is_document {
                true => document_operation(name),
                false => None,
            };
            match known.or_else(|| operation(&thing.service, name)) {
                Some(operation) => {
                    let input = arguments.positions.first().cloned();
                    let input = with_client(evaluator, thing, input);
                    tell(evaluator, at, &thing.service, operation, input.as_ref());
                    answer(evaluator, arguments, at);
                }
                None => {
                    let service = thing.service.clone();
                    if !helper(evaluator, &service, name, arguments, at, 0) {
                        evaluator
                            .unresolved(at, format!("a client of `{service}` has no `{name}`"));
                    }
                }
            }
            Some(Value::Data)
        }
        (TOKEN, name) => {
            let operation = match name {
                "getAuthToken" => "GenerateDBAuthToken",
                "getDbConnectAdminAuthToken" => "GenerateDbConnectAdminAuthToken",
                _ => "GenerateDbConnectAuthToken",
            };
            let user = thing.values.first();
            let user = user.map(|(name, user)| (name.clone(), evaluator.argument(user)));
            evaluator.api_call(at, &thing.service, operation, user.into_iter().collect(), None);
            Some(Value::Data)
        }
        ("upload method", "done") => {
            tell_upload(evaluator, at, thing.value("params"));
            Some(Value::Data)
        }
        ("upload method", _) => {
            evaluator.call_back_all(arguments, at);
            Some(Value::Data)
        }
        _ => None,
    }
}

/// Tells the call that a command stands for, sent by a client.
fn send(evaluator: &mut Evaluator<'_>, client: Option<&Object>, command: &Value, at: Span) {
    for choice in command.choices() {
        match choice {
            Value::Object(thing) if thing.kind == COMMAND => {
                let input = thing.value("input").cloned();
                let input = match client {
                    Some(client) => with_client(evaluator, client, input),
                    None => input,
                };
                tell(evaluator, at, &thing.service, &thing.name, input.as_ref());
            }
            Value::Unknown(why) => {
                evaluator.unresolved(at, format!("the command is not known: {why}"));
            }
            Value::Instance(class, _) => {
                let bases = evaluator.foreign_bases(class);
                let name = bases.iter().find(|base| base.starts_with("@aws-sdk/")).cloned();
                let known = name.and_then(|name| {
                    let (package, name) = split(&name)?;
                    command_of(service_of(package)?, package, name)
                });
                match known {
                    Some((service, operation)) => {
                        let input = Value::unknown("parameters of a command of the project's own");
                        tell(evaluator, at, service, operation, Some(&input));
                    }
                    None => evaluator.unresolved(at, "the command is not known"),
                }
            }
            Value::Null => {}
            _ => evaluator.unresolved(at, "the command is known at run time only"),
        }
    }
}

/// What a call of a name of this SDK's packages gives; `None` for other packages.
pub(crate) fn call_name(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let (package, name) = split(name)?;
    let first = arguments.positions.first();
    match (package, name) {
        ("@aws-sdk/lib-storage", "Upload") => {
            let options = first.cloned().unwrap_or(Value::Null);
            let params = evaluator.member(&options, "params", at);
            let mut values = vec![("params".to_owned(), params)];
            if let Value::Object(client) = evaluator.member(&options, "client", at) {
                values.extend(client.values.clone());
            }
            Some(object(UPLOAD, "s3", "", values))
        }
        ("@aws-sdk/s3-request-presigner", "getSignedUrl") => {
            let client = match first {
                Some(Value::Object(client)) => Some(&**client),
                _ => None,
            };
            match arguments.positions.get(1) {
                Some(_) if client.is_some_and(|it| it.value(CREDENTIALS).is_some()) => {}
                Some(command) => send(evaluator, client, command, at),
                None => evaluator.unresolved(at, "nothing is known of what is signed"),
            }
            Some(Value::Data)
        }
        ("@aws-sdk/s3-presigned-post", "createPresignedPost") => {
            tell(evaluator, at, "s3", "PutObject", arguments.positions.get(1));
            Some(Value::Data)
        }
        ("@aws-sdk/lib-dynamodb", "DynamoDBDocumentClient.from" | "DynamoDBDocument.from") => {
            let values = match first {
                Some(Value::Object(client)) => client.values.clone(),
                _ => Vec::new(),
            };
            Some(object(CLIENT, "dynamodb", "document", values))
        }
        ("@aws-sdk/credential-providers", "fromTemporaryCredentials") => {
            let options = first.cloned().unwrap_or(Value::Null);
            let params = evaluator.member(&options, "params", at);
            tell(evaluator, at, "sts", "AssumeRole", Some(&params));
            Some(Value::Data)
        }
        ("@aws-sdk/rds-signer", "Signer") => {
            let options = first.cloned().unwrap_or(Value::Null);
            let user = evaluator.member(&options, "username", at);
            Some(object(SIGNER, "rds", "", vec![("DBUsername".to_owned(), user)]))
        }
        ("@aws-sdk/dsql-signer", "DsqlSigner") => Some(object(SIGNER, "dsql", "", Vec::new())),
        _ if package == "@smithy/signature-v4" || package == "@aws-sdk/signature-v4" => {
            let service = first.cloned().map(|options| evaluator.member(&options, "service", at));
            evaluator.signs_for(at, service.as_ref());
            Some(Value::Data)
        }
        _ => {
            let service = service_of(package)?;
            Some(client_name(evaluator, service, package, name, arguments, at))
        }
    }
}

/// A call of a name of `@aws-sdk/client-*` or `lib-dynamodb`.
fn client_name(
    evaluator: &mut Evaluator<'_>,
    service: &'static Service,
    package: &str,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    if let Some(client) = instance(package, name) {
        return told(evaluator, client, arguments.positions.first(), at);
    }
    if let Some((service, operation)) = command_of(service, package, name) {
        let input = arguments.positions.first().cloned().unwrap_or(Value::Null);
        return object(COMMAND, service, operation, vec![("input".to_owned(), input)]);
    }
    if name.ends_with("Command") {
        evaluator.unresolved(at, format!("`{}` has no operation for `{name}`", service.name));
        return Value::unknown(format!("the command `{name}`"));
    }
    // A waiter's or paginator's client stands before its parameters.
    helper(evaluator, service.name, name, arguments, at, 1);
    Value::Data
}

/// A paginator or waiter by name: `paginateListObjectsV2`, `waitUntilObjectExists`; its parameters
/// stand at `position`.
fn helper(
    evaluator: &mut Evaluator<'_>,
    service: &str,
    name: &str,
    arguments: &Arguments,
    at: Span,
    position: usize,
) -> bool {
    let known = if let Some(paginated) = name.strip_prefix("paginate") {
        document_operation(paginated).or_else(|| operation(service, paginated))
    } else {
        let state = name.strip_prefix("waitUntil").or_else(|| name.strip_prefix("waitFor"));
        state.and_then(|state| Service::named(service)?.waiter(state))
    };
    let Some(operation) = known else { return false };
    tell(evaluator, at, service, operation, arguments.positions.get(position));
    true
}

/// An instance of a type of this SDK, if it is a client's.
pub(crate) fn typed(name: &str) -> Option<Value> {
    let (package, name) = split(name)?;
    instance(package, name)
}

fn instance(package: &str, name: &str) -> Option<Value> {
    let service = service_of(package)?;
    if package == "@aws-sdk/lib-dynamodb" {
        let is_client = matches!(name, "DynamoDBDocumentClient" | "DynamoDBDocument");
        return is_client.then(|| object(CLIENT, "dynamodb", "document", Vec::new()));
    }
    let stem = name.strip_suffix("Client").unwrap_or(name);
    let is_client = client(Sdk::JavaScript3, stem).is_some_and(|found| found.name == service.name);
    is_client.then(|| object(CLIENT, service.name, "", Vec::new()))
}

/// The service and operation of a command's class.
fn command_of(
    service: &'static Service,
    package: &str,
    name: &str,
) -> Option<(&'static str, &'static str)> {
    let stem = name.strip_suffix("Command")?;
    let document = (package == "@aws-sdk/lib-dynamodb").then(|| document_operation(stem)).flatten();
    Some((service.name, document.or_else(|| service.operation(stem))?))
}

fn service_of(package: &str) -> Option<&'static Service> {
    match package {
        "@aws-sdk/lib-dynamodb" => Service::named("dynamodb"),
        package => client(Sdk::JavaScript3, package.strip_prefix("@aws-sdk/client-")?),
    }
}

/// The package and the name in it: `@aws-sdk/client-s3.S3Client`.
fn split(name: &str) -> Option<(&str, &str)> {
    if !name.starts_with("@aws-sdk/") && !name.starts_with("@smithy/") {
        return None;
    }
    name.split_once('.')
}
