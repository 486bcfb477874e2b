//! `AWS::Serverless::GraphQLApi`.

use text::{EntityId, PartialText, Span};

use crate::sam::Expansion;
use crate::sam::connector::{self, Connector};
use crate::sam::generated::{
    Properties, hole, is_true, pattern, reference, sibling, tag_list, text_value, trust,
};
use crate::sam::role::RoleDraft;
use documents::declaration::Declaration;
use documents::value::{Kind, Member, Value};

/// Expands a GraphQL API with its schema, keys, cache, data sources, functions and resolvers.
pub(super) fn expand(api: Declaration, expansion: &mut Expansion<'_>) {
    let given = &api.properties;
    let span = api.said;
    let api_id = text_value(reference(&api.id, "ApiId"), span);
    let mut properties = Properties::new(given.span).keep(
        given,
        &[
            "Name",
            "Visibility",
            "OwnerContact",
            "XrayEnabled",
            "IntrospectionConfig",
            "QueryDepthLimit",
            "ResolverCountLimit",
        ],
    );
    for member in given.get("Auth").map(Value::members).unwrap_or_default() {
        properties.push(authentication(member));
    }
    let log_config = log_config(&api, expansion);
    if given.get("Name").is_none() {
        properties = properties.set("Name", Value::text(api.name.as_str(), span));
    }
    let properties = properties
        .set_some("LogConfig", log_config)
        .set_some("Tags", given.get("Tags").map(tag_list))
        .build();
    expansion.made.push(Declaration {
        kind: "AWS::AppSync::GraphQLApi".to_owned(),
        properties,
        ..api.clone()
    });
    connect_authorizers(&api, expansion);
    let schema = Properties::new(span)
        .set("ApiId", api_id.clone())
        .keep_as(given, "SchemaInline", "Definition")
        .keep_as(given, "SchemaUri", "DefinitionS3Location")
        .build();
    let name = format!("{}Schema", api.name);
    expansion.declare(&api, None, &name, "AWS::AppSync::GraphQLSchema", schema, span);
    for key in given.get("ApiKeys").map(Value::members).unwrap_or_default() {
        let made = Properties::new(key.key_span)
            .set("ApiId", api_id.clone())
            .keep(&key.value, &["ApiKeyId", "Description"])
            .keep_as(&key.value, "ExpiresOn", "Expires")
            .build();
        let name = format!("{}{}", api.name, key.key);
        expansion.declare(&api, None, &name, "AWS::AppSync::ApiKey", made, key.key_span);
    }
    if let Some(cache) = given.get("Cache").filter(|cache| !cache.is_null()) {
        let mut made = Properties::new(cache.span).set("ApiId", api_id.clone());
        cache.members().iter().for_each(|member| made.push(member.clone()));
        let name = format!("{}ApiCache", api.name);
        let made = made.build();
        expansion.declare(&api, None, &name, "AWS::AppSync::ApiCache", made, cache.span);
    }
    for (section, kind) in [("DynamoDb", "DynamoDB"), ("Lambda", "Lambda")] {
        let sources = given.get("DataSources").and_then(|sources| sources.get(section));
        for source in sources.map(Value::members).unwrap_or_default() {
            declare_source(&api, kind, source, &api_id, expansion);
        }
    }
    for function in given.get("Functions").map(Value::members).unwrap_or_default() {
        if function.value.get("Id").is_some() {
            continue;
        }
        let made = step(&api, &function.value, &api_id, function.key_span, expansion)
            .set("Name", Value::text(&*function.key, function.key_span))
            .build();
        let name = format!("{}{}", api.name, function.key);
        let kind = "AWS::AppSync::FunctionConfiguration";
        expansion.declare(&api, None, &name, kind, made, function.key_span);
    }
    for group in given.get("Resolvers").map(Value::members).unwrap_or_default() {
        for resolver in group.value.members() {
            declare_resolver(&api, &group.key, resolver, &api_id, expansion);
        }
    }
}

/// A member of `Auth` in CloudFormation's words.
fn authentication(member: &Member) -> Member {
    let renamed = |key: &str| match key {
        "Type" => "AuthenticationType",
        "LambdaAuthorizer" => "LambdaAuthorizerConfig",
        "OpenIDConnect" => "OpenIDConnectConfig",
        "UserPool" => "UserPoolConfig",
        "Additional" => "AdditionalAuthenticationProviders",
        _ => "",
    };
    let name = match renamed(&member.key) {
        "" => &*member.key,
        name => name,
    };
    let mut value = member.value.clone();
    if &*member.key == "Additional"
        && let Kind::List(items) = &mut value.kind
    {
        for item in items {
            if let Kind::Map(members) = &mut item.kind {
                for member in members.iter_mut().filter(|it| !renamed(&it.key).is_empty()) {
                    member.key = renamed(&member.key).into();
                }
            }
        }
    }
    Member { key: name.into(), key_span: member.key_span, value }
}

