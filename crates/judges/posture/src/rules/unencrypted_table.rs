use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Store};
use crate::rules::Check;

/// A table without encryption, or without the key that others have.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-table",
    summary: "a table is not encrypted as the application's others are",
    explanation: "The platform encrypts every table with a key of its own, so \"unencrypted\" is only \
        what is switched off. Where the application protects other tables with a customer \
        key, one that lacks it can be read without the right to use that key, and no log \
        shows it.\n\n\
        Set the same key.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &[],
    counterparts: &["CKV_AWS_119", "dynamodb_tables_kms_cmk_encryption_enabled"],
    references: &[
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-table/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-table/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let stores: Vec<Store<'_>> = graph
        .resources
        .iter()
        .filter_map(|resource| {
            let ResourceKind::Table(table) = &resource.kind else { return None };
            Some(Store::beside_peers(&resource.entity, &table.encryption))
        })
        .collect();
    encryption::judge_beside_peers(&RULE, &stores, sink);
}
