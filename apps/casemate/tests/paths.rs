//! Paths lead where the message says, and tell who comes.

use crate::command::{Folder, TODAY, run};

/// Compares the path of the one finding of `rule` on a template.
fn check(rule: &str, template: &str, expect: &str) {
    let folder = Folder::with(&[("template.yaml", template)]);
    let arguments = ["scan", ".", "--today", TODAY, "--format", "json", "--select", rule];
    let out = run(folder.path(), &arguments, &[]).out;
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let steps = report["findings"][0]["path"].as_array().unwrap_or_else(|| panic!("{out}"));
    let names: Vec<&str> = steps.iter().filter_map(|step| step["name"].as_str()).collect();
    assert_eq!(names.join(" → "), expect, "{rule} on\n{template}");
}

/// A REST API with two routes to a table, of which the first only reads.
fn shop(key: &str) -> String {
    let method = |name: &str, method: &str| {
        format!(
            "  {name}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: {method}
      AuthorizationType: NONE{key}
      Integration: {{Type: AWS, Uri: !Sub 'arn:aws:apigateway:eu-west-1:dynamodb:action/{name}', RequestTemplates: {{application/json: !Sub '{{\"TableName\": \"${{Orders}}\"}}'}}}}
"
        )
    };
    format!(
        "Resources:
  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
  Live: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref Shop, StageName: live}}}}
  Orders: {{Type: AWS::DynamoDB::Table}}
{}{}",
        method("GetItem", "GET"),
        method("PutItem", "PUT"),
    )
}

#[test]
fn a_path_leads_by_the_route_of_which_its_finding_speaks() {
    let open = shop("");
    check("unthrottled-api", &open, "internet → PUT / → Orders");
    check("unvalidated-requests", &open, "internet → PUT / → Orders");
}

#[test]
fn a_path_tells_what_its_door_asks_for() {
    let keyed = shop("\n      ApiKeyRequired: true");
    check("api-key-only-auth", &keyed, "internet (API key) → GET / → Orders");
    check("unrecoverable-table", &keyed, "internet (API key) → GET / → Orders");
    let half = keyed.replacen("\n      ApiKeyRequired: true", "", 2);
    let half = half.replacen("NONE", "NONE\n      ApiKeyRequired: true", 1);
    check("unrecoverable-table", &half, "internet → PUT / → Orders");
    let custom = "Type: CUSTOM\n      AuthorizerId: !Ref Guard";
    let authorizer = "  Guard: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Shop, Name: guard, Type: REQUEST}}\n";
    let guarded = shop("").replace("Type: NONE", custom) + authorizer;
    let way = "internet (checked by a function) → GET / → Orders";
    check("unrecoverable-table", &guarded, way);
    let half = shop("").replacen("Type: NONE", custom, 1) + authorizer;
    check("unrecoverable-table", &half, "internet → PUT / → Orders");
    let listener = |first: &str| {
        format!(
            "Resources:
  Balancer: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {{Scheme: internet-facing}}}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {{LoadBalancerArn: !Ref Balancer, Protocol: HTTPS, DefaultActions: [{first}{{Type: forward, TargetGroupArn: !Ref Group}}]}}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {{TargetType: lambda, Targets: [{{Id: !GetAtt Show.Arn}}]}}
  Show:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Code: {{ZipFile: ''}}, Role: !GetAtt Role.Arn}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}
      Policies: [{{PolicyName: a, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Orders.Arn}}]}}}}]
  Orders: {{Type: AWS::DynamoDB::Table}}
"
        )
    };
    let signed_in = listener("{Type: authenticate-oidc, Order: 1}, ");
    let way = "Balancer → ANY /* → Show → Role → Orders";
    check("api-without-waf", &signed_in, &format!("internet (signed in) → {way}"));
    check("api-without-waf", &listener(""), &format!("internet → {way}"));
}
