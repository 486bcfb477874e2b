//! REST APIs: resources, methods, cross-origin answers, stage, keys.
//!
//! Source: the Serverless Framework's `compile/events/api-gateway/` and its guide "API Gateway".
//! Settings that the framework gives the stage after deployment stand on a stage here.

use text::{EntityId, PartialText};

use super::events::Event;
use super::template::{Origin, Template};
use super::write::{At, is_on, scalar};
use super::{Aws, functions, naming, rest_authorizer};
use documents::value::{Kind, Value};

const API: &str = "ApiGatewayRestApi";
const STAGE: &str = "ApiGatewayStage";

/// Names an API that another stack declares; the routes and their answers are the service's own.
const EXTERNAL: &[&str] = &["apiGateway", "restApiId"];
const ELSEWHERE: &str = "the REST API is declared elsewhere";

/// A method's path and verb as written.
struct Endpoint {
    path: String,
    method: Value,
}

/// `http` of a function.
pub(super) fn add(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    add_method(event, integration(event), template);
    let permission = format!("{}LambdaPermissionApiGateway", event.normalized);
    if !template.has(&permission) {
        let pattern = "arn:{partition}:execute-api:{region}:{account}:{0}/*/*";
        let source = at.pattern(pattern, &[&scalar(&at.reference(API))]);
        let principal = "apigateway.amazonaws.com";
        let source = Some(("SourceArn", source));
        template.permit(&permission, &event.arn(), principal, source, &event.origin);
    }
}

/// `http` of a state machine, as serverless-step-functions adds it.
pub(super) fn add_to_state_machine(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let action = event.value.get("action").and_then(Value::as_str).unwrap_or("StartExecution");
    let uri = format!("arn:{{partition}}:apigateway:{{region}}:states:action/{action}");
    let machine = PartialText::reference(EntityId::new(&event.function_id), "Ref");
    let integration = at
        .properties()
        .set("IntegrationHttpMethod", at.text("POST"))
        .set("Type", at.text("AWS"))
        .set("Uri", at.pattern(&uri, &[]))
        // What the template takes of the request is its own; which machine it starts matters.
        .set("RequestTemplates", at.map([("application/json", at.partial(machine))]));
    add_method(event, integration.build(), template);
}

/// A method with its resources, who may call it and what it asks of a request.
fn add_method(event: &Event<'_>, integration: Value, template: &mut Template) {
    let at = event.at();
    let endpoint = endpoint(event);
    add_api(event.aws, &event.origin, template);
    let resource = add_resources(event, &endpoint.path, template);
    let settings = event.value;
    if let Some(cors) = settings.member("cors").filter(|cors| is_on(Some(&cors.value))) {
        add_cors(event, &endpoint.path, &resource, At(cors.key_span), &cors.value, template);
    }
    let verb = endpoint.method.as_str().unwrap_or("any").to_uppercase();
    let path_name = naming::path(&endpoint.path);
    let id = format!("ApiGatewayMethod{path_name}{}", naming::method(&verb));
    let private = settings.member("private");
    let key_required = match private {
        Some(member) => member.value.clone(),
        None => at.truth(false),
    };
    let authorization = rest_authorizer::add(event, API, template);
    let (validator, models) = add_request_schemas(event, &id, template);
    let properties = at
        .properties()
        .set(
            "HttpMethod",
            match endpoint.method.kind {
                Kind::Unknown(_) => endpoint.method.clone(),
                _ => Value::text(verb, endpoint.method.span),
            },
        )
        .set("RestApiId", at.reference(API))
        .set("ResourceId", resource)
        .set("ApiKeyRequired", key_required)
        .set("AuthorizationType", authorization.kind)
        .set_some("AuthorizerId", authorization.authorizer)
        .set_some("AuthorizationScopes", authorization.scopes)
        .set("Integration", integration)
        .set_some("RequestParameters", request_parameters(settings))
        .set_some("RequestValidatorId", validator)
        .set_some("RequestModels", models)
        .take("OperationName", settings, "operationId");
    template.add_numbered(&id, "AWS::ApiGateway::Method", properties.build(), &event.origin);
}

