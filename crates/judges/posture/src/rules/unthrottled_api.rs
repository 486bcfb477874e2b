use app_graph::{Api, ApiProtocol, AppGraph, Entity, Route, Trigger};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::exposure::{apis, is_closed, is_rate_limited, shown};
use crate::rules::Check;
use crate::work::open_work;

/// An API that strangers may call as often as the account can bear.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unthrottled-api",
    summary: "strangers may call an API as often as the whole account can bear",
    explanation: "Without a rate of its own an API uses the account's, 10,000 requests a second shared with every other \
        API of the region: one visitor can use it up, stop the others, and run up the bill. Reported only \
        where strangers can write or start work that costs: a route other than `GET` that asks nobody who they \
        are and leads to a service, to a server, or to a function that may reach one.\n\n\
        Set a rate and a burst on the stage, a little above the busiest good minute; a firewall in front limits each \
        caller by itself. An API behind one with a rate rule is left out, and behind one whose rules are declared \
        elsewhere.",
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
    for (entity, api) in apis(graph) {
        if api.stage.is_none() || is_closed(api) || is_rate_limited(graph, entity, api) {
            continue;
        }
        if let Some((trigger, route)) = open_work(graph, &entity.id) {
            judge(entity, api, (trigger, route), sink);
        }
    }
}

fn judge(entity: &Entity, api: &Api, (trigger, route): (&Trigger, &Route), sink: &mut Sink) {
    let cases = api.throttle_rate.cases();
    for case in &cases {
        if let Settled::Unknown(unknown) = case.value {
            sink.unknown(&RULE, entity, "throttling rate", unknown);
        }
    }
    // Stages without a rate are one fault, named with its condition where others have one.
    let Some(case) = cases.iter().find(|case| case.value == Settled::Unset) else { return };
    let is_always = cases.iter().all(|case| case.value == Settled::Unset);
    let conditions = if is_always { &[] } else { case.conditions.as_slice() };
    let shown = shown(trigger, route);
    let message =
        format!("strangers may call `{shown}` of `{}` without a limit of its own", entity.name);
    let place = api.stage.filter(|_| is_always).unwrap_or(entity.said);
    let finding = Finding::new(&RULE, place, message)
        .resource(entity)
        .through(trigger)
        .cause("no rate")
        .label(trigger.entity.said, "asks nobody who they are")
        .when(entity.condition.as_deref())
        .when(conditions.iter().copied())
        .fix(Fix::advice(advice(api.protocol)));
    sink.report(finding);
}

/// What to do: only REST APIs can have a web ACL of their own.
fn advice(protocol: ApiProtocol) -> &'static str {
    match protocol {
        ApiProtocol::Rest => {
            "set a throttling rate and burst on the stage, or a firewall with a rate rule"
        }
        ApiProtocol::Http => {
            "set a throttling rate and burst on the stage, or put a distribution with a firewall \
             in front"
        }
        ApiProtocol::WebSocket => "set a throttling rate and burst on the stage",
    }
}
