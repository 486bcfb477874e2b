use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// A key that is never rotated.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unrotated-key",
    summary: "a key is not rotated",
    explanation: "The longer one key encrypts, the more is lost with it. AWS KMS makes new key \
        material every year and keeps the old for reading, without any change for users of \
        the key.\n\n\
        Set `EnableKeyRotation`. Asymmetric, HMAC and imported keys cannot be rotated that \
        way and are not asked.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[324],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["KMS.4"],
    counterparts: &["CKV_AWS_7", "AwsSolutions-KMS5", "kms_cmk_rotation_enabled"],
    references: &["https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"],
    firing: include_str!("../../fixtures/unrotated-key/firing.yaml"),
    clean: include_str!("../../fixtures/unrotated-key/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Key(key) = &resource.kind else { continue };
        let entity = &resource.entity;
        if key.rotatable.any(|rotatable| !rotatable) || key.rotatable.unknown().is_some() {
            continue;
        }
        for case in key.rotation.cases() {
            let (span, edit) = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => (said.span, edit::replace(entity, &case, said, "true")),
                Settled::Unset => {
                    (entity.said, edit::add_property(entity, "EnableKeyRotation", "true"))
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "rotation", unknown);
                    continue;
                }
            };
            let edit = edit.filter(|_| case.conditions.is_empty());
            sink.report(
                Finding::new(&RULE, span, format!("`{}` is never rotated", entity.name))
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::maybe("switch on rotation", edit)),
            );
        }
    }
}
