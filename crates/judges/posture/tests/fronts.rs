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

#[test]
fn a_network_without_a_way_out_lets_nothing_out() {
    let rule = "unrestricted-egress";
    let outside = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src, VpcConfig: {SecurityGroupIds: [sg-0123], SubnetIds: [subnet-1]}}\n";
    assert_eq!(crate::unknowns(rule, outside), ["the rules of `sg-0123` are not declared here"]);
    let template = |network: &str, more: &str| {
        format!(
            "Resources:
  Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Sub: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}}}
  Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: g, VpcId: {network}}}}}
  F:
    Type: AWS::Lambda::Function
    Properties: {{VpcConfig: {{SecurityGroupIds: [!Ref Group], SubnetIds: [!Ref Sub]}}}}
{more}"
        )
    };
    let told = ["`Group` lets `F` connect to any host"];
    check(rule, &template("!Ref Net", ""), &[]);
    check(rule, &template("vpc-1234", ""), &told);
    let route = "  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}\n  Way: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, TransitGatewayId: tgw-1}}\n";
    check(rule, &template("!Ref Net", route), &told);
    let terraform = |table: &str| {
        format!(
            "resource \"aws_vpc\" \"net\" {{\n  cidr_block = \"10.0.0.0/16\"\n}}\nresource \"aws_route_table\" \"t\" {{\n  vpc_id = aws_vpc.net.id\n{table}}}\nresource \"aws_security_group\" \"g\" {{\n  vpc_id = aws_vpc.net.id\n  egress {{\n    protocol = \"-1\"\n    from_port = 0\n    to_port = 0\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }}\n}}\nresource \"aws_lambda_function\" \"f\" {{\n  function_name = \"f\"\n  vpc_config {{\n    security_group_ids = [aws_security_group.g.id]\n    subnet_ids = [\"subnet-1\"]\n  }}\n}}\n"
        )
    };
    check(rule, &terraform(""), &[]);
    let route =
        "  route {\n    cidr_block = \"0.0.0.0/0\"\n    transit_gateway_id = \"tgw-1\"\n  }\n";
    assert_eq!(findings_of(rule, &terraform(route)).len(), 1);
}

#[test]
fn a_listener_redirects_only_where_there_is_a_secure_one() {
    let balancer = |listeners: &str| {
        format!(
            "Resources:\n  Front: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}}\n  Plain: {{Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {{LoadBalancerArn: !Ref Front, Protocol: HTTP, DefaultActions: [{{Type: forward}}]}}}}\n{listeners}"
        )
    };
    let advice = |template: &str| {
        let found = reported("weak-tls", template);
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        finding.fix.as_ref().map(|fix| fix.summary.clone()).unwrap_or_default()
    };
    assert!(advice(&balancer("")).contains("certificate"));
    let secure = "  Secure: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Front, Protocol: HTTPS, SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06, DefaultActions: [{Type: forward}]}}\n";
    assert_eq!(advice(&balancer(secure)), "redirect the listener to HTTPS");
}

#[test]
fn a_classic_balancer_has_policies_by_name_and_neither_firewall_nor_redirect() {
    let balancer = |listener: &str, attributes: &str| {
        format!(
            "Resources:\n  Front: {{Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {{Listeners: [{{LoadBalancerPort: '443', InstancePort: '80', {listener}}}], Policies: [{{PolicyName: sticky, PolicyType: LBCookieStickinessPolicyType}}, {{PolicyName: tls, PolicyType: SSLNegotiationPolicyType, Attributes: [{attributes}]}}]}}}}\n"
        )
    };
    let rule = "weak-tls";
    let refers = |policy: &str| format!("{{Name: Reference-Security-Policy, Value: {policy}}}");
    let named = "Protocol: HTTPS, PolicyNames: [sticky, tls]";
    let strong = refers("ELBSecurityPolicy-TLS-1-2-2017-01");
    check(rule, &balancer(named, &strong), &[]);
    let old = balancer(named, &refers("ELBSecurityPolicy-2015-05"));
    check(rule, &old, &["`Front` accepts TLS 1.0 or 1.1 by `ELBSecurityPolicy-2015-05`"]);
    let fixes = |template: &str| -> Vec<_> {
        reported(rule, template)
            .into_iter()
            .filter_map(|it| it.fix)
            .map(|fix| fix.summary)
            .collect()
    };
    assert_eq!(fixes(&old), ["set the policy to `ELBSecurityPolicy-TLS-1-2-2017-01`"]);
    let default = ["`Front` accepts TLS 1.0 or 1.1 by `ELBSecurityPolicy-2016-08`"];
    check(rule, &balancer("Protocol: HTTPS, PolicyNames: [sticky]", &strong), &default);
    let by_cipher = balancer(named, "{Name: Protocol-TLSv1.2, Value: 'true'}");
    check(rule, &by_cipher, &[]);
    assert_eq!(crate::unknowns(rule, &by_cipher).len(), 1);
    let plain = balancer("Protocol: HTTP", &strong);
    assert!(fixes(&plain)[0].starts_with("listen on HTTPS only"), "{:?}", fixes(&plain));
    check("api-without-waf", &plain, &[]);
}

#[test]
fn code_behind_a_distribution_may_send_the_header_itself() {
    let confidences = |origin: &str| -> Vec<_> {
        let template = format!(
            "Resources:\n  Site: {{Type: AWS::CloudFront::Distribution, Properties: {{DistributionConfig: {{Enabled: true, Origins: [{{Id: o, DomainName: {origin}}}], DefaultCacheBehavior: {{TargetOriginId: o, ViewerProtocolPolicy: redirect-to-https}}}}}}}}\n"
        );
        reported("missing-hsts", &template).iter().map(|it| it.confidence).collect()
    };
    assert_eq!(confidences("files.s3.amazonaws.com"), [finding::Confidence::High]);
    assert_eq!(confidences("api.example.com"), [finding::Confidence::Medium]);
}
