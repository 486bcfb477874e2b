//! Single cases of the rules on APIs.

use crate::findings_of;

/// A REST API with these properties, and a function with one event on it.
fn rest(properties: &str, event: &str) -> String {
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
}

#[test]
fn a_firewall_and_a_limit_are_asked_only_where_strangers_come_in() {
    let closed = rest(", Auth: {DefaultAuthorizer: AWS_IAM}", "Method: POST, Path: /orders");
    let open = rest("", "Method: POST, Path: /orders");
    check("api-without-waf", &closed, &[]);
    check("unthrottled-api", &closed, &[]);
    check("api-without-waf", &open, &["no firewall stands in front of the API `ShopApi`"]);
    check("unthrottled-api", &open, &["strangers may call `ShopApi` without a limit of its own"]);
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
