use app_graph::{AppGraph, Content, Entity, ResourceKind, Table};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::edit::{self, Wording};
use crate::rules::Check;

/// A table that cannot be restored to a point in time.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unrecoverable-table",
    summary: "a table cannot be restored to an earlier point in time",
    explanation: "A bad deployment or a stolen right that overwrites rows is final. Point-in-time \
        recovery keeps the last 35 days to the second. A table whose key is a connection's \
        id is not asked: what it holds ends with the connection.\n\n\
        Switch on point-in-time recovery.",
    family: Family::Data,
    severity: Severity::Low,
    cwe: &[693],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &["DynamoDB.2"],
    counterparts: &[
        "CKV_AWS_28",
        "CKV_AWS_165",
        "AwsSolutions-DDB3",
        "dynamodb_tables_pitr_enabled",
    ],
    references: &[
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    ],
    firing: include_str!("../../fixtures/unrecoverable-table/firing.yaml"),
    clean: include_str!("../../fixtures/unrecoverable-table/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Table(table) = &resource.kind else { continue };
        if holds_connections(table) {
            continue;
        }
        let entity = &resource.entity;
        for case in table.recovery.cases() {
            let (span, edit) = match case.value {
                Settled::Known(said) if said.value => continue,
                Settled::Known(said) => (said.span, edit::replace(entity, &case, said, "true")),
                Settled::Unset => {
                    let is_whole = case.conditions.is_empty();
                    (entity.said, is_whole.then(|| edit::add(entity, wording(entity))).flatten())
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "point-in-time recovery", unknown);
                    continue;
                }
            };
            let message =
                format!("`{}` cannot be restored to an earlier point in time", entity.name);
            sink.report(
                Finding::new(&RULE, span, message)
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::maybe("switch on point-in-time recovery", edit)),
            );
        }
    }
}

/// Whether a table holds open connections by their ids, which mean nothing once restored.
fn holds_connections(table: &Table) -> bool {
    let [key] = table.keys.as_slice() else { return false };
    key.replace(['_', '-'], "").eq_ignore_ascii_case("connectionid")
}

const ENABLED: Content<'_> =
    Content::Members(&[("PointInTimeRecoveryEnabled", Content::Scalar("true"))]);

const RECOVERY: Wording<'_> = Wording {
    cloudformation: &[("PointInTimeRecoverySpecification", ENABLED)],
    sam: &[("PointInTimeRecoverySpecification", ENABLED)],
    serverless: &[],
    terraform: &[(
        "point_in_time_recovery",
        Content::Members(&[("enabled", Content::Scalar("true"))]),
    )],
};

fn wording(entity: &Entity) -> &'static Wording<'static> {
    // A global table says it of each replica.
    const NONE: Wording<'_> =
        Wording { cloudformation: &[], sam: &[], serverless: &[], terraform: &[] };
    if entity.type_name == "AWS::DynamoDB::GlobalTable" { &NONE } else { &RECOVERY }
}
