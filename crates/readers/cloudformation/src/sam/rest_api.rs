//! `AWS::Serverless::Api`: the REST API with its definition, stage and what goes with them.

use text::{EntityId, Span};

use crate::sam::Expansion;
use crate::sam::api_auth::{self, Preflight, requirements};
use crate::sam::api_draft::{ApiDraft, ApiKind, RouteDraft};
use crate::sam::api_events::stage_suffix;
use crate::sam::generated::{
    Properties, each_case, member_mut, reference, set_member, tag_list, text_value,
};
use crate::sam::openapi::{self, Inserted, each_map, insert_operation, skeleton};
use crate::sam::{custom_domain, function, resource_policy, usage_plan};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Properties that `AWS::ApiGateway::RestApi` takes as they are.
const KEPT: &[&str] = &[
    "ApiKeySourceType",
    "BinaryMediaTypes",
    "Description",
    "DisableExecuteApiEndpoint",
    "EndpointAccessMode",
    "FailOnWarnings",
    "MinimumCompressionSize",
    "Mode",
    "Name",
    "Policy",
    "SecurityPolicy",
];

/// Properties that `AWS::ApiGateway::Stage` takes as they are.
const STAGE_KEPT: &[&str] = &[
    "AccessLogSetting",
    "CacheClusterEnabled",
    "CacheClusterSize",
    "CanarySetting",
    "MethodSettings",
    "StageName",
    "TracingEnabled",
    "Variables",
];

/// Makes the API's declarations once all events have added their routes.
pub(super) fn finish(mut draft: ApiDraft, expansion: &mut Expansion<'_>) {
    draft.settle_condition();
    let managed = draft.is_managed();
    let ApiDraft { declaration, routes, .. } = draft;
    let given = &declaration.properties;
    let definition = definition(&declaration, managed, &routes, expansion);
    let mut api = Properties::new(given.span)
        .keep(given, KEPT)
        .set_some("EndpointConfiguration", given.get("EndpointConfiguration").map(endpoint))
        .set_some("Tags", given.get("Tags").map(tag_list));
    api = match definition {
        Some(definition) => api.set("Body", definition),
        None => {
            let stored = given.get("DefinitionUri").map(|uri| {
                each_case(uri, &mut |uri| match function::stored_object(uri) {
                    Value { kind: Kind::Map(_), span, .. } if uri.get("Bucket").is_some() => {
                        Properties::new(span).keep(uri, &["Bucket", "Key", "Version"]).build()
                    }
                    stored => stored,
                })
            });
            api.set_some("BodyS3Location", stored)
        }
    };
    expansion.made.push(Declaration {
        kind: "AWS::ApiGateway::RestApi".to_owned(),
        properties: api.build(),
        ..declaration.clone()
    });
    let stage = declare_stage(&declaration, expansion);
    api_auth::declare_authorizer_permissions(&declaration, ApiKind::Rest, expansion);
    custom_domain::declare_for_rest_api(&declaration, &stage, expansion);
    usage_plan::declare(&declaration, &stage, expansion);
}

/// The deployment and the stage. The transform has the deployment make a second stage by the name of
/// `Stage` as well, for old templates' sake; nobody writes settings for that one, so it is left out.
fn declare_stage(api: &Declaration, expansion: &mut Expansion<'_>) -> EntityId {
    let given = &api.properties;
    let stage_name = given.member("StageName");
    let span = stage_name.map_or(api.said, |member| member.key_span);
    let api_id = text_value(reference(&api.id, "Ref"), api.said);
    let deployment = Properties::new(api.said).set("RestApiId", api_id.clone()).build();
    let name = format!("{}Deployment", api.name);
    let kind = "AWS::ApiGateway::Deployment";
    let deployment = expansion.declare(api, None, &name, kind, deployment, api.said);
    let stage = Properties::new(given.span)
        .set("RestApiId", api_id)
        .set("DeploymentId", text_value(reference(&deployment, "Ref"), span))
        .keep(given, STAGE_KEPT)
        .set_some("Tags", given.get("Tags").map(tag_list))
        .build();
    let suffix = stage_suffix(stage_name.map(|member| &member.value)).unwrap_or_default();
    let name = format!("{}{suffix}Stage", api.name);
    let id = expansion.declare(api, None, &name, "AWS::ApiGateway::Stage", stage, api.said);
    // What the author wrote for the API is said of the stage too: fixes go to the same place.
    if let Some(made) = expansion.made.iter_mut().find(|made| made.id == id) {
        made.insertion = api.insertion.clone();
        made.allowances = api.allowances.clone();
        made.extent = api.extent;
    }
    id
}

