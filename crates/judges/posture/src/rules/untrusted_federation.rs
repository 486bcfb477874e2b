use app_graph::AppGraph;
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::{Principal, PrincipalKind, Statement};
use text::Span;

use crate::Facts;
use crate::guests::of_roles;
use crate::principals::let_in;
use crate::rules::Check;

/// A trust in an identity provider that does not say which of its identities.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "untrusted-federation",
    summary: "a role trusts every identity of a shared provider",
    explanation: "GitHub, GitLab or Cognito sign tokens for everyone. A trust policy without a condition on the token's \
        subject (or audience) lets a stranger's workflow or identity pool take the role; so does a \
        wildcard such as `repo:*`.\n\n\
        Compare `:sub` with your repository and branch, and `:aud` with the audience that you configured; for \
        SAML compare `SAML:aud`.",
    family: Family::Identity,
    severity: Severity::High,
    cwe: &[284, 863],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &[],
    counterparts: &["CKV_AWS_358"],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
        "https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services",
    ],
    firing: include_str!("../../fixtures/untrusted-federation/firing.yaml"),
    clean: include_str!("../../fixtures/untrusted-federation/clean.yaml"),
};

/// Issuers that sign tokens for everyone, so that only the subject tells who it is.
///
/// Source: AWS IAM user guide, "Identity-provider controls for shared OIDC providers".
const SHARED_ISSUERS: &[&str] = &[
    "token.actions.githubusercontent.com",
    "gitlab.com",
    "app.terraform.io",
    "api.bitbucket.org",
    "oidc.circleci.com",
    "agent.buildkite.com",
    "oidc.vercel.com",
    "oidc.pulumi.com",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for guest in of_roles(graph) {
        for principal in let_in(guest.statement) {
            if principal.kind != PrincipalKind::Federated {
                continue;
            }
            let Some((span, fault)) = fault(guest.statement, principal) else { continue };
            let name = &guest.host.entity().name;
            let finding = Finding::new(&RULE, span, format!("`{name}` trusts {fault}"))
                .cause(principal.value.value.to_string())
                .fix(Fix::advice("compare the token's subject and audience with exact values"));
            sink.report(guest.concern(graph, finding));
        }
    }
}

fn fault(statement: &Statement, principal: &Principal) -> Option<(Span, String)> {
    let provider = &principal.value.value;
    let asks = |ending: &str| {
        statement.conditions.iter().find(|condition| {
            let is_negative = condition.operator.to_ascii_lowercase().contains("not");
            !is_negative && condition.key.to_ascii_lowercase().ends_with(ending)
        })
    };
    let here = principal.value.span;
    let is_saml = provider.has_literal(":saml-provider/")
        || statement.actions.literals().any(|(action, _)| action == "sts:AssumeRoleWithSAML");
    if is_saml {
        let is_asked =
            asks("saml:aud").is_some() || asks("saml:iss").is_some() || asks("saml:sub").is_some();
        return (!is_asked).then(|| (here, format!("every audience of the provider `{provider}`")));
    }
    let is_shared = |issuer: &&&str| {
        provider.has_literal(issuer)
            || statement.conditions.iter().any(|condition| condition.key.starts_with(**issuer))
    };
    let shared = SHARED_ISSUERS.iter().find(is_shared);
    match (asks(":sub"), shared) {
        (Some(subject), _) => {
            let wide = subject.values.iter().find(|said| {
                let is_like = subject.operator.to_ascii_lowercase().contains("like");
                is_like && names_nobody(&said.value.with_holes("\u{fffc}"))
            })?;
            Some((wide.span, format!("every subject that matches `{}`", wide.value)))
        }
        (None, Some(issuer)) => Some((here, format!("every identity of {issuer}"))),
        (None, None) => {
            let is_asked =
                asks(":aud").is_some() || asks(":amr").is_some() || asks(":app_id").is_some();
            (!is_asked && statement.conditions.is_empty())
                .then(|| (here, format!("every identity of `{provider}`")))
        }
    }
}

/// Whether a subject's pattern leaves open who it is: `*`, `repo:*`, `repo:*/*:ref`.
fn names_nobody(pattern: &str) -> bool {
    let owner = match pattern.split_once(':') {
        Some((_, rest)) => rest.split(['/', ':']).next().unwrap_or_default(),
        None => pattern,
    };
    owner.starts_with('*')
}

#[cfg(test)]
mod tests {
    use super::names_nobody;

    #[test]
    fn a_subject_must_name_its_owner() {
        for wide in ["*", "repo:*", "repo:*/*:ref:refs/heads/main", "repo:*:environment:production"]
        {
            assert!(names_nobody(wide), "{wide}");
        }
        for named in
            ["repo:shop/web:*", "repo:shop/*", "project_path:shop/web:ref_type:branch:ref:main"]
        {
            assert!(!names_nobody(named), "{named}");
        }
    }
}
