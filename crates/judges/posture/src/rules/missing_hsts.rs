use app_graph::{AppGraph, ResourceKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::rules::Check;
use crate::{Facts, exposure};

/// A distribution whose answers do not tell browsers to stay on HTTPS.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "missing-hsts",
    summary: "a distribution does not tell browsers to stay on HTTPS",
    explanation: "Without `Strict-Transport-Security` the first request of a visit may go over plain HTTP, where someone \
        on the way can answer in the site's name.\n\n\
        Attach a response headers policy with the header, such as the managed `SecurityHeadersPolicy`.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[319, 523],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &[],
    counterparts: &["CKV_AWS_259", "CKV2_AWS_32"],
    references: &[
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html",
        "https://www.rfc-editor.org/rfc/rfc6797",
    ],
    firing: include_str!("../../fixtures/missing-hsts/firing.yaml"),
    clean: include_str!("../../fixtures/missing-hsts/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Distribution(distribution) = &resource.kind else { continue };
        let entity = &resource.entity;
        // The code behind another origin may send the header itself.
        let confidence = match exposure::is_static(graph, distribution) {
            true => Confidence::High,
            false => Confidence::Medium,
        };
        for case in distribution.hsts.cases() {
            let span = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => said.span,
                Settled::Unset => entity.said,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "response headers", unknown);
                    continue;
                }
            };
            let message = format!("`{}` does not tell browsers to stay on HTTPS", entity.name);
            let finding = Finding::new(&RULE, span, message)
                .confidence(confidence)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::advice(
                    "attach a response headers policy with `Strict-Transport-Security`",
                ));
            sink.report(finding);
        }
    }
}
