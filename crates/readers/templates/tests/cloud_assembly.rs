//! Synthesised CDK applications.

use casemate_templates::{Files, Options, cdk};

use crate::rendered;

#[test]
fn stacks_of_an_assembly_are_one_application() {
    let manifest = r#"{"version": "36.0.0", "artifacts": {
      "One": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "One.template.json"}},
      "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
      "assembly-Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}}
    }}"#;
    let inner = r#"{"version": "36.0.0", "artifacts": {
      "Two": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Two.template.json", "stackName": "Stage-Two"}}
    }}"#;
    let one = r#"{"Resources": {
      "Table": {"Type": "AWS::DynamoDB::Table", "Metadata": {"aws:cdk:path": "One/Table/Resource"}},
      "CDKMetadata": {"Type": "AWS::CDK::Metadata"}},
      "Outputs": {"E": {"Value": {"Fn::GetAtt": ["Table", "Arn"]}, "Export": {"Name": "One:TableArn"}}}}"#;
    let two = r#"{"Resources": {
      "Fn": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": "asset.abc", "aws:asset:property": "Code"},
        "Properties": {"Code": {"S3Key": "abc.zip"}, "Table": {"Fn::ImportValue": "One:TableArn"}}},
      "Other": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": "def.zip"}}}}}"#;
    let assets = r#"{"files": {"def": {"source": {"path": "asset.def"}}}}"#;
    let files = Files::memory([
        ("app/cdk.out/manifest.json", manifest),
        ("app/cdk.out/One.template.json", one),
        ("app/cdk.out/assembly-Stage/manifest.json", inner),
        ("app/cdk.out/assembly-Stage/Two.template.json", two),
        ("app/cdk.out/assembly-Stage/Two.assets.json", assets),
    ]);
    let declared = cdk::read("app/cdk.out/manifest.json", &files, &Options::default()).unwrap();
    assert_eq!(declared.name, "app");
    assert_eq!(declared.problems, []);
    let shown: Vec<String> = declared
        .declarations
        .iter()
        .map(|it| format!("{} {}", it.id, rendered::value(&it.properties)))
        .collect();
    assert_eq!(
        shown,
        [
            "One/Table {}",
            "Stage-Two/Fn {Code: {S3Key: abc.zip, casemate:AssetPath: app/cdk.out/assembly-Stage/asset.abc}, \
         Table: ${One/Table.Arn}, casemate:AssetPath: app/cdk.out/assembly-Stage/asset.abc}",
            "Stage-Two/Other {Code: {S3Key: def.zip, casemate:AssetPath: app/cdk.out/assembly-Stage/asset.def}, \
         casemate:AssetPath: app/cdk.out/assembly-Stage/asset.def}",
        ]
    );
    assert_eq!(declared.declarations[0].construct.as_deref(), Some("One/Table"));
}
