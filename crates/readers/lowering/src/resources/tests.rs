use app_graph::{Encryption, ResourceKind};
use text::{Setting, Settled};

use crate::sample::{lowered, resource};

/// Lowers `Thing` with those properties, beside `others`, and compares what `shown` says of it.
fn check_beside(kind: &str, properties: &str, others: &str, expect: &[(&str, &str)]) {
    let graph = lowered(&format!(
        "Conditions: {{Prod: !Equals [!Ref AWS::Region, eu-west-1]}}
Parameters: {{Name: {{Type: String}}}}
Resources:
  Thing: {{Type: {kind}, Properties: {{{properties}}}}}
  CustomKey: {{Type: AWS::KMS::Key}}
{others}"
    ));
    let shown = shown(resource(&graph, "Thing"));
    for (name, value) in expect {
        let found = shown.iter().find(|(shown, _)| shown == name);
        let found = found.map(|(_, value)| value.as_str());
        assert_eq!(found, Some(*value), "{name} of {kind} {{{properties}}}");
    }
}

fn check(kind: &str, properties: &str, expect: &[(&str, &str)]) {
    check_beside(kind, properties, "", expect);
}

fn words<T>(setting: &Setting<T>, word: impl Fn(&T) -> String) -> String {
    let cases = setting.cases().into_iter().map(|case| match case.value {
        Settled::Unset => "unset".to_owned(),
        Settled::Unknown(_) => "unknown".to_owned(),
        Settled::Known(said) => word(&said.value),
    });
    cases.collect::<Vec<_>>().join("|")
}

fn plain<T: ToString>(setting: &Setting<T>) -> String {
    words(setting, T::to_string)
}

fn encryption(setting: &Setting<Encryption>) -> String {
    words(setting, |encryption| match encryption {
        Encryption::Off => "off".to_owned(),
        Encryption::ProviderKey => "provider".to_owned(),
        Encryption::CustomerKey(key) => format!("key {key}"),
    })
}

/// What is said of a resource, by name.
fn shown(kind: &ResourceKind) -> Vec<(&'static str, String)> {
    match kind {
        ResourceKind::Bucket(bucket) => vec![
            ("encryption", encryption(&bucket.encryption)),
            ("versioning", plain(&bucket.versioning)),
            ("website", plain(&bucket.website)),
            ("block", plain(&bucket.public_access.block_policy)),
            ("policies", bucket.policies.len().to_string()),
            (
                "when",
                format!(
                    "{:?}",
                    bucket.policies.first().map(|policy| {
                        policy.statements.first().and_then(|statement| statement.when.as_deref())
                    })
                ),
            ),
        ],
        ResourceKind::Table(table) => vec![
            ("encryption", encryption(&table.encryption)),
            ("recovery", plain(&table.recovery)),
            ("stream", plain(&table.stream)),
        ],
        ResourceKind::Queue(queue) => vec![
            ("name", plain(&queue.name)),
            ("encryption", encryption(&queue.encryption)),
            ("dead letters", plain(&queue.dead_letters)),
            ("receives", plain(&queue.maximum_receives)),
            ("policies", queue.policies.len().to_string()),
            (
                "statements",
                queue
                    .policies
                    .iter()
                    .map(|policy| policy.statements.len())
                    .sum::<usize>()
                    .to_string(),
            ),
        ],
        ResourceKind::Topic(topic) => vec![("encryption", encryption(&topic.encryption))],
        ResourceKind::Stream(stream) => vec![("encryption", encryption(&stream.encryption))],
        ResourceKind::EventBus(bus) => vec![
            ("name", plain(&bus.name)),
            ("policies", bus.policies.len().to_string()),
            (
                "everyone",
                bus.policies
                    .iter()
                    .flat_map(|policy| &policy.statements)
                    .any(|statement| {
                        statement.principals.named().iter().any(iam::Principal::is_everyone)
                    })
                    .to_string(),
            ),
        ],
        ResourceKind::StateMachine(machine) => vec![
            ("logging", plain(&machine.logging)),
            ("tracing", plain(&machine.tracing)),
            ("express", plain(&machine.express)),
        ],
        ResourceKind::Cache(cache) => vec![
            ("encryption", encryption(&cache.encryption)),
            ("transit", plain(&cache.in_transit)),
        ],
        ResourceKind::Database(database) => vec![
            ("encryption", encryption(&database.encryption)),
            ("transit", plain(&database.in_transit)),
            ("public", plain(&database.public)),
        ],
        ResourceKind::Key(key) => {
            vec![("rotation", plain(&key.rotation)), ("rotatable", plain(&key.rotatable))]
        }
        ResourceKind::Secret(secret) => {
            vec![("rotation", plain(&secret.rotation)), ("value", plain(&secret.written_value))]
        }
        ResourceKind::Parameter(parameter) => vec![("value", plain(&parameter.value))],
        ResourceKind::UserPool(pool) => vec![
            ("length", plain(&pool.passwords.minimum_length)),
            ("written", pool.passwords.span.is_some().to_string()),
            ("mfa", plain(&pool.mfa)),
        ],
        ResourceKind::PasswordPolicy(policy) => {
            vec![("length", plain(&policy.minimum_length)), ("uppercase", plain(&policy.uppercase))]
        }
        ResourceKind::SecurityGroup(group) => vec![
            ("ingress", group.ingress.len().to_string()),
            ("egress", group.egress.as_ref().map_or("all".into(), |rules| rules.len().to_string())),
        ],
        ResourceKind::Alarm(alarm) => vec![
            ("metric", plain(&alarm.metric)),
            ("dimensions", alarm.dimensions.len().to_string()),
        ],
        ResourceKind::Distribution(distribution) => vec![
            ("tls", plain(&distribution.minimum_tls)),
            ("default", plain(&distribution.default_certificate)),
            ("hsts", plain(&distribution.hsts)),
            ("origins", distribution.origins.len().to_string()),
        ],
        ResourceKind::LoadBalancer(balancer) => vec![
            ("public", plain(&balancer.public)),
            ("logs", plain(&balancer.access_logs)),
            ("firewall", balancer.web_acl.any(|_| true).to_string()),
            (
                "redirects",
                balancer
                    .listeners
                    .iter()
                    .map(|listener| plain(&listener.redirects_to_https))
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
        ],
        kind => vec![("kind", kind.as_str().to_owned())],
    }
}

#[test]
fn buckets_and_tables() {
    let kind = "AWS::S3::Bucket";
    check(kind, "", &[("encryption", "unset"), ("versioning", "unset"), ("website", "unset")]);
    check(
        kind,
        "VersioningConfiguration: {Status: !If [Prod, Enabled, Suspended]}",
        &[("versioning", "true|false")],
    );
    check(
        kind,
        "BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: \
         {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: !Ref CustomKey}}]}, WebsiteConfiguration: \
         {IndexDocument: i}, PublicAccessBlockConfiguration: {BlockPublicPolicy: 'false'}",
        &[("encryption", "key ${CustomKey}"), ("website", "true"), ("block", "false")],
    );
    let policy = "
  Policy:
    Type: AWS::S3::BucketPolicy
    Condition: Prod
    Properties: {Bucket: !Ref Thing, PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}}";
    check_beside(
        kind,
        "",
        policy,
        &[("policies", "1"), ("when", "Some(Some(\"`Prod` is true\"))")],
    );
    let by_name = policy.replace("!Ref Thing", "shop");
    check_beside(kind, "BucketName: shop", &by_name, &[("policies", "1")]);
    let by_parameter = policy.replace("!Ref Thing", "!Ref Name");
    check_beside(kind, "BucketName: !Ref Name", &by_parameter, &[("policies", "1")]);
    let kind = "AWS::DynamoDB::Table";
    check(kind, "SSESpecification: {SSEEnabled: false}", &[("encryption", "provider")]);
    check(
        kind,
        "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, \
         StreamSpecification: {StreamViewType: KEYS_ONLY}",
        &[("recovery", "true"), ("stream", "true")],
    );
}

