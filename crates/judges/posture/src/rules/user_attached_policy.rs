use app_graph::{AppGraph, IdentityKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::rules::Check;

/// A user with policies of its own.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "user-attached-policy",
    summary: "a policy is attached to a user",
    explanation: "Rights that hang on single users are forgotten when people change their work, and a user has a \
        password or a key that never expires.\n\n\
        Attach policies to a role that people or machines assume, or at least to a group.",
    family: Family::Identity,
    severity: Severity::Low,
    cwe: &[250],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["IAM.2"],
    counterparts: &["CKV_AWS_40", "iam_policy_attached_only_to_group_or_roles"],
    references: &["https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"],
    firing: include_str!("../../fixtures/user-attached-policy/firing.yaml"),
    clean: include_str!("../../fixtures/user-attached-policy/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for identity in graph.identities.iter().filter(|identity| identity.kind == IdentityKind::User) {
        let entity = &identity.entity;
        let written = identity.attached.first().map(|attached| attached.span);
        let Some(span) = written.or(identity.managed.first().map(|managed| managed.arn.span))
        else {
            continue;
        };
        let finding = Finding::new(
            &RULE,
            span,
            format!("the user `{}` has policies of its own", entity.name),
        )
        .role(entity)
        .when(entity.condition.as_deref())
        .fix(Fix::advice("attach the policy to a role that is assumed, or to a group"));
        sink.report(finding);
    }
}
