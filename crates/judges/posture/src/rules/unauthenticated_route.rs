use app_graph::{AppGraph, Cloud, Integration, Route, Trigger, TriggerKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::exposure::{Caller, api_of, callers, is_closed, routes_of, shown};
use crate::rules::Check;
use crate::work::{does_work, writes};

/// A route that anyone may call.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unauthenticated-route",
    summary: "anyone on the internet may call a route",
    explanation: "No authorizer stands in front of the route, so everyone who finds it starts the function behind it: \
        routes that write are judged high and routes that read medium, both one less where the function has \
        rights on nothing. Preflight requests, private APIs and APIs \
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
    "api-docs",
    "docs",
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
    "swagger-ui",
    "swagger.json",
    "version",
];

/// Words in paths of those who cannot have signed in yet.
const SIGNS_IN: &[&str] =
    &["auth", "callback", "login", "logout", "oauth", "register", "signin", "signout", "signup"];

/// Words in paths and names of those whose requests carry a signature of their sender.
const SIGNED: &[&str] = &[
    "bot", "confirm", "github", "hook", "hooks", "password", "slack", "stripe", "telegram",
    "token", "twilio", "webhook", "webhooks",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for trigger in &graph.triggers {
        let Some(route) = &trigger.route else { continue };
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
                        (_, Some(_)) => "authentication is switched off".to_owned(),
                        (Some((entity, _)), None) => {
                            format!("no authentication on `{}`", entity.name)
                        }
                        (None, None) => "no authentication".to_owned(),
                    };
                    let advice = match (api, trigger.entity.cloud) {
                        (Some((entity, _)), _) => format!(
                            "give the route an authorizer, or `{}` one for all its routes",
                            entity.name
                        ),
                        (None, cloud) => advice(cloud).to_owned(),
                    };
                    let (severity, confidence) = weight(graph, trigger, route, api.is_some());
                    let mut finding =
                        Finding::new(&RULE, place, format!("anyone may call `{shown}`{starts}"))
                            .severity(severity)
                            .confidence(confidence)
                            .resource(&trigger.entity)
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

/// What to do about a route that belongs to no API of the application.
fn advice(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Aws => "give the route an authorizer",
        Cloud::Google => "let only the accounts that call it invoke the function",
        Cloud::Azure => "ask for a function key, or sign callers in on the application",
        Cloud::Other => {
            "put a gateway that signs callers in before it, or check them in the function"
        }
    }
}

/// Preflight requests carry no credentials, an answer from the configuration tells nobody anything, messages on an open WebSocket belong to the one who
/// connected, and a route with an API key is what api-key-only-auth reports.
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
        _ => false,
    }
}

/// How bad it is: by what a stranger sets in motion, less for what is made for everyone or proves
/// itself in the request.
fn weight(
    graph: &AppGraph,
    trigger: &Trigger,
    route: &Route,
    is_api_known: bool,
) -> (Severity, Confidence) {
    let last = route.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.to_ascii_lowercase();
    let is_connection = trigger.kind == TriggerKind::WebSocketApi;
    if !writes(route)
        && (FOR_EVERYONE.contains(&last.as_str()) || route.path.contains("/.well-known/"))
    {
        return (Severity::Low, Confidence::Medium);
    }
    let words = words(&route.path);
    let has_one_of = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has_one_of(SIGNS_IN) {
        return (Severity::Low, Confidence::Medium);
    }
    let severity = match (writes(route) && !is_connection, does_work(graph, trigger, route)) {
        (true, true) => Severity::High,
        (true, false) | (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    };
    let named = trigger.function.as_ref().and_then(|id| graph.function(id));
    let is_signed = has_one_of(SIGNED)
        || named.is_some_and(|function| {
            self::words(&function.entity.name).iter().any(|word| SIGNED.contains(&word.as_str()))
        });
    match (is_signed, is_api_known) {
        (true, _) => (severity.min(Severity::Medium), Confidence::Medium),
        (false, false) => (severity, Confidence::Medium),
        (false, true) => (severity, Confidence::High),
    }
}

/// The words of a path or name in lower case: `/setWebhook/sign-in` has `set`, `webhook`,
/// `signin`, `sign` and `in`.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for segment in text.split(['/', '{', '}', '.', '?', '+', ' ']) {
        let whole: String = segment.chars().filter(|letter| letter.is_alphanumeric()).collect();
        words.push(whole.to_ascii_lowercase());
        let mut word = String::new();
        for letter in segment.chars() {
            let begins = letter.is_ascii_uppercase() && word.ends_with(char::is_lowercase);
            if begins || !letter.is_alphabetic() {
                words.push(std::mem::take(&mut word));
            }
            if letter.is_alphabetic() {
                word.push(letter.to_ascii_lowercase());
            }
        }
        words.push(word);
    }
    words
}
