//! Events by which an API invokes a function or starts a state machine.

use text::{PartialText, Span};

use crate::sam::Expansion;
use crate::sam::api_draft::{ApiKind, RouteDraft};
use crate::sam::event::{Event, Invoked, permission};
use crate::sam::generated::{
    Properties, alphanumeric, hole, is_true, pattern, sole_reference, text_value,
};
use crate::sam::openapi::{ANY_METHOD, INTEGRATION, method_key};
use crate::sam::rule_events::start_role;
use documents::value::{Kind, Value};

/// Expands an API event of a function; whether the event's type is one.
pub(super) fn expand_function_event(
    event: &Event,
    invoked: &Invoked<'_>,
    expansion: &mut Expansion<'_>,
) -> bool {
    let Some((kind, path, method)) = route_of(event) else { return false };
    let route = RouteDraft {
        operation: match kind {
            ApiKind::Rest => rest_operation(event, invoked),
            ApiKind::Http => http_operation(event, invoked, &path, &method),
        },
        auth: section(event, "Auth"),
        settings: section(event, "RouteSettings"),
        path: path.clone(),
        method: method.clone(),
    };
    let stage = add_route(event, invoked, kind, route, expansion);
    let suffix = match kind {
        ApiKind::Rest => stage,
        ApiKind::Http => String::new(),
    };
    let api = api_id(event, kind, invoked);
    let source = source_arn(&api, &method, &path, event.span);
    let allowed = permission(event, invoked, "apigateway.amazonaws.com").set("SourceArn", source);
    let name = format!("{}Permission{suffix}", event.name);
    event.declare(invoked, &name, "AWS::Lambda::Permission", allowed, expansion);
    true
}

/// Expands an API event of a state machine; whether the event's type is one.
pub(super) fn expand_state_machine_event(
    event: &Event,
    invoked: &Invoked<'_>,
    expansion: &mut Expansion<'_>,
) -> bool {
    let Some((kind, path, method)) = route_of(event) else { return false };
    let span = event.span;
    let role = start_role(event, invoked, "apigateway.amazonaws.com", &[], expansion);
    let uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution";
    let request = r#"{"input": "$util.escapeJavaScript($input.json('$'))", "stateMachineArn": ""#;
    let mut request = PartialText::known(request);
    request.extend(&invoked.arn);
    request.extend(&PartialText::known("\"}"));
    let templates = Value::map([("application/json", text_value(request, span))], span);
    let integration = Properties::new(span)
        .set("type", Value::text("aws", span))
        .set("httpMethod", Value::text("POST", span))
        .set("uri", text_value(pattern(uri, &[]), span))
        .set("credentials", role)
        .set("requestTemplates", templates)
        .build();
    let route = RouteDraft {
        path,
        method,
        operation: Properties::new(span).set(INTEGRATION, integration).build(),
        auth: section(event, "Auth"),
        settings: Value::new(Kind::Null, span),
    };
    add_route(event, invoked, kind, route, expansion);
    true
}

fn section(event: &Event, key: &str) -> Value {
    let value = event.properties.get(key).cloned();
    value.unwrap_or_else(|| Value::new(Kind::Null, event.span))
}

/// The API's kind, path and method of an event, if it is one of an API.
fn route_of(event: &Event) -> Option<(ApiKind, String, String)> {
    let kind = match event.kind.as_str() {
        "Api" => ApiKind::Rest,
        "HttpApi" => ApiKind::Http,
        _ => return None,
    };
    let written = |key: &str| {
        let value = event.properties.get(key).filter(|value| !value.is_null())?;
        Some(hole(Some(value)).to_string())
    };
    let path = match (written("Path"), kind) {
        (Some(path), _) if path == "/$default" => "$default".to_owned(),
        (Some(path), _) => path,
        (None, ApiKind::Rest) => "/".to_owned(),
        (None, ApiKind::Http) => "$default".to_owned(),
    };
    let method = method_key(&written("Method").unwrap_or_else(|| "any".to_owned()));
    Some((kind, path, method))
}

fn api_property(event: &Event, kind: ApiKind) -> Option<&Value> {
    let key = match kind {
        ApiKind::Rest => "RestApiId",
        ApiKind::Http => "ApiId",
    };
    event.properties.get(key).filter(|api| !api.is_null())
}

/// The API's id as part of an ARN.
fn api_id(event: &Event, kind: ApiKind, invoked: &Invoked<'_>) -> PartialText {
    match api_property(event, kind) {
        Some(api) => hole(Some(api)),
        None => {
            let name = match kind {
                ApiKind::Rest => "ServerlessRestApi",
                ApiKind::Http => "ServerlessHttpApi",
            };
            PartialText::reference(crate::sam::generated::sibling(&invoked.owner.id, name), "Ref")
        }
    }
}

/// Adds the route to its API, where that is in the template, and answers the stage's part of the
/// permission's logical id.
fn add_route(
    event: &Event,
    invoked: &Invoked<'_>,
    kind: ApiKind,
    route: RouteDraft,
    expansion: &mut Expansion<'_>,
) -> String {
    let named = api_property(event, kind);
    let reference = named.and_then(sole_reference).map(|reference| reference.entity.clone());
    if named.is_some() && reference.is_none() {
        return "AllStages".to_owned();
    }
    let place = (event.span, event.condition.as_ref());
    match expansion.api_of_event(kind, reference.as_ref(), invoked.owner, place) {
        Some(api) => {
            let stage = api.declaration.properties.get("StageName").cloned();
            api.routes.push(route);
            stage_suffix(stage.as_ref()).unwrap_or_else(|| "Stage".to_owned())
        }
        None => "Stage".to_owned(),
    }
}