fn endpoint(configuration: &Value) -> Value {
    each_case(configuration, &mut |configuration| match &configuration.kind {
        Kind::Map(_) => {
            let kind = configuration.get("Type").cloned();
            let types = kind.map(|kind| Value::list([kind], configuration.span));
            Properties::new(configuration.span)
                .set_some("Types", types)
                .keep_as(configuration, "VPCEndpointIds", "VpcEndpointIds")
                .keep(configuration, &["VpcEndpointIds", "IpAddressType", "Types"])
                .build()
        }
        Kind::Null => configuration.clone(),
        _ => {
            let types = Value::list([configuration.clone()], configuration.span);
            Value::map([("Types", types)], configuration.span)
        }
    })
}

/// The definition with everything the transform writes into it; `None` where it lies elsewhere.
fn definition(
    api: &Declaration,
    managed: bool,
    routes: &[RouteDraft],
    expansion: &mut Expansion<'_>,
) -> Option<Value> {
    let given = &api.properties;
    let mut definition = match given.get("DefinitionBody") {
        Some(body) if !body.is_null() => body.clone(),
        _ if managed => match given.get("OpenApiVersion").and_then(Value::as_str) {
            Some(version) if version.starts_with('3') => skeleton("openapi", version, api.said),
            _ => skeleton("swagger", "2.0", api.said),
        },
        _ => return None,
    };
    let merges = function::switched_on(given.get("MergeDefinitions"));
    let auth = given.get("Auth").cloned();
    let auth = auth.unwrap_or_else(|| Value::new(Kind::Null, api.said));
    each_map(&mut definition, &mut |definition| {
        let mut decided = Vec::new();
        for route in routes {
            let added = add_route(definition, route, &auth, managed || merges, expansion);
            if added == Inserted::Yes {
                decided.push(route);
            }
        }
        add_preflight(definition, given);
        api_auth::secure(definition, &auth, ApiKind::Rest, &decided, api.said);
        resource_policy::add(definition, &auth, routes, given.get("StageName"));
        add_extensions(definition, given);
    });
    Some(definition)
}

fn add_route(
    definition: &mut Value,
    route: &RouteDraft,
    auth: &Value,
    writes: bool,
    expansion: &mut Expansion<'_>,
) -> Inserted {
    let options = route.method == "options";
    let preflight = if options { Preflight::Yes } else { Preflight::No };
    let security = requirements(&route.auth, auth, preflight);
    if !writes {
        let overrides = route.auth.get("OverrideApiAuth").is_some() && !security.is_null();
        if overrides {
            openapi::visit_operations(definition, &mut |path, method, operation| {
                if path == route.path && openapi::method_key(method) == route.method {
                    set_member(operation, "security", security.clone());
                }
            });
        }
        return if overrides { Inserted::Yes } else { Inserted::Occupied };
    }
    let mut operation = route.operation.clone();
    if !security.is_null() {
        set_member(&mut operation, "security", security);
    }
    let inserted = insert_operation(definition, &route.path, &route.method, &operation);
    let message = match inserted {
        Inserted::Yes => return inserted,
        Inserted::Occupied => format!("`{}` of this path is defined more than once", route.method),
        Inserted::Lost => format!("`{}` could not be added to the API's definition", route.path),
    };
    expansion.lost(message, operation.span);
    inserted
}

