//! Single cases of the rules on APIs.

use crate::findings_of;

/// A REST API with these properties, and a function with one event on it.
fn rest(properties: &str, event: &str) -> String {
    rest_with("Policies: [{SQSSendMessagePolicy: {QueueName: orders}}]", properties, event)
}

/// The same, and what the function has beside code and event.
fn rest_with(own: &str, properties: &str, event: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  ShopApi:
    Type: AWS::Serverless::Api
    Properties: {{StageName: live{properties}}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: a/
      Handler: a.b
      Runtime: python3.13
      {own}
      Events:
        Order:
          Type: Api
          Properties: {{RestApiId: !Ref ShopApi, {event}}}
"
    )
}

fn check(rule: &str, template: &str, expect: &[&str]) {
    assert_eq!(findings_of(rule, template), expect, "{rule} on\n{template}");
}

#[test]
fn a_route_is_open_unless_something_asks_who_calls() {
    let open = ["anyone may call `POST /orders` and start `Orders`"];
    let post = "Method: POST, Path: /orders";
    check("unauthenticated-route", &rest("", post), &open);
    check("unauthenticated-route", &rest("", "Method: OPTIONS, Path: /orders"), &[]);
    check("unauthenticated-route", &rest(", EndpointConfiguration: {Type: PRIVATE}", post), &[]);
    let with_default = ", Auth: {DefaultAuthorizer: AWS_IAM}";
    check("unauthenticated-route", &rest(with_default, post), &[]);
    check(
        "unauthenticated-route",
        &rest(with_default, "Method: POST, Path: /orders, Auth: {Authorizer: NONE}"),
        &open,
    );
    check(
        "unauthenticated-route",
        &rest(", Auth: {ResourcePolicy: {IpRangeWhitelist: ['192.0.2.0/24']}}", post),
        &[],
    );
}

#[test]
fn a_key_alone_has_a_rule_of_its_own() {
    let keyed = rest("", "Method: POST, Path: /orders, Auth: {ApiKeyRequired: true}");
    check("unauthenticated-route", &keyed, &[]);
    check("api-key-only-auth", &keyed, &["an API key is all that `POST /orders` asks for"]);
    let beside =
        format!("{keyed}  Other: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: o}}}}\n");
    let told = ["an API key is all that `POST /orders` of `ShopApi` asks for"];
    check("api-key-only-auth", &beside, &told);
}

#[test]
fn a_key_is_no_worse_than_nothing_and_told_where_it_is_said() {
    let keyed = |own: &str| {
        let key = ",\n      Auth: {ApiKeyRequired: true}";
        rest_with(own, key, "Method: GET, Path: /orders")
    };
    let severity = |own: &str| {
        let template = keyed(own);
        let findings = crate::reported("api-key-only-auth", &template);
        let said = &template[findings[0].span.start as usize..findings[0].span.end as usize];
        assert_eq!(said, "true");
        findings[0].severity.as_str()
    };
    assert_eq!(severity("Policies: [{SQSSendMessagePolicy: {QueueName: orders}}]"), "medium");
    assert_eq!(severity("Timeout: 5"), "low");
}

#[test]
fn a_firewall_and_a_limit_are_asked_only_where_strangers_come_in() {
    let closed = rest(", Auth: {DefaultAuthorizer: AWS_IAM}", "Method: POST, Path: /orders");
    let open = rest("", "Method: POST, Path: /orders");
    check("api-without-waf", &closed, &[]);
    check("unthrottled-api", &closed, &[]);
    let limited = rest(
        ", MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 9}]",
        "Method: POST, Path: /orders",
    );
    check("api-without-waf", &open, &[]);
    check("api-without-waf", &limited, &["no firewall stands in front of the API `ShopApi`"]);
    check("unthrottled-api", &limited, &[]);
    check(
        "unthrottled-api",
        &open,
        &["strangers may call `POST /orders` of `ShopApi` without a limit of its own"],
    );
    check("unlogged-api", &open, &["the API `ShopApi` keeps no record of who called it"]);
}

