//! HTTP APIs and WebSocket APIs.
//!
//! Source: the Serverless Framework's `compile/events/http-api.js` and `websockets/`.

use text::{EntityId, PartialText};

use super::Event;
use crate::aws::invocation::function_reference;
use crate::aws::rest_api::api_origin;
use crate::aws::rest_authorizer::authorizer_uri;
use crate::aws::template::{Origin, Template};
use crate::aws::write::{At, is_intrinsic, is_on, label, scalar};
use crate::aws::{Aws, naming};
use documents::value::{Kind, Value};

const HTTP: &str = "HttpApi";
const WEBSOCKETS: &str = "WebsocketsApi";

fn http_reference(aws: &Aws<'_>, at: At) -> Value {
    match aws.provider_at(&["httpApi", "id"]) {
        Some(id) => id.clone(),
        None => at.reference(HTTP),
    }
}

/// `httpApi`.
pub(super) fn add_http(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let aws = event.aws;
    add_http_api(event, template);
    let api = http_reference(aws, at);
    let integration = format!("HttpApiIntegration{}", event.normalized);
    let null = Value::new(Kind::Null, at.0);
    let settings = aws.provider_at(&["httpApi"]).unwrap_or(&null);
    let payload = event.function.value.get("httpApi").unwrap_or(&null);
    let version = settings.get("payload").or_else(|| payload.get("payload")).cloned();
    let properties = at
        .properties()
        .set("ApiId", api.clone())
        .set("IntegrationType", at.text("AWS_PROXY"))
        .set("IntegrationUri", event.arn())
        .set("PayloadFormatVersion", version.unwrap_or_else(|| at.text("2.0")));
    template.add(&integration, "AWS::ApiGatewayV2::Integration", properties.build(), &event.origin);

    let route = route_key(event);
    let target = PartialText::reference(EntityId::new(&integration), "Ref");
    let authorization = http_authorization(event, template);
    let id = format!("HttpApiRoute{}", naming::http_api_route(&scalar(&route).with_holes("")));
    let properties = at
        .properties()
        .set("ApiId", api.clone())
        .set("RouteKey", route)
        .set("Target", at.pattern("integrations/{0}", &[&target]))
        .set("AuthorizationType", authorization.kind)
        .set_some("AuthorizerId", authorization.authorizer)
        .set_some("AuthorizationScopes", authorization.scopes);
    template.add_numbered(&id, "AWS::ApiGatewayV2::Route", properties.build(), &event.origin);
    let permission = format!("{}LambdaPermissionHttpApi", event.normalized);
    if !template.has(&permission) {
        let pattern = "arn:{partition}:execute-api:{region}:{account}:{0}/*";
        let source = Some(("SourceArn", at.pattern(pattern, &[&scalar(&api)])));
        let principal = "apigateway.amazonaws.com";
        template.permit(&permission, &event.arn(), principal, source, &event.origin);
    }
}

/// `*`, `GET /path`, or a mapping of both.
fn route_key(event: &Event<'_>) -> Value {
    let value = event.value;
    let slashed = |path: &str| format!("/{}", path.trim_start_matches('/'));
    let of = |method: &str, path: &str| match (method, path) {
        (_, "*") => "$default".to_owned(),
        (method, path) => {
            let method = method.to_uppercase();
            let method = if method == "*" { "ANY" } else { &method };
            format!("{method} {}", slashed(path))
        }
    };
    match &value.kind {
        Kind::Text(_) => match value.as_str() {
            Some(text) => {
                let (method, path) =
                    text.trim().split_once(char::is_whitespace).unwrap_or(("*", text));
                At(value.span).text(&of(method.trim(), path.trim()))
            }
            None => value.clone(),
        },
        Kind::Map(_) => {
            let method = event.get("method").map(scalar).unwrap_or_else(|| PartialText::known("*"));
            let path = event.get("path").map(scalar).unwrap_or_else(|| PartialText::known("*"));
            match (method.literal(), path.literal()) {
                (Some(method), Some(path)) => At(value.span).text(&of(method, path)),
                _ => At(value.span).pattern("{0} {1}", &[&method, &path]),
            }
        }
        Kind::Unknown(_) => value.clone(),
        _ => Value::unknown("the event has no route", value.span),
    }
}

