use std::fmt::Write;

use app_graph::{ResourceKind, Route};
use text::{Setting, Settled};

use crate::sample::{lowered, resource};

/// Every route as `id: METHOD path auth → target`, and what `expect` should hold.
fn check(template: &str, expect: &str) {
    let graph = lowered(template);
    let mut lines = String::new();
    for trigger in &graph.triggers {
        let target = trigger.function.as_ref().or(trigger.other_target.as_ref());
        let target = target.map_or("nothing", |id| id.as_str());
        let route = trigger.route.as_ref().map_or_else(String::new, shown);
        writeln!(lines, "{}: {route}→ {target}", trigger.entity.id).expect("a string takes it");
    }
    let expect: Vec<_> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut lines: Vec<_> = lines.lines().collect();
    lines.sort_unstable();
    let mut sorted = expect.clone();
    sorted.sort_unstable();
    assert_eq!(lines, sorted);
}

fn shown(route: &Route) -> String {
    let key = if route.api_key.any(|on| *on) { "with key " } else { "" };
    let checked = if route.validation.any(|on| *on) { "checked " } else { "" };
    format!("{} {} {} {key}{checked}", route.method, route.path, words(&route.auth))
}

fn words<T: std::fmt::Debug>(setting: &Setting<T>) -> String {
    let cases = setting.cases().into_iter().map(|case| match case.value {
        Settled::Unset => "unset".to_owned(),
        Settled::Unknown(_) => "unknown".to_owned(),
        Settled::Known(said) => format!("{:?}", said.value),
    });
    cases.collect::<Vec<_>>().join("|")
}

const FUNCTIONS: &str = "
  Orders: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, Name: live}}
  Guard: {Type: AWS::Lambda::Function, Properties: {}}
  Jobs: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: items}}
";

const REST: &str = "
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Items:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items}
  Item:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Items, PathPart: '{id}'}
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: TOKEN
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Guard.Arn}/invocations
  Validator:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Item
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Authorizer
      RequestValidatorId: !Ref Validator
      Integration:
        Type: AWS_PROXY
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      ApiKeyRequired: true
      Integration:
        Type: AWS
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Jobs.QueueName}
  Literal:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: any
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS_PROXY
        Uri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:orders/invocations
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: PUT
      Integration:
        Type: AWS
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem
        RequestTemplates: {application/json: '{\"TableName\": \"items\"}'}
  Preflight:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: \"'*'\"
              method.response.header.Access-Control-Allow-Credentials: \"'true'\"
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: live
      TracingEnabled: true
      CacheClusterEnabled: true
      MethodSettings:
        - {HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100.5, CacheDataEncrypted: false}
  Firewall:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live
      WebACLArn: arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1
";

#[test]
fn rest_methods_become_routes() {
    check(
        &format!("Resources:{FUNCTIONS}{REST}"),
        "Authorizer: → Guard
        Get: GET /items/{id} Function(Some(EntityId(\"Guard\"))) checked → Orders
        Post: POST / Anyone with key → Jobs
        Literal: ANY /items Iam → Orders
        Put: PUT /items Anyone → Table",
    );
}

#[test]
fn a_rest_api_has_the_settings_of_its_stage() {
    let graph = lowered(&format!("Resources:{FUNCTIONS}{REST}"));
    let ResourceKind::Api(api) = resource(&graph, "Api") else { panic!("an API") };
    assert!(api.stage.is_some());
    assert_eq!(words(&api.tracing), "true");
    assert_eq!(words(&api.throttle_rate), "101");
    assert_eq!(words(&api.cache), "true");
    assert_eq!(words(&api.cache_encrypted), "false");
    assert_eq!(words(&api.access_logs), "false");
    assert_eq!(words(&api.validation), "true");
    assert!(api.web_acl.any(|_| true));
    let cors = api.cors.as_ref().expect("preflight answers");
    assert_eq!(cors.origins.len(), 1);
    assert_eq!(cors.origins[0].said.value.literal(), Some("*"));
    assert_eq!(words(&cors.credentials), "true");
}

#[test]
fn definitions_become_routes() {
    check(
        &format!(
            "Resources:{FUNCTIONS}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        security: [{{signed: []}}]
        securityDefinitions:
          signed: {{type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}
          guard:
            type: apiKey
            name: Authorization
            in: header
            x-amazon-apigateway-authorizer: {{type: token, authorizerUri: !GetAtt Guard.Arn}}
          pool:
            type: apiKey
            x-amazon-apigateway-authorizer: {{type: cognito_user_pools, providerARNs: []}}
          api_key: {{type: apiKey, name: x-api-key, in: header}}
          plain: {{type: oauth2}}
        x-amazon-apigateway-request-validators: {{all: {{validateRequestBody: true}}}}
        paths:
          /open:
            get: {{x-amazon-apigateway-integration: {{uri: !GetAtt Orders.Arn}}}}
            options: {{x-amazon-apigateway-integration: {{type: mock}}}}
            put: {{security: [], x-amazon-apigateway-integration: {{uri: !GetAtt Orders.Arn}}}}
          /signed:
            post: {{security: [{{signed: []}}], x-amazon-apigateway-request-validator: all}}
          /guarded:
            x-amazon-apigateway-any-method: {{security: [{{guard: []}}]}}
          /pool:
            get: {{security: [{{pool: [read]}}, {{api_key: []}}]}}
          /key:
            get: {{security: [{{api_key: []}}]}}
          /plain:
            get: {{security: [{{plain: []}}]}}
"
        ),
        "Api/GET /open: GET /open Anyone → Orders
        Api/PUT /open: PUT /open Anyone → Orders
        Api/POST /signed: POST /signed Iam checked → nothing
        Api/ANY /guarded: ANY /guarded Function(Some(EntityId(\"Guard\"))) → nothing
        Api/GET /pool: GET /pool Token with key → nothing
        Api/GET /key: GET /key Anyone with key → nothing
        Api/GET /plain: GET /plain unknown → nothing
        Api/authorizer guard: → Guard",
    );
}

#[test]
fn http_and_websocket_routes_are_read() {
    check(
        &format!(
            "Resources:{FUNCTIONS}
  Http: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
  Quick: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, Target: !GetAtt Orders.Arn}}}}
  Socket: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: WEBSOCKET}}}}
  ToOrders: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Http, IntegrationUri: !Ref Live}}}}
  ToJobs:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Http, IntegrationSubtype: SQS-SendMessage, RequestParameters: {{QueueUrl: !Ref Jobs}}}}
  Tokens: {{Type: AWS::ApiGatewayV2::Authorizer, Properties: {{ApiId: !Ref Http, AuthorizerType: JWT}}}}
  Read:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Http, RouteKey: GET /orders, Target: !Sub 'integrations/${{ToOrders}}', AuthorizationType: JWT, AuthorizerId: !Ref Tokens}}
  Rest:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Http, RouteKey: $default, Target: !Join ['/', [integrations, !Ref ToJobs]]}}
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Socket, RouteKey: $connect, AuthorizationType: AWS_IAM}}
  Message:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Socket, RouteKey: send, AuthorizationType: NONE}}
