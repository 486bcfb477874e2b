use app_graph::AppGraph;
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::rules::Check;

/// A call that may reach AWS and could not be resolved.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unresolved-call",
    summary: "what a function calls could not be wholly followed",
    explanation: "The code was followed from the handler, and at the place named the receiver's type, or a library that is not in the \
        project, is not known. The call may need a permission that the profile does not list, so the function's role is not \
        narrowed without a person's word (`casemate fix --accept-unresolved`).\n\n\
        Make the client where it can be seen: at the top of the module, or as an argument that a caller in the project \
        passes; install the library beside the code.",
    family: Family::Identity,
    severity: Severity::Info,
    cwe: &[1059],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html"],
    firing: include_str!("../../fixtures/unresolved-call/firing.yaml"),
    clean: include_str!("../../fixtures/unresolved-call/clean.yaml"),
};

/// Other places named beside the first.
const LABELS: usize = 8;

fn check(graph: &AppGraph, facts: &Facts<'_>, sink: &mut Sink) {
    for (function, profile) in facts.functions(graph) {
        let unresolved = profile.map_or(&[] as &[_], |profile| &profile.behaviour.unresolved);
        let Some(first) = unresolved.first() else { continue };
        let name = &function.entity.name;
        let rest = match unresolved.len() {
            1 => String::new(),
            count => format!(", and {} more calls", count - 1),
        };
        let message = format!("`{name}`: `{}` is not resolved: {}{rest}", first.call, first.reason);
        let mut finding = Finding::new(&RULE, first.span, message)
            .function(&function.entity)
            .fix(Fix::advice("make the client where it can be seen"));
        for other in unresolved.iter().skip(1).take(LABELS) {
            finding = finding.label(other.span, other.reason.clone());
        }
        sink.report(finding);
    }
}
