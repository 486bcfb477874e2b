//! What a role's own statements allow, against what a function needs.

use profile::{Behaviour, Unresolved};
use text::{SourceId, Span};

use crate::sample::{call, findings};

/// Judges a function that does this, with these resources beside it and these statements.
fn check(behaviour: &Behaviour, resources: &str, statements: &[&str], expect: &[&str]) {
    let template = format!(
        "Resources:
{resources}
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt ReadRole.Arn
  ReadRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement: [{}]
",
        statements.join(", ")
    );
    let findings = findings(&template, behaviour);
    let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
    assert_eq!(messages, expect, "{template}");
}

#[test]
fn a_resource_whose_arn_is_not_spelled_may_be_one_that_is_written_out() {
    let index = "  Index: {Type: AWS::Kendra::Index}
  Other: {Type: AWS::Kendra::Index}";
    let query = call("kendra", "Query", &[("IndexId", "$Index")]);
    let of = |arn: &str| format!("{{Effect: Allow, Action: kendra:Query, Resource: {arn}}}");
    let by_id = of("!Sub \"arn:aws:kendra:${AWS::Region}:${AWS::AccountId}:index/${Index}\"");
    check(&query, index, &[&by_id], &[]);
    check(
        &query,
        index,
        &[&of("!GetAtt Other.Arn")],
        &["`Read` is granted more than the code uses: `kendra:Query` never called"],
    );
    check(
        &query,
        index,
        &["{Effect: Allow, Action: kendra:ListIndices, Resource: \"*\"}"],
        &[
            "`Read` is granted more than the code uses: `kendra:ListIndices` never called",
            "`Read` calls `kendra.Query`, and its role does not allow `kendra:Query`",
        ],
    );
}

#[test]
fn only_what_surely_is_needed_is_missing() {
    let bucket = "  Files: {Type: AWS::S3::Bucket}";
    let read = "{Effect: Allow, Action: s3:GetObject, Resource: !Sub \"${Files.Arn}/*\"}";
    let get = |version: &str| {
        call("s3", "GetObject", &[("Bucket", "$Files"), ("Key", "?"), ("VersionId", version)])
    };
    check(&get("?"), bucket, &[read], &[]);
    check(
        &get("3"),
        bucket,
        &[read],
        &[
            "`Read` is granted more than the code uses: `s3:GetObject` never called",
            "`Read` calls `s3.GetObject`, and its role does not allow `s3:GetObjectVersion`",
        ],
    );
    let write = "{Effect: Allow, Action: s3:PutObject, Resource: !Sub \"${Files.Arn}/*\"}";
    let of = |operation| call("s3", operation, &[("Bucket", "$Files"), ("Key", "?")]);
    let mut upload = of("CreateMultipartUpload");
    upload.calls.extend(of("AbortMultipartUpload").calls);
    check(&upload, bucket, &[write], &[]);
    check(
        &of("AbortMultipartUpload"),
        bucket,
        &[write],
        &[
            "`Read` is granted more than the code uses: `s3:PutObject` never called",
            "`Read` calls `s3.AbortMultipartUpload`, and its role does not allow `s3:AbortMultipartUpload`",
        ],
    );
}

#[test]
fn a_role_that_names_the_functions_role_lets_it_in() {
    let role = |principal: &str| {
        format!(
            "  Tenant:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {principal}, Action: sts:AssumeRole}}"
        )
    };
    let assume = call("sts", "AssumeRole", &[("RoleArn", "$Tenant"), ("RoleSessionName", "a")]);
    check(&assume, &role("{AWS: !GetAtt ReadRole.Arn}"), &[], &[]);
    check(
        &assume,
        &role("{Service: ec2.amazonaws.com}"),
        &[],
        &["`Read` calls `sts.AssumeRole`, and its role does not allow `sts:AssumeRole`"],
    );
}

#[test]
fn an_account_or_the_name_of_a_stack_reaches_over_no_colon_or_slash() {
    let table = "  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub \"${AWS::StackName}-orders\"}}";
    let get = call("dynamodb", "GetItem", &[("TableName", "$Orders")]);
    let of = |rest: &str| {
        format!(
            "{{Effect: Allow, Action: dynamodb:GetItem, Resource: !Sub \"arn:aws:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/${{Orders}}{rest}\"}}"
        )
    };
    check(
        &get,
        table,
        &[&of(""), &of("/index/*")],
        &["`Read` is granted more than the code uses: `dynamodb:GetItem` never called"],
    );
    check(
        &get,
        table,
        &[&of("/index/*")],
        &[
            "`Read` is granted more than the code uses: `dynamodb:GetItem` never called",
            "`Read` calls `dynamodb.GetItem`, and its role does not allow `dynamodb:GetItem`",
        ],
    );
}

#[test]
fn a_call_that_is_not_resolved_may_be_of_any_service() {
    let table = "  Orders: {Type: AWS::DynamoDB::Table}";
    let mut get = call("dynamodb", "GetItem", &[("TableName", "$Orders")]);
    let of = |actions: &str| {
        format!("{{Effect: Allow, Action: [{actions}], Resource: !GetAtt Orders.Arn}}")
    };
    let send = "{Effect: Allow, Action: qldb:SendCommand, Resource: \"*\"}";
    check(
        &get,
        table,
        &[&of("dynamodb:GetItem"), send],
        &["`Read` is granted more than the code uses: `qldb:SendCommand` never called"],
    );
    get.unresolved.push(Unresolved {
        span: Span::file(SourceId(0)),
        call: "driver.execute(…)".to_owned(),
        reason: "package `ledger` is not in the project".to_owned(),
    });
    check(&get, table, &[&of("dynamodb:GetItem"), send], &[]);
    check(
        &get,
        table,
        &[&of("dynamodb:GetItem, dynamodb:Query"), send],
        &["`Read` is granted more than the code uses: `dynamodb:Query` never called"],
    );
}

#[test]
fn a_name_that_no_action_has_is_told_as_such() {
    let table = "  Orders: {Type: AWS::DynamoDB::Table}";
    let get = call("dynamodb", "GetItem", &[("TableName", "$Orders")]);
    check(
        &get,
        table,
        &[
            "{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Orders.Arn}",
            "{Effect: Allow, Action: \"bedrock-runtime:*\", Resource: \"*\"}",
        ],
        &["`Read` is granted more than the code uses: `bedrock-runtime:*` is no action"],
    );
}
