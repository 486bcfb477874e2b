//! What CloudFormation's functions give.

use std::collections::BTreeMap;

use casemate_templates::{Files, Options};
use cloudformation::{self, Context, Evaluated};

use crate::rendered;

const BEGINNING: &str = "
Parameters:
  Stage: {Type: String, Default: dev}
  Name: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Subnets: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /image}
Mappings:
  Sizes:
    dev: {Memory: 128}
    prod: {Memory: 1024}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Never: !Equals [a, b]
  Both: !And [!Condition IsProd, !Condition Never]
  Either: !Or [!Condition IsProd, !Not [!Condition Never]]
Resources:
  Table: {Type: 'AWS::DynamoDB::Table'}
  Tested:
    Type: AWS::Test::Test
    Properties:
      Value: ";

fn evaluated(text: &str, options: &Options) -> (Evaluated, Files) {
    let files = Files::memory([("t.yaml", text)]);
    let document = files.document("t.yaml").unwrap();
    let context = Context {
        files: &files,
        options,
        path: "t.yaml",
        scope: String::new(),
        arguments: BTreeMap::new(),
    };
    let value = document.get().unwrap().value.as_ref().unwrap();
    let evaluated = cloudformation::evaluate(value, &context);
    (evaluated, files)
}

fn check(expression: &str, expected: &str) {
    let (evaluated, files) = evaluated(&format!("{BEGINNING}{expression}\n"), &Options::default());
    let problems: Vec<String> =
        evaluated.problems.iter().map(|problem| rendered::problem(problem, &files)).collect();
    assert_eq!(problems, [""; 0], "{expression}");
    let tested = evaluated.declarations.iter().find(|it| it.name == "Tested").unwrap();
    assert_eq!(rendered::value(tested.properties.get("Value").unwrap()), expected, "{expression}");
}

fn check_problem(expression: &str, expected: &str) {
    let (evaluated, _) = evaluated(&format!("{BEGINNING}{expression}\n"), &Options::default());
    let problems: Vec<&str> =
        evaluated.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, [expected], "{expression}");
}

#[test]
fn references() {
    check("!Ref Stage", "dev");
    check("{Ref: Table}", "${Table}");
    check("!Ref Name", "?parameter `Name` has no default");
    check("!Ref Image", "?parameter `Image` is read from Systems Manager at deployment");
    check("!Ref Secret", "hunter2");
    check("!Ref Subnets", "[a, b, c]");
    check("!Ref AWS::Region", "${AWS::Region}");
    check("{Timeout: !Ref AWS::NoValue}", "{Timeout: null}");
    check("[1, !Ref AWS::NoValue]", "[1]");
    check("!GetAtt Table.Arn", "${Table.Arn}");
    check("!GetAtt [Table, StreamArn]", "${Table.StreamArn}");
    check("{'Fn::GetAtt': [Table, Arn]}", "${Table.Arn}");
    check_problem(
        "!Ref Nothing",
        "`Nothing` is neither a parameter nor a resource of this template",
    );
    check_problem(
        "!Sub '${Gone.Arn}'",
        "`Gone` is neither a parameter nor a resource of this template",
    );
    check_problem("!Nonsense 1", "`Nonsense` is no intrinsic function");
}

#[test]
fn texts() {
    check(
        "!Sub 'a-${Stage}-${AWS::AccountId}-${Table.Arn}-${!kept}'",
        "a-dev-${AWS::AccountId}-${Table.Arn}-${kept}",
    );
    check("!Sub ['${Own}/${Stage}', {Own: !GetAtt Table.Arn}]", "${Table.Arn}/dev");
    check("{'Fn::Sub': 'x-${Name}'}", "x-${?parameter `Name` has no default}");
    check("!Join ['-', [a, !Ref Stage, !Ref Table]]", "a-dev-${Table}");
    check("!Join [',', !Ref Subnets]", "a,b,c");
    check("!Select [1, !Ref Subnets]", "b");
    check("!Select ['0', [x, y]]", "x");
    check("!Split [':', 'a:b']", "[a, b]");
    check("!Select [1, !Split ['/', !Sub 'x/y/${Table}']]", "y");
    check(
        "!Select [5, !Split [':', !GetAtt Table.Arn]]",
        "?a piece of `${Table.Arn}` is known only at deployment",
    );
    check("{'Fn::Base64': !Sub 'run ${Stage}'}", "run dev");
    check("!Base64 plain", "plain");
    check(
        "{'Fn::ToJsonString': {a: [1, !Ref Stage], b: !Ref Table}}",
        "{\"a\":[1,\"dev\"],\"b\":\"${Table}\"}",
    );
    check("{'Fn::Length': !Ref Subnets}", "3");
}

