use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Opening, deputies, openings};
use crate::rules::Check;

/// A topic policy that lets in everyone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "open-topic-policy",
    summary: "a topic's policy lets in everyone",
    explanation: "Anyone can publish messages that the subscribers believe, or subscribe and read \
        along.\n\n\
        Name the roles that may, or tie a service to its source by `aws:SourceArn`.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[284, 862],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["SNS.4"],
    counterparts: &["CKV_AWS_169", "sns_topics_not_publicly_accessible"],
    references: &["https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html"],
    firing: include_str!("../../fixtures/open-topic-policy/firing.yaml"),
    clean: include_str!("../../fixtures/open-topic-policy/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Topic(topic) = &resource.kind else { continue };
        let entity = &resource.entity;
        for opening in openings(entity, &topic.policies) {
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
        for deputy in deputies(entity, &topic.policies) {
            let service = &deputy.service.value;
            sink.report(
                Finding::new(
                    &RULE,
                    deputy.service.span,
                    format!(
                        "`{service}` may publish to `{}` on behalf of any account",
                        entity.name
                    ),
                )
                .severity(deputy.severity)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(deputy.statement.when.as_deref())
                .cause(service.to_string())
                .fix(Fix::advice("add a condition on `aws:SourceArn` or `aws:SourceAccount`")),
            );
        }
        for unknown in topic.policies.iter().flat_map(|policy| &policy.unknowns) {
            sink.unknown(&RULE, entity, "topic policy", unknown);
        }
    }
}

fn severity(opening: &Opening<'_>) -> Severity {
    let harmful = ["sns:Publish", "sns:Subscribe", "sns:SetTopicAttributes", "sns:AddPermission"];
    if opening.covers(&harmful).is_some() { Severity::High } else { Severity::Medium }
}
