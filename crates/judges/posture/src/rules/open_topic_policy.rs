use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::openness::{Charge, Deputies, Opening, by_source};
use crate::rules::Check;

/// A topic policy that lets in everyone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "open-topic-policy",
    summary: "a topic's policy lets in everyone",
    explanation: "Anyone can publish messages that the subscribers believe, or subscribe and read \
        along.\n\n\
        Name the roles that may, or tie a service to its source by `aws:SourceArn`. Amazon SNS \
        takes no condition on Amazon EventBridge: give the rule's target a role that may \
        publish, and no statement is needed.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[284, 862],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["SNS.4"],
    counterparts: &["CKV_AWS_169", "sns_topics_not_publicly_accessible"],
    references: &[
        "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        "https://aws.amazon.com/about-aws/whats-new/2025/03/amazon-eventbridge-iam-execution-role-all-targets/",
    ],
    firing: include_str!("../../fixtures/open-topic-policy/firing.yaml"),
    clean: include_str!("../../fixtures/open-topic-policy/clean.yaml"),
};

static CHARGE: Charge = Charge {
    rule: &RULE,
    subject: "topic policy",
    deputies: Some(Deputies { may: "publish to", advice }),
    severity,
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        if let ResourceKind::Topic(topic) = &resource.kind {
            CHARGE.judge(&resource.entity, &topic.policies, sink);
        }
    }
}

/// Source: Amazon EventBridge user guide, "Resource-based policies": topics' policies know no
/// conditions on it.
fn advice(service: &str) -> &'static str {
    match service {
        "events.amazonaws.com" => {
            "give the rule's target a role that may publish, then drop this statement"
        }
        _ => by_source(service),
    }
}

fn severity(opening: &Opening<'_>) -> Severity {
    let harmful = ["sns:Publish", "sns:Subscribe", "sns:SetTopicAttributes", "sns:AddPermission"];
    if opening.covers(&harmful).is_some() { Severity::High } else { Severity::Medium }
}
