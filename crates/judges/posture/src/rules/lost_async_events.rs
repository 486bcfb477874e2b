use app_graph::{AppGraph, Cloud, Delivery, ResourceKind, Trigger, TriggerKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// Events that are dropped after the last try.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "lost-async-events",
    summary: "an event that fails asynchronously is dropped after the last try",
    explanation: "Nobody waits for the answer of an asynchronous invocation. The platform tries twice \
        more and then drops the event, with no trace but a line in the log. An attacker who \
        makes a function fail also removes the evidence.\n\n\
        Give the function a failure destination. The rule asks only where a trigger is \
        asynchronous and carries events that come once (not a schedule).",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[778, 755],
    owasp: Owasp::InsufficientLogging,
    security_hub: &[],
    counterparts: &[
        "CKV_AWS_116",
        "Serverless-LambdaDLQ",
        "Serverless-LambdaAsyncFailureDestination",
    ],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    ],
    firing: include_str!("../../fixtures/lost-async-events/firing.yaml"),
    clean: include_str!("../../fixtures/lost-async-events/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    // Where no failed event is kept at all, that is one decision; it is noted once, not pressed.
    let keeps = keeps_failures(graph);
    let severity = if keeps { Severity::Low } else { Severity::Info };
    let mut noted = false;
    for function in &graph.functions {
        if noted && !keeps {
            return;
        }
        let entity = &function.entity;
        // Other platforms retry, or keep what failed, by settings of their own.
        if entity.cloud != Cloud::Aws {
            continue;
        }
        let mut triggers = graph.triggers_of(&entity.id);
        let Some(trigger) = triggers.find(|trigger| may_lose(trigger)) else { continue };
        for case in function.failure_destination.cases() {
            match case.value {
                Settled::Known(_) => {}
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "failure destination", unknown);
                }
                Settled::Unset => {
                    let kind = trigger.kind.as_str();
                    noted = true;
                    sink.report(
                        Finding::new(
                            &RULE,
                            entity.said,
                            format!(
                                "`{}` drops events of its {kind} that it cannot handle",
                                entity.name
                            ),
                        )
                        .severity(severity)
                        .function(entity)
                        .when(entity.condition.as_deref())
                        .when(case.conditions)
                        .label(trigger.entity.said, "invokes it asynchronously")
                        .fix(Fix::advice(
                            "give the function a failure destination or a dead-letter queue",
                        )),
                    );
                }
            }
        }
    }
}

/// Whether an event of this trigger comes once and is gone when the function fails.
fn may_lose(trigger: &Trigger) -> bool {
    // A schedule comes again; a stack, a pipeline and a rotation wait to be told and see the failure.
    let is_seen_or_repeated = matches!(
        trigger.kind,
        TriggerKind::Schedule
            | TriggerKind::CustomResource
            | TriggerKind::Pipeline
            | TriggerKind::SecretRotation
    );
    trigger.kind.delivery() == Delivery::Asynchronous
        && !is_seen_or_repeated
        && trigger.failure_destination.is_unset()
}

/// Whether the application keeps failed events anywhere.
fn keeps_failures(graph: &AppGraph) -> bool {
    let functions = graph.functions.iter();
    let triggers = graph.triggers.iter();
    let queues = graph.resources.iter();
    functions.into_iter().any(|function| !function.failure_destination.is_unset())
        || triggers.into_iter().any(|trigger| !trigger.failure_destination.is_unset())
        || queues.into_iter().any(|resource| {
            matches!(&resource.kind, ResourceKind::Queue(queue) if !queue.dead_letters.is_unset())
        })
}
