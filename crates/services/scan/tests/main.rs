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
    let files = Files::memory([("template.yaml", template)]);
    let request = Request {
        paths: Vec::new(),
        config: Config::default(),
        baseline: None,
        today: (2026, 11, 1),
    };
    let scan = scan_files(&files, Vec::new(), &request);
    let named: Vec<String> = scan
        .functions()
        .flat_map(|(_, access)| &access.profile.needs)
        .filter(|need| need.action == "s3:PutObject")
        .map(|need| need.resource.to_string())
        .collect();
    assert_eq!(named, ["arn:aws:s3:::${Letters}/${?}"]);
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
