use app_graph::{AppGraph, Owner, Packaging};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;
use crate::runtimes::{self, Day, shown};

/// A function on a runtime that gets no security fixes any more.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "retired-runtime",
    summary: "a function runs on a runtime that is no longer patched",
    explanation: "After its retirement a runtime gets no security fixes, neither of the language nor \
        of the system below it, and known holes stay open. Some time later the platform \
        refuses first to create and then to update functions on it, so that not even a fix \
        of your own code can be deployed.\n\n\
        Move to the named successor and test there. The dates are data with a source and a \
        day; a scan judges by today's date.",
    family: Family::Function,
    severity: Severity::Medium,
    cwe: &[1104, 1395],
    owasp: Owasp::VulnerableComponents,
    security_hub: &["Lambda.2"],
    counterparts: &[
        "CKV_AWS_363",
        "AwsSolutions-L1",
        "Serverless-LambdaLatestVersion",
        "awslambda_function_using_supported_runtimes",
    ],
    references: &[runtimes::AWS_PAGE, runtimes::GOOGLE_PAGE, runtimes::AZURE_PAGE],
    firing: include_str!("../../fixtures/retired-runtime/firing.yaml"),
    clean: include_str!("../../fixtures/retired-runtime/clean.yaml"),
};

fn check(graph: &AppGraph, facts: &Facts, sink: &mut Sink) {
    let functions = graph.functions.iter();
    for function in functions.filter(|function| function.packaging == Packaging::Archive) {
        for case in function.runtime.cases() {
            let said = match case.value {
                Settled::Known(said) => said,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "runtime", unknown);
                    continue;
                }
                Settled::Unset => continue,
            };
            let Some(runtime) = runtimes::lookup(function.entity.cloud, &said.value) else {
                let why = format!("no dates are known of the runtime `{}`", said.value);
                let unknown = text::Unknown::new(why, said.span);
                sink.unknown(&RULE, &function.entity, "runtime's dates", &unknown);
                continue;
            };
            let Some(retired) = runtime.retired.filter(|day| *day <= facts.today) else { continue };
            let past = |day: Option<Day>| day.filter(|day| *day <= facts.today).map(shown);
            let (name, since) = (&function.entity.name, shown(retired));
            let mut message = format!("`{name}` runs on `{}`, unpatched since {since}", said.value);
            if let Some(day) = past(runtime.update_blocked) {
                message.push_str(&format!("; it cannot be updated since {day}"));
            } else if let Some(day) = past(runtime.create_blocked) {
                message.push_str(&format!("; no function can be created with it since {day}"));
            }
            let mut finding = Finding::new(&RULE, said.span, message)
                .function(&function.entity)
                .when(function.entity.condition.as_deref())
                .when(case.conditions.iter().copied())
                .cause(said.value.as_str())
                .reference(runtimes::reference(function.entity.cloud));
            if let Some(origin) = said.origin {
                finding = finding.label(origin, "the value comes from here");
            }
            sink.report(finding.fix(match &runtime.successor {
                _ if function.entity.owner == Owner::Framework => {
                    Fix::advice("move to a newer version of the framework, which brings it along")
                }
                Some(successor) if successor.starts_with("provided.") => Fix::advice(format!(
                    "move to `{successor}` with an executable named `bootstrap`, and test"
                )),
                Some(successor) => Fix::maybe(
                    format!("move to `{successor}` and test"),
                    runtimes::replacement(&function.entity, &case, said, successor),
                ),
                None => Fix::advice("move to a supported runtime"),
            }));
        }
    }
}
