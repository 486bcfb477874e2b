use app_graph::{AppGraph, Cloud, Content, Tracing};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A function that is not traced in an application that traces others.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "untraced-function",
    summary: "a function is not traced while others of the application are",
    explanation: "A trace that ends in front of one function hides what it did with a request: an \
        attack or a lost order cannot be followed across it. The rule fires only where the \
        application traces other functions.\n\n\
        Switch tracing on for this function too.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[778],
    owasp: Owasp::InsufficientLogging,
    security_hub: &["Lambda.7"],
    counterparts: &["CKV_AWS_50", "Serverless-LambdaTracing"],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"],
    firing: include_str!("../../fixtures/untraced-function/firing.yaml"),
    clean: include_str!("../../fixtures/untraced-function/clean.yaml"),
};

const MODE: [(&str, Content<'_>); 1] = [("Mode", Content::Scalar("\"Active\""))];

const ACTIVE: Wording<'_> = Wording {
    cloudformation: &[("TracingConfig", Content::Members(&MODE))],
    sam: &[("Tracing", Content::Scalar("Active"))],
    // A service's functions are traced together, by the provider's setting.
    serverless: &[],
    terraform: &[("tracing_config", Content::Members(&MODE))],
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let traces = |tracing: &Tracing| *tracing == Tracing::Active;
    if !graph.functions.iter().any(|function| function.tracing.any(traces)) {
        return;
    }
    // Other clouds' functions are traced by other means.
    for function in graph.functions.iter().filter(|function| function.entity.cloud == Cloud::Aws) {
        let entity = &function.entity;
        for case in function.tracing.cases() {
            let (span, edit) = match case.value {
                Settled::Unset => (entity.said, edit::add(entity, &ACTIVE)),
                Settled::Known(said) if said.value == Tracing::Active => continue,
                Settled::Known(said) => {
                    let active = edit::word(entity, "Active");
                    (said.span, edit::replace(entity, &case, said, &active))
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "tracing", unknown);
                    continue;
                }
            };
            let edit = edit.filter(|_| case.conditions.is_empty());
            sink.report(
                Finding::new(
                    &RULE,
                    span,
                    format!("`{}` is not traced, other functions are", entity.name),
                )
                .function(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::maybe("set tracing to `Active`", edit)),
            );
        }
    }
}