/// Reads `GET users/{id}` and the mapping with `path` and `method`.
fn endpoint(event: &Event<'_>) -> Endpoint {
    let value = event.value;
    let from_text = |text: &str| {
        let (method, path) = text.trim().split_once(char::is_whitespace).unwrap_or(("any", text));
        (path.trim().trim_matches('/').to_owned(), Value::text(method, value.span))
    };
    let (path, method) = match &value.kind {
        Kind::Map(_) => {
            let path = value.get("path").map(scalar).unwrap_or_default().with_holes("unknown");
            let method = value.get("method").cloned();
            let unknown = || Value::unknown("the event names no method", value.span);
            (path.trim().trim_matches('/').to_owned(), method.unwrap_or_else(unknown))
        }
        Kind::Text(text) => from_text(&text.with_holes("unknown")),
        Kind::Unknown(why) => ("unknown".to_owned(), Value::unknown(why.clone(), value.span)),
        _ => (String::new(), Value::unknown("the event has no path", value.span)),
    };
    Endpoint {
        path,
        method: if method.as_str() == Some("*") { Value::text("ANY", method.span) } else { method },
    }
}

fn add_api(aws: &Aws<'_>, origin: &Origin, template: &mut Template) {
    if template.has(API) {
        return;
    }
    if aws.provider_at(EXTERNAL).is_some() {
        let origin = aws.provider_origin(EXTERNAL, API);
        let properties = origin.at().properties();
        return template.add(API, "AWS::ApiGateway::RestApi", properties.build(), &origin);
    }
    let null = Value::new(Kind::Null, origin.said);
    let settings = aws.provider_at(&["apiGateway"]).unwrap_or(&null);
    let provider = aws.provider();
    let origin = Origin { name: API.to_owned(), ..api_origin(aws, "apiGateway", origin) };
    let at = origin.at();
    let name = match aws.provider_at(&["apiName"]) {
        Some(name) => name.clone(),
        None if is_on(settings.get("shouldStartNameWithService")) => {
            at.partial(aws.named("{0}-{1}"))
        }
        None => at.partial(aws.named("{1}-{0}")),
    };
    let kind = match provider.member("endpointType") {
        Some(member) => {
            let word = member.value.as_str().map(str::to_uppercase);
            let word = word.map(|word| Value::text(word, member.value.span));
            word.unwrap_or_else(|| member.value.clone())
        }
        None => at.text("EDGE"),
    };
    let endpoint = at.properties().set("Types", at.list([kind])).take(
        "VpcEndpointIds",
        provider,
        "vpcEndpointIds",
    );
    let policy = aws.provider_at(&["apiGateway", "resourcePolicy"]);
    let policy = policy.or_else(|| aws.provider_at(&["resourcePolicy"])).map(|statements| {
        let at = At(statements.span);
        at.map([("Version", at.text("2012-10-17")), ("Statement", statements.clone())])
    });
    let properties = at
        .properties()
        .set("Name", name)
        .take("Description", settings, "description")
        .set("EndpointConfiguration", endpoint.build())
        .set_some("Policy", policy)
        .take("ApiKeySourceType", settings, "apiKeySourceType")
        .take("BinaryMediaTypes", settings, "binaryMediaTypes")
        .take("MinimumCompressionSize", settings, "minimumCompressionSize")
        .take("DisableExecuteApiEndpoint", settings, "disableDefaultEndpoint");
    template.add(API, "AWS::ApiGateway::RestApi", properties.build(), &origin);
}

/// An API is said where its settings are, else by the first event that asks for it.
pub(super) fn api_origin(aws: &Aws<'_>, key: &str, event: &Origin) -> Origin {
    match aws.provider_at(&[key]) {
        Some(_) => aws.provider_origin(&[key], key),
        None => Origin { insertion: None, ..event.clone() },
    }
}

/// Adds the resources of a path; answers the reference to the last.
fn add_resources(event: &Event<'_>, path: &str, template: &mut Template) -> Value {
    let at = event.at();
    let aws = event.aws;
    let mut parent = match aws.provider_at(&["apiGateway", "restApiRootResourceId"]) {
        Some(id) => id.clone(),
        None if aws.provider_at(EXTERNAL).is_some() => Value::unknown(ELSEWHERE, at.0),
        None => at.attribute(API, "RootResourceId"),
    };
    let mut so_far = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if !so_far.is_empty() {
            so_far.push('/');
        }
        so_far.push_str(part);
        let id = format!("ApiGatewayResource{}", naming::path(&so_far));
        let properties = at.map([
            ("ParentId", parent),
            ("PathPart", at.text(part)),
            ("RestApiId", at.reference(API)),
        ]);
        template.add(&id, "AWS::ApiGateway::Resource", properties, &event.origin);
        parent = at.reference(&id);
    }
    parent
}

