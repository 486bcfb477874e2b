use app_graph::{AppGraph, Entity, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// An API's cache that keeps answers in the clear.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-api-cache",
    summary: "an API's cache is not encrypted",
    explanation: "The cache holds the answers that users got, personal data among them, and is not encrypted unless the \
        stage asks for it.\n\n\
        Switch on encryption of cached data, for GraphQL at rest and in transit.",
    family: Family::Api,
    severity: Severity::Medium,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["APIGateway.5", "AppSync.1", "AppSync.6"],
    counterparts: &[
        "CKV_AWS_308",
        "CKV_AWS_214",
        "CKV_AWS_215",
        "apigateway_restapi_cache_encrypted",
    ],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html",
        "https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-api-cache/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-api-cache/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let entity = &resource.entity;
        match &resource.kind {
            ResourceKind::Api(api) if api.cache.any(|on| *on) => {
                judge(entity, &api.cache_encrypted, "at rest", sink);
            }
            ResourceKind::GraphqlApi(api) => {
                let settings =
                    [(&api.cache_at_rest, "at rest"), (&api.cache_in_transit, "in transit")];
                for (encrypted, how) in settings {
                    if let Some(encrypted) = encrypted {
                        judge(entity, encrypted, how, sink);
                    }
                }
            }
            _ => {}
        }
    }
}

fn judge(entity: &Entity, encrypted: &Setting<bool>, how: &str, sink: &mut Sink) {
    for case in encrypted.cases() {
        let (span, edit) = match case.value {
            Settled::Known(said) if said.value => continue,
            Settled::Known(said) => (said.span, edit::replace(entity, &case, said, "true")),
            Settled::Unset => (entity.said, None),
            Settled::Unknown(unknown) => {
                sink.unknown(&RULE, entity, "encryption of the cache", unknown);
                continue;
            }
        };
        let message = format!("the cache of `{}` is not encrypted {how}", entity.name);
        let finding = Finding::new(&RULE, span, message)
            .resource(entity)
            .cause(how)
            .when(entity.condition.as_deref())
            .when(case.conditions.iter().copied())
            .fix(Fix::maybe(format!("switch on encryption of the cache {how}"), edit));
        sink.report(finding);
    }
}
