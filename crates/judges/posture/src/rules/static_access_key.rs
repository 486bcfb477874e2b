use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::rules::Check;

/// A user's access key made by the template.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "static-access-key",
    summary: "the template makes an access key that never expires",
    explanation: "A long-lived key ends up in outputs, state files, build logs and laptops, and works until someone \
        thinks of deleting it. Functions get short-lived credentials from their role by themselves.\n\n\
        Use a role: for machines outside the cloud with OpenID Connect or IAM Roles Anywhere.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[798, 522],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["IAM.3"],
    counterparts: &["CKV_AWS_273", "iam_rotate_access_key_90_days"],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    ],
    firing: include_str!("../../fixtures/static-access-key/firing.yaml"),
    clean: include_str!("../../fixtures/static-access-key/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::AccessKey(key) = &resource.kind else { continue };
        let entity = &resource.entity;
        let user = key.user.known_values().next().map(|said| {
            let reference = said.value.sole_reference();
            let declared = reference.and_then(|reference| graph.entity(&reference.entity));
            declared.map_or_else(|| said.value.to_string(), |user| user.name.clone())
        });
        let of = user.map_or(String::new(), |user| format!(" of `{user}`"));
        let finding = Finding::new(
            &RULE,
            entity.said,
            format!("`{}` is an access key{of} that never expires", entity.name),
        )
        .resource(entity)
        .when(entity.condition.as_deref())
        .fix(Fix::advice("let the machine assume a role instead"));
        sink.report(finding);
    }
}
