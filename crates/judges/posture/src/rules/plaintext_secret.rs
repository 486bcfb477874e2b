use std::collections::BTreeSet;

use app_graph::{AppGraph, Entity, Resource, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{PartialText, Setting, Settled};

use crate::Facts;
use crate::rules::Check;
use crate::secrets::{self, Secret};

/// A secret written in a template.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "plaintext-secret",
    summary: "a secret is written in the template",
    explanation: "Everyone who may read the repository, the deployed template or the function's \
        configuration has the secret, and so has every log and backup of these. It stays in \
        the history after it is removed, so it counts as leaked.\n\n\
        Replace it by a new one, keep that in a secret store, and let the function read it \
        when it starts.",
    family: Family::Function,
    severity: Severity::High,
    cwe: &[798, 312, 526],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &[],
    counterparts: &["CKV_AWS_45", "awslambda_function_no_secrets_in_variables"],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html",
    ],
    firing: include_str!("../../fixtures/plaintext-secret/firing.yaml"),
    clean: include_str!("../../fixtures/plaintext-secret/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let mut told = BTreeSet::new();
    // A secret that is written once and used at many places is told once.
    let mut tell = |finding: Finding| {
        if told.insert((finding.span, finding.conditions.clone())) {
            sink.report(finding);
        }
    };
    for function in &graph.functions {
        let entity = &function.entity;
        for variable in &function.environment {
            let name = variable.name.value.as_str();
            for (finding, secret) in
                secrets_of(&variable.value, |text| secrets::secret_in(name, text))
            {
                let text = format!("variable `{name}` of `{}` holds {}", entity.name, secret.what);
                let finding = Finding { message: text, ..finding };
                let finding = complete(finding, entity, IN_A_VARIABLE);
                tell(finding.function(entity).cause(name));
            }
        }
    }
    for resource in &graph.resources {
        let entity = &resource.entity;
        for (finding, secret) in secrets_in(resource) {
            let message =
                format!("`{}` has its value in the template: {}", entity.name, secret.what);
            let message = match resource.kind {
                ResourceKind::Database(_) => {
                    format!("the password of `{}` is written in the template", entity.name)
                }
                _ => message,
            };
            let finding = Finding { message, ..finding };
            let finding = complete(finding, entity, advice(resource));
            tell(finding.resource(entity).cause("written value"));
        }
    }
}

/// Secrets written as a resource's value.
fn secrets_in(resource: &Resource) -> Vec<(Finding, Secret)> {
    let name = resource.entity.name.as_str();
    match &resource.kind {
        ResourceKind::Secret(secret) => {
            secrets_of(&secret.written_value, |text| secrets::secret_value(name, text))
        }
        ResourceKind::Parameter(parameter) if parameter.secure.any(|secure| *secure) => {
            secrets_of(&parameter.value, |text| secrets::secret_value(name, text))
        }
        ResourceKind::Parameter(parameter) => {
            let deployed = parameter.name.single().and_then(|said| said.value.literal());
            let deployed = deployed.unwrap_or(name);
            secrets_of(&parameter.value, |text| secrets::secret_in(deployed, text))
        }
        ResourceKind::Database(database) => {
            // Nothing but a password stands there.
            secrets_of(&database.password, |text| {
                secrets::secret_in("password", text).map(Secret::certain)
            })
        }
        _ => Vec::new(),
    }
}

fn secrets_of(
    setting: &Setting<PartialText>,
    judge: impl Fn(&PartialText) -> Option<Secret>,
) -> Vec<(Finding, Secret)> {
    let mut found = Vec::new();
    for case in setting.cases() {
        let Settled::Known(said) = case.value else { continue };
        let Some(secret) = judge(&said.value) else { continue };
        // The secret stands where the value comes from: a parameter's default.
        let mut finding = Finding::new(&RULE, said.origin.unwrap_or(said.span), String::new())
            .confidence(secret.confidence)
            .severity(secret.severity)
            .when(case.conditions);
        if said.origin.is_some() {
            finding = finding.label(said.span, "used here");
        }
        found.push((finding, secret));
    }
    found
}

const IN_A_VARIABLE: &str =
    "replace the secret, keep the new one in a secret store and read it when the function starts";

/// What to do about a secret that is written as a resource's value.
fn advice(resource: &Resource) -> &'static str {
    // The others of the kind have no such switch.
    let managed = ["AWS::RDS::", "AWS::DocDB::", "aws_db_", "aws_rds_", "aws_docdb_"];
    let type_name = resource.entity.type_name.as_str();
    match &resource.kind {
        ResourceKind::Secret(_) => {
            "replace the secret; let `GenerateSecretString` make the new one, or take it from a \
             parameter without a default"
        }
        ResourceKind::Database(_) if managed.iter().any(|it| type_name.starts_with(it)) => {
            "replace the password and let the service manage the new one in a secret"
        }
        _ => "replace the secret, keep the new one in a secret store and refer to it there",
    }
}

fn complete(finding: Finding, entity: &Entity, advice: &str) -> Finding {
    finding.when(entity.condition.as_deref()).fix(Fix::advice(advice))
}
