//! Every rule fires on its firing example and is silent on its clean one, in a whole scan.

use casemate_scan::{Config, Request, Rules, rules, scan_files};
use profile::Coverage;
use templates::Files;

/// What a rule says of one template, its code written into it.
fn findings_of(rule: &str, template: &str) -> Vec<String> {
    let files = Files::memory([("template.yaml", template)]);
    let config = Config {
        rules: Rules { select: [rule.to_owned()].into(), ..Rules::default() },
        ..Config::default()
    };
    let request = Request { paths: Vec::new(), config, baseline: None, today: (2026, 11, 1) };
    let scan = scan_files(&files, Vec::new(), &request);
    scan.findings.into_iter().map(|judged| judged.finding.message).collect()
}

#[test]
fn every_rule_on_permissions_fires_on_its_firing_example_and_not_on_its_clean_one() {
    let mut asked = 0;
    for check in permissions::RULES {
        let rule = check.rule;
        assert!(rules().any(|known| known.id == rule.id), "{} is in no list", rule.id);
        assert!(!findings_of(rule.id, rule.firing).is_empty(), "{} is silent", rule.id);
        assert_eq!(findings_of(rule.id, rule.clean), Vec::<String>::new(), "{}", rule.id);
        asked += 1;
    }
    assert!(asked >= 5, "{asked}");
}

/// What the function of a template needs, each as `ACTION ARN`, and the role's conditions.
fn needed(template: &str) -> (Vec<String>, Vec<String>) {
    let files = Files::memory([("template.yaml", template)]);
    let config = Config::default();
    let request = Request { paths: Vec::new(), config, baseline: None, today: (2026, 11, 1) };
    let scan = scan_files(&files, Vec::new(), &request);
    let (mut needs, mut conditions) = (Vec::new(), Vec::new());
    for (_, access) in scan.functions() {
        let said = |need: &profile::Need| format!("{} {}", need.action, need.resource);
        needs.extend(access.profile.needs.iter().map(said));
        for grant in &access.role.grants {
            let actions = grant.actions.join(" ");
            let said = |condition: &profile::GrantCondition| {
                let values: Vec<String> =
                    condition.values.iter().map(ToString::to_string).collect();
                let (operator, key) = (&condition.operator, &condition.key);
                format!("{actions} {operator} {key} {}", values.join(" "))
            };
            conditions.extend(grant.conditions.iter().map(said));
        }
    }
    (needs, conditions)
}

#[test]
fn a_role_is_passed_by_its_name_and_to_one_service() {
    let template = "
Resources:
  Sales:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: scheduler.amazonaws.com}, Action: sts:AssumeRole}]
  Plan:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/plan
      Environment: {Variables: {ROLE: !GetAtt Sales.Arn}}
      Code:
        ZipFile: |
          import os, boto3
          scheduler = boto3.client('scheduler')
          def handler(event, context):
              target = {'Arn': event['arn'], 'RoleArn': os.environ['ROLE']}
              scheduler.create_schedule(Name='sale', Target=target)
";
    let (needs, conditions) = needed(template);
    let passed: Vec<&String> = needs.iter().filter(|need| need.starts_with("iam:")).collect();
    assert_eq!(passed, ["iam:PassRole arn:aws:iam::${AWS::AccountId}:role/${Sales}"]);
    let expect = ["iam:PassRole StringEquals iam:PassedToService scheduler.amazonaws.com"];
    assert_eq!(conditions, expect);
}

#[test]
fn of_two_buckets_only_the_one_that_the_variable_names_is_needed() {
    let template = "
Resources:
  Photos: {Type: AWS::S3::Bucket}
  Letters: {Type: AWS::S3::Bucket}
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/save
      Environment: {Variables: {BUCKET: !Ref Letters, OTHER: !Ref Photos}}
      Code:
        ZipFile: |
          import os, boto3
          s3 = boto3.client('s3')
          def handler(event, context):
              s3.put_object(Bucket=os.environ['BUCKET'], Key=event['key'], Body=b'')
";
    let (needs, _) = needed(template);
    let named: Vec<&String> = needs.iter().filter(|need| need.starts_with("s3:")).collect();
    assert_eq!(named, ["s3:PutObject arn:aws:s3:::${Letters}/${?}"]);
}

#[test]
fn a_handler_under_another_condition_is_told() {
    let template = "
Parameters: {Stage: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: !If [IsProd, index.handler, index.trial]
      Role: arn:aws:iam::123456789012:role/save
      Code: {ZipFile: 'def handler(event, context): pass'}
";
    let found = findings_of("unresolved-call", template);
    assert!(found.len() == 1 && found[0].contains("depends on a condition"), "{found:?}");
}

#[test]
fn code_that_runs_outside_aws_is_said_not_to_be_followed() {
    let azure = "resource \"azurerm_linux_function_app\" \"z\" {\n name = \"z\"\n}\n";
    let openwhisk =
        "service: shop\nprovider: {name: openwhisk}\nfunctions: {f: {handler: f.main}}\n";
    for (path, text, platform) in
        [("main.tf", azure, "on Azure"), ("serverless.yml", openwhisk, "outside AWS")]
    {
        let files = Files::memory([(path, text)]);
        let request = Request {
            paths: Vec::new(),
            config: Config::default(),
            baseline: None,
            today: (2026, 11, 1),
        };
        let scan = scan_files(&files, Vec::new(), &request);
        let coverage =
            scan.functions().map(|(_, access)| access.profile.behaviour.coverage.clone());
        let why = format!("it runs {platform}: its calls of AWS are not followed");
        assert_eq!(coverage.collect::<Vec<_>>(), [Coverage::NotRead(why)]);
    }
}
