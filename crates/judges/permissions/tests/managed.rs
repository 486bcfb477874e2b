//! Managed policies of AWS's, by what they allow.

use app_graph::Arns;
use casemate_permissions::{Facts, RULES, judge};
use iam::api::{Argument, Call};
use profile::{ApiCall, Behaviour, Coverage, Language};
use text::{PartialText, SourceId, Span};

/// Judges a function that gets an item of the table `orders`, with a property of its own and these
/// policies.
fn check(policies: &[&str], property: &str, expect: &[&str]) {
    let (written, managed): (Vec<&str>, Vec<&str>) =
        policies.iter().partition(|policy| policy.starts_with('{'));
    let (written, managed) = (written.join(", "), managed.join(", "));
    let template = format!(
        "Resources:
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt ReadRole.Arn
      {property}
  ReadRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
      ManagedPolicyArns: [{managed}]
      Policies: [{written}]
"
    );
    let files = templates::Files::memory([("template.yaml", template.as_str())]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in\n{template}");
    let mut sink = finding::Sink::default();
    for application in &reading.applications {
        let arns = Arns::new(application);
        let derived = |function| profile::derive(application, &arns, function, behaviour());
        let profiles = application.functions.iter().map(derived).collect();
        let facts = Facts { profiles, arns: Arns::new(application) };
        let rules = ["excess-permission", "missing-permission"];
        assert!(rules.iter().all(|id| RULES.iter().any(|check| check.rule.id == *id)));
        judge(application, &facts, &|rule| rules.contains(&rule.id), &mut sink);
    }
    let (findings, _) = sink.into_parts();
    let start = template.find("ManagedPolicyArns").unwrap_or_default();
    for finding in findings.iter().filter(|finding| finding.rule.id == "excess-permission") {
        assert!(finding.span.start as usize > start, "{finding:?}");
    }
    let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
    assert_eq!(messages, expect, "{template}");
}

fn behaviour() -> Behaviour {
    let table = Argument::Text(PartialText::known("orders"));
    let call = Call {
        service: "dynamodb".to_owned(),
        operation: "GetItem".to_owned(),
        arguments: vec![("TableName".to_owned(), table)],
        rest_unknown: None,
    };
    let span = Span::file(SourceId(0));
    let calls = vec![ApiCall { call, span, through: Vec::new() }];
    Behaviour { calls, ..Behaviour::new(Coverage::Read(Language::Python)) }
}

const BASIC: &str = "\"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\"";
const GET_ITEM: &str = "{PolicyName: Read, PolicyDocument: {Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !Sub \"arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders\"}]}}";

#[test]
fn what_a_managed_policy_allows_beyond_the_needs_is_told_once() {
    check(
        &[BASIC, "\"arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess\""],
        "",
        &[
            "`Read` is granted more than the code uses: `AmazonDynamoDBReadOnlyAccess` 1 of 77 actions called",
        ],
    );
    check(
        &[BASIC, GET_ITEM, "!Sub \"arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess\""],
        "",
        &["`Read` is granted more than the code uses: `AmazonS3FullAccess` is never called"],
    );
}

#[test]
fn a_call_that_no_managed_policy_allows_is_missing() {
    check(
        &[BASIC],
        "",
        &["`Read` calls `dynamodb.GetItem`, and its role does not allow `dynamodb:GetItem`"],
    );
    // A policy whose text is not known may allow it.
    check(&[BASIC, "\"arn:aws:iam::123456789012:policy/AmazonS3FullAccess\""], "", &[]);
}

#[test]
fn a_policy_that_lets_a_function_run_is_excess_only_where_it_is_not_for_that() {
    let network = "\"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole\"";
    let in_network = "VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}";
    check(&[GET_ITEM, network], in_network, &[]);
    check(
        &[GET_ITEM, network],
        "",
        &[
            "`Read` is granted more than the code uses: `AWSLambdaVPCAccessExecutionRole` 3 of 9 actions called",
        ],
    );
    let tracing = "\"arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess\"";
    check(&[BASIC, GET_ITEM, tracing], "TracingConfig: {Mode: Active}", &[]);
    check(
        &[BASIC, GET_ITEM, tracing],
        "",
        &["`Read` is granted more than the code uses: `AWSXRayDaemonWriteAccess` is never called"],
    );
}
