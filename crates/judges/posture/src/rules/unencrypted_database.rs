use app_graph::{AppGraph, Cloud, ResourceKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::encryption::{self, Default, NOT_ENCRYPTED, Store};
use crate::rules::Check;

/// A database without encryption at rest.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-database",
    summary: "a database is not encrypted at rest",
    explanation: "Storage, backups and read copies of the database rest in plain text, and it cannot \
        be encrypted later without a copy. Amazon Aurora encrypts new clusters with a key of \
        its own, and a member of a cluster is what the cluster is.\n\n\
        Set `StorageEncrypted`. On a database that exists this makes a new one in its place: \
        copy the data first.",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["RDS.3", "RDS.27", "DocumentDB.1", "Neptune.1", "Opensearch.1", "Redshift.10"],
    counterparts: &[
        "CKV_AWS_16",
        "CKV_AWS_96",
        "CKV_AWS_74",
        "CKV_AWS_44",
        "CKV_AWS_5",
        "CKV_AWS_64",
        "AwsSolutions-RDS2",
        "AwsSolutions-RS2",
        "rds_instance_storage_encrypted",
        "rds_cluster_storage_encrypted",
    ],
    references: &[
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-database/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-database/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Database(database) = &resource.kind else { continue };
        // Other clouds encrypt every database, and a cluster speaks for its members.
        if resource.entity.cloud != Cloud::Aws || database.cluster.is_some() {
            continue;
        }
        let property = property(&resource.entity.type_name);
        let store = Store {
            entity: &resource.entity,
            encryption: &database.encryption,
            default: Default::Plaintext,
            fault: NOT_ENCRYPTED,
            severity: Severity::Medium,
            property,
            wording: None,
            advice: match property {
                Some(_) => {
                    "switch on encryption at rest; that replaces the database: copy the data first"
                }
                None => "switch on encryption at rest",
            },
        };
        encryption::judge(&RULE, &store, sink);
    }
}

/// The property by which a database of a type is encrypted, where it is a plain switch.
fn property(type_name: &str) -> Option<(&'static str, &'static str)> {
    let relational = ["AWS::RDS::", "AWS::DocDB::", "AWS::Neptune::"];
    let relational = relational.iter().any(|prefix| type_name.starts_with(prefix))
        || ["aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster"]
            .contains(&type_name);
    relational.then_some(("StorageEncrypted", "true"))
}