"
        ),
        "Quick/$default: ANY $default Anyone → Orders
        Read: GET /orders Token → Orders
        Rest: ANY $default Anyone → Jobs
        Connect:  $connect Iam → nothing
        Message:  send Iam → nothing",
    );
}

#[test]
fn data_sources_of_a_graphql_api_are_triggers() {
    let template = format!(
        "Resources:{FUNCTIONS}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {{Name: shop, AuthenticationType: API_KEY}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {{ApiId: !GetAtt Graph.ApiId, Name: orders, Type: AWS_LAMBDA, LambdaConfig: {{LambdaFunctionArn: !GetAtt Orders.Arn}}}}
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties: {{ApiId: !GetAtt Graph.ApiId, TypeName: Query, FieldName: order, DataSourceName: !GetAtt Source.Name}}
"
    );
    check(&template, "Source:  Query.order ApiKey → Orders");
    let said = lowered(&template).triggers[0].entity.said;
    assert_eq!(&template[said.start as usize..said.end as usize], "Resolver");
}

#[test]
fn domains_know_their_apis_and_stages_their_differences() {
    let graph = lowered(
        "Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['*']}}}
  Live: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: live, AccessLogSettings: {DestinationArn: arn}}}
  Test: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: test}}
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: {DomainName: shop.example.com, DomainNameConfigurations: [{SecurityPolicy: TLS_1_2}]}
  Mapping: {Type: AWS::ApiGatewayV2::ApiMapping, Properties: {ApiId: !Ref Api, DomainName: shop.example.com, Stage: live}}
",
    );
    let ResourceKind::Domain(domain) = resource(&graph, "Domain") else { panic!("a domain") };
    assert_eq!(domain.apis.len(), 1);
    assert_eq!(words(&domain.tls_policy), "\"TLS_1_2\"");
    let ResourceKind::Api(api) = resource(&graph, "Api") else { panic!("an API") };
    assert_eq!(words(&api.access_logs), "true|false");
    let test = graph.resources.iter().find(|resource| resource.entity.id.as_str() == "Test");
    let off = api.access_logs.known_values().find(|said| !said.value).map(|said| said.span);
    assert_eq!(off, test.map(|stage| stage.entity.said), "told at the stage without logs");
    assert!(api.cors.is_some());
}

#[test]
fn a_usage_plan_limits_where_every_route_asks_for_a_key() {
    for (key, other, rate) in [("true", "true", true), ("true", "false", false)] {
        let method = |name: &str, key: &str| {
            format!(
                "  {name}: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref Api, HttpMethod: {name}, ApiKeyRequired: {key}, ResourceId: !GetAtt Api.RootResourceId}}}}\n"
            )
        };
        let graph = lowered(&format!(
            "Resources:\n  Api: {{Type: AWS::ApiGateway::RestApi}}\n  Plan: {{Type: AWS::ApiGateway::UsagePlan, Properties: {{ApiStages: [{{ApiId: !Ref Api, Stage: live}}], Throttle: {{RateLimit: 5}}}}}}\n{}{}",
            method("GET", key),
            method("POST", other)
        ));
        let ResourceKind::Api(api) = resource(&graph, "Api") else { panic!("no API") };
        assert_eq!(!api.throttle_rate.is_unset(), rate, "{key} {other}");
    }
}
