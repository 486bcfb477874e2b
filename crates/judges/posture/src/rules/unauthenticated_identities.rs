use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// An identity pool that gives credentials to guests.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unauthenticated-identities",
    summary: "an identity pool gives credentials to anyone",
    explanation: "With unauthenticated identities everyone who knows the pool's id, which stands in the web page, gets \
        credentials of the account and the rights of the pool's guest role.\n\n\
        Switch it off, or make sure that the guest role may do nothing but what every visitor may.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[306],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["Cognito.2"],
    counterparts: &[
        "CKV_AWS_366",
        "AwsSolutions-COG7",
        "cognito_identity_pool_guest_access_disabled",
    ],
    references: &["https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html"],
    firing: include_str!("../../fixtures/unauthenticated-identities/firing.yaml"),
    clean: include_str!("../../fixtures/unauthenticated-identities/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::IdentityPool(pool) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in pool.unauthenticated.cases() {
            match case.value {
                Settled::Known(said) if said.value => {
                    let message = format!("`{}` gives credentials to anyone", entity.name);
                    let finding = Finding::new(&RULE, said.span, message)
                        .resource(entity)
                        .when(entity.condition.as_deref())
                        .when(case.conditions)
                        .fix(Fix::replace(
                            "switch unauthenticated identities off",
                            said.span,
                            "false",
                        ));
                    sink.report(finding);
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "unauthenticated identities", unknown);
                }
                Settled::Known(_) | Settled::Unset => {}
            }
        }
    }
}
