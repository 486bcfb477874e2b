//! Baselines and fingerprints: what was known stays known, what is new is never hidden.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{Folder, findings, list, word};

const TABLE: &str = "Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {BillingMode: PAY_PER_REQUEST}
";

const SELECT: [&str; 4] = ["--select", "unrecoverable-table", "--fail-on", "low"];

fn fingerprints(report: &Value) -> BTreeSet<String> {
    list(report, "findings").iter().map(|it| word(&it["fingerprint"]).to_owned()).collect()
}

/// Writes a baseline of one template, changes the folder, and compares what is open then.
fn check(change: impl FnOnce(&Folder), open: &[&str], baseline: &[&str]) {
    let folder = Folder::with(&[("stack.yaml", TABLE)]);
    let (code, before) =
        folder.report(&[&SELECT[..], &["--write-baseline", "known.json"]].concat());
    assert_eq!((code, findings(&before, "open").len()), (1, 1));
    change(&folder);
    let (code, after) = folder.report(&[&SELECT[..], &["--baseline", "known.json"]].concat());
    assert_eq!(findings(&after, "open"), open);
    assert_eq!(findings(&after, "baseline"), baseline);
    assert_eq!(code, i32::from(!open.is_empty()));
    assert!(fingerprints(&after).is_superset(&fingerprints(&before)));
}

#[test]
fn nothing_changed() {
    check(|_| {}, &[], &["unrecoverable-table stack.yaml:2 Orders"]);
}

#[test]
fn lines_were_inserted() {
    let moved = format!("Description: orders\n\n# a table\n{TABLE}");
    check(
        |folder| folder.write("stack.yaml", &moved),
        &[],
        &["unrecoverable-table stack.yaml:5 Orders"],
    );
}

#[test]
fn the_file_was_renamed() {
    check(
        |folder| folder.rename("stack.yaml", "orders.yaml"),
        &[],
        &["unrecoverable-table orders.yaml:2 Orders"],
    );
}

#[test]
fn a_new_file_with_the_same_logical_id_is_not_hidden() {
    for new in ["another.yaml", "zebra.yaml", "a/stack.yaml", "z/stack.yaml"] {
        check(
            |folder| folder.write(new, TABLE),
            &[&format!("unrecoverable-table {new}:2 Orders")],
            &["unrecoverable-table stack.yaml:2 Orders"],
        );
    }
}

#[test]
fn a_renamed_file_hides_one_finding_and_not_two() {
    let folder = Folder::with(&[("stack.yaml", TABLE)]);
    folder.report(&[&SELECT[..], &["--write-baseline", "known.json"]].concat());
    folder.rename("stack.yaml", "b.yaml");
    folder.write("a.yaml", TABLE);
    let (code, after) = folder.report(&[&SELECT[..], &["--baseline", "known.json"]].concat());
    let open = findings(&after, "open").len();
    assert_eq!((code, open, findings(&after, "baseline").len()), (1, 1, 1));
}

#[test]
fn what_two_applications_share_is_known_of_each() {
    let parent = "Resources:
  Shared:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ../shared/stack.yaml}
";
    let folder = Folder::with(&[
        ("one/template.yaml", parent),
        ("shared/stack.yaml", TABLE),
        ("two/template.yaml", parent),
    ]);
    let (_, before) = folder.report(&[&SELECT[..], &["--write-baseline", "known.json"]].concat());
    assert_eq!((findings(&before, "open").len(), fingerprints(&before).len()), (2, 2));
    let (code, after) = folder.report(&[&SELECT[..], &["--baseline", "known.json"]].concat());
    assert_eq!((code, findings(&after, "open")), (0, Vec::new()));
    assert_eq!(findings(&after, "baseline").len(), 2);
    assert_eq!(fingerprints(&after), fingerprints(&before));
}

#[test]
fn fingerprints_are_unique_in_a_run() {
    let folder = Folder::with(&[("a.yaml", TABLE), ("b.yaml", TABLE), ("c/c.yaml", TABLE)]);
    let (_, report) = folder.report(&[]);
    assert_eq!(fingerprints(&report).len(), list(&report, "findings").len());
}

#[test]
fn a_baseline_that_is_none_is_an_error() {
    let folder = Folder::with(&[("stack.yaml", TABLE), ("known.json", "{\"version\": 1}")]);
    let ran = folder.scan(&["--baseline", "known.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("known.json"), "{}", ran.err);
    assert_eq!(folder.scan(&["--baseline", "absent.json"]).code, 2);
}
