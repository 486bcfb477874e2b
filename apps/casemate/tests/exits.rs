//! Exit codes: the same in every format, and never 0 where something was lost.

use crate::command::Folder;

const FORMATS: [&str; 7] = ["text", "json", "sarif", "junit", "gitlab", "markdown", "html"];

const CLEAN: &str = "Resources:\n  Any: {Type: 'AWS::New::Thing'}\n";

const LOW: &str = "Resources:\n  Orders: {Type: 'AWS::DynamoDB::Table', Properties: {BillingMode: PAY_PER_REQUEST}}\n";

const HIGH: &str = "Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Take.Arn, AuthType: NONE}
  Take:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.7, Handler: a.b, Code: {ZipFile: ''}, Role: 'arn:aws:iam::111122223333:role/take'}
";

const BROKEN: &str = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: [\n";

/// A value that a rule needs and nobody knows.
const UNKNOWN: &str = "Parameters:
  Runtime: {Type: String}
Resources:
  Take:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: !Ref Runtime
      Handler: a.b
      Code: {ZipFile: ''}
      Role: arn:aws:iam::111122223333:role/take
";

/// Every format answers with `code`.
fn check(files: &[(&str, &str)], arguments: &[&str], code: i32) {
    let folder = Folder::with(files);
    for format in FORMATS {
        let ran = folder.scan(&[&["--format", format], arguments].concat());
        assert_eq!(ran.code, code, "{format} of {arguments:?}: {}{}", ran.out, ran.err);
        assert_eq!(ran.out.is_empty(), code == 2, "{format} of {arguments:?}");
    }
}

#[test]
fn clean_is_0() {
    check(&[("t.yaml", CLEAN)], &[], 0);
    check(&[("t.yaml", LOW)], &[], 0);
    check(&[("notes.txt", "nothing here")], &[], 0);
}

#[test]
fn findings_are_1_from_the_threshold_on() {
    check(&[("t.yaml", HIGH)], &[], 1);
    check(&[("t.yaml", LOW)], &["--fail-on", "info"], 1);
    check(&[("t.yaml", HIGH)], &["--fail-on", "none"], 0);
    let threshold = ["--select", "public-function-url", "--fail-on"];
    check(&[("t.yaml", HIGH)], &[&threshold[..], &["critical"]].concat(), 0);
    check(&[("t.yaml", HIGH)], &[&threshold[..], &["high"]].concat(), 1);
    check(&[("t.yaml", HIGH)], &[&threshold[..], &["low"]].concat(), 1);
}

#[test]
fn usage_is_2() {
    check(&[("t.yaml", HIGH)], &["--fail-on", "awful"], 2);
    check(&[("t.yaml", HIGH)], &["--select", "no-such-rule"], 2);
    check(&[("t.yaml", HIGH)], &["no/such/folder"], 2);
    check(&[("t.yaml", HIGH), ("casemate.toml", "fail-on = 7\n")], &[], 2);
    check(&[("t.yaml", HIGH), ("casemate.toml", "no-such-key = 7\n")], &[], 2);
    check(&[("t.yaml", HIGH)], &["--no-such-flag"], 2);
    check(&[("t.yaml", HIGH)], &["--today", "yesterday"], 2);
    check(&[("t.yaml", HIGH)], &["--output", "no/such/folder/report"], 2);
}

#[test]
fn an_incomplete_analysis_is_3() {
    check(&[("t.yaml", BROKEN)], &[], 3);
    check(&[("t.yaml", BROKEN)], &["--fail-on", "none"], 3);
    check(&[("t.yaml", BROKEN)], &["--allow-incomplete"], 0);
    check(&[("t.yaml", BROKEN), ("u.yaml", CLEAN)], &[], 3);
    check(&[("main.bicep", "param a string\n")], &[], 3);
    check(&[("main.bicep", "param a string\n")], &["--allow-incomplete"], 0);
    check(&[("t.yaml", BROKEN), ("casemate.toml", "allow-incomplete = true\n")], &[], 0);
}

#[test]
fn findings_come_before_incompleteness() {
    check(&[("a.yaml", BROKEN), ("t.yaml", HIGH), ("z.yaml", BROKEN)], &[], 1);
}

#[test]
fn strict_counts_unknown_values() {
    let rule = ["--select", "retired-runtime"];
    check(&[("t.yaml", UNKNOWN)], &rule, 0);
    check(&[("t.yaml", UNKNOWN)], &[&rule[..], &["--strict"]].concat(), 3);
    check(&[("t.yaml", UNKNOWN), ("casemate.toml", "strict = true\n")], &rule, 3);
    let given = ["--strict", "--parameters", "Runtime=python3.13"];
    check(&[("t.yaml", UNKNOWN)], &[&rule[..], &given].concat(), 0);
}

#[test]
fn the_report_is_written_whole_or_not_at_all() {
    let folder = Folder::with(&[("t.yaml", HIGH)]);
    let ran = folder.scan(&["--format", "json", "--output", "report.json"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""));
    let report: serde_json::Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    assert_eq!(report["exit"]["code"], 1);
    let names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    // A run that fails leaves the last report as it was.
    let before = folder.read("report.json");
    assert_eq!(folder.scan(&["--output", "report.json", "--select", "no-such-rule"]).code, 2);
    assert_eq!(folder.read("report.json"), before);
}

#[cfg(unix)]
#[test]
fn a_report_goes_through_links_and_into_pipes() {
    let folder = Folder::with(&[("t.yaml", HIGH), ("kept/report.json", "")]);
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("kept/report.json", &link).unwrap();
    folder.scan(&["--format", "json", "--output", "link.json"]);
    assert!(link.is_symlink());
    assert!(folder.read("kept/report.json").starts_with('{'));

    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    folder.scan(&["--format", "json", "--output", "pipe"]);
    assert!(reader.join().unwrap().starts_with('{'));
    assert!(!std::fs::metadata(&pipe).unwrap().is_file(), "the pipe was replaced");
}

#[test]
fn a_graph_that_is_incomplete_is_3_and_one_with_findings_0() {
    for (text, code) in [(CLEAN, 0), (HIGH, 0), (BROKEN, 3)] {
        let folder = Folder::with(&[("t.yaml", text)]);
        for format in ["svg", "dot", "mermaid", "json"] {
            let ran = folder.run(&["graph", ".", "--format", format]);
            assert_eq!(ran.code, code, "{format} of {text}: {}", ran.err);
            assert!(!ran.out.is_empty());
        }
    }
}

#[test]
fn other_commands() {
    let folder = Folder::new();
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["scan", "--help"],
        &["rules"],
        &["rules", "--format", "json"],
        &["rules", "--format", "markdown"],
        &["explain", "public-bucket"],
        &["init", "--ci", "github"],
        &["init", "--ci", "gitlab"],
        &["init", "--ci", "pre-commit"],
        &["completions", "bash"],
        &["man"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        assert!(!ran.out.is_empty(), "{arguments:?}");
    }
    for arguments in [&["explain", "public-buckets"][..], &["explain"], &["no-such-command"], &[]] {
        assert_eq!(folder.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn init_writes_a_configuration_that_scan_takes_and_never_overwrites_one() {
    let folder = Folder::with(&[("t.yaml", CLEAN)]);
    assert_eq!(folder.run(&["init"]).code, 0);
    assert_eq!(folder.scan(&[]).code, 0);
    folder.write("casemate.toml", "strict = true\n");
    assert_eq!(folder.run(&["init"]).code, 2);
    assert_eq!(folder.read("casemate.toml"), "strict = true\n");
}
