//! Permissions by which the platform polls a source in the role's name.

use app_graph::{AppGraph, Arns, Trigger, TriggerKind};
use text::{Part, PartialText, Pseudo, Setting};

use crate::derive::Needs;
use crate::{Evidence, keys, platform};

/// What the platform does with the source itself.
///
/// Source: AWS Lambda developer guide, the page on each kind of event source mapping, "execution
/// role permissions".
const POLLED: &[(TriggerKind, &[&str])] = &[
    (TriggerKind::Queue, &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]),
    (
        TriggerKind::TableStream,
        &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
    ),
    (
        TriggerKind::Stream,
        &[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ],
    ),
    (
        TriggerKind::Kafka,
        &["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
    ),
    (TriggerKind::Broker, &["mq:DescribeBroker"]),
    (TriggerKind::DocumentStream, &["rds:DescribeDBClusters"]),
];

/// As [`POLLED`], for actions that take no resource.
const POLLED_ANYWHERE: &[(TriggerKind, &[&str])] = &[
    (TriggerKind::TableStream, &["dynamodb:ListStreams"]),
    (TriggerKind::Stream, &["kinesis:ListStreams"]),
    (TriggerKind::Kafka, NETWORK_OF_SOURCE),
    (TriggerKind::Broker, NETWORK_OF_SOURCE),
    (TriggerKind::DocumentStream, NETWORK_OF_SOURCE),
];

const NETWORK_OF_SOURCE: &[&str] = &[
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
];

/// What a document database's cluster is set up with, which its ARN does not name.
///
/// Source: AWS Lambda developer guide, "Using AWS Lambda with Amazon DocumentDB".
const BESIDE_DOCUMENTS: &[(&str, &str)] =
    &[("rds:DescribeDBClusterParameters", "cluster-pg"), ("rds:DescribeDBSubnetGroups", "subgrp")];

/// Kinds of access that lie in a secret.
///
/// Source: AWS Lambda API reference, `SourceAccessConfiguration`.
const SECRETS: &[&str] = &[
    "BASIC_AUTH",
    "CLIENT_CERTIFICATE_TLS_AUTH",
    "SASL_SCRAM_256_AUTH",
    "SASL_SCRAM_512_AUTH",
    "SERVER_ROOT_CA_CERTIFICATE",
];

/// What a consumer without a secret does as the role, each with the kind of its resource.
///
/// Source: AWS Lambda developer guide, "Configuring cluster authentication methods in Lambda", IAM.
const AS_CONSUMER: &[(&str, &str)] = &[
    ("kafka-cluster:Connect", "cluster"),
    ("kafka-cluster:DescribeClusterDynamicConfiguration", "cluster"),
    ("kafka-cluster:DescribeTopic", "topic"),
    ("kafka-cluster:ReadData", "topic"),
    ("kafka-cluster:AlterGroup", "group"),
    ("kafka-cluster:DescribeGroup", "group"),
];

