use std::collections::BTreeSet;

use app_graph::{AppGraph, ResourceKind, Trigger, TriggerKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Setting;

use crate::Facts;
use crate::rules::Check;

/// What a web application firewall never sees.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "waf-blind-trigger",
    summary: "a function has triggers that the application's firewall never sees",
    explanation: "A web application firewall looks at HTTP requests in front of an API, and nothing \
        else. Events from queues, buckets, streams or mail, and function URLs, carry the \
        same hostile input past it. This is a note of what it does not cover, in \
        applications that have one.\n\n\
        Validate the input in the function, whatever its trigger; put a distribution with \
        the firewall in front of a function URL.",
    family: Family::Function,
    severity: Severity::Info,
    cwe: &[1173, 693],
    owasp: Owasp::Injection,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
    ],
    firing: include_str!("../../fixtures/waf-blind-trigger/firing.yaml"),
    clean: include_str!("../../fixtures/waf-blind-trigger/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    if !graph.resources.iter().any(|resource| has_firewall(&resource.kind)) {
        return;
    }
    for function in &graph.functions {
        let mut kinds = BTreeSet::new();
        let mut first = None;
        for trigger in graph.triggers_of(&function.entity.id) {
            if is_blind(graph, trigger) && kinds.insert(trigger.kind.as_str()) && first.is_none() {
                first = Some(trigger);
            }
        }
        let Some(first) = first else { continue };
        let list = kinds.into_iter().collect::<Vec<_>>().join(", ");
        let name = &function.entity.name;
        sink.report(
            Finding::new(
                &RULE,
                first.entity.said,
                format!("the firewall never sees what starts `{name}`: {list}"),
            )
            .function(&function.entity)
            .when(function.entity.condition.as_deref())
            .fix(Fix::advice("validate the input in the function")),
        );
    }
}

/// Whether no firewall can look at what this trigger carries: events that strangers may shape and
/// that come on no web address, or one without a firewall.
fn is_blind(graph: &AppGraph, trigger: &Trigger) -> bool {
    use TriggerKind as Kind;
    match trigger.kind {
        Kind::FunctionUrl => true,
        Kind::RestApi
        | Kind::HttpApi
        | Kind::WebSocketApi
        | Kind::GraphqlApi
        | Kind::LoadBalancer => {
            let api = trigger.route.as_ref().and_then(|route| route.api.as_ref());
            let source = trigger.source_entity.as_ref().or(api);
            let source = source.and_then(|id| graph.resource(id));
            // An HTTP API takes no firewall itself; one that stands behind a distribution with a
            // firewall is seen there.
            let behind = trigger.kind == Kind::HttpApi
                && graph.resources.iter().any(|resource| {
                    matches!(resource.kind, ResourceKind::Distribution(_))
                        && has_firewall(&resource.kind)
                });
            source.is_some_and(|source| !has_firewall(&source.kind) && !behind)
        }
        // What the platform itself sends, and what has passed a front door.
        Kind::Schedule | Kind::Authorizer | Kind::Distribution | Kind::CustomResource => false,
        Kind::SecretRotation | Kind::Alarm | Kind::ConfigRule | Kind::Pipeline => false,
        _ => true,
    }
}

fn has_firewall(kind: &ResourceKind) -> bool {
    fn is_set<T>(setting: &Setting<T>) -> bool {
        !setting.is_unset()
    }
    match kind {
        ResourceKind::Api(api) => is_set(&api.web_acl),
        ResourceKind::GraphqlApi(api) => is_set(&api.web_acl),
        ResourceKind::Distribution(distribution) => is_set(&distribution.web_acl),
        ResourceKind::LoadBalancer(balancer) => is_set(&balancer.web_acl),
        _ => false,
    }
}
