//! `casemate permissions`: what functions need, and what could not be said.

use crate::command::{Folder, run, sample};

/// Runs `casemate permissions` in a folder.
fn permissions(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    let ran = run(folder.path(), &[&["permissions", "."], arguments].concat(), &[]);
    (ran.code, ran.out)
}

const TEMPLATE: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {TABLE: !Ref Orders}}
      Policies:
        - Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt Orders.Arn}]
";

const CODE: &str = "
import os, boto3
table = boto3.resource('dynamodb').Table(os.environ['TABLE'])
def handler(event, context):
    return table.get_item(Key={'id': event['id']})
";

#[test]
fn the_account_of_the_sample() {
    let ran = run(&sample("ledger"), &["permissions", "."], &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn roles_are_written_for_each_format() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE), ("src/app.py", CODE)]);
    let (code, iam) = permissions(&folder, &["--format", "iam"]);
    assert_eq!(code, 0);
    let roles: serde_json::Value = serde_json::from_str(&iam).unwrap();
    let statements = roles["Read"]["Statement"].as_array().unwrap();
    let of_table = statements.iter().find(|it| it["Action"] == "dynamodb:GetItem").unwrap();
    assert_eq!(of_table["Resource"], "arn:aws:dynamodb:*:*:table/*");
    let (_, template) = permissions(&folder, &["--format", "cloudformation"]);
    assert!(template.contains("Resource: !GetAtt Orders.Arn"), "{template}");
}

#[test]
fn code_that_is_not_read_is_never_a_smaller_role() {
    let ruby = TEMPLATE.replace("python3.13", "ruby3.4");
    let outside = TEMPLATE.replace("src/", "../elsewhere/");
    for (template, code, why) in [
        (ruby.as_str(), CODE, "no reader for `ruby3.4`"),
        (outside.as_str(), CODE, "outside"),
        (TEMPLATE, "def other(): pass\n", "has no `handler`"),
    ] {
        let folder = Folder::with(&[("template.yaml", template), ("src/app.py", code)]);
        let (exit, told) = permissions(&folder, &[]);
        assert!(exit == 3 && told.contains(why), "{exit} {told}");
        assert!(!told.contains("excess"), "{told}");
    }
    let folder = Folder::with(&[("template.yaml", TEMPLATE)]);
    let (exit, told) = permissions(&folder, &[]);
    assert!(exit == 3 && told.contains("code not read: there is no file"), "{exit} {told}");
}

#[test]
fn broken_code_is_told_at_its_place_and_the_rest_is_followed() {
    let broken = format!("{CODE}def later(:\n    pass\n");
    let folder = Folder::with(&[("template.yaml", TEMPLATE), ("src/app.py", broken.as_str())]);
    let (exit, told) = permissions(&folder, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(exit, 3);
    let problem = &report["problems"][0];
    assert_eq!((&problem["file"], &problem["location"]["line"]), (&"src/app.py".into(), &6.into()));
}

#[test]
fn a_handler_alone_needs_no_template() {
    let folder = Folder::with(&[("app.py", CODE), ("shop/Save.java", JAVA)]);
    let told = |path| run(folder.path(), &["permissions", path], &[]);
    let python = told("app.py");
    assert!(python.code == 0 && python.out.contains("dynamodb:GetItem on arn:"), "{python:?}");
    let java = told("shop/Save.java");
    assert!(java.code == 0 && java.out.contains("s3:DeleteObject on arn:"), "{java:?}");
    let named = run(folder.path(), &["permissions", "app.py", "--handler", "nobody"], &[]);
    assert_eq!(named.code, 3, "{named:?}");
}

const JAVA: &str = "
package shop;
import software.amazon.awssdk.services.s3.S3Client;
public class Save {
    private final S3Client s3 = S3Client.create();
    public String handleRequest(String key, Object context) {
        s3.deleteObject(request -> request.bucket(\"photos\").key(key));
        return key;
    }
}
";