#[test]
fn a_firewall_limits_only_by_a_rule_for_it() {
    let open = rest("", "Method: POST, Path: /orders");
    let told = ["strangers may call `POST /orders` of `ShopApi` without a limit of its own"];
    let stage = "!Sub 'arn:aws:apigateway:eu-west-1::/restapis/${ShopApi}/stages/live'";
    let association = |acl: &str| {
        format!(
            "  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {{ResourceArn: {stage}, WebACLArn: {acl}}}
"
        )
    };
    let firewall = |statement: &str| {
        format!(
            "  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties: {{Scope: REGIONAL, Rules: [{{Name: a, Statement: {{{statement}}}}}]}}
"
        )
    };
    let with =
        |acl: &str, statement: &str| format!("{open}{}{}", association(acl), firewall(statement));
    let (own, foreign) = ("!GetAtt Firewall.Arn", "!ImportValue Firewall");
    let rate = "RateBasedStatement: {Limit: 100, AggregateKeyType: IP}";
    let managed =
        "ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}";
    check("unthrottled-api", &with(own, rate), &[]);
    check("unthrottled-api", &with(own, managed), &told);
    check("unthrottled-api", &with(own, "RuleGroupReferenceStatement: {Arn: a}"), &[]);
    check("unthrottled-api", &with(foreign, managed), &[]);
    let distribution = "  Shop:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        WebACLId: !GetAtt Firewall.Arn
        Origins: [{Id: a, DomainName: !Sub '${ShopApi}.execute-api.eu-west-1.amazonaws.com'}]
";
    let before = |statement: &str| format!("{open}{}{distribution}", firewall(statement));
    check("unthrottled-api", &before(rate), &[]);
    check("unthrottled-api", &before(managed), &told);
}

#[test]
fn a_function_without_rights_is_not_worth_a_firewall_or_a_record() {
    let idle = rest_with("Timeout: 5", "", "Method: POST, Path: /orders");
    let reading = rest("", "Method: GET, Path: /orders");
    for rule in ["api-without-waf", "unthrottled-api", "unlogged-api"] {
        check(rule, &idle, &[]);
        check(rule, &reading, &[]);
    }
}

#[test]
fn what_leads_only_to_functions_without_rights_is_not_worth_a_firewall_or_a_record() {
    let (rights, none) = ("Policies: [{SQSSendMessagePolicy: {QueueName: orders}}]", "Timeout: 5");
    let balancer = |own: &str, kind: &str| {
        let own = rest_with(own, "", "Method: GET, Path: /orders");
        format!(
            "{own}  Balancer: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {{LoadBalancerArn: !Ref Balancer, Protocol: HTTP, DefaultActions: [{{Type: forward, TargetGroupArn: !Ref Group}}]}}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties: {{ListenerArn: !Ref Listener, Actions: [{{Type: forward, TargetGroupArn: !Ref Other}}]}}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {{TargetType: lambda, Targets: [{{Id: !GetAtt Orders.Arn}}]}}
  Other:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {{TargetType: {kind}}}
"
        )
    };
    let distribution = |own: &str, more: &str| {
        let own = rest_with(own, "", "Method: POST, Path: /orders");
        format!(
            "{own}  Shop:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins:
          - {{Id: a, DomainName: !Sub '${{ShopApi}}.execute-api.eu-west-1.amazonaws.com'}}
          {more}
"
        )
    };
    let check = |template: &str, expect: usize| {
        for rule in ["api-without-waf", "unlogged-api"] {
            let told = findings_of(rule, template);
            let doors = ["the load balancer `Balancer`", "the distribution `Shop`"];
            let of_doors = told.iter().filter(|told| doors.iter().any(|door| told.contains(door)));
            assert_eq!(of_doors.count(), expect, "{rule}: {told:?} on\n{template}");
        }
    };
    check(&balancer(none, "lambda"), 0);
    check(&balancer(rights, "lambda"), 1);
    check(&balancer(none, "ip"), 1);
    check(&distribution(none, ""), 0);
    check(&distribution(rights, ""), 1);
    check(&distribution(none, "- {Id: b, DomainName: shop.example.com}"), 1);
}

