use std::collections::BTreeSet;

use app_graph::{AppGraph, Cloud, Variable};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;
use crate::secrets;

/// Secrets in variables that no customer key protects.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-environment",
    summary: "a function's variables hold secrets and no key of the customer encrypts them",
    explanation: "Variables are always encrypted at rest with a key of the platform, and everyone who \
        may read the function's configuration sees them in plain text. With a key of your \
        own, reading them also takes the right to use that key.\n\n\
        Best keep secrets out of variables; where they must be there, set a customer key. \
        This rule fires only where a variable holds something secret.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &[],
    counterparts: &["CKV_AWS_173"],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-environment/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-environment/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let mut told = BTreeSet::new();
    let functions = graph.functions.iter();
    for function in functions.filter(|function| function.entity.cloud == Cloud::Aws) {
        let Some(variable) = function.environment.iter().find(|variable| is_secret(variable))
        else {
            continue;
        };
        for case in function.environment_key.cases() {
            match case.value {
                Settled::Known(_) => {}
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "key of the environment", unknown);
                }
                // One that many functions share is told once.
                Settled::Unset if !told.insert(variable.name.span) => {}
                Settled::Unset => {
                    let (variable, name) = (&variable.name, &function.entity.name);
                    sink.report(
                        Finding::new(
                            &RULE,
                            variable.span,
                            format!("`{}` of `{name}` is a secret and no key of yours protects it", variable.value),
                        )
                        .confidence(Confidence::Medium)
                        .function(&function.entity)
                        .when(function.entity.condition.as_deref())
                        .when(case.conditions)
                        .fix(Fix::advice("read the secret from a store, or set a customer key for the environment")),
                    );
                }
            }
        }
    }
}

/// Whether a variable holds a secret once deployed: put in by a parameter, by a reference that the
/// deployment resolves, or by an attribute of another resource. One that is written out is worse, and `plaintext-secret` says so.
fn is_secret(variable: &Variable) -> bool {
    let name = &variable.name.value;
    let secret_name = secrets::is_secret_name(name);
    variable.value.cases().iter().any(|case| match case.value {
        Settled::Known(said) => {
            secrets::secret_in(name, &said.value).is_none()
                && (secrets::is_resolved_at_deployment(&said.value)
                    || said.value.references().any(|it| secrets::is_secret_name(&it.attribute))
                    || secret_name && said.value.unknown_reason().is_some())
        }
        Settled::Unknown(_) => secret_name,
        Settled::Unset => false,
    })
}