#[test]
fn tables_and_deployment() {
    check("!FindInMap [Sizes, !Ref Stage, Memory]", "128");
    check(
        "!FindInMap [Sizes, !Ref Name, Memory]",
        "(`parameter `Name` has no default` is `dev` => 128 | `parameter `Name` has no default` is `prod` => 1024)",
    );
    check("!FindInMap [Sizes, test, Memory, {DefaultValue: 7}]", "7");
    check("!ImportValue shared-table", "?the export `shared-table` of another stack");
    check("!Cidr ['10.0.0.0/16', 2, 8]", "?address ranges are computed at deployment");
    check("!Select [0, !GetAZs '']", "?availability zones are known only at deployment");
    check("{'Fn::Transform': {Name: Macro}}", "?the macro `Macro` runs at deployment");
    check(
        "'{{resolve:secretsmanager:db:SecretString:password}}'",
        "${?dynamic reference to Secrets Manager: `{{resolve:secretsmanager:db:SecretString:password}}`}",
    );
    check(
        "!Sub 'p={{resolve:ssm:/${Stage}/p}}'",
        "p=${?dynamic reference to Systems Manager: `{{resolve:ssm:/dev/p}}`}",
    );
}

#[test]
fn both_branches_of_a_condition_are_kept() {
    check(
        "!If [IsProd, 30, !Ref AWS::NoValue]",
        "(`IsProd` is true => 30 | `IsProd` is false => null)",
    );
    check("{'Fn::If': [IsProd, a, b]}", "(`IsProd` is true => a | `IsProd` is false => b)");
    check(
        "!If [IsProd, !If [IsProd, a, b], !If [IsDev, c, d]]",
        "(`IsProd` is true => a | `IsProd` is false => c)",
    );
    check("!If [Never, a, b]", "b");
    check("!If [Both, a, b]", "b");
    check("!If [Either, a, b]", "a");
    check(
        "!Sub ['${A}-${B}', {A: !If [IsProd, x, y], B: !If [IsProd, p, q]}]",
        "(`IsProd` is true => x-p | `IsProd` is false => y-q)",
    );
    check_problem("!If [Missing, a, b]", "there is no condition `Missing`");
}

#[test]
fn many_conditions_in_one_value_are_bounded() {
    let mut text = String::from("Parameters: {P: {Type: String}}\nConditions:\n");
    for index in 0..20 {
        text.push_str(&format!("  C{index}: !Equals [!Ref P, '{index}']\n"));
    }
    text.push_str(
        "Resources:\n  R:\n    Type: AWS::Test::Test\n    Properties:\n      V: !Join ['', [",
    );
    for index in 0..20 {
        text.push_str(&format!("!If [C{index}, a, b], "));
    }
    text.push_str("c]]\n");
    let (evaluated, _) = evaluated(&text, &Options::default());
    let value = evaluated.declarations[0].properties.get("V").unwrap();
    assert_eq!(rendered::value(value), "?too many conditions meet in this value");
}

#[test]
fn parameters_come_from_the_user_then_samconfig_then_the_default() {
    let template =
        "Parameters: {A: {Default: d}, B: {Default: d}, C: {Default: d}, D: {Default: d}}
Resources:
  R: {Type: 'AWS::Test::Test', Properties: {V: !Sub '${A} ${B} ${C} ${D}', B: !Ref B, C: !Ref C}}
";
    let config = "[default.deploy.parameters]\nstack_name = \"shop\"\nparameter_overrides = \"A=\\\"s 1\\\" B=s2 \
                  ParameterKey=D,ParameterValue=s4\"\n";
    let files = Files::memory([("t.yaml", template), ("samconfig.toml", config)]);
    let document = files.document("t.yaml").unwrap();
    let options =
        Options { parameters: [("A".to_owned(), "user".to_owned())].into(), ..Options::default() };
    let context = Context {
        files: &files,
        options: &options,
        path: "t.yaml",
        scope: String::new(),
        arguments: BTreeMap::new(),
    };
    let evaluated =
        cloudformation::evaluate(document.get().unwrap().value.as_ref().unwrap(), &context);
    let properties = &evaluated.declarations[0].properties;
    assert_eq!(rendered::value(properties.get("V").unwrap()), "user s2 d s4");
    let origin = |key: &str| rendered::place(properties.get(key).unwrap().origin.unwrap(), &files);
    assert_eq!(origin("B"), "samconfig.toml:3:23");
    assert_eq!(origin("C"), "t.yaml:1:61");
}

#[test]
fn parameters_come_from_samconfig_in_yaml_too() {
    let template = "Parameters: {A: {Default: d}, B: {Default: d}}
Resources:
  R: {Type: 'AWS::Test::Test', Properties: {V: !Sub '${A} ${B}'}}
";
    for overrides in ["A=1 B='2 3'", "[A=1, 'B=\"2 3\"']", "{A: 1, B: 2 3}"] {
        let config =
            format!("default: {{deploy: {{parameters: {{parameter_overrides: {overrides}}}}}}}\n");
        let config = config.replace("A=1 B='2 3'", "\"A=1 B='2 3'\"");
        let files = Files::memory([("t.yaml", template), ("samconfig.yaml", config.as_str())]);
        let document = files.document("t.yaml").unwrap();
        let context = Context {
            files: &files,
            options: &Options::default(),
            path: "t.yaml",
            scope: String::new(),
            arguments: BTreeMap::new(),
        };
        let evaluated =
            cloudformation::evaluate(document.get().unwrap().value.as_ref().unwrap(), &context);
        let properties = &evaluated.declarations[0].properties;
        assert_eq!(rendered::value(properties.get("V").unwrap()), "1 2 3", "{overrides}");
    }
}

