//! Which applications a folder holds.

use casemate_templates::{Files, Options, read};

const QUEUE: &str = "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n";

/// `name root framework` of each application, then `path: what` of what is not read.
fn check(files: &[(&str, &str)], expected: &[&str], expected_not_read: &[&str]) {
    let files = Files::memory(files.iter().copied());
    let reading = read(&files, &Options::default());
    let shown: Vec<String> = reading
        .applications
        .iter()
        .map(|it| format!("{} {} {}", it.name, it.root, it.framework.as_str()))
        .collect();
    assert_eq!(shown, expected);
    let not_read: Vec<String> =
        reading.not_read.iter().map(|it| format!("{}: {}", it.path, it.what)).collect();
    assert_eq!(not_read, expected_not_read);
}

#[test]
fn applications_are_named_by_configuration_folder_or_file() {
    check(
        &[
            ("a/template.yaml", QUEUE),
            ("b/one.yaml", QUEUE),
            ("b/two.yaml", "Resources:\n  F: {Type: 'AWS::Serverless::Function'}\n"),
            ("c/template.yaml", QUEUE),
            ("c/samconfig.toml", "[default.global.parameters]\nstack_name = \"shop\"\n"),
            ("d/data.yaml", "Resources: none\nuses: AWS::SQS::Queue Type\n"),
        ],
        &[
            "a a/template.yaml CloudFormation",
            "one b/one.yaml CloudFormation",
            "two b/two.yaml SAM",
            "shop c/template.yaml CloudFormation",
        ],
        &[],
    );
}

#[test]
fn a_nested_template_is_no_application_of_its_own() {
    check(
        &[
            (
                "a/main.yaml",
                "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: sub/x.yaml}}\n",
            ),
            ("a/sub/x.yaml", QUEUE),
            (
                "c/1.yaml",
                "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 2.yaml}}\n",
            ),
            (
                "c/2.yaml",
                "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 1.yaml}}\n",
            ),
        ],
        &["a a/main.yaml CloudFormation", "c c/1.yaml CloudFormation"],
        &[],
    );
}

#[test]
fn a_stack_that_imports_from_another_is_one_application_with_it() {
    check(
        &[
            (
                "net/t.yaml",
                "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\nOutputs:\n  O: {Value: !GetAtt Q.Arn, Export: {Name: queue}}\n",
            ),
            (
                "app/t.yaml",
                "Resources:\n  Q: {Type: 'AWS::Test::Test', Properties: {V: !ImportValue queue}}\n",
            ),
            (
                "far/t.yaml",
                "Resources:\n  Q: {Type: 'AWS::Test::Test', Properties: {V: !ImportValue other}}\n",
            ),
        ],
        &["app + net app/t.yaml CloudFormation", "far far/t.yaml CloudFormation"],
        &[],
    );
}

#[test]
fn what_no_reader_reads_is_named_once_for_each_application() {
    check(
        &[
            ("az/host.json", "{\"version\": \"2.0\"}"),
            ("az/f/function.json", "{\"bindings\": []}"),
            ("az/g/function.json", "{\"bindings\": []}"),
            ("bicep/main.bicep", "param x string"),
            ("bicep/modules/x.bicep", ""),
            ("cdk/cdk.json", "{}"),
            ("sls/serverless.ts", ""),
        ],
        &[],
        &[
            "az/host.json: Azure Functions application",
            "bicep/main.bicep: Bicep file",
            "cdk/cdk.json: CDK application without `cdk.out`: run `cdk synth` and scan again",
            "sls/serverless.ts: Serverless Framework service in code: run `serverless print --format json > serverless.json` and scan again",
        ],
    );
}

#[test]
fn an_assembly_owns_what_lies_in_it() {
    check(
        &[
            ("cdk/cdk.json", "{}"),
            (
                "cdk/cdk.out/manifest.json",
                "{\"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\", \"properties\": {\"templateFile\": \"S.template.json\"}}}}",
            ),
            (
                "cdk/cdk.out/S.template.json",
                "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"}}}",
            ),
            ("cdk/cdk.out/asset.1/template.yaml", QUEUE),
        ],
        &["S cdk/cdk.out/manifest.json CDK"],
        &[],
    );
}

#[test]
fn an_assembly_of_stages_is_one_application() {
    let outer = r#"{"artifacts": {"assembly-Beta": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Beta"}}}}"#;
    let inner = r#"{"artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.template.json"}}}}"#;
    let template = r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}"#;
    check(
        &[
            ("shop/cdk.out/manifest.json", outer),
            ("shop/cdk.out/assembly-Beta/manifest.json", inner),
            ("shop/cdk.out/assembly-Beta/S.template.json", template),
        ],
        &["S shop/cdk.out/manifest.json CDK"],
        &[],
    );
}

#[test]
fn a_missing_file_is_told_once() {
    let text = "service: s
provider: { name: aws, runtime: python3.12, environment: { A: '${file(none.yml):a}', B: '${file(none.yml):b}' } }
functions: { a: { handler: h, environment: { C: '${file(none.yml):c}' } } }
";
    let reading = read(&Files::memory([("serverless.yml", text)]), &Options::default());
    let messages: Vec<&str> =
        reading.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["there is no file `none.yml`, which 3 places need"]);
}
