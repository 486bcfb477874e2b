use app_graph::{AppGraph, Cloud, Database, ResourceKind, TrafficRule};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Settled, Span};

use crate::Facts;
use crate::edit;
use crate::openness::openings;
use crate::rules::Check;

/// A database with an address on the internet.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "public-database",
    summary: "a database has a public address",
    explanation: "Anyone can try passwords and new holes of the engine, unless a security group stands \
        in front; one line there is then all that protects the data.\n\n\
        Keep databases in private subnets, and let functions reach them through the private \
        network.",
    family: Family::Data,
    severity: Severity::High,
    cwe: &[668, 284],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["RDS.2", "RDS.46", "Redshift.1", "Opensearch.2"],
    counterparts: &[
        "CKV_AWS_17",
        "CKV_AWS_87",
        "CKV_AWS_137",
        "AwsSolutions-RDS6",
        "rds_instance_no_public_access",
    ],
    references: &[
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ],
    firing: include_str!("../../fixtures/public-database/firing.yaml"),
    clean: include_str!("../../fixtures/public-database/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Database(database) = &resource.kind else { continue };
        let entity = &resource.entity;
        for case in database.public.cases() {
            let said = match case.value {
                Settled::Known(said) if said.value => said,
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "public address", unknown);
                    continue;
                }
                _ => continue,
            };
            // A search domain's address is public, and its policy and sign-in decide.
            let is_by_default = said.span == entity.said;
            let open_policy = openings(entity, &database.policies).into_iter().next();
            let open = match open_policy {
                Some(opening) if database.password.is_unset() => {
                    Some((opening.principal, "lets in everyone"))
                }
                _ => open_group(graph, database).map(|span| (span, "lets in every address")),
            };
            let mut finding =
                Finding::new(&RULE, said.span, format!("`{}` has a public address", entity.name))
                    .severity(match open {
                        Some(_) => Severity::Critical,
                        None if is_by_default => Severity::Medium,
                        None => Severity::High,
                    })
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(case.conditions.iter().copied());
            if let Some((span, what)) = open {
                finding = finding.label(span, what);
            }
            let is_switch = !is_by_default && entity.cloud == Cloud::Aws;
            let edit = is_switch.then(|| edit::replace(entity, &case, said, "false")).flatten();
            sink.report(finding.fix(Fix::maybe("keep the database in private subnets", edit)));
        }
    }
}

/// Where one of the database's security groups lets in the whole internet.
fn open_group(graph: &AppGraph, database: &Database) -> Option<Span> {
    let references = database.security_groups.iter().flat_map(|said| said.value.references());
    let groups = references.filter_map(|reference| graph.resource(&reference.entity));
    let rules = groups.filter_map(|group| match &group.kind {
        ResourceKind::SecurityGroup(group) => Some(&group.ingress),
        _ => None,
    });
    rules.flatten().find_map(anywhere)
}

fn anywhere(rule: &TrafficRule) -> Option<Span> {
    let mut peers = rule.peers.iter();
    let peer = peers.find(|peer| matches!(peer.value.literal(), Some("0.0.0.0/0" | "::/0")));
    peer.map(|peer| peer.span)
}
