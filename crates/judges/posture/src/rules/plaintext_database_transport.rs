use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::Facts;
use crate::rules::Check;

/// A database that lets clients connect without TLS.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "plaintext-database-transport",
    summary: "a database accepts connections without TLS",
    explanation: "A parameter switches off what newer engines ask for by default: clients may connect \
        without TLS, and then passwords and rows travel in plain text. Where nothing is said \
        the engine's version decides, and the rule is silent.\n\n\
        Set `rds.force_ssl` (PostgreSQL), `require_secure_transport` (MySQL), `tls` \
        (DocumentDB), `require_ssl` (Redshift) or `EnforceHTTPS` (OpenSearch).",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[319],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["Redshift.2", "Opensearch.3", "DocumentDB.6"],
    counterparts: &[
        "CKV2_AWS_69",
        "CKV_AWS_90",
        "CKV_AWS_83",
        "CKV_AWS_105",
        "rds_instance_transport_encrypted",
    ],
    references: &["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html"],
    firing: include_str!("../../fixtures/plaintext-database-transport/firing.yaml"),
    clean: include_str!("../../fixtures/plaintext-database-transport/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Database(database) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in database.in_transit.cases() {
            match case.value {
                Settled::Known(said) if !said.value => sink.report(
                    Finding::new(
                        &RULE,
                        said.span,
                        format!("`{}` accepts connections without TLS", entity.name),
                    )
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions)
                    .fix(Fix::advice("ask for TLS in the database's parameters")),
                ),
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "encryption in transit", unknown);
                }
                _ => {}
            }
        }
    }
}
