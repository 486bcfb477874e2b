use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Charge, Deputies, Opening, by_source};
use crate::rules::Check;

/// A queue policy that lets in everyone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "open-queue-policy",
    summary: "a queue's policy lets in everyone",
    explanation: "Anyone with an AWS account, or without one, can send messages into the queue, or \
        take them out: hostile input for the function behind it, a bill, or lost orders.\n\n\
        Name the roles that may, or tie a service to its source by `aws:SourceArn`.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[284, 862],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["SQS.3"],
    counterparts: &["CKV_AWS_168", "sqs_queues_not_publicly_accessible"],
    references: &[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ],
    firing: include_str!("../../fixtures/open-queue-policy/firing.yaml"),
    clean: include_str!("../../fixtures/open-queue-policy/clean.yaml"),
};

static CHARGE: Charge = Charge {
    rule: &RULE,
    subject: "queue policy",
    deputies: Some(Deputies { may: "send to", advice: by_source }),
    severity,
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        if let ResourceKind::Queue(queue) = &resource.kind {
            CHARGE.judge(&resource.entity, &queue.policies, sink);
        }
    }
}

fn severity(opening: &Opening<'_>) -> Severity {
    let harmful = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue"];
    if opening.covers(&harmful).is_some() { Severity::High } else { Severity::Medium }
}
