//! The AWS SDKs for Go, versions 1 and 2.
//!
//! Both have a package for each service, and a client in it whose methods are operations. A request is
//! a struct, which is a map here: its fields are the API's own members.

use std::rc::Rc;

use iam::api::{self, ENDPOINT, Operation, REGION, Sdk, Service};
use text::Span;

use super::request;
use crate::evaluate::{Arguments, Evaluator, Object, Value};

const VERSION_1: &str = "github.com/aws/aws-sdk-go/";
const VERSION_2: &str = "github.com/aws/aws-sdk-go-v2/";

const CLIENT: &str = "client";
const METHOD: &str = "method";
const PRESIGNER: &str = "presign client";
const PAGINATOR: &str = "paginator";
const WAITER: &str = "waiter";
const TRANSFER: &str = "transfer manager";
const SETTER: &str = "setter";

/// Endings of version 1's methods that call the operation before them in another way.
const WAYS: [&str; 4] = ["PagesWithContext", "WithContext", "Pages", "Request"];

/// Methods of clients that call nothing.
const HARMLESS: [&str; 3] = ["Options", "AddDebugHandlers", "NewRequest"];

/// A name within the SDK: its package below the SDK's own path, and the name there.
struct Name<'a> {
    package: &'a str,
    name: &'a str,
}

fn name_of(foreign: &str) -> Option<Name<'_>> {
    let inside = foreign.strip_prefix(VERSION_2).or_else(|| foreign.strip_prefix(VERSION_1))?;
    let last = inside.rfind('/').map_or(0, |slash| slash + 1);
    let dot = inside.get(last..)?.find('.')? + last;
    Some(Name { package: inside.get(..dot)?, name: inside.get(dot + 1..)? })
}

impl Name<'_> {
    /// The service whose package this is, its interfaces' package too.
    fn service(&self) -> Option<&'static Service> {
        let below = self.package.strip_prefix("service/")?;
        let segment = match below.split_once('/') {
            Some((_, interfaces)) => interfaces.strip_suffix("iface")?,
            None => below,
        };
        api::client(Sdk::Go, segment)
    }

    fn is_transfer(&self) -> bool {
        matches!(
            self.package,
            "feature/s3/manager" | "service/s3/s3manager" | "feature/s3/transfermanager"
        )
    }
}

fn object(kind: &'static str, service: &str, name: &str, values: Vec<(String, Value)>) -> Value {
    let (service, name) = (service.to_owned(), name.to_owned());
    Value::Object(Rc::new(Object { kind, service, name, values }))
}

/// An instance of a type of the SDK.
pub(crate) fn typed(evaluator: &mut Evaluator<'_>, foreign: &str) -> Option<Value> {
    let name = name_of(foreign)?;
    if name.is_transfer() {
        return Some(object(TRANSFER, "s3", name.name, Vec::new()));
    }
    let Some(service) = name.service() else { return Some(Value::Data) };
    Some(match name.name {
        "PresignClient" => object(PRESIGNER, service.name, "", Vec::new()),
        "Client" => object(CLIENT, service.name, "", Vec::new()),
        other if other.ends_with("API") || is_version_1_client(service, other) => {
            object(CLIENT, service.name, "", Vec::new())
        }
        other if other.ends_with("Input") => evaluator.map(Vec::new(), None),
        other => match other.strip_suffix("Paginator").and_then(|name| service.operation(name)) {
            Some(operation) => object(PAGINATOR, service.name, operation, Vec::new()),
            None => Value::Data,
        },
    })
}

/// Tells the call of the operation that a request's type is named after.
pub(crate) fn request(
    evaluator: &mut Evaluator<'_>,
    foreign: &str,
    value: &Value,
    at: Span,
) -> bool {
    let Some(name) = name_of(foreign) else { return false };
    let operation = name.service().zip(name.name.strip_suffix("Input"));
    let described = operation.and_then(|(service, name)| Some((service, service.described(name)?)));
    let Some((service, operation)) = described else { return false };
    request::tell(evaluator, service, operation, Some(value), at);
    true
}

/// Version 1 names a client as the service: `s3.S3`, `dynamodb.DynamoDB`.
fn is_version_1_client(service: &Service, name: &str) -> bool {
    api::client(Sdk::Go, &name.to_ascii_lowercase()).is_some_and(|own| own.name == service.name)
}

/// A member of one of the SDK's things.
pub(crate) fn member(of: &Value, name: &str) -> Option<Value> {
    match of {
        Value::Object(own) => match own.kind {
            CLIENT | PRESIGNER | PAGINATOR | WAITER | TRANSFER => {
                let values = vec![("of".to_owned(), of.clone())];
                Some(object(METHOD, &own.service, name, values))
            }
            _ => None,
        },
        // Version 1 has a method to set each field of a request.
        Value::Map(_) => {
            let field = name.strip_prefix("Set").filter(|field| !field.is_empty())?;
            Some(object(SETTER, "", field, vec![("of".to_owned(), of.clone())]))
        }
        _ => None,
    }
}

