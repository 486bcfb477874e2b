//! Permissions on customer keys, which a caller needs beside those on the data they encrypt.

use app_graph::{AppGraph, Arns, Encryption, ResourceKind};
use text::{Part, PartialText, Pseudo, Setting};

use crate::Evidence;
use crate::derive::Needs;

const READ: &[&str] = &["kms:Decrypt"];
const WRITE: &[&str] = &["kms:GenerateDataKey"];
const BOTH: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

/// What an action on encrypted data asks of the key.
///
/// Source: the pages on encryption at rest of each service's developer guide: Amazon S3 "Using
/// server-side encryption with AWS KMS keys" (a download decrypts, an upload makes a data key, one
/// of several parts also decrypts), Amazon SQS "Key management", Amazon SNS "Key management",
/// Amazon Kinesis Data Streams "Permissions to use user-generated KMS keys", Amazon DynamoDB
/// "How DynamoDB uses AWS KMS", AWS Secrets Manager "Secret encryption and decryption".
const ASKED: &[(&str, &[&str])] = &[
    ("s3:GetObject", READ),
    ("s3:GetObjectVersion", READ),
    ("s3:PutObject", BOTH),
    ("sqs:SendMessage", BOTH),
    ("sqs:ReceiveMessage", READ),
    ("sns:Publish", BOTH),
    ("kinesis:PutRecord", WRITE),
    ("kinesis:PutRecords", WRITE),
    ("kinesis:GetRecords", READ),
    ("kinesis:SubscribeToShard", READ),
    ("dynamodb:BatchGetItem", READ),
    ("dynamodb:BatchWriteItem", READ),
    ("dynamodb:ConditionCheckItem", READ),
    ("dynamodb:DeleteItem", READ),
    ("dynamodb:GetItem", READ),
    ("dynamodb:PutItem", READ),
    ("dynamodb:Query", READ),
    ("dynamodb:Scan", READ),
    ("dynamodb:UpdateItem", READ),
    ("dynamodb:GetRecords", READ),
    ("secretsmanager:GetSecretValue", READ),
    ("secretsmanager:PutSecretValue", BOTH),
    ("secretsmanager:UpdateSecret", BOTH),
];

/// Adds what `action` on `resource` asks of the customer key that encrypts it, if one does.
pub(crate) fn add(
    graph: &AppGraph,
    arns: &Arns<'_>,
    action: &str,
    resource: &PartialText,
    evidence: &Evidence,
    needs: &mut Needs,
) {
    let Some((_, asked)) = ASKED.iter().find(|(known, _)| *known == action) else { return };
    let Some((entity, _)) = arns.entity_of(resource) else { return };
    let Some(found) = graph.resource(&entity.id) else { return };
    for key in keys_of(&found.kind) {
        let key = key_arn(arns, &key);
        asked.iter().for_each(|action| needs.add(action, key.clone(), evidence.clone()));
    }
}

/// The customer keys that may encrypt a resource, one for each branch of the template.
fn keys_of(kind: &ResourceKind) -> Vec<PartialText> {
    let of = |encryption: &Setting<Encryption>| -> Vec<PartialText> {
        let known = encryption.known_values().filter_map(|said| match &said.value {
            Encryption::CustomerKey(key) => Some(key.clone()),
            Encryption::Off | Encryption::ProviderKey => None,
        });
        known.collect()
    };
    match kind {
        ResourceKind::Bucket(bucket) => of(&bucket.encryption),
        ResourceKind::Table(table) => of(&table.encryption),
        ResourceKind::Queue(queue) => of(&queue.encryption),
        ResourceKind::Topic(topic) => of(&topic.encryption),
        ResourceKind::Stream(stream) => of(&stream.encryption),
        ResourceKind::Secret(secret) => {
            secret.key.known_values().map(|said| said.value.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// A key's ARN from the ARN, id, alias or reference that a resource names it by.
pub(crate) fn key_arn(arns: &Arns<'_>, key: &PartialText) -> PartialText {
    let is_arn = match key.parts().first() {
        Some(Part::Literal(text)) => text.starts_with("arn:"),
        Some(Part::Reference(reference)) => reference.attribute.ends_with("Arn"),
        _ => false,
    };
    let is_entity = key.sole_reference().is_some_and(|key| arns.of(&key.entity).is_some());
    if is_arn || is_entity {
        return arns.spelled(key);
    }
    let mut arn = PartialText::known("arn:aws:kms:");
    arn.push(Part::Pseudo(Pseudo::Region));
    arn.push(Part::Literal(":".to_owned()));
    arn.push(Part::Pseudo(Pseudo::Account));
    arn.push(Part::Literal(":key/".to_owned()));
    match key.parts().first() {
        // A policy cannot name a key by its alias.
        Some(Part::Literal(text)) if text.starts_with("alias/") => {
            arn.push(Part::Unknown(format!("the key behind `{key}` is not in the templates")));
        }
        _ => arn.extend(key),
    }
    arn
}
