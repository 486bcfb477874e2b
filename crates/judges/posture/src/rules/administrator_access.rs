use app_graph::{AppGraph, AttachedOrigin};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::holders::{Holder, holders};
use crate::managed_policies::{Breadth, excess};
use crate::rules::Check;

/// An identity with a policy that makes it an administrator.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "administrator-access",
    summary: "an identity is an administrator of the account",
    explanation: "A fault in one handler is then a fault in the whole account: its data, its bill, its other \
        applications. `IAMFullAccess` counts too, because its holder can give itself the rest, and so do the \
        basic roles owner and editor of Google Cloud. A written `*` on `*` is reported as \
        wildcard-actions.\n\n\
        Allow the actions that the code calls, on the resources of this application.",
    family: Family::Identity,
    severity: Severity::High,
    cwe: &[250, 269],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["IAM.1"],
    counterparts: &[
        "CKV_AWS_274",
        "AwsSolutions-IAM4",
        "iam_role_administratoraccess_policy",
        "iam_aws_attached_policy_no_administrative_privileges",
        "iam_group_administrator_access_policy",
        "iam_user_administrator_access_policy",
    ],
    references: &[
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ],
    firing: include_str!("../../fixtures/administrator-access/firing.yaml"),
    clean: include_str!("../../fixtures/administrator-access/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for holder in holders(graph) {
        let severity =
            if holder.is_open_to_strangers(graph) { Severity::Critical } else { Severity::High };
        judge_managed(&holder, severity, sink);
        judge_bindings(&holder, severity, sink);
    }
}

fn judge_managed(holder: &Holder<'_>, severity: Severity, sink: &mut Sink) {
    for managed in &holder.identity.managed {
        if managed.origin == AttachedOrigin::Generated {
            continue;
        }
        let Some(excess) = excess(&managed.arn.value) else { continue };
        if excess.breadth != Breadth::Administrator {
            continue;
        }
        let message = format!("`{}` has `{}`: {}", holder.name(), excess.name, excess.grants);
        let confidence = if excess.is_customers { Confidence::Low } else { Confidence::High };
        let finding = Finding::new(&RULE, managed.arn.span, message)
            .severity(severity)
            .confidence(confidence)
            .cause(&excess.name)
            .when(managed.when.as_deref())
            .fix(Fix::advice(
                "allow the actions that the code calls, on this application's resources",
            ));
        sink.report(holder.concern(finding));
    }
}

/// Google Cloud's basic roles.
///
/// Source: Google Cloud IAM documentation, "Basic roles".
fn judge_bindings(holder: &Holder<'_>, severity: Severity, sink: &mut Sink) {
    for attached in &holder.identity.attached {
        let AttachedOrigin::Binding(role) = &attached.origin else { continue };
        if !matches!(role.as_str(), "roles/owner" | "roles/editor" | "Owner" | "Contributor") {
            continue;
        }
        let message =
            format!("`{}` has the role `{role}`, which may change everything", holder.name());
        let finding = Finding::new(&RULE, attached.span, message)
            .severity(severity)
            .cause(role)
            .fix(Fix::advice("bind a predefined role on the one resource instead"));
        sink.report(holder.concern(finding));
    }
}
