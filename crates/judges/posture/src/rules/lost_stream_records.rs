use app_graph::{AppGraph, TriggerKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::Facts;
use crate::rules::Check;

/// Stream records that are given up without a trace.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "lost-stream-records",
    summary: "stream records that fail are given up without a trace",
    explanation: "With few tries a failing batch is thrown away; without a limit the one bad record \
        blocks its shard until it expires, and then all behind it may be lost as well. \
        Anyone who can write a record that the function fails on can do that.\n\n\
        Give the mapping an on-failure destination, a number of tries and a maximum age.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[778, 755],
    owasp: Owasp::InsufficientLogging,
    security_hub: &[],
    counterparts: &["Serverless-LambdaEventSourceMappingDestination"],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
    ],
    firing: include_str!("../../fixtures/lost-stream-records/firing.yaml"),
    clean: include_str!("../../fixtures/lost-stream-records/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for trigger in &graph.triggers {
        let Some(stream) = &trigger.stream else { continue };
        let Some(function) = trigger.function.as_ref().and_then(|id| graph.function(id)) else {
            continue;
        };
        for case in stream.failure_destination.cases() {
            match case.value {
                Settled::Known(_) => {}
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &trigger.entity, "failure destination", unknown);
                }
                Settled::Unset => {
                    let name = &function.entity.name;
                    let limited =
                        is_limited(&stream.maximum_retries) || is_limited(&stream.maximum_age);
                    let what = match trigger.kind {
                        _ if limited => "are given up after the last try",
                        TriggerKind::Kafka | TriggerKind::SelfManagedKafka => {
                            "block their partition until they expire"
                        }
                        _ => "block their shard until they expire",
                    };
                    let message = format!("stream records that `{name}` cannot handle {what}");
                    let mut finding = Finding::new(&RULE, stream.span, message)
                        .function(&function.entity)
                        .when(trigger.entity.condition.as_deref())
                        .when(case.conditions)
                        .cause(trigger.entity.name.as_str())
                        .fix(Fix::advice(match trigger.kind {
                            TriggerKind::Kafka | TriggerKind::SelfManagedKafka => {
                                "give the mapping an on-failure destination"
                            }
                            TriggerKind::Pipe => {
                                "give the pipe's source a dead-letter queue, a number of tries and a maximum age"
                            }
                            _ => {
                                "give the mapping an on-failure destination, a number of tries and a maximum age"
                            }
                        }));
                    let source = trigger.source_entity.as_ref().and_then(|id| graph.resource(id));
                    if let Some(source) = source {
                        finding = finding.resource(&source.entity);
                    }
                    sink.report(finding);
                }
            }
        }
    }
}

/// Whether a limit is set; -1 is none.
fn is_limited(limit: &Setting<i64>) -> bool {
    limit.any(|limit| *limit >= 0)
}
