use app_graph::{AppGraph, Packaging};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;
use crate::runtimes;

/// A function on a runtime that retires within 180 days.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "retiring-runtime",
    summary: "a function runs on a runtime that will soon get no security fixes",
    explanation: "The runtime's last day is announced and less than 180 days away. Moving takes a \
        release and a test, and it is cheaper before the platform blocks updates.\n\n\
        Move to the named successor.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[1104],
    owasp: Owasp::VulnerableComponents,
    security_hub: &["Lambda.2"],
    counterparts: &["AwsSolutions-L1", "Serverless-LambdaLatestVersion"],
    references: &[runtimes::AWS_PAGE, runtimes::GOOGLE_PAGE, runtimes::AZURE_PAGE],
    firing: include_str!("../../fixtures/retiring-runtime/firing.yaml"),
    clean: include_str!("../../fixtures/retiring-runtime/clean.yaml"),
};

/// Days of notice: the time in which AWS announces a retirement by mail and in the console.
const NOTICE: i64 = 180;

fn check(graph: &AppGraph, facts: &Facts, sink: &mut Sink) {
    let functions = graph.functions.iter();
    for function in functions.filter(|function| function.packaging == Packaging::Archive) {
        for case in function.runtime.cases() {
            // What cannot be resolved or looked up is noted by `retired-runtime`.
            let Settled::Known(said) = case.value else { continue };
            let Some(runtime) = runtimes::lookup(function.entity.cloud, &said.value) else {
                continue;
            };
            let Some(retired) = runtime.retired else { continue };
            let days = runtimes::days_between(facts.today, retired);
            if !(1..=NOTICE).contains(&days) {
                continue;
            }
            let fix = match &runtime.successor {
                Some(successor) => Fix::maybe(
                    format!("move to `{successor}` and test"),
                    runtimes::replacement(&function.entity, &case, said, successor),
                ),
                None => Fix::advice("move to a newer runtime"),
            };
            let (name, day) = (&function.entity.name, runtimes::shown(retired));
            let message =
                format!("`{name}` runs on `{}`, which gets no patches from {day}", said.value);
            sink.report(
                Finding::new(&RULE, said.span, message)
                    .function(&function.entity)
                    .when(function.entity.condition.as_deref())
                    .when(case.conditions.iter().copied())
                    .cause(said.value.as_str())
                    .reference(runtimes::reference(function.entity.cloud))
                    .fix(fix),
            );
        }
    }
}
