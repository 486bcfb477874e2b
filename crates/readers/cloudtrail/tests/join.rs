//! Records joined to the functions of templates.

use app_graph::Arns;
use casemate_cloudtrail::read_one;
use profile::{Join, Joined};

const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: a.b, InlineCode: ''}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: shop-orders}
  Billing:
    Type: AWS::Serverless::Function
  Report:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: !Sub '${AWS::StackName}-report', Role: !GetAtt Shared.Arn}
  Audit:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: !Sub '${AWS::StackName}-day-report', Role: !GetAtt Shared.Arn}
  Shared:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shared
      AssumeRolePolicyDocument: {Statement: []}
  Jobs:
    Type: AWS::SQS::Queue
  Uploads:
    Type: AWS::S3::Bucket
  Sales:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: sales
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
";

/// A record of a session.
fn record(session: &str, source: &str, name: &str, more: &str) -> String {
    format!(
        r#"{{"eventTime":"2026-10-27T08:00:00Z","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"eu-west-1","recipientAccountId":"111122223333","userIdentity":{{"arn":"arn:aws:sts::111122223333:assumed-role/{session}"}}{more}}}"#
    ) + "\n"
}

fn joined(records: &str) -> Joined {
    let files = templates::Files::memory([("template.yaml", TEMPLATE)]);
    let reading = templates::read(&files, &templates::Options::default());
    let graph = reading.applications.first().unwrap();
    let arns = Arns::new(graph);
    let mut join = Join::new(graph, &arns);
    let problems = read_one("trail.ndjson", records.as_bytes(), &mut |event| join.add(&event));
    assert_eq!(problems, []);
    join.finish()
}

/// Which function a session is, or why it is none.
fn check(session: &str, expect: &str) {
    let joined = joined(&record(session, "s3", "ListBuckets", ""));
    let functions = joined.activities.iter().map(|activity| activity.function.to_string());
    let others = joined.unmatched.iter().map(|unmatched| unmatched.reason.clone());
    assert_eq!(functions.chain(others).collect::<Vec<_>>(), [expect], "{session}");
}

#[test]
fn a_session_is_the_function_of_its_name() {
    check("OrdersRole/shop-orders", "Orders");
    check("anything/shop-orders", "Orders");
    check("shop-BillingRole-1ABCDEFGHIJK/shop-Billing-aBcDeFgHiJkL", "Billing");
    check("shared/shop-report", "Report");
}

#[test]
fn a_session_of_several_functions_or_of_none_is_told() {
    check("shared/shop-day-report", "it may be `Report` or `Audit`");
    check("shared/somebody", "the role is that of `Report` or `Audit`, the session is not");
    check("deploy/somebody", "no function has this name or runs as this role");
    let user = r#"{"eventSource":"s3.amazonaws.com","eventName":"ListBuckets","userIdentity":{"arn":"arn:aws:iam::111122223333:user/ann"}}"#;
    let joined = joined(user);
    assert_eq!(joined.unmatched[0].reason, "it is no session of a role");
    assert_eq!(joined.unmatched[0].caller.name, "arn:aws:iam::111122223333:user/ann");
}

#[test]
fn what_was_used_is_counted_and_said_as_the_templates_say_it() {
    let session = "role/shop-orders";
    let get = |key: &str, more: &str| {
        let parameters =
            format!(r#","requestParameters":{{"tableName":"sales","key":{{"id":"{key}"}}}}{more}"#);
        record(session, "dynamodb", "GetItem", &parameters)
    };
    let denied = r#","errorCode":"AccessDenied""#;
    let expired = r#","errorCode":"ExpiredToken""#;
    let records = get("1", "") + &get("2", "") + &get("3", denied) + &get("4", expired);
    let joined = joined(&records);
    let [activity] = joined.activities.as_slice() else { panic!("{joined:?}") };
    let [observation] = activity.observations.as_slice() else { panic!("{activity:?}") };
    assert_eq!(observation.action, "dynamodb:GetItem");
    assert_eq!(observation.arn.to_string(), "arn:aws:dynamodb:eu-west-1:111122223333:table/sales");
    assert_eq!(
        observation.resource.to_string(),
        "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/sales"
    );
    assert_eq!((observation.permitted, observation.denied), (2, 1));
    let lines: Vec<_> = observation.evidence.iter().map(|place| place.line).collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[test]
fn what_was_only_denied_was_not_used() {
    let denied =
        r#","errorCode":"AccessDenied","requestParameters":{"bucketName":"secret","key":"a"}"#;
    let joined = joined(&record("role/shop-orders", "s3", "GetObject", denied));
    assert!(!joined.activities[0].observations[0].was_used());
}

#[test]
fn names_that_the_platform_made_up_are_those_of_their_resources() {
    let session = "role/shop-orders";
    let send = r#","requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/shop-Jobs-aBcDeFgHiJkL"}"#;
    let put = r#","requestParameters":{"bucketName":"shop-uploads-abcdefghijkl","key":"a/b"}"#;
    let records =
        record(session, "sqs", "SendMessage", send) + &record(session, "s3", "PutObject", put);
    let joined = joined(&records);
    let observations = joined.activities[0].observations.iter();
    let found: Vec<_> =
        observations.map(|it| (it.action.as_str(), it.resource.to_string())).collect();
    assert_eq!(
        found,
        [
            ("s3:PutObject", "arn:aws:s3:::${Uploads}/a/b".to_owned()),
            ("sqs:SendMessage", "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs}".to_owned()),
        ]
    );
}

#[test]
fn an_event_that_nobody_knows_is_kept_by_its_name() {
    let joined = joined(&record("role/shop-orders", "shop", "SellShoes", ""));
    let [activity] = joined.activities.as_slice() else { panic!("{joined:?}") };
    assert_eq!(activity.observations, []);
    assert_eq!((activity.unknown[0].name.as_str(), activity.unknown[0].count), ("SellShoes", 1));
}

#[test]
fn very_many_resources_count_by_what_holds_them() {
    let records: String = (0..3_000)
        .map(|at| {
            let get = format!(r#","requestParameters":{{"bucketName":"sales","key":"{at}"}}"#);
            record("role/shop-orders", "s3", "GetObject", &get)
        })
        .collect();
    let joined = joined(&records);
    let observations = &joined.activities[0].observations;
    assert_eq!(observations.len(), 1_001);
    let total: u64 = observations.iter().map(|it| it.permitted).sum();
    assert_eq!(total, 3_000);
    assert!(observations.iter().any(|it| it.arn.to_string() == "arn:aws:s3:::sales/*"));
}
