//! Policy templates of a framework, by what they allow.

use crate::sample::{call, findings};

/// Judges a function that queries the table `Orders`, with this event and these policy templates.
fn check(event: &str, policies: &str, expect: &[&str]) {
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Jobs:
    Type: AWS::SQS::Queue
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: pass
      Policies: [{policies}]
      Events: {{{event}}}
"
    );
    let query = call("dynamodb", "Query", &[("TableName", "$Orders")]);
    let findings = findings(&template, &query);
    let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
    assert_eq!(messages, expect, "{template}");
}

const READ: &str = "DynamoDBReadPolicy: {TableName: !Ref Orders}";
const CRUD: &str = "DynamoDBCrudPolicy: {TableName: !Ref Orders}";
const POLLER: &str = "SQSPollerPolicy: {QueueName: !GetAtt Jobs.QueueName}";
const SEND: &str = "SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}";

#[test]
fn what_a_policy_template_allows_beyond_the_needs_is_told_once() {
    check(
        "",
        CRUD,
        &["`Read` is granted more than the code uses: `DynamoDBCrudPolicy` 1 of 10 actions called"],
    );
    check(
        "",
        &format!("{READ}, {SEND}"),
        &[
            "`Read` is granted more than the code uses: `SQSSendMessagePolicy` never called; `DynamoDBReadPolicy` 1 of 5 actions called",
        ],
    );
}

#[test]
fn a_policy_template_for_what_triggers_the_function_is_used() {
    let polled = "Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}";
    let used = "DynamoDBCrudPolicy` 1 of 10 actions called";
    check(
        polled,
        &format!("{CRUD}, {POLLER}"),
        &[&format!("`Read` is granted more than the code uses: `{used}")],
    );
    check(
        "",
        &format!("{CRUD}, {POLLER}"),
        &[&format!(
            "`Read` is granted more than the code uses: `{used}; `SQSPollerPolicy` never called"
        )],
    );
}
