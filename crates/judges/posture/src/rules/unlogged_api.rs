use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// A front door that does not write down who came.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unlogged-api",
    summary: "an API keeps no record of who called it",
    explanation: "After an incident the functions' logs say what they did, not who asked for it: addresses, callers and \
        refused requests are known to the API only.\n\n\
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
            ResourceKind::Api(api) if api.has_stage => &api.access_logs,
            ResourceKind::GraphqlApi(api) => &api.logging,
            ResourceKind::LoadBalancer(balancer) => &balancer.access_logs,
            ResourceKind::Distribution(distribution) => &distribution.logging,
            _ => continue,
        };
        let word = resource.kind.as_str();
        for case in logs.cases() {
            let span = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => said.span,
                Settled::Unset => entity.said,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "access logs", unknown);
                    continue;
                }
            };
            let message = format!("the {word} `{}` keeps no record of who called it", entity.name);
            let finding = Finding::new(&RULE, span, message)
                .resource(entity)
                .cause(word)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::advice("switch on access logs, with the caller's identity and address"));
            sink.report(finding);
        }
    }
}
