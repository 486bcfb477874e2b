use app_graph::{AppGraph, Content, ResourceKind, StreamKind};
use finding::{Family, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::edit::Wording;
use crate::encryption::{self, Default, NOT_ENCRYPTED, Store};
use crate::rules::Check;

/// A stream without server-side encryption.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unencrypted-stream",
    summary: "a stream's records are not encrypted",
    explanation: "Unless encryption is switched on, Amazon Kinesis keeps records in plain text for a day \
        up to a year, and Amazon Data Firehose until they are delivered. A delivery stream \
        that reads from a data stream keeps nothing itself and is not judged.\n\n\
        Switch on server-side encryption with a KMS key.",
    family: Family::Data,
    severity: Severity::Medium,
    cwe: &[311],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["Kinesis.1", "DataFirehose.1"],
    counterparts: &[
        "CKV_AWS_43",
        "CKV_AWS_240",
        "AwsSolutions-KDS1",
        "AwsSolutions-KDF1",
        "kinesis_stream_encrypted_at_rest",
        "firehose_stream_encrypted_at_rest",
    ],
    references: &[
        "https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
        "https://docs.aws.amazon.com/firehose/latest/dev/encryption.html",
    ],
    firing: include_str!("../../fixtures/unencrypted-stream/firing.yaml"),
    clean: include_str!("../../fixtures/unencrypted-stream/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::Stream(stream) = &resource.kind else { continue };
        let store = Store {
            entity: &resource.entity,
            encryption: &stream.encryption,
            default: Default::Plaintext,
            fault: NOT_ENCRYPTED,
            severity: severity(stream.kind),
            property: None,
            wording: Some(wording(stream.kind)),
            advice: "switch on server-side encryption",
        };
        encryption::judge(&RULE, &store, sink);
    }
}

/// A delivery stream keeps records only until they are delivered.
fn severity(kind: StreamKind) -> Severity {
    match kind {
        StreamKind::Data => Severity::Medium,
        StreamKind::Delivery => Severity::Low,
    }
}

const DATA: Wording<'_> = Wording {
    cloudformation: &[(
        "StreamEncryption",
        Content::Members(&[
            ("EncryptionType", Content::Scalar("\"KMS\"")),
            ("KeyId", Content::Scalar("\"alias/aws/kinesis\"")),
        ]),
    )],
    sam: &[],
    serverless: &[],
    terraform: &[
        ("encryption_type", Content::Scalar("\"KMS\"")),
        ("kms_key_id", Content::Scalar("\"alias/aws/kinesis\"")),
    ],
};

const DELIVERY: Wording<'_> = Wording {
    cloudformation: &[(
        "DeliveryStreamEncryptionConfigurationInput",
        Content::Members(&[("KeyType", Content::Scalar("\"AWS_OWNED_CMK\""))]),
    )],
    sam: &[],
    serverless: &[],
    terraform: &[(
        "server_side_encryption",
        Content::Members(&[("enabled", Content::Scalar("true"))]),
    )],
};

fn wording(kind: StreamKind) -> &'static Wording<'static> {
    match kind {
        StreamKind::Data => &DATA,
        StreamKind::Delivery => &DELIVERY,
    }
}
