use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Default, NOT_ENCRYPTED, Store};
use crate::rules::Check;

/// A cache without encryption at rest.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-cache",
    summary: "a cache is not encrypted at rest",
    explanation: "Sessions and carts that a cache writes to disk and to its backups rest in plain text \
        unless encryption is switched on.\n\n\
        Set `AtRestEncryptionEnabled`; memcached nodes cannot be encrypted and are not \
        asked.",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["ElastiCache.4"],
    counterparts: &[
        "CKV_AWS_29",
        "AwsSolutions-AEC3",
        "elasticache_redis_cluster_rest_encryption_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-cache/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-cache/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Cache(cache) = &resource.kind else { continue };
        if is_single_node(&resource.entity.type_name) {
            continue;
        }
        let store = Store {
            entity: &resource.entity,
            encryption: &cache.encryption,
            default: Default::Plaintext,
            fault: NOT_ENCRYPTED,
            severity: Severity::Medium,
            property: Some(("AtRestEncryptionEnabled", "true")),
            wording: None,
            advice: "switch on encryption at rest",
        };
        encryption::judge(&RULE, &store, sink);
    }
}

/// Whether it is a node on its own, which cannot be encrypted at rest.
fn is_single_node(type_name: &str) -> bool {
    matches!(type_name, "AWS::ElastiCache::CacheCluster" | "aws_elasticache_cluster")
}