/// Adds polling a source, and sending on what failed.
pub(crate) fn add(graph: &AppGraph, arns: &Arns<'_>, trigger: &Trigger, needs: &mut Needs) {
    let evidence =
        Evidence::Template { span: trigger.entity.said, why: "the platform polls the source" };
    let of_kind = |table: &[(TriggerKind, &'static [&'static str])]| {
        table.iter().find(|(kind, _)| *kind == trigger.kind).map(|(_, actions)| *actions)
    };
    let sources = sources(arns, trigger);
    for action in of_kind(POLLED).unwrap_or_default() {
        for source in &sources {
            keys::add(graph, arns, action, source, &evidence, needs);
            needs.add(action, source.clone(), evidence.clone());
        }
    }
    let in_network = trigger.kind == TriggerKind::SelfManagedKafka
        && trigger.access.iter().any(|(kind, _)| kind == "VPC_SUBNET");
    let anywhere = of_kind(POLLED_ANYWHERE).or_else(|| in_network.then_some(NETWORK_OF_SOURCE));
    for action in anywhere.unwrap_or_default() {
        needs.add(action, PartialText::known("*"), evidence.clone());
    }
    let secrets = trigger.access.iter().filter(|(kind, _)| SECRETS.contains(&kind.as_str()));
    let secrets: Vec<PartialText> = secrets.map(|(_, secret)| arns.spelled(secret)).collect();
    for secret in &secrets {
        let action = "secretsmanager:GetSecretValue";
        keys::add(graph, arns, action, secret, &evidence, needs);
        needs.add(action, secret.clone(), evidence.clone());
    }
    match trigger.kind {
        TriggerKind::Kafka if secrets.is_empty() => {
            for source in &sources {
                add_consumer(trigger, source, &evidence, needs);
            }
        }
        TriggerKind::DocumentStream => {
            for (action, kind) in BESIDE_DOCUMENTS {
                let arn = unnamed("rds", kind, "it is not in the template");
                needs.add(action, arn, evidence.clone());
            }
        }
        _ => {}
    }
    let failures = trigger.stream.iter().flat_map(|stream| {
        stream.failure_destination.known_values().map(|said| (said.value.clone(), said.span))
    });
    for (target, span) in failures {
        platform::add_destination(graph, arns, &target, span, needs);
    }
}

/// Reading topics of a managed cluster as the role.
fn add_consumer(trigger: &Trigger, cluster: &PartialText, evidence: &Evidence, needs: &mut Needs) {
    let groups: Vec<PartialText> =
        trigger.consumer_group.known_values().map(|said| said.value.clone()).collect();
    for (action, kind) in AS_CONSUMER {
        let names = match *kind {
            "topic" => trigger.topics.as_slice(),
            "group" => groups.as_slice(),
            _ => {
                needs.add(action, cluster.clone(), evidence.clone());
                continue;
            }
        };
        let begin = of_cluster(cluster, kind);
        let mut add = |name: PartialText| {
            let mut arn = begin.clone();
            arn.extend(&name);
            needs.add(action, arn, evidence.clone());
        };
        if names.is_empty() {
            add(PartialText::unknown("the name is made at deployment"));
        }
        names.iter().cloned().for_each(add);
    }
}

/// The ARN of a cluster's topics or groups, up to their names.
fn of_cluster(cluster: &PartialText, kind: &str) -> PartialText {
    let is_named = cluster.has_literal(":cluster/");
    let mut arn = match is_named {
        true => PartialText::default(),
        false => unnamed("kafka", kind, "the cluster's name is made at deployment"),
    };
    for part in cluster.parts().iter().filter(|_| is_named) {
        arn.push(match part {
            Part::Literal(text) => {
                Part::Literal(text.replacen(":cluster/", &format!(":{kind}/"), 1))
            }
            part => part.clone(),
        });
    }
    arn.push(Part::Literal("/".to_owned()));
    arn
}

/// An ARN that is known up to what stands behind its kind.
fn unnamed(service: &str, kind: &str, why: &str) -> PartialText {
    let mut arn = PartialText::known(format!("arn:aws:{service}:"));
    arn.push(Part::Pseudo(Pseudo::Region));
    arn.push(Part::Literal(":".to_owned()));
    arn.push(Part::Pseudo(Pseudo::Account));
    let separator = if service == "rds" { ":" } else { "/" };
    arn.push(Part::Literal(format!(":{kind}{separator}")));
    arn.push(Part::Unknown(why.to_owned()));
    arn
}

/// The ARNs a trigger may poll, one for each branch of the template.
fn sources(arns: &Arns<'_>, trigger: &Trigger) -> Vec<PartialText> {
    let mut sources: Vec<PartialText> =
        trigger.source.known_values().map(|said| arns.spelled(&said.value)).collect();
    if sources.is_empty() {
        let known = trigger.source_entity.as_ref().and_then(|entity| arns.of(entity));
        sources.push(match (known, &trigger.source) {
            (Some(arn), _) => arn.clone(),
            (None, Setting::Unknown(unknown)) => PartialText::unknown(&unknown.why),
            (None, _) => PartialText::unknown("the source is not said"),
        });
    }
    sources
}
