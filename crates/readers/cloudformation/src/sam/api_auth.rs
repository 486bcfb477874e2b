//! Who may call a route, as OpenAPI's security requirements and schemes say it.

use text::Span;

use crate::sam::Expansion;
use crate::sam::api_draft::{ApiKind, RouteDraft};
use crate::sam::generated::{Properties, each_case, hole, is_true, pattern, reference, text_value};
use crate::sam::openapi::{INTEGRATION, add_scheme, visit_operations};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Name of the requirement for signed requests.
const IAM: &str = "AWS_IAM";
/// Name of the requirement for an API key.
const API_KEY: &str = "api_key";

/// The security requirements of a route: null where neither the event nor the API says anything,
/// an empty list where the event opens the route.
pub(super) fn requirements(event_auth: &Value, api_auth: &Value, preflight: Preflight) -> Value {
    each_case(api_auth, &mut |api_auth| {
        each_case(event_auth, &mut |event_auth| settled(event_auth, api_auth, preflight))
    })
}

/// Whether the route answers a browser's question beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preflight {
    Yes,
    No,
}

fn settled(event_auth: &Value, api_auth: &Value, preflight: Preflight) -> Value {
    let said = |auth: &Value, key: &str| auth.get(key).filter(|it| !it.is_null()).cloned();
    let left_out = |key: &str| {
        preflight == Preflight::Yes && api_auth.get(key).and_then(is_true) == Some(false)
    };
    let default = said(api_auth, "DefaultAuthorizer")
        .filter(|_| !left_out("AddDefaultAuthorizerToCorsPreflight"));
    let authorizer = said(event_auth, "Authorizer").or(default);
    let default_key =
        said(api_auth, "ApiKeyRequired").filter(|_| !left_out("AddApiKeyRequiredToCorsPreflight"));
    let key = said(event_auth, "ApiKeyRequired").or(default_key);
    let list = match &authorizer {
        Some(authorizer) => each_case(authorizer, &mut |authorizer| match authorizer.as_str() {
            Some("NONE") => Value::list([], authorizer.span),
            Some(name) => {
                let scopes = said(event_auth, "AuthorizationScopes").or_else(|| {
                    let authorizers = api_auth.get("Authorizers")?;
                    said(authorizers.get(name)?, "AuthorizationScopes")
                });
                let scopes = scopes.unwrap_or_else(|| Value::list([], authorizer.span));
                let requirement = Value::map([(name, scopes)], authorizer.span);
                Value::list([requirement], authorizer.span)
            }
            None if authorizer.is_null() => authorizer.clone(),
            None => Value::unknown(
                "the route's authorizer is known only at deployment",
                authorizer.span,
            ),
        }),
        None => Value::new(Kind::Null, event_auth.span),
    };
    let Some(key) = key else { return list };
    each_case(&key, &mut |key| {
        if is_true(key) != Some(true) {
            return list.clone();
        }
        each_case(&list, &mut |list| {
            let requirement = Value::map([(API_KEY, Value::list([], key.span))], key.span);
            let before = list.items().iter().cloned();
            Value::list(before.chain([requirement]), key.span)
        })
    })
}

