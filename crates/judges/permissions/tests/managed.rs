//! Managed policies of AWS's, by what they allow.

use crate::sample;

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
    let findings = sample::findings(
        &template,
        &sample::call("dynamodb", "GetItem", &[("TableName", "orders")]),
    );
    let start = template.find("ManagedPolicyArns").unwrap_or_default();
    for finding in findings.iter().filter(|finding| finding.rule.id == "excess-permission") {
        assert!(finding.span.start as usize > start, "{finding:?}");
    }
    let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
    assert_eq!(messages, expect, "{template}");
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
        &["`Read` is granted more than the code uses: `AmazonS3FullAccess` never called"],
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
        &["`Read` is granted more than the code uses: `AWSXRayDaemonWriteAccess` never called"],
    );
}
