//! Rules on what stands between strangers and an application: domains, distributions, balancers, networks.

use crate::{findings_of, reported};

/// Compares what a rule says of a template.
#[track_caller]
fn check(rule: &str, template: &str, expect: &[&str]) {
    assert_eq!(findings_of(rule, template), expect, "{rule} on\n{template}");
}

#[test]
fn a_domain_that_exists_under_a_condition_is_passed_only_then() {
    let template = |flag: &str, more: &str| {
        format!(
            "Parameters: {{Name: {{Type: String}}}}
Conditions: {{Named: !Not [!Equals [!Ref Name, '']]}}
Resources:
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, DisableExecuteApiEndpoint: {flag}}}}}
  Front: {{Type: AWS::ApiGatewayV2::DomainName, Condition: Named, Properties: {{DomainName: !Ref Name{more}}}}}
  Way: {{Type: AWS::ApiGatewayV2::ApiMapping, Condition: Named, Properties: {{ApiId: !Ref Api, DomainName: !Ref Front, Stage: s}}}}
"
        )
    };
    let rule = "bypassable-custom-domain";
    check(rule, &template("!If [Named, true, false]", ""), &[]);
    let found = reported(rule, &template("false", ""));
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.conditions, ["`Named` is true"]);
    assert_eq!(finding.severity, finding::Severity::Low);
    assert_eq!(finding.fix.as_ref().map(|fix| fix.edits.len()), Some(0));
    let certified = template("false", ", MutualTlsAuthentication: {TruststoreUri: 's3://b/t'}");
    let severities: Vec<_> = reported(rule, &certified).iter().map(|it| it.severity).collect();
    assert_eq!(severities, [finding::Severity::Medium]);
    let terraform = "variable \"name\" {\n  default = \"\"\n}\nresource \"aws_apigatewayv2_api\" \"api\" {\n  name = \"api\"\n  protocol_type = \"HTTP\"\n  disable_execute_api_endpoint = var.name != \"\"\n}\nresource \"aws_apigatewayv2_domain_name\" \"front\" {\n  count = var.name != \"\" ? 1 : 0\n  domain_name = var.name\n}\nresource \"aws_apigatewayv2_api_mapping\" \"way\" {\n  count = var.name != \"\" ? 1 : 0\n  api_id = aws_apigatewayv2_api.api.id\n  domain_name = aws_apigatewayv2_domain_name.front[0].id\n  stage = \"s\"\n}\n";
    check(rule, terraform, &[]);
}
