//! Whatever a folder holds: a clear problem at its place, the rest is read, and the answer is never
//! "clean" where something was lost.

use serde_json::Value;

use crate::command::{Folder, list, problems, word};

const GOOD: &str = "Resources:\n  Good: {Type: 'AWS::SQS::Queue'}\n";

/// Scans the files beside a good template, which must survive; exit code and problems.
fn scan<T: AsRef<[u8]>>(files: &[(&str, T)]) -> (i32, Vec<String>) {
    let folder = Folder::with(files);
    scan_folder(&folder)
}

fn scan_folder(folder: &Folder) -> (i32, Vec<String>) {
    folder.write("good/t.yaml", GOOD);
    let (code, report) = folder.report(&["--fail-on", "none"]);
    let names = |application: &Value| {
        list(application, "resources").iter().any(|resource| word(&resource["name"]) == "Good")
    };
    assert!(list(&report, "applications").iter().any(names), "the good one is lost: {report:#}");
    (code, problems(&report))
}

/// Something is lost: code 3 and a problem in that file with these words.
fn lost<T: AsRef<[u8]>>(file: &str, bytes: T, words: &str) {
    let (code, problems) = scan(&[(file, bytes)]);
    assert_eq!(code, 3, "{problems:?}");
    let found = problems.iter().any(|it| it.starts_with(file) && it.contains(words));
    assert!(found && problems.len() <= 20, "{problems:#?}");
}

/// Nothing is lost: code 0, and these notes.
fn kept<T: AsRef<[u8]>>(file: &str, bytes: T, notes: &[&str]) {
    let (code, problems) = scan(&[(file, bytes)]);
    assert_eq!((code, problems), (0, notes.iter().map(|&note| note.to_owned()).collect()));
}

#[test]
fn nothing_and_no_text() {
    for file in ["t.yaml", "t.json", "main.tf", "terraform.tfvars"] {
        kept(file, "", &[]);
        kept(file, "\n \n", &[]);
    }
    // A service of that name says at least what it is.
    kept("serverless.yml", "", &[]);
    let binary: Vec<u8> = (0..=255u8).cycle().take(5000).collect();
    kept("t.yaml", &binary, &[]);
    lost("main.tf", &binary, "UTF-8");
    lost("t.yaml", [b"AWSTemplateFormatVersion: x\n\0", &binary[..]].concat(), "UTF-8");
    lost("serverless.yml", [b"service: x\nprovider: \0", &binary[..]].concat(), "UTF-8");
}

#[test]
fn fifty_megabytes() {
    let padding = "# padding padding padding padding padding padding\n".repeat(1_100_000);
    lost("t.yaml", format!("AWSTemplateFormatVersion: '2010-09-09'\n{padding}"), "bytes");
    lost("main.tf", &padding, "bytes");
    lost("serverless.yml", format!("service: a\nprovider: aws\n{padding}"), "bytes");
}

#[test]
fn twenty_megabytes_of_one_line() {
    let line = "a".repeat(20 << 20);
    let (code, _) = scan(&[(
        "t.yaml",
        format!(
            "Resources:\n  A: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: {line}}}}}\n"
        ),
    )]);
    assert!(code == 0 || code == 3);
}

#[test]
fn an_alias_bomb() {
    let mut text = String::from("AWSTemplateFormatVersion: x\na: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    for (name, before) in ('b'..='p').zip('a'..) {
        text.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", ")));
    }
    text.push_str("Resources:\n  Q: {Type: 'AWS::SQS::Queue', Properties: {A: *p}}\n");
    lost("t.yaml", &text, "");
    let service = format!("service: bomb\nprovider: {{name: aws}}\n{text}");
    lost("serverless.yml", &service, "");
}

