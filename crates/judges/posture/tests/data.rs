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
    let direct =
        "Direct: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {DeliveryStreamName: d}}";
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

/// A bucket with those properties beside a function that writes to it, and its triggers.
fn written_bucket(properties: &str, triggers: &[&str]) -> String {
    let bucket = format!(
        "Files:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: files{properties}"
    );
    let others = [
        "Save: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}",
        "Role: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:PutObject', Resource: !Sub '${Files.Arn}/*'}]}}]}}",
    ];
    resources(&[&[bucket.as_str()], &others[..], triggers].concat())
}

#[test]
fn what_a_deployment_writes_needs_no_versions() {
    let rule = "unversioned-bucket";
    let deployed = "Made: {Type: 'Custom::Site', Properties: {ServiceToken: !GetAtt Save.Arn}}";
    let daily = "Daily: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt Save.Arn}]}}";
    check(rule, &written_bucket("", &[deployed]), &[]);
    let told = ["what `Save` overwrites or deletes in `Files` cannot be brought back"];
    check(rule, &written_bucket("", &[deployed, daily]), &told);
}

#[test]
fn versions_are_switched_on_only_where_old_ones_are_removed() {
    let edit = |properties: &str| {
        let found = reported("unversioned-bucket", &written_bucket(properties, &[]));
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        let fix = finding.fix.as_ref().expect("there is a fix");
        fix.edits.iter().map(|edit| edit.replacement.clone()).collect::<String>()
    };
    let with_rules = |rule: &str| {
        format!("\n      LifecycleConfiguration: {{Rules: [{{Status: Enabled, {rule}}}]}}")
    };
    assert!(edit("").contains("NoncurrentVersionExpiration"));
    assert_eq!(edit(&with_rules("ExpirationInDays: 7")), "");
    let both = "ExpirationInDays: 7, NoncurrentVersionExpiration: {NoncurrentDays: 7}";
    let versions_only = edit(&with_rules(both));
    assert!(versions_only.contains("VersioningConfiguration"), "{versions_only}");
    assert!(!versions_only.contains("LifecycleConfiguration"), "{versions_only}");
    let terraform = |rule: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"files\" {{\n  bucket = \"files\"\n}}\nresource \"aws_s3_bucket_versioning\" \"files\" {{\n  bucket = aws_s3_bucket.files.id\n  versioning_configuration {{\n    status = \"Suspended\"\n  }}\n}}\nresource \"aws_s3_bucket_lifecycle_configuration\" \"files\" {{\n  bucket = aws_s3_bucket.files.id\n  rule {{\n    id = \"old\"\n    status = \"Enabled\"\n    {rule}\n  }}\n}}\nresource \"aws_iam_role\" \"save\" {{\n  inline_policy {{\n    policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"s3:PutObject\", Resource = \"${{aws_s3_bucket.files.arn}}/*\" }}] }})\n  }}\n}}\nresource \"aws_lambda_function\" \"save\" {{\n  role = aws_iam_role.save.arn\n}}\n"
        )
    };
    let edits = |rule: &str| {
        let found = reported("unversioned-bucket", &terraform(rule));
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        finding.fix.as_ref().map(|fix| fix.edits.len())
    };
    assert_eq!(edits("expiration {\n      days = 7\n    }"), Some(0));
    assert_eq!(edits("noncurrent_version_expiration {\n      noncurrent_days = 7\n    }"), Some(1));
}

#[test]
fn a_table_of_open_connections_is_not_restored() {
    let rule = "unrecoverable-table";
    let table = |keys: &str| {
        let keys = keys.split(' ').map(|key| format!("{{AttributeName: {key}, KeyType: HASH}}"));
        let keys = keys.collect::<Vec<_>>().join(", ");
        resources(&[&format!(
            "T: {{Type: AWS::DynamoDB::Table, Properties: {{KeySchema: [{keys}]}}}}"
        )])
    };
    let told = ["`T` cannot be restored to an earlier point in time"];
    check(rule, &table("connectionId"), &[]);
    check(rule, &table("connection_id"), &[]);
    check(rule, &table("userId connectionId"), &told);
    let terraform = |keys: &str| format!("resource \"aws_dynamodb_table\" \"t\" {{\n{keys}}}\n");
    check(rule, &terraform("  hash_key = \"ConnectionID\"\n"), &[]);
    let ranged = terraform("  hash_key = \"ConnectionID\"\n  range_key = \"at\"\n");
    assert_eq!(findings_of(rule, &ranged).len(), 1);
}

