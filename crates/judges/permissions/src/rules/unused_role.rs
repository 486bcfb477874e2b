use app_graph::{AppGraph, Identity, IdentityKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::PrincipalKind;

use crate::Facts;
use crate::rules::Check;

/// A role for functions that no function runs as.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unused-role",
    summary: "no function runs as a role that only functions may assume",
    explanation: "A role that is left behind keeps its permissions, and whoever may pass it to a function of their own has \
        them.\n\nDelete it.",
    family: Family::Identity,
    severity: Severity::Low,
    cwe: &[1164],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["IAM.22"],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
    ],
    firing: include_str!("../../fixtures/unused-role/firing.yaml"),
    clean: include_str!("../../fixtures/unused-role/clean.yaml"),
};

fn check(graph: &AppGraph, facts: &Facts<'_>, sink: &mut Sink) {
    // A function whose role is not known may run as any of them.
    let is_any_unknown = graph.functions.iter().any(|function| function.role.unknown().is_some());
    // A template of roles alone is for other stacks' functions.
    if graph.functions.is_empty() {
        return;
    }
    for identity in graph.identities.iter().filter(|identity| identity.kind == IdentityKind::Role) {
        if !is_for_functions_only(identity) || facts.users_of(graph, identity).next().is_some() {
            continue;
        }
        if graph.referred.contains(&identity.entity.id) {
            continue;
        }
        let message = format!("no function runs as the role `{}`", identity.entity.name);
        let confidence = if is_any_unknown { Confidence::Low } else { Confidence::Medium };
        sink.report(
            Finding::new(&RULE, identity.entity.said, message)
                .confidence(confidence)
                .role(&identity.entity)
                .fix(Fix::advice("delete the role, or let its function run as it")),
        );
    }
}

/// Whether the platform's functions alone may assume it.
fn is_for_functions_only(identity: &Identity) -> bool {
    let Some(trust) = &identity.trust else { return false };
    let mut principals =
        trust.statements.iter().flat_map(|statement| statement.principals.named()).peekable();
    principals.peek().is_some()
        && principals.all(|principal| {
            principal.kind == PrincipalKind::Service
                && principal.value.value.literal() == Some("lambda.amazonaws.com")
        })
}