#[test]
fn queues_topics_streams_and_buses() {
    let kind = "AWS::SQS::Queue";
    check(kind, "", &[("encryption", "unset"), ("dead letters", "unset")]);
    check(kind, "SqsManagedSseEnabled: false", &[("encryption", "off")]);
    check(kind, "KmsMasterKeyId: alias/aws/sqs", &[("encryption", "provider")]);
    let redrive = [("dead letters", "arn:aws:sqs:eu-west-1:1:dead"), ("receives", "3")];
    check(
        kind,
        "RedrivePolicy: {deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:1:dead', maxReceiveCount: 3}",
        &redrive,
    );
    check(
        kind,
        "RedrivePolicy: '{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:1:dead\",\
         \"maxReceiveCount\":3}'",
        &redrive,
    );
    check_beside(
        kind,
        "QueueName: jobs",
        "  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: ['https://sqs.eu-west-1.amazonaws.com/1/jobs'], PolicyDocument: {Statement: []}}}",
        &[("policies", "1")],
    );
    check_beside(
        kind,
        "",
        "  Peer: {Type: AWS::SQS::Queue}
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Thing, !Ref Peer]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: '*', Action: '*', Resource: !GetAtt Peer.Arn}
          - {Effect: Allow, Principal: '*', Action: '*', Resource: [!GetAtt Peer.Arn, !GetAtt Thing.Arn]}
          - {Effect: Allow, Principal: '*', Action: '*', Resource: '*'}",
        &[("statements", "2")],
    );
    check(
        "AWS::SQS::QueuePolicy",
        "Queues: [elsewhere], PolicyDocument: {Statement: []}",
        &[("name", "elsewhere"), ("policies", "1"), ("encryption", "unknown")],
    );
    check("AWS::SNS::Topic", "", &[("encryption", "unset")]);
    check(
        "AWS::SNS::Topic",
        "KmsMasterKeyId: !Ref CustomKey",
        &[("encryption", "key ${CustomKey}")],
    );
    check(
        "AWS::Kinesis::Stream",
        "StreamEncryption: {EncryptionType: KMS, KeyId: k}",
        &[("encryption", "key k")],
    );
    check(
        "AWS::Events::EventBusPolicy",
        "Action: events:PutEvents, Principal: '*'",
        &[("name", "default"), ("everyone", "true")],
    );
    check(
        "AWS::StepFunctions::StateMachine",
        "LoggingConfiguration: {Level: 'OFF'}",
        &[("logging", "false"), ("tracing", "unset")],
    );
}