/// `Cors`: an operation for each path that answers browsers beforehand.
fn add_preflight(definition: &mut Value, given: &Value) {
    let Some(cors) = given.get("Cors").filter(|cors| !cors.is_null()) else { return };
    let span = cors.span;
    let part = |key: &str, default: Option<&str>| {
        let part = each_case(cors, &mut |cors| match &cors.kind {
            Kind::Map(_) => match cors.get(key) {
                Some(part) => part.clone(),
                None => default.map_or_else(
                    || Value::new(Kind::Null, span),
                    |default| Value::text(default, span),
                ),
            },
            _ if key == "AllowOrigin" => cors.clone(),
            _ => Value::new(Kind::Null, span),
        });
        (!part.is_null()).then_some(part)
    };
    let quoted = |value: Value| {
        each_case(&value, &mut |value| match value.kind {
            Kind::Bool(true) => Value::text("'true'", value.span),
            _ => value.clone(),
        })
    };
    let header = |name: &str| format!("method.response.header.Access-Control-Allow-{name}");
    let parameters = Properties::new(span)
        .set_some(&header("Origin"), part("AllowOrigin", Some("'*'")))
        .set_some(&header("Methods"), part("AllowMethods", None))
        .set_some(&header("Headers"), part("AllowHeaders", None))
        .set_some(&header("Credentials"), part("AllowCredentials", None).map(quoted))
        .set_some("method.response.header.Access-Control-Max-Age", part("MaxAge", None))
        .build();
    let response = Properties::new(span)
        .set("statusCode", Value::text("200", span))
        .set("responseParameters", parameters)
        .build();
    let integration = Properties::new(span)
        .set("type", Value::text("mock", span))
        .set("responses", Value::map([("default", response)], span))
        .build();
    let operation = Value::map([(openapi::INTEGRATION, integration)], span);
    let mut paths: Vec<String> = Vec::new();
    openapi::visit_operations(definition, &mut |path, _, _| {
        if !paths.iter().any(|other| other == path) {
            paths.push(path.to_owned());
        }
    });
    for path in paths {
        insert_operation(definition, &path, "options", &operation);
    }
}

/// Gateway responses, models and request validators.
fn add_extensions(definition: &mut Value, given: &Value) {
    if let Some(responses) = given.get("GatewayResponses") {
        for response in responses.members() {
            let value = gateway_response(&response.value);
            let key = "x-amazon-apigateway-gateway-responses";
            if let Some(place) = member_mut(definition, key, responses.span) {
                set_member(place, &response.key, value);
            }
        }
    }
    if let Some(models) = given.get("Models") {
        for model in models.members() {
            let schemas = if openapi::is_version_3(definition) {
                member_mut(definition, "components", models.span)
                    .and_then(|components| member_mut(components, "schemas", models.span))
            } else {
                member_mut(definition, "definitions", models.span)
            };
            if let Some(schemas) = schemas {
                set_member(schemas, &model.key.to_ascii_lowercase(), model.value.clone());
            }
        }
    }
    let mut used: Vec<(String, Span)> = Vec::new();
    openapi::visit_operations(definition, &mut |_, _, operation| {
        let validator = operation.get("x-amazon-apigateway-request-validator");
        if let Some((name, span)) = validator.and_then(|it| Some((it.as_str()?, it.span)))
            && !used.iter().any(|(other, _)| other == name)
        {
            used.push((name.to_owned(), span));
        }
    });
    for (name, span) in used {
        let flag = |holds: bool| crate::sam::generated::boolean(holds, span);
        let (body, parameters) = match name.as_str() {
            "body-and-params" => (true, true),
            "body-only" => (true, false),
            "params-only" => (false, true),
            "no-validation" => (false, false),
            // The author's own.
            _ => continue,
        };
        let validator = Value::map(
            [("validateRequestBody", flag(body)), ("validateRequestParameters", flag(parameters))],
            span,
        );
        let key = "x-amazon-apigateway-request-validators";
        if let Some(place) = member_mut(definition, key, span) {
            set_member(place, &name, validator);
        }
    }
}

fn gateway_response(response: &Value) -> Value {
    each_case(response, &mut |response| {
        let mut parameters = Properties::new(response.span);
        let kinds = [("Headers", "header"), ("Paths", "path"), ("QueryStrings", "querystring")];
        for (key, word) in kinds {
            let given = response.get("ResponseParameters").and_then(|it| it.get(key));
            for member in given.map(Value::members).unwrap_or_default() {
                let name = format!("gatewayresponse.{word}.{}", member.key);
                parameters = parameters.set(&name, member.value.clone());
            }
        }
        Properties::new(response.span)
            .keep_as(response, "StatusCode", "statusCode")
            .set("responseParameters", parameters.build())
            .keep_as(response, "ResponseTemplates", "responseTemplates")
            .build()
    })
}