/// Gives the API's defaults to operations that say nothing, and declares all schemes in use.
///
/// `decided` are the routes of events, whose requirements already have the defaults in them.
pub(super) fn secure(
    definition: &mut Value,
    api_auth: &Value,
    kind: ApiKind,
    decided: &[&RouteDraft],
    said: Span,
) {
    let authorizers: Vec<String> = api_auth
        .at(&["Authorizers"])
        .iter()
        .flat_map(|authorizers| authorizers.value.members())
        .map(|member| member.key.to_string())
        .collect();
    // A requirement of an authorizer, or none at all, says who may call; an API key alone does not.
    let settles = |security: &Value| {
        let is_authorizer = |name: &str| authorizers.iter().any(|other| other == name);
        security.items().is_empty() || names(security).any(is_authorizer)
    };
    let nothing = Value::new(Kind::Null, said);
    let mut used = Vec::new();
    visit_operations(definition, &mut |path, method, operation| {
        if decided.iter().any(|route| route.path == path && route.method == method) {
            used.extend(operation.get("security").cloned());
            return;
        }
        let existing = operation.get("security").cloned();
        if let Some(security) = existing.filter(|it| kind == ApiKind::Http || settles(it)) {
            used.push(security);
            return;
        }
        if operation.get(INTEGRATION).is_none() {
            return;
        }
        let options = method.eq_ignore_ascii_case("options");
        if options && kind == ApiKind::Http {
            return;
        }
        let preflight = if options { Preflight::Yes } else { Preflight::No };
        let default = requirements(&nothing, api_auth, preflight);
        if default.is_null() {
            used.extend(operation.get("security").cloned());
            return;
        }
        let security = match operation.get("security") {
            Some(existing) if names(existing).any(|name| name == IAM) => existing.clone(),
            Some(existing) if !existing.is_null() => each_case(&default, &mut |default| {
                let more = default.items().iter().filter(|item| !existing.items().contains(item));
                Value::list(existing.items().iter().chain(more).cloned(), existing.span)
            }),
            _ => default,
        };
        used.push(security.clone());
        crate::sam::generated::set_member(operation, "security", security);
    });
    let uses = |name: &str| used.iter().flat_map(all_names).any(|used| used == name);
    if uses(IAM) || api_auth.get("EnableIamAuthorizer").and_then(is_true) == Some(true) {
        let scheme = header_scheme("Authorization", said)
            .set("x-amazon-apigateway-authtype", Value::text("awsSigv4", said));
        add_scheme(definition, IAM, scheme.build());
    }
    if uses(API_KEY) {
        add_scheme(definition, API_KEY, header_scheme("x-api-key", said).build());
    }
    for authorizers in api_auth.at(&["Authorizers"]) {
        for authorizer in authorizers.value.members() {
            let scheme = each_case(&authorizer.value, &mut |authorizer| match kind {
                ApiKind::Rest => rest_scheme(authorizer),
                ApiKind::Http => http_scheme(authorizer),
            });
            let scheme = Value { span: authorizer.key_span, ..scheme };
            add_scheme(definition, &authorizer.key, scheme);
        }
    }
}

fn names(security: &Value) -> impl Iterator<Item = &str> {
    security.items().iter().flat_map(Value::members).map(|member| &*member.key)
}

fn all_names(security: &Value) -> Vec<String> {
    let cases = security.at(&[]);
    cases.iter().flat_map(|case| names(case.value)).map(str::to_owned).collect()
}

fn header_scheme(header: &str, span: Span) -> Properties {
    Properties::new(span)
        .set("type", Value::text("apiKey", span))
        .set("name", Value::text(header, span))
        .set("in", Value::text("header", span))
}

fn authorizer_uri(function: &Value) -> Value {
    let template = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${function}/invocations";
    let uri = each_case(function, &mut |function| {
        text_value(pattern(template, &[("function", &hole(Some(function)))]), function.span)
    });
    Value { span: function.span, ..uri }
}

/// The sources a function authorizer asks for, with the prefixes that the definition wants.
fn identity_sources(identity: &Value, prefixes: [(&str, &str); 4]) -> Vec<Value> {
    let mut sources = Vec::new();
    for (key, prefix) in prefixes {
        for name in identity.list_at(&[key]) {
            let source =
                pattern(&format!("{prefix}${{name}}"), &[("name", &hole(Some(name.value)))]);
            sources.push(text_value(source, name.value.span));
        }
    }
    sources
}

fn rest_scheme(authorizer: &Value) -> Value {
    let span = authorizer.span;
    let identity = authorizer.get("Identity").cloned();
    let identity = identity.unwrap_or_else(|| Value::new(Kind::Null, span));
    let header = identity.get("Header").cloned();
    let scheme = Properties::new(span)
        .set("type", Value::text("apiKey", span))
        .set("name", header.unwrap_or_else(|| Value::text("Authorization", span)))
        .set("in", Value::text("header", span));
    if let Some(pool) = authorizer.get("UserPoolArn") {
        let pools = each_case(pool, &mut |pool| match pool.kind {
            Kind::List(_) => pool.clone(),
            _ => Value::list([pool.clone()], pool.span),
        });
        let config = Properties::new(span)
            .set("type", Value::text("cognito_user_pools", span))
            .set("providerARNs", pools)
            .keep_as(&identity, "ValidationExpression", "identityValidationExpression")
            .build();
        return scheme
            .set("x-amazon-apigateway-authtype", Value::text("cognito_user_pools", span))
            .set("x-amazon-apigateway-authorizer", config)
            .build();
    }
    let Some(function) = authorizer.get("FunctionArn") else {
        return Value::unknown("the authorizer names neither a user pool nor a function", span);
    };
    let payload = authorizer.get("FunctionPayloadType").and_then(Value::as_str);
    let payload = if payload == Some("REQUEST") { "request" } else { "token" };
    let sources = identity_sources(
        &identity,
        [
            ("Headers", "method.request.header."),
            ("QueryStrings", "method.request.querystring."),
            ("StageVariables", "stageVariables."),
            ("Context", "context."),
        ],
    );
    let mut source = text::PartialText::default();
    for (index, item) in sources.iter().enumerate() {
        if index > 0 {
            source.push(text::Part::Literal(", ".to_owned()));
        }
        source.extend(&hole(Some(item)));
    }
    let source = (!sources.is_empty()).then(|| text_value(source, identity.span));
    let config = Properties::new(span)
        .set("type", Value::text(payload, span))
        .set("authorizerUri", authorizer_uri(function))
        .keep_as(&identity, "ReauthorizeEvery", "authorizerResultTtlInSeconds")
        .keep_as(&identity, "ValidationExpression", "identityValidationExpression")
        .keep_as(authorizer, "FunctionInvokeRole", "authorizerCredentials")
        .set_some("identitySource", source)
        .build();
    scheme
        .set("x-amazon-apigateway-authtype", Value::text("custom", span))
        .set("x-amazon-apigateway-authorizer", config)
        .build()
}

