use app_graph::{AppGraph, Cloud, Delivery, Function};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// A function with the longest timeout that the platform has.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "maximum-timeout",
    summary: "a function may run as long as the platform allows",
    explanation: "A function that hangs, or that an attacker makes hang with a slow answer, is paid \
        for until its timeout. The longest timeout is the most expensive one, and it holds \
        an instance that others wait for.\n\n\
        Set the timeout a little above the slowest good invocation; give longer work to a \
        state machine or a queue.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[770, 400],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    ],
    firing: include_str!("../../fixtures/maximum-timeout/firing.yaml"),
    clean: include_str!("../../fixtures/maximum-timeout/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for function in &graph.functions {
        let Some(limit) = limit(graph, function) else { continue };
        for case in function.timeout.cases() {
            match case.value {
                Settled::Known(said) if said.value >= limit && !is_stopped(function, limit) => {
                    let name = &function.entity.name;
                    let mut finding = Finding::new(
                        &RULE,
                        said.span,
                        format!(
                            "`{name}` may run for {} seconds, the longest there is",
                            said.value
                        ),
                    )
                    .function(&function.entity)
                    .when(function.entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::advice("set a timeout a little above the slowest good invocation"));
                    if let Some(origin) = said.origin {
                        finding = finding.label(origin, "the value comes from here");
                    }
                    sink.report(finding);
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "timeout", unknown);
                }
                _ => {}
            }
        }
    }
}

/// Whether a durable execution ends before the longest timeout.
///
/// Source: AWS Lambda developer guide, "Configure Lambda durable functions".
fn is_stopped(function: &Function, limit: u32) -> bool {
    function.durable_timeout.single().is_some_and(|said| said.value < limit)
}

/// Longest timeout in seconds.
///
/// Sources: AWS Lambda developer guide, "Lambda quotas"; Google Cloud Run functions, "Quotas".
fn limit(graph: &AppGraph, function: &Function) -> Option<u32> {
    let mut triggers = graph.triggers_of(&function.entity.id);
    match function.entity.cloud {
        Cloud::Aws => Some(900),
        Cloud::Google if function.entity.type_name.contains("functions2") => {
            let answers = triggers.all(|trigger| trigger.kind.delivery() == Delivery::Synchronous);
            Some(if answers { 3600 } else { 540 })
        }
        Cloud::Google => Some(540),
        Cloud::Azure | Cloud::Other => None,
    }
}
