use app_graph::{AppGraph, ResourceKind, RouteAuth, TriggerKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::exposure::{Caller, api_of, apis, callers, is_closed};
use crate::rules::Check;
use crate::weight::weight;

/// A route or GraphQL API where an API key is all that is asked for.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "api-key-only-auth",
    summary: "an API key is all that is asked of callers",
    explanation: "An API key says which program calls, not who: it is the same for all users, stands in web pages and \
        apps for everyone to read, and works until someone replaces it. The platform's own advice is to use keys \
        for quotas and not for access.\n\n\
        Add an authorizer (JWT, Cognito, IAM or a function) and keep the key for the usage plan.",
    family: Family::Api,
    severity: Severity::Medium,
    cwe: &[287, 798],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["AppSync.5"],
    counterparts: &["AwsSolutions-APIG4", "appsync_graphql_api_no_api_key_authentication"],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
        "https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
    ],
    firing: include_str!("../../fixtures/api-key-only-auth/firing.yaml"),
    clean: include_str!("../../fixtures/api-key-only-auth/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    judge_routes(graph, sink);
    judge_graphql(graph, sink);
}

fn judge_routes(graph: &AppGraph, sink: &mut Sink) {
    let has_several = apis(graph).nth(1).is_some();
    for trigger in &graph.triggers {
        let Some(route) = &trigger.route else { continue };
        if !matches!(trigger.kind, TriggerKind::RestApi | TriggerKind::HttpApi)
            || route.method == "OPTIONS"
        {
            continue;
        }
        let api = api_of(graph, route);
        if api.is_some_and(|(_, api)| is_closed(api)) {
            continue;
        }
        let asks_key = route.api_key.known_values().find(|said| said.value);
        for (conditions, caller) in callers(route, api.map(|(_, api)| api)) {
            let is_key_only = match (&caller, asks_key) {
                (Caller::Anyone(_), Some(_)) => true,
                (Caller::Checked(auth), _) => **auth == RouteAuth::ApiKey,
                _ => false,
            };
            if !is_key_only {
                continue;
            }
            let place = asks_key.map_or(trigger.entity.said, |said| said.span);
            let (severity, _) = weight(graph, trigger, route);
            let whose = match api {
                Some((entity, _)) if has_several => format!(" of `{}`", entity.name),
                _ => String::new(),
            };
            let message =
                format!("an API key is all that `{} {}`{whose} asks for", route.method, route.path);
            let mut finding = Finding::new(&RULE, place, message)
                .severity(severity.min(RULE.severity))
                .confidence(Confidence::Medium)
                .resource(&trigger.entity)
                .through(trigger)
                .cause("API key on routes")
                .when(trigger.entity.condition.as_deref())
                .when(conditions)
                .fix(Fix::advice("add an authorizer and keep the key for quotas"));
            let function = trigger.function.as_ref().and_then(|function| graph.function(function));
            if let Some(function) = function {
                finding = finding.function(&function.entity);
            }
            sink.report(finding);
        }
    }
}

fn judge_graphql(graph: &AppGraph, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::GraphqlApi(api) = &resource.kind else { continue };
        if api.private.any(|private| *private) {
            continue;
        }
        let entity = &resource.entity;
        let Some(default) = api.auth.first() else { continue };
        for case in default.cases() {
            match case.value {
                Settled::Known(said) if said.value == RouteAuth::ApiKey => {
                    let is_only =
                        api.auth.iter().all(|mode| mode.any(|auth| *auth == RouteAuth::ApiKey));
                    let severity = if is_only { Severity::High } else { Severity::Medium };
                    let message =
                        format!("an API key is all that `{}` asks for by default", entity.name);
                    let finding = Finding::new(&RULE, said.span, message)
                        .severity(severity)
                        .resource(entity)
                        .cause("default authentication")
                        .when(entity.condition.as_deref())
                        .when(case.conditions)
                        .fix(Fix::advice(
                            "make a user pool, OpenID Connect or IAM the default authentication",
                        ));
                    sink.report(finding);
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "default authentication", unknown);
                }
                Settled::Known(_) | Settled::Unset => {}
            }
        }
    }
}
