use app_graph::{
    Answer, Api, ApiProtocol, Integration, ResourceKind, Route, RouteAuth, Trigger, TriggerKind,
};
use text::{Problem, Setting};

use super::cors::Gathered;
use super::definition::Definition;
use super::integrations::{Target, answer, function, kind_of, target};
use super::stages::Stages;
use super::{Context, api_of, authorizers, part_of, trigger};
use crate::entity;
use crate::settings::{or_else, rate};
use documents::declaration::{Declaration, Declared};

/// Source: `AWS::ApiGatewayV2::Api` and what is attached to it.
pub(super) fn api(
    declaration: &Declaration,
    context: &Context<'_>,
    triggers: &mut Vec<Trigger>,
    _problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let protocol = protocol(declaration);
    let definition = Definition::new(declaration, protocol);
    definition.triggers(context, triggers);
    let quick = quick_route(declaration, context);
    let quick_stage = quick.as_ref().map(|_| declaration.said);
    triggers.extend(quick);
    let stages = Stages::new(declaration, "AWS::ApiGatewayV2::Stage", context);
    let mut cors = Gathered::default();
    let configuration = properties.get("CorsConfiguration");
    cors.configuration(configuration, "AllowOrigins", "AllowCredentials");
    definition.cors(&mut cors);
    let default_rate = ["DefaultRouteSettings", "ThrottlingRateLimit"];
    let disabled = properties.bool_at(&["DisableExecuteApiEndpoint"]);
    let disabled_in_body =
        ["x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint"];
    ResourceKind::Api(Box::new(Api {
        protocol,
        endpoint: Setting::known(app_graph::EndpointKind::Regional, declaration.said),
        default_endpoint_disabled: or_else(disabled, &|| {
            definition.body().map_or(Setting::Unset, |body| body.bool_at(&disabled_in_body))
        }),
        access_logs: stages.access_logs("AccessLogSettings"),
        throttle_rate: stages.setting(&|stage| {
            or_else(rate(stage, &default_rate), &|| {
                let routes = stage.get("RouteSettings").map_or(&[][..], |routes| routes.members());
                let mut rates =
                    routes.iter().map(|route| rate(&route.value, &["ThrottlingRateLimit"]));
                rates.find(|rate| !rate.is_unset()).unwrap_or_default()
            })
        }),
        tracing: Setting::Unset,
        web_acl: context.attachments.web_acl(declaration),
        cache: Setting::Unset,
        cache_encrypted: Setting::Unset,
        cors: cors.finish(),
        default_auth: definition.default_auth(context),
        validation: Setting::Unset,
        policy: None,
        stage: stages.first().or(quick_stage),
        routes_unknown: definition.unknown(),
    }))
}

fn protocol(declaration: &Declaration) -> ApiProtocol {
    let protocol = declaration.properties.string_at(&["ProtocolType"]);
    if protocol.any(|protocol| protocol.eq_ignore_ascii_case("WEBSOCKET")) {
        ApiProtocol::WebSocket
    } else {
        ApiProtocol::Http
    }
}

/// The route that an API with a target of its own begins with.
fn quick_route(declaration: &Declaration, context: &Context<'_>) -> Option<Trigger> {
    let properties = &declaration.properties;
    let target = properties.text_at(&["Target"]);
    let first = target.known_values().next()?;
    let key = properties.string_at(&["RouteKey"]);
    let key = key.single().map_or("$default", |said| said.value.as_str());
    let (method, path) = method_and_path(key, ApiProtocol::Http);
    let route = Route {
        method,
        path,
        api: Some(declaration.id.clone()),
        auth: Setting::known(RouteAuth::Anyone, first.span),
        api_key: Setting::Unset,
        validation: Setting::Unset,
        integration: Some(Integration::Function),
    };
    let entity = part_of(declaration, key, first.span, declaration.extent);
    let target = Target { function: function(&first.value, context), other: None };
    Some(trigger(entity, TriggerKind::HttpApi, Some(&declaration.id), Some(route), target))
}

fn method_and_path(key: &str, protocol: ApiProtocol) -> (String, String) {
    match (protocol, key.split_once(' ')) {
        (ApiProtocol::WebSocket, _) => (String::new(), key.to_owned()),
        (_, Some((method, path))) => (method.to_ascii_uppercase(), path.trim().to_owned()),
        (_, None) => ("ANY".to_owned(), key.to_owned()),
    }
}

/// Source: `AWS::ApiGatewayV2::Route`, `AWS::ApiGatewayV2::Integration`.
pub(super) fn route(declaration: &Declaration, context: &Context<'_>) -> Trigger {
    let properties = &declaration.properties;
    let api = api_of(declaration, "ApiId", context);
    let key = route_key(declaration);
    let protocol = match api {
        Some(api) => protocol(api),
        None if key.contains(['/', ' ']) || key == "$default" => ApiProtocol::Http,
        None => ApiProtocol::WebSocket,
    };
    let (method, path) = method_and_path(&key, protocol);
    let targets = properties.text_at(&["Target"]);
    let integration = targets.known_values().find_map(|said| {
        let reference = said.value.references().next()?;
        Some(&context.directory.get(&reference.entity)?.properties)
    });
    let route = Route {
        method,
        path,
        api: api.map(|api| api.id.clone()),
        auth: match (protocol, api) {
            (ApiProtocol::WebSocket, Some(api)) => connection_auth(declaration, api, context),
            _ => authorizers::route_auth(declaration, context),
        },
        api_key: properties.bool_at(&["ApiKeyRequired"]),
        validation: Setting::Unset,
        integration: integration.and_then(kind_of),
    };
    let kind = match protocol {
        ApiProtocol::WebSocket => TriggerKind::WebSocketApi,
        _ => TriggerKind::HttpApi,
    };
    let target = integration.map(|integration| target(integration, context));
    let answer = match key.as_str() {
        // Who has left waits for nothing.
        "$disconnect" => Answer::NotAwaited,
        _ => integration.map(answer).unwrap_or_default(),
    };
    let api = api.map(|api| &api.id);
    let trigger = trigger(entity(declaration), kind, api, Some(route), target.unwrap_or_default());
    Trigger { answer, ..trigger }
}

fn route_key(declaration: &Declaration) -> String {
    let key = declaration.properties.text_at(&["RouteKey"]);
    key.known_values().next().map_or_else(|| "${?}".to_owned(), |said| said.value.to_string())
}

/// Callers of a WebSocket API are judged once, when they connect; every message after that comes
/// from who was let in then.
///
/// Source: Amazon API Gateway developer guide, "Control access to WebSocket APIs".
fn connection_auth(
    route: &Declaration,
    api: &Declaration,
    context: &Context<'_>,
) -> Setting<RouteAuth> {
    let connection = context.connections.get(&api.id).copied();
    authorizers::route_auth(connection.unwrap_or(route), context)
}

/// Notes the route by which callers connect, of each WebSocket API.
pub(super) fn find_connections<'a>(declared: &'a Declared, context: &mut Context<'a>) {
    for declaration in &declared.declarations {
        if declaration.kind == "AWS::ApiGatewayV2::Route"
            && route_key(declaration) == "$connect"
            && let Some(api) = api_of(declaration, "ApiId", context)
        {
            context.connections.insert(api.id.clone(), declaration);
        }
    }
}
