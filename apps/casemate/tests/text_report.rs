//! The report at a terminal.

use serde_json::Value;

use crate::command::{Folder, TODAY, run, sample};

const TEMPLATE: &str = "Parameters:
  Stage: {Type: String, Default: production}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
Resources:
  Images:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
      AccessControl: !If [IsProduction, Private, PublicRead]
      PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
      Policies:
        - PolicyName: images
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 's3:*', Resource: !Sub '${Images.Arn}/*'}
  Shrink:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Code: {ZipFile: ''}, Role: !GetAtt Role.Arn, Timeout: 10}
  Show:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.8, Handler: a.b, Code: {ZipFile: ''}, Role: !GetAtt Role.Arn, Timeout: 10}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Show.Arn, AuthType: NONE}
";

const SELECT: [&str; 2] = [
    "--select",
    "public-bucket,wildcard-actions,shared-role,retired-runtime,public-function-url,default-memory",
];

#[test]
fn one_small_template() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE)]);
    insta::assert_snapshot!(folder.scan(&SELECT).out);
}

#[test]
fn nothing_to_say() {
    let folder = Folder::with(&[("template.yaml", "Resources:\n  A: {Type: 'AWS::New::Thing'}\n")]);
    insta::assert_snapshot!(folder.scan(&[]).out);
}

#[test]
fn a_folder_without_templates_is_said_to_be_one() {
    let folder = Folder::with(&[("readme.txt", "nothing here")]);
    insta::assert_snapshot!(folder.scan(&[]).out);
}

/// Blocks of a report: severity first, then indented lines.
fn blocks(report: &str) -> Vec<Vec<&str>> {
    let blocks = report.split("\n\n").map(|block| block.lines().collect::<Vec<_>>());
    blocks.filter(|block| block.iter().skip(1).all(|line| line.starts_with("  "))).collect()
}

#[test]
fn a_block_has_at_most_8_lines_and_the_worst_is_last() {
    let ran = run(&sample("webshop"), &["scan", ".", "--today", TODAY], &[]);
    let blocks = blocks(&ran.out);
    assert!(blocks.len() >= 15, "{}", blocks.len());
    let order = ["info", "low", "medium", "high", "critical"];
    let mut before = 0;
    for block in &blocks {
        assert!(block.len() <= 8, "{block:#?}");
        let severity = block[0].split(' ').next().unwrap();
        let rank = order.iter().position(|it| *it == severity).unwrap();
        assert!(rank >= before, "{severity} after {}", order[before]);
        before = rank;
        let is_excerpt = |line: &&&str| {
            let line = line.trim_start();
            let number = line.split(" | ").next().unwrap();
            number.parse::<u32>().is_ok()
                || (line.starts_with('^') && line.trim_matches('^').is_empty())
        };
        assert!(block.iter().filter(is_excerpt).count() <= 5, "{block:#?}");
        assert!(block.iter().all(|line| line.chars().count() <= 240), "{block:#?}");
    }
}

#[test]
fn the_caret_stands_on_the_token() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE)]);
    let ran = folder.scan(&["--select", "wildcard-actions"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    let caret = lines.iter().position(|line| line.trim_start().starts_with('^')).unwrap();
    let start = lines[caret].find('^').unwrap();
    let end = lines[caret].len();
    assert_eq!(lines[caret - 1][start..end].trim_matches('\''), "s3:*", "{}", ran.out);
}

#[test]
fn the_last_lines_say_what_counts_and_what_next() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE)]);
    let ran = folder.scan(&SELECT);
    let lines: Vec<&str> = ran.out.lines().rev().take(4).collect();
    assert!(lines[3].contains(" findings: ") && lines[3].contains(" functions and 1 template"));
    for word in ["suppressed", "fixable", "unknown", "not read"] {
        assert!(lines[2].contains(word), "{}", lines[2]);
    }
    assert!(lines[1].starts_with("exit 1: "), "{}", lines[1]);
    let next = lines[0].strip_prefix("next: casemate ").unwrap();
    let next: Vec<&str> = next.split(' ').collect();
    assert_eq!(folder.run(&next).code, 0);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE)]);
    let coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let all = [&["scan", ".", "--today", TODAY], arguments].concat();
        run(folder.path(), &all, environment).out.contains('\u{1b}')
    };
    // The tests' output is a pipe.
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(!coloured(&["--color", "never"], &[]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "auto"], &[("NO_COLOR", "1"), ("TERM", "xterm")]));
}

#[test]
fn what_a_template_says_cannot_steer_the_terminal() {
    // A name with an escape sequence, a line end, a bell and a turn of the direction of writing.
    let name = r#""T\e[31m\r\nake\a\u202E""#;
    let hostile = format!(
        "Resources:\n  {name}:\n    Type: AWS::Lambda::Function\n    \
         Properties: {{Runtime: python3.7, Handler: a.b, Code: {{ZipFile: ''}}, Role: !Ref {name}}}\n"
    );
    let folder = Folder::with(&[("template.yaml", hostile)]);
    let ran = folder.scan(&[]);
    assert!(ran.out.contains("retired-runtime"), "{}", ran.out);
    let steers = |letter: &char| letter.is_control() && *letter != '\n' || *letter == '\u{202E}';
    assert_eq!(ran.out.chars().filter(steers).collect::<Vec<_>>(), [], "{}", ran.out);
    assert!(!ran.out.lines().any(|line| line.starts_with("ake")), "{}", ran.out);
}

#[test]
fn two_runs_say_the_same() {
    let scan = |format| {
        run(&sample("webshop"), &["scan", ".", "--today", TODAY, "--format", format], &[]).out
    };
    for format in ["text", "json", "sarif", "junit", "markdown", "html"] {
        assert_eq!(scan(format), scan(format), "{format}");
    }
    let _: Value = serde_json::from_str(&scan("json")).unwrap();
}