fn add_http_api(event: &Event<'_>, template: &mut Template) {
    let aws = event.aws;
    if template.has(HTTP) || aws.provider_at(&["httpApi", "id"]).is_some() {
        return;
    }
    let origin = Origin { name: HTTP.to_owned(), ..api_origin(aws, "httpApi", &event.origin) };
    let at = origin.at();
    let null = Value::new(Kind::Null, at.0);
    let settings = aws.provider_at(&["httpApi"]).unwrap_or(&null);
    let name = match settings.get("name") {
        Some(name) => name.clone(),
        None if is_on(settings.get("shouldStartNameWithService")) => {
            at.partial(aws.named("{0}-{1}"))
        }
        None => at.partial(aws.named("{1}-{0}")),
    };
    let cors = settings.get("cors").filter(|cors| is_on(Some(cors))).map(cors_configuration);
    let properties = at
        .properties()
        .set("Name", name)
        .set("ProtocolType", at.text("HTTP"))
        .take("DisableExecuteApiEndpoint", settings, "disableDefaultEndpoint")
        .set_some("CorsConfiguration", cors);
    template.add(HTTP, "AWS::ApiGatewayV2::Api", properties.build(), &origin);

    let logs = aws.provider_at(&["logs", "httpApi"]).filter(|logs| is_on(Some(logs)));
    let access = logs.map(|logs| {
        let group = "HttpApiLogGroup";
        add_log_group(event, group, "/aws/http-api/{0}-{1}", &["logs", "httpApi"], template);
        let at = At(logs.span);
        let format = logs.get("format").cloned();
        let format = format.unwrap_or_else(|| at.text("{\"requestId\":\"$context.requestId\"}"));
        at.map([("DestinationArn", at.attribute(group, "Arn")), ("Format", format)])
    });
    let metrics = settings
        .member("metrics")
        .map(|member| At(member.key_span).map([("DetailedMetricsEnabled", member.value.clone())]));
    let properties = at
        .properties()
        .set("ApiId", at.reference(HTTP))
        .set("StageName", at.text("$default"))
        .set("AutoDeploy", at.truth(true))
        .set_some("DefaultRouteSettings", metrics)
        .set_some("AccessLogSettings", access);
    template.add("HttpApiStage", "AWS::ApiGatewayV2::Stage", properties.build(), &origin);
}

fn add_log_group(event: &Event<'_>, id: &str, name: &str, path: &[&str], template: &mut Template) {
    let aws = event.aws;
    let origin = aws.provider_origin(path, id);
    let at = origin.at();
    let properties = at.properties().set("LogGroupName", at.partial(aws.named(name))).take(
        "RetentionInDays",
        aws.provider(),
        "logRetentionInDays",
    );
    template.add(id, "AWS::Logs::LogGroup", properties.build(), &origin);
}

fn cors_configuration(cors: &Value) -> Value {
    let at = At(cors.span);
    if matches!(cors.kind, Kind::Unknown(_)) {
        return cors.clone();
    }
    let listed = |name: &str, default: &[&str]| match cors.get(name) {
        Some(value) if matches!(value.kind, Kind::List(_)) => value.clone(),
        Some(value) if !value.is_null() => Value::list([value.clone()], value.span),
        _ => at.texts(default),
    };
    let headers = [
        "Content-Type",
        "X-Amz-Date",
        "Authorization",
        "X-Api-Key",
        "X-Amz-Security-Token",
        "X-Amz-User-Agent",
        "X-Amzn-Trace-Id",
    ];
    at.properties()
        .set("AllowOrigins", listed("allowedOrigins", &["*"]))
        .set("AllowHeaders", listed("allowedHeaders", &headers))
        .set("AllowMethods", listed("allowedMethods", &["OPTIONS"]))
        .take("AllowCredentials", cors, "allowCredentials")
        .take("ExposeHeaders", cors, "exposedResponseHeaders")
        .take("MaxAge", cors, "maxAge")
        .build()
}

