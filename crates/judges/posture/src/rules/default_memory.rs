use app_graph::{AppGraph, Cloud};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// A function without a memory size of its own.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "default-memory",
    summary: "a function runs with the platform's default memory size",
    explanation: "The default (128 MiB on AWS Lambda) also sets the share of a processor, and nobody \
        chose it: parsing a large event may end in an out-of-memory error or take so long \
        that it times out. The Serverless Framework sets 1,024 MiB itself.\n\n\
        Measure the function and set the size that it needs.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[1188],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &["Serverless-LambdaDefaultMemorySize"],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"],
    firing: include_str!("../../fixtures/default-memory/firing.yaml"),
    clean: include_str!("../../fixtures/default-memory/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    // A plan, not the function, decides on memory in Azure; other platforms' defaults are not known.
    let has_default = |cloud| matches!(cloud, Cloud::Aws | Cloud::Google);
    let functions = graph.functions.iter();
    for function in functions.filter(|function| has_default(function.entity.cloud)) {
        for case in function.memory.cases() {
            match case.value {
                Settled::Unset => sink.report(
                    Finding::new(
                        &RULE,
                        function.entity.said,
                        format!("`{}` has no memory size of its own", function.entity.name),
                    )
                    .function(&function.entity)
                    .when(function.entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::maybe(
                        "set the memory size that measurements show",
                        edit::add_property(&function.entity, "MemorySize", "256"),
                    )),
                ),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "memory size", unknown);
                }
                Settled::Known(_) => {}
            }
        }
    }
}