#[test]
fn a_distribution_before_a_url_is_worth_what_its_function_may_do() {
    let function = "Type: AWS::Serverless::Function, Properties: {CodeUri: a/, Handler: a.b, Runtime: python3.13";
    let policy = ", Policies: [{SQSSendMessagePolicy: {QueueName: orders}}]";
    let shop = "Shop: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Origins: [{Id: a, DomainName: !Select [2, !Split ['/', !GetAtt OrdersUrl.FunctionUrl]]}]}}}";
    let sam = |own: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders: {{{function}, FunctionUrlConfig: {{AuthType: NONE}}{own}}}}}\n  {shop}\n"
        )
    };
    let cloudformation = |own: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders: {{{function}{own}}}}}\n  OrdersUrl: {{Type: AWS::Lambda::Url, Properties: {{AuthType: NONE, TargetFunctionArn: !Ref Orders}}}}\n  {shop}\n"
        )
    };
    let terraform = |own: &str| {
        format!(
            "resource \"aws_lambda_function\" \"orders\" {{\n  function_name = \"orders\"\n  runtime = \"python3.13\"\n  handler = \"a.b\"\n  role = aws_iam_role.orders.arn\n}}
resource \"aws_iam_role\" \"orders\" {{\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = {{ Service = \"lambda.amazonaws.com\" }} }}] }})\n}}\n{own}
resource \"aws_lambda_function_url\" \"orders\" {{\n  function_name = aws_lambda_function.orders.function_name\n  authorization_type = \"NONE\"\n}}
resource \"aws_cloudfront_distribution\" \"shop\" {{\n  origin {{\n    origin_id = \"a\"\n    domain_name = \"${{aws_lambda_function_url.orders.url_id}}.lambda-url.eu-west-1.on.aws\"\n  }}\n}}\n"
        )
    };
    let attached = "resource \"aws_iam_role_policy_attachment\" \"orders\" {\n  role = aws_iam_role.orders.name\n  policy_arn = \"arn:aws:iam::aws:policy/AmazonSQSFullAccess\"\n}";
    for rule in ["api-without-waf", "unlogged-api"] {
        for (idle, works) in [
            (sam(""), sam(policy)),
            (cloudformation(""), cloudformation(policy)),
            (terraform(""), terraform(attached)),
        ] {
            check(rule, &idle, &[]);
            let told = findings_of(rule, &works);
            assert_eq!(told.len(), 1, "{rule}: {told:?} on\n{works}");
        }
    }
}

/// A REST API whose one method is answered by this integration.
fn integrated(method: &str, integration: &str) -> String {
    format!(
        "Resources:
  ShopApi: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
  Order:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref ShopApi
      ResourceId: !GetAtt ShopApi.RootResourceId
      HttpMethod: {method}
      AuthorizationType: NONE
      Integration: {integration}
  Jobs: {{Type: AWS::SQS::Queue}}
"
    )
}

#[test]
fn what_answers_a_route_decides_what_is_said_of_it() {
    let queue =
        "{Type: AWS, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/1/${Jobs.QueueName}'}";
    check("unauthenticated-route", &integrated("POST", queue), &["anyone may call `POST /`"]);
    check("unauthenticated-route", &integrated("POST", "{Type: MOCK}"), &[]);
    check(
        "unvalidated-requests",
        &integrated("POST", queue),
        &["`ShopApi` checks nothing of what strangers send to `POST /`"],
    );
    let advises_default = |integration: &str| {
        let template = integrated("POST", integration);
        let findings = crate::reported("unvalidated-requests", &template);
        let fix = findings[0].fix.as_ref().expect("it has advice");
        fix.summary.contains("`$default`")
    };
    let with = |more: &str| queue.replace("{Type: AWS,", &format!("{{Type: AWS, {more},"));
    assert!(advises_default(queue));
    assert!(advises_default(&with("PassthroughBehavior: WHEN_NO_MATCH")));
    assert!(!advises_default(&with("PassthroughBehavior: NEVER")));
    check(
        "unvalidated-requests",
        &integrated("POST", "{Type: HTTP_PROXY, Uri: 'https://shop.example'}"),
        &[],
    );
    check("unvalidated-requests", &rest("", "Method: POST, Path: /orders"), &[]);
}