/// How a route asks who calls.
struct Authorization {
    kind: Value,
    authorizer: Option<Value>,
    scopes: Option<Value>,
}

fn http_authorization(event: &Event<'_>, template: &mut Template) -> Authorization {
    let none = |kind: Value| Authorization { kind, authorizer: None, scopes: None };
    let Some(said) = event.get("authorizer") else {
        return none(match &event.value.kind {
            Kind::Unknown(_) => event.value.clone(),
            _ => event.at().text("NONE"),
        });
    };
    let at = At(said.span);
    let is_settings = matches!(said.kind, Kind::Map(_)) && !is_intrinsic(said);
    let word = if is_settings { said.get("type") } else { Some(said) };
    let word = word.and_then(Value::as_str).map(str::to_lowercase).unwrap_or_default();
    if word == "aws_iam" {
        return none(at.text("AWS_IAM"));
    }
    let scopes = said.get("scopes").filter(|_| is_settings).cloned();
    let by_type = || if word == "request" { at.text("CUSTOM") } else { at.text("JWT") };
    if let Some(id) = said.get("id").filter(|_| is_settings) {
        return Authorization { kind: by_type(), authorizer: Some(id.clone()), scopes };
    }
    let name = if is_settings { said.get("name") } else { Some(said) };
    let Some(name) = name.and_then(Value::as_str) else {
        return none(Value::unknown("the authorizer is not named", said.span));
    };
    let path = ["httpApi", "authorizers", name];
    let Some(declared) = event.aws.provider_at(&path) else {
        let why = format!("authorizer `{name}` is not declared under `provider.httpApi`");
        event.problem(&why, template);
        return none(Value::unknown(why, said.span));
    };
    let kind = add_http_authorizer(event, name, declared, template);
    let id = format!("HttpApiAuthorizer{}", naming::normalized(name));
    Authorization { kind: at.text(kind), authorizer: Some(at.reference(&id)), scopes }
}

fn add_http_authorizer(
    event: &Event<'_>,
    name: &str,
    declared: &Value,
    template: &mut Template,
) -> &'static str {
    let aws = event.aws;
    let origin = Origin {
        type_name: "authorizer".to_owned(),
        ..aws.provider_origin(&["httpApi", "authorizers", name], name)
    };
    let at = origin.at();
    let is_request = declared.get("type").and_then(Value::as_str) == Some("request");
    let listed = |value: &Value| match &value.kind {
        Kind::List(_) => value.clone(),
        _ => Value::list([value.clone()], value.span),
    };
    let identity = declared.get("identitySource").map(listed);
    let base = at
        .properties()
        .set("ApiId", http_reference(aws, at))
        .set("Name", at.text(name))
        .set_some("IdentitySource", identity);
    let id = format!("HttpApiAuthorizer{}", naming::normalized(name));
    let kind = "AWS::ApiGatewayV2::Authorizer";
    if !is_request {
        let jwt = At(declared.span)
            .properties()
            .take("Issuer", declared, "issuerUrl")
            .set_some("Audience", declared.get("audience").map(listed));
        let properties =
            base.set("AuthorizerType", at.text("JWT")).set("JwtConfiguration", jwt.build());
        template.add(&id, kind, properties.build(), &origin);
        return "JWT";
    }
    let named = declared.get("functionArn").or_else(|| declared.get("functionName"));
    let function = named.map(|named| function_reference(aws, named));
    let function =
        function.unwrap_or_else(|| Value::unknown("the authorizer names no function", at.0));
    let properties = base
        .set("AuthorizerType", at.text("REQUEST"))
        .set("AuthorizerUri", authorizer_uri(&function))
        .take("AuthorizerPayloadFormatVersion", declared, "payloadVersion")
        .take("EnableSimpleResponses", declared, "enableSimpleResponses")
        .take("AuthorizerResultTtlInSeconds", declared, "resultTtlInSeconds");
    template.add(&id, kind, properties.build(), &origin);
    let permission = format!("{}LambdaAuthorizerPermissionHttpApi", naming::normalized(name));
    if !template.has(&permission) {
        let api = scalar(&http_reference(aws, at));
        let pattern = "arn:{partition}:execute-api:{region}:{account}:{0}/*";
        let source = Some(("SourceArn", at.pattern(pattern, &[&api])));
        template.permit(&permission, &function, "apigateway.amazonaws.com", source, &origin);
    }
    "CUSTOM"
}

