//! `casemate fix`: from the code to the template.

use crate::command::Folder;

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: 'AWS::DynamoDB::Table'}
  Others: {Type: 'AWS::DynamoDB::Table'}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.read
      CodeUri: .
      Policies: # too wide
        - AmazonDynamoDBFullAccess
      Environment:
        Variables:
          TABLE: !Ref Orders # the one
";

const CODE: &str = "\
import os
import boto3

table = boto3.resource('dynamodb').Table(os.environ['TABLE'])

def read(event, context):
    return table.get_item(Key={'id': event['id']})
";

const NARROWED: &str = "      Policies: # too wide
        - Version: \"2012-10-17\"
          Statement:
            - Effect: Allow
              Action: dynamodb:GetItem
              Resource: !GetAtt Orders.Arn
      Environment:
        Variables:
          TABLE: !Ref Orders # the one
";

#[test]
fn a_function_gets_the_role_that_its_code_needs() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE), ("app.py", CODE)]);
    let ran = folder.run(&["fix"]);
    assert_eq!((ran.code, folder.read("template.yaml").as_str()), (0, TEMPLATE), "{ran:?}");
    assert!(ran.out.contains("`Read` can be narrowed"), "{ran:?}");
    assert_eq!(folder.run(&["fix", "--check"]).code, 1);
    let diff = folder.run(&["fix", "--diff"]).out;
    assert!(diff.contains("-        - AmazonDynamoDBFullAccess\n+        - Version"), "{diff}");
    let ran = folder.run(&["fix", "--write"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let written = folder.read("template.yaml");
    assert!(written.ends_with(NARROWED), "{written}");
    let ran = folder.run(&["fix", "--check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("`Read` has its least role"), "{ran:?}");
}

#[test]
fn calls_that_are_not_resolved_need_their_authors_word() {
    let code = format!("{CODE}    client = event['client']\n");
    let code =
        code.replace("    return", "    boto3.client(event['service']).get_object()\n    return");
    let folder = Folder::with(&[("template.yaml", TEMPLATE), ("app.py", code.as_str())]);
    let ran = folder.run(&["fix", "--write"]);
    assert_eq!(folder.read("template.yaml"), TEMPLATE, "{ran:?}");
    assert!(ran.out.contains("`Read` left as it is: "), "{ran:?}");
    folder.run(&["fix", "--write", "--accept-unresolved"]);
    assert!(folder.read("template.yaml").ends_with(NARROWED));
}

#[test]
fn code_that_is_not_there_changes_nothing() {
    let folder = Folder::with(&[("template.yaml", TEMPLATE)]);
    let ran = folder.run(&["fix", "--write"]);
    assert_eq!(folder.read("template.yaml"), TEMPLATE, "{ran:?}");
    assert!(ran.out.contains("left as it is: its code was not read"), "{ran:?}");
}
