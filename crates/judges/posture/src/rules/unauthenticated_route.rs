use app_graph::{
    Api, ApiProtocol, AppGraph, Cloud, Entity, Integration, Route, Trigger, TriggerKind,
};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Unknown;

use crate::Facts;
use crate::exposure::{
    Caller, api_of, balancer_of, callers, is_closed, is_defined, is_internal, routes_of, shown,
};
use crate::rules::Check;
use crate::weight::{is_signed, weight};

/// A route that anyone may call.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unauthenticated-route",
    summary: "anyone on the internet may call a route",
    explanation: "No authorizer stands in front of the route, so everyone who finds it starts the function behind it: \
        routes that write are judged high and routes that read medium, both one less where the function has \
        rights on nothing, and a write one less where its path speaks of a sender who signs. Preflight requests, private APIs and APIs \
        with a restricting resource policy are left out, and internal load balancers.\n\n\
        Give the route an authorizer (JWT, Cognito, IAM or a function), best as the API's default where it takes one. A route that \
        is meant for everyone, such as a sign-in or a webhook with a signature of its own, is allowed \
        with its reason.",
    family: Family::Api,
    severity: Severity::High,
    cwe: &[306, 862],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["APIGateway.8"],
    counterparts: &[
        "CKV_AWS_59",
        "CKV_AWS_309",
        "CKV2_AWS_70",
        "AwsSolutions-APIG4",
        "AwsSolutions-COG4",
        "apigateway_restapi_authorizers_enabled",
        "apigateway_restapi_public_with_authorizer",
        "apigatewayv2_api_authorizers_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
    ],
    firing: include_str!("../../fixtures/unauthenticated-route/firing.yaml"),
    clean: include_str!("../../fixtures/unauthenticated-route/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for trigger in &graph.triggers {
        let Some(route) = &trigger.route else { continue };
        if trigger.kind == TriggerKind::LoadBalancer && balancer_of(graph, trigger).is_none() {
            let unknown =
                Unknown::new("the load balancer is not declared here", trigger.entity.said);
            sink.unknown(&RULE, &trigger.entity, "who reaches the load balancer", &unknown);
            continue;
        }
        if !is_judged(graph, trigger, route) {
            continue;
        }
        let api = api_of(graph, route);
        if api.is_some_and(|(_, api)| is_closed(api)) {
            continue;
        }
        for (conditions, caller) in callers(route, api.map(|(_, api)| api)) {
            match caller {
                Caller::Checked(_) => {}
                Caller::Unknown(unknown) => {
                    sink.unknown(&RULE, &trigger.entity, "authentication of the route", unknown);
                }
                Caller::Anyone(said) => {
                    let place = said.unwrap_or(trigger.entity.said);
                    let shown = shown(trigger, route);
                    let reached = trigger
                        .function
                        .as_ref()
                        .and_then(|function| graph.function(function))
                        .map(|function| &function.entity);
                    let starts = reached
                        .map_or(String::new(), |entity| format!(" and start `{}`", entity.name));
                    let whose = match (api, said) {
                        (Some(_), Some(_)) => "authentication is switched off".to_owned(),
                        (Some((entity, _)), None) => {
                            format!("no authentication on `{}`", entity.name)
                        }
                        (None, _) => "no authentication".to_owned(),
                    };
                    let advice = if is_signed(graph, trigger, route) {
                        "check the sender's signature in the handler, and allow it with a reason"
                            .to_owned()
                    } else {
                        advice(graph, trigger, api)
                    };
                    let (severity, confidence) = weight(graph, trigger, route);
                    let mut finding =
                        Finding::new(&RULE, place, format!("anyone may call `{shown}`{starts}"))
                            .severity(severity)
                            .confidence(confidence)
                            .resource(&trigger.entity)
                            .through(trigger)
                            .cause(whose)
                            .when(trigger.entity.condition.as_deref())
                            .when(conditions)
                            .fix(Fix::advice(advice));
                    if let Some(entity) = reached {
                        finding = finding.function(entity);
                    }
                    sink.report(finding);
                }
            }
        }
    }
}

