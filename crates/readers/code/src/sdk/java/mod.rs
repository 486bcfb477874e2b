//! The AWS SDKs for Java, versions 1 and 2, and what stands on them: the enhanced DynamoDB client, the
//! mapper, the document API, transfer managers, presigners, Powertools' parameters.
//!
//! A request is a map, whose members are spelled nearly as the API's; a builder holds the map that it
//! fills.

mod client;
mod name;
mod requests;
mod tables;

use std::rc::Rc;

use iam::api::{ENDPOINT, REGION, Service};
use text::Span;

use crate::evaluate::{Arguments, Evaluator, Object, Value};
use name::{Name, name_of};

pub(crate) use name::names_class;

const CLIENT: &str = "client";
/// Anything with a fluent interface that ends in `build()`, which gives what it holds as `made`.
const MAKER: &str = "builder";
/// A builder of a request: it holds the map as `fields`.
const BUILDER: &str = "request builder";
const METHOD: &str = "method";
const SETTER: &str = "setter";
const PRESIGNER: &str = "presigner";
const WAITER: &str = "waiter";
const SIGNER: &str = "token signer";
const TRANSFER: &str = "transfer manager";
const TABLES: &str = "enhanced client";
const TABLE: &str = "table";
const MAPPER: &str = "mapper";
const PROVIDER: &str = "parameter provider";

fn object(kind: &'static str, service: &str, values: Vec<(&str, Value)>) -> Value {
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let service = service.to_owned();
    Value::Object(Rc::new(Object { kind, service, name: String::new(), values }))
}

/// An instance of a type of the SDK.
pub(crate) fn typed(foreign: &str) -> Option<Value> {
    let name = name_of(foreign)?;
    name.is_whole_class().then(|| thing(&name)).flatten()
}

/// What a class of the SDK is an instance of, if calls of it matter.
fn thing(name: &Name<'_>) -> Option<Value> {
    Some(match name.class {
        "S3Presigner" => object(PRESIGNER, "s3", Vec::new()),
        "S3TransferManager" | "TransferManager" => object(TRANSFER, "s3", Vec::new()),
        "DynamoDbEnhancedClient" | "DynamoDbEnhancedAsyncClient" | "DynamoDB" => {
            object(TABLES, "dynamodb", Vec::new())
        }
        "DynamoDbTable" | "DynamoDbAsyncTable" | "DynamoDbIndex" => {
            object(TABLE, "dynamodb", Vec::new())
        }
        "Table" if name.package.ends_with("document") => object(TABLE, "dynamodb", Vec::new()),
        "DynamoDBMapper" | "IDynamoDBMapper" | "DynamoDBTableMapper" => {
            object(MAPPER, "dynamodb", Vec::new())
        }
        "SSMProvider" | "ParamProvider" => object(PROVIDER, "ssm", Vec::new()),
        "SecretsProvider" | "SecretCache" => object(PROVIDER, "secretsmanager", Vec::new()),
        "AppConfigProvider" => object(PROVIDER, "appconfigdata", Vec::new()),
        "RdsUtilities" | "RdsIamAuthTokenGenerator" => object(SIGNER, "rds", Vec::new()),
        "DsqlUtilities" => object(SIGNER, "dsql", Vec::new()),
        class if class.ends_with("Waiter") => object(WAITER, name.service()?.name, Vec::new()),
        _ if name.is_client() => object(CLIENT, name.service()?.name, Vec::new()),
        _ => return None,
    })
}

/// A member of one of the SDK's things.
pub(crate) fn member(evaluator: &mut Evaluator<'_>, of: &Value, name: &str) -> Option<Value> {
    let kind = match of {
        Value::Object(own) if own.kind != METHOD && own.kind != SETTER => METHOD,
        Value::Map(address) => match setter(name) {
            Some(field) => return Some(with_name(SETTER, &field, of)),
            None if name == "toBuilder" => METHOD,
            None => {
                // Version 1's `getBucket()`, version 2's `bucket()`.
                let field = lower(name.strip_prefix("get")?);
                let entries = &evaluator.heap.map(*address)?.entries;
                entries.iter().find(|(key, _)| key.literal() == Some(&field))?;
                METHOD
            }
        },
        _ => return None,
    };
    Some(with_name(kind, name, of))
}

fn with_name(kind: &'static str, name: &str, of: &Value) -> Value {
    let values = vec![("of".to_owned(), of.clone())];
    Value::Object(Rc::new(Object { kind, service: String::new(), name: name.to_owned(), values }))
}

