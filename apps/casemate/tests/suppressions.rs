//! Suppressions: a reason is needed, other tools' are understood, unused ones are reported.

use crate::command::{Folder, findings, list, problems, word};

const URL: &str = "public-function-url";

/// A template with a public function URL; `@1` to `@4` are filled from `marks`.
fn template(marks: &[(&str, &str)]) -> String {
    let mut text = "Resources:
  Take:@function
    Type: AWS::Lambda::Function@metadata
    Properties: {Runtime: python3.13, Handler: a.b, Code: {ZipFile: ''}, Role: 'arn:aws:iam::111122223333:role/take'}
  Url:@url
    Type: AWS::Lambda::Url@urlmetadata
    Properties:
      TargetFunctionArn: !GetAtt Take.Arn@above
      AuthType: NONE@line
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Take, Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: NONE}
"
    .to_owned();
    for (mark, said) in marks {
        text = text.replacen(&format!("@{mark}"), said, 1);
    }
    for mark in ["@function", "@metadata", "@urlmetadata", "@url", "@above", "@line"] {
        text = text.replacen(mark, "", 1);
    }
    text
}

/// Scans the template with `casemate.toml`; expects that the URL's finding is suppressed with a
/// reason of that kind (or stays open: `None`), and these problems.
fn check(marks: &[(&str, &str)], toml: &str, kind: Option<(&str, &str)>, expected: &[&str]) {
    let folder = Folder::with(&[("t.yaml", template(marks)), ("casemate.toml", toml.to_owned())]);
    let (code, report) = folder.report(&["--select", URL]);
    let status = if kind.is_some() { "suppressed" } else { "open" };
    assert_eq!(findings(&report, status).len(), 1, "{report:#}");
    let finding = &list(&report, "findings")[0];
    if let Some((kind, reason)) = kind {
        let suppression = &finding["suppression"];
        assert_eq!((word(&suppression["kind"]), word(&suppression["reason"])), (kind, reason));
    }
    assert_eq!(code, i32::from(kind.is_none()));
    assert_eq!(problems(&report), expected);
}

#[test]
fn a_comment_with_a_reason() {
    let reason = Some(("comment", "checks signatures"));
    let comment = format!("casemate: allow({URL}) checks signatures");
    check(&[("line", &format!(" # {comment}"))], "", reason, &[]);
    check(&[("above", &format!("\n      # {comment}"))], "", reason, &[]);
    check(&[("function", &format!(" # {comment}"))], "", reason, &[]);
    let several = format!(" # casemate: allow(public-bucket, {URL}): checks signatures");
    check(&[("line", &several)], "", reason, &[]);
}

#[test]
fn a_comment_without_a_reason_does_not_count() {
    let note = "t.yaml:9 a suppression without a reason does not count";
    for reason in ["", " ", " -", ":"] {
        let comment = format!(" # casemate: allow({URL}){reason}");
        check(&[("line", &comment)], "", None, &[note]);
    }
}

#[test]
fn a_comment_that_is_none() {
    check(
        &[("line", " # casemate: ignore")],
        "",
        None,
        &["t.yaml:9 a casemate comment that allows nothing"],
    );
    check(
        &[("line", &format!(" # casemate: allow({URL} why"))],
        "",
        None,
        &["t.yaml:9 `allow(` without its `)`"],
    );
}

#[test]
fn an_unused_suppression_is_reported() {
    let comment = format!("\n      # casemate: allow({URL}) no longer\n      MemorySize: 1");
    check(
        &[("line", &format!(" # casemate: allow({URL}) still")), ("above", &comment)],
        "",
        Some(("comment", "still")),
        &[&format!("t.yaml:9 allowing `{URL}` here suppresses nothing")],
    );
    let toml = format!("[[allow]]\nrule = '{URL}'\nname = 'Other'\nreason = 'old'\n");
    check(&[], &toml, None, &[&format!("casemate.toml allowing `{URL}` here suppresses nothing")]);
}

