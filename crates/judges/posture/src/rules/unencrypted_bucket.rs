use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Store};
use crate::openness::openings;
use crate::rules::Check;

/// A bucket without encryption, or without the key that others have.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-bucket",
    summary: "a bucket is not encrypted as the application's others are",
    explanation: "The platform encrypts every bucket with a key of its own, so \"unencrypted\" is only \
        what is switched off. Where the application protects other buckets with a customer \
        key, one that lacks it can be read without the right to use that key, and no log \
        shows it.\n\n\
        Set the same key.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["S3.17"],
    counterparts: &[
        "CKV_AWS_19",
        "CKV_AWS_145",
        "s3_bucket_default_encryption",
        "s3_bucket_kms_encryption",
    ],
    references: &["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html"],
    firing: include_str!("../../fixtures/unencrypted-bucket/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-bucket/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let stores: Vec<Store<'_>> = graph
        .resources
        .iter()
        .filter_map(|resource| {
            let ResourceKind::Bucket(bucket) = &resource.kind else { return None };
            if bucket.website.any(|is_website| *is_website)
                || !openings(&resource.entity, &bucket.policies).is_empty()
            {
                // What everyone may read needs no key.
                return None;
            }
            Some(Store::beside_peers(&resource.entity, &bucket.encryption))
        })
        .collect();
    encryption::judge_beside_peers(&RULE, &stores, sink);
}
