use app_graph::{AppGraph, AttachedOrigin, IdentityKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::holders::{Holder, holders, wholly_unknown};
use crate::managed_policies::{Breadth, excess, instead};
use crate::rules::Check;

/// An identity with a managed policy made for people or whole services.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "broad-managed-policy",
    summary: "a managed policy grants far more than a function needs",
    explanation: "Policies such as `AmazonS3FullAccess` are made for people who look after a whole service. On a \
        function's role they open every bucket of the account, also those of other applications, for \
        reading, writing and deleting.\n\n\
        Replace them by a statement with the actions that the code calls, on the one resource.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[250, 732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &["AwsSolutions-IAM4"],
    references: &[
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html",
    ],
    firing: include_str!("../../fixtures/broad-managed-policy/firing.yaml"),
    clean: include_str!("../../fixtures/broad-managed-policy/clean.yaml"),
};

/// Broad policies that also open what is worth most: code, secrets, keys, nearly everything.
const WORST: &[&str] = &[
    "AWSLambda_FullAccess",
    "AWSLambdaFullAccess",
    "AWSCloudFormationFullAccess",
    "AWSCodeBuildAdminAccess",
    "AmazonEC2FullAccess",
    "AmazonECS_FullAccess",
    "AmazonSSMFullAccess",
    "PowerUserAccess",
    "SecretsManagerReadWrite",
    "SystemAdministrator",
];

/// Broad policies on services that hold no data of the application's users.
const MILD: &[&str] = &[
    "AWSXrayFullAccess",
    "AWSXRayFullAccess",
    "AmazonPollyFullAccess",
    "AmazonRekognitionFullAccess",
    "AmazonTextractFullAccess",
    "AmazonTranscribeFullAccess",
    "CloudWatchLogsFullAccess",
    "ComprehendFullAccess",
    "TranslateFullAccess",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for holder in holders(graph) {
        let is_open = holder.is_open_to_strangers(graph);
        judge_managed(&holder, is_open.then_some(Severity::High), sink);
        judge_bindings(&holder, sink);
    }
}

fn judge_managed(holder: &Holder<'_>, raised: Option<Severity>, sink: &mut Sink) {
    for managed in &holder.identity.managed {
        if managed.origin == AttachedOrigin::Generated {
            continue;
        }
        if let Some(unknown) = wholly_unknown(&managed.arn) {
            sink.unknown(&RULE, &holder.identity.entity, "managed policy", &unknown);
        }
        let Some(excess) = excess(&managed.arn.value) else { continue };
        if excess.breadth != Breadth::Broad {
            continue;
        }
        let severity = match excess.name.as_str() {
            name if MILD.contains(&name) => Severity::Low,
            name if WORST.contains(&name) => Severity::High,
            _ => raised.unwrap_or(Severity::Medium),
        };
        let message = format!("`{}` has `{}`: {}", holder.name(), excess.name, excess.grants);
        let confidence = if excess.is_customers { Confidence::Low } else { Confidence::High };
        let finding = Finding::new(&RULE, managed.arn.span, message)
            .severity(severity)
            .confidence(confidence)
            .cause(&excess.name)
            .when(managed.when.as_deref())
            .fix(Fix::advice(match holder.functions.as_slice() {
                // What another service than a function calls is not what functions call.
                [] => "allow the actions that it calls instead, on the one resource".to_owned(),
                _ => instead(&excess.name, is_of_sam(holder)),
            }));
        sink.report(holder.concern(finding));
    }
}

/// Whether the role is one that SAM generates, so that its policy templates can be used.
fn is_of_sam(holder: &Holder<'_>) -> bool {
    holder.identity.kind == IdentityKind::GeneratedRole
        && holder
            .functions
            .iter()
            .any(|function| function.entity.type_name.starts_with("AWS::Serverless::"))
}

/// Roles of other clouds that administer a whole service, such as `roles/storage.admin`.
fn judge_bindings(holder: &Holder<'_>, sink: &mut Sink) {
    for attached in &holder.identity.attached {
        let AttachedOrigin::Binding(role) = &attached.origin else { continue };
        if !(role.starts_with("roles/") && role.to_ascii_lowercase().ends_with("admin")) {
            continue;
        }
        let message =
            format!("`{}` has the role `{role}`, which administers a service", holder.name());
        let finding = Finding::new(&RULE, attached.span, message)
            .cause(role)
            .fix(Fix::advice("bind a role that reads or writes only, on the one resource"));
        sink.report(holder.concern(finding));
    }
}
