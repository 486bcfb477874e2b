use app_graph::{AppGraph, Cloud, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::{Effect, Statement};

use crate::Facts;
use crate::rules::Check;

/// A bucket whose policy lets objects travel unencrypted.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "plaintext-bucket-transport",
    summary: "a bucket's policy does not refuse requests without TLS",
    explanation: "Signed links and SDKs with a plain `http` address work, and everyone on the way can \
        read what they carry. The rule looks at buckets that have a policy: one statement \
        more refuses plain requests.\n\n\
        Add a statement that denies everything where `aws:SecureTransport` is false.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[319],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["S3.5"],
    counterparts: &["CKV_AWS_379", "AwsSolutions-S10", "s3_bucket_secure_transport_policy"],
    references: &[
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    ],
    firing: include_str!("../../fixtures/plaintext-bucket-transport/firing.yaml"),
    clean: include_str!("../../fixtures/plaintext-bucket-transport/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Bucket(bucket) = &resource.kind else { continue };
        // The condition is AWS's alone, and a web site's own address speaks plain HTTP only.
        let entity = &resource.entity;
        if entity.cloud != Cloud::Aws || bucket.website.any(|is_website| *is_website) {
            continue;
        }
        let statements = || bucket.policies.iter().flat_map(|policy| &policy.statements);
        let Some(first) = statements().next() else { continue };
        if let Some(unknown) = bucket.policies.iter().find_map(|policy| policy.unknowns.first()) {
            sink.unknown(&RULE, entity, "bucket policy", unknown);
            continue;
        }
        if statements().any(refuses_plaintext) {
            continue;
        }
        sink.report(
            Finding::new(
                &RULE,
                first.span,
                format!("`{}` accepts requests without TLS", entity.name),
            )
            .resource(entity)
            .when(entity.condition.as_deref())
            .fix(Fix::advice("deny everything where `aws:SecureTransport` is false")),
        );
    }
}

fn refuses_plaintext(statement: &Statement) -> bool {
    let key = |wanted: &str, value: &str| {
        statement.conditions.iter().any(|condition| {
            condition.key.eq_ignore_ascii_case(wanted)
                && condition.values.iter().any(|said| {
                    said.value.literal().is_some_and(|text| text.eq_ignore_ascii_case(value))
                })
        })
    };
    let versioned = statement.has_condition_on("s3:TlsVersion");
    match statement.effect {
        Effect::Deny => key("aws:SecureTransport", "false") || versioned,
        Effect::Allow => false,
    }
}
