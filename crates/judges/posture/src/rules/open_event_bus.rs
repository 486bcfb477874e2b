use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Charge, Opening};
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

static CHARGE: Charge =
    Charge { rule: &RULE, subject: "event bus policy", deputies: None, severity };

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        if let ResourceKind::EventBus(bus) = &resource.kind {
            CHARGE.judge(&resource.entity, &bus.policies, sink);
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