/// `websocket`.
pub(super) fn add_websocket(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let aws = event.aws;
    let external = aws.provider_at(&["apiGateway", "websocketApiId"]);
    let api = external.cloned().unwrap_or_else(|| at.reference(WEBSOCKETS));
    if external.is_none() {
        add_websockets_api(event, template);
    }
    let route = match &event.value.kind {
        Kind::Map(_) => event.get("route").cloned(),
        _ => Some(event.value.clone()),
    };
    let route = route.unwrap_or_else(|| Value::unknown("the event names no route", at.0));
    let integration = format!("{}WebsocketsIntegration", event.normalized);
    let pattern =
        "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{0}/invocations";
    let properties = at.map([
        ("ApiId", api.clone()),
        ("IntegrationType", at.text("AWS_PROXY")),
        ("IntegrationUri", at.pattern(pattern, &[&event.arn_text()])),
    ]);
    template.add(&integration, "AWS::ApiGatewayV2::Integration", properties, &event.origin);
    let (kind, authorizer) = websocket_authorization(event, &api, template);
    let target = PartialText::reference(EntityId::new(&integration), "Ref");
    let id = format!(
        "{}WebsocketsRoute",
        naming::websocket_route(&scalar(&route).with_holes("unknown"))
    );
    let properties = at
        .properties()
        .set("ApiId", api.clone())
        .set("RouteKey", route)
        .set("Target", at.pattern("integrations/{0}", &[&target]))
        .set("AuthorizationType", kind)
        .set_some("AuthorizerId", authorizer);
    template.add_numbered(&id, "AWS::ApiGatewayV2::Route", properties.build(), &event.origin);
    let permission = format!("{}LambdaPermissionWebsockets", event.normalized);
    if !template.has(&permission) {
        let pattern = "arn:{partition}:execute-api:{region}:{account}:{0}/*";
        let source = Some(("SourceArn", at.pattern(pattern, &[&scalar(&api)])));
        let principal = "apigateway.amazonaws.com";
        template.permit(&permission, &event.arn(), principal, source, &event.origin);
        let manage = at.pattern("arn:{partition}:execute-api:*:*:*/@connections/*", &[]);
        let actions = ["execute-api:ManageConnections"];
        template.allow(&event.function.key, &actions, vec![manage], at);
    }
}

