use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Opening, deputies, openings};
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

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Queue(queue) = &resource.kind else { continue };
        let entity = &resource.entity;
        for opening in openings(entity, &queue.policies) {
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
        for deputy in deputies(entity, &queue.policies) {
            let service = &deputy.service.value;
            sink.report(
                Finding::new(
                    &RULE,
                    deputy.service.span,
                    format!("`{service}` may send to `{}` on behalf of any account", entity.name),
                )
                .severity(deputy.severity)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(deputy.statement.when.as_deref())
                .cause(service.to_string())
                .fix(Fix::advice("add a condition on `aws:SourceArn` or `aws:SourceAccount`")),
            );
        }
        for unknown in queue.policies.iter().flat_map(|policy| &policy.unknowns) {
            sink.unknown(&RULE, entity, "queue policy", unknown);
        }
    }
}

fn severity(opening: &Opening<'_>) -> Severity {
    let harmful = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue"];
    if opening.covers(&harmful).is_some() { Severity::High } else { Severity::Medium }
}
