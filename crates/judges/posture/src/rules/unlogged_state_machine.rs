use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// A state machine whose executions are not logged.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unlogged-state-machine",
    summary: "executions of a state machine are not logged",
    explanation: "The history of an express execution is kept nowhere else, and that of a standard one \
        is gone after 90 days: what was done with a request cannot be told.\n\n\
        Write logs with level `ERROR` at least, without execution data where that is \
        personal.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[778],
    owasp: Owasp::InsufficientLogging,
    security_hub: &["StepFunctions.1"],
    counterparts: &[
        "CKV_AWS_285",
        "AwsSolutions-SF1",
        "stepfunctions_statemachine_logging_enabled",
    ],
    references: &["https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"],
    firing: include_str!("../../fixtures/unlogged-state-machine/firing.yaml"),
    clean: include_str!("../../fixtures/unlogged-state-machine/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::StateMachine(machine) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in machine.logging.cases() {
            let span = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => said.span,
                Settled::Unset => entity.said,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "logging", unknown);
                    continue;
                }
            };
            sink.report(
                Finding::new(
                    &RULE,
                    span,
                    format!("executions of `{}` are not logged", entity.name),
                )
                .severity(if machine.express.any(|express| *express) {
                    Severity::Medium
                } else {
                    Severity::Low
                })
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::advice("write execution logs to a log group")),
            );
        }
    }
}
