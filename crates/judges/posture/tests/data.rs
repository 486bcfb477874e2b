//! Rules on stores: databases, buckets, topics, streams and what guards them.

use crate::{findings_of, reported};

/// Compares what a rule says of a template.
#[track_caller]
fn check(rule: &str, template: &str, expect: &[&str]) {
    assert_eq!(findings_of(rule, template), expect, "{rule} on\n{template}");
}

/// A template of these resources, one a line.
fn resources(lines: &[&str]) -> String {
    format!("Resources:\n  {}\n", lines.join("\n  "))
}

#[test]
fn a_cluster_speaks_for_its_members_and_aurora_for_itself() {
    let rule = "unencrypted-database";
    let instance = "One: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref All}}";
    let cluster = |properties: &str| {
        let cluster = format!("All: {{Type: AWS::RDS::DBCluster, Properties: {{{properties}}}}}");
        resources(&[&cluster, instance])
    };
    check(rule, &cluster("Engine: mysql"), &["`All` is not encrypted at rest"]);
    check(rule, &cluster("Engine: aurora-postgresql"), &[]);
    let off = "Engine: aurora-mysql, StorageEncrypted: false";
    check(rule, &cluster(off), &["`All` is not encrypted at rest"]);
    check(rule, "resource \"aws_rds_cluster\" \"all\" {\n  cluster_identifier = \"all\"\n}\n", &[]);
}

#[test]
fn a_delivery_stream_that_reads_from_a_stream_keeps_nothing() {
    let rule = "unencrypted-stream";
    let data = "Data: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}";
    let reader = "Reader: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {KinesisStreamSourceConfiguration: {KinesisStreamARN: !GetAtt Data.Arn, RoleARN: r}}}";
    let direct = "Direct: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {DeliveryStreamName: d}}";
    check(
        rule,
        &resources(&[data, reader, direct]),
        &["`Data` is not encrypted at rest", "`Direct` is not encrypted at rest"],
    );
}

#[test]
fn an_object_action_on_a_bucket_alone_writes_nothing() {
    let rule = "unversioned-bucket";
    let bucket = "Files: {Type: AWS::S3::Bucket}";
    let function = "Save: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}";
    let role = |resources: &str| {
        format!(
            "Role: {{Type: AWS::IAM::Role, Properties: {{Policies: [{{PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:PutObject', Resource: {resources}}}]}}}}]}}}}"
        )
    };
    let template = |named: &str| resources(&[bucket, function, &role(named)]);
    check(rule, &template("!GetAtt Files.Arn"), &[]);
    let both = template("[!GetAtt Files.Arn, !Sub '${Files.Arn}/*']");
    let found = reported(rule, &both);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    let label = finding.labels.first().expect("the grant is shown");
    let start = label.span.start as usize;
    assert!(both[start..].starts_with("!Sub '${Files.Arn}/*'"), "{}", &both[start..]);
    let named = both.replace("Files.Arn}/*", "Files.Arn}*");
    assert_eq!(findings_of(rule, &named).len(), 1);
}