/// A call of a name or a method of the SDK.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    callee: &Value,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    match callee {
        Value::Foreign(foreign) => {
            let name = name_of(foreign)?;
            Some(function(evaluator, &name, arguments, at))
        }
        Value::Object(own) if own.kind == SETTER => {
            let of = own.value("of")?.clone();
            let value = arguments.positions.first().cloned().unwrap_or(Value::Data);
            evaluator.set_member(&of, &own.name, value);
            Some(of)
        }
        Value::Object(own) if own.kind == METHOD => {
            let Some(Value::Object(of)) = own.value("of") else { return None };
            let service = Service::named(&of.service)?;
            Some(method(evaluator, &of.clone(), service, &own.name, arguments, at))
        }
        _ => None,
    }
}

/// A function of a package.
fn function(
    evaluator: &mut Evaluator<'_>,
    name: &Name<'_>,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let first = arguments.positions.first().cloned();
    if name.is_transfer() {
        return match name.name.strip_prefix("New") {
            Some(kind) => object(TRANSFER, "s3", kind, Vec::new()),
            None => structure(evaluator, arguments),
        };
    }
    if name.package == "aws" {
        // `aws.String(x)` and `aws.ToString(x)` are `x`.
        return match name.name {
            "Config" if ["Endpoint", "Region"].iter().any(|it| arguments.named(it).is_some()) => {
                structure(evaluator, arguments)
            }
            "Config" | "NewConfig" => Value::Data,
            _ => first.unwrap_or(Value::Data),
        };
    }
    if matches!(name.package, "feature/rds/auth" | "feature/dsql/auth" | "service/rds/rdsutils") {
        token(evaluator, name, arguments, at);
        return Value::Data;
    }
    if name.package == "config" {
        return match (name.name, first) {
            ("WithRegion", Some(region)) => {
                evaluator.map(vec![(Value::text("Region"), region)], None)
            }
            ("LoadDefaultConfig", _) => {
                let told = told(evaluator, arguments, at);
                let region = told.into_iter().find(|(name, _)| name == REGION);
                let region = region.map(|(_, region)| (Value::text("Region"), region));
                let config = evaluator.map(region.into_iter().collect(), None);
                evaluator.list(vec![config, Value::Null], None)
            }
            _ => Value::Data,
        };
    }
    if name.package.ends_with("stscreds") {
        assume_role(evaluator, name, arguments, at);
        return Value::Data;
    }
    let Some(service) = name.service() else {
        if name.package.starts_with("service/") && matches!(name.name, "New" | "NewFromConfig") {
            evaluator.unresolved(at, format!("the API of package `{}` is not known", name.package));
        }
        evaluator.call_back_all(arguments, at);
        return match arguments.names.is_empty() {
            true => Value::Data,
            false => structure(evaluator, arguments),
        };
    };
    if !arguments.names.is_empty() {
        return structure(evaluator, arguments);
    }
    match name.name {
        "New" | "NewFromConfig" => {
            let values = told(evaluator, arguments, at);
            return object(CLIENT, service.name, "", values);
        }
        "NewPresignClient" => return object(PRESIGNER, service.name, "", Vec::new()),
        _ => {}
    }
    let made = name.name.strip_prefix("New").unwrap_or_default();
    if let Some(operation) = made.strip_suffix("Paginator").and_then(|made| service.operation(made))
    {
        let request = arguments.positions.get(1).cloned().unwrap_or(Value::Null);
        return object(PAGINATOR, service.name, operation, vec![("request".to_owned(), request)]);
    }
    if let Some(waiter) = made.strip_suffix("Waiter") {
        return object(WAITER, service.name, waiter, Vec::new());
    }
    // An empty struct is a call without arguments: `s3.GetObjectInput{}`.
    if name.name.starts_with(char::is_uppercase) && arguments.positions.is_empty() {
        return evaluator.map(Vec::new(), None);
    }
    evaluator.call_back_all(arguments, at);
    Value::Data
}

/// The address and region that a client is told to use: by a configuration, or by a function that
/// sets options.
fn told(evaluator: &mut Evaluator<'_>, arguments: &Arguments, at: Span) -> Vec<(String, Value)> {
    let mut told: Vec<(String, Value)> = Vec::new();
    for argument in &arguments.positions {
        let options = match argument {
            Value::Map(_) => argument.clone(),
            Value::Function(_) | Value::Bound(_) => {
                let options = evaluator.map(Vec::new(), None);
                evaluator.call(argument, Arguments::of([options.clone()]), at);
                options
            }
            _ => continue,
        };
        for (option, name) in
            [("BaseEndpoint", ENDPOINT), ("Endpoint", ENDPOINT), ("Region", REGION)]
        {
            if let value @ Value::Text(_) = evaluator.member(&options, option, at) {
                told.push((name.to_owned(), value));
            }
        }
    }
    told
}