fn http_scheme(authorizer: &Value) -> Value {
    let span = authorizer.span;
    if let Some(jwt) = authorizer.get("JwtConfiguration") {
        let jwt = each_case(jwt, &mut |jwt| {
            let mut jwt = jwt.clone();
            if let Kind::Map(members) = &mut jwt.kind {
                for member in members {
                    member.key = member.key.to_ascii_lowercase().into();
                }
            }
            jwt
        });
        let config = Properties::new(span)
            .set("type", Value::text("jwt", span))
            .set("jwtConfiguration", jwt)
            .keep_as(authorizer, "IdentitySource", "identitySource")
            .build();
        return Properties::new(span)
            .set("type", Value::text("oauth2", span))
            .set("x-amazon-apigateway-authorizer", config)
            .build();
    }
    let Some(function) = authorizer.get("FunctionArn") else {
        return Value::unknown("the authorizer names neither an issuer nor a function", span);
    };
    let identity = authorizer.get("Identity").cloned();
    let identity = identity.unwrap_or_else(|| Value::new(Kind::Null, span));
    let sources = identity_sources(
        &identity,
        [
            ("Headers", "$request.header."),
            ("QueryStrings", "$request.querystring."),
            ("StageVariables", "$stageVariables."),
            ("Context", "$context."),
        ],
    );
    let config = Properties::new(span)
        .set("type", Value::text("request", span))
        .set("authorizerUri", authorizer_uri(function))
        .keep_as(authorizer, "FunctionInvokeRole", "authorizerCredentials")
        .keep_as(&identity, "ReauthorizeEvery", "authorizerResultTtlInSeconds")
        .keep_as(authorizer, "AuthorizerPayloadFormatVersion", "authorizerPayloadFormatVersion")
        .keep_as(authorizer, "EnableSimpleResponses", "enableSimpleResponses")
        .set("identitySource", Value::list(sources, identity.span))
        .build();
    header_scheme("Unused", span).set("x-amazon-apigateway-authorizer", config).build()
}

/// Permissions for the API to invoke functions that authorize: given by default for REST APIs,
/// asked for with HTTP APIs.
pub(super) fn declare_authorizer_permissions(
    api: &Declaration,
    kind: ApiKind,
    expansion: &mut Expansion<'_>,
) {
    for authorizers in api.properties.at(&["Auth", "Authorizers"]) {
        for authorizer in authorizers.value.members() {
            let Some(function) = authorizer.value.get("FunctionArn") else { continue };
            let flag = |key: &str| authorizer.value.get(key).and_then(is_true);
            let wanted = match kind {
                ApiKind::Rest => flag("DisableFunctionDefaultPermissions") != Some(true),
                ApiKind::Http => flag("EnableFunctionDefaultPermissions") == Some(true),
            };
            if !wanted {
                continue;
            }
            let span = authorizer.key_span;
            let template = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/authorizers/*";
            let arn = pattern(template, &[("api", &reference(&api.id, "Ref"))]);
            let permission = Properties::new(span)
                .set("Action", Value::text("lambda:InvokeFunction", span))
                .set("FunctionName", function.clone())
                .set("Principal", Value::text("apigateway.amazonaws.com", span))
                .set("SourceArn", text_value(arn, span))
                .build();
            let name = format!("{}{}AuthorizerPermission", api.name, authorizer.key);
            let condition = authorizers.condition.as_ref();
            expansion.declare(api, condition, &name, "AWS::Lambda::Permission", permission, span);
        }
    }
}
