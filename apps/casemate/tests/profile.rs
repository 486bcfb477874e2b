//! `casemate profile` and the blast radius.

use serde_json::Value;

use crate::command::{Folder, fixture, list, run, sample, word};

fn profile(arguments: &[&str]) -> Value {
    let all = [&["profile", ".", "--output", "-"], arguments].concat();
    let ran = run(&sample("ledger"), &all, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn the_file_says_what_a_function_is_held_to() {
    let file = profile(&[]);
    let [receive, settle, report] = list(&file, "functions") else { panic!("{file:#}") };
    assert_eq!((word(&file["format"]), word(&receive["file"])), ("1", "receive/app.py"));
    assert_eq!((&receive["timeout"], &receive["memory"]), (&10.into(), &256.into()));
    assert_eq!(receive["triggers"][0]["route"], "POST /entries");
    assert_eq!(settle["triggers"][0]["kind"], "queue");
    assert_eq!(report["triggers"][0]["kind"], "schedule");
    assert_eq!(list(receive, "environment"), ["ENTRIES", "MEMOS", "RECEIPTS", "SETTLEMENTS"]);
    assert_eq!(list(receive, "gaps"), [] as [Value; 0]);
    let put = list(receive, "needs").iter().find(|need| need["action"] == "dynamodb:PutItem");
    let put = put.unwrap();
    assert!(word(&put["resource"]).ends_with(":table/ledger-entries"));
    assert_eq!(put["evidence"][0], serde_json::json!({"file": "receive/store.py", "line": 13}));
}

#[test]
fn the_file_holds_what_was_observed_and_what_is_not_known_of_it() {
    let records = fixture("ledger-trail");
    let file = profile(&["--observed", records.to_str().unwrap()]);
    let [_, settle, report] = list(&file, "functions") else { panic!("{file:#}") };
    let archive = list(report, "needs").iter();
    let mut archive = archive.filter(|need| word(&need["resource"]).contains("ledger-archive"));
    assert!(word(&archive.next().unwrap()["evidence"][0]["file"]).ends_with("records.json"));
    assert!(word(&settle["gaps"][0]).contains("CloseBook"), "{settle:#}");
}

#[test]
fn the_file_is_written_where_the_command_runs_and_is_the_same_again() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Read:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.read, CodeUri: .}
";
    let code = "import subprocess, urllib.request

def read(event, context):
    urllib.request.urlopen('https://api.example.com/prices')
    subprocess.run(['git', 'status'])
    open('/tmp/prices', 'w').close()
    getattr(event['a'], event['b'])()
";
    let folder = Folder::with(&[("template.yaml", template), ("app.py", code)]);
    let ran = folder.run(&["profile"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let written = folder.read("casemate.profile.json");
    let file: Value = serde_json::from_str(&written).unwrap();
    let read = &file["functions"][0];
    assert_eq!(read["hosts"][0]["name"], "api.example.com");
    assert_eq!(read["hosts"][0]["evidence"][0]["line"], 4);
    assert!(word(&read["processes"][0]["name"]).starts_with("git"), "{read:#}");
    assert_eq!(read["files"][0]["name"], "/tmp/prices");
    folder.run(&["profile"]);
    assert_eq!(folder.read("casemate.profile.json"), written);
}

/// What a function of the ledger comes to, by name.
fn reached(function: &str, by: &str) -> Vec<String> {
    let ran = run(&sample("ledger"), &["permissions", ".", "--format", "json"], &[]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let mut functions = list(&report, "functions").iter();
    let function = functions.find(|found| found["id"] == function).unwrap();
    list(&function["blast_radius"], by).iter().map(|it| word(&it["name"]).to_owned()).collect()
}

#[test]
fn an_intruder_comes_to_less_by_the_least_roles() {
    // By the queue to whoever settles, and to all that settling needs.
    let needed = reached("Receive", "needed");
    assert_eq!(
        needed,
        [
            "BankAccess",
            "Entries",
            "MemoKey",
            "Receipts",
            "ReceiptsKey",
            "Settle",
            "Settled",
            "Settlements"
        ]
    );
    let needed = reached("Report", "needed");
    assert_eq!(needed, ["Entries", "Receipts", "ReceiptsKey", "Statements"]);
    let granted = reached("Report", "granted");
    assert_eq!(granted.len(), 9, "{granted:?}");
    let ran = run(&sample("ledger"), &["permissions", "."], &[]);
    let line = "reaches     9 things, needs 4: Entries, Receipts, ReceiptsKey, Statements";
    assert!(ran.out.contains(line), "{}", ran.out);
}

#[test]
fn the_least_role_never_reaches_farther() {
    let ran = run(&sample("webshop"), &["permissions", ".", "--format", "json"], &[]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    for function in list(&report, "functions") {
        let radius = &function["blast_radius"];
        let granted = list(radius, "granted");
        let beyond = list(radius, "needed").iter().filter(|it| !granted.contains(it));
        assert_eq!(beyond.collect::<Vec<_>>(), [] as [&Value; 0], "{}", function["name"]);
        assert!(!granted.is_empty(), "{}", function["name"]);
    }
}
