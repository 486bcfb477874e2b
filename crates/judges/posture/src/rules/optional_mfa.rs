use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::rules::Check;
use crate::{Facts, edit};

/// A user pool that lets users in with a password alone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "optional-mfa",
    summary: "users of a pool may sign in with a password alone",
    explanation: "Passwords are stolen, guessed and reused. With `MfaConfiguration` off (the default) or optional, one \
        stolen password is one stolen account.\n\n\
        Set it to `ON` with authenticator apps or passkeys; where customers cannot be asked for that, allow the \
        rule with the reason.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[308],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["Cognito.5"],
    counterparts: &["AwsSolutions-COG2", "cognito_user_pool_mfa_enabled"],
    references: &[
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
    ],
    firing: include_str!("../../fixtures/optional-mfa/firing.yaml"),
    clean: include_str!("../../fixtures/optional-mfa/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::UserPool(pool) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in pool.mfa.cases() {
            let (span, severity, state) = match case.value {
                Settled::Known(said) if said.value.eq_ignore_ascii_case("ON") => continue,
                Settled::Known(said) if said.value.eq_ignore_ascii_case("OPTIONAL") => {
                    (said.span, Severity::Low, "leaves the second factor to its users")
                }
                Settled::Known(said) => (said.span, Severity::Medium, "asks for no second factor"),
                Settled::Unset => (entity.said, Severity::Medium, "asks for no second factor"),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "second factor", unknown);
                    continue;
                }
            };
            let edit = match case.value {
                Settled::Known(said) => edit::replace(entity, &case, said, "\"ON\""),
                _ if case.conditions.is_empty() => {
                    edit::add_property(entity, "MfaConfiguration", "\"ON\"")
                }
                _ => None,
            };
            let finding = Finding::new(&RULE, span, format!("`{}` {state}", entity.name))
                .severity(severity)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions.iter().copied())
                .fix(Fix::maybe("set `MfaConfiguration` to `ON`, with authenticator apps", edit));
            sink.report(finding);
        }
    }
}
