use app_graph::{Api, AppGraph, Entity};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::exposure::{apis, is_closed, open_apis};
use crate::rules::Check;

/// An API that strangers may call as often as the account can bear.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unthrottled-api",
    summary: "strangers may call an API as often as the whole account can bear",
    explanation: "Without a rate of its own an API uses the account's, 10,000 requests a second shared with every other \
        API of the region: one visitor can use it up, stop the others, and run up the bill. Reported only \
        where some route asks nobody who they are.\n\n\
        Set a rate and a burst on the stage, a little above the busiest good minute.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[770, 400],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &["Serverless-APIGWDefaultThrottling"],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    ],
    firing: include_str!("../../fixtures/unthrottled-api/firing.yaml"),
    clean: include_str!("../../fixtures/unthrottled-api/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let open = open_apis(graph);
    for (entity, api) in apis(graph) {
        if api.has_stage && open.contains(&entity.id) && !is_closed(api) {
            judge(entity, api, sink);
        }
    }
}

fn judge(entity: &Entity, api: &Api, sink: &mut Sink) {
    for case in api.throttle_rate.cases() {
        match case.value {
            Settled::Unset => {
                let message =
                    format!("strangers may call `{}` without a limit of its own", entity.name);
                let finding = Finding::new(&RULE, entity.said, message)
                    .resource(entity)
                    .cause("no rate")
                    .when(entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::advice("set a throttling rate and burst on the stage"));
                sink.report(finding);
            }
            Settled::Unknown(unknown) => sink.unknown(&RULE, entity, "throttling rate", unknown),
            Settled::Known(_) => {}
        }
    }
}
