use app_graph::{AppGraph, Cloud};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::rules::Check;
use crate::{Facts, edit};

/// A function without a timeout of its own.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "default-timeout",
    summary: "a function runs with the platform's default timeout",
    explanation: "The default (3 seconds on AWS Lambda) is nobody's decision: it is too short for a call \
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
    // Nothing is known of the defaults of other platforms, if they have any.
    let functions = graph.functions.iter();
    for function in functions.filter(|function| function.entity.cloud != Cloud::Other) {
        for case in function.timeout.cases() {
            match case.value {
                Settled::Unset => sink.report(
                    Finding::new(
                        &RULE,
                        function.entity.said,
                        format!("`{}` has no timeout of its own", function.entity.name),
                    )
                    .function(&function.entity)
                    .when(case.conditions)
                    .fix(Fix::maybe(
                        "set a timeout a little above the slowest good invocation",
                        edit::add_property(&function.entity, "Timeout", "10"),
                    )),
                ),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "timeout", unknown);
                }
                Settled::Known(_) => {}
            }
        }
    }
}