#[test]
fn loops_make_resources_properties_and_outputs() {
    let text = "Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'Orders,Users'}}
Resources:
  'Fn::ForEach::Topics':
    - Name
    - !Ref Names
    - 'Topic${Name}':
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub '${Name}.fifo'
          'Fn::ForEach::Settings':
            - Setting
            - [Kms, Display]
            - '${Setting}Value': !Ref Setting
  Last: {Type: 'AWS::Test::Test', Properties: {T: !GetAtt TopicUsers.TopicArn}}
Outputs:
  'Fn::ForEach::Out':
    - Name
    - [Orders]
    - 'Out${Name}': {Value: !GetAtt [!Sub 'Topic${Name}', TopicArn]}
";
    let (evaluated, files) = evaluated(text, &Options::default());
    assert_eq!(
        evaluated.problems.iter().map(|it| rendered::problem(it, &files)).collect::<Vec<_>>(),
        [""; 0]
    );
    let shown: Vec<String> = evaluated
        .declarations
        .iter()
        .map(|it| format!("{} {}", it.id, rendered::value(&it.properties)))
        .collect();
    assert_eq!(
        shown,
        [
            "TopicOrders {TopicName: Orders.fifo, KmsValue: Kms, DisplayValue: Display}",
            "TopicUsers {TopicName: Users.fifo, KmsValue: Kms, DisplayValue: Display}",
            "Last {T: ${TopicUsers.TopicArn}}",
        ]
    );
    assert_eq!(rendered::value(&evaluated.outputs["OutOrders"]), "${TopicOrders.TopicArn}");
}

#[test]
fn a_resource_tells_its_condition_suppressions_construct_and_insertion_point() {
    let text = "Parameters: {S: {Type: String}}
Conditions: {IsProd: !Equals [!Ref S, prod]}
Resources:
  F:
    Type: AWS::Lambda::Function
    Condition: IsProd
    Metadata:
      aws:cdk:path: Stack/F/Resource
      casemate: {allow: [{rule: default-timeout, reason: quick}]}
      checkov: {skip: [{id: CKV_AWS_116, comment: no queue}]}
      cdk_nag: {rules_to_suppress: [{id: AwsSolutions-L1, reason: pinned}]}
    Properties:
      Handler: a.b
      Timeout: !If [IsProd, 3, 900]
  G: {Type: 'AWS::Test::Test', Properties: {A: 1}}
";
    let (evaluated, files) = evaluated(text, &Options::default());
    let function = &evaluated.declarations[0];
    assert_eq!(function.condition.as_deref(), Some("`IsProd` is true"));
    assert_eq!(rendered::value(&function.properties), "{Handler: a.b, Timeout: 3}");
    assert_eq!(function.construct.as_deref(), Some("Stack/F"));
    let allowances: Vec<(&str, Option<&str>)> =
        function.allowances.iter().map(|it| (it.rule.as_str(), it.reason.as_deref())).collect();
    assert_eq!(
        allowances,
        [
            ("default-timeout", Some("quick")),
            ("CKV_AWS_116", Some("no queue")),
            ("AwsSolutions-L1", Some("pinned")),
        ]
    );
    let insertion = function.insertion.as_ref().unwrap();
    assert_eq!(rendered::place(insertion.at, &files), "t.yaml:13:7");
    assert_eq!(insertion.indent, "      ");
    assert!(evaluated.declarations[1].insertion.is_none());
}

#[test]
fn documents_in_texts_become_trees_with_their_places() {
    let text = "Resources:
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyDocument: !Sub |
        {\"Statement\": [
          {\"Action\": \"*\",
           \"Resource\": \"arn:${AWS::Partition}:s3:::x\"}]}
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionSubstitutions: {Task: 'arn:task', Seconds: 5}
      DefinitionString: '{\"States\": {\"A\": {\"Resource\": \"${Task}\", \"Seconds\": ${Seconds}}}}'
  N:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Join ['', ['{\"Resource\": \"', !GetAtt P.Arn, '\"}']]
";
    let (evaluated, files) = evaluated(text, &Options::default());
    let [policy, machine, joined] = evaluated.declarations.as_slice() else { panic!() };
    let document = policy.properties.get("PolicyDocument").unwrap();
    assert_eq!(
        rendered::value(document),
        "{Statement: [{Action: *, Resource: arn:${AWS::Partition}:s3:::x}]}"
    );
    let statement = &document.get("Statement").unwrap().items()[0];
    assert_eq!(rendered::place(statement.get("Action").unwrap().span, &files), "t.yaml:7:22");
    let definition = machine.properties.get("Definition").unwrap();
    assert_eq!(rendered::value(definition), "{States: {A: {Resource: arn:task, Seconds: 5}}}");
    let definition = joined.properties.get("Definition").unwrap();
    assert_eq!(rendered::value(definition), "{Resource: ${P.Arn}}");
}