#[test]
fn a_server_behind_a_route_is_worth_a_limit_and_a_record() {
    let stage = "  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref ShopApi, StageName: live}}\n";
    let template = |integration: &str| format!("{}{stage}", integrated("POST", integration));
    let server = template("{Type: HTTP_PROXY, Uri: 'https://shop.example'}");
    check("unlogged-api", &server, &["the API `ShopApi` keeps no record of who called it"]);
    check(
        "unthrottled-api",
        &server,
        &["strangers may call `POST /` of `ShopApi` without a limit of its own"],
    );
    let span = crate::reported("unthrottled-api", &server)[0].span;
    assert_eq!(&server[span.start as usize..span.end as usize], "Live", "told at the stage");
    for rule in ["unlogged-api", "unthrottled-api"] {
        check(rule, &template("{Type: MOCK}"), &[]);
    }
}

#[test]
fn headers_of_an_answer_are_no_better_than_those_of_a_preflight() {
    let mock = |origin: &str| {
        integrated(
            "GET",
            &format!(
                "{{Type: HTTP, Uri: 'https://shop.example', IntegrationResponses: [{{StatusCode: 200, ResponseParameters: {{method.response.header.Access-Control-Allow-Origin: \"'{origin}'\"}}}}]}}"
            ),
        )
    };
    let any = ["any web page may call `ShopApi` from the user's browser"];
    check("any-origin-cors", &mock("*"), &any);
    check("any-origin-cors", &mock("https://shop.example"), &[]);
}

#[test]
fn a_web_socket_that_connects_everyone_is_reported_once() {
    let route = |name: &str, key: &str, auth: &str| {
        format!(
            "  {name}:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Chat, RouteKey: {key}, AuthorizationType: {auth}}}
"
        )
    };
    let api = "Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
";
    let other = format!("{api}{}{}", route("All", "$default", "NONE"), route("Say", "say", "NONE"));
    check("unauthenticated-route", &other, &["anyone may call `$default`"]);
    let signed = format!("{other}{}", route("Connect", "$connect", "AWS_IAM"));
    check("unauthenticated-route", &signed, &[]);
}

#[test]
fn an_open_route_weighs_as_much_as_what_it_leads_to() {
    let severity = |own: &str, event: &str| {
        let findings = crate::reported("unauthenticated-route", &rest_with(own, "", event));
        findings.first().map(|finding| finding.severity.as_str())
    };
    let (rights, none) = ("Policies: [{SQSSendMessagePolicy: {QueueName: orders}}]", "Timeout: 5");
    assert_eq!(severity(rights, "Method: POST, Path: /orders"), Some("high"));
    assert_eq!(severity(rights, "Method: GET, Path: /orders"), Some("medium"));
    assert_eq!(severity(none, "Method: POST, Path: /orders"), Some("medium"));
    assert_eq!(severity(none, "Method: GET, Path: /orders"), Some("low"));
    assert_eq!(severity(rights, "Method: POST, Path: /authors"), Some("high"));
    assert_eq!(severity(rights, "Method: POST, Path: /sign-in"), Some("low"));
    assert_eq!(severity(rights, "Method: POST, Path: /githubWebhook"), Some("medium"));
    assert_eq!(severity(none, "Method: POST, Path: /githubWebhook"), Some("low"));
    assert_eq!(severity(rights, "Method: GET, Path: /health"), Some("low"));
}

#[test]
fn an_open_connection_weighs_as_much_as_any_message_on_it() {
    let severity = |integration: &str| {
        let template = format!(
            "Resources:
  Chat: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: chat, ProtocolType: WEBSOCKET}}}}
  Connect: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref Chat, RouteKey: $connect}}}}
  Say:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Chat, RouteKey: say, Target: !Sub 'integrations/${{News}}'}}
  News:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Chat, {integration}}}
"
        );
        crate::reported("unauthenticated-route", &template)[0].severity.as_str()
    };
    let publish =
        "IntegrationType: AWS, IntegrationUri: 'arn:aws:apigateway:eu-west-1:sns:action/Publish'";
    assert_eq!(severity(publish), "medium");
    assert_eq!(severity("IntegrationType: MOCK"), "low");
}