#[test]
fn a_rule_that_was_not_asked_leaves_no_suppression_unused() {
    let comment = " # casemate: allow(default-memory) small";
    check(&[("line", comment)], "", None, &[]);
    let toml = "[[allow]]\nrule = 'default-memory'\nreason = 'small'\n";
    check(&[], toml, None, &[]);
}

#[test]
fn metadata() {
    let ours = |reason: &str| {
        format!("\n    Metadata: {{casemate: {{allow: [{{rule: {URL}{reason}}}]}}}}")
    };
    let reason = Some(("metadata", "checks signatures"));
    check(&[("metadata", &ours(", reason: checks signatures"))], "", reason, &[]);
    let note = "t.yaml:4 a suppression without a reason does not count";
    check(&[("metadata", &ours(""))], "", None, &[note]);
}

#[test]
fn the_configuration_file() {
    let allow = |more: &str| format!("[[allow]]\nrule = '{URL}'\n{more}reason = 'a webhook'\n");
    let reason = Some(("configuration", "a webhook"));
    check(&[], &allow(""), reason, &[]);
    check(&[], &allow("name = 'Take'\n"), reason, &[]);
    check(&[], &allow("path = '*.yaml'\n"), reason, &[]);
    check(&[], &allow("path = 't.yaml'\nname = 'Take'\n"), reason, &[]);
    let unused = format!("casemate.toml allowing `{URL}` here suppresses nothing");
    check(&[], &allow("path = 'other/**'\n"), None, &[&unused]);
}

#[test]
fn a_configured_suppression_needs_a_reason_and_a_rule_that_exists() {
    for toml in [
        "[[allow]]\nrule = 'public-function-url'\n",
        "[[allow]]\nrule = 'public-function-url'\nreason = ' '\n",
        "[[allow]]\nrule = 'public-function-uri'\nreason = 'why'\n",
    ] {
        let folder = Folder::with(&[("t.yaml", template(&[])), ("casemate.toml", toml.to_owned())]);
        let ran = folder.scan(&[]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{toml}");
        assert!(ran.err.contains("casemate.toml"), "{}", ran.err);
    }
}

#[test]
fn suppressions_of_other_tools() {
    let reason = Some(("comment", "a webhook"));
    check(&[("url", "\n    # checkov:skip=CKV_AWS_258:a webhook")], "", reason, &[]);
    check(&[("function", "\n    # checkov:skip=CKV_AWS_258:a webhook")], "", reason, &[]);
    check(&[("url", "\n    # checkov:skip=CKV_AWS_1:a webhook")], "", None, &[]);
    let metadata = "\n    Metadata: {checkov: {skip: [{id: CKV_AWS_258, comment: a webhook}]}}";
    let reason = Some(("metadata", "a webhook"));
    check(&[("metadata", metadata)], "", reason, &[]);
}

#[test]
fn suppressions_of_cdk_nag() {
    let bucket = "Resources:
  Images:
    Type: AWS::S3::Bucket
    Metadata: {cdk_nag: {rules_to_suppress: [{id: AwsSolutions-S2, reason: a web site}]}}
    Properties: {AccessControl: PublicRead, PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}}
";
    let folder = Folder::with(&[("t.yaml", bucket)]);
    let (code, report) = folder.report(&["--select", "public-bucket"]);
    assert_eq!((code, findings(&report, "suppressed").len()), (0, 1), "{report:#}");
}

#[test]
fn what_is_suppressed_shows_in_every_format_that_can_say_it() {
    let comment = format!(" # casemate: allow({URL}) checks signatures");
    let folder = Folder::with(&[("t.yaml", template(&[("line", &comment)]))]);
    for (format, word) in [
        ("text", "1 suppressed"),
        ("sarif", "inSource"),
        ("junit", "skipped"),
        ("json", "checks signatures"),
    ] {
        let ran = folder.scan(&["--select", URL, "--format", format]);
        assert!(ran.code == 0 && ran.out.contains(word), "{format}: {}", ran.out);
    }
}
