use app_graph::{AppGraph, Bucket, Cloud, Entity, PublicAccessBlock, ResourceKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::Facts;
use crate::edit;
use crate::openness::{Opening, openings};
use crate::rules::Check;

/// A bucket that anyone can read or write.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "public-bucket",
    summary: "a bucket is open to everyone",
    explanation: "Everyone on the internet can read, or even write, what lies in the bucket: also what \
        gets there by mistake. Open buckets are found by machines within hours.\n\n\
        Block public access on the bucket, and hand out single objects by signed links or \
        through a distribution with origin access control.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[732, 284],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["S3.2", "S3.3", "S3.8"],
    counterparts: &[
        "CKV_AWS_20",
        "CKV_AWS_57",
        "CKV_AWS_53",
        "CKV_AWS_54",
        "CKV_AWS_55",
        "CKV_AWS_56",
        "CKV_AWS_70",
        "CKV2_AWS_6",
        "AwsSolutions-S2",
        "AwsSolutions-S5",
        "s3_bucket_public_access",
        "s3_bucket_policy_public_write_access",
        "s3_bucket_level_public_access_block",
    ],
    references: &[
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    ],
    firing: include_str!("../../fixtures/public-bucket/firing.yaml"),
    clean: include_str!("../../fixtures/public-bucket/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Bucket(bucket) = &resource.kind else { continue };
        let by_policy = judge_policies(&resource.entity, bucket, sink);
        let by_list = judge_list(&resource.entity, bucket, sink);
        if !by_policy && !by_list {
            judge_block(&resource.entity, bucket, sink);
        }
    }
}

/// Reports statements that let in everyone, once for each kind of right.
fn judge_policies(entity: &Entity, bucket: &Bucket, sink: &mut Sink) -> bool {
    let block = &bucket.public_access;
    let guard =
        [guard(block, &block.block_policy), guard(block, &block.restrict)].into_iter().max();
    let guard = guard.unwrap_or(Guard::Unsaid);
    if guard == Guard::Closed {
        return false;
    }
    let mut found = false;
    for unknown in bucket.policies.iter().flat_map(|policy| &policy.unknowns) {
        sink.unknown(&RULE, entity, "bucket policy", unknown);
    }
    for opening in openings(entity, &bucket.policies) {
        let what = what(&opening);
        let severity = match what {
            "write" => Severity::Critical,
            _ if bucket.website.any(|is_website| *is_website) => Severity::Medium,
            _ => Severity::High,
        };
        let name = &entity.name;
        let finding = Finding::new(
            &RULE,
            opening.principal,
            format!("anyone can {what} what lies in `{name}`"),
        )
        .severity(severity)
        .confidence(confidence(entity, guard))
        .resource(entity)
        .when(entity.condition.as_deref())
        .when(opening.statement.when.as_deref())
        .cause(what)
        .fix(Fix::advice(
            "name who may, block public access, and share single objects by signed links",
        ));
        sink.report(finding);
        found = true;
    }
    found
}

fn what(opening: &Opening<'_>) -> &'static str {
    let writing = ["s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy", "s3:PutObjectAcl"];
    if opening.covers(&writing).is_some() { "write" } else { "read" }
}

/// Reports a canned list for everyone.
fn judge_list(entity: &Entity, bucket: &Bucket, sink: &mut Sink) -> bool {
    let block = &bucket.public_access;
    let guard =
        [guard(block, &block.block_acls), guard(block, &block.ignore_acls)].into_iter().max();
    let guard = guard.unwrap_or(Guard::Unsaid);
    if guard == Guard::Closed {
        return false;
    }
    let mut found = false;
    for said in bucket.acl.known_values() {
        let list = said.value.replace('-', "").to_ascii_lowercase();
        let (severity, what) = match list.as_str() {
            "publicreadwrite" => (Severity::Critical, "read and write"),
            "publicread" => (Severity::High, "list and read"),
            "authenticatedread" => (Severity::High, "with any AWS account read"),
            _ => continue,
        };
        let website = bucket.website.any(|is_website| *is_website);
        let severity =
            if website && severity == Severity::High { Severity::Medium } else { severity };
        let message = format!("anyone can {what} what lies in `{}`", entity.name);
        let finding = Finding::new(&RULE, said.span, message)
            .severity(severity)
            .confidence(confidence(entity, guard))
            .resource(entity)
            .when(entity.condition.as_deref())
            .cause(said.value.as_str())
            .fix(Fix::advice("remove the public list and block public access"));
        sink.report(finding);
        found = true;
    }
    found
}

/// How certain it is that a policy or list for everyone takes effect.
fn confidence(entity: &Entity, guard: Guard) -> Confidence {
    match guard {
        // A new bucket of AWS refuses it; an old one, or one of an account without the default,
        // does not.
        Guard::Unsaid if entity.cloud == Cloud::Aws => Confidence::Medium,
        _ => Confidence::High,
    }
}

/// Reports a block that is switched off by hand although nothing in the template needs it.
fn judge_block(entity: &Entity, bucket: &Bucket, sink: &mut Sink) {
    let block = &bucket.public_access;
    let switches = [&block.block_acls, &block.ignore_acls, &block.block_policy, &block.restrict];
    let mut off = switches.iter().filter_map(|switch| switch.single()).filter(|said| !said.value);
    let Some(first) = off.next() else { return };
    if off.count() < 3 {
        return;
    }
    let edits: Vec<_> = switches
        .iter()
        .flat_map(|switch| switch.cases())
        .filter_map(|case| match case.value {
            Settled::Known(said) => edit::replace(entity, &case, said, "true"),
            _ => None,
        })
        .collect();
    sink.report(
        Finding::new(
            &RULE,
            first.span,
            format!("`{}` may be opened to everyone at any time", entity.name),
        )
        .severity(Severity::Low)
        .confidence(Confidence::Medium)
        .resource(entity)
        .when(entity.condition.as_deref())
        .cause("block off")
        .fix(Fix {
            summary: "leave public access blocked".to_owned(),
            edits: if edits.len() == switches.len() { edits } else { Vec::new() },
        }),
    );
}

/// Whether a switch of the block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Guard {
    Open,
    /// Nothing is said of any switch: the platform's default, closed since April 2023.
    Unsaid,
    Closed,
}

fn guard(block: &PublicAccessBlock, switch: &Setting<bool>) -> Guard {
    let all = [&block.block_acls, &block.ignore_acls, &block.block_policy, &block.restrict];
    if switch.single().is_some_and(|said| said.value) {
        Guard::Closed
    } else if all.iter().all(|switch| switch.is_unset()) {
        Guard::Unsaid
    } else {
        // Where the block is written out, what it does not name is off.
        Guard::Open
    }
}
