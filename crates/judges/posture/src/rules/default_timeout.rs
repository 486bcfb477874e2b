use app_graph::{AppGraph, Cloud, Function};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::patience::patience;
use crate::rules::Check;
use crate::{Facts, edit};

/// A function without a timeout of its own.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "default-timeout",
    summary: "a function runs with the platform's default timeout",
    explanation: "The default (3 seconds on AWS Lambda, 6 in the Serverless Framework) is nobody's decision: it is too short for a call \
        to a slow dependency, and nobody notices when it is raised for all functions at once.\n\n\
        Set the timeout a little above the slowest good invocation.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[1188],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &["Serverless-LambdaDefaultTimeout"],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html"],
    firing: include_str!("../../fixtures/default-timeout/firing.yaml"),
    clean: include_str!("../../fixtures/default-timeout/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    // Azure has one timeout for a whole application; nothing is known of other platforms' defaults.
    let has_default = |cloud| matches!(cloud, Cloud::Aws | Cloud::Google);
    let functions = graph.functions.iter();
    for function in functions.filter(|function| has_default(function.entity.cloud)) {
        for case in function.timeout.cases() {
            match case.value {
                Settled::Unset => {
                    sink.report(finding(graph, function, None).when(case.conditions));
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "timeout", unknown);
                }
                // The framework writes one of its own where the author does not.
                Settled::Known(said) if said.span == function.entity.said => {
                    sink.report(finding(graph, function, Some(said.value)).when(case.conditions));
                }
                Settled::Known(_) => {}
            }
        }
    }
}

fn finding(graph: &AppGraph, function: &Function, of_framework: Option<u32>) -> Finding {
    let name = &function.entity.name;
    let message = match of_framework {
        None => format!("`{name}` has no timeout of its own"),
        Some(seconds) => {
            format!("`{name}` has no timeout of its own; the framework sets {seconds} seconds")
        }
    };
    Finding::new(&RULE, function.entity.said, message).function(&function.entity).fix(Fix::maybe(
        "set a timeout a little above the slowest good invocation",
        edit::add_property(&function.entity, "Timeout", &seconds(graph, function)),
    ))
}

/// A timeout to begin with: ten seconds, or what the most impatient caller leaves.
fn seconds(graph: &AppGraph, function: &Function) -> String {
    let waits = graph.triggers_of(&function.entity.id).filter_map(patience);
    let shortest = waits.min().map_or(10, |seconds| seconds.saturating_sub(1).max(1));
    shortest.min(10).to_string()
}
