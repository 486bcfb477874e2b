use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Default, NOT_ENCRYPTED, Store};
use crate::rules::Check;

/// A file system without encryption at rest.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-filesystem",
    summary: "a file system is not encrypted",
    explanation: "Amazon EFS made from a template is not encrypted unless it is said, and cannot be \
        encrypted later without a copy.\n\n\
        Set `Encrypted`. On a file system that exists this makes a new one in its place: copy \
        the data first.",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["EFS.1"],
    counterparts: &["CKV_AWS_42", "AwsSolutions-EFS1", "efs_encryption_at_rest_enabled"],
    references: &["https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html"],
    firing: include_str!("../../fixtures/unencrypted-filesystem/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-filesystem/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::FileSystem(filesystem) = &resource.kind else { continue };
        let store = Store {
            entity: &resource.entity,
            encryption: &filesystem.encryption,
            default: Default::Plaintext,
            fault: NOT_ENCRYPTED,
            severity: Severity::Medium,
            property: Some(("Encrypted", "true")),
            wording: None,
            advice: "switch on encryption at rest; that replaces the file system: copy the data first",
        };
        encryption::judge(&RULE, &store, sink);
    }
}
