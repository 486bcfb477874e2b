//! Permissions that a function needs because of how it is set up.

use app_graph::Arns;
use profile::{Behaviour, Coverage, Language};
use text::PartialText;

/// Expects needs of a function that a template sets up, beside its logs.
fn check(property: &str, resources: &str, expect: &[&str]) {
    let template = format!(
        "Resources:
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      {property}
{resources}
"
    );
    let files = templates::Files::memory([("template.yaml", template.as_str())]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in\n{template}");
    let application = &reading.applications[0];
    let arns = Arns::new(application);
    let behaviour = Behaviour::new(Coverage::Read(Language::Python));
    let profile = profile::derive(application, &arns, &application.functions[0], behaviour);
    let needs = profile.needs.iter().filter(|need| !need.action.starts_with("logs:"));
    let needs = needs.filter(|need| !need.action.starts_with("ec2:"));
    let told: Vec<String> =
        needs.map(|need| format!("{} {}", need.action, shown(&need.resource))).collect();
    assert_eq!(told, expect, "{template}");
}

fn shown(resource: &PartialText) -> String {
    resource.to_string().replace("${?}", "?")
}

#[test]
fn a_file_system_is_mounted() {
    let mount = "FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/x}]";
    check(
        mount,
        "  Point: {Type: AWS::EFS::AccessPoint}",
        &[
            "elasticfilesystem:ClientMount arn:aws:elasticfilesystem:?",
            "elasticfilesystem:ClientWrite arn:aws:elasticfilesystem:?",
        ],
    );
    check(
        mount,
        "  Point: {Type: AWS::S3Files::AccessPoint}",
        &[
            "s3:GetObject arn:aws:s3:::?",
            "s3:GetObjectVersion arn:aws:s3:::?",
            "s3files:ClientMount arn:aws:s3files:?",
            "s3files:ClientWrite arn:aws:s3files:?",
        ],
    );
}

/// Expects needs of a function that polls a source of these properties.
fn check_polled(properties: &str, expect: &[&str]) {
    let mapping = format!(
        "  Login: {{Type: AWS::SecretsManager::Secret, Properties: {{Name: login, KmsKeyId: !Ref Key}}}}
  Key: {{Type: AWS::KMS::Key}}
  Poll: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref Read, {properties}}}}}"
    );
    check("Timeout: 3", &mapping, expect);
}

#[test]
fn a_broker_is_polled_with_its_secret() {
    check_polled(
        "EventSourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:b:b-1', Queues: [q], SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: !Ref Login}, {Type: VIRTUAL_HOST, URI: /}]",
        &[
            "kms:Decrypt arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}",
            "mq:DescribeBroker arn:aws:mq:eu-west-1:111122223333:broker:b:b-1",
            "secretsmanager:GetSecretValue arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:login-??????",
        ],
    );
}

#[test]
fn topics_are_polled_as_the_role_where_there_is_no_secret() {
    let kafka = "EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/u', Topics: [t]";
    let cluster = "arn:aws:kafka:eu-west-1:111122223333:cluster/c/u";
    let describe = [
        format!("kafka:DescribeCluster {cluster}"),
        format!("kafka:DescribeClusterV2 {cluster}"),
        format!("kafka:GetBootstrapBrokers {cluster}"),
    ];
    let [one, two, three] = &describe;
    check_polled(
        &format!(
            "{kafka}, SourceAccessConfigurations: [{{Type: SASL_SCRAM_512_AUTH, URI: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s'}}]"
        ),
        &[
            one,
            two,
            three,
            "secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:111122223333:secret:s",
        ],
    );
    check_polled(
        kafka,
        &[
            "kafka-cluster:AlterGroup arn:aws:kafka:eu-west-1:111122223333:group/c/u/?",
            &format!("kafka-cluster:Connect {cluster}"),
            "kafka-cluster:DescribeClusterDynamicConfiguration arn:aws:kafka:eu-west-1:111122223333:cluster/c/u",
            "kafka-cluster:DescribeGroup arn:aws:kafka:eu-west-1:111122223333:group/c/u/?",
            "kafka-cluster:DescribeTopic arn:aws:kafka:eu-west-1:111122223333:topic/c/u/t",
            "kafka-cluster:ReadData arn:aws:kafka:eu-west-1:111122223333:topic/c/u/t",
            one,
            two,
            three,
        ],
    );
}

#[test]
fn a_document_database_is_polled_with_what_it_is_set_up_with() {
    check_polled(
        "EventSourceArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:c', DocumentDBEventSourceConfig: {DatabaseName: d}",
        &[
            "rds:DescribeDBClusterParameters arn:aws:rds:${AWS::Region}:${AWS::AccountId}:cluster-pg:?",
            "rds:DescribeDBClusters arn:aws:rds:eu-west-1:111122223333:cluster:c",
            "rds:DescribeDBSubnetGroups arn:aws:rds:${AWS::Region}:${AWS::AccountId}:subgrp:?",
        ],
    );
}
