use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// A cache that is talked to without TLS.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "plaintext-cache-transport",
    summary: "connections to a cache are not encrypted",
    explanation: "Sessions, tokens and passwords of the cache travel in plain text through the network \
        between function and cache.\n\n\
        Set `TransitEncryptionEnabled`; clients then need TLS as well.",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[319],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["ElastiCache.5"],
    counterparts: &[
        "CKV_AWS_30",
        "CKV_AWS_31",
        "CKV_AWS_239",
        "AwsSolutions-AEC3",
        "elasticache_redis_cluster_in_transit_encryption_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
    ],
    firing: include_str!("../../fixtures/plaintext-cache-transport/firing.yaml"),
    clean: include_str!("../../fixtures/plaintext-cache-transport/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Cache(cache) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in cache.in_transit.cases() {
            let (span, edit) = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => (said.span, None),
                Settled::Unset => {
                    let scalar = entity.type_name.contains("ReplicationGroup")
                        || entity.type_name.contains("replication_group");
                    let edit = edit::add_property(entity, "TransitEncryptionEnabled", "true");
                    (entity.said, edit.filter(|_| scalar && case.conditions.is_empty()))
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "encryption in transit", unknown);
                    continue;
                }
            };
            sink.report(
                Finding::new(
                    &RULE,
                    span,
                    format!("connections to `{}` are not encrypted", entity.name),
                )
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::maybe("switch on encryption in transit", edit)),
            );
        }
    }
}