#[test]
fn caches_and_databases() {
    let group = "AWS::ElastiCache::ReplicationGroup";
    check(group, "Engine: redis", &[("encryption", "unset"), ("transit", "unset")]);
    check(group, "Engine: valkey", &[("encryption", "provider")]);
    check(
        group,
        "AtRestEncryptionEnabled: false, TransitEncryptionEnabled: true",
        &[("encryption", "off"), ("transit", "true")],
    );
    check("AWS::MemoryDB::Cluster", "", &[("encryption", "provider"), ("transit", "true")]);
    let kind = "AWS::RDS::DBInstance";
    check(kind, "PubliclyAccessible: true", &[("encryption", "unset"), ("public", "true")]);
    check(kind, "DBSnapshotIdentifier: s", &[("encryption", "unknown")]);
    check(kind, "DBClusterIdentifier: other", &[("encryption", "unknown")]);
    check_beside(
        kind,
        "DBClusterIdentifier: !Ref Cluster",
        "  Cluster: {Type: AWS::RDS::DBCluster, Properties: {StorageEncrypted: true, DBClusterParameterGroupName: !Ref Group}}
  Group: {Type: AWS::RDS::DBClusterParameterGroup, Properties: {Parameters: {rds.force_ssl: '1'}}}",
        &[("encryption", "provider"), ("transit", "true")],
    );
    check(
        "AWS::OpenSearchService::Domain",
        "EncryptionAtRestOptions: {Enabled: true}",
        &[("encryption", "provider"), ("public", "true")],
    );
}

#[test]
fn keys_secrets_and_users() {
    check("AWS::KMS::Key", "", &[("rotation", "unset"), ("rotatable", "true")]);
    check("AWS::KMS::Key", "KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY", &[("rotatable", "false")]);
    let rotation =
        "  R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref Thing}}";
    let kind = "AWS::SecretsManager::Secret";
    check_beside(
        kind,
        "SecretString: hunter2",
        rotation,
        &[("rotation", "true"), ("value", "hunter2")],
    );
    let conditional = rotation.replace("Properties", "Condition: Prod, Properties");
    check_beside(kind, "", &conditional, &[("rotation", "true|unset")]);
    check("AWS::SSM::Parameter", "Type: String, Value: open", &[("value", "open")]);
    let kind = "AWS::Cognito::UserPool";
    check(kind, "", &[("length", "unset"), ("written", "false"), ("mfa", "unset")]);
    check(
        kind,
        "Policies: {PasswordPolicy: {MinimumLength: 6}}, MfaConfiguration: 'ON'",
        &[("length", "6"), ("written", "true"), ("mfa", "ON")],
    );
    check(
        "Casemate::IAM::AccountPasswordPolicy",
        "MinimumPasswordLength: 8, RequireUppercaseCharacters: false",
        &[("length", "8"), ("uppercase", "false")],
    );
}

#[test]
fn networks_and_watchers() {
    let group = "AWS::EC2::SecurityGroup";
    check(group, "", &[("egress", "all"), ("ingress", "0")]);
    check_beside(
        group,
        "SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]",
        "  E: {Type: AWS::EC2::SecurityGroupEgress, Properties: {GroupId: !GetAtt Thing.GroupId, IpProtocol: '-1', CidrIp: 10.0.0.0/8}}",
        &[("egress", "1"), ("ingress", "1")],
    );
    check(
        "AWS::CloudWatch::Alarm",
        "Metrics: [{Id: m, MetricStat: {Metric: {Namespace: AWS/Lambda, MetricName: Throttles, \
         Dimensions: [{Name: FunctionName, Value: f}]}}}]",
        &[("metric", "Throttles"), ("dimensions", "1")],
    );
    check_beside(
        "AWS::CloudFront::Distribution",
        "DistributionConfig: {DefaultCacheBehavior: {ViewerProtocolPolicy: https-only, \
         ResponseHeadersPolicyId: !Ref Headers}, Origins: [{DomainName: a}]}",
        "  Headers: {Type: AWS::CloudFront::ResponseHeadersPolicy, Properties: {ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {StrictTransportSecurity: {Override: true}}}}}",
        &[("tls", "unset"), ("default", "true"), ("hsts", "true"), ("origins", "1")],
    );
    check_beside(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "LoadBalancerAttributes: [{Key: access_logs.s3.enabled, Value: 'true'}]",
        "  L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Thing, Protocol: HTTP, DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS}}]}}
  A: {Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: !Ref Thing, WebACLArn: acl}}",
        &[("public", "true"), ("logs", "true"), ("firewall", "true"), ("redirects", "true")],
    );
    check("AWS::EC2::VPC", "", &[("kind", "resource")]);
}