/// `Logging`: everything is logged unless it is switched off.
fn log_config(api: &Declaration, expansion: &mut Expansion<'_>) -> Option<Value> {
    let logging = api.properties.get("Logging");
    if logging.and_then(is_true) == Some(false) {
        return None;
    }
    let span = logging.map_or(api.said, |logging| logging.span);
    let own = logging.filter(|logging| matches!(logging.kind, Kind::Map(_)));
    let own_role = own.and_then(|own| own.get("CloudWatchLogsRoleArn")).cloned();
    let role = own_role.unwrap_or_else(|| {
        let name = format!("{}CloudWatchRole", api.name);
        let arn =
            "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs";
        let managed = Value::list([text_value(pattern(arn, &[]), span)], span);
        let role = Properties::new(span)
            .set("AssumeRolePolicyDocument", trust("appsync.amazonaws.com", span))
            .set(documents::declaration::GENERATED_MANAGED_POLICIES, managed)
            .build();
        let id = expansion.declare(api, None, &name, "AWS::IAM::Role", role, span);
        text_value(reference(&id, "Arn"), span)
    });
    let level = own.and_then(|own| own.get("FieldLogLevel")).cloned();
    let mut config = Properties::new(span)
        .set("CloudWatchLogsRoleArn", role)
        .set("FieldLogLevel", level.unwrap_or_else(|| Value::text("ALL", span)));
    if let Some(own) = own {
        config = config.keep(own, &["ExcludeVerboseContent"]);
    }
    Some(config.build())
}

/// Functions that authorize may be invoked by the API.
fn connect_authorizers(api: &Declaration, expansion: &mut Expansion<'_>) {
    let auth = api.properties.at(&["Auth"]).into_iter().map(|case| case.value);
    let additional = api.properties.list_at(&["Auth", "Additional"]);
    let all = auth.chain(additional.into_iter().map(|case| case.value));
    let functions = all.filter_map(|auth| auth.get("LambdaAuthorizer")?.get("AuthorizerUri"));
    let functions: Vec<Value> = functions.cloned().collect();
    for (index, function) in functions.into_iter().enumerate() {
        let span = function.span;
        let source = Properties::new(span)
            .set("Type", Value::text("AWS::AppSync::GraphQLApi", span))
            .set("Arn", text_value(reference(&api.id, "Ref"), span))
            .set("ResourceId", text_value(reference(&api.id, "ApiId"), span))
            .build();
        let name = format!("{}ToLambdaAuthConnector{}", api.name, index + 1);
        connect(api, &name, source, ("AWS::Lambda::Function", function), &["Write"], expansion);
    }
}

fn connect(
    api: &Declaration,
    name: &str,
    source: Value,
    (kind, arn): (&str, Value),
    permissions: &[&str],
    expansion: &mut Expansion<'_>,
) {
    let span = source.span;
    let destination = Properties::new(span).set("Type", Value::text(kind, span)).set("Arn", arn);
    let permissions = permissions.iter().map(|permission| Value::text(*permission, span));
    let properties = Properties::new(span)
        .set("Destination", destination.build())
        .set("Permissions", Value::list(permissions, span))
        .build();
    let connector = Connector {
        owner: api.clone(),
        name: name.to_owned(),
        source: Some(source),
        properties,
        span,
    };
    connector::expand(&connector, expansion);
}

fn declare_source(
    api: &Declaration,
    kind: &str,
    source: &Member,
    api_id: &Value,
    expansion: &mut Expansion<'_>,
) {
    let span = source.key_span;
    let given = &source.value;
    let id = source_id(api, kind, &source.key);
    let name = id.as_str().rsplit('/').next().unwrap_or_default().to_owned();
    let role_name = format!("{name}Role");
    let own_role = given.get("ServiceRoleArn").filter(|role| !role.is_null()).cloned();
    let generated = own_role.is_none();
    let role = own_role
        .unwrap_or_else(|| text_value(reference(&sibling(&api.id, &role_name), "Arn"), span));
    let source_name = given.get("Name").cloned();
    let mut made = Properties::new(span)
        .set("ApiId", api_id.clone())
        .set("Name", source_name.unwrap_or_else(|| Value::text(&*source.key, span)))
        .set("ServiceRoleArn", role)
        .keep(given, &["Description"]);
    let (connection, permissions);
    if kind == "DynamoDB" {
        let mut config = Properties::new(span)
            .keep(given, &["TableName", "UseCallerCredentials", "Versioned"])
            .keep_as(given, "DeltaSync", "DeltaSyncConfig");
        let region = given.get("Region").cloned();
        let region = region.unwrap_or_else(|| text_value(pattern("${AWS::Region}", &[]), span));
        config = config.set("AwsRegion", region);
        made = made
            .set("Type", Value::text("AMAZON_DYNAMODB", span))
            .set("DynamoDBConfig", config.build());
        let arn = given.get("TableArn").cloned().unwrap_or_else(|| {
            let template =
                "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${table}";
            let table = hole(given.get("TableName"));
            text_value(pattern(template, &[("table", &table)]), span)
        });
        connection = ("ToTableConnector", ("AWS::DynamoDB::Table", arn));
        let asked = given.list_at(&["Permissions"]);
        permissions = if asked.is_empty() {
            vec!["Read".to_owned(), "Write".to_owned()]
        } else {
            asked.iter().filter_map(|it| it.value.as_str()).map(str::to_owned).collect()
        };
    } else {
        let arn = given.get("FunctionArn").cloned();
        let arn = arn.unwrap_or_else(|| Value::unknown("`FunctionArn` is missing", span));
        let config = Value::map([("LambdaFunctionArn", arn.clone())], span);
        made = made.set("Type", Value::text("AWS_LAMBDA", span)).set("LambdaConfig", config);
        connection = ("ToLambdaConnector", ("AWS::Lambda::Function", arn));
        permissions = vec!["Write".to_owned()];
    }
    expansion.declare(api, None, &name, "AWS::AppSync::DataSource", made.build(), span);
    if !generated {
        return;
    }
    let owner = Declaration { name: name.clone(), said: span, ..api.clone() };
    let owner = Declaration { properties: Value::map::<&str>([], span), ..owner };
    let service = trust("appsync.amazonaws.com", span);
    RoleDraft::new().declare(&owner, None, service, expansion);
    let role = PartialText::reference(sibling(&api.id, &role_name), "Ref");
    let described = Properties::new(span)
        .set("Type", Value::text("AWS::AppSync::DataSource", span))
        .set("Arn", text_value(reference(&id, "Ref"), span))
        .set("RoleName", text_value(role, span))
        .build();
    let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
    let connector_name = format!("{name}{}", connection.0);
    connect(api, &connector_name, described, connection.1, &permissions, expansion);
}

