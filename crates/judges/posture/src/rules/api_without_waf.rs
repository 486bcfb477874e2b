use app_graph::{Api, ApiProtocol, AppGraph, Entity, Listener, LoadBalancer, ResourceKind, WebAcl};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::Facts;
use crate::exposure::{is_behind_firewall, is_closed, is_static};
use crate::rules::Check;
use crate::work::{balancer_works, distribution_works, open_work};

/// A public front door without a web application firewall.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "api-without-waf",
    summary: "no web application firewall stands in front of a public API",
    explanation: "A firewall stops floods, scanners and well-known attacks before they start functions, and is where a \
        hole can be closed in minutes. Reported for REST APIs with open routes that set something in motion, GraphQL APIs, application load balancers \
        and distributions of more than files, both unless they lead only to functions without rights; a REST API without even a limit is what unthrottled-api reports; HTTP APIs cannot have one and need a distribution in front. A REST API behind a \
        distribution with a firewall is left out.\n\n\
        Associate a web ACL with the managed rule groups and a rate rule.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[693],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &["APIGateway.4", "CloudFront.6", "ELB.16"],
    counterparts: &[
        "CKV_AWS_68",
        "CKV2_AWS_28",
        "CKV2_AWS_29",
        "CKV2_AWS_33",
        "AwsSolutions-APIG3",
        "AwsSolutions-CFR2",
        "apigateway_restapi_waf_acl_attached",
        "cloudfront_distributions_using_waf",
        "elbv2_waf_acl_attached",
    ],
    references: &[
        "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",
    ],
    firing: include_str!("../../fixtures/api-without-waf/firing.yaml"),
    clean: include_str!("../../fixtures/api-without-waf/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let entity = &resource.entity;
        let acl = match &resource.kind {
            ResourceKind::Api(api)
                if api.protocol == ApiProtocol::Rest
                    && api.stage.is_some()
                    && !is_closed(api)
                    && is_limited(api)
                    && open_work(graph, &entity.id).is_some()
                    && !is_behind_firewall(graph, &entity.id) =>
            {
                &api.web_acl
            }
            ResourceKind::GraphqlApi(api) if !api.private.any(|private| *private) => &api.web_acl,
            ResourceKind::LoadBalancer(balancer)
                if balancer.public.any(|public| *public)
                    && takes_firewall(balancer)
                    && balancer_works(graph, entity, balancer) =>
            {
                &balancer.web_acl
            }
            ResourceKind::Distribution(distribution)
                if !is_static(graph, distribution)
                    && distribution_works(graph, entity, distribution) =>
            {
                &distribution.web_acl
            }
            _ => continue,
        };
        judge(entity, resource.kind.as_str(), acl, sink);
    }
}

fn judge(entity: &Entity, word: &str, acl: &Setting<WebAcl>, sink: &mut Sink) {
    for case in acl.cases() {
        match case.value {
            Settled::Unset => {
                let message =
                    format!("no firewall stands in front of the {word} `{}`", entity.name);
                let finding = Finding::new(&RULE, entity.said, message)
                    .confidence(Confidence::Medium)
                    .resource(entity)
                    .cause(word)
                    .when(entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::advice("associate a web ACL with managed rules and a rate rule"));
                sink.report(finding);
            }
            Settled::Unknown(unknown) => sink.unknown(&RULE, entity, "web ACL", unknown),
            Settled::Known(_) => {}
        }
    }
}

/// Whether an API has a rate of its own: without one, unthrottled-api asks for both at once.
fn is_limited(api: &Api) -> bool {
    !api.throttle_rate.is_unset()
}

/// Neither a classic load balancer nor one of connections can have a firewall.
fn takes_firewall(balancer: &LoadBalancer) -> bool {
    let of_connections =
        |listener: &Listener| listener.protocol.any(|protocol| !protocol.starts_with("HTTP"));
    !balancer.classic && !balancer.listeners.iter().any(of_connections)
}