/// A struct with its fields.
fn structure(evaluator: &mut Evaluator<'_>, arguments: &Arguments) -> Value {
    let entries = arguments.names.iter();
    let entries = entries.map(|(name, value)| (Value::text(name.as_str()), value.clone()));
    evaluator.map(entries.collect(), None)
}

/// A token to connect to a database; where it is RDS's, the user stands behind host and region.
fn token(evaluator: &mut Evaluator<'_>, name: &Name<'_>, arguments: &Arguments, at: Span) {
    let (service, operation, user) = match name.name {
        "BuildAuthToken" => ("rds", "GenerateDBAuthToken", Some("DBUsername")),
        "GenerateDbConnectAuthToken" => ("dsql", "GenerateDbConnectAuthToken", None),
        "GenerateDBConnectAdminAuthToken" => ("dsql", "GenerateDbConnectAdminAuthToken", None),
        _ => {
            let why = "a database token is signed: it needs a permission to connect";
            return evaluator.unresolved(at, why);
        }
    };
    // Version 2 has a context first.
    let position = if name.package == "service/rds/rdsutils" { 2 } else { 3 };
    let user = user.zip(arguments.positions.get(position));
    let user = user.map(|(name, user)| (name.to_owned(), evaluator.argument(user)));
    evaluator.api_call(at, service, operation, user.into_iter().collect(), None);
}

/// Credentials of another role: both versions take the role's ARN second.
fn assume_role(evaluator: &mut Evaluator<'_>, name: &Name<'_>, arguments: &Arguments, at: Span) {
    let operation = match name.name {
        "NewAssumeRoleProvider" | "NewCredentials" | "NewCredentialsWithClient" => "AssumeRole",
        "NewWebIdentityRoleProvider" | "NewWebIdentityCredentials" => "AssumeRoleWithWebIdentity",
        _ => return,
    };
    let role = arguments.positions.get(1).map(|role| evaluator.argument(role));
    let members = role.map(|role| ("RoleArn".to_owned(), role)).into_iter().collect();
    evaluator.api_call(at, "sts", operation, members, None);
}

/// A method of a client, paginator, waiter or manager.
fn method(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    service: &Service,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let called = match of.kind {
        PAGINATOR if name == "NextPage" => service.described(&of.name),
        PAGINATOR => None,
        WAITER if name.starts_with("Wait") => waited(service, &of.name),
        WAITER => None,
        PRESIGNER => match name {
            "PresignPostObject" => service.described("PutObject"),
            _ => name.strip_prefix("Presign").and_then(|name| service.described(name)),
        },
        TRANSFER => transferred(service, name),
        _ => operation(service, name),
    };
    if let Some(operation) = called {
        let own = of.value("request").cloned();
        let request = own.or_else(|| request_among(arguments));
        let request = request::with_client(evaluator, of, request);
        request::tell(evaluator, service, operation, request.as_ref(), at);
    }
    if called.is_none() && of.kind == CLIENT && !HARMLESS.contains(&name) {
        let why = format!("`{name}` is no operation of `{}` that is known", service.name);
        evaluator.unresolved(at, why);
    }
    evaluator.call_back_all(arguments, at);
    Value::Data
}

fn operation<'s>(service: &'s Service, name: &str) -> Option<&'s Operation> {
    if let Some(operation) = service.described(name) {
        return Some(operation);
    }
    let ways = WAYS.iter().filter_map(|way| name.strip_suffix(way));
    let mut names = ways.chain(name.strip_prefix("Presign"));
    let found = names.find_map(|name| service.described(name));
    found.or_else(|| {
        let waiter = name.strip_prefix("WaitUntil")?;
        waited(service, waiter.strip_suffix("WithContext").unwrap_or(waiter))
    })
}

fn waited<'s>(service: &'s Service, waiter: &str) -> Option<&'s Operation> {
    service.waiter(waiter).and_then(|operation| service.described(operation))
}

fn transferred<'s>(service: &'s Service, name: &str) -> Option<&'s Operation> {
    match name {
        _ if name.starts_with("Upload") || name == "PutObject" => service.described("PutObject"),
        _ if name.starts_with("Download") || name == "GetObject" => service.described("GetObject"),
        _ => None,
    }
}

/// The request among the arguments: a context may stand before it, options behind.
fn request_among(arguments: &Arguments) -> Option<Value> {
    let positions = &arguments.positions;
    let structure = positions.iter().find(|value| request::is_structure(value));
    let by_place = match positions.as_slice() {
        [] => None,
        [only] => Some(only),
        [_, second, ..] => Some(second),
    };
    structure.or(by_place).cloned()
}
