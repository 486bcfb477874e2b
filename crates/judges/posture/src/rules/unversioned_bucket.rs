use app_graph::{AppGraph, Content, Entity, Function, Owner, ResourceKind, TriggerKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::access::{Rights, Target};
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A bucket in which overwritten objects are gone.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unversioned-bucket",
    summary: "a bucket that functions write to keeps no earlier versions",
    explanation: "A function with a fault, or in the hands of an attacker, overwrites or deletes \
        objects, and without versions nothing brings them back. The rule looks at buckets \
        that a function of the application may write to; one that only a custom resource \
        starts writes the same at the next deployment.\n\n\
        Switch on versioning, with a lifecycle rule that removes old versions.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[693],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &["S3.14"],
    counterparts: &["CKV_AWS_21", "s3_bucket_object_versioning"],
    references: &["https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html"],
    firing: include_str!("../../fixtures/unversioned-bucket/firing.yaml"),
    clean: include_str!("../../fixtures/unversioned-bucket/clean.yaml"),
};

/// Rights by which objects are lost.
const WRITING: [&str; 2] = ["s3:PutObject", "s3:DeleteObject"];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    // What the framework itself writes (a deployed site) lies in the project, too.
    let functions = graph.functions.iter().filter(|function| {
        function.entity.owner == Owner::Author && !runs_at_deployment(graph, function)
    });
    let rights: Vec<_> =
        functions.map(|function| (function, Rights::of(graph, function, &WRITING))).collect();
    for resource in &graph.resources {
        let ResourceKind::Bucket(bucket) = &resource.kind else { continue };
        let entity = &resource.entity;
        let writers = rights.iter().filter_map(|(function, rights)| {
            let grant = rights.on(&WRITING, Target::of(resource)).into_iter().next()?;
            Some((function, grant))
        });
        // Of those that share a role, the one that is told of the bucket writes.
        let Some((writer, grant)) = writers.min_by_key(|(function, _)| !knows(function, entity))
        else {
            continue;
        };
        // A lifecycle that is silent on old versions would let them pile up.
        let keeps_for_ever = bucket.forgets_versions.any(|forgets| !forgets);
        for case in bucket.versioning.cases() {
            let (span, edit) = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => {
                    // Terraform's older form is a block within the bucket, with a switch.
                    let is_block =
                        entity.insertion.as_ref().is_some_and(|point| point.has("versioning"));
                    let on =
                        if is_block { "true".to_owned() } else { edit::word(entity, "Enabled") };
                    (said.span, edit::replace(entity, &case, said, &on))
                }
                Settled::Unset if bucket.forgets_versions.is_unset() => {
                    (entity.said, edit::add(entity, &VERSIONS_FOR_A_TIME))
                }
                Settled::Unset => (entity.said, edit::add(entity, &VERSIONS)),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "versioning", unknown);
                    continue;
                }
            };
            let (name, function) = (&entity.name, &writer.entity.name);
            let message = format!(
                "what `{function}` overwrites or deletes in `{name}` cannot be brought back"
            );
            let trigger = graph.triggers_of(&writer.entity.id).next();
            let finding = Finding::new(&RULE, span, message);
            let finding = match trigger {
                Some(trigger) => finding.through(trigger),
                None => finding,
            };
            sink.report(
                finding
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions.iter().copied())
                    .label(grant.resource.span, "may write")
                    .fix(Fix::maybe(
                        "switch on versioning, with a lifecycle rule that removes old versions",
                        edit.filter(|_| case.conditions.is_empty() && !keeps_for_ever),
                    )),
            );
        }
    }
}

/// Whether a function's variables name a bucket.
fn knows(function: &Function, bucket: &Entity) -> bool {
    function.environment.iter().any(|variable| {
        variable
            .value
            .known_values()
            .any(|said| said.value.references().any(|reference| reference.entity == bucket.id))
    })
}

/// Whether a function only runs while its stack is deployed.
fn runs_at_deployment(graph: &AppGraph, function: &Function) -> bool {
    let mut triggers = graph.triggers_of(&function.entity.id).peekable();
    triggers.peek().is_some() && triggers.all(|trigger| trigger.kind == TriggerKind::CustomResource)
}

const ENABLED: (&str, Content<'_>) =
    ("VersioningConfiguration", Content::Members(&[("Status", Content::Scalar("\"Enabled\""))]));

/// Removes a version a month after it was replaced.
const RULES: &str = "[{\"Id\": \"EarlierVersions\", \"Status\": \"Enabled\", \
    \"NoncurrentVersionExpiration\": {\"NoncurrentDays\": 30}}]";

const VERSIONS_FOR_A_TIME: Wording<'_> = Wording {
    cloudformation: &[
        ENABLED,
        ("LifecycleConfiguration", Content::Members(&[("Rules", Content::Scalar(RULES))])),
    ],
    sam: &[],
    serverless: &[],
    terraform: &[],
};

const VERSIONS: Wording<'_> = Wording {
    cloudformation: &[ENABLED],
    sam: &[],
    serverless: &[],
    // A resource of its own says it there.
    terraform: &[],
};
