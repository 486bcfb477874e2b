use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{PartialText, Setting, Settled};

use crate::Facts;
use crate::rules::Check;
use crate::secrets;

/// A secret that is never changed.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unrotated-secret",
    summary: "a secret is not rotated",
    explanation: "A secret that once leaked, in a log, a laptop or a backup, stays good for ever if \
        nobody changes it.\n\n\
        Add a rotation schedule; for databases of AWS a ready-made function does it. What \
        is put in from outside and is no login, such as a partner's key, is not reported.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[324, 262],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["SecretsManager.1", "SecretsManager.4"],
    counterparts: &[
        "CKV2_AWS_57",
        "CKV_AWS_304",
        "AwsSolutions-SMG4",
        "secretsmanager_automatic_rotation_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
    ],
    firing: include_str!("../../fixtures/unrotated-secret/firing.yaml"),
    clean: include_str!("../../fixtures/unrotated-secret/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Secret(secret) = &resource.kind else { continue };
        let entity = &resource.entity;
        if !secret.written_value.is_unset() && !is_login(&secret.written_value) {
            continue;
        }
        if secret.generated_field.any(|field| secrets::names_a_user(field)) {
            continue;
        }
        for case in secret.rotation.cases() {
            let span = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => said.span,
                Settled::Unset => entity.said,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "rotation", unknown);
                    continue;
                }
            };
            sink.report(
                Finding::new(&RULE, span, format!("`{}` is never rotated", entity.name))
                    .confidence(finding::Confidence::Medium)
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::advice("add a rotation schedule")),
            );
        }
    }
}

/// Whether a value put in from outside is a login, which this side can change; a partner's key or
/// a certificate is not.
fn is_login(value: &Setting<PartialText>) -> bool {
    value.known_values().any(|said| {
        let text = said.value.with_holes("");
        text.contains("\"username\"") && text.contains("\"password\"")
    })
}