fn integration(event: &Event<'_>) -> Value {
    let at = event.at();
    let settings = event.value;
    let said = settings.get("integration").or_else(|| settings.get("type"));
    let word = said.and_then(Value::as_str).map(|word| word.to_uppercase().replace('_', "-"));
    let kind = match word.as_deref() {
        Some("LAMBDA" | "AWS") => "AWS",
        Some("HTTP") => "HTTP",
        Some("HTTP-PROXY") => "HTTP_PROXY",
        Some("MOCK") => "MOCK",
        _ => "AWS_PROXY",
    };
    let pattern =
        "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{0}/invocations";
    let uri = at.pattern(pattern, &[&event.arn_text()]);
    let request = settings.get("request");
    let uri = match (kind, request.and_then(|request| request.get("uri"))) {
        ("HTTP" | "HTTP_PROXY", Some(uri)) => uri.clone(),
        _ => uri,
    };
    let invocation = is_on(settings.get("async")).then(|| {
        at.map([("integration.request.header.X-Amz-Invocation-Type", at.text("'Event'"))])
    });
    at.properties()
        .set("IntegrationHttpMethod", at.text("POST"))
        .set("Type", at.text(kind))
        .set("Uri", uri)
        .set_some("RequestParameters", invocation)
        .take("TimeoutInMillis", settings, "timeoutInMillis")
        .build()
}

fn request_parameters(settings: &Value) -> Option<Value> {
    let parameters = settings.get("request")?.get("parameters")?;
    let mut all = At(parameters.span).properties();
    let mut count = 0_usize;
    for (group, place) in
        [("querystrings", "querystring"), ("headers", "header"), ("paths", "path")]
    {
        for member in parameters.get(group).map(Value::members).unwrap_or_default() {
            let required = member.value.get("required").unwrap_or(&member.value);
            all = all.set(&format!("method.request.{place}.{}", member.key), required.clone());
            count += 1;
        }
    }
    (count > 0).then(|| all.build())
}

/// Adds the models and the validator of an event with request schemas.
fn add_request_schemas(
    event: &Event<'_>,
    method: &str,
    template: &mut Template,
) -> (Option<Value>, Option<Value>) {
    let request = event.get("request");
    let schemas = request.and_then(|it| it.get("schemas").or_else(|| it.get("schema")));
    let required = request_parameters(event.value).is_some_and(|parameters| {
        parameters.members().iter().any(|member| matches!(member.value.kind, Kind::Bool(true)))
    });
    let Some(schemas) = schemas.filter(|schemas| !schemas.is_null()) else {
        return (required.then(|| add_validator(event, template)), None);
    };
    let at = At(schemas.span);
    let validator = add_validator(event, template);
    let mut models = at.properties();
    for member in schemas.members() {
        let said = member.value.get("schema").unwrap_or(&member.value);
        let id = format!("{method}{}Model", naming::normalized_alphanumeric(&member.key));
        let properties = at
            .properties()
            .set("RestApiId", at.reference(API))
            .set("ContentType", at.text(&member.key))
            .set("Schema", said.clone());
        template.add(&id, "AWS::ApiGateway::Model", properties.build(), &event.origin);
        models = models.set(&member.key, at.reference(&id));
    }
    (Some(validator), Some(models.build()))
}

fn add_validator(event: &Event<'_>, template: &mut Template) -> Value {
    let at = event.at();
    let name = naming::normalized_alphanumeric(&event.aws.name.with_holes(""));
    let id = format!("ApiGateway{name}RequestValidator");
    let properties = at.map([
        ("RestApiId", at.reference(API)),
        ("ValidateRequestBody", at.truth(true)),
        ("ValidateRequestParameters", at.truth(true)),
    ]);
    template.add(&id, "AWS::ApiGateway::RequestValidator", properties, &event.origin);
    at.reference(&id)
}