#[test]
fn an_authorizer_for_all_routes_is_advised_where_there_is_a_place_for_it() {
    let fix = |template: &str| {
        let findings = crate::reported("unauthenticated-route", template);
        findings[0].fix.as_ref().expect("it has advice").summary.clone()
    };
    let sam = rest("", "Method: POST, Path: /orders");
    let of_all =
        |place: &str| format!("give the route an authorizer, or `{place}` one for all its routes");
    assert_eq!(fix(&sam), of_all("ShopApi"));
    let implicit = sam.replace("RestApiId: !Ref ShopApi, ", "");
    assert_eq!(fix(&implicit), of_all("Globals.Api.Auth"));
    let queue = "{Type: AWS, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/1/orders'}";
    assert_eq!(fix(&integrated("POST", queue)), "give the route an authorizer");
    let service = "service: s\nprovider: {name: aws}\nfunctions: {f: {handler: h, events: [{httpApi: POST /orders}]}}\n";
    assert_eq!(fix(service), "give the route an authorizer");
    let hook = rest("", "Method: POST, Path: /webhook");
    let signed = "check the sender's signature in the handler, and allow it with a reason";
    assert_eq!(fix(&hook), signed);
}

#[test]
fn an_origin_names_its_condition() {
    let template = rest(
        ", Cors: !If [IsLive, \"'https://shop.example'\", \"'*'\"]",
        "Method: GET, Path: /orders",
    );
    let template = format!("{template}Conditions: {{IsLive: !Equals [!Ref AWS::Region, a]}}\n");
    let findings = crate::reported("any-origin-cors", &template);
    let conditions: Vec<_> = findings.iter().map(|finding| finding.conditions.clone()).collect();
    assert_eq!(conditions, [["`IsLive` is false"]]);
}

#[test]
fn any_origin_is_worse_with_credentials() {
    let cors = |origin: &str| {
        rest(&format!(", Cors: {{AllowOrigin: \"'{origin}'\"}}"), "Method: GET, Path: /orders")
    };
    check(
        "any-origin-cors",
        &cors("*"),
        &["any web page may call `ShopApi` from the user's browser"],
    );
    check("any-origin-cors", &cors("https://shop.example"), &[]);
}

#[test]
fn a_route_of_a_load_balancer_is_judged_like_others() {
    let balancer = |scheme: &str, actions: &str| {
        format!(
            "Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Role: !GetAtt R.Arn, Code: {{ZipFile: x}}}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t'}}]}}}}]
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {{Scheme: {scheme}, Subnets: [subnet-1]}}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {{TargetType: lambda, Targets: [{{Id: !GetAtt F.Arn}}]}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{actions}{{Type: forward, TargetGroupArn: !Ref Group}}]
"
        )
    };
    let rule = "unauthenticated-route";
    let found = crate::reported(rule, &balancer("internet-facing", ""));
    assert_eq!(found[0].message, "anyone may call `ANY /*` and start `F`");
    assert_eq!(found[0].severity, finding::Severity::High);
    let advice = |template: &str| {
        let mut found = crate::reported(rule, template);
        found.remove(0).fix.map(|fix| fix.summary).unwrap_or_default()
    };
    let secure = balancer("internet-facing", "");
    assert!(advice(&secure).starts_with("let an action of the listener"));
    assert!(advice(&secure.replace("HTTPS", "HTTP")).starts_with("add an HTTPS listener"));
    check(rule, &balancer("internal", ""), &[]);
    let sign_in = "{Type: authenticate-oidc, AuthenticateOidcConfig: {Issuer: 'https://a.example', ClientId: c}}, ";
    check(rule, &balancer("internet-facing", sign_in), &[]);
}

#[test]
fn a_gateway_of_agents_is_a_door_too() {
    let gateway = |kind: &str| {
        format!(
            "Resources:
  Tool:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Role: 'arn:aws:iam::111122223333:role/r', Code: {{ZipFile: x}}}}
  Door:
    Type: AWS::BedrockAgentCore::Gateway
    Properties: {{Name: g, AuthorizerType: {kind}, ProtocolType: MCP, RoleArn: 'arn:aws:iam::111122223333:role/g'}}
  Target:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      GatewayIdentifier: !GetAtt Door.GatewayIdentifier
      Name: t
      TargetConfiguration: {{Mcp: {{Lambda: {{LambdaArn: !GetAtt Tool.Arn}}}}}}
"
        )
    };
    let rule = "unauthenticated-route";
    check(rule, &gateway("NONE"), &["anyone may call `POST /mcp` and start `Tool`"]);
    check(rule, &gateway("AWS_IAM"), &[]);
}
