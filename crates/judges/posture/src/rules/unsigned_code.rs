use app_graph::{AppGraph, Cloud, Packaging};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// A function whose code need not be signed in an application that signs others'.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unsigned-code",
    summary: "a function accepts unsigned code while others of the application do not",
    explanation: "Code signing keeps code out that did not come through your build. It is worth as \
        much as its weakest function: one that accepts any archive runs what an attacker \
        uploads. The rule fires only where the application signs other functions.\n\n\
        Give this function the same code signing configuration.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[345, 494],
    owasp: Owasp::VulnerableComponents,
    security_hub: &[],
    counterparts: &["CKV_AWS_272"],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html"],
    firing: include_str!("../../fixtures/unsigned-code/firing.yaml"),
    clean: include_str!("../../fixtures/unsigned-code/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let is_signed = |function: &&app_graph::Function| !function.code_signing.is_unset();
    let Some(signed) = graph.functions.iter().find(is_signed) else { return };
    let archives = graph.functions.iter();
    // Images and other clouds' code are signed by other means.
    let takes_signed = |function: &&app_graph::Function| {
        function.packaging == Packaging::Archive && function.entity.cloud == Cloud::Aws
    };
    for function in archives.filter(takes_signed) {
        for case in function.code_signing.cases() {
            if case.value != Settled::Unset {
                continue;
            }
            let entity = &function.entity;
            let (name, other) = (&entity.name, &signed.entity.name);
            sink.report(
                Finding::new(
                    &RULE,
                    entity.said,
                    format!("`{name}` accepts unsigned code, unlike `{other}`"),
                )
                .function(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .label(signed.entity.said, "accepts signed code only")
                .fix(Fix::advice(format!("give it the code signing configuration of `{other}`"))),
            );
        }
    }
}
