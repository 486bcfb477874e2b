use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Charge, Opening};
use crate::rules::Check;

/// A key that everyone may use.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "open-key-policy",
    summary: "a key's policy lets in everyone",
    explanation: "A key policy that lets in everyone opens all that the key protects to any AWS \
        account that gets hold of the ciphertext, and with `kms:*` strangers may even delete \
        the key, and the data with it.\n\n\
        Name the account's root and roles; tie services to `kms:CallerAccount` and \
        `kms:ViaService`.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[284, 862],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["KMS.5"],
    counterparts: &["CKV_AWS_33", "kms_key_not_publicly_accessible"],
    references: &["https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"],
    firing: include_str!("../../fixtures/open-key-policy/firing.yaml"),
    clean: include_str!("../../fixtures/open-key-policy/clean.yaml"),
};

static CHARGE: Charge = Charge { rule: &RULE, subject: "key policy", deputies: None, severity };

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        if let ResourceKind::Key(key) = &resource.kind {
            CHARGE.judge(&resource.entity, &key.policies, sink);
        }
    }
}

fn severity(opening: &Opening<'_>) -> Severity {
    let harmful = ["kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:Decrypt", "kms:CreateGrant"];
    if opening.covers(&harmful).is_some() { Severity::Critical } else { Severity::High }
}
