use app_graph::{AppGraph, Route, Trigger, TriggerKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::exposure::{Caller, api_of, callers, is_closed};
use crate::rules::Check;

/// A route that anyone may call.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unauthenticated-route",
    summary: "anyone on the internet may call a route",
    explanation: "No authorizer stands in front of the route, so everyone who finds it starts the function behind it: \
        routes that write are judged high, routes that read medium. Preflight requests, private APIs and APIs \
        with a restricting resource policy are left out.\n\n\
        Give the route an authorizer (JWT, Cognito, IAM or a function), best as the API's default. A route that \
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

/// Ends of paths that are made for everyone and say nothing about anyone.
const FOR_EVERYONE: &[&str] = &[
    "",
    "favicon.ico",
    "health",
    "healthcheck",
    "healthz",
    "livez",
    "openapi.json",
    "openapi.yaml",
    "ping",
    "readyz",
    "robots.txt",
    "status",
    "swagger",
    "swagger.json",
    "version",
];

/// Words in paths of those who cannot have signed in: they prove themselves in the request.
const PROVES_ITSELF: &[&str] = &[
    "auth", "callback", "confirm", "hook", "login", "oauth", "password", "register", "signin",
    "sign-in", "signup", "sign-up", "slack", "stripe", "telegram", "token", "webhook",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for trigger in &graph.triggers {
        let Some(route) = &trigger.route else { continue };
        if !is_judged(trigger, route) {
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
                        (_, Some(_)) => "authentication is switched off".to_owned(),
                        (Some((entity, _)), None) => {
                            format!("no authentication on `{}`", entity.name)
                        }
                        (None, None) => "no authentication".to_owned(),
                    };
                    let (severity, confidence) = weight(trigger, route, api.is_some());
                    let mut finding =
                        Finding::new(&RULE, place, format!("anyone may call `{shown}`{starts}"))
                            .severity(severity)
                            .confidence(confidence)
                            .resource(&trigger.entity)
                            .cause(whose)
                            .when(trigger.entity.condition.as_deref())
                            .when(conditions)
                            .fix(Fix::advice(
                                "give the route an authorizer, best as the API's default",
                            ));
                    if let Some(entity) = reached {
                        finding = finding.function(entity);
                    }
                    sink.report(finding);
                }
            }
        }
    }
}

/// Preflight requests carry no credentials, messages on an open WebSocket belong to the one who
/// connected, and a route with an API key is what api-key-only-auth reports.
fn is_judged(trigger: &Trigger, route: &Route) -> bool {
    match trigger.kind {
        TriggerKind::WebSocketApi => route.path == "$connect",
        TriggerKind::RestApi | TriggerKind::HttpApi => {
            route.method != "OPTIONS" && !route.api_key.any(|asked| *asked)
        }
        _ => false,
    }
}

fn shown(trigger: &Trigger, route: &Route) -> String {
    match trigger.kind {
        TriggerKind::WebSocketApi => route.path.clone(),
        _ if route.method.is_empty() => route.path.clone(),
        _ => format!("{} {}", route.method, route.path),
    }
}

fn weight(trigger: &Trigger, route: &Route, is_api_known: bool) -> (Severity, Confidence) {
    let path = route.path.to_ascii_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_read = matches!(route.method.as_str(), "GET" | "HEAD");
    let proves_itself = PROVES_ITSELF.iter().any(|word| path.contains(word));
    if is_read && (FOR_EVERYONE.contains(&last) || path.contains("/.well-known/")) {
        return (Severity::Low, Confidence::Medium);
    }
    let is_connection = trigger.kind == TriggerKind::WebSocketApi;
    let severity = if is_read || is_connection { Severity::Medium } else { Severity::High };
    match (proves_itself, is_api_known) {
        (true, _) => (Severity::Medium, Confidence::Medium),
        (false, false) => (severity, Confidence::Medium),
        (false, true) => (severity, Confidence::High),
    }
}