/// Adds the method that answers what other origins may do.
fn add_cors(
    event: &Event<'_>,
    path: &str,
    resource: &Value,
    at: At,
    cors: &Value,
    template: &mut Template,
) {
    let quoted = |value: &Value| {
        let mut text = PartialText::known("'");
        match &value.kind {
            Kind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    text.extend(&PartialText::known(if index > 0 { "," } else { "" }));
                    text.extend(&scalar(item));
                }
            }
            _ => text.extend(&scalar(value)),
        }
        text.extend(&PartialText::known("'"));
        At(value.span).partial(text)
    };
    let origins = cors.get("origins").or_else(|| cors.get("origin"));
    let origin = match (&cors.kind, origins) {
        (Kind::Unknown(_), _) => cors.clone(),
        (_, Some(origins)) => quoted(origins),
        (_, None) => At(cors.span).text("'*'"),
    };
    let default = "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id'";
    let headers = cors.get("headers").map_or_else(|| at.text(default), quoted);
    let name = |header: &str| format!("method.response.header.Access-Control-{header}");
    let mut parameters = at
        .properties()
        .set(&name("Allow-Origin"), origin)
        .set(&name("Allow-Headers"), headers)
        .set(
            &name("Allow-Methods"),
            cors.get("methods").map_or_else(|| at.text("'OPTIONS'"), quoted),
        );
    if let Some(allow) = cors.get("allowCredentials") {
        parameters = parameters.set(&name("Allow-Credentials"), quoted(allow));
    }
    if let Some(age) = cors.get("maxAge") {
        parameters = parameters.set(&name("Max-Age"), quoted(age));
    }
    let answer =
        at.map([("StatusCode", at.text("200")), ("ResponseParameters", parameters.build())]);
    let integration =
        at.map([("Type", at.text("MOCK")), ("IntegrationResponses", at.list([answer]))]);
    let properties = at
        .properties()
        .set("HttpMethod", at.text("OPTIONS"))
        .set("AuthorizationType", at.text("NONE"))
        .set("ApiKeyRequired", at.truth(false))
        .set("RestApiId", at.reference(API))
        .set("ResourceId", resource.clone())
        .set("Integration", integration);
    let id = format!("ApiGatewayMethod{}Options", naming::path(path));
    let origin = Origin { said: at.0, ..event.origin.clone() };
    template.add(&id, "AWS::ApiGateway::Method", properties.build(), &origin);
}

/// Adds what an API has once: deployment, stage, log group, keys and usage plans.
pub(super) fn finish(aws: &Aws<'_>, template: &mut Template) {
    let Some(api) = template.get(API) else { return };
    let origin = api.origin.clone();
    if aws.provider_at(EXTERNAL).is_some() {
        return finish_elsewhere(aws, &origin, template);
    }
    let at = origin.at();
    let stage_name = at.partial(aws.stage.clone());
    let properties = at.map([("RestApiId", at.reference(API))]);
    template.add("ApiGatewayDeployment", "AWS::ApiGateway::Deployment", properties, &origin);

    let logs = aws.provider_at(&["logs", "restApi"]).filter(|logs| is_on(Some(logs)));
    let mut access = None;
    let mut methods = None;
    if let Some(logs) = logs {
        let at = At(logs.span);
        let is_logged = |key: &str| logs.get(key).is_none_or(|value| is_on(Some(value)));
        if is_logged("accessLogging") {
            let log_origin = aws.provider_origin(&["logs", "restApi"], "ApiGatewayLogGroup");
            let properties = at
                .properties()
                .set("LogGroupName", at.partial(aws.named("/aws/api-gateway/{0}-{1}")))
                .take("RetentionInDays", aws.provider(), "logRetentionInDays");
            let kind = "AWS::Logs::LogGroup";
            template.add("ApiGatewayLogGroup", kind, properties.build(), &log_origin);
            let format = logs.get("format").cloned();
            let format = format.unwrap_or_else(|| at.text("requestId: $context.requestId"));
            access = Some(at.map([
                ("DestinationArn", at.attribute("ApiGatewayLogGroup", "Arn")),
                ("Format", format),
            ]));
        }
        if is_logged("executionLogging") {
            let level = logs.get("level").cloned().unwrap_or_else(|| at.text("INFO"));
            let trace = logs.get("fullExecutionData").cloned();
            methods = Some(at.list([at.map([
                ("HttpMethod", at.text("*")),
                ("ResourcePath", at.text("/*")),
                ("LoggingLevel", level),
                ("DataTraceEnabled", trace.unwrap_or_else(|| at.truth(true))),
            ])]));
        }
    }
    let tags = aws.provider_at(&["tags"]).and_then(functions::tag_list);
    let null = Value::new(Kind::Null, at.0);
    let tracing = aws.provider_at(&["tracing"]).unwrap_or(&null);
    let properties = at
        .properties()
        .set("RestApiId", at.reference(API))
        .set("DeploymentId", at.reference("ApiGatewayDeployment"))
        .set("StageName", stage_name)
        .take("TracingEnabled", tracing, "apiGateway")
        .set_some("AccessLogSetting", access)
        .set_some("MethodSettings", methods)
        .set_some("Tags", tags);
    let stage_origin = Origin { name: STAGE.to_owned(), ..origin.clone() };
    template.add(STAGE, "AWS::ApiGateway::Stage", properties.build(), &stage_origin);
    add_keys(aws, template);
}

