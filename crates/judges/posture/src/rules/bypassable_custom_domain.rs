use app_graph::{Api, ApiProtocol, AppGraph, Entity, ResourceKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

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
                judge(&api.entity, setup, &resource.entity, sink);
            }
        }
    }
}

fn judge(entity: &Entity, api: &Api, domain: &Entity, sink: &mut Sink) {
    if crate::exposure::is_closed(api) {
        return;
    }
    for case in api.default_endpoint_disabled.cases() {
        let (span, edit) = match case.value {
            Settled::Known(said) if said.value => continue,
            Settled::Known(said) => {
                (said.span, Some(finding::Edit { span: said.span, replacement: "true".to_owned() }))
            }
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
        let message = format!("`{}` can be called past its domain `{}`", entity.name, domain.name);
        let finding = Finding::new(&RULE, span, message)
            .confidence(Confidence::Medium)
            .resource(entity)
            .label(domain.said, "its custom domain")
            .when(entity.condition.as_deref())
            .when(case.conditions)
            .fix(Fix::maybe("switch the default endpoint off", edit));
        sink.report(finding);
    }
}