#[test]
fn what_only_aws_knows_is_asked_of_aws_only() {
    let bucket = "resource \"google_storage_bucket\" \"files\" {\n  name = \"files\"\n}\nresource \"google_storage_bucket_iam_member\" \"all\" {\n  bucket = google_storage_bucket.files.name\n  role = \"roles/storage.objectViewer\"\n  member = \"allUsers\"\n}\n";
    check("plaintext-bucket-transport", bucket, &[]);
    let found = reported("public-bucket", bucket);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.confidence, finding::Confidence::High);
}

#[test]
fn a_bucket_of_an_event_goes_by_its_own_name() {
    let service = "service: shop\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  sort: {handler: a.b, events: [{s3: {bucket: mail}}]}\nresources:\n  Resources:\n    Policy:\n      Type: AWS::S3::BucketPolicy\n      Properties:\n        Bucket: {Ref: S3BucketMail}\n        PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ses.amazonaws.com}, Action: s3:PutObject, Resource: 'arn:aws:s3:::mail/*'}]}\n";
    check("plaintext-bucket-transport", service, &["`mail` accepts requests without TLS"]);
}

#[test]
fn a_rule_s_events_reach_a_topic_by_a_role() {
    let policy = |service: &str| {
        resources(&[
            "News: {Type: AWS::SNS::Topic}",
            &format!(
                "P: {{Type: AWS::SNS::TopicPolicy, Properties: {{Topics: [!Ref News], PolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: {service}}}, Action: 'sns:Publish', Resource: !Ref News}}]}}}}}}"
            ),
        ])
    };
    let advice = |service: &str| {
        let found = reported("open-topic-policy", &policy(service));
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        finding.fix.as_ref().map(|fix| fix.summary.clone()).unwrap_or_default()
    };
    assert!(!advice("events.amazonaws.com").contains("condition"));
    assert!(advice("s3.amazonaws.com").contains("`aws:SourceArn`"));
}

#[test]
fn a_pool_of_programs_is_asked_for_no_second_factor() {
    let pool = |flows: &str| {
        resources(&[
            "Pool: {Type: AWS::Cognito::UserPool}",
            "One: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, AllowedOAuthFlows: [client_credentials]}}",
            &format!(
                "Two: {{Type: AWS::Cognito::UserPoolClient, Properties: {{UserPoolId: !Ref Pool, AllowedOAuthFlows: [{flows}]}}}}"
            ),
        ])
    };
    check("optional-mfa", &pool("client_credentials"), &[]);
    check("optional-mfa", &pool("code"), &["`Pool` asks for no second factor"]);
}

#[test]
fn a_trail_of_data_alone_needs_no_other_region() {
    let trail = |properties: &str| {
        let properties =
            format!("IsLogging: true, EnableLogFileValidation: true, S3BucketName: b{properties}");
        resources(&[&format!("T: {{Type: AWS::CloudTrail::Trail, Properties: {{{properties}}}}}")])
    };
    let rule = "unlogged-trail";
    let told = ["`T` records one region only"];
    check(rule, &trail(""), &told);
    check(rule, &trail(", EventSelectors: [{IncludeManagementEvents: false}]"), &[]);
    check(rule, &trail(", EventSelectors: [{ReadWriteType: All}]"), &told);
    let advanced = |category: &str| {
        trail(&format!(
            ", AdvancedEventSelectors: [{{FieldSelectors: [{{Field: eventCategory, Equals: [{category}]}}]}}]"
        ))
    };
    check(rule, &advanced("Data"), &[]);
    check(rule, &advanced("Management"), &told);
    let terraform = "resource \"aws_cloudtrail\" \"t\" {\n  enable_log_file_validation = true\n  include_global_service_events = false\n}\n";
    let found = reported(rule, terraform);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.fix.as_ref().map(|fix| fix.edits.len()), Some(0));
    let data = terraform
        .replace("}\n", "  event_selector {\n    include_management_events = false\n  }\n}\n");
    check(rule, &data, &[]);
}

