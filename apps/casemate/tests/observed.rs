//! What logs say, beside what the code says and what is granted.

use serde_json::Value;

use crate::command::{Folder, TODAY, fixture, list, run, sample, word};

/// The function of that id, by the ledger's code and a day of its records.
fn ledger(function: &str) -> Value {
    let report = permissions(&["--observed", &records()]);
    let mut functions = list(&report, "functions").iter();
    functions.find(|found| found["id"] == function).unwrap().clone()
}

fn records() -> String {
    fixture("ledger-trail").to_str().unwrap().to_owned()
}

fn permissions(arguments: &[&str]) -> Value {
    let all = [&["permissions", ".", "--format", "json"], arguments].concat();
    let ran = run(&sample("ledger"), &all, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

/// Each action observed: whether the code says it and a role grants it, how often it was permitted
/// and denied.
fn check(function: &str, expect: &[&str]) {
    let function = ledger(function);
    let rows = list(&function, "observed").iter().map(|row| {
        let (code, granted) = (&row["code"], &row["granted"]);
        format!("{} {code} {granted} {} {}", word(&row["action"]), row["count"], row["denied"])
    });
    let mut rows: Vec<String> = rows.collect();
    rows.dedup();
    assert_eq!(rows, expect);
}

/// How often each need on data was observed.
fn needs(function: &Value) -> Vec<String> {
    let needs = list(function, "needs").iter();
    let needs = needs.filter(|need| !word(&need["action"]).starts_with("logs:"));
    needs.map(|need| format!("{} {}", word(&need["action"]), need["observed"])).collect()
}

#[test]
fn code_logs_and_policies_stand_side_by_side() {
    check(
        "Receive",
        &[
            "dynamodb:PutItem true true 2 0",
            "s3:PutObject true true 1 0",
            "ssm:GetParameter false false 0 1",
        ],
    );
    check("Settle", &["dynamodb:DescribeTable false true 1 0", "dynamodb:GetItem true true 1 0"]);
    check("Report", &["s3:GetObject false true 1 0"]);
}

#[test]
fn what_was_denied_is_no_need_and_what_was_never_seen_stays_one() {
    let receive = ledger("Receive");
    let expect = [
        "dynamodb:PutItem 2",
        "kms:Decrypt 0",
        "kms:Encrypt 0",
        "kms:GenerateDataKey 0",
        "s3:PutObject 1",
        "sqs:SendMessage 0",
    ];
    assert_eq!(needs(&receive), expect);
    assert_eq!(list(&receive, "observed")[0]["last"], "2026-10-27T09:30:00Z");
}

#[test]
fn what_only_logs_say_is_a_need_with_its_records() {
    let report = ledger("Report");
    let needs: Vec<&Value> = list(&report, "needs")
        .iter()
        .filter(|need| list(need, "evidence").iter().all(|it| it["kind"] == "observed"))
        .collect();
    let [need] = needs.as_slice() else { panic!("{needs:#?}") };
    assert_eq!(need["resource"], "arn:aws:s3:::ledger-archive/*");
    assert_eq!(need["evidence"][0]["what"], "5 times, last 2026-10-27T10:00:04Z");
    assert_eq!(need["evidence"][0]["record"]["line"], 9);
    let policy = report["policy"].to_string();
    assert!(policy.contains("arn:aws:s3:::ledger-archive/*"), "{policy}");
}

#[test]
fn what_cannot_be_joined_or_is_not_known_is_told() {
    let report = permissions(&["--observed", &records()]);
    let [unjoined] = list(&report, "unjoined") else { panic!("{report:#}") };
    assert_eq!(unjoined["caller"], "arn:aws:iam::111122223333:user/deployer");
    assert_eq!(
        (&unjoined["count"], word(&unjoined["reason"])),
        (&1.into(), "it is no session of a role")
    );
    let settle = ledger("Settle");
    assert_eq!(settle["observed_unknown"][0]["event"], "CloseBook");
    assert!(word(&settle["doubts"][0]).contains("`CloseBook`"), "{}", settle["doubts"]);
    let ran = run(&sample("ledger"), &["permissions", ".", "--observed", &records()], &[]);
    assert!(ran.out.contains("1 record of 1 caller are of no function"), "{}", ran.out);
    assert!(
        ran.out.contains("s3:GetObject on arn:aws:s3:::ledger-archive/*: 5 times, not in the code")
    );
    assert!(ran.out.contains("table/ledger-entries  receive/store.py:13  observed 2 times"));
}

#[test]
fn without_records_nothing_is_said_of_them() {
    let report = permissions(&[]);
    assert!(report.get("unjoined").is_none(), "{report:#}");
    for function in list(&report, "functions") {
        assert_eq!(function["observed"], Value::Null);
        assert!(list(function, "needs").iter().all(|need| need["observed"].is_null()));
    }
}

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: 'AWS::DynamoDB::Table'}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.read
      CodeUri: .
      FunctionName: read-orders
      Policies:
        - arn:aws:iam::111122223333:policy/elsewhere
      Environment:
        Variables: {TABLE: !Ref Orders}
";

const CODE: &str = "\
import os
import boto3

table = boto3.resource('dynamodb').Table(os.environ['TABLE'])

def read(event, context):
    return table.get_item(Key={'id': event['id']})
";

const DENIED: &str = r#"{"eventTime":"2026-10-27T08:00:00Z","eventSource":"dynamodb.amazonaws.com","eventName":"GetItem","awsRegion":"eu-west-1","recipientAccountId":"111122223333","errorCode":"AccessDenied","userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/read/read-orders"},"requestParameters":{"tableName":"shop-Orders-aBcDeFgHiJkL"}}"#;

#[test]
fn a_refusal_shows_what_policies_elsewhere_do_not_allow() {
    let files = [("template.yaml", TEMPLATE), ("app.py", CODE), ("trail/a.ndjson", DENIED)];
    let folder = Folder::with(&files);
    let found = |arguments: &[&str]| {
        let all = [&["--select", "missing-permission"], arguments].concat();
        let (_, report) = folder.report(&all);
        list(&report, "findings").iter().map(|it| word(&it["message"]).to_owned()).collect()
    };
    assert_eq!(found(&[]), Vec::<String>::new());
    let messages: Vec<String> = found(&["--observed", "trail"]);
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(
        message.ends_with("does not allow `dynamodb:GetItem`: logs tell of one refusal"),
        "{message}"
    );
}

#[test]
fn records_that_cannot_be_read_make_the_run_incomplete() {
    let folder = Folder::with(&[
        ("template.yaml", TEMPLATE),
        ("app.py", CODE),
        ("a.json", "{\"Records\": [{"),
    ]);
    let scan = |file: &str| {
        folder.run(&["scan", ".", "--fail-on", "none", "--observed", file, "--today", TODAY])
    };
    assert_eq!(scan("a.json").code, 3);
    assert_eq!(scan("nowhere").code, 3);
}

#[test]
fn a_fix_keeps_what_was_observed() {
    let granted =
        TEMPLATE.replace("arn:aws:iam::111122223333:policy/elsewhere", "AmazonDynamoDBFullAccess");
    let scanned = DENIED.replace("GetItem", "Scan").replace(r#""errorCode":"AccessDenied","#, "");
    let files =
        [("template.yaml", granted.as_str()), ("app.py", CODE), ("a.json", scanned.as_str())];
    let folder = Folder::with(&files);
    assert!(!folder.run(&["fix", "--diff"]).out.contains("dynamodb:Scan"));
    let ran = folder.run(&["fix", "--diff", "--observed", "a.json"]);
    assert!(ran.out.contains("dynamodb:Scan"), "{ran:?}");
}
