use insta::assert_snapshot;

use crate::sample::fixed;

const SERVICE: &str = "\
service: shop
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        # everything
        - Effect: Allow
          Action: dynamodb:*
          Resource: '*'
functions:
  read:
    handler: app.read # reads
  write-all:
    handler: app.write
    events:
      - httpApi: '*'
";

const RESOURCES: &str = "
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table # orders
";

const READ: (&str, &[(&str, &str)]) = (
    "ReadLambdaFunction",
    &[("dynamodb:GetItem dynamodb:Query", "{Orders.Arn} {Orders.Arn}/index/*")],
);
const WRITE: (&str, &[(&str, &str)]) =
    ("WriteDashallLambdaFunction", &[("dynamodb:PutItem", "{Orders.Arn}")]);

#[test]
fn functions_that_share_the_providers_role_get_roles_among_the_resources() {
    let service = format!("{SERVICE}{RESOURCES}");
    assert_snapshot!(fixed(&[("serverless.yml", &service)], &[READ, WRITE]));
}

#[test]
fn the_plugin_makes_roles_of_statements() {
    let service = format!("{SERVICE}{RESOURCES}plugins:\n  - serverless-iam-roles-per-function\n");
    assert_snapshot!(fixed(&[("serverless.yml", &service)], &[READ, WRITE]));
}

#[test]
fn a_lone_function_has_the_providers_statements() {
    let service = SERVICE.split("  write-all").next().expect("a function comes first");
    let service = format!("{service}{RESOURCES}");
    assert_snapshot!(fixed(&[("serverless.yml", &service)], &[READ]));
}

#[test]
fn a_user_pool_of_the_functions_event_is_a_pattern() {
    let service = "\
service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 'cognito-idp:*', Resource: '*'}
functions:
  read:
    handler: a.b
    events:
      - cognitoUserPool: {pool: Users, trigger: PostConfirmation}
";
    let grants: &[(&str, &str)] = &[("cognito-idp:AdminGetUser", "{CognitoUserPoolUsers.Arn}")];
    assert_snapshot!(fixed(&[("serverless.yml", service)], &[("ReadLambdaFunction", grants)]));
}
