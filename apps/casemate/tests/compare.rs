//! `casemate compare`: folders and revisions of git.

use std::process::Command;

use insta::assert_snapshot;

use crate::command::Folder;

const OLD: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: 'AWS::DynamoDB::Table'}
  Inbox: {Type: 'AWS::S3::Bucket'}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.read
      Policies:
        - Statement:
            - Effect: Allow
              Action: dynamodb:*Item
              Resource: !GetAtt Orders.Arn
";

/// Compares two templates, each in a folder of its own.
fn check(old: &str, new: &str, code: i32) -> String {
    let folder = Folder::with(&[("old/template.yaml", old), ("new/template.yaml", new)]);
    let ran = folder.run(&["compare", "old", "new"]);
    assert_eq!(ran.code, code, "{ran:?}");
    ran.out
}

#[test]
fn less_access_and_other_words_for_the_same_are_nothing_new() {
    let narrower = OLD.replace("dynamodb:*Item", "dynamodb:GetItem");
    assert_eq!(check(OLD, &narrower, 0), "nothing new\n");
    let table =
        "!Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}";
    assert_eq!(check(OLD, &OLD.replace("!GetAtt Orders.Arn", table), 0), "nothing new\n");
}

#[test]
fn access_is_told_by_an_example_that_was_not_allowed() {
    let wider = OLD.replace("dynamodb:*Item", "[dynamodb:PutItem, dynamodb:Query]");
    assert_snapshot!(check(OLD, &wider, 1));
    let managed = OLD.replace("Policies:\n", "Policies:\n        - AmazonSQSFullAccess\n");
    assert_snapshot!(check(OLD, &managed, 1));
    let function = OLD.split("  Read:").nth(1).unwrap();
    assert_snapshot!(check(OLD, &format!("{OLD}  Second:{function}"), 1));
}

#[test]
fn access_that_was_denied_is_new_without_the_denial() {
    let denied = format!(
        "{OLD}            - {{Effect: Deny, Action: 'dynamodb:DeleteItem', Resource: '*'}}\n"
    );
    assert_eq!(check(OLD, &denied, 0), "nothing new\n");
    assert_snapshot!(check(&denied, OLD, 1));
}

#[test]
fn ways_in_are_told_with_what_they_ask_for() {
    let open = format!("{OLD}      FunctionUrlConfig: {{AuthType: NONE}}\n");
    assert_snapshot!(check(OLD, &open, 1));
    let signed = open.replace("NONE", "AWS_IAM");
    assert_eq!(check(OLD, &signed, 0), "nothing new\n");
    assert_eq!(check(&open, OLD, 0), "nothing new\n");
}

#[test]
fn what_is_laid_open_to_others_is_told() {
    let policy = "
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement: {Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '${Inbox.Arn}/*'}
";
    let open = OLD.replace(
        "Inbox: {Type: 'AWS::S3::Bucket'}",
        "Inbox: {Type: 'AWS::S3::Bucket', Properties: {PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}}}",
    );
    assert_snapshot!(check(OLD, &format!("{open}{policy}"), 1));
}

#[test]
fn what_cannot_be_compared_is_3_and_accepted_by_a_flag() {
    let broken = format!("{OLD}  Broken: [\n");
    let folder = Folder::with(&[("old/template.yaml", OLD), ("new/template.yaml", &broken)]);
    assert_eq!(folder.run(&["compare", "old", "new"]).code, 3);
    assert_eq!(folder.run(&["compare", "old", "new", "--allow-incomplete"]).code, 0);
    assert_eq!(folder.run(&["compare", "nowhere", "new"]).code, 2);
    assert_eq!(folder.run(&["compare", "--", "-x", "new"]).code, 2);
}

#[test]
fn revisions_are_read_from_git() {
    let folder = Folder::with(&[("shop/template.yaml", OLD)]);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=n", "-c", "user.email=n@example.com"];
        let ran =
            Command::new("git").current_dir(folder.path()).args(identity).args(arguments).output();
        assert!(ran.unwrap().status.success(), "git {arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "old"]);
    folder.write("shop/template.yaml", OLD.replace("dynamodb:*Item", "dynamodb:*"));
    for state in ["HEAD", "HEAD:shop"] {
        let ran = folder.run(&["compare", state, "shop", "--format", "json"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(answer["access"][0]["holder"], "Read", "{answer}");
        assert_eq!(answer["access"][0]["place"], "shop/template.yaml:12", "{answer}");
    }
    git(&["commit", "--quiet", "--all", "--message", "new"]);
    assert_eq!(folder.run(&["compare", "HEAD~1", "HEAD"]).code, 1);
    assert_eq!(folder.run(&["compare", "HEAD", "HEAD~1"]).code, 0);
    assert_eq!(folder.run(&["compare", "HEAD", "HEAD"]).code, 0);
    assert_eq!(folder.run(&["compare", "NOTHING"]).code, 2);
}
