use app_graph::{AppGraph, Content, Entity, ResourceKind};
use finding::{Edit, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Case, Settled};

use crate::Facts;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A user pool that lets users in with a password alone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "optional-mfa",
    summary: "users of a pool may sign in with a password alone",
    explanation: "Passwords are stolen, guessed and reused. With `MfaConfiguration` off (the default) or optional, one \
        stolen password is one stolen account.\n\n\
        Set it to `ON` and name a factor, such as authenticator apps; where customers cannot be asked for that, allow the \
        rule with the reason. A pool of which all clients are programs (`client_credentials`) has no users to ask.",
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
        if pool.only_programs {
            continue;
        }
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
            let finding = Finding::new(&RULE, span, format!("`{}` {state}", entity.name))
                .severity(severity)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions.iter().copied())
                .fix(Fix {
                    summary: "ask everyone for a second factor, with authenticator apps".to_owned(),
                    edits: edits(entity, &case).unwrap_or_default(),
                });
            sink.report(finding);
        }
    }
}

/// Properties that name a second factor, CloudFormation's and Terraform's.
const FACTORS: [&str; 4] =
    ["EnabledMfas", "SmsConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];

const ON: (&str, Content<'_>) = ("MfaConfiguration", Content::Scalar("\"ON\""));
const APPS: (&str, Content<'_>) = ("EnabledMfas", Content::Scalar("[\"SOFTWARE_TOKEN_MFA\"]"));
const TERRAFORM_APPS: (&str, Content<'_>) =
    ("SoftwareTokenMfaConfiguration", Content::Members(&[("enabled", Content::Scalar("true"))]));

/// The edits that ask for a second factor, and name one where none is: the service refuses the one
/// without the other.
fn edits(entity: &Entity, case: &Case<'_, String>) -> Option<Vec<Edit>> {
    let nothing = Wording::default();
    let insertion = entity.insertion.as_ref()?;
    let has_factor = FACTORS.iter().any(|factor| insertion.has(factor));
    match case.value {
        Settled::Known(said) => {
            let on = edit::replace(entity, case, said, "\"ON\"")?;
            if has_factor {
                return Some(vec![on]);
            }
            let apps = Wording { cloudformation: &[APPS], terraform: &[TERRAFORM_APPS], ..nothing };
            Some(vec![on, edit::add(entity, &apps)?])
        }
        Settled::Unset if case.conditions.is_empty() => {
            let both = Wording {
                cloudformation: &[ON, APPS],
                terraform: &[ON, TERRAFORM_APPS],
                ..nothing
            };
            let only = Wording { cloudformation: &[ON], terraform: &[ON], ..nothing };
            Some(vec![edit::add(entity, if has_factor { &only } else { &both })?])
        }
        Settled::Unset | Settled::Unknown(_) => None,
    }
}
