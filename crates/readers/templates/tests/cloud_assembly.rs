//! Synthesised CDK applications.

use casemate_templates::{Files, Options};
use cloudformation::cdk;
use documents::declaration::Maker;

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

/// One stack's template, read as an assembly of its own.
fn synthesised(template: &str) -> documents::declaration::Declared {
    let manifest = r#"{"artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}}}"#;
    let files = Files::memory([
        ("cdk.out/manifest.json", manifest),
        ("cdk.out/Shop.template.json", template),
    ]);
    cdk::read("cdk.out/manifest.json", &files, &Options::default()).unwrap()
}

#[test]
fn helpers_are_the_frameworks_and_what_is_said_for_them_the_authors() {
    let declared = synthesised(
        r#"{"Resources": {
      "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A": {"Type": "AWS::Lambda::Function"},
      "H": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "Shop/BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Resource"}},
      "P": {"Type": "AWS::IAM::Role", "Metadata": {"aws:cdk:path": "Shop/Seed/framework-onEvent/ServiceRole/Resource"}},
      "D": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"}},
      "L": {"Type": "AWS::IAM::Policy", "Metadata": {"aws:cdk:path": "Shop/Lookup/CustomResourcePolicy/Resource"}},
      "OnEvent": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "Shop/OnEvent/Resource"}}}}"#,
    );
    let helpers: Vec<&str> = declared
        .declarations
        .iter()
        .filter(|declaration| declaration.made_by == Maker::Helper)
        .map(|declaration| declaration.name.as_str())
        .collect();
    let singleton = "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A";
    assert_eq!(helpers, [singleton, "H", "P", "D"]);
}

#[test]
fn what_the_cdk_chooses_by_region_is_known_as_far_as_regions_agree() {
    let rows: Vec<String> = (0..12)
        .map(|row| {
            let runtime = if row == 3 { "nodejs18.x" } else { "nodejs22.x" };
            format!(r#""region-{row}": {{"value": "{runtime}", "same": "one"}}"#)
        })
        .collect();
    let find =
        |key: &str| format!(r#"{{"Fn::FindInMap": ["Map", {{"Ref": "AWS::Region"}}, "{key}"]}}"#);
    let declared = synthesised(&format!(
        r#"{{"Mappings": {{"Map": {{{}}}}},
      "Conditions": {{"AwsCdkKinesisEncryptedStreamsUnsupportedRegions": {{"Fn::Equals": [{{"Ref": "AWS::Region"}}, "cn-north-1"]}}}},
      "Resources": {{"F": {{"Type": "AWS::Lambda::Function", "Properties": {{"Runtime": {}, "Handler": {}}}}},
      "S": {{"Type": "AWS::Kinesis::Stream", "Properties": {{"StreamEncryption": {{"Fn::If": ["AwsCdkKinesisEncryptedStreamsUnsupportedRegions", {{"Ref": "AWS::NoValue"}}, {{"EncryptionType": "KMS"}}]}}}}}}}}}}"#,
        rows.join(", "),
        find("value"),
        find("same"),
    ));
    let shown: Vec<String> =
        declared.declarations.iter().map(|it| rendered::value(&it.properties)).collect();
    assert_eq!(
        shown,
        [
            "{Runtime: (`${AWS::Region}` among `region-0` and 10 more => nodejs22.x | `${AWS::Region}` is `region-3` => nodejs18.x), Handler: one}",
            "{StreamEncryption: {EncryptionType: KMS}}",
        ]
    );
}

#[test]
fn suppressions_of_a_whole_stack_are_every_resources() {
    let declared = synthesised(
        r#"{"Metadata": {"cdk_nag": {"rules_to_suppress": [{"id": "AwsSolutions-APIG4", "reason": "b2ZmZW4gZsO8ciBhbGxl", "is_reason_encoded": true}]}},
      "Resources": {"F": {"Type": "AWS::Lambda::Function", "Metadata": {"cdk_nag": {"rules_to_suppress": [
        {"id": "AwsSolutions-IAM5", "reason": "tool", "applies_to": ["Action::s3:*", {"regex": "/^Resource::/g"}]}]}}}}}"#,
    );
    let allowances: Vec<_> = declared.declarations[0]
        .allowances
        .iter()
        .map(|it| (it.rule.as_str(), it.reason.as_deref(), it.only.join(" ")))
        .collect();
    assert_eq!(
        allowances,
        [
            ("AwsSolutions-IAM5", Some("tool"), "Action::s3:* /^Resource::/g".to_owned()),
            ("AwsSolutions-APIG4", Some("offen für alle"), String::new()),
        ]
    );
}
