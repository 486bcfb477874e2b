use app_graph::{Alarm, AppGraph, Cloud, Function, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{PartialText, Setting};

use crate::Facts;
use crate::rules::Check;

/// Alarms on functions, but none on throttling or concurrency.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unmonitored-concurrency",
    summary: "an application has alarms on its functions, but none on throttling or concurrency",
    explanation: "When the account's concurrency is used up, functions are turned away: no error \
        appears in any function's own metrics, because none runs. A flood of requests looks \
        like silence. The rule fires once, and only where the application has alarms on \
        functions.\n\n\
        Add an alarm on `Throttles` or `ConcurrentExecutions`.",
    family: Family::Function,
    severity: Severity::Info,
    cwe: &[778],
    owasp: Owasp::InsufficientLogging,
    security_hub: &[],
    counterparts: &[],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html"],
    firing: include_str!("../../fixtures/unmonitored-concurrency/firing.yaml"),
    clean: include_str!("../../fixtures/unmonitored-concurrency/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let alarms = graph.resources.iter().filter_map(|resource| match &resource.kind {
        ResourceKind::Alarm(alarm) if is_on_functions(alarm) => Some((resource, alarm)),
        _ => None,
    });
    let mut first = None;
    let mut others = 0;
    for (resource, alarm) in alarms {
        if alarm.metric.any(is_of_concurrency) || alarm.metric.unknown().is_some() {
            return;
        }
        others += usize::from(first.is_some());
        first = first.or(Some(resource));
    }
    let Some(first) = first.filter(|_| graph.functions.iter().any(is_on_aws)) else { return };
    let name = &first.entity.name;
    let message = match others {
        0 => format!("`{name}` does not see when functions are turned away"),
        _ => format!(
            "`{name}` and {others} more alarms on functions do not see when they are turned away"
        ),
    };
    sink.report(
        Finding::new(&RULE, first.entity.said, message)
            .resource(&first.entity)
            .fix(Fix::advice("add an alarm on `Throttles` or `ConcurrentExecutions`")),
    );
}

fn is_on_functions(alarm: &Alarm) -> bool {
    let is = |namespace: &Setting<PartialText>| {
        namespace.any(|text| text.literal() == Some("AWS/Lambda"))
    };
    is(&alarm.namespace)
}

fn is_of_concurrency(metric: &PartialText) -> bool {
    metric.literal().is_some_and(|name| name == "Throttles" || name.contains("Concurren"))
}

fn is_on_aws(function: &Function) -> bool {
    function.entity.cloud == Cloud::Aws
}
