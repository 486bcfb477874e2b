use app_graph::{AppGraph, Entity, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Case, Setting, Settled};

use crate::Facts;
use crate::exposure::is_static;
use crate::rules::Check;
use crate::work::{api_works, balancer_works, distribution_works};

/// A front door that does not write down who came.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unlogged-api",
    summary: "an API keeps no record of who called it",
    explanation: "After an incident the functions' logs say what they did, not who asked for it: addresses, callers and \
        refused requests are known to the API only. An API, load balancer or distribution is left out where no call can change anything: it \
        only reads, answers by itself, or starts functions without rights.\n\n\
        Switch on access logs of the stage (or of the load balancer or distribution), with the caller's \
        identity and address in the format.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[778],
    owasp: Owasp::InsufficientLogging,
    security_hub: &["APIGateway.1", "APIGateway.9", "AppSync.2", "CloudFront.5", "ELB.5"],
    counterparts: &[
        "CKV_AWS_76",
        "CKV_AWS_95",
        "CKV_AWS_193",
        "CKV_AWS_86",
        "CKV_AWS_91",
        "AwsSolutions-APIG1",
        "AwsSolutions-APIG6",
        "AwsSolutions-ASC3",
        "AwsSolutions-CFR3",
        "AwsSolutions-ELB2",
        "Serverless-APIGWAccessLogging",
        "apigateway_restapi_logging_enabled",
        "apigatewayv2_api_access_logging_enabled",
        "cloudfront_distributions_logging_enabled",
        "elbv2_logging_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html",
    ],
    firing: include_str!("../../fixtures/unlogged-api/firing.yaml"),
    clean: include_str!("../../fixtures/unlogged-api/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let entity = &resource.entity;
        let logs = match &resource.kind {
            ResourceKind::Api(api) if api.stage.is_some() && api_works(graph, &entity.id) => {
                &api.access_logs
            }
            ResourceKind::GraphqlApi(api) => &api.logging,
            ResourceKind::LoadBalancer(balancer)
                if balancer.public.any(|public| *public)
                    && balancer_works(graph, entity, balancer) =>
            {
                &balancer.access_logs
            }
            ResourceKind::Distribution(distribution)
                if !is_static(graph, distribution)
                    && distribution_works(graph, entity, distribution) =>
            {
                &distribution.logging
            }
            _ => continue,
        };
        judge(entity, resource.kind.as_str(), logs, sink);
    }
}

fn judge(entity: &Entity, word: &str, logs: &Setting<bool>, sink: &mut Sink) {
    let cases = logs.cases();
    let is_off = |case: &Case<'_, bool>| match case.value {
        Settled::Known(said) => !said.value,
        Settled::Unset => true,
        Settled::Unknown(_) => false,
    };
    for case in &cases {
        if let Settled::Unknown(unknown) = case.value {
            sink.unknown(&RULE, entity, "access logs", unknown);
        }
    }
    // Stages without logs are one fault, named with its condition where others have them.
    let Some(case) = cases.iter().find(|case| is_off(case)) else { return };
    let conditions = if cases.iter().all(is_off) { &[] } else { case.conditions.as_slice() };
    let span = match case.value {
        Settled::Known(said) => said.span,
        _ => entity.said,
    };
    let message = format!("the {word} `{}` keeps no record of who called it", entity.name);
    let finding = Finding::new(&RULE, span, message)
        .resource(entity)
        .cause(word)
        .when(entity.condition.as_deref())
        .when(conditions.iter().copied())
        .fix(Fix::advice("switch on access logs, with the caller's identity and address"));
    sink.report(finding);
}
