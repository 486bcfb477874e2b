use app_graph::{ApiProtocol, AppGraph, Entity, Integration, Route, Trigger, Unmapped};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::Facts;
use crate::exposure::{apis, is_closed, is_defined, is_open_route, routes_of};
use crate::rules::Check;
use crate::work::does_work;

/// A REST API that checks nothing of what strangers send.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unvalidated-requests",
    summary: "a REST API passes on requests of strangers without checking their shape",
    explanation: "Each malformed request starts the function, and each handler has to find the fault by itself. A model \
        and a request validator refuse it at the door for nothing. Reported for REST APIs with a route that \
        takes a body from anyone and hands it to a service unread, or where other routes do validate; HTTP APIs have \
        no validation.\n\n\
        Describe the body with a JSON Schema model and switch on a request validator; keep the checks in the code.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[20, 1287],
    owasp: Owasp::Injection,
    security_hub: &[],
    counterparts: &["CKV2_AWS_53", "AwsSolutions-APIG2"],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
    ],
    firing: include_str!("../../fixtures/unvalidated-requests/firing.yaml"),
    clean: include_str!("../../fixtures/unvalidated-requests/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for (entity, api) in apis(graph) {
        if api.protocol != ApiProtocol::Rest || is_closed(api) {
            continue;
        }
        let validates = !is_never(&api.validation);
        let open: Vec<_> = routes_of(graph, &entity.id)
            .filter(|(trigger, route)| {
                matches!(route.method.as_str(), "POST" | "PUT" | "PATCH")
                    && is_never(&route.validation)
                    && (validates || is_handed_on_unread(trigger, route))
                    && is_open_route(graph, trigger, route)
                    && does_work(graph, trigger, route)
            })
            .collect();
        let Some((first, route)) = open.first() else { continue };
        let more =
            if open.len() > 1 { format!(" and {} more", open.len() - 1) } else { String::new() };
        let message = format!(
            "`{}` checks nothing of what strangers send to `{} {}`{more}",
            entity.name, route.method, route.path
        );
        let finding = Finding::new(&RULE, entity.said, message)
            .confidence(Confidence::Medium)
            .resource(entity)
            .through(first)
            .cause("no validator")
            .label(first.entity.said, "takes a body from anyone")
            .when(entity.condition.as_deref())
            .fix(Fix::advice(advice(entity, first, route)));
        sink.report(finding);
    }
}

/// What to do: a model for one type of content lets others by, which no code looks at where a
/// service takes them. A definition has no word for a model of every type.
///
/// Source: `AWS::ApiGateway::Method`, `RequestModels`.
fn advice(api: &Entity, trigger: &Trigger, route: &Route) -> &'static str {
    let passes_on = route.integration == Some(Integration::Service(Unmapped::PassedOn));
    if trigger.function.is_none() && passes_on && !is_defined(trigger, api) {
        "add a request validator and a model for the body, as `$default` for every content type"
    } else {
        "add a model and a request validator for the body"
    }
}

/// Whether no code of the application sees the request before a service does.
fn is_handed_on_unread(trigger: &Trigger, route: &Route) -> bool {
    trigger.function.is_none() && matches!(route.integration, Some(Integration::Service(_)))
}

fn is_never(validation: &Setting<bool>) -> bool {
    validation.cases().iter().all(|case| match case.value {
        Settled::Unset => true,
        Settled::Known(said) => !said.value,
        Settled::Unknown(_) => false,
    })
}
