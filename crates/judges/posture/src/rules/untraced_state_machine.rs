use app_graph::{AppGraph, Content, ResourceKind, Tracing};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A state machine that is not traced in an application that traces functions.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "untraced-state-machine",
    summary: "a state machine is not traced while functions of the application are",
    explanation: "Traces of the functions break off at the state machine between them: which request \
        led to which run cannot be followed. The rule fires only where the application \
        traces something else.\n\n\
        Switch on tracing for the state machine.",
    family: Family::Data,
    severity: Severity::Info,
    cwe: &[778],
    owasp: Owasp::InsufficientLogging,
    security_hub: &[],
    counterparts: &["CKV_AWS_284", "AwsSolutions-SF2", "Serverless-StepFunctionStateMachineXray"],
    references: &[
        "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html",
    ],
    firing: include_str!("../../fixtures/untraced-state-machine/firing.yaml"),
    clean: include_str!("../../fixtures/untraced-state-machine/clean.yaml"),
};

const SWITCH: [(&str, Content<'_>); 1] = [("Enabled", Content::Scalar("true"))];

const ENABLED: Wording<'_> = Wording {
    cloudformation: &[("TracingConfiguration", Content::Members(&SWITCH))],
    sam: &[("Tracing", Content::Members(&SWITCH))],
    serverless: &[],
    terraform: &[("tracing_configuration", Content::Members(&SWITCH))],
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let traces = |tracing: &Tracing| *tracing == Tracing::Active;
    if !graph.functions.iter().any(|function| function.tracing.any(traces)) {
        return;
    }
    for resource in &graph.resources {
        let ResourceKind::StateMachine(machine) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in machine.tracing.cases() {
            let (span, edit) = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => (said.span, edit::replace(entity, &case, said, "true")),
                Settled::Unset => (entity.said, edit::add(entity, &ENABLED)),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "tracing", unknown);
                    continue;
                }
            };
            sink.report(
                Finding::new(
                    &RULE,
                    span,
                    format!("`{}` is not traced, functions are", entity.name),
                )
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions.iter().copied())
                .fix(Fix::maybe("switch on tracing", edit.filter(|_| case.conditions.is_empty()))),
            );
        }
    }
}
