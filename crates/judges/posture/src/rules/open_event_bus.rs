use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Opening, openings};
use crate::rules::Check;

/// An event bus that takes events of everyone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "open-event-bus",
    summary: "an event bus takes events from everyone",
    explanation: "Any AWS account can put events on the bus, shaped as it likes, and the rules hand \
        them to functions as if the application had sent them.\n\n\
        Name the accounts, or ask for your organisation by `aws:PrincipalOrgID`.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[284, 862],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["EventBridge.3"],
    counterparts: &["eventbridge_bus_exposed"],
    references: &[
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html",
    ],
    firing: include_str!("../../fixtures/open-event-bus/firing.yaml"),
    clean: include_str!("../../fixtures/open-event-bus/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::EventBus(bus) = &resource.kind else { continue };
        let entity = &resource.entity;
        for opening in openings(entity, &bus.policies) {
            let actions = opening.actions();
            let listed = match actions.as_slice() {
                [] => "what is decided at deployment".to_owned(),
                actions => actions
                    .iter()
                    .map(|action| format!("`{action}`"))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            sink.report(
                Finding::new(
                    &RULE,
                    opening.principal,
                    format!("`{}` allows {listed} to everyone", entity.name),
                )
                .severity(severity(&opening))
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(opening.statement.when.as_deref())
                .cause(actions.join(" "))
                .fix(Fix::advice(
                    "name who may, or add a condition on the source's ARN or account",
                )),
            );
        }
        for unknown in bus.policies.iter().flat_map(|policy| &policy.unknowns) {
            sink.unknown(&RULE, entity, "event bus policy", unknown);
        }
    }
}

fn severity(opening: &Opening<'_>) -> Severity {
    if opening.covers(&["events:PutEvents", "events:PutRule"]).is_some() {
        Severity::High
    } else {
        Severity::Medium
    }
}