/// What to do about a route of an API, or of none in the application.
fn advice(graph: &AppGraph, trigger: &Trigger, api: Option<(&Entity, &Api)>) -> String {
    match trigger.kind {
        TriggerKind::WebSocketApi => return "give the route `$connect` an authorizer".to_owned(),
        TriggerKind::AgentGateway => {
            return "give the gateway an authorizer: `CUSTOM_JWT` or `AWS_IAM`".to_owned();
        }
        TriggerKind::LoadBalancer => {
            // Such actions are for HTTPS listeners only.
            let is_secure = balancer_of(graph, trigger).is_some_and(|(_, balancer)| {
                let mut listeners = balancer.listeners.iter();
                listeners.any(|listener| listener.protocol.any(|protocol| protocol == "HTTPS"))
            });
            return match is_secure {
                true => "let an action of the listener authenticate callers before it forwards them",
                false => {
                    "add an HTTPS listener, and let its action authenticate callers before it forwards them"
                }
            }
            .to_owned();
        }
        _ => {}
    }
    let default = api.and_then(|(entity, api)| default_place(trigger, entity, api));
    match (default, trigger.entity.cloud) {
        (Some(place), Cloud::Aws) => {
            format!("give the route an authorizer, or `{place}` one for all its routes")
        }
        (None, Cloud::Aws) => "give the route an authorizer".to_owned(),
        (_, Cloud::Google) => "let only the accounts that call it invoke the function".to_owned(),
        (_, Cloud::Azure) => {
            "ask for a function key, or sign callers in on the application".to_owned()
        }
        (_, Cloud::Other) => {
            "put a gateway that signs callers in before it, or check them in the function"
                .to_owned()
        }
    }
}

/// Where an authorizer for all routes can be named: in the OpenAPI definition of an HTTP API, and
/// at an API whose definition SAM writes or finds in the template.
///
/// Source: the SAM specification, `ApiAuth` and `HttpApiAuth`.
fn default_place<'graph>(
    trigger: &Trigger,
    entity: &'graph Entity,
    api: &Api,
) -> Option<&'graph str> {
    let is_of_sam = entity.type_name.starts_with("AWS::Serverless::");
    match entity.name.as_str() {
        "ServerlessRestApi" if is_of_sam => return Some("Globals.Api.Auth"),
        "ServerlessHttpApi" if is_of_sam => return Some("Globals.HttpApi.Auth"),
        _ => {}
    }
    let is_in_template = trigger.entity.said.source == entity.said.source;
    let takes_default = api.protocol == ApiProtocol::Http || is_of_sam && is_in_template;
    (is_defined(trigger, entity) && takes_default).then_some(&entity.name)
}

/// Preflight requests carry no credentials, an answer from the configuration tells nobody
/// anything, messages on an open WebSocket belong to the one who connected, and a route with an
/// API key is what api-key-only-auth reports.
fn is_judged(graph: &AppGraph, trigger: &Trigger, route: &Route) -> bool {
    match trigger.kind {
        TriggerKind::WebSocketApi => {
            let routes = || route.api.iter().flat_map(|api| routes_of(graph, api));
            // Without a route for it everyone is connected: the first route stands for the API.
            let is_first =
                || routes().next().is_some_and(|(first, _)| first.entity.id == trigger.entity.id);
            route.path == "$connect"
                || !routes().any(|(_, other)| other.path == "$connect") && is_first()
        }
        TriggerKind::RestApi | TriggerKind::HttpApi => {
            route.method != "OPTIONS"
                && route.integration != Some(Integration::Mock)
                && !route.api_key.any(|asked| *asked)
        }
        TriggerKind::AgentGateway => true,
        TriggerKind::LoadBalancer => {
            balancer_of(graph, trigger).is_some_and(|(_, balancer)| !is_internal(balancer))
        }
        _ => false,
    }
}
