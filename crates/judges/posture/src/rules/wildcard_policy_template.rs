use app_graph::{AppGraph, AttachedOrigin};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::{Effect, Statement, actions};

use crate::Facts;
use crate::holders::holders;
use crate::reach::{Reach, reach};
use crate::rules::Check;

/// A framework's policy template with `*` where it asks for a name.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "wildcard-policy-template",
    summary: "a policy template is given `*` in place of a name",
    explanation: "SAM's policy templates are narrow because they ask for a name. With `*` as that name the template \
        opens every bucket, table or queue of the account, and the short form hides it.\n\n\
        Pass a reference to the resource: `BucketName: !Ref Documents`.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &["AwsSolutions-IAM5"],
    references: &[
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html",
    ],
    firing: include_str!("../../fixtures/wildcard-policy-template/firing.yaml"),
    clean: include_str!("../../fixtures/wildcard-policy-template/clean.yaml"),
};

/// Beginnings of the names of templates that ask for a resource's name and use it in every
/// statement; others, such as `CloudWatchPutMetricPolicy`, have `*` by themselves.
///
/// Source: AWS SAM developer guide, "Policy template list".
const NAMING: &[&str] = &[
    "AWSSecretsManagerGetSecretValue",
    "DynamoDB",
    "EventBridgePutEvents",
    "Firehose",
    "KMS",
    "Kinesis",
    "Lambda",
    "S3",
    "SNS",
    "SQS",
    "SSMParameter",
    "StepFunctions",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for holder in holders(graph) {
        let severity =
            if holder.is_open_to_strangers(graph) { Severity::High } else { Severity::Medium };
        for attached in &holder.identity.attached {
            let AttachedOrigin::Template(template) = &attached.origin else { continue };
            if !NAMING.iter().any(|beginning| template.starts_with(beginning)) {
                continue;
            }
            let wide = attached
                .policy
                .statements
                .iter()
                .filter(|statement| statement.effect == Effect::Allow && can_be_narrowed(statement))
                .flat_map(|statement| {
                    statement.resources.patterns.iter().map(move |said| (statement, said))
                })
                .find(|(_, said)| reach(&said.value) != Reach::Named);
            let Some((statement, said)) = wide else { continue };
            let message = format!("`{}` has `{template}` on `{}`", holder.name(), said.value);
            let finding = Finding::new(&RULE, said.span, message)
                .severity(severity)
                .cause(template)
                .fix(Fix::advice(format!("give `{template}` the name of the one resource")));
            sink.report(holder.concern_statement(attached, statement, finding));
        }
    }
}

/// Stream templates also list all streams, which cannot be narrowed.
fn can_be_narrowed(statement: &Statement) -> bool {
    statement
        .actions
        .literals()
        .any(|(action, _)| actions::matching(action).any(|(_, action)| action.is_scopable()))
}