/// The stage's name as a part of logical ids, where the template itself writes it.
pub(super) fn stage_suffix(stage: Option<&Value>) -> Option<String> {
    let stage = stage.filter(|stage| stage.origin.is_none())?;
    stage.as_str().map(alphanumeric)
}

/// The ARN of the calls that the permission is for.
fn source_arn(api: &PartialText, method: &str, path: &str, span: Span) -> Value {
    let method = if method == ANY_METHOD { "*".to_owned() } else { method.to_ascii_uppercase() };
    let path = if path == "$default" { String::new() } else { wildcard_path(path) };
    let mut arn = pattern(
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/*/",
        &[("api", api)],
    );
    arn.extend(&PartialText::known(format!("{method}{path}")));
    text_value(arn, span)
}

/// A path with `*` in place of each parameter and without a slash at its end.
fn wildcard_path(path: &str) -> String {
    let mut wildcard = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, behind)) = after.split_once('}') else { break };
        wildcard.push_str(before);
        wildcard.push('*');
        rest = behind;
    }
    wildcard.push_str(rest);
    if wildcard.len() > 1 {
        wildcard.truncate(wildcard.trim_end_matches('/').len());
    }
    wildcard
}

fn invocation_uri(invoked: &Invoked<'_>, span: Span) -> Value {
    let template = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${function}/invocations";
    text_value(pattern(template, &[("function", &invoked.arn)]), span)
}

fn http_operation(event: &Event, invoked: &Invoked<'_>, path: &str, method: &str) -> Value {
    let span = event.span;
    let integration = Properties::new(span)
        .set("type", Value::text("aws_proxy", span))
        .set("httpMethod", Value::text("POST", span))
        .set("uri", invocation_uri(invoked, span))
        .keep_as(&event.properties, "PayloadFormatVersion", "payloadFormatVersion")
        .keep_as(&event.properties, "TimeoutInMillis", "timeoutInMillis")
        .build();
    let mut operation = Properties::new(span).set(INTEGRATION, integration);
    if path == "$default" && method == ANY_METHOD {
        operation = operation.set("isDefaultRoute", crate::sam::generated::boolean(true, span));
    }
    operation.build()
}

fn rest_operation(event: &Event, invoked: &Invoked<'_>) -> Value {
    let span = event.span;
    let given = &event.properties;
    let mut integration = Properties::new(span)
        .set("type", Value::text("aws_proxy", span))
        .set("httpMethod", Value::text("POST", span))
        .set("uri", invocation_uri(invoked, span))
        .keep_as(given, "TimeoutInMillis", "timeoutInMillis");
    let auth = section(event, "Auth");
    if auth.get("Authorizer").and_then(Value::as_str) == Some("AWS_IAM") {
        let caller = || text_value(pattern("arn:${AWS::Partition}:iam::*:user/*", &[]), span);
        match auth.get("InvokeRole") {
            Some(role) if matches!(role.as_str(), Some("NONE")) || role.is_null() => {}
            Some(role) if role.as_str() != Some("CALLER_CREDENTIALS") => {
                integration = integration.set("credentials", role.clone());
            }
            _ => integration = integration.set("credentials", caller()),
        }
    }
    let mut operation = Properties::new(span).set(INTEGRATION, integration.build());
    let mut parameters = request_parameters(given);
    if let Some(model) = given.get("RequestModel") {
        let name = hole(model.get("Model")).to_string().to_ascii_lowercase();
        let schema = format!("#/definitions/{name}");
        let schema = Value::map([("$ref", Value::text(schema, model.span))], model.span);
        let body = Properties::new(model.span)
            .set("in", Value::text("body", model.span))
            .set("name", Value::text(name, model.span))
            .set("schema", schema)
            .keep_as(model, "Required", "required")
            .build();
        parameters.push(body);
        let flag = |key: &str| model.get(key).and_then(is_true);
        let validator = match (flag("ValidateBody"), flag("ValidateParameters")) {
            (None, None) => None,
            (Some(true), Some(true)) => Some("body-and-params"),
            (Some(true), _) => Some("body-only"),
            (_, Some(true)) => Some("params-only"),
            _ => Some("no-validation"),
        };
        if let Some(validator) = validator {
            let validator = Value::text(validator, model.span);
            operation = operation.set("x-amazon-apigateway-request-validator", validator);
        }
    }
    if !parameters.is_empty() {
        operation = operation.set("parameters", Value::list(parameters, span));
    }
    operation.build()
}

/// Parameters in OpenAPI's words from `method.request.querystring.page` and the like.
fn request_parameters(given: &Value) -> Vec<Value> {
    let mut parameters = Vec::new();
    for item in given.list_at(&["RequestParameters"]) {
        let (name, required, span) = match &item.value.kind {
            Kind::Map(members) => {
                let Some(member) = members.first() else { continue };
                (member.key.to_string(), member.value.get("Required").cloned(), member.key_span)
            }
            Kind::Text(text) => (text.to_string(), None, item.value.span),
            _ => continue,
        };
        let Some((place, name)) =
            name.strip_prefix("method.request.").and_then(|it| it.split_once('.'))
        else {
            continue;
        };
        let place = if place == "querystring" { "query" } else { place };
        let required = required.unwrap_or_else(|| crate::sam::generated::boolean(false, span));
        let parameter = Properties::new(span)
            .set("in", Value::text(place, span))
            .set("name", Value::text(name, span))
            .set("required", required)
            .build();
        parameters.push(parameter);
    }
    parameters
}
