use app_graph::{AppGraph, Entity, PasswordPolicy, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled, Span};

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// Passwords that may be short.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "weak-password-policy",
    summary: "users may choose short or simple passwords",
    explanation: "Short passwords are guessed. Length counts most: at least 12 characters, or at least 8 with upper \
        case, lower case, digits and symbols. A user pool that says nothing asks for 8 with all four; a pool \
        that says something asks only for what it says.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[521],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["Cognito.3", "IAM.7"],
    counterparts: &[
        "CKV_AWS_10",
        "CKV_AWS_11",
        "CKV_AWS_12",
        "CKV_AWS_14",
        "CKV_AWS_15",
        "AwsSolutions-COG1",
        "iam_password_policy_minimum_length_14",
        "cognito_user_pool_password_policy_minimum_length_14",
        "cognito_user_pool_password_policy_lowercase",
        "cognito_user_pool_password_policy_uppercase",
        "cognito_user_pool_password_policy_number",
        "cognito_user_pool_password_policy_symbol",
    ],
    references: &[
        "https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html",
        "https://pages.nist.gov/800-63-4/sp800-63b.html",
    ],
    firing: include_str!("../../fixtures/weak-password-policy/firing.yaml"),
    clean: include_str!("../../fixtures/weak-password-policy/clean.yaml"),
};

/// Characters that suffice without asking for kinds of them.
const LONG: u32 = 12;

/// Characters below which no kinds of them help.
const SHORT: u32 = 8;

/// Characters when an account's policy says nothing (AWS IAM API reference,
/// `UpdateAccountPasswordPolicy`), and when a user pool's policy says nothing.
const ACCOUNT_DEFAULT: u32 = 6;
const POOL_DEFAULT: u32 = 8;

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        match &resource.kind {
            ResourceKind::UserPool(pool) if pool.passwords.span.is_some() => {
                judge(&resource.entity, &pool.passwords, POOL_DEFAULT, sink);
            }
            ResourceKind::PasswordPolicy(policy) => {
                judge(&resource.entity, policy, ACCOUNT_DEFAULT, sink);
            }
            _ => {}
        }
    }
}

fn judge(entity: &Entity, policy: &PasswordPolicy, default: u32, sink: &mut Sink) {
    let kinds = [
        ("upper case", &policy.uppercase),
        ("lower case", &policy.lowercase),
        ("digits", &policy.numbers),
        ("symbols", &policy.symbols),
    ];
    let missing: Vec<&str> = kinds
        .into_iter()
        .filter(|(_, asked)| is_never_asked(asked))
        .map(|(name, _)| name)
        .collect();
    let elsewhere = policy.span.unwrap_or(entity.said);
    for case in policy.minimum_length.cases() {
        let (length, span): (u32, Span) = match case.value {
            Settled::Known(said) => (said.value, said.span),
            Settled::Unset => (default, elsewhere),
            Settled::Unknown(unknown) => {
                sink.unknown(&RULE, entity, "minimum length of passwords", unknown);
                continue;
            }
        };
        let (severity, message) = if length < SHORT {
            (Severity::Medium, format!("`{}` allows passwords of {length} characters", entity.name))
        } else if length < LONG && !missing.is_empty() {
            let missing = missing.join(", ");
            (
                Severity::Low,
                format!(
                    "`{}` allows passwords of {length} characters without {missing}",
                    entity.name
                ),
            )
        } else {
            continue;
        };
        let edit = match case.value {
            Settled::Known(said) => edit::replace(entity, &case, said, "12"),
            _ => None,
        };
        let finding = Finding::new(&RULE, span, message)
            .severity(severity)
            .resource(entity)
            .when(entity.condition.as_deref())
            .when(case.conditions.iter().copied())
            .fix(Fix::maybe("ask for at least 12 characters", edit));
        sink.report(finding);
    }
}

fn is_never_asked(asked: &Setting<bool>) -> bool {
    asked.cases().iter().all(|case| match case.value {
        Settled::Known(said) => !said.value,
        Settled::Unset => true,
        Settled::Unknown(_) => false,
    })
}
