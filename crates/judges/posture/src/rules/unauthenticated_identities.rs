use app_graph::{AppGraph, Entity, Identity, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::{Effect, Listing};
use text::{PartialText, Settled};

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
                Settled::Known(said) if said.value && !only_reports(graph, entity) => {
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

/// What browsers of every visitor send to be counted.
const REPORTING: &[&str] = &["mobiletargeting:PutEvents", "rum:PutRumEvents"];

/// Whether the pool's guests may do nothing but report what a page does.
fn only_reports(graph: &AppGraph, pool: &Entity) -> bool {
    let mut guests = graph.identities.iter().filter(|role| serves_guests(role, pool)).peekable();
    let reports = |role: &Identity| {
        let statements = role.attached.iter().flat_map(|attached| &attached.policy.statements);
        let mut allowing = statements.filter(|statement| statement.effect == Effect::Allow);
        role.managed.is_empty()
            && role.attached.iter().all(|attached| attached.policy.unknowns.is_empty())
            && allowing.all(|statement| {
                let mut actions = statement.actions.patterns.iter();
                statement.actions.listing == Listing::Only
                    && actions.all(|said| {
                        said.value.literal().is_some_and(|action| REPORTING.contains(&action))
                    })
            })
    };
    guests.peek().is_some() && guests.all(reports)
}

/// Whether a role's trust policy lets in the unauthenticated identities of a pool.
fn serves_guests(role: &Identity, pool: &Entity) -> bool {
    let mut statements = role.trust.iter().flat_map(|policy| &policy.statements);
    statements.any(|statement| {
        let has = |key: &str, is: &dyn Fn(&PartialText) -> bool| {
            let mut conditions = statement.conditions.iter();
            conditions.any(|condition| {
                condition.key.eq_ignore_ascii_case(&format!("cognito-identity.amazonaws.com:{key}"))
                    && condition.values.iter().any(|said| is(&said.value))
            })
        };
        has("amr", &|value| value.literal() == Some("unauthenticated"))
            && has("aud", &|value| value.references().any(|reference| reference.entity == pool.id))
    })
}
