use app_graph::{AppGraph, Content, UrlAuth};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A function that strangers can start without a limit.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unlimited-concurrency",
    summary: "anyone can start a function as often as they like",
    explanation: "A function URL that asks nobody to sign has no throttle of its own. Every request \
        starts an instance until the account's concurrency is used up: the bill grows, and \
        all other functions of the account stand still.\n\n\
        Reserve a concurrency for the function, which is also its upper limit. APIs have \
        throttles of their own, so functions behind them are not asked.",
    family: Family::Function,
    severity: Severity::Medium,
    cwe: &[770, 400],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &["CKV_AWS_115"],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
    ],
    firing: include_str!("../../fixtures/unlimited-concurrency/firing.yaml"),
    clean: include_str!("../../fixtures/unlimited-concurrency/clean.yaml"),
};

const TWENTY: Content<'_> = Content::Scalar("20");

const LIMIT: Wording<'_> = Wording {
    cloudformation: &[("ReservedConcurrentExecutions", TWENTY)],
    sam: &[("ReservedConcurrentExecutions", TWENTY)],
    serverless: &[("ReservedConcurrency", TWENTY)],
    terraform: &[("ReservedConcurrentExecutions", TWENTY)],
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for function in &graph.functions {
        let Some(url) = &function.url else { continue };
        for case in function.maximum_concurrency.cases() {
            match case.value {
                Settled::Known(_) => continue,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "maximum concurrency", unknown);
                    continue;
                }
                Settled::Unset => {}
            }
            let entity = &function.entity;
            for auth in url.auth.cases() {
                let Settled::Known(said) = auth.value else { continue };
                if said.value != UrlAuth::Anyone {
                    continue;
                }
                let edit = edit::add(entity, &LIMIT);
                sink.report(
                    Finding::new(
                        &RULE,
                        entity.said,
                        format!(
                            "anyone can start `{}` through its URL, as often as they like",
                            entity.name
                        ),
                    )
                    .function(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions.iter().copied())
                    .when(auth.conditions)
                    .label(said.span, "anyone may call")
                    .fix(Fix::maybe(
                        "reserve a concurrency, which is also the upper limit",
                        edit.filter(|_| case.conditions.is_empty()),
                    )),
                );
            }
        }
    }
}
