use app_graph::{Api, ApiProtocol, AppGraph, Domain, Entity, ResourceKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Settled, Unknown};

use crate::conditions::contradict;
use crate::rules::Check;
use crate::{Facts, edit};

/// An API with a domain of its own that still answers at the provider's address.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "bypassable-custom-domain",
    summary: "an API with a custom domain still answers at the provider's address",
    explanation: "What stands in front of the custom domain (mutual TLS, a distribution, a firewall, an allow list) does \
        not stand in front of the `execute-api` address, and that address is easy to find.\n\n\
        Switch the default endpoint off.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[288, 420],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html",
    ],
    firing: include_str!("../../fixtures/bypassable-custom-domain/firing.yaml"),
    clean: include_str!("../../fixtures/bypassable-custom-domain/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Domain(domain) = &resource.kind else { continue };
        for id in &domain.apis {
            let Some(api) = graph.resource(id) else { continue };
            if let ResourceKind::Api(setup) = &api.kind {
                judge(&api.entity, setup, (&resource.entity, domain), sink);
            }
        }
    }
}

fn judge(entity: &Entity, api: &Api, (front, domain): (&Entity, &Domain), sink: &mut Sink) {
    if crate::exposure::is_closed(api) {
        return;
    }
    // Past mutual TLS everyone is let in who has no certificate.
    let asks_for_certificates = domain.mutual_tls.any(|asks| *asks);
    let severity = if asks_for_certificates { Severity::Medium } else { Severity::Low };
    // The domain exists under this condition only.
    let own = front.condition.as_deref().filter(|own| entity.condition.as_deref() != Some(own));
    for case in api.default_endpoint_disabled.cases() {
        if own.is_some_and(|own| contradict(&case.conditions, &[own])) {
            continue;
        }
        let (span, edit) = match case.value {
            Settled::Known(said) if said.value => continue,
            // A default that leaves the domain out may be the one that leaves the endpoint on.
            Settled::Known(said) if own.is_some() && said.origin.is_some() => {
                let why = "what decides on the domain may decide on the endpoint too";
                sink.unknown(&RULE, entity, "default endpoint", &Unknown::new(why, said.span));
                continue;
            }
            Settled::Known(said) => (said.span, edit::replace(entity, &case, said, "true")),
            // Terraform and CloudFormation agree on the name only for plain REST and HTTP APIs.
            Settled::Unset if api.protocol == ApiProtocol::WebSocket => (entity.said, None),
            Settled::Unset => {
                (entity.said, edit::add_property(entity, "DisableExecuteApiEndpoint", "true"))
            }
            Settled::Unknown(unknown) => {
                sink.unknown(&RULE, entity, "default endpoint", unknown);
                continue;
            }
        };
        let edit = edit.filter(|_| own.is_none());
        let message = format!("`{}` can be called past its domain `{}`", entity.name, front.name);
        let finding = Finding::new(&RULE, span, message)
            .severity(severity)
            .confidence(Confidence::Medium)
            .resource(entity)
            .label(front.said, "its custom domain")
            .when(entity.condition.as_deref())
            .when(own)
            .when(case.conditions)
            .fix(Fix::maybe("switch the default endpoint off", edit));
        sink.report(finding);
    }
}
