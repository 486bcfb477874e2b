//! Templates in other templates' stacks, and definitions in other files.

use std::collections::BTreeMap;

use casemate_templates::{Files, Options};
use cloudformation::{self, Context, Evaluated};

use crate::rendered;

fn evaluated(files: &Files) -> Evaluated {
    let options = Options::default();
    let document = files.document("t.yaml").unwrap();
    let context = Context {
        files,
        options: &options,
        path: "t.yaml",
        scope: String::new(),
        arguments: BTreeMap::new(),
    };
    cloudformation::evaluate(document.get().unwrap().value.as_ref().unwrap(), &context)
}

fn check(
    files: &[(&str, &str)],
    expected: &[&str],
    expected_problems: &[&str],
) -> (Evaluated, Files) {
    let files = Files::memory(files.iter().copied());
    let evaluated = evaluated(&files);
    let shown: Vec<String> = evaluated
        .declarations
        .iter()
        .map(|it| format!("{} {}", it.id, rendered::value(&it.properties)))
        .collect();
    assert_eq!(shown, expected);
    let problems: Vec<String> =
        evaluated.problems.iter().map(|problem| rendered::problem(problem, &files)).collect();
    assert_eq!(problems, expected_problems);
    (evaluated, files)
}

#[test]
fn a_value_from_the_parent_tells_where_it_comes_from() {
    let parent = "Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters:
        Acl: PublicRead
  Use: {Type: 'AWS::Test::Test', Properties: {V: !GetAtt Child.Outputs.Bucket}}
";
    let child = "Parameters: {Acl: {Type: String}}
Resources:
  Bucket: {Type: 'AWS::S3::Bucket', Properties: {AccessControl: !Ref Acl}}
Outputs:
  Bucket: {Value: !GetAtt Bucket.Arn}
";
    let (evaluated, files) = check(
        &[("t.yaml", parent), ("child.yaml", child)],
        &[
            "Child {TemplateURL: ./child.yaml, Parameters: {Acl: PublicRead}}",
            "Use {V: ${Child/Bucket.Arn}}",
            "Child/Bucket {AccessControl: PublicRead}",
        ],
        &[],
    );
    let acl = evaluated.declarations[2].properties.get("AccessControl").unwrap();
    assert_eq!(rendered::place(acl.span, &files), "child.yaml:3:65");
    assert_eq!(rendered::place(acl.origin.unwrap(), &files), "t.yaml:7:14");
}

#[test]
fn what_lies_elsewhere_is_named_as_not_read() {
    let (evaluated, _) = check(
        &[("t.yaml", "Resources:
  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://b.s3.amazonaws.com/x.yaml'}}
  B: {Type: 'AWS::Serverless::Application', Properties: {Location: {ApplicationId: 'arn:app'}}}
")],
        &[
            "A {TemplateURL: https://b.s3.amazonaws.com/x.yaml}",
            "B {Location: {ApplicationId: arn:app}}",
        ],
        &[],
    );
    let what: Vec<&str> = evaluated.not_read.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "nested stack `A`, whose template is at `https://b.s3.amazonaws.com/x.yaml`",
            "nested stack `B`, whose template is the published application `arn:app`",
        ]
    );
}

#[test]
fn stacks_that_nest_themselves_end() {
    check(
        &[
            (
                "t.yaml",
                "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml}}\n",
            ),
            (
                "b.yaml",
                "Resources:\n  B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: t.yaml}}\n",
            ),
        ],
        &["A {TemplateURL: b.yaml}", "A/B {TemplateURL: t.yaml}"],
        &["b.yaml:2:69: the template `t.yaml` nests itself"],
    );
}

#[test]
fn a_stack_that_needs_its_own_output_ends() {
    check(
        &[
            (
                "t.yaml",
                "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n",
            ),
            (
                "b.yaml",
                "Parameters: {P: {Type: String}}\nResources: {}\nOutputs: {O: {Value: !Ref P}}\n",
            ),
        ],
        &[
            "A {TemplateURL: b.yaml, Parameters: {P: ?the nested stack `A` needs an output of its own}}",
        ],
        &["t.yaml:2:93: the nested stack `A` needs an output of its own"],
    );
}

#[test]
fn definitions_in_other_files_stand_among_the_properties() {
    check(
        &[
            (
                "t.yaml",
                "Transform: AWS::Serverless-2016-10-31
Resources:
  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {BodyS3Location: api.yaml}}
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionS3Location: flow.asl.json
      DefinitionSubstitutions: {Fn: !GetAtt A.Arn}
  I:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: ./api.yaml}}}
",
            ),
            ("api.yaml", "openapi: 3.0.1\nuri: !Sub 'x/${A.Arn}'\n"),
            ("flow.asl.json", "{\"Resource\": \"${Fn}\"}"),
        ],
        &[
            "A {BodyS3Location: api.yaml, Body: {openapi: 3.0.1, uri: x/${A.Arn}}}",
            "M {DefinitionS3Location: flow.asl.json, DefinitionSubstitutions: {Fn: ${A.Arn}}, Definition: {Resource: ${A.Arn}}}",
            "I {Body: {openapi: 3.0.1, uri: x/${A.Arn}}}",
        ],
        &[],
    );
}

#[test]
fn a_missing_or_foreign_definition_is_unknown() {
    check(
        &[(
            "t.yaml",
            "Resources:
  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {BodyS3Location: gone.yaml}}
  B: {Type: 'AWS::ApiGateway::RestApi', Properties: {BodyS3Location: ../../etc/passwd}}
  C: {Type: 'AWS::ApiGateway::RestApi', Properties: {BodyS3Location: {Bucket: b, Key: k}}}
",
        )],
        &[
            "A {BodyS3Location: gone.yaml, Body: ?there is no file `gone.yaml`}",
            "B {BodyS3Location: ../../etc/passwd, Body: ?`../../etc/passwd` lies outside the scanned folder}",
            "C {BodyS3Location: {Bucket: b, Key: k}, Body: ?the definition lies in a bucket}",
        ],
        &[
            "t.yaml:2:70: there is no file `gone.yaml`",
            "t.yaml:3:70: `../../etc/passwd` lies outside the scanned folder",
        ],
    );
}

#[test]
fn local_includes_bring_resources_and_parameters() {
    let include = |file: &str| {
        format!("Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {file}}}}}")
    };
    let template = format!(
        "Parameters: {{{}}}\nResources:\n  {}\n  Use: {{Type: 'AWS::Test::Test', Properties: {{V: !GetAtt Jobs.Arn}}}}\n",
        include("parts/parameters.yaml"),
        include("parts/jobs.yaml"),
    );
    check(
        &[
            ("t.yaml", &template),
            ("parts/parameters.yaml", "Name: {Type: String, Default: jobs}"),
            (
                "parts/jobs.yaml",
                "Jobs: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Name}}",
            ),
        ],
        &["Jobs {QueueName: jobs}", "Use {V: ${Jobs.Arn}}"],
        &[],
    );
}
