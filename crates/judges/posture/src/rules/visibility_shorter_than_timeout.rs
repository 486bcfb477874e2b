use app_graph::{AppGraph, Content, Entity, ResourceKind};
use finding::{Edit, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::conditions::contradict;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A queue that shows a message again while the function still works on it.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "visibility-shorter-than-timeout",
    summary: "a queue's visibility timeout is shorter than the timeout of the function it starts",
    explanation: "While an invocation still runs, the queue hands the same message to another one: \
        work is done twice, and good messages end in the dead-letter queue after a few such \
        rounds. AWS refuses to create such a mapping.\n\n\
        Set the visibility timeout to six times the function's timeout, as AWS recommends.",
    family: Family::Function,
    severity: Severity::Medium,
    cwe: &[675, 362],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"],
    firing: include_str!("../../fixtures/visibility-shorter-than-timeout/firing.yaml"),
    clean: include_str!("../../fixtures/visibility-shorter-than-timeout/clean.yaml"),
};

/// Seconds, where the template says nothing.
///
/// Sources: Amazon SQS developer guide, "visibility timeout"; AWS Lambda developer guide.
const DEFAULT_VISIBILITY: u32 = 30;
const DEFAULT_TIMEOUT: u32 = 3;

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for trigger in &graph.triggers {
        let queue = trigger.source_entity.as_ref().and_then(|id| graph.resource(id));
        let function = trigger.function.as_ref().and_then(|id| graph.function(id));
        let (Some(resource), Some(function)) = (queue, function) else { continue };
        let ResourceKind::Queue(queue) = &resource.kind else { continue };
        for hidden in queue.visibility_timeout.cases() {
            let (visibility, span) = match hidden.value {
                Settled::Unset => (DEFAULT_VISIBILITY, resource.entity.said),
                Settled::Known(said) => (said.value, said.span),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &resource.entity, "visibility timeout", unknown);
                    continue;
                }
            };
            for running in function.timeout.cases() {
                let (timeout, place) = match running.value {
                    Settled::Unset => (DEFAULT_TIMEOUT, function.entity.said),
                    Settled::Known(said) => (said.value, said.span),
                    Settled::Unknown(unknown) => {
                        sink.unknown(&RULE, &function.entity, "timeout", unknown);
                        continue;
                    }
                };
                if visibility >= timeout || contradict(&hidden.conditions, &running.conditions) {
                    continue;
                }
                // A message can be hidden for twelve hours at most.
                let wanted = timeout.saturating_mul(6).min(43_200);
                let edit = match hidden.value {
                    Settled::Known(said) => {
                        edit::replace(&resource.entity, &hidden, said, &wanted.to_string())
                    }
                    _ if hidden.conditions.is_empty() => {
                        add_visibility(&resource.entity, &wanted.to_string())
                    }
                    _ => None,
                };
                let (queue, name) = (&resource.entity.name, &function.entity.name);
                sink.report(
                    Finding::new(
                        &RULE,
                        span,
                        format!(
                            "`{queue}` shows a message again after {visibility} seconds, while `{name}` \
                             may work on it for {timeout}"
                        ),
                    )
                    .resource(&resource.entity)
                    .function(&function.entity)
                    .when(hidden.conditions.iter().copied())
                    .when(running.conditions)
                    .label(place, "the function's timeout")
                    .fix(Fix::maybe(
                        format!("set the visibility timeout to {wanted} seconds, six times the function's timeout"),
                        edit,
                    )),
                );
            }
        }
    }
}

/// How the edit names the setting.
fn add_visibility(queue: &Entity, seconds: &str) -> Option<Edit> {
    let value = Content::Scalar(seconds);
    let property = [("VisibilityTimeout", value)];
    let argument = [("visibility_timeout_seconds", value)];
    let wording =
        Wording { cloudformation: &property, sam: &[], serverless: &[], terraform: &argument };
    edit::add(queue, &wording)
}
