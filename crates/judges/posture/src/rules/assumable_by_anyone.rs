use app_graph::AppGraph;
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::{Effect, Principals};

use crate::Facts;
use crate::guests::{Host, has_rights, of_roles};
use crate::principals::{binds_callers, let_in};
use crate::rules::Check;

/// A role whose trust policy lets everyone in.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "assumable-by-anyone",
    summary: "anyone may assume a role",
    explanation: "The trust policy names `*` and no condition that binds the caller: every account of the cloud can \
        take the role and all its rights. `NotPrincipal` in a statement that allows means the same.\n\n\
        Name the service, role or account that assumes it.",
    family: Family::Identity,
    severity: Severity::Critical,
    cwe: &[284, 732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &["CKV_AWS_60", "CKV_AWS_61", "iam_no_custom_policy_permissive_role_assumption"],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ],
    firing: include_str!("../../fixtures/assumable-by-anyone/firing.yaml"),
    clean: include_str!("../../fixtures/assumable-by-anyone/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for identity in &graph.identities {
        for unknown in identity.trust.iter().flat_map(|trust| &trust.unknowns) {
            sink.unknown(&RULE, &identity.entity, "trust policy", unknown);
        }
    }
    for guest in of_roles(graph) {
        let Host::Role(identity) = guest.host else { continue };
        if binds_callers(guest.statement) {
            continue;
        }
        let place = match &guest.statement.principals {
            Principals::AllExcept(_) if guest.statement.effect == Effect::Allow => {
                guest.statement.span
            }
            _ => match let_in(guest.statement).iter().find(|principal| principal.is_everyone()) {
                Some(everyone) => everyone.value.span,
                None => continue,
            },
        };
        let severity = if has_rights(identity) { Severity::Critical } else { Severity::High };
        let finding =
            Finding::new(&RULE, place, format!("anyone may assume `{}`", identity.entity.name))
                .severity(severity)
                .cause("everyone")
                .fix(Fix::advice("name the service, role or account that assumes it"));
        sink.report(guest.concern(graph, finding));
    }
}
