use app_graph::AppGraph;
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::pattern::{Case, wildcard_matches};
use iam::{Listing, Statement};

use crate::Facts;
use crate::holders::{holders, wholly_unknown};
use crate::principals::is_narrowed_by;
use crate::reach::{Reach, reach};
use crate::rules::Check;

/// A statement that lets its holder pass any role.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "pass-role-to-anything",
    summary: "an identity may hand any role of the account to a service",
    explanation: "Who may pass a role and start something that runs as it holds that role's rights. With \
        `iam:PassRole` on every role that is the strongest role of the account.\n\n\
        Name the role that is passed, and the service with the condition `iam:PassedToService`.",
    family: Family::Identity,
    severity: Severity::High,
    cwe: &[269, 732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &[
        "CKV_AWS_110",
        "CKV_AWS_286",
        "iam_policy_allows_privilege_escalation",
        "iam_inline_policy_allows_privilege_escalation",
    ],
    references: &["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"],
    firing: include_str!("../../fixtures/pass-role-to-anything/firing.yaml"),
    clean: include_str!("../../fixtures/pass-role-to-anything/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for holder in holders(graph) {
        for (attached, statement) in holder.written_grants() {
            if statement.actions.listing == Listing::AllExcept || !passes_roles(statement) {
                continue;
            }
            let unresolved = statement.resources.patterns.iter().filter_map(wholly_unknown);
            for unknown in unresolved.chain(statement.resources.unknowns.iter().cloned()) {
                sink.unknown(&RULE, &holder.identity.entity, "role that is passed", &unknown);
            }
            let is_negated = statement.resources.listing == Listing::AllExcept;
            let wide = statement
                .resources
                .patterns
                .iter()
                .find(|said| is_negated || reach(&said.value) != Reach::Named);
            let Some(said) = wide else { continue };
            let is_bound = is_narrowed_by(statement, &["iam:passedtoservice"]);
            let (severity, to) = match is_bound {
                true => (Severity::Medium, "the services listed"),
                false => (Severity::High, "any service"),
            };
            let message = format!("`{}` may pass every role of the account to {to}", holder.name());
            let finding = Finding::new(&RULE, said.span, message)
                .severity(severity)
                .cause("iam:PassRole")
                .fix(Fix::advice("name the role that is passed, and the service it is passed to"));
            sink.report(holder.concern_statement(attached, statement, finding));
        }
    }
}

/// Whether the statement means passing roles: `*` and `iam:*` are what wildcard-actions reports.
fn passes_roles(statement: &Statement) -> bool {
    statement.actions.literals().any(|(action, _)| {
        action.len() > "iam:*".len() && wildcard_matches(action, "iam:PassRole", Case::Insensitive)
    })
}