fn add_websockets_api(event: &Event<'_>, template: &mut Template) {
    let aws = event.aws;
    if template.has(WEBSOCKETS) {
        return;
    }
    let origin = Origin { name: WEBSOCKETS.to_owned(), ..event.origin.clone() };
    let at = origin.at();
    let name = aws.provider_at(&["websocketsApiName"]).cloned();
    let name = name.unwrap_or_else(|| at.partial(aws.named("{1}-{0}-websockets")));
    let selection = aws.provider_at(&["websocketsApiRouteSelectionExpression"]).cloned();
    let properties =
        at.properties().set("Name", name).set("ProtocolType", at.text("WEBSOCKET")).set(
            "RouteSelectionExpression",
            selection.unwrap_or_else(|| at.text("$request.body.action")),
        );
    template.add(WEBSOCKETS, "AWS::ApiGatewayV2::Api", properties.build(), &origin);
    let logs = aws.provider_at(&["logs", "websocket"]).filter(|logs| is_on(Some(logs)));
    let mut access = None;
    let mut settings = None;
    if let Some(logs) = logs {
        let group = "WebsocketsLogGroup";
        add_log_group(event, group, "/aws/websocket/{0}-{1}", &["logs", "websocket"], template);
        let at = At(logs.span);
        let is_logged = |key: &str| logs.get(key).is_none_or(|value| is_on(Some(value)));
        if is_logged("accessLogging") {
            let format = logs.get("format").cloned();
            let format = format.unwrap_or_else(|| at.text("$context.requestId"));
            access =
                Some(at.map([("DestinationArn", at.attribute(group, "Arn")), ("Format", format)]));
        }
        if is_logged("executionLogging") {
            let level = logs.get("level").cloned().unwrap_or_else(|| at.text("INFO"));
            settings = Some(at.map([("LoggingLevel", level)]));
        }
    }
    let properties = at
        .properties()
        .set("ApiId", at.reference(WEBSOCKETS))
        .set("StageName", at.partial(aws.stage.clone()))
        .set_some("AccessLogSettings", access)
        .set_some("DefaultRouteSettings", settings);
    let id = "WebsocketsDeploymentStage";
    template.add(id, "AWS::ApiGatewayV2::Stage", properties.build(), &origin);
}

fn websocket_authorization(
    event: &Event<'_>,
    api: &Value,
    template: &mut Template,
) -> (Value, Option<Value>) {
    let Some(said) = event.get("authorizer") else {
        return (event.at().text("NONE"), None);
    };
    let at = At(said.span);
    let is_settings = matches!(said.kind, Kind::Map(_)) && !is_intrinsic(said);
    if said.as_str().is_some_and(|word| word.eq_ignore_ascii_case("aws_iam")) {
        return (at.text("AWS_IAM"), None);
    }
    if matches!(said.kind, Kind::Unknown(_)) {
        return (said.clone(), None);
    }
    let named = if is_settings { said.get("arn").or_else(|| said.get("name")) } else { Some(said) };
    let Some(named) = named else {
        return (Value::unknown("the authorizer names no function", said.span), None);
    };
    let shown = said.get("name").filter(|_| is_settings).and_then(Value::as_str);
    let shown = shown.map_or_else(|| label(named), str::to_owned);
    let function = function_reference(event.aws, named);
    let identity = said.get("identitySource").filter(|_| is_settings).cloned();
    let identity = identity.unwrap_or_else(|| at.texts(&["route.request.header.Auth"]));
    let properties = at
        .properties()
        .set("ApiId", api.clone())
        .set("Name", at.text(&shown))
        .set("AuthorizerType", at.text("REQUEST"))
        .set("AuthorizerUri", authorizer_uri(&function))
        .set("IdentitySource", identity);
    let id = format!("{}WebsocketsAuthorizer", naming::normalized(&shown));
    let kind = "AWS::ApiGatewayV2::Authorizer";
    template.add(&id, kind, properties.build(), &event.origin);
    let permission = format!("{}LambdaPermissionWebsockets", naming::normalized(&shown));
    if !template.has(&permission) {
        let pattern = "arn:{partition}:execute-api:{region}:{account}:{0}/*";
        let source = Some(("SourceArn", at.pattern(pattern, &[&scalar(api)])));
        let principal = "apigateway.amazonaws.com";
        template.permit(&permission, &function, principal, source, &event.origin);
    }
    (at.text("CUSTOM"), Some(at.reference(&id)))
}