/// The field that version 1's `withBucket` or `setBucket` sets.
fn setter(name: &str) -> Option<String> {
    let field = name.strip_prefix("with").or_else(|| name.strip_prefix("set"))?;
    field.starts_with(char::is_uppercase).then(|| lower(field))
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    let head = letters.next().map(|letter| letter.to_ascii_lowercase());
    head.into_iter().chain(letters).collect()
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
            requests::set(evaluator, &of, &own.name, arguments, at);
            Some(of)
        }
        Value::Object(own) if own.kind == METHOD => match own.value("of")? {
            Value::Object(of) => Some(method(evaluator, &of.clone(), &own.name, arguments, at)),
            of if own.name == "toBuilder" => {
                let fields = evaluator.map(Vec::new(), None);
                evaluator.merge_entries(&fields, of);
                Some(object(BUILDER, "", vec![("fields", fields)]))
            }
            Value::Map(address) => {
                let field = lower(own.name.strip_prefix("get").unwrap_or(&own.name));
                let entries = &evaluator.heap.map(*address)?.entries;
                let entry = entries.iter().find(|(key, _)| key.literal() == Some(&field));
                entry.map(|(_, value)| value.clone())
            }
            _ => None,
        },
        _ => None,
    }
}

/// A region's own name: `us-east-1` for the constant `Region.US_EAST_1`.
fn region_of(value: &Value) -> Value {
    match value {
        Value::Foreign(name) if name.contains(".Region.") || name.contains(".Regions.") => {
            let constant = name.rsplit('.').next().unwrap_or_default();
            Value::text(constant.to_ascii_lowercase().replace('_', "-"))
        }
        value => value.clone(),
    }
}

/// A static method or a constructor of a class.
fn function(
    evaluator: &mut Evaluator<'_>,
    name: &Name<'_>,
    arguments: &Arguments,
    at: Span,
) -> Value {
    if name.is_client() && name.service().is_none() {
        evaluator.unresolved(at, format!("the API of `{}` is not known", name.class));
        return Value::Data;
    }
    let builds = name.class.strip_suffix("Builder").unwrap_or(name.class);
    let made = thing(&Name { class: builds, ..*name });
    match (name.member, made) {
        ("builder" | "standard", Some(made)) => object(MAKER, "", vec![("made", made)]),
        // `new DynamoDBMapper(client)`, `S3Client.create()`, `AmazonS3ClientBuilder.defaultClient()`.
        ("" | "create" | "defaultClient" | "defaultTransferManager", Some(made)) => made,
        ("builder", None) => {
            let fields = evaluator.map(Vec::new(), None);
            object(BUILDER, "", vec![("fields", fields)])
        }
        ("", None) if name.package.contains("services") => {
            requests::constructed(evaluator, name, arguments)
        }
        ("Builder", _) if name.class == "STSAssumeRoleSessionCredentialsProvider" => {
            let role = arguments.positions.first().map(|role| evaluator.argument(role));
            let members = role.map(|role| ("RoleArn".to_owned(), role)).into_iter().collect();
            evaluator.api_call(at, "sts", "AssumeRole", members, None);
            Value::Data
        }
        ("of" | "fromName" | "getRegion", _) if matches!(name.class, "Region" | "Regions") => {
            arguments.positions.first().map_or(Value::Data, region_of)
        }
        ("getSsmProvider", _) => object(PROVIDER, "ssm", Vec::new()),
        ("getSecretsProvider", _) => object(PROVIDER, "secretsmanager", Vec::new()),
        ("getDynamoDbProvider", _) => {
            let table = arguments.positions.first().cloned().unwrap_or(Value::Data);
            object(PROVIDER, "dynamodb", vec![("TableName", table)])
        }
        _ => {
            evaluator.call_back_all(arguments, at);
            Value::Data
        }
    }
}

/// A method of one of the SDK's things.
fn method(
    evaluator: &mut Evaluator<'_>,
    of: &Rc<Object>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let this = Value::Object(of.clone());
    if of.kind == MAKER {
        let told = match name {
            "endpointOverride" => Some(ENDPOINT),
            "region" | "withRegion" => Some(REGION),
            _ => None,
        };
        if let (Some(told), Some(Value::Object(made)), Some(value)) =
            (told, of.value("made"), arguments.positions.first())
        {
            let mut made = Object::clone(made);
            made.values.push((told.to_owned(), region_of(value)));
            let made = Value::Object(Rc::new(made));
            return object(MAKER, "", vec![("made", made)]);
        }
        evaluator.call_back_all(arguments, at);
        return if name == "build" { of.value("made").cloned().unwrap_or(this) } else { this };
    }
    if of.kind == BUILDER {
        let fields = of.value("fields").cloned().unwrap_or(Value::Data);
        if name == "build" || name == "applyMutation" {
            return if name == "build" { fields } else { this };
        }
        if name == "refreshRequest" {
            client::role_assumed(evaluator, arguments, at);
        }
        requests::set(evaluator, &fields, name, arguments, at);
        return this;
    }
    let Some(service) = Service::named(&of.service) else { return Value::Data };
    match of.kind {
        TABLES | TABLE | MAPPER => tables::method(evaluator, of, service, name, arguments, at),
        _ => client::method(evaluator, of, service, name, arguments, at),
    }
}
