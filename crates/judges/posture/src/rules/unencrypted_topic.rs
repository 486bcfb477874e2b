use app_graph::{AppGraph, Content, Resource, ResourceKind, Topic};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::edit::Wording;
use crate::encryption::{self, Default, Store};
use crate::rules::Check;

/// A topic without a KMS key.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-topic",
    summary: "no key policy guards a topic's messages",
    explanation: "Amazon SNS encrypts its disks. Without a KMS key that is all: no key policy says who may \
        put messages in and have them read, and no trail of the key tells who did.\n\n\
        Name a key. With `alias/aws/sns` other AWS services cannot publish; where they do, \
        use a key of your own that lets them.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["SNS.1"],
    counterparts: &["CKV_AWS_26", "AwsSolutions-SNS2", "sns_topics_kms_encryption_at_rest_enabled"],
    references: &["https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html"],
    firing: include_str!("../../fixtures/unencrypted-topic/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-topic/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Topic(topic) = &resource.kind else { continue };
        let own_publishers_only = has_own_publishers_only(graph, topic);
        let store = Store {
            entity: &resource.entity,
            encryption: &topic.encryption,
            default: Default::Plaintext,
            fault: "has no KMS key: no key policy guards its messages",
            severity: Severity::Low,
            property: None,
            wording: own_publishers_only.then_some(&PROVIDER_KEY),
            advice: match own_publishers_only {
                true => "encrypt it with a KMS key",
                // The platform's own key lets no service publish.
                false => "encrypt it with a key of yours, whose policy lets the publishers use it",
            },
        };
        encryption::judge(&RULE, &store, sink);
    }
}

const KEY: [(&str, Content<'_>); 1] = [("KmsMasterKeyId", Content::Scalar("\"alias/aws/sns\""))];

const PROVIDER_KEY: Wording<'_> =
    Wording { cloudformation: &KEY, sam: &[], serverless: &[], terraform: &KEY };

/// Whether no service of the platform seems to publish, which could not with the platform's key.
fn has_own_publishers_only(graph: &AppGraph, topic: &Topic) -> bool {
    let is_alarm = |resource: &Resource| matches!(resource.kind, ResourceKind::Alarm(_));
    topic.policies.is_empty() && !graph.resources.iter().any(is_alarm)
}
