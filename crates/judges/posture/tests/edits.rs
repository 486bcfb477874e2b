//! An edit that a rule offers mends what it is offered for, and what it leaves can be read.

use casemate_posture::{RULES, judge};

use crate::FACTS;

/// What a rule finds in a template of that name.
fn findings(rule: &str, name: &str, template: &str) -> Vec<finding::Finding> {
    let files = templates::Files::memory([(name, template)]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in a template for {rule}:\n{template}");
    let mut sink = finding::Sink::default();
    for application in &reading.applications {
        judge(application, &FACTS, &|candidate| candidate.id == rule, &mut sink);
    }
    sink.into_parts().0
}

/// A text with edits applied, the last first.
fn apply(text: &str, edits: &[finding::Edit]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span.start);
    let mut edited = text.to_owned();
    for edit in edits.iter().rev() {
        let place = edit.span.start as usize..edit.span.end as usize;
        edited.replace_range(place, &edit.replacement);
    }
    edited
}

/// What is wrong with the edits that a rule offers for a template; how many findings had any.
fn check(rule: &str, name: &str, template: &str, wrong: &mut Vec<String>) -> usize {
    let found = findings(rule, name, template);
    let editable = found.iter().filter_map(|finding| {
        let fix = finding.fix.as_ref()?;
        (!fix.edits.is_empty()).then_some((finding, fix))
    });
    let mut count = 0;
    for (finding, fix) in editable {
        count += 1;
        let edited = apply(template, &fix.edits);
        let left = findings(rule, name, &edited);
        if left.iter().any(|other| other.fingerprint() == finding.fingerprint()) {
            wrong.push(format!("{rule}: `{}` remains in\n{edited}", finding.message));
        }
    }
    count
}

#[test]
fn every_edit_of_a_firing_example_mends_it() {
    let mut wrong = Vec::new();
    for check_of_rule in RULES {
        let rule = check_of_rule.rule;
        check(rule.id, "template.yaml", rule.firing, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asserts that a rule offers an edit for a template in that format, and that it mends.
fn mends(rule: &str, name: &str, template: &str) {
    let mut wrong = Vec::new();
    let count = check(rule, name, template, &mut wrong);
    assert!(count > 0, "{rule} offers no edit for\n{template}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn edits_are_written_in_the_words_of_the_format() {
    let table = r#"resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "id"
}
"#;
    mends("unrecoverable-table", "main.tf", table);
    let off = r#"resource "aws_dynamodb_table" "t" {
  name = "t"
  point_in_time_recovery {
    enabled = false
  }
}
"#;
    mends("unrecoverable-table", "main.tf", off);
    mends(
        "unencrypted-stream",
        "main.tf",
        "resource \"aws_kinesis_stream\" \"s\" {\n  name = \"s\"\n}\n",
    );
    mends(
        "unencrypted-topic",
        "main.tf",
        "resource \"aws_sns_topic\" \"t\" {\n  name = \"t\"\n}\n",
    );
    mends(
        "unrotated-key",
        "main.tf",
        "resource \"aws_kms_key\" \"k\" {\n  description = \"k\"\n}\n",
    );
    let group = "resource \"aws_cloudwatch_log_group\" \"g\" {\n  name = \"g\"\n}\n";
    mends("unretained-logs", "main.tf", group);
    let json = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Resources": {
    "Table": {
      "Type": "AWS::DynamoDB::Table",
      "Properties": {
        "TableName": "t"
      }
    },
    "Stream": {
      "Type": "AWS::Kinesis::Stream",
      "Properties": {
        "Name": "s"
      }
    }
  }
}
"#;
    mends("unrecoverable-table", "template.json", json);
    mends("unencrypted-stream", "template.json", json);
}

#[test]
fn a_declaration_without_properties_gets_them() {
    let yaml = "Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    DeletionPolicy: Retain\n";
    mends("unencrypted-stream", "template.yaml", yaml);
    let json = "{\n  \"Resources\": {\n    \"S\": {\n      \"Type\": \"AWS::Kinesis::Stream\"\n    }\n  }\n}\n";
    mends("unencrypted-stream", "template.json", json);
}

#[test]
fn a_second_factor_is_asked_for_and_named() {
    let rule = "optional-mfa";
    let pool = |properties: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      UserPoolName: p\n{properties}"
        )
    };
    let replaced = |name: &str, template: &str| {
        mends(rule, name, template);
        let found = findings(rule, name, template);
        let edits =
            found.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits);
        edits.map(|edit| edit.replacement.clone()).collect::<String>()
    };
    assert!(replaced("template.yaml", &pool("")).contains("EnabledMfas"));
    assert!(
        replaced("template.yaml", &pool("      MfaConfiguration: 'OFF'\n")).contains("EnabledMfas")
    );
    let by_message =
        "      MfaConfiguration: OPTIONAL\n      SmsConfiguration: {SnsCallerArn: a}\n";
    assert_eq!(replaced("template.yaml", &pool(by_message)), "\"ON\"");
    let terraform = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n}\n";
    let edit = replaced("main.tf", terraform);
    assert!(edit.contains("software_token_mfa_configuration {"), "{edit}");
}

#[test]
fn one_edit_keeps_the_logs_of_a_whole_service() {
    let service = "service: shop\nprovider:\n  name: aws\n  runtime: nodejs22.x\nfunctions:\n  one:\n    handler: a.b\n  two:\n    handler: a.c\n";
    assert_eq!(findings("unretained-logs", "serverless.yml", service).len(), 1);
    mends("unretained-logs", "serverless.yml", service);
}

#[test]
fn a_property_that_is_there_already_is_not_added_again() {
    let table = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      PointInTimeRecoverySpecification:\n        RecoveryPeriodInDays: 7\n      TableName: t\n";
    let found = findings("unrecoverable-table", "template.yaml", table);
    let edits = found.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits);
    assert_eq!((found.len(), edits.count()), (1, 0));
}

#[test]
fn what_holds_for_other_functions_too_is_not_replaced_for_one() {
    let shared = "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Timeout: 60\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: a.b\n      CodeUri: src\n      Events:\n        Get:\n          Type: Api\n          Properties:\n            Path: /\n            Method: get\n";
    let found = findings("timeout-beyond-trigger", "template.yaml", shared);
    let edits = found.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits);
    assert_eq!((found.len(), edits.count()), (1, 0));
    let own = shared.replace("      Handler: a.b\n", "      Handler: a.b\n      Timeout: 60\n");
    mends("timeout-beyond-trigger", "template.yaml", &own);
}

#[test]
fn an_address_is_closed_where_it_is_declared() {
    let url = |config: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n      Handler: a.b\n      CodeUri: src\n{config}"
        )
    };
    let rule = "public-function-url";
    mends(rule, "template.yaml", &url("      FunctionUrlConfig: {AuthType: NONE}\n"));
    mends(
        rule,
        "template.yaml",
        &url(
            "  U:\n    Type: AWS::Lambda::Url\n    Properties:\n      TargetFunctionArn: !Ref F\n      AuthType: 'NONE'\n",
        ),
    );
}
