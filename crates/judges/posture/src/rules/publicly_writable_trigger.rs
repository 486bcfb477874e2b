use app_graph::{AppGraph, Resource, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Span;

use crate::Facts;
use crate::openness::openings;
use crate::rules::Check;

/// A function that anyone can start by writing to its source.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "publicly-writable-trigger",
    summary: "anyone may write to what starts a function",
    explanation: "Whoever can put a message, an object or an event into the source decides what the \
        function gets as input and how often it runs, with the function's rights, and no \
        API, authorizer or firewall in front sees it.\n\n\
        Name in the source's policy who may write to it, or tie it to a source ARN or \
        account.",
    family: Family::Function,
    severity: Severity::High,
    cwe: &[284, 862],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["SQS.3", "SNS.4", "S3.3"],
    counterparts: &[
        "CKV_AWS_168",
        "CKV_AWS_169",
        "CKV_AWS_57",
        "s3_bucket_policy_public_write_access",
    ],
    references: &[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html",
    ],
    firing: include_str!("../../fixtures/publicly-writable-trigger/firing.yaml"),
    clean: include_str!("../../fixtures/publicly-writable-trigger/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for function in &graph.functions {
        for trigger in graph.triggers_of(&function.entity.id) {
            let source = trigger.source_entity.as_ref().and_then(|id| graph.resource(id));
            let Some(source) = source else { continue };
            let Some((span, action)) = open_writing(source) else { continue };
            let (name, from) = (&function.entity.name, &source.entity.name);
            let message = format!("anyone may start `{name}`: `{from}` lets everybody {action}");
            sink.report(
                Finding::new(&RULE, span, message)
                    .function(&function.entity)
                    .resource(&source.entity)
                    .when(trigger.entity.condition.as_deref())
                    .label(trigger.entity.said, "starts the function")
                    .fix(Fix::advice(
                        "name in the policy who may write, or tie it to a source ARN or account",
                    )),
            );
        }
    }
}

/// Where a resource lets anyone write, and what they may do.
fn open_writing(source: &Resource) -> Option<(Span, String)> {
    let (policies, actions): (_, &[&str]) = match &source.kind {
        ResourceKind::Queue(queue) => (&queue.policies, &["sqs:SendMessage"]),
        ResourceKind::Topic(topic) => (&topic.policies, &["sns:Publish"]),
        ResourceKind::EventBus(bus) => (&bus.policies, &["events:PutEvents"]),
        ResourceKind::Table(table) => {
            (&table.policies, &["dynamodb:PutItem", "dynamodb:UpdateItem"])
        }
        ResourceKind::Bucket(bucket) => {
            let written = bucket.acl.known_values().find(|said| said.value == "PublicReadWrite");
            let ignored = bucket.public_access.ignore_acls.any(|ignored| *ignored);
            if let Some(said) = written.filter(|_| !ignored) {
                return Some((said.span, "put objects".to_owned()));
            }
            if bucket.public_access.restrict.any(|restricted| *restricted) {
                return None;
            }
            (&bucket.policies, &["s3:PutObject"])
        }
        _ => return None,
    };
    openings(&source.entity, policies).into_iter().find_map(|opening| {
        Some((opening.principal, format!("call `{}`", opening.covers(actions)?)))
    })
}
