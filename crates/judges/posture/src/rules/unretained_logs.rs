use app_graph::{AppGraph, Cloud, Content, Function, LogGroup, Resource, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::access::canonical;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// Logs without a decided lifetime.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unretained-logs",
    summary: "logs are kept for ever, because nobody said how long",
    explanation: "Logs that never expire collect personal data and secrets that were printed once, and \
        cost more every month. Laws and standards ask for a decided time: long enough to \
        look into an attack, not longer.\n\n\
        Declare the log group with a retention. A function without a declared group gets one \
        from the platform that never expires; it is reported only where the application sets \
        the retention of other functions' logs.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[779, 1230],
    owasp: Owasp::InsufficientLogging,
    security_hub: &["CloudWatch.16"],
    counterparts: &[
        "CKV_AWS_66",
        "CKV_AWS_338",
        "Serverless-CloudWatchLogGroupRetentionPeriod",
        "cloudwatch_log_group_retention_policy_specific_days_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    ],
    firing: include_str!("../../fixtures/unretained-logs/firing.yaml"),
    clean: include_str!("../../fixtures/unretained-logs/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let groups: Vec<(&Resource, &LogGroup)> = graph
        .resources
        .iter()
        .filter_map(|resource| match &resource.kind {
            ResourceKind::LogGroup(group) => Some((resource, group.as_ref())),
            _ => None,
        })
        .collect();
    for index in 0..groups.len() {
        judge_group(graph, &groups, index, sink);
    }
    let decides = |(resource, group): &(&Resource, &LogGroup)| {
        group.retention_days.any(|_| true)
            && graph.functions.iter().any(|function| writes_to(function, resource, group))
    };
    let Some((decided, _)) = groups.iter().find(|pair| decides(pair)) else { return };
    for function in graph.functions.iter().filter(|f| f.entity.cloud == Cloud::Aws) {
        let has_group = !function.log_group.is_unset()
            || groups.iter().any(|(resource, group)| writes_to(function, resource, group));
        if has_group {
            continue;
        }
        let entity = &function.entity;
        sink.report(
            Finding::new(
                &RULE,
                entity.said,
                format!(
                    "the logs of `{}` are kept for ever: no log group is declared for it",
                    entity.name
                ),
            )
            .function(entity)
            .when(entity.condition.as_deref())
            .label(decided.entity.said, "declared for another function")
            .fix(Fix::advice("declare its log group with a retention")),
        );
    }
}

/// Reports a group, once for all that a framework makes at the same place.
fn judge_group(graph: &AppGraph, groups: &[(&Resource, &LogGroup)], index: usize, sink: &mut Sink) {
    let Some((resource, group)) = groups.get(index) else { return };
    let entity = &resource.entity;
    for case in group.retention_days.cases() {
        match case.value {
            Settled::Known(_) => {}
            Settled::Unknown(unknown) => sink.unknown(&RULE, entity, "retention", unknown),
            Settled::Unset => {
                let stands_beside = |other: &&(&Resource, &LogGroup)| {
                    other.0.entity.said == entity.said && !other.1.retention_days.any(|_| true)
                };
                if groups.iter().take(index).any(|other| stands_beside(&other)) {
                    continue;
                }
                let is_of_a_function =
                    graph.functions.iter().any(|function| function.entity.name == entity.name);
                let message = match groups.iter().skip(index).filter(stands_beside).count() {
                    0 | 1 if is_of_a_function => {
                        format!("the logs of `{}` are kept for ever", entity.name)
                    }
                    0 | 1 => format!("the logs in `{}` are kept for ever", entity.name),
                    count => format!("the logs of {count} functions are kept for ever"),
                };
                let edit = edit::add(entity, &RETENTION);
                let mut finding = Finding::new(&RULE, entity.said, message)
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions.iter().copied())
                    .fix(Fix::maybe(
                        "set a retention",
                        edit.filter(|_| case.conditions.is_empty()),
                    ));
                let mut writers =
                    graph.functions.iter().filter(|function| writes_to(function, resource, group));
                if let (Some(function), None) = (writers.next(), writers.next()) {
                    finding = finding.function(&function.entity);
                }
                sink.report(finding);
            }
        }
    }
}

const DAYS: Content<'_> = Content::Scalar("365");

const RETENTION: Wording<'_> = Wording {
    cloudformation: &[("RetentionInDays", DAYS)],
    sam: &[],
    serverless: &[("LogRetentionInDays", DAYS)],
    terraform: &[("retention_in_days", DAYS)],
};

/// Whether a function logs to a group: set for it, or of the name that the platform gives.
fn writes_to(function: &Function, resource: &Resource, group: &LogGroup) -> bool {
    let set = function.log_group.known_values().any(|said| {
        said.value.references().any(|reference| reference.entity == resource.entity.id)
    });
    let named = group.name.known_values().any(|said| {
        let by_reference =
            said.value.references().any(|reference| reference.entity == function.entity.id);
        let name = canonical(&said.value);
        let function_name = function.function_name.single().map(|said| canonical(&said.value));
        let platform_name = function_name.map(|name| format!("/aws/lambda/{name}"));
        by_reference || platform_name.is_some_and(|platform_name| platform_name == name)
    });
    set || named
}
