use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Default, NOT_ENCRYPTED, Store};
use crate::rules::Check;

/// A queue whose encryption is switched off.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-queue",
    summary: "a queue's encryption is switched off",
    explanation: "Amazon SQS encrypts every queue with a key of its own unless that is switched off; \
        then messages rest in plain text. Encryption costs nothing.\n\n\
        Remove the line, or set it to true.",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["SQS.1"],
    counterparts: &["CKV_AWS_27", "AwsSolutions-SQS2", "sqs_queues_server_side_encryption_enabled"],
    references: &[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-queue/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-queue/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Queue(queue) = &resource.kind else { continue };
        let store = Store {
            entity: &resource.entity,
            encryption: &queue.encryption,
            default: Default::ProviderKey,
            fault: NOT_ENCRYPTED,
            severity: Severity::Medium,
            property: Some(("SqsManagedSseEnabled", "true")),
            wording: None,
            advice: "leave encryption on",
        };
        encryption::judge(&RULE, &store, sink);
    }
}
