use app_graph::{AppGraph, Entity, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// An audit trail that records less than it should.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unlogged-trail",
    summary: "an audit trail does not record all that it should",
    explanation: "The trail tells who changed what. Switched off it tells nothing; in one region only \
        it misses what an attacker does elsewhere, and calls to global services (a trail of \
        data events alone is not asked for that); without \
        validation nobody notices that files were changed.\n\n\
        Switch on logging, all regions and validation.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[778, 223],
    owasp: Owasp::InsufficientLogging,
    security_hub: &["CloudTrail.1", "CloudTrail.4"],
    counterparts: &[
        "CKV_AWS_36",
        "CKV_AWS_67",
        "CKV_AWS_251",
        "cloudtrail_multi_region_enabled",
        "cloudtrail_log_file_validation_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    ],
    firing: include_str!("../../fixtures/unlogged-trail/firing.yaml"),
    clean: include_str!("../../fixtures/unlogged-trail/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Trail(trail) = &resource.kind else { continue };
        let entity = &resource.entity;
        // CloudFormation asks for the switch; elsewhere a trail records unless it is switched off.
        if !trail.logging.is_unset() {
            judge(
                entity,
                &trail.logging,
                ("logging", Some("IsLogging")),
                "records nothing",
                Severity::High,
                sink,
            );
        }
        // Data is in one place; what is done to resources is done anywhere.
        if trail.management_events {
            // One of all regions must cover services without a region too.
            let is_refused = trail.global_services.any(|covers| !covers);
            judge(
                entity,
                &trail.all_regions,
                ("all regions", (!is_refused).then_some("IsMultiRegionTrail")),
                "records one region only",
                Severity::Low,
                sink,
            );
        }
        judge(
            entity,
            &trail.validation,
            ("validation", Some("EnableLogFileValidation")),
            "writes files without a signature",
            Severity::Low,
            sink,
        );
    }
}

fn judge(
    entity: &Entity,
    switch: &Setting<bool>,
    // The property that an edit may set stands beside the switch's name.
    (property, name): (&str, Option<&str>),
    consequence: &str,
    severity: Severity,
    sink: &mut Sink,
) {
    for case in switch.cases() {
        let (span, edit) = match case.value {
            Settled::Known(said) if said.value => continue,
            Settled::Known(said) => {
                (said.span, name.and_then(|_| edit::replace(entity, &case, said, "true")))
            }
            Settled::Unset => {
                (entity.said, name.and_then(|name| edit::add_property(entity, name, "true")))
            }
            Settled::Unknown(unknown) => {
                sink.unknown(&RULE, entity, property, unknown);
                continue;
            }
        };
        sink.report(
            Finding::new(&RULE, span, format!("`{}` {consequence}", entity.name))
                .severity(severity)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions.iter().copied())
                .cause(property)
                .fix(Fix::maybe(
                    format!("switch on {property}"),
                    edit.filter(|_| case.conditions.is_empty()),
                )),
        );
    }
}