#[test]
fn ten_thousand_levels() {
    let depth = 10_000;
    let nested =
        |open: &str, close: &str| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let queue = |value: String| {
        format!("Resources:\n  Q: {{Type: 'AWS::SQS::Queue', Properties: {{A: {value}}}}}\n")
    };
    lost("t.yaml", queue(nested("[", "]")), "deep");
    lost("t.yaml", queue(nested("{a: ", "}")), "deep");
    lost("t.yaml", queue(nested("!Not [", "]")), "deep");
    let blocks = "- ".repeat(depth);
    lost(
        "t.yaml",
        format!("Resources:\n  Q: {{Type: 'AWS::SQS::Queue'}}\nOther:\n  {blocks}1\n"),
        "deep",
    );
    let json = |value: String| {
        format!(
            r#"{{"Resources": {{"Q": {{"Type": "AWS::SQS::Queue", "Properties": {{"A": {value}}}}}}}}}"#
        )
    };
    lost("t.json", json(nested("[", "]")), "deep");
    lost("t.json", json(nested(r#"{"a":"#, "}")), "deep");
    let function =
        |value: String| format!("resource \"aws_sqs_queue\" \"q\" {{\n  name = {value}\n}}\n");
    lost("main.tf", function(nested("[", "]")), "");
    lost("main.tf", function(nested("(", ")")), "");
    lost("main.tf", function(nested("{a=", "}")), "");
    lost("main.tf", function(nested("f(", ")")), "");
    lost("main.tf", function(nested("!", "")), "");
    lost("main.tf", function(nested("-", "")), "");
    lost("main.tf", function(nested("true ? 1 : ", "")), "");
    lost("main.tf", function(format!("\"{}\"", nested("${\"", "\"}"))), "");
    lost("main.tf", nested("a {\n", "\n}"), "");
    lost("main.tf", function(format!("a{}", "[0".repeat(depth) + &"]".repeat(depth))), "");
    lost("main.tf.json", json(nested("[", "]")), "deep");
    let variable =
        format!("service: a\nprovider: {{name: aws, runtime: '{}'}}\n", nested("${self:", "}"));
    lost("serverless.yml", variable, "");
}

#[test]
fn long_chains_of_operators() {
    let long = |operator: &str| {
        let value = vec!["1"; 20_000].join(operator);
        format!("resource \"aws_sqs_queue\" \"q\" {{\n  delay_seconds = {value}\n}}\n")
    };
    for operator in [" + ", " - ", " * ", " == ", " && ", " ? 1 : "] {
        let (code, problems) = scan(&[("main.tf", long(operator))]);
        assert!(code == 0 || code == 3, "{problems:?}");
    }
    let chain =
        format!("resource \"aws_sqs_queue\" \"q\" {{\n  name = a{}\n}}\n", ".b".repeat(20_000));
    let (code, _) = scan(&[("main.tf", chain)]);
    assert!(code == 0 || code == 3);
}

#[test]
fn duplicate_keys() {
    let text = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: 1\n      DelaySeconds: 2\n";
    kept("t.yaml", text, &["t.yaml:6 the key `DelaySeconds` is given twice; the last wins"]);
}

#[test]
fn tabs_and_quotes() {
    let tabs = "Resources:\n\tQ:\n\t\tType: AWS::SQS::Queue\n";
    let (code, problems) = scan(&[("t.yaml", tabs)]);
    assert!(!problems.is_empty(), "{code}");
    let quoted = "AWSTemplateFormatVersion: x\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: 'one\n  two'\n  R: {Type: 'AWS::SQS::Queue'}\n";
    let folder = Folder::with(&[("t.yaml", quoted)]);
    let (_, report) = folder.report(&["--fail-on", "none"]);
    let resources: Vec<&str> = list(&report, "applications")
        .iter()
        .flat_map(|application| list(application, "resources"))
        .map(|resource| word(&resource["name"]))
        .collect();
    assert_eq!(resources, ["Q", "R"], "{report:#}");
}

#[test]
fn resources_that_are_none() {
    lost("t.yaml", "AWSTemplateFormatVersion: x\nResources:\n", "`Resources` is empty");
    lost("t.json", r#"{"AWSTemplateFormatVersion": "x", "Resources": null}"#, "`Resources`");
    lost("t.yaml", "AWSTemplateFormatVersion: x\nResources: {A: null}\n", "`A` is empty");
    kept("t.yaml", "Resources:\n  A: {Type: 'AWS::New::Thing', Properties: {B: 1}}\n", &[]);
    kept("main.tf", "resource \"aws_new_thing\" \"a\" {\n  b = 1\n}\n", &[]);
    kept("main.tf", "resource \"other_new_thing\" \"a\" {\n  b = 1\n}\n", &[]);
}

#[test]
fn values_that_refer_to_themselves() {
    let template = "Resources:\n  A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref B}}\n  B: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref A}}\n";
    let (_, problems) = scan(&[("t.yaml", template)]);
    assert!(problems.iter().any(|problem| problem.contains("circle")), "{problems:?}");
    lost(
        "t.yaml",
        "Conditions:\n  A: !Not [!Condition A]\nResources:\n  Q: {Type: 'AWS::SQS::Queue', Condition: A}\n",
        "by itself",
    );
    let locals = "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.a\n}\n";
    let (code, problems) = scan(&[("main.tf", locals)]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    let service = "service: a\ncustom: {a: '${self:custom.b}', b: '${self:custom.a}'}\nprovider: {name: aws, runtime: '${self:custom.a}'}\nfunctions: {f: {handler: a.b}}\n";
    let (code, problems) = scan(&[("serverless.yml", service)]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
}

#[test]
fn files_that_nest_one_another() {
    let nest = |other: &str| {
        format!(
            "Resources:\n  Other: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {other}}}}}\n  Q: {{Type: 'AWS::SQS::Queue'}}\n"
        )
    };
    let (code, problems) = scan(&[("a.yaml", nest("b.yaml")), ("b.yaml", nest("a.yaml"))]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    let (code, problems) = scan(&[("a.yaml", nest("a.yaml"))]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    let module = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let (code, problems) = scan(&[
        ("main.tf", module("./a")),
        ("a/main.tf", module("../b")),
        ("b/main.tf", module("../a")),
    ]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    let (code, problems) = scan(&[("main.tf", module("./"))]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    // Two modules that call each other are the root of nothing.
    let (code, problems) = scan(&[("a/main.tf", module("../b")), ("b/main.tf", module("../a"))]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    let service = "service: a\nprovider: {name: aws}\ncustom: ${file(serverless.yml)}\nfunctions: {f: {handler: a.b, runtime: '${self:custom.custom.custom.x}'}}\n";
    let (code, problems) = scan(&[("serverless.yml", service)]);
    assert!(code == 0 || code == 3, "{problems:?}");
}

#[test]
fn stacks_that_multiply() {
    let twice = |other: &str| {
        format!(
            "Resources:\n  A: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {other}}}}}\n  B: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {other}}}}}\n"
        )
    };
    let mut files: Vec<(String, String)> = (0..30)
        .map(|level| (format!("t{level}.yaml"), twice(&format!("t{}.yaml", level + 1))))
        .collect();
    files.push(("t30.yaml".to_owned(), GOOD.to_owned()));
    let files: Vec<(&str, &String)> =
        files.iter().map(|(path, text)| (path.as_str(), text)).collect();
    let (code, problems) = scan(&files);
    assert!(
        code == 3 && !problems.is_empty() && problems.len() < 1000,
        "{code} {}",
        problems.len()
    );
    let twice = |other: &str| {
        format!(
            "module \"a\" {{\n  source = \"{other}\"\n}}\nmodule \"b\" {{\n  source = \"{other}\"\n}}\n"
        )
    };
    let mut files: Vec<(String, String)> = (1..30)
        .map(|level| (format!("m{level}/main.tf"), twice(&format!("../m{}", level + 1))))
        .collect();
    files.push(("main.tf".to_owned(), twice("./m1")));
    files.push(("m30/main.tf".to_owned(), "resource \"aws_sqs_queue\" \"q\" {}\n".to_owned()));
    let files: Vec<(&str, &String)> =
        files.iter().map(|(path, text)| (path.as_str(), text)).collect();
    let (code, problems) = scan(&files);
    assert!(
        code == 3 && !problems.is_empty() && problems.len() < 1000,
        "{code} {}",
        problems.len()
    );
}

#[test]
fn counts_without_end() {
    let many = "resource \"aws_sqs_queue\" \"q\" {\n  count = 1000000000\n}\n";
    let (code, problems) = scan(&[("main.tf", many)]);
    assert!(code == 3 && !problems.is_empty(), "{code} {problems:?}");
    let range = "locals {\n  a = range(1000000000)\n  b = [for i in range(100000): [for j in range(100000): [for k in range(100000): k]]]\n}\nresource \"aws_sqs_queue\" \"q\" {\n  for_each = toset(local.b)\n  name = join(\",\", local.a)\n}\n";
    let (code, problems) = scan(&[("main.tf", range)]);
    assert!(code == 0 || code == 3, "{problems:?}");
    let doubling: String = (1..60)
        .map(|n| format!("  a{n} = \"${{local.a{}}}${{local.a{}}}\"\n", n - 1, n - 1))
        .collect();
    let doubling = format!(
        "locals {{\n  a0 = \"aaaaaaaaaa\"\n{doubling}}}\nresource \"aws_sqs_queue\" \"q\" {{\n  name = local.a59\n}}\n"
    );
    let (code, problems) = scan(&[("main.tf", doubling.as_str())]);
    assert!(code == 0 || code == 3, "{problems:?}");
    // With something unknown in between, so that no literal gets long.
    let doubling = doubling.replace("}${", "}${var.unknown}${");
    let (code, problems) = scan(&[("main.tf", format!("variable \"unknown\" {{}}\n{doubling}"))]);
    assert!(code == 0 || code == 3, "{problems:?}");
    let doubling: String = (1..40)
        .map(|n| format!("  a{n}: '${{self:custom.a{}}}${{self:custom.a{}}}'\n", n - 1, n - 1))
        .collect();
    let service = format!(
        "service: a\ncustom:\n  a0: aaaaaaaaaa\n{doubling}provider: {{name: aws, runtime: '${{self:custom.a39}}'}}\nfunctions: {{f: {{handler: a.b}}}}\n"
    );
    let (code, problems) = scan(&[("serverless.yml", service)]);
    assert!(code == 0 || code == 3, "{problems:?}");
    let list = |from: &str| format!("!Split [',', !Join [',', [{}]]]", [from; 10].join(", "));
    let each = "Transform: AWS::LanguageExtensions\nResources:\n".to_owned()
        + &(0..8).map(|level| format!("{}'Fn::ForEach::L{level}':\n{0}  - V{level}\n{0}  - [a, b, c, d, e, f, g, h, i, j]\n{0}  -\n", "  ".repeat(level * 2 + 1))).collect::<String>()
        + &format!("{}'Q${{V0}}${{V7}}': {{Type: 'AWS::SQS::Queue', Properties: {{A: {}}}}}\n", "  ".repeat(17), list("a"));
    let (code, problems) = scan(&[("t.yaml", each)]);
    assert!(code == 0 || code == 3, "{problems:?}");
}

#[test]
fn conditions_that_multiply() {
    let conditions: String = (0..30).map(|n| format!("  C{n}: !Equals [!Ref P{n}, a]\n")).collect();
    let parameters: String = (0..30).map(|n| format!("  P{n}: {{Type: String}}\n")).collect();
    let parts: String = (0..30).map(|n| format!("            - !If [C{n}, a, b]\n")).collect();
    let text = format!(
        "Parameters:\n{parameters}Conditions:\n{conditions}Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName:\n        Fn::Join:\n          - ''\n          -\n{parts}"
    );
    let (code, problems) = scan(&[("t.yaml", text)]);
    assert!(code == 0 || code == 3, "{problems:?}");
}

#[test]
fn files_outside_the_folder() {
    let folder = Folder::new();
    folder.write("secret.txt", "hunter2");
    folder.write(
        "app/main.tf",
        "resource \"aws_sqs_queue\" \"q\" {\n  name = file(\"../secret.txt\")\n}\n",
    );
    folder.write("app/serverless.yml", "service: a\nprovider: {name: aws}\nfunctions: {f: {handler: a.b, environment: {A: '${file(../secret.txt)}'}}}\n");
    folder.write("app/t.yaml", "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ../outside.yaml}}\n");
    folder.write("outside.yaml", GOOD);
    folder.write("app/n/main.tf", "module \"m\" {\n  source = \"../../outside\"\n}\n");
    let ran = folder.run(&["scan", "app", "--format", "json", "--fail-on", "none"]);
    assert!(!ran.out.contains("hunter2"), "{}", ran.out);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.code, 3, "{report:#}");
    let problems = problems(&report);
    for file in ["app/main.tf", "app/serverless.yml", "app/t.yaml", "app/n/main.tf"] {
        assert!(problems.iter().any(|it| it.starts_with(file)), "{file}: {problems:#?}");
    }
}

#[cfg(unix)]
#[test]
fn symbolic_links() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    folder.write("secret/t.yaml", "Resources:\n  Secret: {Type: 'AWS::SQS::Queue'}\n");
    let app = folder.path().join("app");
    std::fs::create_dir(&app).unwrap();
    symlink("..", app.join("loop")).unwrap();
    symlink("itself", app.join("itself")).unwrap();
    symlink("itself.yaml", app.join("itself.yaml")).unwrap();
    symlink("../secret/t.yaml", app.join("link.yaml")).unwrap();
    symlink("../secret", app.join("folder")).unwrap();
    symlink("absent.yaml", app.join("absent-link.yaml")).unwrap();
    folder.write("app/t.yaml", GOOD);
    let ran = folder.run(&["scan", "app", "--format", "json", "--fail-on", "none"]);
    assert!(!ran.out.contains("Secret"), "{}", ran.out);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let problems = problems(&report);
    for link in ["app/loop", "app/folder", "app/link.yaml"] {
        assert!(problems.iter().any(|it| it.contains(link)), "{link}: {problems:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = Folder::new();
    for name in ["pipe.yaml", "main.tf", "serverless.yml"] {
        let made = std::process::Command::new("mkfifo").arg(folder.path().join(name)).status();
        assert!(made.unwrap().success());
    }
    folder.write("service/serverless.yml", "service: a\nprovider: {name: aws, runtime: '${file(../pipe.yaml)}'}\nfunctions: {f: {handler: a.b}}\n");
    let (code, _) = scan_folder(&folder);
    assert!(code == 0 || code == 3);
}

#[test]
fn wrongly_encoded_text() {
    lost("t.yaml", b"Resources:\n  # caf\xe9\n  A: {Type: 'AWS::SQS::Queue'}\n", "UTF-8");
    lost("main.tf", b"# caf\xe9\nresource \"aws_sqs_queue\" \"q\" {}\n", "UTF-8");
    lost("serverless.yml", b"service: caf\xe9\nprovider: {name: aws}\n", "UTF-8");
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark() {
    for text in [GOOD.replace('\n', "\r\n"), format!("\u{feff}{GOOD}")] {
        kept("t.yaml", &text, &[]);
    }
    kept("main.tf", "\u{feff}resource \"aws_sqs_queue\" \"q\" {\r\n  name = \"a\"\r\n}\r\n", &[]);
    kept(
        "t.json",
        "\u{feff}{\"Resources\": {\r\n \"Q\": {\"Type\": \"AWS::SQS::Queue\"}}}\r\n",
        &[],
    );
    let service = "service: a\r\nprovider:\r\n  name: aws\r\n  runtime: python3.13\r\nfunctions:\r\n  f:\r\n    handler: a.b\r\n";
    kept("serverless.yml", service, &[]);
}

#[test]
fn broken_syntax_in_every_format() {
    lost("t.yaml", "AWSTemplateFormatVersion: x\nResources:\n  A: [\n", "");
    lost("t.json", "{\"AWSTemplateFormatVersion\": \"x\", \"Resources\": {\"A\": ", "");
    lost("main.tf", "resource \"aws_sqs_queue\" \"q\" {\n  name =\n}\n", "");
    lost("main.tf.json", "{\"resource\": ", "");
    lost("serverless.yml", "service: a\nprovider: [\n", "");
    lost("plan.json", "{\"terraform_version\": \"1\", \"planned_values\": ", "");
    lost(
        "cdk.out/manifest.json",
        "{\"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\", ",
        "",
    );
    let module = ("main.tf", "resource \"aws_sqs_queue\" \"q\" {}\n");
    let (code, problems) = scan(&[("terraform.tfvars", "a = \n"), module]);
    assert_eq!((code, problems.len()), (3, 1), "{problems:?}");
}

#[test]
fn one_bad_file_of_a_module_leaves_the_others() {
    let folder = Folder::with(&[
        ("bad.tf", "resource \"aws_sqs_queue\" \"bad\" {\n  name =\n}\n"),
        ("main.tf", "resource \"aws_sqs_queue\" \"kept\" {}\n"),
    ]);
    let (code, report) = folder.report(&["--fail-on", "none"]);
    assert_eq!(code, 3);
    assert!(
        report.to_string().contains("aws_sqs_queue.kept")
            || report.to_string().contains("\"kept\""),
        "{report:#}"
    );
}
