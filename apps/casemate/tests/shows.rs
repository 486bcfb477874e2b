//! A fault is found wherever its value comes from, and the finding points there.

use serde_json::Value;

use crate::command::{findings, fixture, list, report_of, word};

/// Scans a fixture; the one finding of `rule` must be `expected`, in the words of [`findings`].
fn check(name: &str, rule: &str, expected: &str) -> Value {
    let (_, report) = report_of(&fixture(name), &["--select", rule]);
    assert_eq!(findings(&report, "open"), [expected], "{report:#}");
    assert_eq!(list(&report, "problems"), [] as [Value; 0]);
    list(&report, "findings")[0].clone()
}

/// The finding says where its value comes from.
fn check_origin(finding: &Value, file: &str, line: u32) {
    let place = &list(finding, "labels")[0]["location"];
    assert_eq!((word(&place["file"]), &place["line"]), (file, &line.into()), "{finding:#}");
}

#[test]
fn a_nested_stack_gets_its_bad_value_from_the_parent() {
    let finding = check(
        "nested-stack",
        "public-function-url",
        "public-function-url orders/template.yaml:21 Take",
    );
    check_origin(&finding, "template.yaml", 7);
}

#[test]
fn the_false_branch_of_an_if() {
    let finding =
        check("false-branch", "public-function-url", "public-function-url template.yaml:17 Take");
    assert_eq!(finding["conditions"], serde_json::json!(["`IsProduction` is false"]));
}

#[test]
fn a_terraform_module_under_for_each() {
    let finding = check(
        "for-each-module",
        "retired-runtime",
        "retired-runtime worker/main.tf:11 module.worker[\"images\"].aws_lambda_function.this",
    );
    check_origin(&finding, "main.tf", 3);
}

#[test]
fn a_serverless_variable_from_a_file() {
    let finding =
        check("variable-from-file", "retired-runtime", "retired-runtime serverless.yml:5 take");
    check_origin(&finding, "config/runtime.yml", 2);
}

#[test]
fn a_cdk_output() {
    let finding = check(
        "cdk-output",
        "public-bucket",
        "public-bucket cdk.out/Shop.template.json:6 ImagesF5A13B80",
    );
    assert_eq!(word(&finding["construct"]), "Shop/Images");
}