/// Adds a stage of which nothing is known: whoever declares the API limits, logs and guards it.
fn finish_elsewhere(aws: &Aws<'_>, origin: &Origin, template: &mut Template) {
    let at = origin.at();
    let unknown = || Value::unknown(ELSEWHERE, origin.said);
    let mut properties = at
        .properties()
        .set("RestApiId", at.reference(API))
        .set("StageName", at.partial(aws.stage.clone()));
    for setting in ["AccessLogSetting", "MethodSettings", "TracingEnabled", "CacheClusterEnabled"] {
        properties = properties.set(setting, unknown());
    }
    template.add(STAGE, "AWS::ApiGateway::Stage", properties.build(), origin);
    let association = at.map([("ResourceArn", at.reference(API)), ("WebACLArn", unknown())]);
    template.add("ApiGatewayWebAcl", "AWS::WAFv2::WebACLAssociation", association, origin);
}

fn add_keys(aws: &Aws<'_>, template: &mut Template) {
    // Version 3 no longer reads what stands beside `apiGateway`.
    let old = aws.service.is_before_version_3();
    let settings = |key: &str| {
        let beside = || aws.provider_at(&[key]).filter(|_| old);
        aws.provider_at(&["apiGateway", key]).or_else(beside)
    };
    let path: &[&str] =
        if aws.provider_at(&["apiGateway"]).is_some() { &["apiGateway"] } else { &["apiKeys"] };
    let origin = aws.provider_origin(path, "ApiGatewayUsagePlan");
    let at = origin.at();
    let mut number = 0;
    for key in settings("apiKeys").map(Value::items).unwrap_or_default() {
        // Keys of several usage plans stand in lists under the plans' names.
        let keys: Vec<&Value> = match key.members() {
            [plan] if matches!(plan.value.kind, Kind::List(_)) => {
                plan.value.items().iter().collect()
            }
            _ => vec![key],
        };
        for key in keys {
            number += 1;
            let name = key.get("name").unwrap_or(key).clone();
            let properties = At(key.span)
                .properties()
                .set("Enabled", at.truth(true))
                .set("Name", name)
                .take("Value", key, "value")
                .set(
                    "StageKeys",
                    at.list([at.map([
                        ("RestApiId", at.reference(API)),
                        ("StageName", at.partial(aws.stage.clone())),
                    ])]),
                );
            let id = format!("ApiGatewayApiKey{number}");
            template.add(&id, "AWS::ApiGateway::ApiKey", properties.build(), &origin);
        }
    }
    let plans = settings("usagePlan");
    if plans.is_none() && number == 0 {
        return;
    }
    let null = Value::new(Kind::Null, at.0);
    let plans = plans.unwrap_or(&null);
    let plans: Vec<(String, &Value)> = match &plans.kind {
        Kind::List(items) => items
            .iter()
            .flat_map(Value::members)
            .map(|member| (naming::normalized_alphanumeric(&member.key), &member.value))
            .collect(),
        _ => vec![(String::new(), plans)],
    };
    for (name, plan) in plans {
        let at = At(plan.span);
        let quota = plan.get("quota").map(|quota| {
            At(quota.span)
                .properties()
                .take("Limit", quota, "limit")
                .take("Offset", quota, "offset")
                .take("Period", quota, "period")
                .build()
        });
        let throttle = plan.get("throttle").map(|throttle| {
            At(throttle.span)
                .properties()
                .take("BurstLimit", throttle, "burstLimit")
                .take("RateLimit", throttle, "rateLimit")
                .build()
        });
        let stage = PartialText::reference(EntityId::new(STAGE), "Ref");
        let stages =
            at.list([at.map([("ApiId", at.reference(API)), ("Stage", at.partial(stage))])]);
        let properties = at
            .properties()
            .set("ApiStages", stages)
            .set_some("Quota", quota)
            .set_some("Throttle", throttle);
        let id = format!("ApiGatewayUsagePlan{name}");
        template.add(&id, "AWS::ApiGateway::UsagePlan", properties.build(), &origin);
    }
}