fn source_id(api: &Declaration, kind: &str, key: &str) -> EntityId {
    sibling(&api.id, &format!("{}{key}{kind}DataSource", api.name))
}

/// The name of a data source given in this API, or what the author refers to. The first use of the
/// source that does nothing declares it.
fn source_name(
    api: &Declaration,
    named: &Value,
    api_id: &Value,
    expansion: &mut Expansion<'_>,
) -> Value {
    let Some(name) = named.as_str() else { return named.clone() };
    if name.eq_ignore_ascii_case("none") {
        let name = format!("{}NoneDataSource", api.name);
        let made = Properties::new(named.span)
            .set("ApiId", api_id.clone())
            .set("Name", Value::text(name.as_str(), named.span))
            .set("Type", Value::text("NONE", named.span))
            .build();
        let kind = "AWS::AppSync::DataSource";
        let id = expansion.declare(api, None, &name, kind, made, named.span);
        return text_value(reference(&id, "Name"), named.span);
    }
    for (section, kind) in [("DynamoDb", "DynamoDB"), ("Lambda", "Lambda")] {
        let sources = api.properties.get("DataSources").and_then(|it| it.get(section));
        if sources.is_some_and(|sources| sources.get(name).is_some()) {
            let id = source_id(api, kind, name);
            return text_value(reference(&id, "Name"), named.span);
        }
    }
    named.clone()
}

fn step(
    api: &Declaration,
    given: &Value,
    api_id: &Value,
    span: Span,
    expansion: &mut Expansion<'_>,
) -> Properties {
    let runtime = given.get("Runtime").map(|runtime| {
        Properties::new(runtime.span)
            .keep(runtime, &["Name"])
            .keep_as(runtime, "Version", "RuntimeVersion")
            .build()
    });
    Properties::new(span)
        .set("ApiId", api_id.clone())
        .set_some(
            "DataSourceName",
            given.get("DataSource").map(|it| source_name(api, it, api_id, expansion)),
        )
        .keep_as(given, "InlineCode", "Code")
        .keep_as(given, "CodeUri", "CodeS3Location")
        .keep(given, &["MaxBatchSize", "Description"])
        .set_some("Runtime", runtime)
        .keep_as(given, "Sync", "SyncConfig")
}

fn declare_resolver(
    api: &Declaration,
    type_name: &str,
    resolver: &Member,
    api_id: &Value,
    expansion: &mut Expansion<'_>,
) {
    let span = resolver.key_span;
    let given = &resolver.value;
    let field = given.get("FieldName").cloned();
    let functions: Vec<Value> = given
        .list_at(&["Pipeline"])
        .into_iter()
        .map(|function| match function.value.as_str() {
            Some(name) => {
                let own = api.properties.get("Functions").and_then(|it| it.get(name));
                match own.and_then(|own| own.get("Id")) {
                    Some(id) => id.clone(),
                    None => {
                        let id = sibling(&api.id, &format!("{}{name}", api.name));
                        text_value(reference(&id, "FunctionId"), function.value.span)
                    }
                }
            }
            None => function.value.clone(),
        })
        .collect();
    let mut made = step(api, given, api_id, span, expansion)
        .set("TypeName", Value::text(type_name, span))
        .set("FieldName", field.unwrap_or_else(|| Value::text(&*resolver.key, span)))
        .keep_as(given, "Caching", "CachingConfig");
    if !functions.is_empty() {
        let config = Value::map([("Functions", Value::list(functions, span))], span);
        made = made.set("Kind", Value::text("PIPELINE", span)).set("PipelineConfig", config);
    }
    let name = format!("{}{type_name}{}", api.name, resolver.key);
    expansion.declare(api, None, &name, "AWS::AppSync::Resolver", made.build(), span);
}
