use std::collections::BTreeSet;

use app_graph::AppGraph;
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use profile::Evidence;

use crate::Facts;
use crate::account::{Account, Missing};
use crate::rules::Check;

/// A call that the role does not allow.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "missing-permission",
    summary: "a function calls what its role does not allow",
    explanation: "The call ends with `AccessDenied` as soon as the code gets there. Such calls are often found in production, and are \
        then mended in haste with a wildcard.\n\n\
        Allow the action on the resource named, or remove the call.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[280],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
    ],
    firing: include_str!("../../fixtures/missing-permission/firing.yaml"),
    clean: include_str!("../../fixtures/missing-permission/clean.yaml"),
};

fn check(graph: &AppGraph, facts: &Facts<'_>, sink: &mut Sink) {
    for (function, profile) in facts.functions(graph) {
        let Some(profile) = profile else { continue };
        let account = Account::new(graph, &facts.arns, function, profile);
        let mut told = BTreeSet::new();
        for missing in &account.missing {
            let Some((span, operation)) = call(missing) else { continue };
            if !told.insert(&missing.need.action) {
                continue;
            }
            let (action, resource) = (&missing.need.action, &missing.need.resource);
            let name = &function.entity.name;
            let message = match missing.denied_by {
                None => {
                    format!("`{name}` calls `{operation}`, and its role does not allow `{action}`")
                }
                Some(_) => format!("`{name}` calls `{operation}`, and its role denies `{action}`"),
            };
            let message = match missing.refusals {
                0 => message,
                1 => format!("{message}: logs tell of one refusal"),
                refusals => format!("{message}: logs tell of {refusals} refusals"),
            };
            let certain = missing.need.resource.unknown_reason().is_none() || missing.refusals > 0;
            let mut finding = Finding::new(&RULE, span, message)
                .confidence(if certain { Confidence::High } else { Confidence::Medium })
                .function(&function.entity)
                .cause(action)
                .fix(Fix::advice(format!("allow `{action}` on `{resource}`")));
            for identity in graph.identities_of(function).into_iter().take(1) {
                finding = finding.role(&identity.entity);
            }
            if let Some(denied_by) = missing.denied_by {
                finding = finding.label(denied_by, "this statement denies it");
            }
            sink.report(finding);
        }
    }
}

/// The call that needs it; what the platform needs shows at deployment.
fn call(missing: &Missing) -> Option<(text::Span, &str)> {
    let evidence =
        missing.need.evidence.iter().filter(|it| it.is_certain() || missing.refusals > 0);
    evidence.into_iter().find_map(|evidence| match evidence {
        Evidence::Code { span, operation, .. } => Some((*span, operation.as_str())),
        Evidence::Template { .. } | Evidence::Observed { .. } => None,
    })
}
