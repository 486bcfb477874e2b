use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Store};
use crate::rules::Check;

/// Logs without encryption, or without the key that others have.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-log-group",
    summary: "a log group is not encrypted as the application's others are",
    explanation: "The platform encrypts every log group with a key of its own, so \"unencrypted\" is \
        only what is switched off. Where the application protects other log groups with a \
        customer key, one that lacks it can be read without the right to use that key, and \
        no log shows it.\n\n\
        Set the same key.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &[],
    counterparts: &["CKV_AWS_158", "cloudwatch_log_group_kms_encryption_enabled"],
    references: &[
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-log-group/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-log-group/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let stores: Vec<Store<'_>> = graph
        .resources
        .iter()
        .filter_map(|resource| {
            let ResourceKind::LogGroup(group) = &resource.kind else { return None };
            Some(Store::beside_peers(&resource.entity, &group.encryption))
        })
        .collect();
    encryption::judge_beside_peers(&RULE, &stores, sink);
}