#[test]
fn a_made_up_user_name_is_not_rotated() {
    let secret = |field: &str| {
        resources(&[&format!(
            "S: {{Type: AWS::SecretsManager::Secret, Properties: {{GenerateSecretString: {{SecretStringTemplate: '{{}}', GenerateStringKey: {field}}}}}}}"
        )])
    };
    for field in ["UserName", "user", "user_name", "adminEmail"] {
        check("unrotated-secret", &secret(field), &[]);
    }
    check("unrotated-secret", &secret("password"), &["`S` is never rotated"]);
}

#[test]
fn a_secret_put_into_a_text_is_told_at_the_default_that_writes_it() {
    let template = "Parameters:
  User: {Type: String, Default: shopkeeper}
  Code: {Type: String, NoEcho: true, Default: Winter-Sale-1987}
Resources:
  Login:
    Type: AWS::SecretsManager::Secret
    Properties:
      SecretString: !Sub '{\"username\": \"${User}\", \"truststorepassword\": \"${Code}\"}'
";
    let found = reported("plaintext-secret", template);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert!(template[finding.span.start as usize..].starts_with("Winter-Sale-1987"));
    assert_eq!(finding.labels.len(), 1);
    let summary = finding.fix.as_ref().map(|fix| fix.summary.as_str()).unwrap_or_default();
    assert!(summary.contains("`GenerateSecretString`"), "{summary}");
}

#[test]
fn the_key_of_a_manual_only_stands_in_for_one() {
    let key = |key: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: a.b\n      CodeUri: src\n      Environment: {{Variables: {{AWS_KEY: {key}}}}}\n"
        )
    };
    let severities = |text: &str| -> Vec<_> {
        reported("plaintext-secret", &key(text)).iter().map(|it| it.severity).collect()
    };
    assert_eq!(severities("AKIAIOSFODNN7EXAMPLE"), [finding::Severity::Low]);
    assert_eq!(severities(&format!("AKIA{}", "Q3EGRTWA5BYKXJ4M")), [finding::Severity::High]);
}

#[test]
fn the_writer_that_knows_the_bucket_is_named() {
    let template = "Resources:
  Pictures: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:PutObject', Resource: !Sub '${Pictures.Arn}/*'}]}}]
  Other:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn, Code: {ZipFile: x}}
  Writer:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn, Code: {ZipFile: x}, Environment: {Variables: {BUCKET: !Ref Pictures}}}
";
    check(
        "unversioned-bucket",
        template,
        &["what `Writer` overwrites or deletes in `Pictures` cannot be brought back"],
    );
}

#[test]
fn the_password_of_a_database_is_certain_whatever_it_looks_like() {
    let template = "resource \"aws_db_instance\" \"d\" {\n  engine   = \"mysql\"\n  password = \"Aa1234321Bb\"\n}\n";
    assert_eq!(reported("plaintext-secret", template)[0].severity, finding::Severity::High);
}

#[test]
fn a_search_domain_that_lets_in_everyone_is_worst() {
    let domain = |policy: &str| {
        format!(
            "Resources:\n  Search:\n    Type: AWS::OpenSearchService::Domain\n    Properties:\n      DomainName: s\n{policy}"
        )
    };
    let severity = |policy: &str| reported("public-database", &domain(policy))[0].severity;
    assert_eq!(severity(""), finding::Severity::Medium);
    let open = "      AccessPolicies: {Statement: [{Effect: Allow, Principal: '*', Action: 'es:*', Resource: '*'}]}\n";
    assert_eq!(severity(open), finding::Severity::Critical);
}
