use std::collections::BTreeSet;

use app_graph::{AppGraph, Cloud, Trigger};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit;
use crate::patience::{self, patience};
use crate::rules::Check;

/// A function that may run longer than its caller waits.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "timeout-beyond-trigger",
    summary: "a function's timeout is longer than its trigger waits for the answer",
    explanation: "The caller gets an error when the trigger gives up, and the function goes on: the \
        order is placed, the client is told that it was not, and tries again. What runs on \
        is paid for and holds an instance.\n\n\
        Set the timeout below the trigger's: REST and WebSocket APIs wait 29 seconds, HTTP \
        APIs and AppSync 30, user pools 5, a function at the edge 30. A single second more is not \
        reported. Hand longer work to a \
        queue and answer at once.",
    family: Family::Function,
    severity: Severity::Medium,
    cwe: &[400, 460],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
        "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
        "https://docs.aws.amazon.com/appsync/latest/devguide/resolver-reference-overview-js.html",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html",
    ],
    firing: include_str!("../../fixtures/timeout-beyond-trigger/firing.yaml"),
    clean: include_str!("../../fixtures/timeout-beyond-trigger/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let functions = graph.functions.iter();
    for function in functions.filter(|function| function.entity.cloud == Cloud::Aws) {
        let kinds: BTreeSet<_> =
            graph.triggers_of(&function.entity.id).map(|trigger| &trigger.kind).collect();
        let limited = graph
            .triggers_of(&function.entity.id)
            .filter_map(|trigger| Some((patience(trigger)?, trigger)));
        let Some((limit, trigger)) = limited.min_by_key(|(limit, _)| *limit) else { continue };
        for case in function.timeout.cases() {
            match case.value {
                // A second beyond does not matter.
                Settled::Known(said) if said.value > limit + 1 => {
                    let message = message(&function.entity.name, said.value, trigger, limit);
                    let mut finding = Finding::new(&RULE, said.span, message)
                        .function(&function.entity)
                        .when(function.entity.condition.as_deref())
                        .when(case.conditions.iter().copied())
                        .label(trigger.entity.said, format!("waits {limit} seconds"))
                        .reference(patience::reference(&trigger.kind))
                        .fix(match kinds.len() {
                            1 => {
                                let seconds = (limit - 1).max(1).to_string();
                                Fix::maybe(
                                    format!("set the timeout below {limit} seconds, or answer at once and work from a queue"),
                                    edit::replace(&function.entity, &case, said, &seconds),
                                )
                            }
                            // What else invokes the function may need the time.
                            _ => Fix::advice(format!(
                                "answer within {limit} seconds by a function of its own, or at once and work from a queue"
                            )),
                        });
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

fn message(name: &str, timeout: u32, trigger: &Trigger, limit: u32) -> String {
    let kind = trigger.kind.as_str();
    format!("`{name}` may run for {timeout} seconds, but its {kind} gives up after {limit}")
}
